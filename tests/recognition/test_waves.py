"""Waves by year and region, shares by organisation: hand-worked cases and totals that must agree."""

import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.recognition import panel, waves
from analysis.recognition.facts.choices import KINDS, WHERE_DATED
from analysis.recognition.facts.spells import build_spells
from analysis.tables import load_table

STATES = pd.DataFrame({"iso3": ["A", "B", "C"], "un_region": ["Asia", "Asia", "Europe"]})


@pytest.fixture(scope="module")
def small(make_acts):
    return build_spells(
        make_acts(
            "A XKX recognition recognised 2008-03-01",
            "B XKX recognition recognised 2008-04-01",
            "C XKX recognition recognised 2010-01-01",
            "A XKX recognition withdrew 2019-06-30",
            "C XKX recognition withdrew 2010-06-30",
        )
    )


def test_beginnings_and_ends_stand_in_their_year_and_region(small):
    found = waves.changes_by_region(small, STATES, "XKX", "2020-12-31")
    rows = [(2008, "Asia", 2, 0, 2), (2019, "Asia", 0, 1, 1)]
    assert list(found.itertuples(index=False, name=None)) == rows


def test_a_tie_within_one_year_does_not_show(small):
    assert "Europe" not in set(waves.changes_by_region(small, STATES, "XKX", "2020-12-31")["un_region"])


def test_what_lies_after_the_last_day_does_not_count(small):
    found = waves.changes_by_region(small, STATES, "XKX", "2019-01-01")
    assert found["ended"].sum() == 0


def test_an_entity_that_nobody_recognised_yet_gives_no_row(small):
    assert waves.changes_by_region(small, STATES, "XKX", "2007-12-31").empty


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("entity", ["TWN", "ISR", "PSE", "XKX", "SOL"])
def test_beginnings_less_ends_are_the_count_of_the_last_day(entity, kind):
    spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    found = waves.changes_by_region(spells, load_table("recognition/states"), entity, "2025-12-31", kind=kind)
    standing = panel.counts(spells, entity, ["2025-12-31"], kind=kind, implied=WHERE_DATED[kind])["count"].iloc[0]
    assert found["began"].sum() - found["ended"].sum() == standing


def test_a_share_counts_members_of_the_day_and_leaves_out_the_entity(small):
    table = pd.DataFrame(
        {
            "iso3": ["A", "B", "C", "XKX"],
            "organisation": ["Club", "Club", "Club", "Club"],
            "start": ["2000", "2000", "2000", "2000"],
            "end": [None, None, "2005", None],
        }
    )
    found = waves.shares_by_organisation(small, table, "XKX", "2012-01-01")
    assert found.iloc[0].tolist() == ["Club", 2, 2, 1.0]
    assert waves.shares_by_organisation(small, table, "XKX", "2020-01-01")["share"].tolist() == [0.5]


def test_times_of_suspension_are_no_membership():
    spells = build_spells(load_table("recognition/events"))
    found = waves.shares_by_organisation(spells, load_table("recognition/memberships"), "ISR", "1985-01-01")
    assert "Arab League (suspended)" not in set(found["organisation"])


def test_an_unknown_entity_is_refused(small):
    with pytest.raises(ParameterError, match="entity = 'XXX'"):
        waves.shares_by_organisation(small, load_table("recognition/memberships"), "XXX", "2020-01-01")
