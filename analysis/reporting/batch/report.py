"""From a notebook to its page: one, or all of the project's, two at a time."""

import multiprocessing
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from analysis.errors import DomesError, printable
from analysis.own_case.file import OwnCase, using
from analysis.reporting import skip_slow_import
from analysis.reporting.batch.executor import ENDING_S, end_with_parent, leave, server_address
from analysis.reporting.batch.plan import PlannedRun, read_plan
from analysis.reporting.kernel.warm import borrow_server
from analysis.reporting.page.beside import WITH_SHARED, Together
from analysis.reporting.page.claims import tables_of, write_claims, write_self_check
from analysis.reporting.page.index import write_index
from analysis.reporting.page.page import name_asked, write_page
from analysis.reporting.run import catalogue
from analysis.reporting.run.catalogue import Notebook, list_notebooks
from analysis.reporting.run.run import run_notebook
from analysis.scratch import remove_abandoned, scratch
from analysis.signals import interrupt_later, leave_interrupt

AT_A_TIME = 2
READY = "ready.runs.csv"
"""In the folder of the notebooks: runs of which ``domes report --all`` makes pages as well."""


def report_one(
    notebook: Notebook,
    given: Mapping[str, Any],
    output_dir: Path,
    progress: bool = False,
    case: OwnCase | None = None,
) -> Path:
    """Run a notebook and write its page, pages of the claims behind it, and the index; else as ``run_notebook``.

    The pages of claims are those of the tables under a case, which the page's own notes and footer say.
    """
    with scratch() as folder:
        with using(case, folder):
            executed = run_notebook(notebook, given, output_dir, progress).executed
            page = write_page(executed, together=WITH_SHARED)
        write_claims(output_dir, tables_of(executed))
    write_index(output_dir)
    return page


def _make_page(notebook: Notebook, given: Mapping[str, Any], output_dir: Path, together: Together) -> Path:
    executed = run_notebook(notebook, given, output_dir).executed
    write_claims(output_dir, tables_of(executed))
    return write_page(executed, together=together)


def list_ready() -> list[PlannedRun]:
    """List the runs of which pages are made beside those with the defaults: the file ``READY``, if there is one."""
    path = catalogue.NOTEBOOKS / READY
    return read_plan(path) if path.exists() else []


def name_run(run: PlannedRun) -> str:
    """Name a ready page by what its own parameters stand for, such as "Palestine, recognition"."""
    rows = {row.name: row for row in run.parameters.as_table()}
    return ", ".join(rows[name].explanation or rows[name].value for name in run.given)


def report_all(output_dir: Path) -> bool:
    """Run every notebook with its defaults, and the ready runs; write pages and index, and tell whether all went well.

    Parameters
    ----------
    output_dir : pathlib.Path
        Where pages and index go; pages of failed notebooks are left as they were.

    Notes
    -----
    Progress goes to stderr: one live line on a terminal, a line for each notebook elsewhere.
    """
    planned = list_ready()
    wanted: dict[str, tuple[Notebook, dict[str, Any]]] = {one.name: (one, {}) for one in list_notebooks()}
    wanted |= {run.page: (run.notebook, run.given) for run in planned if run.page not in wanted}
    ready = tuple((one.name, name_asked(one.question, one.defaults)) for one in list_notebooks())
    ready += tuple((run.page, name_run(run)) for run in planned)
    together = Together(ready, shared=True)
    failures: list[str] = []
    console = Console(stderr=True, highlight=False)
    with _pool() as pool, console.status(_progress(0, len(wanted), failures)) as status:
        with interrupt_later():
            runs = [pool.submit(_make_page, *one, output_dir, together) for one in wanted.values()]
        for done, run in enumerate(as_completed(runs), start=1):
            try:
                told = printable(f"{run.result()} ({_kilobytes(run.result())} KB)")
                console.print(told, markup=False, soft_wrap=True)
            except DomesError as error:
                failures.append(str(error))
                console.print(printable(error), markup=False, soft_wrap=True)
            status.update(_progress(done, len(wanted), failures))
    write_self_check(output_dir)
    print(printable(write_index(output_dir, failures)))
    return not failures


@contextmanager
def _pool() -> Iterator[ProcessPoolExecutor]:
    """Give processes that run notebooks; where this one is ended, they end too, with what they had begun."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(AT_A_TIME, context, initializer=_prepare, initargs=(server_address(),)) as pool:
        try:
            yield pool
        except BaseException:
            _end(multiprocessing.active_children())
            raise


def _end(processes: Sequence[multiprocessing.process.BaseProcess]) -> None:
    """End processes in order, and those that do not hear it by force."""
    for process in processes:
        process.terminate()
    end = time.monotonic() + ENDING_S
    for process in processes:
        process.join(max(0, end - time.monotonic()))
        process.kill()
        process.join()
    remove_abandoned()


def _prepare(server: str | None) -> None:
    """Make a process ready to run notebooks with kernels that are forked from one server."""
    leave_interrupt()
    signal.signal(signal.SIGTERM, leave)
    skip_slow_import()
    threading.Thread(target=end_with_parent, daemon=True).start()
    if server:
        borrow_server(server)


def _progress(done: int, total: int, failures: list[str]) -> str:
    return f"{done} of {total} pages done, {len(failures)} failed"


def _kilobytes(page: Path) -> int:
    return round(page.stat().st_size / 1000)
