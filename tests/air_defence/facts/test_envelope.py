"""Published ranges and altitudes of each system."""

import math

import pandas as pd
import pytest

from analysis.air_defence.facts import envelope
from analysis.air_defence.facts.envelope import UNPUBLISHED, UNSURE, WEAPONLESS
from analysis.errors import DataError
from analysis.facts import Facts

SOURCES = pd.DataFrame({"source_id": ["a", "b"], "publisher_group": pd.Series([None, None], dtype="str")})
SYSTEM = pd.DataFrame({"system_id": ["layer_b"], "name": ["Layer B"], "layer": ["long"]})
NAMED = [
    "iron_dome", "iron_beam", "davids_sling", "arrow_2", "arrow_3", "arrow_4", "thaad", "patriot_pac2_gemt",
    "patriot_pac3_cri", "patriot_pac3_mse", "sky_bow_1", "sky_bow_2", "sky_bow_3", "sky_bow_4", "land_sword_2",
    "antelope", "nasams_taiwan", "avenger", "t_dome",
]  # fmt: skip


def facts_of(systems, claims):
    return Facts({"systems": systems, "system_parameters": claims, "sources": SOURCES})


@pytest.fixture
def span_of(load, make_frame):
    """Span of altitudes of one invented system, from claims about it."""

    def calculate(*claims, layer="long"):
        limits = envelope.published_limits(facts_of(SYSTEM.assign(layer=layer), make_frame(*claims)))
        return envelope.altitude_spans(limits, load("assumptions")).iloc[0]

    return calculate


def ceilings(limits, system):
    rows = limits[(limits["system_id"] == system) & (limits["limit"] == "max_altitude")]
    return rows.set_index("bound")


@pytest.mark.parametrize("system", NAMED)
def test_every_named_system_has_its_four_limits(limits, system):
    assert set(limits.loc[limits["system_id"] == system, "limit"]) == set(envelope.LIMITS)


def test_what_is_not_published_is_a_row_without_numbers_and_never_zero(limits):
    missing = limits[limits["status"] != envelope.PUBLISHED]
    assert missing[["low_km", "best_km", "high_km", "bound"]].isna().all(axis=None)
    assert (missing["n_claims"] == 0).all()
    assert (limits["best_km"].dropna() > 0).all()


def test_nothing_is_published_about_arrow_4(limits):
    assert set(limits.loc[limits["system_id"] == "arrow_4", "status"]) == {UNPUBLISHED}


def test_iron_beam_has_a_range_and_no_height(limits, spans):
    rows = limits[limits["system_id"] == "iron_beam"].set_index("limit")
    assert rows.loc["max_range", "best_km"] == 10
    assert rows.loc["max_altitude", "status"] == UNPUBLISHED
    assert math.isnan(spans.loc["iron_beam", "ceiling_km"])


def test_thaad_intercepts_from_40_to_150_km(spans):
    thaad = spans.loc["thaad"]
    assert (thaad["floor_km"], thaad["ceiling_km"]) == (40, 150)
    assert not thaad["floor_assumed"]
    assert not thaad["ceiling_open"]


def test_arrow_3_has_an_open_ceiling(spans):
    assert spans.loc["arrow_3", ["ceiling_km", "ceiling_bound"]].tolist() == [100, "at_least"]
    assert spans.loc["arrow_3", "ceiling_open"]
    assert (spans.loc["arrow_3", "floor_low_km"], spans.loc["arrow_3", "floor_high_km"]) == (70, 100)


def test_sky_bow_5_has_a_goal_for_a_ceiling(spans):
    assert spans.loc["sky_bow_5", ["ceiling_km", "ceiling_bound"]].tolist() == [100, "goal"]


def test_t_dome_is_a_network_without_an_interceptor(limits):
    assert set(limits.loc[limits["system_id"] == "t_dome", "status"]) == {WEAPONLESS}


def test_the_test_height_of_arrow_2_stays_apart_from_its_ceiling(limits, spans):
    rows = ceilings(limits, "arrow_2")
    assert rows.loc["demonstrated", "best_km"] == 20
    assert spans.loc["arrow_2", ["ceiling_low_km", "ceiling_km", "ceiling_high_km"]].tolist() == [40, 50, 60]


def test_ranges_against_aircraft_and_ballistic_missiles_stay_apart(limits):
    rows = limits[(limits["system_id"] == "km_sam_2") & (limits["limit"] == "max_range")].set_index("target_kind")
    assert rows["best_km"].to_dict() == {"ballistic": 20, "aircraft": 40}


def test_the_range_of_the_missile_countered_is_no_range_of_the_interceptor(load, limits):
    claims = load("system_parameters")
    kept = claims["parameter"].isin([*envelope.LIMITS, "demonstrated_altitude"])
    assert limits["n_claims"].sum() == kept.sum()


def test_a_figure_below_the_chosen_confidence_is_said_to_exist(facts):
    limits = envelope.published_limits(facts, minimum_confidence="high")
    assert set(ceilings(limits, "thaad")["status"]) == {UNSURE}
    assert set(ceilings(limits, "arrow_4")["status"]) == {UNPUBLISHED}
    assert set(limits.loc[limits["status"] == envelope.PUBLISHED, "system_id"]) == {"iris_t_slm"}


def test_an_exact_ceiling_is_preferred_to_an_equal_open_one(span_of, make_claim):
    span = span_of(make_claim(70, bound="at_least"), make_claim(70, source="b"))
    assert (span["ceiling_km"], span["ceiling_bound"], span["ceiling_open"]) == (70, "exact", False)


def test_a_higher_open_claim_opens_the_ceiling(span_of, make_claim):
    span = span_of(make_claim(20), make_claim(25, bound="at_least", source="b"))
    assert (span["ceiling_low_km"], span["ceiling_km"], span["ceiling_high_km"]) == (25, 25, 25)
    assert span["ceiling_open"]


def test_an_upper_bound_widens_the_spread_and_does_not_set_the_ceiling(span_of, make_claim):
    span = span_of(make_claim(20), make_claim(40, bound="at_most", source="b"))
    assert (span["ceiling_low_km"], span["ceiling_km"], span["ceiling_high_km"]) == (20, 20, 40)


def test_a_goal_sets_the_ceiling_only_where_nothing_else_does(span_of, make_claim):
    goal = make_claim(100, bound="goal")
    assert span_of(goal)["ceiling_bound"] == "goal"
    span = span_of(goal, make_claim(70, source="b"))
    assert (span["ceiling_km"], span["ceiling_high_km"]) == (70, 70)


def test_a_floor_is_assumed_by_layer_and_marked(span_of, make_claim):
    assert span_of(make_claim(20), layer="long")["floor_km"] == 0
    exo = span_of(make_claim(500), layer="exo")
    assert exo["floor_assumed"]
    assert exo["floor_km"] > 50
    known = span_of(make_claim(500), make_claim(90, parameter="min_altitude"), layer="exo")
    assert (known["floor_km"], known["floor_assumed"]) == (90, False)


def test_a_missing_assumption_is_named(limits):
    nothing = pd.DataFrame({"assumption_id": [], "low": [], "best": [], "high": []})
    with pytest.raises(DataError, match=r"assumptions\.csv: lacks the row altitude_floor_"):
        envelope.altitude_spans(limits, nothing)


def test_real_spans_hold_together(spans):
    known = spans[spans["status"] == envelope.PUBLISHED]
    for end in ("floor", "ceiling"):
        assert (known[f"{end}_low_km"] <= known[f"{end}_km"]).all()
        assert (known[f"{end}_km"] <= known[f"{end}_high_km"]).all()
    assert (known["floor_km"] < known["ceiling_km"]).all()


def test_altitude_bands_cover_every_height_once(load):
    bands = envelope.altitude_bands(load("assumptions"))
    assert bands["bottom_km"].iloc[0] == 0
    assert bands["bottom_km"].iloc[1:].tolist() == bands["top_km"].iloc[:-1].tolist()
    assert math.isinf(bands["top_km"].iloc[-1])


@pytest.mark.parametrize("bottoms", [[], [5, 5], [0, None]])
def test_bands_without_distinct_edges_are_refused(bottoms):
    names = [f"altitude_band_{n}" for n in range(len(bottoms))]
    edges = pd.DataFrame({"assumption_id": pd.Series(names, dtype="str"), "best": pd.Series(bottoms, dtype="float")})
    with pytest.raises(DataError, match="no two alike"):
        envelope.altitude_bands(edges)


def test_envelopes_pair_each_range_with_the_span_and_drop_nobody(limits, spans):
    envelopes = envelope.range_altitude_envelopes(limits, spans.reset_index())
    assert set(envelopes["system_id"]) == set(spans.index)
    mse = envelopes[envelopes["system_id"] == "patriot_pac3_mse"].set_index("target_kind")
    assert mse["range_km"].to_dict() == {"ballistic": 40, "aircraft": 100}
    assert set(mse["ceiling_km"]) == {spans.loc["patriot_pac3_mse", "ceiling_km"]}
