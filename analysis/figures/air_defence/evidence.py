"""Claims about real engagements: the published shares, their intervals, and what they would predict."""

import math
from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.figures import style
from analysis.figures.air_defence.words import draw_sentence
from analysis.figures.words import write_list

NOTHING = "No row of this confidence gives such counts, so there is nothing to draw; choose a lower confidence."
WHO_MARKS = {
    "claimed": "o",
    "counted later": "s",
    "independent estimate": "D",
    "press or unnamed source": "^",
    "claimed by the attacking side": "X",
}
WHO_WORDS = {
    "claimed": "claimed by the defending side or its supplier",
    "counted later": "counted later by the same side",
    "independent estimate": "audit or independent analysis",
    "press or unnamed source": "press or unnamed source",
    "claimed by the attacking side": "claimed by the attacking side, by the press",
}
OF_COLOURS = {"engaged": "#0072b2", "launched": "#d55e00", "threatening": "#009e73", "not_stated": "#4d5863"}
OF_WORDS = {
    "engaged": "of those fired at",
    "launched": "of those launched",
    "threatening": "of those that threatened something",
    "not_stated": "of what, is not stated",
}
ROW_INCHES = 0.235
FIFTHS = (0, 0.2, 0.4, 0.6, 0.8, 1)
PLACES = {"uae": "UAE", "iran_israel": "Iran and Israel", "ukraine_kyiv": "Kyiv"}


def plot_share_by_event(claims: pd.DataFrame) -> Figure:
    """Draw every share that was published, one row an attack, with its speaker and its denominator.

    Parameters
    ----------
    claims : pandas.DataFrame
        From ``evidence.list_claims``.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; a sentence where no share is left.
    """
    shares = claims.dropna(subset=["share"])
    if shares.empty:
        return draw_sentence(NOTHING)
    keys = ["event_group", "what"]
    rows = shares[keys].drop_duplicates(ignore_index=True)
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 2.1 + ROW_INCHES * len(rows)))
    for place, (_, group) in enumerate(shares.groupby(keys, sort=False)):
        axes.plot(group["share"].agg(["min", "max"]), [place, place], color=style.GRID, linewidth=3, zorder=1)
        for row in group.itertuples():
            _mark(axes, row, place)
    _label(axes, [name_attack(claims, row) for row in rows.itertuples()])
    axes.set_xticks(FIFTHS, labels=[f"{share:.0%}".replace("%", " %") for share in FIFTHS])
    axes.set(xlim=(-0.03, 1.03), xlabel="Share published as intercepted")
    _title(figure, "Published shares of interceptions, by event")
    figure.legend(handles=_keys(shares), loc="outside lower center", ncols=3, fontsize=8.5)
    plt.close(figure)
    return figure


def _mark(axes: Axes, row: Any, place: int) -> None:
    colour = OF_COLOURS[row.denominator]
    face = "white" if row.running else colour
    axes.plot(row.share, place, WHO_MARKS[row.who], color=colour, markerfacecolor=face, markersize=7, zorder=3)


def _label(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), labels=labels, fontsize=8.5, color=style.INK)
    axes.set_ylim(len(labels) - 0.4, -0.6)


def _title(figure: Figure, words: str) -> None:
    figure.suptitle(words, x=0.01, ha="left", weight="bold", fontsize=13)


def _keys(rows: pd.DataFrame) -> list[Artist]:
    dark: dict[str, Any] = {"color": style.INK, "linestyle": "none", "markersize": 7}
    whose = set(rows["who"])
    marks = [Line2D([], [], marker=WHO_MARKS[who], label=WHO_WORDS[who], **dark) for who in WHO_WORDS if who in whose]
    hollow = Line2D(
        [], [], marker="o", label="hollow: running total or overlapping days", markerfacecolor="white", **dark
    )
    return [*marks, hollow, *_of_keys(rows)]


def _of_keys(rows: pd.DataFrame) -> list[Artist]:
    used = set(rows["denominator"])
    return [
        Line2D([], [], color=OF_COLOURS[of], linewidth=6, label=words) for of, words in OF_WORDS.items() if of in used
    ]


def name_attack(claims: pd.DataFrame, row: Any) -> str:
    """Name an attack of an event in words: where, when and what was fired.

    Parameters
    ----------
    claims : pandas.DataFrame
        From ``evidence.list_claims``; gives the days of the whole event.
    row : record
        With ``event_group`` and ``what``.
    """
    days = claims.loc[claims["event_group"] == row.event_group, ["date_start", "date_end"]]
    what = row.what.removeprefix("Iranian ").split(": ")[0].split(" against ")[0]
    return f"{name_event(row.event_group, days['date_start'].min(), days['date_end'].max())}: {what}"


def name_event(event_group: str, first_day: str, last_day: str) -> str:
    """Name an event by its place and its days.

    Examples
    --------
    >>> name_event("gulf_war_1991", "1991-01-18", "1991-02-28")
    'Gulf war, Jan to Feb 1991'
    >>> name_event("uae_2022_01_24", "2022-01-24", "2022-01-24")
    'UAE, 24 Jan 2022'
    """
    words = [word for word in event_group.split("_") if word.isalpha() and word != "total"]
    plain = " ".join(words)
    place = PLACES.get("_".join(words)) or ("Iron Dome" if plain == "iron dome" else plain[:1].upper() + plain[1:])
    start, end = pd.Timestamp(first_day), pd.Timestamp(last_day)
    if start == end:
        return f"{place}, {start:%-d %b %Y}"
    if start.year != end.year:
        return f"{place}, {start:%Y} to {end:%Y}"
    return f"{place}, {start:%b} to {end:%b %Y}" if start.month != end.month else f"{place}, {end:%b %Y}"


def describe_share(claims: pd.DataFrame, apart: pd.DataFrame) -> str:
    """Say how many shares were published, of what, and where they lie furthest apart.

    Parameters
    ----------
    claims, apart : pandas.DataFrame
        From ``evidence.list_claims`` and ``evidence.claims_apart``.
    """
    shares = claims.dropna(subset=["share"])
    if shares.empty:
        return NOTHING
    told = [
        f"{count} {OF_WORDS[of].replace('of what, is', 'where it is')}"
        for of, count in shares["denominator"].value_counts().items()
    ]
    text = (
        f"Published counts: {len(claims)} of {claims['event_group'].nunique()} events; {len(shares)} give a share "
        f"({write_list(told)}), so that the marks of one row need not be shares of the same thing."
    )
    if apart.empty:
        return text
    widest = apart.iloc[0]
    return (
        f"{text} They lie furthest apart for {name_attack(claims, widest)}: {widest['highest']:.0%} "
        f"({widest['highest_by']}) and {widest['lowest']:.0%} ({widest['lowest_by']}). An audit's share is that of the "
        "engagements with evidence of that grade."
    ).replace("%", " %")


def plot_interval_by_count(counts: pd.DataFrame, claims: pd.DataFrame) -> Figure:
    """Draw the exact and the Jeffreys interval behind each pair of published counts.

    Parameters
    ----------
    counts : pandas.DataFrame
        From ``evidence.predict_from_counts``.
    claims : pandas.DataFrame
        From ``evidence.list_claims``; gives the days of the events.
    """
    if counts.empty:
        return draw_sentence(NOTHING)
    figure, axes = _rows_of_counts(counts, claims)
    for place, row in enumerate(counts.itertuples()):
        colour = OF_COLOURS[row.denominator]
        axes.plot([row.exact_low, row.exact_high], [place, place], color=colour, linewidth=1.4, zorder=2)
        axes.plot(
            [row.jeffreys_low, row.jeffreys_high], [place, place], color=colour, linewidth=5, alpha=0.35, zorder=1
        )
        _mark(axes, row, place)
        said = f"{row.threats_intercepted:,} of {row.tried:,}"
        axes.text(1.02, place, said, transform=axes.get_yaxis_transform(), va="center", fontsize=8.5)
    axes.set_xticks(FIFTHS, labels=[f"{share:.0%}".replace("%", " %") for share in FIFTHS])
    axes.set(xlim=(-0.03, 1.03), xlabel="Share intercepted, if both counts are true")
    _title(figure, "What chance alone leaves open behind two published counts")
    share = f", {counts['level'].iloc[0]:.0%}".replace("%", " %")
    bars: list[Artist] = [
        Line2D([], [], color=style.INK, linewidth=1.4, label=f"exact interval{share}"),
        Line2D([], [], color=style.INK, linewidth=5, alpha=0.35, label=f"Jeffreys interval{share}"),
    ]
    figure.legend(handles=[*_keys(counts), *bars], loc="outside lower center", ncols=3, fontsize=8.5)
    plt.close(figure)
    return figure


def _rows_of_counts(counts: pd.DataFrame, claims: pd.DataFrame) -> tuple[Figure, Axes]:
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 2.0 + 0.26 * len(counts)))
    labels = [name_attack(claims, row) for row in counts.itertuples()]
    twice = pd.Series(labels).duplicated(keep=False)
    said = counts["claimed_by"].str.split(",").str[0].str.split(" \\(").str[0]
    _label(axes, [f"{one} ({who})" if many else one for one, who, many in zip(labels, said, twice, strict=True)])
    return figure, axes


def describe_interval(counts: pd.DataFrame, level: float) -> str:
    """Say how wide the intervals are, and what they do not cover.

    Parameters
    ----------
    counts : pandas.DataFrame
        From ``evidence.predict_from_counts``.
    level : float
        Level of the intervals, 0 to 1.
    """
    if counts.empty:
        return NOTHING
    wide = (counts["exact_high"] - counts["exact_low"]).sort_values()
    ends = [counts.loc[place] for place in (wide.index[-1], wide.index[0])]
    said = [
        f"{row['threats_intercepted']:,} of {row['tried']:,} leave {row['exact_low']:.1%} to {row['exact_high']:.1%}"
        for row in ends
    ]
    return (
        f"Pairs of counts that were both published: {len(counts)}, of which {int(counts['running'].sum())} are running "
        f"totals or overlap. By the exact interval at {level:.0%}, {said[0]}, and {said[1]}. An interval "
        "covers chance: a count that was wrong or generous is so within a narrow interval too."
    ).replace("%", " %")


def plot_leakers_by_count(counts: pd.DataFrame, claims: pd.DataFrame, threats: int) -> Figure:
    """Draw how many threats of the next raid each pair of counts would let through.

    Parameters
    ----------
    counts, claims : pandas.DataFrame
        As in ``plot_interval_by_count``.
    threats : int
        Threats in the next, notional raid.
    """
    if counts.empty:
        return draw_sentence(NOTHING)
    figure, axes = _rows_of_counts(counts, claims)
    for place, row in enumerate(counts.itertuples()):
        colour = OF_COLOURS[row.denominator]
        axes.plot([row.leakers_low, row.leakers_high], [place, place], color=colour, linewidth=1.4, zorder=2)
        axes.plot([row.fixed_low, row.fixed_high], [place, place], color=colour, linewidth=5, alpha=0.35, zorder=1)
        face = "white" if row.running else colour
        axes.plot(row.leakers, place, WHO_MARKS[row.who], color=colour, markerfacecolor=face, markersize=7, zorder=3)
    axes.set(
        xlim=(-0.03 * threats, 1.03 * threats), xlabel=f"Threats that come through, of {threats} in a notional raid"
    )
    axes.set_xticks(range(0, threats + 1, math.ceil(threats / 10)))
    _title(figure, "What each pair of counts would predict for the next raid")
    bars: list[Artist] = [
        Line2D([], [], color=style.INK, linewidth=1.4, label="90 % of raids, the share not known"),
        Line2D([], [], color=style.INK, linewidth=5, alpha=0.35, label="90 % of raids, were the share known"),
    ]
    figure.legend(handles=[*_keys(counts), *bars], loc="outside lower center", ncols=3, fontsize=8.5)
    plt.close(figure)
    return figure


def describe_leakers(counts: pd.DataFrame, claims: pd.DataFrame, threats: int) -> str:
    """Say what rival counts of one event would predict, and that a prediction takes a claim as true.

    Parameters are those of the same names in ``plot_leakers_by_count``.
    """
    if counts.empty:
        return NOTHING
    groups = counts.groupby(["event_group", "what"], sort=False)["leakers"]
    spread = (groups.max() - groups.min()).sort_values()
    event, what = spread.index[-1]
    rivals = counts[(counts["event_group"] == event) & (counts["what"] == what)].sort_values("leakers")
    said = [
        f"{row.leakers_low:.0f} to {row.leakers_high:.0f} by {row.threats_intercepted:,} of {row.tried:,} "
        f"({row.claimed_by.replace(' (', ', ').replace(')', '')})"
        for row in rivals.itertuples()
    ]
    name = name_attack(claims, rivals.iloc[0])
    lead = f"Rival counts of {name}" if len(said) > 1 else name
    return (
        f"{lead}: of {threats} threats, {write_list(said)} would come through in nine raids of ten. Each line "
        "takes its claim as true and the next raid as like the last; what separates rival claims is not chance."
    )
