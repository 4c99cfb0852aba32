"""Survival, competing endings and clustering: textbook numbers, hand-worked cases, history."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight

from analysis.errors import NothingToShowError, ParameterError
from analysis.recognition.facts.spells import build_spells
from analysis.recognition.survival.curves import (
    clustering,
    cumulative_incidence,
    incidence_at_days,
    survival_at_ages,
    survival_curve,
)
from analysis.recognition.survival.risk_sets import ties_at_risk

# Weeks in remission with 6-mercaptopurine (Freireich and others 1963); a plus marks one that still went on.
TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
WEEK_IN_YEARS = 7 / 365.25
FAR = {"until": "2020-01-01"}


@pytest.fixture
def make_ties(make_acts):
    """Spells with Taipei from (code, begin, end, reason); no end: the tie goes on."""

    def make(*rows):
        acts = []
        for code, begin, end, _ in rows:
            acts.append(f"{code} TWN relations established {begin}")
            acts += [f"{code} TWN relations ended {end}"] if end else []
        spells = build_spells(make_acts(*acts))
        reasons = {code: reason for code, _, _, reason in rows}
        return spells.assign(end_reason=spells["recogniser"].map(reasons))

    return make


@pytest.fixture
def remission(make_ties):
    first = pd.Timestamp("1960-01-01")
    rows = []
    for number, word in enumerate(TREATED.split()):
        day = first + pd.Timedelta(weeks=int(word.rstrip("+")))
        rows.append((f"S{number}", "1960-01-01", f"{day:%Y-%m-%d}", "union" if "+" in word else "switch"))
    return make_ties(*rows)


def test_kaplan_meier_gives_the_textbook_values_of_the_remission_trial(remission):
    curve = survival_curve(remission, "TWN", reasons=["switch"])
    assert (curve["time"] / WEEK_IN_YEARS).round().tolist() == [0, 6, 7, 10, 13, 16, 22, 23]
    assert curve["survival"].round(3).tolist() == [1, 0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448]
    assert curve["at_risk"].tolist() == [21, 21, 17, 15, 12, 11, 7, 6]
    assert curve["ended"].tolist() == [0, 3, 1, 1, 1, 1, 1, 1]


def test_the_log_log_limits_of_the_remission_trial_are_those_of_the_textbook(remission):
    at_ten_weeks = survival_curve(remission, "TWN", reasons=["switch"]).iloc[3]
    assert [round(at_ten_weeks[name], 2) for name in ("low", "high")] == [0.5, 0.89]


def test_shares_at_an_age_are_those_of_the_curve_with_whoever_is_still_watched(remission):
    found = survival_at_ages(remission, "TWN", [12 * WEEK_IN_YEARS, 30 * WEEK_IN_YEARS, 40 * WEEK_IN_YEARS])
    assert found["at_risk"].tolist() == [12, 4, 0]


def test_a_share_is_missing_where_nobody_was_watched_and_zero_where_all_had_ended(make_ties):
    spells = make_ties(
        ("AAA", "1960-01-01", "1962-01-01", "switch"), ("BBB", "1960-01-01", "1964-01-01", "switch")
    ).assign(group="ended")
    goes_on = make_ties(("CCC", "2015-01-01", None, None)).assign(group="young")
    both = pd.concat([spells, goes_on], ignore_index=True)
    found = survival_at_ages(both, "TWN", [3, 10], by="group", until="2020-01-01").set_index(["group", "age"])
    assert found["survival"].tolist()[:2] == [0.5, 0.0]
    assert found.loc[("young", 3), "survival"] == 1
    assert np.isnan(found.loc[("young", 10), "survival"])
    assert found["at_risk"].tolist() == [1, 0, 1, 0]


def test_what_is_counted_is_less_than_what_is_estimated_where_ties_enter_late(make_ties):
    spells = make_ties(
        ("AAA", "1951-01-02", "1960-01-01", "switch"), ("BBB", "1951-01-02", "1965-01-01", "switch"),
        ("CCC", "1961-01-01", None, None),
    )  # fmt: skip
    found = incidence_at_days(spells, "TWN", ["1970-12-31"], until="2020-01-01").iloc[0]
    assert (found["ended"], found["watched"], found["at_risk"]) == (2, 3, 1)
    assert found["raw"] == pytest.approx(2 / 3)
    assert found["incidence"] == pytest.approx(1 / 2 + 1 / 2 * 1 / 2)


@pytest.mark.parametrize("day", ["1950-01-01", "2030-01-01"])
def test_a_day_that_was_not_watched_is_refused(make_ties, day):
    spells = make_ties(("AAA", "1951-01-02", "1960-01-01", "switch"))
    with pytest.raises(ParameterError, match=f"days: {day} must lie after"):
        incidence_at_days(spells, "TWN", [day], until="2020-01-01")


def test_a_tie_that_enters_late_is_not_at_risk_before(make_ties):
    # B and C are 3 years old at the entry: at the age of 1, when A ends, only A and D are watched.
    spells = make_ties(
        ("A", "1951-01-01", "1952-01-01", "switch"),
        ("B", "1948-01-01", "1953-01-01", "switch"),
        ("C", "1948-01-01", "1954-01-01", "switch"),
        ("D", "1951-01-01", None, None),
    )
    curve = survival_curve(spells, "TWN", entry="1951-01-01")
    assert curve["time"].round().tolist() == [0, 1, 5, 6]
    assert curve["at_risk"].tolist() == [2, 2, 3, 2]
    assert curve["survival"].tolist() == pytest.approx([1, 1 / 2, 1 / 3, 1 / 6])


def test_without_endings_everything_lasts(make_ties):
    curve = survival_curve(make_ties(("A", "1960-01-01", None, None)), "TWN")
    assert curve[["time", "survival", "at_risk", "ended"]].to_numpy().tolist() == [[0, 1, 1, 0]]


def test_limits_are_missing_once_nothing_is_left(make_ties):
    curve = survival_curve(make_ties(("A", "1960-01-01", "1961-01-01", "switch")), "TWN")
    assert curve["survival"].iloc[-1] == 0
    assert curve[["low", "high"]].iloc[-1].isna().all()


def test_the_limits_hold_the_curve_and_the_curve_never_rises(spells):
    for clock in ("age", "calendar"):
        curve = survival_curve(spells, "TWN", clock=clock).dropna()
        assert (curve["low"] <= curve["survival"]).all()
        assert (curve["survival"] <= curve["high"]).all()
        assert curve["survival"].is_monotonic_decreasing


def test_each_group_has_the_curve_of_its_own_ties(spells, world):
    region = spells.assign(region=spells["recogniser"].map(world.set_index("iso3")["un_region"]))
    curves = survival_curve(region, "TWN", by="region")
    alone = survival_curve(region.query("region == 'Africa'"), "TWN")
    of_africa = curves.query("region == 'Africa'").drop(columns="region").reset_index(drop=True)
    pd.testing.assert_frame_equal(of_africa, alone)
    assert set(curves["region"]) == {"Africa", "Americas", "Asia", "Europe", "Oceania"}


def test_reasons_compete_for_the_same_ties(make_ties):
    # Of 4: switch after 1 (1/4); withdrawal after 2 (3/4 x 1/3); switch after 3 (1/2 x 1/2); the last goes on.
    spells = make_ties(
        ("A", "1960-01-01", "1961-01-01", "switch"),
        ("B", "1960-01-01", "1962-01-01", "withdrawal"),
        ("C", "1960-01-01", "1963-01-01", "switch"),
        ("D", "1960-01-01", None, None),
    )
    shares = cumulative_incidence(spells, "TWN")
    assert shares.query("end_reason == 'switch'")["incidence"].tolist() == [0, 0.25, 0.5]
    assert shares.query("end_reason == 'withdrawal'")["incidence"].tolist() == [0, 0.25]
    assert shares["at_risk"].tolist() == [4, 4, 2, 4, 3]


def test_incidences_and_survival_add_up_to_one(spells):
    for entity in ("TWN", "ISR"):
        shares = cumulative_incidence(spells, entity, clock="calendar").groupby("end_reason")["incidence"].max()
        assert shares.sum() + survival_curve(spells, entity, clock="calendar")["survival"].iloc[-1] == pytest.approx(1)


def test_without_delayed_entry_incidence_and_its_error_agree_with_statsmodels(remission):
    censored = remission["end_reason"].eq("union")
    odd = remission["recogniser"].str[-1].isin(list("13579"))
    spells = remission.assign(
        passed_on=censored, end_reason=remission["end_reason"].mask(~censored & odd, "withdrawal")
    )
    ours = cumulative_incidence(spells, "TWN").query("end_reason == 'switch' and time > 0")
    ties = ties_at_risk(spells, "TWN")
    causes = {"switch": 1, "withdrawal": 2, "union": 0}
    theirs = CumIncidenceRight(ties["exit"].to_numpy(), ties["end_reason"].map(causes).to_numpy())
    share, error = (
        pd.Series(found[0], theirs.times)[ours["time"]].to_numpy() for found in (theirs.cinc, theirs.cinc_se)
    )
    spread = np.exp(1.959964 * error / (share * np.abs(np.log(share))))
    assert len(ours) > 3
    assert ours["incidence"].to_numpy() == pytest.approx(share)
    assert ours["low"].to_numpy() == pytest.approx(share**spread)
    assert ours["high"].to_numpy() == pytest.approx(share ** (1 / spread))


def test_nearly_all_ties_with_taipei_that_ended_ended_by_a_switch(spells):
    last = cumulative_incidence(spells, "TWN", clock="calendar").groupby("end_reason")["incidence"].max()
    assert last["switch"] > 0.9
    assert last["withdrawal"] + last["end_of_state"] < 0.05


def grouped(make_ties, *rows):
    spells = make_ties(*((code, "1960-01-01", end, "switch" if end else None) for code, _, end in rows))
    return spells.assign(region=spells["recogniser"].map({code: region for code, region, _ in rows}))


def test_close_pairs_of_one_group_are_counted(make_ties):
    rows = ("A", "east", "1970-01-01"), ("B", "east", "1970-06-01"), ("C", "west", "1970-07-01"), ("D", "east", "1980")
    found = clustering(grouped(make_ties, *rows), "TWN", by="region", seed=1, **FAR)
    assert (found.statistic, found.ended) == (1, 4)
    assert clustering(grouped(make_ties, *rows), "TWN", by=None, seed=1, **FAR).statistic == 3


def test_a_pair_of_two_groups_of_two_is_alike_in_one_draw_of_three(make_ties):
    rows = ("A", "east", "1970-01-01"), ("B", "east", "1970-06-01"), ("C", "west", None), ("D", "west", None)
    found = clustering(grouped(make_ties, *rows), "TWN", by="region", seed=1, **FAR)
    assert found.expected == pytest.approx(1 / 3, abs=0.03)
    assert found.p == pytest.approx(1 / 3, abs=0.03)


def test_two_endings_of_many_ties_fall_within_a_tenth_of_the_time_as_often_as_two_random_days(make_ties):
    rows = [(f"S{number}", "all", None) for number in range(200)]
    rows[:2] = [("S0", "all", "1969-12-01"), ("S1", "all", "1969-12-29")]
    found = clustering(
        grouped(make_ties, *rows), "TWN", by=None, seed=1, until="1970-01-01", window_days=365, draws=20_000
    )
    assert found.expected == pytest.approx(1 - 0.9**2, abs=0.01)


def test_endings_that_sweep_one_region_after_the_other_cluster_by_region(make_ties):
    rows = [(f"{region}{month}", region, f"{year}-{month:02}-01") for region, year in REGIONS for month in range(1, 9)]
    found = clustering(grouped(make_ties, *rows), "TWN", by="region", seed=1, **FAR)
    assert found.statistic == 2 * 28
    assert found.p < 0.01


REGIONS = (("east", 1970), ("west", 1990))


def test_endings_that_take_turns_between_regions_do_not(make_ties):
    rows = [(f"E{year}", "east", f"{year}-01-01") for year in range(1970, 1980)]
    rows += [(f"W{year}", "west", f"{year}-07-01") for year in range(1970, 1980)]
    found = clustering(grouped(make_ties, *rows), "TWN", by="region", seed=1, window_days=200, **FAR)
    assert found.statistic == 0
    assert found.p == 1


def test_a_group_that_all_share_shows_no_clustering_however_close_the_endings(spells):
    found = clustering(spells.assign(region="world"), "TWN", by="region", seed=1, draws=100)
    assert (found.p, found.low, found.high) == (1, found.statistic, found.statistic)


def test_the_same_seed_gives_the_same_draws(spells):
    one, same, other = (clustering(spells, "TWN", by="recogniser", seed=seed, draws=200) for seed in (1, 1, 2))
    assert one == same
    assert one.expected != other.expected


def test_switches_from_taipei_cluster_in_time_and_suspensions_towards_israel_by_region_too(spells, world):
    region = spells.assign(region=spells["recogniser"].map(world.set_index("iso3")["un_region"]))
    in_time = clustering(region, "TWN", by=None, seed=7, reasons=["switch"], draws=1_000)
    assert in_time.statistic > 2 * in_time.expected
    taipei = clustering(region, "TWN", by="region", seed=7, reasons=["switch"], draws=1_000)
    assert taipei.low <= taipei.statistic <= taipei.high
    israel = clustering(region, "ISR", by="region", seed=7, reasons=["suspension"], draws=1_000)
    assert israel.statistic > max(2 * israel.expected, israel.high)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"by": "confidense"}, "did you mean 'confidence'"),
        ({"draws": 0}, "draws = 0 must be between 1"),
        ({"window_days": 0}, "window_days = 0 must be between 1"),
    ],
)
def test_what_cannot_be_compared_is_refused(spells, choice, message):
    with pytest.raises(ParameterError, match=message):
        clustering(spells, **{"entity": "TWN", "by": None, "seed": 1} | choice)


def test_fewer_than_two_endings_cannot_come_close_and_leave_nothing_to_show(spells, make_ties):
    with pytest.raises(NothingToShowError, match=r"no tie ended between 1950-12-31 and 2026-05-21 \(union\)"):
        clustering(spells, "TWN", by=None, seed=1, reasons=["union"])
    one = make_ties(("AAA", "1960-01-01", "1970-01-01", "switch"), ("BBB", "1960-01-01", None, None))
    with pytest.raises(NothingToShowError, match=r"'TWN': 1 tie ended between .* let more endings count"):
        clustering(one, "TWN", by=None, seed=1, reasons=["switch"])


def test_an_unknown_group_of_curves_is_refused(spells):
    with pytest.raises(ParameterError, match="by = 'entitty' is not known; did you mean 'entity'"):
        survival_curve(spells, "TWN", by="entitty")
