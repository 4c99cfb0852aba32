"""Which system is rated against which threat class, what the classes are like, and in which bands no system is."""

import math
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from analysis.air_defence.facts.choices import ARCHITECTURES, CAPABILITIES, LAYERS, THREAT_CLASSES
from analysis.air_defence.facts.coverage import NOT_LISTED, RATED, UNNAMED
from analysis.figures import grammar, style
from analysis.figures.air_defence.rows import ROW_INCHES
from analysis.figures.air_defence.words import CLASS_WORDS, LAYER_WORDS, name_system, name_without_brackets
from analysis.figures.captions import say
from analysis.figures.words import CLAIMS_OF, write_claims_of

RESERVED = "fielded, with a reserve"
MEMBER_MARKS: dict[str, dict[str, Any]] = {
    "fielded": {"marker": "o"},
    RESERVED: {"marker": "o", "fillstyle": "left", "markerfacecoloralt": "white"},
    "funded": {"marker": "o", "markerfacecolor": "white"},
    "announced": {"marker": "x", "markersize": 5},
}
"""Hollow: paid for, not there; a cross: only announced."""
STATE_WORDS = {"fielded": "Fielded", "funded": "Funded, not fielded", "announced": "Announced only"}
LETTERS = {"primary": "P", "secondary": "S", "limited": "L", "none": ""}
COVER_WORDS = {"gap": "gap", "not known": "?"}
GRADES = style.CAPABILITY_COLOURS | style.COVER_COLOURS
STROKES = (0, (2, 1))
PROPERTIES: dict[str, tuple[str, float, float, dict[float, str]]] = {
    "speed_m_s": ("Speed (m/s)", 30, 10_000, {100: "100", 1000: "1,000", 10_000: "10,000"}),
    "altitude_km": ("Altitude of flight (km)", 0.008, 2000,
                    {0.01: "0.01", 0.1: "0.1", 1: "1", 10: "10", 100: "100", 1000: "1,000"}),
    "unit_cost_usd": ("Price of one (USD)", 100, 3e8, {1e3: "1,000", 1e5: "100,000", 1e7: "10 m"}),
}  # fmt: skip
"""Words of an axis, its ends, and its ticks."""
NAMED_CLASS = "srbm"
"""The class whose rated systems the answer names."""
RATED_TITLE = "Systems rated against each threat class"
RESTS = {
    "bands_fielded": "by systems not yet fielded",
    "bands_funded": "by announced ones only",
    "bands_confirmed": "seen in no source",
    "bands_floor_known": "by an assumed lower end",
}


def plot_rated_by_class(rated: pd.DataFrame, architectures: list[str]) -> Figure:
    """Draw how many systems are rated against each class, and how many of them stand, a panel an architecture.

    ``rated`` is that of ``coverage.rated_by_class``.
    """
    parts = rated.assign(unseen=~rated["confirmed"]).groupby(["architecture_id", "threat_class", "state", "unseen"])
    counts = parts.size().rename("systems").reset_index()
    counts["place"] = counts["threat_class"].map(list(CLASS_WORDS).index)
    counts = counts.sort_values("state", key=lambda states: states.map(list(STATE_WORDS).index), kind="stable")
    most = max(5, counts.groupby(["architecture_id", "threat_class"])["systems"].sum().max() if len(counts) else 0)
    shape = dict[str, Any](across=len(architectures) if len(architectures) < 4 else 2, wide=style.NARROW, sharey=True)
    inches = 0.4 + 0.27 * len(CLASS_WORDS)
    with grammar.small_multiples(RATED_TITLE, architectures, inches, 1.6, **shape) as (figure, panels):
        for architecture, axes in panels.items():
            own = counts[counts["architecture_id"] == architecture]
            grammar.draw_bars(axes, own, "systems", style.STATE_COLOURS, by="state", height=0.7, hatched="unseen")
            unmet = sorted(set(range(len(CLASS_WORDS))) - set(own["place"]))
            axes.plot([0.06 * most] * len(unmet), unmet, linestyle="none", marker="x", color=style.NO_SOURCE)
            axes.set(xlim=(0, 1.03 * most), xticks=range(0, int(most) + 1, 5 if most > 6 else 2), xlabel="Systems")
            axes.set_title(fill(ARCHITECTURES[architecture], 15 if len(architectures) > 2 else 40), fontsize=10)
            grammar.name_rows(axes, list(CLASS_WORDS.values()), 10)
        keys = grammar.keys_of(STATE_WORDS, counts["state"], color=style.STATE_COLOURS)
        if counts["unseen"].any():
            keys.append(grammar.key("hatched: seen in no source", facecolor=style.MUTED, **grammar.HATCHED))
        keys.append(grammar.key("no system rated", marker="x", color=style.NO_SOURCE))
        grammar.put_legend(figure, keys, 2, fontsize=9.5)
    return figure


def facts_of_rated(rated: pd.DataFrame, classes: pd.DataFrame, minimum_confidence: str) -> dict[str, Any]:
    """Facts of ``coverage.in_short`` and ``coverage.by_class``: what each architecture meets, and who meets one class.

    ``rated`` is that of ``coverage.rated_by_class``, ``classes`` that of ``coverage.coverage_by_class``.
    """
    of_class = rated[rated["threat_class"] == NAMED_CLASS]
    architectures = [
        met | _name_rated(of_class[of_class["architecture_id"] == architecture])
        for architecture, met in _count_met(classes).items()
    ]
    return {
        "architectures": architectures,
        "mover": max(architectures, key=lambda one: one["bands_rated"] - one["bands_confirmed"], default=None),
        **facts_of_counts(rated, minimum_confidence),
        "classes": len(THREAT_CLASSES),
        "class_id": NAMED_CLASS,
    }


def facts_of_counts(rated: pd.DataFrame, minimum_confidence: str) -> dict[str, Any]:
    """Facts of ``coverage.by_class``: in each architecture, against which classes most are rated, and how many."""
    ratings = rated.drop_duplicates(["system_id", "threat_class"])
    return {
        "ratings": len(ratings),
        "seen": int(ratings["confirmed"].sum()),
        "minimum_confidence": minimum_confidence,
        "met_most": [
            _count_most(str(architecture), own) for architecture, own in rated.groupby("architecture_id", sort=False)
        ],
        "named_class": THREAT_CLASSES[NAMED_CLASS].lower(),
    }


def _count_most(architecture: str, rated: pd.DataFrame) -> dict[str, Any]:
    """Say of one architecture which classes most systems meet, how many, which none, and whom its plan leaves out."""
    counts = rated["threat_class"].value_counts().reindex(list(THREAT_CLASSES), fill_value=0)
    return {
        "words": ARCHITECTURES[architecture],
        "systems": int(counts.max()),
        "classes": [THREAT_CLASSES[name].lower() for name in counts.index[counts == counts.max()]],
        "unmet": [THREAT_CLASSES[name].lower() for name in counts.index[counts == 0]],
        "unnamed": _name_rated(rated[rated["threat_class"] == NAMED_CLASS])["unnamed"],
    }


def _name_rated(rated: pd.DataFrame) -> dict[str, Any]:
    """Name the systems by how far they have come, and apart those that are there and that the plan does not name."""
    kept = rated["reserve"] == UNNAMED
    unnamed = [one for names in name_by_state(rated[kept]).values() for one in names]
    return {"named": name_by_state(rated[~kept]), "unnamed": unnamed}


def _count_met(classes: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Say of each architecture how many classes and class-bands it meets, and which classes it does not."""
    return {
        str(architecture): {
            "words": ARCHITECTURES[str(architecture)],
            "met": int((own["n_rated"] > 0).sum()),
            "unmet": [THREAT_CLASSES[name].lower() for name in own.loc[own["n_rated"] == 0, "threat_class"]],
            "gaps": sum(len(bands.split(", ")) for bands in own["gaps"] if bands),
            **own[["bands_rated", "bands_flown", "bands_fielded", "bands_confirmed"]].sum().to_dict(),
        }
        for architecture, own in classes.groupby("architecture_id", sort=False)
    }


def name_by_state(rated: pd.DataFrame) -> dict[str, list[str]]:
    """Name rated systems by how far they have come; grades but primary, and a ? for a rating seen in no source."""
    marks = [
        ", ".join([grade] * (grade != "primary") + ["?"] * (not seen))
        for grade, seen in zip(rated["capability"], rated["confirmed"], strict=True)
    ]
    words = rated["name"].map(name_system) + [f" ({mark})" if mark else "" for mark in marks]
    return {name: words[rated["state"] == name].tolist() for name in STATE_WORDS if (rated["state"] == name).any()}


def table_of_rated(rated: pd.DataFrame, architecture: str, capability: pd.DataFrame) -> pd.DataFrame:
    """Lay out who is rated against each class in one architecture, by how far each system has come.

    ``capability`` is the table with the claims behind the ratings.
    """
    own = rated[rated["architecture_id"] == architecture]
    classes = [own[own["threat_class"] == name] for name in THREAT_CLASSES]
    named = [name_by_state(rows) for rows in classes]
    table = {words: [", ".join(one.get(state, [])) or "none" for one in named] for state, words in STATE_WORDS.items()}
    table |= {
        f"{CLAIMS_OF}{words}": [_cite_ratings(rows[rows["state"] == state], capability) for rows in classes]
        for state, words in STATE_WORDS.items()
    }
    return pd.DataFrame(table, index=list(THREAT_CLASSES.values())).rename_axis(columns="Threat class")


def plot_capability_by_system(
    matrix: pd.DataFrame, confirmed: pd.DataFrame, members: pd.DataFrame, minimum_confidence: str
) -> Figure:
    """Draw who has each system, and how far it is rated against each class: by all ratings, and by those seen.

    ``matrix`` and ``confirmed`` are those of ``coverage.capability_matrix``, ``members`` those of ``list_members``.
    """
    if matrix.empty:
        return grammar.plot_nothing(say("coverage.no_rating", {"minimum_confidence": minimum_confidence}))
    listed = members.loc[members["state"] != NOT_LISTED, "system_id"]
    rows = members[["system_id", "name", "layer"]].drop_duplicates().sort_values("name", kind="stable")
    rows = rows.sort_values("layer", key=lambda layer: layer.map(LAYERS.index), kind="stable", ignore_index=True)
    widths = [0.36 * members["architecture_id"].nunique(), *[0.36 * len(CLASS_WORDS)] * 2]
    grid: dict[str, Any] = {"ncols": 3, "sharey": True, "width_ratios": widths}
    size = (style.WIDE[0], 2.6 + ROW_INCHES * len(rows))
    with grammar.drawing(RATED_TITLE, figsize=size, **grid) as (figure, panels):
        _draw_ratings(panels[1], matrix, rows, "All ratings")
        _draw_ratings(panels[2], confirmed, rows, "Ratings seen in a source")
        _draw_members(panels[0], members, rows)
        panels[0].set_yticks(rows.index + 0.5, labels=[name_system(name, 46) for name in rows["name"]], fontsize=8.5)
        grammar.tint_labels(panels[0].get_yticklabels(), rows["system_id"].isin(listed))
        for layer, group in rows.groupby("layer", sort=False):
            for axes in panels:
                axes.axhline(group.index[0], color=style.MUTED, linewidth=0.8)
            middle, words = (group.index[0] + group.index[-1] + 1) / 2, fill(LAYER_WORDS[str(layer)], 13)
            panels[2].text(len(CLASS_WORDS) + 0.2, middle, words, va="center", fontsize=8, color=style.MUTED)
        grammar.put_legend(figure, _key_matrix(), 4, fontsize=8.5)
    return figure


def _draw_members(axes: Axes, members: pd.DataFrame, rows: pd.DataFrame) -> None:
    architectures = list(members["architecture_id"].unique())
    listed = members[members["state"] != NOT_LISTED]
    kinds = listed["state"].mask(listed["reserve"] != "", RESERVED)
    for kind, some in listed.groupby(kinds):
        across = some["architecture_id"].map(architectures.index) + 0.5
        down = some["system_id"].map(pd.Series(rows.index, rows["system_id"])) + 0.5
        axes.plot(across, down, color=style.INK, linestyle="none", **{"markersize": 6} | MEMBER_MARKS[str(kind)])
    _head(axes, [ARCHITECTURES[name] for name in architectures], "Listed in")


def _draw_ratings(axes: Axes, matrix: pd.DataFrame, rows: pd.DataFrame, title: str) -> None:
    grades = matrix.pivot(index="system_id", columns="threat_class", values="capability")
    grades = grades.reindex(index=rows["system_id"], columns=list(CLASS_WORDS))
    _draw_grades(axes, grades, grades.replace(LETTERS), 8)
    for place in rows.index[rows["layer"] == "not_applicable"]:
        look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8, "color": style.MUTED}
        axes.text(len(CLASS_WORDS) / 2, place + 0.5, "not rated itself", **look)
    _head(axes, list(CLASS_WORDS.values()), title)


def _draw_grades(
    axes: Axes, grades: pd.DataFrame, texts: pd.DataFrame, size: float, bold: pd.DataFrame | None = None
) -> None:
    """Draw a cell for each grade, and its text in an ink that can be read upon it; where there is none, no cell."""
    grammar.draw_kinds(axes, grades, GRADES, texts, size, named=False)
    if bold is not None:
        for text, strong in zip(axes.texts, bold.to_numpy()[grades.notna()], strict=True):
            text.set_fontweight("bold" if strong else "normal")
    axes.spines[:].set_visible(True)


def _head(axes: Axes, labels: list[str], title: str) -> None:
    """Write the names of the columns above a panel, and its title."""
    axes.set_xlim(0, len(labels))
    axes.set_xticks(np.arange(len(labels)) + 0.5, labels=labels, rotation=90, fontsize=8.5)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_title(title, fontsize=10.5)
    axes.grid(visible=False)


def _key_matrix() -> list[Artist]:
    grades = [f"{LETTERS[grade]} {grade}".strip() for grade in CAPABILITIES]
    looks = [style.CAPABILITY_COLOURS[grade] for grade in CAPABILITIES]
    return [
        *(grammar.key(kind, **look) for kind, look in MEMBER_MARKS.items()),
        grammar.key("no mark: not listed in it", marker=""),
        *map(_key_box, grades, looks),
        _key_box("blank: no such rating"),
    ]


def _key_box(label: str, colour: str = "white") -> Artist:
    return Patch(facecolor=colour, edgecolor=style.GRID, label=label)


def facts_of_capability(
    matrix: pd.DataFrame, confirmed: pd.DataFrame, members: pd.DataFrame, minimum_confidence: str
) -> dict[str, Any]:
    """Facts of ``coverage.capability``: how many ratings, how many of them seen; reserves; who is there to compare."""
    ratings, seen = (frame[frame["capability"].notna()] for frame in (matrix, confirmed))
    listed = members.loc[members["state"] != NOT_LISTED, "system_id"]
    weapons = members[members["layer"] != "not_applicable"].drop_duplicates("system_id")
    held = members[members["reserve"] != ""].itertuples()
    return {
        "minimum_confidence": minimum_confidence,
        "rated": not matrix.empty,
        "ratings": len(ratings),
        "systems": ratings["system_id"].nunique(),
        "classes": len(CLASS_WORDS),
        "seen": len(seen),
        "reserves": [f"{name_system(row.name)} ({ARCHITECTURES[row.architecture_id]}: {row.reserve})" for row in held],
        "absent": list(weapons.loc[~weapons["system_id"].isin(listed), "name"]),
    }


def plot_properties_by_class(properties: pd.DataFrame) -> Figure:
    """Draw the published speed, altitude and price of each class as ranges (``coverage.published_properties``)."""
    rows = properties.assign(place=properties["threat_class"].map(list(CLASS_WORDS).index))
    title, colours = "The threat classes: published speed, altitude and price", style.PROPERTY_COLOURS
    size = (style.WIDE[0], 3.7)
    with grammar.drawing(title, figsize=size, ncols=len(PROPERTIES), sharey=True) as (figure, panels):
        for axes, (name, (label, left, right, ticks)) in zip(panels, PROPERTIES.items(), strict=True):
            own = rows[rows["property"] == name]
            own = own.assign(low=own["low"].clip(lower=left), kind=own["guessed"].map({True: "guessed", False: "seen"}))
            for kind, some in own.groupby("kind"):
                strokes: Any = [STROKES] if kind == "guessed" else "solid"
                grammar.draw_ranges(axes, some, "low", "high", colours, "kind", linewidth=4, linestyles=strokes)
            grammar.draw_dots(axes, own.dropna(subset=["best"]), "best", colours, "kind", hollow=True, size=25)
            axes.set(xscale="log", xlim=(left, right))
            axes.set_xlabel(f"{label}, log scale", fontsize=9)
            axes.set_xticks(list(ticks), labels=list(ticks.values()), fontsize=8.5)
            axes.minorticks_off()
        grammar.name_rows(panels[0], list(CLASS_WORDS.values()), led=True)
        keys = [
            grammar.key("lowest to highest figure", color=colours["seen"], linewidth=4),
            grammar.key("some of it seen in no source", color=colours["guessed"], linewidth=4, linestyle=STROKES),
            grammar.key("value used as best", marker="o", markerfacecolor="white"),
        ]
        grammar.put_legend(figure, keys, fontsize=8.5)
    return figure


def facts_of_properties(properties: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``coverage.properties``: the ends of the best speeds and prices, and which ranges hold a guess."""
    best = properties.dropna(subset=["best"]).sort_values("best")
    best = best.assign(words=best["threat_class"].map(CLASS_WORDS).str.lower())
    guessed = properties.loc[properties["guessed"], "threat_class"]
    return {
        "speeds": best[best["property"] == "speed_m_s"].to_dict("records"),
        "prices": best[best["property"] == "unit_cost_usd"].to_dict("records"),
        "guessed": len(guessed),
        "ranges": len(properties),
        "classes": [THREAT_CLASSES[name].lower() for name in guessed.unique()],
    }


def plot_coverage_by_band(
    cells: pd.DataFrame, classes: pd.DataFrame, bands: pd.DataFrame, minimum_confidence: str
) -> Figure:
    """Draw the number of systems rated against each class in each altitude band, a panel an architecture.

    ``cells`` and ``classes`` are those of ``coverage.coverage_by_band`` and ``coverage_by_class``, which gives the
    column at the right of each panel; ``bands`` those of ``envelope.altitude_bands``.
    """
    if cells.empty:
        return grammar.plot_nothing(say("coverage.no_rating", {"minimum_confidence": minimum_confidence}))
    architectures = cells["architecture_id"].unique()
    across, title = 3 if len(architectures) % 3 == 0 else 2, f"{RATED_TITLE}, by altitude band"
    with grammar.small_multiples(title, architectures, 3.4, 1.3, across, sharey=True) as (figure, panels):
        for architecture, axes in panels.items():
            _draw_bands(axes, cells[cells["architecture_id"] == architecture], bands)
            _write_sums(axes, classes[classes["architecture_id"] == architecture], len(bands))
            axes.set_title(ARCHITECTURES[architecture], fontsize=10.5)
        grammar.put_legend(figure, _key_bands(), fontsize=8.5)
    return figure


def _draw_bands(axes: Axes, cells: pd.DataFrame, bands: pd.DataFrame) -> None:
    grade, text = cells["best_capability"].fillna(cells["cover"]), [_write_cell(row) for row in cells.itertuples()]
    cells = cells.assign(grade=grade, text=text, seen=cells["n_confirmed"] > 0)
    grades, texts, seen = (
        cells.pivot(index="threat_class", columns="band", values=name).reindex(list(CLASS_WORDS), columns=bands["band"])
        for name in ("grade", "text", "seen")
    )
    _draw_grades(axes, grades, texts, 7.5, seen.eq(True))
    coming = cells[(cells["n_systems"] > 0) & (cells["n_fielded"] == 0)]
    for is_funded, marker in ((True, "o"), (False, "x")):
        some = coming[(coming["n_funded"] > 0) == is_funded]
        across = some["band"].map(list(bands["band"]).index) + 0.85
        down = some["threat_class"].map(list(CLASS_WORDS).index) + 0.2
        inks = [style.readable_ink(GRADES[grade]) for grade in some["grade"]]
        look: dict[str, Any] = {"facecolors": "none", "edgecolors": inks} if is_funded else {"c": inks}
        axes.scatter(across, down, s=16, marker=marker, linewidths=1, **look)
    names = [_write_band(band) for band in bands.itertuples()]
    grammar.name_cells(axes, names, list(CLASS_WORDS.values()), fontsize=7.5)
    axes.tick_params(axis="y", labelsize=8.5)
    axes.set_xlabel("Altitude band (km)", fontsize=8.5)
    axes.set_facecolor(style.EMPTY)


def _write_cell(row: Any) -> str:
    if row.cover in COVER_WORDS:
        return COVER_WORDS[row.cover]
    least = 0 if row.cover == "disputed" else row.n_low
    return f"{row.n_systems}" if least == row.n_high else f"{least}–{row.n_high}"


def _write_band(band: Any) -> str:
    name = "outside" if band.band == "exo" else band.band
    return f"{name}\n" + (f">{band.bottom_km:g}" if math.isinf(band.top_km) else f"{band.bottom_km:g}–{band.top_km:g}")


def _write_sums(axes: Axes, classes: pd.DataFrame, right: int) -> None:
    axes.text(right + 0.1, len(CLASS_WORDS) + 0.2, "bands\nrated", fontsize=7.5, color=style.MUTED, va="top")
    for row in classes.itertuples():
        place = list(CLASS_WORDS).index(row.threat_class) + 0.5
        text = f"{row.bands_rated}/{row.bands_flown}"
        axes.text(right + 0.15, place, text, va="center", fontsize=7.5, color=style.INK)


def _key_bands() -> list[Artist]:
    best = {grade: f"best rating: {grade}" for grade in RATED}
    lacking = {"gap": "gap: no rated system", "disputed": "only by the widest reading of the heights"}
    return [
        *grammar.keys_of(best, best, color=style.CAPABILITY_COLOURS),
        *grammar.keys_of(lacking, lacking, color=style.COVER_COLOURS),
        _key_box("?: rated system without a height"),
        grammar.key("none fielded, one funded", marker="o", markerfacecolor="none"),
        grammar.key("announced only", marker="x"),
        grammar.key("class does not fly there", color=style.EMPTY),
        _key_box("bold: a rating was seen in a source; 1–3: spread of heights"),
    ]


def facts_of_bands(classes: pd.DataFrame, minimum_confidence: str) -> dict[str, Any]:
    """Facts of ``coverage.bands``: the class-bands of each architecture that have a rated system, and unmet classes."""
    return {"architectures": list(_count_met(classes).values()), "minimum_confidence": minimum_confidence}


def table_of_members(members: pd.DataFrame, unnamed: pd.DataFrame) -> pd.DataFrame:
    """Lay out what each architecture has, pays for, announces, and leaves unnamed of the one that it builds on."""
    reserve = (" (" + members["reserve"] + ")").where(members["reserve"] != "", "")
    said = members.assign(words=members["name"].map(name_without_brackets) + reserve)
    gone = unnamed.assign(words=unnamed["name"].map(name_without_brackets))
    rows = {
        ARCHITECTURES[str(architecture)]: {
            "Fielded": group.loc[(group["state"] == "fielded") & (group["reserve"] != UNNAMED), "words"],
            "Funded, not fielded": group.loc[group["state"] == "funded", "words"],
            "Announced only": group.loc[group["state"] == "announced", "words"],
            "Fielded before, not named in the plan": gone.loc[gone["architecture_id"] == architecture, "words"],
        }
        for architecture, group in said.groupby("architecture_id", sort=False)
    }
    table = {name: {column: ", ".join(words) or "none" for column, words in row.items()} for name, row in rows.items()}
    return pd.DataFrame.from_dict(table, orient="index").rename_axis(columns="Architecture")


def table_of_faced(rated: pd.DataFrame, architectures: list[str], capability: pd.DataFrame) -> pd.DataFrame:
    """Lay out the systems rated against each class, an architecture a column, the best rating first.

    ``capability`` is the table with the claims behind the ratings.
    """
    said = rated.assign(words=rated["name"].map(name_system) + rated["confirmed"].map({True: "", False: "*"}))
    cells = {
        ARCHITECTURES[name]: [
            said[(said["architecture_id"] == name) & (said["threat_class"] == threat)] for threat in THREAT_CLASSES
        ]
        for name in architectures
    }
    table = {name: [_write_systems(rows) for rows in column] for name, column in cells.items()}
    table |= {
        f"{CLAIMS_OF}{name}": [_cite_ratings(rows, capability) for rows in column] for name, column in cells.items()
    }
    return pd.DataFrame(table, index=list(THREAT_CLASSES.values())).rename_axis(columns="Threat class")


def _write_systems(rows: pd.DataFrame) -> str:
    grades = rows.groupby("capability", sort=False)["words"]
    return "; ".join(f"{grade}: {', '.join(names)}" for grade, names in grades) or "none rated"


def _cite_ratings(rows: pd.DataFrame, capability: pd.DataFrame) -> str:
    """Name the claim behind each rating, by the name of its system."""
    rated = rows[["name", "system_id", "threat_class"]].merge(capability, on=["system_id", "threat_class"])
    return write_claims_of(rated["name"].map(name_system), rated["claim_id"])


def table_of_gaps(classes: pd.DataFrame) -> pd.DataFrame:
    """Lay out the bands without a rated system, those of unknown height, and those that hang on the widest reading."""
    named = ["gaps", "unknown", "disputed"]
    rows = classes[(classes[named] != "").any(axis=1)]
    gaps, unknown, disputed = (rows[name].str.replace("exo", "outside the atmosphere") for name in named)
    return grammar.head_rows({
        "Architecture": rows["architecture_id"].map(ARCHITECTURES),
        "Threat class": rows["threat_class"].map(THREAT_CLASSES),
        "Gap: no rated system": gaps,
        "Unknown: a rated system without a height there": unknown,
        "Only by the widest reading of the heights": disputed,
        "Systems rated": rows["n_rated"],
        "of these, seen in a source": rows["n_confirmed"],
    })  # fmt: skip


def table_of_coverage(classes: pd.DataFrame, architectures: list[str]) -> pd.DataFrame:
    """Lay out the key numbers, bands rated of bands flown, and in each cell what they rest on."""
    said = classes.assign(words=[_write_bands(row) for _, row in classes.iterrows()])
    table = said.pivot(index="threat_class", columns="architecture_id", values="words")
    table = table.reindex(index=classes["threat_class"].drop_duplicates(), columns=architectures)
    return table.rename(index=THREAT_CLASSES, columns=ARCHITECTURES).rename_axis(index=None, columns="Threat class")


def _write_bands(row: pd.Series) -> str:
    lacking = {words: row["bands_rated"] - row[name] for name, words in RESTS.items()}
    weak = ", ".join(f"{number} {words}" for words, number in lacking.items() if number > 0)
    return f"{row['bands_rated']} of {row['bands_flown']}" + (f" ({weak})" if weak else "")
