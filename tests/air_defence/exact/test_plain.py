"""The exact chain as one would write it down, some forty times slower, and the compiled one beside it."""

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.air_defence.exact.layers import (
    Layer,
    leakers_by_class,
    leakers_by_class_and_draw,
    raid_leakers,
    raid_leakers_by_draw,
    work_by_layer,
)
from analysis.air_defence.facts.choices import COVERAGE_SCOPES, DOCTRINES, TRACK_SCOPES

CLOSE = 1e-14  # of probabilities; what differs is rounding, and chances below 1e-17 that the chain drops
CHANCES = st.one_of(st.sampled_from([0.0, 1.0, 0.5, 1e-6, 1 - 1e-6]), st.floats(0, 1))


def binomial(n, chance):
    """Distribution of successes among n."""
    row = np.ones(1)
    for _ in range(n):
        row = np.convolve(row, [1 - chance, chance])
    return row


def fire_together(tracked, rounds, p, shots):
    """Distribution of survivors among tracked threats under a barrage, and whether rounds were missing."""
    served, rest = min(tracked, rounds // shots), rounds % shots
    survivors = binomial(served, (1 - p) ** shots)
    if served < tracked:  # the next one gets what is left, and those after it nothing
        survivors = np.convolve(survivors, binomial(1, (1 - p) ** rest))
    untouched = max(0, tracked - served - 1)
    return np.concatenate([np.zeros(untouched), survivors]), float(served < tracked)


def fire_and_look(tracked, rounds, p, shots):
    """Distribution of survivors where the next shot follows only a miss, and the chance that rounds were missing."""
    ways = {(rounds, 0, False): 1.0}  # rounds left, survivors, whether rounds were missing
    for _ in range(tracked):
        following = {}
        for (left, survivors, short), weight in ways.items():
            most = min(shots, left)
            ends = [((left - fired, survivors, short), p * (1 - p) ** (fired - 1)) for fired in range(1, most + 1)]
            ends.append(((left - most, survivors + 1, short or most < shots), (1 - p) ** most))
            for end, chance in ends:
                following[end] = following.get(end, 0.0) + weight * chance
        ways = following
    row = np.zeros(tracked + 1)
    for (_, survivors, _), weight in ways.items():
        row[survivors] += weight
    return row, sum(weight for (_, _, short), weight in ways.items() if short)


FIRE = dict(zip(DOCTRINES, (fire_together, fire_and_look), strict=True))


def pass_layer(alive, layer, name, track):
    """Take the distribution of one class through one layer; return it, and the chance that rounds were missing."""
    out, short = np.zeros(alive.size), 0.0
    for n, weight in enumerate(alive):
        for tracked, chance in enumerate(binomial(n, track)):
            survivors, missing = FIRE[layer.doctrine](
                tracked, layer.magazine[name], layer.single_shot[name], layer.shots
            )
            out[n - tracked : n + 1] += weight * chance * survivors
            short += weight * chance * missing
    return out, short


def pass_layers(threats, layers, name, track=None, by_place=False):
    """Take some threats of one class through all layers; ``track`` replaces what the layers have."""
    alive, shortages = np.eye(threats + 1)[threats], []
    for place, layer in enumerate(layers):
        if by_place and layer.local:  # all from here on are local, and meet those that fly to a defended place
            return fly_to_places(alive, layers[place:], name, track, shortages)
        reach = (layer.track if track is None else track) * (layer.coverage[name])
        alive, short = pass_layer(alive, layer, name, reach)
        shortages.append(short)
    return alive, np.array(shortages)


def fly_to_places(alive, layers, name, track, shortages):
    """Condition the local layers on the number of threats that fly to a defended place; the others leak."""
    out, short = np.zeros(alive.size), np.zeros(len(layers))
    everywhere = [replace(layer, coverage=dict.fromkeys(layer.single_shot, 1.0)) for layer in layers]
    for n, weight in enumerate(alive):
        for defended, chance in enumerate(binomial(n, layers[0].coverage[name])):
            leaked, missing = pass_layers(defended, everywhere, name, track)
            out[n - defended : n + 1] += weight * chance * leaked
            short += weight * chance * missing
    return out, np.array([*shortages, *short])


def leak_plainly(layers, raid, scope, track, by_place=False):
    """Distribution of leakers of all classes, and by class the chance that each layer's magazine was too small."""
    total, shortages = np.ones(1), {}
    for name, threats in raid.items():
        if scope == "layer":
            row, short = pass_layers(threats, layers, name, by_place=by_place)
        elif scope == "raid":
            row, short = pass_layers(threats, layers, name, 1.0, by_place)
        else:  # those that the one track misses leak
            row, short = np.zeros(threats + 1), 0.0
            for tracked, chance in enumerate(binomial(threats, track)):
                leaked, missing = pass_layers(tracked, layers, name, 1.0, by_place)
                row[threats - tracked :] += chance * leaked
                short = short + chance * missing
        total, shortages[name] = np.convolve(total, row), short
    if scope == "raid":
        total, shortages = track * total, {name: track * short for name, short in shortages.items()}
        total[-1] += 1 - track
    return total, shortages


@st.composite
def defences(draw):
    """Up to three layers, with magazines that bind or do not, and a raid of one or two classes."""
    raid = draw(st.sampled_from([{"srbm": 7}, {"srbm": 12}, {"srbm": 5, "mrbm": 6}]))
    layers, n_layers = [], draw(st.integers(1, 3))
    n_upper, place = draw(st.integers(0, n_layers)), {name: draw(CHANCES) for name in raid}
    for i in range(n_layers):
        single_shot = {name: draw(CHANCES) for name in raid}
        magazine = {name: draw(st.integers(0, 3 * threats)) for name, threats in raid.items()}
        shots, doctrine = draw(st.integers(1, 3)), draw(st.sampled_from(list(DOCTRINES)))
        coverage = {name: draw(CHANCES) for name in raid} if i < n_upper else place
        layers.append(
            Layer(f"layer {i}", single_shot, magazine, shots, doctrine, draw(CHANCES), coverage, i >= n_upper)
        )
    return layers, raid


@settings(max_examples=80)
@given(defences(), st.sampled_from(list(TRACK_SCOPES)), CHANCES, st.sampled_from(COVERAGE_SCOPES))
def test_the_compiled_chain_is_the_plain_one(defence, scope, track, covers):
    layers, raid = defence
    pmf, shortages = leak_plainly(layers, raid, scope, track, covers == "place")
    assert abs(raid_leakers(layers, raid, scope, track, coverage_scope=covers).pmf - pmf).max() < CLOSE
    for name, leakers in leakers_by_class(layers, raid, scope, track, coverage_scope=covers).items():
        own, _ = leak_plainly(layers, {name: raid[name]}, scope, track, covers == "place")
        assert abs(leakers.pmf - own).max() < CLOSE
    work = work_by_layer(layers, raid, scope, track, coverage_scope=covers).set_index(["threat_class", "layer"])[
        "short"
    ]
    for name, short in shortages.items():
        assert abs(work[name].to_numpy() - short).max() < CLOSE


@settings(max_examples=12)
@given(defences(), st.sampled_from(list(TRACK_SCOPES)), st.integers(0, 2**32 - 1), st.sampled_from(COVERAGE_SCOPES))
def test_so_is_each_of_many_draws(defence, scope, seed, covers):
    layers, raid = defence
    rng, first = np.random.default_rng(seed), layers[0]
    draws = pd.DataFrame({f"{first.name}.srbm.single_shot": rng.random(37), "track": rng.random(37)})
    draws[f"{first.name}.srbm.magazine"] = rng.integers(0, 20, 37)
    place = rng.random(37)
    for layer in layers:  # local layers have one coverage in scope ``place``
        draws[f"{layer.name}.srbm.coverage"] = place if layer.local else rng.random(37)
    table = leakers_by_class_and_draw(layers, raid, draws, scope, coverage_scope=covers)
    summary = raid_leakers_by_draw(layers, raid, draws, scope, coverage_scope=covers)
    own = table[table["threat_class"] == "srbm"]
    for row in (0, 31, 32, 36):
        drawn = draws.iloc[row].to_dict()
        changed = [layer.changed(drawn) for layer in layers]
        for found, of in ((summary, raid), (own, {"srbm": raid["srbm"]})):
            pmf, _ = leak_plainly(changed, of, scope, drawn["track"], covers == "place")
            assert abs(found["mean"].iloc[row] - np.arange(pmf.size) @ pmf) < 1e-12
            assert abs(found["probability_zero"].iloc[row] - pmf[0]) < CLOSE
