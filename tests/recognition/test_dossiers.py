"""One state beside others: neighbours, states with the same profile, and who recognises it."""

import pandas as pd
import pytest

from analysis.recognition.dossiers import compare_neighbours, count_received, find_alike, find_published, kind_received
from analysis.recognition.facts.choices import COUNTRIES
from analysis.recognition.relations import find_stances
from analysis.tables import load_table


@pytest.fixture
def answers():
    table = {"iso3": ["XKX", "ALB", "SRB", "MKD"], "name": ["Kosovo", "Albania", "Serbia", "North Macedonia"]}
    table |= {"XKX": [None, True, False, True], "PSE": [False, True, True, False]}
    return pd.DataFrame(table).astype({"XKX": "boolean", "PSE": "boolean"})


@pytest.fixture
def borders():
    rows = [
        ("XKX", "SRB", "land", 0.0),
        ("XKX", "ALB", "land", 0.0),
        ("XKX", "MKD", "land", 0.0),
        ("ALB", "ITA", "sea", 71.0),
    ]
    return pd.DataFrame(rows, columns=["iso3", "neighbour", "basis", "distance_km"])


@pytest.fixture(scope="module")
def stances(spells, world, lineage):
    return find_stances(spells, "2026-11-22", world, members=None, lineage=lineage)


def test_the_most_alike_neighbour_comes_first_and_what_is_missing_parts_nobody(answers, borders):
    compared = compare_neighbours(answers, borders, "XKX").set_index("iso3")
    assert compared.index.tolist() == ["MKD", "ALB", "SRB"]
    assert compared["similarity"].tolist() == [1, 0, 0]
    assert compared["differing"].to_dict() == {"MKD": "", "ALB": "PSE", "SRB": "PSE"}


def test_a_neighbour_without_answers_is_left_out(answers, borders):
    assert compare_neighbours(answers, borders, "ALB").empty


def test_alike_are_the_states_that_differ_on_nothing_and_not_the_state_itself(answers):
    assert find_alike(answers, "XKX")["iso3"].tolist() == ["MKD"]
    assert find_alike(answers, "SRB").empty


def test_every_country_is_compared_with_a_neighbour(stances):
    neighbours = load_table("geography/neighbours")
    lonely = [code for code in COUNTRIES if compare_neighbours(stances, neighbours, code).empty]
    assert lonely == []


def test_who_recognises_an_entity_is_counted_under_each_rule_and_others_are_not_counted(spells):
    counts = count_received(spells, "XKX")
    assert set(counts["rule"]) == {"net", "undisputed", "gross"}
    last = counts.groupby("rule")["count"].last()
    assert last["net"] < last["undisputed"] <= last["gross"]
    assert count_received(spells, "NIC").empty
    assert kind_received("CHN") == "relations"


def test_published_totals_are_those_of_the_kind_that_is_counted():
    published = load_table("recognition/published_counts")
    own = find_published(published, "TWN")
    assert set(own["kind"]) == {"relations"}
    assert own["day"].notna().all()
    assert find_published(published, "NIC").empty
