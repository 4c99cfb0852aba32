"""The maps draw every state, mark the entity, keep their words apart and say what they could not draw."""

import colorsys

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.patches import Patch

from analysis.base_map import load_base_map
from analysis.errors import ParameterError
from analysis.figures import maps, style
from analysis.figures.captions import say
from analysis.tables import load_table

COLOURS = {"recognises": "#0072b2", "withdrew": "#d55e00", "never": "#f5cba7"}
LINEAGE = pd.DataFrame([("SUN", "RUS"), ("YUG", "SCG"), ("SCG", "SRB")], columns=["predecessor", "successor"])


@pytest.fixture(scope="module")
def base_map():
    return load_base_map()


@pytest.fixture(scope="module")
def small_map():
    """Fewer points and shapes: what is quick to draw where shapes do not matter."""
    return load_base_map("110m")


@pytest.fixture(scope="module")
def states():
    return load_table("recognition/states")


@pytest.fixture(scope="module")
def tiles():
    return load_table("geography/tile_grid")


@pytest.fixture(scope="module")
def status(states, tiles):
    """Each of the 198 states but Kosovo, with the three statuses in turn."""
    frame = states.loc[states["iso3"].isin(tiles["iso3"]) & (states["iso3"] != "XKX"), ["iso3", "name"]]
    return frame.assign(status=[list(COLOURS)[number % 3] for number in range(len(frame))])


@pytest.fixture(scope="module")
def world(status, base_map, states):
    return maps.plot_world_map(status, base_map, states, "Kosovo, notional", COLOURS, ["XKX"], source="Source: none.")


@pytest.fixture(scope="module")
def grid(status, tiles):
    return maps.plot_tile_grid(status, tiles, "Kosovo, notional", COLOURS, ["XKX"], source="Source: none.")


def colours_of(figure):
    """Every fill colour in the figure's axes."""
    axes = figure.axes[0]
    fills = [colour for collection in axes.collections for colour in collection.get_facecolor()]
    return {to_hex(colour) for colour in [*fills, *(patch.get_facecolor() for patch in axes.patches)]}


def circles_of(figure):
    return figure.axes[0].collections[-1]


def rows(*cells):
    return pd.DataFrame(cells, columns=["iso3", "name", "status"])


def test_every_one_of_the_198_states_is_drawn_on_both_maps(states, tiles, base_map):
    own = states.loc[states["iso3"].isin(tiles["iso3"]), ["iso3", "name"]].assign(status=lambda frame: frame["iso3"])
    hues = [to_hex(colorsys.hsv_to_rgb(number / 198, 0.9, 0.8)) for number in range(198)]
    colours = dict(zip(own["iso3"], hues, strict=True))
    assert len(set(hues)) == 198
    for figure in (
        maps.plot_world_map(own, base_map, states, "All", colours),
        maps.plot_tile_grid(own, tiles, "All", colours),
    ):
        assert set(hues) <= colours_of(figure)
        assert "Not drawn" not in figure.texts[-1].get_text()


def test_microstates_and_entities_without_a_shape_are_circles(base_map, states):
    own = states.loc[states["end_date"].isna(), ["iso3", "name"]].assign(status="never")
    figure = maps.plot_world_map(own, base_map, states, "All", COLOURS)
    small = states.loc[states["microstate"], "iso3"]
    bare = {"ABK", "OST", "PMR"}
    assert bare.isdisjoint(base_map["iso3"])
    # Seven more have shapes below 5,000 km2: Cape Verde, Comoros, Luxembourg, Mauritius, Northern Cyprus, Samoa
    # and Sao Tome and Principe.
    assert len(circles_of(figure).get_offsets()) == len(small) + len(bare) + 7


def test_no_circle_hides_another(world):
    centres = world.axes[0].transData.transform(circles_of(world).get_offsets())
    apart = np.hypot(*(centres[:, None] - centres[None]).T)[np.triu_indices(len(centres), 1)]
    diameter = np.sqrt(maps.CIRCLE_SIZE) * world.dpi / 72
    assert apart.min() > 0.95 * diameter


def test_the_tile_map_has_a_square_and_a_code_for_each_state(grid, tiles):
    axes = grid.axes[0]
    assert len(axes.patches) == 198
    assert sorted(text.get_text() for text in axes.texts) == sorted(tiles["iso3"])


def test_every_code_fits_its_square(grid):
    FigureCanvasAgg(grid)
    axes = grid.axes[0]
    for text, square in zip(axes.texts, axes.patches, strict=True):
        code, box = text.get_window_extent(), square.get_window_extent()
        assert box.x0 <= code.x0 and code.x1 <= box.x1, text.get_text()
        assert box.y0 <= code.y0 and code.y1 <= box.y1, text.get_text()


@pytest.mark.parametrize("name", ["world", "grid", "narrow"])
def test_words_are_neither_clipped_nor_on_top_of_each_other(name, request):
    figure = request.getfixturevalue(name)
    axes = figure.axes[0]
    parts = (axes._left_title, axes.get_legend(), figure.texts[-1], axes)
    boxes = [part.get_window_extent() for part in parts]
    for number, box in enumerate(boxes):
        assert box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 and box.y1 <= figure.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[number + 1 :])


@pytest.mark.parametrize("name", ["world", "grid"])
def test_the_legend_counts_the_states_and_names_the_entity(name, request, status):
    labels = [text.get_text() for text in request.getfixturevalue(name).axes[0].get_legend().get_texts()]
    counts = status["status"].value_counts()
    unsaid = ["no row for that day"] * (style.NO_ROW in colours_of(request.getfixturevalue(name)))
    assert labels == [*(f"{word} ({counts[word]})" for word in COLOURS), *unsaid, "Kosovo"]


def test_the_entity_is_starred_on_the_map_and_dark_on_the_tiles(world, grid):
    assert [line.get_marker() for line in world.axes[0].lines] == ["*"]
    assert style.INK in colours_of(world)
    dark = [
        text.get_text()
        for text, square in zip(grid.axes[0].texts, grid.axes[0].patches, strict=True)
        if to_hex(square.get_facecolor()) == style.INK
    ]
    assert dark == ["XKX"]


def test_the_caveat_stands_under_the_map(world):
    assert say("maps.caveat", {}) in world.texts[-1].get_text()
    assert world.texts[-1].get_text().startswith("Source: none.")


@pytest.fixture(scope="module")
def narrow(status, base_map, states):
    return maps.plot_world_map(status, base_map, states, "Who, on a telephone?", COLOURS, ["XKX"], wide=style.NARROW)


def test_figures_are_closed(world, grid):
    assert {world, grid}.isdisjoint(map(plt.figure, plt.get_fignums()))


def test_a_former_state_is_drawn_as_its_successor_where_that_has_no_row(small_map, states, tiles):
    soviet = rows(("SUN", "Soviet Union", "recognises"), ("YUG", "Yugoslavia", "never"))
    for figure in (
        maps.plot_world_map(soviet, small_map, states, "1980", COLOURS, lineage=LINEAGE),
        maps.plot_tile_grid(soviet, tiles, "1980", COLOURS, lineage=LINEAGE),
    ):
        assert {COLOURS["recognises"], COLOURS["never"]} <= colours_of(figure)
        assert "Former states" in figure.texts[-1].get_text()
        assert "Not drawn" not in figure.texts[-1].get_text()


def test_a_successor_with_a_row_keeps_its_shape(small_map, states):
    both = rows(("SUN", "Soviet Union", "recognises"), ("RUS", "Russia", "never"))
    figure = maps.plot_world_map(both, small_map, states, "1991", COLOURS, lineage=LINEAGE)
    assert len(circles_of(figure).get_offsets()) == 1
    assert to_hex(circles_of(figure).get_facecolor()[0]) == COLOURS["recognises"]
    assert "Former states" not in figure.texts[-1].get_text()


def test_a_state_without_a_place_is_named_beneath(small_map, states, tiles):
    odd = rows(("PRY", "Paraguay", "recognises"), ("XXA", "Atlantis", "never"))
    for figure in (
        maps.plot_world_map(odd, small_map, states, "Odd", COLOURS),
        maps.plot_tile_grid(odd, tiles, "Odd", COLOURS),
    ):
        assert "Not drawn: Atlantis." in figure.texts[-1].get_text()


def test_a_state_without_a_row_is_grey(small_map, states, tiles):
    paraguay = rows(("PRY", "Paraguay", "recognises"))
    grid = maps.plot_tile_grid(paraguay, tiles, "One", COLOURS)
    assert [to_hex(patch.get_facecolor()) for patch in grid.axes[0].patches].count(style.NO_ROW) == 197
    assert style.NO_ROW in colours_of(maps.plot_world_map(paraguay, small_map, states, "One", COLOURS))


def test_an_unknown_status_or_entity_is_refused(tiles):
    with pytest.raises(ParameterError, match=r"status = 'recognizes'.*'recognises'"):
        maps.plot_tile_grid(rows(("PRY", "Paraguay", "recognizes")), tiles, "Odd", COLOURS)
    with pytest.raises(ParameterError, match="entity = 'XKK'"):
        maps.plot_tile_grid(rows(("PRY", "Paraguay", "never")), tiles, "Odd", COLOURS, ["XKK"])


def test_the_sentence_holds_every_count_and_names_the_few(status):
    few = status[status["status"] != "withdrew"]
    few = pd.concat([few, rows(("XXA", "Atlantis", "withdrew"))])
    sentence = say("maps.status", maps.facts_of_status(few, "Kosovo, notional", COLOURS))
    counts = few["status"].value_counts()
    assert sentence.startswith(f"{len(few)} states and entities: recognises {counts['recognises']} (")
    assert f"withdrew 1 (0.8 %), never {counts['never']} (" in sentence
    assert sentence.endswith("\n\nKosovo, notional. Withdrew: Atlantis.")
    of_tiles = say("maps.tiles", maps.facts_of_status(few, "Kosovo, notional", COLOURS))
    finding, details = of_tiles.split("\n\n")
    assert f"{counts.max()} of {len(few)} states and entities" in finding
    assert f'"{counts.idxmax()}"' in finding and finding != sentence.split("\n\n")[0]
    assert details.startswith(f"Kosovo, notional: recognises {counts['recognises']} (")
    assert "Withdrew: Atlantis." in details
    of_a_day = maps.facts_of_status(few, "Kosovo, notional", COLOURS, "2024-02-01")
    assert say("maps.status", of_a_day).startswith(f"On 1 February 2024, {len(few)} states and entities: ")
    assert say("maps.tiles", of_a_day).startswith("On 1 February 2024, counted as squares")


def test_a_status_that_no_state_has_is_counted_as_none():
    sentence = say("maps.status", maps.facts_of_status(rows(("PRY", "Paraguay", "never")), "One", COLOURS))
    assert (
        sentence == "1 state or entity: recognises 0 (0 %), withdrew 0 (0 %), never 1 (100 %).\n\nOne. Never: Paraguay."
    )


def frame(n_keys, label, note, title="Title"):
    _, axes = plt.subplots(figsize=style.WIDE)
    axes.set(xlim=(0, 2), ylim=(0, 1), aspect="equal")
    return maps.finish(axes, title, [Patch(label=f"{label} {key}") for key in range(n_keys)], note)


def extents(figure):
    axes = figure.axes[0]
    parts = (axes._left_title, axes.get_legend(), figure.texts[-1], axes)
    return [part.get_window_extent() for part in parts]


@pytest.mark.parametrize("n_keys", [1, 4, 7])
@pytest.mark.parametrize("label", ["short", "recognised once and withdrawn since"])
@pytest.mark.parametrize("note", ["One line.", "A caveat that takes several lines. " * 15])
@pytest.mark.parametrize("title", ["Title", "A title that says too much " * 6])
def test_nothing_is_clipped_and_nothing_overlaps(n_keys, label, note, title):
    figure = frame(n_keys, label, note, title)
    boxes = extents(figure)
    for box in boxes:
        assert box.x0 >= 0 and box.y0 >= 0
        assert box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
    for first in range(len(boxes)):
        assert not any(boxes[first].overlaps(box) for box in boxes[first + 1 :])


def test_the_axes_take_the_whole_width_at_their_own_aspect():
    box = frame(2, "short", "Note.").axes[0].get_window_extent()
    assert box.width == pytest.approx(9.8 * style.PAGE_DPI)
    assert box.height == pytest.approx(box.width / 2)
