"""Queues that lose customers, against exact fractions, textbook limits and each other."""

from fractions import Fraction
from math import comb, factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.air_defence.queues import engset, erlang_a, erlang_b, erlang_c, finite_queue
from analysis.errors import ParameterError

CHANNELS = st.integers(1, 60)
LOADS = st.floats(0.01, 100)


def exact_birth_death(births, deaths):
    """Stationary distribution in whole fractions."""
    weights = [Fraction(1)]
    for birth, death in zip(births, deaths, strict=True):
        weights.append(weights[-1] * Fraction(birth) / Fraction(death))
    return [weight / sum(weights) for weight in weights]


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


def test_erlang_c_is_the_textbook_value():
    """Load 1 and two channels: states 1, 1 and (1/2) / (1 - 1/2) = 1, so one arrival in three waits."""
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3, abs=1e-15)
    assert erlang_c(1, 0.25) == pytest.approx(0.25, abs=1e-15)


def test_everyone_waits_where_the_load_is_too_high():
    assert erlang_c([2, 2, 0], [2.0, 3.0, 0.0]).tolist() == [1, 1, 1]


@given(CHANNELS, st.floats(0.01, 0.95))
def test_waiting_is_likelier_than_being_lost(channels, use):
    assert erlang_b(channels, use * channels) <= erlang_c(channels, use * channels) <= 1


@pytest.mark.parametrize("sources", [1, 2, 5, 12])
@pytest.mark.parametrize("channels", [0, 1, 3, 7])
def test_engset_matches_its_sum_in_fractions(channels, sources):
    load = Fraction(3, 10)

    def busy(n):
        terms = [comb(n, k) * load**k for k in range(channels + 1)]
        return terms[channels] / sum(terms)

    assert engset(channels, sources, 0.3) == pytest.approx(float(busy(sources - 1)), abs=1e-15)
    assert engset(channels, sources, 0.3, congestion="time") == pytest.approx(float(busy(sources)), abs=1e-15)


def test_as_many_channels_as_sources_lose_no_call_though_all_may_be_busy():
    assert engset(3, 3, 2.0) == 0
    assert engset(3, 3, 2.0, congestion="time") == pytest.approx((2 / 3) ** 3)


def test_many_small_sources_are_erlang_b():
    assert engset(17, 100_000, 10 / 100_000) == pytest.approx(erlang_b(17, 10), rel=1e-3)


@pytest.mark.parametrize(("channels", "places"), [(1, 1), (1, 4), (3, 3), (3, 8)])
def test_a_finite_queue_matches_exact_fractions(channels, places):
    load = Fraction(5, 2)
    state = exact_birth_death([load] * places, [min(n, channels) for n in range(1, places + 1)])
    queue = sum(max(n - channels, 0) * chance for n, chance in enumerate(state))
    assert finite_queue(channels, places, 2.5) == pytest.approx((float(state[-1]), float(queue)), abs=1e-14)


@given(CHANNELS, LOADS)
def test_a_queue_without_waiting_places_is_erlang_b(channels, load):
    loss, queue = finite_queue(channels, channels, load)
    assert loss == pytest.approx(erlang_b(channels, load), rel=1e-9)
    assert queue == 0


def test_a_long_queue_is_erlang_c():
    loss, queue = finite_queue(4, 100_000, 3.0)
    assert loss == 0
    assert queue == pytest.approx(erlang_c(4, 3.0) * 3 / (4 - 3), rel=1e-9)


def test_an_overloaded_queue_is_full_and_loses_the_surplus():
    loss, queue = finite_queue(2, 5_000, [0.0, 4.0])
    assert loss == pytest.approx([0, 0.5], abs=1e-12)
    assert queue == pytest.approx([0, 4_997], abs=1e-6)


@pytest.mark.parametrize("channels", [0, 1, 4])
def test_erlang_a_matches_a_long_sum_in_fractions(channels):
    coming, served, leaving, places = Fraction(3), Fraction(1), Fraction(2), channels + 60
    deaths = [min(n, channels) * served + max(n - channels, 0) * leaving for n in range(1, places + 1)]
    state = exact_birth_death([coming] * places, deaths)
    lost = leaving * sum(max(n - channels, 0) * chance for n, chance in enumerate(state)) / coming
    assert erlang_a(3, channels, 1, 2) == pytest.approx(float(lost), abs=1e-13)


def test_erlang_a_lies_between_no_patience_and_endless_patience():
    assert erlang_a(10, 17, 1, 1e9) == pytest.approx(erlang_b(17, 10), rel=1e-6)
    assert erlang_a(10, 8, 1, 1e-5) == pytest.approx(1 - 8 / 10, abs=1e-4)
    assert erlang_a(10, 17, 1, 1e-5) == pytest.approx(0, abs=1e-5)


def test_threats_that_leave_as_fast_as_they_are_served_need_no_queue_theory():
    """Then the number present is Poisson whatever the channels are."""
    present = np.array([np.exp(-5) * 5**n / factorial(n) for n in range(80)])
    assert erlang_a(5, 3, 1, 1) == pytest.approx(np.maximum(np.arange(80) - 3, 0) @ present / 5, abs=1e-13)


@given(st.floats(0.1, 50), st.integers(0, 40), st.floats(0.1, 10), st.floats(0.1, 10))
def test_patience_and_channels_save_threats(coming, channels, served, leaving):
    lost = erlang_a(coming, channels, served, leaving)
    assert 0 <= lost <= 1 + 1e-12
    assert erlang_a(coming, channels + 1, served, leaving) <= lost + 1e-12
    assert erlang_a(coming, channels, served, leaving * 2) >= lost - 1e-12


@pytest.mark.parametrize(
    "call",
    [
        lambda: erlang_b(-1, 1),
        lambda: erlang_b(20_000, 1),
        lambda: erlang_b(1, float("nan")),
        lambda: erlang_c(1, -1),
        lambda: engset(1, 0, 1),
        lambda: engset(1, 2, float("inf")),
        lambda: finite_queue(0, 1, 1),
        lambda: finite_queue(3, 2, 1),
        lambda: finite_queue([1, 2], 2, 1),
        lambda: erlang_a(0, 1, 1, 1),
        lambda: erlang_a(1, 1, 1, 1e-9),
    ],
)
def test_what_is_out_of_range_is_refused(call):
    with pytest.raises(ParameterError, match="is not allowed"):
        call()


def test_an_unknown_congestion_is_refused():
    with pytest.raises(ParameterError, match="one of call, time"):
        engset(1, 2, 1, congestion="traffic")
