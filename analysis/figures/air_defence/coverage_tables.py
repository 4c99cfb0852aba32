"""The tables of coverage in words: members, limits with their kind, gaps, and key numbers with what they rest on."""

import pandas as pd

from analysis.air_defence.facts.choices import ARCHITECTURES, THREAT_CLASSES
from analysis.figures.air_defence.words import BOUND_WORDS, TARGET_WORDS, name_system, write_km

LIMIT_WORDS = {"min_altitude": "lowest", "max_altitude": "highest", "min_range": "nearest", "max_range": "farthest"}
RESTS = {
    "bands_fielded": "by planned systems only",
    "bands_confirmed": "seen in no source",
    "bands_floor_known": "by an assumed lower end",
}


def table_of_members(members: pd.DataFrame, unnamed: pd.DataFrame) -> pd.DataFrame:
    """Lay out what each architecture has, plans, and leaves unnamed of the one that it builds on.

    Parameters
    ----------
    members, unnamed : pandas.DataFrame
        From ``coverage.list_members`` and ``coverage.left_unnamed``.
    """
    said = members.assign(
        words=members["name"].map(name_system) + members["reserve"].map(lambda word: word and f" ({word})")
    )
    rows = {}
    for architecture, group in said.groupby("architecture_id", sort=False):
        rows[ARCHITECTURES[str(architecture)]] = {
            "Fielded": _join(group.loc[group["state"] == "fielded", "words"]),
            "Planned": _join(group.loc[group["state"] == "planned", "words"]),
            "Fielded before, not named in the plan": _join(
                unnamed.loc[unnamed["architecture_id"] == architecture, "name"].map(name_system)
            ),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(columns="Architecture")


def _join(names: pd.Series) -> str:
    return ", ".join(names) or "none"


def table_of_limits(limits: pd.DataFrame, states: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Lay out the published altitudes or ranges of the listed systems, with the kind of each claim.

    Parameters
    ----------
    limits, states : pandas.DataFrame
        From ``envelope.published_limits`` and ``coverage.overall_states``.
    kind : {"altitude", "range"}
        Which limits.
    """
    listed = states.loc[states["state"].isin(["fielded", "planned"]), "system_id"]
    rows = limits[
        limits["system_id"].isin(listed) & (limits["status"] == "published") & limits["limit"].str.endswith(kind)
    ]
    table = {
        "System": rows["name"].map(name_system),
        "End": rows["limit"].map(LIMIT_WORDS),
        "Claim": rows["bound"].map(BOUND_WORDS),
        "Target": rows["target_kind"].map(TARGET_WORDS).str.removeprefix("target "),
        "Median (lowest to highest), km": [write_km(row.low_km, row.best_km, row.high_km) for row in rows.itertuples()],
        "Publishers": rows["n_publishers"].where(rows["n_publishers"] > 0, "seen in no source"),
        "Confidence": rows["confidence"],
        "Sources": rows["source_ids"].str.replace(";", ", "),
    }
    return pd.DataFrame(table).set_index("System").rename_axis(index=None, columns="System")


def table_of_gaps(classes: pd.DataFrame) -> pd.DataFrame:
    """Lay out the bands without a rated system, those of unknown height, and those that hang on the widest reading.

    Parameters
    ----------
    classes : pandas.DataFrame
        From ``coverage.coverage_by_class``.
    """
    rows = classes[(classes[["gaps", "unknown", "disputed"]] != "").any(axis=1)]
    table = {
        "Architecture": rows["architecture_id"].map(ARCHITECTURES),
        "Threat class": rows["threat_class"].map(THREAT_CLASSES),
        "Gap: no rated system": rows["gaps"].map(_say_band_names),
        "Unknown: a rated system without a height there": rows["unknown"].map(_say_band_names),
        "Only by the widest reading of the heights": rows["disputed"].map(_say_band_names),
        "Systems rated": rows["n_rated"],
        "of these, seen in a source": rows["n_confirmed"],
    }
    return pd.DataFrame(table).set_index("Architecture").rename_axis(index=None, columns="Architecture")


def _say_band_names(names: str) -> str:
    return names.replace("exo", "outside the atmosphere")


def table_of_coverage(classes: pd.DataFrame, architectures: list[str]) -> pd.DataFrame:
    """Lay out the key numbers, and in each cell what they rest on.

    Parameters
    ----------
    classes : pandas.DataFrame
        From ``coverage.coverage_by_class``.
    architectures : list of str
        The architectures compared, in their order.
    """
    said = classes.assign(words=[_say_bands(row) for _, row in classes.iterrows()])
    table = said.pivot(index="threat_class", columns="architecture_id", values="words")
    table = table.reindex(index=classes["threat_class"].drop_duplicates(), columns=architectures)
    return table.rename(index=THREAT_CLASSES, columns=ARCHITECTURES).rename_axis(index=None, columns="Threat class")


def _say_bands(row: pd.Series) -> str:
    weak = [
        f"{row['bands_rated'] - row[name]} {words}" for name, words in RESTS.items() if row[name] < row["bands_rated"]
    ]
    words = f"{row['bands_rated']} of {row['bands_flown']}"
    return words + (f" ({', '.join(weak)})" if weak else "")
