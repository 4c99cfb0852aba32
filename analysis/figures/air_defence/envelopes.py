"""Range and altitude together: the box that holds each system's envelope, one small panel a system."""

import math
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from analysis.figures import style
from analysis.figures.air_defence.words import TARGET_COLOURS, TARGET_WORDS, draw_sentence, name_system, write_km
from analysis.figures.words import write_list

RANGE_KM, ALTITUDE_KM = (2.0, 4000.0), (1.0, 2500.0)
TARGETS_DRAWN = ("aircraft", "ballistic", "not_stated")
PUBLISHED = "published"
ACROSS = 6


def plot_envelope_by_system(envelopes: pd.DataFrame, members: pd.DataFrame) -> Figure:
    """Draw the published range and altitude of each listed system as a box, one small panel a system.

    Parameters
    ----------
    envelopes : pandas.DataFrame
        From ``envelope.range_altitude_envelopes``.
    members : pandas.DataFrame
        From ``coverage.list_members``.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; panels from the lowest to the highest ceiling, those without a height first; a sentence instead where no
        system has both figures.
    """
    rows = list_rows(envelopes, members)
    if find_boxes(rows).empty:
        return draw_sentence(describe_envelope(envelopes, members))
    panels = rows.sort_values(["ceiling_km", "name"], na_position="first", kind="stable")["system_id"].drop_duplicates()
    down = math.ceil(len(panels) / ACROSS)
    size = (style.WIDE[0], 1.3 + 1.5 * down)
    figure, grid = plt.subplots(down, ACROSS, figsize=size, squeeze=False, sharex=True, sharey=True)
    for axes, system in zip(grid.flat, panels, strict=False):
        _draw_panel(axes, rows[rows["system_id"] == system])
    for axes in grid.flat[len(panels) :]:
        axes.set_axis_off()
    for number, axes in enumerate(grid.flat[: len(panels)]):
        if number + ACROSS >= len(panels):  # the last of its column
            axes.tick_params(labelbottom=True)
            axes.set_xlabel("Range (km)", fontsize=7.5)
    title = "Published range and altitude of interception (both scales are logarithmic)"
    figure.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=13)
    figure.supylabel("Altitude (km)", fontsize=9)
    figure.legend(handles=_legend(), loc="outside lower center", ncols=3, fontsize=8.5)
    plt.close(figure)
    return figure


def list_rows(envelopes: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """List the envelopes of the interceptors that an architecture lists, ``fielded`` where one of them fields it.

    Parameters are those of the same names in :func:`plot_envelope_by_system`.
    """
    listed = members[members["state"].isin(["fielded", "planned"])]
    fielded = set(listed.loc[listed["state"] == "fielded", "system_id"])
    rows = envelopes[envelopes["system_id"].isin(listed["system_id"]) & (envelopes["layer"] != "not_applicable")]
    return rows.assign(fielded=rows["system_id"].isin(fielded))


def find_boxes(rows: pd.DataFrame) -> pd.DataFrame:
    """Find the rows of :func:`list_rows` with both a published range and a published upper end."""
    return rows[(rows["status"] == PUBLISHED) & (rows["range_status"] == PUBLISHED)]


def _draw_panel(axes: Axes, rows: pd.DataFrame) -> None:
    axes.set(xscale="log", yscale="log", xlim=RANGE_KM, ylim=ALTITUDE_KM)
    axes.set_xticks([10, 100, 1000], labels=["10", "100", "1,000"])
    axes.set_yticks([1, 10, 100, 1000], labels=["1", "10", "100", "1,000"])
    axes.tick_params(labelsize=7.5)
    axes.minorticks_off()
    first = rows.iloc[0]
    has_height, has_range = first["status"] == PUBLISHED, (rows["range_status"] == PUBLISHED).any()
    for row in rows.itertuples():
        if has_height and has_range:
            _draw_box(axes, row)
        elif has_range:
            axes.plot([row.range_km] * 2, ALTITUDE_KM, color=TARGET_COLOURS[row.target_kind], linewidth=1.4)
        elif has_height:
            line = "--" if row.ceiling_bound == "goal" else "-"
            axes.plot(RANGE_KM, [row.ceiling_km] * 2, color=style.MUTED, linewidth=1.4, linestyle=line)
    lacking = {
        (True, False): "range not\npublished",
        (False, True): "height not\npublished",
        (False, False): "neither\npublished",
    }
    if text := lacking.get((has_height, has_range)):
        text = f"a goal;\n{text}" if first["ceiling_bound"] == "goal" else text
        axes.text(0.45, 0.35, text, transform=axes.transAxes, fontsize=7.5, color=style.MUTED, va="center")
    heading = axes.set_title(name_system(first["name"], 24), fontsize=7.6, weight="normal", color=style.INK)
    if not first["fielded"]:
        heading.set(color=style.MUTED, style="italic")


def _draw_box(axes: Axes, row: Any) -> None:
    if row.range_status != PUBLISHED:
        return
    colour = TARGET_COLOURS[row.target_kind]
    left, bottom = find_corner(row)
    width, height = row.range_km - left, row.ceiling_km - bottom
    hatch = "////" if row.ceiling_bound == "goal" else None
    axes.add_patch(Rectangle((left, bottom), width, height, facecolor=colour, alpha=0.1, edgecolor="none", hatch=hatch))
    line: dict[str, Any] = {"color": colour, "linestyle": "-" if row.fielded else "--", "linewidth": 1.1}
    axes.plot([left, left, row.range_km, row.range_km], [bottom, row.ceiling_km, row.ceiling_km, bottom], **line)
    axes.plot([left, row.range_km], [bottom, bottom], **line | {"linestyle": ":" if row.floor_assumed else "-"})
    spread: dict[str, Any] = {"color": colour, "linewidth": 2.4, "alpha": 0.75, "solid_capstyle": "butt"}
    axes.plot([row.range_low_km, row.range_high_km], [row.ceiling_km] * 2, **spread)
    axes.plot([row.range_km] * 2, [row.ceiling_low_km, row.ceiling_high_km], **spread)
    if row.ceiling_open:
        arrow = {"arrowstyle": "->", "color": colour, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (row.range_km, row.ceiling_high_km * 3), (row.range_km, row.ceiling_km), arrowprops=arrow)


def find_corner(row: Any) -> tuple[float, float]:
    """Find the lower left corner of a box in km, within the axes."""
    left = RANGE_KM[0] if pd.isna(row.min_range_km) else max(row.min_range_km, RANGE_KM[0])
    return left, max(row.floor_km, ALTITUDE_KM[0])


def _legend() -> list[Artist]:
    return [
        *(Patch(facecolor=TARGET_COLOURS[kind], label=f"range {TARGET_WORDS[kind]}") for kind in TARGETS_DRAWN),
        Line2D([], [], color=style.MUTED, label="fielded in one of them"),
        Line2D([], [], color=style.MUTED, linestyle="--", label="dashed, grey name: planned only"),
        Line2D([], [], color=style.MUTED, linestyle=":", label="dotted below: lower end assumed"),
        Line2D([], [], color=style.MUTED, linewidth=2.4, label="spread between sources"),
        Line2D([], [], color=style.MUTED, marker="^", label="arrow: at least this high"),
        Line2D([], [], linestyle="none", label="one straight line: only that limit is published"),
    ]


def describe_envelope(envelopes: pd.DataFrame, members: pd.DataFrame) -> str:
    """Say what the envelopes show, with their numbers.

    Parameters are those of the same names in ``plot_envelope_by_system``.
    """
    rows = list_rows(envelopes, members)
    both = find_boxes(rows)
    if both.empty:
        return "No system of these architectures has both a published range and altitude at this confidence."
    lacking = rows[~rows["system_id"].isin(both["system_id"])].drop_duplicates("system_id")
    text = f"Range and altitude are both published for {both['system_id'].nunique()} systems"
    text += f", not for {write_list(lacking['name'].map(name_system))}. " if len(lacking) else ". "
    widest = both.loc[(both["range_high_km"] / both["range_low_km"]).idxmax()]
    spread = write_km(widest["range_low_km"], widest["range_km"], widest["range_high_km"])
    return (
        f"{text}Ranges run from {say_ends(both['range_km'])} km; the values on record lie furthest apart for "
        f"{name_system(widest['name'])}: {spread} km. A box holds the envelope; its edges are claims of different "
        "sources, not one measured shape."
    )


def say_ends(values: pd.Series) -> str:
    """Say the least and the greatest of some heights or distances in km."""
    low, high = (write_km(*[value] * 3) for value in (values.min(), values.max()))
    return f"{low} to {high}"
