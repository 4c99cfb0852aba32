"""Words that the air-defence figures share: names of classes, targets and layers, and how numbers are written."""

from textwrap import shorten

import pandas as pd

from analysis.air_defence.facts.choices import THREATS

CLASS_WORDS = {name: threat.short for name, threat in THREATS.items()}
TARGET_WORDS = {
    "aircraft": "against aircraft",
    "ballistic": "against ballistic missiles",
    "any": "against any target",
    "not_stated": "target not stated",
}
BOUND_WORDS = {
    "exact": "exact",
    "at_least": "at least",
    "demonstrated": "shown in a test",
    "at_most": "at most",
    "goal": "goal",
}
END_WORDS = {"at_low": "input at its low end", "at_high": "input at its high end"}
LAYER_WORDS = {
    "exo": "Outside the atmosphere",
    "upper_endo": "Upper, in the atmosphere",
    "long": "Long",
    "medium": "Medium",
    "short": "Short",
    "very_short": "Very short",
    "not_applicable": "Networks and radars",
}


def name_system(name: str, width: int = 34) -> str:
    """Shorten a system's name: without brackets and, where it is long, without its second name.

    Examples
    --------
    >>> name_system("David's Sling (Stunner / SkyCeptor)")
    "David's Sling"
    """
    short = name_without_brackets(name)
    return shorten(short if len(short) <= width else short.split(" / ")[0], width, placeholder=" …")


def name_without_brackets(name: str) -> str:
    """Name a system without what stands in brackets, and else whole, as a table has room for it.

    Examples
    --------
    >>> name_without_brackets("National missile-defence battle management (Citron Tree / Golden Citron family)")
    'National missile-defence battle management'
    """
    return name.split(" (")[0]


def write_km(low: float, best: float, high: float) -> str:
    """Say a height or distance in km, with its spread where there is one.

    Examples
    --------
    >>> write_km(26, 45, 60), write_km(15, 15, 15), write_km(500, 1000, 1500)
    ('45 (26 to 60)', '15', '1,000 (500 to 1,500)')
    """
    low_text, best_text, high_text = (_digits(value) for value in (low, best, high))
    return best_text if low_text == high_text else f"{best_text} ({low_text} to {high_text})"


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def write_threats(number: float) -> str:
    """Say a mean number of threats, one digit below a hundred.

    Examples
    --------
    >>> write_threats(0.412), write_threats(0.0123), write_threats(182.86)
    ('0.4', '0.01', '183')
    """
    if number >= 99.95:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 0.095 or number < 0.005 else f"{number:.2f}"


def write_ranges(frame: pd.DataFrame, low: str, high: str, size: float = 1, form: str = ".3g") -> list[str]:
    """Write the ends of each row's range, in units of ``size``; one number where they are the same.

    Examples
    --------
    >>> write_ranges(pd.DataFrame({"low": [35, 72], "high": [43, 72]}), "low", "high")
    ['35 to 43', '72']
    """
    pairs = zip(frame[low] / size, frame[high] / size, strict=True)
    return [f"{least:{form}}" if least == most else f"{least:{form}} to {most:{form}}" for least, most in pairs]


def write_money(usd: float) -> str:
    """Say an amount of US dollars in thousands, millions or billions.

    Examples
    --------
    >>> write_money(42_500), write_money(4_073_746), write_money(-692_500), write_money(39_850_000_000)
    ('42,500', '4.07 million', '-692,500', '39.9 billion')
    """
    for size, word in ((1e9, " billion"), (1e6, " million")):
        if abs(usd) >= size:
            return f"{usd / size:.3g}{word}"
    return f"{usd:,.0f}"
