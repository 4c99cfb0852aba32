"""The index lists every run of its folder and compares the runs of a notebook."""

import ast
import csv
import io
import json
import re
import shutil
from pathlib import Path
from threading import get_ident

import pytest
from bs4 import BeautifulSoup

from analysis.figures.answer import describe_answer
from analysis.parameters import PARAMETERS_MIME
from analysis.reporting.page.index import (
    MOST_NUMBERS,
    SHOWN_OPEN,
    Entry,
    group_entries,
    subject_of,
    write_index,
)
from analysis.reporting.page.page import write_page
from analysis.reporting.page.render import word
from analysis.reporting.run.catalogue import Notebook
from analysis.reporting.run.run import run_notebook

pytestmark = pytest.mark.notebook
EVIL = "<script>alert(1)</script>"
FIGURE = (
    "import matplotlib.pyplot as plt\nfrom analysis.figures import style\n"
    "figure, axes = plt.subplots(figsize=style.WIDE)\nplt.close(figure)\nstyle.show(figure, 'Nothing & <more>.')"
)
CHECK = (
    "import pandas as pd\nnumbers = {'threats': a_threats, '=leakers <b>': '+' + z_raid}\n"
    "numbers |= {f'only with {z_raid}': 1}\npd.Series(numbers, name=z_raid, dtype=object).to_frame()",
    ["nbval-check-output"],
)


@pytest.fixture(scope="module")
def pages(write_notebook_in, tmp_path_factory):
    """One notebook run twice, another once."""
    folder = tmp_path_factory.mktemp("pages")
    parameters = ("z_raid: str = 'mixed'  # raid\na_threats: int = 24  # threats", ["parameters"])
    path = write_notebook_in(folder, "# How many <leak>?", parameters, FIGURE, CHECK)
    runs = [("air_defence/01-leak", {}), ("air_defence/01-leak", {"z_raid": EVIL}), ("02-once", {"a_threats": 7})]
    for name, given in runs:
        write_page(run_notebook(Notebook(path, name), given, folder / "out").executed)
    return folder / "out"


@pytest.fixture
def folder(pages, tmp_path):
    return Path(shutil.copytree(pages, tmp_path / "out"))


@pytest.fixture
def html(folder):
    return write_index(folder).read_text(encoding="utf-8")


def entry(**values):
    standard = {"link": "a.html", "question": "Q?", "name": "a", "parameters": {}, "numbers": {}}
    return Entry(**standard | {"kilobytes": 1, "figures": 1, "picture": ""} | values)


def test_a_notebook_that_ran_once_is_known_by_its_question(html):
    assert '<a href="02-once--7-' in html
    assert re.search(r'<a href="02-once--7-[0-9a-f]{12}\.html">How many &lt;leak&gt;\?</a>', html)
    assert "<p>a threats: 7</p>" in html, "what is not the notebook's own"


def test_runs_of_one_notebook_are_known_by_the_parameters_that_differ(html):
    assert html.count('<li>\n<div class="what"') == 3 and html.count('<section class="runs"') == 2
    assert (
        '<h4><a href="air_defence/01-leak.html">z raid: mixed</a></h4>\n<details><summary>Key numbers</summary><p>threats:'
        in html
    )


def test_pages_stand_under_their_subject_with_their_answer_and_the_words_behind_their_codes(folder):
    executed = folder / "air_defence/01-leak.ipynb"
    content = json.loads(executed.read_text())
    said = {"name": "z_raid", "value": "mixed", "explanation": "Palestine", "meaning": "raid"}
    data = describe_answer("Two of <three>.") | {PARAMETERS_MIME: [said]}
    content["cells"][-1]["outputs"].append({"output_type": "display_data", "data": data, "metadata": {}})
    executed.write_text(json.dumps(content))
    html = write_index(folder).read_text(encoding="utf-8")
    assert re.findall(r'<h2 id="subject-\d">([^<]*)</h2>', html) == [*list(word("subjects").values())[1::2]]
    assert (
        '01-leak.html">Palestine</a></h4>\n<p class="answer">Two of &lt;three&gt;.</p>\n<details><summary>Key numbers</summary><p>threats:'
        in html
    )


def test_a_parameter_is_written_in_words_only_where_it_is_not_the_notebook_s_own():
    values = {"raid": "big_one", "apart": "True", "seed": "7"}
    run = entry(parameters=values, meanings={"raid": "notional raid"}, usual=frozenset({"seed"}))
    (group,) = group_entries([run])
    assert group.rest(run) == "notional raid: big one; apart: yes"


def test_key_numbers_whose_names_are_codes_stay_off_the_card():
    numbers = {"leakers, owa_drone": "1", "leakers, srbm": "2", "of TWN": "3", "UN members": "4", "empty": ""}
    assert entry(numbers=numbers).worded == {"UN members": "4"}


def test_the_tour_and_the_briefs_stand_first():
    groups = group_entries(entry(name=name) for name in ("00-start-here", "recognition/00-brief-x", "recognition/01-x"))
    assert [subject_of(group) for group in groups] == ["Start here", "Start here", "Diplomatic recognition"]


def test_each_run_shows_size_key_numbers_and_a_small_figure(folder, html):
    kilobytes = round((folder / "air_defence/01-leak.html").stat().st_size / 1000)
    assert f"<p>1 figure, {kilobytes} KB</p>" in html
    assert (
        "<details><summary>Key numbers</summary><p>threats: <b>24</b> · =leakers &lt;b&gt;: <b>+mixed</b> · only with mixed: <b>1</b></p>"
        in html
    )
    assert html.count('width="180" height="93" alt="Nothing &amp; &lt;more&gt;." loading="lazy"') == 3


def test_the_comparison_has_a_row_for_each_run_and_the_numbers_that_all_have(html):
    (table,) = re.findall(r"<table>.*?</table>", html, re.DOTALL)
    assert re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', table) == ["page", "threats", "=leakers &lt;b&gt;"]
    assert re.findall(r'<td class="number">([^<]*)</td>', table) == [
        "24",
        "+mixed",
        "24",
        "+&lt;script&gt;alert(1)&lt;/script&gt;",
    ]
    assert table.count('<th scope="row"><a href="air_defence/01-leak') == 2


def test_the_comparison_lies_beside_the_index_without_formulas(folder, html):
    assert [path.name for path in (folder / "key-numbers").iterdir()] == ["air_defence-01-leak.csv"], "02 ran once"
    assert '<a href="key-numbers/air_defence-01-leak.csv" download>' in html
    kept = (folder / "key-numbers/air_defence-01-leak.csv").read_text(encoding="utf-8")
    head, first, second = csv.reader(io.StringIO(kept))
    assert head == ["z_raid", "a_threats", "threats", "'=leakers <b>", "page"]
    assert first == ["mixed", "24", "24", "'+mixed", "air_defence/01-leak.html"]
    assert second[:4] == [EVIL, "24", "24", f"'+{EVIL}"]


def test_whatever_stands_in_a_parameter_or_a_number_is_text(html):
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert "alert" not in script and EVIL not in html
    assert "z raid: &lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_long_comparison_is_folded_and_a_wide_one_cut_but_whole_in_its_file():
    numbers = {f"n{place}": str(place) for place in range(50)}
    (short,) = group_entries(entry(parameters={"k": str(n)}, numbers=numbers) for n in range(SHOWN_OPEN))
    (long,) = group_entries(entry(parameters={"k": str(n)}, numbers=numbers) for n in range(SHOWN_OPEN + 1))
    assert short.is_open and not long.is_open
    assert len(short.columns) == 2 * MOST_NUMBERS
    assert short.download.csv.splitlines()[0].count(",n") == 50


def test_runs_that_differ_in_nothing_are_known_by_their_pages():
    (group,) = group_entries([entry(link="a.html"), entry(link="b.html")])
    assert [group.title(run) for run in group.entries] == ["a.html", "b.html"]


def test_other_notebooks_partial_ones_and_those_without_a_page_are_not_listed(folder):
    executed = folder / "air_defence/01-leak.ipynb"
    (folder / "own.ipynb").write_text(json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    (folder / "own.html").write_text("mine")
    (folder / "broken.ipynb").write_text("{")
    (folder / "broken.html").write_text("mine")
    (folder / "air_defence/02-x.partial.ipynb").write_bytes(executed.read_bytes())
    html = write_index(folder).read_text(encoding="utf-8")
    assert html.count('<li>\n<div class="what"') == 3 and "own.html" not in html


def test_all_questions_stand_above_the_answers_each_with_a_link_to_its_page_or_its_pages(html):
    nav = BeautifulSoup(html, "html.parser").find("nav", class_="questions")
    links = [link["href"] for link in nav.find_all("a")]
    groups = BeautifulSoup(html, "html.parser").find_all("section", class_="runs")
    assert len(links) == len(groups) == 2
    several = [group.h3["id"] for group in groups if not group.h3.a]
    assert [link for link in links if link.startswith("#")] == [f"#{anchor}" for anchor in several]
    assert set(links) >= {group.h3.a["href"] for group in groups if group.h3.a}


def test_failures_are_shown_above_the_pages(folder):
    html = write_index(folder, ["01-x failed in cell 3: <b>"]).read_text(encoding="utf-8")
    assert html.index("01-x failed in cell 3: &lt;b&gt;") < html.index("01-leak.html")


def test_an_empty_folder_has_an_index_too(tmp_path):
    html = write_index(tmp_path).read_text(encoding="utf-8")
    assert "There is no page yet." in html and "<script" not in html


def test_an_index_is_the_same_whether_its_pictures_are_made_or_kept(folder, monkeypatch):
    made = write_index(folder).read_bytes()
    monkeypatch.setattr("analysis.reporting.page.index.thumbnail", lambda _: pytest.fail("made again"))
    assert write_index(folder).read_bytes() == made


def test_two_hundred_runs_make_an_index_of_less_than_three_megabytes(folder):
    executed = folder / "air_defence/01-leak.ipynb"
    content = json.loads(executed.read_text())
    (figure,) = [
        output for cell in content["cells"] for output in cell.get("outputs", []) if "image/png" in output["data"]
    ]
    for number in range(200):
        content["metadata"]["domes"]["parameters"]["z_raid"] = f"raid {number}"
        figure["metadata"]["image/png"]["alt"] = f"Figure {number} " + "with a long sentence " * 20
        path = folder / f"air_defence/01-leak--{number}.ipynb"
        path.write_text(json.dumps(content))
        path.with_suffix(".html").write_bytes(executed.with_suffix(".html").read_bytes())
    index = write_index(folder)
    picture = max(map(len, re.findall(r'src="(data:image/png[^"]*)"', index.read_text())))
    allowance = 11_000 - picture  # for figures as full as those of the widest maps
    assert index.stat().st_size + 200 * allowance < 3_000_000


def test_the_sentences_that_open_the_parts_of_an_answer_stand_as_far_as_there_is_room():
    points = (
        "12 states had relations (Figure 1). Nauru left last.",
        " ".join(["long"] * 98) + ".",
        "170 recognise Israel.",
    )
    several = entry(points=points)
    assert several.opening == "12 states had relations. 170 recognise Israel."
    assert several.short == " ".join(points).replace(" (Figure 1)", "")
    pointed = (
        "Two (a and b; Figure 1) and 3 (Figure 2; ? = not seen) (Figures 4 to 8). Figure 5 sets totals beside them.",
    )
    assert entry(points=pointed).short == "Two (a and b) and 3 (? = not seen)."
    assert entry(points=("One sentence.",)).opening == "One sentence." == entry(points=("One sentence.",)).short


def test_a_page_that_names_a_class_of_threats_is_found_by_its_code_and_short_name(folder):
    path = next(folder.glob("02-once*.ipynb"))
    content = json.loads(path.read_text(encoding="utf-8"))
    named = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/html": "<td>Short-range ballistic missile</td>"},
    }
    next(cell for cell in content["cells"] if cell["cell_type"] == "code")["outputs"].append(named)
    path.write_text(json.dumps(content), encoding="utf-8")
    words = re.findall('data-words="([^"]*)"', write_index(folder).read_text(encoding="utf-8"))
    found = [one.split() for one in words if "srbm" in one.split()]
    assert len(found) == 1 and {"ballistic", "short"} <= set(found[0])


def test_code_is_read_in_one_thread_alone(folder, monkeypatch):
    """Python 3.11.7 and older raise a SystemError now and then where two threads parse at once."""
    parse, seen = ast.parse, set()
    monkeypatch.setattr(ast, "parse", lambda *given, **more: (seen.add(get_ident()), parse(*given, **more))[1])
    write_index(folder)
    assert seen == {get_ident()}
