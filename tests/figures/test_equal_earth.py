"""The projection cuts the world in Bering Strait and nowhere else; circles keep apart."""

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
import shapely

from analysis.base_map import load_base_map
from analysis.figures.equal_earth import draw_sea, project, spread

EDGE_M = 17_243_959  # half the length of the equator in this projection


@pytest.fixture(scope="module")
def projected():
    shapes = load_base_map().set_index("iso3").geometry
    return project(shapes[shapes.index != "ATA"])


def on_map(longitude, latitude):
    return shapely.get_coordinates(project(gpd.GeoSeries.from_xy([longitude], [latitude], crs=4326)))[0]


def test_the_centre_is_at_eleven_degrees_east_and_the_edges_opposite():
    assert on_map(11, 0) == pytest.approx([0, 0], abs=1)
    assert on_map(-168.9999, 0)[0] == pytest.approx(-EDGE_M, rel=1e-4)
    assert on_map(-169.0001, 0)[0] == pytest.approx(EDGE_M, rel=1e-4)


@pytest.mark.parametrize("iso3", ["RUS", "FJI", "NZL", "TUV"])
def test_states_at_180_degrees_stay_on_one_side(projected, iso3):
    assert projected[iso3].bounds[0] > 0


def test_the_seam_at_180_degrees_is_closed(projected):
    chukotka = shapely.box(*on_map(178, 66.5), *on_map(-178, 68.5))
    parts = [part for part in projected["RUS"].geoms if part.intersects(chukotka)]
    assert sum(part.area > 1e9 for part in parts) == 1


def test_only_the_united_states_have_land_on_both_edges(projected):
    bounds = projected.bounds
    both = (bounds["minx"] < -10e6) & (bounds["maxx"] > 10e6)
    assert set(projected.index[both]) == {"USA", "KIR"}  # Kiribati's islands lie on both sides, uncut


def test_areas_are_kept(projected):
    assert projected["BRA"].area == pytest.approx(8.51e12, rel=0.01)
    assert projected["RUS"].area == pytest.approx(16.95e12, rel=0.01)


def test_shapes_lie_on_the_sea_that_is_drawn(projected):
    figure, axes = plt.subplots()
    draw_sea(axes)
    plt.close(figure)
    sea = shapely.Polygon(axes.collections[0].get_paths()[0].vertices).buffer(1e3)
    assert projected.map(sea.covers).all()


def test_circles_are_pushed_just_apart_and_others_stay():
    places = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.5], [50.0, 50.0]])
    shown = spread(places, gap=3)
    distances = np.hypot(*(shown[:, None] - shown[None]).T)[np.triu_indices(4, 1)]
    assert distances.min() > 0.98 * 3
    assert shown[3].tolist() == [50.0, 50.0]
    assert shown[:3].mean(axis=0) == pytest.approx(places[:3].mean(axis=0))


def test_no_circle_and_one_circle_need_no_room():
    assert spread(np.empty((0, 2)), gap=3).shape == (0, 2)
    assert spread(np.array([[4.0, 5.0]]), gap=3).tolist() == [[4.0, 5.0]]
