"""Who was at risk, from when until when: entry, censoring, periods."""

import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.recognition.facts.spells import build_spells, move_to_bounds
from analysis.recognition.facts.states import observed_until
from analysis.recognition.survival.risk_sets import OBSERVED_UNTIL, count_at_risk, ties_at_risk
from analysis.tables import load_table


@pytest.fixture
def make_ties(make_acts):
    """Spells with Taipei from lines such as ``A 1960-01-01 1971-10-25``, each ended by a withdrawal."""

    def make(*lines):
        rows = [line.split() for line in lines]
        acts = [f"{row[0]} TWN relations {act} {day}" for row in rows for act, day in zip(WORDS, row[1:], strict=False)]
        return build_spells(make_acts(*acts))

    return make


WORDS = ("established", "ended")


def watched(spells, **choices):
    ties = ties_at_risk(spells, "TWN", **{"until": "2000-01-01"} | choices)
    days = ties[["start", "stop"]].apply(lambda column: column.dt.strftime("%Y-%m-%d"))
    return list(zip(ties["recogniser"], days["start"], days["stop"], ties["ended"], strict=True))


def test_a_tie_that_began_before_the_entry_is_watched_from_the_entry(make_ties):
    assert watched(make_ties("A 1945-01-01 1971-10-25")) == [("A", "1950-12-31", "1971-10-25", True)]


def test_a_tie_that_ended_before_the_entry_was_never_watched(make_ties):
    assert [row[0] for row in watched(make_ties("A 1945 1950-06-01", "B 1951"))] == ["B"]


def test_an_open_tie_is_censored_on_the_last_day(make_ties):
    assert watched(make_ties("A 1960-01-01")) == [("A", "1960-01-01", "2000-01-01", False)]


@pytest.mark.parametrize(("end", "ended"), [("2000-01-01", True), ("2000-01-02", False)])
def test_an_end_is_seen_through_the_last_day(make_ties, end, ended):
    assert watched(make_ties(f"A 1960-01-01 {end}")) == [("A", "1960-01-01", "2000-01-01", ended)]


def test_an_end_for_another_reason_censors(make_ties):
    assert watched(make_ties("A 1960-01-01 1975-04-30"), reasons=["switch"]) == [
        ("A", "1960-01-01", "1975-04-30", False)
    ]


def test_an_end_without_a_known_reason_counts_as_not_known(make_ties):
    spells = make_ties("A 1960-01-01 1975-04-30").assign(end_reason=None)
    assert ties_at_risk(spells, "TWN", reasons=["not_known"])[["end_reason", "ended"]].to_numpy().tolist() == [
        ["not_known", True]
    ]


def test_a_tie_that_a_successor_carries_on_does_not_end(make_ties):
    spells = make_ties("A 1960-01-01 1991-12-26").assign(passed_on=True)
    assert watched(spells) == [("A", "1960-01-01", "1991-12-26", False)]


def test_a_cut_tie_ends_once_in_the_period_that_holds_its_end(make_ties):
    assert watched(make_ties("A 1960-01-01 1975-01-01"), cuts=["1971-01-01", "1974-01-01"]) == [
        ("A", "1960-01-01", "1971-01-01", False),
        ("A", "1971-01-01", "1974-01-01", False),
        ("A", "1974-01-01", "1975-01-01", True),
    ]


def test_an_end_on_the_day_of_a_cut_belongs_to_the_period_before(make_ties):
    assert watched(make_ties("A 1960-01-01 1971-01-01"), cuts=["1971-01-01"]) == [
        ("A", "1960-01-01", "1971-01-01", True)
    ]


@pytest.mark.parametrize(("clock", "years"), [("age", [2, 12]), ("calendar", [0, 10])])
def test_the_age_clock_starts_with_the_tie_and_the_calendar_with_the_entry(make_ties, clock, years):
    ties = ties_at_risk(make_ties("A 1948-12-31 1960-12-31"), "TWN", clock=clock)
    assert ties.loc[0, ["enter", "exit"]].tolist() == pytest.approx(years, abs=0.01)


def test_no_state_is_at_risk_twice_at_the_same_time(spells):
    ties = ties_at_risk(spells, "TWN", cuts=["1971-01-01", "1990-01-01"]).sort_values(["recogniser", "start"])
    assert not (ties["start"] < ties.groupby("recogniser")["stop"].shift()).any()


def test_cutting_at_periods_loses_no_time_and_no_ending(spells):
    whole, parts = ties_at_risk(spells, "ISR"), ties_at_risk(spells, "ISR", cuts=["1967-06-05", "1973-10-06", "1991"])
    for ties in (whole, parts):
        ties["years"] = ties["exit"] - ties["enter"]
    assert parts["years"].sum() == pytest.approx(whole["years"].sum())
    assert parts["ended"].sum() == whole["ended"].sum()


def test_thirty_eight_ties_with_taipei_are_at_risk_when_1950_ends(spells):
    assert (ties_at_risk(spells, "TWN", clock="calendar")["enter"] == 0).sum() == 38


def test_since_2016_ten_ties_with_taipei_have_ended_all_by_a_switch(spells):
    ended = ties_at_risk(spells, "TWN", entry="2016-01-01").query("ended")
    assert len(ended) == 10
    assert set(ended["end_reason"]) == {"switch"}


def test_the_risk_set_counts_who_entered_before_and_has_not_left(make_ties):
    ties = ties_at_risk(make_ties("A 1960 1962", "B 1961 1963", "C 1962 1970"), "TWN", clock="calendar")
    assert count_at_risk(ties)[["at_risk", "ended"]].to_numpy().tolist() == [[2, 1], [2, 1], [1, 1]]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"entity": "TWM"}, "did you mean 'TWN'"),
        ({"kind": "relation"}, "did you mean 'relations'"),
        ({"clock": "ages"}, "did you mean 'age'"),
        ({"reasons": ["swich"]}, "did you mean 'switch'"),
        ({"entry": "2020", "until": "2010"}, "no relations are on record between 2020 and 2010"),
    ],
)
def test_what_cannot_be_watched_is_refused(spells, choice, message):
    with pytest.raises(ParameterError, match=message):
        ties_at_risk(spells, **{"entity": "TWN"} | choice)


def test_relations_that_only_follow_from_recognition_are_not_watched_unless_asked_for(make_acts):
    spells = build_spells(make_acts("A ISR recognition recognised 1960", "B ISR relations established 1960"))
    assert ties_at_risk(spells, "ISR", until="2000")["recogniser"].tolist() == ["B"]
    assert ties_at_risk(spells, "ISR", until="2000", implied="include")["recogniser"].tolist() == ["A", "B"]
    assert ties_at_risk(spells, "ISR", "recognition", until="2000")["recogniser"].tolist() == ["A", "B"]
    with pytest.raises(ParameterError, match="implied"):
        ties_at_risk(spells, "ISR", implied="some")


def test_the_dates_can_be_moved_to_their_bounds(make_ties):
    spells = make_ties("A 1960 1970-03", "B 1961-05 1961-05-20")
    low, high = (watched(move_to_bounds(spells, bound)) for bound in ("low", "high"))
    assert low == [("A", "1960-01-01", "1970-03-01", True), ("B", "1961-05-01", "1961-05-20", True)]
    assert high == [("A", "1960-12-31", "1970-03-28", True)]


def test_ties_with_taipei_are_watched_until_the_day_in_the_table():
    assert observed_until("TWN", load_table("recognition/observed")) == pd.Timestamp(OBSERVED_UNTIL)
