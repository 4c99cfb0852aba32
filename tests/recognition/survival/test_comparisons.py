"""Comparison of groups: the textbook log-rank and Cox results, strata, the shuffle, history."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.recognition.facts.spells import build_spells
from analysis.recognition.survival.comparisons import log_rank

# Weeks in remission (Freireich and others 1963); a plus marks one that still went on.
REMISSION = {
    "treated": "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+",
    "placebo": "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23",
}
FIRST = pd.Timestamp("1960-01-01")


@pytest.fixture
def remission(make_acts):
    acts, codes, censored = [], {}, []
    for group, weeks in REMISSION.items():
        for number, word in enumerate(weeks.split()):
            code, end = f"{group}{number}", FIRST + pd.Timedelta(weeks=int(word.rstrip("+")))
            acts += [f"{code} TWN relations established 1960-01-01", f"{code} TWN relations ended {end:%Y-%m-%d}"]
            codes[code] = group
            censored += [code] if "+" in word else []
    spells = build_spells(make_acts(*acts))
    reasons = spells["end_reason"].mask(spells["recogniser"].isin(censored), "union")
    return spells.assign(group=spells["recogniser"].map(codes), end_reason=reasons)


@pytest.fixture(scope="session")
def regions(spells, world):
    return spells.assign(region=spells["recogniser"].map(world.set_index("iso3")["un_region"]))


def test_the_log_rank_test_of_the_remission_trial_gives_the_textbook_chi_square(remission):
    test = log_rank(remission, "TWN", "group", reasons=["withdrawal"])
    assert test.statistic == pytest.approx(16.79, abs=0.005)
    assert test.degrees_of_freedom == 1
    assert test.p == pytest.approx(4.17e-5, rel=0.01)
    assert test.groups["ended"].to_dict() == {"placebo": 21, "treated": 9}
    assert test.groups["expected"].round(2).to_dict() == {"placebo": 10.75, "treated": 19.25}


def test_no_shuffle_in_thousands_sets_the_arms_of_the_trial_as_far_apart(remission):
    assert log_rank(remission, "TWN", "group", reasons=["withdrawal"], draws=2_000).p_shuffle < 0.002


def test_two_like_groups_are_as_close_as_can_be(remission):
    twice = pd.concat([remission.assign(recogniser=remission["recogniser"] + arm, arm=arm) for arm in "ab"])
    test = log_rank(twice, "TWN", "arm", draws=500)
    assert test.statistic == pytest.approx(0)
    assert test.p_shuffle == 1


def test_endings_and_expected_endings_agree_in_sum(regions):
    for cuts in ([], ["1971-01-01", "1974-01-01"]):
        groups = log_rank(regions, "TWN", "region", cuts=cuts, draws=1).groups
        assert groups["expected"].sum() == pytest.approx(groups["ended"].sum())


def test_cutting_at_periods_counts_each_tie_once(regions):
    whole, cut = (
        log_rank(regions, "TWN", "region", cuts=cuts, draws=1).groups for cuts in ([], ["1971-01-01", "1980"])
    )
    assert cut["ties"].to_dict() == whole["ties"].to_dict()
    assert cut["ended"].to_dict() == whole["ended"].to_dict()


def test_a_shock_that_hits_one_group_because_it_alone_is_there_vanishes_within_periods(make_acts):
    # West alone has ties in the sixties and loses most; in the seventies both lose alike.
    acts = []
    for number in range(8):
        acts += [f"W{number} TWN relations established 1955-01-01", f"W{number} TWN relations ended 196{number}-02-01"]
    for number in range(8):
        for side in "EX":
            acts.append(f"{side}{number} TWN relations established 1970-01-02")
            acts.append(f"{side}{number} TWN relations ended 1971-0{number + 1}-01")
    spells = build_spells(make_acts(*acts))
    spells["side"] = np.where(spells["recogniser"].str[0].eq("E"), "east", "west")
    plain, within = (log_rank(spells, "TWN", "side", cuts=cuts, draws=1) for cuts in ([], ["1970-01-01"]))
    assert plain.p < 0.02
    assert within.statistic == pytest.approx(0, abs=1e-9)


def test_the_years_1971_to_1973_ended_four_times_as_many_ties_as_their_age_explains(spells):
    groups = log_rank(spells, "TWN", "period", cuts=["1971-01-01", "1974-01-01"], draws=1).groups
    excess = groups["ended"] / groups["expected"]
    assert excess.iloc[1] > 4
    assert excess.iloc[0] < 0.5


def test_periods_cannot_be_shuffled_among_states(spells):
    assert np.isnan(log_rank(spells, "TWN", "period", cuts=["1971-01-01"], draws=10).p_shuffle)


def test_ten_endings_since_2016_do_not_tell_regions_apart(regions):
    test = log_rank(regions, "TWN", "region", entry="2016-01-01", clock="calendar", draws=2_000)
    assert test.groups["ended"].sum() == 10
    assert min(test.p, test.p_shuffle) > 0.2


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"by": "regoin"}, "did you mean 'region'"),
        ({"by": "entity"}, "1 groups with 98 endings; two groups and an ending are needed"),
        ({"by": "region", "draws": 0}, "draws = 0 must be 1 or more"),
        ({"by": "region", "reasons": ["union"]}, "5 groups with 0 endings"),
    ],
)
def test_groups_that_cannot_be_compared_are_refused(regions, choice, message):
    with pytest.raises(ParameterError, match=message):
        log_rank(regions, "TWN", **choice)
