"""Published prices of interceptors: by kind of price, in the money of one year, converted only by stated rates."""

import pandas as pd

from analysis.air_defence.facts.choices import BUYERS
from analysis.air_defence.facts.claims import combine_claims
from analysis.errors import DataError
from analysis.facts import Facts

PRICES = ("interceptor_unit_cost", "program_cost_per_missile")
"""Parameters that give a price of one round: of the missile, or of the missile with launchers and support."""
ENDS = ["low", "best", "high"]
PREFERRED = ("domestic", "export", "guess", "package")
"""Kind of price taken where one must be chosen and none of the buyer is on record: paid for a missile, then others."""
KEY = ["system_id", "interceptor", "price_basis", "buyer", "dated"]


def rate_of(rates: pd.DataFrame, kind: str, currency: str, year: int) -> tuple[float, bool]:
    """Look a rate up.

    Parameters
    ----------
    rates : pandas.DataFrame
        ``air_defence/rates``: ``kind, currency, year, value, assumed``.
    kind : {"exchange", "deflator"}
        Exchange rate (currency for one USD, yearly average) or price index.
    currency : str
        Currency, such as TWD.
    year : int
        Calendar year.

    Returns
    -------
    value : float
        The rate or index.
    assumed : bool
        Whether it is an assumption.

    Raises
    ------
    DataError
        When there is no such rate: nothing is converted without one.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"kind": "exchange", "currency": "TWD", "year": [2025], "value": [31.1663], "assumed": [False]}
    ... )
    >>> rate_of(table, "exchange", "TWD", 2025)
    (31.1663, False)
    """
    found = rates[(rates["kind"] == kind) & (rates["currency"] == currency) & (rates["year"] == year)]
    if found.empty:
        raise DataError(
            f"air_defence/rates.csv: lacks {kind}.{currency}.{year}; add it with its source, or as an assumption that "
            "says why."
        )
    return float(found["value"].iloc[0]), bool(found["assumed"].iloc[0])


def to_usd(amount: float, currency: str, year: int, rates: pd.DataFrame) -> tuple[float, bool]:
    """Convert an amount to US dollars of the same year.

    Parameters
    ----------
    amount : float
        Amount in ``currency``.
    currency, year, rates
        As in :func:`rate_of`; US dollars stay as they are.

    Returns
    -------
    usd : float
        Amount in US dollars.
    assumed : bool
        Whether the rate is an assumption.

    Raises
    ------
    DataError
        When there is no rate for that currency and year.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"kind": "exchange", "currency": "TWD", "year": [2025], "value": [30.0], "assumed": [True]}
    ... )
    >>> to_usd(15e9, "TWD", 2025, table), to_usd(7.0, "USD", 1999, table)
    ((500000000.0, True), (7.0, False))
    """
    if currency == "USD":
        return float(amount), False
    rate, assumed = rate_of(rates, "exchange", currency, year)
    return float(amount) / rate, assumed


def deflate(amount: float, year: int, to_year: int, rates: pd.DataFrame) -> tuple[float, bool]:
    """Express US dollars of one year in those of another, by the price index of the whole economy.

    Parameters
    ----------
    amount : float
        US dollars of ``year``.
    year, to_year : int
        Calendar years.
    rates : pandas.DataFrame
        As in :func:`rate_of`.

    Returns
    -------
    usd : float
        US dollars of ``to_year``.
    assumed : bool
        Whether one of the two index values is an assumption.

    Raises
    ------
    DataError
        When the index of a year is missing.

    Notes
    -----
    Weapons do not rise in price with the economy: a deflated price makes years comparable, and predicts nothing.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"kind": "deflator", "currency": "USD", "year": [2012, 2025], "value": [93.0, 124.0], "assumed": False}
    ... )
    >>> deflate(60_000, 2012, 2025, table)
    (80000.0, False)
    """
    if year == to_year:
        return float(amount), False
    (old, guessed), (new, guessed_too) = (rate_of(rates, "deflator", "USD", each) for each in (year, to_year))
    return float(amount) * new / old, guessed or guessed_too


def price_ranges(facts: Facts, price_year: int) -> pd.DataFrame:
    """Range of the published prices of each interceptor, by kind of price, in US dollars of one year.

    Parameters
    ----------
    facts : Facts
        Tables of ``air_defence/``: ``system_parameters, rates``; and ``sources``.
    price_year : int
        Year whose dollars are used.

    Returns
    -------
    pandas.DataFrame
        One row is an interceptor by one kind of price and one buyer. Columns: ``system_id, interceptor, price_basis,
        buyer`` (ISO code, empty where the rows name none), ``dated`` (false: no source gives the year, so that the
        price stands as published), ``low, best, high`` (USD of ``price_year``), ``published_low, published_high`` (USD
        of the years below), ``first_year, last_year`` (of the prices), ``n_claims, n_publishers, n_unconfirmed,
        confidence, assumed`` (an index is an assumption) ``source_ids, claim_ids``.

    Raises
    ------
    DataError
        When a price index is missing.

    Notes
    -----
    Kinds are never mixed: what the maker's own state pays, what another pays, a package with launchers and support, and
    what nobody's contract shows (a guess) are rows of their own, and so is what one named state pays. Low and high are
    the lowest and highest claim, best the median over publishers; see ``claims.combine_claims``.
    """
    claims = facts.system_parameters
    claims = claims[claims["parameter"].isin(PRICES)].reset_index(drop=True)
    claims = claims.assign(dated=claims["price_year"].notna(), assumed=False, buyer=claims["buyer"].fillna(""))
    published = claims[["low", "high"]].set_axis(["published_low", "published_high"], axis=1)
    for index in claims.index[claims["dated"]]:
        factor, assumed = deflate(1.0, int(claims.loc[index, "price_year"]), price_year, facts.rates)
        claims.loc[index, ENDS] = claims.loc[index, ENDS].astype(float) * factor
        claims.loc[index, "assumed"] = assumed
    ranges = pd.concat(
        [
            combine_claims(some, facts.sources).assign(dated=dated, buyer=buyer)
            for (dated, buyer), some in claims.groupby(["dated", "buyer"], sort=False)
        ],
        ignore_index=True,
    )
    years = claims.assign(**published).groupby(KEY)
    more = pd.DataFrame(
        {
            "published_low": years["published_low"].min(),
            "published_high": years["published_high"].max(),
            "first_year": years["price_year"].min(),
            "last_year": years["price_year"].max(),
            "assumed": years["assumed"].any(),
        }
    )
    columns = [*KEY, *ENDS, "published_low", "published_high", "first_year", "last_year"]
    columns += ["n_claims", "n_publishers", "n_unconfirmed", "confidence", "assumed", "source_ids", "claim_ids"]
    return ranges.merge(more.reset_index(), on=KEY)[columns]


def prices_paid(prices: pd.DataFrame, buyer: str = "") -> pd.DataFrame:
    """One price a system, the first by :func:`prefer_prices`.

    Parameters
    ----------
    prices, buyer
        As there.

    Returns
    -------
    pandas.DataFrame
        One row is a system (the index): ``low, best, high`` (USD), ``price_basis`` (from :func:`name_basis`).
    """
    first = prefer_prices(prices, buyer).drop_duplicates("system_id")
    words = [name_basis(row, buyer) for _, row in first.iterrows()]
    return first.assign(price_basis=words).set_index("system_id")[[*ENDS, "price_basis"]]


def prefer_prices(prices: pd.DataFrame, buyer: str = "") -> pd.DataFrame:
    """Sort prices: what the buyer itself pays, of whatever kind, then by ``PREFERRED``, dated before undated ones.

    Parameters
    ----------
    prices : pandas.DataFrame
        From :func:`price_ranges`, or rows with its columns of ``KEY``.
    buyer : str
        ISO code of the state that pays; may be empty.

    Returns
    -------
    pandas.DataFrame
        The same rows.

    Examples
    --------
    >>> prices = pd.DataFrame({"price_basis": ["domestic", "package"], "buyer": ["", "TWN"], "interceptor": "x",
    ...                        "dated": True})
    >>> [prefer_prices(prices, buyer)["price_basis"].iloc[0] for buyer in ("TWN", "DEU")]
    ['package', 'domestic']
    """
    own = prices["buyer"].ne("") & prices["buyer"].eq(buyer)
    rank = prices["price_basis"].map(PREFERRED.index) + 0.5 * ~prices["dated"] - len(PREFERRED) * own
    return prices.assign(rank=rank).sort_values(["rank", "interceptor", "buyer"], kind="stable").drop(columns="rank")


def name_basis(price: pd.Series, buyer: str) -> str:
    """Kind of a price in words, with the buyer where it is the one asked for.

    Examples
    --------
    >>> name_basis(pd.Series({"price_basis": "package", "buyer": "TWN"}), "TWN")
    'package (Taiwan)'
    """
    own = price["buyer"] != "" and price["buyer"] == buyer
    return str(price["price_basis"]) + (f" ({BUYERS.get(buyer, buyer)})" if own else "")
