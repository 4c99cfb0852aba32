"""What stands in an architecture by a case: batteries, ready rounds, how far a system has come, or that it is gone."""

from typing import Any

from analysis.air_defence.facts.choices import ARCHITECTURES, FIRES_NOTHING, PROGRAMME_STATES
from analysis.air_defence.facts.claims import OF_ONE
from analysis.air_defence.facts.rounds import ready_rounds
from analysis.air_defence.facts.states import ORDER, layers_in_state
from analysis.facts import Facts
from analysis.own_case.form import ENDS, Law, Standing, System
from analysis.own_case.laid import (
    BY_THE_CASE,
    READINGS,
    ROOM,
    SOURCE,
    SOURCES,
    TABLES,
    Overlay,
    assume_alone,
    claimed,
    write_ends,
)
from analysis.own_case.tree import Path


def stand_everywhere(overlay: Overlay, name: str, words: str, system: System, path: Path) -> None:
    """Put rounds and batteries of a system, or its absence, into every architecture that has it."""
    if not (system.rounds or system.batteries or system.taken_out):
        return
    layers = overlay.table("architecture_layers")
    having = list(dict.fromkeys(layers.loc[layers["system_id"] == name, "architecture_id"]))
    if not having and not system.rounds:
        overlay.refuse(path, f"{words} stands in no architecture; place it under layers.")
    for architecture in having if system.batteries or system.taken_out else ():
        standing = Standing(
            batteries=system.batteries, taken_out=system.taken_out, state=_state_of(overlay, architecture, name)
        )
        lay_standing(overlay, architecture, name, standing, path)
    if system.rounds:
        _state_rounds(overlay, name, words, "", system.rounds, (*path, "rounds"))


def lay_standing(overlay: Overlay, architecture: str, system: str, standing: Standing, path: Path) -> None:
    """Put a system into an architecture, change what there is of it, or take it out."""
    words = str(overlay.table("systems").set_index("system_id")["name"].get(system, system))
    if standing.taken_out:
        _take_out(overlay, architecture, system, words, path)
        return
    before = _row_before(overlay, architecture, system, standing.state)
    if before is None or (standing.batteries and not _has_row(overlay, architecture, system, standing.state)):
        row: dict[str, Any] = {"claim_id": f"{architecture}.{system}.{standing.state}.{SOURCE}", "role": standing.role}
        row |= {"architecture_id": architecture, "system_id": system, "state": standing.state}
        row |= {"order": _place_of(overlay, architecture, system)}
        kept = {} if before is None else {name: before[name] for name in before if name.startswith(("batt", "interc"))}
        overlay.add("architecture_layers", row | {"state_source_id": SOURCE} | kept | claimed(), path)
    if before is None:
        overlay.tell(f"layer of {architecture}", "", f"{words}, {standing.state}")
    if standing.batteries:
        _change_batteries(overlay, architecture, system, standing, path)
        columns = [f"batteries_{end}" for end in ENDS]
        ours = "" if before is None else write_ends([before[name] for name in columns])
        yours = write_ends(standing.batteries.ends)
        overlay.tell(f"batteries, {words} in {architecture}, {standing.state}", ours, yours, "batteries")
    if standing.rounds:
        _state_rounds(overlay, system, words, architecture, standing.rounds, (*path, "rounds"))


def _place_of(overlay: Overlay, architecture: str, system: str) -> int | None:
    """The place at which a system fires among those of its height: its own, or after all that are there."""
    table, systems = overlay.table("architecture_layers"), overlay.table("systems").set_index("system_id")
    if systems["intercept_mechanism"].get(system) == FIRES_NOTHING:
        return None
    heights = systems["layer"]
    there = table[table["architecture_id"] == architecture].dropna(subset=["order"])
    own = there.loc[there["system_id"] == system, "order"]
    beside = there.loc[there["system_id"].map(heights) == heights[system], "order"]
    return int(own.iloc[0]) if len(own) else int(beside.max()) + 1 if len(beside) else 1


def _has_row(overlay: Overlay, architecture: str, system: str, state: str) -> bool:
    """Whether a system has a row of that very state in an architecture."""
    table = overlay.table("architecture_layers")
    same = (table["architecture_id"] == architecture) & (table["system_id"] == system) & (table["state"] == state)
    return bool(same.any())


def _row_before(overlay: Overlay, architecture: str, system: str, state: str) -> dict[str, Any] | None:
    """The row that counts for a system up to a state, own or of what the architecture builds on; None without one."""
    rows = layers_in_state(architecture, overlay.facts, state)
    rows = rows[rows["system_id"] == system]
    if rows.empty:
        return None
    row = rows.iloc[0].to_dict()
    return row | ({"architecture_id": ""} if row["kept"] else {})


def _change_batteries(overlay: Overlay, architecture: str, system: str, standing: Standing, path: Path) -> None:
    """Write batteries into the rows of a system from a state on: what stands then stands in every later state."""
    assert standing.batteries
    table = overlay.table("architecture_layers").copy()
    later = list(PROGRAMME_STATES)[ORDER.index(standing.state) :]
    rows = (table["architecture_id"] == architecture) & (table["system_id"] == system) & table["state"].isin(later)
    for end, value in zip(ENDS, standing.batteries.ends, strict=True):
        table.loc[rows, f"batteries_{end}"] = round(value)
    table.loc[rows, "note"] = f"batteries {BY_THE_CASE}"
    overlay.put("architecture_layers", table)
    for claim in table.loc[rows, "claim_id"]:
        overlay.places[f"{ROOM}architecture_layers", claim] = (*path, "batteries")


def _take_out(overlay: Overlay, architecture: str, system: str, words: str, path: Path) -> None:
    """Take a system out of an architecture; one that stays from the architecture before is stated with no rounds."""
    table = overlay.table("architecture_layers")
    own = (table["architecture_id"] == architecture) & (table["system_id"] == system)
    base = overlay.table("architectures").set_index("architecture_id")["builds_on"].get(architecture)
    inherited = bool(base) and ((table["architecture_id"] == base) & (table["system_id"] == system)).any()
    if not own.any() and not inherited:
        overlay.refuse(path, f"{words} does not stand in {architecture}; leave it out.")
        return
    gone = set(table.loc[own, "claim_id"])
    overlay.put("architecture_layers", table[~own])
    readings = overlay.table(READINGS)
    of_gone = readings["table"].eq(f"{ROOM}architecture_layers") & readings["claim_id"].isin(gone)
    if of_gone.any():
        overlay.put(READINGS, readings[~of_gone])
    if inherited:
        none = Law(low=0, best=0, high=0)
        overlay.add(
            "architecture_layers",
            {"claim_id": f"{architecture}.{system}.{SOURCE}", "architecture_id": architecture, "system_id": system}
            | {"state": "fielded", "state_source_id": SOURCE, "role": "taken out"}
            | {"order": _place_of(overlay, architecture, system)}
            | {f"batteries_{end}": 0 for end in ENDS}
            | {f"interceptor_stock_{end}": 0 for end in ENDS}
            | claimed(),
            path,
        )
        where = f"ready_rounds{OF_ONE}{system}_{architecture}"
        assume_alone(overlay, where, ("ready rounds", f"{words} in {architecture}", "missiles"), none, path)
    overlay.tell(f"layer of {architecture}", words, "taken out")


def _state_of(overlay: Overlay, architecture: str, system: str) -> str:
    """The first state that a system has in an architecture."""
    table = overlay.table("architecture_layers")
    states = table.loc[(table["architecture_id"] == architecture) & (table["system_id"] == system), "state"]
    return min(states, key=ORDER.index)


def _state_rounds(overlay: Overlay, system: str, words: str, architecture: str, law: Law, path: Path) -> None:
    """Assume the ready rounds of a system, everywhere or in one architecture."""
    name = f"ready_rounds{OF_ONE}{system}" + (f"_{architecture}" if architecture else "")
    where = f"{words} in {architecture}" if architecture else words
    ours = "; ".join(
        f"{write_ends([row[f'ready_{end}'] for end in ENDS])} in {one}"
        for one, row in _rounds_of(overlay, system, architecture).items()
    )
    assume_alone(overlay, name, ("ready rounds", where, "missiles"), law, path)
    overlay.tell(f"ready rounds, {where}", ours, write_ends(law.ends, law.law), "missiles")


def _rounds_of(overlay: Overlay, system: str, architecture: str) -> dict[str, dict[str, Any]]:
    """Ready rounds of a system in an architecture, or in each of ours, counting what is announced too."""
    ours = Facts({name: overlay.ours[name if name == SOURCES else f"{ROOM}{name}"] for name in (*TABLES, SOURCES)})
    found = {}
    for one in [name for name in ARCHITECTURES.ours if architecture in ("", name)]:
        rounds = ready_rounds(one, ours, "announced").set_index("system_id")
        if system in rounds.index:
            found[one] = rounds.loc[system].to_dict()
    return found
