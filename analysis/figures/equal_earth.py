"""The Equal Earth projection, cut in Bering Strait: shapes, the sea around them, and circles that keep apart."""

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes

from analysis.figures import style

EQUAL_EARTH = "+proj=eqearth +lon_0=11 +datum=WGS84"
CUT_DEGREES = -169.0  # opposite to 11 degrees east: the edge of the map runs through open sea but for Alaska
CUT_WIDTH_DEGREES = 1e-6
SEAM_GRID_M = 1.0
LATITUDES = (-59.0, 84.0)  # all land but Antarctica
SEA = "#f7f9fb"
ROUNDS = 200


def project(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Project shapes or points, cut at the edge of the map and whole at 180 degrees.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        In degrees (EPSG:4326); a shape that lies across 180 degrees is in two parts that end there.

    Returns
    -------
    geopandas.GeoSeries
        In metres, with the same index.

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
    cut = shapely.box(CUT_DEGREES - CUT_WIDTH_DEGREES, -90, CUT_DEGREES + CUT_WIDTH_DEGREES, 90)
    turned = shapes.copy()
    turned[crossing] = turned[crossing].difference(cut)
    projected = turned.to_crs(EQUAL_EARTH)
    seamed = (bounds["minx"] == -180) & (bounds["maxx"] == 180)
    projected[seamed] = projected[seamed].map(_close_seam)
    return projected


def _close_seam(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.union_all(shapely.get_parts(shape), grid_size=SEAM_GRID_M)


def draw_sea(axes: Axes) -> None:
    """Draw the area of the map and a grid of every 30 degrees, both light and behind all else.

    Parameters
    ----------
    axes : matplotlib Axes
        In metres of the projection.
    """
    west, east = CUT_DEGREES + CUT_WIDTH_DEGREES, CUT_DEGREES - CUT_WIDTH_DEGREES
    latitudes = np.linspace(*LATITUDES, 91)
    sides = np.concatenate([latitudes, latitudes[::-1]])
    sea = shapely.polygons(np.column_stack([np.repeat([west, east], len(latitudes)), sides]))
    meridians = [shapely.linestrings(longitude, latitudes) for longitude in range(-150, 180, 30)]
    parallels = [shapely.linestrings([west, east], [latitude] * 2) for latitude in range(-30, 61, 30)]
    area = gpd.GeoSeries([sea], crs=4326).to_crs(EQUAL_EARTH)
    lines = gpd.GeoSeries([*meridians, *parallels], crs=4326).to_crs(EQUAL_EARTH)
    area.plot(ax=axes, color=SEA, edgecolor=style.GRID, linewidth=0.8, aspect=None, zorder=0)
    lines.plot(ax=axes, color=style.GRID, linewidth=0.4, aspect=None, zorder=0.5)


def spread(places: np.ndarray, gap: float) -> np.ndarray:
    """Push places apart until none is nearer to another than a gap.

    Parameters
    ----------
    places : numpy.ndarray
        One row is a place, in two columns; two that are the same stay together.
    gap : float
        Least distance, in the unit of the places, above 0.

    Returns
    -------
    numpy.ndarray
        The new places, in the same order; to within 1 % of the gap where they come to rest.

    Examples
    --------
    >>> spread(np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0]]), gap=3).round(1).tolist()
    [[-1.0, 0.0], [2.0, 0.0], [9.0, 0.0]]
    """
    shown = places.copy()
    for _ in range(ROUNDS):
        apart = shown[:, None] - shown[None]
        distance = np.hypot(apart[..., 0], apart[..., 1]) + np.diag(np.full(len(shown), np.inf))
        missing = np.clip(gap - distance, 0, None)
        if missing.max(initial=0) < gap / 100:
            break
        shown += ((missing / np.maximum(distance, gap / 1e6))[..., None] * apart).sum(axis=1) / 2
    return shown
