"""Engagement windows: the seconds in which a system can engage a threat that flies straight at it."""

import numpy as np
import pandas as pd

from analysis.air_defence.facts.choices import LAYERS, THREATS
from analysis.air_defence.facts.claims import ENDS, assumption
from analysis.air_defence.facts.coverage import RATED
from analysis.errors import NothingToShowError, require_choice
from analysis.facts import Facts

AERODYNAMIC = tuple(name for name, threat in THREATS.items() if threat.flies_level)
"""Classes that fly level: they cross the range head-on, and the radar horizon hides them until it does not."""
HORIZON_KM = 4.12
OPEN = ("at_least", "demonstrated")
ORDER = {"exact": 0, "at_least": 0, "demonstrated": 0, "at_most": 1, "goal": 2}
OTHER_END = {"low": "high", "best": "best", "high": "low"}


def radar_horizon_km(radar_m: float | np.ndarray, target_m: float | np.ndarray) -> np.ndarray:
    """Distance at which a target comes above the horizon of a radar.

    Parameters
    ----------
    radar_m, target_m : float or array
        Heights of the antenna and of the target above smooth ground, m, 0 or more.

    Returns
    -------
    numpy.ndarray
        Distance in km, 4.12 (sqrt(radar_m) + sqrt(target_m)).

    Notes
    -----
    The usual rule for an earth of 4/3 radius, which stands for common refraction; hills and masts change it.

    Examples
    --------
    >>> radar_horizon_km(16, [25, 100]).round(2).tolist()
    [37.08, 57.68]
    """
    return HORIZON_KM * (np.sqrt(np.asarray(radar_m, float)) + np.sqrt(np.asarray(target_m, float)))


def engagement_windows(
    matrix: pd.DataFrame, envelopes: pd.DataFrame, facts: Facts, threat_classes: list[str]
) -> pd.DataFrame:
    """Work out for how long each rated system can engage a threat of each class, and how long before it sees it.

    Parameters
    ----------
    matrix : pandas.DataFrame
        From :func:`analysis.air_defence.facts.coverage.capability_matrix`.
    envelopes : pandas.DataFrame
        From :func:`analysis.air_defence.facts.envelope.range_altitude_envelopes`.
    facts : Facts
        Tables of ``air_defence/``: ``sensors, systems, threats, assumptions``.
    threat_classes : list of str
        Names of ``choices.THREAT_CLASSES``.

    Returns
    -------
    pandas.DataFrame
        One row is a system and a class that it is rated against, the highest layer of each class first. Columns:
        ``system_id, name, layer, threat_class, capability, geometry`` (a key of ``GEOMETRIES``); ``sight, far, near``
        with the ends ``_low_km, _best_km, _high_km`` (distances along the path at which the own radar sees the threat,
        and at which it comes into reach and leaves it); ``lead`` and ``window`` with ``_low_s, _best_s, _high_s``
        (seconds from sight to reach, and within reach); ``hidden_s`` (seconds of reach before the own radar sees, best
        values); ``at_least`` (a limit is published as a floor); ``far_assumed, near_assumed, sight_assumed``; ``why``,
        in words.

    Raises
    ------
    ParameterError
        When a class is not known.
    NothingToShowError
        When no system is rated against any of them.
    DataError
        When an assumption is missing.

    Notes
    -----
    Every threat flies straight at the system. Aerodynamic classes fly level and cross the published range head-on, not
    before the radar horizon shows them. Ballistic classes, gliders among them, come down a straight line at the assumed
    dive angle and cross the span of altitudes as far as range and apogee allow. A range against the same kind of target
    is preferred to one without a stated target; kinds are never pooled, and the greatest counts.

    ``low`` puts the least reach, the steepest dive and the fastest threat together; ``high`` the opposite, where a
    ceiling published as a floor has no upper end. Where range binds, a flat dive can leave less time than a steep one:
    the ends of a window are therefore the least and the greatest of the three. Straight flight at the system gives the
    longest window; crossing or manoeuvring targets leave less. An interceptor's flight is not subtracted: it can be
    launched while the threat is still on its way in.

    Examples
    --------
    The whole is shown in the notebook on the value of integration; a window is its path over its speed:

    >>> path_km, speed_m_s = 70 - 4, 240
    >>> round(1000 * path_km / speed_m_s)
    275
    """
    for name in threat_classes:
        require_choice("threat_classes", name, facts.threats["threat_class"].tolist())
    rows = matrix[matrix["threat_class"].isin(threat_classes) & matrix["capability"].isin(RATED)]
    if rows.empty:
        named = ", ".join(threat_classes)
        raise NothingToShowError(f"no system here is rated against {named}; choose another class.")
    rows = rows.merge(_reaches(rows, envelopes), on=["system_id", "threat_class"])
    rows = rows.merge(_sights(facts.systems, facts.sensors), on="system_id").merge(
        _flights(facts.threats), on="threat_class"
    )
    order = rows["layer"].map(LAYERS[::-1].index) + len(LAYERS) * rows["threat_class"].map(threat_classes.index)
    rows = rows.assign(order=order).sort_values("order", kind="stable")
    rows = rows.assign(geometry=np.where(rows["threat_class"].isin(AERODYNAMIC), "level", "dive"))
    rows = _fill(rows.reset_index(drop=True), facts.assumptions)
    found = pd.concat([_distances(rows, end, facts.assumptions) for end in ENDS], axis=1)
    seconds = found[[f"window_{end}_s" for end in ENDS]]
    found = found.assign(window_low_s=seconds.min(axis=1), window_high_s=seconds.max(axis=1))
    rows = pd.concat([rows, found], axis=1)
    kept = ["system_id", "name", "layer", "threat_class", "capability", "geometry", *found.columns]
    kept += ["at_least", "far_assumed", "near_assumed", "sight_assumed"]
    return rows.assign(why=[_in_words(row) for row in rows.to_dict("records")])[[*kept, "why"]]


def _reaches(rows: pd.DataFrame, envelopes: pd.DataFrame) -> pd.DataFrame:
    """Choose the range that fits the class: for its kind of target, else without one, and then the greatest."""
    wanted = np.where(rows["threat_class"].isin(AERODYNAMIC), "aircraft", "ballistic")
    pairs = rows[["system_id", "threat_class"]].assign(wanted=wanted)
    pairs = pairs.merge(envelopes.drop(columns=["name", "layer"]), on="system_id")
    other = pairs["target_kind"].isin(["aircraft", "ballistic"])
    fit = np.select([pairs["target_kind"] == pairs["wanted"], other], [0, 2], 1)
    pairs = pairs.assign(fit=fit, order=pairs["range_bound"].map(ORDER).fillna(3))
    pairs = pairs.sort_values(["fit", "order", "range_km"], ascending=[True, True, False], kind="stable")
    chosen = pairs.drop_duplicates(["system_id", "threat_class"])
    return chosen.rename(
        columns={"range_km": "range_best_km", "floor_km": "floor_best_km", "ceiling_km": "ceiling_best_km"}
    )


def _sights(systems: pd.DataFrame, sensors: pd.DataFrame) -> pd.DataFrame:
    """Give each system the farthest published radar of its own; systems on the same launchers share theirs."""
    group = systems["launcher_group"].fillna(systems["system_id"]).set_axis(systems["system_id"])
    columns = [f"detection_range_km_{end}" for end in ENDS]
    known = sensors[sensors["detection_range_km_best"].notna()].assign(group=lambda rows: rows["system_id"].map(group))
    best = (
        known.sort_values("detection_range_km_best").drop_duplicates("group", keep="last").set_index("group")[columns]
    )
    found = best.reindex(group).set_axis([f"radar_{end}_km" for end in ENDS], axis=1).astype(float)
    return found.assign(system_id=group.index).reset_index(drop=True)


def _flights(threats: pd.DataFrame) -> pd.DataFrame:
    speeds = {f"speed_m_s_{end}": f"speed_{end}_m_s" for end in ENDS}
    rows = threats[["threat_class", *speeds, "altitude_km_low", "altitude_km_high"]].rename(columns=speeds)
    middle = rows[["altitude_km_low", "altitude_km_high"]].mean(axis=1)
    return rows.assign(altitude_km_best=middle)


def _fill(rows: pd.DataFrame, assumptions: pd.DataFrame) -> pd.DataFrame:
    """Put the assumptions where nothing is published, and mark them."""
    diving = rows["geometry"] == "dive"
    missing = {"range": rows["range_best_km"].isna(), "ceiling": rows["ceiling_best_km"].isna() & diving}
    for limit, empty in missing.items():
        for layer in rows.loc[empty, "layer"].unique():
            here = empty & (rows["layer"] == layer)
            for end, value in assumption(assumptions, f"{limit}_{layer}_unpublished").items():
                rows.loc[here, f"{limit}_{end}_km"] = value
    for layer in rows.loc[missing["ceiling"], "layer"].unique():
        tier = layer if layer in ("upper_endo", "exo") else "lower"
        for end, value in assumption(assumptions, f"altitude_floor_{tier}").items():
            rows.loc[missing["ceiling"] & (rows["layer"] == layer), f"floor_{end}_km"] = value
    share, ratio = (assumption(assumptions, name) for name in ("least_range_share", "radar_to_reach_ratio"))
    radars = {end: rows[f"radar_{end}_km"].fillna(rows[f"range_{end}_km"] * ratio[end]) for end in ENDS}
    ceiling_open = rows["ceiling_open"].eq(True) & diving
    floor_assumed = ~rows["floor_assumed"].eq(False) | missing["ceiling"]
    return rows.assign(
        far_assumed=missing["range"] | missing["ceiling"],
        near_assumed=floor_assumed.where(diving, rows["min_range_km"].isna()),
        sight_assumed=rows["radar_best_km"].isna(),
        at_least=rows["range_bound"].isin(OPEN) | ceiling_open,
        ceiling_high_km=rows["ceiling_high_km"].mask(ceiling_open, np.inf),
        **{f"near_share_{end}": share[OTHER_END[end]] for end in ENDS},
        **{f"radar_{end}_km": values for end, values in radars.items()},
    )


def _distances(rows: pd.DataFrame, end: str, assumptions: pd.DataFrame) -> pd.DataFrame:
    """Turn limits into distances along the path and seconds, at one end of the spread."""
    other = OTHER_END[end]
    level = rows["geometry"] == "level"
    sine = np.sin(np.radians(assumption(assumptions, "dive_angle")[other]))
    horizon = radar_horizon_km(assumption(assumptions, "radar_height")[end], 1000 * rows[f"altitude_km_{end}"])
    reach, sight = rows[f"range_{end}_km"], rows[f"radar_{end}_km"]
    top = np.minimum(rows[f"ceiling_{end}_km"].fillna(np.inf), rows["altitude_km_high"].fillna(np.inf)) / sine
    reach = np.where(level, reach, np.minimum(reach, top))
    sight = np.where(
        level, np.minimum(sight, horizon), np.minimum(sight, rows["altitude_km_high"].fillna(np.inf) / sine)
    )
    lowest = np.where(level, 0.0, rows[f"floor_{other}_km"].fillna(0.0) / sine)
    far = np.minimum(reach, sight)
    near = np.maximum(rows["min_range_km"].fillna(far * rows[f"near_share_{end}"]), lowest)
    far = np.maximum(far, near)
    sight = np.maximum(sight, far)
    seconds = 1000 / rows[f"speed_{other}_m_s"]
    found = {f"sight_{end}_km": sight, f"far_{end}_km": far, f"near_{end}_km": near}
    found |= {f"lead_{end}_s": (sight - far) * seconds, f"window_{end}_s": (far - near) * seconds}
    if end == "best":
        found["hidden_s"] = np.maximum(reach - far, 0) * seconds
    return pd.DataFrame(found, index=rows.index)


def _in_words(row: dict) -> str:
    """Say which limits are published and which are assumed."""
    assumed = [
        word
        for word, flag in {
            "reach": row["far_assumed"],
            "floor" if row["geometry"] == "dive" else "least range": row["near_assumed"],
            "radar": row["sight_assumed"],
        }.items()
        if flag
    ]
    said = ["at least"] if row["at_least"] else []
    said += [f"{', '.join(assumed)} assumed"] if assumed else []
    return "; ".join(said) or "all published"
