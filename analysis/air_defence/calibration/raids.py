"""What observed raids ask of the chain: which layers stood there, how many threats came, how many came through."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtr

from analysis.air_defence.calibration.prior import FAMILIES, GROUPS, NODES, RATINGS, make_prior, pert_quantile
from analysis.air_defence.facts.choices import THREATS
from analysis.air_defence.facts.claims import ENDS
from analysis.air_defence.facts.rounds import rounds_of_members
from analysis.errors import DataError
from analysis.facts import Facts

UPPER_LAYERS = ("exo", "upper_endo")
ENGAGED = "engaged"
KNOWN_WITHOUT = {"threatening": ("failed", "left_alone"), ENGAGED: ("failed", "left_alone", "aircraft")}
"""What a denominator has already left out, so that nothing of it is unknown: by the rows' own word."""
DEFENDER = "defender"
GONE = {"failed": "failed", "left_alone": "left_alone", "aircraft": "killed_by_aircraft"}
"""Shares of a raid that never meet the layers, and the columns that count them."""
NAMED = ["claim_id", "raid_id", "name", "war", "begin", "end", "threat_class", "counted_by", "denominator"]
RELOADS = {"yes": 1, "no": 0, "unknown": -1}
TABLES = ("observed_raids", "fielded", "capability", "systems", "system_parameters", "assumptions")
PUBLISHED = [f"rounds_{end}" for end in ENDS]
LARGEST_THREATS = 10_000


class Stood(NamedTuple):
    """What stood against observed raids, as arrays by row; the last two by row and layer, the highest layer first.

    Attributes
    ----------
    war : numpy.ndarray of int
        Place among the wars.
    engaged : numpy.ndarray of int
        1 where only what was fired at is counted.
    salvos : numpy.ndarray
        Salvos of the raid.
    sharing : numpy.ndarray
        Salvos, of all raids on the defence, that share its rounds where nothing is reloaded.
    reloads : numpy.ndarray of int
        Whether launchers are reloaded between salvos: 1 yes, 0 no, -1 not known.
    layers : numpy.ndarray of int
        How many there are.
    ratings, groups : numpy.ndarray of int
        Places among ``prior.RATINGS`` and ``prior.GROUPS``.
    """

    war: np.ndarray
    engaged: np.ndarray
    salvos: np.ndarray
    sharing: np.ndarray
    reloads: np.ndarray
    layers: np.ndarray
    ratings: np.ndarray
    groups: np.ndarray


@dataclass(frozen=True)
class Asked:
    """Observed raids as arrays; one row is a threat class in a raid.

    Attributes
    ----------
    rows : pandas.DataFrame
        ``claim_id, raid_id, name, war, begin, threat_class, counted_by, defence_id``; ``threats`` (that might have been
        counted through: launched, detected or engaged, less those known to have failed, to have been left alone or to
        have fallen to aircraft), ``leaked_low, leaked_high`` and ``salvos``.
    left_out : pandas.DataFrame
        One row is a row of the table that was not used: ``claim_id, raid_id, name, threat_class, reason``.
    wars : tuple of str
        Wars of the rows.
    unknown : dict of str to numpy.ndarray of bool
        Of each row, whether the share that failed, was left alone or fell to aircraft is not known, and whether its
        count may be biased (``bias``: the defender's own).
    layers : Stood
        What stood there, as ``stand_in.leak_shares`` takes it.
    tables : numpy.ndarray
        Rounds of each row and layer by place in their range, at ``prior.NODES``.
    names : list of list of str
        Systems of each row's layers, the highest first.
    """

    rows: pd.DataFrame
    left_out: pd.DataFrame
    wars: tuple[str, ...]
    unknown: Mapping[str, np.ndarray]
    layers: Stood
    tables: np.ndarray
    names: list[list[str]]

    @property
    def family(self) -> np.ndarray:
        """Place of each row's family among ``prior.FAMILIES``."""
        return np.array([FAMILIES.index(family_of(name)) for name in self.rows["threat_class"]])

    @property
    def counts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Threats, and the fewest and most that were counted through, by row."""
        return tuple(self.rows[name].to_numpy(np.int64) for name in ("threats", "leaked_low", "leaked_high"))


def family_of(threat_class: str) -> str:
    """Family of a class, within which raids are taken to differ alike: drone, cruise or ballistic.

    Notes
    -----
    Rockets go with the ballistic classes, aircraft with cruise missiles; both for want of raids of their own.

    Examples
    --------
    >>> family_of("owa_drone"), family_of("supersonic_cm"), family_of("mortar_rocket")
    ('drone', 'cruise', 'ballistic')
    """
    if threat_class == "owa_drone":
        return "drone"
    return "cruise" if THREATS[threat_class].flies_level else "ballistic"


def group_of(layer: str, threat_class: str) -> str:
    """Group of layers whose coverage is one unknown: upper ones, or local ones by how the class flies.

    Examples
    --------
    >>> group_of("exo", "mrbm"), group_of("short", "owa_drone"), group_of("long", "srbm")
    ('upper', 'local_air', 'local_ballistic')
    """
    if layer in UPPER_LAYERS:
        return "upper"
    return "local_air" if THREATS[threat_class].flies_level else "local_ballistic"


def ask_raids(facts: Facts) -> Asked:
    """Read observed raids and what stood against them.

    Parameters
    ----------
    facts : Facts
        Tables ``observed_raids, fielded, capability, systems, system_parameters, assumptions`` of ``air_defence/``; and
        ``sources``.

    Returns
    -------
    Asked
        See there.

    Raises
    ------
    DataError
        When no row can be used.

    Notes
    -----
    A row is used when somebody counted, or a range of counts is published, of a denominator, and the layers that stood
    there are published. Rounds of a system are shared by the classes of a raid in proportion to their threats. A
    campaign whose salvos nobody counted is taken as one raid, so that it holds one effect and not hundreds. What failed
    counts as not known where the high reading of the leakers holds it too. Published rounds are used as they stand; an
    end of their range that nobody published comes from batteries or assumptions, and is at least the end below.
    """
    rows, reasons = _usable(facts.observed_raids, facts)
    if rows.empty:
        raise DataError(
            "air_defence/observed_raids.csv: no row has counts and a defence in fielded.csv; add defence_id."
        )
    rows = _with_counts(rows)
    stood = rows.groupby("defence_id", sort=False)["threat_class"]
    layers = {defence: _layers_of(defence, classes.unique(), facts) for defence, classes in stood}
    unarmed = [row.claim_id for row in rows.itertuples() if not layers[row.defence_id].get(row.threat_class)]
    reasons |= dict.fromkeys(unarmed, "no system that stood there is rated against the class")
    rows = rows[~rows["claim_id"].isin(unarmed)].reset_index(drop=True)
    found = [layers[row.defence_id][row.threat_class] for row in rows.itertuples()]
    wars = tuple(rows["war"].drop_duplicates())
    table = facts.observed_raids
    named = table.loc[table["claim_id"].isin(reasons), ["claim_id", "raid_id", "name", "threat_class"]]
    left_out = named.assign(reason=named["claim_id"].map(reasons)).reset_index(drop=True)
    packed, tables = _pack(rows, found, wars)
    return Asked(
        rows, left_out, wars, _unknown(rows), packed, tables, [[layer.system_id for layer in x] for x in found]
    )


ASKED_OF = ("observed_raids", "fielded", "systems", "system_parameters", "sources", "assumptions", "capability")
"""Tables that :func:`ask_raids` reads."""


def fitted_digest(facts: Facts) -> str:
    """Digest of what the levels are fitted to: numbers and choices of the tables, without notes and names.

    Parameters
    ----------
    facts : Facts
        As for :func:`ask_raids`.

    Returns
    -------
    str
        64 hexadecimal digits; the same wherever the asked raids, their layers and the assumptions about what is not
        known are the same.
    """
    in_order = {name: facts[name].sort_values(facts[name].columns[0], ignore_index=True) for name in ASKED_OF}
    asked = ask_raids(facts.replaced(**in_order))  # in whatever order their rows stand
    rows = asked.rows.drop(columns=["name", *GONE.values()]).astype(str)
    text = "\n".join(rows.agg(",".join, axis=1))
    whole = hashlib.sha256(text.encode())
    for part in (*asked.layers, *asked.unknown.values()):
        whole.update(np.ascontiguousarray(part, dtype=np.float64).round(9).tobytes())
    some = slice(None, None, NODES.size // 8)
    whole.update(asked.tables[:, :, some].round(6).tobytes())
    for table in make_prior(facts.assumptions, ()).tables.values():
        whole.update(table[some].round(9).tobytes())
    return whole.hexdigest()


def _usable(table: pd.DataFrame, facts: Facts) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the rows that say something of a known defence, and why the others do not, by claim."""
    reasons: dict[str, str] = {}
    counted = table["launched"].where(table["denominator"] != ENGAGED, table["engaged"])
    outcome = table["leaked_low"].notna() & table["leaked_high"].notna()
    outcome |= table["destroyed"].notna() & ((table["denominator"] == ENGAGED) | table["failed"].notna())
    tests = {
        "only a part is counted, from which no share follows": table["censored"].fillna(False).astype(bool),
        "which layers stood there is not published: class level only": ~table["defence_id"].isin(
            facts.fielded["defence_id"]
        ),
        "threats are not counted": counted.isna(),
        "neither leakers nor failures are counted": ~outcome,
    }
    for reason, failing in tests.items():
        for claim in table.loc[failing, "claim_id"]:
            reasons.setdefault(claim, reason)
    rows = table[~table["claim_id"].isin(reasons)]
    return rows, reasons


def _with_counts(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the threats that might have been counted through, and how many were; what is doubtful is not known."""
    columns = [*GONE.values(), "launched", "engaged", "destroyed", "leaked_low", "leaked_high"]
    n = rows[columns].astype(float)
    engaged = rows["denominator"] == ENGAGED
    doubtful = n["destroyed"] + n["failed"] + n["leaked_high"] > n["launched"]
    n["failed"] = n["failed"].mask(doubtful)
    gone = n[[*GONE.values()]].fillna(0).sum(axis=1).mask(engaged, 0.0)
    threats = n["launched"].where(~engaged, n["engaged"]) - gone
    missed = threats - n["destroyed"]
    low, high = (n[end].fillna(missed).clip(lower=0) for end in ("leaked_low", "leaked_high"))
    for row, least, most, all_of_them in zip(rows["claim_id"], low, high, threats, strict=True):
        if not 0 <= least <= most <= all_of_them <= LARGEST_THREATS:
            raise DataError(
                f"air_defence/observed_raids.csv: {row} has {least:g} to {most:g} leakers of {all_of_them:g} threats; "
                "give 0 <= low <= high <= threats."
            )
    counts = {"threats": threats, "leaked_low": low, "leaked_high": high, "salvos": rows["salvos"].fillna(1)}
    whole = {name: values.astype("int64") for name, values in counts.items()}
    return rows[[*NAMED, "defence_id"]].assign(**{name: n[name] for name in GONE.values()}, **whole)


def _unknown(rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """Say of each row which shares are not known, and whether its count may be biased."""
    level = rows["threat_class"].map(lambda name: THREATS[name].flies_level)
    unknown = {}
    for name, column in GONE.items():
        settled = rows["denominator"].map(lambda word, name=name: name in KNOWN_WITHOUT.get(word, ()))
        there = level if name == "aircraft" else rows[column].isna()  # a count of aircraft's kills is a floor
        unknown[name] = (there & ~settled).to_numpy(bool)
    return unknown | {"bias": (rows["counted_by"] == DEFENDER).to_numpy(bool)}


def _layers_of(defence: str, classes: Sequence[str], facts: Facts) -> dict[str, list[Any]]:
    """List the layers that stood in a defence by threat class, the highest first, with rounds and rating."""
    members = facts.fielded[facts.fielded["defence_id"] == defence]
    unpublished = {f"interceptor_stock_{end}": np.nan for end in ENDS}
    alone = members.drop(columns="name").assign(state="fielded", kept=False, **unpublished)
    rounds = rounds_of_members(alone, facts).merge(members[["system_id", "reload", *PUBLISHED]])
    least = 0.0
    for end in ENDS:
        least = rounds[f"rounds_{end}"].astype(float).fillna(rounds[f"ready_{end}"]).clip(lower=least)
        rounds[f"ready_{end}"] = least
    rounds = rounds[rounds["ready_high"] > 0]
    ratings = facts.capability[facts.capability["capability"] != "none"]
    found = {}
    for name in classes:
        rated = ratings.loc[ratings["threat_class"] == name, ["system_id", "capability"]]
        found[name] = [*rounds.merge(rated, on="system_id").itertuples()]
    return found


def _pack(rows: pd.DataFrame, found: list[list[Any]], wars: tuple[str, ...]) -> tuple[Stood, np.ndarray]:
    """Pack rows and their layers into arrays for the compiled stand-in."""
    size = (len(rows), max(len(layers) for layers in found))
    ratings, groups, tables = np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros((*size, NODES.size))
    shares = _shares_of_rounds(rows, found)
    for i, (name, layers) in enumerate(zip(rows["threat_class"], found, strict=True)):
        for j, layer in enumerate(layers):
            ratings[i, j] = RATINGS.index(layer.capability)
            groups[i, j] = GROUPS.index(group_of(layer.layer, name))
            ends = (float(layer.ready_low), float(layer.ready_best), float(layer.ready_high))
            tables[i, j] = shares[i, layer.system_id] * pert_quantile(ndtr(NODES), *ends)
    salvos_of_defence = rows.drop_duplicates("raid_id").groupby("defence_id")["salvos"].sum()
    packed = Stood(
        rows["war"].map(wars.index).to_numpy(np.int64),
        (rows["denominator"] == ENGAGED).to_numpy(np.int64),
        rows["salvos"].to_numpy(float),
        rows["defence_id"].map(salvos_of_defence).to_numpy(float),
        np.array([min(RELOADS[layer.reload] for layer in layers) for layers in found], np.int64),
        np.array([len(layers) for layers in found], np.int64),
        ratings,
        groups,
    )
    return packed, tables


def _shares_of_rounds(rows: pd.DataFrame, found: list[list[Any]]) -> dict[tuple[int, str], float]:
    """Share of a system's rounds that a row's class gets: in proportion to threats among the classes it engages."""
    pairs = pd.DataFrame(
        [
            (i, raid, layer.system_id, threats)
            for i, (raid, threats, layers) in enumerate(zip(rows["raid_id"], rows["threats"], found, strict=True))
            for layer in layers
        ],
        columns=["row", "raid_id", "system_id", "threats"],
    )
    together = pairs.groupby(["raid_id", "system_id"])["threats"].transform("sum").clip(lower=1)
    return dict(zip(zip(pairs["row"], pairs["system_id"], strict=True), pairs["threats"] / together, strict=True))
