"""From an executed notebook to one HTML file that needs neither network nor script."""

from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode

from analysis.reporting.page.cells import build_page
from analysis.reporting.page.chart import scripts
from analysis.reporting.page.index import INDEX
from analysis.reporting.page.render import render
from analysis.reporting.run.catalogue import DOMES_METADATA
from analysis.reporting.run.files import write_whole


class PageExporter(Exporter):
    """The house's page, as an exporter of nbconvert; one can export any number of notebooks.

    Notes
    -----
    Also ``jupyter nbconvert --to analysis.reporting.page.page.PageExporter executed.ipynb``. The page holds no
    time of making, so that equal notebooks give equal bytes.
    """

    export_from_notebook = "Domes & Ties page"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]  # the base class returns a notebook
        self, nb: NotebookNode, resources: Any | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Turn a notebook into a page."""
        notebook, resources = super().from_notebook_node(nb, resources, **kwargs)
        recorded = notebook.metadata.get(DOMES_METADATA, {})
        stem = str(resources["metadata"].get("name") or "notebook")
        name = str(recorded.get("notebook") or stem)
        page = build_page(notebook, name, stem, f"{'../' * name.count('/')}{INDEX}" if recorded else "")
        alive = any(block.chart for block in page.body)
        return render("page.html.j2", scripts=scripts() if alive else (), page=page), resources


def write_page(executed: Path, name: str | None = None) -> Path:
    """Write the page of an executed notebook beside it and return where it is.

    Parameters
    ----------
    executed : pathlib.Path
        The notebook with its outputs.
    name : str, optional
        What notebook and page will be called in the end, without suffix, where they are moved afterwards:
        the page links to the notebook by its name.

    Raises
    ------
    RunError
        When the page cannot be written.
    """
    resources = {"metadata": {"name": Path(name).name if name else executed.stem}}
    html, _ = _exporter().from_notebook_node(nbformat.read(executed, as_version=4), resources)
    page = executed.with_suffix(".html")
    write_whole(page, html)
    return page


@cache
def _exporter() -> PageExporter:
    return PageExporter()
