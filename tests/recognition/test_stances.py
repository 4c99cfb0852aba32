"""Who recognises whom on a day: the universe of states, the strata, four-way tables of history."""

import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.recognition.panel import recognisers
from analysis.recognition.relations import FULLY_RECORDED, cross_stances, find_stances, find_strata
from analysis.tables import load_table

CHINAS, HOLY_LAND = ("TWN", "CHN"), ("ISR", "PSE")


@pytest.fixture(scope="module")
def memberships():
    return load_table("recognition/memberships")


@pytest.mark.parametrize(("day", "states"), [("1945-12-31", 51), ("1970-12-31", 127), ("2011-12-31", 193)])
def test_one_row_is_one_member_on_that_day(spells, world, lineage, day, states):
    stances = find_stances(spells, day, world, ["TWN"], lineage=lineage)
    assert len(stances) == stances["iso3"].nunique() == states


def test_each_column_agrees_with_the_list_of_recognisers(spells, world, lineage):
    stances = find_stances(spells, "2024-12-31", world, members=None, lineage=lineage)
    for entity in FULLY_RECORDED:
        listed = set(recognisers(spells, entity, "2024-12-31")["recogniser"])
        assert set(stances.loc[stances[entity].fillna(False), "iso3"]) == listed & set(stances["iso3"])


def test_a_state_has_no_answer_to_itself(spells, world):
    stances = find_stances(spells, "2024-12-31", world, ["ISR", "CHN"]).set_index("iso3")
    assert stances[["ISR", "CHN"]].isna().to_numpy().sum() == 2
    assert pd.isna(stances.loc["ISR", "ISR"])


def test_the_holy_see_counts_when_members_do_not(spells, world, lineage):
    counted = {
        members: int(
            find_stances(spells, "2024-12-31", world, ["TWN"], "relations", members=members, lineage=lineage)[
                "TWN"
            ].sum()
        )
        for members in ("day", None)
    }
    assert counted == {"day": 11, None: 12}


def test_nobody_who_recognises_taipei_withholds_recognition_of_israel_today(spells, world):
    table = cross_stances(find_stances(spells, "2025-12-31", world), CHINAS, HOLY_LAND)
    assert table.to_numpy().tolist() == [[0, 0, 0, 0], [8, 3, 0, 0], [119, 32, 28, 0], [1, 0, 0, 0]]
    assert table.index.tolist() == ["both", "TWN only", "CHN only", "neither"]


def test_on_the_day_of_resolution_2758_members_were_split_evenly_and_nobody_recognised_palestine(
    spells, world, lineage
):
    stances = find_stances(spells, "1971-10-25", world, [*CHINAS, *HOLY_LAND], "relations", lineage=lineage)
    table = cross_stances(stances, CHINAS, HOLY_LAND)
    assert table.sum(axis=1).to_dict() == {"both": 0, "TWN only": 55, "CHN only": 57, "neither": 17}
    assert table[["both", "PSE only"]].to_numpy().sum() == 0


def test_a_four_way_table_counts_every_state_with_four_answers_once(spells, world, lineage):
    for day in ("1971-10-25", "1990-12-31", "2023-11-15"):
        stances = find_stances(spells, day, world, lineage=lineage)
        known = stances.dropna(subset=[*CHINAS, *HOLY_LAND])
        assert cross_stances(stances, CHINAS, HOLY_LAND).to_numpy().sum() == len(known)


def test_members_of_the_oic_stand_apart_within_their_region(spells, world, memberships):
    stances = find_stances(spells, "2024-12-31", world, ["ISR"])
    strata = find_strata(stances, "2024-12-31", memberships)
    by_state = dict(zip(stances["iso3"], strata, strict=True))
    assert by_state["ALB"] == "Europe, OIC"
    assert by_state["ISR"] == "Asia"
    assert by_state["SEN"] == "Africa, OIC"
    assert strata.str.endswith("OIC").sum() == 56


def test_membership_counts_only_on_its_days(memberships):
    stances = pd.DataFrame({"iso3": ["ALB"], "un_region": ["Europe"]})
    assert [find_strata(stances, day, memberships).item() for day in ("1991", "1993")] == ["Europe", "Europe, OIC"]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"entities": ["XXK"]}, "entity = 'XXK' is not known; did you mean 'XKX'"),
        ({"entities": ["ARM"]}, "entity = 'ARM' is not known"),
        ({"members": "tody"}, "did you mean 'today'"),
        ({"on": "1985-01-01"}, "lineage = None: on 1985-01-01 it is needed to tell Soviet Union"),
    ],
)
def test_what_cannot_be_answered_is_refused(spells, world, choice, message):
    with pytest.raises(ParameterError, match=message):
        find_stances(**{"spells": spells, "on": "2024-12-31", "states": world} | choice)


def test_a_day_before_the_united_nations_is_refused(spells, world, lineage):
    with pytest.raises(ParameterError, match="has no member then; the first joined on 1945-10-24"):
        find_stances(spells, "1945-10-23", world, ["TWN"], lineage=lineage)
