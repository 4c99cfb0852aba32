"""The exact chain asked what its stand-in was asked."""

import numpy as np
import pytest

from analysis.air_defence.calibration.exactly import correct, exact_leaking
from analysis.air_defence.calibration.fit import SCOPES, calibrate, fit

from .conftest import observed, stood


def levels_of(calibration, particles=40):
    rng = np.random.default_rng(2)
    return calibration.prior.levels(rng.standard_normal((particles, len(calibration.prior.names))))


@pytest.mark.parametrize("scope", SCOPES)
def test_where_rounds_abound_both_say_what_one_threat_meets(record, scope):
    plenty = [stood("one", name, (9_000,) * 3) for name in ("arrow_2", "davids_sling", "iron_dome")]
    raids = [observed("a", "mrbm", 20, 3, 5, failed=0, left_alone=0), observed("a", "subsonic_cm", 9, 0, 0)]
    calibration = calibrate(record(raids, plenty), scope)
    levels = levels_of(calibration)
    assert exact_leaking(calibration, levels) == pytest.approx(calibration.leaking(levels), abs=1e-9)


@pytest.mark.parametrize("scope", SCOPES)
def test_where_rounds_are_few_the_stand_in_is_near(record, scope):
    raids = [observed("a", "mrbm", 100, 3, 5, failed=0, left_alone=0)]
    few = [stood("one", "arrow_2", (60, 80, 100)), stood("one", "davids_sling", (20, 30, 60))]
    calibration = calibrate(record(raids, few), scope)
    levels = levels_of(calibration)
    apart = exact_leaking(calibration, levels) - calibration.leaking(levels)
    assert np.abs(apart).max() < 0.02


def test_what_was_engaged_meets_kill_alone(small):
    levels = levels_of(small, 5)
    row = list(small.asked.rows["claim_id"]).index("c.srbm")
    war, rating = small.asked.layers.war[row], small.asked.layers.ratings[row, 0]
    wanted = (1 - levels.kill[:, war, rating]) ** 2
    assert exact_leaking(small, levels)[:, row] == pytest.approx(wanted)


def test_weights_by_the_exact_chain_sum_to_one_and_leave_most_particles_effective(small):
    fitted = fit(small, 200, 3, seed=1)
    found = correct(small, fitted)
    assert found.weights.sum() == pytest.approx(1)
    assert 100 < found.effective <= 200
    assert found.log_evidence == pytest.approx(fitted.log_evidence, abs=0.5)
    assert list(found.errors["claim_id"]) == list(small.asked.rows["claim_id"])
