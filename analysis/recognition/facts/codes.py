"""The numbers by which lists of states know a state, in the time for which each holds."""

import numpy as np
import pandas as pd

LONG_AGO, FAR_AHEAD = np.datetime64("0001-01-01"), np.datetime64("9999-12-31")


def codes_on(state_codes: pd.DataFrame, system: str, states: pd.Series, days: np.ndarray) -> np.ndarray:
    """Find the number that a list gives to each state on each of its days.

    Parameters
    ----------
    state_codes : pandas.DataFrame
        The table ``recognition/state_codes``.
    system : {"cow", "gw", "vdem"}
        Which list.
    states : pandas.Series of str
        Codes of states, ``iso3``.
    days : numpy.ndarray of datetime64
        A row of days for each state.

    Returns
    -------
    numpy.ndarray of float
        As ``days``; NaN where the list gives no number.

    Examples
    --------
    >>> germany = {"iso3": "DEU", "system": "cow", "code": [260, 255], "begin": [None, "1990-10-03"],
    ...            "end": ["1990-10-02", None]}
    >>> days = np.array([["1989-12-31", "1990-12-31"]], dtype="datetime64[D]")
    >>> codes_on(pd.DataFrame(germany), "cow", pd.Series(["DEU"]), days).tolist()
    [[260.0, 255.0]]
    """
    found = np.full(days.shape, np.nan)
    place = pd.Series(range(len(states)), index=states.to_numpy())
    own = state_codes[state_codes["system"].eq(system) & state_codes["iso3"].isin(place.index)]
    for iso3, code, begin, end in zip(own["iso3"], own["code"], own["begin"], own["end"], strict=True):
        row = place[iso3]
        found[row, (first_day(begin) <= days[row]) & (days[row] < day_after(end))] = code
    return found


def first_day(date: str | None) -> np.datetime64:
    """Return the first day of a date of reduced precision; long ago where there is none.

    Examples
    --------
    >>> str(first_day("1949")), str(first_day("1949-02"))
    ('1949-01-01', '1949-02-01')
    """
    return np.datetime64(date).astype("datetime64[D]") if isinstance(date, str) else LONG_AGO


def day_after(date: str | None) -> np.datetime64:
    """Return the day after the last day of a date of reduced precision; far ahead where there is none.

    Examples
    --------
    >>> str(day_after("1990")), str(day_after("1990-10-02"))
    ('1991-01-01', '1990-10-03')
    """
    return (np.datetime64(date) + 1).astype("datetime64[D]") if isinstance(date, str) else FAR_AHEAD
