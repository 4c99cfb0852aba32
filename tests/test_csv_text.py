"""Rows of a CSV text are told apart, or the line is named from which on they are not."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.csv_text import BrokenRowError, split_rows

# text, row of a spreadsheet and line in which the quote opens
BROKEN = [
    ('a,b\n1,"2\n3,4\n5,6\n', 2, 2),
    ('a,b\n1,2\n"3,4\n5,6', 3, 3),
    ('a,b\n"two\nlines","2\n3,4\n', 2, 3),
    ('a,b\n"two\nlines",2\n3,"4\n', 3, 4),
    ('a,b\n\n1,"2\n3,"4"\n', 3, 3),
    ('a,b\r\n1,2\r\n3,"4\r\n5,6\r\n', 3, 3),
    ('a,b\r1,2\r3,"4\r', 3, 3),
    ('a,b\n1,"say "yes" to it"\n', 2, 2),
    ('"a,b\n1,2\n', 1, 1),
    ('a,b\n1,"""\n', 2, 2),
]


@pytest.mark.parametrize(("text", "row", "line"), BROKEN)
def test_a_quote_that_is_not_closed_is_named_by_row_and_line(text, row, line):
    with pytest.raises(BrokenRowError) as caught:
        split_rows(text)
    assert caught.value.row == row
    assert f"a quote opens in line {line}, and its cell is not closed" in str(caught.value)
    assert "close it" in str(caught.value)


def test_a_cell_that_is_too_long_is_not_called_an_open_quote():
    usual = csv.field_size_limit(10**9)  # as a library may have set it
    try:
        with pytest.raises(BrokenRowError, match=r"larger than field limit \(131072\) \(line 2\); shorten the cell"):
            split_rows("a,b\n1," + "x" * 200_000 + "\n")
        assert csv.field_size_limit() == 10**9
    finally:
        csv.field_size_limit(usual)


@given(st.text(alphabet='a,"\n\r ', max_size=40))
def test_every_text_is_split_as_the_standard_library_does_or_refused_with_a_line(text):
    lines = len(io.StringIO(text, newline="").readlines())
    try:
        wanted = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        with pytest.raises(BrokenRowError, match="a quote opens in line ") as caught:
            split_rows(text)
        assert 1 <= caught.value.row <= lines
    else:
        assert split_rows(text) == wanted
