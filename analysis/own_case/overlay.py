"""A case laid over our tables: frames in, frames out, and what differs from ours."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.air_defence.calibration.prior import COMMON, CORRELATIONS
from analysis.air_defence.facts.choices import THREAT_CLASSES
from analysis.air_defence.facts.claims import OF_ONE
from analysis.air_defence.questions.forces import UPPER
from analysis.air_defence.questions.posterior import ends_of_draws
from analysis.air_defence.questions.uncertainty import require_ranges, spread
from analysis.own_case.form import ENDS, Architecture, Form, Law, ObservedRaid, Raid, System
from analysis.own_case.laid import (
    BY_THE_CASE,
    ROOM,
    SOURCE,
    SOURCES,
    Overlay,
    assume_alone,
    claimed,
    write_ends,
)
from analysis.own_case.standing import lay_standing, stand_everywhere
from analysis.own_case.tree import Path

SEED = 7


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
            lay_standing(overlay, architecture, system_id, standing, ("layers", architecture, system_id))
    for name, raid in form.raids.items():
        _lay_raid(overlay, name, raid)
    for name, seen in form.observed_raids.items():
        _lay_observed(overlay, name, seen)
    if form.rule:
        overlay.tell("counting rule of recognition, where a run gives none", "", form.rule)
    _cite(overlay, form)
    return overlay


# Assumptions


def _assume(overlay: Overlay, name: str, law: Law) -> None:
    """Put an assumption of the user's in the place of ours, and its draws in the place of fitted ones."""
    table = overlay.table("assumptions")
    row = table[table["assumption_id"] == name].iloc[0].to_dict()
    ours = write_ends([row[end] for end in ENDS], "" if pd.isna(row["distribution"]) else row["distribution"])
    if name in (*COMMON, *CORRELATIONS):
        ours = f"{ours} assumed; {_fitted(overlay, name)}"
    new = {**row, **dict(zip(ENDS, law.ends, strict=True)), "distribution": law.text, "why": BY_THE_CASE}
    overlay.add("assumptions", new, ("assumptions", name))
    if name in CORRELATIONS:
        _draw_anew(overlay, name, law)
    yours = write_ends(law.ends, law.law)
    if write_ends([row[end] for end in ENDS]) != yours or name in (*COMMON, *CORRELATIONS):
        overlay.tell(f"{row['quantity']} ({row['applies_to']})", ours, yours, str(row["unit"]))


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


def _fitted(overlay: Overlay, name: str) -> str:
    """Write what raids that happened make of an assumption of ours, over both scopes of coverage."""
    drawn = overlay.ours[f"{ROOM}posterior"]
    return f"{write_ends(np.round(list(ends_of_draws(drawn[name], drawn['weight']).values()), 3))} fitted"


def _common(overlay: Overlay, name: str, of: str) -> str:
    """Write what of ours the systems of a kind share: as it is assumed, and as it is fitted."""
    table = overlay.ours[f"{ROOM}assumptions"]
    assumed = write_ends(table.loc[table["assumption_id"] == name, [*ENDS]].iloc[0])
    return f"{assumed} assumed for {of}" + (f"; {_fitted(overlay, name)}" if name in COMMON else "")


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
        assume_alone(overlay, f"single_shot{OF_ONE}{name}_{threat_class}", what, law, place)
        ours = _common(overlay, f"single_shot_{rating}", f"all rated {rating}") if known else ""
        overlay.tell(f"kill probability, {words} against {threat_class}", ours, write_ends(law.ends, law.law), what[2])
    if system.track:
        what = "chance that a threat is detected, tracked and assigned", words, "probability"
        assume_alone(overlay, f"track{OF_ONE}{name}", what, system.track, (*path, "track"))
        ours = _common(overlay, "track_layer", "every layer")
        overlay.tell(f"track, {words}", ours, write_ends(system.track.ends, system.track.law), what[2])
    if system.coverage:
        what = "chance that the system can reach a threat where it goes", words, "probability"
        assume_alone(overlay, f"coverage{OF_ONE}{name}", what, system.coverage, (*path, "coverage"))
        group = "upper" if layer in UPPER else "local_air"
        ours = _common(overlay, f"coverage_{group}", f"{'upper' if layer in UPPER else 'local'} layers")
        overlay.tell(f"coverage, {words}", ours, write_ends(system.coverage.ends, system.coverage.law), what[2])
    stand_everywhere(overlay, name, words, system, path)


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
            overlay.add("system_parameters", figure | claimed(), (*path, f"{parameter[4:]}_km"))
    for threat_class in THREAT_CLASSES:
        rating = {"claim_id": f"{name}.{threat_class}", "system_id": name, "threat_class": threat_class}
        overlay.add("capability", rating | {"capability": "none"} | claimed(), (*path, "ratings"))
    overlay.tell("system", "", f"{system.name} ({system.layer}), {', '.join(system.ratings)}")


def _rate(overlay: Overlay, name: str, words: str, ratings: Mapping[str, str], path: Path) -> None:
    for threat_class, rating in ratings.items():
        table = overlay.table("capability")
        found = table[(table["system_id"] == name) & (table["threat_class"] == threat_class)]
        claim, ours = (found["claim_id"].iloc[0], found["capability"].iloc[0]) if len(found) else (None, "none")
        row = {"claim_id": claim or f"{name}.{threat_class}", "system_id": name, "threat_class": threat_class}
        overlay.add("capability", row | {"capability": rating} | claimed(), (*path, "ratings", threat_class))
        overlay.tell(f"rating, {words} against {threat_class}", ours, rating)


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
    shared |= {"censored": seen.censored, "defence_id": seen.defence} | claimed()
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
