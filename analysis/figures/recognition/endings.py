"""Where and when more ties ended than shuffling gives, and whether their endings come close together."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from analysis.figures import style
from analysis.recognition.survival.comparisons import LogRank
from analysis.recognition.survival.curves import Clustering

UNUSUAL = 0.05  # share of shuffles at least as far away, below which a number is called unusual


def plot_endings_by_group(test: LogRank, entity: str, title: str) -> Figure:
    """Draw how many ties of each group ended, beside the number expected if all groups were alike.

    Parameters
    ----------
    test : LogRank
        From :func:`analysis.recognition.survival.comparisons.log_rank`.
    entity : str
        With whom the ties are; gives the colour.
    title : str
        What is shown.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. One row is one group, in their order.

    Examples
    --------
    >>> import pandas as pd
    >>> groups = pd.DataFrame({"ties": [9, 9], "ended": [6, 2], "expected": [4.0, 4.0]}, index=["Africa", "Asia"])
    >>> plot_endings_by_group(LogRank(groups, 2.0, 1, 0.16, 0.2), "TWN", "By region").axes[0].get_xlabel()
    'Ties that ended'
    """
    groups = test.groups
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 1.7 + 0.38 * len(groups)))
    rows = np.arange(len(groups))
    axes.hlines(rows, groups["expected"], groups["ended"], color=style.GRID, linewidth=3, zorder=1)
    look: dict[str, Any] = {"facecolors": "white", "edgecolors": style.INK, "zorder": 2}
    axes.scatter(groups["expected"], rows, 60, label="expected if all were alike", **look)
    axes.scatter(groups["ended"], rows, 60, color=style.ENTITY_COLOURS[entity], label="ended", zorder=3)
    axes.set_yticks(rows, [f"{row.Index} ({row.ties} ties)" for row in groups.itertuples()])
    axes.set(ylim=(len(groups) - 0.4, -0.6), xlim=(0, None), xlabel="Ties that ended")
    axes.grid(visible=False, axis="y")
    axes.set_title(title)
    figure.legend(loc="outside lower left", ncols=2)
    plt.close(figure)
    return figure


def describe_endings(test: LogRank, split: str) -> str:
    """Say how many ties of each group ended, how many were expected, and how unusual that is.

    Parameters
    ----------
    test : LogRank
        As for :func:`plot_endings_by_group`.
    split : str
        By what the ties are split, in words.

    Notes
    -----
    Where the groups can be shuffled among states the share of shuffles is given, else the chi-square.

    Examples
    --------
    >>> import pandas as pd
    >>> groups = pd.DataFrame({"ties": [9, 9], "ended": [6, 2], "expected": [4.0, 4.0]}, index=["Africa", "Asia"])
    >>> print(describe_endings(LogRank(groups, 2.0, 1, 0.16, 0.2), "by region"))
    Ties that ended (expected if all were alike), by region: Africa, 6 (4.0); Asia, 2 (4.0). 20 % of shuffles of the \
groups among states set them as far apart: not unusual under this shuffle.
    """
    parts = [f"{row.Index}, {row.ended:.0f} ({row.expected:.1f})" for row in test.groups.itertuples()]
    if np.isnan(test.p_shuffle):
        p = "p below 0.001" if test.p < 0.001 else f"p = {test.p:.3f}"
        degrees = f"{test.degrees_of_freedom} degree{'' if test.degrees_of_freedom == 1 else 's'} of freedom"
        reading = f"Log-rank chi-square {test.statistic:.1f} on {degrees}, {p}."
    else:
        reading = (
            f"{write_share(test.p_shuffle)} of shuffles of the groups among states set them as far apart: "
            f"{judge(test.p_shuffle)}."
        )
    return f"Ties that ended (expected if all were alike), {split}: {'; '.join(parts)}. {reading}"


def judge(share: float) -> str:
    """Say whether a share of shuffles at least as far away makes a number unusual.

    Examples
    --------
    >>> judge(0.2), judge(0.001)
    ('not unusual under this shuffle', 'unusual under this shuffle')
    """
    return f"{'' if share < UNUSUAL else 'not '}unusual under this shuffle"


def write_share(share: float) -> str:
    """Write a share as a percentage, with one digit where it is small.

    Examples
    --------
    >>> write_share(0.2), write_share(0.0312), write_share(0.0001)
    ('20 %', '3.1 %', 'Fewer than 0.1 %')
    """
    return "Fewer than 0.1 %" if share < 0.001 else f"{100 * share:.{1 if share < 0.095 else 0}f} %"


def plot_close_pairs_by_test(tests: Mapping[str, Clustering], window_days: int) -> Figure:
    """Draw how many pairs of endings are close, beside what shuffling gives.

    Parameters
    ----------
    tests : mapping of str to Clustering
        What was compared, in words, and the comparison.
    window_days : int
        Two endings are close when at most so many days lie between them.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. One row is one comparison: the bar holds the middle 95 % of the draws.

    Examples
    --------
    >>> tests = {"in time": Clustering(9, 0.01, 4.0, 2.0, 6.0, 10)}
    >>> plot_close_pairs_by_test(tests, 366).axes[0].get_xlabel()
    'Pairs of endings at most 366 days apart'
    """
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 1.7 + 0.5 * len(tests)))
    rows, found = np.arange(len(tests)), list(tests.values())
    low, high = ([getattr(test, name) for test in found] for name in ("low", "high"))
    axes.hlines(rows, low, high, color=style.MUTED, linewidth=8, alpha=0.35, label="middle 95 % of the draws")
    look: dict[str, Any] = {"facecolors": "white", "edgecolors": style.INK, "zorder": 2}
    axes.scatter([test.expected for test in found], rows, 50, label="average of the draws", **look)
    axes.scatter([test.statistic for test in found], rows, 60, marker="D", color=style.INK, label="observed", zorder=3)
    axes.set_yticks(rows, list(tests))
    axes.set(ylim=(len(tests) - 0.4, -0.6), xlim=(0, None), xlabel=f"Pairs of endings at most {window_days} days apart")
    axes.grid(visible=False, axis="y")
    axes.set_title("Do switches come close together?")
    figure.legend(loc="outside lower left", ncols=3)
    plt.close(figure)
    return figure


def describe_close_pairs(tests: Mapping[str, Clustering]) -> str:
    """Say for each comparison how many close pairs there are, how many draws give, and how unusual that is.

    Parameters
    ----------
    tests
        As for :func:`plot_close_pairs_by_test`.

    Examples
    --------
    >>> describe_close_pairs({"In time": Clustering(9, 0.01, 4.0, 2.0, 6.0, 10)})
    'In time: 9 pairs of 10 endings, 4.0 on average over the draws (95 %: 2 to 6), unusual under this shuffle.'
    """
    return " ".join(
        f"{words}: {test.statistic} pairs of {test.ended} endings, {test.expected:.1f} on average over the draws "
        f"(95 %: {test.low:.0f} to {test.high:.0f}), {judge(test.p)}."
        for words, test in tests.items()
    )
