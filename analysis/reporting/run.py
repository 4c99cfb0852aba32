"""One notebook, one parameter set: check, run with papermill, keep the executed notebook."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbformat import NotebookNode

from analysis.errors import RunError
from analysis.parameters import Parameters
from analysis.reporting.catalogue import DOMES_METADATA, Notebook
from analysis.reporting.files import write_whole
from analysis.reporting.kernel import OwnKernelManager


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
    """

    notebook: Notebook
    parameters: Parameters
    executed: Path


def run_notebook(notebook: Notebook, given: Mapping[str, Any], output_dir: Path, progress: bool = False) -> Run:
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
        Show a bar on stderr.

    Raises
    ------
    ParameterError
        When a name is unknown or a value is not allowed; no kernel is started.
    RunError
        When a cell fails or the kernel dies; says where, and keeps the notebook up to there.
    """
    parameters = notebook.check(given)
    executed = output_dir / f"{notebook.page_name(parameters)}.ipynb"
    partial = executed.with_suffix(".partial.ipynb")
    write_whole(partial, "")
    try:
        content = _execute(notebook, parameters.model_dump(include=set(given)), partial, progress)
    except (papermill.PapermillExecutionError, RuntimeError) as error:
        raise RunError(_describe_failure(notebook, parameters, partial, error)) from None
    content.metadata[DOMES_METADATA] = {"notebook": notebook.name, "parameters": parameters.model_dump()}
    write_whole(executed, nbformat.writes(content))
    partial.unlink()
    return Run(notebook, parameters, executed)


def _execute(notebook: Notebook, given: dict[str, Any], partial: Path, progress: bool) -> NotebookNode:
    return papermill.execute_notebook(
        nbformat.from_dict(nbformat.read(notebook.path, as_version=4)),
        str(partial).replace("{", "{{").replace("}", "}}"),  # papermill reads the path as a format string
        given,
        kernel_name="python3",
        language="python",
        progress_bar={"desc": notebook.name, "leave": False, "file": sys.stderr} if progress else False,
        kernel_manager_class=OwnKernelManager,
        resources={"metadata": {"path": str(notebook.path.resolve().parent)}},
        shutdown_kernel="immediate",
    )


def _describe_failure(
    notebook: Notebook,
    parameters: Parameters,
    partial: Path,
    error: papermill.PapermillExecutionError | RuntimeError,
) -> str:
    cells = [cell for cell in nbformat.read(partial, as_version=4).cells if not _is_injected(cell)]
    reached = max((n for n, cell in enumerate(cells) if cell.metadata.papermill.get("start_time")), default=0)
    if isinstance(error, papermill.PapermillExecutionError):
        reason = f"{error.ename}: {error.evalue}"
    else:  # nbclient: the kernel died or did not start
        reason = f"{str(error).rstrip('.')} (out of memory?)"
    values = ", ".join(f"{name} = {value!r}" for name, value in parameters.model_dump().items())
    return "\n".join(
        [
            f"{notebook.name} failed in cell {reached + 1}{_heading_above(cells[:reached])}: {reason}",
            f"  parameters: {values or 'none'}",
            f"  the notebook up to there: {partial}",
        ]
    )


def _is_injected(cell: NotebookNode) -> bool:
    return bool({"injected-parameters", "papermill-error-cell-tag"} & set(cell.metadata.get("tags", [])))


def _heading_above(cells: list[NotebookNode]) -> str:
    lines = [line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    headings = [line.lstrip("#").strip() for line in lines if line.startswith("#")]
    return f", under '{headings[-1]}'" if headings else ""
