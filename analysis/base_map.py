"""The base map of the data folder: whether it is whole, and its shapes."""

import json
import math
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.data_package import UNREADABLE
from analysis.errors import DataError, Fault, require_choice
from analysis.tables import LARGEST_FILE_BYTES, data_folder

if TYPE_CHECKING:
    import geopandas as gpd
    import shapely

BASE_MAPS = {"50m": "geography/world_50m.json", "110m": "geography/world_110m.json"}
"""Scale to its file below the data folder."""
NO_BASE_MAP = "is missing, cut short, or no base map (TopoJSON of countries, with name and a3); restore it from git."


def load_base_map(scale: str = "50m") -> "gpd.GeoDataFrame":
    """Load the base map: one cartographic choice, which says nothing about recognition.

    Parameters
    ----------
    scale : {"50m", "110m"}
        50m for figures; 110m lacks small states and is for charts inside a page.

    Returns
    -------
    geopandas.GeoDataFrame
        One row is a shape: ``iso3, name, geometry`` in degrees (WGS 84), with Russia and Fiji cut at 180
        degrees. Two shapes without area are left out (the Holy See is drawn as a point). ``KAS`` is a disputed
        patch that belongs to no state.

    Examples
    --------
    >>> {"TWN", "PSE", "XKX", "ESH", "NCY"} <= set(load_base_map()["iso3"])
    True
    """
    import geopandas as gpd  # half a second that tables without a map need not pay

    require_choice("scale", scale, BASE_MAPS)
    folder = data_folder()
    path = folder / BASE_MAPS[scale]
    fault = find_base_map_fault(folder, scale)
    if fault:
        raise DataError(f"{path}: {fault.rule}")
    try:
        shapes = gpd.read_file(path, layer="countries", columns=["name", "a3"])
    except (OSError, RuntimeError):
        raise DataError(f"{path}: {NO_BASE_MAP}") from None
    shapes = shapes.set_crs(4326).rename(columns={"a3": "iso3"}).replace({"iso3": {"CYN": "NCY"}})
    rolled = ~shapes.is_valid
    shapes.loc[rolled, "geometry"] = shapes.loc[rolled, "geometry"].map(_cut_at_antimeridian)
    return shapes.loc[~shapes.is_empty, ["iso3", "name", "geometry"]].reset_index(drop=True)


def find_base_map_fault(folder: Path, scale: str) -> Fault | None:
    """Find out whether a base map is missing, cut short, or another file: all its shapes must have names and borders.

    Parameters
    ----------
    folder : pathlib.Path
        A folder laid out like ``data/``.
    scale : {"50m", "110m"}
        Which map.
    """
    path = folder / BASE_MAPS[scale]
    try:
        is_whole = _is_whole_map(path, path.stat().st_mtime_ns)
    except UNREADABLE:
        is_whole = False
    return None if is_whole else Fault(BASE_MAPS[scale], 0, "", "", NO_BASE_MAP)


@lru_cache(maxsize=8)
def _is_whole_map(path: Path, _modified: int) -> bool:
    if not path.is_file() or path.stat().st_size > LARGEST_FILE_BYTES:
        return False
    topology = json.loads(path.read_bytes())
    arcs, shapes = len(topology["arcs"]), topology["objects"]["countries"]["geometries"]
    named = all(isinstance(one["properties"][name], str) for one in shapes for name in ("name", "a3"))
    borders = list(_numbers_in([one["arcs"] for one in shapes if one["type"]]))
    placed = [*topology["transform"]["scale"], *topology["transform"]["translate"]]
    drawn = len(placed) == 4 and all(math.isfinite(number) for number in placed)
    drawn &= all(len(arc) > 1 and all(type(x) is type(y) is int for x, y in arc) for arc in topology["arcs"])
    return named and drawn and bool(borders) and all(-arcs <= one < arcs for one in borders)


def _numbers_in(nested: list[Any]) -> Iterator[int]:
    for one in nested:
        if isinstance(one, list):
            yield from _numbers_in(one)
        else:
            yield one


def _cut_at_antimeridian(shape: "shapely.MultiPolygon") -> "shapely.Geometry":
    """Unroll rings that run across 180 degrees, of which make_valid alone makes bands round the world; cut there."""
    import shapely
    from shapely.affinity import translate

    def unroll(ring: "shapely.LinearRing") -> np.ndarray:
        return np.unwrap(ring.coords, period=360, axis=0)

    parts = [shapely.Polygon(unroll(part.exterior), [unroll(hole) for hole in part.interiors]) for part in shape.geoms]
    whole = shapely.union_all(shapely.make_valid(parts))
    turns = (-360, 0, 360)
    return shapely.union_all(
        [translate(shapely.clip_by_rect(whole, -180 - turn, -90, 180 - turn, 90), turn) for turn in turns]
    )
