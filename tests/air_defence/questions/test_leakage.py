"""A case under a notional raid: luck, what is not known, doctrine, scope, size, work, and what matters most."""

import numpy as np
import pandas as pd
import pytest

from analysis.air_defence.exact.defence import Layer
from analysis.air_defence.questions import cases, forces, leakage
from analysis.errors import ParameterError
from analysis.tables import load_facts

SURE = {"low": 1.0, "best": 1.0, "high": 1.0}
NINE_OF_TEN = {"low": 0.8, "best": 0.9, "high": 0.95}


def by_hand(kill=0.5, rounds=8, spread=0.0, threats=4, shots=2, one_track=SURE, scope="layer", track=1.0):
    """Two equal layers against one class; ``spread`` is how far kill probability may be off."""
    rows = {}
    for name in ("upper", "lower"):
        rows[f"{name}.rounds"] = (rounds, rounds, rounds, True)
        rows[f"{name}.srbm.single_shot"] = (kill - spread, kill, kill + spread, False)
        rows[f"{name}.track"] = (track, track, track, False)
    ranges = pd.DataFrame.from_dict(rows, orient="index", columns=["low", "best", "high", "whole"])
    ranges = ranges.assign(assumed=True, why="invented").rename_axis("quantity")
    layers = [Layer(name, {"srbm": kill}, {"srbm": rounds}, shots, track=track) for name in ("upper", "lower")]
    defence = forces.Defence(layers, ranges, pd.DataFrame(), pd.DataFrame(), {"srbm": threats})
    return cases.Case(defence, scope, one_track)


@pytest.fixture(scope="module")
def planned():
    facts = load_facts("air_defence")
    raid = forces.read_raid(facts.raids, "mixed")
    defence = forces.build_defence("taiwan_tdome_planned", facts, raid)
    return cases.make_case(defence, "layer", facts["assumptions"])


def row_of(outcomes, label):
    return outcomes.summary.set_index("case").loc[label]


def test_four_threats_through_two_barrages_leak_as_worked_by_hand():
    mean = row_of(leakage.compare({"all": by_hand()}, 4, 1), "all")["mean"]
    assert mean == pytest.approx(4 * 0.25 * 0.25)  # each layer stops three of four


def test_without_spread_nothing_is_unknown_and_all_variance_is_luck():
    row = row_of(leakage.compare({"all": by_hand()}, 16, 1), "all")
    assert row["mean_low"] == pytest.approx(row["mean_high"])
    assert row["variance_ignorance"] == pytest.approx(0, abs=1e-12)
    assert row["variance_luck"] == pytest.approx(4 * (1 / 16) * (15 / 16))


def test_a_wider_range_widens_the_band_and_leaves_luck_at_the_best_values():
    narrow, wide = (leakage.compare({"a": by_hand(spread=spread)}, 64, 1) for spread in (0.05, 0.3))
    width = [float((o.summary["mean_high"] - o.summary["mean_low"]).iloc[0]) for o in (narrow, wide)]
    assert width[0] < width[1]
    pd.testing.assert_frame_equal(narrow.luck, wide.luck)


def test_chances_sum_to_one_and_the_tail_begins_there(planned):
    luck = leakage.leakers_by_scope(planned, 16, 7).luck
    sums = luck.groupby("case")["chance"].sum()
    assert np.allclose(sums, 1)
    first = luck[luck["leakers"] == 0]
    assert np.allclose(first["at_least"], 1)
    assert (luck.groupby("case")["at_least"].diff().dropna() <= 1e-12).all()


def test_a_second_shot_helps_while_there_are_rounds_and_hurts_when_there_are_not():
    plenty = leakage.leakers_by_doctrine(by_hand(kill=0.7, rounds=8), 2, 4, 1)
    scarce = leakage.leakers_by_doctrine(by_hand(kill=0.7, rounds=2), 2, 4, 1)
    assert row_of(plenty, "Barrage of 2")["mean"] < row_of(plenty, "One shot")["mean"]
    assert row_of(scarce, "Barrage of 2")["mean"] > row_of(scarce, "One shot")["mean"]


def test_looking_between_shots_never_leaks_more_than_a_barrage(planned):
    outcomes = leakage.leakers_by_doctrine(planned, 2, 16, 7)
    assert row_of(outcomes, "Shoot-look-shoot, up to 2")["mean"] <= row_of(outcomes, "Barrage of 2")["mean"]


def test_one_shot_is_compared_with_two():
    labels = leakage.leakers_by_doctrine(by_hand(), 1, 4, 1).summary["case"].tolist()
    assert labels == ["One shot", "Barrage of 2", "Shoot-look-shoot, up to 2"]


def test_one_event_for_the_raid_keeps_the_mean_and_widens_the_tail():
    outcomes = leakage.leakers_by_scope(by_hand(one_track=NINE_OF_TEN), 4, 1)
    threat, raid = row_of(outcomes, "threat"), row_of(outcomes, "raid")
    assert threat["mean"] == pytest.approx(raid["mean"]) == pytest.approx(4 * (0.1 + 0.9 / 16))
    assert raid["variance_luck"] > threat["variance_luck"]


def test_the_one_track_is_drawn_in_place_of_the_layers_own():
    common = by_hand(one_track=NINE_OF_TEN, scope="raid").ranges
    assert common.loc["track", ["low", "best", "high"]].tolist() == [0.8, 0.9, 0.95]
    assert not common.index.str.endswith(".track").any()
    assert "upper.track" in by_hand(one_track=NINE_OF_TEN).ranges.index


def test_an_unknown_scope_is_refused():
    with pytest.raises(ParameterError, match="track_scope"):
        by_hand(scope="theatre")


def test_a_raid_keeps_its_classes_when_it_shrinks():
    assert cases.scale_raid({"srbm": 20, "mrbm": 1, "hgv": 0}, 10) == {"srbm": 2, "mrbm": 1, "hgv": 0}
    with pytest.raises(ParameterError, match="percent"):
        cases.scale_raid({"srbm": 20}, 0)


def test_the_chosen_size_is_the_case_itself(planned):
    sized = cases.resize(planned, 100)
    assert sized.defence.layers == planned.defence.layers
    assert sized.defence.raid == planned.defence.raid


def test_a_larger_raid_leaks_more_and_empties_no_more_than_there_is(planned):
    summary, dry = leakage.leakers_by_size(planned, 16, 7, (50, 100, 200))
    assert summary["mean"].is_monotonic_increasing
    assert (dry["spent"] <= dry["rounds"] + 1e-9).all()
    assert dry.groupby("system_id")["rounds"].nunique().eq(1).all()
    assert summary["threats"].tolist() == [42, 84, 168]


def test_sizes_that_make_the_same_small_raid_are_one():
    summary, dry = leakage.leakers_by_size(by_hand(threats=1), 4, 1)
    assert summary["case"].tolist() == [
        100,
        150,
        300,
        400,
    ]  # 25 and 50 % of one threat are one, 200 % are two as 150 % are
    assert not dry.duplicated(["system_id", "threats"]).any()


def test_a_magazine_for_half_the_raid_runs_short_and_one_for_all_does_not():
    short = [leakage.leakers_by_size(by_hand(rounds=rounds), 4, 1, (100,))[1]["short"].iloc[0] for rounds in (4, 8)]
    assert short == [pytest.approx(1), pytest.approx(0)]


def test_what_layers_stop_and_what_leaks_adds_up_to_the_raid(planned):
    totals = leakage.work_over_draws(planned, 16, 7)
    assert totals["killed"].sum() + planned.luck().mean == pytest.approx(planned.threats)
    assert (totals["killed"] <= totals["arriving"]).all()
    assert (totals["killed_low"] <= totals["killed_high"]).all()


def test_work_over_draws_takes_the_one_track_along():
    case = by_hand(one_track={"low": 0.0, "best": 0.5, "high": 1.0}, scope="threat")
    totals = leakage.work_over_draws(case, 64, 1).set_index("system_id").loc["upper"]
    assert totals["killed"] == pytest.approx(4 * 0.5 * 0.75)
    assert totals["killed_low"] < totals["killed"] < totals["killed_high"]


def test_all_of_a_kind_move_the_leakers_further_than_one():
    swing = leakage.swing_of_leakers(by_hand(spread=0.3)).set_index("input")["swing"]
    assert swing["all single_shot"] > swing["upper.srbm.single_shot"] > 0
    assert swing["all rounds"] == swing["upper.rounds"] == 0


def test_swings_of_the_kill_probability_are_those_worked_by_hand():
    row = leakage.swing_of_leakers(by_hand(spread=0.3)).set_index("input").loc["all single_shot"]
    assert row[["at_low", "at_best", "at_high"]].tolist() == pytest.approx([4 * 0.8**4, 4 * 0.5**4, 4 * 0.2**4])


def test_inputs_without_spread_answer_for_nothing():
    shares = leakage.shares_of_variance(by_hand(spread=0.2), 100, 7)
    assert set(shares["input"]) == {"upper.srbm.single_shot", "lower.srbm.single_shot"}


def test_firing_differently_changes_every_layer_and_nothing_else():
    case = by_hand()
    changed = cases.fire_differently(case, "shoot-look-shoot", 3)
    assert {(layer.doctrine, layer.shots) for layer in changed.defence.layers} == {("shoot-look-shoot", 3)}
    assert [layer.magazine for layer in changed.defence.layers] == [layer.magazine for layer in case.defence.layers]
    pd.testing.assert_frame_equal(changed.ranges, case.ranges)


def test_a_position_of_doctrine_and_size_is_what_one_asks_for_alone(planned):
    grid = leakage.leakers_by_doctrine_and_size(planned, 2, 16, 7, percents=[50, 100])
    alone = leakage.leakers_by_doctrine(cases.resize(planned, 50), 2, 16, 7).summary
    half = grid.summary.query("percent == 50").drop(columns=["percent", "own"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(half, alone)
    for percent in (50, 100):
        case = planned if percent == 100 else cases.resize(planned, percent)
        taken, asked = grid.at(percent), leakage.leakers_by_doctrine(case, 2, 16, 7)
        pd.testing.assert_frame_equal(taken.summary, asked.summary)
        pd.testing.assert_frame_equal(taken.luck, asked.luck)
    assert grid.luck.groupby(["case", "percent"])["chance"].sum().round(9).eq(1).all()


@pytest.mark.parametrize(
    ("doctrine", "shots", "label"),
    [
        ("barrage", 1, "One shot"),
        ("shoot-look-shoot", 1, "One shot"),
        ("barrage", 3, "Barrage of 3"),
        ("shoot-look-shoot", 2, "Shoot-look-shoot, up to 2"),
    ],
)
def test_the_case_as_it_was_given_is_found_among_the_doctrines(doctrine, shots, label):
    case = cases.fire_differently(by_hand(), doctrine, shots)
    summary = leakage.leakers_by_doctrine_and_size(case, shots, 4, 1, percents=[50, 100]).summary
    own = summary[summary["own"]]
    assert own[["case", "percent"]].to_numpy().tolist() == [[label, 100]]
    assert own["mean"].iloc[0] == pytest.approx(case.luck().mean)


def test_decoys_want_rounds_that_real_threats_then_lack():
    layer = Layer("one", {"srbm": 0.5}, {"srbm": 20}, shots=2)
    decoyed = cases.Case(
        forces.Defence([layer], pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), {"srbm": 8}), "layer", {"best": 1}
    )
    found = leakage.shots_at_decoys(decoyed, [0, 4], called_real=0.5, decoy_called_real=0.25)
    assert found["wanted"].tolist() == [8.0, 24.0]
    assert found["leakers"].tolist() == [5.0, 5.0]
    assert found["rounds"].tolist() == [20, 20]
    by_share = leakage.shots_by_discrimination(decoyed).set_index("decoy_called_real")["wanted"]
    assert by_share.round(9).to_dict() == {0.0: 16.0, 0.1: 22.4, 0.5: 48.0, 1.0: 80.0}
