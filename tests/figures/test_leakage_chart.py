"""The chart of leakers with doctrine and size to choose: its positions, its controls and its sentences."""

import json

import pandas as pd
import pytest

from analysis.air_defence.exact.defence import Layer
from analysis.air_defence.questions import cases, forces, leakage
from analysis.figures import charts
from analysis.figures.air_defence.leakage_chart import control_positions, plot_leakers_by_position, write_position

WAYS = ["One shot", "Barrage of 2", "Shoot-look-shoot, up to 2"]


def solve(doctrine="barrage", shots=2, threats=4):
    """One layer with four rounds and an even chance against 4 threats, at half the size, as it is, and doubled."""
    rows = {"one.rounds": (4, 4, 4, True), "one.srbm.single_shot": (0.4, 0.5, 0.6, False)}
    ranges = pd.DataFrame.from_dict(rows, orient="index", columns=["low", "best", "high", "whole"])
    layer = Layer("one", {"srbm": 0.5}, {"srbm": 4}, shots, doctrine=doctrine)
    case = cases.Case(
        forces.Defence([layer], ranges, pd.DataFrame(), pd.DataFrame(), {"srbm": threats}), "layer", {"best": 1}
    )
    return leakage.leakers_by_doctrine_and_size(case, shots, 16, 7, percents=[50, 100, 200])


@pytest.fixture(scope="module")
def solved():
    return solve()


def test_there_is_a_sentence_for_every_doctrine_and_size(solved):
    controls = control_positions(solved.summary)
    assert [control.param for control in controls.controls] == ["doctrine", "size"]
    assert controls.controls[0].labels == WAYS
    assert controls.controls[1].labels == ["2 threats (50 %)", "4 threats (100 %)", "8 threats (200 %)"]
    assert len(set(controls.sentences.values())) == 9 == len(controls.sentences)
    assert controls.sentences["0,1"].startswith("Of 4 threats, one shot: leakers on average 2.0 at the best values")
    assert "the mean in 9 of 10 draws" in controls.note and "no estimate of casualties" in controls.note


@pytest.mark.parametrize(
    ("doctrine", "shots", "place"),
    [("barrage", 1, 0), ("shoot-look-shoot", 1, 0), ("barrage", 2, 1), ("shoot-look-shoot", 3, 2)],
)
def test_the_controls_and_the_chart_begin_at_the_case_as_it_was_given(doctrine, shots, place):
    found = solve(doctrine, shots)
    assert [control.start for control in control_positions(found.summary).controls] == [place, 1]
    spec = charts.write_spec(plot_leakers_by_position(found.luck, found.summary))
    params = {param["name"]: param.get("value") for param in spec["params"]}
    assert (params["doctrine"], params["size"]) == (place, 1)


def test_a_position_holds_the_distribution_and_the_mean_within_its_band(solved):
    shown = write_position(solved.luck, solved.summary, "One shot", 100)
    assert shown["first"] == 0 and shown["pmf"] == [0.0625, 0.25, 0.375, 0.25, 0.0625]  # four tosses of a coin
    assert shown["band"][0] < shown["mean"] == 2 < shown["band"][1]
    assert shown["ends"] == [-0.5, 4.5]


def test_a_raid_beyond_the_magazine_shows_only_numbers_that_can_leak(solved):
    assert write_position(solved.luck, solved.summary, "One shot", 200)["first"] == 4  # eight threats, four rounds


def test_the_axis_keeps_room_for_what_is_not_known(solved):
    for row in solved.summary.itertuples():
        shown = write_position(solved.luck, solved.summary, row.case, row.percent)
        assert shown["ends"][0] <= min(shown["band"]) <= max(shown["band"]) <= shown["ends"][1]


def test_the_sentence_of_a_position_has_its_numbers(solved):
    said = [words for place, words in control_positions(solved.summary).sentences.items() if place.endswith(",1")]
    assert len(said) == 3
    assert all("Of 4 threats, " in sentence and "over the draws" in sentence for sentence in said)
    assert any("shoot-look-shoot, up to 2" in sentence for sentence in said)


def test_no_missing_value_reaches_a_page(solved):
    spec = charts.write_spec(plot_leakers_by_position(solved.luck, solved.summary))
    json.dumps(spec, allow_nan=False)
    assert len(next(param for param in spec["params"] if param["name"] == "positions")["value"]) == 3
