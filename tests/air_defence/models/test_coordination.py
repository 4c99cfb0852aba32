"""What coordinating shooters is worth, and when it is worth nothing."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.air_defence.models.coordination import (
    break_even_failure,
    coordinated_leakers,
    coordination_gain,
    uncoordinated_leakers,
)
from analysis.errors import ParameterError

THREATS, SHOTS, PROBABILITIES = st.integers(0, 300), st.integers(0, 1_000), st.floats(0, 1)


def test_the_published_gain_comes_out():
    assert coordinated_leakers(100, 150, 0.7) == pytest.approx(50 * 0.3 + 50 * 0.09)
    assert coordination_gain(100, 150, 0.7) == pytest.approx(15.4, abs=0.05)


@pytest.mark.parametrize(("threats", "shots"), [(2, 3), (3, 4), (3, 2)])
def test_random_shooting_is_the_mean_over_every_choice_of_targets(threats, shots):
    miss = Fraction(2, 5)
    choices = list(product(range(threats), repeat=shots))
    mean = sum(miss ** choice.count(threat) for choice in choices for threat in range(threats)) / len(choices)
    assert uncoordinated_leakers(threats, shots, 0.6) == pytest.approx(float(mean), abs=1e-13)


@pytest.mark.parametrize(("threats", "shots"), [(2, 5), (3, 4), (4, 2)])
def test_no_other_spread_of_the_shots_leaks_less(threats, shots):
    spreads = [s for s in product(range(shots + 1), repeat=threats) if sum(s) == shots]
    best = min(sum(Fraction(3, 10) ** each for each in spread) for spread in spreads)
    assert coordinated_leakers(threats, shots, 0.7) == pytest.approx(float(best), abs=1e-13)


@given(THREATS, SHOTS, PROBABILITIES)
def test_coordination_never_hurts(threats, shots, single_shot):
    apart, together = (f(threats, shots, single_shot) for f in (uncoordinated_leakers, coordinated_leakers))
    assert 0 <= together <= apart * (1 + 1e-9) + 1e-9 <= threats + 1e-6
    assert 0 <= coordination_gain(threats, shots, single_shot) <= threats


@given(THREATS, SHOTS, PROBABILITIES, PROBABILITIES)
def test_more_and_better_shots_never_leak_more(threats, shots, one, other):
    worse, better = sorted((one, other))
    for leakers in (uncoordinated_leakers, coordinated_leakers):
        assert leakers(threats, shots + 1, worse) <= leakers(threats, shots, worse) + 1e-9
        assert leakers(threats, shots, better) <= leakers(threats, shots, worse) + 1e-9


@pytest.mark.parametrize(
    ("threats", "shots", "single_shot", "together", "apart"),
    [
        (0, 5, 0.5, 0, 0),
        (0, 0, 1.0, 0, 0),
        (5, 0, 1.0, 5, 5),
        (5, 5, 1.0, 0, 5 * 0.8**5),
        (5, 9, 0.0, 5, 5),
        (1, 3, 0.5, 0.125, 0.125),
    ],
)
def test_gains_at_the_limits(threats, shots, single_shot, together, apart):
    assert coordinated_leakers(threats, shots, single_shot) == pytest.approx(together, abs=1e-15)
    assert uncoordinated_leakers(threats, shots, single_shot) == pytest.approx(apart, abs=1e-15)
    assert coordination_gain(threats, shots, single_shot) == pytest.approx(apart - together, abs=1e-15)


def test_gains_broadcast():
    assert coordination_gain([0, 1, 100], 150, 0.7) == pytest.approx([0, 0, 15.36], abs=0.01)


@given(PROBABILITIES, PROBABILITIES)
def test_at_the_break_even_failure_the_network_leaks_as_much_as_stand_alone_batteries(apart, networked):
    failure = break_even_failure(apart, networked)
    assert 0 <= failure <= 1
    assert (1 - failure) * networked + failure == pytest.approx(max(apart, networked), abs=1e-12)


def test_a_network_that_gains_nothing_may_not_fail_at_all():
    assert break_even_failure([0.2, 0.2, 1.0, 1.0], [0.2, 0.3, 1.0, 0.0]).tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize(
    "call",
    [
        lambda: coordinated_leakers(-1, 1, 0.5),
        lambda: uncoordinated_leakers(1, float("nan"), 0.5),
        lambda: coordination_gain(1, 1, 1.5),
        lambda: coordination_gain(1_000_000, 1, 0.5),
        lambda: break_even_failure(0.5, float("inf")),
    ],
)
def test_what_is_out_of_range_is_refused(call):
    with pytest.raises(ParameterError, match="is not allowed"):
        call()
