"""Words, colours and marks that the air-defence figures share."""

import math
from collections.abc import Iterable
from textwrap import shorten

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from analysis.figures import style

CLASS_WORDS = {
    "mortar_rocket": "Rockets, mortars",
    "owa_drone": "One-way drones",
    "subsonic_cm": "Cruise, subsonic",
    "supersonic_cm": "Cruise, supersonic",
    "tactical_aircraft": "Aircraft",
    "crbm": "Ballistic, close",
    "srbm": "Ballistic, short",
    "mrbm": "Ballistic, medium",
    "irbm": "Ballistic, interm.",
    "hgv": "Glide vehicles",
}
TARGET_COLOURS = {
    "aircraft": "#009e73",
    "ballistic": "#d55e00",
    "any": "#0072b2",
    "not_stated": "#4d5863",
}
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
LAYER_COLOURS = {
    "exo": "#542788",
    "upper_endo": "#0072b2",
    "long": "#56b4e9",
    "medium": "#009e73",
    "short": "#e69f00",
    "very_short": "#d55e00",
}
"""Layers that intercept, the highest first."""
LAYER_WORDS = {
    "exo": "Outside the atmosphere",
    "upper_endo": "Upper, in the atmosphere",
    "long": "Long",
    "medium": "Medium",
    "short": "Short",
    "very_short": "Very short",
    "not_applicable": "Networks and radars",
}
GAP_COLOUR = "#f4c7ab"


def name_system(name: str, width: int = 34) -> str:
    """Shorten a system's name: without brackets and, where it is long, without its second name.

    Examples
    --------
    >>> name_system("David's Sling (Stunner / SkyCeptor)")
    "David's Sling"
    """
    short = name.split(" (")[0]
    return shorten(short if len(short) <= width else short.split(" / ")[0], width, placeholder=" …")


def say_km(low: float, best: float, high: float) -> str:
    """Say a height or distance in km, with its spread where there is one.

    Examples
    --------
    >>> say_km(26, 45, 60), say_km(15, 15, 15), say_km(500, 1000, 1500)
    ('45 (26 to 60)', '15', '1,000 (500 to 1,500)')
    """
    low_text, best_text, high_text = (_digits(value) for value in (low, best, high))
    return best_text if low_text == high_text else f"{best_text} ({low_text} to {high_text})"


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def say_two_digits(number: float) -> str:
    """Say a number with two digits at least, and never as a power of ten.

    Examples
    --------
    >>> say_two_digits(0.32), say_two_digits(3.0), say_two_digits(201.4), say_two_digits(1216)
    ('0.32', '3.0', '201', '1,216')
    """
    if number == 0:
        return "0"
    return f"{number:,.{max(0, 1 - math.floor(math.log10(abs(number))))}f}"


def join_words(words: Iterable[str], most: int = 9) -> str:
    """Join words to a list in a sentence; of a long list only the beginning.

    Examples
    --------
    >>> join_words(["Iron Beam", "Skyguard", "Arrow 4"]), join_words([])
    ('Iron Beam, Skyguard and Arrow 4', 'none')
    >>> join_words("abcde", most=3)
    'a, b, c and 2 more'
    """
    listed = list(words)
    if len(listed) > most:
        listed = [*listed[:most], f"{len(listed) - most} more"]
    if len(listed) < 2:
        return listed[0] if listed else "none"
    return f"{', '.join(listed[:-1])} and {listed[-1]}"


def say_nothing_left(minimum_confidence: str) -> str:
    """Say that no rating has the confidence that was asked for."""
    return f"No rating has {minimum_confidence} confidence, so there is nothing to draw; choose a lower one."


def draw_sentence(sentence: str) -> Figure:
    """Draw a sentence where a figure would be empty."""
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 1.2))
    axes.set_axis_off()
    axes.text(0.5, 0.5, sentence, ha="center", va="center", fontsize=12, color=style.INK, transform=axes.transAxes)
    plt.close(figure)
    return figure


def tint_labels(labels: Iterable[plt.Text], listed: pd.Series) -> None:
    """Grey out the labels of what is not listed."""
    for label, is_listed in zip(labels, listed, strict=True):
        label.set(color=style.INK if is_listed else style.MUTED, style="normal" if is_listed else "italic")
