"""Text around a map fits the page, whatever its length, and codes can be read on every colour of the house."""

import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import Patch

from analysis.figures import style
from analysis.figures.layout import finish, readable_ink


def draw(n_keys, label, note, title="Title"):
    _, axes = plt.subplots(figsize=style.WIDE)
    axes.set(xlim=(0, 2), ylim=(0, 1), aspect="equal")
    return finish(axes, title, [Patch(label=f"{label} {key}") for key in range(n_keys)], note)


def extents(figure):
    axes = figure.axes[0]
    parts = (axes._left_title, axes.get_legend(), figure.texts[-1], axes)
    return [part.get_window_extent() for part in parts]


@pytest.mark.parametrize("n_keys", [1, 4, 7])
@pytest.mark.parametrize("label", ["short", "recognised once and withdrawn since"])
@pytest.mark.parametrize("note", ["One line.", "A caveat that takes several lines. " * 15])
@pytest.mark.parametrize("title", ["Title", "A title that says too much " * 6])
def test_nothing_is_clipped_and_nothing_overlaps(n_keys, label, note, title):
    figure = draw(n_keys, label, note, title)
    boxes = extents(figure)
    for box in boxes:
        assert box.x0 >= 0 and box.y0 >= 0
        assert box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
    for first in range(len(boxes)):
        assert not any(boxes[first].overlaps(box) for box in boxes[first + 1 :])


def test_the_axes_take_the_whole_width_at_their_own_aspect():
    box = draw(2, "short", "Note.").axes[0].get_window_extent()
    assert box.width == pytest.approx(9.8 * style.PAGE_DPI)
    assert box.height == pytest.approx(box.width / 2)


def luminance(colour):
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("fill", [*style.ENTITY_COLOURS.values(), *style.CAPABILITY_COLOURS.values(), style.EMPTY])
def test_codes_stand_out_from_every_colour_of_the_house(fill):
    lighter, darker = sorted([luminance(fill), luminance(readable_ink(fill))], reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3.5


def test_ink_is_white_on_black_and_dark_on_white():
    assert readable_ink("black") == "white"
    assert readable_ink("white") == style.INK
