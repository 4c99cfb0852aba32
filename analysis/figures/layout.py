"""Figures whose axes keep their aspect, such as maps: legend and note around them, and a height that fits."""

import math
from collections.abc import Sequence
from textwrap import fill
from typing import cast

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from analysis.figures import style

LINE_LETTERS = 145  # of the legend, in a figure of ten inches
KEY_LETTERS = 6  # that a legend's coloured square and the space around it take
TITLE_LETTERS = 85
MARGIN = 0.1  # inches


def finish(axes: Axes, title: str, keys: Sequence[Artist], note: str) -> Figure:
    """Add title, legend and note to axes of fixed aspect, fit the figure's height to them, and close it.

    Parameters
    ----------
    axes : matplotlib Axes
        Drawn, with its limits set; ticks and frame are taken away.
    title : str
        What is shown; long text is wrapped, here and in the note.
    keys : sequence of matplotlib artists
        Legend entries, each with a label.
    note : str
        The small line beneath.

    Returns
    -------
    matplotlib.figure.Figure
        As wide as before; the axes take the whole width.

    Notes
    -----
    Constrained layout does not settle when the aspect is fixed: it leaves titles clipped.

    Examples
    --------
    >>> figure, axes = plt.subplots(figsize=(10, 1))
    >>> dots = axes.plot([0, 2], [0, 1], label="dot")
    >>> finished = finish(axes, "Two by one", dots, "Source: nobody.")
    >>> bool(finished.get_figheight() > 5)
    True
    """
    figure = cast(Figure, axes.figure)
    figure.set_layout_engine("none")
    letters = sum(len(str(key.get_label())) + KEY_LETTERS for key in keys)
    columns = math.ceil(len(keys) / math.ceil(letters / LINE_LETTERS))
    width = figure.get_figwidth()
    inner = width - 2 * MARGIN
    axes.set(xticks=[], yticks=[], position=(MARGIN / width, 0, inner / width, 1))
    axes.set_axis_off()
    heading = axes.set_title(fill(title, TITLE_LETTERS), va="bottom")
    legend = axes.legend(
        handles=keys, loc="upper left", bbox_to_anchor=(0, 0), ncols=columns, handlelength=1, handleheight=1
    )
    style.source_line(figure, note)
    above, *parts = [text.get_window_extent().height / figure.dpi for text in (heading, legend, figure.texts[-1])]
    below = sum(parts) + 2 * MARGIN
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    tall = inner * abs((top - bottom) / (right - left))
    height = below + tall + above + 2 * MARGIN
    figure.set_figheight(height)
    axes.set_position((MARGIN / width, below / height, inner / width, tall / height))
    plt.close(figure)
    return figure


def readable_ink(behind: str) -> str:
    """Choose white or dark ink, whichever stands out more from a colour.

    Parameters
    ----------
    behind : str
        Colour behind the text, as matplotlib knows it.

    Returns
    -------
    str
        Colour of the text.

    References
    ----------
    Contrast ratio and relative luminance: Web Content Accessibility Guidelines 2.2, World Wide Web Consortium.

    Examples
    --------
    >>> readable_ink("#08519c"), readable_ink("#f4f5f6") == style.INK
    ('white', True)
    """
    light, dark = _luminance(behind) + 0.05, _luminance(style.INK) + 0.05
    return "white" if 1.05 / light > light / dark else style.INK


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))
