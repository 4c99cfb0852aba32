"""Four counts of a day, changes of the last years, and the totals of others with the rule that gives each."""

import pytest

from analysis.recognition import today
from analysis.recognition.facts.spells import build_spells
from analysis.tables import load_facts


@pytest.fixture(scope="module")
def facts():
    return load_facts("recognition")


def test_members_are_among_every_state_and_every_state_among_whoever_did_once(spells, facts):
    counts = today.count_today(spells, facts, "2026-11-22").set_index("entity")
    assert (counts["members"] <= counts["count"]).all() and (counts["count"] <= counts["ever"]).all()
    assert (counts["low"] <= counts["members"]).all() and (counts["ever"] <= counts["high"]).all()
    assert counts["count"].to_dict() == {"TWN": 12, "CHN": 183, "ISR": 170, "PSE": 159}
    assert counts.loc["PSE", "seen"].isoformat() == "2026-09-25T00:00:00"


def test_changes_are_those_of_the_years_asked_for_in_the_order_of_time(spells):
    every = today.find_changes(spells, today.FOUR, "2026-11-22")
    recent = today.find_changes(spells, today.FOUR, "2026-11-22", years=2)
    assert every["day"].is_monotonic_increasing and len(every) > len(recent)
    assert recent.query("entity == 'PSE'")["change"].eq("began").sum() == 11
    left = every.query("entity == 'TWN' and change == 'ended'").iloc[-1]
    assert (left["recogniser"], left["day"].isoformat()) == ("NRU", "2024-01-15T00:00:00")


def test_ties_that_only_follow_from_the_other_kind_are_no_changes(make_acts):
    spells = build_spells(make_acts("A ISR recognition recognised 1960"))
    assert today.find_changes(spells, [("ISR", "relations")], "2000-01-01").empty
    assert len(today.find_changes(spells, [("ISR", "recognition")], "2000-01-01")) == 1


def test_a_total_stands_with_ours_by_its_own_rule_and_with_the_rule_that_reaches_it(spells, facts):
    rivals = today.find_rivals(spells, facts, "2026-11-22", 2).set_index("source_id")
    assert rivals.loc["AFPHOW2025", ["published", "ours", "denied"]].tolist() == [142, 147, "exclude"]
    assert rivals.loc["BBCVERIFY2025", ["published", "ours"]].tolist() == [148, 147]
    assert not rivals.loc["BURT2025", "reached"]


def test_years_without_a_published_total_have_no_rivals(spells, facts):
    none = today.find_rivals(spells, facts, "1995-06-01", 1)
    assert none.empty and {"entity", "kind", "published", "ours", "rule"} <= set(none)
