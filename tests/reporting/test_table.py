"""Tables of a page: headers have a scope, numbers stand to the right, and each table scrolls in its own box."""

import pandas as pd
import pytest
from great_tables import GT

from analysis.reporting.clean import clean

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


def test_what_is_not_known_is_a_dash():
    frame = pd.DataFrame({"day": [pd.NaT], "number": [float("nan")], "whole": pd.array([None], dtype="Int64")})
    markup = clean(frame.to_html(index=False))
    assert markup.count(">–</td>") == 3
    assert "NaN" not in markup and "NaT" not in markup


def test_no_style_width_or_border_of_the_maker_is_left():
    for markup in (COUNTS.to_html(), GT(COUNTS).as_raw_html(), COUNTS.style.to_html()):
        cleaned = clean(markup)
        assert "Haiti" in cleaned
        assert not [word for word in ("style", "border", "width", "id=", "dataframe", "gt_") if word in cleaned]


@pytest.mark.parametrize("span", ["0", "-1", "x", "²", "99999999999", ""])
def test_a_senseless_span_does_no_harm(span):
    markup = clean(f'<table><tr><td colspan="{span}">a</td><td>b</td></tr></table>')
    assert "a</td>" in markup and "b</td>" in markup
