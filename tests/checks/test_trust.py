"""Confidence, second readings and disagreements are counted without losing or doubling a claim."""

from analysis.checks import self_check, trust
from analysis.tables import load_table


def test_every_claim_has_one_grade():
    confidence = trust.confidence_by_table()
    events = confidence[confidence["table"] == "recognition/events"].set_index("confidence")["claims"]
    table = load_table("recognition/events")
    assert events.sum() == len(table)
    assert events["low"] + events["unconfirmed"] == (table["confidence"] == "low").sum()


def test_every_reading_has_one_outcome():
    outcomes = trust.outcomes_by_table()
    assert outcomes["readings"].sum() == len(load_table("second_readings"))
    blind = outcomes.set_index(["table", "outcome"])["readings"]
    assert blind["air_defence/system_parameters", "not found"] == 8
    assert blind["recognition/memberships", "differs"] == 48


def test_disagreements_are_of_several_publishers_and_sorted():
    widest = trust.widest_disagreements(30)
    assert (widest["n_publishers"] > 1).all()
    assert widest["ratio"].is_monotonic_decreasing
    assert len(trust.widest_disagreements(3)) == 3


def test_the_self_check_shows_the_unexplained_first():
    table = self_check.self_check()
    unexplained = self_check.is_unexplained(table)
    assert unexplained.sum() == trust.count_disagreements()["unexplained"].sum()
    assert unexplained[: unexplained.sum()].all()
    assert (table["difference"].tail(100) == 0).all()
