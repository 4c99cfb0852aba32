"""Which system is rated against which threat class, in which altitude band, and where no system is."""

import numpy as np
import pandas as pd

from analysis.air_defence.facts.choices import ARCHITECTURES, CAPABILITIES, PROGRAMME_STATES, THREAT_CLASSES
from analysis.air_defence.facts.claims import is_confirmed, keep_confidence
from analysis.air_defence.facts.states import base_of, drop_predecessors
from analysis.errors import require_choice
from analysis.facts import Facts

RATED = CAPABILITIES[: CAPABILITIES.index("none")]
NOT_LISTED = "not listed in this architecture"
UNNAMED = "not named in the plan"
STATES = (*PROGRAMME_STATES, NOT_LISTED)
CELL = ["architecture_id", "threat_class", "band"]
COUNTED = {
    "bands_rated": "n_systems",
    "bands_confirmed": "n_confirmed",
    "bands_fielded": "n_fielded",
    "bands_funded": "n_funded",
    "bands_floor_known": "n_floor_known",
}
NAMED = {"gaps": "gap", "unknown": "not known", "disputed": "disputed"}


def list_members(facts: Facts, architectures: list[str]) -> pd.DataFrame:
    """Say for each system how far it is in each architecture, or that the architecture does not list it.

    Parameters
    ----------
    facts : Facts
        Tables of ``air_defence/``: ``systems, architectures, architecture_layers``.
    architectures : list of str
        Which architectures.

    Returns
    -------
    pandas.DataFrame
        One row is a system in an architecture. Columns: ``architecture_id, system_id, name, layer, state, reserve``;
        ``state`` is ``fielded``, ``funded``, ``announced`` or ``not listed in this architecture``, the first that holds
        for any part of the system; ``reserve`` is what takes back from it ("retired from 2024",
        "predecessor", "not named in the plan"), else empty.

    Raises
    ------
    ParameterError
        When an architecture is not known.

    Notes
    -----
    Rows of every confidence count: their confidence is that of the numbers of batteries and rounds. Systems of the
    architecture on which one builds are listed with it, since a plan that does not name them does not say that they go.

    Examples
    --------
    >>> systems = pd.DataFrame({"system_id": ["a", "b"], "name": ["A", "B"], "layer": ["short", "long"]})
    >>> layers = pd.DataFrame([{
    ...     "architecture_id": "usa_guam", "system_id": "a", "state": "fielded",
    ...     "reserve": "retired", "reserve_from": 2024,
    ... }])
    >>> architectures = pd.DataFrame({"architecture_id": ["usa_guam"], "builds_on": [None]})
    >>> facts = Facts({"systems": systems, "architecture_layers": layers, "architectures": architectures})
    >>> list_members(facts, ["usa_guam"])[["state", "reserve"]].to_numpy().tolist()
    [['fielded', 'retired from 2024'], ['not listed in this architecture', '']]
    """
    for architecture in architectures:
        require_choice("architectures", architecture, ARCHITECTURES)
    grid = pd.DataFrame({"architecture_id": list(architectures)}).merge(
        facts.systems[["system_id", "name", "layer"]], how="cross"
    )
    layers = facts.architecture_layers
    since = layers["reserve_from"].map(lambda year: "" if pd.isna(year) else f" from {year:.0f}")
    layers = layers.assign(reserve=layers["reserve"] + since)[["architecture_id", "system_id", "state", "reserve"]]
    rows = pd.concat([_with_base(layers, architecture, base_of(architecture, facts)) for architecture in architectures])
    rows = rows.sort_values("state", key=lambda states: states.map(STATES.index), kind="stable")
    members = grid.merge(rows.drop_duplicates(["architecture_id", "system_id"]), how="left")
    return members.assign(state=members["state"].fillna(NOT_LISTED), reserve=members["reserve"].fillna(""))


def _with_base(layers: pd.DataFrame, architecture: str, base: str) -> pd.DataFrame:
    """Rows of an architecture and of that on which it builds; what it does not name itself says so."""
    own = layers[layers["architecture_id"] == architecture]
    kept = drop_predecessors(layers[layers["architecture_id"] == base]).assign(architecture_id=architecture)
    named = kept["system_id"].isin(own["system_id"])
    return pd.concat([own, kept.assign(reserve=kept["reserve"].where(named, kept["reserve"].fillna(UNNAMED)))])


def overall_states(members: pd.DataFrame) -> pd.DataFrame:
    """Sum up the architectures: the furthest that a system is in any of them, else listed in none.

    Parameters
    ----------
    members : pandas.DataFrame
        From :func:`list_members`.

    Returns
    -------
    pandas.DataFrame
        One row is a system: ``system_id, name, layer, state, reserve``; ``reserve`` only where every architecture
        that fields the system makes one.

    Examples
    --------
    >>> members = pd.DataFrame({
    ...     "system_id": "a", "name": "A", "layer": "long", "state": [NOT_LISTED, "funded", "fielded"],
    ...     "reserve": ["", "", "retired"],
    ... })
    >>> overall_states(members)[["state", "reserve"]].to_numpy().tolist()
    [['fielded', 'retired']]
    """
    best = members["state"].map(STATES.index).groupby(members["system_id"]).min().map(STATES.__getitem__)
    systems = members[["system_id", "name", "layer"]].drop_duplicates("system_id", ignore_index=True)
    fielded = members[members["state"] == "fielded"].sort_values("reserve", kind="stable").drop_duplicates("system_id")
    reserve = systems["system_id"].map(fielded.set_index("system_id")["reserve"]).fillna("")
    return systems.assign(state=systems["system_id"].map(best), reserve=reserve.astype("str"))


def capability_matrix(
    systems: pd.DataFrame, capability: pd.DataFrame, minimum_confidence: str = "low", confirmed_only: bool = False
) -> pd.DataFrame:
    """Tabulate how far each system is rated against each threat class.

    Parameters
    ----------
    systems : pandas.DataFrame
        ``air_defence/systems``.
    capability : pandas.DataFrame
        ``air_defence/capability``.
    minimum_confidence : {"low", "medium", "high"}
        Least confidence of the ratings used.
    confirmed_only : bool
        Leave out ratings that nobody has seen in a source.

    Returns
    -------
    pandas.DataFrame
        One row is a system and a threat class. Columns: ``system_id, name, layer, threat_class, capability,
        confirmed``. ``capability`` is empty where there is no such rating; networks and radars have none.
        The frame is empty, with its columns, when no rating at all is left.

    Examples
    --------
    >>> systems = pd.DataFrame({"system_id": ["t_dome"], "name": ["T-Dome"], "layer": ["not_applicable"]})
    >>> ratings = pd.DataFrame({
    ...     "system_id": ["a"], "threat_class": ["srbm"], "capability": ["primary"], "confidence": ["medium"],
    ...     "note": [None],
    ... })
    >>> matrix = capability_matrix(systems, ratings)
    >>> len(matrix), int(matrix["capability"].notna().sum())
    (10, 0)
    >>> capability_matrix(systems, ratings, minimum_confidence="high").empty
    True
    """
    ratings = keep_confidence(capability, minimum_confidence)
    ratings = ratings.assign(confirmed=is_confirmed(ratings))
    if confirmed_only:
        ratings = ratings[ratings["confirmed"]]
    classes = pd.DataFrame({"threat_class": list(THREAT_CLASSES)})
    grid = systems[["system_id", "name", "layer"]].merge(classes, how="cross")
    matrix = grid.merge(ratings[["system_id", "threat_class", "capability", "confirmed"]], how="left")
    matrix["confirmed"] = matrix["confirmed"].eq(True)
    return matrix if len(ratings) else matrix.iloc[:0]


def place_systems(
    members: pd.DataFrame, matrix: pd.DataFrame, spans: pd.DataFrame, threats: pd.DataFrame, bands: pd.DataFrame
) -> pd.DataFrame:
    """Place each rated system of each architecture in the altitude bands in which it can meet a class.

    Parameters
    ----------
    members : pandas.DataFrame
        From :func:`list_members`.
    matrix : pandas.DataFrame
        From :func:`capability_matrix`.
    spans : pandas.DataFrame
        From :func:`analysis.air_defence.facts.envelope.altitude_spans`.
    threats : pandas.DataFrame
        ``threat_class, altitude_km_high``; an empty height stands for any.
    bands : pandas.DataFrame
        From :func:`analysis.air_defence.facts.envelope.altitude_bands`.

    Returns
    -------
    pandas.DataFrame
        One row is a rated system of an architecture, a class and a band in which the class flies. Columns:
        ``architecture_id, system_id, name, state, threat_class, capability, confirmed, band, reaches_low,
        reaches, reaches_high, floor_guessed, placed``. The three ``reaches`` hold for the least, the middle and the
        greatest published height; ``floor_guessed``: the lower end is assumed, and perhaps above the ground;
        ``placed`` is false where the system reaches no band of this class by any of them.

    Notes
    -----
    Rated is primary, secondary or limited. A class can be met from the ground up to its highest usual
    altitude, since all of them come down. A system reaches a band when its span of altitudes and that of the
    class meet in it; an open ceiling has no greatest height.
    """
    listed = members[members["state"] != NOT_LISTED][["architecture_id", "system_id", "name", "state"]]
    rated = matrix.loc[matrix["capability"].isin(RATED), ["system_id", "threat_class", "capability", "confirmed"]]
    heights = [name for name in spans.columns if name.startswith(("floor_", "ceiling_"))]
    rows = listed.merge(rated, on="system_id").merge(spans[["system_id", *heights]], on="system_id")
    rows = rows.merge(_flown(threats, bands), on="threat_class")
    highest = rows["ceiling_high_km"].mask(rows["ceiling_open"].eq(True), np.inf)
    rows = rows.assign(
        reaches_low=_meets(rows, rows["floor_high_km"], rows["ceiling_low_km"]),
        reaches=_meets(rows, rows["floor_km"], rows["ceiling_km"]),
        reaches_high=_meets(rows, rows["floor_low_km"], highest),
        floor_guessed=rows["floor_assumed"] & (rows["floor_high_km"] > 0),
    )
    rows["placed"] = rows.groupby(["architecture_id", "system_id", "threat_class"])["reaches_high"].transform("any")
    return rows.drop(columns=[*heights, "bottom_km", "top_km"])


def _flown(threats: pd.DataFrame, bands: pd.DataFrame) -> pd.DataFrame:
    """Give for each class the bands that it flies through, cut off at its highest usual altitude."""
    rows = threats[["threat_class", "altitude_km_high"]].merge(bands, how="cross")
    highest = rows.pop("altitude_km_high").fillna(np.inf)
    return rows.assign(top_km=np.minimum(rows["top_km"], highest))[rows["bottom_km"] < highest]


def _meets(rows: pd.DataFrame, floor: pd.Series, ceiling: pd.Series) -> pd.Series:
    return np.maximum(floor, rows["bottom_km"]) < np.minimum(ceiling, rows["top_km"])


def coverage_by_band(
    placed: pd.DataFrame, architectures: list[str], threats: pd.DataFrame, bands: pd.DataFrame
) -> pd.DataFrame:
    """Count the systems rated against each class in each altitude band of each architecture.

    Parameters
    ----------
    placed : pandas.DataFrame
        From :func:`place_systems`.
    architectures : list of str
        The architectures compared; one without any rated system is all gaps.
    threats, bands : pandas.DataFrame
        As for :func:`place_systems`.

    Returns
    -------
    pandas.DataFrame
        One row is an architecture, a class and a band in which it flies. Columns: ``architecture_id,
        threat_class, band, n_low, n_systems, n_high, n_confirmed, n_fielded, n_funded, n_floor_known, n_unplaced,
        best_capability, cover``. ``n_funded`` counts fielded ones too; ``n_floor_known`` leaves out systems with a
        guessed lower end. ``cover`` is ``rated``; ``disputed`` (only by the greatest published height); ``not known``
        (a rated system has no published height in any band of the class); or ``gap``. Empty, with its columns, when no
        system is rated at all.

    Notes
    -----
    The numbers are systems rated against this class, not engagement opportunities: systems may protect
    different places. A gap in one band is no hole where the class can be met in another.
    """
    grid = pd.DataFrame({"architecture_id": list(architectures)})
    grid = grid.merge(_flown(threats, bands)[["threat_class", "band"]], how="cross")
    if placed.empty:
        grid = grid.iloc[:0]
    reached = placed[placed["reaches"]]
    counts = {
        "n_low": placed[placed["reaches_low"] & placed["reaches"]],
        "n_systems": reached,
        "n_high": placed[placed["reaches_high"] | placed["reaches"]],
        "n_confirmed": reached[reached["confirmed"]],
        "n_fielded": reached[reached["state"] == "fielded"],
        "n_funded": reached[reached["state"].isin(["fielded", "funded"])],
        "n_floor_known": reached[~reached["floor_guessed"]],
        "n_unplaced": placed[~placed["placed"]],
    }
    for name, rows in counts.items():
        grid = grid.merge(rows.groupby(CELL).size().rename(name).reset_index(), how="left")
        grid[name] = grid[name].fillna(0).astype(int)
    best = reached.assign(order=reached["capability"].map(CAPABILITIES.index)).sort_values("order", kind="stable")
    best = best.drop_duplicates(CELL).rename(columns={"capability": "best_capability"})
    grid = grid.merge(best[[*CELL, "best_capability"]], how="left")
    cases = [grid["n_systems"] > 0, grid["n_high"] > 0, grid["n_unplaced"] > 0]
    return grid.assign(cover=np.select(cases, ["rated", "disputed", "not known"], "gap"))


def coverage_by_class(placed: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Sum up each class in each architecture, counting each altitude band at most once.

    Parameters
    ----------
    placed : pandas.DataFrame
        From :func:`place_systems`.
    cells : pandas.DataFrame
        From :func:`coverage_by_band`.

    Returns
    -------
    pandas.DataFrame
        One row is an architecture and a class. Columns: ``architecture_id, threat_class, n_rated, n_confirmed,
        bands_flown, bands_rated, bands_confirmed, bands_fielded, bands_funded, bands_floor_known, gaps, unknown,
        disputed``. ``bands_rated`` counts the bands with one rated system or more; the next four those with a confirmed
        rating, a fielded system, a fielded or funded one, a system whose lower end is not guessed. The last three name
        the bands of that ``cover``.
    """
    keys = CELL[:2]
    flags = cells[[*keys, "band"]].assign(
        **{name: cells[count] > 0 for name, count in COUNTED.items()},
        **{name: cells["band"].where(cells["cover"] == cover) for name, cover in NAMED.items()},
    )
    summary = flags.groupby(keys, sort=False, as_index=False).agg(
        bands_flown=("band", "size"),
        **{name: (name, "sum") for name in COUNTED},
        **{name: (name, lambda bands: ", ".join(bands.dropna())) for name in NAMED},
    )
    systems = placed.drop_duplicates([*keys, "system_id"])
    for name, rows in {"n_rated": systems, "n_confirmed": systems[systems["confirmed"]]}.items():
        summary = summary.merge(rows.groupby(keys).size().rename(name).reset_index(), how="left")
        summary[name] = summary[name].fillna(0).astype(int)
    return summary[[*keys, "n_rated", "n_confirmed", "bands_flown", *COUNTED, *NAMED]]


PROPERTIES = {"speed_m_s": "speed", "altitude_km": "altitude|height", "unit_cost_usd": "cost"}
"""Published properties of a class, and the words by which a note names them."""


def rated_by_class(members: pd.DataFrame, matrix: pd.DataFrame) -> pd.DataFrame:
    """List for each architecture and threat class the systems rated against it, the best rating first.

    Parameters
    ----------
    members : pandas.DataFrame
        From ``coverage.list_members``.
    matrix : pandas.DataFrame
        From ``coverage.capability_matrix``.

    Returns
    -------
    pandas.DataFrame
        One row is a rated system of an architecture and a class: ``architecture_id, threat_class, system_id, name,
        state, reserve, capability, confirmed``, in the order of the architectures, classes and grades.

    Notes
    -----
    Systems rated against a class, not engagement opportunities: they may protect different places.
    """
    listed = members[members["state"] != NOT_LISTED]
    ratings = matrix.loc[matrix["capability"].isin(RATED), ["system_id", "threat_class", "capability", "confirmed"]]
    rows = listed.merge(ratings, on="system_id")
    orders = {
        "architecture_id": members["architecture_id"].drop_duplicates().tolist(),
        "threat_class": list(THREAT_CLASSES),
        "capability": list(RATED),
    }
    rows = rows.sort_values(list(orders), key=lambda column: column.map(orders[str(column.name)].index), kind="stable")
    columns = ["architecture_id", "threat_class", "system_id", "name", "state", "reserve", "capability", "confirmed"]
    return rows[columns].reset_index(drop=True)


def published_properties(threats: pd.DataFrame) -> pd.DataFrame:
    """Lay out the published ranges of each class, one row a property.

    Parameters
    ----------
    threats : pandas.DataFrame
        Table ``air_defence/threats``.

    Returns
    -------
    pandas.DataFrame
        One row is a property of a class: ``threat_class, property, low, best, high, confidence, guessed``;
        ``property`` is ``speed_m_s, altitude_km`` or ``unit_cost_usd``; ``guessed``: at least one of the numbers is
        general knowledge that nobody has seen in a source. No best altitude is given.

    Notes
    -----
    What is guessed is read from the words before "unconfirmed" in the note of the row; without such words all is.

    Examples
    --------
    >>> table = {f"{name}_{end}": [1.0] for name in PROPERTIES for end in ("low", "best", "high")}
    >>> row = pd.DataFrame(table).assign(
    ...     threat_class="srbm", confidence="low", note="seen; costs unconfirmed: from general knowledge"
    ... )
    >>> published_properties(row).set_index("property")["guessed"].to_dict()
    {'speed_m_s': False, 'altitude_km': False, 'unit_cost_usd': True}
    """
    named = threats["note"].str.extract(r"(?:^|; )([^;]*?)\s?unconfirmed: from general", expand=False).astype("str")
    rows = [
        threats[["threat_class", "confidence"]].assign(
            property=name,
            low=threats[f"{name}_low"],
            best=threats[f"{name}_best"] if f"{name}_best" in threats else float("nan"),
            high=threats[f"{name}_high"],
            guessed=named.eq("") | named.str.contains(words),
        )
        for name, words in PROPERTIES.items()
    ]
    columns = ["threat_class", "property", "low", "best", "high", "confidence", "guessed"]
    return pd.concat(rows, ignore_index=True)[columns]


def left_unnamed(facts: Facts) -> pd.DataFrame:
    """List the systems that an architecture does not name though the one that it builds on has them.

    Parameters
    ----------
    facts : Facts
        Tables of ``air_defence/``: ``systems, architecture_layers, architectures``.

    Returns
    -------
    pandas.DataFrame
        One row is such a system: ``architecture_id, builds_on, system_id, name``. The plan does not say that it goes.

    Examples
    --------
    >>> systems = pd.DataFrame({"system_id": ["a", "b"], "name": ["A", "B"]})
    >>> layers = pd.DataFrame({"architecture_id": ["old", "old", "new"], "system_id": ["a", "b", "a"]})
    >>> architectures = pd.DataFrame({"architecture_id": ["old", "new"], "builds_on": [None, "old"]})
    >>> facts = Facts({"systems": systems, "architecture_layers": layers, "architectures": architectures})
    >>> left_unnamed(facts)["name"].tolist()
    ['B']
    """
    layers, architectures = facts.architecture_layers, facts.architectures
    pairs = architectures.loc[architectures["builds_on"].notna(), ["architecture_id", "builds_on"]]
    before = pairs.merge(layers[["architecture_id", "system_id"]].rename(columns={"architecture_id": "builds_on"}))
    found = before.merge(layers[["architecture_id", "system_id"]], how="left", indicator=True)
    gone = found[found["_merge"] == "left_only"].drop(columns="_merge")
    return gone.merge(facts.systems[["system_id", "name"]], on="system_id").reset_index(drop=True)
