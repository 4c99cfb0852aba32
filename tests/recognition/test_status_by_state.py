"""How every state of a day stands towards an entity: which statuses there are, and which one holds."""

import pytest

from analysis.errors import ParameterError
from analysis.recognition.facts.states import system_on
from analysis.recognition.panel import recognisers
from analysis.recognition.relations import status_by_state
from analysis.recognition.timelines import STATUSES
from analysis.tables import load_facts


@pytest.fixture(scope="module")
def status_on(spells):
    facts = load_facts("recognition")

    def status(entity, on, kind="recognition", **choices):
        found = status_by_state(spells, facts, entity, on, kind, **choices)
        return found.set_index("iso3")["status"]

    return status


@pytest.mark.parametrize("kind", STATUSES)
@pytest.mark.parametrize("entity", ["TWN", "CHN", "ISR", "XKX"])
def test_ties_that_stand_are_as_many_as_the_net_recognisers(status_on, spells, entity, kind):
    for on in ("1955-12-31", "1979-12-31", "2024-12-31"):
        found = recognisers(spells, entity, on, kind)
        status = status_on(entity, on, kind)
        words = STATUSES[kind]
        assert status.eq(words["act"]).sum() == (~found["implied"]).sum()
        assert status.eq(words["implied"]).sum() == found["implied"].sum()


def test_each_state_of_the_day_has_one_status_and_the_entity_none(status_on, world, lineage):
    status = status_on("ISR", "1980-01-01")
    assert status.index.is_unique
    assert set(status.index) == set(system_on(world, lineage, "1980-01-01")["iso3"]) - {"ISR"}
    assert set(status) <= set(STATUSES["recognition"].values())


@pytest.mark.parametrize(
    ("entity", "on", "state", "status"),
    [
        ("XKX", "2026-11-22", "SLE", "disputed"),
        ("XKX", "2026-11-22", "SUR", "past"),
        ("XKX", "2026-11-22", "LBR", "act"),
        ("XKX", "2026-11-22", "SRB", "withheld"),
        ("XKX", "2026-11-22", "BTN", "none"),
        ("CHN", "2026-11-22", "FRA", "implied"),
        ("ARM", "2024-01-01", "PAK", "withheld"),
        ("ARM", "2025-08-31", "PAK", "act"),
        ("PSE", "1990-01-01", "CSK", "act"),
    ],
)
def test_the_status_of_named_states(status_on, entity, on, state, status):
    assert status_on(entity, on)[state] == STATUSES["recognition"][status]


def test_a_former_state_has_a_row_only_while_it_exists(status_on):
    assert "CSK" in status_on("PSE", "1992-12-31") and "CZE" not in status_on("PSE", "1992-12-31")
    assert "CSK" not in status_on("PSE", "1993-01-01") and "CZE" in status_on("PSE", "1993-01-01")


def test_a_state_that_acted_before_it_counted_as_one_is_shown(status_on, world, lineage):
    """The provisional government of Algeria had relations with Beijing from 1958, before independence in 1962."""
    assert "DZA" not in set(system_on(world, lineage, "1960-01-01")["iso3"])
    assert status_on("CHN", "1960-01-01", "relations")["DZA"] == STATUSES["relations"]["act"]


def test_an_unknown_entity_is_refused(status_on):
    with pytest.raises(ParameterError, match="did you mean 'XKX'"):
        status_on("XKK", "2020-01-01")
