"""Raids that happened: their counts agree with the running totals and rival counts that were published."""

import pytest

from analysis.air_defence.facts import choices
from analysis.tables import load_table


@pytest.fixture(scope="module")
def raids():
    return load_table("air_defence/observed_raids")


@pytest.fixture(scope="module")
def counts():
    return load_table("air_defence/engagements").set_index("engagement_id")


@pytest.mark.parametrize(
    ("engagement", "threat_class", "failed"),
    [
        ("uae_20260302", "mrbm", 13),
        ("uae_20260306_bm", "mrbm", 13),
        ("uae_20260309_bm", "mrbm", 18),
        ("uae_20260309_drones", "owa_drone", 0),
    ],
)
def test_the_days_of_the_emirates_add_up_to_the_totals_that_the_ministry_ran(
    raids, counts, engagement, threat_class, failed
):
    total = counts.loc[engagement]
    days = raids[(raids["war"] == "iran_gulf_2026") & (raids["threat_class"] == threat_class)]
    days = days[days["end"] <= total["date_end"]]
    assert days["launched"].sum() == total["threats_launched"]
    assert days["destroyed"].sum() == total["threats_intercepted"]
    assert days["leaked_low"].sum() == total["leaked"]
    assert days["failed"].sum() == failed


def test_every_war_has_a_raid_and_there_are_some_thirty(raids):
    assert set(raids["war"]) == set(choices.WARS)
    assert 30 <= raids["raid_id"].nunique() <= 40
    assert raids.groupby("raid_id")[["name", "war"]].nunique().eq(1).all(axis=None)


def test_what_only_counts_the_destroyed_is_censored(raids):
    censored = raids[raids["censored"]].set_index("claim_id")
    assert "uae_2026_03_02.subsonic_cm" in censored.index
    assert set(censored["war"]) == {
        "gaza",
        "iran_gulf_2026",
    }  # "engaged" was derived from the claimed rate, or not counted


def test_the_nights_of_ukraine_have_no_published_layers_and_kyiv_has_patriot(raids):
    ukraine = raids[raids["war"] == "ukraine"]
    assert ukraine.loc[ukraine["raid_id"].str.startswith("ukraine_"), "defence_id"].isna().all()
    fielded = load_table("air_defence/fielded").set_index("defence_id")
    assert fielded.loc["kyiv_2023_05", "system_id"] == "patriot_pac3_cri"


def test_no_thaad_stood_in_israel_before_it_was_sent_there():
    fielded = load_table("air_defence/fielded")
    assert set(fielded.loc[fielded["system_id"] == "thaad", "defence_id"]) == {"israel_2025_06", "uae_2026"}


def test_the_auditors_count_is_the_strongest_grade_among_those_engaged(raids, counts):
    row = raids.set_index("claim_id").loc["gulf_1991.srbm"]
    assert (row["engaged"], row["destroyed"]) == (47, 4)
    assert row["leaked_high"] == 47 - 4
    assert row["leaked_low"] == 47 - round(47 * 0.25)
    assert counts.loc["gulf_war_1991_gao", "claimed_rate"] == pytest.approx(4 / 47, abs=0.01)
