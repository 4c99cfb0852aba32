"""The brief on T-Dome: what it may stop, what it costs, what is paid for, as facts of one answer."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.air_defence.facts.states import base_of
from analysis.facts import Facts
from analysis.figures import grammar
from analysis.figures.air_defence.coverage import STATE_WORDS
from analysis.figures.air_defence.programme import say_begun, write_month
from analysis.figures.air_defence.words import LAYER_WORDS, name_system
from analysis.figures.words import CLAIM, cite


def facts_of_brief(
    rated: Mapping[str, Any],
    stages: Mapping[str, Any],
    bills: pd.DataFrame,
    leakers: Mapping[str, Any],
    held: Mapping[str, Any],
    facts: Facts,
) -> dict[str, Any]:
    """Facts of ``brief.in_short``.

    Parameters
    ----------
    rated : mapping
        From ``coverage.facts_of_rated`` of the one architecture.
    stages : mapping
        From ``programme.facts_of_stages``.
    bills : pandas.DataFrame
        From ``facts.programme.rival_bills``.
    leakers : mapping
        From ``leakage_by_class.facts_of_classes``.
    held : mapping
        From ``hindcast_raids.facts_of_left_out``: how raids of a war that was left out were predicted.
    facts : Facts
        Tables: systems, sources.
    """
    sources, systems = facts.sources, facts.systems
    layers = dict(zip(systems["name"].map(name_system), systems["layer"].map(LAYER_WORDS), strict=True))
    steps = [step | {"cited": cite(sources, step["source_id"])} for step in stages["steps"].to_dict("records")]
    last = {step["stage"]: step for step in steps}
    (own,) = rated["architectures"]
    return {
        "named": {state: [_name_layer(name, layers) for name in names] for state, names in own["named"].items()},
        "begun": [
            {"name": name_system(row["name"]), "begun": row["begun"]}
            for row in stages["contracts"]
            if isinstance(row["begun"], str) and name_system(row["name"]) in own["named"].get("funded", [])
        ],
        "named_class": rated["named_class"],
        "estimate": last.get("estimated"),
        "estimated_by": _name_estimator(last.get("estimated")),
        "enacted": last.get("enacted"),
        "estimates": sum(step["stage"] == "estimated" for step in steps),
        "requests": [step for step in steps if step["stage"] == "requested"],
        "tranches": [row | {"cited": cite(sources, row["source_id"])} for row in stages["tranches"]],
        "bills": [
            {"fact": row.fact, "when": write_month(row.date), "cited": cite(sources, row.source_id)}
            for row in bills.itertuples()
        ],
        "contracts": [row | {"cited": cite(sources, row["source_id"])} for row in stages["contracts"]],
        "delivered": stages["delivered"],
        "no_nearer": held["no_nearer"],
        **{name: leakers[name] for name in ("chosen", "spread", "moved_most_by", "records", "without_rate", "fitted")},
        **{name: leakers[name] for name in ("fitted_raids", "fitted_wars", "of_these_data")},
    }


def _name_layer(name: str, layers: Mapping[str, str]) -> str:
    """Name a rated system with its layer, its grade, and whether its rating was seen in no source.

    Examples
    --------
    >>> layers = {"Strong Bow": "Upper, in the atmosphere", "Sky Bow III": "Long"}
    >>> _name_layer("Strong Bow (secondary, ?)", layers), _name_layer("Sky Bow III", layers)
    ('Strong Bow (upper layer; secondary, rating seen in no source)', 'Sky Bow III (long layer)')
    """
    system, _, marks = name.partition(" (")
    grades = marks.rstrip(")").replace("?", "rating seen in no source")
    layer = layers[system].partition(",")[0].lower()
    return f"{system} ({layer} layer{'; ' if grades else ''}{grades})"


def _name_estimator(step: Mapping[str, Any] | None) -> str:
    """Name who estimated, where the row says that nobody is named; else the row's source does."""
    note = str(step["note"]) if step else ""
    return note if note.startswith("unnamed") else ""


def table_of_ratings(
    rated: pd.DataFrame, architecture: str, threat_class: str, facts: Facts, acts: pd.DataFrame
) -> pd.DataFrame:
    """Lay out who is rated against one class, by whose word, and how far each system has come, by whose.

    ``rated`` is that of ``coverage.rated_by_class``; the state is that of the architecture, else of the one on which it
    builds. ``acts`` (``programme.acts_by_element``) tell of what is not fielded whether a first delivery is reported.
    """
    own = rated[(rated["architecture_id"] == architecture) & (rated["threat_class"] == threat_class)]
    rows = own.merge(
        facts.capability.drop(columns=["capability", "note"]), how="left", on=["system_id", "threat_class"]
    )
    layers = facts.architecture_layers
    stated = layers[layers["architecture_id"].isin([architecture, base_of(architecture, facts)])]
    stated = stated.sort_values("architecture_id", key=lambda names: names != architecture, kind="stable")
    stated = stated.drop_duplicates(["system_id", "state"])[["system_id", "state", "state_source_id"]]
    rows = rows.merge(stated, how="left", on=["system_id", "state"])
    rows = rows.sort_values("state", key=lambda names: names.map(list(STATE_WORDS).index), kind="stable")
    cited = [cite(facts.sources, source) for source in rows["source_id"]]
    begun, begun_by = say_begun(rows["system_id"].where(rows["state"] != "fielded"), acts, facts.sources)
    stage_by = [cite(facts.sources, source) for source in rows["state_source_id"]]
    return grammar.head_rows({
        "System": rows["name"],
        "Layer": rows["system_id"].map(facts.systems.set_index("system_id")["layer"]).map(LAYER_WORDS),
        "Rated": rows["capability"],
        "By": pd.Series(cited, index=rows.index).where(rows["confirmed"], "seen in no source"),
        "Confidence": rows["confidence"],
        "Stage": rows["state"].map(STATE_WORDS)
        + rows["reserve"].map(lambda words: f" ({words})" if words else "")
        + [f"; {words}" if words else "" for words in begun],
        "Stage by": ["; ".join(filter(None, both)) for both in zip(stage_by, begun_by, strict=True)],
        CLAIM: rows["claim_id"],
    })  # fmt: skip
