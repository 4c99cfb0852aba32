"""Timelines say, on every day, what the statuses of that day say."""

import pandas as pd
import pytest

from analysis.recognition import relations, spells, timelines
from analysis.recognition.choices import ENTITIES, KINDS
from analysis.tables import load_table

DAYS = ["1945-06-01", "1949-10-01", "1958-03-01", "1964-04-27", "1971-10-25", "1979-01-01", "1990-10-03",
        "1991-12-26", "1993-01-01", "2006-06-10", "2008-02-18", "2020-07-01", "2026-11-22"]  # fmt: skip


@pytest.fixture(scope="module")
def tables():
    names = ("events", "states", "lineage", "withheld")
    loaded = {name: load_table(f"recognition/{name}") for name in names}
    return loaded | {"spells": spells.build_spells(loaded["events"], loaded["lineage"])}


def standing(rows, on):
    day = (pd.Timestamp(on) - timelines.EPOCH).days
    return rows[(rows["since"] <= day) & (day < rows["until"])]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("entity", ENTITIES)
def test_a_timeline_agrees_with_the_statuses_of_each_day(tables, entity, kind):
    rows = timelines.find_timelines(**tables, entity=entity, kind=kind)
    others = {name: tables[name] for name in ("spells", "states", "lineage", "withheld")}
    for on in DAYS:
        expected = relations.status_by_state(**others, entity=entity, on=on, kind=kind)
        found = standing(rows, on)
        assert dict(zip(found["iso3"], found["status"], strict=True)) == dict(
            zip(expected["iso3"], expected["status"], strict=True)
        ), on


def test_a_higher_confidence_agrees_as_well(tables):
    rows = timelines.find_timelines(**tables, entity="ISR", kind="relations", minimum_confidence="high")
    others = {name: tables[name] for name in ("spells", "states", "lineage", "withheld")}
    expected = relations.status_by_state(
        **others, entity="ISR", on="1979-12-31", kind="relations", minimum_confidence="high"
    )
    assert sorted(standing(rows, "1979-12-31")["status"]) == sorted(expected["status"])


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
