"""Cost exchange, value protected and restocking, by hand and at their limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.air_defence.models.exchange import cost_exchange_ratio, expected_shots, restock_months, value_protected
from analysis.errors import ParameterError

PROBABILITIES, SHOTS = st.floats(0, 1), st.integers(0, 10)
LOOKING = "shoot-look-shoot"


@given(PROBABILITIES, SHOTS)
def test_looking_never_spends_more_than_a_barrage(single_shot, shots):
    looking, barrage = (expected_shots(single_shot, shots, doctrine) for doctrine in (LOOKING, "barrage"))
    assert min(shots, 1) * (1 - 1e-12) <= looking <= barrage * (1 + 1e-12)
    assert barrage == shots


def test_expected_shots_at_the_limits_and_in_arrays():
    assert expected_shots([0.0, 0.5, 1.0], 3, LOOKING).tolist() == [3, 1.75, 1]
    assert expected_shots([0.0, 0.5], [[0], [2]], "barrage").tolist() == [[0, 0], [2, 2]]
    assert expected_shots(1e-15, 4, LOOKING) == pytest.approx(4, rel=1e-12)


def test_the_published_exchange_of_tamir_and_rocket_comes_out():
    assert cost_exchange_ratio(50_000, 800, single_shot=0.9, shots=1, doctrine="barrage") == 62.5
    assert cost_exchange_ratio(50_000, 800, single_shot=0.9, shots=2, doctrine="barrage") == 125


def test_looking_improves_the_exchange_as_it_saves_shots():
    ratio = cost_exchange_ratio(50_000, [800, 1_600], 0.8, 2, LOOKING)
    assert ratio == pytest.approx([62.5 * 1.2, 62.5 * 0.6])


@given(st.integers(0, 50), PROBABILITIES, SHOTS, st.floats(0, 1e9), st.floats(0, 1e9))
def test_looking_never_protects_less_value(threats, single_shot, shots, value, price):
    looking, barrage = (value_protected(threats, single_shot, shots, d, value, price) for d in (LOOKING, "barrage"))
    scale = 1 + threats * (value + shots * price)
    assert looking >= barrage - 1e-9 * scale
    assert looking <= threats * value + 1e-9 * scale


def test_value_protected_by_hand():
    assert value_protected(10, 0.8, 2, "barrage", 1_000_000, 50_000) == pytest.approx(9_600_000 - 1_000_000)
    assert value_protected(10, 0.8, 2, LOOKING, 1_000_000, 50_000) == pytest.approx(9_600_000 - 600_000)


def test_value_protected_at_the_limits():
    assert value_protected([0, 10, 10], [0.5, 0.5, 1.0], [2, 0, 1], "barrage", 100, 1).tolist() == [0, 0, 990]
    assert value_protected(10, 0.0, 2, "barrage", 100, 1) == -20


def test_months_to_restock():
    assert restock_months([0, 100, 150], [5, 1, 12 / 12]).tolist() == [0, 100, 150]
    assert restock_months(120, 11.5 / 12) == pytest.approx(125.2, abs=0.05)


@pytest.mark.parametrize(
    "call",
    [
        lambda: expected_shots(1.5, 1, "barrage"),
        lambda: expected_shots(0.5, -1, LOOKING),
        lambda: cost_exchange_ratio(float("nan"), 1, 0.5, 1, "barrage"),
        lambda: cost_exchange_ratio(1, 0, 0.5, 1, "barrage"),
        lambda: cost_exchange_ratio(-1, 1, 0.5, 1, "barrage"),
        lambda: value_protected(-1, 0.5, 1, "barrage", 1, 1),
        lambda: value_protected(1, 0.5, 1, "barrage", float("inf"), 1),
        lambda: restock_months(10, 0),
        lambda: restock_months(-1, 1),
    ],
)
def test_what_is_out_of_range_is_refused(call):
    with pytest.raises(ParameterError, match="is not allowed; give"):
        call()


def test_an_unknown_doctrine_is_refused():
    with pytest.raises(ParameterError, match="did you mean 'shoot-look-shoot'"):
        cost_exchange_ratio(1, 1, 0.5, 1, "shoot-look")
