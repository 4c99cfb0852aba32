"""From the facts about an architecture to the layers of the model: rounds, classes, and the range of every input."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd

from analysis.air_defence.calibration.raids import family_of, group_of
from analysis.air_defence.exact.defence import CORRELATION, Layer
from analysis.air_defence.facts.choices import ALLOTMENTS, FIRES_NOTHING, PROGRAMME_STATES, RAIDS, THREAT_CLASSES
from analysis.air_defence.facts.claims import ENDS, assumption, assumption_of, distribution_of, keep_confidence
from analysis.air_defence.facts.rounds import ready_rounds
from analysis.air_defence.facts.states import layers_in_state
from analysis.air_defence.models.allotment import FIXED, allot_magazines, allot_rounds
from analysis.air_defence.models.arguments import require_one, require_probability
from analysis.errors import ParameterError, require_choice
from analysis.facts import Facts

UPPER = ("exo", "upper_endo")
COVERAGE = "coverage"
ALONE = "assumed of this system alone"
STATED = "stated with its law: never fitted"


@dataclass(frozen=True)
class Defence:
    """An architecture as the model sees it, under one raid.

    Attributes
    ----------
    layers : list of Layer
        One for each system that engages a class of the raid, the highest first, at the best value of every input; none
        where no system does, and then everything leaks.
    ranges : pandas.DataFrame
        One row is an uncertain quantity, for ``uncertainty.draw_inputs``. The index names it: ``system.rounds`` (ready
        and in place), ``system.class.single_shot``, ``system.track`` and, where coverage is used, ``group.coverage``.
        Columns: ``low, best, high, whole, assumed`` (no source gives it), ``why``, ``common`` (the assumption that it
        shares with others, which observed raids may tell; empty for rounds, for what is assumed of one system alone and
        for what is stated with its law), ``distribution`` (that law; empty for PERT).
    rounds : pandas.DataFrame
        From :func:`analysis.air_defence.facts.rounds.ready_rounds`.
    unused : pandas.DataFrame
        One row is a system of the architecture that is no layer of the model: ``system_id, name, reason``.
    raid : dict of str to int
        Threats by class.
    allotment : {"proportional", "ballistic_first", "shared"}
        Who gets the rounds of a magazine.
    """

    layers: list[Layer]
    ranges: pd.DataFrame
    rounds: pd.DataFrame
    unused: pd.DataFrame
    raid: Mapping[str, int]
    allotment: str = "proportional"


def read_raid(raids: pd.DataFrame, raid_id: str) -> dict[str, int]:
    """Look a notional raid up: threats by class.

    Parameters
    ----------
    raids : pandas.DataFrame
        ``air_defence/raids``.
    raid_id : str
        One of ``choices.RAIDS``.

    Returns
    -------
    dict of str to int
        Class to threats, in the order of ``choices.THREAT_CLASSES``: the order of rows changes no number.

    Raises
    ------
    ParameterError
        When there is no such raid.

    Examples
    --------
    >>> table = pd.DataFrame({"raid_id": ["mixed", "mixed"], "threat_class": ["srbm", "mrbm"], "threats": [20, 8]})
    >>> read_raid(table, "mixed")
    {'srbm': 20, 'mrbm': 8}
    """
    require_choice("raid", raid_id, RAIDS)
    rows = raids[raids["raid_id"] == raid_id]
    rows = rows.sort_values("threat_class", key=lambda names: names.map(list(THREAT_CLASSES).index), kind="stable")
    return {row.threat_class: int(row.threats) for row in rows.itertuples()}


def build_defence(
    architecture: str,
    facts: Facts,
    raid: Mapping[str, int],
    doctrine: str = "barrage",
    shots: int = 2,
    share_in_place: float | None = None,
    minimum_confidence: str = "low",
    programme_state: str = "funded",
    rounds: pd.DataFrame | None = None,
    covers: bool = False,
    allotment: str = "proportional",
) -> Defence:
    """Turn an architecture into layers with magazines, and name the range of every input.

    Parameters
    ----------
    architecture : str
        One of ``choices.ARCHITECTURES``.
    facts : Facts
        Tables ``architectures, architecture_layers, systems, system_parameters, capability, assumptions`` of
        ``air_defence/``; and ``sources``.
    raid : dict of str to int
        Threats by class.
    doctrine : {"barrage", "shoot-look-shoot"}
        How every layer fires.
    shots : int
        Interceptors for a threat at each layer, 1 or more.
    share_in_place : float, optional
        Share of the ready rounds that stand where the raid comes, 0 to 1, for all layers; by default the assumptions
        ``share_in_place_local`` and ``share_in_place_upper``.
    minimum_confidence : {"low", "medium", "high"}
        Least confidence of the ratings that say what a system engages.
    programme_state : {"fielded", "funded", "announced"}
        Which systems and rounds count: as in :func:`analysis.air_defence.facts.states.layers_in_state`.
    rounds : pandas.DataFrame, optional
        From :func:`analysis.air_defence.facts.rounds.ready_rounds` for this architecture and state, if at hand.
    covers : bool
        Whether a layer covers only some threats, by the assumptions ``coverage_...``. All ready rounds are then in
        place: a share of them would count geography twice.
    allotment : {"proportional", "ballistic_first", "shared"}
        Who gets the rounds of a magazine: as in :func:`analysis.air_defence.models.allotment.allot_rounds`, or all
        classes share them, which is simulated where rounds run short.

    Returns
    -------
    Defence
        Layers, ranges, rounds and what was left out.

    Raises
    ------
    ParameterError
        When a choice or number is not allowed, or coverage is to be used with a share in place.
    DataError
        When an assumption is missing.

    Notes
    -----
    Every system is a layer of its own: no geography, sector or radar horizon. What stands elsewhere is left out by
    coverage, or by the share in place alone, and then every layer meets all threats of its classes. Kill
    probabilities and tracking are assumptions by rating; no published rate enters. Lasers have no magazine and are left
    out. Comparing architectures by the leakage that follows compares our assumptions more than the systems.
    """
    for threat_class in raid:
        require_choice("raid", threat_class, THREAT_CLASSES)
    require_choice("allotment", allotment, ALLOTMENTS)
    if covers and share_in_place is not None:
        raise ParameterError(
            f"share_in_place = {share_in_place} is not allowed where layers cover only some threats: geography would "
            "count twice; leave it out."
        )
    share_in_place = 1.0 if covers else share_in_place
    if rounds is None:
        rounds = ready_rounds(architecture, facts, programme_state)
    ratings = _ratings(facts.capability, raid, minimum_confidence)
    reasons = _reasons(architecture, facts, rounds, ratings)
    used = rounds[~rounds["system_id"].isin(reasons)]
    ranges = _ranges(used, ratings, facts.assumptions, share_in_place, covers)
    unused = pd.DataFrame(reasons.items(), columns=["system_id", "reason"])
    unused.insert(1, "name", unused["system_id"].map(facts.systems.set_index("system_id")["name"]))
    defence = Defence([], ranges, rounds, unused, dict(raid), allotment)
    layers = [_layer(row, ratings, defence, shots, doctrine) for row in used.itertuples()]
    return replace(defence, layers=layers)


def give_rounds(defence: Defence, classes: Iterable[str], rounds: int, shots: int) -> dict[str, int] | int:
    """Rounds of a system as a magazine: by class of the raid, or one number that all share.

    Parameters
    ----------
    defence : Defence
        Its raid and allotment count.
    classes : iterable of str
        Classes that the system engages.
    rounds : int
        Its rounds in place, 0 or more.
    shots : int
        Interceptors at one threat, at most.
    """
    if defence.allotment not in FIXED:
        return rounds
    return allot_rounds(rounds, {name: defence.raid[name] for name in classes}, defence.allotment, shots)


def model_inputs(defence: Defence, draws: pd.DataFrame) -> pd.DataFrame:
    """Turn draws of the quantities into the inputs of ``layers.raid_leakers_by_draw``.

    Parameters
    ----------
    defence : Defence
        From :func:`build_defence`.
    draws : pandas.DataFrame
        One row is a draw, one column a row of ``defence.ranges``, as from ``uncertainty.draw_inputs``.

    Returns
    -------
    pandas.DataFrame
        One row is a draw. Columns: ``system.class.single_shot``, ``system.class.magazine`` (``system.magazine`` where
        it is shared), ``system.track``, ``system.class.coverage`` and ``raid_correlation.class``. The rounds of a
        system are allotted to its classes, a group's coverage goes to its layers, a family's correlation to its
        classes.

    Raises
    ------
    ParameterError
        When a column is no quantity of this defence.
    """
    families = {name: family_of(name) for name in defence.raid}
    correlations = {f"{family}.{CORRELATION}" for family in families.values()}
    columns: dict[str, np.ndarray] = {}
    for name in draws.columns:
        require_choice("draws column", name, [*defence.ranges.index, *correlations])
        first, *_, kind = name.split(".")
        values = draws[name].to_numpy()
        if kind == "rounds":
            columns |= _magazines(defence, first, values)
        elif kind == COVERAGE:
            columns |= {f"{layer}.{threat}.coverage": values for layer, threat in _members(defence, first)}
        elif kind == CORRELATION:
            columns |= {f"{CORRELATION}.{threat}": values for threat, family in families.items() if family == first}
        else:
            columns[name] = values
    return pd.DataFrame(columns, index=draws.index)


def _magazines(defence: Defence, system: str, rounds: np.ndarray) -> dict[str, np.ndarray]:
    """Turn draws of a system's rounds into its magazines by column."""
    layer = next(layer for layer in defence.layers if layer.name == system)
    if layer.is_shared:
        return {f"{system}.magazine": rounds}
    met = {threat: defence.raid[threat] for threat in layer.single_shot}
    shares = allot_magazines(rounds, met, defence.allotment, layer.shots)
    return {f"{system}.{threat}.magazine": share for threat, share in shares.items()}


def _members(defence: Defence, group: str) -> list[tuple[str, str]]:
    """Layers, with a class that they engage, whose coverage is the one of a group, or of a system for itself."""
    heights = defence.rounds.set_index("system_id")["layer"]
    pairs = [(layer.name, threat) for layer in defence.layers for threat in layer.single_shot]
    names = [_coverage_of(layer, group_of(heights[layer], threat), defence.ranges.index) for layer, threat in pairs]
    return [pair for pair, name in zip(pairs, names, strict=True) if name == f"{group}.{COVERAGE}"]


def _coverage_of(system: str, group: str, known: Container[str]) -> str:
    """Name the quantity that says what a system covers: its own where there is one, else its group's."""
    own = f"{system}.{COVERAGE}"
    return own if own in known else f"{group}.{COVERAGE}"


def _ratings(capability: pd.DataFrame, raid: Mapping[str, int], minimum_confidence: str) -> pd.DataFrame:
    """Return the ratings, other than none, against the classes that the raid holds; in the order of the raid."""
    present = [name for name, threats in raid.items() if threats]
    rows = keep_confidence(capability, minimum_confidence)
    rows = rows[rows["threat_class"].isin(present) & (rows["capability"] != "none")]
    return rows.sort_values("threat_class", key=lambda names: names.map(present.index), kind="stable")


def _reasons(architecture: str, facts: Facts, rounds: pd.DataFrame, ratings: pd.DataFrame) -> dict[str, str]:
    """Say why systems of the architecture are no layer of the model."""
    members = layers_in_state(architecture, facts, "announced")
    mechanisms = facts.systems.set_index("system_id")["intercept_mechanism"]
    rated, ready = set(ratings["system_id"]), rounds.set_index("system_id")["ready_high"]
    reasons = {}
    for system, state in zip(members["system_id"], members["state"], strict=True):
        if mechanisms[system] == FIRES_NOTHING:
            reasons[system] = "sensor or command network: fires nothing"
        elif mechanisms[system] == "directed_energy":
            reasons[system] = "laser: no magazine, and no published number of engagements"
        elif system not in ready:
            reasons[system] = PROGRAMME_STATES[state]
        elif system not in rated:
            reasons[system] = "rated against no class of the raid"
        elif ready[system] == 0:
            reasons[system] = "no ready rounds"
    return reasons


def _ranges(
    used: pd.DataFrame,
    ratings: pd.DataFrame,
    assumptions: pd.DataFrame,
    share_in_place: float | None,
    covers: bool,
) -> pd.DataFrame:
    """List the uncertain quantities of the systems with low, best and high."""
    if share_in_place is not None:
        require_one(share_in_place=share_in_place)
        require_probability("share_in_place", share_in_place)
    look_up = cache(partial(assumption, assumptions))
    rows, groups = [], []

    def add(quantity: str, name: str, why: str, shared: str) -> None:
        law = distribution_of(assumptions, name)
        said = (ALONE, "") if name != shared else (STATED, "") if law else (why, shared)
        rows.append((quantity, *look_up(name).values(), False, True, *said, law))

    for row in used.itertuples():
        system, of = row.system_id, partial(assumption_of, assumptions, row.system_id)
        tier = "upper" if row.layer in UPPER else "local"
        share = look_up(f"share_in_place_{tier}")
        share = share if share_in_place is None else dict.fromkeys(ENDS, float(share_in_place))
        ready = [round(getattr(row, f"ready_{end}") * share[end]) for end in ENDS]
        why = row.how if covers else f"{row.how}; times the share in place"
        rows.append((f"{system}.rounds", *ready, True, row.assumed, why, "", getattr(row, "distribution", "")))
        covered = of(COVERAGE, "")
        for rating in ratings[ratings["system_id"] == system].itertuples():
            shared = f"single_shot_{rating.capability}"
            name = of("single_shot", shared, rating.threat_class)
            why = f"rated {rating.capability}; kill probability assumed by rating"
            add(f"{system}.{rating.threat_class}.single_shot", name, why, shared)
            groups += [] if covered else [group_of(row.layer, rating.threat_class)]
        add(f"{system}.track", of("track", "track_layer"), "assumed alike for every layer", "track_layer")
        if covers and covered:
            add(f"{system}.{COVERAGE}", covered, "", "")
    for group in dict.fromkeys(groups if covers else []):
        common = f"{COVERAGE}_{group}"
        add(f"{group}.{COVERAGE}", common, "assumed alike for every layer of the group", common)
    columns = ["quantity", *ENDS, "whole", "assumed", "why", "common", "distribution"]
    return pd.DataFrame(rows, columns=columns).set_index("quantity")


def _layer(row: Any, ratings: pd.DataFrame, defence: Defence, shots: int, doctrine: str) -> Layer:
    """Make the layer of a system at the best value of its quantities."""
    system, best = row.system_id, defence.ranges["best"]
    classes = ratings.loc[ratings["system_id"] == system, "threat_class"]
    return Layer(
        system,
        {name: float(best[f"{system}.{name}.single_shot"]) for name in classes},
        give_rounds(defence, classes, int(best[f"{system}.rounds"]), shots),
        shots,
        doctrine,
        float(best[f"{system}.track"]),
        {name: float(best.get(_coverage_of(system, group_of(row.layer, name), best), 1.0)) for name in classes},
        local=row.layer not in UPPER,
    )
