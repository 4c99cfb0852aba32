"""How far to trust the data: one stacked bar for each table or headline, and its describing sentence."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from analysis.figures import style

GRADES = {**style.CONFIDENCE_COLOURS, "unconfirmed": "#b5482f"}
OUTCOMES = {"agrees": "#1b6b4f", "changed": "#8fb8a6", "not found": "#c9ced4", "differs": "#b5482f"}
INCHES_A_BAR, INCHES_AROUND = 0.3, 1.6
NARROWEST_NUMBER = 0.035  # share of a bar that is wide enough for its number
DARK = {"#1b6b4f", "#b5482f"}


def plot_confidence_by_table(confidence: pd.DataFrame) -> Figure:
    """Draw the claims of each table by confidence (table, confidence, claims)."""
    counts = confidence.pivot(index="table", columns="confidence", values="claims")
    return _draw(counts, GRADES, "How sure are the claims of each table?", "Share of the table's claims")


def describe_confidence(confidence: pd.DataFrame) -> str:
    """Say how many claims there are of each confidence, and in which table most have been seen in no source."""
    sums = confidence.groupby("confidence")["claims"].sum().reindex(list(GRADES), fill_value=0)
    counts = confidence.pivot(index="table", columns="confidence", values="claims").fillna(0)
    weakest = (counts["unconfirmed"] / counts.sum(axis=1)).idxmax()
    parts = ", ".join(f"{number:,} {name}" for name, number in sums.items())
    return (
        f"{sums.sum():,} claims: {parts} (seen in no source). The largest share of unconfirmed claims is in "
        f"{weakest}: {counts.loc[weakest, 'unconfirmed']:.0f} of {counts.loc[weakest].sum():.0f}."
    )


def plot_outcome_by_table(outcomes: pd.DataFrame) -> Figure:
    """Draw the second readings of each table by outcome (table, outcome, readings)."""
    counts = outcomes.pivot(index="table", columns="outcome", values="readings")
    return _draw(counts, OUTCOMES, "What did a second reader find?", "Share of the fields that were read again")


def describe_outcome(outcomes: pd.DataFrame) -> str:
    """Say how many fields were read again and with which outcome."""
    sums = outcomes.groupby("outcome")["readings"].sum().reindex(list(OUTCOMES), fill_value=0)
    return (
        f"{sums.sum():,} fields were read a second time: {sums['agrees']:,} agree with another source, "
        f"{sums['changed']:,} were sourced, refined or corrected, for {sums['not found']:,} no second source was "
        f"found, {sums['differs']:,} differ and stand with both values."
    )


def plot_confidence_by_headline(headlines: pd.DataFrame) -> Figure:
    """Draw the claims behind each headline by confidence (headline, high, medium, low, unconfirmed)."""
    counts = headlines.set_index("headline")[list(GRADES)]
    counts["low"] -= counts["unconfirmed"]
    return _draw(
        counts.iloc[::-1], GRADES, "On what does each headline rest?", "Share of the claims behind the headline"
    )


def describe_headlines(headlines: pd.DataFrame) -> str:
    """Say how many headlines rest in part on claims that nobody has seen in a source, and which most of all."""
    weak = headlines[headlines["unconfirmed"] > 0]
    text = f"Of {len(headlines)} headlines {len(weak)} rest in part on unconfirmed claims"
    if weak.empty:
        return f"{text}."
    row = weak.iloc[0]
    return f"{text}, most of all '{row['headline']}': {row['unconfirmed']} of {row['claims']} claims."


def _draw(counts: pd.DataFrame, colours: Mapping[str, str], title: str, label: str) -> Figure:
    counts = counts.reindex(columns=list(colours)).fillna(0)
    shares = counts.div(counts.sum(axis=1), axis=0)
    figure, axes = plt.subplots(figsize=(style.WIDE[0], INCHES_A_BAR * len(counts) + INCHES_AROUND))
    left = pd.Series(0.0, index=counts.index)
    for name, colour in colours.items():
        axes.barh(counts.index, shares[name], left=left, color=colour, height=0.78, label=name)
        for place, (share, start, number) in enumerate(zip(shares[name], left, counts[name], strict=True)):
            if share >= NARROWEST_NUMBER:
                ink = "white" if colour in DARK else style.INK
                axes.text(start + share / 2, place, f"{number:,.0f}", ha="center", va="center", fontsize=8.5, color=ink)
        left = left + shares[name]
    axes.set(title=title, xlabel=label, xlim=(0, 1), ylim=(-0.6, len(counts) - 0.4))
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}".replace("%", " %"))
    axes.grid(visible=False, axis="y")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=len(colours))
    plt.close(figure)
    return figure
