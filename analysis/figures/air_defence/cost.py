"""Prices of interceptors, cost exchange beside value protected, what moves them, and stocks before and after raids."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from analysis.air_defence.facts.choices import BUYERS, THREAT_CLASSES
from analysis.figures import captions, grammar, style
from analysis.figures.air_defence.words import CLASS_WORDS, END_WORDS, name_system, write_money, write_ranges
from analysis.figures.words import CLAIM, YES, cite, write_plural, write_tenths, write_two_digits

MILLION = 1e6
BASIS_WORDS = {
    "domestic": "paid by the maker's own state",
    "export": "paid by another state",
    "package": "package: with launchers or support",
    "guess": "guess: no contract (hollow)",
}
UNITS = {"threat price": "USD, no year", "kill probability": "chance for a shot"} | dict.fromkeys(
    ("interceptor price", "value at stake"), "USD"
)
# Where one of the six shades of a cell ends and the next begins; a hue more or less would say nothing.
RATIO_STEPS = (1 / 77, 1 / 8.8, 1, 8.8, 77)
VALUE_STEPS = (-5.3, -0.83, 0, 0.83, 5.3)  # million USD
HATCH_WIDTH = 0.1  # of a cell
HATCHED: dict[str, Any] = {"facecolor": "white", "edgecolor": style.MUTED}
STOCK_WORDS = {
    "exist": "exist or on order (published or open estimate)",
    "in_place": "ready rounds, in place or due",
    "left": "left of these after the raid",
}
STOCK_MARKS = {"exist": "o", "in_place": "s", "left": "v"}
OUTPUT_WORDS = {"own": "own make", "shared": "made for several states"}
OWNER_WORDS = {
    "own": "the maker's own state",
    "shared": "all customers of the maker",
    "us_purchases": "US purchases",
}
NEARLY_EMPTY = 0.05  # share of the rounds in place, below which nearly nothing is left


def plot_price_by_interceptor(prices: pd.DataFrame, price_year: int) -> Figure:
    """Draw the range of published prices of each interceptor, a row for each kind of price (``cost.list_prices``).

    What no contract shows, and what has no year, is hollow.
    """
    if prices.empty:
        return grammar.plot_nothing(captions.say("cost.nothing", {}))
    rows = prices.assign(place=range(len(prices)), hollow=_is_guess(prices))
    rows[["low", "best", "high"]] /= MILLION
    colours, title = style.PRICE_COLOURS, "Published prices of one interceptor, by kind of price"
    with grammar.drawing(title, len(rows), frame=1.8) as (figure, axes):
        grammar.draw_ranges(axes, rows, "low", "high", colours, "price_basis", linewidth=6, alpha=0.35)
        grammar.draw_dots(axes, rows, "best", colours, "price_basis", hollow="hollow", size=95)
        grammar.write_beside(axes, [_write_claims(row) for row in rows.itertuples()], 8)
        grammar.name_rows(axes, [_name_row(row) for row in rows.itertuples()], 8, led=True)
        axes.set(xscale="log", xlabel=f"Million US dollars of {price_year} (log scale)")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.xaxis.set_minor_formatter(NullFormatter())
        faces = colours | {"guess": "white"}
        look: dict[str, Any] = {"marker": "o", "color": colours, "markerfacecolor": faces, "markeredgewidth": 1.6}
        grammar.put_legend(figure, grammar.keys_of(BASIS_WORDS, prices["price_basis"], **look), 2)
    return figure


def _is_guess(prices: pd.DataFrame) -> pd.Series:
    return prices["price_basis"].eq("guess") | ~prices["dated"].astype("bool")


def _write_claims(row: Any) -> str:
    if not row.dated:
        return "no year, unconfirmed"
    years = "–".join(dict.fromkeys([f"{row.first_year:.0f}", f"{row.last_year:.0f}"]))
    return f"{years}, {write_plural(row.n_claims, 'claim')}"


def _name_kind(price_basis: str, buyer: str) -> str:
    """Name a kind of price, with the state that pays where the kind does not say which."""
    return f"{price_basis}, {BUYERS.get(buyer, buyer)}" if buyer and price_basis != "domestic" else price_basis


def _name_row(row: Any) -> str:
    kind = _name_kind(row.price_basis, row.buyer) + ("" if row.dated else ", no year")
    return f"{name_system(row.name)}\n{kind if row.interceptor in row.name else f'{row.interceptor}, {kind}'}"


def plot_exchange_by_layer(exchange: pd.DataFrame, price_year: int, stake: float) -> Figure:
    """Draw the cost exchange ratio and, beside it, the value protected, by layer and threat class.

    ``exchange`` is that of ``cost.exchange_by_layer``, ``stake`` the best value of what a leak would destroy, USD.
    """
    if exchange.empty:
        return grammar.plot_nothing(captions.say("cost.nothing", {}))
    rows = len(exchange[["name", "interceptor", "price_basis", "buyer", "dated"]].drop_duplicates())
    title = f"What an engagement costs and what it protects (interceptor prices in dollars of {price_year})"
    size, shades = (style.WIDE[0] + 0.4, 2.4 + 0.38 * rows), style.LOSS_TO_GAIN
    with grammar.drawing(title, ncols=2, figsize=size, sharey=True) as (figure, (left, right)):
        _draw_numbers(left, exchange, exchange["ratio_best"], RATIO_STEPS, shades[::-1])
        _draw_numbers(right, exchange, exchange["value_best"] / MILLION, VALUE_STEPS, shades)
        _write_spans(left, exchange)
        left.set_title("Cost exchange ratio: interceptors / threat", fontsize=10, pad=8)
        stakes = f"(assumed at stake: {write_money(stake)} USD)"
        right.set_title(f"Value protected, million USD per threat\n{stakes}", fontsize=10)
        keys = [
            grammar.key("left: defender spends more; right: costs more than it protects", color=shades[1]),
            grammar.key("left: attacker spends more; right: protects more than it costs", color=shades[-2]),
            grammar.key("hatched edge: price is a guess or has no year", hatch="///", **HATCHED),
        ]
        grammar.put_legend(figure, keys, 2, fontsize=8.5)
    return figure


def _draw_numbers(axes: Axes, exchange: pd.DataFrame, values: pd.Series, steps: Sequence[float],
                  shades: Sequence[str]) -> None:  # fmt: skip
    """Draw a cell for each price and class: its number, its shade, and a hatched edge where the price is a guess."""
    look: dict[str, Any] = {"cmap": list(shades), "norm": BoundaryNorm(steps, len(shades), extend="both")}
    texts = _lay_out(exchange, values.map(_write_short))
    grammar.draw_cells(axes, _lay_out(exchange, values), texts, annot_kws={"fontsize": 8.5, "weight": "bold"}, **look)
    places, columns = np.nonzero(_lay_out(exchange, _is_guess(exchange)).eq(True))
    axes.barh(places + 0.5, HATCH_WIDTH, 1, columns, hatch="////", linewidth=0, **HATCHED)
    axes.tick_params(axis="x", labelrotation=90, labelsize=8)
    axes.tick_params(axis="y", labelsize=8)


def _write_spans(axes: Axes, exchange: pd.DataFrame) -> None:
    """Write the ends of each ratio's range small beneath its number."""
    ends = exchange[["ratio_low", "ratio_high"]].map(_write_shorter)
    spans = _lay_out(exchange, ends["ratio_low"] + "–" + ends["ratio_high"])
    for number, span in zip(tuple(axes.texts), spans.to_numpy()[spans.notna()], strict=True):
        number.set_verticalalignment("bottom")
        axes.text(*number.get_position(), span, ha="center", va="top", fontsize=6.5, color=number.get_color())


def _lay_out(exchange: pd.DataFrame, cells: pd.Series) -> pd.DataFrame:
    """Put cells in a row for each price, in the order of the frame, and a column for each class."""
    label = pd.Series([_name_row(row) for row in exchange.itertuples()], exchange.index)
    wide = exchange.assign(label=label, cell=cells).pivot(index="label", columns="threat_class", values="cell")
    wide = wide.reindex(index=label.unique(), columns=[name for name in THREAT_CLASSES if name in wide])
    return wide.rename(columns=CLASS_WORDS)


def _write_short(value: float) -> str:
    """Write a number in as few letters as two digits take."""
    digits = 0 if abs(value) >= 9.95 else 1 if abs(value) >= 0.995 else 2
    text = f"{value:.{digits}f}".replace("-", "−") if abs(value) >= 0.005 or value == 0 else "<.01"
    return text.replace("0.", ".", 1) if digits == 2 else text


def _write_shorter(value: float) -> str:
    """Write a number in one digit less, for the ends of a range; k stands for a thousand."""
    if abs(value) >= 1000:
        return f"{value / 1000:.1f}k".replace("-", "−")
    if abs(value) >= 2:
        return f"{value:.0f}".replace("-", "−")
    return _write_short(round(value, 1) if value < 0 else value)


def plot_swing_by_input(ratio: pd.DataFrame, value: pd.DataFrame, title: str) -> Figure:
    """Draw how far the exchange ratio and the value protected (USD) move with each input, the others at their best.

    ``ratio`` and ``value`` are those of ``cost.swing_by_input``: ``input, at_low, at_high, at_best``.
    """
    if ratio.empty:
        return grammar.plot_nothing(captions.say("cost.no_pair", {}), title)
    with grammar.drawing(title, ncols=2, figsize=(style.WIDE[0], 3.2)) as (figure, panels):
        for axes, table, size in zip(panels, (ratio, value), (1.0, MILLION), strict=True):
            best = table["at_best"].iloc[0] / size
            ends = table.melt("input", list(END_WORDS), var_name="end", value_name="result")
            sns.barplot(ends.assign(move=ends["result"] / size - best), x="move", y="input", hue="end", left=best,
                        palette=style.END_COLOURS, dodge=False, width=0.6, saturation=1, linewidth=0, legend=False,
                        ax=axes)  # fmt: skip
            axes.axvline(best, color=style.INK, linewidth=1.2)
            axes.set(xlabel="Cost exchange ratio", ylabel="")
        panels[1].set(xlabel="Value protected, million USD per threat")
        panels[1].xaxis.set_major_formatter(lambda number, _: f"{number:g}".replace("-", "−"))
        keys = grammar.keys_of(END_WORDS, END_WORDS, color=style.END_COLOURS)
        grammar.put_legend(figure, [*keys, grammar.key("all at their best values", color=style.INK, linewidth=1.2)])
    return figure


def plot_spent_by_system(stock: pd.DataFrame, months: pd.DataFrame) -> Figure:
    """Draw which part of each system's rounds a raid spends, and write how long it takes to make them again.

    ``stock`` is that of ``stocks.stock_after_raid``, ``months`` that of ``stocks.months_to_restock``.
    """
    if stock.empty:
        return grammar.plot_nothing(captions.say("cost.no_layer", {}))
    ready = stock["in_place"].where(stock["in_place"] > 0)
    rows = stock.assign(place=range(len(stock)), share=(stock["spent"] / ready).fillna(0.0))
    again = stock["system_id"].map(months.set_index("system_id")["months_best"])
    made = again.map("{:.1f} months to make".format).where(again.notna(), "no yearly output published")
    said = stock["spent"].map("{:,.0f}".format) + " of " + stock["in_place"].map("{:,.0f}".format) + "; " + made
    with grammar.drawing("Ready rounds, in place or due, that are spent", len(rows), 0.5, 1.0, wide=style.NARROW) as (
        figure,
        axes,
    ):
        grammar.draw_parts(axes, rows, "share", style.STOCK_COLOURS["left"], 0.3)
        grammar.write_rows(axes, stock["name"].map(name_system), 0, -0.36)
        grammar.write_rows(axes, said, 1, -0.36, 9, color=style.MUTED, ha="right")
        axes.set_yticks([])
        axes.set(xlim=(0, 1.01), ylim=(len(rows) - 0.7, -0.7), xlabel="Share of the ready rounds, in place or due")
        axes.grid(visible=False)
    return figure


def plot_stock_by_system(stock: pd.DataFrame, months: pd.DataFrame) -> Figure:
    """Draw the rounds of each system before and after a raid, and beside it the months to make them again.

    ``stock`` is that of ``stocks.stock_after_raid``, ``months`` that of ``stocks.months_to_restock``.
    """
    if stock.empty:
        return grammar.plot_nothing(captions.say("cost.no_layer", {}))
    most, assumed = stock["exist"].fillna(stock["in_place"]), ~stock["confirmed"].astype("bool")
    rows = stock.assign(place=range(len(stock)), most=most, assumed=assumed)
    panels: dict[str, Any] = {"ncols": 2, "sharey": True, "width_ratios": [3, 2]}
    with grammar.drawing("", len(rows), 0.38, 2.1, **panels) as (figure, (left, right)):
        grammar.draw_ranges(left, rows, "left", "most", style.GRID, linewidth=2, zorder=1)
        for name, mark in STOCK_MARKS.items():
            hollow: Any = True if name == "exist" else "assumed"
            grammar.draw_dots(left, rows, name, style.STOCK_COLOURS[name], marker=mark, hollow=hollow, size=80)
        left.set_xscale("symlog", linthresh=10)
        left.xaxis.set_major_formatter(grammar.COUNT)
        left.set(xlim=(-1, None), xlabel="Rounds (log scale above 10)")
        left.set_title("Rounds before and after the raid", fontsize=11)
        _draw_months(right, months)
        grammar.name_rows(left, [name_system(name) for name in stock["name"]])
        grammar.put_legend(figure, _stock_keys(), 2, fontsize=8.5)
    return figure


def _draw_months(axes: Axes, months: pd.DataFrame) -> None:
    rows = months.assign(place=range(len(months)))
    made, colour = rows.dropna(subset="output"), style.OUTPUT_COLOUR
    grammar.draw_ranges(axes, made, "months_low", "months_high", colour, linewidth=5, alpha=0.35)
    grammar.draw_dots(axes, made, "months_best", colour, hollow=True, size=80)
    grammar.draw_dots(axes, made, "whole_line", style.INK, marker="|", size=180, linewidth=2)
    for row in rows.itertuples():
        known = pd.notna(row.output)
        words = f"{row.output:,.0f} a year, {OUTPUT_WORDS[row.whose]}" if known else "no yearly output is published"
        look: dict[str, Any] = {"fontsize": 7.5} if known else {"fontsize": 8.5, "color": style.MUTED}
        place = row.place - 0.34 if known else row.place  # above the range
        axes.text(0.03, place, words, transform=axes.get_yaxis_transform(), va="center", **look)
    axes.set(xlim=(0, None), xlabel="Months")
    axes.grid(visible=False, axis="y")
    axes.set_title("Months to make them again", fontsize=11)


def _stock_keys() -> list:
    colours = style.STOCK_COLOURS
    faces = colours | {"exist": "white"}
    share: dict[str, Any] = {"marker": "o", "linestyle": "-", "color": style.OUTPUT_COLOUR}
    return [
        *grammar.keys_of(STOCK_WORDS, STOCK_WORDS, marker=STOCK_MARKS, color=colours, markerfacecolor=faces),
        grammar.key("hollow: launchers or rounds are assumed", marker="s", color=style.MUTED, markerfacecolor="white"),
        grammar.key("months, if the whole output came here", marker="|", markersize=11),
        grammar.key("months, with an assumed share of it", markerfacecolor="white", **share),
    ]


def plot_leakers_by_raid(raids: pd.DataFrame) -> Figure:
    """Draw the leakers of a raid, and of the same raid again on what is left (``stocks.raid_table``)."""
    upper, lower = (raids.assign(place=np.arange(len(raids)) + lift) for lift in (-0.14, 0.14))
    luck, unknown = style.LUCK, style.NOT_KNOWN
    with grammar.drawing("A second raid on what the first one leaves", len(raids), 0.6, 1.4) as (figure, axes):
        grammar.draw_ranges(axes, upper, "q05", "q95", luck, linewidth=8, alpha=0.4)
        grammar.draw_ranges(axes, lower, "low", "high", unknown, linewidth=8, alpha=0.4)
        grammar.draw_dots(axes, upper, "mean", luck, size=80)
        grammar.draw_dots(axes, lower, "average", unknown, hollow=True, marker="D", size=50)
        grammar.name_rows(axes, list(raids["raid"]), 10)
        axes.set(xlim=(0, None), xlabel=f"Threats that leak, of {raids['threats'].iloc[0]}")
        unknown_words = "what is not known: mean over the draws, and 9 of 10 of them"
        look: dict[str, Any] = {"linestyle": "-", "alpha": 0.8}
        keys = [
            grammar.key("luck at the best values: mean, 9 of 10 raids", marker="o", color=luck, **look),
            grammar.key(unknown_words, marker="D", color=unknown, markerfacecolor="white", **look),
        ]
        grammar.put_legend(figure, keys, 2, fontsize=9)
    return figure


def table_of_prices(prices: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out the prices behind the figure (``cost.list_prices``), as published and in the dollars of one year."""
    years = [
        "not given" if pd.isna(first) else f"{first:.0f}" if first == last else f"{first:.0f} to {last:.0f}"
        for first, last in prices[["first_year", "last_year"]].itertuples(index=False)
    ]
    return grammar.head_rows({
        "Interceptor": _name_interceptors(prices),
        "Kind of price": [_name_kind(row.price_basis, row.buyer) for row in prices.itertuples()],
        "As published, million USD": write_ranges(prices, "published_low", "published_high", MILLION),
        "Years of the prices": years,
        "In dollars of one year, million": write_ranges(prices, "low", "high", MILLION),
        "Median": (prices["best"] / MILLION).map("{:.3g}".format),
        "Claims": prices["n_claims"],
        "Confidence": prices["confidence"],
        "Sources": _cite_all(prices["source_ids"], sources),
        CLAIM: prices["claim_ids"],
    })  # fmt: skip


def _name_interceptors(rows: pd.DataFrame) -> pd.Series:
    """Name each interceptor with its system, as figures do, where its own name does not say it."""
    names = [
        row.interceptor if row.interceptor in row.name else f"{name_system(row.name)} ({row.interceptor})"
        for row in rows[["name", "interceptor"]].itertuples(index=False)
    ]
    return pd.Series(names, rows.index, dtype="str")


def _cite_all(source_ids: pd.Series, sources: pd.DataFrame) -> list[str]:
    return [cite(sources, *several.split(";")) for several in source_ids]


def table_of_rates(rates: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out the exchange rates and price indices (``air_defence/rates``) by year, with where they come from."""
    origin = [cite(sources, row.source_id) or f"assumed: {row.note}" for row in rates.itertuples()]
    written = rates.assign(value=rates["value"].map("{:g}".format), origin=origin)
    wide = written.pivot(index="year", columns="unit", values=["value", "origin"])
    wide.columns = [unit if kind == "value" else f"source of {unit}" for kind, unit in wide.columns]
    return wide.fillna("").rename_axis(index=None, columns="Year")


def table_of_pays(exchange: pd.DataFrame) -> pd.DataFrame:
    """Lay out above which value at stake an engagement pays, in million USD (``cost.exchange_by_layer``)."""
    kinds = [_name_kind(row.price_basis, row.buyer) for row in exchange.itertuples()]
    label = _name_interceptors(exchange) + ", " + pd.Series(kinds, exchange.index, dtype="str")
    label += exchange["dated"].map({True: "", False: " (no year)"})
    rows = exchange.assign(label=label, written=(exchange["pays_above"] / MILLION).map(write_two_digits))
    table = rows.pivot(index="label", columns="threat_class", values="written").reindex(label.drop_duplicates())
    table = table[[name for name in THREAT_CLASSES if name in table]].fillna("").rename_axis(index=None)
    heads = [CLASS_WORDS[name].replace(",", "").partition(" ")[::2] for name in table]
    return table.set_axis(pd.MultiIndex.from_tuples(heads, names=["Pays above,", "million USD"]), axis=1)


def table_of_inputs(ranges: pd.DataFrame, shares: pd.Series) -> pd.DataFrame:
    """Lay out the inputs of one engagement (``cost.Pair``) with the share of variance that each answers for."""
    table = ranges[["low", "best", "high"]].map(lambda value: f"{value:,.3g}" if value < 10 else f"{value:,.0f}")
    table["unit"] = ranges.index.map(UNITS)
    table["assumed"] = ranges["assumed"].map(YES)
    table["share of variance"] = [f"{100 * max(share, 0):.0f} %" for share in shares]
    return table.assign(why=ranges["why"]).rename_axis(index=None, columns="Input")


def table_of_outputs(outputs: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out the published rounds a year, and whose they are (``stocks.yearly_outputs``)."""
    return grammar.head_rows({
        "Interceptor": outputs["interceptor"],
        "Rounds a year": outputs["best"].map("{:,.0f}".format),
        "Lowest to highest": write_ranges(outputs, "low", "high", form=",.0f"),
        "For whom": outputs["whose"].map(OWNER_WORDS),
        "Confidence": outputs["confidence"],
        "Sources": _cite_all(outputs["source_ids"], sources),
        CLAIM: outputs["claim_ids"],
    })  # fmt: skip


def table_of_numbers(numbers: Mapping[str, float]) -> pd.DataFrame:
    """Lay out numbers under their names, with two digits after the point."""
    return pd.DataFrame({"Value": {name: f"{value:,.2f}" for name, value in numbers.items()}})


def facts_of_prices(prices: pd.DataFrame, price_year: int) -> dict[str, Any]:
    """Facts of ``cost.prices``: how many, the lowest and the highest, and which are guesses or have no year."""
    undated = prices.loc[~prices["dated"].astype("bool"), "interceptor"]
    lowest = prices.sort_values("best", kind="stable").head(1)
    highest = prices.sort_values("best", ascending=False, kind="stable").head(1)
    return {"number": len(prices), "interceptors": prices["interceptor"].nunique(), "price_year": price_year,
            "guesses": int(_is_guess(prices).sum()), "undated": list(undated),
            "lowest": lowest.to_dict("records"), "highest": highest.to_dict("records")}  # fmt: skip


def facts_of_exchange(exchange: pd.DataFrame, price_year: int, stake: float) -> dict[str, Any]:
    """Facts of ``cost.exchange``: in how many pairs who spends more, the dearest pair, and what is protected."""
    above, below = exchange["ratio_low"] > 1, exchange["ratio_high"] < 1
    crossing = (exchange["value_low"] < 0) & (exchange["value_high"] > 0)
    named = exchange.assign(threat=exchange["threat_class"].map(lambda code: THREAT_CLASSES[code].lower()))
    rows = {"above": above, "below": below, "open": ~above & ~below, "crossing": crossing}
    rows["paying"] = exchange["value_best"] > 0
    numbers = {name: int(some.sum()) for name, some in rows.items()}
    dearest = named.sort_values("ratio_best", ascending=False, kind="stable").head(1)
    return numbers | {"number": len(exchange), "price_year": price_year, "stake": stake,
                      "dearest": dearest.to_dict("records"),
                      "least": exchange["value_low"].min(), "most": exchange["value_high"].max()}  # fmt: skip


def facts_of_swings(
    ratio: pd.DataFrame, value: pd.DataFrame, bands: pd.DataFrame, ranges: pd.DataFrame
) -> dict[str, Any]:
    """Facts of ``cost.swings``: which input moves each result most, and how wide all inputs together make them.

    ``bands`` holds three quantiles (the index: low, median and high) of ``ratio`` and ``value``; ``ranges`` is that of
    ``cost.Pair``, which holds the kill probability that is taken.
    """
    if ratio.empty:
        return {"ratio": None}
    least, most = bands.index[[0, -1]]
    return {"ratio": ratio.iloc[0], "value": value.iloc[0], "tenths": write_tenths(most - least),
            "ratios": list(bands["ratio"]), "values": list(bands["value"]),
            "kill": ranges["best"]["kill probability"]}  # fmt: skip


def facts_of_stock(stock: pd.DataFrame, months: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``cost.stock``: what the raid spends, of which system most, and how long it takes to make it again."""
    made = months.dropna(subset="output")
    empty = stock.loc[stock["left"] < NEARLY_EMPTY * stock["in_place"], "name"]
    most = stock.sort_values("spent", ascending=False, kind="stable").head(1).to_dict("records")
    share = most[0]["spent"] / stock["spent"].sum() if most and most[0]["spent"] else 0.0
    return {"rows": stock, "most": most, "share_of_most": share, "empty": list(empty),
            "shown_spent": stock["spent"].round().sum(),
            "fewer": stock[stock["exist"] > stock["in_place"]].to_dict("records"),
            "made": made.assign(whose=made["whose"].map(OUTPUT_WORDS)).to_dict("records")}  # fmt: skip


def facts_of_raids(raids: pd.DataFrame, inputs: str, draws: int) -> dict[str, Any]:
    """Facts of ``cost.raids``: the leakers of each raid, over how many ``draws``.

    ``inputs`` are fitted (calibrated) or assumed.
    """
    return {"rows": raids, "fitted": inputs == "calibrated", "same": _is_same(raids), "draws": draws}


def _is_same(raids: pd.DataFrame) -> bool:
    """Whether a second raid lets through what the first one does, within a fiftieth of it."""
    first, *later = raids["average"]
    return all(abs(one - first) <= 0.02 * max(first, 1.0) for one in later)


def facts_in_short(
    pair: tuple[str, pd.DataFrame, tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]],
    stages: dict[str, Any],
    stock: tuple[pd.DataFrame, pd.DataFrame],
    inputs: str,
    fire: tuple[int, str],
    price_year: int,
    of_these_data: bool = True,
) -> dict[str, Any]:
    """Facts of ``cost.in_short``: what an interception costs, what is paid for, when magazines are full again.

    ``pair`` is title, ranges and swings of ``cost.Pair``; ``stages`` the facts of ``programme.stages``; ``stock`` what
    :func:`facts_of_stock` takes; ``inputs`` that of :func:`facts_of_raids`; ``fire`` shots and doctrine;
    ``price_year`` that of the dollars; ``of_these_data`` tells whether what inputs are fitted to still
    stands so in the tables.
    """
    title, ranges, (ratio, _, bands) = pair
    shots, doctrine = fire
    enacted = [row for row in stages["steps"].to_dict("records") if row["stage"] == "enacted"]
    return {
        "pair": title,
        "price": ranges["best"].get("interceptor price"),
        "price_year": price_year,
        "threat": ranges["best"].get("threat price"),
        "ratio": None if ratio.empty else ratio["at_best"].iloc[0],
        "ratios": list(bands["ratio"]),
        "mover": None if ratio.empty else ratio.iloc[0].to_dict(),
        "enacted": enacted,
        "shots": shots,
        "looks": doctrine != "barrage",
        **{name: stages[name] for name in ("contracts", "delivered")},
        **facts_of_stock(*stock),
        "fitted": inputs == "calibrated",
        "of_these_data": of_these_data,
    }
