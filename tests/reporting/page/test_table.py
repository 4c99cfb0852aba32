"""Tables of a page: headers have a scope, numbers stand to the right, and each table scrolls in its own box."""

import pandas as pd
import pytest

from analysis.reporting.page.clean import clean, read_tables

COUNTS = pd.DataFrame({"state": ["Haiti", "Palau"], "votes": [3, 12], "since": ["1956-04-25", "1999-12"]})


def test_a_table_stands_in_a_box_that_scrolls_and_has_a_name():
    markup = clean(COUNTS.to_html(), label='Table: "A" & B')
    assert markup.startswith(
        '<div class="table" role="group" tabindex="0" aria-label="Table: &quot;A&quot; &amp; B"><table>'
    )
    assert markup.endswith("</table></div>")


def test_column_heads_have_a_scope_and_an_empty_head_is_none():
    head = clean(COUNTS.to_html()).split("</thead>")[0]
    assert "<td" in head.split('<th scope="col">state')[0]
    assert '<th scope="col" class="number">votes</th>' in head


def test_row_heads_have_a_scope():
    assert '<th scope="row">Haiti</th>' in clean(COUNTS.set_index("state").to_html())


def test_the_heads_of_several_rows_and_columns_say_so():
    frame = COUNTS.set_index(pd.MultiIndex.from_tuples([("A", "x"), ("A", "y")]))
    frame.columns = pd.MultiIndex.from_tuples([("who", "state"), ("what", "votes"), ("what", "since")])
    markup = clean(frame.to_html())
    assert '<th colspan="2" scope="colgroup">what</th>' in markup
    assert '<th rowspan="2" scope="rowgroup">A</th>' in markup


def test_a_column_under_a_head_of_two_rows_is_still_read_as_one_of_numbers():
    frame = pd.DataFrame({"n": [1, 2, 3]}, index=pd.MultiIndex.from_product([["A"], ["x", "y", "z"]]))
    assert clean(frame.to_html()).count('<td class="number">') == 3


def test_digits_are_grouped_for_reading_alone():
    frame = pd.DataFrame({"year": [1949, 2025], "acts": [1491, 96395]})
    markup = clean(frame.to_html(index=False))
    assert "1,491" in markup and "96,395" in markup and ">1949<" in markup and ">2025<" in markup
    ((head, *rows),) = (table.rows() for table in read_tables(frame.to_html(index=False)))
    assert (head, rows) == (["year", "acts"], [["1949", "1491"], ["2025", "96395"]])


@pytest.mark.parametrize(
    "values", [["1", "-2.5", "1,000"], ["12 %", "3 %", "–"], ["$4", "$5", "NaN"], ["−1", "≈2", "0"]]
)
def test_numbers_stand_to_the_right(values):
    assert clean(pd.DataFrame({"n": values}).to_html(index=False)).count('class="number"') == 4


@pytest.mark.parametrize("values", [["1", "two"], ["1-2", "3"], ["", ""], ["1.5 km", "2"]])
def test_words_stand_to_the_left(values):
    assert 'class="number"' not in clean(pd.DataFrame({"n": values}).to_html(index=False))


def test_days_are_not_broken():
    assert clean(COUNTS.to_html(index=False)).count('<td class="day">') == 2


def laid_out(frame, **options):
    (table,) = read_tables(frame.to_html(**options))
    return table.rows()


def test_the_texts_are_laid_out_row_by_row_with_one_head():
    assert laid_out(COUNTS, index=False) == [
        ["state", "votes", "since"],
        ["Haiti", "3", "1956-04-25"],
        ["Palau", "12", "1999-12"],
    ]
    assert laid_out(COUNTS.set_index("state"))[0] == ["state", "votes", "since"], (
        "the row with the index's name is part of it"
    )
    assert laid_out(pd.DataFrame({"n": [float("nan")]}))[1] == ["0", ""]


def test_a_cell_that_spans_several_places_stands_in_each():
    frame = pd.DataFrame([[1, 2], [3, 4]], index=pd.MultiIndex.from_tuples([("A", "x"), ("A", "y")]))
    frame.columns = pd.MultiIndex.from_tuples([("votes", "yes"), ("votes", "no")])
    assert laid_out(frame) == [
        ["column 1", "column 2", "votes yes", "votes no"], ["A", "x", "1", "2"], ["A", "y", "3", "4"],
    ]  # fmt: skip


def test_a_span_beyond_the_table_or_a_cell_outside_a_row_does_no_harm():
    tables = []
    for markup in (
        "<table><tr><td colspan=999 rowspan=999>a<td>b</table>",
        "<table><td>a</table>",
        "<table><tr></table>",
    ):
        clean(markup, finish=lambda table: (tables.append(table.rows()), ("", "", ""))[1])
    assert tables[0][1][-1] == "b" and len(tables[0]) == 2
    assert tables[1] == [["column 1"], ["a"]]
    assert len(tables) == 2, "a table without a cell has nothing to offer"


def test_a_table_in_a_table_is_part_of_its_cell():
    inner = "<table><tr><td>1</td><td>2</td></tr></table>"
    markup = f"<table><tr><th>x</th><td>{inner}</td></tr></table>"
    (table,) = read_tables(markup)
    assert table.rows() == [["column 1", "column 2"], ["x", "1 2"]]
    assert clean(markup).count('role="group"') == 1


def test_a_table_gets_a_caption_unless_it_has_one():
    finish = lambda table: ("Table 1: A & B", "<caption>Ours</caption>", "<p>Below</p>")  # noqa: E731
    markup = clean(COUNTS.to_html(), finish=finish)
    assert markup.startswith(
        '<div class="table" role="group" tabindex="0" aria-label="Table 1: A &amp; B"><table><caption>Ours</caption>'
    )
    assert markup.endswith("</table></div><p>Below</p>")
    own = clean("<table><caption>Theirs</caption><tr><td>1</td></tr></table>", finish=finish)
    assert "Theirs" in own and "Ours" not in own


def test_what_is_not_known_is_a_dash():
    frame = pd.DataFrame({"day": [pd.NaT], "number": [float("nan")], "whole": pd.array([None], dtype="Int64")})
    markup = clean(frame.to_html(index=False))
    assert markup.count(">–</td>") == 3
    assert "NaN" not in markup and "NaT" not in markup


def test_no_style_width_or_border_of_the_maker_is_left():
    for markup in (COUNTS.to_html(), COUNTS.style.to_html()):
        cleaned = clean(markup)
        assert "Haiti" in cleaned
        assert not [word for word in ("style", "border", "width", "id=", "dataframe") if word in cleaned]


@pytest.mark.parametrize("span", ["0", "-1", "x", "²", "99999999999", ""])
def test_a_senseless_span_does_no_harm(span):
    markup = clean(f'<table><tr><td colspan="{span}">a</td><td>b</td></tr></table>')
    assert "a</td>" in markup and "b</td>" in markup
