"""What was claimed about real engagements: who says it, of what, and what it would predict."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.air_defence.calibration.nights import count_nights
from analysis.air_defence.facts.choices import SPEAKERS
from analysis.air_defence.questions import evidence
from analysis.air_defence.questions.evidence import CLAIMED, LATER, OTHER_SIDE, OUTSIDE, RELAYED, WHO
from analysis.errors import DataError, ParameterError


@pytest.fixture
def claims(load):
    """Every published count, by its name."""
    return evidence.list_claims(load("engagements")).set_index("engagement_id", drop=False)


@pytest.fixture
def counts(claims):
    """Intervals and predictions for a raid of twenty."""
    frame = evidence.predict_from_counts(claims, threats=20)
    return frame.set_index("engagement_id", drop=False)


def test_every_published_count_is_listed_once(claims, load):
    assert set(claims["engagement_id"]) == set(load("engagements")["engagement_id"])
    assert claims["engagement_id"].is_unique
    assert set(claims["who"]) == set(WHO.values())


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("gulf_war_1991_president", CLAIMED),
        ("gulf_war_1991", LATER),
        ("gulf_war_1991_gao", OUTSIDE),
        ("gulf_war_1991_mit", OUTSIDE),
        ("iron_dome_2012_day3", CLAIMED),
        ("iron_dome_2012", LATER),
        ("iron_dome_2014_full", LATER),
        ("iron_dome_2023_0510", CLAIMED),
        ("qatar_june_2025", RELAYED),
        ("iran_june_2025_thaad", RELAYED),
        ("iran_june_2025_iran_claim", OTHER_SIDE),
        ("uae_2026_cheongung", CLAIMED),
        ("iran_june_2025_thaad_spread", RELAYED),
        ("ukraine_2025_sep_ballistic", OUTSIDE),
        ("ukraine_20221022", CLAIMED),
    ],
)
def test_who_speaks_is_a_column_of_the_table(claims, name, who):
    assert claims.loc[name, "who"] == who


def test_every_role_has_a_group_and_no_wording_changes_it(load):
    assert set(WHO) == set(SPEAKERS)
    reworded = evidence.list_claims(load("engagements").assign(claimed_by="GAO, a revision by the press"))
    assert reworded["who"].tolist() == evidence.list_claims(load("engagements"))["who"].tolist()


def test_a_share_is_that_of_the_two_counts_where_both_were_published_and_else_the_claimed_one(claims):
    both = claims.loc["iron_dome_2014_full"]
    assert (both["tried"], both["claimed_rate"], both["share"]) == (800, 0.9, 735 / 800)
    derived = claims.loc["iron_dome_2012"]
    assert pd.isna(derived["tried"])
    assert derived["share"] == derived["claimed_rate"] == 0.86


def test_a_row_that_says_the_same_attack_takes_the_words_of_the_first(claims):
    assert claims.loc[claims["event_group"] == "gulf_war_1991", "what"].nunique() == 1
    assert claims.loc["iron_dome_2014_full", "what"] == "Gaza rockets"
    assert claims.loc["iran_april_2024", "what"] == "drones, cruise and ballistic missiles"


def test_the_words_of_the_first_row_are_kept_where_that_row_is_not_used(load):
    sure = evidence.list_claims(load("engagements"), "high")
    assert "gulf_war_1991_gao" in set(sure["engagement_id"])
    assert not sure["what"].str.startswith("same").any()


def test_a_count_called_published_must_have_both_numbers(load):
    broken = load("engagements")
    broken.loc[broken["engagement_id"] == "ukraine_20221022", "threats_launched"] = None
    with pytest.raises(DataError, match="ukraine_20221022 says that both counts are published, but one is empty"):
        evidence.list_claims(broken)


def test_an_unknown_confidence_is_refused(load):
    with pytest.raises(ParameterError, match="minimum_confidence = 'lowest' is not known"):
        evidence.list_claims(load("engagements"), "lowest")


def test_derived_counts_get_no_interval(counts, claims):
    assert set(counts["engagement_id"]) <= set(claims.index[claims["both_counts"]])
    assert "iron_dome_2012" not in counts.index
    assert "iron_dome_2023_0510" not in counts.index


def test_of_snapshots_that_contain_each_other_only_the_longest_counts(counts, claims):
    uae = [name for name in claims.index if name.startswith("uae_2026") and claims.loc[name, "both_counts"]]
    ballistic = [name for name in uae if claims.loc[name, "what"] == "Iranian ballistic missiles"]
    assert len(ballistic) == 4
    assert [name for name in ballistic if name in counts.index] == ["uae_20260309_bm"]
    assert "ukraine_20230509" not in counts.index


def test_running_totals_can_be_left_out(claims, counts):
    own = evidence.predict_from_counts(claims, threats=20, running=False)
    assert not own["running"].any()
    assert len(own) == (~counts["running"]).sum() < len(counts)


def test_the_intervals_of_the_gulf_war_counts_do_not_meet(counts):
    president, army = counts.loc["gulf_war_1991_president"], counts.loc["gulf_war_1991"]
    assert army["exact_high"] < president["exact_low"]
    assert army["leakers_low"] > president["leakers_high"]
    assert president["exact_low"] == pytest.approx(0.874, abs=5e-4)


def test_intervals_hold_the_share_and_exact_ones_hold_jeffreys(counts):
    assert (counts["exact_low"] <= counts["jeffreys_low"]).all()
    assert (counts["jeffreys_high"] <= counts["exact_high"]).all()
    assert counts["share"].between(counts["exact_low"], counts["exact_high"]).all()


def test_the_mean_of_the_next_raid_follows_the_jeffreys_prior(counts):
    army = counts.loc["gulf_war_1991"]
    assert army["leakers"] == pytest.approx(20 * (61 + 0.5) / (85 + 1))


def test_raids_that_differ_widen_the_prediction_and_hardly_move_its_mean(claims, counts):
    differ = evidence.predict_from_counts(claims, 20, correlations={"owa_drone": 0.1, "subsonic_cm": 0.2, "srbm": 0.5})
    differ = differ.set_index("engagement_id", drop=False)
    pd.testing.assert_frame_equal(differ[["alone_low", "alone_high"]], counts[["alone_low", "alone_high"]])
    widths = [frame["leakers_high"] - frame["leakers_low"] for frame in (differ, counts)]
    assert (widths[0] >= widths[1]).all() and widths[0].mean() > 1.4 * widths[1].mean()
    long_ago = differ.loc["gulf_war_1991"]
    assert long_ago["leakers"] == pytest.approx(counts.loc["gulf_war_1991", "leakers"], abs=0.1)
    assert (counts["leakers_low"] == counts["alone_low"]).all()


def test_an_attack_takes_the_correlation_of_its_class_by_its_words(claims):
    rows = evidence.predict_from_counts(claims, 20, correlations={"owa_drone": 0.1, "srbm": 0.5})
    family = rows.groupby("what")["family"].first()
    assert family["Shahed drones"] == family["Gaza rockets"] == "owa_drone"
    assert family["Iskander-M with KN-23 or Kinzhal"] == "srbm"
    assert family["missiles of all types"] == "subsonic_cm"
    assert (rows["raid_correlation"] == rows["family"].map({"owa_drone": 0.1, "srbm": 0.5}).fillna(0)).all()


def test_a_mixed_attack_takes_the_largest_correlation():
    assert evidence._like_family("drones, cruise and ballistic missiles") == "srbm"


@pytest.mark.long
def test_the_interval_that_takes_threats_as_alone_holds_too_few_nights_and_the_other_one_enough(load):
    nights = count_nights(load("ukraine_reports"), load("ukraine_models"))
    held = evidence.measure_coverage(nights).set_index("family")
    assert held.loc["owa_drone", "alone"] < 0.6 and (held["alone"] < 0.75).all()
    assert held["differing"].between(0.87, 0.99).all()


def test_coverage_is_measured_on_the_past_of_each_night_alone(load):
    nights = count_nights(load("ukraine_reports"), load("ukraine_models"))
    few = replace(nights, nights=nights.of("srbm"))
    held = evidence.measure_coverage(few).set_index("family")
    assert held["nights"].tolist() == [0, 0, 40]
    assert held.loc["srbm", "alone"] < 0.7 < held.loc["srbm", "differing"]


def test_a_higher_level_widens_every_interval(claims, counts):
    wider = evidence.predict_from_counts(claims, 20, level=0.99)
    assert (wider["exact_low"].to_numpy() <= counts["exact_low"].to_numpy()).all()
    assert (wider["exact_high"].to_numpy() >= counts["exact_high"].to_numpy()).all()


def test_the_gulf_war_lies_furthest_apart(claims):
    apart = evidence.claims_apart(claims.reset_index(drop=True))
    first = apart.iloc[0]
    assert (first["event_group"], first["lowest"], first["same_days"]) == ("gulf_war_1991", 0, True)
    assert first["apart"] == pytest.approx(41 / 42)
    assert (apart["apart"] > 0).all()
    assert apart["apart"].is_monotonic_decreasing
    uae = apart[apart["event_group"] == "uae_2026"].iloc[0]
    assert not uae["same_days"]


def test_shares_of_different_things_are_never_set_against_each_other(claims):
    apart = evidence.claims_apart(claims.reset_index(drop=True))
    assert "not_stated" not in set(apart["denominator"])
    assert "iran_israel_2025_06" not in set(apart["event_group"])
    asked = evidence.shares_of_attack(claims, *evidence.ASKED).set_index("engagement_id")
    assert set(asked["denominator"]) == {"not_stated", "launched"}
    jinsa = asked.loc["iran_june_2025_jinsa"]
    assert (jinsa["met"], jinsa["neither"]) == (322, 252)
    assert jinsa["share_of_met"] == pytest.approx(273 / 322)


def test_rival_tallies_are_of_the_same_days_and_never_running_totals(claims):
    rivals = evidence.rival_tallies(claims.reset_index(drop=True))
    assert (rivals["lowest"] < rivals["highest"]).all()
    assert not set(rivals["event_group"]) & {"uae_2026", "ukraine_2022_total", "saudi_2015_2021"}
    june = rivals[(rivals["event_group"] == "iran_israel_2025_06") & (rivals["tally"] == "came through")].iloc[0]
    assert (june["lowest"], june["highest"]) == (31, 47)  # the middle of 31 to 63, which reaches further than 49
    fired = rivals[rivals["tally"] == "interceptors fired"]  # 80 rounds of SM-3 are no rival of 93 to 150 of THAAD
    assert fired[["lowest", "highest", "system_id"]].to_numpy().tolist() == [[93, 150, "thaad"]]


def test_nothing_of_the_chosen_confidence_gives_empty_frames(claims):
    none = claims.iloc[:0].reset_index(drop=True)
    assert evidence.predict_from_counts(none, 20).empty
    assert "apart" in evidence.claims_apart(none)
    assert evidence.rival_tallies(none).empty


def test_the_order_of_rows_changes_no_count(load):
    table = load("engagements")
    ours, turned = (
        evidence.list_claims(rows).sort_values("engagement_id", ignore_index=True) for rows in (table, table.iloc[::-1])
    )
    pd.testing.assert_frame_equal(turned, ours)
