"""The tables of costs and stocks in words: prices, rates, inputs, acts, arrivals and key numbers."""

from collections.abc import Mapping

import pandas as pd

from analysis.air_defence.facts.choices import STAGES, THREAT_CLASSES
from analysis.figures.air_defence.programme import BOUND_SIGNS, say_date
from analysis.figures.air_defence.words import CLASS_WORDS, name_system
from analysis.figures.words import write_two_digits

BILLION, MILLION = 1e9, 1e6
UNITS = {"threat price": "USD, no year", "kill probability": "chance for a shot"} | dict.fromkeys(
    ("interceptor price", "value at stake"), "USD"
)
FROM = {
    "published": "{}",
    "converted": "≈ {}",
    "converted at an assumed rate": "≈ {} (assumed rate)",
    "unconfirmed": "{} (seen in no source)",
}
"""How a sum in dollars is shown, by where it comes from."""


def table_of_prices(prices: pd.DataFrame) -> pd.DataFrame:
    """Lay out the prices behind the figure, as published and in the dollars of one year.

    Parameters
    ----------
    prices : pandas.DataFrame
        From ``cost.list_prices``.
    """
    years = [
        "not given" if pd.isna(first) else f"{first:.0f}" if first == last else f"{first:.0f} to {last:.0f}"
        for first, last in prices[["first_year", "last_year"]].itertuples(index=False)
    ]
    table = {
        "Interceptor": prices["interceptor"],
        "Kind of price": prices["price_basis"],
        "As published, million USD": _spans(prices["published_low"], prices["published_high"]),
        "Years of the prices": years,
        "In dollars of one year, million": _spans(prices["low"], prices["high"]),
        "Median": (prices["best"] / MILLION).map("{:.3g}".format),
        "Claims": prices["n_claims"],
        "Confidence": prices["confidence"],
        "Sources": prices["source_ids"].str.replace(";", ", "),
    }
    return pd.DataFrame(table).set_index("Interceptor").rename_axis(index=None, columns="Interceptor")


def _spans(low: pd.Series, high: pd.Series) -> list[str]:
    pairs = zip(low / MILLION, high / MILLION, strict=True)
    return [f"{least:.3g}" if least == most else f"{least:.3g} to {most:.3g}" for least, most in pairs]


def table_of_rates(rates: pd.DataFrame) -> pd.DataFrame:
    """Lay out the exchange rates and price indices by year, with where they come from.

    Parameters
    ----------
    rates : pandas.DataFrame
        Table ``air_defence/rates``.
    """
    origin = rates["source_id"].fillna("assumed: " + rates["note"])
    said = rates.assign(value=rates["value"].map("{:g}".format), origin=origin)
    wide = said.pivot(index="year", columns="unit", values=["value", "origin"])
    wide.columns = [unit if kind == "value" else f"source of {unit}" for kind, unit in wide.columns]
    return wide.fillna("").rename_axis(index=None, columns="Year")


def table_of_pays(exchange: pd.DataFrame) -> pd.DataFrame:
    """Lay out above which value at stake an engagement pays, in million USD, by price and threat class.

    Parameters
    ----------
    exchange : pandas.DataFrame
        From ``cost.exchange_by_layer``.
    """
    label = exchange["interceptor"] + ", " + exchange["price_basis"]
    label += exchange["dated"].map({True: "", False: " (no year)"})
    rows = exchange.assign(label=label, said=(exchange["pays_above"] / MILLION).map(write_two_digits))
    table = rows.pivot(index="label", columns="threat_class", values="said").reindex(label.drop_duplicates())
    table = table[[name for name in THREAT_CLASSES if name in table]].fillna("").rename_axis(index=None)
    heads = [CLASS_WORDS[name].replace(",", "").partition(" ")[::2] for name in table]
    return table.set_axis(pd.MultiIndex.from_tuples(heads, names=["Pays above,", "million USD"]), axis=1)


def table_of_inputs(ranges: pd.DataFrame, shares: pd.Series) -> pd.DataFrame:
    """Lay out the inputs of one engagement with the share of the variance that each answers for.

    Parameters
    ----------
    ranges, shares
        As in ``cost.Pair``.
    """
    said = ranges[["low", "best", "high"]].map(lambda value: f"{value:,.3g}" if value < 10 else f"{value:,.0f}")
    said["unit"] = ranges.index.map(UNITS)
    said["assumed"] = ranges["assumed"].map({True: "yes", False: "no"})
    said["share of variance"] = shares.clip(lower=0).map("{:.0%}".format).str.replace("%", " %")
    return said.assign(why=ranges["why"]).rename_axis(index=None, columns="Input")


def table_of_acts(acts: pd.DataFrame) -> pd.DataFrame:
    """Lay out what became of each part of T-Dome, act by act, with money in both currencies.

    Parameters
    ----------
    acts : pandas.DataFrame
        From ``programme.acts_by_element``.
    """
    sums = (acts["usd"] / BILLION).map("{:,.3g}".format)
    dollars = [
        FROM[origin].format(said) if pd.notna(origin) else ""
        for said, origin in zip(sums, acts["usd_from"], strict=True)
    ]
    twd = (acts["twd"] / BILLION).map("{:,.4g}".format)
    table = {
        "Date": acts["date"],
        "Part": acts["name"].map(name_system),
        "Stage": acts["stage"],
        "What": acts["fact"],
        "NT$ bn": acts["bound"].map(BOUND_SIGNS).fillna("") + twd.mask(twd == "nan", ""),
        "US$ bn": dollars,
        "Missiles": acts["missiles"].map(lambda number: "" if pd.isna(number) else f"{number:,.0f}"),
        "Due": acts["due"].fillna(""),
        "Source": acts["source_id"] + " (" + acts["confidence"] + ")",
    }
    return pd.DataFrame(table).set_index("Date").rename_axis(index=None, columns="Date")


def table_of_sums(sums: pd.DataFrame) -> pd.DataFrame:
    """Lay out how far the published parts add up to each published total.

    Parameters
    ----------
    sums : pandas.DataFrame
        From ``programme.add_up``.
    """
    label = sums["total_stage"].map(STAGES) + " in " + sums["total_date"].map(say_date)
    label += sums["total"].map(lambda total: f", NT${total / BILLION:,.4g} billion published")
    parts = {
        "Total": label,
        "Part": sums["name"].map(name_system),
        "What": sums["fact"],
        "NT$ billion": (sums["twd"] / BILLION).map("{:,.4g}".format),
        "Share": sums["share"].map("{:.1%}".format).str.replace("%", " %"),
        "Confidence": sums["confidence"].fillna("computed"),
    }
    return pd.DataFrame(parts).set_index("Total").rename_axis(index=None, columns="Total")


def table_of_arrivals(coming: pd.DataFrame, by_year: pd.DataFrame) -> pd.DataFrame:
    """Lay out what is to come, by when its words say, and rounds by year where they can be spread evenly.

    Parameters
    ----------
    coming, by_year : pandas.DataFrame
        From ``programme.arrivals`` and ``programme.arrivals_by_year``.
    """
    table = pd.DataFrame(
        {
            "Part": coming["name"].map(name_system),
            "Act": coming["stage"].mask(coming["nothing"], "nothing " + coming["stage"])
            + ", "
            + coming["start"].map(say_date),
            "What": coming["fact"],
            "Missiles": coming["missiles"].map(lambda number: "" if pd.isna(number) else f"{number:,.0f}"),
            "By when": coming["due"].map(lambda due: say_date(due) if isinstance(due, str) else "no date given"),
        }
    )
    yearly = by_year.dropna(subset=["year"]).pivot(index="claim_id", columns="year", values="missiles")
    shares = yearly.reindex(coming["claim_id"]).set_axis(table.index)
    shares = shares.map(lambda number: "" if pd.isna(number) else f"{number:,.0f}")
    return table.join(shares.rename(columns=str)).set_index("Part").rename_axis(index=None, columns="Part")


def table_of_outputs(outputs: pd.DataFrame) -> pd.DataFrame:
    """Lay out the published rounds a year, and whose they are.

    Parameters
    ----------
    outputs : pandas.DataFrame
        From ``stocks.yearly_outputs``.
    """
    whose = {"own": "the maker's own state", "shared": "all customers of the maker", "us_purchases": "US purchases"}
    table = {
        "Interceptor": outputs["interceptor"],
        "Rounds a year": outputs["best"].map("{:,.0f}".format),
        "Lowest to highest": [
            f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"
            for low, high in outputs[["low", "high"]].itertuples(index=False)
        ],
        "For whom": outputs["whose"].map(whose),
        "Confidence": outputs["confidence"],
        "Sources": outputs["source_ids"].str.replace(";", ", "),
    }
    return pd.DataFrame(table).set_index("Interceptor").rename_axis(index=None, columns="Interceptor")


def table_of_numbers(numbers: Mapping[str, float]) -> pd.DataFrame:
    """Lay out numbers under their names, rounded to two digits after the point.

    Parameters
    ----------
    numbers : mapping of str to float
        Name to value.

    Examples
    --------
    >>> table_of_numbers({"ratio": 62.5}).to_dict()
    {'Value': {'ratio': '62.50'}}
    """
    return pd.DataFrame({"Value": {name: f"{value:,.2f}" for name, value in numbers.items()}})
