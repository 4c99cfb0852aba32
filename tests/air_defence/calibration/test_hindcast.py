"""Past nights predicted from their past alone, and scored."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.air_defence.calibration import rolling, scores
from analysis.air_defence.calibration.hindcast import hindcast, list_targets, predict_raids, summarise
from analysis.air_defence.calibration.law import beta_binomial
from analysis.air_defence.calibration.nights import Nights
from analysis.errors import ParameterError

FAMILIES = ("owa_drone", "subsonic_cm", "srbm")


def record(rng, families=FAMILIES[:2], nights=100, correlation=0.1, share=0.7, last="2025-08-31"):
    """Nights that follow the law exactly, two days apart."""
    days = pd.date_range(end=last, periods=nights, freq="2D")
    strength = (1 - correlation) / correlation
    frames = []
    for family in families:
        launched = rng.integers(1, 60, nights)
        chance = rng.beta(share * strength, (1 - share) * strength, nights)
        frames.append(pd.DataFrame({"family": family, "night": days, "launched": launched,
                                    "killed": rng.binomial(launched, chance), "reports": 1}))  # fmt: skip
    table = pd.concat(frames).sort_values(["night", "family"], ignore_index=True)
    return Nights(table, pd.DataFrame(), pd.DataFrame(), [], days[0], days[-1], "destroyed_or_lost")


@pytest.fixture(scope="module")
def found():
    return hindcast(record(np.random.default_rng(8)), "2025-07-01", "2025-08-31", 5)


def test_a_night_is_predicted_from_the_nights_before_it_alone():
    nights = record(np.random.default_rng(9), FAMILIES[:1])
    changed = nights.nights.assign(killed=nights.nights["killed"].mask(nights.nights["night"] >= "2025-08-01", 0))
    first, last = pd.Timestamp("2025-07-15"), pd.Timestamp("2025-08-01")
    one, other = (rolling.predict_nights(frame, first, last, 1, 60.0) for frame in (nights.nights, changed))
    pd.testing.assert_series_equal(one["share"], other["share"])
    assert one["night"].max() <= last


def test_a_half_life_is_chosen_on_nights_before_the_test_alone():
    nights = record(np.random.default_rng(10), FAMILIES[:1])
    changed = nights.nights.assign(killed=nights.nights["killed"].mask(nights.nights["night"] >= "2025-07-01", 0))
    tried = [rolling.choose_half_life(frame, rolling.CHOSEN_BEFORE, 5) for frame in (nights.nights, changed)]
    pd.testing.assert_frame_equal(*tried)
    assert tried[0]["chosen"].sum() == 1


def test_the_choice_looks_at_no_night_that_is_tested():
    early = hindcast(record(np.random.default_rng(11)), "2025-05-01", "2025-06-15", 5)
    nights = record(np.random.default_rng(11)).nights
    before = (nights["night"] < "2025-05-01") & (nights["family"] == "owa_drone") & (nights["launched"] >= 5)
    assert early.half_lives["nights"].max() <= before.sum()


def test_forgetting_helps_where_nights_drift_and_hardly_where_they_do_not():
    rng = np.random.default_rng(12)
    steady = record(rng, FAMILIES[:1], nights=80).nights
    drift = steady.assign(launched=50, killed=rng.binomial(50, np.linspace(0.95, 0.2, len(steady))))
    halves = [rolling.choose_half_life(frame, pd.Timestamp("2025-09-01"), 5) for frame in (drift, steady)]
    gains = [one["log_score"].max() - one["log_score"].iloc[-1] for one in halves]
    assert gains[0] > 0.3 and gains[1] < 0.1


def test_predictions_by_the_law_that_made_the_nights_hold_what_they_promise():
    found = hindcast(record(np.random.default_rng(13), nights=250), "2024-10-01", "2025-08-31", 5)
    table = summarise(found, 50, 1).set_index("threat_class")
    for family in FAMILIES[:2]:
        low, high = scores.held_by_chance(int(table.loc[family, "nights"]))
        assert low <= table.loc[family, "inside_90_randomised"] <= high
        assert table.loc[family, "inside_90"] == pytest.approx(table.loc[family, "expected_inside_90"], abs=0.06)
        assert table.loc[family, "crps"] < table.loc[family, "crps_binomial"]


def test_the_summary_has_a_row_a_class_and_the_promised_columns(found):
    table = summarise(found, 20, 1)
    assert list(table.columns) == [
        "threat_class", "nights", "inside_50", "inside_90", "inside_90_randomised", "expected_inside_90", "crps",
        "crps_binomial", "crps_beta_binomial", "crps_last_month", "log_score",
    ]  # fmt: skip
    assert table["threat_class"].tolist() == list(FAMILIES)
    assert table["nights"].tolist()[2] == 0 and table.iloc[2, 2:].isna().all()
    assert found.asked.set_index("family").loc["srbm"].tolist() == [0, 0, 0, 0, 0]


def test_nights_with_too_few_before_them_are_counted_and_not_predicted():
    found = hindcast(record(np.random.default_rng(14), FAMILIES[:1], nights=60), "2025-01-01", "2025-08-31", 1)
    asked = found.asked.set_index("family").loc["owa_drone"]
    assert asked["too_early"] == rolling.LEAST_PAST
    assert asked["predicted"] == len(found.by_law()) == 40


@pytest.mark.parametrize("period", [("2031-01-01", "2031-02-01"), ("2025-08-01", "2025-07-01")])
def test_a_period_without_nights_is_refused_and_told_of_the_record(period):
    with pytest.raises(ParameterError, match="the record has nights from 2025-02-14 to 2025-08-31"):
        hindcast(record(np.random.default_rng(15)), *period, 5)


@pytest.mark.parametrize("values", [(20, 0.7, 0.15), (5, 0.3, 0.5), (200, 0.9, 0.01)])
def test_the_score_is_the_mean_distance_less_half_the_mean_spread(values):
    launched, share, correlation = values
    pmf, counts = beta_binomial(*values), np.arange(launched + 1)
    for killed in (0, launched // 2, launched):
        night = pd.DataFrame(
            {"launched": [launched], "killed": [killed], "share": [share], "correlation": [correlation]}
        )
        spread = pmf @ np.abs(counts[:, None] - counts) @ pmf
        wanted = (pmf @ np.abs(counts - killed) - spread / 2) / launched
        assert scores.score_nights(night)["crps"].iloc[0] == pytest.approx(wanted, abs=1e-12)


def test_a_closed_interval_holds_its_level_and_loses_it_by_one_count_less():
    pmf = beta_binomial(40, 0.6, 0.2)
    low, high = scores.closed_interval(pmf, 0.9)
    assert pmf[low : high + 1].sum() >= 0.9
    assert pmf[low + 1 :].sum() < 0.95 and pmf[:high].sum() < 0.95


def test_outcomes_drawn_from_their_predictions_fall_evenly():
    rng = np.random.default_rng(16)
    launched = rng.integers(1, 8, 4000)
    strength = (1 - 0.3) / 0.3
    killed = rng.binomial(launched, rng.beta(0.5 * strength, 0.5 * strength, 4000))
    nights = pd.DataFrame({"family": "srbm", "launched": launched, "killed": killed, "share": 0.5, "correlation": 0.3})
    scored = scores.score_nights(nights)
    parts = scores.pit_histogram(scored, 1, 2)
    assert parts["share"].sum() == pytest.approx(1)
    assert parts["share"].between(0.08, 0.12).all()
    curve = scores.coverage_curve(scored, 1, 2)
    assert (curve["inside"] - curve["level"]).abs().max() < 0.03
    assert scored["inside_90"].mean() == pytest.approx(scored["expected_inside_90"].mean(), abs=0.02)


def test_missed_aims_are_listed_as_missed():
    good = {"nights": 100, "inside_90": 0.95, "inside_90_randomised": 0.9, "crps": 0.05, "crps_binomial": 0.1,
            "crps_beta_binomial": 0.09, "crps_last_month": 0.08}  # fmt: skip
    bad = good | {"inside_90_randomised": 0.7, "crps": 0.095}
    rows = [{"threat_class": "owa_drone"} | good, {"threat_class": "subsonic_cm"} | bad]
    targets = list_targets(pd.DataFrame(rows)).set_index(["threat_class", "aim"])["met"]
    assert targets["owa_drone"].all() and len(targets["owa_drone"]) == 5
    assert targets["subsonic_cm"].to_dict() == {
        "randomised": False, "closed": True, "sharper_than_binomial": True, "close_to_beta_binomial": False,
    }  # fmt: skip


def raids_of(*rows):
    """Observed raids as begin, end, class, launched, leaked, and what differs."""
    columns = ["begin", "end", "threat_class", "launched", "leaked_low"]
    frame = pd.DataFrame([row[:5] for row in rows], columns=columns).assign(war="ukraine")
    frame = frame.assign(claim_id=[f"c{place}" for place in range(len(rows))], leaked_high=frame["leaked_low"])
    return frame.astype({"launched": "Int64", "leaked_low": "Int64", "leaked_high": "Int64"})


def test_a_raid_is_predicted_by_class_from_the_nights_before_it_or_it_is_said_why_not():
    nights = record(np.random.default_rng(13))
    half_lives = pd.DataFrame({"family": ["owa_drone"], "half_life_days": [60.0], "chosen": [True]})
    rows = raids_of(
        ("2025-07-31", "2025-08-01", "owa_drone", 40, 12),
        ("2025-07-31", "2025-08-01", "subsonic_cm", 40, 40),
        ("2025-07-31", "2025-08-01", "owa_drone", 40, None),
        ("2025-07-01", "2025-08-01", "owa_drone", 40, 12),
        ("2025-02-16", "2025-02-16", "owa_drone", 40, 12),
        ("2025-07-31", "2025-08-01", "hgv", 40, 12),
    )
    found = predict_raids(nights, rows, half_lives)
    early = f"fewer than {rolling.LEAST_PAST} nights of its class before it"
    wanted = ["", "", "what came through is not counted", "several nights counted together", early, early]
    assert found["why"].tolist() == wanted
    assert found["inside"].tolist()[:2] == [True, False]
    assert found["q05"][0] < found["mean"][0] < found["q95"][0] < 40
    changed = nights.nights.assign(killed=nights.nights["killed"].mask(nights.nights["night"] >= "2025-08-01", 0))
    again = predict_raids(replace(nights, nights=changed), rows, half_lives)
    pd.testing.assert_frame_equal(again, found)
    elsewhere = predict_raids(nights, rows.assign(war="gaza"), half_lives)
    assert set(elsewhere["why"]) == {"nights of this war are not on record"}
