"""Numbers of states: those of their time."""

import numpy as np
import pandas as pd
import pytest

from analysis.recognition.facts.codes import codes_on, day_after, first_day
from analysis.tables import load_table


def on(system, iso3, *days):
    found = codes_on(
        load_table("recognition/state_codes"), system, pd.Series([iso3]), np.array([days], "datetime64[D]")
    )
    return found[0].tolist()


def test_germany_and_yemen_change_their_number_in_1990_on_one_list_alone():
    assert on("cow", "DEU", "1955-12-31", "1990-10-02", "1990-10-03") == [260, 260, 255]
    assert on("cow", "YEM", "1990-05-21", "1990-05-22") == [678, 679]
    assert on("gw", "DEU", "1955-12-31", "1990-12-31") == [260, 260]


def test_a_unit_has_no_number_before_its_coverage_begins_and_after_it_ends():
    found = on("vdem", "BLR", "1989-12-31", "1990-01-01")
    assert np.isnan(found[0]) and found[1] == 107
    found = on("vdem", "DDR", "1990-12-31", "1991-01-01")
    assert found[0] == 137 and np.isnan(found[1])


def test_a_state_that_no_list_knows_has_no_number():
    assert np.isnan(on("cow", "ABK", "2010-12-31")).all()


@pytest.mark.parametrize(("date", "first", "after"), [
    ("1990", "1990-01-01", "1991-01-01"), ("1990-12", "1990-12-01", "1991-01-01"), ("1992-02-29", "1992-02-29", "1992-03-01"),
])  # fmt: skip
def test_a_date_of_reduced_precision_takes_in_all_its_days(date, first, after):
    assert str(first_day(date)) == first
    assert str(day_after(date)) == after
