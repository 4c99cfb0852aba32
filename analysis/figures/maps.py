"""World map and tile map of one category for each state: who recognises whom, drawn on today's shapes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.errors import require_choice
from analysis.figures import style
from analysis.figures.equal_earth import draw_sea, project, spread
from analysis.figures.layout import finish, readable_ink
from analysis.recognition.facts.choices import ENTITIES

CAVEAT = (
    "Base map: Natural Earth as modified by Visionscarto, one cartographic choice among several. Borders are "
    "today's; how one is drawn says nothing about recognition."
)
CIRCLES = "Circles: states too small to be seen, or without a shape."
NO_ROW = "#dde1e6"
MOST_NAMES = 15  # of a status, in the sentence
TILE_WIDTH = 0.92
SMALLEST_SHAPE_M2 = 5e9
CIRCLE_SIZE = 30.0
CIRCLE_GAP_M = 270e3


def plot_world_map(
    status: pd.DataFrame,
    base_map: gpd.GeoDataFrame,
    points: pd.DataFrame,
    title: str,
    colours: Mapping[str, str],
    entities: Sequence[str] = (),
    lineage: pd.DataFrame | None = None,
    source: str = "",
) -> Figure:
    """Map one category for each state, on today's shapes and in the Equal Earth projection.

    Parameters
    ----------
    status : pandas.DataFrame
        iso3, name, status (a key of ``colours``); one row is a state.
    base_map : geopandas.GeoDataFrame
        iso3 and geometry in degrees; one row is a shape, as ``tables.load_base_map`` gives it.
    points : pandas.DataFrame
        iso3, capital_lat and capital_lon in degrees; one row is a state, present or former.
    title : str
        What is shown, and for which day.
    colours : mapping
        Colour of each status, in the order of the legend.
    entities : sequence of str
        Codes of the entities that the statuses are about: a star marks each, and its shape is dark.
    lineage : pandas.DataFrame, optional
        predecessor, successor. With it a former state, such as the Soviet Union, is drawn as the shape of
        its successor where that has no row of its own.
    source : str
        Where the statuses come from; the caveat of the base map follows it.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. A state without a shape, or with one below 5,000 km2, is a circle at its capital; circles that
        would hide each other are moved apart (in the Lesser Antilles by up to 160 km).

    Raises
    ------
    ParameterError
        When a status has no colour, or an entity is unknown.

    Notes
    -----
    Antarctica is left out. States with neither shape nor capital are named beneath the map.

    References
    ----------
    Šavrič, Patterson and Jenny (2019), The Equal Earth map projection, International Journal of Geographical
    Information Science 33:454.

    Examples
    --------
    >>> area = gpd.GeoDataFrame({"iso3": ["PRY"]}, geometry=[shapely.box(-62, -27, -54, -20)], crs=4326)
    >>> capitals = pd.DataFrame([("PRY", -25.3, -57.6)], columns=["iso3", "capital_lat", "capital_lon"])
    >>> status = pd.DataFrame([("PRY", "Paraguay", "relations")], columns=["iso3", "name", "status"])
    >>> figure = plot_world_map(status, area, capitals, "Relations with Taipei", {"relations": "#0072b2"})
    >>> figure.axes[0].get_title(loc="left")
    'Relations with Taipei'
    """
    _require_choices(status, colours, entities)
    shapes = base_map.loc[base_map["iso3"] != "ATA", ["iso3", "geometry"]]
    shapes = shapes.set_geometry(project(shapes.geometry))
    holders = _find_holders(shapes["iso3"], status, lineage)
    circles = _find_circles(status, shapes, holders, points)
    fills = _fill(shapes["iso3"], holders, status, colours, entities)
    axes = Figure(figsize=style.WIDE).add_subplot()  # pyplot would draw it after each step
    draw_sea(axes)
    shapes.plot(ax=axes, color=fills, edgecolor="white", linewidth=0.3, aspect="equal")
    axes.margins(0.002)
    _draw_circles(axes, circles, circles["status"].map(colours))
    keys = _legend_keys(status, colours) + _draw_stars(axes, points, entities)
    return finish(axes, title, keys, _note(source, status, holders, circles["iso3"], f"{CIRCLES} {CAVEAT}"))


def plot_tile_grid(
    status: pd.DataFrame,
    tile_grid: pd.DataFrame,
    title: str,
    colours: Mapping[str, str],
    entities: Sequence[str] = (),
    lineage: pd.DataFrame | None = None,
    source: str = "",
) -> Figure:
    """Draw one category for each state as squares of one size, so that small states are seen as well.

    Parameters
    ----------
    status : pandas.DataFrame
        iso3, name, status (a key of ``colours``); one row is a state.
    tile_grid : pandas.DataFrame
        iso3, column (from the left), row (from the top); one row is a square.
    title, colours, entities, lineage, source
        As for :func:`plot_world_map`; the entities' squares are dark.

    Returns
    -------
    matplotlib.figure.Figure
        Closed.

    Raises
    ------
    ParameterError
        When a status has no colour, or an entity is unknown.

    Examples
    --------
    >>> tiles = pd.DataFrame([("PRY", 9, 16)], columns=["iso3", "column", "row"])
    >>> status = pd.DataFrame([("PRY", "Paraguay", "relations")], columns=["iso3", "name", "status"])
    >>> figure = plot_tile_grid(status, tiles, "Relations with Taipei", {"relations": "#0072b2"})
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['PRY']
    """
    _require_choices(status, colours, entities)
    codes, columns, rows = tile_grid["iso3"], tile_grid["column"], tile_grid["row"]
    holders = _find_holders(codes, status, lineage)
    fills = _fill(codes, holders, status, colours, entities)
    axes = Figure(figsize=style.WIDE).add_subplot()
    axes.bar(columns, TILE_WIDTH, TILE_WIDTH, rows - TILE_WIDTH / 2, color=fills, linewidth=0)
    for code, column, row, fill in zip(codes, columns, rows, fills, strict=True):
        axes.text(column, row, code, color=readable_ink(fill), fontsize=7.5, ha="center", va="center_baseline")
    axes.set(xlim=(-0.5, columns.max() + 0.5), ylim=(rows.max() + 0.5, -0.5), aspect="equal")
    marked = [entity for entity in entities if entity in set(codes)]
    keys = _legend_keys(status, colours) + [Patch(color=style.INK, label=_name(marked))] * bool(marked)
    tiles = f"One square a state, {len(tile_grid)} in all, placed about as on a map."
    return finish(axes, title, keys, _note(source, status, holders, (), tiles))


def describe_status(status: pd.DataFrame, title: str, colours: Mapping[str, str]) -> str:
    """Say how many states have each status, and name them where they are few.

    Parameters
    ----------
    status : pandas.DataFrame
        iso3, name, status; one row is a state.
    title : str
        What is shown, as in the figure.
    colours : mapping
        The statuses, in the order of the legend.

    Returns
    -------
    str
        One sentence with the counts, and one with the names of each status that at most 15 states have.

    Examples
    --------
    >>> status = pd.DataFrame({"name": ["Palau", "Haiti", "Peru", "Chad"], "status": [*["yes"] * 2, *["no"] * 2]})
    >>> describe_status(status, "Relations in 2024", {"yes": "blue", "no": "grey"})
    'Relations in 2024, 4 states and entities: yes 2 (50 %), no 2 (50 %). Yes: Haiti, Palau; no: Chad, Peru.'
    """
    counts = status["status"].value_counts().reindex(list(colours), fill_value=0)
    shares = counts / max(len(status), 1)
    parts = [f"{name} {count} ({shares[name]:.0%})".replace("%", " %") for name, count in counts.items()]
    noun = "state or entity" if len(status) == 1 else "states and entities"
    sentence = f"{title}, {len(status)} {noun}: {', '.join(parts)}."
    members = {name: sorted(status.loc[status["status"] == name, "name"]) for name in colours}
    few = [f"{name}: {', '.join(names)}" for name, names in members.items() if 0 < len(names) <= MOST_NAMES]
    naming = "; ".join(few)
    return f"{sentence} {naming[0].upper()}{naming[1:]}." if few else sentence


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
    codes: Iterable[str],
    holders: Mapping[str, str],
    status: pd.DataFrame,
    colours: Mapping[str, str],
    entities: Sequence[str],
) -> list[str]:
    of_state = dict(zip(status["iso3"], status["status"].map(colours), strict=True))
    empty = {entity: style.INK for entity in entities}
    return [of_state.get(holders.get(code, ""), empty.get(code, NO_ROW)) for code in codes]


def _find_circles(
    status: pd.DataFrame, shapes: gpd.GeoDataFrame, holders: Mapping[str, str], points: pd.DataFrame
) -> gpd.GeoDataFrame:
    """The states of the status frame that no shape shows large enough, each at its capital."""
    areas = shapes.geometry.area.groupby(shapes["iso3"].map(holders)).sum()
    large = areas.index[areas >= SMALLEST_SHAPE_M2]
    small = status.loc[~status["iso3"].isin(large), ["iso3", "status"]]
    small = small.merge(points[["iso3", "capital_lat", "capital_lon"]], on="iso3")
    return gpd.GeoDataFrame(small[["iso3", "status"]], geometry=_place_capitals(small))


def _place_capitals(points: pd.DataFrame) -> gpd.GeoSeries:
    places = gpd.points_from_xy(points["capital_lon"], points["capital_lat"], crs=4326)
    return project(gpd.GeoSeries(places, index=points.index))


def _draw_circles(axes: Axes, circles: gpd.GeoDataFrame, fills: pd.Series) -> None:
    across, up = spread(shapely.get_coordinates(circles.geometry), CIRCLE_GAP_M).T
    axes.scatter(across, up, s=CIRCLE_SIZE, c=list(fills), edgecolors=style.INK, linewidths=0.6, zorder=4)


def _draw_stars(axes: Axes, points: pd.DataFrame, entities: Sequence[str]) -> list[Artist]:
    own = points[points["iso3"].isin(entities)]
    if own.empty:
        return []
    look: dict[str, Any] = {
        "marker": "*",
        "markersize": 13,
        "markeredgecolor": "white",
        "color": style.INK,
        "linestyle": "",
    }
    axes.plot(*shapely.get_coordinates(_place_capitals(own)).T, zorder=5, **look)
    placed = set(own["iso3"])
    return [Line2D([], [], label=_name(entity for entity in entities if entity in placed), **look)]


def _name(entities: Iterable[str]) -> str:
    return "; ".join(ENTITIES[entity] for entity in entities)


def _legend_keys(status: pd.DataFrame, colours: Mapping[str, str]) -> list[Artist]:
    counts = status["status"].value_counts()
    return [Patch(color=colour, label=f"{name} ({counts.get(name, 0)})") for name, colour in colours.items()]


def _note(source: str, status: pd.DataFrame, holders: Mapping[str, str], circles: Iterable[str], caveat: str) -> str:
    """Source, what grey means, what stands in for what, what could not be drawn, and the caveat."""
    heirs = any(shape != holder for shape, holder in holders.items())
    lost = status.loc[~status["iso3"].isin([*holders.values(), *circles]), "name"]
    parts = [
        source,
        "Grey: no row for that day.",
        "Former states are drawn where their successors are today." if heirs else "",
        f"Not drawn: {', '.join(sorted(lost))}." if len(lost) else "",
        caveat,
    ]
    return " ".join(part for part in parts if part)
