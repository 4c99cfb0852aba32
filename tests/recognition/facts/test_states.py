"""Days, codes, seats in the United Nations, the state system, and who followed whom."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.recognition.facts.states import (
    day_of,
    days_of,
    find_holders,
    read_days,
    require_existence,
    system_on,
    un_seats,
)


@pytest.mark.parametrize(
    ("when", "day"),
    [("1962", "1962-07-01"), ("1962-02", "1962-02-15"), ("1962-02-03", "1962-02-03"), (date(1962, 2, 3), "1962-02-03")],
)
def test_a_partial_date_stands_for_the_middle_of_its_time(when, day):
    assert day_of(when) == pd.Timestamp(day)


def test_precision_hides_what_the_text_says_beyond_it():
    assert day_of("1962-02-28", "year") == pd.Timestamp("1962-07-01")


@pytest.mark.parametrize("when", ["1979-13-31", "1979-02-30", "79", "", "19790101", "next year"])
def test_what_is_no_date_is_refused_with_the_way_to_write_one(when):
    with pytest.raises(ParameterError, match="YYYY-MM-DD"):
        day_of(when)


def test_a_column_of_dates_gives_the_same_days_as_its_cells():
    column = pd.Series(["1962", "1962-02", "1962-02-28"], index=[5, 1, 3])
    assert days_of(column).to_dict() == {index: day_of(text) for index, text in column.items()}


def test_a_missing_date_stays_missing():
    assert days_of(pd.Series([None, "1962"])).isna().tolist() == [True, False]


def test_days_are_read_from_text_dates_and_columns_alike():
    days = ["1962-02-03", date(1962, 2, 3), pd.Timestamp("1962-02-03")]
    assert len(set(read_days(days))) == 1
    column = pd.date_range("1962-01-01", periods=3)
    assert (read_days(column) == column.to_numpy()).all()


# Published membership of the United Nations at the end of each year.
MEMBERS = {
    1945: 51, 1950: 60, 1955: 76, 1957: 82, 1961: 104, 1964: 115, 1970: 127, 1975: 144, 1980: 154, 1984: 159,
    1990: 159, 1991: 166, 2000: 189, 2002: 191, 2006: 192, 2011: 193, 2025: 193,
}  # fmt: skip


@pytest.mark.parametrize(("year", "number"), MEMBERS.items())
def test_members_of_the_united_nations_are_as_many_as_published(world, lineage, year, number):
    assert system_on(world, lineage, f"{year}-12-31")["un_member"].sum() == number


def test_the_two_known_gaps_of_the_membership_are_of_one_seat(world, lineage):
    united_arab_republic = system_on(world, lineage, "1960-12-31")["un_member"].sum() - 99
    yugoslavia = system_on(world, lineage, "1993-12-31")["un_member"].sum() - 184
    assert (united_arab_republic, yugoslavia) == (1, -1)


def test_one_seat_of_china_passes_from_taipei_to_beijing(world, lineage):
    def seated(day):
        system = system_on(world, lineage, day)
        return set(system.loc[system["un_member"], "iso3"]) & {"CHN", "TWN"}

    assert seated("1971-10-24") == {"TWN"}
    assert seated("1971-10-25") == {"CHN"}


def test_a_table_without_taipei_still_seats_beijing_from_1971(world):
    alone = world[world["iso3"].eq("CHN")]
    since, until = un_seats(alone)
    assert since[0] == np.datetime64("1971-10-25")
    assert np.isnat(until[0])


def test_a_seat_ends_the_day_after_the_last_day_of_the_state(world):
    since, until = un_seats(world)
    row = world["iso3"].eq("CSK").to_numpy()
    assert str(since[row][0])[:10] == "1945-10-24"
    assert str(until[row][0])[:10] == "1993-01-01"


@pytest.mark.parametrize(
    ("day", "there", "gone"),
    [
        ("1992-12-31", {"CSK"}, {"CZE", "SVK"}),
        ("1993-01-01", {"CZE", "SVK"}, {"CSK"}),
        ("1991-12-25", {"SUN", "UKR"}, {"RUS"}),
        ("1992-01-01", {"RUS", "UKR"}, {"SUN"}),
        ("2006-06-04", {"SCG", "MNE"}, {"SRB", "YUG"}),
        ("2006-06-05", {"SRB", "MNE"}, {"YUG"}),
        ("1964-04-26", {"TZA", "EAZ"}, set()),
        ("1964-04-27", {"TZA"}, {"EAZ"}),
        ("1975-04-30", {"RVN", "VNM"}, set()),
        ("1975-05-01", {"VNM"}, {"RVN"}),
        ("1960-01-01", {"EGY", "SYR"}, {"UAR"}),
    ],
)
def test_predecessors_and_successors_change_places_on_the_day(world, lineage, day, there, gone):
    codes = set(system_on(world, lineage, day)["iso3"])
    assert there <= codes
    assert not gone & codes


def test_a_state_may_exist_before_it_has_a_seat(world, lineage):
    system = system_on(world, lineage, "2011-07-10").set_index("iso3")
    assert not system.loc["SSD", "un_member"]


def test_the_holders_of_an_act_follow_each_other_without_a_gap(lineage):
    for _, chain in find_holders(lineage).groupby(["maker", "carrier"]):
        assert (chain["since"].to_numpy()[1:] == chain["until"].to_numpy()[:-1]).all()


@pytest.mark.parametrize("day", ["1960-06-26", "1960-07-01", "1991-05-18", "2025-12-26"])
def test_an_entity_exists_in_each_of_its_periods(periods, day):
    require_existence("SOL", day, periods)


def test_a_day_between_two_periods_names_both(periods):
    with pytest.raises(ParameterError, match="from 1960-06-26 to 1960-07-01 and since 1991-05-18"):
        require_existence("SOL", "1970-01-01", periods)
