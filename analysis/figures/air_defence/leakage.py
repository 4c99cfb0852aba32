"""Leakers of a notional raid, by doctrine, by what fails together and by its size; which layer works; what matters."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from analysis.air_defence.facts.choices import SYSTEMS, THREAT_CLASSES
from analysis.air_defence.questions.posterior import WHY
from analysis.air_defence.questions.uncertainty import BAND
from analysis.figures import grammar, style
from analysis.figures.air_defence.words import CLASS_WORDS, END_WORDS, name_system
from analysis.figures.captions import say
from analysis.figures.words import write_list, write_percent

SCOPES = {
    "layer": "each layer on its own",
    "threat": "one track of a threat for all layers",
    "raid": "one event for the whole raid",
}
SHORT_SCOPES = {"layer": "Each layer on its own", "threat": "One track for a threat", "raid": "One event for the raid"}
KINDS = {
    "single_shot": "kill probability",
    "rounds": "ready rounds, in place or due",
    "track": "tracking",
    "coverage": "coverage",
}
GROUPS = {
    "local_air": "coverage of local layers, against what flies level",
    "local_ballistic": "coverage of local layers, against ballistic missiles",
    "upper": "coverage of upper layers",
}
TOGETHER = {
    "all single_shot": "all kill probabilities together",
    "all rounds": "all rounds together",
    "all track": "all tracking together",
    "all coverage": "all coverage together",
}
UNITS = {
    "single_shot": "chance for a shot",
    "rounds": "rounds",
    "track": "chance for a threat",
    "coverage": "chance for a threat",
}
DRAWN = f"{10 * BAND:.0f} of 10 draws"
STRENGTHS = {"mean": 0.65, "q95": 0.3}  # how strong the band of each number is drawn
SMALLEST = 1e-3  # chances below this end an axis
LIKELY = 0.5  # chance from which a magazine is said to run short
MOST_INPUTS = 12
HEIGHT = 0.62  # of a bar in its row


def plot_leakers_by_doctrine(luck: pd.DataFrame, summary: pd.DataFrame) -> Figure:
    """Draw the leakers of each doctrine in a panel: luck as bars, and below them what is not known as bands.

    ``luck`` and ``summary`` are those of ``leakage.Outcomes``.
    """
    top, seen = 1.08 * float(luck["chance"].max()), luck.loc[luck["chance"] >= SMALLEST, "leakers"]
    right = max(float(seen.max()), float(summary["q95_high"].max()), 1.0)
    bands = _lay_out_bands(summary, {"mean": -0.14 * top, "q95": -0.31 * top})
    title = "How many threats leak, by shot doctrine"
    shape: dict[str, Any] = {"across": 1, "sharex": True, "sharey": True}
    with grammar.small_multiples(title, summary["case"], 2.0, 1.4, **shape) as (figure, panels):
        for case, axes in panels.items():
            here = luck[luck["case"].eq(case) & (luck["leakers"] <= right + 1)]
            sns.barplot(here, x="leakers", y="chance", color=style.LUCK, width=0.8 if right < 100 else 1.0, alpha=0.85,
                        errorbar=None, native_scale=True, saturation=1, linewidth=0, ax=axes)  # fmt: skip
            axes.axhline(0, color=style.INK, linewidth=0.8)
            _draw_bands(axes, bands[bands["case"] == case])
            axes.set(ylim=(-0.42 * top, top), xlim=(-0.7, 1.03 * right + 0.7), xlabel="", ylabel="Chance")
            axes.set_title(case, fontsize=11)
            axes.yaxis.set_major_formatter(lambda chance, _: f"{100 * chance:g} %" if chance >= 0 else "")
            axes.yaxis.set_major_locator(MaxNLocator(4))
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
            axes.grid(visible=False, axis="x")
        figure.axes[-1].set_xlabel(f"Threats that leak, of {summary['threats'].iloc[0]}")
        _put_legend(figure, _keys_of_bands(), 2)
    return figure


def _lay_out_bands(summary: pd.DataFrame, places: Mapping[str, float]) -> pd.DataFrame:
    """Lay out the mean and the 95 % point of each case as rows, each with its band and its place within the case."""
    parts = [
        summary[["case"]].assign(what=what, best=summary[what], place=place)
        .join(summary[[f"{what}_low", f"{what}_median", f"{what}_high"]].rename(columns=lambda end: end.split("_")[1]))
        for what, place in places.items()
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _draw_bands(axes: Axes, bands: pd.DataFrame) -> None:
    for what, own in bands.groupby("what"):
        grammar.draw_ranges(axes, own, "low", "high", style.NOT_KNOWN, linewidth=8, alpha=STRENGTHS[str(what)])
    grammar.draw_dots(axes, bands, "median", style.NOT_KNOWN, hollow=True, size=36, marker="D")
    grammar.draw_dots(axes, bands, "best", style.LUCK, size=169, marker="|", linewidth=2.6)


def _keys_of_bands() -> list[Artist]:
    stroke: dict[str, Any] = {"marker": "|", "color": style.LUCK, "markersize": 11, "markeredgewidth": 2.6}
    bands: dict[str, Any] = {what: {"color": style.NOT_KNOWN, "alpha": alpha} for what, alpha in STRENGTHS.items()}
    return [
        grammar.key("luck: chance of so many leakers, every input at its best value", color=style.LUCK, alpha=0.85),
        grammar.key("their mean (upper band) and 95 % point (lower band)", **stroke),
        grammar.key(f"not known: the mean in {DRAWN} of the inputs, ◇ the median", **bands["mean"]),
        grammar.key(f"not known: the 95 % point in {DRAWN}, ◇ the median", **bands["q95"]),
    ]


def _put_legend(figure: Figure, keys: Sequence[Artist], ncols: int) -> None:
    """Put the legend under a figure, and above it what every figure about leakers must say."""
    grammar.put_legend(figure, keys, ncols, fontsize=9, title=say("leakage.caveat", {}), alignment="left")


def plot_leakers_by_scope(luck: pd.DataFrame, summary: pd.DataFrame) -> Figure:
    """Draw the tail of the leakers for each scope of common failure, and beside it mean and 95 % point.

    ``luck`` and ``summary`` are those of ``leakage.leakers_by_scope``.
    """
    panels: dict[str, Any] = {"ncols": 2, "width_ratios": [3, 2]}
    title = "What fails together: leakers by scope of one track"
    with grammar.drawing(title, figsize=(style.WIDE[0], 4.8), **panels) as (figure, (left, right)):
        shown = luck[(luck["at_least"] >= SMALLEST / 10) & (luck["leakers"] > 0)]
        sns.lineplot(shown, x="leakers", y="at_least", hue="case", palette=style.SCOPE_COLOURS, drawstyle="steps-mid",
                     estimator=None, linewidth=2.2, legend=False, ax=left)  # fmt: skip
        left.set(yscale="log", ylim=(SMALLEST, 1.2), xscale="log", xlim=(0.9, 1.1 * max(2, summary["threats"].max())))
        left.set(xlabel="Number of threats that leak, log scale", ylabel="Chance of so many or more, log scale")
        left.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        left.xaxis.set_major_formatter(lambda threats, _: f"{threats:g}")
        left.xaxis.set_minor_locator(NullLocator())
        left.yaxis.set_major_formatter(grammar.PERCENT)
        left.set_title("Luck, at the best values", fontsize=11)
        _draw_bands_by_scope(right, summary)
        look: dict[str, Any] = {"color": style.MUTED, "markeredgecolor": style.INK}
        keys = grammar.keys_of(SCOPES, summary["case"], color=style.SCOPE_COLOURS, linewidth=2.2)
        keys += [grammar.key("mean at the best values", marker="o", **look)]
        keys += [grammar.key("95 % point at the best values", marker="s", **look)]
        _put_legend(figure, keys, 3)
    return figure


def _draw_bands_by_scope(axes: Axes, summary: pd.DataFrame) -> None:
    bands = _lay_out_bands(summary, {"mean": -0.16, "q95": 0.16})
    bands["place"] += bands["case"].map({case: row for row, case in enumerate(summary["case"])})
    colours: dict[str, Any] = {"colour": style.SCOPE_COLOURS, "by": "case"}
    for what, own in bands.groupby("what"):
        grammar.draw_ranges(axes, own, "low", "high", linewidth=9, alpha=STRENGTHS[str(what)], **colours)
    grammar.draw_dots(axes, bands, "best", marks={"mean": "o", "q95": "s"}, mark_by="what", size=49, linewidth=1,
                      edgecolor=style.INK, **colours)  # fmt: skip
    grammar.name_rows(axes, [SCOPES[case].replace(" for ", "\nfor ") for case in summary["case"]], 10)
    axes.set(xlabel=f"Threats that leak, of {summary['threats'].iloc[0]}")
    axes.set_xlim(left=-0.02 * max(1.0, float(summary["q95_high"].max())))
    axes.set_title(f"Band: {DRAWN} of the inputs", fontsize=11)


def plot_leakers_by_size(summary: pd.DataFrame, dry: pd.DataFrame) -> Figure:
    """Draw mean and 95 % leakers against the size of the raid, and below it how empty each magazine gets.

    ``summary`` and ``dry`` are those of ``leakage.leakers_by_size``.
    """
    systems = list(dict.fromkeys(dry["system_id"]))
    panels: dict[str, Any] = {"nrows": 2, "sharex": True, "height_ratios": [3.6, 0.8 + 0.32 * len(systems)]}
    title = "How many threats leak, by the size of the raid"
    with grammar.drawing(title, len(systems), 0.3, 5.4, **panels) as (figure, (upper, lower)):
        for what, colour, words in (
            ("mean", style.LUCK, "mean"),
            ("q95", style.WORST_LUCK, "95 % point: 19 of 20 raids have no more"),
        ):
            filled = (f"{what}_low", f"{what}_high") if what == "mean" else None
            grammar.draw_lines(upper, summary, "threats", what, colour, filled, label=words)
        for end in ("q95_low", "q95_high"):  # two shaded bands that overlap would read as one
            upper.plot(summary["threats"], summary[end], color=style.WORST_LUCK, linewidth=1, linestyle="--")
        sns.lineplot(summary, x="threats", y="threats", color=style.MUTED, linestyle=":", linewidth=1.2,
                     label="everything leaks", ax=upper)  # fmt: skip
        upper.set(ylim=(0, 1.1 * float(summary["q95_high"].max()) + 0.5), ylabel="Threats that leak")
        upper.set_title(f"At the best values; shaded, and between dashes: {DRAWN} of the inputs", fontsize=11)
        if systems:
            _draw_magazines(lower, systems, dry, summary["threats"].to_numpy(float))
        labels = [f"{row.threats}\n{row.case} %" for row in summary.itertuples()]
        lower.set_xticks(summary["threats"], labels=labels, fontsize=9)
        lower.set_xlabel("Threats in the raid, and its size against the chosen one")
        short = "more likely than not, rounds allotted to some class run short"
        keys = [*upper.get_legend_handles_labels()[0], grammar.key(short, marker="o")]
        upper.get_legend().remove()
        _put_legend(figure, keys, 2)
    return figure


def _draw_magazines(axes: Axes, systems: list[str], dry: pd.DataFrame, threats: np.ndarray) -> None:
    """Draw how much of each magazine is spent, in cells as wide as the sizes lie apart; seaborn's are all alike."""
    middles = (threats[1:] + threats[:-1]) / 2
    edges = [2 * threats[0] - middles[0], *middles, 2 * threats[-1] - middles[-1]]
    shares = dry.assign(share=dry["spent"] / dry["rounds"].clip(lower=1))
    wide = shares.pivot(index="system_id", columns="threats", values="share")
    look: dict[str, Any] = {"cmap": style.SPENT_SCALE, "norm": mpl.colors.Normalize(0, 1)}
    cells = axes.pcolormesh(edges, np.arange(len(systems) + 1) - 0.5, wide.loc[systems], lw=0.6, **look)
    short = dry[dry["short"] > LIKELY].assign(place=dry["system_id"].map(systems.index))
    grammar.draw_dots(axes, short, "threats", style.INK, size=49, linewidth=1, edgecolor="white")
    grammar.name_rows(axes, [name_layer(name) for name in systems])
    axes.set(ylim=(len(systems) - 0.5, -0.5), xlim=(edges[0], edges[-1]))
    axes.grid(visible=False)
    axes.set_title("Ready rounds, in place or due, that are spent, on average", fontsize=11)
    bar = axes.figure.colorbar(cells, ax=axes, pad=0.01, aspect=12)
    bar.ax.yaxis.set_major_formatter(grammar.PERCENT)


def plot_work_by_layer(work: pd.DataFrame, totals: pd.DataFrame) -> Figure:
    """Draw for each layer what it stops by class, and the rounds that it spends of those in place.

    ``work`` is that of ``Case.work``, ``totals`` that of ``leakage.work_over_draws``; the highest layer stands on top.
    """
    if totals.empty:
        return grammar.plot_nothing(say("leakage.no_layer", {}), "Which layer does the work")
    rows = totals.assign(place=range(len(totals)))
    stopped = work.assign(place=work["layer"].map(rows.set_index("system_id")["place"]))
    panels: dict[str, Any] = {"ncols": 2, "sharey": True, "width_ratios": [3, 2]}
    with grammar.drawing("Which layer does the work", len(rows), 0.5, 2.3, **panels) as (figure, (left, right)):
        grammar.draw_bars(left, stopped, "killed", style.CLASS_COLOURS, "threat_class", HEIGHT,
                          edgecolor="white", linewidth=0.6)  # fmt: skip
        band: dict[str, Any] = {"linewidth": 3, "alpha": 0.8}
        below = rows.assign(place=rows["place"] + 0.4)
        grammar.draw_ranges(left, below, "killed_low", "killed_high", style.NOT_KNOWN, capstyle="projecting", **band)
        grammar.draw_dots(left, rows, "arriving", style.INK, hollow=True, size=49, marker="D", zorder=4)
        _draw_rounds(right, rows)
        grammar.name_rows(left, [name_layer(name) for name in rows["system_id"]])
        left.set(xlim=(0, None), xlabel="Threats")
        left.set_title("Stopped, of those that arrive", fontsize=11)
        keys = grammar.keys_of(CLASS_WORDS, work["threat_class"], color=style.CLASS_COLOURS)
        keys += [grammar.key("arrive on average", marker="D", markerfacecolor="white")]
        keys += [grammar.key(f"{DRAWN} of the inputs", color=style.NOT_KNOWN, **band)]
        _put_legend(figure, keys, 3)
    return figure


def _draw_rounds(axes: Axes, rows: pd.DataFrame) -> None:
    shares = rows.assign(share=rows["spent"] / rows["rounds"].clip(lower=1))
    grammar.draw_parts(axes, shares, "share", style.ROUNDS_SPENT, HEIGHT)
    grammar.write_rows(axes, [f"{row.spent:,.0f} of {row.rounds:,}" for row in rows.itertuples()], 0.02, size=8.5)
    short = [
        write_percent(row.short) + (f", {CLASS_WORDS[row.short_class].lower()}" if row.short >= LIKELY else "")
        for row in rows.itertuples()
    ]
    grammar.write_beside(axes, short)
    axes.set(xlim=(0, 1.0), xlabel="Ready rounds, in place or due, that are spent")
    axes.grid(visible=False, axis="y")
    axes.set_title("Spent; chance that rounds run short", fontsize=11)


def plot_leakers_by_input(swing: pd.DataFrame, shares: pd.DataFrame) -> Figure:
    """Draw how far each input moves the mean number of leakers, and each one's share of the variance.

    ``swing`` is that of ``leakage.swing_of_leakers``, ``shares`` that of ``leakage.shares_of_variance``. Above stand
    inputs of one kind together, on a scale of their own, and below the first ones by their share.
    """
    if swing.empty:
        return grammar.plot_nothing(say("leakage.no_layer", {}), "What matters most for the mean number of leakers")
    together = swing[swing["input"].isin(TOGETHER)]
    alone = shares.head(MOST_INPUTS).merge(swing, on="input")
    size = (style.WIDE[0], 2.6 + 0.34 * (len(together) + len(alone)))
    panels: dict[str, Any] = {"nrows": 2, "ncols": 2, "width_ratios": [5, 4]}
    panels["height_ratios"] = [len(together) + 0.6, len(alone) + 0.6]
    with grammar.drawing("What matters most for the mean number of leakers", figsize=size, **panels) as (figure, grid):
        _draw_swings(grid[0, 0], together, "All inputs of a kind move at once")
        _draw_swings(grid[1, 0], alone, "One input moves alone")
        grid[1, 0].set_xlabel("Threats that leak on average")
        grid[0, 1].set_axis_off()
        _draw_shares(grid[1, 1], alone)
        keys = [
            *grammar.keys_of(END_WORDS, END_WORDS, color=style.END_COLOURS),
            grammar.key("all at their best values", color=style.INK, linewidth=1.5),
            grammar.key("share, with its 95 % interval", color=style.SHARE_OF_NOT_KNOWN, alpha=0.6),
        ]
        _put_legend(figure, keys, 4)
    return figure


def _draw_swings(axes: Axes, rows: pd.DataFrame, title: str) -> None:
    """Draw a bar from the best value to each end; seaborn's bars begin at zero."""
    for end, colour in style.END_COLOURS.items():
        axes.barh(range(len(rows)), rows[end] - rows["at_best"], HEIGHT, rows["at_best"], color=colour)
    for best in rows["at_best"].head(1):
        axes.axvline(best, color=style.INK, linewidth=1.2)
    grammar.name_rows(axes, [name_input(name) for name in rows["input"]])
    axes.set_xlim(0, None)
    axes.set_title(title, fontsize=11)


def _draw_shares(axes: Axes, rows: pd.DataFrame) -> None:
    ends = {"low": rows["total"] - rows["total_error"], "high": rows["total"] + rows["total_error"]}
    rows = rows.assign(place=range(len(rows)), **ends)
    grammar.draw_bars(axes, rows, "total", style.SHARE_OF_NOT_KNOWN, height=HEIGHT, alpha=0.6)
    grammar.draw_ranges(axes, rows, "low", "high", style.INK, linewidth=1)
    grammar.name_rows(axes, [""] * len(rows))
    axes.set(xlim=(0, None), yticks=[], xlabel="Share of what is not known")
    axes.xaxis.set_major_formatter(grammar.PERCENT)
    axes.set_title("Total Sobol index", fontsize=11)


def name_layer(system_id: str) -> str:
    """Name the system of a layer in words.

    Examples
    --------
    >>> name_layer("sky_bow_3")
    'Sky Bow III'
    """
    return name_system(SYSTEMS.get(system_id, system_id))


def name_input(name: str) -> str:
    """Name an uncertain input in words.

    Examples
    --------
    >>> name_input("sky_bow_4.rounds"), name_input("track"), name_input("all track")
    ('Strong Bow: ready rounds, in place or due', 'the one track works', 'all tracking together')
    """
    if name in TOGETHER:
        return TOGETHER[name]
    if name == "track":
        return "the one track works"
    system, *classes, kind = name.split(".")
    if system in GROUPS:
        return GROUPS[system]
    against = f", {CLASS_WORDS[classes[0]].lower()}" if classes else ""
    return f"{name_layer(system).split(' / ')[0]}: {KINDS[kind]}{against}"


def name_threats(threat_class: str) -> str:
    """Name the threats of a class in the plural, as they stand within a sentence.

    Examples
    --------
    >>> name_threats("hgv"), name_threats("tactical_aircraft")
    ('hypersonic glide vehicles', 'tactical aircraft')
    """
    words = THREAT_CLASSES[threat_class].lower()
    return words if words.endswith(("artillery", "aircraft")) else f"{words}s"


def table_of_raid(raid: Mapping[str, int], work: pd.DataFrame) -> pd.DataFrame:
    """Lay out the raid (threats by class), with the rounds allotted to each class and the layers that engage it."""
    rows = {}
    for name, threats in raid.items():
        here = work[work["threat_class"] == name]
        layers = write_list((name_layer(layer) for layer in here["layer"]), most=12)
        rows[THREAT_CLASSES[name]] = [threats, f"{here['magazine'].sum():,}", layers]
    columns = ["Threats", "Rounds allotted (best values)", "Layers that engage it, in this order"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis(columns="Class")


def table_of_decoys(shots: pd.DataFrame) -> pd.DataFrame:
    """Lay out the interceptors that a layer would want for each class, by how many decoys are taken for real.

    ``shots`` is from ``leakage.shots_by_discrimination``; every layer of a class wants as many.
    """
    rows = {}
    for name, own in shots.groupby("threat_class", sort=False):
        rounds = own.groupby("system_id")["rounds"].first()
        wanted = own.groupby("decoy_called_real")["wanted"].first()
        row = {"Layers": len(rounds), "Rounds of a layer": f"{rounds.min():,.0f} to {rounds.max():,.0f}"}
        for share, number in wanted.items():
            row[f"Wanted, {write_percent(float(share), 0)} of decoys taken for real"] = f"{number:,.0f}"
        rows[THREAT_CLASSES[str(name)]] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(columns="Class")


def table_of_left_out(unused: pd.DataFrame) -> pd.DataFrame:
    """Lay out the systems of the architecture that are no layer of the model, with the reason (``Defence.unused``)."""
    return grammar.head_rows({"System": unused["name"], "Left out, because": unused["reason"]})


def table_of_ranges(ranges: pd.DataFrame) -> pd.DataFrame:
    """Lay out every uncertain input with low, best, high, unit and basis (``Case.ranges``).

    Where coverage is used, all ready rounds are in place.
    """
    basis = ranges["assumed"].map({True: "assumed", False: "published"}).mask(ranges["why"].eq(WHY), "fitted")
    ends = ranges[["low", "best", "high"]].map("{:,.4g}".format).rename(columns=str.capitalize)
    return ends.assign(
        Unit=ranges.index.map(lambda name: UNITS[name.split(".")[-1]]),
        Basis=basis,
        Why=ranges["why"].str.removesuffix("; times the share in place"),
    ).rename(index=name_input).rename_axis(index=None, columns="Input")  # fmt: skip


def table_of_outcomes(own: pd.Series, by_doctrine: pd.DataFrame, by_scope: pd.DataFrame) -> pd.DataFrame:
    """Lay out mean, tail and bands of the case as chosen and of those beside it (rows of ``Outcomes.summary``)."""
    scopes = by_scope.assign(case=by_scope["case"].map(SHORT_SCOPES))
    every = pd.concat([own.to_frame().T, by_doctrine, scopes], ignore_index=True)
    table = {
        "Mean at best values": every["mean"].map("{:.2f}".format),
        "Mean, nine of ten draws": [f"{row.mean_low:.2f} to {row.mean_high:.2f}" for row in every.itertuples()],
        "19 of 20 raids, at most": every["q95"].map("{:,.0f}".format),
        "19 of 20 raids, nine of ten draws": [
            f"{row.q95_low:,.0f} to {row.q95_high:,.0f}" for row in every.itertuples()
        ],
        "Chance of no leaker": every["probability_zero"].map("{:.3f}".format),
    }
    return pd.DataFrame(table).set_axis(every["case"].tolist()).rename_axis(columns="Case")


def facts_of_doctrines(summary: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``leakage.doctrines``: the leakers of each doctrine, by luck and by what is not known."""
    return {"cases": summary}


def facts_of_scopes(summary: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``leakage.scopes``: mean and tail for each scope of common failure."""
    return {"cases": summary.assign(words=summary["case"].map(SCOPES)), "means": summary.set_index("case")["mean"]}


def facts_of_sizes(summary: pd.DataFrame, dry: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``leakage.sizes``: leakers of the smallest, the chosen and the largest raid; where rounds run short."""
    cases = pd.concat([summary.head(1), summary[summary["case"] == 100], summary.tail(1)]).drop_duplicates("case")
    shares = (summary["mean"] / summary["threats"]).iloc[[0, -1]].tolist()
    starts = dry[dry["short"] > LIKELY].groupby("system_id", sort=False)["threats"].min().sort_values(kind="stable")
    full = [name_layer(name) for name in dict.fromkeys(dry["system_id"]) if name not in starts.index]
    return {"cases": cases, "shares": shares, "starts": starts.rename(name_layer), "full": full}


def facts_of_decoys(shots: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``leakage.decoys``: at how many pairs of layer and class rounds do not reach, by discrimination."""
    short = shots.assign(short=shots["wanted"] > shots["rounds"]).groupby("decoy_called_real")["short"].sum()
    wanted = shots.groupby("decoy_called_real")["wanted"].sum()
    return {
        "each": int(shots["decoys_each"].max()) if len(shots) else 0,
        "pairs": len(shots[["system_id", "threat_class"]].drop_duplicates()),
        "rows": [{"share": share, "short": number, "times": wanted[share] / max(wanted.min(), 1e-12)}
                 for share, number in short.items()],
    }  # fmt: skip


def facts_of_work(work: pd.DataFrame, totals: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``leakage.work``: which layers stop most, the rounds that are spent, and which magazines run short."""
    named = totals.assign(name=totals["system_id"].map(name_layer))
    short = named[named["short"] > LIKELY]
    if work.empty:
        return {"largest": None}
    most = work.loc[work["killed"].idxmax()]
    return {
        **totals[["killed", "spent", "rounds"]].sum(),
        "ranked": named.sort_values("killed", ascending=False, kind="stable").head(3),
        "short": short.assign(threats=short["short_class"].map(name_threats)),
        "largest": {"layer": name_layer(most["layer"]), "threats": name_threats(most["threat_class"])},
        "inside": BAND,
    }


def facts_of_inputs(swing: pd.DataFrame, shares: pd.DataFrame, own: pd.Series, drawn: str) -> dict[str, Any]:
    """Facts of ``leakage.inputs``: which inputs matter most; ``own`` is the case's row of ``Outcomes.summary``.

    ``drawn`` says how its inputs are: ``common`` (rows that were fitted), ``apart`` or ``together``.
    """
    if swing.empty:
        return {"own": None}
    together, first = swing[swing["input"].isin(TOGETHER)], shares.head(3)
    variance = own["variance_luck"] + own["variance_ignorance"]
    return {
        "at_best": swing["at_best"].iloc[0],
        "together": together.assign(words=together["input"].map(name_input)),
        "first": first.assign(words=first["input"].map(name_input), share=first["total"].clip(lower=0)),
        "own": own,
        "worst": swing["at_low"].max(),
        "luck": own["variance_luck"] / max(variance, 1e-12),
        "drawn": drawn,
        "inside": BAND,
    }
