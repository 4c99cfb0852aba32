"""The index page: every page of a folder with its question, parameters, size and first figure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import ParameterError
from analysis.reporting.catalogue import DOMES_METADATA, Notebook
from analysis.reporting.checked import SELF_CHECK
from analysis.reporting.files import write_whole
from analysis.reporting.picture import Picture, thumbnail
from analysis.reporting.render import render

INDEX = "index.html"


@dataclass(frozen=True)
class Entry:
    """One page as the index shows it.

    Attributes
    ----------
    link : str
        Address of the page, relative to the index.
    question : str
        Its main heading.
    name : str
        The notebook that was run.
    parameters : str
        Name and value of each.
    kilobytes : int
        Size of the page.
    picture : Picture or None
        The first figure, small; None where there is none.
    alt : str
        The sentence that describes the figure.
    """

    link: str
    question: str
    name: str
    parameters: str
    kilobytes: int
    picture: Picture | None
    alt: str


def summarise(executed: Path, folder: Path) -> Entry:
    """Make the entry of an executed notebook whose page lies beside it.

    Parameters
    ----------
    executed : pathlib.Path
        The notebook with its outputs, as ``run_notebook`` left it.
    folder : pathlib.Path
        Where the index stands; the page lies in it or below.
    """
    page = executed.with_suffix(".html")
    content = Notebook(executed, executed.stem).content
    recorded = content["metadata"][DOMES_METADATA]
    notebook = Notebook(executed, recorded["notebook"])
    picture, alt = _first_figure(content)
    return Entry(
        link=page.relative_to(folder).as_posix(),
        question=notebook.question,
        name=notebook.name,
        parameters=", ".join(f"{name} = {_shown(recorded['parameters'][name])}" for name in notebook.defaults),
        kilobytes=round(page.stat().st_size / 1000),
        picture=picture,
        alt=alt,
    )


def write_index(folder: Path, failures: Sequence[str] = ()) -> Path:
    """Write the index of all pages in a folder and its sub-folders, and return where it is.

    Parameters
    ----------
    folder : pathlib.Path
        Where the pages are.
    failures : sequence of str
        What went wrong in the last run, shown above the pages.
    """
    entries = [summarise(executed, folder) for executed in _find_executed(folder)]
    index = folder / INDEX
    self_check = SELF_CHECK if (folder / SELF_CHECK).exists() else ""
    write_whole(index, render("index.html.j2", entries=entries, failures=failures, self_check=self_check))
    return index


def _find_executed(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("*.ipynb")) + sorted(folder.glob("*/*.ipynb")):
        if path.with_suffix(".html").exists() and _is_ours(path):
            yield path


def _is_ours(path: Path) -> bool:
    try:
        return DOMES_METADATA in Notebook(path, path.stem).content["metadata"]
    except (ParameterError, KeyError):
        return False


def _first_figure(content: dict[str, Any]) -> tuple[Picture | None, str]:
    outputs = (output for cell in content["cells"] for output in cell.get("outputs", []))
    for output in outputs:
        if "image/png" in output.get("data", {}):
            alt = output["metadata"].get("image/png", {}).get("alt", "First figure of the page")
            return thumbnail("".join(output["data"]["image/png"])), alt
    return None, ""


def _shown(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
