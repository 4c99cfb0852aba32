"""The first and the last day that a date of reduced precision can mean, for rules that must hold for certain."""

import pandas as pd


def first_day_of(dates: pd.Series) -> pd.Series:
    """Give the earliest day that each date can mean.

    Parameters
    ----------
    dates : pandas.Series of str
        ISO dates of four, seven or ten characters; missing stays missing.

    Examples
    --------
    >>> first_day_of(pd.Series(["1979", "1979-12"])).dt.strftime("%Y-%m-%d").tolist()
    ['1979-01-01', '1979-12-01']
    """
    return _complete(dates, {4: "-01-01", 7: "-01", 10: ""})


def last_day_of(dates: pd.Series) -> pd.Series:
    """Give the latest day that each date can mean.

    Examples
    --------
    >>> last_day_of(pd.Series(["1979", "1979-02"])).dt.strftime("%Y-%m-%d").tolist()
    ['1979-12-31', '1979-02-28']
    """
    days = _complete(dates, {4: "-12-31", 7: "-01", 10: ""})
    return days.where(dates.str.len() != 7, days + pd.offsets.MonthEnd(0))


def _complete(dates: pd.Series, tails: dict[int, str]) -> pd.Series:
    text = dates.astype("str")
    return pd.to_datetime(text + text.str.len().map(tails), format="%Y-%m-%d")
