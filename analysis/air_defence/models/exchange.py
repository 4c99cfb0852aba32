"""Cost exchange, value protected, restocking: read them together, since each alone misleads."""

import numpy as np

from analysis.air_defence.facts.choices import DOCTRINES
from analysis.air_defence.models.arguments import (
    LARGEST_RAID,
    LARGEST_SHOTS,
    Numbers,
    require_amount,
    require_count,
    require_positive,
    require_probability,
    unwrap,
)
from analysis.air_defence.models.engagement import kill_probability, miss_probability
from analysis.errors import require_choice


def expected_shots(single_shot: Numbers, shots: Numbers, doctrine: str) -> Numbers:
    """Interceptors fired on average at one threat.

    Parameters
    ----------
    single_shot : float or array
        Single-shot kill probability, 0 to 1.
    shots : int or array
        Most interceptors fired at the threat, 0 to 1,000,000.
    doctrine : {"barrage", "shoot-look-shoot"}
        One of ``choices.DOCTRINES``: all at once, or the next salvo only after a miss that is seen.

    Returns
    -------
    float or numpy.ndarray
        ``shots`` for a barrage; (1 - q ** shots) / p for shoot-look-shoot; else the sum of the salvos, each fired at
        what the ones before it missed.

    Raises
    ------
    ParameterError
        When an argument is out of range or the doctrine is not known.

    Notes
    -----
    Looks are perfect and time allows them all.

    Examples
    --------
    >>> round(expected_shots(0.8, 2, "shoot-look-shoot"), 2)
    1.2
    """
    require_choice("doctrine", doctrine, DOCTRINES)
    p, most = require_probability("single_shot", single_shot), require_count("shots", shots, LARGEST_SHOTS)
    size = DOCTRINES[doctrine].salvo or np.maximum(most, 1)
    whole, rest = np.divmod(most, size)
    hit = np.asarray(kill_probability(p, size))
    first = np.where(hit == 0, whole, kill_probability(p, whole * size) / np.where(hit == 0, 1.0, hit))
    return unwrap(size * first + rest * miss_probability(p, whole * size))


def cost_exchange_ratio(
    interceptor_cost: Numbers, threat_cost: Numbers, single_shot: Numbers, shots: Numbers, doctrine: str
) -> Numbers:
    """Money spent on interceptors for each unit of money spent on the threat.

    Parameters
    ----------
    interceptor_cost : float or array
        Price of one interceptor, 0 or more, in the same money and price year as ``threat_cost``.
    threat_cost : float or array
        Price of one threat, above 0.
    single_shot, shots, doctrine
        As in :func:`expected_shots`.

    Returns
    -------
    float or numpy.ndarray
        Ratio, 0 or more; above 1 the defender spends more than the attacker.

    Raises
    ------
    ParameterError
        When an argument is out of range or the doctrine is not known.

    Notes
    -----
    It leaves out what a leak would have cost, so it cannot say alone whether to shoot: see :func:`value_protected`.
    Published prices differ in basis (domestic, export, package, guess), which alone can move it several times over.

    Examples
    --------
    >>> cost_exchange_ratio(50_000, 800, single_shot=0.9, shots=1, doctrine="barrage")
    62.5
    """
    price, threat = require_amount("interceptor_cost", interceptor_cost), require_positive("threat_cost", threat_cost)
    return unwrap(np.asarray(expected_shots(single_shot, shots, doctrine) * price / threat))


def value_protected(
    threats: Numbers, single_shot: Numbers, shots: Numbers, doctrine: str, value: Numbers, interceptor_cost: Numbers
) -> Numbers:
    """Value saved on average by a layer, less what its interceptors cost.

    Parameters
    ----------
    threats : int or array
        Threats, 0 to 100,000.
    single_shot, shots, doctrine
        As in :func:`expected_shots`.
    value : float or array
        Value at stake if one threat leaks, 0 or more.
    interceptor_cost : float or array
        Price of one interceptor, 0 or more, in the same money.

    Returns
    -------
    float or numpy.ndarray
        threats (1 - q ** shots) value - threats expected_shots interceptor_cost; may be negative.

    Raises
    ------
    ParameterError
        When an argument is out of range or the doctrine is not known.

    Notes
    -----
    Lives are left out, and a leak is not a casualty estimate. The value at stake is an assumption, and it decides the
    sign; no magazine binds.

    Examples
    --------
    >>> round(value_protected(10, 0.8, 2, "barrage", value=1_000_000, interceptor_cost=50_000))
    8600000
    """
    raid, stake = require_count("threats", threats, LARGEST_RAID), require_amount("value", value)
    price = require_amount("interceptor_cost", interceptor_cost)
    saved = kill_probability(single_shot, shots) * stake
    return unwrap(np.asarray(raid * (saved - expected_shots(single_shot, shots, doctrine) * price)))


def restock_months(rounds: Numbers, output_per_month: Numbers) -> Numbers:
    """Months until rounds that were fired are made again.

    Parameters
    ----------
    rounds : float or array
        Rounds to replace, 0 or more.
    output_per_month : float or array
        Rounds delivered to this owner in a month, above 0.

    Returns
    -------
    float or numpy.ndarray
        Months.

    Raises
    ------
    ParameterError
        When an argument is out of range; with no output a stock is never restored.

    Notes
    -----
    Steady output from the first month. Orders take years to reach a line, and other customers share it: published
    capacity is not one customer's share.

    Examples
    --------
    >>> restock_months(rounds=100, output_per_month=1)
    100.0
    """
    fired, output = require_amount("rounds", rounds), require_positive("output_per_month", output_per_month)
    return unwrap(np.asarray(fired / output))
