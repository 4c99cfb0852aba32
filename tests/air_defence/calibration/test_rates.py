"""Shares stopped in real raids, and what they would let through of a notional one."""

import pandas as pd
import pytest

from analysis.air_defence.calibration.nights import count_nights
from analysis.air_defence.calibration.rates import (
    leakers_at_rates,
    leakers_at_real_rates,
    rates_of_nights,
    rates_of_raids,
)
from analysis.errors import ParameterError
from analysis.tables import load_facts, load_table

MIXED = {"owa_drone": 40, "subsonic_cm": 16, "srbm": 20, "mrbm": 8}


def test_at_the_rates_of_late_2025_about_28_of_84_would_come_through():
    nights = count_nights(load_table("air_defence/ukraine_reports"), load_table("air_defence/ukraine_models"))
    rates = rates_of_nights(nights, "2025-07-01", "2025-12-31", "Ukraine, second half of 2025")
    assert sorted(rates["threat_class"]) == ["owa_drone", "srbm", "subsonic_cm"]
    assert (rates["rate_low"] <= rates["rate"]).all() and (rates["rate"] <= rates["rate_high"]).all()
    leak = leakers_at_rates(MIXED, rates)
    assert leak["leakers"].sum() == pytest.approx(28.5, abs=0.1)
    assert leak.set_index("threat_class").loc["mrbm", "rate_of"] == "srbm"


def test_at_the_rates_of_the_emirates_about_5_would_by_what_was_destroyed():
    observed = load_table("air_defence/observed_raids")
    rates = rates_of_raids(observed, "uae_2026", "UAE, 2026", "destroyed")
    assert leakers_at_rates(MIXED, rates)["leakers"].sum() == pytest.approx(4.7, abs=0.2)


def test_censored_rows_and_rows_without_both_counts_give_no_rate():
    rows = pd.DataFrame({
        "raid_id": ["a_1", "a_2", "a_3", "a_4", "b_1"], "threat_class": "srbm", "begin": "2025-01-01", "end": "2025-01-01",
        "launched": [10, 10, None, 10, 10], "destroyed": [4, 10, 3, 9, 9], "failed": [2, None, None, None, None],
        "denominator": ["launched", "launched", "launched", "engaged", "launched"],
        "censored": [False, True, False, False, False],
    }).astype({"launched": "Int64", "destroyed": "Int64", "failed": "Int64"})  # fmt: skip
    row = rates_of_raids(rows, "a", "A").iloc[0]
    assert (row["raids"], row["launched"], row["stopped"], row["rate"]) == (1, 10, 6, 0.6)
    assert rates_of_raids(rows, "a", "A", "destroyed")["rate"].tolist() == [0.4]
    assert rates_of_raids(rows, "c", "C").empty


def test_a_class_without_a_rate_is_left_empty_and_two_records_are_refused():
    rates = pd.DataFrame({"record": ["a", "b"], "threat_class": "srbm", "rate": 0.5, "rate_low": 0.2, "rate_high": 0.7})
    leak = leakers_at_rates({"hgv": 4, "srbm": 10}, rates.head(1)).set_index("threat_class")
    assert pd.isna(leak.loc["hgv", "leakers"]) and leak.loc["hgv", "rate_of"] == ""
    assert leak.loc["srbm", ["leakers", "leakers_low", "leakers_high"]].tolist() == pytest.approx([5, 3, 8])
    with pytest.raises(ParameterError, match="2 records"):
        leakers_at_rates({"srbm": 1}, rates)


def test_three_records_stand_beside_the_model():
    sums = leakers_at_real_rates(MIXED, load_facts("air_defence")).groupby("record", sort=False)["leakers"].sum()
    assert sums.round(1).tolist() == [28.5, 2.7, 4.7]
