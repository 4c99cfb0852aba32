"""A figure is shown once, with its sentence and, where they are given, its data."""

import base64
import json

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from analysis.figures import style
from analysis.figures.data_file import DATA_MIME


@pytest.fixture
def figure():
    figure, axes = plt.subplots(figsize=style.WIDE)
    axes.plot([1, 3, 2])
    plt.close(figure)
    return figure


def test_equal_figures_give_equal_bytes_and_the_sentence_goes_with_them(figure):
    content, metadata = style.bundle(figure, "A line rises and falls.")
    assert (content, metadata) == style.bundle(figure, "A line rises and falls.")
    assert base64.b64decode(content["image/png"]).startswith(b"\x89PNG")
    assert content["text/plain"] == "A line rises and falls."
    assert metadata == {"image/png": {"alt": "A line rises and falls."}}


def test_data_are_carried_only_where_they_are_given(figure):
    assert DATA_MIME not in style.bundle(figure, "x")[0]
    content, _ = style.bundle(figure, "x", pd.DataFrame({"n": [1, 2]}))
    assert json.loads(json.dumps(content[DATA_MIME])) == [{"name": "", "csv": "n\n1\n2\n", "rows": 2, "kept": 2}]


def test_a_figure_is_shown_once(figure, monkeypatch):
    shown = []
    monkeypatch.setattr(style, "display", lambda content, **options: shown.append((content, options)))
    style.show(figure, "x", data=pd.DataFrame({"n": [1]}))
    ((content, options),) = shown
    assert options["raw"] and set(content) == {"image/png", "text/plain", DATA_MIME}


def luminance(colour):
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("fill", [*style.ENTITY_COLOURS.values(), *style.CAPABILITY_COLOURS.values(), style.EMPTY])
def test_codes_stand_out_from_every_colour_of_the_house(fill):
    lighter, darker = sorted([luminance(fill), luminance(style.readable_ink(fill))], reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3.5


def test_ink_is_white_on_black_and_dark_on_white():
    assert style.readable_ink("black") == "white"
    assert style.readable_ink("white") == style.INK
