"""What a defence does with a raid: a sentence on what leaks, and one on rounds, cost and what is out of action."""

from analysis.air_defence.facts.choices import ARCHITECTURES, RAIDS, THREAT_CLASSES
from analysis.explore.defence import PRICE_YEAR, Band, Result
from analysis.parameters import AirDefenceExploreParameters as Choices

OFTEN_SHORT = 0.5


def describe_leakers(choices: Choices, result: Result, band: Band | None = None) -> str:
    """Say how many threats leak, and how far that is known.

    Parameters
    ----------
    choices : AirDefenceExploreParameters
        What was chosen.
    result : Result
        What followed at the best values.
    band : Band, optional
        What is not known; without it the sentence keeps its place.

    Returns
    -------
    str
        Kill probabilities are assumptions, and it says so.
    """
    leakers, total = result.leakers, sum(result.raid.values())
    return (
        f"{ARCHITECTURES[choices.architecture]}, {RAIDS[choices.raid].lower()} of {total}: with assumed kill "
        f"probabilities {leakers.mean:.1f} threats leak on average, and no more than {leakers.quantile(0.95)} in 95 of "
        f"100 raids; none leaks with a chance of {_percent(leakers.probability_zero)}. {_band(band)}"
    )


def describe_work(result: Result) -> str:
    """Say what the raid is, what stopping it costs, where rounds run out, and what is out of action.

    Parameters
    ----------
    result : Result
        What followed at the best values.
    """
    classes = ", ".join(f"{THREAT_CLASSES[name].lower()} ({threats})" for name, threats in result.raid.items())
    parts = [f"The raid: {classes}.", _cost(result)]
    short = result.work.loc[result.work["short"] >= OFTEN_SHORT, "name"]
    if len(short):
        parts.append(f"Rounds run out in at least every second raid at {', '.join(short)}.")
    if result.silent:
        parts.append(f"Out of action (switched off, or without rounds or time): {', '.join(result.silent)}.")
    return " ".join(parts)


def describe_nothing(choices: Choices) -> str:
    """Say that no system of the architecture engages any class of the raid.

    Parameters
    ----------
    choices : AirDefenceExploreParameters
        What was chosen.
    """
    return (
        f"{ARCHITECTURES[choices.architecture]} has no system that engages a class of this raid "
        f"({RAIDS[choices.raid].lower()}) and has ready rounds; choose another raid or architecture."
    )


def _band(band: Band | None) -> str:
    """Say how far what is not known moves the mean, or that it is being worked out."""
    if band is None:
        return "How far what is not known moves the mean is being worked out ..."
    return (
        f"What is not known moves the mean from {band.low:.1f} to {band.high:.1f} (nine in ten of {band.draws} draws)."
    )


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
