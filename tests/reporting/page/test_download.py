"""Data of a page are links that hold their file."""

import base64
import csv
import gzip
import io
import re
import zipfile
from urllib.parse import unquote

import pytest
from markupsafe import escape
from PIL import Image

from analysis.reporting.page.download import Downloads, text_address

LINKED = re.compile('<a href="([^"]*)"')
TABLE = {"name": "", "csv": "n\n1\n", "rows": 1, "kept": 1}


def unpack(address):
    head, _, rest = address.partition(",")
    return base64.b64decode(rest).decode() if head.endswith(";base64") else unquote(rest)


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", 'x "y" & <z> #1 %41\n', "é ü 台灣\n" * 40, "a b c d e f\n" * 9, "'=1\t\r"]
)
def test_an_address_holds_the_whole_text_and_nothing_that_ends_an_attribute(text):
    address = text_address(text)
    assert address.startswith("data:text/csv;charset=utf-8")
    assert unpack(address) == text
    assert not set(address) & set("\"'<>& \n\t\r#")


def test_each_table_behind_a_figure_is_a_file_named_after_page_and_figure():
    tables = [TABLE | {"name": "counts"}, {"name": "un <b>", "csv": "m\n2\n", "rows": 9, "kept": 1}]
    first, second = Downloads("02-switching").of_figure(tables, {}, 3)
    assert (first.name, first.words, first.note) == (
        "02-switching-figure-3-counts.csv",
        "Data of figure 3, counts (CSV)",
        "",
    )
    assert (second.name, second.note) == ("02-switching-figure-3-un-b.csv", ", the first 1 of 9 rows")
    assert "&lt;b&gt;" in escape(second) and "<b>" not in escape(second)


def test_data_that_a_notebook_cut_are_whole_where_the_run_kept_them():
    (download,) = Downloads("page").of_figure([TABLE | {"rows": 3}], {"": "n\n1\n2\n3\n"}, 1)
    assert unpack(LINKED.match(escape(download))[1]) == "n\n1\n2\n3\n" and download.note == ""


def test_the_same_data_stand_in_a_page_once():
    downloads = Downloads("page")
    (first,) = downloads.of_figure([TABLE], {}, 1)
    (again,) = downloads.of_figure([TABLE], {}, 2)
    assert "data:text/csv" in escape(first)
    assert escape(again) == 'Data of figure 2 (CSV): <a href="#figure-1">the same as of figure 1</a>'


def test_a_large_table_lies_beside_the_page_whole_and_says_how_large_it_is():
    rows = [["n", "words"], *[[str(n), "word " * 20] for n in range(1000)]]
    downloads = Downloads("page")
    said = escape(downloads.of_table(rows, 2))
    (content,) = downloads.beside.values()
    assert list(csv.reader(io.StringIO(content.decode()))) == rows
    assert said.startswith('<a href="page.files/page-table-2.csv" download>') and said.endswith(
        "105 KB, beside this page"
    )


def test_a_figure_can_be_saved_as_a_drawing_and_with_twice_the_pixels():
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt"><rect width="9" height="9"/></svg>'
    downloads = Downloads("a b")
    links = downloads.of_picture(base64.b64encode(gzip.compress(drawing.encode())).decode(), 1)
    assert re.findall('href="([^"]*)"', links) == [f"a%20b.files/a%20b-figure-1.{end}" for end in ("svg", "png")]
    assert downloads.beside["a b.files/a b-figure-1.svg"].decode() == drawing
    picture = Image.open(io.BytesIO(downloads.beside["a b.files/a b-figure-1.png"]))
    assert picture.size == (288, 144), "one inch at twice 144 dots"


def test_the_workbook_has_every_table_as_text_and_numbers_and_the_same_bytes_each_time():
    books = []
    for _ in range(2):
        downloads = Downloads("page")
        downloads.of_table([["state", "share"], ["'=1+1", "0.5"], ["007", "1e400"]], 1)
        downloads.of_figure([TABLE | {"name": "a/b: a name that is longer than a sheet's may be"}], {}, 2)
        books.append(downloads.beside[downloads.write_workbook()])
    assert books[0] == books[1]
    with zipfile.ZipFile(io.BytesIO(books[0])) as book:
        sheet, names = (book.read(f"xl/{name}").decode() for name in ("worksheets/sheet1.xml", "workbook.xml"))
    assert "<f>" not in sheet and "<v>0.5</v>" in sheet and sheet.count('t="s"') == 5
    assert re.findall('sheet name="([^"]*)"', names) == ["Table 1", "Figure 2 a b a name that is lon"]
    assert Downloads("page").write_workbook() == "", "without a table there is none"
