"""The command line: parse, call, print; heavy libraries are imported inside the commands."""

import atexit
import errno
import os
import signal
import sys
import warnings
from contextlib import suppress
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from analysis.errors import DataError, DomesError, ParameterError, RefusedRunError, RunError, printable
from analysis.recognition.facts.choices import PANEL_FORMATS
from analysis.reporting import skip_slow_import
from analysis.reporting.kernel.surroundings import DAY_VARIABLE, is_day
from analysis.reporting.run.files import require_place
from analysis.signals import end_once, heard_signals, interrupt_once

DONE, FAILED, WRONG_USE = 0, 1, 2
UNWRITTEN = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO)
"""What a system says where the disk on which printed lines go takes no more."""
OTHERS = 0o077
"""The rights that a user's umask may take: without those of the owner, we could not read what we write ourselves."""
MOST_UNREAD = 10
"""Files beside the tables that are named; a folder of other things has very many."""
REPORTS = Path("reports")
PLACES = ("-o", "-f", "--data", "--case")
"""Options that name a folder or a file."""

app = typer.Typer(
    name="domes",
    help="Notebooks on layered air defence and diplomatic recognition, as pages.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
)


def main() -> None:
    """Run ``domes`` and end, also where ``PYTHONINSPECT`` would have Python show how and go on."""
    try:
        _run()
    except SystemExit as end:
        if not sys.flags.inspect:
            raise
        _leave(end.code)


def _leave(code: object) -> NoReturn:
    """End as Python does, but for the prompt."""
    atexit._run_exitfuncs()
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else FAILED if code else DONE)


def _run() -> None:
    """Run ``domes``; a mistake of the user ends in a clear line on stderr, without a traceback."""
    _have_streams()
    os.umask(os.umask(0) & OTHERS)
    skip_slow_import()
    _end_on_signals()
    warnings.formatwarning = lambda message, *_, **__: f"{printable(message)}\n"  # no place in our code, no line of it
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal need not know every letter
    _have_home()
    _have_day()
    try:
        _require_place()
        _require_named(sys.argv[1:])
        try:
            app()
        finally:
            end_once()
            _flush()
    except DomesError as error:
        print(error, file=sys.stderr)
        broke = isinstance(error, RunError) and not isinstance(error, RefusedRunError)
        sys.exit(FAILED if broke else WRONG_USE)
    except OSError as error:
        _end_without(error)


def _have_streams() -> None:
    """Open what the caller closed (``>&-``) on nothing, lest a socket of a kernel takes the number of an output."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free, which is this one


def _have_day() -> None:
    """Leave out a day that is none: libraries fail where they are imported with it."""
    day = os.environ.get(DAY_VARIABLE)
    if day is not None and not is_day(day):
        del os.environ[DAY_VARIABLE]
        if day:
            told = f"{DAY_VARIABLE} = {day!r} is no number of seconds since 1970: pages bear the day of the commit."
            print(printable(told), file=sys.stderr)


def _have_home() -> None:
    """Let the root stand for the home of a user who has none, as in a container: Jupyter cannot do without."""
    if os.path.expanduser("~") == "~":  # noqa: PTH111 - the method raises where there is none
        os.environ["HOME"] = os.sep


def _flush() -> None:
    """Write what was printed while it can still be said that it cannot be written."""
    if sys.stdout is not None:
        sys.stdout.flush()


def _end_without(error: OSError) -> NoReturn:
    """Say which file or folder the system refused, or that the output was; what is neither is a fault of ours."""
    if error.filename is not None:
        told = f"{error.filename}: cannot be used ({error.strerror}); name another, or see to its rights and its disk."
        print(printable(told), file=sys.stderr)
    elif error.errno in UNWRITTEN:
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a device; what is left to print would fail once more
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        print(f"the output cannot be written ({error.strerror}); send it to another place.", file=sys.stderr)
    else:
        raise error
    sys.exit(FAILED)


def _end_on_signals() -> None:
    """Let what ends processes end this one in order: kernels and folders of temporary files go with it."""
    interrupt_once()
    for number in heard_signals():
        signal.signal(number, _end)


def _end(number: int, _: FrameType | None) -> None:
    end_once()
    raise SystemExit(128 + number)


def _require_place() -> None:
    """Refuse to start in a folder that was removed: libraries that ask where they are would fail."""
    try:
        Path.cwd()
    except OSError as error:
        raise ParameterError(f"the folder in which you are cannot be read ({error.strerror}); cd to another.") from None


def _require_named(arguments: list[str]) -> None:
    """Refuse an option for a folder or file that is empty, as ``-o "$OUT"`` is unset: it would be where one stands."""
    given = arguments[: arguments.index("--")] if "--" in arguments else arguments
    spelled = [*pairwise(given), *(tuple(word.split("=", 1)) for word in given if "=" in word)]
    for option, value in spelled:
        if option in PLACES and not value:
            raise ParameterError(f"{option} '' is empty; name a folder or file, or leave {option} out.")


@app.command(name="list")
def list_() -> None:
    """Show each notebook: its question, and its parameters with type, meaning, allowed values and default."""
    from analysis.parameters import allowed_of, kind_of
    from analysis.reporting.run.catalogue import NOTEBOOKS, list_notebooks

    notebooks = list_notebooks()
    if not notebooks:
        raise DataError(f"{NOTEBOOKS}: there are no notebooks; install Domes & Ties anew, or restore them from git.")
    for notebook in notebooks:
        print(f"{notebook.name}\n  {notebook.question}")
        for name, field in notebook.model.model_fields.items():
            default = notebook.defaults.get(name, "(missing in the notebook)")
            shown = ",".join(default) if isinstance(default, list) else default
            print(f"    {name} ({kind_of(field)}): {field.description or ''}")
            print(f"      default {shown}" + (f"; {allowed_of(field)}" if allowed_of(field) else ""))
        print()


@app.command()
def report(
    notebook: Annotated[
        str | None, typer.Argument(help="Path or name, for example recognition/01-recognition-map.")
    ] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("-p", metavar="NAME=VALUE", help="A parameter; once for each name.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("-f", metavar="FILE", help="YAML file of name: value; -p wins over it.")
    ] = None,
    output: Annotated[Path, typer.Option("-o", metavar="DIR", help="Where the pages go.")] = REPORTS,
    every: Annotated[bool, typer.Option("--all", help="Every notebook with its defaults.")] = False,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="Folder of tables to use in place of our own.")
    ] = None,
    case: Annotated[
        Path | None, typer.Option("--case", metavar="FILE", help="Case of your own, which lies over the tables.")
    ] = None,
) -> None:
    """Run one notebook, or all of them, and write pages that need no network, and scripts only to move charts."""
    _read_from(data)
    require_place(output)
    if every == (notebook is not None):
        raise ParameterError("Give either a notebook or --all; `domes list` shows the notebooks.")
    if notebook is None:
        if parameter or file or case:
            raise ParameterError("--all runs with the defaults; give a notebook together with -p, -f or --case.")
        _report_all(output)
    else:
        _report_one(notebook, parameter or [], file, output, case)


def _read_from(folder: Path | None) -> None:
    """Read tables from another folder, where one is given or stands in the variable; refused before a kernel starts."""
    from analysis.case_in_use import FOLDER_VARIABLE

    named = folder or os.environ.get(FOLDER_VARIABLE)
    if named:
        from analysis.tables import use_folder

        use_folder(Path(named))


def _report_one(wanted: str, pairs: list[str], file: Path | None, output: Path, case_file: Path | None) -> None:
    from analysis.case_in_use import use
    from analysis.reporting.kernel.warm import start_server_early
    from analysis.reporting.run.catalogue import find_notebook
    from analysis.reporting.run.given import add_rule, name_file, read_parameters

    notebook = find_notebook(wanted)
    given, case = read_parameters(pairs, file), None
    if case_file:
        from analysis.own_case.file import read_case

        case = read_case(case_file)
        given = add_rule(given, notebook, case)
    with use(case.in_use if case else None):
        try:
            notebook.check(given)  # before anything heavy is imported
        except ParameterError as error:
            raise name_file(error, file, pairs) from None
    start_server_early()
    from analysis.reporting.batch.report import report_one

    if not sys.stderr.isatty():
        print(f"Running {notebook.name} ...", file=sys.stderr, flush=True)
    page = report_one(notebook, given, output, progress=True, case=case)
    print(printable(page))


def _report_all(output: Path) -> None:
    from analysis.reporting.batch.report import report_all

    if not report_all(output):
        raise typer.Exit(FAILED)


@app.command()
def batch(
    runs: Annotated[Path, typer.Argument(metavar="RUNS", help="CSV with a row a run, or YAML with a design.")],
    jobs: Annotated[int | None, typer.Option(min=1, help="Runs at a time; by default one for each core.")] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", envvar="DASK_SCHEDULER_ADDRESS", help="Run on dask's workers: tcp://HOST:8786."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Run only what is missing, changed or failed in the folder.")
    ] = False,
    output: Annotated[Path, typer.Option("-o", metavar="DIR", help="Where the pages go.")] = REPORTS,
    name: Annotated[
        str | None,
        typer.Option(metavar="TEMPLATE", help="Name of a page: {notebook}, {values}, {hash}, {a_parameter}."),
    ] = None,
    cell_timeout: Annotated[
        float | None, typer.Option(min=0.001, metavar="S", help="Seconds that a cell may take.")
    ] = None,
    run_timeout: Annotated[
        float | None, typer.Option(min=0.001, metavar="S", help="Seconds that a run may take.")
    ] = None,
    memory: Annotated[int | None, typer.Option(min=1, metavar="MB", help="Memory that a kernel may hold.")] = None,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="Folder of tables to use in place of our own.")
    ] = None,
) -> None:
    """Run a notebook many times: all runs are checked first, and what is finished is not run again."""
    _read_from(data)
    require_place(output)
    from analysis.reporting.batch.plan import read_plan

    plan = read_plan(runs, name)  # before anything heavy is imported
    if not scheduler:
        from analysis.reporting.kernel.warm import start_server_early

        start_server_early()
    from analysis.reporting.batch.batch import choose_executor, run_batch
    from analysis.reporting.run.run import Limits

    executor = choose_executor(jobs, scheduler)
    if not run_batch(plan, output, executor, Limits(cell_timeout, run_timeout, memory), resume):
        raise typer.Exit(FAILED)


@app.command()
def panel(
    output: Annotated[
        Path, typer.Option("-o", metavar="DIR", help="New, empty, or with an earlier panel, which is replaced.")
    ] = Path("panel"),
    unit: Annotated[str, typer.Option(help="A row is a dyad-year or a country-year (wide).")] = "dyad-year",
    entities: Annotated[
        str, typer.Option(metavar="CODES", help="Such as TWN,CHN; by default all that are on record for every state.")
    ] = "",
    years: Annotated[str, typer.Option(metavar="FIRST-LAST", help="By default 1949 to the last year seen whole.")] = "",
    rule: Annotated[str, typer.Option(help="Which acts count: net, gross or undisputed.")] = "net",
    part_year: Annotated[
        str, typer.Option(help="december 31, july 1, any day, most days or every day: when a part counts for its year.")
    ] = "december 31",
    implied: Annotated[
        str, typer.Option(help="include or exclude relations that follow from recognition alone.")
    ] = "include",
    minimum_confidence: Annotated[str, typer.Option(help="low, medium or high: least sure beginning.")] = "low",
    format: Annotated[str, typer.Option(help=f"One of {', '.join(PANEL_FORMATS)}; dta is Stata's.")] = "csv",
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="Folder of tables to use in place of our own.")
    ] = None,
) -> None:
    """Write the recognition panel with zeros, its code book, description, citation and licence into a folder."""
    _read_from(data)
    from analysis.provenance import cut_off
    from analysis.release.request import list_warnings, read_request

    last_day = cut_off()
    request = read_request(last_day, unit, entities, years, rule, part_year, implied, minimum_confidence, format)
    from analysis.release.panel import write_release

    written = write_release(request, output)
    for warning in list_warnings(request, last_day):
        print(warning, file=sys.stderr)
    print(printable(f"{output}: {written['rows']:,} rows, version {written['version']}, id {written['id']}"))


@app.command(name="check-data")
def check_data(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Folder of tables; by default our own.")] = None,
    all: Annotated[
        bool, typer.Option("--all", help="List also faults that may only follow from others, such as counts.")
    ] = False,
) -> None:
    """Check every table: schema, keys, sources and the rules of both rooms; a line for each bad row.

    Of another folder than ours that breaks no rule, the last line says how many claims differ from ours.
    """
    from analysis.checks import RULES, find_faults, find_unread, say_folded
    from analysis.checks.changes import find_changes, say_changes
    from analysis.schema import TABLES
    from analysis.tables import SHIPPED, data_folder, require_folder

    wanted = require_folder(folder) if folder else None
    faults = find_faults(wanted)
    for name in find_unread(wanted)[:MOST_UNREAD]:
        print(
            printable(f"{name}: is not read, since no table has that name; take it out, or rename it."), file=sys.stderr
        )
    folded = [] if all else [fault for fault in faults if fault.follows]
    for line in filter(None, [*faults[: len(faults) - len(folded)], say_folded(folded)]):
        print(line, file=sys.stderr)
    if faults:
        broken = "1 row or file breaks" if len(faults) == 1 else f"{len(faults)} rows or files break"
        print(f"{broken} a rule.", file=sys.stderr)
        raise typer.Exit(WRONG_USE)
    print(f"{len(TABLES)} tables keep their schemas and {len(RULES)} rules.")
    if changes := find_changes(SHIPPED, wanted or data_folder()):
        print(printable(say_changes(changes, SHIPPED, wanted or data_folder())))


@app.command(name="self-check")
def self_check() -> None:
    """Compare every published figure that we can reproduce with ours; the unexplained differences first."""
    from analysis.checks.self_check import print_disagreements, print_hindcast, print_table, self_check

    print_table(self_check())
    print_disagreements()
    print_hindcast()


@app.command()
def trace(
    table: Annotated[str, typer.Argument(help="Table, for example recognition/events.")],
    key: Annotated[str, typer.Argument(help="The claim's name, from its first column.")],
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV (part, field, value) in place of Markdown.")] = False,
) -> None:
    """Show where one claim comes from: source, confidence, second reading, disputes; ready for quoting."""
    from analysis.checks.trace import trace as find_trace

    found = find_trace(table, key)
    print(printable(found.to_csv() if csv else found.to_markdown()), end="")


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="An older folder of tables.")],
    new: Annotated[Path | None, typer.Argument(metavar="NEW", help="A newer one; by default our own.")] = None,
) -> None:
    """Show what changed between two versions of the data folder, claim by claim."""
    from analysis.checks.changes import find_changes
    from analysis.tables import data_folder

    changes = find_changes(old, new or data_folder())
    for change in changes:
        print(printable(change))
    print(f"{len(changes)} change{'' if len(changes) == 1 else 's'}.")


cases = typer.Typer(
    name="case", help="A case of your own: a small file that lies over our tables.", no_args_is_help=True
)
app.add_typer(cases)


@cases.command()
def new(file: Annotated[str, typer.Argument(metavar="FILE", help="Where it goes; must not be there yet.")]) -> None:
    """Write an example of a case file, with every key and what may stand there."""
    from analysis.own_case.example import write_example

    print(printable(write_example(file)))


@cases.command()
def check(file: Annotated[Path, typer.Argument(metavar="FILE", help="A case file.")]) -> None:
    """Check a case file by its form and by the rules of the tables; a line for everything that is wrong."""
    from analysis.own_case.file import read_case

    case = read_case(file)
    number = len(case.changes())
    print(printable(f"{file}: {case.form.name}; sound, {number} difference{'' if number == 1 else 's'} from ours."))


@cases.command()
def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A case file.")],
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV (item, ours, yours, unit) in place of lines.")] = False,
) -> None:
    """Show what differs from ours: the item, our value, yours and the unit."""
    from analysis.own_case.file import read_case

    case = read_case(file)
    changes = case.changes()
    if csv:
        print(printable(changes.to_csv(index=False, lineterminator="\n")), end="")
        return
    print(printable("\n".join(filter(None, [case.form.name, case.form.note]))))
    for item, ours, yours, unit in changes.itertuples(index=False):
        print(printable(f"  {item}: {ours or 'not there'} -> {yours}{f' {unit}' if unit else ''}"))
    print(f"{len(changes)} difference{'' if len(changes) == 1 else 's'} from ours.")


@app.command()
def explore(
    options: Annotated[
        list[str] | None, typer.Argument(metavar="-- OPTION...", help="Given to JupyterLab, such as -- --allow-root.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, metavar="N", help="By default the first free one from 8888 on.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Open JupyterLab on the notebooks, and print the addresses of the two that answer while a slider moves."""
    from analysis.explore.lab import start_lab
    from analysis.reporting.run.catalogue import NOTEBOOKS

    raise typer.Exit(start_lab(NOTEBOOKS, port, browser, options or []))
