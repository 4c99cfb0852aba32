"""p adjusted where several are tested."""

import math

import pytest

from analysis.errors import ParameterError
from analysis.recognition.many_tests import false_discovery_q


def test_q_by_hand():
    # Five tests in order: q of the k-th is the least of p_j * 5 / j over j from k on.
    found = false_discovery_q({"a": 0.005, "b": 0.01, "c": 0.03, "d": 0.04, "e": 0.9})
    assert list(found.values()) == pytest.approx([0.025, 0.025, 0.05, 0.05, 0.9])


def test_what_was_not_tested_does_not_count_as_a_test():
    found = false_discovery_q({"held": float("nan"), "a": 0.02, "b": 0.5})
    assert math.isnan(found["held"])
    assert found["a"] == pytest.approx(0.04)
    assert list(found) == ["held", "a", "b"]


def test_q_is_never_less_than_p_and_keeps_the_order():
    chances = {number: number / 100 for number in range(1, 60, 7)}
    found = false_discovery_q(chances)
    assert all(found[name] >= chance for name, chance in chances.items())
    assert list(found.values()) == sorted(found.values())


def test_no_test_at_all_has_no_q():
    assert false_discovery_q({}) == {}


def test_a_p_above_one_is_refused():
    with pytest.raises(ParameterError, match=r"p = 1\.2 of a"):
        false_discovery_q({"a": 1.2})
