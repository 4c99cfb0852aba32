"""Votes beside ties: the roll call of 25 October 1971 and those on Palestine."""

import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.recognition.spells import build_spells
from analysis.recognition.votes import find_leads, summarise_leads, tabulate_votes
from analysis.tables import load_table

RESOLUTION_2758 = "A/RES/2758(XXVI)"


@pytest.fixture(scope="module")
def votes():
    return load_table("recognition/un_votes")


@pytest.fixture
def make_votes():
    def make(day, **cast):
        return pd.DataFrame({"resolution": "R", "date": day, "iso3": list(cast), "vote": list(cast.values())})

    return make


def test_the_vote_of_1971_adds_up_to_the_published_76_35_17_and_3(votes, spells):
    table = tabulate_votes(votes, spells, RESOLUTION_2758)
    assert table.sum(axis="columns").to_dict() == {"yes": 76, "no": 35, "abstain": 17, "absent": 3}


def test_nine_partners_of_taipei_voted_for_beijing_and_one_partner_of_beijing_against(votes, spells):
    table = tabulate_votes(votes, spells, RESOLUTION_2758, ("CHN", "TWN"))
    assert table.loc["yes"].tolist() == [56, 9, 0, 11]
    assert table.loc["no"].tolist() == [1, 33, 0, 1]


def test_the_vote_ran_ahead_of_embassies_by_less_than_a_year_for_eight_of_twenty(votes, spells):
    leads = summarise_leads(find_leads(votes, spells, RESOLUTION_2758, "CHN"))
    assert leads.loc["yes", ["voters", "standing", "within_1_years", "never"]].tolist() == [76, 56, 8, 1]


def test_israel_voted_for_beijing_twenty_years_before_relations(votes, spells):
    leads = find_leads(votes, spells, RESOLUTION_2758, "CHN").set_index("iso3")
    assert leads.loc["ISR", "vote"] == "yes"
    assert not leads.loc["ISR", "standing"]
    assert leads.loc["ISR", "lead_days"] / 365.25 == pytest.approx(20.2, abs=0.1)


@pytest.mark.parametrize("resolution", ["A/RES/67/19", "A/RES/ES-10/23", "A/DEC/80/506"])
def test_nearly_all_who_recognised_palestine_alone_voted_for_it(votes, spells, resolution):
    table = tabulate_votes(votes, spells, resolution, ("ISR", "PSE"), "recognition")
    assert table.loc["yes", "PSE only"] > 20
    assert table.loc[["no", "abstain"], "PSE only"].sum() == 0


def test_every_voter_stands_in_one_cell(votes, spells):
    for resolution, roll in votes.groupby("resolution"):
        assert tabulate_votes(votes, spells, resolution).to_numpy().sum() == len(roll)


def test_a_tie_that_stands_leads_the_vote_and_a_later_one_follows_it(make_votes, make_acts):
    acts = make_acts(
        "A CHN relations established 1971-10-15",
        "B CHN relations established 1971-11-04",
        "C CHN relations established 1965-01-01",
        "C CHN relations ended 1966-01-01",
        "C CHN relations resumed 1972-10-25",
    )
    cast = make_votes("1971-10-25", A="yes", B="yes", C="no", D="abstain")
    leads = find_leads(cast, build_spells(acts), "R", "CHN")
    assert leads["standing"].tolist() == [True, False, False, False]
    assert leads["lead_days"].fillna(0).tolist() == [-10, 10, 366, 0]
    summary = summarise_leads(leads, years=[1, 2])
    assert summary.loc["yes"].tolist() == [2, 1, 1, 1, 0]
    assert summary.loc["no"].tolist() == [1, 0, 0, 1, 0]
    assert summary.loc["abstain"].tolist() == [1, 0, 0, 0, 1]


def test_a_tie_counts_on_its_first_day_and_not_on_its_last(make_votes, make_acts):
    acts = make_acts("A CHN relations established 1971-10-25", "A CHN relations ended 1971-10-30")
    standing = [
        find_leads(make_votes(day, A="yes"), build_spells(acts), "R", "CHN")["standing"].item()
        for day in ("1971-10-24", "1971-10-25", "1971-10-29", "1971-10-30")
    ]
    assert standing == [False, True, True, False]


def test_an_unknown_resolution_names_the_nearest(votes, spells):
    with pytest.raises(ParameterError, match=r"did you mean 'A/RES/2758\(XXVI\)'"):
        tabulate_votes(votes, spells, "A/RES/2758")
