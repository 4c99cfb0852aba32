"""One run of many: what is wanted, how it ended, and the way from the one to the other."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.errors import DomesError
from analysis.own_case.file import OwnCase, using
from analysis.reporting.run.catalogue import Notebook
from analysis.scratch import scratch


@dataclass(frozen=True)
class Task:
    """One run that is wanted.

    Attributes
    ----------
    page : str
        Name of its page, which tells it from other runs.
    notebook : Notebook
        What to run.
    given : dict
        Values that differ from the defaults.
    cell_timeout_s, run_timeout_s, memory_mb
        As in ``run.Limits``.
    case : OwnCase or None
        Case of the user that lies over the tables.
    """

    page: str
    notebook: Notebook
    given: dict[str, Any]
    cell_timeout_s: float | None = None
    run_timeout_s: float | None = None
    memory_mb: int | None = None
    case: OwnCase | None = None


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes
    ----------
    task : Task
        Which run.
    notebook : bytes
        The executed notebook; as far as it came where the run failed, empty where nothing is left.
    page : bytes
        The page; empty where the run failed.
    beside : dict of str to bytes
        Files that belong to the page, by their paths from it.
    error : str
        What went wrong, where, and with which parameters; empty where nothing did.
    seconds : float
        From the start of the run to its end.
    peak_memory_mb : float or None
        Largest memory of the kernel; None where it is not known.
    """

    task: Task
    notebook: bytes
    page: bytes
    error: str
    seconds: float
    peak_memory_mb: float | None = None
    beside: Mapping[str, bytes] = field(default_factory=dict)


def perform(task: Task, warm: bool = True, environment: Mapping[str, str] | None = None) -> Outcome:
    """Run a notebook and make its page in a folder that is then removed; whatever goes wrong is told, not raised.

    Parameters
    ----------
    task : Task
        The run.
    warm, environment
        As in ``run.run_notebook``.
    """
    from analysis.reporting.page.beside import WITH_SHARED
    from analysis.reporting.page.page import read_beside, write_page
    from analysis.reporting.run.run import UP_TO_THERE, Limits, run_notebook

    start = time.monotonic()
    limits = Limits(task.cell_timeout_s, task.run_timeout_s, task.memory_mb)
    options: dict[str, Any] = {"limits": limits, "warm": warm, "environment": environment}
    with scratch() as folder, scratch() as laid:
        try:
            with using(task.case, laid):
                run = run_notebook(task.notebook, task.given, folder, **options)
                page = write_page(run.executed, task.page, WITH_SHARED)
            contents = run.executed.read_bytes(), page.read_bytes()
            seconds, beside = time.monotonic() - start, read_beside(page, task.page)
            return Outcome(task, *contents, "", seconds, run.peak_memory_mb, beside)
        except Exception as error:
            text = str(error) if isinstance(error, DomesError) else f"{type(error).__name__}: {error}"
            kept = [line for line in text.splitlines() if not line.startswith(UP_TO_THERE)]
            left = [path.read_bytes() for path in folder.rglob("*.ipynb")]
            return Outcome(task, left[0] if left else b"", b"", "\n".join(kept), time.monotonic() - start)
