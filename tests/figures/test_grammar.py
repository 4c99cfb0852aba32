"""The shapes of which figures are made."""

import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from analysis.figures import grammar, style


def test_small_multiples_have_a_panel_for_each_name_and_none_left_over():
    with grammar.small_multiples("Four", ["a", "b", "c", "d"], inches=2, frame=1) as (figure, panels):
        assert list(panels) == ["a", "b", "c", "d"]
    assert figure.axes == list(panels.values())
    assert figure.get_figheight() == 1 + 2 * 2


def test_cells_have_the_colour_of_their_kind_and_none_where_no_kind_is_named():
    kinds = pd.DataFrame({"x": ["new", None], "y": ["old", "new"]})
    with grammar.drawing("Cells") as (_, axes):
        grammar.draw_kinds(axes, kinds, {"old": "black", "new": "yellow"}, kinds.fillna(""))
        axes.figure.draw_without_rendering()
    faces = axes.collections[0].get_facecolor()
    assert [face[:3].tolist() for face in faces[[0, 1, 3]]] == [pytest.approx(to_rgb(name)) for name in
                                                              ("yellow", "black", "yellow")]  # fmt: skip
    assert faces[2, 3] == 0
    assert [text.get_text() for text in axes.texts] == ["new", "old", "new"]


def test_steps_are_held_until_a_later_place_and_nothing_is_added_to_none():
    steps = pd.DataFrame({"day": [1, 4], "count": [2, 3]})
    assert grammar.hold(steps, day=9).to_dict("list") == {"day": [1, 4, 9], "count": [2, 3, 3]}
    assert grammar.hold(steps[:0], day=9).empty


def test_a_sentence_in_place_of_a_figure_is_read_on_a_telephone(assert_words_can_be_read):
    figure = grammar.plot_nothing("No row of this confidence gives such counts, so there is nothing to draw; " * 2)
    assert figure.get_figwidth() == style.NARROW
    assert_words_can_be_read(figure)
