"""Pictures are small, true to the original, and always the same bytes."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from analysis.reporting.page.picture import palette_picture, svg_picture, thumbnail


def png(image):
    buffer = io.BytesIO()
    image.save(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode()


def read(picture):
    return Image.open(io.BytesIO(base64.b64decode(picture.source.removeprefix("data:image/png;base64,"))))


@pytest.fixture
def drawing():
    steps = np.linspace(0, 255, 288).astype("uint8")
    pixels = np.stack(
        [np.tile(steps, (144, 1)), np.tile(steps[::-1], (144, 1)), np.full((144, 288), 90, "uint8")], axis=2
    )
    return Image.fromarray(pixels)


def test_the_size_on_the_page_is_that_of_144_dots_per_inch(drawing):
    picture = palette_picture(png(drawing))
    assert (picture.width, picture.height) == (288 * 96 // 144, 144 * 96 // 144)
    assert read(picture).size == drawing.size


def test_the_picture_has_a_palette_and_looks_the_same(drawing):
    reduced = read(palette_picture(png(drawing)))
    assert reduced.mode == "P"
    difference = np.abs(np.asarray(reduced.convert("RGB"), int) - np.asarray(drawing, int))
    assert difference.max() <= 12


def test_rare_colours_and_white_survive():
    image = Image.new("RGB", (200, 100), "white")
    image.putpixel((3, 3), (213, 94, 0))
    reduced = read(palette_picture(png(image))).convert("RGB")
    assert reduced.getpixel((3, 3)) == (213, 94, 0)
    assert reduced.getpixel((0, 0)) == (255, 255, 255)


def test_the_colours_of_large_areas_stay_exact(drawing):
    image = drawing.resize((400, 300))
    image.paste((247, 249, 251), (0, 0, 200, 300))
    image.paste((239, 232, 219), (200, 0, 300, 300))
    reduced = read(palette_picture(png(image))).convert("RGB")
    assert reduced.getpixel((100, 100)) == (247, 249, 251)
    assert reduced.getpixel((250, 100)) == (239, 232, 219)


def test_equal_pictures_give_equal_bytes(drawing):
    assert palette_picture(png(drawing)) == palette_picture(png(drawing.copy()))


def test_what_is_transparent_becomes_white():
    image = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    assert read(palette_picture(png(image))).convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_a_thumbnail_keeps_the_proportions(drawing):
    small = thumbnail(png(drawing))
    assert (small.width, small.height) == (180, 90)
    assert read(small).size == (360, 180)


def test_of_a_tall_figure_the_thumbnail_shows_the_whole():
    tall = Image.new("RGB", (400, 800), "teal")
    tall.paste("white", (0, 400, 400, 800))
    small = thumbnail(png(tall))
    assert (small.width, small.height) == (81, 162)
    assert {colour for _, colour in read(small).convert("RGB").getcolors()} >= {(0, 128, 128), (255, 255, 255)}


@pytest.mark.parametrize("content", ["", "AAAA", "not base64!"])
def test_what_is_no_picture_is_refused(content):
    with pytest.raises((OSError, ValueError)):
        palette_picture(content)


def test_a_drawing_becomes_a_picture_in_which_no_script_can_run():
    picture = svg_picture("<svg><script>alert(1)</script></svg>")
    assert picture.source.startswith("data:image/svg+xml;base64,")
    assert "<" not in picture.source
