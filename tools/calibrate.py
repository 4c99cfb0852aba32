"""Fit the inputs of the layered models to raids that happened; write the posterior, and what was left out, to files."""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.air_defence.calibration.exactly import correct
from analysis.air_defence.calibration.fit import LEFT_OUT, SCOPES, calibrate, fit, posterior_draws, without_war_effects
from analysis.air_defence.calibration.held_out import predict_held_out
from analysis.air_defence.calibration.prior import COMMON, CORRELATIONS
from analysis.air_defence.calibration.raids import fitted_digest
from analysis.tables import data_folder, load_facts

RESULTS = Path(__file__).resolve().parent.parent / "docs" / "calibration"
PARTICLES, MOVES, SEEDS, DRAWS, SEED_OF_DRAWS = 4_000, 20, (1, 2, 3), 250, 11
WORKERS = 1  # beside the process of each scope
DIGITS = 5
BEGUN = time.monotonic()


def say(line):
    """Print a line with the seconds since the beginning."""
    print(f"{time.monotonic() - BEGUN:6.1f} s  {line}", file=sys.stderr, flush=True)


def fit_scope(facts, scope, seeds, particles, pool):
    """Fit one scope from several seeds, and weigh the first fit by the exact chain.

    Returns the calibration, the first fit, its correction and a row a seed.
    """
    calibration = calibrate(facts, scope)
    fits = list(pool.map(lambda seed: fit(calibration, particles, MOVES, seed), seeds))
    exact = correct(calibration, fits[0])
    rows = []
    for seed, fitted in zip(seeds, fits, strict=True):
        common = calibration.prior.levels(fitted.places).common
        means = {name: common[name].mean() for name in (*COMMON, *CORRELATIONS)}
        row = {"coverage_scope": scope, "seed": seed, "particles": particles, "steps": fitted.steps}
        rows.append(row | {"log_evidence": fitted.log_evidence} | means)
        say(f"scope {scope}, seed {seed}: {fitted.steps} steps, log evidence {fitted.log_evidence:.2f}")
    errors = {"error_mean": exact.errors["mean"].mean(), "error_largest": exact.errors["largest"].max()}
    rows[0] |= {"log_evidence_exact": exact.log_evidence, "effective_size": exact.effective} | errors
    say(f"scope {scope}: under the exact chain {exact.effective:,.0f} of {particles:,} particles stay effective")
    return calibration, fits[0], exact, rows


def thin(fitted):
    """Keep every other particle: enough for one raid or war at a time."""
    return replace(fitted, places=fitted.places[::2], terms=fitted.terms[::2])


def leave_out_scope(calibration, fitted, particles, workers):
    """Leave out each raid and each war, and each war with effects of wars switched off; return the predictions."""
    scope, parts = calibration.scope, []
    for left_out in LEFT_OUT:
        rows = predict_held_out(calibration, thin(fitted), left_out, MOVES, 100, workers, say)
        parts.append(rows.assign(coverage_scope=scope, left_out=left_out, war_effects=True))
    if scope == SCOPES[0]:
        alike = without_war_effects(calibration)
        rows = predict_held_out(alike, fit(alike, particles // 2, MOVES, 1), "war", MOVES, 100, workers, say)
        parts.append(rows.assign(coverage_scope=scope, left_out="war", war_effects=False))
    return pd.concat(parts, ignore_index=True)


def run_scope(scope, particles=PARTICLES, seeds=SEEDS, workers=WORKERS):
    """Return the posterior of one scope, the predictions of what was left out, and a row a fit."""
    facts = load_facts("air_defence")
    with ThreadPoolExecutor(workers) as pool:
        calibration, fitted, exact, rows = fit_scope(facts, scope, seeds, particles, pool)
    draws = posterior_draws(calibration, fitted, exact.weights, DRAWS, SEED_OF_DRAWS)
    return draws, leave_out_scope(calibration, fitted, particles, workers), pd.DataFrame(rows)


def run(scopes=SCOPES, **how):
    """Run every scope in a process of its own; return the three frames, with the digest of what they are fitted to."""
    digest = fitted_digest(load_facts("air_defence"))
    with ProcessPoolExecutor(len(scopes)) as pool:
        parts = list(pool.map(partial(run_scope, **how), scopes))
    draws, left_out, fits = (pd.concat(frames, ignore_index=True) for frames in zip(*parts, strict=True))
    draws.insert(0, "draw", np.arange(1, len(draws) + 1))
    return [frame.assign(inputs_sha256=digest).round(DIGITS) for frame in (draws, left_out, fits)]


def main():
    """Fit, and write the three files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--particles", type=int, default=PARTICLES, help="particles (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=WORKERS, help="threads of each scope (default: %(default)s)")
    chosen = parser.parse_args()
    posterior, left_out, fits = run(particles=chosen.particles, workers=chosen.workers)
    RESULTS.mkdir(parents=True, exist_ok=True)
    posterior.to_csv(data_folder() / "air_defence" / "posterior.csv", index=False, lineterminator="\n")
    left_out.to_csv(RESULTS / "left_out.csv", index=False, lineterminator="\n")
    fits.to_csv(RESULTS / "fits.csv", index=False, lineterminator="\n")
    say(f"wrote {len(posterior)} draws, {len(left_out)} predictions, {len(fits)} fits")


if __name__ == "__main__":
    main()
