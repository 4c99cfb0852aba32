"""The news item of the tour: each claim leads to what records it."""

from analysis.figures.start import table_of_item
from analysis.figures.words import CLAIM
from analysis.schema import TABLES as SCHEMAS
from analysis.tables import load_table

TABLES = [
    "briefing", "air_defence/programme", "air_defence/architecture_layers", "air_defence/engagements",
    "recognition/events", "recognition/withheld", "recognition/taiwan_exchanges", "recognition/taiwan_offices",
]  # fmt: skip


def test_each_claim_of_the_item_leads_to_rows_that_exist():
    briefing = load_table("briefing")
    table = table_of_item(briefing)
    assert len(table) == len(briefing) == 15
    known = {key for name in TABLES for key in load_table(name)[SCHEMAS[name].key[0]]}
    assert {key for keys in table[CLAIM] for key in keys.split(";")} <= known


def test_what_records_a_claim_is_said_in_words():
    said = table_of_item(load_table("briefing"))["Where it is recorded"]
    assert (
        said[1] == "exchanges with Taiwan"
        and said[11] == "policy and money, exchanges with Taiwan"
        and said[15] == "a page"
    )
