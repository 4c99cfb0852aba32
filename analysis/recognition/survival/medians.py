"""Within how many years half of the ties end, and how far the dates leave that open."""

from datetime import date

import pandas as pd

from analysis.recognition.facts.spells import BOUNDS, move_to_bounds
from analysis.recognition.survival.curves import survival_curve
from analysis.recognition.survival.risk_sets import ENTRY, OBSERVED_UNTIL


def median_at_bounds(
    spells: pd.DataFrame,
    entity: str,
    entry: str | date = ENTRY,
    kind: str = "relations",
    until: str | date = OBSERVED_UNTIL,
) -> pd.DataFrame:
    """Say within how many years half of the ties end, with all dates as they are used, at their earliest and latest.

    Parameters
    ----------
    spells, entity, entry, kind, until
        As in :func:`analysis.recognition.survival.curves.survival_curve`.

    Returns
    -------
    pandas.DataFrame
        ties (every, or dated: without those that stood before 1 October 1949, whose beginnings are not known), dates
        (used, low or high: every date at that bound) and median_years, the first age at which at most half of the ties
        last; missing where more of them still do. One row is a choice of ties and dates.

    Raises
    ------
    ParameterError
        As in :func:`analysis.recognition.survival.curves.survival_curve`.

    Notes
    -----
    Kaplan and Meier by age. All dates move to one side at once: the two ends are extremes, no interval of confidence.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> median_at_bounds(spells, "TWN").round(1).to_numpy().tolist()[:3]
    [['every', 'used', 17.4], ['every', 'low', 16.3], ['every', 'high', 18.3]]
    """
    dated = {"used": spells} | {bound: move_to_bounds(spells, bound) for bound in BOUNDS}
    rows = [
        {"ties": ties, "dates": dates, "median_years": curve.loc[curve["survival"] <= 0.5, "time"].min()}
        for ties, left_out in {"every": [], "dated": [True]}.items()
        for dates, own in dated.items()
        for curve in [survival_curve(own[~own["left_truncated"].isin(left_out)], entity, entry, kind=kind, until=until)]
    ]
    return pd.DataFrame(rows)
