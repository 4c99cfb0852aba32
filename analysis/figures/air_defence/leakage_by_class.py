"""Leakers of each class: where kill, coverage and track come from, and what rates of real raids would give."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.air_defence.facts.choices import ARCHITECTURES, THREAT_CLASSES
from analysis.figures import grammar, style
from analysis.figures.air_defence.leakage import name_threats
from analysis.figures.words import raise_first

LEVEL_WORDS = {
    "common": "levels shared by past wars",
    "new_war": "levels of a new war",
    "apart": "assumed levels, drawn apart",
    "together": "assumed levels, one common cause",
}
STATE_WORDS = {
    "fielded": "what is fielded",
    "funded": "what is fielded or funded",
    "announced": "all that is announced",
}
CHOICES = {
    "chosen": "As chosen",
    **{name: f"Counting {words}" for name, words in STATE_WORDS.items()},
    "common": "Levels fitted to raids",
    **{way: raise_first(LEVEL_WORDS[way]) for way in ("apart", "together")},
}
COLOURS = style.LEVEL_COLOURS | {"apart": style.LEVEL_COLOURS["assumed"], "together": style.NOT_KNOWN}
SHORT_SCOPES = {"layer": "layer by layer", "place": "all layers over one place"}
DOT_INCHES = 0.86
RATE_MARKS = (("^", style.INK), ("^", "white"), ("s", style.INK), ("s", "white"))  # a record each

SHORT_RECORDS = {
    "Ukraine, second half of 2025": "Ukraine",
    "the Emirates from 28 February 2026": "the Emirates",
    "the same, what fell in the sea as let through": "the Emirates",
}
"""Records of real raids where there is little room; the figure beside it names them whole."""


def plot_dots_by_class(dots: pd.DataFrame, rates: pd.DataFrame, own: tuple[str, str]) -> Figure:
    """Draw the leakers of each class in one case, and of all in every case, as twenty dots of equal chance.

    ``dots`` is from ``leakage.equal_chances`` over ``posterior.cases_side_by_side``, ``own`` the case whose classes are
    drawn; ``rates`` is from ``rates.leakers_at_rates``, with the ``record`` that each row takes.
    """
    of_all = dots["threat_class"] == "all"
    classes = list(dict.fromkeys(dots.loc[~of_all, "threat_class"]))
    cases = list(dict.fromkeys(dots["case"]))
    upper = dots[~of_all & (dots["case"] == own)]
    upper = upper.assign(place=upper["threat_class"].map(classes.index))
    lower = dots[of_all].assign(place=dots["case"].map(cases.index))
    real = rates.dropna(subset=["leakers"])
    sums = rates.groupby("record", sort=False)["leakers"].sum(min_count=1).dropna().reset_index()
    shape: dict[str, Any] = {"nrows": 2, "height_ratios": [len(classes), len(cases)]}
    words = words_of_dots(own, cases, rates)
    rows = len(classes) + len(cases)
    with grammar.drawing(words["title"], rows, DOT_INCHES, 2.6, style.NARROW, **shape) as (figure, axes):
        of = upper.groupby("threat_class")["threats"].first()
        named = [words["of_class"].format(words["classes"][name], of[name]) for name in classes]
        _draw_dots(axes[0], upper, real.assign(place=real["threat_class"].map(classes.index)), named, own[1])
        axes[0].set_title(words["by_class"], fontsize=10)
        axes[0].set_xlabel(words["axis"], fontsize=10)
        total = dots.loc[of_all, "threats"].iloc[0] if len(dots) else 0
        marks = pd.concat([sums.assign(place=place) for place in range(len(cases))])
        for level, some in lower.groupby(lower["case"].str[1], sort=False):
            _draw_dots(axes[1], some, marks.iloc[:0], [], str(level), lower)
        _draw_dots(axes[1], lower.iloc[:0], marks, words["cases"], own[1], lower)
        axes[1].set_title(words["of_all"].format(total), fontsize=10)
        axes[1].set_xlabel(words["axis"], fontsize=10)
        colours = {text: COLOURS[level] for text, (_, level) in zip(words["dots"], cases, strict=True)}
        keys = [grammar.key(text, marker="o", color=colour) for text, colour in colours.items()]
        keys += [
            grammar.key(words["records"][record], marker=mark, color=style.INK, markerfacecolor=face, markersize=6)
            for record, (mark, face) in zip(sums["record"], RATE_MARKS, strict=False)
        ]
        grammar.put_legend(figure, keys, 1, fontsize=9)
    return figure


def _draw_dots(axes: Axes, dots: pd.DataFrame, real: pd.DataFrame, names: Sequence[str], level: str,
               whole: pd.DataFrame | None = None) -> None:  # fmt: skip
    """Draw rows of dots with a name above each, and beneath them what real rates would let through."""
    shown = dots if whole is None else whole
    ends = [shown["leakers"].max() if len(shown) else 0, real["leakers"].max() if len(real) else 0, 1]
    rows = int(shown["place"].max()) + 1 if len(shown) else 1
    axes.set(xlim=(-0.7, max(axes.get_xlim()[1], 1.03 * max(ends) + 0.7)), ylim=(rows - 0.8, -0.9))
    grammar.draw_quantile_dots(axes, dots, "leakers", COLOURS[level], inches=DOT_INCHES)
    records = list(dict.fromkeys(real["record"])) if len(real) else []
    for order, (record, (mark, face)) in enumerate(zip(records, RATE_MARKS, strict=False)):
        own = real[real["record"] == record]
        look: dict[str, Any] = {"marker": mark, "color": face, "edgecolor": style.INK}
        size, above = 22 + 10 * order, 5 - order / 10  # a later one shows around an earlier one
        axes.scatter(own["leakers"], own["place"] + 0.09, s=size, zorder=above, **look)
    grammar.write_rows(axes, names, -0.4, -0.66)
    for place in range(len(names)):
        axes.axhline(place, color=style.GRID, linewidth=1, zorder=1)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")


def words_of_dots(own: tuple[str, str], cases: Sequence[tuple[str, str]], rates: pd.DataFrame) -> dict[str, Any]:
    """Words of the dots' figure, of which a page draws another for a case of its reader; arguments as in the plot."""
    return {
        "title": "How many leak: 20 dots of equal chance",
        "by_class": f"By class, {LEVEL_WORDS[own[1]]}",
        "of_class": "{}, of {}",
        "of_all": "All {} together, by what is known of the defence",
        "axis": "Threats that leak",
        "dots": [f"one raid in twenty, {LEVEL_WORDS[level]}" for _, level in cases],
        "classes": dict(THREAT_CLASSES),
        "cases": [raise_first(_name_case(case)) for case in cases],
        "records": {record: f"at the rates of {record}" for record in dict.fromkeys(rates["record"])},
    }


def facts_of_classes(
    found: pd.DataFrame,
    rates: pd.DataFrame,
    architecture: str,
    programme_state: str,
    own: tuple[str, str],
    fitted_to: pd.DataFrame,
    of_these_data: bool,
    held: Mapping[str, Any],
) -> dict[str, Any]:
    """Facts of ``leakage.in_short`` and ``leakage.classes``: the case as chosen, those beside it, and real rates.

    ``own`` is the scope of coverage and the level of the case as chosen; ``found`` is from
    ``leakage.leakers_by_class``, ``rates`` as in :func:`plot_dots_by_class`; ``records`` count the threats that have a
    rate. ``fitted_to`` has rows of raids to which inputs were fitted (``tables.stored_results``), ``of_these_data``
    tells whether they still stand so in the tables, ``held`` (``hindcast_raids.facts_of_left_out``) whether they come
    nearer to a war that was left out than our assumptions.
    """
    scopes = found.assign(scope=found["case"].str[0], level=found["case"].str[1])
    of_all = scopes[scopes["threat_class"] == "all"].set_index(["scope", "level"])
    here = scopes[(scopes["scope"] == own[0]) & (scopes["level"] == own[1])]
    rated = rates.assign(threats=rates["threats"].where(rates["leakers"].notna(), 0))
    sums = rated.groupby("record", sort=False)[["leakers", "threats"]].sum()
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
            {"scope": SHORT_SCOPES[scope], "level": LEVEL_WORDS[level], "own": (scope, level) == own, **row}
            for (scope, level), row in of_all.to_dict("index").items()
        ],
        **facts_of_readings(found, own),
        "fitted": own[1] == "common",
        "fitted_raids": fitted_to["raid_id"].nunique(),
        "fitted_wars": fitted_to["war"].nunique(),
        "of_these_data": of_these_data,
        "no_nearer": held["no_nearer"],
        "records": [
            row | {"place": SHORT_RECORDS.get(row["record"], row["record"])}
            for row in sums.reset_index().to_dict("records")
        ],
        "without_rate": [
            name_threats(name) for name in dict.fromkeys(rates.loc[rates["leakers"].isna(), "threat_class"])
        ],
    }


def facts_of_readings(found: pd.DataFrame, own: tuple[str, str]) -> dict[str, Any]:
    """Lowest and highest mean of all readings of one raid, and what moves it most (frames of ``facts_of_classes``)."""
    of_all = found[found["threat_class"] == "all"]
    means = pd.Series(of_all["mean"].to_numpy(), pd.MultiIndex.from_tuples(of_all["case"], names=["scope", "level"]))
    return {"spread": {"least": means.min(), "most": means.max()}, "moved_most_by": _find_mover(means, own)}


def _find_mover(means: pd.Series, own: tuple[str, str]) -> str:
    """Find what moves the mean more if it alone is another: ``scope`` or ``level``; empty where nothing is beside."""
    moved = {
        ("scope" if level == own[1] else "level"): abs(mean - means[own])
        for (scope, level), mean in means.items()
        if (scope == own[0]) != (level == own[1])
    }
    return max(moved, key=lambda name: moved[name], default="")


def facts_of_dots(dots: pd.DataFrame, own: tuple[str, str], rates: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``leakage.dots``: what half of the raids, and all but one in twenty, let through in the case as chosen.

    ``others`` are the same of the other cases, ``farthest`` the place of that whose 19 dots reach farthest.
    ``dots``, ``own`` and ``rates`` are those of :func:`plot_dots_by_class`; ``borrowed`` are the classes that take the
    rate of another one, record by record.
    """
    here = dots[dots["case"] == own].groupby("threat_class", sort=False)["leakers"]
    half, most = here.quantile(0.5, "lower"), here.quantile(0.95, "lower")
    beside = dots[(dots["threat_class"] == "all") & (dots["case"] != own)].groupby("case", sort=False)["leakers"]
    others = [
        {"reading": _name_case(case), "half": some.quantile(0.5, "lower"), "most": some.quantile(0.95, "lower")}
        for case, some in beside
    ]
    borrowed = rates[(rates["rate_of"] != "") & (rates["rate_of"] != rates["threat_class"])]
    return {
        "reading": _name_case(own),
        "others": others,
        "farthest": max(range(len(others)), key=lambda place: others[place]["most"], default=0),
        "half": half["all"],
        "most": most["all"],
        "dots_each": dots["dot"].max(),
        "borrowed": [
            {"record": row.record, "name": name_threats(row.threat_class), "rate_of": name_threats(row.rate_of)}
            for row in borrowed.itertuples()
        ],
        "all_threats": dots.loc[dots["threat_class"] == "all", "threats"].iloc[0],
        "ends_of_class": [
            {"name": name_threats(str(name)), "half": half[name], "most": most[name]}
            for name in half.index
            if name != "all"
        ],
    }


def _name_case(case: tuple[str, str]) -> str:
    return f"{LEVEL_WORDS[case[1]]}, {SHORT_SCOPES[case[0]]}"


def table_of_classes(found: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """Lay out leakers by class in every case, mean and nine of ten draws, beside the rates of real raids."""
    scopes = {"layer": "layer by layer", "place": "one place"}
    labels = {(scope, level): f"{LEVEL_WORDS[level]}, {scopes[scope]}" for scope, level in found["case"].unique()}
    numbers = [f"{row.mean:.2f} ({row.low:.2f} to {row.high:.2f})" for row in found.itertuples()]
    wide = found.assign(label=found["case"].map(labels), number=numbers)
    table = wide.pivot(index="threat_class", columns="label", values="number")[list(labels.values())]
    real = rates.pivot(index="threat_class", columns="record", values="leakers")[list(dict.fromkeys(rates["record"]))]
    real.loc["all"] = real.sum(min_count=1)
    table = table.join(real.map("{:.1f}".format, na_action="ignore").add_prefix("at the rate of "))
    order = list(dict.fromkeys(found["threat_class"]))
    names: Mapping[str, str] = THREAT_CLASSES | {"all": "All classes"}
    return table.loc[order].rename(index=names).fillna("no rate").rename_axis(index=None, columns="Class")


def table_of_choices(found: pd.DataFrame) -> pd.DataFrame:
    """Lay out leakers by class with other systems counted, or other inputs, than chosen: a row a choice.

    ``found`` is from ``leakage.leakers_by_class`` over ``posterior.cases_otherwise``.
    """
    numbers = [f"{row.mean:.1f} ({row.low:.1f} to {row.high:.1f})" for row in found.itertuples()]
    wide = found.assign(number=numbers).pivot(index="case", columns="threat_class", values="number")
    names: Mapping[str, str] = THREAT_CLASSES | {"all": "All classes"}
    table = wide[list(dict.fromkeys(found["threat_class"]))].loc[list(dict.fromkeys(found["case"]))]
    return table.rename(index=CHOICES, columns=names).rename_axis(index=None, columns="Choice")
