"""The full grid of states, entities and years: zeros, empty cells, bounds, codes; sums equal to the counts."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.recognition.dyad_years import (
    ASKED,
    COLUMNS,
    build_dyad_years,
    summarise_entities,
    ties_by_sureness,
    widen,
)
from analysis.recognition.facts.choices import CONFIDENCES, IMPLIED, KINDS, PART_YEARS, RULES
from analysis.recognition.facts.spells import build_spells
from analysis.recognition.panel import build_panel, counts
from analysis.tables import load_facts

YEARS = range(1949, 2026)


@pytest.fixture(scope="module")
def facts():
    return load_facts("recognition")


@pytest.fixture(scope="module")
def panel(facts):
    return build_dyad_years(facts, YEARS)


def of(panel, iso3, entity, year):
    found = panel[panel["iso3"].eq(iso3) & panel["entity"].eq(entity) & panel["year"].eq(year)]
    assert len(found) == 1
    return found.iloc[0]


def test_the_published_counts_come_out_of_the_panel(panel):
    taipei = panel[panel["entity"].eq("TWN")].groupby("year")["relations"].sum()
    assert taipei[1979] == 22 and taipei[2025] == 12
    palestine = panel[panel["entity"].eq("PSE") & panel["year"].eq(2025) & panel["recognition"].eq(1)]
    assert palestine["un_member"].sum() == 157


@pytest.mark.parametrize("entity", ASKED)
@pytest.mark.parametrize("kind", KINDS)
def test_a_column_sums_to_the_count_of_each_year(facts, panel, entity, kind):
    spells = build_spells(facts.events, facts.lineage)
    ours = panel[panel["entity"].eq(entity)].groupby("year")[kind].sum().reindex(YEARS, fill_value=0)
    theirs = counts(spells, entity, [f"{year}-12-31" for year in YEARS], kind=kind)["count"]
    assert ours.tolist() == theirs.tolist()


@settings(max_examples=12, deadline=None)
@given(rule=st.sampled_from(list(RULES)), part=st.sampled_from(list(PART_YEARS)), least=st.sampled_from(CONFIDENCES))
def test_ones_are_the_rows_of_the_plain_panel_under_every_choice(rule, part, least):
    facts, years = load_facts("recognition"), range(1988, 1994)
    ours = build_dyad_years(facts, years, rule=rule, part_year=part, minimum_confidence=least)
    plain = build_panel(build_spells(facts.events, facts.lineage), years, part, rule, least)
    for kind in KINDS:
        held = ours.loc[ours[kind].eq(1), ["iso3", "entity", "year", f"{kind}_implied"]]
        theirs = plain[plain["kind"].eq(kind) & plain["entity"].isin(ASKED)]
        assert set(held.itertuples(index=False, name=None)) == {
            (row.recogniser, row.entity, row.year, int(row.implied)) for row in theirs.itertuples()
        }


def test_a_row_is_there_once_and_both_existed(panel):
    assert list(panel.columns) == COLUMNS
    assert not panel.duplicated(["iso3", "entity", "year"]).any()
    assert not panel["iso3"].eq(panel["entity"]).any()
    assert panel.loc[panel["entity"].eq("XKX"), "year"].min() == 2008
    assert panel.loc[panel["iso3"].eq("DDR"), "year"].max() == 1989
    assert panel.loc[panel["entity"].eq("SOL"), "year"].min() == 1991  # five days in June 1960 hold no 31 December


def test_a_number_names_one_state_in_a_year(panel):
    for code in ("cow_code", "gw_code", "vdem_code"):
        known = panel[panel[code].notna()]
        assert not known.duplicated([code, "entity", "year"]).any()


def test_zeros_stand_where_ties_are_on_record_and_nothing_where_they_are_not(facts, panel):
    assert of(panel, "USA", "PSE", 2025)["recognition"] == 0
    assert pd.isna(of(panel, "USA", "PSE", 2025)["relations"])
    korea = build_dyad_years(facts, [2020], ["KOR"])
    assert pd.isna(of(korea, "USA", "KOR", 2020)["recognition"])
    assert of(korea, "CUB", "KOR", 2020)["recognition"] == 0


def test_a_state_that_came_and_went_has_the_days_of_each_time(panel):
    first, between, second = (of(panel, "NRU", "TWN", year) for year in (2001, 2003, 2010))
    assert str(first["relations_begin"].date()) == "1980-05-04" and str(first["relations_end"].date()) == "2002-07-21"
    assert between["relations"] == 0 and pd.isna(between["relations_begin"]) and pd.isna(between["relations_claim_ids"])
    assert second["relations_claim_ids"] == "NRU-TWN-relations-resumed-2005-05-14;NRU-TWN-relations-ended-2024-01-15"


def test_bounds_hold_the_day_between_them(panel):
    for kind in KINDS:
        for side in ("begin", "end"):
            low, day, high = (panel[f"{kind}_{side}{suffix}"] for suffix in ("_low", "", "_high"))
            known = day.notna() & low.notna()
            assert known.any() and ((low <= day) & (day <= high))[known].all()


def test_implied_ties_are_marked_and_can_be_left_out(facts, panel):
    marked = panel[panel["entity"].eq("ISR") & panel["relations_implied"].eq(1)]
    without = build_dyad_years(facts, YEARS, ["ISR"], implied="exclude")
    assert len(marked) > 0 and (marked["relations"] == 1).all()
    assert without["relations"].sum() == panel.loc[panel["entity"].eq("ISR"), "relations"].sum() - len(marked)
    assert without["relations_implied"].sum() == 0


def test_recognition_that_relations_imply_counts_whatever_is_left_out(facts, panel):
    without = build_dyad_years(facts, YEARS, ["TWN"], implied="exclude")
    assert without["recognition"].equals(panel.loc[panel["entity"].eq("TWN"), "recognition"].reset_index(drop=True))
    assert without["recognition_implied"].sum() > 0


def test_representation_says_no_more_than_the_record(facts, panel):
    assert of(panel, "PRY", "TWN", 2025)["representation"] == "embassy"
    assert of(panel, "LTU", "TWN", 2020)["representation"] == "unknown"
    assert of(panel, "LTU", "TWN", 2021)["representation"] == "office"
    assert set(panel.loc[panel["relations_implied"].eq(1), "representation"]) == {"unknown"}
    last = build_dyad_years(facts, [2026], ["TWN"])
    assert of(last, "HND", "TWN", 2026)["representation"] == "none"


@pytest.mark.parametrize(("entity", "kind"), [("TWN", "relations"), ("ISR", "relations"), ("PSE", "recognition")])
def test_what_ties_rest_on_sums_to_the_ties(panel, entity, kind):
    years = ties_by_sureness(panel, entity, kind).set_index("year")
    own = panel[panel["entity"].eq(entity)].groupby("year")[kind].sum()
    assert years[["high", "medium", "low", "implied"]].sum(axis=1).tolist() == own.tolist()
    assert (years["by_day"] <= own).all() and (own <= years["states"]).all()


def test_the_summary_leaves_out_what_is_not_on_record(panel):
    summary = summarise_entities(panel)
    assert ("PSE", "relations") not in set(zip(summary["entity"], summary["kind"], strict=True))
    assert summary["ties"].sum() == panel["recognition"].sum() + panel["relations"].sum()
    assert summary[["implied", "high", "by_day"]].stack().between(0, 1).all()


def test_the_wide_form_holds_the_same_values(panel):
    few = panel[panel["year"].isin([1971, 2009]) & panel["entity"].isin(["TWN", "XKX"])]
    wide = widen(few)
    assert not wide.duplicated(["iso3", "year"]).any()
    for entity in ("TWN", "XKX"):
        own = few[few["entity"].eq(entity)].set_index(["iso3", "year"])["recognition"]
        beside = wide.set_index(["iso3", "year"])[f"recognition_{entity}"].reindex(own.index)
        assert beside.tolist() == own.tolist()
    assert wide.loc[wide["year"].eq(1971), "recognition_XKX"].isna().all()


@pytest.mark.parametrize(("wrong", "words"), [
    ({"rule": "nett"}, "did you mean 'net'"), ({"part_year": "june 1"}, "part_year = 'june 1'"),
    ({"implied": "no"}, f"choose one of {', '.join(IMPLIED)}"), ({"entities": ["TWM"]}, "did you mean 'TWN'"),
    ({"years": []}, "name one of each"), ({"minimum_confidence": "sure"}, "choose one of low, medium, high"),
])  # fmt: skip
def test_a_wrong_choice_is_refused_with_what_is_allowed(facts, wrong, words):
    with pytest.raises(ParameterError, match=words):
        build_dyad_years(facts, **({"years": [1979], "entities": ["TWN"]} | wrong))
