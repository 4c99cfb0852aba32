"""A batch: from the plan to pages, ledger and index, with whatever executor runs the notebooks."""

import re
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Protocol, cast

from rich.console import Console

from analysis.errors import ParameterError, RunError, printable
from analysis.reporting.batch.executor import LocalExecutor
from analysis.reporting.batch.ledger import (
    DONE,
    FAILED,
    Ledger,
    Record,
    checksum,
    hash_surroundings,
    now,
    open_ledger,
    run_key,
)
from analysis.reporting.batch.plan import PlannedRun
from analysis.reporting.batch.progress import Progress
from analysis.reporting.batch.tasks import Outcome, Task
from analysis.reporting.page.claims import tables_of, write_claims
from analysis.reporting.page.index import write_index
from analysis.reporting.run.files import write_together, write_whole
from analysis.reporting.run.run import UP_TO_THERE, Limits
from analysis.signals import end_once, heard_signals
from analysis.tables import data_folder

ASIDE = re.compile(r"\..+\.\d+")
"""Name of a file that ``write_whole`` had not yet renamed when its process was killed."""

PARTIAL = ".partial.ipynb"
RESUME = "Call the same with --resume to run the rest."


class Executor(Protocol):
    """Runs tasks, some at a time, and gives back how each ended, in whatever order."""

    def run(self, tasks: Sequence[Task], *, on_start: Callable[[Task], None]) -> Iterator[Outcome]:
        """Run all tasks; closing the iterator ends what still runs."""


def choose_executor(jobs: int | None, scheduler: str | None) -> Executor:
    """Run on the workers of a dask scheduler where one is named, else here: ``jobs`` runs at a time.

    Raises
    ------
    ParameterError
        When both are given.
    """
    if scheduler and jobs:
        raise ParameterError(f"--jobs counts the runs on this machine; on {scheduler} each worker runs its own.")
    if scheduler:
        from analysis.reporting.batch.cluster import ClusterExecutor

        return ClusterExecutor(scheduler)
    return LocalExecutor(jobs)


def run_batch(
    runs: Sequence[PlannedRun], folder: Path, executor: Executor, limits: Limits | None = None, resume: bool = False
) -> bool:
    """Run what is not yet finished, keep pages, ledger and index, and tell whether all runs are done.

    Parameters
    ----------
    runs : sequence of PlannedRun
        From ``read_plan``.
    folder : pathlib.Path
        Where pages, ledger, events and index go.
    executor : Executor
        Runs the notebooks.
    limits : Limits, optional
        Of each run.
    resume : bool
        Go on where an earlier batch stopped: runs that are finished there are not repeated.

    Raises
    ------
    ParameterError
        When the folder holds a ledger and ``resume`` is not set.
    RunError
        When another batch writes there, the ledger cannot be written, or the batch is interrupted.

    Notes
    -----
    Progress and failures go to stderr; where the index is, to stdout.
    """
    surroundings = hash_surroundings(data_folder())
    keys = {run.page: run_key(run.notebook, run.parameters, surroundings, run.checksum) for run in runs}
    with open_ledger(folder) as ledger:
        if not resume:
            _require_no_runs(ledger)
        _remove_asides(folder)
        waiting = [run for run in runs if not ledger.is_finished(keys[run.page], run.page)]
        progress = Progress(len(runs), len(runs) - len(waiting), folder, Console(stderr=True, highlight=False))
        try:
            _run_all(_Work(waiting, keys, limits or Limits(), ledger, progress), executor)
        finally:
            progress.say_end()
        _write_shared_pages(folder, runs, progress.failures)
    return not progress.failures


@dataclass(frozen=True)
class _Work:
    """What is to be run, and where it is kept."""

    runs: Sequence[PlannedRun]
    keys: dict[str, str]
    limits: Limits
    ledger: Ledger
    progress: Progress


def _run_all(work: _Work, executor: Executor) -> None:
    tasks = [_task(run, work.limits) for run in work.runs]
    by_page = {run.page: run for run in work.runs}
    outcomes = cast(Generator[Outcome], executor.run(tasks, on_start=work.progress.started))
    try:
        with work.progress, _stopped_by_signals(), closing(outcomes):
            for outcome in outcomes:
                run = by_page[outcome.task.page]
                record = _keep(outcome, run, work.keys[run.page], work.ledger.folder)
                work.ledger.append(record)
                work.progress.ended(record)
    except KeyboardInterrupt:
        raise RunError(f"Interrupted. {RESUME}") from None
    except RunError as error:
        raise RunError(f"{error}\nThe batch was stopped. {RESUME}") from None


def _write_shared_pages(folder: Path, runs: Sequence[PlannedRun], failures: dict[str, str]) -> None:
    finished = [folder / f"{run.page}.ipynb" for run in runs if run.page not in failures]
    write_claims(folder, sorted({table for executed in finished for table in tables_of(executed)}))
    print(printable(write_index(folder, [failures[run.page] for run in runs if run.page in failures])))


def _task(run: PlannedRun, limits: Limits) -> Task:
    return Task(
        page=run.page,
        notebook=run.notebook,
        given=run.given,
        cell_timeout_s=limits.cell_timeout_s,
        run_timeout_s=limits.run_timeout_s,
        memory_mb=limits.memory_mb,
        case=run.case,
    )


def _keep(outcome: Outcome, run: PlannedRun, key: str, folder: Path) -> Record:
    """Write what a run left, whole or partial, and say how it ended."""
    error, digests = outcome.error, ("", "")
    try:
        if not error:
            digests = _write_whole_run(outcome, folder / run.page)
        elif outcome.notebook:
            partial = folder / f"{run.page}{PARTIAL}"
            write_whole(partial, outcome.notebook)
            error = f"{error}\n{UP_TO_THERE}: {partial}"
    except (RunError, OSError) as failure:
        error = "\n".join(filter(None, [error, str(failure)]))
    if error and not error.startswith(run.notebook.name):
        values = ", ".join(f"{name} = {value!r}" for name, value in run.parameters.model_dump().items())
        error = f"{run.notebook.name} failed: {error}\n  parameters: {values or 'none'}"
    return Record(
        key=key,
        state=FAILED if error else DONE,
        notebook=run.notebook.name,
        parameters=run.parameters.model_dump(),
        page=run.page,
        ended=now(),
        seconds=round(outcome.seconds, 3),
        peak_memory_mb=outcome.peak_memory_mb,
        notebook_sha256=digests[0],
        page_sha256=digests[1],
        error=error,
    )


def _write_whole_run(outcome: Outcome, place: Path) -> tuple[str, str]:
    """Write notebook and page, and return their checksums."""
    executed, page, partial = (place.with_name(f"{place.name}{end}") for end in (".ipynb", ".html", PARTIAL))
    beside = {place.parent / name: content for name, content in outcome.beside.items()}
    write_together({**beside, executed: outcome.notebook, page: outcome.page})  # where the page stands, they all do
    partial.unlink(missing_ok=True)
    return checksum(executed), checksum(page)


def _require_no_runs(ledger: Ledger) -> None:
    states = [record.state for record in ledger.records.values()]
    if states:
        there = f"{states.count(DONE)} runs that are done and {states.count(FAILED)} that failed"
        raise ParameterError(
            f"{ledger.folder}: holds a ledger of {there}; add --resume to run only what is missing, changed or failed, "
            "or choose another folder with -o."
        )


def _remove_asides(folder: Path) -> None:
    """Remove what a killed process had begun to write; nobody else writes here now."""
    for path in folder.rglob(".*"):
        if ASIDE.fullmatch(path.name):
            with suppress(OSError):
                path.unlink()


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let the signals that end processes stop a batch as Ctrl-C does; not one that nohup has us ignore."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_: int, __: FrameType | None) -> None:
        end_once()
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *heard_signals())}
    for number in heard_signals():
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
