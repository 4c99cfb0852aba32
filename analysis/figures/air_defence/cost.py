"""Prices of interceptors, cost exchange beside value protected, and what moves them most."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, SymLogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import LogLocator

from analysis.air_defence.facts.choices import PRICE_BASES, THREAT_CLASSES
from analysis.figures import style
from analysis.figures.air_defence.words import CLASS_WORDS, draw_sentence, name_system, write_money
from analysis.figures.layout import readable_ink
from analysis.figures.words import write_list, write_two_digits

BASIS_COLOURS = {"domestic": "#0072b2", "export": "#009e73", "package": "#8c6bb1", "guess": "#d55e00"}
BASIS_WORDS = {
    "domestic": "paid by the maker's own state",
    "export": "paid by another state",
    "package": "package: with launchers or support",
    "guess": "guess: no contract (hollow)",
}
MILLION = 1e6
NOTHING = "No interceptor of this architecture has a published price and a rating, so there is nothing to draw."


def plot_price_by_interceptor(prices: pd.DataFrame, price_year: int) -> Figure:
    """Draw the range of published prices of each interceptor, one row for each kind of price.

    Parameters
    ----------
    prices : pandas.DataFrame
        From ``prices.price_ranges``, in the order in which rows are to stand, with a column ``name`` of the system.
    price_year : int
        Year of the dollars.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; a sentence where there is no price.
    """
    if prices.empty:
        return draw_sentence(NOTHING)
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 1.8 + 0.3 * len(prices)))
    for place, row in enumerate(prices.itertuples()):
        colour, guess = BASIS_COLOURS[row.price_basis], row.price_basis == "guess" or not row.dated
        ends = [row.low / MILLION, row.high / MILLION]
        axes.plot(ends, [place, place], color=colour, linewidth=6 if row.low < row.high else 0, alpha=0.35)
        face = "white" if guess else colour
        axes.plot(row.best / MILLION, place, "o", markersize=8, color=colour, markerfacecolor=face, markeredgewidth=1.8)
        axes.text(1.01, place, _say_claims(row), transform=axes.get_yaxis_transform(), va="center", fontsize=8)
    labels = [_say_row(row) for row in prices.itertuples()]
    axes.set(xscale="log", ylim=(len(prices) - 0.5, -0.5), xlabel=f"Million US dollars of {price_year} (log scale)")
    axes.set_yticks(range(len(prices)), labels=labels, fontsize=8)
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_title("Published prices of one interceptor, by kind of price", loc="left")
    keys = [_price_key(basis) for basis in PRICE_BASES if basis in set(prices["price_basis"])]
    figure.legend(handles=keys, loc="outside lower center", ncols=2, fontsize=9)
    plt.close(figure)
    return figure


def _price_key(basis: str) -> Artist:
    colour = BASIS_COLOURS[basis]
    face = "white" if basis == "guess" else colour
    look: dict[str, Any] = {"marker": "o", "linestyle": "none", "color": colour, "markerfacecolor": face}
    return plt.Line2D([], [], label=BASIS_WORDS[basis], markersize=8, markeredgewidth=1.8, **look)


def _say_claims(row: Any) -> str:
    if not row.dated:
        return "no year, unconfirmed"
    years = "–".join(dict.fromkeys([f"{row.first_year:.0f}", f"{row.last_year:.0f}"]))
    return f"{years}, {row.n_claims} claim{'s' * (row.n_claims > 1)}"


def describe_price(prices: pd.DataFrame, price_year: int) -> str:
    """Say what the prices show, with their numbers.

    Parameters are those of the same names in :func:`plot_price_by_interceptor`.
    """
    if prices.empty:
        return NOTHING
    low, high = prices.loc[prices["best"].idxmin()], prices.loc[prices["best"].idxmax()]
    guesses = prices[(prices["price_basis"] == "guess") | ~prices["dated"]]
    undated = prices.loc[~prices["dated"], "interceptor"]
    late = f" {write_list(undated)}: no source gives a year, so the price stands as published." if len(undated) else ""
    return (
        f"{len(prices)} prices of {prices['interceptor'].nunique()} interceptors by kind, in US dollars of "
        f"{price_year}, from {write_money(low['best'])} ({low['interceptor']}, {low['price_basis']}) to "
        f"{write_money(high['best'])} ({high['interceptor']}, {high['price_basis']}). Kinds are never mixed; "
        f"{len(guesses)} are guesses that no contract shows (hollow). The years at the right are those of the "
        f"prices.{late}"
    )


def plot_exchange_by_layer(exchange: pd.DataFrame, price_year: int, stake: float) -> Figure:
    """Draw the cost exchange ratio and, beside it, the value protected, by layer and threat class.

    Parameters
    ----------
    exchange : pandas.DataFrame
        From ``cost.exchange_by_layer``.
    price_year : int
        Year of the interceptor prices.
    stake : float
        Best value of what a leak would destroy, USD, for the title.

    Returns
    -------
    matplotlib.figure.Figure
        Closed; a sentence where there is nothing to show.
    """
    if exchange.empty:
        return draw_sentence(NOTHING)
    rows = exchange[["name", "interceptor", "price_basis", "dated"]].drop_duplicates(ignore_index=True)
    classes = [name for name in THREAT_CLASSES if name in set(exchange["threat_class"])]
    size = (style.WIDE[0] + 0.4, 2.4 + 0.38 * len(rows))
    figure, (left, right) = plt.subplots(1, 2, figsize=size, sharey=True)
    _draw_grid(left, exchange, rows, classes, "ratio", LogNorm(1 / 300, 300))
    _draw_grid(right, exchange, rows, classes, "value", SymLogNorm(1.0, vmin=-20, vmax=20))
    labels = [_say_row(row) for row in rows.itertuples()]
    left.set_yticks(range(len(rows)), labels=labels, fontsize=7.5)
    left.set_title("Cost exchange ratio: interceptors / threat", fontsize=10, pad=8)
    right.set_title(
        f"Value protected, million USD per threat\n(assumed at stake: {write_money(stake)} USD)", fontsize=10
    )
    heading = f"What an engagement costs, and what it protects (interceptor prices in dollars of {price_year})"
    figure.suptitle(heading, x=0.01, ha="left", weight="bold", fontsize=13)
    keys = [
        Patch(facecolor="#f4a582", label="left: defender spends more; right: costs more than it protects"),
        Patch(facecolor="#92c5de", label="left: attacker spends more; right: protects more than it costs"),
        Patch(
            facecolor="white", edgecolor=style.MUTED, hatch="///", label="hatched edge: price is a guess or has no year"
        ),
    ]
    figure.legend(handles=keys, loc="outside lower center", ncols=2, fontsize=8)
    plt.close(figure)
    return figure


def _say_row(row: Any) -> str:
    kind = row.price_basis + ("" if row.dated else ", no year")
    return f"{name_system(row.name)}\n{kind if row.interceptor in row.name else f'{row.interceptor}, {kind}'}"


def _draw_grid(
    axes: Axes, exchange: pd.DataFrame, rows: pd.DataFrame, classes: list[str], number: str, norm: Any
) -> None:
    places = {(row.interceptor, row.price_basis, row.dated): place for place, row in enumerate(rows.itertuples())}
    colours = plt.get_cmap("RdBu" if number == "value" else "RdBu_r")
    size = MILLION if number == "value" else 1.0
    for row in exchange.to_dict("records"):
        place = places[(row["interceptor"], row["price_basis"], row["dated"])]
        low, best, high = (row[f"{number}_{end}"] / size for end in ("low", "best", "high"))
        shade = 0.5 + (float(norm(best)) - 0.5) * 0.75
        face = colours(round(min(max(shade, 0.14), 0.86) * 7) / 7)  # seven steps: a hue more or less says nothing
        corner = classes.index(row["threat_class"]) - 0.5, place - 0.5
        guess = row["price_basis"] == "guess" or not row["dated"]
        axes.add_patch(Rectangle(corner, 1, 1, facecolor=face, edgecolor="white", linewidth=1))
        if guess:
            axes.add_patch(
                Rectangle(corner, 0.1, 1, facecolor="white", edgecolor=style.MUTED, hatch="////", linewidth=0)
            )
        ink = readable_ink("#{:02x}{:02x}{:02x}".format(*(int(255 * part) for part in face[:3])))
        centre = corner[0] + 0.5
        words: dict[str, Any] = {"ha": "center", "va": "center", "color": ink}
        lift = 0.15 if number == "ratio" else 0.0
        axes.text(centre, place - lift, _short(best), fontsize=8.5, weight="bold", **words)
        if number == "ratio":
            axes.text(centre, place + 0.26, f"{_shorter(low)}–{_shorter(high)}", fontsize=6.2, **words)
    axes.set(xlim=(-0.5, len(classes) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    axes.set_xticks(range(len(classes)), labels=[CLASS_WORDS[name] for name in classes], rotation=90, fontsize=8)
    axes.tick_params(length=0)
    axes.grid(visible=False)


def _short(value: float) -> str:
    """Say a number in as few letters as two digits take."""
    digits = 0 if abs(value) >= 9.95 else 1 if abs(value) >= 0.995 else 2
    text = f"{value:.{digits}f}".replace("-", "−") if abs(value) >= 0.005 or value == 0 else "<.01"
    return text.replace("0.", ".", 1) if digits == 2 else text


def _shorter(value: float) -> str:
    """Say a number in one digit less, for the ends of a range; k stands for a thousand."""
    if abs(value) >= 1000:
        return f"{value / 1000:.1f}k".replace("-", "−")
    return f"{value:.0f}".replace("-", "−") if abs(value) >= 2 else _short(round(value, 1) if value < 0 else value)


def describe_exchange(exchange: pd.DataFrame, price_year: int, stake: float) -> str:
    """Say what the exchange ratios and the values protected show, with their numbers.

    Parameters are those of the same names in :func:`plot_exchange_by_layer`.
    """
    if exchange.empty:
        return NOTHING
    dear = exchange.loc[exchange["ratio_best"].idxmax()]
    above, below = exchange["ratio_low"] > 1, exchange["ratio_high"] < 1
    paying = exchange["value_best"] > 0
    crossing = (exchange["value_low"] < 0) & (exchange["value_high"] > 0)
    pair = f"{dear['interceptor']} ({dear['price_basis']}) against {THREAT_CLASSES[dear['threat_class']].lower()}"
    return (
        f"Of {len(exchange)} pairs of a price and a threat class, the defender spends more in {int(above.sum())} at "
        f"any value of the ranges and less in {int(below.sum())}; in {int((~above & ~below).sum())} the ranges leave "
        f"it open. The dearest is {pair}: {dear['ratio_best']:,.0f} to 1 ({dear['ratio_low']:,.0f} to "
        f"{dear['ratio_high']:,.0f}). With {write_money(stake)} USD at stake, {int(paying.sum())} pairs protect more "
        f"than they cost at the best values; that number follows from the assumed stake. Interceptor prices are in "
        f"dollars of {price_year}, threat prices as published, without a year. Small figures are low to high; "
        f"the values protected run from {write_money(exchange['value_low'].min())} to "
        f"{write_money(exchange['value_high'].max())} USD over all pairs and ranges, in "
        f"{int(crossing.sum())} of {len(exchange)} pairs through zero."
    )


def plot_swing_by_input(ratio: pd.DataFrame, value: pd.DataFrame, title: str) -> Figure:
    """Draw how far the exchange ratio and the value protected move with each input, the others at their best values.

    Parameters
    ----------
    ratio, value : pandas.DataFrame
        From ``cost.swing_by_input``, for the ratio and for the value protected (USD).
    title : str
        Which layer, class and kind of price.

    Returns
    -------
    matplotlib.figure.Figure
        Closed.
    """
    figure, panels = plt.subplots(1, 2, figsize=(style.WIDE[0], 3.2))
    for axes, table, size in zip(panels, (ratio, value), (1.0, MILLION), strict=True):
        for place, row in enumerate(table.itertuples()):
            for end, colour in ((row.at_low, "#92c5de"), (row.at_high, "#f4a582")):
                axes.barh(place, (end - row.at_best) / size, left=row.at_best / size, height=0.6, color=colour)
        axes.axvline(table["at_best"].iloc[0] / size, color=style.INK, linewidth=1.2)
        axes.set_yticks(range(len(table)), labels=table["input"])
        axes.invert_yaxis()
    panels[0].set(xlabel="Cost exchange ratio")
    panels[1].set(xlabel="Value protected, million USD per threat")
    panels[1].xaxis.set_major_formatter(lambda number, _: f"{number:g}".replace("-", "−"))
    figure.suptitle(title, x=0.01, ha="left", weight="bold", fontsize=13)
    keys = [
        Patch(facecolor="#92c5de", label="input at its low end"),
        Patch(facecolor="#f4a582", label="input at its high end"),
        plt.Line2D([], [], color=style.INK, label="all at their best values"),
    ]
    figure.legend(handles=keys, loc="outside lower center", ncols=3, fontsize=9)
    plt.close(figure)
    return figure


def describe_swing(ratio: pd.DataFrame, value: pd.DataFrame, bands: pd.DataFrame) -> str:
    """Say which input moves the results most, and how wide the results are when all move at once.

    Parameters
    ----------
    ratio, value : pandas.DataFrame
        As in :func:`plot_swing_by_input`.
    bands : pandas.DataFrame
        Quantiles 0.05, 0.5 and 0.95 (the index) of ``ratio`` and ``value`` over draws of all inputs.
    """
    first, second = ratio.iloc[0], value.iloc[0]
    low, middle, high = (bands["ratio"][share] for share in (0.05, 0.5, 0.95))
    ends = first["at_low"], first["at_high"]
    least, median, most = (bands["value"][share] for share in (0.05, 0.5, 0.95))
    return (
        f"The ratio is {write_two_digits(first['at_best'])} at the best values and moves most with the "
        f"{first['input']} ({write_two_digits(min(ends))} to {write_two_digits(max(ends))}); value "
        f"protected is {write_money(second['at_best'])} USD and moves most with the {second['input']}. When all inputs "
        f"are drawn at once, nine draws of ten give a ratio from {write_two_digits(low)} to {write_two_digits(high)} "
        f"(median {write_two_digits(middle)}) and a "
        f"value from {write_money(least)} to {write_money(most)} USD (median {write_money(median)})."
    )
