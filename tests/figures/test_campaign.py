"""The figure of the same raid every day: both lines from the exact chain, and the sentence that says their ends."""

import pytest

from analysis.air_defence.questions import campaign, cases, forces, posterior
from analysis.figures.air_defence import campaign as figures
from analysis.figures.captions import say
from analysis.tables import load_facts


def follow(days, inputs="calibrated", raid=("mixed",)):
    facts = load_facts("air_defence")
    met = forces.read_raid(facts.raids, *raid)
    defence = forces.build_defence("taiwan_tdome_planned", facts, met, covers=True)
    assumed = cases.make_case(defence, "layer", facts.assumptions, raids_differ=True)
    return campaign.follow_days(posterior.choose_inputs(assumed, facts.posterior, inputs), days)


@pytest.fixture(scope="module")
def ten():
    return follow(10)


def means(days, reload):
    return days[(days["threat_class"] == "all") & (days["reload"] == reload)]["mean"].round(1).tolist()


def test_the_sequence_of_days_of_what_is_funded_with_coverage(ten):
    assert means(ten, False) == [16.3, 16.4, 17.0, 21.5, 29.9, 34.3, 36.4, 38.9, 42.1, 49.9]
    assert means(ten, True) == [16.3, 16.4, 16.9, 20.2, 24.9, 25.5, 26.6, 27.8, 27.9, 28.3]


def test_without_coverage_and_calibration_the_magazines_end_and_then_all_of_it_leaks():
    facts = load_facts("air_defence")
    met = forces.read_raid(facts.raids, "mixed")
    defence = forces.build_defence("taiwan_tdome_planned", facts, met, programme_state="announced")
    days = campaign.run_campaign(cases.make_case(defence, "layer", facts.assumptions), 12).leakers
    found = days[days["threat_class"] == "all"]["mean"]
    assert found.iloc[0] < 1 and found.is_monotonic_increasing
    assert found.iloc[-1] == pytest.approx(84, abs=0.5)


def test_the_figure_has_both_lines_and_words_can_be_read(ten, assert_words_can_be_read):
    figure = figures.plot_leakers_by_day(ten)
    lines = [list(line.get_ydata()) for line in figure.axes[0].lines]
    assert [[round(value, 1) for value in line] for line in lines] == [means(ten, False), means(ten, True)]
    assert_words_can_be_read(figure, "days")


def test_the_sentence_says_first_and_last_day(ten):
    said = say("cost.days", figures.facts_of_days(ten, "calibrated"))
    for words in ("16.3 leak on the first day", "on day 10 it is 49.9 with nothing reloaded", "28.3 with launchers"):
        assert words in said
    assert "fitted to raids" in said
    assert "On the one day 16.3 of 84" in say("cost.days", figures.facts_of_days(follow(1), "calibrated"))
