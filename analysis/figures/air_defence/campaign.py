"""The same raid day after day: how many threats leak, with launchers filled again overnight and without."""

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.figures import grammar, style
from analysis.figures.air_defence.leakage import name_threats

RELOAD_WORDS = {False: "nothing reloaded", True: "launchers filled again overnight"}


def plot_leakers_by_day(days: pd.DataFrame) -> Figure:
    """Draw the mean leakers of all classes on each day (``campaign.follow_days``), with luck where launchers reload."""
    of_all, colours = days[days["threat_class"] == "all"], style.RELOAD_COLOURS
    with grammar.drawing("The same raid every day: how many leak", figsize=(style.WIDE[0], 3.6)) as (figure, axes):
        for reload, some in of_all.groupby("reload"):
            band = ("q05", "q95") if reload else None
            grammar.draw_lines(axes, some, "day", "mean", colours[bool(reload)], band)
        axes.set(ylim=(0, None), xlabel="Day", ylabel=f"Threats that leak, of {of_all['threats'].max():,}")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        look: dict[str, Any] = {"linestyle": "-", "marker": "o"}
        keys = [grammar.key(words, color=colours[reload], **look) for reload, words in RELOAD_WORDS.items()]
        keys.append(grammar.key("nine of ten days by luck, reloaded", color=colours[True], alpha=0.3, linewidth=8))
        grammar.put_legend(figure, keys, 3, fontsize=9)
    return figure


def facts_of_days(days: pd.DataFrame, inputs: str) -> dict[str, Any]:
    """Facts of ``cost.days``: leakers on the first day and the last one, and by class on the last day.

    ``days`` is from ``campaign.follow_days``; ``inputs`` are fitted (calibrated) or assumed.
    """
    last = days[days["day"] == days["day"].max()]
    of_all = days[days["threat_class"] == "all"]
    ends = {reload: some["mean"].tolist() for reload, some in of_all.groupby("reload")}
    classes = last[last["threat_class"] != "all"].pivot(index="threat_class", columns="reload", values="mean")
    return {
        "last": int(days["day"].max()),
        "threats": int(of_all["threats"].max()),
        "first": ends[False][0],
        "bare": ends[False][-1],
        "filled": ends[True][-1],
        "classes": [
            {"name": name_threats(name), "bare": classes.loc[name, False], "filled": classes.loc[name, True]}
            for name in dict.fromkeys(last["threat_class"])
            if name != "all"
        ],
        "fitted": inputs == "calibrated",
    }
