"""A number out of range is refused with its name, its value and what is allowed."""

import re
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from analysis.air_defence.models import arguments
from analysis.errors import ParameterError

WRONG = [
    float("nan"),
    float("inf"),
    -float("inf"),
    -0.1,
    1.1,
    "0.5",
    None,
    pd.NA,
    1j,
    10**400,
    [0.5, None],
    [[0.5], [2]],
]


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_what_is_no_probability_is_refused(value):
    with pytest.raises(ParameterError, match=r"track.* is not allowed; give a probability from 0 to 1\."):
        arguments.require_probability("track", value)


@pytest.mark.parametrize("value", [0, 1, 0.5, np.float32(0.5), Fraction(1, 2), [0.0, 1.0], pd.Series([0.25])], ids=repr)
def test_a_probability_passes_unchanged(value):
    assert np.all(arguments.require_probability("track", value) == value)


@pytest.mark.parametrize("value", [-1, 0.5, 11, float("nan"), True, "3", 10**400])
def test_what_is_no_count_is_refused(value):
    with pytest.raises(ParameterError, match=re.escape("give a whole number from 0 to 10.")):
        arguments.require_count("threats", value, largest=10)


def test_the_message_says_how_large_is_allowed():
    with pytest.raises(
        ParameterError, match=re.escape("raid = 100001 is not allowed; give a whole number from 0 to 100,000.")
    ):
        arguments.require_count("raid", 100_001, arguments.LARGEST_RAID)


def test_the_first_wrong_value_of_an_array_is_named():
    with pytest.raises(ParameterError, match=re.escape("p[1, 0] = -2.0 is not allowed")):
        arguments.require_probability("p", [[0.5, 0.5], [-2.0, 7.0]])


def test_ragged_lists_are_refused():
    with pytest.raises(ParameterError, match="p = "):
        arguments.require_probability("p", [[0.5], [0.5, 0.5]])


@pytest.mark.parametrize("value", [0, -1.0, 1e16, float("inf")])
def test_what_is_not_clearly_above_zero_is_refused(value):
    with pytest.raises(ParameterError, match="cycle_s"):
        arguments.require_positive("cycle_s", value)


def test_counts_come_back_as_integers():
    assert arguments.require_count("threats", [3.0, 4.0], 10).dtype == np.int64


def test_an_array_is_refused_where_one_number_is_wanted():
    with pytest.raises(ParameterError, match=re.escape("shots = [1, 2] is not allowed; give one number.")):
        arguments.require_one(threats=3, shots=[1, 2])
