"""Cases side by side: how many threats leak in each, as a picture that needs no widgets."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.figures import style

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7")
SMALLEST = 1e-3  # chances below this end the axis


def plot_leakers_by_case(chances: pd.DataFrame) -> Figure:
    """Draw the distribution of leakers of each case as steps.

    Parameters
    ----------
    chances : pandas.DataFrame
        case, leakers, chance; one row is a number of leakers in a case.

    Returns
    -------
    matplotlib.figure.Figure
        Closed.

    Examples
    --------
    >>> frame = pd.DataFrame({"case": "1. A", "leakers": [0, 1], "chance": [0.75, 0.25]})
    >>> plot_leakers_by_case(frame).axes[0].get_xlabel()
    'Threats that leak'
    """
    figure, axes = plt.subplots(figsize=style.WIDE)
    for colour, (case, rows) in zip(COLOURS, chances.groupby("case", sort=False), strict=False):
        axes.stairs(
            rows["chance"], [*(rows["leakers"] - 0.5), rows["leakers"].max() + 0.5], color=colour, lw=2, label=case
        )
    shown = chances.loc[chances["chance"] >= SMALLEST, "leakers"]
    axes.set(xlim=(shown.min() - 0.6, max(shown.max(), 1) + 0.6), ylim=(0, None))
    axes.set(xlabel="Threats that leak", ylabel="Chance", title="How many threats leak, by case")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}".replace("%", " %")))
    figure.legend(loc="outside lower left", ncols=2)
    plt.close(figure)
    return figure


def describe_cases(chances: pd.DataFrame) -> str:
    """Say the mean number of leakers of each case.

    Parameters
    ----------
    chances : pandas.DataFrame
        As for :func:`plot_leakers_by_case`.

    Examples
    --------
    >>> describe_cases(pd.DataFrame({"case": "1. A", "leakers": [0, 1], "chance": [0.75, 0.25]}))
    'Mean number of threats that leak, with assumed kill probabilities: 1. A 0.2. No ranking follows from it.'
    """
    means = (chances["leakers"] * chances["chance"]).groupby(chances["case"], sort=False).sum()
    listed = "; ".join(f"{case} {mean:.1f}" for case, mean in means.items())
    return f"Mean number of threats that leak, with assumed kill probabilities: {listed}. No ranking follows from it."


def table_of_work(work: pd.DataFrame) -> pd.DataFrame:
    """Lay out what each system stops and spends.

    Parameters
    ----------
    work : pandas.DataFrame
        ``name, killed, spent, short, cost_low_usd, cost_usd, cost_high_usd, price_basis``; one row is a system.

    Returns
    -------
    pandas.DataFrame
        The same in words and rounded, indexed by System; "not published" where there is no price.
    """
    money = ["cost_low_usd", "cost_usd", "cost_high_usd"]
    cost = [
        "not published" if pd.isna(best) else f"{best / 1e6:,.1f} ({low / 1e6:,.1f} to {high / 1e6:,.1f})"
        for low, best, high in work[money].itertuples(index=False)
    ]
    table = {
        "System": work["name"],
        "Threats stopped": work["killed"].astype(float).map("{:.1f}".format),
        "Rounds spent": work["spent"].astype(float).map("{:.1f}".format),
        "Chance that rounds run out": work["short"].astype(float).map("{:.0%}".format).str.replace("%", " %"),
        "Cost of rounds, million USD of 2025": cost,
        "Kind of price": work["price_basis"].fillna(""),
    }
    return pd.DataFrame(table).set_index("System").rename_axis(index=None, columns="System")
