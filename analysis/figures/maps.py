"""World map and tile map of one category for each state: who recognises whom, drawn on today's shapes."""

import math
from collections.abc import Iterable, Mapping, Sequence
from textwrap import fill
from typing import Any, cast

import geopandas as gpd
import matplotlib.pyplot as plt
import pandas as pd
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.errors import require_choice
from analysis.figures import grammar, style
from analysis.figures.captions import say
from analysis.figures.equal_earth import CIRCLE_GAP_M, SMALLEST_SHAPE_M2, draw_sea, place_capitals, project, spread
from analysis.recognition.facts.choices import ENTITIES

MOST_NAMES = 15  # of a status, in the sentence
TILE_WIDTH = 0.92
CIRCLE_SIZE = 30.0
STAR: dict[str, Any] = {"marker": "*", "markersize": 13, "markeredgecolor": "white", "color": style.INK}
LINE_LETTERS = 145  # of the legend, in a figure of ten inches
KEY_LETTERS = 6  # that a legend's coloured square and the space around it take
MARGIN = 0.1  # inches


def plot_world_map(
    status: pd.DataFrame, base_map: gpd.GeoDataFrame, points: pd.DataFrame, title: str, colours: Mapping[str, str],
    entities: Sequence[str] = (), lineage: pd.DataFrame | None = None, source: str = "",
    wide: float = style.WIDE[0],
) -> Figure:  # fmt: skip
    """Map the ``status`` of each state (``iso3, name, status``) on today's shapes, with a star for each entity.

    ``colours`` give the statuses in the order of the legend, ``points`` the capitals. With ``lineage`` a former state,
    such as the Soviet Union, is drawn as the shape of its successor where that has no row of its own. A state without a
    shape, or with one below 5,000 km2, is a circle at its capital; in the Lesser Antilles circles move by up to 160 km.
    ``wide`` is the width in inches: ``style.NARROW`` for the figure that comes first on a page.
    """
    _require_choices(status, colours, entities)
    shapes = base_map.loc[base_map["iso3"] != "ATA", ["iso3", "geometry"]]
    shapes = shapes.set_geometry(project(shapes.geometry))
    holders = _find_holders(shapes["iso3"], status, lineage)
    circles = _find_circles(status, shapes, holders, points)
    fills = _fill(shapes["iso3"], holders, status, colours, entities)
    axes = Figure(figsize=(wide, style.WIDE[1])).add_subplot()  # pyplot would draw it after each step
    draw_sea(axes)
    shapes.plot(ax=axes, color=fills, edgecolor="white", linewidth=0.3, aspect="equal")
    axes.margins(0.002)
    _draw_circles(axes, circles, circles["status"].map(colours))
    keys = _legend_keys(status, colours, fills) + _draw_stars(axes, points, entities)
    return finish(axes, title, keys, say("maps.note", _facts_of_note(source, status, holders, fills, circles["iso3"])))


def plot_tile_grid(
    status: pd.DataFrame, tile_grid: pd.DataFrame, title: str, colours: Mapping[str, str],
    entities: Sequence[str] = (), lineage: pd.DataFrame | None = None, source: str = "",
) -> Figure:  # fmt: skip
    """Draw the ``status`` of each state as squares of one size (``iso3, column, row``), so that small ones are seen.

    All else as in :func:`plot_world_map`; the entities' squares are dark.
    """
    _require_choices(status, colours, entities)
    codes, columns, rows = tile_grid["iso3"], tile_grid["column"], tile_grid["row"]
    holders = _find_holders(codes, status, lineage)
    fills = _fill(codes, holders, status, colours, entities)
    axes = Figure(figsize=style.WIDE).add_subplot()
    axes.bar(columns, TILE_WIDTH, TILE_WIDTH, rows - TILE_WIDTH / 2, color=fills, linewidth=0)
    for code, column, row, face in zip(codes, columns, rows, fills, strict=True):
        axes.text(column, row, code, color=style.readable_ink(face), fontsize=7.5, ha="center", va="center_baseline")
    axes.set(xlim=(-0.5, columns.max() + 0.5), ylim=(rows.max() + 0.5, -0.5), aspect="equal")
    marked = [entity for entity in entities if entity in set(codes)]
    keys = _legend_keys(status, colours, fills) + [grammar.key(_name(marked), color=style.INK)] * bool(marked)
    return finish(
        axes, title, keys, say("maps.note", _facts_of_note(source, status, holders, fills, squares=len(tile_grid)))
    )


def facts_of_status(
    status: pd.DataFrame, title: str, colours: Mapping[str, str], on: str | None = None
) -> dict[str, Any]:
    """Facts of ``maps.status`` and ``maps.tiles``: how many states have each status, and who where few.

    ``on`` is the day of the status, where the map is of one.
    """
    counts = status["status"].value_counts().reindex(list(colours), fill_value=0)
    members = {name: sorted(status.loc[status["status"] == name, "name"]) for name in colours}
    few = {name: names for name, names in members.items() if 0 < len(names) <= MOST_NAMES}
    commonest = (counts.idxmax(), counts.max()) if len(counts) else ("none", 0)
    numbers = {"number": len(status), "counts": counts.to_dict(), "commonest": commonest}
    return {"title": title, "few": few, "on": on} | numbers


def _facts_of_note(
    source: str,
    status: pd.DataFrame,
    holders: Mapping[str, str],
    fills: Sequence[str],
    circles: Iterable[str] = (),
    squares: int = 0,
) -> dict[str, Any]:
    lost = status.loc[~status["iso3"].isin([*holders.values(), *circles]), "name"]
    heirs = any(shape != holder for shape, holder in holders.items())
    unsaid = style.NO_ROW in fills
    return {"source": source, "heirs": heirs, "lost": sorted(lost), "squares": squares, "unsaid": unsaid}


def _require_choices(status: pd.DataFrame, colours: Mapping[str, str], entities: Sequence[str]) -> None:
    for name in status["status"].unique():
        require_choice("status", name, colours)
    for entity in entities:
        require_choice("entity", entity, ENTITIES)


def _find_holders(codes: Iterable[str], status: pd.DataFrame, lineage: pd.DataFrame | None) -> dict[str, str]:
    """For each shape or square, the state whose status it shows: its own, or the nearest predecessor's."""
    known = set(status["iso3"])
    parents = {} if lineage is None else dict(zip(lineage["successor"], lineage["predecessor"], strict=True))
    holders = {}
    for code in codes:
        holder = code
        while holder not in known and holder in parents:
            holder = parents[holder]
        if holder in known:
            holders[code] = holder
    return holders


def _fill(
    codes: Iterable[str], holders: Mapping[str, str], status: pd.DataFrame, colours: Mapping[str, str],
    entities: Sequence[str],
) -> list[str]:  # fmt: skip
    of_state = dict(zip(status["iso3"], status["status"].map(colours), strict=True))
    empty = {entity: style.INK for entity in entities}
    return [of_state.get(holders.get(code, ""), empty.get(code, style.NO_ROW)) for code in codes]


def _find_circles(
    status: pd.DataFrame, shapes: gpd.GeoDataFrame, holders: Mapping[str, str], points: pd.DataFrame
) -> gpd.GeoDataFrame:
    """The states of the status frame that no shape shows large enough, each at its capital."""
    areas = shapes.geometry.area.groupby(shapes["iso3"].map(holders)).sum()
    large = areas.index[areas >= SMALLEST_SHAPE_M2]
    small = status.loc[~status["iso3"].isin(large), ["iso3", "status"]]
    small = small.merge(points[["iso3", "capital_lat", "capital_lon"]], on="iso3")
    return gpd.GeoDataFrame(small[["iso3", "status"]], geometry=place_capitals(small))


def _draw_circles(axes: Axes, circles: gpd.GeoDataFrame, fills: pd.Series) -> None:
    across, up = spread(shapely.get_coordinates(circles.geometry), CIRCLE_GAP_M).T
    size = CIRCLE_SIZE * _scale_of(axes) ** 2
    axes.scatter(across, up, s=size, c=list(fills), edgecolors=style.INK, linewidths=0.6 * _scale_of(axes), zorder=4)


def _draw_stars(axes: Axes, points: pd.DataFrame, entities: Sequence[str]) -> list[Artist]:
    own = points[points["iso3"].isin(entities)]
    if own.empty:
        return []
    axes.plot(*shapely.get_coordinates(place_capitals(own)).T, zorder=5, linestyle="", **STAR)
    return [grammar.key(_name(entity for entity in entities if entity in set(own["iso3"])), **STAR)]


def _scale_of(axes: Axes) -> float:
    """How wide a figure is, as a part of the widest."""
    return axes.figure.get_figwidth() / style.WIDE[0]  # type: ignore[union-attr]


def _name(entities: Iterable[str]) -> str:
    return "; ".join(ENTITIES[entity] for entity in entities)


def _legend_keys(status: pd.DataFrame, colours: Mapping[str, str], fills: Sequence[str]) -> list[Artist]:
    counts = status["status"].value_counts()
    keys = [grammar.key(f"{name} ({counts.get(name, 0)})", color=colour) for name, colour in colours.items()]
    return keys + [grammar.key("no row for that day", color=style.NO_ROW)] * (style.NO_ROW in fills)


def finish(axes: Axes, title: str, keys: Sequence[Artist], note: str) -> Figure:
    """Add title, legend and a small note to axes of fixed aspect, fit the figure's height to them, and close it.

    The axes take the whole width, without ticks and frame. Constrained layout does not settle when the aspect is fixed:
    it leaves titles clipped, so that all is placed here by hand.

    Examples
    --------
    >>> figure, axes = plt.subplots(figsize=(10, 1))
    >>> dots = axes.plot([0, 2], [0, 1], label="dot")
    >>> finished = finish(axes, "Two by one", dots, "Source: nobody.")
    >>> bool(finished.get_figheight() > 5)
    True
    """
    figure = cast(Figure, axes.figure)
    figure.set_layout_engine("none")
    letters = sum(len(str(key.get_label())) + KEY_LETTERS for key in keys)
    columns = math.ceil(len(keys) / math.ceil(letters / LINE_LETTERS))
    width = figure.get_figwidth()
    narrow = width < style.WIDE[0]
    inner = width - 2 * MARGIN
    axes.set(xticks=[], yticks=[], position=(MARGIN / width, 0, inner / width, 1))
    axes.set_axis_off()
    heading = axes.set_title(fill(title, int(grammar.TITLE_LETTERS * _scale_of(axes))), va="bottom")
    heading.set_fontsize(grammar.NARROW_TITLE if narrow else heading.get_fontsize())
    look: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (0, 0), "handlelength": 1, "handleheight": 1}
    legend = axes.legend(handles=keys, ncols=1 if narrow else columns, **look)
    style.source_line(figure, note)
    above, *parts = [text.get_window_extent().height / figure.dpi for text in (heading, legend, figure.texts[-1])]
    below = sum(parts) + 2 * MARGIN
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    tall = inner * abs((top - bottom) / (right - left))
    height = below + tall + above + 2 * MARGIN
    figure.set_figheight(height)
    axes.set_position((MARGIN / width, below / height, inner / width, tall / height))
    plt.close(figure)
    return figure
