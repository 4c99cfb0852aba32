"""The base map as rows for an interactive chart: outlines, the sea and places, in pixels of the chart."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.figures.equal_earth import CUT_DEGREES, CUT_WIDTH_DEGREES, EQUAL_EARTH, LATITUDES, project, spread
from analysis.figures.maps import CIRCLE_GAP_M, SMALLEST_SHAPE_M2

DECIMALS = 1
FINEST = 0.35  # pixels by which an outline may be simplified


class Frame:
    """The rectangle of a world map on a chart.

    Parameters
    ----------
    width : float
        Pixels from the western to the eastern edge, above 0.

    Examples
    --------
    >>> frame = Frame(640)
    >>> frame.width, 280 < frame.height < 320
    (640, True)
    """

    def __init__(self, width: float) -> None:
        west, east = CUT_DEGREES + CUT_WIDTH_DEGREES, CUT_DEGREES - CUT_WIDTH_DEGREES
        latitudes = np.linspace(*LATITUDES, 46)
        sides = np.concatenate([latitudes, latitudes[::-1]])
        corners = shapely.polygons(np.column_stack([np.repeat([west, east], len(latitudes)), sides]))
        self.sea = gpd.GeoSeries([corners], crs=4326).to_crs(EQUAL_EARTH).iloc[0]
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


def outline_shapes(base_map: gpd.GeoDataFrame, frame: Frame) -> list[dict[str, Any]]:
    """Write the shapes of the base map as rows of a chart.

    Parameters
    ----------
    base_map : geopandas.GeoDataFrame
        iso3 and geometry in degrees, as ``tables.load_base_map`` gives it; 110m keeps a page small.
    frame : Frame
        Where the map stands.

    Returns
    -------
    list of dict
        code, geo (GeoJSON in pixels). One row is one shape; Antarctica is left out.

    Examples
    --------
    >>> area = gpd.GeoDataFrame({"iso3": ["PRY"]}, geometry=[shapely.box(-62, -27, -54, -20)], crs=4326)
    >>> [row["code"] for row in outline_shapes(area, Frame(640))]
    ['PRY']
    """
    shapes = base_map[base_map["iso3"].ne("ATA")]
    drawn = project(shapes.geometry)
    return [{"code": code, "geo": frame.write(shape)} for code, shape in zip(shapes["iso3"], drawn, strict=True)]


def place_circles(
    states: pd.DataFrame, base_map: gpd.GeoDataFrame, frame: Frame, hidden: set[str]
) -> list[dict[str, Any]]:
    """Place a circle for every state that is too small to be seen or has no shape.

    Parameters
    ----------
    states : pandas.DataFrame
        iso3, capital_lat and capital_lon in degrees; one row is a state, present or former.
    base_map, frame
        As for :func:`outline_shapes`.
    hidden : set of str
        Codes that get no circle: former states that are drawn where their successors are.

    Returns
    -------
    list of dict
        code, x, y in pixels. One row is one state; circles that would hide each other are moved apart.

    Examples
    --------
    >>> capitals = pd.DataFrame([("NRU", -0.5, 166.9)], columns=["iso3", "capital_lat", "capital_lon"])
    >>> none = gpd.GeoDataFrame({"iso3": []}, geometry=[], crs=4326)
    >>> [row["code"] for row in place_circles(capitals, none, Frame(640), set())]
    ['NRU']
    """
    areas = project(base_map.geometry).area
    large = set(base_map.loc[areas >= SMALLEST_SHAPE_M2, "iso3"])
    small = states[~states["iso3"].isin(large | hidden) & states["capital_lat"].notna()]
    places = gpd.GeoSeries(gpd.points_from_xy(small["capital_lon"], small["capital_lat"], crs=4326))
    apart = spread(shapely.get_coordinates(project(places)), CIRCLE_GAP_M)
    drawn = shapely.get_coordinates(frame.place(shapely.multipoints(apart))).round(DECIMALS).tolist()
    return [{"code": code, "x": across, "y": down} for code, (across, down) in zip(small["iso3"], drawn, strict=True)]


def _round(part: Any) -> Any:
    return round(part, DECIMALS) if isinstance(part, float) else [_round(one) for one in part]
