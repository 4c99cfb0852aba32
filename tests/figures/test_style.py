"""A figure is shown once, with its sentence and, where they are given, its data."""

import base64
import json

import matplotlib.pyplot as plt
import pandas as pd
import pytest

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


@pytest.mark.parametrize(
    "palette",
    ["ENTITY_COLOURS", "STATUS_COLOURS", "SHARED_COLOURS", "CAPABILITY_COLOURS", "COVER_COLOURS", "STAGE_COLOURS",
     "GRADE_COLOURS", "OUTCOME_COLOURS"],
)  # fmt: skip
def test_a_text_is_read_on_every_colour_on_which_one_stands(palette):
    for behind in getattr(style, palette).values():
        assert style.find_contrast(behind, style.readable_ink(behind)) >= style.LEAST_CONTRAST, behind


def test_shares_are_pale_enough_for_one_ink():
    assert {style.readable_ink(style.mix(*style.SHARE_SHADES, share / 100)) for share in range(101)} == {style.INK}


def test_ink_is_white_on_black_and_dark_on_white():
    assert style.readable_ink("black") == "white"
    assert style.readable_ink("white") == style.INK
