"""What each column of the published panel means: of dyad-years, and of country-years, an entity behind each name."""

from collections.abc import Sequence

from pandera.pandas import Column

from analysis.recognition.dyad_years import DETAILS
from analysis.recognition.facts.choices import CONFIDENCES, ENTITIES, KINDS, PANEL_UNITS, REPRESENTATIONS
from analysis.schema.columns import Table, choice, code_list, day, identifier, integer, table, text

KEYS = {"dyad-year": ("iso3", "entity", "year"), "country-year": ("iso3", "year")}
FULL = {"recognition": "recognises the entity", "relations": "has diplomatic relations with it"}
IMPLYING = {
    "recognition": "recognition follows only from acts of relations",
    "relations": "relations follow only from acts of recognition",
}
_NAMED = ", ".join(f"{code} {name}" for code, name in ENTITIES.items())
LABEL_LETTERS = 80  # of a column in Stata


def describe_panel(unit: str, entities: Sequence[str]) -> Table:
    """Describe the panel as a table: its columns in order, with meaning and range.

    Parameters
    ----------
    unit : {"dyad-year", "country-year"}
        What a row is.
    entities : sequence of str
        Whose columns a country-year has.

    Examples
    --------
    >>> list(describe_panel("country-year", ["TWN"]).frame.columns)[6:9]
    ['year', 'recognition_TWN', 'relations_TWN']
    """
    year = {"year": integer("Calendar year", 1900, 2100)}
    if unit == "dyad-year":
        own = {"entity": choice(f"Entity that is recognised: {_NAMED}", ENTITIES)}
        columns = {**_of_a_state(), **own, **year, **_of_an_entity()}
    else:
        beside = {f"{name}_{entity}": column for entity in entities for name, column in _of_an_entity(entity).items()}
        columns = {**_of_a_state(), **year, **beside}
    return table("panel", PANEL_UNITS[unit], KEYS[unit], columns)


def _of_a_state() -> dict[str, Column]:
    return {
        "iso3": identifier("State: ISO 3166-1 where there is one, else a code in common use", "[A-Z]{3}"),
        "state_name": text("Neutral English name of the state"),
        "cow_code": integer("Correlates of War number in that year", 1, 999, empty=True),
        "gw_code": integer("Gleditsch-Ward number in that year", 1, 999, empty=True),
        "vdem_code": integer("V-Dem number in that year; list of 2018", 1, 999, empty=True),
        "un_member": integer(
            "1 if the state held a seat in the United Nations on the day that stands for the year", 0, 1
        ),
    }


def _of_an_entity(entity: str = "") -> dict[str, Column]:
    end = f" ({entity})" if entity else ""
    columns = {}
    for kind, words in FULL.items():
        columns[kind] = integer(f"1 if the state {words} in that year, else 0{end}", 0, 1, empty=True)
    for kind, words in IMPLYING.items():
        columns[f"{kind}_implied"] = integer(f"1 if {words}{end}", 0, 1, empty=True)
    representation = f"Highest form of representation on record{end}"
    columns["representation"] = choice(representation, REPRESENTATIONS, empty=bool(entity))
    for kind in KINDS:
        columns |= {f"{kind}_{name}": column for name, column in _details(kind, end).items()}
    columns["observed_until"] = day(f"Last day on which what is known of the entity was seen{end}")
    return columns


def _details(kind: str, end: str) -> dict[str, Column]:
    words = {
        "begin": "Day on which the tie that counts began",
        "begin_low": "Earliest day that the source allows for it",
        "begin_high": "Latest day that the source allows for it",
        "end": "Day on which it ended; empty: not by the last day seen",
        "end_low": "Earliest day that the source allows for the end",
        "end_high": "Latest day that the source allows for the end",
    }
    found = {name: day(f"{text}{end}") for name, text in words.items()}
    found["confidence"] = choice(f"Weaker of the acts that begin and end it{end}", CONFIDENCES, empty=True)
    found["claim_ids"] = code_list(f"Rows of recognition/events that begin and end it, joined by ;{end}")
    return {name: found[name] for name in DETAILS}
