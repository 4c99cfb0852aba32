"""The threat classes beside the systems rated against them."""

import pytest

from analysis.air_defence.facts import coverage
from analysis.air_defence.facts.choices import ARCHITECTURES, CAPABILITIES, THREAT_CLASSES
from analysis.tables import load_facts


@pytest.fixture
def rated(load):
    """Systems rated against each class, in every architecture."""
    members = coverage.list_members(load_facts("air_defence"), list(ARCHITECTURES))
    return coverage.rated_by_class(members, coverage.capability_matrix(load("systems"), load("capability")))


@pytest.fixture
def properties(load):
    """Published properties of the classes, by class and property."""
    return coverage.published_properties(load("threats")).set_index(["threat_class", "property"])


def test_every_class_has_its_three_properties_and_ranges_run_upwards(properties):
    assert len(properties) == 3 * len(THREAT_CLASSES)
    assert (properties["low"] <= properties["high"]).all()
    known = properties.dropna(subset=["best"])
    assert known["best"].between(known["low"], known["high"]).all()


@pytest.mark.parametrize(
    ("threat", "guessed"),
    [
        ("irbm", {"speed_m_s", "altitude_km", "unit_cost_usd"}),
        ("mortar_rocket", {"speed_m_s", "altitude_km"}),
        ("tactical_aircraft", {"unit_cost_usd"}),
        ("hgv", {"speed_m_s", "unit_cost_usd"}),
        ("mrbm", {"altitude_km", "unit_cost_usd"}),
        ("owa_drone", set()),
    ],
)
def test_what_is_guessed_is_read_from_the_note(properties, threat, guessed):
    rows = properties.loc[threat]
    assert set(rows.index[rows["guessed"]]) == guessed


def test_only_listed_systems_with_a_rating_stand_beside_a_class(rated):
    assert set(rated["state"]) == {"fielded", "funded", "announced"}
    assert set(rated["capability"]) == {"primary", "secondary", "limited"}
    assert not rated.duplicated(["architecture_id", "threat_class", "system_id"]).any()


def test_the_best_rating_comes_first_in_each_class(rated):
    for _, group in rated.groupby(["architecture_id", "threat_class"]):
        assert group["capability"].map(CAPABILITIES.index).is_monotonic_increasing


def test_nothing_of_taiwan_is_rated_against_rockets(rated):
    taiwan = rated[rated["architecture_id"].str.startswith("taiwan")]
    assert "mortar_rocket" not in set(taiwan["threat_class"])


def test_the_plan_leaves_four_systems_of_the_present_unnamed(load):
    unnamed = coverage.left_unnamed(load_facts("air_defence"))
    assert set(unnamed["architecture_id"]) == {"taiwan_tdome_planned"}
    assert set(unnamed["system_id"]) == {"patriot_pac2_gemt", "sky_bow_2", "skyguard", "antelope"}
