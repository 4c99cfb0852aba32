"""Timelines say, on every day, what the lists of recognisers of that day say."""

import pandas as pd
import pytest

from analysis.recognition import relations, timelines
from analysis.recognition.facts import spells
from analysis.recognition.facts.choices import ENTITIES, KINDS, RULES
from analysis.recognition.facts.states import system_on
from analysis.recognition.panel import recognisers
from analysis.tables import load_facts

DAYS = ["1945-06-01", "1949-10-01", "1958-03-01", "1964-04-27", "1971-10-25", "1979-01-01", "1990-10-03",
        "1991-12-26", "1993-01-01", "2006-06-10", "2008-02-18", "2020-07-01", "2026-11-22"]  # fmt: skip


@pytest.fixture(scope="module")
def tables():
    facts = load_facts("recognition")
    return {"facts": facts, "spells": spells.build_spells(facts.events, facts.lineage)}


def standing(rows, on):
    day = (pd.Timestamp(on) - timelines.EPOCH).days
    return rows[(rows["since"] <= day) & (day < rows["until"])]


def expected_codes(tables, entity, kind, on, minimum_confidence="low"):
    """From the lists of recognisers of one day: who has which status, and who is shown at all."""
    found = {
        rule: recognisers(tables["spells"], entity, on, kind, rule, minimum_confidence=minimum_confidence)
        for rule in RULES
    }
    net, lists = found["net"], {rule: set(rows["recogniser"]) for rule, rows in found.items()}
    disputed = lists["undisputed"] - lists["net"] if kind == "recognition" else set()
    system = set(system_on(tables["facts"].states, tables["facts"].lineage, on)["iso3"])
    shown = (system | lists["net"]) & set(tables["facts"].states["iso3"]) - {entity}
    by_status = {
        "act": set(net.loc[~net["implied"], "recogniser"]),
        "implied": set(net.loc[net["implied"], "recogniser"]),
        "disputed": disputed,
        "past": lists["gross"] - lists["net"] - disputed,
    }
    return {status: codes & shown for status, codes in by_status.items()}, shown


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("entity", ENTITIES)
def test_a_timeline_agrees_with_the_recognisers_of_each_day(tables, entity, kind):
    rows = timelines.find_timelines(**tables, entity=entity, kind=kind)
    for on in DAYS:
        found = standing(rows, on)
        by_status, shown = expected_codes(tables, entity, kind, on)
        assert set(found["iso3"]) == shown, on
        for status, codes in by_status.items():
            words = timelines.STATUSES[kind].get(status)
            assert set(found.loc[found["status"].eq(words), "iso3"]) == codes, (on, status)


@pytest.mark.parametrize("entity", ["ISR", "TWN"])
def test_a_higher_confidence_agrees_as_well(tables, entity):
    for on in DAYS:
        rows = timelines.find_timelines(**tables, entity=entity, kind="relations", minimum_confidence="high")
        found, (by_status, _) = standing(rows, on), expected_codes(tables, entity, "relations", on, "high")
        acts = found["status"].eq(timelines.STATUSES["relations"]["act"])
        assert set(found.loc[acts, "iso3"]) == by_status["act"], on


def test_the_statuses_of_a_day_are_those_of_the_timeline_that_stand_then(tables):
    times = timelines.find_timelines(**tables, entity="TWN", kind="relations")
    found = relations.status_by_state(**tables, entity="TWN", on="1971-10-25", kind="relations")
    expected = standing(times, "1971-10-25")[["iso3", "name", "status"]].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected)


def test_times_of_one_state_neither_overlap_nor_repeat_their_status(tables):
    rows = timelines.find_timelines(**tables, entity="TWN", kind="relations")
    before = rows.groupby("iso3").shift()
    assert (before["until"].isna() | (before["until"] <= rows["since"])).all()
    touching = before["until"].eq(rows["since"])
    assert not (touching & before["status"].eq(rows["status"])).any()
    assert (rows["since"] < rows["until"]).all()


def test_an_act_gives_its_status_a_source_and_a_state_without_one_has_none(tables):
    rows = timelines.find_timelines(**tables, entity="TWN", kind="relations")
    acts = rows["status"].ne("no relations on record")
    assert rows.loc[acts, "source_id"].notna().mean() > 0.95
    assert rows.loc[~acts, "source_id"].isna().all()


def test_honduras_left_taipei_on_the_day_of_its_switch(tables):
    rows = timelines.find_timelines(**tables, entity="TWN", kind="relations").set_index("iso3").loc["HND"]
    last = rows.iloc[-1]
    assert timelines.EPOCH + pd.Timedelta(days=last["since"]) == pd.Timestamp("2023-03-26")
    assert last["precision"] == "day"
