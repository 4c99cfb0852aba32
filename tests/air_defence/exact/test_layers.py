"""Layers in sequence: hand-worked cases, exact references, and rules that always hold."""

from fractions import Fraction
from itertools import zip_longest

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.air_defence.exact import layers as exact
from analysis.air_defence.exact.layers import Layer, layered_leakage, raid_leakers, raid_leakers_by_draw, work_by_layer
from analysis.air_defence.facts.choices import DOCTRINES, TRACK_SCOPES
from analysis.errors import ParameterError

CHANCES = [Fraction(x) for x in ("0", "1", "1/2", "7/10", "1/10", "999/1000", "1/1000000")]


def one_threat(layers, threat_class, feeds, place, stocks, weight, ends):
    """Add to ``ends`` every way in which one threat can pass the layers from ``place`` on: (stocks, leaks)."""
    if place == len(layers):
        ends[stocks, 1] = ends.get((stocks, 1), 0) + weight
        return
    layer = layers[place]
    if threat_class not in layer.single_shot or feeds is False:
        one_threat(layers, threat_class, feeds, place + 1, stocks, weight, ends)
        return
    tracked = Fraction(layer.track) if feeds is None else Fraction(1)
    if tracked < 1:
        one_threat(layers, threat_class, feeds, place + 1, stocks, weight * (1 - tracked), ends)
    slot = (layer.name, None if layer.is_shared else threat_class)
    left, alive, p = dict(stocks), weight * tracked, Fraction(layer.single_shot[threat_class])
    together = layer.doctrine == "barrage"
    killed = Fraction(0)
    for _ in range(min(layer.shots, left[slot])):
        left[slot] -= 1
        killed += alive * p
        alive -= alive * p
        if not together:
            ends[tuple(left.items()), 0] = ends.get((tuple(left.items()), 0), 0) + killed
            killed = Fraction(0)
    if killed:
        ends[tuple(left.items()), 0] = ends.get((tuple(left.items()), 0), 0) + killed
    if alive:
        one_threat(layers, threat_class, feeds, place + 1, tuple(left.items()), alive, ends)


def enumerate_leakers(layers, raid, scope="layer", track=Fraction(1)):
    """Distribution of leakers in rational arithmetic: classes take turns, a threat passes all layers at a time."""
    slots = {}
    for layer in layers:
        shared = {(layer.name, None): layer.magazine} if layer.is_shared else {}
        slots |= shared or {(layer.name, name): rounds for name, rounds in layer.magazine.items()}
    turns = zip_longest(*([name] * threats for name, threats in raid.items()))
    order = [name for turn in turns for name in turn if name is not None]
    states = {(tuple(slots.items()), 0): Fraction(1)}
    for name in order:
        following = {}
        for (stocks, leaked), weight in states.items():
            ends = {}
            if scope == "layer":
                one_threat(layers, name, None, 0, stocks, weight, ends)
            else:
                once = track if scope == "threat" else Fraction(1)
                one_threat(layers, name, True, 0, stocks, weight * once, ends)
                one_threat(layers, name, False, 0, stocks, weight * (1 - once), ends)
            for (rest, more), chance in ends.items():
                following[rest, leaked + more] = following.get((rest, leaked + more), 0) + chance
        states = following
    pmf = [sum((w for (_, k), w in states.items() if k == leaked), Fraction(0)) for leaked in range(len(order) + 1)]
    if scope == "raid":
        pmf = [track * chance for chance in pmf]
        pmf[-1] += 1 - track
    return np.array([float(chance) for chance in pmf])


@st.composite
def layer_lists(draw, classes=("srbm",), doctrines=tuple(DOCTRINES), most=3, plenty=False):
    """Some layers with magazines allotted by class, small enough to enumerate."""
    layers = []
    for i in range(draw(st.integers(1, most))):
        single_shot = {name: draw(st.sampled_from(CHANCES)) for name in classes}
        magazine = {name: 1000 if plenty else draw(st.integers(0, 9)) for name in classes}
        shots, doctrine = draw(st.integers(1, 3)), draw(st.sampled_from(doctrines))
        layers.append(Layer(f"layer {i}", single_shot, magazine, shots, doctrine, draw(st.sampled_from(CHANCES))))
    return layers


def one_layer(threats=10, p=0.7, rounds=10, shots=1, doctrine="barrage", track=1.0):
    return raid_leakers([Layer("upper", {"srbm": p}, {"srbm": rounds}, shots, doctrine, track)], {"srbm": threats})


# Hand-worked cases


def test_one_track_for_all_layers_leaks_fourteen_times_as_much_as_independent_tracks():
    p, shots, tracks = (0.6, 0.7, 0.8), (1, 2, 2), (0.90, 0.95, 0.98)
    layers = [Layer(str(i), {"mrbm": p[i]}, 9, shots[i], track=tracks[i]) for i in range(3)]
    apart = layered_leakage(layers, "mrbm")
    together = layered_leakage(layers, "mrbm", track_scope="threat", track=0.95)
    assert round(apart, 4) == 0.0037
    assert round(together, 4) == 0.0514
    assert round(together / apart) == 14


def test_a_second_shot_at_each_threat_empties_the_magazine_and_leaks_more():
    assert one_layer(shots=1).mean == pytest.approx(3.0, abs=1e-12)
    assert one_layer(shots=2).mean == pytest.approx(5 + 5 * 0.09, abs=1e-12)


def test_the_last_threat_gets_the_rounds_that_are_left():
    # 2 threats, 3 rounds, two shots each at p = 1/2: the first leaks 1/4, the second 1/2
    leakers = one_layer(threats=2, p=0.5, rounds=3, shots=2)
    assert leakers.pmf == pytest.approx([3 / 8, 1 / 2, 1 / 8], abs=1e-15)


def test_shoot_look_shoot_saves_a_round_for_the_next_threat():
    # 2 threats, 3 rounds, two looks at p = 1/2: a first hit leaves two for the second threat
    leakers = one_layer(threats=2, p=0.5, rounds=3, shots=2, doctrine="shoot-look-shoot")
    assert leakers.pmf == pytest.approx([1 / 2, 3 / 8, 1 / 8], abs=1e-15)


def test_a_threat_that_is_not_tracked_costs_no_shot():
    # 2 threats, 1 round, certain kill, tracked half the time: both untracked with 1/4, otherwise one is killed
    assert one_layer(threats=2, p=1.0, rounds=1, track=0.5).pmf == pytest.approx([0, 3 / 4, 1 / 4], abs=1e-15)


def test_a_class_that_no_layer_names_passes_untouched():
    leakers = raid_leakers([Layer("upper", {"srbm": 1.0}, 9)], {"srbm": 3, "hgv": 4})
    assert leakers.pmf.tolist() == [0, 0, 0, 0, 1, 0, 0, 0]
    assert layered_leakage([Layer("upper", {"srbm": 1.0}, 9)], "hgv") == 1.0


@pytest.mark.parametrize("raid", [{}, {"srbm": 0}])
def test_an_empty_raid_leaks_nothing(raid):
    layers = [Layer("upper", {"srbm": 0.5}, 9)]
    assert raid_leakers(layers, raid).pmf.tolist() == [1.0]
    assert work_by_layer(layers, raid).empty
    assert raid_leakers_by_draw(layers, raid, pd.DataFrame({"upper.track": [0.5]}))["mean"].tolist() == [0.0]


# Against exact rational arithmetic, and against an independent simulation


@settings(max_examples=150)
@given(layer_lists(), st.integers(0, 6), st.sampled_from(TRACK_SCOPES), st.sampled_from(CHANCES))
def test_one_class_agrees_with_rational_arithmetic(layers, threats, scope, track):
    exact = enumerate_leakers(layers, {"srbm": threats}, scope, track)
    leakers = raid_leakers(layers, {"srbm": threats}, scope, track)
    assert abs(leakers.pmf - exact).max() < 1e-12
    assert leakers.standard_error == 0.0


@settings(max_examples=25)
@given(layer_lists(("srbm", "mrbm"), most=2), st.sampled_from(TRACK_SCOPES), st.sampled_from(CHANCES))
def test_two_classes_agree_with_rational_arithmetic(layers, scope, track):
    raid = {"mrbm": 3, "srbm": 2}
    exact = enumerate_leakers(layers, raid, scope, track)
    assert abs(raid_leakers(layers, raid, scope, track).pmf - exact).max() < 1e-12


@pytest.mark.parametrize("scope", TRACK_SCOPES)
@pytest.mark.parametrize("doctrine", DOCTRINES)
def test_a_shared_magazine_agrees_with_rational_arithmetic_within_its_error(doctrine, scope):
    half, most = Fraction(1, 2), Fraction(3, 4)
    layers = [
        Layer("upper", {"srbm": half, "mrbm": most}, 5, 2, doctrine, most),
        Layer("lower", {"srbm": most}, {"srbm": 1}, 1, doctrine),
    ]
    raid = {"srbm": 3, "mrbm": 2}
    exact = enumerate_leakers(layers, raid, scope, most)
    simulated = raid_leakers(layers, raid, scope, most, seed=1, n_simulations=100_000)
    assert 0 < simulated.standard_error < 0.01
    assert abs(simulated.mean - np.arange(6) @ exact) < 4 * simulated.standard_error
    assert abs(simulated.pmf - exact).max() < 0.007


def simulate_waves(rng, threats, layers, n):
    """Independent simulation of one class, layer by layer and shot by shot, of many raids at once."""
    alive = np.full(n, threats)
    for layer in layers:
        left = np.full(n, layer.magazine["srbm"])
        leaked = np.zeros(n, int)
        for turn in range(alive.max()):
            lives = turn < alive
            tracked = lives & (rng.random(n) < layer.track)
            for _ in range(layer.shots):
                looking = lives if layer.doctrine == "shoot-look-shoot" else turn < alive
                fires = tracked & looking & (left > 0)
                left -= fires
                lives = lives & ~(fires & (rng.random(n) < layer.single_shot["srbm"]))
            leaked += lives
        alive = leaked
    return alive


@pytest.mark.parametrize("doctrine", DOCTRINES)
def test_a_larger_raid_agrees_with_an_independent_simulation(doctrine):
    p, rounds = (0.5, 0.6, 0.7), (50, 30, 9)
    layers = [Layer(str(i), {"srbm": p[i]}, {"srbm": rounds[i]}, 2, doctrine, 0.9) for i in range(3)]
    leaked = simulate_waves(np.random.default_rng(5), 60, layers, 20_000)
    exact = raid_leakers(layers, {"srbm": 60})
    assert abs(leaked.mean() - exact.mean) < 4 * np.sqrt(exact.variance / leaked.size)
    assert leaked.var() == pytest.approx(exact.variance, rel=0.05)
    assert abs((leaked <= exact.quantile(0.5)).mean() - exact.pmf[: exact.quantile(0.5) + 1].sum()) < 0.015


# Numbers of every size


@pytest.mark.parametrize("doctrine", DOCTRINES)
@pytest.mark.parametrize("threats", [1, 100, 5000])
@pytest.mark.parametrize("p", [1e-9, 0.4, 1 - 1e-9])
@pytest.mark.parametrize("track", [1e-6, 0.9, 1.0])
def test_probabilities_sum_to_one(doctrine, threats, p, track):
    rounds = (threats, threats // 2, threats // 5)
    layers = [Layer(str(i), {"srbm": p}, {"srbm": n}, 2, doctrine, track) for i, n in enumerate(rounds)]
    leakers = raid_leakers(layers, {"srbm": threats})
    assert leakers.pmf.size == threats + 1
    assert abs(leakers.pmf.sum() - 1) < 1e-12
    assert (leakers.pmf >= 0).all()


def test_rounding_does_not_add_up_in_the_largest_raid():
    magazines = (9_000, 7_000, 5_000, 2_000)
    layers = [Layer(str(n), {"srbm": 0.6}, {"srbm": n}, 4, "shoot-look-shoot", 0.99) for n in magazines]
    assert abs(raid_leakers(layers, {"srbm": 10_000}).pmf.sum() - 1) < 1e-12


def test_a_long_chain_of_plentiful_layers_is_one_binomial():
    layers = [Layer(str(i), {"srbm": 0.1}, {"srbm": 10_000}, 1) for i in range(200)]
    leakers = raid_leakers(layers, {"srbm": 5000})
    assert leakers.mean == pytest.approx(5000 * 0.9**200, rel=1e-10)
    assert leakers.probability_zero == pytest.approx((1 - 0.9**200) ** 5000, rel=1e-10)


def test_thousands_of_threats_against_a_magazine_that_runs_dry():
    leakers = one_layer(threats=5000, p=0.8, rounds=3001, shots=2)
    assert leakers.mean == pytest.approx(3499 + 1500 * 0.04 + 0.2, rel=1e-12)
    assert leakers.variance == pytest.approx(1500 * 0.04 * 0.96 + 0.16, rel=1e-9)


# Rules that always hold


@settings(max_examples=60)
@given(layer_lists(), layer_lists(most=1), st.integers(0, 30), st.data())
def test_leakage_falls_with_each_added_layer(layers, more, threats, data):
    place = data.draw(st.integers(0, len(layers)))
    added = [*layers[:place], Layer("added", more[0].single_shot, more[0].magazine), *layers[place:]]
    raid = {"srbm": threats}
    assert raid_leakers(added, raid).mean <= raid_leakers(layers, raid).mean + 1e-9


@settings(max_examples=60)
@given(layer_lists(), st.integers(0, 30), st.data())
def test_leakage_falls_with_a_better_kill_probability(layers, threats, data):
    place, better = data.draw(st.integers(0, len(layers) - 1)), data.draw(st.floats(0, 1))
    old = layers[place]
    p = float(old.single_shot["srbm"])
    new = Layer(old.name, {"srbm": p + (1 - p) * better}, old.magazine, old.shots, old.doctrine, old.track)
    improved = [*layers[:place], new, *layers[place + 1 :]]
    raid = {"srbm": threats}
    assert raid_leakers(improved, raid).mean <= raid_leakers(layers, raid).mean + 1e-9


@settings(max_examples=60)
@given(layer_lists(plenty=True), st.integers(0, 30), st.sampled_from(TRACK_SCOPES))
def test_a_shot_more_lowers_leakage_while_no_magazine_binds(layers, threats, scope):
    first = layers[0]
    more = Layer(first.name, first.single_shot, first.magazine, first.shots + 1, first.doctrine, first.track)
    few = raid_leakers(layers, {"srbm": threats}, scope, 0.9).mean
    assert raid_leakers([more, *layers[1:]], {"srbm": threats}, scope, 0.9).mean <= few + 1e-9


@settings(max_examples=60)
@given(layer_lists(most=1), st.integers(0, 30), st.sampled_from(TRACK_SCOPES))
def test_shoot_look_shoot_never_leaks_more_nor_spends_more_than_a_barrage(layers, threats, scope):
    only, raid = layers[0], {"srbm": threats}
    barrage, looking = (
        [Layer("only", only.single_shot, only.magazine, only.shots, doctrine, only.track)] for doctrine in DOCTRINES
    )
    assert raid_leakers(looking, raid, scope, 0.9).mean <= raid_leakers(barrage, raid, scope, 0.9).mean + 1e-9
    spent = work_by_layer(looking, raid, scope, 0.9)["spent"].sum()
    assert spent <= work_by_layer(barrage, raid, scope, 0.9)["spent"].sum() + 1e-7


@settings(max_examples=60)
@given(layer_lists(plenty=True), st.integers(0, 30), st.sampled_from(TRACK_SCOPES), st.data())
def test_the_order_of_layers_does_not_matter_while_no_magazine_binds(layers, threats, scope, data):
    shuffled = data.draw(st.permutations(layers))
    one, other = (raid_leakers(order, {"srbm": threats}, scope, 0.9).pmf for order in (layers, shuffled))
    assert abs(one - other).max() < 1e-12


@settings(max_examples=60)
@given(layer_lists(plenty=True), st.integers(1, 30), st.sampled_from(CHANCES))
def test_the_scope_of_a_failure_changes_the_tail_and_not_the_mean(layers, threats, track):
    by_threat, by_raid = (raid_leakers(layers, {"srbm": threats}, scope, track) for scope in ("threat", "raid"))
    assert by_threat.mean == pytest.approx(by_raid.mean, abs=1e-9)
    assert by_threat.mean == pytest.approx(threats * layered_leakage(layers, "srbm", "threat", track), abs=1e-9)
    assert by_threat.variance <= by_raid.variance + 1e-9


# Work by layer


@settings(max_examples=60)
@given(layer_lists(), st.integers(1, 30), st.sampled_from(TRACK_SCOPES))
def test_kills_and_leakers_account_for_every_threat_and_no_magazine_is_overdrawn(layers, threats, scope):
    work = work_by_layer(layers, {"srbm": threats}, scope, 0.9)
    assert threats - work["killed"].sum() == pytest.approx(raid_leakers(layers, {"srbm": threats}, scope, 0.9).mean)
    assert (work["spent"] <= work["magazine"] + 1e-7).all()
    assert work["short"].between(0, 1 + 1e-12).all()
    assert (work["killed"] <= work["spent"] + 1e-7).all()


@pytest.mark.parametrize("scope", TRACK_SCOPES)
@pytest.mark.parametrize("doctrine", DOCTRINES)
def test_exact_work_agrees_with_simulated_work(doctrine, scope):
    # a third layer with a shared magazine that binds forces the simulation; the first two are the same
    layers = [Layer(str(i), {"srbm": 0.6, "mrbm": 0.5}, {"srbm": 7, "mrbm": 4}, 2, doctrine, 0.9) for i in range(2)]
    raid = {"srbm": 8, "mrbm": 5}
    exact = work_by_layer(layers, raid, scope, 0.9)
    shared = Layer("last", {"srbm": 0.5, "mrbm": 0.5}, 3)
    simulated = work_by_layer([*layers, shared], raid, scope, 0.9, seed=3, n_simulations=100_000)[:4]
    numbers = ["arriving", "killed", "spent", "short"]
    assert abs(exact[numbers] - simulated[numbers]).to_numpy().max() < 0.04


# Magazines that classes share


def test_a_shared_magazine_that_cannot_run_dry_is_exact():
    shared = raid_leakers([Layer("upper", {"srbm": 0.5, "mrbm": 0.6}, 40)], {"srbm": 10, "mrbm": 10})
    allotted = raid_leakers(
        [Layer("upper", {"srbm": 0.5, "mrbm": 0.6}, {"srbm": 20, "mrbm": 20})], {"srbm": 10, "mrbm": 10}
    )
    assert shared.standard_error == 0.0
    assert abs(shared.pmf - allotted.pmf).max() < 1e-15


def test_a_shared_magazine_behind_a_good_layer_is_exact_because_few_arrive():
    upper = Layer("upper", {"srbm": 0.99, "mrbm": 0.99}, {"srbm": 90, "mrbm": 90}, shots=3)
    lower = Layer("lower", {"srbm": 0.5, "mrbm": 0.5}, 12)
    assert raid_leakers([upper, lower], {"srbm": 20, "mrbm": 20}).standard_error == 0.0


def test_a_magazine_shared_by_one_class_of_the_raid_is_exact():
    shared = raid_leakers([Layer("upper", {"srbm": 0.5, "mrbm": 0.6}, 9)], {"srbm": 10})
    allotted = raid_leakers([Layer("upper", {"srbm": 0.5}, {"srbm": 9})], {"srbm": 10})
    assert (shared.pmf == allotted.pmf).all()


def test_a_simulation_follows_its_seed():
    layers, raid = [Layer("upper", {"srbm": 0.5, "mrbm": 0.6}, 9)], {"srbm": 10, "mrbm": 10}
    first, again, other = (raid_leakers(layers, raid, seed=seed, n_simulations=1000) for seed in (1, 1, 2))
    assert (first.pmf == again.pmf).all()
    assert (first.pmf != other.pmf).any()


# Many draws


@pytest.mark.parametrize("scope", TRACK_SCOPES)
@pytest.mark.parametrize("doctrine", DOCTRINES)
def test_draws_in_bulk_agree_with_one_question_each(doctrine, scope):
    rng = np.random.default_rng(2)
    layers = [Layer(name, {"srbm": 0.5, "mrbm": 0.5}, {"srbm": 9, "mrbm": 9}, 2, doctrine) for name in ("a", "b")]
    draws = pd.DataFrame(
        {"a.srbm.single_shot": rng.random(45), "b.mrbm.magazine": rng.integers(0, 30, 45), "a.track": rng.random(45),
         "track": rng.random(45)},
        index=range(100, 145),
    )  # fmt: skip
    raid = {"srbm": 10, "mrbm": 7}
    bulk = raid_leakers_by_draw(layers, raid, draws, scope)
    assert (bulk.index == draws.index).all()
    for row in (0, 31, 32, 44):
        values = draws.iloc[row].to_dict()
        one = raid_leakers([layer.changed(values) for layer in layers], raid, scope, values["track"])
        expected = [one.mean, one.variance, one.probability_zero, *(one.quantile(q) for q in (0.05, 0.5, 0.95)), 0]
        assert bulk.iloc[row].tolist() == pytest.approx(expected, abs=1e-12)


def test_draws_do_not_depend_on_how_they_are_cut():
    layers = [Layer("upper", {"srbm": 0.5, "mrbm": 0.5}, 9)]
    draws = pd.DataFrame({"upper.srbm.single_shot": np.linspace(0.1, 0.9, 5), "upper.magazine": [8, 9, 10, 11, 12]})
    raid = {"srbm": 10, "mrbm": 7}
    whole = raid_leakers_by_draw(layers, raid, draws, n_simulations=500)
    parts = [raid_leakers_by_draw(layers, raid, part, n_simulations=500) for part in (draws[:2], draws[2:])]
    pd.testing.assert_frame_equal(whole, pd.concat(parts))
    assert (whole["standard_error"] > 0).all()


# What is refused


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"single_shot": {"srbm": 1.2}}, r"upper.srbm.single_shot = 1.2 is not allowed; give a probability"),
        ({"single_shot": {"srbm": float("nan")}}, r"upper.srbm.single_shot = nan is not allowed"),
        ({"magazine": {"srbm": -1}}, r"upper.srbm.magazine = -1 is not allowed; give a whole number from 0"),
        ({"magazine": 2.5}, r"upper.magazine = 2.5 is not allowed"),
        ({"magazine": {}}, r"upper.magazine names no class, but upper.single_shot names srbm"),
        ({"shots": 0}, r"upper.shots = 0 is not allowed; give a whole number from 1 to 100"),
        ({"doctrine": "shoot-look"}, r"upper.doctrine = 'shoot-look' is not known"),
        ({"track": float("inf")}, r"upper.track = inf is not allowed"),
    ],
)
def test_a_layer_out_of_range_is_refused(change, message):
    with pytest.raises(ParameterError, match=message):
        Layer(**{"name": "upper", "single_shot": {"srbm": 0.5}, "magazine": {"srbm": 9}} | change)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"raid": {"srmb": 4}}, r"threat_class = 'srmb' is not known; did you mean 'srbm'"),
        ({"raid": {"srbm": -4}}, r"raid\[srbm\] = -4 is not allowed"),
        ({"raid": {"srbm": 6_000, "mrbm": 6_000}}, r"raid holds 12,000 threats; at most 10,000"),
        ({"track_scope": "shot"}, r"track_scope = 'shot' is not known"),
        ({"track": 1.5}, r"track = 1.5 is not allowed"),
        ({"n_simulations": 0}, r"n_simulations = 0 is not allowed"),
    ],
)
def test_a_question_out_of_range_is_refused(changes, message):
    question = {"layers": [Layer("upper", {"srbm": 0.5}, {"srbm": 9})], "raid": {"srbm": 4}}
    with pytest.raises(ParameterError, match=message):
        raid_leakers(**question | changes)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("upper.srbm.single_shots", 0.5, "did you mean 'upper.srbm.single_shot'"),
        ("upper.srbm.single_shot", 1.5, r"draws.upper.srbm.single_shot\[0\] = 1.5 is not allowed"),
        ("upper.srbm.magazine", 2.5, r"draws.upper.srbm.magazine\[0\] = 2.5 is not allowed; give a whole number"),
    ],
)
def test_draws_out_of_range_are_refused(column, value, message):
    with pytest.raises(ParameterError, match=message):
        layers = [Layer("upper", {"srbm": 0.5}, {"srbm": 9})]
        raid_leakers_by_draw(layers, {"srbm": 4}, pd.DataFrame({column: [value]}))


def test_two_layers_of_one_name_are_refused():
    with pytest.raises(ParameterError, match="more than once"):
        layered_leakage([Layer("upper", {"srbm": 0.5}, 9)] * 2, "srbm")


@pytest.mark.parametrize("coverage_scope", ["layer", "place"])
@pytest.mark.parametrize("track_scope", ["layer", "threat", "raid"])
def test_without_a_layer_everything_leaks(track_scope, coverage_scope):
    how = {"track_scope": track_scope, "track": 0.5, "coverage_scope": coverage_scope}
    assert raid_leakers([], {"srbm": 3, "mrbm": 1}, **how, raid_correlation=0.2).pmf.tolist() == [0, 0, 0, 0, 1]
    drawn = exact.leakers_by_class_and_draw([], {"srbm": 3}, pd.DataFrame({"track": [0.2, 0.9]}), **how)
    assert drawn["mean"].tolist() == [3.0] * 4
    assert work_by_layer([], {"srbm": 3}, **how).empty
