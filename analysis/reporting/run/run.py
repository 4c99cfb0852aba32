"""One notebook, one parameter set: check, run with papermill, keep the executed notebook."""

import logging
import math
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbformat import NotebookNode
from nbformat.v4 import new_output

from analysis.case_in_use import case_in_use, variables_in_use
from analysis.errors import NothingToShowError, ParameterError, RefusedRunError, RunError
from analysis.figures.answer import describe_answer
from analysis.figures.data_file import SAVED_VARIABLE
from analysis.parameters import Parameters
from analysis.parameters.cell import INJECTED_TAG
from analysis.reporting.kernel.manager import Usage, kernel_for_a_run
from analysis.reporting.run.catalogue import DOMES_METADATA, Notebook
from analysis.reporting.run.files import cannot_write, is_file, write_whole
from analysis.reporting.run.places import forget_places, forget_times, number_widgets
from analysis.reporting.run.saving import ENGINE
from analysis.reporting.run.waiting import Waiting, heading_above

START_S = 60
REFUSALS = {"DataError", "ParameterError"}  # what a cell raises of itself, by the name that papermill reports
ERROR_TAG = "papermill-error-cell-tag"
UP_TO_THERE = "  the notebook up to there"
"""How the line of a failure begins that says where the partial notebook is."""

for _logger in ("papermill", "asyncio"):  # what they log of a run that fails or is ended, a RunError says
    logging.getLogger(_logger).addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Run:
    """A finished run.

    Attributes
    ----------
    notebook : Notebook
        What was run.
    parameters : Parameters
        With which values.
    executed : pathlib.Path
        The notebook with its outputs.
    peak_memory_mb : float or None
        Largest memory of the kernel; None where the system does not tell.
    """

    notebook: Notebook
    parameters: Parameters
    executed: Path
    peak_memory_mb: float | None = None


@dataclass(frozen=True)
class Limits:
    """What a run may take.

    Attributes
    ----------
    cell_timeout_s, run_timeout_s : float or None
        Longest time of one cell, and of all cells together, in seconds; None for no limit.
    memory_mb : int or None
        Largest memory for the kernel's data, in MB, that of loaded libraries (about 300 MB) included.
    """

    cell_timeout_s: float | None = None
    run_timeout_s: float | None = None
    memory_mb: int | None = None


def run_notebook(
    notebook: Notebook,
    given: Mapping[str, Any],
    output_dir: Path,
    progress: bool = False,
    *,
    limits: Limits | None = None,
    warm: bool = True,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Run a notebook with checked parameters.

    Parameters
    ----------
    notebook : Notebook
        From ``find_notebook`` or ``list_notebooks``.
    given : mapping
        Name to value, as text or typed; what is not named keeps its default.
    output_dir : pathlib.Path
        Where the executed notebook goes, under the notebook's name.
    progress : bool
        Say on stderr how far it is: a bar on a terminal, and a line now and then while a cell is long at work.
    limits : Limits, optional
        What the run may take; without any it may take as long and as much as it will.
    warm : bool
        Fork the kernel from a server that has imported the libraries; False starts it afresh.
    environment : mapping of str to str, optional
        Variables that the kernel has besides those of this process.

    Raises
    ------
    ParameterError
        When a name is unknown or a value is not allowed; no kernel is started.
    RunError
        When a cell fails, a limit is passed or the kernel dies; says where, and keeps the notebook up to there. A
        ``RefusedRunError`` where the cell refused the data or the parameters.

    Notes
    -----
    A cell that raises ``NothingToShowError`` ends the notebook with the reason as its answer, and the run is done.
    """
    parameters = notebook.check(given)
    executed = output_dir / f"{notebook.page_name(parameters)}.ipynb"
    partial = executed.with_name(f"{executed.stem}.partial.ipynb")
    if is_file(executed) and executed.samefile(notebook.path):
        raise ParameterError(f"{executed}: would be overwritten by its own run; choose another folder with -o.")
    write_whole(partial, "")
    usage, clock = Usage(), _Clock(limits or Limits(), time.monotonic())
    told = {SAVED_VARIABLE: "yes", **variables_in_use(), **(environment or {})}
    kernel = kernel_for_a_run(warm, clock.limits.memory_mb, usage, told)
    options = _options(notebook, clock, kernel) | (_told(notebook) if progress else {"progress_bar": False})
    values = parameters.model_dump(include=set(notebook.model.rename(given)) | set(notebook.injected))
    with _removed_unless_named(partial):
        content = _execute_or_explain(notebook, parameters, values, partial, options, clock)
        case = case_in_use()
        recorded = {"notebook": notebook.name, "parameters": parameters.model_dump()}
        content.metadata[DOMES_METADATA] = recorded | ({"case": f"{case.name} ({case.checksum})"} if case else {})
        forget_places(content, f"{notebook.name}.ipynb", executed.relative_to(output_dir).as_posix())
        forget_times(content)
        write_whole(executed, nbformat.writes(number_widgets(content)))
    return Run(notebook, parameters, executed, usage.peak_memory_mb)


@contextmanager
def _removed_unless_named(partial: Path) -> Iterator[None]:
    """Remove the partial notebook however a run ends, but where the failure says that it is there."""
    named = False
    try:
        yield
    except RunError as failure:
        named = UP_TO_THERE in str(failure)
        raise
    finally:
        if not named:
            partial.unlink(missing_ok=True)


def _execute_or_explain(
    notebook: Notebook,
    parameters: Parameters,
    values: dict[str, Any],
    partial: Path,
    options: dict[str, Any],
    clock: "_Clock",
) -> NotebookNode:
    """Run the cells; say where and why they failed, or give the reason for which there is nothing to show."""
    try:
        return _execute(notebook, values, partial, options)
    except (papermill.PapermillExecutionError, RuntimeError, TimeoutError) as error:
        name = getattr(error, "ename", "")
        if name != NothingToShowError.__name__:
            message = _describe_failure(notebook, parameters, partial, clock.explain(error))
            raise (RefusedRunError if name in REFUSALS else RunError)(message) from None
        return _say_nothing(partial, str(getattr(error, "evalue", "")))
    except OSError as error:  # after TimeoutError, which is one
        if error.filename == sys.executable:
            raise RunError(
                f"{sys.executable}: cannot be started ({error.strerror}); make your own environment."
            ) from None
        raise cannot_write(_find_full(partial, error), error) from None


@dataclass(frozen=True)
class _Clock:
    limits: Limits
    start: float

    def seconds_left(self, _cell: NotebookNode | None = None) -> float | None:
        """Return how long a cell that starts now may take."""
        whole, one = self.limits.run_timeout_s, self.limits.cell_timeout_s
        left = None if whole is None else max(self.start + whole - time.monotonic(), 0.001)
        return min((limit for limit in (left, one) if limit is not None), default=None)

    def explain(self, error: Exception) -> str:
        """Say why a run ended."""
        if isinstance(error, papermill.PapermillExecutionError):
            return f"{error.ename}: {error.evalue}"
        if not isinstance(error, TimeoutError):  # nbclient: the kernel died or did not start
            return f"{str(error).rstrip('.')} (out of memory?)"
        whole = self.limits.run_timeout_s
        if whole is not None and time.monotonic() >= self.start + whole:
            return f"the run took longer than {whole:g} s"
        return f"the cell took longer than {self.limits.cell_timeout_s:g} s"


def _options(notebook: Notebook, clock: _Clock, kernel: type) -> dict[str, Any]:
    return {
        "engine_name": ENGINE,
        "kernel_name": "python3",
        "language": "python",
        "kernel_manager_class": kernel,
        "resources": {"metadata": {"path": str(notebook.path.resolve().parent)}},
        "start_timeout": math.ceil(min(START_S, clock.limits.run_timeout_s or START_S)),
        "timeout_func": clock.seconds_left,
        "shutdown_kernel": "immediate",
    }


def _told(notebook: Notebook) -> dict[str, Any]:
    """How a run says how far it is."""
    bar = {"desc": notebook.name, "leave": False, "file": sys.stderr}
    return {"progress_bar": bar if sys.stderr.isatty() else False, "waiting": Waiting(notebook.name)}


def _execute(notebook: Notebook, given: dict[str, Any], partial: Path, options: dict[str, Any]) -> NotebookNode:
    place = str(partial.absolute())  # papermill takes a path that begins with - for the standard output
    return papermill.execute_notebook(
        nbformat.from_dict(nbformat.read(notebook.path, as_version=4)),
        place.replace("{", "{{").replace("}", "}}"),  # papermill reads the path as a format string
        given,
        **options,
    )


def _find_full(partial: Path, error: OSError) -> Path:
    """Name the file that could not be written, else the folder of the fuller disk."""
    if error.filename:
        return Path(os.fsdecode(error.filename))
    return min(partial.parent, Path(tempfile.gettempdir()), key=lambda folder: shutil.disk_usage(folder).free)


def _describe_failure(notebook: Notebook, parameters: Parameters, partial: Path, reason: str) -> str:
    cells = [cell for cell in nbformat.read(partial, as_version=4).cells if not _is_injected(cell)]
    reached = max((n for n, cell in enumerate(cells) if cell.metadata.papermill.get("start_time")), default=0)
    values = ", ".join(f"{name} = {value!r}" for name, value in parameters.model_dump().items())
    return "\n".join(
        [
            f"{notebook.name} failed in cell {reached + 1}{heading_above(cells[:reached])}: {reason}",
            f"  parameters: {values or 'none'}",
            f"{UP_TO_THERE}: {partial}",
        ]
    )


def _say_nothing(partial: Path, reason: str) -> NotebookNode:
    """Take the notebook up to the cell that found nothing to show, with the reason as its answer."""
    content = nbformat.read(partial, as_version=4)
    content.cells = [cell for cell in content.cells if ERROR_TAG not in cell.metadata.get("tags", [])]
    reached = max(n for n, cell in enumerate(content.cells) if cell.metadata.papermill.get("start_time"))
    content.cells = content.cells[: reached + 1]
    said = f"Nothing to show, because {reason}"
    content.cells[-1].outputs = [new_output("display_data", describe_answer(said))]
    return content


def _is_injected(cell: NotebookNode) -> bool:
    return bool({INJECTED_TAG, ERROR_TAG} & set(cell.metadata.get("tags", [])))
