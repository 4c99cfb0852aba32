"""How far to trust the data: one stacked bar for each table or headline."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from analysis.figures import grammar, style
from analysis.figures.words import cite, name_table
from analysis.recognition.facts.choices import ENTITIES

GRADES = {"high": "claims of high confidence", "medium": "of medium", "low": "of low",
          "unconfirmed": "seen in no source"}  # fmt: skip
NARROWEST_NUMBER = 0.035  # share of a bar that is wide enough for its number


def plot_confidence_by_table(confidence: pd.DataFrame) -> Figure:
    """Draw the claims of each table by confidence (``table, confidence, claims``)."""
    counts = confidence.pivot(index="table", columns="confidence", values="claims")
    named = counts.rename(index=name_table)
    return _draw(named, style.GRADE_COLOURS, "How sure are the claims?", "Share of the table's claims", style.NARROW)


def plot_outcome_by_table(outcomes: pd.DataFrame) -> Figure:
    """Draw the second readings of each table by outcome (``table, outcome, readings``)."""
    counts = outcomes.pivot(index="table", columns="outcome", values="readings")
    label = "Share of the fields that were read again"
    return _draw(counts.rename(index=name_table), style.OUTCOME_COLOURS, "What did a second reader find?", label)


def plot_confidence_by_headline(headlines: pd.DataFrame) -> Figure:
    """Draw the claims behind each headline by confidence (``headline, high, medium, low, unconfirmed``).

    ``low`` holds the unconfirmed claims too; here they are drawn apart.
    """
    counts = headlines.set_index("headline")[list(style.GRADE_COLOURS)]
    counts["low"] -= counts["unconfirmed"]
    label = "Share of the claims behind the headline"
    return _draw(counts, style.GRADE_COLOURS, "On what does each headline rest?", label)


def _draw(
    counts: pd.DataFrame, colours: Mapping[str, str], title: str, label: str, wide: float = style.WIDE[0]
) -> Figure:
    """Draw a bar for each row of a table of counts, its parts in the order of the colours, each with its number."""
    parts = list(colours)
    shares = counts.reindex(columns=parts).fillna(0).rename_axis(index="row", columns="part")
    shares = shares.div(shares.sum(axis="columns"), axis="index")
    with grammar.drawing(title, len(counts), frame=1.6, wide=wide) as (figure, axes):
        # Of stacked bars seaborn puts the last hue next to the axis.
        sns.histplot(shares.stack().rename("share").reset_index(), y="row", hue="part", hue_order=parts[::-1],
                     weights="share", multiple="stack", palette=dict(colours), shrink=0.78, alpha=1, edgecolor="white",
                     legend=False, ax=axes)  # fmt: skip
        for bars, part in zip(axes.containers, parts, strict=True):
            texts = [
                f"{number:,.0f}" if share >= NARROWEST_NUMBER * style.WIDE[0] / wide else ""
                for number, share in zip(counts[part], shares[part], strict=True)
            ]
            axes.bar_label(bars, texts, label_type="center", fontsize=8.5, color=style.readable_ink(colours[part]))
        axes.set(xlabel=label, ylabel="", xlim=(0, 1))
        axes.xaxis.set_major_formatter(grammar.PERCENT)
        grammar.name_rows(axes, list(counts.index), 10)
        keys = [grammar.key(part, color=colour) for part, colour in colours.items()]
        grammar.put_legend(figure, keys, len(parts) if wide == style.WIDE[0] else 2)
    return figure


WIDEST = {
    "interceptor": "Interceptor or part", "parameter": "Figure", "low": "Lowest", "best": "Median", "high": "Highest",
    "unit": "Unit", "n_claims": "Claims", "n_publishers": "Publishers", "confidence": "Confidence",
    "ratio": "Highest by lowest",
}  # fmt: skip


def table_of_widest(widest: pd.DataFrame, systems: pd.DataFrame) -> pd.DataFrame:
    """Lay out figures of systems on which sources differ most (``trust.widest_disagreements``), by system."""
    table = widest.assign(
        system=widest["system_id"].map(systems.set_index("system_id")["name"]),
        interceptor=widest["interceptor"].fillna(""),
        parameter=widest["parameter"].str.replace("_", " "),
        ratio=widest["ratio"].round(1),
    )
    table[["low", "best", "high"]] = table[["low", "best", "high"]].map("{:,.10g}".format)
    return table.drop(columns="system_id").set_index("system").rename_axis(None).rename(columns=WIDEST)


def table_of_totals(totals: pd.DataFrame) -> pd.DataFrame:
    """Lay out how many published totals ours does not meet (``trust.count_disagreements``), by entity."""
    words = {"published": "Published", "differ": "Differ from ours", "unexplained": "Not explained",
             "largest": "Largest difference"}  # fmt: skip
    named = totals.assign(entity=totals["entity"].map(ENTITIES))
    return named.set_index("entity").rename_axis(None).rename(columns=words)


def table_of_unexplained(unexplained: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out rows of ``self_check.self_check`` that nobody explains, by figure, with the source by its name."""
    table = unexplained[["published", "ours", "difference"]].astype("int64")
    cited = [cite(sources, name) for name in unexplained["source_id"]]
    return table.assign(reason=unexplained["reason"], source=cited).rename(columns=str.capitalize)


def name_grades(sums: pd.Series) -> dict[str, int]:
    """Name the number of claims of each grade of confidence, the surest first.

    Examples
    --------
    >>> name_grades(pd.Series({"low": 2, "high": 5}))
    {'claims of high confidence': 5, 'of low': 2}
    """
    return {words: int(sums[grade]) for grade, words in GRADES.items() if grade in sums}


def facts_of_confidence(confidence: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``trust.confidence``: claims by confidence, and in which table most have been seen in no source."""
    counts = confidence.pivot(index="table", columns="confidence", values="claims").fillna(0).astype("int")
    counts = counts.reindex(columns=list(style.GRADE_COLOURS), fill_value=0)
    weakest = (counts["unconfirmed"] / counts.sum(axis="columns")).idxmax()
    return {"sums": counts.sum(), "weakest": name_table(str(weakest)), "own": counts.loc[weakest]}


def facts_of_trust(
    confidence: pd.DataFrame, headlines: pd.DataFrame, checked: pd.DataFrame, unexplained: pd.DataFrame
) -> dict[str, Any]:
    """Facts of ``trust.in_short``: shares of the claims by confidence, and how many published figures ours meet.

    ``checked`` is from ``self_check.self_check``, ``unexplained`` some of its rows, ``headlines`` from
    ``headlines.list_headlines``.
    """
    sums = confidence.groupby("confidence")["claims"].sum()
    shares = (sums / sums.sum()).reindex(list(style.GRADE_COLOURS), fill_value=0)
    met = int((checked["difference"] == 0).sum())
    weak = headlines[headlines["unconfirmed"] > 0].to_dict("records")
    told = {name: fact for name, fact in facts_of_confidence(confidence).items() if name != "sums"}
    return told | {"claims": sums.sum(), "unseen": int(sums.get("unconfirmed", 0)), "sums": shares,
                   "published": len(checked), "met": met, "unexplained": len(unexplained),
                   "weak": weak, "stated": len(headlines)}  # fmt: skip


def facts_of_outcomes(outcomes: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``trust.outcomes``: how many fields were read again, by outcome."""
    sums = outcomes.groupby("outcome")["readings"].sum()
    return {"sums": sums.reindex(list(style.OUTCOME_COLOURS), fill_value=0)}


def facts_of_headlines(headlines: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``trust.headlines``: how many, and those that rest in part on claims seen in no source."""
    return {"number": len(headlines), "weak": headlines[headlines["unconfirmed"] > 0].to_dict("records")}
