"""One count under every reasonable rule, and the published totals that some rule reaches."""

import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.facts import Facts
from analysis.recognition.facts.spells import build_spells
from analysis.recognition.multiverse import (
    MEMBERS,
    UNIVERSES,
    count_universes,
    find_denied,
    move_disputed,
    reach_published,
)
from analysis.recognition.panel import recognisers
from analysis.tables import load_facts

DAY = "2025-09-21"  # between four acts of that day and those of the next


@pytest.fixture(scope="module")
def facts():
    return load_facts("recognition")


@pytest.fixture(scope="module")
def palestine(spells, facts):
    return count_universes(spells, facts, "PSE", DAY)


def choose(universes, **choices):
    usual = {name: words[0] for name, words in UNIVERSES.items()} | choices
    rows = universes
    for name, word in usual.items():
        rows = rows[rows[name] == word]
    assert len(rows) == 1
    return int(rows["count"].iloc[0])


def test_every_combination_is_counted_once_and_the_usual_one_stands_on_top(palestine):
    assert len(palestine) == 3 * 3 * 3 * 2 * 2 * 2
    assert not palestine.duplicated(list(UNIVERSES)).any()
    assert palestine.iloc[0]["departures"] == 0
    assert palestine["departures"].is_monotonic_increasing


@pytest.mark.parametrize(("rule", "members", "confidence"), [("net", "all", "low"), ("gross", "members", "high")])
def test_a_universe_is_what_the_panel_counts_by_the_same_choices(spells, facts, rule, members, confidence):
    counted = count_universes(spells, facts, "XKX", "2019-01-01")
    ours = choose(counted, rule=rule, members=members, minimum_confidence=confidence)
    found = recognisers(spells, "XKX", "2019-01-01", "recognition", rule, facts.states, MEMBERS[members], confidence)
    if members == "all":
        found = recognisers(spells, "XKX", "2019-01-01", "recognition", rule, minimum_confidence=confidence)
    assert ours == len(found)


def test_six_states_are_denied_to_palestine_or_not_confirmed(palestine, facts):
    assert find_denied(facts.disputes, "PSE") == ["CAF", "CZE", "ETH", "HUN", "PNG", "TGO"]
    assert choose(palestine) - choose(palestine, denied="exclude") == 6


def test_ties_of_israel_that_no_act_began_can_be_left_out(spells, facts):
    counted = count_universes(spells, facts, "ISR", "2020-01-01", "relations")
    found = recognisers(spells, "ISR", "2020-01-01", "relations")
    assert choose(counted, implied="exclude") == (~found["implied"].astype("bool")).sum() < choose(counted)


def test_malta_counts_from_1988_where_the_other_date_is_taken(spells, facts):
    before = count_universes(spells, facts, "PSE", "2015-01-01")
    assert choose(before, members="members", dates="alternative") == choose(before, members="members") + 1


def test_a_date_that_would_end_a_tie_before_its_beginning_stays(make_acts):
    acts = make_acts("NIC ISR relations established 1980-01-01", "NIC ISR relations suspended 1982-08-06")
    claims = {"claim_id": acts["claim_id"], "date_alternative": ["1990-01-01", "1983"]}
    moved = move_disputed(build_spells(acts), pd.DataFrame(claims).iloc[:1])
    assert moved.query("kind == 'relations'")["begin"].dt.year.tolist() == [1980]
    later = move_disputed(build_spells(acts), pd.DataFrame(claims).iloc[1:])
    assert later.query("kind == 'relations'")["end"].dt.year.tolist() == [1983]


def test_a_dispute_without_a_date_moves_nothing(spells, facts):
    words = facts.disputes[facts.disputes["date_alternative"].isin(["none", "never", "not confirmed"])]
    pd.testing.assert_frame_equal(move_disputed(spells, words), spells)


def test_afp_of_september_2025_is_reached_without_the_states_that_it_leaves_out(spells, facts):
    reached = reach_published(spells, facts, "PSE").set_index("claim_id")
    afp = reached.loc["PSE-recognition-2025-09-21-145-AFPTALLY2025"]
    assert afp["reached"]
    assert (afp["departures"], afp["members"], afp["denied"]) == (1, "members", "exclude")


def test_bbc_verify_is_reached_with_the_other_date_of_malta(spells, facts):
    reached = reach_published(spells, facts, "PSE").set_index("claim_id")
    assert reached.loc["PSE-recognition-2025-07-30-148-BBCVERIFY2025", ["departures", "dates"]].tolist() == [
        1,
        "alternative",
    ]


def test_a_total_outside_the_range_of_all_universes_is_reached_by_none(spells, facts):
    reached = reach_published(spells, facts, "PSE")
    outside = ~reached["published"].between(reached["low"], reached["high"])
    assert outside.any()
    assert not reached.loc[outside, "reached"].any()
    assert reached.loc[~reached["reached"], ["departures", "rule"]].isna().all(axis=None)


def test_the_rule_of_the_source_reaches_what_the_data_say_that_it_does(spells, facts):
    reached = reach_published(spells, facts, "TWN", "relations").set_index("claim_id")
    differs = facts.published_counts.set_index("claim_id")["expected_difference"].reindex(reached.index)
    assert (reached["departures"].eq(0) == differs.eq(0)).all()


def test_totals_of_states_ever_take_the_gross_rule_alone(spells, facts):
    reached = reach_published(spells, facts, "XKX").set_index("claim_id")
    ever = facts.published_counts.query("entity == 'XKX' and measure == 'ever'")["claim_id"]
    assert set(reached.loc[ever, "rule"].dropna()) == {"gross"}


def test_an_entity_without_totals_has_none_that_is_reached(spells, facts):
    assert reach_published(spells, facts, "PMR").empty


def test_an_unknown_entity_is_refused(spells, facts):
    with pytest.raises(ParameterError, match="entity = 'XYZ'"):
        count_universes(spells, facts, "XYZ", DAY)


def test_only_the_named_tables_are_read(spells, facts):
    few = Facts({"states": facts.states, "disputes": facts.disputes})
    assert len(count_universes(spells, few, "SOL", "2026-01-01")) == 216
