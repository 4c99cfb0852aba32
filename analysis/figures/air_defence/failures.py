"""The gain of spreading shots evenly, and the common failure at which the gains of a network are gone."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from analysis.air_defence.facts.choices import ARCHITECTURES
from analysis.figures import style
from analysis.figures.air_defence.words import CLASS_WORDS, name_system

APART, NETWORK = "#c2185b", "#0072b2"
GAINS = {"coordination": "evenly spread shots", "time": "a faster decision", "channels": "one pool of channels"}
LEAST_GAIN = 0.005


def plot_gain_by_shots(gains: pd.DataFrame, failures: pd.DataFrame, case: pd.Series) -> Figure:
    """Draw the coordination gain against shots for each threat, and the failure at which the gain of one case is gone.

    Parameters
    ----------
    gains : pandas.DataFrame
        From ``networks.gain_by_shots``: ``shots_per_threat, single_shot, saved_percent``.
    failures : pandas.DataFrame
        From ``networks.leakage_by_failure``: ``failure, leakage_networked, leakage_apart``.
    case : pandas.Series
        From ``networks.worked_case``.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; two panels.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(style.WIDE[0], 4.0))
    shades = ("#9ecae1", "#4292c6", "#08519c", "#041f45")
    for (kill, group), colour in zip(gains.groupby("single_shot"), shades, strict=False):
        left.plot(group["shots_per_threat"], group["saved_percent"], color=colour, linewidth=2, label=f"{kill:g}")
    here = case["shots"] / case["threats"], 100 * case["saved"] / case["threats"]
    left.plot(*here, "o", color=APART, markersize=8, markeredgecolor="white", zorder=4)
    left.annotate(f"{case['saved']:.1f} saved", here, xytext=(7, 6), textcoords="offset points", fontsize=9,
                  bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1})  # fmt: skip
    left.set(xlabel="Shots for each threat", ylabel="Leakers saved, % of the raid", xlim=(0, None), ylim=(0, None))
    left.legend(title="Single-shot kill probability", title_fontsize=9, fontsize=9)
    left.set_title("Gain of spreading shots evenly", fontsize=11)
    percent = 100 * failures
    right.plot(
        percent["failure"], percent["leakage_networked"], color=NETWORK, linewidth=2, label="network that can fail"
    )
    right.plot(percent["failure"], percent["leakage_apart"], color=APART, linewidth=2, label="batteries apart")
    right.plot(100 * case["break_even"], 100 * case["leakage_apart"], "o", color=style.INK, markersize=8, zorder=4)
    right.annotate(
        f"gain gone at {100 * case['break_even']:.0f} %",
        (100 * case["break_even"], 100 * case["leakage_apart"]),
        xytext=(10, -14),
        textcoords="offset points",
        fontsize=9,
    )
    right.set(xlabel="Chance that the whole network fails, %", ylabel="Leakage, %", xlim=(0, 100), ylim=(0, 102))
    right.legend(fontsize=9, loc="upper left")
    right.set_title("A network also shares its failures", fontsize=11)
    plt.close(figure)
    return figure


def describe_gain(case: pd.Series) -> str:
    """Say what coordination saves in the case of the parameters, and at which failure it is gone."""
    return (
        f"{case['threats']:,.0f} threats, {case['shots']:,.0f} shots, single-shot kill probability "
        f"{case['single_shot']:g}: {case['leakers_apart']:.1f} leak where every shot picks a threat by chance, "
        f"{case['leakers_networked']:.1f} where one network spreads them evenly, so that coordination saves "
        f"{case['saved']:.1f}. The gain is gone where the whole network fails in {100 * case['break_even']:.0f} % of "
        "raids, if then everything leaks."
    )


def table_of_break_even(break_even: pd.DataFrame, times: pd.DataFrame) -> pd.DataFrame:
    """Tabulate for each layer the chance of a common failure, in per cent, at which each gain is gone.

    Parameters
    ----------
    break_even : pandas.DataFrame
        From ``networks.break_even_by_layer``.
    times : pandas.DataFrame
        From ``staircases.value_of_time``: gives the order of the rows and their names.

    Returns
    -------
    pandas.DataFrame
        One row is a system and a class, one column an architecture. A cell gives the gains in the order of
        ``networks.GAINS``, a dash where one does not apply; it is empty where the system is not in the architecture.
    """
    keys = ["system_id", "threat_class"]
    cells = break_even.pivot(index=["architecture_id", *keys], columns="gain", values="break_even")[list(GAINS)]
    texts = cells.map(lambda value: "–" if pd.isna(value) else f"{100 * value:.0f}").agg(" · ".join, axis=1)
    table = texts.unstack("architecture_id").reindex(pd.MultiIndex.from_frame(times[keys]))
    table = table[list(break_even["architecture_id"].drop_duplicates())].fillna("").rename(columns=ARCHITECTURES)
    table.insert(0, "against", times["threat_class"].map(CLASS_WORDS).to_numpy())
    return table.set_axis(times["name"].map(name_system).tolist()).rename_axis(columns="system")


def describe_break_even(break_even: pd.DataFrame) -> str:
    """Say for each architecture in how many rows there is a gain, and at which failure it is gone."""
    parts = []
    for architecture, group in break_even.groupby("architecture_id", sort=False):
        said = []
        for gain, rows in group.groupby("gain", sort=False):
            some = rows.loc[rows["break_even"] >= LEAST_GAIN, "break_even"]
            middle = f" (median {100 * some.median():.0f} %)" if len(some) else ""
            said.append(f"{GAINS[str(gain)]} in {len(some)} of {len(rows)} rows{middle}")
        parts.append(f"{ARCHITECTURES[str(architecture)]}: {', '.join(said)}")
    return f"A gain, and the common failure at which it is gone. {'. '.join(parts)}."
