"""The Equal Earth projection, cut in Bering Strait: shapes, sea and places that keep apart, in metres and pixels."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes

from analysis.figures import style

EQUAL_EARTH = "+proj=eqearth +lon_0=11 +datum=WGS84"
CUT_DEGREES = -169.0  # opposite to 11 degrees east: the edge of the map runs through open sea but for Alaska
CUT_WIDTH_DEGREES = 1e-6
WEST, EAST = CUT_DEGREES + CUT_WIDTH_DEGREES, CUT_DEGREES - CUT_WIDTH_DEGREES
LATITUDES = (-59.0, 84.0)  # all land but Antarctica
SEAM_GRID_M = 1.0
SMALLEST_SHAPE_M2 = 5e9  # a state with less is a circle at its capital
CIRCLE_GAP_M = 270e3
MOST_ROUNDS = 200  # of pushing circles apart
DECIMALS = 1  # of a pixel
FINEST = 0.35  # pixels by which an outline may be simplified


def project(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Project shapes or points from degrees (EPSG:4326) to metres, cut at the edge of the map.

    A shape that lies across 180 degrees comes in two parts that end there, and becomes whole.

    References
    ----------
    Šavrič, Patterson and Jenny (2019), The Equal Earth map projection, International Journal of Geographical
    Information Science 33:454.

    Examples
    --------
    >>> fiji = shapely.union(shapely.box(177, -19, 180, -16), shapely.box(-180, -19, -179, -16))
    >>> whole = project(gpd.GeoSeries([fiji], crs=4326))
    >>> whole[0].geom_type
    'Polygon'
    """
    bounds = shapes.bounds
    crossing = (bounds["minx"] < CUT_DEGREES) & (bounds["maxx"] > CUT_DEGREES)
    cut = shapely.box(EAST, -90, WEST, 90)
    turned = shapes.copy()
    turned[crossing] = turned[crossing].difference(cut)
    projected = turned.to_crs(EQUAL_EARTH)
    seamed = (bounds["minx"] == -180) & (bounds["maxx"] == 180)
    projected[seamed] = projected[seamed].map(_close_seam)
    return projected


def _close_seam(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.union_all(shapely.get_parts(shape), grid_size=SEAM_GRID_M)


def place_capitals(states: pd.DataFrame) -> gpd.GeoSeries:
    """Project the capital of each state (``capital_lat, capital_lon`` in degrees), with the same index."""
    places = gpd.points_from_xy(states["capital_lon"], states["capital_lat"], crs=4326)
    return project(gpd.GeoSeries(places, index=states.index))


def spread(places: np.ndarray, gap: float) -> np.ndarray:
    """Push places (two columns) apart until none is nearer to another than a gap, to within 1 % of it.

    Two places that are the same stay together.

    Examples
    --------
    >>> spread(np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0]]), gap=3).round(1).tolist()
    [[-1.0, 0.0], [2.0, 0.0], [9.0, 0.0]]
    """
    shown = places.copy()
    for _ in range(MOST_ROUNDS):
        apart = shown[:, None] - shown[None]
        distance = np.hypot(apart[..., 0], apart[..., 1]) + np.diag(np.full(len(shown), np.inf))
        missing = np.clip(gap - distance, 0, None)
        if missing.max(initial=0) < gap / 100:
            break
        shown += ((missing / np.maximum(distance, gap / 1e6))[..., None] * apart).sum(axis=1) / 2
    return shown


def _outline_sea(latitudes: np.ndarray) -> shapely.Geometry:
    sides = np.concatenate([latitudes, latitudes[::-1]])
    edge = shapely.polygons(np.column_stack([np.repeat([WEST, EAST], len(latitudes)), sides]))
    return gpd.GeoSeries([edge], crs=4326).to_crs(EQUAL_EARTH).iloc[0]


def draw_sea(axes: Axes) -> None:
    """Draw the area of the map and a grid of every 30 degrees, both light and behind all else."""
    latitudes = np.linspace(*LATITUDES, 91)
    meridians = [shapely.linestrings(longitude, latitudes) for longitude in range(-150, 180, 30)]
    parallels = [shapely.linestrings([WEST, EAST], [latitude] * 2) for latitude in range(-30, 61, 30)]
    area = gpd.GeoSeries([_outline_sea(latitudes)], crs=EQUAL_EARTH)
    lines = gpd.GeoSeries([*meridians, *parallels], crs=4326).to_crs(EQUAL_EARTH)
    area.plot(ax=axes, color=style.SEA, edgecolor=style.GRID, linewidth=0.8, aspect=None, zorder=0)
    lines.plot(ax=axes, color=style.GRID, linewidth=0.4, aspect=None, zorder=0.5)


class Frame:
    """The rectangle of a world map on a chart, so many pixels wide; turns metres into pixels.

    Examples
    --------
    >>> frame = Frame(640)
    >>> frame.width, 280 < frame.height < 320
    (640, True)
    """

    def __init__(self, width: float) -> None:
        self.sea = _outline_sea(np.linspace(*LATITUDES, 46))
        left, bottom, right, top = self.sea.bounds
        self.width, self.left, self.top = width, left, top
        self.scale = width / (right - left)
        self.height = round((top - bottom) * self.scale, DECIMALS)

    def place(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Move a projected shape to pixels, from the upper left corner."""
        return shapely.transform(shape, lambda at: (at - [self.left, self.top]) * [self.scale, -self.scale])

    def write(self, shape: shapely.Geometry) -> dict[str, Any]:
        """Write a projected shape as GeoJSON in pixels, without points that coincide."""
        placed = shapely.simplify(self.place(shape), FINEST)
        placed = shapely.set_precision(placed, 10**-DECIMALS, mode="pointwise")
        placed = shapely.remove_repeated_points(placed)
        return {"type": placed.geom_type, "coordinates": _round(shapely.geometry.mapping(placed)["coordinates"])}


def _round(part: Any) -> Any:
    return round(part, DECIMALS) if isinstance(part, float) else [_round(one) for one in part]


def outline_shapes(base_map: gpd.GeoDataFrame, frame: Frame) -> list[dict[str, Any]]:
    """Write each shape of the base map but Antarctica as a row of a chart: ``code, geo`` (GeoJSON in pixels).

    The base map of 110m keeps a page small.
    """
    shapes = base_map[base_map["iso3"].ne("ATA")]
    drawn = project(shapes.geometry)
    return [{"code": code, "geo": frame.write(shape)} for code, shape in zip(shapes["iso3"], drawn, strict=True)]


def place_circles(
    states: pd.DataFrame, base_map: gpd.GeoDataFrame, frame: Frame, hidden: set[str]
) -> list[dict[str, Any]]:
    """Write a circle (``code, x, y`` in pixels) for every state that is too small to be seen or has no shape.

    ``hidden`` are former states that are drawn where their successors are. Circles that would hide each other are
    moved apart.
    """
    areas = project(base_map.geometry).area
    large = set(base_map.loc[areas >= SMALLEST_SHAPE_M2, "iso3"])
    small = states[~states["iso3"].isin(large | hidden) & states["capital_lat"].notna()]
    apart = spread(shapely.get_coordinates(place_capitals(small)), CIRCLE_GAP_M)
    drawn = shapely.get_coordinates(frame.place(shapely.multipoints(apart))).round(DECIMALS).tolist()
    return [{"code": code, "x": across, "y": down} for code, (across, down) in zip(small["iso3"], drawn, strict=True)]
