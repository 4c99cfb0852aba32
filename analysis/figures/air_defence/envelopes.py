"""Range and altitude together: the box that holds each system's envelope, by architecture."""

import math
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from analysis.air_defence.choices import ARCHITECTURES
from analysis.figures import style
from analysis.figures.air_defence.words import (
    TARGET_COLOURS,
    TARGET_WORDS,
    draw_sentence,
    join_words,
    name_system,
    say_km,
)

RANGE_KM, ALTITUDE_KM = (2.0, 4000.0), (1.0, 2500.0)
TARGETS_DRAWN = ("aircraft", "ballistic", "not_stated")
PUBLISHED = "published"


def plot_envelope_by_architecture(envelopes: pd.DataFrame, members: pd.DataFrame) -> Figure:
    """Draw the published range and altitude of each system as a box, one panel for each architecture.

    Parameters
    ----------
    envelopes : pandas.DataFrame
        From ``envelope.range_altitude_envelopes``.
    members : pandas.DataFrame
        From ``coverage.list_members``.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; a sentence instead of panels where no system has both figures.
    """
    if _boxes(envelopes, members).empty:
        return draw_sentence(describe_envelope(envelopes, members))
    architectures = members["architecture_id"].drop_duplicates()
    n_rows = math.ceil(len(architectures) / 2)
    figure, grid = plt.subplots(n_rows, 2, figsize=(style.WIDE[0], 1.0 + 3.1 * n_rows), squeeze=False)
    for axes, architecture in zip(grid.flat, architectures, strict=False):
        listed = _listed(members[members["architecture_id"] == architecture])
        rows = envelopes.merge(listed[["system_id", "state"]], on="system_id")
        _draw_panel(axes, rows[rows["layer"] != "not_applicable"])
        axes.set_title(ARCHITECTURES[architecture], fontsize=11)
    for axes in grid.flat[len(architectures) :]:
        axes.set_axis_off()
    figure.suptitle("Published range and altitude of interception", x=0.01, ha="left", weight="bold", fontsize=13)
    figure.legend(handles=_legend(), loc="outside lower center", ncols=3, fontsize=8.5)
    plt.close(figure)
    return figure


def _listed(members: pd.DataFrame) -> pd.DataFrame:
    return members[members["state"].isin(["fielded", "planned"])]


def _boxes(envelopes: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    both = (envelopes["status"] == PUBLISHED) & (envelopes["range_status"] == PUBLISHED)
    return envelopes[both & envelopes["system_id"].isin(_listed(members)["system_id"])]


def _draw_panel(axes: Axes, rows: pd.DataFrame) -> None:
    axes.set(xscale="log", yscale="log", xlim=RANGE_KM, ylim=ALTITUDE_KM)
    axes.set(xlabel="Range (km, log scale)", ylabel="Altitude (km, log scale)")
    axes.set_xticks([3, 10, 100, 1000], labels=["3", "10", "100", "1,000"])
    axes.set_yticks([1, 10, 100, 1000], labels=["1", "10", "100", "1,000"])
    axes.xaxis.label.set_fontsize(9)
    axes.yaxis.label.set_fontsize(9)
    axes.tick_params(labelsize=8.5)
    axes.minorticks_off()
    for row in rows.itertuples():
        _draw_box(axes, row)
    widest = rows.sort_values("range_km", na_position="first").drop_duplicates("system_id", keep="last")
    ordered = widest.sort_values(["ceiling_km", "range_km"], na_position="first", kind="stable")
    for row, place in zip(ordered.itertuples(), _spread_labels(ordered["ceiling_km"]), strict=True):
        _label(axes, row, place)


def _spread_labels(heights: pd.Series) -> list[float]:
    """Place labels beside their heights, lowest first, pushed apart; as shares of the panel's height."""
    bottom, top = (math.log(edge) for edge in ALTITUDE_KM)
    gap = min(0.08, 1 / max(len(heights), 1))
    places: list[float] = []
    for height in heights.fillna(ALTITUDE_KM[0]):
        wanted = (math.log(height) - bottom) / (top - bottom)
        places.append(max(wanted, places[-1] + gap if places else gap / 2))
    ceiling = 1 + gap / 2
    for number in reversed(range(len(places))):
        ceiling = places[number] = min(places[number], ceiling - gap)
    return places


def _draw_box(axes: Axes, row: Any) -> None:
    if row.status != PUBLISHED or row.range_status != PUBLISHED:
        return
    colour = TARGET_COLOURS[row.target_kind]
    left, bottom = _corner(row)
    line: dict[str, Any] = {"edgecolor": colour, "linestyle": "--" if row.state == "planned" else "-", "linewidth": 1.1}
    hatch: dict[str, Any] = {"hatch": "////", "alpha": 0.5} if row.ceiling_bound == "goal" else {}
    width, height = row.range_km - left, row.ceiling_km - bottom
    axes.add_patch(Rectangle((left, bottom), width, height, facecolor="none", **(line | hatch)))
    axes.add_patch(Rectangle((left, bottom), width, height, facecolor=colour, alpha=0.05, edgecolor="none"))
    spread: dict[str, Any] = {"color": colour, "linewidth": 2.4, "alpha": 0.75, "solid_capstyle": "butt"}
    axes.plot([row.range_low_km, row.range_high_km], [row.ceiling_km] * 2, **spread)
    axes.plot([row.range_km] * 2, [row.ceiling_low_km, row.ceiling_high_km], **spread)
    if row.ceiling_open:
        arrow = {"arrowstyle": "->", "color": colour, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (row.range_km, row.ceiling_high_km * 1.9), (row.range_km, row.ceiling_km), arrowprops=arrow)


def _corner(row: Any) -> tuple[float, float]:
    left = RANGE_KM[0] if pd.isna(row.min_range_km) else max(row.min_range_km, RANGE_KM[0])
    return left, max(row.floor_km, ALTITUDE_KM[0])


def _label(axes: Axes, row: Any, place: float) -> None:
    has_height, has_range = row.status == PUBLISHED, row.range_status == PUBLISHED
    lacking = {(True, True): "", (True, False): ": no range", (False, True): ": no height"}
    text = name_system(row.name, 26) + lacking.get((has_height, has_range), ": neither")
    point = (row.range_km if has_range else RANGE_KM[0], row.ceiling_km if has_height else ALTITUDE_KM[0])
    line = {"arrowstyle": "-", "color": "#aab4be", "linewidth": 0.7, "shrinkA": 0, "shrinkB": 0, "relpos": (0, 0.5)}
    axes.annotate(
        text,
        point,
        (1.03, place),
        textcoords="axes fraction",
        fontsize=7.5,
        va="center",
        color=style.INK if has_height and has_range else style.MUTED,
        arrowprops=line if has_height or has_range else None,
        annotation_clip=False,
        zorder=0.5,
    )
    if has_height != has_range:
        axes.plot(*point, "x", color=style.MUTED, markersize=6, clip_on=False)


def _legend() -> list[Artist]:
    return [
        *(Patch(facecolor=TARGET_COLOURS[kind], label=f"range {TARGET_WORDS[kind]}") for kind in TARGETS_DRAWN),
        Line2D([], [], color=style.MUTED, label="fielded"),
        Line2D([], [], color=style.MUTED, linestyle="--", label="planned"),
        Line2D([], [], color=style.MUTED, linewidth=2.4, label="spread between sources"),
        Line2D([], [], color=style.MUTED, marker="x", linestyle="none", label="only one of the two is published"),
        Patch(facecolor="white", edgecolor=style.MUTED, hatch="////", label="height is a goal"),
    ]


def describe_envelope(envelopes: pd.DataFrame, members: pd.DataFrame) -> str:
    """Say what the envelopes show, with their numbers.

    Parameters are those of the same names in ``plot_envelope_by_architecture``.
    """
    both = _boxes(envelopes, members)
    if both.empty:
        return "No system of these architectures has both a published range and altitude at this confidence."
    rows = envelopes[envelopes["system_id"].isin(_listed(members)["system_id"])]
    rows = rows[rows["layer"] != "not_applicable"]
    lacking = rows[~rows["system_id"].isin(both["system_id"])].drop_duplicates("system_id")
    text = f"Range and altitude are both published for {both['system_id'].nunique()} systems"
    text += f", not for {join_words(lacking['name'].map(name_system))}. " if len(lacking) else ". "
    widest = both.loc[(both["range_high_km"] / both["range_low_km"]).idxmax()]
    spread = say_km(widest["range_low_km"], widest["range_km"], widest["range_high_km"])
    nearest, farthest = (say_km(*[edge] * 3) for edge in (both["range_km"].min(), both["range_km"].max()))
    return (
        f"{text}Ranges run from {nearest} to {farthest} km; the values on record lie furthest apart for "
        f"{name_system(widest['name'])}: {spread} km. A box holds the envelope; its edges are claims of different "
        "sources, not one measured shape."
    )
