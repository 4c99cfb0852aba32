"""Which T-Dome: its parts by stage, with dates and money."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.air_defence.facts.choices import STAGES
from analysis.figures import style
from analysis.figures.air_defence.words import name_system
from analysis.figures.layout import readable_ink
from analysis.figures.words import write_list

BILLION = 1e9
STAGE_COLOURS = {
    "announced": "#deebf7",
    "estimated": "#fde0c5",
    "notified": "#c6dbef",
    "requested": "#9ecae1",
    "budgeted": "#6baed6",
    "enacted": "#4292c6",
    "contracted": "#2171b5",
    "delivered": "#08519c",
}
STAGE_WORDS = STAGES | {"notified": "Notified to\nUS Congress"}
BOUND_SIGNS = {"at_least": "≥ ", "at_most": "≤ "}
BOUND_WORDS = {"at_least": "at least ", "at_most": "up to "}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def say_date(date: str) -> str:
    """Say a date by month and year, as precise as it is known.

    Examples
    --------
    >>> say_date("2025-12-14"), say_date("2031")
    ('Dec 2025', '2031')
    """
    return f"{MONTHS[int(date[5:7]) - 1]} {date[:4]}" if len(date) > 4 else date


def plot_stages_by_element(stages: pd.DataFrame) -> Figure:
    """Draw how far each part of T-Dome has come: its latest act at each stage, with date and money.

    Parameters
    ----------
    stages : pandas.DataFrame
        From ``programme.stages_by_element``.

    Returns
    -------
    matplotlib.figure.Figure
        Closed.
    """
    elements, columns = stages["name"].drop_duplicates().tolist(), list(STAGES)
    figure, axes = plt.subplots(figsize=(style.WIDE[0] + 0.6, 1.3 + 0.56 * len(elements)))
    for row in stages.itertuples():
        corner = columns.index(row.stage) - 0.5, elements.index(row.name) - 0.5
        face = "white" if not row.acts else style.EMPTY if row.nothing else STAGE_COLOURS[row.stage]
        axes.add_patch(Rectangle(corner, 1, 1, facecolor=face, edgecolor="white", linewidth=1.5))
        centre = corner[0] + 0.5, corner[1] + 0.5
        ink = readable_ink(face) if row.acts else style.MUTED
        axes.text(*centre, _say_act(row), ha="center", va="center", fontsize=7, color=ink, linespacing=1.1)
    axes.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(elements) - 0.5, -0.5))
    axes.set_xticks(range(len(columns)), labels=[STAGE_WORDS[name] for name in columns], fontsize=8.5)
    axes.set_yticks(range(len(elements)), labels=[name_system(name) for name in elements], fontsize=8.5)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.set_title("Which T-Dome: the latest act at each stage, by part", pad=14)
    style.source_line(
        figure,
        "A dot: no row of the tables says so. Orange: an estimate by unnamed officials or press. ≈: converted at the "
        "year's average rate, for 2026 at an assumed one; ?: seen in no source; ≤: a ceiling, ≥: a floor; other "
        "dollars are as published. +n: earlier acts at the same stage.",
    )
    plt.close(figure)
    return figure


def _say_act(row: Any) -> str:
    if not row.acts:
        return "·"
    more = f" +{row.acts - 1}" if row.acts > 1 else ""
    lines = [say_date(row.date) + more]
    if pd.notna(row.twd):
        lines.append(f"{BOUND_SIGNS.get(row.bound, '')}NT${row.twd / BILLION:,.4g} bn")
    if pd.notna(row.usd):
        sign = "" if row.usd_from == "published" else "≈ " if row.usd_from != "unconfirmed" else "? "
        lines.append(f"{sign}US${row.usd / BILLION:,.3g} bn")
    if pd.notna(row.missiles):
        lines.append(f"{row.missiles:,.0f} missiles")
    if pd.isna(row.twd) and pd.isna(row.usd) and pd.isna(row.missiles):
        lines.append("nothing yet" if row.nothing else "no sum")
    return "\n".join(lines)


def describe_stages(stages: pd.DataFrame, acts: pd.DataFrame) -> str:
    """Say how far T-Dome has come, with its money.

    Parameters
    ----------
    stages : pandas.DataFrame
        As in :func:`plot_stages_by_element`.
    acts : pandas.DataFrame
        From ``programme.acts_by_element``.
    """
    whole = acts[(acts["element"] == "t_dome") & acts["part_of"].isna() & acts["twd"].notna()]
    steps = [
        f"{row.stage} in {say_date(row.date)} {BOUND_WORDS.get(row.bound, '')}NT${row.twd / BILLION:,.4g} billion "
        f"(US${row.usd / BILLION:,.3g} billion, {row.usd_from})"
        for row in whole.itertuples()
    ]
    found = stages[stages["acts"] > 0].groupby("stage")["name"].apply(lambda names: write_list(map(name_system, names)))
    there = stages[(stages["acts"] > 0) & ~stages["nothing"]]
    got = there.groupby("stage")["name"].apply(lambda names: write_list(map(name_system, names)))
    silent = stages.groupby("name", sort=False)["acts"].sum()
    none = write_list(name_system(name) for name in silent.index[silent == 0])
    return (
        f"The whole, in order: {'; '.join(steps)}. These are packages that hold T-Dome among other things, except the "
        f"estimates of T-Dome itself. Contracted: {found.get('contracted', 'none')}. "
        f"Delivered, of what stands here: {got.get('delivered', 'nothing yet')}. No stage is on record for {none}, "
        "which is no proof that nothing happened."
    )
