"""The score of whole counts, beside a library's."""

import numpy as np
import pytest

from analysis.air_defence.calibration.law import beta_binomial
from analysis.air_defence.calibration.scores import crps


@pytest.mark.parametrize(("launched", "share", "correlation"), [(1, 0.5, 0.0), (40, 0.8, 0.1), (300, 0.97, 0.02)])
def test_the_score_of_a_count_is_the_ranked_probability_score_of_others(launched, share, correlation):
    import scoringrules  # compiles for seconds, and every process of a run reads this file

    pmf = beta_binomial(launched, share, correlation)
    for counted in {0, launched // 2, launched}:
        assert crps(pmf, counted) * launched == pytest.approx(
            scoringrules.rps_score(counted + 1, pmf, backend="numpy"), abs=1e-12
        )


def test_it_is_the_mean_of_distances_less_half_the_spread():
    pmf = beta_binomial(30, 0.7, 0.2)
    counts = np.arange(31)
    apart = np.abs(counts[:, None] - counts)
    assert crps(pmf, 25) * 30 == pytest.approx(pmf @ np.abs(counts - 25) - pmf @ apart @ pmf / 2, abs=1e-12)
