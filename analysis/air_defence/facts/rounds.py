"""Ready rounds: the smaller of what launchers hold and what exists, from published figures or named assumptions."""

from typing import Any

import pandas as pd

from analysis.air_defence.facts.choices import FIRES_NOTHING, LAYERS
from analysis.air_defence.facts.claims import (
    ENDS,
    assumption,
    assumption_of,
    combine_claims,
    distribution_of,
    is_confirmed,
)
from analysis.air_defence.facts.states import base_of, layers_in_state
from analysis.facts import Facts

LOADS = ("launchers_per_battery", "missiles_per_launcher", "missiles_per_battery")
READY = "ready_rounds"
LAUNCHERS, STOCK, ASSUMED = "launchers", "stock", "assumed"
"""What limits the ready rounds: launchers, the rounds that exist, or an assumption because neither is published."""


def ready_rounds(architecture: str, facts: Facts, programme_state: str = "funded") -> pd.DataFrame:
    """Work out the rounds that each system of an architecture has ready on its launchers.

    Parameters
    ----------
    architecture : str
        One of ``choices.ARCHITECTURES``.
    facts : Facts
        Tables of ``air_defence/``: ``architectures, architecture_layers, systems, system_parameters, assumptions``; and
        ``sources``.
    programme_state : {"fielded", "funded", "announced"}
        Which systems and rounds count: as in :func:`analysis.air_defence.facts.states.layers_in_state`.

    Returns
    -------
    pandas.DataFrame
        One row is a system with interceptors (no radar, network or laser), in the order of fire: the highest layer
        first, of one height own systems before those kept from what the architecture builds on, by ``order``. Columns:
        ``system_id, name, layer, state`` (of the row that counts), ``capacity_low, capacity_best, capacity_high``
        (missiles on launchers; empty where batteries are not published), ``exist_low, exist_best, exist_high`` (rounds
        by published or open estimate), ``ready_low, ready_best, ready_high``, ``basis`` (what limits the best value:
        launchers, stock or assumed), ``assumed`` (true where an assumption enters any part), ``confirmed`` (false where
        a figure enters that nobody has seen in a source), ``how``, in words, ``claim_ids`` (rows of
        ``architecture_layers`` and ``system_parameters`` whose figures enter, joined by semicolons), and
        ``distribution`` (the law of ready rounds that are assumed of a system alone; empty for PERT).

    Raises
    ------
    ParameterError
        When the architecture or the state is not known.
    DataError
        When an assumption is missing.

    Notes
    -----
    Ready rounds are the smaller of two numbers. Capacity is batteries times launchers times missiles on a launcher.
    Systems of a ``launcher_group`` share the launchers of the largest of them: each gets the part that its existing
    rounds would fill, all alike where no number exists. Rounds that exist are the architecture's own row; where it
    has none, those of the architecture on which it builds. A single published value stands for low, best and high.
    Low goes with low and high with high, which is wider than any one source claims.

    Readiness, reloads and maintenance are not published and not modelled.
    """
    members = layers_in_state(architecture, facts, programme_state)
    return rounds_of_members(members, facts, _layers_before(architecture, facts, programme_state))


def rounds_of_members(members: pd.DataFrame, facts: Facts, before: pd.DataFrame | None = None) -> pd.DataFrame:
    """Work out the rounds that each system of a list has ready, as :func:`ready_rounds` does for an architecture.

    Parameters
    ----------
    members : pandas.DataFrame
        One row is a system: columns as from ``states.layers_in_state``.
    facts : Facts
        As for :func:`ready_rounds`.
    before : pandas.DataFrame, optional
        Rows of the list on which this one builds, by system; by default it builds on nothing.

    Returns
    -------
    pandas.DataFrame
        As from :func:`ready_rounds`.
    """
    before = members.iloc[:0].set_index("system_id") if before is None else before
    systems = facts.systems
    armed = systems[~systems["intercept_mechanism"].isin([FIRES_NOTHING, "directed_energy"])]
    rows = members.merge(armed[["system_id", "name", "layer", "launcher_group"]], on="system_id")
    rows = _add_existing(rows, before)
    rows = _add_launchers(rows, facts)
    rows = _share_launchers(rows)
    rows = _add_claims(rows, before, facts.system_parameters)
    return _add_ready(rows, facts.assumptions)


def _layers_before(architecture: str, facts: Facts, programme_state: str) -> pd.DataFrame:
    """Rows of the architecture on which this one builds, by system; none where it builds on nothing."""
    base = base_of(architecture, facts)
    rows = layers_in_state(base, facts, programme_state) if base else facts.architecture_layers.iloc[:0]
    return rows.set_index("system_id")


def _full(values: pd.DataFrame) -> pd.DataFrame:
    """Let a published value stand for those of its neighbours that are not published."""
    return values.astype(float).bfill(axis=1).ffill(axis=1).set_axis(list(ENDS), axis=1)


def _add_existing(rows: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Add the rounds that exist, kept from the architecture on which this one builds where it has no number."""
    columns = [f"interceptor_stock_{end}" for end in ENDS]
    own = _full(rows[columns])
    kept = _full(before[columns].reindex(rows["system_id"])).set_axis(own.index)
    existing = own.fillna(kept)
    carried = own["best"].isna() & kept["best"].notna()
    return rows.assign(carried=carried, **{f"exist_{end}": existing[end] for end in ENDS})


def _add_launchers(rows: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Add launchers, and missiles on one, each published or assumed; without batteries there is no capacity."""
    system_parameters, assumptions = facts.system_parameters, facts.assumptions
    wanted = system_parameters["parameter"].isin(LOADS) & system_parameters["system_id"].isin(rows["system_id"])
    claims = combine_claims(system_parameters[wanted].assign(interceptor=None), facts.sources)
    per_battery, load, whole = (_published(claims, parameter, rows["system_id"]) for parameter in LOADS)
    unseen = set(claims.loc[claims["n_unconfirmed"] > 0, "system_id"])
    assumed = whole["best"].isna() & (per_battery["best"].isna() | load["best"].isna())
    launchers = per_battery.fillna(assumption(assumptions, f"{LOADS[0]}_unpublished"))
    load = load.fillna(whole / launchers).fillna(assumption(assumptions, f"{LOADS[1]}_unpublished"))
    launchers = launchers * _full(rows[[f"batteries_{end}" for end in ENDS]])
    rows = rows.assign(load_assumed=assumed, confirmed=is_confirmed(rows) & ~rows["system_id"].isin(unseen))
    return rows.join(load.add_prefix("load_")).join(launchers.add_prefix("launchers_"))


def _published(claims: pd.DataFrame, parameter: str, systems: pd.Series) -> pd.DataFrame:
    """Return low, best and high of a parameter for each system, empty where nobody published it."""
    found = claims[claims["parameter"] == parameter].set_index("system_id")[list(ENDS)].astype(float)
    return found.reindex(systems).set_axis(systems.index)


def _share_launchers(rows: pd.DataFrame) -> pd.DataFrame:
    """Let systems of a launcher group divide the launchers of the largest of them; add the capacity of each."""
    groups = rows["launcher_group"].fillna(rows["system_id"])
    rows = rows.assign(shared=groups.map(groups.value_counts()) > 1)
    for end in ENDS:
        there = rows[f"launchers_{end}"].groupby(groups).transform("max")
        wanted = (rows[f"exist_{end}"] / rows[f"load_{end}"]).fillna(there).fillna(1.0)
        total = wanted.groupby(groups).transform("sum")
        share = (wanted / total.where(total > 0)).fillna(0.0)
        rows[f"capacity_{end}"] = (there * share * rows[f"load_{end}"]).where(there.notna())
        fits = rows["shared"] & (total <= there)
        rows[f"capacity_{end}"] = rows[f"capacity_{end}"].mask(fits, wanted * rows[f"load_{end}"]).round()
    return rows


def _add_claims(rows: pd.DataFrame, before: pd.DataFrame, system_parameters: pd.DataFrame) -> pd.DataFrame:
    """Name the claims whose figures enter: batteries, their loads, and rounds that exist, own or kept from before."""
    loads = system_parameters[system_parameters["parameter"].isin(LOADS)].groupby("system_id")["claim_id"].apply(list)
    found = []
    for row in rows.itertuples():
        batteries = pd.notna(row.capacity_best)
        claims = [row.claim_id] if batteries or (pd.notna(row.exist_best) and not row.carried) else []
        claims += [before.loc[row.system_id, "claim_id"]] if row.carried else []
        found.append(";".join([*claims, *(loads.get(row.system_id, []) if batteries else [])]))
    return rows.assign(claim_ids=found)


def _add_ready(rows: pd.DataFrame, assumptions: pd.DataFrame) -> pd.DataFrame:
    """Add the ready rounds, what limits them and how they were found."""
    guesses = {layer: assumption(assumptions, f"ready_rounds_{layer}") for layer in rows["layer"].unique()}
    nothing = rows["capacity_best"].isna() & rows["exist_best"].isna()
    for end in ENDS:
        smaller = rows[[f"capacity_{end}", f"exist_{end}"]].min(axis=1)
        guessed = rows["layer"].map({layer: guess[end] for layer, guess in guesses.items()})
        rows[f"ready_{end}"] = smaller.mask(nothing, guessed).astype("int64")
    stock = rows["exist_best"].notna() & ~(rows["capacity_best"] < rows["exist_best"])
    basis = pd.Series(LAUNCHERS, rows.index).mask(stock, STOCK).mask(nothing, ASSUMED)
    uses_load = rows["capacity_best"].notna() & rows["load_assumed"]
    rows = rows.assign(basis=basis, assumed=nothing | uses_load, confirmed=rows["confirmed"] & ~nothing)
    rows["how"] = [_in_words(row) for row in rows.itertuples()]
    rows = _state_rounds(rows.assign(distribution=""), assumptions)
    rows = _in_order_of_fire(rows)
    numbers = [f"{kind}_{end}" for kind in ("capacity", "exist", "ready") for end in ENDS]
    said = ["basis", "assumed", "confirmed", "how", "claim_ids", "distribution"]
    return rows[["system_id", "name", "layer", "state", *numbers, *said]]


def _in_order_of_fire(rows: pd.DataFrame) -> pd.DataFrame:
    """Put the highest layer first; of one height own systems before those kept, each by the table's ``order``."""
    rows = rows.assign(down=-rows["layer"].map(LAYERS.index).astype(int))
    return rows.sort_values(["down", "kept", "order", "system_id"], ignore_index=True)


def _state_rounds(rows: pd.DataFrame, assumptions: pd.DataFrame) -> pd.DataFrame:
    """Put ready rounds that are assumed of one system, everywhere or in this architecture, over those worked out.

    What stood against raids that happened has no architecture, and stays.
    """
    if "architecture_id" not in rows:
        return rows
    for index, system, architecture in rows[["system_id", "architecture_id"]].itertuples():
        everywhere = assumption_of(assumptions, system, READY, "")
        name = assumption_of(assumptions, system, READY, everywhere, str(architecture))
        if not name:
            continue
        for end, value in assumption(assumptions, name).items():
            rows.loc[index, f"ready_{end}"] = round(value)
            rows.loc[index, f"exist_{end}"] = max(round(value), rows.loc[index, f"exist_{end}"])
        said = [ASSUMED, True, False, "assumed of this system alone", distribution_of(assumptions, name)]
        rows.loc[index, ["basis", "assumed", "confirmed", "how", "distribution"]] = said
    return rows


def _in_words(row: Any) -> str:
    """Say how the ready rounds of a system were found."""
    if row.basis == ASSUMED:
        return "neither batteries nor rounds are published: assumed by layer"
    parts = []
    if pd.notna(row.capacity_best):
        parts.append("batteries x launchers x missiles on a launcher" + (", partly assumed" * row.load_assumed))
        parts += ["launchers shared with another missile and counted once"] * row.shared
    if pd.notna(row.exist_best):
        parts.append("rounds that exist" + (", kept from the architecture before" * (row.carried or row.kept)))
    return ("the smaller of " if pd.notna(row.capacity_best) and pd.notna(row.exist_best) else "") + "; ".join(parts)
