"""From an executed notebook to one HTML file that needs neither network nor script."""

from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode

from analysis.reporting.catalogue import DOMES_METADATA
from analysis.reporting.cells import build_page
from analysis.reporting.files import write_whole
from analysis.reporting.render import render


class PageExporter(Exporter):
    """The house's page, as an exporter of nbconvert; one can export any number of notebooks.

    Notes
    -----
    Also ``jupyter nbconvert --to analysis.reporting.page.PageExporter executed.ipynb``. The page holds no
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
        name = recorded.get("notebook") or resources["metadata"].get("name") or "notebook"
        return render("page.html.j2", page=build_page(notebook, str(name))), resources


def write_page(executed: Path) -> Path:
    """Write the page of an executed notebook beside it and return where it is.

    Raises
    ------
    RunError
        When the page cannot be written.
    """
    html, _ = _exporter().from_notebook_node(nbformat.read(executed, as_version=4))
    page = executed.with_suffix(".html")
    write_whole(page, html)
    return page


@cache
def _exporter() -> PageExporter:
    return PageExporter()
