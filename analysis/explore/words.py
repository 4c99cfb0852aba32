"""What a defence does with a raid, in one readable sentence or three."""

import pandas as pd

from analysis.air_defence.choices import ARCHITECTURES, RAIDS, THREAT_CLASSES
from analysis.explore.defence import PRICE_YEAR, Result
from analysis.parameters import AirDefenceExploreParameters as Choices

OFTEN_SHORT = 0.5


def describe_result(choices: Choices, result: Result, draws: pd.DataFrame | None = None) -> str:
    """Say how many threats leak, how far that is known, what it costs, and what is out of action.

    Parameters
    ----------
    choices : AirDefenceExploreParameters
        What was chosen.
    result : Result
        What followed at the best values.
    draws : pandas.DataFrame, optional
        Draws of uncertain inputs, as from ``layers.raid_leakers_by_draw``.

    Returns
    -------
    str
        A paragraph; kill probabilities are assumptions, and it says so.
    """
    leakers, total = result.leakers, sum(result.raid.values())
    classes = ", ".join(f"{threats} {THREAT_CLASSES[name].lower()}" for name, threats in result.raid.items())
    parts = [
        f"{ARCHITECTURES[choices.architecture]}, {RAIDS[choices.raid].lower()} of {total} ({classes}), "
        f"{choices.doctrine}: with assumed kill probabilities {leakers.mean:.1f} threats leak on average, and no more "
        f"than {leakers.quantile(0.95)} in 95 of 100 raids; none leaks with a chance of "
        f"{_percent(leakers.probability_zero)}."
    ]
    if draws is not None:
        low, high = draws["mean"].quantile([0.05, 0.95])
        parts.append(
            f"What is not known moves the mean from {low:.1f} to {high:.1f} (nine in ten of {len(draws)} draws)."
        )
    parts.append(_cost(result))
    short = result.work.loc[result.work["short"] >= OFTEN_SHORT, "name"]
    if len(short):
        parts.append(f"Rounds run out in at least every second raid at {', '.join(short)}.")
    if result.silent:
        parts.append(f"Out of action (switched off, or without rounds or time): {', '.join(result.silent)}.")
    return " ".join(parts)


def _cost(result: Result) -> str:
    """Say what the rounds cost, and for which systems no price is published."""
    spent, priced = result.work["spent"].sum(), result.work.dropna(subset=["cost_usd"])
    if not len(priced):
        return f"{spent:.0f} rounds are spent on average; no price is published for them."
    low, best, high = (priced[column].sum() / 1e6 for column in ("cost_low_usd", "cost_usd", "cost_high_usd"))
    unpriced = result.work.loc[result.work["cost_usd"].isna(), "name"]
    words = f", without {', '.join(unpriced)}, whose price is not published" if len(unpriced) else ""
    return (
        f"{spent:.0f} rounds are spent on average, worth {best:,.0f} million USD of {PRICE_YEAR} "
        f"({low:,.0f} to {high:,.0f}{words})."
    )


def _percent(share: float) -> str:
    if 0 < share < 0.01:
        return "below 1 %"
    return "above 99 %" if 0.99 < share < 1 else f"{share:.0%}".replace("%", " %")
