"""Queues that lose customers, against exact fractions, textbook limits and each other."""

from fractions import Fraction
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.air_defence.models.saturation import erlang_b
from analysis.errors import ParameterError

CHANNELS = st.integers(1, 60)
LOADS = st.floats(0.01, 100)


def test_erlang_b_is_exact_where_a_published_page_is_not():
    """For 10 erlangs and 17 channels a package prints 0.0183 and 0.0095 on its pages."""
    assert erlang_b(17, 10) == pytest.approx(0.0129489, abs=5e-8)
    exact = Fraction(10**17, factorial(17)) / sum(Fraction(10**k, factorial(k)) for k in range(18))
    assert erlang_b(17, 10) == pytest.approx(float(exact), rel=1e-14)


def test_erlang_b_at_its_limits():
    assert erlang_b([0, 1, 1], [5.0, 0.0, 1.0]).tolist() == [1.0, 0.0, 0.5]
    assert erlang_b(10_000, 1_000_000) == pytest.approx(0.99, abs=1e-4)
    assert erlang_b(10_000, 1.0) == 0.0


@given(CHANNELS, LOADS)
def test_a_channel_more_loses_less_and_a_higher_load_loses_more(channels, load):
    lost = erlang_b(channels, load)
    assert 0 < lost < 1
    assert erlang_b(channels + 1, load) < lost < erlang_b(channels, load * 1.1)


@pytest.mark.parametrize(
    "call",
    [
        lambda: erlang_b(-1, 1),
        lambda: erlang_b(20_000, 1),
        lambda: erlang_b(1, float("nan")),
    ],
)
def test_what_is_out_of_range_is_refused(call):
    with pytest.raises(ParameterError, match="is not allowed"):
        call()
