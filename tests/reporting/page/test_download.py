"""Data of a page are links that hold their file."""

import base64
import csv
import io
from urllib.parse import unquote

import pytest
from markupsafe import escape

from analysis.figures.data_file import LARGEST_BYTES
from analysis.reporting.page.download import csv_address, figure_downloads, table_download

TABLE = {"name": "", "csv": "n\n1\n", "rows": 1, "kept": 1}


def unpack(address):
    head, _, rest = address.partition(",")
    return base64.b64decode(rest).decode() if head.endswith(";base64") else unquote(rest)


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", 'x "y" & <z> #1 %41\n', "é ü 台灣\n" * 40, "a b c d e f\n" * 9, "'=1\t\r"]
)
def test_an_address_holds_the_whole_text_and_nothing_that_ends_an_attribute(text):
    address = csv_address(text)
    assert address.startswith("data:text/csv;charset=utf-8")
    assert unpack(address) == text
    assert not set(address) & set("\"'<>& \n\t\r#")


def test_each_table_behind_a_figure_is_a_file_named_after_page_and_figure():
    tables = [TABLE | {"name": "counts"}, {"name": "un <b>", "csv": "m\n2\n", "rows": 9, "kept": 1}]
    first, second = figure_downloads(tables, "02-switching", 3, {})
    assert (first.name, first.words, first.note) == (
        "02-switching-figure-3-counts.csv",
        "Data of figure 3, counts (CSV)",
        "",
    )
    assert (second.name, second.note) == ("02-switching-figure-3-un-b.csv", ", the first 1 of 9 rows")
    assert "&lt;b&gt;" in escape(second) and "<b>" not in escape(second)


def test_the_same_data_stand_in_a_page_once():
    offered = {}
    (first,) = figure_downloads([TABLE], "page", 1, offered)
    (again,) = figure_downloads([TABLE], "page", 2, offered)
    assert "data:text/csv" in escape(first)
    assert escape(again) == 'Data of figure 2 (CSV): <a href="#figure-1">the same as of figure 1</a>'


def test_a_large_table_is_cut_and_says_so():
    rows = [["n", "words"], *[[str(n), "word " * 20] for n in range(1000)]]
    download = table_download(rows, "page", 2)
    kept = list(csv.reader(io.StringIO(download.csv)))
    assert download.name == "page-table-2.csv" and len(download.csv) < LARGEST_BYTES + 200
    assert kept == rows[: len(kept)] and download.note == f", the first {len(kept) - 1} of 1,000 rows"
