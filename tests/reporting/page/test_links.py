"""Every link of what one command makes leads to something that the same command made."""

import re
import shutil
from html import unescape
from urllib.parse import unquote

import pytest

from analysis.reporting.batch import report
from analysis.reporting.run import catalogue
from analysis.reporting.run.catalogue import find_notebook, list_notebooks

pytestmark = pytest.mark.notebook
ELSEWHERE = ("data:", "http://", "https://", "mailto:")
TOUR, DOSSIER, MAP = "00-start-here", "recognition/05-country-dossier", "recognition/01-recognition-map"


def find_dead_links(folder):
    """Walk all pages of a folder: ``page -> address`` of every link without a target, within a page too."""
    pages = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}
    anchors = {path: set(map(unescape, re.findall(r'\sid="([^"]*)"', text))) for path, text in pages.items()}
    dead = []
    for path, text in pages.items():
        for address in map(unescape, re.findall(r'<a\s[^>]*?href="([^"]*)"', text)):
            if not address.startswith(ELSEWHERE):
                file, _, anchor = address.partition("#")
                target = (path.parent / unquote(file)).resolve() if file else path
                if not target.is_file() or (anchor and unquote(anchor) not in anchors[target]):
                    dead.append(f"{path.relative_to(folder)} -> {address}")
    return dead


@pytest.mark.parametrize("name", [TOUR, DOSSIER])
def test_a_page_made_alone_has_no_dead_link_and_says_how_others_are_made(name, tmp_path):
    page = report.report_one(find_notebook(name), {}, tmp_path)
    text = page.read_text(encoding="utf-8")
    assert find_dead_links(tmp_path) == []
    named = re.findall(r"<code>domes report (\S+)</code>", text.partition("Other pages")[2].partition("</nav>")[0])
    assert len(named) == len(set(named)) and set(named) - {"--all"} <= {one.name for one in list_notebooks()}
    assert ("recognition/00-brief-who-recognises-whom" in named) == (name == TOUR)


def test_a_page_is_the_same_beside_pages_that_another_command_made(tmp_path):
    notebook = find_notebook(DOSSIER)
    page = report.report_one(notebook, {}, tmp_path / "alone")
    (tmp_path / "with/recognition").mkdir(parents=True)
    for other in ("01-recognition-map", "02-switching"):
        (tmp_path / f"with/recognition/{other}.html").write_text("made before")
    assert report.report_one(notebook, {}, tmp_path / "with").read_bytes() == page.read_bytes()


def test_pages_made_together_link_each_other_and_nothing_that_is_not_made(tmp_path, monkeypatch):
    for name in (TOUR, DOSSIER, MAP):
        copy = tmp_path / "notebooks" / f"{name}.ipynb"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(catalogue.NOTEBOOKS / f"{name}.ipynb", copy)
    monkeypatch.setattr(catalogue, "NOTEBOOKS", tmp_path / "notebooks")
    assert report.report_all(tmp_path / "out")
    assert find_dead_links(tmp_path / "out") == []
    tour = (tmp_path / f"out/{TOUR}.html").read_text(encoding="utf-8")
    assert f'href="{MAP}.html"' in tour and f'href="{DOSSIER}.html"' in tour
    assert "02-switching.html" not in tour


@pytest.mark.long
def test_no_link_of_all_pages_is_dead(tmp_path):
    assert report.report_all(tmp_path)
    assert find_dead_links(tmp_path) == []
    assert "not made with it" not in (tmp_path / f"{TOUR}.html").read_text(encoding="utf-8")
