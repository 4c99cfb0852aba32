"""Simultaneous engagements with a fixed window: the closed form, the finite raid, and one as check of the other."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.air_defence.models.saturation import SERVICES, erlang_b, finite_raid, fixed_window
from analysis.errors import ParameterError

CASES = [(10.0, 17, 1.0, 0.3), (4.0, 4, 1.0, 0.5), (8.0, 4, 1.0, 2.0), (1.0, 1, 1.0, 1.0), (0.5, 1, 2.0, 0.1)]


def simulate_window(arrival_rate, channels, service_rate, window, arrivals, seed):
    """Share not taken into service in time, one arrival after another, with a plain list of busy channels."""
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.exponential(1 / arrival_rate, arrivals))
    services = rng.exponential(1 / service_rate, arrivals)
    free_at, lost = [0.0] * channels, []
    for time, service in zip(times.tolist(), services.tolist(), strict=True):
        soonest = min(range(channels), key=free_at.__getitem__)
        begin = max(time, free_at[soonest])
        lost.append(begin - time > window)
        if not lost[-1]:
            free_at[soonest] = begin + service
    return np.array(lost)


@pytest.mark.parametrize(("arrival_rate", "channels", "service_rate", "window"), CASES)
def test_the_fixed_window_is_that_of_a_long_simulation(arrival_rate, channels, service_rate, window):
    lost = simulate_window(arrival_rate, channels, service_rate, window, 200_000, seed=11)
    batches = lost.reshape(50, -1).mean(axis=1)  # neighbours are alike, so the error comes from batches
    error = batches.std(ddof=1) / np.sqrt(50)
    assert lost.mean() == pytest.approx(fixed_window(arrival_rate, channels, service_rate, window), abs=4 * error)


@given(st.floats(0.01, 80), st.integers(0, 60), st.floats(0.1, 10))
def test_a_window_of_nothing_is_erlang_b(arrival_rate, channels, service_rate):
    assert fixed_window(arrival_rate, channels, service_rate, 0) == pytest.approx(
        erlang_b(channels, arrival_rate / service_rate), rel=1e-9, abs=1e-300
    )


@pytest.mark.parametrize("shift", [1e-6, -1e-6])
def test_a_load_equal_to_the_channels_is_no_exception(shift):
    assert fixed_window(4 + shift, 4, 1, 3) == pytest.approx(fixed_window(4, 4, 1, 3), abs=1e-5)


def test_one_channel_at_equal_rates_is_a_hand_sum():
    """Load 1, one channel: I = window and the share is 1 / (1 + window + 1)."""
    assert fixed_window(1, 1, 1, [0.0, 1.0, 8.0]) == pytest.approx([1 / 2, 1 / 3, 1 / 10], abs=1e-15)


def test_an_endless_window_loses_the_surplus_and_nothing_else():
    assert fixed_window([10, 1, 1], [4, 4, 0], 1, 1e9) == pytest.approx([0.6, 0.0, 1.0], abs=1e-12)


@given(st.floats(0.01, 80), st.integers(0, 60), st.floats(0.1, 10), st.floats(0, 100), st.floats(0, 100))
def test_a_longer_window_and_a_channel_more_never_lose_more(arrival_rate, channels, service_rate, one, other):
    short, long = sorted((one, other))
    lost = fixed_window(arrival_rate, channels, service_rate, short)
    assert 0 <= lost <= 1
    assert fixed_window(arrival_rate, channels, service_rate, long) <= lost + 1e-12
    assert fixed_window(arrival_rate, channels + 1, service_rate, short) <= lost + 1e-12


def test_two_threats_and_one_channel_are_a_hand_sum():
    """The second leaks when the first one's service outlasts spacing and window: exp(-window/s) s / (s + spacing)."""
    raid = finite_raid(2, 1, 10, 30, 15, seed=1, n_simulations=100_000, service="exponential")
    expected = np.exp(-15 / 30) * 30 / (30 + 10)
    assert raid.pmf[1] == pytest.approx(expected, abs=4 * raid.standard_error)
    assert raid.standard_error == pytest.approx(np.sqrt(expected * (1 - expected) / 100_000), rel=0.02)


def test_a_raid_at_once_takes_as_many_services_as_the_window_allows():
    """One channel, all at once: services that begin in the window are a Poisson count beyond the first."""
    raid = finite_raid(60, 1, 0, 10, 50, seed=2, n_simulations=50_000, service="exponential")
    assert 60 - raid.mean == pytest.approx(1 + 50 / 10, abs=4 * raid.standard_error)


@pytest.mark.parametrize("channels", [2, 5, 8])
def test_the_heap_of_channels_does_what_a_plain_list_does(channels):
    runs, size = 300, 40
    plain = [simulate_window(1 / 2, channels, 1 / 12, 6.0, size, seed).sum() for seed in range(runs)]
    raid = finite_raid(size, channels, spacing_s=2, service_s=12, window_s=6, seed=3, service="exponential")
    error = np.hypot(np.std(plain, ddof=1) / np.sqrt(runs), raid.standard_error)
    assert raid.mean == pytest.approx(np.mean(plain), abs=4 * error)


def test_a_long_raid_nears_the_steady_state_from_below():
    steady = fixed_window(1 / 2, 3, 1 / 8, 4)
    shares = [finite_raid(n, 3, 2, 8, 4, 4, 2_000, service="exponential").mean / n for n in (5, 50, 5_000)]
    assert all(short < long for short, long in pairwise(shares))
    assert shares[-1] == pytest.approx(steady, rel=0.01)


@pytest.mark.parametrize(
    ("threats", "channels", "service_s", "window_s", "leaked"),
    [(0, 3, 5, 0, 0), (4, 0, 5, 9, 4), (4, 4, 5, 0, 0), (4, 9, 5, 0, 0), (6, 4, 5, 0, 2), (6, 1, 0, 0, 0)],
)
def test_raids_whose_outcome_is_certain(threats, channels, service_s, window_s, leaked):
    raid = finite_raid(threats, channels, 0, service_s, window_s, seed=6, n_simulations=50)
    assert raid.pmf.size == threats + 1
    assert raid.pmf[leaked] == 1
    assert raid.standard_error == 0


def test_equal_engagements_one_channel_and_two_threats_are_a_hand_sum():
    """The second leaks when it comes before the first engagement has all but the window left: 1 - exp(-(D - w) / s)."""
    raid = finite_raid(2, 1, spacing_s=10, service_s=30, window_s=15, seed=1, n_simulations=100_000)
    assert raid.pmf[1] == pytest.approx(1 - np.exp(-15 / 10), abs=4 * raid.standard_error)


@pytest.mark.parametrize(("window_s", "leaked"), [(0, 56), (9.9, 56), (10, 52), (25, 48), (139, 4), (140, 0)])
def test_equal_engagements_of_a_raid_at_once_come_in_waves(window_s, leaked):
    raid = finite_raid(60, 4, spacing_s=0, service_s=10, window_s=window_s, seed=2, n_simulations=2)
    assert raid.pmf[leaked] == 1


@pytest.mark.parametrize(
    ("channels", "window_s", "constant", "exponential"), [(18, 10, 43.4, 33.7), (27, 10, 17.1, 7.7), (40, 0, 9.4, 2.5)]
)
def test_short_windows_lose_more_to_equal_engagements_than_to_exponential_ones(
    channels, window_s, constant, exponential
):
    raid = dict(threats=100, channels=channels, spacing_s=0.5, service_s=20, window_s=window_s, seed=7)
    assert finite_raid(**raid).mean == pytest.approx(constant, abs=0.25)
    assert finite_raid(**raid, service="exponential").mean == pytest.approx(exponential, abs=0.25)


@pytest.mark.parametrize("service", SERVICES)
def test_a_long_raid_without_a_window_does_not_ask_how_engagements_vary(service):
    """Erlang's loss formula knows only their mean."""
    raid = finite_raid(20_000, 17, 0.1, 1, 0, seed=5, n_simulations=100, service=service)
    assert raid.mean / 20_000 == pytest.approx(erlang_b(17, 10), abs=4 * raid.standard_error / 20_000 + 1e-5)


def test_the_seed_fixes_the_answer():
    first, again, other = (finite_raid(30, 3, 2, 10, 5, seed=seed, n_simulations=500) for seed in (1, 1, 2))
    assert np.array_equal(first.pmf, again.pmf)
    assert not np.array_equal(first.pmf, other.pmf)


@settings(max_examples=30)
@given(st.integers(0, 40), st.integers(0, 10), st.floats(0, 20), st.floats(0, 60))
def test_a_longer_window_never_leaks_fewer_than_none_nor_more_than_all(threats, channels, spacing_s, window_s):
    raid = finite_raid(threats, channels, spacing_s, 10, window_s, seed=0, n_simulations=200)
    wider = finite_raid(threats, channels + 1, spacing_s, 10, window_s, seed=0, n_simulations=200)
    assert raid.pmf.sum() == pytest.approx(1, abs=1e-12)
    assert 0 <= wider.mean <= raid.mean + 4 * np.hypot(raid.standard_error, wider.standard_error) + 1e-9


@pytest.mark.parametrize(
    "call",
    [
        lambda: fixed_window(0, 1, 1, 1),
        lambda: fixed_window(1, 1, 1, -1),
        lambda: fixed_window(1, 1, 1, float("nan")),
        lambda: fixed_window(1e9, 1, 1, 1),
        lambda: finite_raid(-1, 1, 1, 1, 1, seed=0),
        lambda: finite_raid(1, 1, float("nan"), 1, 1, seed=0),
        lambda: finite_raid(1, 1, 1, float("inf"), 1, seed=0),
        lambda: finite_raid(1, 1, 1, 1, 1, seed=-1),
        lambda: finite_raid(1, 1, 1, 1, 1, seed=0, n_simulations=1),
        lambda: finite_raid([1, 2], 1, 1, 1, 1, seed=0),
    ],
)
def test_what_is_out_of_range_is_refused(call):
    with pytest.raises(ParameterError, match="is not allowed"):
        call()


def test_too_much_work_is_refused_with_what_is_allowed():
    with pytest.raises(ParameterError, match=r"n_simulations = 20001 .* from 2 to 20,000"):
        finite_raid(100_000, 1, 1, 1, 1, seed=0, n_simulations=20_001)


def test_another_law_of_engagement_times_is_refused():
    with pytest.raises(ParameterError, match="service = 'uniform' is not known; choose one of constant, exponential"):
        finite_raid(1, 1, 1, 1, 1, seed=0, service="uniform")
