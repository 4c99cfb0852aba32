"""Reports become nights: what is added, what is left out and counted, and what is refused."""

import re

import pandas as pd
import pytest

from analysis.air_defence.calibration.nights import ODD_TIMES, UNKNOWN, count_nights, shares_by_month
from analysis.errors import DataError, ParameterError
from analysis.schema.columns import MOMENT_PATTERN
from analysis.tables import load_table

COLUMNS = ["start", "end", "model", "launched", "destroyed", "lost", "still_airborne", "hit_locations",
           "debris_locations", "source"]  # fmt: skip
COUNTS = COLUMNS[3:9]


@pytest.fixture(scope="module")
def models():
    return load_table("air_defence/ukraine_models")


@pytest.fixture(scope="module")
def shipped(models):
    return count_nights(load_table("air_defence/ukraine_reports"), models)


def reports(*rows):
    """Rows as start, end, model, launched, destroyed, lost."""
    frame = pd.DataFrame([[*row, *[None] * (9 - len(row)), "a post"] for row in rows], columns=COLUMNS)
    return frame.astype(dict.fromkeys(COUNTS, "Int64"))


def test_the_record_is_the_one_whose_traps_are_known(shipped):
    reasons = shipped.omitted.set_index("reason")["rows"]
    assert reasons["launched is not given"] == 3
    assert reasons["rows equal to an earlier one in every column"] == 14
    assert shipped.unknown_models == []
    large = shipped.nights[shipped.nights["launched"] >= 5]
    half = large[large["night"].between("2025-07-01", "2025-12-31")]["family"].value_counts()
    assert (half["owa_drone"], half["subsonic_cm"], half["srbm"]) == (184, 29, 18)
    assert (large["family"] == "srbm").sum() == 44
    assert shipped.of("srbm")["night"].min() > pd.Timestamp("2023-05-01")
    sam = shipped.of("sam_on_ground")
    assert sam["killed"].sum() / sam["launched"].sum() < 0.05


def test_a_night_bears_the_day_on_which_its_reports_end(models):
    both = reports(
        ("2025-07-01 20:00", "2025-07-02 08:00", "Shahed-136/131", 50, 30, 10),
        ("2025-07-02", "2025-07-02", "Shahed-136/131", 10, 8, None),
    )
    night = count_nights(both, models).nights
    assert night[["launched", "killed", "reports"]].values.tolist() == [[60, 48, 2]]
    assert night["night"].tolist() == [pd.Timestamp("2025-07-02")]


def test_equal_rows_count_once_and_other_rows_of_one_time_are_added(models):
    one = ("2025-03-05 19:00", "2025-03-06 09:00", "Iskander-M", 1, 0)
    same = count_nights(reports(one, one), models)
    other = count_nights(reports(one, (*one[:4], 1)), models)
    assert same.nights["launched"].tolist() == [1]
    assert other.nights[["launched", "killed"]].values.tolist() == [[2, 1]]


def test_destroyed_and_lost_together_are_capped_at_launched(models):
    counted = count_nights(reports(("2024-12-27 23:00", "2024-12-28", "Shahed-136/131", 16, 15, 11)), models)
    assert counted.nights["killed"].tolist() == [16]
    assert counted.noticed.set_index("what")["rows"].filter(like="capped").tolist() == [1]


def test_the_definition_says_whether_the_lost_are_stopped(models):
    night = reports(("2025-07-01", "2025-07-02", "Shahed-136/131", 50, 30, 10))
    shares = [shares_by_month(count_nights(night, models, name), "owa_drone")["share"].tolist()
              for name in ("destroyed_or_lost", "destroyed")]  # fmt: skip
    assert shares == [[0.8], [0.6]]


def test_every_row_that_is_left_out_is_counted_with_its_reason(models):
    good = ("2025-07-02", "2025-07-02", "Shahed-136/131", 50, 30)
    odd = reports(
        good,
        ("2025-07-02", "2025-07-02", "Geran-9", 7, 7),
        ("2025-07-02", "2025-07-02", None, 4, 4),
        ("2025-07-02", "2025-07-02", "Orlan-10", 1, 1),
        ("2025-07-02", "2025-07-02", "Iskander-M and Iskander-K", 3, 1),
        ("2025-07-02", "2025-07-02", "Iskander-M", None, 1),
        ("2025-07-02", "2025-07-02", "Iskander-M", 2, None),
        ("2025-07-02", "2025-07-02", "Iskander-M", 0, 0),
        ("2025-07-03", "2025-07-02", "Iskander-M", 2, 1),
    )
    counted = count_nights(odd, models)
    assert counted.nights["family"].tolist() == ["owa_drone"]
    assert counted.unknown_models == ["Geran-9", "no model at all"]
    assert counted.omitted["rows"].sum() == len(odd) - 1
    assert counted.omitted.set_index("reason").loc[UNKNOWN].tolist() == [2, 11]


@pytest.mark.parametrize(
    "time",
    ["", " ", " 08:00", " 08:00:00", "  08:00", "T08:00", " 08.00", " 5:00pm", " 3:30", " 25:61", " morning"],
)
def test_the_day_counts_however_its_time_is_written(models, time):
    written = f"2025-12-20{time}"
    assert re.fullmatch(MOMENT_PATTERN, written)
    counted = count_nights(reports(("2025-12-19 20:00", written, "Shahed-136/131", 50, 30)), models)
    assert counted.nights[["night", "launched"]].values.tolist() == [[pd.Timestamp("2025-12-20"), 50]]
    assert counted.noticed.set_index("what")["rows"][ODD_TIMES] == (time not in ("", " 08:00"))


def test_what_cannot_be_is_left_out_and_counted_whatever_its_size(models):
    good = ("2025-07-02", "2025-07-02", "Shahed-136/131", 2_500, 30)
    odd = reports(
        good,
        (*good[:3], 9, 3, -1),
        (*good[:3], -9, 3),
        (*good[:3], 9, -3),
        (*good[:3], 1_000_000, 3),
    )
    counted = count_nights(odd, models)
    assert counted.nights["launched"].tolist() == [2_500]
    assert counted.omitted[["reason", "rows", "launched"]].values.tolist() == [
        ["a count below zero", 3, 18],
        ["more than 10,000 launched in one row", 1, 0],
    ]


def test_more_destroyed_than_launched_is_refused_with_its_row(models):
    with pytest.raises(DataError, match=r"ukraine_reports.csv row 3: destroyed = '5' must not exceed launched = 4"):
        count_nights(
            reports(("2025-07-02", "2025-07-02", "KN-23", 3, 3), ("2025-07-02", "2025-07-02", "KN-23", 4, 5)), models
        )


def test_an_empty_record_and_an_unknown_definition_are_refused(models):
    with pytest.raises(DataError, match="has no row"):
        count_nights(reports(), models)
    with pytest.raises(ParameterError, match="definition = 'lost' is not known"):
        count_nights(reports(), models, "lost")
