"""Many claims about one figure: their spread, their median over independent publishers, their confidence."""

from typing import Any

import pandas as pd

from analysis.air_defence.facts.choices import CONFIDENCES
from analysis.errors import DataError, require_choice

KINDS = ("bound", "target_kind", "price_basis")
"""What kind of claim a figure is; claims of different kinds are never pooled."""
FIGURE = ("system_id", "interceptor", "parameter", "unit", *KINDS)
COLUMNS = (*FIGURE, "low", "best", "high", "n_claims", "n_publishers", "n_unconfirmed", "confidence", "source_ids",
           "claim_ids")  # fmt: skip
CONTEXT_ONLY = "claimed_engagement_rate"
WIDE_RATIO = 1.6


def is_confirmed(rows: pd.DataFrame) -> pd.Series:
    """Tell which rows somebody has seen in a source.

    Parameters
    ----------
    rows : pandas.DataFrame
        Claims or ratings with a column ``note``.

    Returns
    -------
    pandas.Series
        True unless the note starts with ``unconfirmed``.

    Examples
    --------
    >>> is_confirmed(pd.DataFrame({"note": ["unconfirmed: from general knowledge", None, "aircraft"]})).tolist()
    [False, True, True]
    """
    return ~rows["note"].fillna("").astype("str").str.startswith("unconfirmed")


def keep_confidence(rows: pd.DataFrame, minimum_confidence: str) -> pd.DataFrame:
    """Keep the rows of a chosen confidence or a better one.

    Parameters
    ----------
    rows : pandas.DataFrame
        Claims or ratings with a column ``confidence``.
    minimum_confidence : {"low", "medium", "high"}
        Least confidence kept; low keeps all rows.

    Returns
    -------
    pandas.DataFrame
        The rows kept, in their order; empty where none is sure enough.

    Raises
    ------
    ParameterError
        When the confidence is not one of the three.

    Examples
    --------
    >>> keep_confidence(pd.DataFrame({"confidence": ["low", "high", "medium"]}), "medium").index.tolist()
    [1, 2]
    """
    require_choice("minimum_confidence", minimum_confidence, CONFIDENCES)
    return rows[rows["confidence"].isin(CONFIDENCES[CONFIDENCES.index(minimum_confidence) :])]


def combine_claims(claims: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Combine the claims about each figure into one row with its spread, median and confidence.

    Parameters
    ----------
    claims : pandas.DataFrame
        Rows of ``air_defence/system_parameters``: ``system_id, interceptor, parameter, low, best, high, unit,
        bound, target_kind, price_basis, confidence, source_id, claim_id, note``. One row is one figure by one source.
    sources : pandas.DataFrame
        ``source_id, publisher_group``. A source without a group stands for itself.

    Returns
    -------
    pandas.DataFrame
        One row is a figure: one parameter of one interceptor, by one kind of claim (bound, target kind, price
        basis). Columns: ``system_id, interceptor, parameter, unit, bound, target_kind, price_basis, low, best,
        high, n_claims, n_publishers, n_unconfirmed, confidence, source_ids, claim_ids``; ``n_publishers`` counts the
        groups behind confirmed claims only.

    Notes
    -----
    ``low`` and ``high`` are the lowest and the highest value that any claim gives. ``best`` is the median over
    publisher groups, each group giving the median of its own claims: two outlets of one group, or one text
    relayed twice, count once. Only confirmed claims enter the median, unless there are none. With two groups
    it is the midpoint, which neither may have published.

    ``confidence`` is that of the surest claim in the median; at most medium where the claims differ; low where
    ``high`` exceeds 1.6 times ``low`` or where an unconfirmed claim is among them.

    Claimed engagement rates are left out: their denominators differ and they are no input of a model. Prices
    are pooled over their years and neither converted nor deflated.

    Examples
    --------
    Three reports of a height, two of them from one newspaper group:

    >>> claims = pd.DataFrame({
    ...     "system_id": "layer_b", "interceptor": "missile b", "parameter": "max_altitude", "unit": "km",
    ...     "bound": "exact", "target_kind": "not_stated", "price_basis": None,
    ...     "low": [26.0, 45.0, 45.0], "best": [26.0, 45.0, 45.0], "high": [26.0, 45.0, 45.0],
    ...     "confidence": "medium", "source_id": ["a", "b1", "b2"], "claim_id": ["1", "2", "3"], "note": None,
    ... })
    >>> sources = pd.DataFrame({"source_id": ["a", "b1", "b2"], "publisher_group": [None, "B", "B"]})
    >>> combine_claims(claims, sources)[["low", "best", "high", "n_claims", "n_publishers", "confidence"]]
        low  best  high  n_claims  n_publishers confidence
    0  26.0  35.5  45.0         3             2        low
    """
    groups = sources.set_index("source_id")["publisher_group"]
    claims = claims[claims["parameter"] != CONTEXT_ONLY]
    claims = claims.assign(
        publisher=claims["source_id"].map(groups).fillna(claims["source_id"]), confirmed=is_confirmed(claims)
    )
    rows = [
        dict(zip(FIGURE, key, strict=True)) | _combine(group)
        for key, group in claims.groupby(list(FIGURE), dropna=False, sort=False)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _combine(group: pd.DataFrame) -> dict[str, Any]:
    values = group[["low", "best", "high"]]
    low, high = values.min(axis=None), values.max(axis=None)
    confirmed = group[group["confirmed"]]
    used = group if confirmed.empty else confirmed
    surest = max(used["confidence"], key=CONFIDENCES.index)
    if len(confirmed) < len(group) or high > WIDE_RATIO * low:
        surest = "low"
    elif len(group) > 1 and low < high and surest == "high":
        surest = "medium"
    return {
        "low": low,
        "best": used.groupby("publisher")["best"].median().median(),
        "high": high,
        "n_claims": len(group),
        "n_publishers": confirmed["publisher"].nunique(),
        "n_unconfirmed": len(group) - len(confirmed),
        "confidence": surest,
        "source_ids": ";".join(group["source_id"].drop_duplicates()),
        "claim_ids": ";".join(group["claim_id"]),
    }


ENDS = ("low", "best", "high")


def assumption(assumptions: pd.DataFrame, name: str) -> dict[str, float]:
    """Look an assumption up.

    Parameters
    ----------
    assumptions : pandas.DataFrame
        ``air_defence/assumptions``.
    name : str
        Its ``assumption_id``.

    Returns
    -------
    dict
        ``low``, ``best`` and ``high``, in the unit of the row.

    Raises
    ------
    DataError
        When there is no such row.

    Examples
    --------
    >>> table = pd.DataFrame({"assumption_id": ["track_layer"], "low": [0.8], "best": [0.95], "high": [0.99]})
    >>> assumption(table, "track_layer")["best"]
    0.95
    """
    rows = assumptions.loc[assumptions["assumption_id"] == name, list(ENDS)]
    if rows.empty:
        raise DataError(f"air_defence/assumptions.csv: lacks the row {name}; add it with low, best, high and why.")
    return {end: float(value) for end, value in rows.iloc[0].items()}


OF_ONE = "_of_"
"""Between an input and the system in the name of an assumption about that system alone: ``track_of_sky_bow_3``."""


def assumption_of(assumptions: pd.DataFrame, system: str, kind: str, common: str, detail: str = "") -> str:
    """Name the assumption that holds for a system: one about it alone where there is one, else the common one.

    Parameters
    ----------
    assumptions : pandas.DataFrame
        ``air_defence/assumptions``.
    system : str
        Its ``system_id``.
    kind : str
        The input: single_shot, track, coverage or ready_rounds.
    common : str
        ``assumption_id`` of what all systems share.
    detail : str
        Threat class or architecture to which the one about this system is bound.

    Examples
    --------
    >>> table = pd.DataFrame({"assumption_id": ["track_layer", "track_of_thaad", "single_shot_of_thaad_mrbm"]})
    >>> assumption_of(table, "thaad", "track", "track_layer")
    'track_of_thaad'
    >>> assumption_of(table, "thaad", "single_shot", "single_shot_primary", "srbm")
    'single_shot_primary'
    """
    own = f"{kind}{OF_ONE}{system}" + (f"_{detail}" if detail else "")
    return own if (assumptions["assumption_id"] == own).any() else common


def distribution_of(assumptions: pd.DataFrame, name: str) -> str:
    """Say by which law an assumption is stated, as ``uncertainty.spread`` takes it; empty where none is.

    Without one an assumption is drawn by PERT, and may be fitted to raids that happened; one whose law is stated stands
    as it is.

    Examples
    --------
    >>> distribution_of(pd.DataFrame({"assumption_id": ["track_layer"], "distribution": ["uniform"]}), "track_layer")
    'uniform'
    """
    if "distribution" not in assumptions:
        return ""
    laws = assumptions.loc[assumptions["assumption_id"] == name, "distribution"].dropna()
    return str(laws.iloc[0]) if len(laws) else ""
