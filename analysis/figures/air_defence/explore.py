"""Two cases of the explorer side by side: what stands in the notebook and on its page where no widget runs."""

from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.figures import grammar, style
from analysis.figures.words import write_percent

SMALLEST = 1e-3  # chances below this end the axis


def plot_leakers_by_case(chances: pd.DataFrame) -> Figure:
    """Draw the distribution of leakers of each case as steps (``case, leakers, chance``; one row is a number)."""
    colours = dict(zip(chances["case"].unique(), style.CASE_COLOURS, strict=False))
    shown = chances.loc[chances["chance"] >= SMALLEST, "leakers"]
    with grammar.drawing("How many threats leak, by case") as (figure, axes):
        sns.histplot(chances, x="leakers", weights="chance", hue="case", palette=colours, discrete=True, element="step",
                     fill=False, linewidth=2, legend=False, ax=axes)  # fmt: skip
        axes.set(xlim=(shown.min() - 0.6, max(shown.max(), 1) + 0.6), ylim=(0, None))
        axes.set(xlabel="Threats that leak", ylabel="Chance of exactly so many")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_formatter(grammar.PERCENT)
        keys = [grammar.key(case, color=colour, linewidth=2) for case, colour in colours.items()]
        grammar.put_legend(figure, keys, 2)
    return figure


def facts_of_cases(chances: pd.DataFrame, inputs: str) -> dict[str, Any]:
    """Facts of ``explore.cases``: mean leakers by case, whether ``inputs`` are calibrated, where nothing is stopped."""
    means = (chances["leakers"] * chances["chance"]).groupby(chances["case"], sort=False).sum()
    most = chances.groupby("case", sort=False)["leakers"].max()
    return {
        "means": means,
        "fitted": inputs == "calibrated",
        "idle": [case for case in means.index if means[case] == most[case]],
    }


def facts_of_opened(chances: pd.DataFrame, inputs: str, threats: int, of_these_data: bool = True) -> dict[str, Any]:
    """Facts of ``explore.opened``: those of :func:`facts_of_cases`, and how many threats the raid has.

    ``of_these_data`` tells whether what inputs are fitted to still stands so in the tables.
    """
    return facts_of_cases(chances, inputs) | {"threats": threats, "of_these_data": of_these_data}


def table_of_work(work: pd.DataFrame, price_year: int) -> pd.DataFrame:
    """Lay out what each system stops and spends, by System; "not published" where there is no price.

    Columns of ``work``: ``name, killed, spent, short, cost_low_usd, cost_usd, cost_high_usd, price_basis``.
    """
    money = ["cost_low_usd", "cost_usd", "cost_high_usd"]
    cost = [
        "not published" if pd.isna(best) else f"{best / 1e6:,.1f} ({low / 1e6:,.1f} to {high / 1e6:,.1f})"
        for low, best, high in work[money].itertuples(index=False)
    ]
    return grammar.head_rows({
        "System": work["name"],
        "Threats stopped": work["killed"].astype(float).map("{:.1f}".format),
        "Rounds spent": work["spent"].astype(float).map("{:.1f}".format),
        "Chance that rounds run out": work["short"].astype(float).map(lambda share: write_percent(share, 0)),
        f"Cost of rounds, million USD of {price_year}": cost,
        "Kind of price": work["price_basis"].fillna(""),
    })  # fmt: skip
