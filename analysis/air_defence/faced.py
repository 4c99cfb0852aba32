"""The threat classes beside the systems that each architecture has rated against them."""

import pandas as pd

from analysis.air_defence.choices import THREAT_CLASSES
from analysis.air_defence.coverage import NOT_LISTED, RATED

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


def left_unnamed(systems: pd.DataFrame, layers: pd.DataFrame, architectures: pd.DataFrame) -> pd.DataFrame:
    """List the systems that an architecture does not name though the one that it builds on has them.

    Parameters
    ----------
    systems, layers, architectures : pandas.DataFrame
        Tables ``air_defence/systems``, ``architecture_layers`` and ``architectures``.

    Returns
    -------
    pandas.DataFrame
        One row is such a system: ``architecture_id, builds_on, system_id, name``. The plan does not say that it goes.

    Examples
    --------
    >>> systems = pd.DataFrame({"system_id": ["a", "b"], "name": ["A", "B"]})
    >>> layers = pd.DataFrame({"architecture_id": ["old", "old", "new"], "system_id": ["a", "b", "a"]})
    >>> architectures = pd.DataFrame({"architecture_id": ["old", "new"], "builds_on": [None, "old"]})
    >>> left_unnamed(systems, layers, architectures)["name"].tolist()
    ['B']
    """
    pairs = architectures.loc[architectures["builds_on"].notna(), ["architecture_id", "builds_on"]]
    before = pairs.merge(layers[["architecture_id", "system_id"]].rename(columns={"architecture_id": "builds_on"}))
    found = before.merge(layers[["architecture_id", "system_id"]], how="left", indicator=True)
    gone = found[found["_merge"] == "left_only"].drop(columns="_merge")
    return gone.merge(systems[["system_id", "name"]], on="system_id").reset_index(drop=True)
