"""Rated systems by altitude band, and the gaps between them, architecture beside architecture."""

import math
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from analysis.air_defence.facts.choices import ARCHITECTURES, CAPABILITIES, THREAT_CLASSES
from analysis.figures import style
from analysis.figures.air_defence.words import CLASS_WORDS, GAP_COLOUR, draw_sentence, say_nothing_left
from analysis.figures.words import write_list

COVER_COLOURS = {"gap": GAP_COLOUR, "disputed": "#fbe9a7", "not known": "#ffffff"}
COVER_WORDS = {"gap": "gap", "disputed": "0–", "not known": "?"}


def plot_coverage_by_band(
    cells: pd.DataFrame, classes: pd.DataFrame, bands: pd.DataFrame, minimum_confidence: str
) -> Figure:
    """Draw the number of systems rated against each class in each altitude band, one panel an architecture.

    Parameters
    ----------
    cells : pandas.DataFrame
        From ``coverage.coverage_by_band``.
    classes : pandas.DataFrame
        From ``coverage.coverage_by_class``; gives the column at the right of each panel.
    bands : pandas.DataFrame
        From ``envelope.altitude_bands``.
    minimum_confidence : str
        Least confidence of the ratings, for the sentence where none is left.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; a sentence instead of panels where no rating is left.
    """
    if cells.empty:
        return draw_sentence(say_nothing_left(minimum_confidence))
    architectures = cells["architecture_id"].drop_duplicates()
    n_columns = 3 if len(architectures) % 3 == 0 else 2
    n_rows = math.ceil(len(architectures) / n_columns)
    size = (style.WIDE[0], 1.3 + 3.4 * n_rows)
    figure, grid = plt.subplots(n_rows, n_columns, figsize=size, squeeze=False, sharey=True)
    for axes, architecture in zip(grid.flat, architectures, strict=False):
        _draw_cells(axes, cells[cells["architecture_id"] == architecture], bands)
        _draw_sums(axes, classes[classes["architecture_id"] == architecture], len(bands))
        axes.set_title(ARCHITECTURES[architecture], fontsize=10.5)
    for axes in grid.flat[len(architectures) :]:
        axes.set_axis_off()
    title = "Systems rated against each threat class, by altitude band"
    figure.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=13)
    figure.legend(handles=_legend(), loc="outside lower center", ncols=3, fontsize=8.5)
    plt.close(figure)
    return figure


def _draw_cells(axes: Axes, cells: pd.DataFrame, bands: pd.DataFrame) -> None:
    names, classes = bands["band"].tolist(), list(CLASS_WORDS)
    for row in cells.itertuples():
        corner = names.index(row.band) - 0.5, classes.index(row.threat_class) - 0.5
        colour = style.CAPABILITY_COLOURS.get(row.best_capability, COVER_COLOURS.get(row.cover))
        axes.add_patch(Rectangle(corner, 1, 1, facecolor=colour, edgecolor="white", linewidth=1.2))
        ink = "white" if row.best_capability == "primary" else style.INK
        if row.n_systems > 0 and row.n_fielded == 0:
            axes.plot(corner[0] + 0.85, corner[1] + 0.2, "o", markersize=4, markerfacecolor="none", markeredgecolor=ink)
        centre = corner[0] + 0.5, corner[1] + 0.52
        axes.text(*centre, _say_cell(row), ha="center", va="center", fontsize=7.5, color=ink, weight=_weight(row))
    axes.set(xlim=(-0.5, len(names) - 0.5), ylim=(len(classes) - 0.5, -0.5))
    axes.set_xticks(range(len(names)), labels=[_say_band(band) for band in bands.itertuples()], fontsize=7.5)
    axes.set_yticks(range(len(classes)), labels=list(CLASS_WORDS.values()), fontsize=8.5)
    axes.set_xlabel("Altitude band (km)", fontsize=8.5)
    axes.set_facecolor(style.EMPTY)
    axes.tick_params(length=0)
    axes.grid(visible=False)


def _say_cell(row: Any) -> str:
    if row.cover == "disputed":
        return f"0–{row.n_high}"
    if row.cover != "rated":
        return COVER_WORDS[row.cover]
    return f"{row.n_systems}" if row.n_low == row.n_high else f"{row.n_low}–{row.n_high}"


def _weight(row: Any) -> str:
    return "bold" if row.n_confirmed else "normal"


def _say_band(band: Any) -> str:
    name = {"exo": "outside"}.get(band.band, band.band)
    if math.isinf(band.top_km):
        return f"{name}\n>{band.bottom_km:g}"
    return f"{name}\n{band.bottom_km:g}–{band.top_km:g}"


def _draw_sums(axes: Axes, classes: pd.DataFrame, right: int) -> None:
    places = list(CLASS_WORDS)
    axes.text(right - 0.4, len(places) - 0.3, "bands\nrated", fontsize=7.5, color=style.MUTED, va="top")
    for row in classes.itertuples():
        text = f"{row.bands_rated}/{row.bands_flown}"
        axes.text(right - 0.35, places.index(row.threat_class), text, va="center", fontsize=7.5, color=style.INK)


def _legend() -> list[Artist]:
    colours = style.CAPABILITY_COLOURS
    ratings = [Patch(facecolor=colours[name], label=f"best rating: {name}") for name in CAPABILITIES[:-1]]
    edge: dict[str, Any] = {"edgecolor": style.GRID}
    return [
        *ratings,
        Patch(facecolor=GAP_COLOUR, label="gap: no rated system"),
        Patch(facecolor=COVER_COLOURS["disputed"], label="only by the widest reading of the heights"),
        Patch(facecolor="white", label="?: rated system without a height", **edge),
        Line2D([], [], marker="o", linestyle="none", color=style.INK, markerfacecolor="none", label="planned only"),
        Patch(facecolor=style.EMPTY, label="class does not fly there"),
        Patch(facecolor="white", label="bold: a rating was seen in a source; 1–3: spread of heights", **edge),
    ]


def describe_coverage(cells: pd.DataFrame, classes: pd.DataFrame, minimum_confidence: str) -> str:
    """Say what the coverage by altitude band shows, with its numbers.

    Parameters are those of the same names in ``plot_coverage_by_band``.
    """
    if cells.empty:
        return say_nothing_left(minimum_confidence)
    sentences = []
    for architecture, group in classes.groupby("architecture_id", sort=False):
        unmet = [THREAT_CLASSES[row.threat_class].lower() for row in group.itertuples() if row.n_rated == 0]
        words = (
            f"{ARCHITECTURES[architecture]}: {group['bands_rated'].sum()} of {group['bands_flown'].sum()} class-bands"
        )
        words += f" ({group['bands_confirmed'].sum()} by ratings seen in a source)"
        sentences.append(words + (f", no system rated against {write_list(unmet)}" if unmet else ""))
    return (
        "Bands with a system rated against the class, one counted for each band. "
        f"{'; '.join(sentences)}. The numbers are systems rated against this class, not engagement opportunities; "
        "a gap in one band is no hole where the class can be met in another."
    )
