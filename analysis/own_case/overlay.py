"""A case laid over our tables: frames in, frames out, and what differs from ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis.air_defence.calibration.prior import COMMON, CORRELATIONS
from analysis.air_defence.facts.choices import ARCHITECTURES, PROGRAMME_STATES, THREAT_CLASSES
from analysis.air_defence.facts.claims import OF_ONE
from analysis.air_defence.facts.rounds import ready_rounds
from analysis.air_defence.facts.states import ORDER, layers_in_state
from analysis.air_defence.questions.forces import UPPER
from analysis.air_defence.questions.uncertainty import require_ranges, spread
from analysis.facts import Facts
from analysis.own_case.form import ENDS, Architecture, Form, Law, ObservedRaid, Raid, Standing, System
from analysis.own_case.tree import CaseFault, Path

ROOM = "air_defence/"
TABLES = (
    *("assumptions", "posterior", "systems", "system_parameters", "capability", "architectures"),
    *("architecture_layers", "raids", "observed_raids", "fielded"),
)
"""Tables of air defence that a case may change; ``sources`` gets a row for the case."""
SOURCES, READINGS = "sources", "second_readings"
SOURCE = "own_case"
SEED = 7
BY_THE_CASE = "by the case of the user"


@dataclass(frozen=True)
class Change:
    """One thing that differs from ours.

    Attributes
    ----------
    item : str
        What it is, in words of the tables.
    ours, yours : str
        Both values: one number, or low / best / high; empty where there is none.
    unit : str
        Unit; empty for text.
    """

    item: str
    ours: str
    yours: str
    unit: str = ""


@dataclass
class Overlay:
    """Tables with a case laid over them.

    Attributes
    ----------
    frames : dict of str to pandas.DataFrame
        Tables that the case changed, by name with room.
    changes : list of Change
        What differs, in the order of the file.
    places : dict
        Keys of the file from which a row came, by table and the row's name.
    faults : list of CaseFault
        What cannot be laid over these tables.
    """

    ours: Mapping[str, pd.DataFrame]
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    places: dict[tuple[str, str], Path] = field(default_factory=dict)
    faults: list[CaseFault] = field(default_factory=list)

    def table(self, name: str) -> pd.DataFrame:
        """Give a table of air defence, or ``sources``, as far as it is laid."""
        full = name if name in (SOURCES, READINGS) else f"{ROOM}{name}"
        return self.frames.get(full, self.ours[full])

    def put(self, name: str, frame: pd.DataFrame) -> None:
        """Take a table over."""
        self.frames[name if name in (SOURCES, READINGS) else f"{ROOM}{name}"] = frame.reset_index(drop=True)

    def add(self, name: str, row: Mapping[str, Any], path: Path) -> None:
        """Add a row, or put it in the place of the one with its name; columns that it lacks are empty."""
        table = self.table(name)
        key = table.columns[0]
        new = pd.DataFrame([{column: row.get(column) for column in table.columns}]).astype(table.dtypes.to_dict())
        found = table.index[table[key] == row[key]]
        before = table.loc[: found[0] - 1] if len(found) else table
        after = table.loc[found[0] + 1 :] if len(found) else table.iloc[:0]
        self.put(name, pd.concat([before, new, after]))
        self.places[f"{ROOM}{name}" if name != SOURCES else name, str(row[key])] = path

    def tell(self, item: str, ours: str, yours: str, unit: str = "") -> None:
        """Note what differs, if it does."""
        if ours != yours:
            self.changes.append(Change(item, ours, yours, unit))

    def refuse(self, path: Path, rule: str, value: str = "") -> None:
        """Note what cannot be."""
        self.faults.append(CaseFault(0, path, value, rule))

    @property
    def facts(self) -> Facts:
        """The tables of air defence as far as they are laid, and the sources."""
        names = (*TABLES, SOURCES)
        return Facts({name: self.table(name) for name in names})


def lay_over(form: Form, frames: Mapping[str, pd.DataFrame]) -> Overlay:
    """Lay a case over tables.

    Parameters
    ----------
    form : Form
        From ``form.read_form``.
    frames : mapping of str to pandas.DataFrame
        The tables ``TABLES`` of ``air_defence/``, ``sources`` and ``second_readings``, by name with room; they stay as
        they are.

    Returns
    -------
    Overlay
        See there.

    Notes
    -----
    Names of own architectures, raids and systems must be in use (``case_in_use.use``). What is assumed of one system
    alone becomes a row of ``assumptions``, such as ``single_shot_of_sky_bow_3_srbm``. An input that the case gives is
    stated with its law, so that it wins over what was fitted to raids that happened; the others stay as they were
    fitted with our value: nothing is fitted anew. Fitted correlations within a raid become draws of the case's law,
    spread evenly.
    """
    overlay = Overlay(frames)
    for name, law in form.assumptions.items():
        _assume(overlay, name, law)
    for name, system in form.systems.items():
        _lay_system(overlay, name, system, form)
    for name, own in form.architectures.items():
        _lay_architecture(overlay, name, own)
    for architecture, members in form.layers.items():
        for system_id, standing in members.items():
            _lay_standing(overlay, architecture, system_id, standing, ("layers", architecture, system_id))
    for name, raid in form.raids.items():
        _lay_raid(overlay, name, raid)
    for name, seen in form.observed_raids.items():
        _lay_observed(overlay, name, seen)
    if form.rule:
        overlay.tell("counting rule of recognition, where a run gives none", "", form.rule)
    _cite(overlay, form)
    return overlay


def write_ends(ends: Any, law: str = "") -> str:
    """Write low, best and high as one number where they are one, else in a row.

    Examples
    --------
    >>> write_ends((0.4, 0.4, 0.4)), write_ends((0.3, 0.6, 0.9)), write_ends((12, 12, None))
    ('0.4', '0.3 / 0.6 / 0.9', '12')
    """
    known = [float(end) for end in ends if not pd.isna(end)]
    if not known:
        return ""
    text = f"{known[0]:.6g}" if len(set(known)) == 1 else " / ".join(f"{end:.6g}" for end in known)
    return text + (f", {law}" if law else "")


# Assumptions


def _assume(overlay: Overlay, name: str, law: Law) -> None:
    """Put an assumption of the user's in the place of ours, and its draws in the place of fitted ones."""
    table = overlay.table("assumptions")
    row = table[table["assumption_id"] == name].iloc[0].to_dict()
    ours = write_ends([row[end] for end in ENDS], "" if pd.isna(row["distribution"]) else row["distribution"])
    if name in (*COMMON, *CORRELATIONS):
        drawn = _weighted(overlay.table("posterior"), name)
        ours = f"{ours} assumed; {write_ends(np.round(drawn, 3))} fitted"
    new = {**row, **dict(zip(ENDS, law.ends, strict=True)), "distribution": law.text, "why": BY_THE_CASE}
    overlay.add("assumptions", new, ("assumptions", name))
    if name in CORRELATIONS:
        _draw_anew(overlay, name, law)
    yours = write_ends(law.ends, law.law)
    if write_ends([row[end] for end in ENDS]) != yours or name in (*COMMON, *CORRELATIONS):
        overlay.tell(f"{row['quantity']} ({row['applies_to']})", ours, yours, str(row["unit"]))


def _weighted(posterior: pd.DataFrame, name: str) -> tuple[float, float, float]:
    """Mean of fitted draws over both scopes of coverage, and the ends of the smallest and the largest."""
    mean = float(np.average(posterior[name], weights=posterior["weight"]))
    low, high = posterior[name].quantile([0.05, 0.95])
    return float(low), mean, float(high)


def _draw_anew(overlay: Overlay, name: str, law: Law) -> None:
    """Spread a law evenly over the weights of the fitted draws, in random order."""
    posterior = overlay.table("posterior").copy()
    ranges = require_ranges(_ranges_of(name, law))
    for scope in dict.fromkeys(posterior["coverage_scope"]):
        rows = np.flatnonzero(posterior["coverage_scope"] == scope)
        order = np.random.default_rng(SEED).permutation(rows)
        weights = posterior["weight"].to_numpy(float)[order]
        places = (np.cumsum(weights) - weights / 2) / weights.sum()
        drawn = spread(places[:, None], ranges, "pert")[name].to_numpy()
        posterior.iloc[order, posterior.columns.get_loc(name)] = drawn
    overlay.put("posterior", posterior)


def _ranges_of(name: str, law: Law) -> pd.DataFrame:
    low, best, high = law.ends
    return pd.DataFrame({"low": low, "best": best, "high": high, "distribution": law.text}, index=[name])


def _assume_alone(overlay: Overlay, name: str, what: tuple[str, str, str], law: Law, path: Path) -> None:
    """Add an assumption about one system alone: what it is, of what, and in which unit."""
    quantity, applies_to, unit = what
    row: dict[str, Any] = {
        "assumption_id": name,
        "quantity": quantity,
        "applies_to": applies_to,
        "unit": unit,
        "why": BY_THE_CASE,
    }
    row |= dict(zip(ENDS, law.ends, strict=True)) | {"distribution": law.text, "used_by": "own_case"}
    overlay.add("assumptions", row, path)


def _common(overlay: Overlay, name: str) -> str:
    table = overlay.ours[f"{ROOM}assumptions"]
    return write_ends(table.loc[table["assumption_id"] == name, [*ENDS]].iloc[0])


# Systems


def _lay_system(overlay: Overlay, name: str, system: System, form: Form) -> None:
    path: Path = ("systems", name)
    table = overlay.table("systems").set_index("system_id")
    known = name in table.index
    if known:
        given = [key for key in ("name", "layer", "range_km", "ceiling_km") if getattr(system, key) is not None]
        if given:
            overlay.refuse((*path, given[0]), "is published for this system of ours; leave it out.")
            return
        words, layer = str(table["name"][name]), str(table["layer"][name])
    else:
        words, layer = str(system.name), str(system.layer)
        _add_system(overlay, name, system, form)
    _rate(overlay, name, words, system.ratings, path)
    ratings = overlay.table("capability").set_index(["system_id", "threat_class"])["capability"]
    for threat_class, law in system.kill_probability.items():
        place = (*path, "kill_probability", threat_class)
        rating = str(ratings.get((name, threat_class), "none"))
        if rating == "none":
            overlay.refuse(place, f"{name} is rated none against {threat_class}; give it a rating too, under ratings.")
            continue
        what = "kill probability of one interceptor, given a track", f"{words} against {threat_class}", "probability"
        _assume_alone(overlay, f"single_shot{OF_ONE}{name}_{threat_class}", what, law, place)
        ours = _common(overlay, f"single_shot_{rating}") + f" assumed for all rated {rating}" if known else ""
        overlay.tell(f"kill probability, {words} against {threat_class}", ours, write_ends(law.ends, law.law), what[2])
    if system.track:
        what = "chance that a threat is detected, tracked and assigned", words, "probability"
        _assume_alone(overlay, f"track{OF_ONE}{name}", what, system.track, (*path, "track"))
        ours = f"{_common(overlay, 'track_layer')} assumed for every layer"
        overlay.tell(f"track, {words}", ours, write_ends(system.track.ends, system.track.law), what[2])
    if system.coverage:
        what = "chance that the system can reach a threat where it goes", words, "probability"
        _assume_alone(overlay, f"coverage{OF_ONE}{name}", what, system.coverage, (*path, "coverage"))
        group = "upper" if layer in UPPER else "local_air"
        ours = f"{_common(overlay, f'coverage_{group}')} assumed for {'upper' if layer in UPPER else 'local'} layers"
        overlay.tell(f"coverage, {words}", ours, write_ends(system.coverage.ends, system.coverage.law), what[2])
    _stand_everywhere(overlay, name, words, system, path)


def _add_system(overlay: Overlay, name: str, system: System, form: Form) -> None:
    """Add a system of the user's own, with its published figures, rated none where she gives no rating."""
    path: Path = ("systems", name)
    placed = [architecture for architecture, members in form.layers.items() if name in members]
    row: dict[str, Any] = {
        "system_id": name,
        "name": system.name,
        "nation_origin": system.nation,
        "layer": system.layer,
    }
    row |= {"operators": ";".join(placed) or "none", "intercept_mechanism": system.mechanism, "status": "development"}
    row |= {"developer": "not stated", "note": BY_THE_CASE, "source_ids": SOURCE}
    overlay.add("systems", row, path)
    for parameter, value in (("max_range", system.range_km), ("max_altitude", system.ceiling_km)):
        if value is not None:
            figure: dict[str, Any] = {
                "claim_id": f"{name}.{parameter}.{SOURCE}",
                "system_id": name,
                "parameter": parameter,
            }
            figure |= dict.fromkeys(ENDS, value) | {"unit": "km", "bound": "exact", "target_kind": "not_stated"}
            overlay.add("system_parameters", figure | _claimed(), (*path, f"{parameter[4:]}_km"))
    for threat_class in THREAT_CLASSES:
        rating = {"claim_id": f"{name}.{threat_class}", "system_id": name, "threat_class": threat_class}
        overlay.add("capability", rating | {"capability": "none"} | _claimed(), (*path, "ratings"))
    overlay.tell("system", "", f"{system.name} ({system.layer}), {', '.join(system.ratings)}")


def _claimed() -> dict[str, str]:
    """The end of a row of the user's: how sure, from where."""
    return {"confidence": "low", "source_id": SOURCE, "note": BY_THE_CASE}


def _rate(overlay: Overlay, name: str, words: str, ratings: Mapping[str, str], path: Path) -> None:
    for threat_class, rating in ratings.items():
        table = overlay.table("capability")
        found = table[(table["system_id"] == name) & (table["threat_class"] == threat_class)]
        claim, ours = (found["claim_id"].iloc[0], found["capability"].iloc[0]) if len(found) else (None, "none")
        row = {"claim_id": claim or f"{name}.{threat_class}", "system_id": name, "threat_class": threat_class}
        overlay.add("capability", row | {"capability": rating} | _claimed(), (*path, "ratings", threat_class))
        overlay.tell(f"rating, {words} against {threat_class}", ours, rating)


def _stand_everywhere(overlay: Overlay, name: str, words: str, system: System, path: Path) -> None:
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
        _lay_standing(overlay, architecture, name, standing, path)
    if system.rounds:
        _state_rounds(overlay, name, words, "", system.rounds, (*path, "rounds"))


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
        for one, row in _rounds_of(overlay, system).items()
        if architecture in ("", one)
    )
    _assume_alone(overlay, name, ("ready rounds", where, "missiles"), law, path)
    overlay.tell(f"ready rounds, {where}", ours, write_ends(law.ends, law.law), "missiles")


def _rounds_of(overlay: Overlay, system: str) -> dict[str, dict[str, Any]]:
    """Ready rounds of a system in each architecture of ours, counting what is announced too."""
    ours = Facts({name: overlay.ours[name if name == SOURCES else f"{ROOM}{name}"] for name in (*TABLES, SOURCES)})
    found = {}
    for architecture in ARCHITECTURES.ours:
        rounds = ready_rounds(architecture, ours, "announced").set_index("system_id")
        if system in rounds.index:
            found[architecture] = rounds.loc[system].to_dict()
    return found


# Architectures


def _lay_architecture(overlay: Overlay, name: str, own: Architecture) -> None:
    path: Path = ("architectures", name)
    table = overlay.table("architectures").set_index("architecture_id")
    as_of, owner = own.as_of, own.owner
    if own.builds_on:
        base = table.loc[own.builds_on]
        as_of = as_of or base["as_of"]
        owner = owner or (None if pd.isna(base["owner"]) else base["owner"])
    if not as_of:
        overlay.refuse(path, "says neither as_of nor builds_on; give the time that it describes, such as 2026.")
        return
    row = {"architecture_id": name, "name": own.name, "as_of": as_of, "owner": owner, "note": own.note}
    overlay.add("architectures", row | {"builds_on": own.builds_on}, path)
    overlay.tell("architecture", "", f"{own.name}" + (f", on {own.builds_on}" if own.builds_on else ""))


def _lay_standing(overlay: Overlay, architecture: str, system: str, standing: Standing, path: Path) -> None:
    """Put a system into an architecture, change what there is of it, or take it out."""
    table = overlay.table("architecture_layers")
    own = (table["architecture_id"] == architecture) & (table["system_id"] == system)
    names = overlay.table("systems").set_index("system_id")["name"]
    words = str(names.get(system, system))
    if standing.taken_out:
        _take_out(overlay, architecture, system, words, path)
        return
    before = _row_before(overlay, architecture, system, standing.state)
    if (
        before is None
        or before["architecture_id"] != architecture
        or not (own & (table["state"] == standing.state)).any()
    ):
        row = {"claim_id": f"{architecture}.{system}.{standing.state}.{SOURCE}", "role": standing.role}
        kept = {} if before is None else {name: before[name] for name in before if name.startswith(("batt", "interc"))}
        row |= {
            "architecture_id": architecture,
            "system_id": system,
            "state": standing.state,
            "state_source_id": SOURCE,
        }
        overlay.add("architecture_layers", row | kept | _claimed(), path)
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
            | {f"batteries_{end}": 0 for end in ENDS}
            | {f"interceptor_stock_{end}": 0 for end in ENDS}
            | _claimed(),
            path,
        )
        where = f"ready_rounds{OF_ONE}{system}_{architecture}"
        _assume_alone(overlay, where, ("ready rounds", f"{words} in {architecture}", "missiles"), none, path)
    overlay.tell(f"layer of {architecture}", words, "taken out")


# Raids


def _lay_raid(overlay: Overlay, name: str, raid: Raid) -> None:
    table = overlay.table("raids")
    old = table[table["raid_id"] == name]
    ours = ", ".join(f"{row.threat_class} {row.threats}" for row in old.itertuples())
    overlay.put("raids", table[table["raid_id"] != name])
    days = f", on {raid.days} days without a reload" if raid.days > 1 else ""
    for threat_class, threats in raid.threats.items():
        row: dict[str, Any] = {
            "claim_id": f"{name}.{threat_class}",
            "raid_id": name,
            "name": raid.name,
            "threat_class": threat_class,
        }
        row |= {"threats": threats * raid.days, "why": f"{BY_THE_CASE}{days}"}
        overlay.add("raids", row, ("raids", name, "threats", threat_class))
    yours = ", ".join(f"{threat_class} {threats * raid.days}" for threat_class, threats in raid.threats.items())
    overlay.tell(f"notional raid {name}{days}", ours, yours, "threats")


def _lay_observed(overlay: Overlay, name: str, seen: ObservedRaid) -> None:
    path: Path = ("observed_raids", name)
    if seen.defence and seen.defence not in set(overlay.table("fielded")["defence_id"]):
        overlay.refuse((*path, "defence"), "is no defence of air_defence/fielded; leave it out.", seen.defence)
        return
    table = overlay.table("observed_raids")
    overlay.put("observed_raids", table[table["raid_id"] != name])
    shared: dict[str, Any] = {"raid_id": name, "name": seen.name, "war": seen.war, "begin": seen.begin, "end": seen.end}
    shared |= {"salvos": seen.salvos, "counted_by": seen.counted_by, "denominator": seen.denominator}
    shared |= {"censored": seen.censored, "defence_id": seen.defence} | _claimed()
    for threat_class, counted in seen.counts.items():
        row = {"claim_id": f"{name}.{threat_class}", "threat_class": threat_class, **shared}
        overlay.add("observed_raids", row | counted.model_dump(), (*path, "counts", threat_class))
        said = ", ".join(f"{key} {value}" for key, value in counted.model_dump(exclude_none=True).items())
        overlay.tell(f"observed raid {name}, {threat_class}", "", said, "threats")


def _cite(overlay: Overlay, form: Form) -> None:
    """Give the case its place among the sources, where some row cites it."""
    cited = any(
        frame[column].astype("str").eq(SOURCE).any()
        for frame in overlay.frames.values()
        for column in ("source_id", "source_ids", "state_source_id")
        if column in frame
    )
    if cited:
        row: dict[str, Any] = {"source_id": SOURCE, "title": f"Case of the user: {form.name}", "publisher": "the user"}
        row |= {"kind": "derived", "role": "evidence", "note": form.note or None}
        overlay.add(SOURCES, row, ("name",))
