"""The few shapes of which figures are made: rows, ranges, dots, bars, steps, cells, panels; each in one place."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from textwrap import fill
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import blended_transform_factory

from analysis.figures import style

PERCENT = FuncFormatter(lambda share, _: f"{100 * share:g} %")
COUNT = FuncFormatter(lambda value, _: f"{abs(value):,.0f}")
"""Whole numbers without their sign: bars below a line count as those above it."""
ROW_INCHES, FRAME_INCHES = 0.3, 1.7  # what a row takes, and what stands around the rows
TITLE_LETTERS = 85  # of a figure of style.WIDE
NARROW_TITLE = 11.5
NOTHING_LETTERS = 55  # of a line of the sentence where a figure would be empty
HATCHED: dict[str, Any] = {"hatch": "/////", "edgecolor": "white"}
DOTS_ACROSS, DOT_ROW = 46, 0.56  # dots that stand beside each other at most, and what of a row their stacks may take


@contextmanager
def drawing(
    title: str,
    rows: int | None = None,
    inches: float = ROW_INCHES,
    frame: float = FRAME_INCHES,
    wide: float = style.WIDE[0],
    **panels: Any,
) -> Iterator[tuple[Figure, Any]]:
    """Give a figure with its title and its axes, and close it whatever happens.

    Parameters
    ----------
    title : str
        What is shown; long text is wrapped.
    rows : int, optional
        Rows that the figure holds, from which its height follows; without it the height is that of ``style.WIDE``.
    inches, frame : float
        What a row takes, and what stands around all rows.
    wide : float
        Width in inches: ``style.NARROW`` for the figure that comes first on a page.
    **panels
        As for ``matplotlib.pyplot.subplots``, such as ``ncols`` and ``sharey``.
    """
    size = (wide, style.WIDE[1] if rows is None else frame + inches * max(rows, 1))
    figure, axes = plt.subplots(**({"figsize": size} | panels))
    if title:
        put_title(figure, title)
    try:
        yield figure, axes
    finally:
        plt.close(figure)


def put_title(figure: Figure, title: str) -> None:
    """Write a title from the left edge of the figure, where long labels leave the axes too little room for it."""
    narrow = figure.get_figwidth() < style.WIDE[0]
    size = NARROW_TITLE if narrow else plt.rcParams["axes.titlesize"]
    letters = int(TITLE_LETTERS * figure.get_figwidth() / style.WIDE[0])
    look: dict[str, Any] = {"fontsize": size, "fontweight": "bold", "color": style.INK}
    figure.suptitle(fill(title, letters), x=0.012, ha="left", **look)


def name_rows(axes: Axes, labels: Sequence[str], size: float = 9, led: bool = False) -> None:
    """Give every row its label, the first on top; a line leads to each mark where these stand far away (``led``)."""
    axes.set_yticks(range(len(labels)), labels=labels, fontsize=size, color=style.INK)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.grid(visible=led, axis="y")


def tint_labels(labels: Iterable[plt.Text], known: Iterable[bool]) -> None:
    """Write labels in ink where a column says so, else in grey and italics."""
    for label, is_known in zip(labels, known, strict=True):
        label.set(color=style.INK if is_known else style.MUTED, style="normal" if is_known else "italic")


def write_rows(axes: Axes, texts: Iterable[str], x: float, lift: float = 0.0, size: float = 10, **look: Any) -> None:
    """Write a text in each row from ``x`` on, and by so much of a row below its middle (above where negative)."""
    shown: dict[str, Any] = {"fontsize": size, "color": style.INK, "va": "center"} | look
    for place, text in enumerate(texts):
        axes.text(x, place + lift, text, **shown)


def write_beside(axes: Axes, texts: Iterable[str], size: float = 8.5) -> None:
    """Write a text at the right of each row."""
    write_rows(axes, texts, 1.01, size=size, transform=axes.get_yaxis_transform())


def write_near(axes: Axes, text: str, at: tuple[Any, Any], away: tuple[float, float], **look: Any) -> None:
    """Write a text beside a place of the data, so many points to the right and up."""
    axes.annotate(text, at, away, textcoords="offset points", **look)


def name_cells(axes: Axes, columns: Sequence[str], rows: Sequence[str], **look: Any) -> None:
    """Give every column and every row of cells its label, columns with a look; cells lie between whole numbers."""
    axes.set_xticks([place + 0.5 for place in range(len(columns))], columns, **look)
    axes.set_yticks([place + 0.5 for place in range(len(rows))], rows, rotation="horizontal")
    axes.grid(visible=False)


def draw_ranges(axes: Axes, frame: pd.DataFrame, low: str, high: str, colour: Mapping[str, str] | str, by: str = "",
                **look: Any) -> None:  # fmt: skip
    """Draw a bar from ``low`` to ``high`` in the row ``place`` of each record; the column ``by`` gives the colour."""
    colours: Any = frame[by].map(colour) if by and isinstance(colour, Mapping) else colour
    axes.hlines(frame["place"], frame[low], frame[high], colors=colours, **({"linewidth": 1.4, "zorder": 2} | look))


@contextmanager
def by_seaborn(axes: Axes) -> Iterator[dict[str, Any]]:
    """Give seaborn axes, and take its names of them back; of axes without any it would lay out all labels of ticks."""
    named = {"xlabel": axes.get_xlabel(), "ylabel": axes.get_ylabel()}
    axes.set(**{which: name or " " for which, name in named.items()})
    yield {"ax": axes, "legend": False}
    axes.set(**named)


def draw_dots(axes: Axes, frame: pd.DataFrame, x: str, colour: Mapping[str, str] | str, by: str | None = None,
              marks: Mapping[str, str] | None = None, mark_by: str | None = None, hollow: str | bool = False,
              size: float = 46, **look: Any) -> None:  # fmt: skip
    """Draw a mark in the row ``place`` of each record; columns give colour and form, and whether it is hollow."""
    frame = frame.dropna(subset=[x])
    empties = frame[hollow].astype("bool") if isinstance(hollow, str) else pd.Series(hollow, frame.index)
    hue = {"hue": by, "palette": dict(colour)} if isinstance(colour, Mapping) else {"color": colour}
    form = {"style": mark_by, "markers": dict(marks)} if marks else {}
    for full, some in frame.groupby(~empties):  # hollow marks first, so that they hide no other
        with by_seaborn(axes) as drawn:
            sns.scatterplot(some, x=x, y="place", s=size, **drawn, **hue, **form,
                            **({"zorder": 3, "linewidth": 0} | look))  # fmt: skip
        if not full:
            points = axes.collections[-1]
            points.set(edgecolor=points.get_facecolor(), facecolor="white", linewidth=1.4)
    axes.set(xlabel="", ylabel="")


def draw_quantile_dots(axes: Axes, frame: pd.DataFrame, x: str, colour: str, inches: float) -> None:
    """Draw dots of equal chance as stacks upon the row ``place`` of each record, in a narrow figure.

    ``frame`` has a record for each dot, ``x`` its value; the ends of the x-axis are set before, and ``inches`` is what
    a row takes. Dots that are nearer than their own width share a stack; one that would be too high is pushed together.
    """
    left, right = axes.get_xlim()
    step, points = (right - left) / DOTS_ACROSS, 72 * style.NARROW / (DOTS_ACROSS + 4)
    for place, own in frame.groupby("place"):
        own = own.sort_values(x, kind="stable")
        stacks = stack_dots(own[x].tolist(), step)
        height = pd.Series(stacks).map(pd.Series(stacks).value_counts())
        rise = height.map(lambda number: min(points / 72 / inches, DOT_ROW / number))
        level = pd.Series(stacks).groupby(stacks).cumcount()
        look: dict[str, Any] = {"color": colour, "edgecolor": "white", "linewidth": 0.6, "zorder": 3}
        axes.scatter(stacks, place - rise * (level + 0.5), s=points**2, **look)


def stack_dots(values: Sequence[float], step: float) -> list[float]:
    """Give each of sorted values the place of its stack: the middle of those that lie within a step of the lowest.

    Examples
    --------
    >>> stack_dots([0, 0, 1, 5, 5.5], step=2)
    [0.5, 0.5, 0.5, 5.25, 5.25]
    """
    starts, start = [], -math.inf
    for value in values:
        start = value if value >= start + step else start
        starts.append(start)
    ends = dict(zip(starts, values, strict=True))  # the highest of a stack comes last
    return [(start + ends[start]) / 2 for start in starts]


def draw_bars(axes: Axes, frame: pd.DataFrame, width: str, colour: Mapping[str, str] | str, by: str = "",
              height: float = 0.72, hatched: str = "", **look: Any) -> None:  # fmt: skip
    """Draw a bar from zero in the row ``place`` of each record; records of one row stand one after another.

    Those for which the column ``hatched`` is true are hatched.
    """
    start: dict[Any, float] = {}
    for record in frame.to_dict("records"):
        place, long = record["place"], record[width]
        shade = colour[record[by]] if isinstance(colour, Mapping) else colour
        lines = HATCHED if hatched and record[hatched] else {}
        axes.barh(place, long, height, left=start.get(place, 0.0), color=shade, **({"linewidth": 0} | lines | look))
        start[place] = start.get(place, 0.0) + long


def draw_parts(axes: Axes, frame: pd.DataFrame, part: str, colour: str, height: float = 0.72) -> None:
    """Draw a pale bar from 0 to 1 in the row ``place`` of each record, and upon it a part of it, in percent."""
    draw_bars(axes, frame.assign(whole=1.0), "whole", style.EMPTY, height=height)
    draw_bars(axes, frame, part, colour, height=height)
    axes.xaxis.set_major_formatter(PERCENT)


def draw_steps(axes: Axes, frame: pd.DataFrame, x: str, y: str, colour: str, band: tuple[str, str] | None = None,
               **look: Any) -> None:  # fmt: skip
    """Draw a step line, with a band around it where two columns give its ends."""
    line = {"linewidth": 2.2, "drawstyle": "steps-post"} | look
    with by_seaborn(axes) as drawn:
        sns.lineplot(frame, x=x, y=y, color=colour, estimator=None, **drawn, **line)
    if band:
        axes.fill_between(frame[x], frame[band[0]], frame[band[1]], step="post", color=colour, alpha=0.18, linewidth=0)


def hold(steps: pd.DataFrame, **end: Any) -> pd.DataFrame:
    """Add the last of some steps once more at a later place, such as ``day``, so that its line goes on until there."""
    return pd.concat([steps, steps.tail(1).assign(**end)], ignore_index=True)


def draw_lines(axes: Axes, frame: pd.DataFrame, x: str, y: str, colour: str, band: tuple[str, str] | None = None,
               **look: Any) -> None:  # fmt: skip
    """Draw a line with its points, with a band around it where two columns give its ends."""
    line = {"linewidth": 2, "marker": "o", "markersize": 5, "markeredgewidth": 0} | look
    with by_seaborn(axes) as drawn:
        sns.lineplot(frame, x=x, y=y, color=colour, estimator=None, **drawn, **line)
    if band:
        axes.fill_between(frame[x], frame[band[0]], frame[band[1]], color=colour, alpha=0.18, linewidth=0)


def draw_cells(axes: Axes, values: pd.DataFrame, texts: pd.DataFrame | None = None, size: float = 8.5,
               named: bool = True, **look: Any) -> None:  # fmt: skip
    """Draw a table of cells coloured by value (``cmap`` and ``norm`` or ``vmin``, ``vmax``), each with its text.

    Rows and columns bear their names, where ``named``.
    """
    written = {"annot": texts, "fmt": "", "annot_kws": {"fontsize": size}} if texts is not None else {}
    table = {"cbar": False, "linewidths": 0.8, "linecolor": "white", "xticklabels": False, "yticklabels": False}
    axes.figure.set_visible(False)  # seaborn draws all once to see whether names overlap; there are none as yet
    sns.heatmap(values, ax=axes, **(table | written | look))
    axes.figure.set_visible(True)
    if named:
        name_cells(axes, [*values.columns], [*values.index])
    mesh: Any = axes.collections[-1]
    mesh.update_scalarmappable()
    for text, face in zip([*axes.texts], mesh.get_facecolor()[values.notna().to_numpy().ravel()], strict=False):
        if text.get_text():
            text.set_color(style.readable_ink(face))  # seaborn writes white on colours that are too light for it
        else:
            text.remove()
    axes.set(xlabel="", ylabel="")
    axes.tick_params(length=0)
    axes.tick_params(axis="y", labelrotation=0)
    axes.grid(visible=False)


def draw_kinds(axes: Axes, kinds: pd.DataFrame, colours: Mapping[Any, str], texts: pd.DataFrame | None = None,
               size: float = 8.5, **look: Any) -> None:  # fmt: skip
    """Draw a table of cells in the colour of the kind that each names, with its text; none where no kind is named."""
    codes = kinds.apply(lambda column: column.map({kind: code for code, kind in enumerate(colours)})).astype("float")
    shades: dict[str, Any] = {"cmap": ListedColormap(list(colours.values())), "vmin": -0.5, "vmax": len(colours) - 0.5}
    draw_cells(axes, codes, texts, size, **(shades | look))


@contextmanager
def small_multiples(
    title: str, names: Iterable[Any], inches: float, frame: float, across: int = 3, wide: float = style.WIDE[0],
    **more: Any,
) -> Iterator[tuple[Figure, dict[Any, Axes]]]:  # fmt: skip
    """Give a figure with a panel for each name, ``across`` beside each other at most; places left over stay empty.

    A row of panels takes ``inches``, what stands around all of them ``frame``; ``more`` goes to :func:`drawing`.
    """
    known = list(names)
    across = max(1, min(across, len(known)))
    rows = max(1, math.ceil(len(known) / across))
    shape = {"nrows": rows, "ncols": across, "squeeze": False} | more
    with drawing(title, figsize=(wide, frame + inches * rows), **shape) as (figure, grid):
        for axes in grid.flat[len(known) :]:
            axes.remove()
        yield figure, dict(zip(known, grid.flat, strict=False))


def head_rows(table: Mapping[str, Any] | pd.DataFrame) -> pd.DataFrame:
    """Lay out columns as a table whose first column names the rows, and heads them.

    Examples
    --------
    >>> head_rows({"State": ["Haiti"], "Since": [1956]})
    State  Since
    Haiti   1956
    """
    frame = pd.DataFrame(table)
    head = str(frame.columns[0])
    return frame.set_index(head).rename_axis(index=None, columns=head)


def key(label: str, **look: Any) -> Artist:
    """Make one entry of a legend: a mark (``marker``), a line (``linewidth``), or else a patch."""
    if "marker" in look:
        mark: dict[str, Any] = {"linestyle": "none", "color": style.INK, "markersize": 7} | look
        return Line2D([], [], label=label, **mark)
    return Line2D([], [], label=label, **look) if "linewidth" in look else Patch(label=label, linewidth=0, **look)


def keys_of(words: Mapping[str, str], used: Any, **looks: Any) -> list[Artist]:
    """Make an entry for each value that occurs, in the order of its words; a look may be a mapping by value."""
    present = set(used)
    return [
        key(text, **{name: look[value] if isinstance(look, Mapping) else look for name, look in looks.items()})
        for value, text in words.items()
        if value in present
    ]


def put_legend(figure: Figure, keys: Sequence[Artist], ncols: int = 3, **look: Any) -> None:
    """Put the legend beneath a figure; ``title`` is a small grey line above it."""
    legend = figure.legend(handles=keys, loc="outside lower left", ncols=ncols, **({"fontsize": 10} | look))
    legend.get_title().set(fontsize=8.5, color=style.MUTED)


def put_legend_above(figure: Figure, above: Axes, keys: Sequence[Artist], ncols: int = 3, **look: Any) -> None:
    """Put the legend of a long figure, whose foot is off the screen, in place of axes on its top."""
    above.set_axis_off()
    of_figure_and_axes = blended_transform_factory(figure.transFigure, above.transAxes)
    at: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0, 0), "bbox_transform": of_figure_and_axes}
    above.legend(handles=keys, ncols=ncols, **at, **look).set_in_layout(False)


def move_legend(figure: Figure, axes: Axes, ncols: int = 3) -> None:
    """Put what is labelled in the axes into the legend beneath the figure."""
    if (own := axes.get_legend()) is not None:
        own.remove()
    put_legend(figure, axes.get_legend_handles_labels()[0], ncols)


def plot_nothing(sentence: str, title: str = "") -> Figure:
    """Draw a sentence where a figure would be empty.

    Examples
    --------
    >>> plot_nothing("Nothing on record", "Votes").axes[0].texts[0].get_text()
    'Nothing on record'
    """
    words = fill(sentence, NOTHING_LETTERS)
    with drawing(title, words.count("\n") + 1, frame=0.9, wide=style.NARROW) as (figure, axes):
        axes.set_axis_off()
        axes.text(0.5, 0.5, words, ha="center", va="center", fontsize=11, transform=axes.transAxes)
    return figure
