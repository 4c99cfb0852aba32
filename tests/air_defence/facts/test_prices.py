"""Prices by kind and year: what is converted, by which rate, and what is left alone."""

import pandas as pd
import pytest

from analysis.air_defence.facts import prices
from analysis.air_defence.models import exchange
from analysis.errors import DataError
from analysis.tables import load_facts, load_table


def rates():
    return load_table("air_defence/rates")


def ranges(price_year=2025, claims=None):
    claims = load_table("air_defence/system_parameters") if claims is None else claims
    return prices.price_ranges(load_facts("air_defence").replaced(system_parameters=claims), price_year)


def test_the_published_tamir_against_a_crude_rocket_gives_the_published_ratio():
    rows = ranges(2011).set_index(["interceptor", "price_basis"]).loc[("Tamir", "guess")]
    claims = load_table("air_defence/system_parameters").set_index("claim_id")
    tamir = claims.loc["iron_dome.tamir.interceptor_unit_cost.jpost_2011", "best"]
    rocket = load_table("air_defence/threats").set_index("threat_class").loc["mortar_rocket", "unit_cost_usd_best"]
    assert (tamir, rocket) == (50_000, 800)
    assert exchange.cost_exchange_ratio(tamir, rocket, single_shot=0.9, shots=1, doctrine="barrage") == 62.5
    assert rows["low"] < tamir < rows["high"]


def test_money_of_one_year_is_left_alone():
    assert prices.deflate(3.5, 2025, 2025, rates()) == (3.5, False)
    assert prices.to_usd(3.5, "USD", 1950, rates()) == (3.5, False)


def test_there_and_back_again_gives_the_same_money():
    there, _ = prices.deflate(1_000_000, 2012, 2025, rates())
    back, _ = prices.deflate(there, 2025, 2012, rates())
    assert there > 1_000_000
    assert back == pytest.approx(1_000_000)


def test_dollars_of_2012_in_those_of_2025_by_hand():
    assert prices.deflate(60_000, 2012, 2025, rates())[0] == pytest.approx(60_000 * 128.986 / 93.185)


def test_taiwan_dollars_of_a_contract_come_near_the_dollars_that_were_published():
    usd, assumed = prices.to_usd(24_980_000_000, "TWD", 2025, rates())
    assert usd == pytest.approx(761_940_000, rel=0.06)
    assert not assumed


@pytest.mark.parametrize(("kind", "currency", "year"), [("exchange", "TWD", 1999), ("exchange", "EUR", 2025)])
def test_nothing_is_converted_without_a_rate(kind, currency, year):
    with pytest.raises(DataError, match=rf"lacks {kind}\.{currency}\.{year}"):
        prices.rate_of(rates(), kind, currency, year)


def test_a_rate_without_a_source_says_that_it_is_assumed():
    assert prices.rate_of(rates(), "exchange", "TWD", 2026)[1]
    assert prices.deflate(1.0, 2026, 2025, rates())[1]


def test_kinds_of_price_are_never_mixed():
    claims = load_table("air_defence/system_parameters")
    claims = claims[claims["parameter"].isin(prices.PRICES)]
    kinds = claims.groupby(["system_id", "interceptor"])["price_basis"].nunique()
    rows = ranges()
    assert rows.groupby(["system_id", "interceptor"])["price_basis"].nunique().equals(kinds)
    assert rows["n_claims"].sum() == len(claims)


def test_a_price_without_a_year_stands_as_published_and_by_itself():
    row = ranges().query("not dated").set_index("interceptor").loc["AMRAAM-ER"]
    assert (row["low"], row["high"]) == (1_000_000, 2_000_000) == (row["published_low"], row["published_high"])
    assert pd.isna(row["first_year"])


def test_ranges_are_in_order_and_hold_the_published_price_of_their_own_year():
    rows = ranges()
    assert ((rows["low"] <= rows["best"]) & (rows["best"] <= rows["high"])).all()
    alike = rows[(rows["first_year"] == 2025) & (rows["last_year"] == 2025)]
    assert (alike["low"] == alike["published_low"]).all()


def test_an_older_price_weighs_more_in_the_money_of_today():
    rows = ranges().set_index(["interceptor", "price_basis", "buyer"])
    early = rows.loc[("PAC-3 CRI", "export", "TWN")]
    assert early["low"] > early["published_low"]
    assert early["low"] == pytest.approx(3_010_000 * 128.986 / 81.556)
