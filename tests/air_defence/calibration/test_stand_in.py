"""The stand-in for the chain, and the law of what is counted."""

import numpy as np
import pytest
from scipy.stats import betabinom

from analysis.air_defence.calibration.stand_in import LAYER, PLACE, log_chances, mixture, share_leaking

KILLS, TRACK = np.array([0.6, 0.4, 0.2]), 0.9


def leaking(covers, rounds, groups=(2, 0), threats=100.0, scope=LAYER, ratings=(0, 1)):
    return share_leaking(
        threats, KILLS, np.array(covers), TRACK, np.array(rounds, float), np.array(ratings), np.array(groups),
        len(rounds), scope,
    )  # fmt: skip


def passing(rating, cover):
    return 1 - TRACK * cover * (1 - (1 - KILLS[rating]) ** 2)


def test_without_a_limit_a_threat_passes_each_layer_for_itself():
    assert leaking([0.3, 0.3, 0.8], [1e6, 1e6]) == pytest.approx(passing(0, 0.8) * passing(1, 0.3))


def test_one_draw_for_all_local_layers_is_a_mixture_of_two_fates():
    found = leaking([0.3, 0.3, 0.8], [1e6, 1e6, 1e6], groups=(2, 0, 0), scope=PLACE, ratings=(0, 1, 1))
    assert found == pytest.approx(passing(0, 0.8) * (0.7 + 0.3 * passing(1, 1.0) ** 2))


def test_with_one_local_layer_both_scopes_agree():
    both = [leaking([0.3, 0.3, 0.8], [60, 20], scope=scope) for scope in (LAYER, PLACE)]
    assert both[0] == pytest.approx(both[1], abs=0.01)


def test_no_rounds_kill_nothing_and_few_rounds_kill_no_more_than_they_serve():
    assert leaking([1.0, 1.0, 1.0], [0, 0]) == 1.0
    assert leaking([1.0, 1.0, 1.0], [40, 0]) == pytest.approx(1 - 20 * (1 - 0.4**2) / 100, abs=1e-3)


def test_more_coverage_or_more_rounds_never_leak_more():
    by_cover = [leaking([c, c, c], [50, 50]) for c in np.linspace(0.01, 1, 30)]
    by_rounds = [leaking([0.5, 0.5, 0.5], [n, n]) for n in range(0, 200, 5)]
    assert (np.diff(by_cover) <= 1e-12).all()
    assert (np.diff(by_rounds) <= 1e-12).all()


def test_a_range_of_counts_has_the_sum_of_the_chances_of_each():
    share, correlation, n = 0.3, 0.2, 25
    size = 1 / correlation - 1
    law = betabinom(n, share * size, (1 - share) * size)
    low, high, out = np.array([0, 4, 25]), np.array([0, 9, 25]), np.empty((1, 3))
    log_chances(np.full((1, 3), share), np.full((1, 3), correlation), np.full(3, n), low, high, out)
    wanted = [law.pmf(np.arange(a, b + 1)).sum() for a, b in zip(low, high, strict=True)]
    assert np.exp(out[0]) == pytest.approx(wanted, rel=1e-9)


def test_a_mixture_is_the_mean_of_its_parts():
    shares, correlations = np.array([0.1, 0.6]), np.array([0.05, 0.4])
    sizes = 1 / correlations - 1
    parts = [betabinom(12, m * s, (1 - m) * s).pmf(np.arange(13)) for m, s in zip(shares, sizes, strict=True)]
    found = mixture(shares, correlations, np.array([0.25, 0.75]), 12)
    assert found == pytest.approx(0.25 * parts[0] + 0.75 * parts[1], rel=1e-9)
