"""Leakers of each class: where kill, coverage and track come from, and what rates of real raids would give."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from analysis.air_defence.facts.choices import ARCHITECTURES, THREAT_CLASSES
from analysis.figures import grammar, style
from analysis.figures.air_defence.leakage import name_threats
from analysis.figures.captions import say

SCOPE_WORDS = {"layer": "each layer covering for itself", "place": "local layers covering one place or nothing"}
LEVEL_WORDS = {
    "common": "levels that wars share",
    "new_war": "levels of a new war",
    "apart": "assumed levels, drawn apart",
    "together": "assumed levels, one common cause",
}
STATE_WORDS = {
    "fielded": "what is fielded",
    "funded": "what is fielded or funded",
    "announced": "all that is announced",
}
COLOURS = style.LEVEL_COLOURS | {"apart": style.LEVEL_COLOURS["assumed"], "together": style.NOT_KNOWN}
STEP = 0.17  # between the marks of one class


def plot_leakers_by_class(found: pd.DataFrame, rates: pd.DataFrame) -> Figure:
    """Draw the leakers of each class in every case, and what the rates of real raids would let through.

    ``found`` is from ``leakage.leakers_by_class`` over ``posterior.cases_side_by_side``; ``rates`` is from
    ``rates.leakers_at_rates``, with the ``record`` that each row takes.
    """
    classes = list(dict.fromkeys(found["threat_class"]))
    rows = _lay_out(found, classes)
    real = rates.assign(place=rates["threat_class"].map(classes.index) + 0.42).dropna(subset=["leakers"])
    title = "How many leak, by class and by what is known of the defence"
    with grammar.drawing(title, len(classes), 1.05, 1.9) as (figure, axes):
        grammar.draw_ranges(axes, rows, "low", "high", COLOURS, by="level", linewidth=6, alpha=0.45)
        look: dict[str, Any] = {"marks": {"layer": "o", "place": "s"}, "mark_by": "scope"}
        grammar.draw_dots(axes, rows, "mean", COLOURS, by="level", size=42, **look)
        grammar.draw_dots(axes, real, "leakers", style.INK, size=64, marker="|", linewidth=2.2)
        grammar.name_rows(axes, [_name_row(name, found) for name in classes], 10)
        axes.set(xlabel="Threats that leak: mean, and nine of ten draws of what is not known", xlim=(0, None))
        grammar.put_legend(figure, _keys(rows), 2, fontsize=9, title=say("leakage.caveat", {}), alignment="left")
    return figure


def _lay_out(found: pd.DataFrame, classes: Sequence[str]) -> pd.DataFrame:
    """Put every case of a class on a line of its own, near those of the same class."""
    rows = found.assign(scope=found["case"].str[0], level=found["case"].str[1])
    order = {case: number for number, case in enumerate(dict.fromkeys(found["case"]))}
    middle = (len(order) - 1) / 2
    offset = rows["case"].map(order).sub(middle).mul(STEP).sub(0.08)
    return rows.assign(place=rows["threat_class"].map({name: place for place, name in enumerate(classes)}) + offset)


def _name_row(name: str, found: pd.DataFrame) -> str:
    threats = found.loc[found["threat_class"] == name, "threats"].iloc[0]
    words = "All classes" if name == "all" else THREAT_CLASSES[name]
    return f"{words}\n({threats})"


def _keys(rows: pd.DataFrame) -> list[Any]:
    keys = [grammar.key(LEVEL_WORDS[name], color=COLOURS[name], alpha=0.6) for name in dict.fromkeys(rows["level"])]
    keys += [
        grammar.key(SCOPE_WORDS[name], marker="o" if name == "layer" else "s") for name in dict.fromkeys(rows["scope"])
    ]
    return [
        *keys,
        grammar.key("at the rates of raids that happened, one stroke a record", marker="|", markeredgewidth=2.2),
    ]


def facts_of_classes(
    found: pd.DataFrame,
    rates: pd.DataFrame,
    architecture: str,
    programme_state: str,
    own: tuple[str, str],
    asked: pd.DataFrame,
    of_these_data: bool,
) -> dict[str, Any]:
    """Facts of ``leakage.in_short`` and ``leakage.classes``: the case as chosen, those beside it, and real rates.

    ``own`` is the scope of coverage and the level of the case as chosen; ``found`` and ``rates`` are those of
    :func:`plot_leakers_by_class`. ``asked`` has the rows of ``raids.ask_raids`` to which inputs are fitted, and
    ``of_these_data`` tells whether they still stand so in the tables.
    """
    scopes = found.assign(scope=found["case"].str[0], level=found["case"].str[1])
    of_all = scopes[scopes["threat_class"] == "all"].set_index(["scope", "level"])
    here = scopes[(scopes["scope"] == own[0]) & (scopes["level"] == own[1])]
    sums = rates.groupby("record", sort=False)[["leakers", "threats"]].sum(min_count=1)
    return {
        "defence": ARCHITECTURES[architecture],
        "counted": STATE_WORDS[programme_state],
        "chosen": of_all.loc[own].to_dict(),
        "by_class": [
            {"name": name_threats(row.threat_class), **row._asdict()}
            for row in here.itertuples()
            if row.threat_class != "all"
        ],
        "beside": [
            {"scope": SCOPE_WORDS[scope], "level": LEVEL_WORDS[level], "own": (scope, level) == own, **row}
            for (scope, level), row in of_all.to_dict("index").items()
        ],
        "fitted": own[1] == "common",
        "fitted_raids": asked["raid_id"].nunique(),
        "fitted_wars": asked["war"].nunique(),
        "of_these_data": of_these_data,
        "records": sums.reset_index().to_dict("records"),
        "without_rate": [
            name_threats(name) for name in dict.fromkeys(rates.loc[rates["leakers"].isna(), "threat_class"])
        ],
    }


def table_of_classes(found: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """Lay out leakers by class in every case, mean and nine of ten draws, beside the rates of real raids."""
    scopes = {"layer": "each layer", "place": "one place"}
    labels = {case: f"{LEVEL_WORDS[case[1]]}, {scopes[case[0]]}" for case in dict.fromkeys(found["case"])}
    numbers = [f"{row.mean:.2f} ({row.low:.2f} to {row.high:.2f})" for row in found.itertuples()]
    wide = found.assign(label=found["case"].map(labels), number=numbers)
    table = wide.pivot(index="threat_class", columns="label", values="number")[list(labels.values())]
    real = rates.pivot(index="threat_class", columns="record", values="leakers")[list(dict.fromkeys(rates["record"]))]
    real.loc["all"] = real.sum(min_count=1)
    table = table.join(real.map("{:.1f}".format, na_action="ignore").add_prefix("at the rate of "))
    order = list(dict.fromkeys(found["threat_class"]))
    names: Mapping[str, str] = THREAT_CLASSES | {"all": "All classes"}
    return table.loc[order].rename(index=names).fillna("no rate").rename_axis(index=None, columns="Class")
