"""A page is one file, without script or network, the same bytes from the same notebook."""

import base64
import csv
import hashlib
import io
import re
import subprocess
import sys
from datetime import date
from urllib.parse import unquote

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.reporting.batch.tasks import Task, perform
from analysis.reporting.page.beside import WITH_SHARED
from analysis.reporting.page.page import PageExporter, write_page
from analysis.reporting.run.catalogue import Notebook
from analysis.reporting.run.run import run_notebook

pytestmark = pytest.mark.notebook
LARGEST_PAGE_BYTES = 400_000
SIX_FIGURES_BYTES = 250_000
PARAMETERS = ("entity: str = 'TWN'  # who\nday: str = '1979-12-31'  # day\nkind: str = 'relations'\n"
              "rule: str = 'net'\nminimum_confidence: str = 'low'", ["parameters"])  # fmt: skip
SETTING_UP = """import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from analysis import provenance, tables
from analysis.figures import style
from analysis.parameters import RecognitionMapParameters
params = RecognitionMapParameters(entity=entity, day=day, kind=kind, rule=rule, minimum_confidence=minimum_confidence)
params.as_table()"""
FIGURE = """figure, axes = plt.subplots(figsize=style.WIDE)
axes.plot(np.exp(-np.outer(np.linspace(0, 3, 50), np.arange(1, 5) + {seed})))
axes.set(title="Leakage {seed}", xlabel="Interceptors", ylabel="Share that leaks")
plt.close(figure)
data = pd.DataFrame({{"state": ["Haiti"], "=number": [{seed}], "<script>": ["</a><script>"]}})
style.show(figure, "Four lines, number {seed}, with <b>marks</b> & \\"quotes\\".", data=data)"""


def unpack(address):
    head, _, rest = address.partition(",")
    return base64.b64decode(rest).decode() if head.endswith(";base64") else unquote(rest)


@pytest.fixture(scope="module")
def notebook(write_notebook_in, tmp_path_factory):
    """Everything that a page can hold."""
    path = write_notebook_in(
        tmp_path_factory.mktemp("notebook"),
        "# Who leaks?\n\nWho asks.",
        PARAMETERS,
        SETTING_UP,
        "## Figures\n\nA formula, $p^n$.",
        *[FIGURE.format(seed=seed) for seed in range(6)],
        "## Table",
        "tables.load_table('recognition/states')[['iso3', 'name', 'status']].head(30)",
        "## Limits\n\nMany.",
        "provenance.footer(params, tables=['recognition/states'])",
    )
    return Notebook(path, "recognition/01-recognition-map")


@pytest.fixture(scope="module")
def page(notebook, tmp_path_factory):
    return write_page(run_notebook(notebook, {}, tmp_path_factory.mktemp("pages")).executed, together=WITH_SHARED)


@pytest.fixture(scope="module")
def html(page):
    return page.read_text(encoding="utf-8")


def test_two_runs_give_the_same_bytes(notebook, page, tmp_path):
    again = write_page(run_notebook(notebook, {}, tmp_path).executed, together=WITH_SHARED)
    assert again.read_bytes() == page.read_bytes()


def test_the_page_is_complete_small_and_asks_for_nothing(html):
    assert len(html.encode()) <= SIX_FIGURES_BYTES <= LARGEST_PAGE_BYTES
    assert html.startswith('<!DOCTYPE html>\n<html lang="en" dir="ltr">')
    assert html.count("<h1") == 1 and "<title>Who leaks? – Domes &amp; Ties</title>" in html
    assert not re.search(
        r"<script(?! type=\"application/ld\+json\">)|<iframe|<object|@import|url\(|\son\w+=|\sstyle=", html
    )
    addresses = re.findall(r'(?:src|href)="([^"]*)"', html)
    inside = ("data:image/png;base64,", "data:text/csv;", "data:application/x-", "data:,", "#", "../claims/")
    files = ("01-recognition-map.files/01-recognition-map-figure-", "01-recognition-map.files/01-recognition-map.xlsx")
    beside = {"../index.html", "01-recognition-map.ipynb"}
    assert all(address.startswith((*inside, *files)) or address in beside for address in addresses)
    assert beside <= set(addresses)
    assert "<math" in html and "Republic of China (Taiwan)" in html.split("How this page was made")[-1]


def test_every_picture_has_its_sentence_for_those_who_listen_and_a_size(html):
    pictures = re.findall(r"<img [^>]*>", html)
    assert len(pictures) == 6
    for seed, picture in enumerate(pictures):
        sentence = f"Four lines, number {seed}, with &lt;b&gt;marks&lt;/b&gt; &amp; &#34;quotes&#34;."
        assert f'alt="{sentence}"' in picture
        assert 'width="960" height="499"' in picture
        assert f"<figcaption><b>Figure {seed + 1}.</b> {sentence}\n</figcaption>" in html


def test_figures_and_tables_can_be_taken_away_as_csv(html):
    links = re.findall(r'<a href="(data:text/csv[^"]*)" download="([^"]*)">([^<]*)</a>', html)
    assert [name for _, name, _ in links] == [
        *[f"01-recognition-map-figure-{number}.csv" for number in range(1, 7)],
        "01-recognition-map-table-1.csv",
    ]
    assert unpack(links[1][0]) == "state,'=number,<script>\nHaiti,1,</a><script>\n"
    head, first, *rest = csv.reader(io.StringIO(unpack(links[-1][0])))
    assert head == ["column 1", "iso3", "name", "status"] and len(rest) == 29
    assert first[1:] == ["AFG", "Afghanistan", "un_member"]


def test_a_table_has_a_number_and_a_caption(html):
    assert '<table><caption id="table-1"><b>Table 1.</b> Table</caption>' in html
    assert 'aria-label="Table 1: Table"' in html


def test_the_links_follow_a_page_that_is_moved_to_another_name(page):
    html = page.read_text(encoding="utf-8")
    try:
        moved = write_page(page.with_suffix(".ipynb"), name="recognition/by day").read_text(encoding="utf-8")
    finally:
        page.write_text(html, encoding="utf-8")
    assert 'href="by%20day.ipynb"' in moved and 'download="by day-figure-1.csv"' in moved


def test_a_run_of_a_batch_leads_to_the_notebook_as_the_batch_will_name_it(write_notebook):
    notebook = Notebook(write_notebook("# Q", ("n: int = 1  # number", ["parameters"]), "n"), "01-small")
    outcome = perform(Task("by-number-7", notebook, {"n": 7}))
    assert b'href="by-number-7.ipynb"' in outcome.page and not outcome.error


def test_the_policy_allows_one_style_sheet_and_pictures_in_the_page(html):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1].replace("&#39;", "'")
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        "img-src data:",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_every_entry_of_the_contents_leads_to_a_heading(html):
    contents = re.search(r"<nav.*?</nav>", html, re.DOTALL)[0]
    anchors = re.findall(r'href="#([^"]*)"', contents)
    assert anchors == ["figures", "table", "limits", "how-made"]
    assert all(html.count(f'id="{anchor}"') == 1 for anchor in anchors)


def test_the_footer_says_where_the_numbers_come_from(html):
    footer = re.search(r"<footer>.*</footer>", html, re.DOTALL)[0]
    for words in (
        "Sources",
        "Data up to",
        "recognition/states",
        "entity = TWN",
        "pandas",
        "Commit",
    ):
        assert words in footer
    assert "Cite as" not in footer and html.count("How to cite") == 1


def test_the_page_holds_no_time_of_the_run(notebook, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "981158400")
    html = write_page(run_notebook(notebook, {}, tmp_path).executed).read_text(encoding="utf-8")
    assert "2001-02-03" in html
    assert date.today().isoformat() not in html


def test_two_runs_on_one_day_of_the_source_give_the_same_bytes(notebook, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "981158400")
    pages = [write_page(run_notebook(notebook, {}, tmp_path / folder).executed) for folder in ("one", "other")]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(981158400 + 86400))
    later = write_page(run_notebook(notebook, {}, tmp_path / "later").executed)
    assert pages[0].read_bytes() == pages[1].read_bytes()
    assert later.read_text().replace("2001-02-04", "2001-02-03") == pages[0].read_text()


def test_nbconvert_itself_can_make_the_page_and_it_links_no_page_that_is_not_made(page, tmp_path):
    command = [
        "nbconvert",
        "--to",
        "analysis.reporting.page.page.PageExporter",
        "--output-dir",
        str(tmp_path / "other"),
    ]
    subprocess.run(
        [sys.executable, "-m", "jupyter", *command, str(page.with_suffix(".ipynb"))], check=True, capture_output=True
    )
    made = (tmp_path / "other" / page.name).read_text(encoding="utf-8")
    shared = r'<a href="../(?:index|claims/[^"]*)\.html">(.*?)</a>(?: · )?'
    together = re.sub(
        r'<details class="more"><summary>Claims behind.*?</details>', "", page.read_text("utf-8"), flags=re.S
    )
    assert made == re.sub(shared, lambda link: "" if "All pages" in link[0] else link[1], together)


def test_what_stands_in_values_and_tables_is_text(write_notebook, tmp_path):
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    path = write_notebook(
        "# Q",
        ("value: str = 'x'  # anything", ["parameters"]),
        "from IPython.display import HTML, Javascript, Markdown, SVG, display\nimport pandas as pd",
        "display(value, pd.DataFrame({value: [value]}), pd.Series([value], name=value))",
        "display(HTML(value), Markdown(value), Javascript('alert(1)'), SVG('<svg><script>alert(1)</script></svg>'))",
        "print(value)",
        "display(HTML(pd.DataFrame({value: [value]}).to_html(escape=False)))",
    )
    executed = run_notebook(Notebook(path, f"q {evil}"), {"value": evil}, tmp_path / "out").executed
    html = write_page(executed).read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert not re.search(r"<script|<img (?!src=.data:)|<svg", html)


@pytest.mark.parametrize(
    "evil",
    [
        "[x](javascript:alert(1))", "<javascript:alert(1)>", "[x](java&#x0A;script:alert(1))", "[x]: javascript:alert(1)\n[x]",
        "[x](data:text/html,<script>alert(1)</script>)", "![x](javascript:alert(1))", "![x](x\" onerror=\"alert(1))",
        "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>", "<math href='javascript:alert(1)'>x</math>",
        "<a href='vbscript:x'>x</a>", "<svg/onload=alert(1)>", "<form action='javascript:alert(1)'><button>x</button></form>",
        "`` <script>alert(1)</script> ``", "```html\n<script>alert(1)</script>\n```", "|a|\n|-|\n|<script>alert(1)</script>|",
        "$\\href{javascript:alert(1)}{x}$", "$$\\text{<script>alert(1)</script>}$$", "# <img src=x onerror=alert(1)>",
    ],
)  # fmt: skip
def test_tricks_of_markdown_and_markup_stay_text(evil):
    outputs = [
        new_output("display_data", data={kind: evil}, metadata={})
        for kind in ("text/html", "text/markdown", "text/latex", "text/plain", "image/svg+xml")
    ]
    cells = [new_markdown_cell(f"# Q\n\n{evil}"), new_code_cell("1", outputs=outputs)]
    html, _ = PageExporter().from_notebook_node(new_notebook(cells=cells))
    assert not re.search(r"<(script|svg|form|button|iframe|object)\b", html)
    assert not re.search(r"<[a-z][^<>]*\s(on\w+|xlink:href|action)\s*=", re.sub(r'"[^"]*"', '""', html))
    links = re.findall(r'(?:href|src)="([^"]*)"', html)
    assert not [link for link in links if re.match(r"\s*(java|vb)script:|data:text/html", link, re.IGNORECASE)]
