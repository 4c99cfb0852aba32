"""One threat: kill probability, shots needed, looks that may err, decoys."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.air_defence.models.engagement import discriminate, interceptors_needed, kill_probability, miss_probability
from analysis.errors import ParameterError

PROBABILITIES = st.floats(0, 1)
SHOTS = st.integers(0, 12)


def exact_looks(single_shot, looks, size, miss_seen, kill_seen_as_miss):
    """Follow every history of looks in whole fractions: (leakage, shots)."""

    def follow(alive, left):
        if left == 0:
            return (Fraction(alive), Fraction(0))
        miss = (1 - single_shot) ** size if alive else Fraction(0)
        leakage, shots = Fraction(0), Fraction(size)
        for still_alive, chance in ((True, miss), (False, 1 - miss)):
            seen_alive = miss_seen if still_alive else kill_seen_as_miss
            later_leakage, later_shots = follow(still_alive, left - 1)
            leakage += chance * (seen_alive * later_leakage + (1 - seen_alive) * still_alive)
            shots += chance * seen_alive * later_shots
        return leakage, shots

    return follow(True, looks)


def test_a_barrage_kills_unless_every_shot_misses():
    assert kill_probability(0.5, 3) == pytest.approx(7 / 8, abs=1e-15)
    assert kill_probability(0.5, 3, track=0.5) == pytest.approx(7 / 16, abs=1e-15)


@pytest.mark.parametrize(("single_shot", "shots", "expected"), [(0.9, 0, 0), (1.0, 0, 0), (1.0, 1, 1), (0.0, 9, 0)])
def test_no_shot_never_kills_and_a_certain_shot_always_does(single_shot, shots, expected):
    assert kill_probability(single_shot, shots) == expected
    assert miss_probability(single_shot, shots) == 1 - expected


def test_one_interceptor_for_each_expected_miss_is_not_enough():
    assert kill_probability(0.25, 44 // 11) == pytest.approx(0.684, abs=5e-4)


def test_a_second_shot_squares_the_chance_to_miss():
    assert kill_probability(0.82, 2) == pytest.approx(0.9676, abs=1e-12)
    assert kill_probability(0.87, 2) == pytest.approx(0.9831, abs=1e-12)


def test_small_probabilities_keep_their_digits():
    assert kill_probability(1e-18, 1000) == pytest.approx(1e-15, rel=1e-12)
    assert miss_probability(1 - 2**-50, 2) == pytest.approx(2**-100, rel=1e-12)


def test_arrays_broadcast():
    assert kill_probability([[0.5], [1.0]], [1, 2]).tolist() == [[0.5, 0.75], [1.0, 1.0]]
    assert isinstance(kill_probability(0.5, 1), float)


@given(PROBABILITIES, PROBABILITIES, SHOTS, PROBABILITIES)
def test_more_shots_and_better_shots_never_kill_less(one, other, shots, track):
    worse, better = sorted((one, other))
    kill = kill_probability(worse, shots, track)
    assert 0 <= kill <= track
    assert kill <= kill_probability(worse, shots + 1, track) + 1e-15
    assert kill <= kill_probability(better, shots, track) + 1e-15


@pytest.mark.parametrize(("threats", "each", "total"), [(4, 3, 12), (20, 6, 120)])
def test_published_needs_come_out(threats, each, total):
    need = interceptors_needed(threats, 0.7, 0.8, track=0.99)
    assert (need.feasible, need.shots_per_threat, need.interceptors) == (True, each, total)


def test_tracking_sets_a_ceiling_that_no_number_of_shots_passes():
    need = interceptors_needed(20, 0.7, 0.8, track=0.98)
    assert need.ceiling == pytest.approx(0.668, abs=5e-4)
    assert (need.feasible, need.shots_per_threat, need.interceptors) == (False, None, None)


@pytest.mark.parametrize(
    ("threats", "single_shot", "target", "track", "shots"),
    [
        (0, 0.5, 1.0, 0.5, 0),
        (5, 0.5, 0.0, 0.5, 0),
        (5, 1.0, 1.0, 1.0, 1),
        (5, 1.0, 0.5**5, 0.5, 1),
        (5, 0.9, 1.0, 1.0, None),
        (5, 0.0, 0.1, 1.0, None),
        (1, 0.9, 0.5, 0.5, None),
        (20, 0.9, 0.98**20, 0.98, None),
        (1, 0.5, 0.75, 1.0, 2),
        (1, 1 - 1e-15, 0.5, 1.0, 1),
    ],
)
def test_needs_at_the_limits(threats, single_shot, target, track, shots):
    assert interceptors_needed(threats, single_shot, target, track).shots_per_threat == shots


@given(st.integers(1, 500), st.floats(0.01, 0.99), st.floats(0.01, 0.999), st.floats(0.9, 1))
def test_the_need_is_enough_and_one_shot_fewer_is_not(threats, single_shot, target, track):
    need = interceptors_needed(threats, single_shot, target, track)
    if not need.feasible:
        assert track**threats <= target * (1 + 1e-9)
        return
    assert kill_probability(single_shot, need.shots_per_threat, track) ** threats >= target * (1 - 1e-9)
    assert kill_probability(single_shot, need.shots_per_threat - 1, track) ** threats < target


def test_decoys_draw_shots_and_misjudged_threats_leak():
    result = discriminate(real=10, decoys=40, shots=2, single_shot=0.8, called_real=0.9, decoy_called_real=0.2)
    assert result.expected_shots == pytest.approx(2 * (9 + 8))
    assert result.expected_leakers == pytest.approx(10 - 9 * 0.96)


def test_without_decoys_a_perfect_call_is_the_plain_barrage():
    result = discriminate([0, 10], 0, 2, 0.8, 1.0, 1.0)
    assert result.expected_shots.tolist() == [0, 20]
    assert result.expected_leakers == pytest.approx([0, 10 * 0.04])


@pytest.mark.parametrize(
    "call",
    [
        lambda: kill_probability(1.5, 1),
        lambda: kill_probability(0.5, -1),
        lambda: kill_probability(0.5, 2_000_000),
        lambda: kill_probability(0.5, 1, track=np.nan),
        lambda: interceptors_needed(200_000, 0.5, 0.5),
        lambda: interceptors_needed(1, 0.5, 1.5),
        lambda: interceptors_needed([1, 2], 0.5, 0.5),
        lambda: discriminate(-1, 0, 1, 0.5, 1, 0),
        lambda: discriminate(1, 0, 1, 0.5, np.inf, 0),
    ],
)
def test_what_is_out_of_range_is_refused(call):
    with pytest.raises(ParameterError, match="is not allowed; give"):
        call()
