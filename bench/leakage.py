"""Time the leakage models: draws in bulk against nested Monte Carlo, growth, the first answer."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from timing import head, measure_ms

from analysis.air_defence.exact.defence import Layer
from analysis.air_defence.exact.layers import raid_leakers, raid_leakers_by_draw
from analysis.air_defence.facts.choices import DOCTRINES
from analysis.air_defence.questions.uncertainty import draw_inputs

CLASSES = ("owa_drone", "subsonic_cm", "supersonic_cm", "srbm", "mrbm")
ROUNDS = (1.2, 0.8, 0.6, 0.4)  # rounds of the layers for each threat of the raid
ACCURACY = 0.005  # of the mean, by one standard error
FIRST_ANSWER = (
    "from analysis.air_defence.exact.layers import Layer, raid_leakers\n"
    "print(raid_leakers([Layer('upper', {'srbm': 0.7}, {'srbm': 10})], {'srbm': 10}).mean)\n"
)


def make_question(
    threats: int, n_layers: int = 4, doctrine: str = "barrage", draws: int = 10_000
) -> tuple[list[Layer], dict[str, int], pd.DataFrame]:
    """Layers, a raid of five classes, and draws of every kill probability, magazine and track."""
    rounds = [round(ROUNDS[min(i, len(ROUNDS) - 1)] * threats) for i in range(n_layers)]
    layers = [
        Layer(f"layer {i}", dict.fromkeys(CLASSES, 0.65), dict.fromkeys(CLASSES, rounds[i]), 2, doctrine, 0.94)
        for i in range(n_layers)
    ]
    rows = {}
    for layer in layers:
        rows[f"{layer.name}.track"] = (0.90, 0.94, 0.98, False)
        for name in CLASSES:
            stock = layer.rounds_for(name)
            rows[f"{layer.name}.{name}.single_shot"] = (0.5, 0.65, 0.8, False)
            rows[f"{layer.name}.{name}.magazine"] = (round(0.75 * stock), stock, round(1.25 * stock), True)
    ranges = pd.DataFrame.from_dict(rows, orient="index", columns=["low", "best", "high", "whole"])
    return layers, dict.fromkeys(CLASSES, threats), draw_inputs(ranges, draws, 1, "uniform", "latin hypercube")


def simulate_plainly(
    layers: Sequence[Layer], raid: dict[str, int], draw: pd.Series, n: int, rng: np.random.Generator
) -> np.ndarray:
    """Leakers of n simulated raids for one draw, by binomial counts: the nested Monte Carlo that one would write."""
    leakers = np.zeros(n, int)
    for name, threats in raid.items():
        alive = np.full(n, threats)
        for layer in layers:
            p = draw[f"{layer.name}.{name}.single_shot"]
            served, rest = divmod(int(draw[f"{layer.name}.{name}.magazine"]), layer.shots)
            tracked = rng.binomial(alive, draw[f"{layer.name}.track"])
            killed = rng.binomial(np.minimum(tracked, served), 1 - (1 - p) ** layer.shots)
            killed += (tracked > served) & (rng.random(n) < 1 - (1 - p) ** rest)
            alive = alive - killed
        leakers += alive
    return leakers


def compare_bulk(threats: int) -> None:
    """Print the time of one draw in bulk and of one nested simulation at the wanted accuracy, and their ratio."""
    layers, raid, draws = make_question(threats)
    exact = raid_leakers_by_draw(layers, raid, draws)
    ours = measure_ms(lambda: raid_leakers_by_draw(layers, raid, draws), 5) * 1e3 / len(draws)
    rng, plain, sizes, off = np.random.default_rng(0), [], [], []
    for row in range(20):
        n = int(np.ceil(exact["variance"].iloc[row] / (ACCURACY * exact["mean"].iloc[row]) ** 2))
        begin = time.perf_counter()
        leaked = simulate_plainly(layers, raid, draws.iloc[row], n, rng)
        plain.append((time.perf_counter() - begin) * 1e6)
        sizes.append(n)
        off.append((leaked.mean() / exact["mean"].iloc[row] - 1) / ACCURACY)
    other = statistics.median(plain)
    print(f"4 layers, 5 classes of {threats}, barrage, in bulk   {ours:9.1f} us a draw (target 15)")
    print(f"  nested Monte Carlo, {statistics.median(sizes):7,.0f} raids a draw        {other:9.0f} us a draw")
    print(f"  ratio {other / ours:,.0f} (target 400); the two differ by {np.std(off):.2f} standard errors")


def time_together() -> None:
    """Print what coverage by layer and by place, and raids that differ, add to a draw."""
    kinds = {"coverage": {}, "and raids that differ": {"raid_correlation": 0.15}}
    kinds["by place, raids that differ"] = {"coverage_scope": "place", "raid_correlation": 0.15}
    for doctrine in DOCTRINES:
        for label, more in kinds.items():
            layers, raid, draws = make_question(100, doctrine=doctrine, draws=320)
            layers = [replace(layer, coverage=0.8, local=place > 0) for place, layer in enumerate(layers)]
            run = partial(raid_leakers_by_draw, layers, raid, draws, **more)
            print(f"500 threats, {doctrine}, {label:<30} {measure_ms(run, 3) * 1e3 / len(draws):9.1f} us a draw")


def time_growth() -> None:
    """Print how a draw grows with the raid and with the layers."""
    for doctrine in DOCTRINES:
        for threats in (20, 100, 200, 1000):
            layers, raid, draws = make_question(threats, doctrine=doctrine, draws=320 if threats < 1000 else 32)
            took = measure_ms(lambda question=(layers, raid, draws): raid_leakers_by_draw(*question), 3) / len(draws)
            print(f"{5 * threats:6,} threats, 4 layers, {doctrine:<18} {took:10.3f} ms a draw")
        for n_layers in (1, 2, 4, 8):
            layers, raid, draws = make_question(100, n_layers, doctrine, draws=320)
            took = measure_ms(lambda question=(layers, raid, draws): raid_leakers_by_draw(*question), 3) / len(draws)
            print(f"   500 threats, {n_layers} layers, {doctrine:<18} {took:10.3f} ms a draw")


def time_single() -> None:
    """Print the time of one raid on its own, with the checks of its arguments."""
    for doctrine in DOCTRINES:
        for threats in (20, 100):
            layers, raid, _ = make_question(threats, doctrine=doctrine, draws=1)
            took = measure_ms(lambda question=(layers, raid): raid_leakers(*question), 51)
            print(f"one raid of {5 * threats:3}, {doctrine:<18} {took:10.2f} ms")
        layers = [Layer("only", {"srbm": 0.6}, {"srbm": 6000}, 2, doctrine, 0.94)]
        took = measure_ms(lambda layers=layers: raid_leakers(layers, {"srbm": 5000}), 11)
        print(f"one class of 5,000, one layer, {doctrine:<18} {took:10.2f} ms")


def time_first_answer() -> None:
    """Print the time of the first answer in a fresh process, with a cold and with a warm compile cache."""
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"NUMBA_CACHE_DIR": cache}
        times = []
        for _ in range(6):
            begin = time.perf_counter()
            subprocess.run([sys.executable, "-c", FIRST_ANSWER], env=environment, check=True, capture_output=True)
            times.append(time.perf_counter() - begin)
    cold, warm = times[0], statistics.median(times[1:])
    print(f"first answer in a fresh process (target 1.5 s): cold {cold:.1f} s, warm {warm:.2f} s")


def main() -> None:
    """Print medians; peak memory last."""
    head()
    compare_bulk(100)
    compare_bulk(20)
    time_together()
    time_single()
    time_growth()
    time_first_answer()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process {peak:,.0f} MB")


if __name__ == "__main__":
    main()
