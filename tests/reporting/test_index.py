"""The index lists every page of its folder."""

import json
import shutil
from pathlib import Path

import pytest

from analysis.reporting.catalogue import Notebook
from analysis.reporting.index import write_index
from analysis.reporting.page import write_page
from analysis.reporting.run import run_notebook

pytestmark = pytest.mark.notebook
FIGURE = (
    "import matplotlib.pyplot as plt\nfrom analysis.figures import style\n"
    "figure, axes = plt.subplots(figsize=style.WIDE)\nplt.close(figure)\nstyle.show(figure, 'Nothing & <more>.')"
)


@pytest.fixture(scope="module")
def pages(write_notebook_in, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    parameters = ("z_raid: str = 'mixed'  # raid\na_threats: int = 24  # threats", ["parameters"])
    notebook = Notebook(write_notebook_in(folder, "# How many <leak>?", parameters, FIGURE), "air_defence/01-leak")
    for given in ({}, {"z_raid": "<script>alert(1)</script>"}):
        write_page(run_notebook(notebook, given, folder / "out").executed)
    return folder / "out"


@pytest.fixture
def folder(pages, tmp_path):
    return Path(shutil.copytree(pages, tmp_path / "out"))


def test_each_page_has_question_link_parameters_size_and_figure(folder):
    html = write_index(folder).read_text(encoding="utf-8")
    assert html.count("<li>") == 2
    assert '<a href="air_defence/01-leak.html">How many &lt;leak&gt;?</a>' in html
    assert "<p>z_raid = mixed, a_threats = 24</p>" in html, "in the order of the notebook"
    kilobytes = round((folder / "air_defence/01-leak.html").stat().st_size / 1000)
    assert f"air_defence/01-leak · {kilobytes} KB" in html
    assert html.count('alt="Nothing &amp; &lt;more&gt;." width="240" height="124"') == 2


def test_whatever_stands_in_a_parameter_is_text(folder):
    html = write_index(folder).read_text(encoding="utf-8")
    assert "<script" not in html
    assert "z_raid = &lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_other_notebooks_partial_ones_and_those_without_a_page_are_not_listed(folder):
    executed = folder / "air_defence/01-leak.ipynb"
    (folder / "own.ipynb").write_text(json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    (folder / "own.html").write_text("mine")
    (folder / "broken.ipynb").write_text("{")
    (folder / "broken.html").write_text("mine")
    (folder / "air_defence/02-x.partial.ipynb").write_bytes(executed.read_bytes())
    html = write_index(folder).read_text(encoding="utf-8")
    assert html.count("<li>") == 2 and "own.html" not in html


def test_failures_are_shown_above_the_pages(folder):
    html = write_index(folder, ["01-x failed in cell 3: <b>"]).read_text(encoding="utf-8")
    assert html.index("01-x failed in cell 3: &lt;b&gt;") < html.index("01-leak.html")


def test_an_empty_folder_has_an_index_too(tmp_path):
    assert "There is no page yet." in write_index(tmp_path).read_text(encoding="utf-8")


def test_two_indices_of_the_same_pages_are_equal(folder):
    assert write_index(folder).read_bytes() == write_index(folder).read_bytes()
