"""The page of the self-check: every published figure that we must reproduce, with ours beside it."""

from pathlib import Path

from analysis.checks.self_check import is_unexplained, self_check
from analysis.reporting.page.index import SELF_CHECK
from analysis.reporting.page.render import render
from analysis.reporting.run.files import write_whole


def write_self_check(folder: Path) -> Path:
    """Write the page of the self-check into the reports' folder and return where it is."""
    table = self_check()
    counts = {
        "all": len(table),
        "agree": int((table["difference"] == 0).sum()),
        "unexplained": int(is_unexplained(table).sum()),
    }
    path = folder / SELF_CHECK
    write_whole(path, render("self_check.html.j2", rows=table.to_dict("records"), counts=counts))
    return path
