"""Engagement envelope: the ranges and altitudes that are published for a system, and how they are meant."""

import numpy as np
import pandas as pd

from analysis.air_defence.facts.claims import assumption, combine_claims, keep_confidence
from analysis.errors import DataError
from analysis.facts import Facts

LIMITS = ("min_range", "max_range", "min_altitude", "max_altitude")
PUBLISHED = "published"
UNSURE = "not at this confidence"
UNPUBLISHED = "not published"
WEAPONLESS = "network or radar, no interceptor"
BAND_PREFIX = "altitude_band_"
FLOOR_PREFIX = "altitude_floor_"
_OPEN = ("at_least", "demonstrated")
_REACHED = ("exact", *_OPEN)


def published_limits(facts: Facts, minimum_confidence: str = "low") -> pd.DataFrame:
    """Gather the published limits of each system's ranges and altitudes; say where there is none.

    Parameters
    ----------
    facts : Facts
        Tables of ``air_defence/``: ``systems, system_parameters`` (ranges and altitudes in km); and ``sources``.
    minimum_confidence : {"low", "medium", "high"}
        Least confidence of the claims used.

    Returns
    -------
    pandas.DataFrame
        One row is a figure (limit, interceptor, bound, target kind) or, with empty values, a limit that a
        system lacks. Columns: ``system_id, name, layer, limit, interceptor, bound, target_kind, low_km, best_km,
        high_km, n_claims, n_publishers, n_unconfirmed, confidence, source_ids, status``. ``limit`` is one of
        ``min_range, max_range, min_altitude, max_altitude``; ``status`` one of ``published``, ``not at this
        confidence``, ``not published`` and ``network or radar, no interceptor``.

    Notes
    -----
    A height reached in a test or in combat counts as a ``max_altitude`` with the bound ``demonstrated``.
    Variants kept apart (air-launched, base version, gun) and the range of the missile countered are left out.

    Examples
    --------
    A system about which nothing is published keeps its four rows:

    >>> systems = pd.DataFrame({"system_id": ["arrow_4"], "name": ["Arrow 4"], "layer": ["upper_endo"]})
    >>> claims = pd.DataFrame(columns=[
    ...     "system_id", "interceptor", "parameter", "unit", "bound", "target_kind", "price_basis", "low", "best",
    ...     "high", "confidence", "source_id", "note",
    ... ])
    >>> sources = pd.DataFrame({"source_id": [], "publisher_group": []})
    >>> facts = Facts({"systems": systems, "system_parameters": claims, "sources": sources})
    >>> published_limits(facts)[["limit", "best_km", "status"]]
              limit best_km         status
    0     min_range     NaN  not published
    1     max_range     NaN  not published
    2  min_altitude     NaN  not published
    3  max_altitude     NaN  not published
    """
    claims = facts.system_parameters.replace({"parameter": {"demonstrated_altitude": "max_altitude"}})
    claims = claims[claims["parameter"].isin(LIMITS)]
    figures = combine_claims(keep_confidence(claims, minimum_confidence), facts.sources)
    figures = figures.rename(columns={"parameter": "limit", "low": "low_km", "best": "best_km", "high": "high_km"})
    grid = facts.systems[["system_id", "name", "layer"]].merge(pd.DataFrame({"limit": list(LIMITS)}), how="cross")
    limits = grid.merge(figures.drop(columns=["unit", "price_basis"]), how="left")
    known = pd.MultiIndex.from_frame(claims[["system_id", "parameter"]])
    unsure = pd.MultiIndex.from_frame(limits[["system_id", "limit"]]).isin(known)
    missing = np.where(limits["layer"] == "not_applicable", WEAPONLESS, np.where(unsure, UNSURE, UNPUBLISHED))
    counts = {name: limits[name].fillna(0).astype(int) for name in ("n_claims", "n_publishers", "n_unconfirmed")}
    return limits.assign(status=np.where(limits["best_km"].notna(), PUBLISHED, missing), **counts)


def altitude_spans(limits: pd.DataFrame, assumptions: pd.DataFrame) -> pd.DataFrame:
    """Give each system one span of altitudes, from its floor to its ceiling, with the spread of both.

    Parameters
    ----------
    limits : pandas.DataFrame
        From :func:`published_limits`.
    assumptions : pandas.DataFrame
        ``assumption_id, low, best, high``, with rows ``altitude_floor_lower``, ``altitude_floor_upper_endo`` and
        ``altitude_floor_exo`` in km.

    Returns
    -------
    pandas.DataFrame
        One row is a system. Columns: ``system_id, name, layer, floor_low_km, floor_km, floor_high_km,
        floor_assumed, ceiling_low_km, ceiling_km, ceiling_high_km, ceiling_bound, ceiling_open, status``. Without
        a published ceiling all numbers are empty and ``status`` says why.

    Raises
    ------
    DataError
        When an assumed floor is missing from the assumptions.

    Notes
    -----
    The ceiling is the greatest of the figures that are exact, at least or demonstrated, whatever the round or
    target; failing these, an upper bound; failing that, a goal. No median is taken across them. ``ceiling_open``
    marks a ceiling that the source puts as a floor ("at least", or reached once): the system may reach higher.
    Its spread runs from the lowest claim of that bound to the highest claim of any bound but a goal, since a
    height that was reached once does not say that the ceiling is there.

    Few floors are published. Elsewhere one is assumed by the layer and marked: within the atmosphere the
    ground, which can hide a gap but not make one; for an exo system the edge of space.
    """
    spans = limits[["system_id", "name", "layer"]].drop_duplicates(ignore_index=True)
    spans = spans.merge(_ceilings(limits), how="left").merge(_floors(limits), how="left")
    spans["floor_assumed"] = spans["floor_km"].isna() & spans["ceiling_km"].notna()
    tiers = spans["layer"].where(spans["layer"].isin(["upper_endo", "exo"]), "lower")
    for floor, column in {"floor_low_km": "low", "floor_km": "best", "floor_high_km": "high"}.items():
        assumed = {tier: assumption(assumptions, f"{FLOOR_PREFIX}{tier}")[column] for tier in tiers.unique()}
        spans[floor] = spans[floor].fillna(tiers.map(assumed)).where(spans["ceiling_km"].notna())
    lacking = limits[limits["limit"] == "max_altitude"].drop_duplicates("system_id")
    return spans.merge(lacking[["system_id", "status"]], how="left")


def _ceilings(limits: pd.DataFrame) -> pd.DataFrame:
    figures = limits[(limits["limit"] == "max_altitude") & (limits["status"] == PUBLISHED)]
    order = {bound: 0 for bound in _REACHED} | {"at_most": 1, "goal": 2}
    figures = figures.assign(order=figures["bound"].map(order), open=figures["bound"].isin(_OPEN))
    chosen = figures.sort_values(["order", "best_km", "open"], ascending=[True, False, True], kind="stable")
    chosen = chosen.drop_duplicates("system_id")
    claimed = figures[(figures["order"] < 2) | figures["system_id"].isin(chosen[chosen["order"] == 2]["system_id"])]
    alike = figures.merge(chosen[["system_id", "bound"]])
    lowest = alike.groupby("system_id", as_index=False).agg(ceiling_low_km=("low_km", "min"))
    highest = claimed.groupby("system_id", as_index=False).agg(ceiling_high_km=("high_km", "max"))
    names = {"best_km": "ceiling_km", "bound": "ceiling_bound", "open": "ceiling_open"}
    return chosen[["system_id", *names]].rename(columns=names).merge(lowest).merge(highest)


def _floors(limits: pd.DataFrame) -> pd.DataFrame:
    figures = limits[(limits["limit"] == "min_altitude") & (limits["status"] == PUBLISHED)]
    return figures.groupby("system_id", as_index=False).agg(
        floor_low_km=("low_km", "min"), floor_km=("best_km", "min"), floor_high_km=("high_km", "max")
    )


def altitude_bands(assumptions: pd.DataFrame) -> pd.DataFrame:
    """Cut the altitudes into bands at the assumed edges.

    Parameters
    ----------
    assumptions : pandas.DataFrame
        ``assumption_id, best``: rows ``altitude_band_<name>``, each the bottom of a band in km, in any order.

    Returns
    -------
    pandas.DataFrame
        One row is a band, lowest first: ``band, bottom_km, top_km``. The uppermost has no top (infinity).

    Raises
    ------
    DataError
        When there is no such row, or two bands share a bottom.

    Examples
    --------
    >>> altitude_bands(pd.DataFrame({"assumption_id": ["altitude_band_exo", "altitude_band_low"], "best": [100, 0]}))
      band  bottom_km  top_km
    0  low        0.0   100.0
    1  exo      100.0     inf
    """
    rows = assumptions[assumptions["assumption_id"].str.startswith(BAND_PREFIX)].sort_values("best")
    bottoms = rows["best"].astype(float)
    if rows.empty or bottoms.isna().any() or bottoms.duplicated().any():
        raise DataError(
            f"air_defence/assumptions.csv: needs rows {BAND_PREFIX}<name> with a bottom edge each, no two alike."
        )
    names = rows["assumption_id"].str.removeprefix(BAND_PREFIX)
    tops = bottoms.shift(-1, fill_value=np.inf)
    return pd.DataFrame({"band": names, "bottom_km": bottoms, "top_km": tops}).reset_index(drop=True)


def range_altitude_envelopes(limits: pd.DataFrame, spans: pd.DataFrame) -> pd.DataFrame:
    """Pair each published range of a system with its span of altitudes.

    Parameters
    ----------
    limits : pandas.DataFrame
        From :func:`published_limits`.
    spans : pandas.DataFrame
        From :func:`altitude_spans`.

    Returns
    -------
    pandas.DataFrame
        One row is a range of one interceptor by one kind of claim, or a system without a published range.
        Columns: those of ``spans``, and ``interceptor, range_bound, target_kind, range_low_km, range_km,
        range_high_km, min_range_km, range_status``. ``target_kind`` is that of the range.

    Notes
    -----
    The pair is a box that holds the envelope, not its shape: no source publishes both figures for one and the
    same shot, and a range against aircraft stands beside a height that may be meant for ballistic targets.
    """
    names = {
        "low_km": "range_low_km",
        "best_km": "range_km",
        "high_km": "range_high_km",
        "bound": "range_bound",
        "status": "range_status",
    }
    ranges = limits[limits["limit"] == "max_range"].rename(columns=names)
    nearest = limits[limits["limit"] == "min_range"].groupby("system_id", as_index=False)["best_km"].min()
    kept = ["system_id", "interceptor", "target_kind", *names.values()]
    nearest = nearest.rename(columns={"best_km": "min_range_km"})
    return spans.merge(ranges[kept], on="system_id").merge(nearest, on="system_id", how="left")
