"""No headline rests on an unconfirmed claim without its page saying so."""

import re

import pandas as pd
import pytest

from analysis.air_defence.calibration import raids
from analysis.air_defence.questions import forces
from analysis.checks.headlines import FOOTING_MIME, claims_of_raids, claims_of_rounds, footing, list_headlines
from analysis.provenance import cut_off
from analysis.reporting.batch.report import report_one
from analysis.reporting.run.catalogue import find_notebook
from analysis.tables import load_facts, load_table

SENTENCE = re.compile(r"(\d+); confidence (\d+) high, (\d+) medium, (\d+) low(?:, (\d+) of them unconfirmed)?")


def test_a_footing_counts_unconfirmed_claims_among_the_low_ones():
    rows = pd.DataFrame(
        {"confidence": ["high", "low", "low"], "note": [None, "second-hand: a mirror", "unconfirmed: x"]}
    )
    found = footing(rows, rows)
    assert (found.claims, found.high, found.medium, found.low, found.unconfirmed) == (6, 2, 0, 4, 2)
    assert "2 of them unconfirmed" in str(found)


def test_a_footing_without_weak_claims_says_nothing_of_unconfirmed():
    assert "unconfirmed" not in str(footing(pd.DataFrame({"confidence": ["high"], "note": [None]})))


def test_a_footing_names_the_source_on_which_most_of_what_was_seen_rests():
    sources = ["R1", "R1;R2", "R2", "R2", None, "R3", "R3", "R3", "R3"]
    notes = [None] * 5 + ["unconfirmed: from general knowledge"] * 4
    rows = pd.DataFrame({"confidence": "low", "note": notes, "source_id": sources})
    found = footing(rows)
    assert (found.heaviest, found.borne, found.sourced, found.claims) == ("R2", 3, 8, 9)
    events = load_table("recognition/events")
    told = footing(events)._repr_mimebundle_()[FOOTING_MIME]
    counts = events.loc[~events["note"].fillna("").str.startswith("unconfirmed"), "source_id"].str.split(";").explode()
    assert told["borne"] == counts.str.strip().value_counts().iloc[0] and told["sourced"] == len(events)
    many = pd.DataFrame({"confidence": "high", "note": None, "source_id": [*["R1"] * 2, *map(str, range(8))]})
    assert footing(many).borne == 2 and footing(many)._repr_mimebundle_()[FOOTING_MIME]["heaviest"]
    one_more = pd.concat([many, many.tail(1).assign(source_id="R9")])
    assert footing(one_more)._repr_mimebundle_()[FOOTING_MIME]["heaviest"] == ""  # two of eleven is no leaning
    assert footing(events.head(0))._repr_mimebundle_()[FOOTING_MIME]["heaviest"] == ""
    assert footing(events.head(1))._repr_mimebundle_()[FOOTING_MIME]["heaviest"] == ""  # that one bears it all is plain


def test_the_footing_of_a_raid_holds_the_claims_behind_its_ready_rounds_once():
    facts = load_facts("air_defence")
    plans = [forces.build_defence(f"taiwan_{name}", facts, {"srbm": 4}) for name in ("pre_tdome", "tdome_planned")]
    found = claims_of_rounds(plans, facts)
    assert found["claim_id"].is_unique
    assert "taiwan_pre_tdome.patriot_pac3_mse" in set(found["claim_id"])
    assert not found["claim_id"].str.contains("avenger").any()  # it engages no ballistic missile
    assert len(found) < sum(len(claims_of_rounds([plan], facts)) for plan in plans)


def test_the_footing_of_hindcasts_holds_the_raids_that_are_asked():
    facts = load_facts("air_defence")
    asked = raids.ask_raids(facts)
    found = claims_of_raids(asked, facts)
    assert set(found["claim_id"]) == set(asked.rows["claim_id"]) and found["claim_id"].is_unique
    assert footing(facts.ukraine_models, found).claims == len(facts.ukraine_models) + len(asked.rows)


def test_headlines_come_with_the_weakest_footing_first():
    table = list_headlines(cut_off())
    shares = table["unconfirmed"] / table["claims"]
    assert shares.is_monotonic_decreasing
    assert (table[["high", "medium", "low"]].sum(axis=1) == table["claims"]).all()


def acts_behind(entity, kind, on):
    """The acts with which the ties of a day began, picked by hand from the events, without our spells."""
    events = load_table("recognition/events")
    acts = events[(events["entity"] == entity) & (events["kind"] == kind) & (events["date"] <= on)]
    last = acts.sort_values("date", kind="stable").drop_duplicates("recogniser", keep="last")
    return last[last["act"].isin(["recognised", "established", "resumed"])]


def ratings_behind(architecture):
    layers, ratings = load_table("air_defence/architecture_layers"), load_table("air_defence/capability")
    systems = set(layers.loc[layers["architecture_id"] == architecture, "system_id"])
    return ratings[ratings["system_id"].isin(systems) & (ratings["capability"] != "none")]


CASES = {
    "few and sure": (
        "recognition/01-recognition-map",
        {"entity": "TWN", "on": "2024-12-31", "kind": "relations"},
        lambda: acts_behind("TWN", "relations", "2024-12-31"),
    ),
    "many, some unconfirmed": (
        "recognition/01-recognition-map",
        {"entity": "XKX", "on": "2015-12-31", "kind": "recognition"},
        lambda: acts_behind("XKX", "recognition", "2015-12-31"),
    ),
    "two architectures": (
        "air_defence/01-layer-coverage",
        {"architectures": "usa_guam,nato_essi"},
        lambda: pd.concat([ratings_behind("usa_guam"), ratings_behind("nato_essi")]).drop_duplicates("claim_id"),
    ),
}


@pytest.mark.notebook
@pytest.mark.parametrize("case", CASES)
def test_a_page_says_how_many_claims_behind_its_numbers_are_unconfirmed(case, tmp_path):
    name, given, claims = CASES[case]
    page = report_one(find_notebook(name), given, tmp_path).read_text()
    total, high, medium, low, unconfirmed = (int(number or 0) for number in SENTENCE.search(page).groups())
    rows = claims()
    assert total == len(rows)
    assert [high, medium, low] == [(rows["confidence"] == grade).sum() for grade in ("high", "medium", "low")]
    assert unconfirmed == rows["note"].str.startswith("unconfirmed", na=False).sum()
    assert "few and sure" in case or unconfirmed > 0
