"""What the tests of several figures share: that words can be read."""

from itertools import combinations

import matplotlib.pyplot as plt
import pytest


def texts_of(figure):
    """Every piece of text that is drawn; labels of ticks beyond the ends of an axis are not."""
    unseen = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            far = [tick for tick in axis.get_major_ticks() if not axes.axison or not low <= tick.get_loc() <= high]
            unseen |= {label for tick in far for label in (tick.label1, tick.label2)}
    texts = [text for text in figure.findobj(plt.Text) if text.get_visible() and text.get_text().strip()]
    return [text for text in texts if text not in unseen]


@pytest.fixture(scope="session")
def assert_words_can_be_read():
    """Fail where a text of a figure is cut off at its edge, or stands on another."""

    def check(figure, name=""):
        figure.draw_without_rendering()
        texts = texts_of(figure)
        boxes = [(text.get_text(), plt.Text.get_window_extent(text)) for text in texts]
        for words, box in boxes:
            inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= figure.bbox.x1 + 1 and box.y1 <= figure.bbox.y1 + 1
            assert inside, f"{name}: {words!r} is cut off"
        level = [box for box, text in zip(boxes, texts, strict=True) if text.get_rotation() % 90 == 0]
        for (words, box), (others, other) in combinations(level, 2):  # slanted words fill no box
            width = min(box.x1, other.x1) - max(box.x0, other.x0)
            height = min(box.y1, other.y1) - max(box.y0, other.y0)
            assert width <= 1 or height <= 1, f"{name}: {words!r} overlaps {others!r}"

    return check
