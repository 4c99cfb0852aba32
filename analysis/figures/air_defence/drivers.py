"""What the leakers hang on: a tornado, and the tables of inputs and of what is left out."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from analysis.air_defence.facts.choices import THREAT_CLASSES
from analysis.figures import style
from analysis.figures.air_defence.leakage import add_legend
from analysis.figures.air_defence.magazines import name_layer
from analysis.figures.air_defence.words import CLASS_WORDS, write_threats
from analysis.figures.words import write_list, write_percent

KIND_WORDS = {"single_shot": "kill probability", "rounds": "rounds in place", "track": "tracking"}
TOGETHER_WORDS = {
    "all single_shot": "all kill probabilities together",
    "all rounds": "all rounds in place together",
    "all track": "all tracking together",
}
UNITS = {"single_shot": "chance for a shot", "rounds": "rounds", "track": "chance for a threat"}
SHORT_SCOPES = {"layer": "Each layer on its own", "threat": "One track for a threat", "raid": "One event for the raid"}
AT_LOW, AT_HIGH = "#92c5de", "#f4a582"
MOST = 12


def name_input(name: str) -> str:
    """Name an uncertain input in words.

    Examples
    --------
    >>> name_input("sky_bow_4.rounds"), name_input("track"), name_input("all track")
    ('Strong Bow: rounds in place', 'the one track works', 'all tracking together')
    """
    if name in TOGETHER_WORDS:
        return TOGETHER_WORDS[name]
    if name == "track":
        return "the one track works"
    system, *classes, kind = name.split(".")
    against = f", {CLASS_WORDS[classes[0]].lower()}" if classes else ""
    return f"{name_layer(system).split(' / ')[0]}: {KIND_WORDS[kind]}{against}"


def plot_leakers_by_input(swing: pd.DataFrame, shares: pd.DataFrame) -> Figure:
    """Draw a tornado: how far the mean number of leakers moves with each input, and each one's share of the variance.

    Parameters
    ----------
    swing : pandas.DataFrame
        From ``leakage.swing_of_leakers``.
    shares : pandas.DataFrame
        From ``leakage.shares_of_variance``.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; above, inputs of one kind together, on a scale of their own; below, the first ones by their share.
    """
    together = swing[swing["input"].isin(TOGETHER_WORDS)]
    alone = shares.head(MOST).merge(swing, on="input")
    height = 2.6 + 0.34 * (len(together) + len(alone))
    figure, grid = plt.subplots(
        2,
        2,
        figsize=(style.WIDE[0], height),
        width_ratios=[5, 4],
        height_ratios=[len(together) + 0.6, len(alone) + 0.6],
    )
    _draw_swings(grid[0, 0], together)
    _draw_swings(grid[1, 0], alone)
    grid[0, 0].set_title("All inputs of a kind move at once", fontsize=11)
    grid[1, 0].set_title("One input moves alone", fontsize=11)
    grid[1, 0].set_xlabel("Threats that leak on average")
    grid[0, 1].set_axis_off()
    right = grid[1, 1]
    errors = alone["total_error"]
    right.barh(range(len(alone)), alone["total"], height=0.62, color="#8c6bb1", alpha=0.6, xerr=errors,
               error_kw={"ecolor": style.INK, "elinewidth": 1})  # fmt: skip
    right.set(ylim=(len(alone) - 0.4, -0.6), xlim=(0, None), yticks=[], xlabel="Share of what is not known")
    right.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    right.set_title("Total Sobol index", fontsize=11)
    figure.suptitle("What matters most for the mean number of leakers", x=0.01, ha="left", weight="bold", fontsize=13)
    keys = [
        Patch(facecolor=AT_LOW, label="input at its low end"),
        Patch(facecolor=AT_HIGH, label="input at its high end"),
        plt.Line2D([], [], color=style.INK, label="all at their best values"),
        Patch(facecolor="#8c6bb1", alpha=0.6, label="share, with its 95 % interval"),
    ]
    add_legend(figure, keys, ncols=4)
    plt.close(figure)
    return figure


def _draw_swings(axes: Axes, table: pd.DataFrame) -> None:
    for place, row in enumerate(table.itertuples()):
        for end, colour in ((row.at_low, AT_LOW), (row.at_high, AT_HIGH)):
            axes.barh(place, end - row.at_best, left=row.at_best, height=0.62, color=colour)
    if len(table):
        axes.axvline(table["at_best"].iloc[0], color=style.INK, linewidth=1.2)
    axes.set_yticks(range(len(table)), labels=[name_input(name) for name in table["input"]], fontsize=9)
    axes.set(ylim=(max(len(table), 1) - 0.4, -0.6), xlim=(0, None))
    axes.grid(visible=False, axis="y")


def describe_drivers(swing: pd.DataFrame, shares: pd.DataFrame, summary: pd.Series) -> str:
    """Say which inputs matter most, and that independent draws hide a common cause.

    Parameters
    ----------
    swing, shares : pandas.DataFrame
        As in :func:`plot_leakers_by_input`.
    summary : pandas.Series
        The row of ``leakage.Outcomes.summary`` for the same case.
    """
    together = swing[swing["input"].isin(TOGETHER_WORDS)]
    groups = write_list(
        f"{name_input(row.input)} {write_threats(row.at_low)} (low) to {write_threats(row.at_high)} (high)"
        for row in together.itertuples()
    )
    first = write_list(
        f"{name_input(row.input)} {write_percent(max(row.total, 0))}" for row in shares.head(3).itertuples()
    )
    luck = summary["variance_luck"] / max(summary["variance_luck"] + summary["variance_ignorance"], 1e-12)
    worst = float(swing["at_low"].max())
    hidden = f"; the worst end above is {write_threats(worst)}" if worst > summary["mean_high"] else ""
    return (
        f"At the best values {write_threats(swing['at_best'].iloc[0])} threats leak on average. When all inputs of a "
        f"kind move at once: {groups}. Drawn independently, most of the spread of the mean comes from {first} "
        f"(total Sobol index; the errors are wide). Nine of ten independent draws give a mean of "
        f"{write_threats(summary['mean_low'])} to {write_threats(summary['mean_high'])}{hidden}: independent draws "
        f"hide a common cause. Of the variance of the number of leakers {write_percent(luck)} is luck and "
        f"{write_percent(1 - luck)} is not knowing, if the inputs are independent."
    )


def table_of_ranges(ranges: pd.DataFrame) -> pd.DataFrame:
    """Lay out every uncertain input with low, best, high, unit, and whether it is assumed or published.

    Parameters
    ----------
    ranges : pandas.DataFrame
        ``Case.ranges``.

    Returns
    -------
    pandas.DataFrame
        One row is an input; a published number of rounds still holds an assumed share in place.
    """
    kinds = ranges.index.map(lambda name: name.split(".")[-1])
    said = ranges[["low", "best", "high"]].map("{:,.4g}".format)
    said.columns = ["Low", "Best", "High"]
    published = "published, times an assumed share in place"
    return said.assign(
        Unit=kinds.map(UNITS),
        Basis=ranges["assumed"].map({True: "assumed", False: published}),
        Why=ranges["why"].str.removesuffix("; times the share in place"),
    ).set_axis([name_input(name) for name in ranges.index]).rename_axis(columns="Input")  # fmt: skip


def table_of_left_out(unused: pd.DataFrame) -> pd.DataFrame:
    """Lay out the systems of the architecture that are no layer of the model, with the reason.

    Parameters
    ----------
    unused : pandas.DataFrame
        ``Defence.unused``.
    """
    table = {"System": unused["name"], "Left out, because": unused["reason"]}
    return pd.DataFrame(table).set_index("System").rename_axis(index=None, columns="System")


def table_of_raid(raid: Mapping[str, int], work: pd.DataFrame) -> pd.DataFrame:
    """Lay out the notional raid, with the layers that engage each class and the rounds allotted to it.

    Parameters
    ----------
    raid : dict of str to int
        Threats by class.
    work : pandas.DataFrame
        From ``cases.Case.work``.
    """
    rows = {}
    for name, threats in raid.items():
        here = work[work["threat_class"] == name]
        layers = write_list((name_layer(layer) for layer in here["layer"]), most=12)
        rows[THREAT_CLASSES[name]] = [threats, f"{here['magazine'].sum():,}", layers]
    columns = ["Threats", "Rounds allotted (best values)", "Layers that engage it, in this order"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis(columns="Class")


def table_of_outcomes(own: pd.Series, by_doctrine: pd.DataFrame, by_scope: pd.DataFrame) -> pd.DataFrame:
    """Lay out mean, tail and bands of each case, rounded.

    Parameters
    ----------
    own : pandas.Series
        Row of ``leakage.Outcomes.summary`` for the case as chosen.
    by_doctrine, by_scope : pandas.DataFrame
        ``leakage.Outcomes.summary`` of the cases beside it.
    """
    scopes = by_scope.assign(case=by_scope["case"].map(SHORT_SCOPES))
    every = pd.concat([own.to_frame().T, by_doctrine, scopes], ignore_index=True)
    table = {
        "Mean": [f"{row.mean:.2f} ({row.mean_low:.2f} to {row.mean_high:.2f})" for row in every.itertuples()],
        "95 %": [f"{row.q95:,.0f} ({row.q95_low:,.0f} to {row.q95_high:,.0f})" for row in every.itertuples()],
        "None": every["probability_zero"].map("{:.3f}".format),
    }
    return pd.DataFrame(table).set_axis(every["case"].tolist()).rename_axis(columns="Case")
