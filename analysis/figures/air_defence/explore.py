"""Two cases of the explorer side by side: what stands in the notebook and on its page where no widget runs."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.figures import grammar, style
from analysis.figures.air_defence.leakage_by_class import facts_of_readings
from analysis.figures.words import write_percent

SMALLEST = 1e-3  # chances below this end the axis


def plot_leakers_by_case(chances: pd.DataFrame) -> Figure:
    """Draw the distribution of leakers of each case as steps (``case, leakers, chance``; one row is a number)."""
    colours = dict(zip(chances["case"].unique(), style.CASE_COLOURS, strict=False))
    shown = chances.loc[chances["chance"] >= SMALLEST, "leakers"]
    means = _find_means(chances)
    with grammar.drawing("How many threats leak, by case", wide=style.NARROW) as (figure, axes):
        axes.set(xlabel="Threats that leak", ylabel="Chance of exactly so many")  # seaborn names, slowly, what has none
        sns.histplot(chances, x="leakers", weights="chance", hue="case", palette=colours, discrete=True, element="step",
                     fill=False, linewidth=2, legend=False, ax=axes)  # fmt: skip
        axes.set(xlim=(shown.min() - 0.6, max(shown.max(), 1) + 0.6), ylim=(0, None))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_formatter(grammar.PERCENT)
        for case, mean in means.items():
            axes.axvline(mean, color=colours[case], linewidth=1.2, linestyle="--")
        keys = [
            grammar.key(f"{case} (mean {means[case]:.1f})", color=colour, linewidth=2)
            for case, colour in colours.items()
        ]
        keys.append(grammar.key("mean", color=style.MUTED, linewidth=1.2, linestyle="--"))
        grammar.put_legend(figure, keys, 1, fontsize=9)
    return figure


def _find_means(chances: pd.DataFrame) -> pd.Series:
    """Mean number of leakers by case."""
    return (chances["leakers"] * chances["chance"]).groupby(chances["case"], sort=False).sum()


def facts_of_cases(chances: pd.DataFrame, inputs: str) -> dict[str, Any]:
    """Facts of ``explore.cases``: mean leakers by case, whether ``inputs`` are calibrated, where nothing is stopped."""
    means = _find_means(chances)
    most = chances.groupby("case", sort=False)["leakers"].max()
    return {
        "means": means,
        "fitted": inputs == "calibrated",
        "idle": [case for case in means.index if means[case] == most[case]],
    }


def facts_of_opened(
    chances: pd.DataFrame,
    inputs: str,
    threats: int,
    of_these_data: bool = True,
    raid_percent: int = 100,
    by_class: pd.DataFrame | None = None,
    own: tuple[str, str] = ("", ""),
) -> dict[str, Any]:
    """Facts of ``explore.opened``: those of :func:`facts_of_cases`, and how many threats the raid has.

    ``of_these_data`` tells whether what inputs are fitted to still stands so in the tables, ``raid_percent`` how large
    the raid is against that of other pages; ``by_class`` and ``own`` (``leakage_by_class.facts_of_readings``) tell
    which reading of the model moves the first case most.
    """
    told = facts_of_cases(chances, inputs) | {"threats": threats, "of_these_data": of_these_data}
    told |= {"raid_percent": raid_percent}
    return told if by_class is None else told | facts_of_readings(by_class, own)


def _write_cost(low: float, best: float, high: float) -> str:
    """Write a cost with its range, where it has one.

    Examples
    --------
    >>> _write_cost(1, 2, 3), _write_cost(118.94, 118.94, 118.94)
    ('2.0 (1.0 to 3.0)', '118.9')
    """
    ends = f"{low:,.1f}", f"{high:,.1f}"
    return f"{best:,.1f}" if ends[0] == ends[1] else f"{best:,.1f} ({ends[0]} to {ends[1]})"


def table_of_numbers(numbers: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Lay out the key numbers of both cases, a column each."""
    return pd.DataFrame(numbers).map("{:g}".format, na_action="ignore").fillna("")


def table_of_work(work: pd.DataFrame, price_year: int) -> pd.DataFrame:
    """Lay out what each system stops and spends, by System; "not published" where there is no price.

    Columns of ``work``: ``name, killed, spent, short, cost_low_usd, cost_usd, cost_high_usd, price_basis``.
    """
    money = ["cost_low_usd", "cost_usd", "cost_high_usd"]
    cost = [
        "not published" if pd.isna(best) else _write_cost(low / 1e6, best / 1e6, high / 1e6)
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
