"""How numbers, shares, days and lists are written: the same in every caption, table and label of both rooms."""

import math
import re
from collections.abc import Iterable

import pandas as pd


def write_percent(share: float, digits: int | None = None) -> str:
    """Write a share or chance, 0 to 1, in percent; with one digit below ten unless ``digits`` says how many.

    Examples
    --------
    >>> write_percent(0.663), write_percent(0.0123), write_percent(0.0001), write_percent(0), write_percent(0.163, 1)
    ('66 %', '1.2 %', 'less than 0.1 %', '0 %', '16.3 %')
    """
    if digits is not None:
        return f"{100 * share:.{digits}f} %"
    if 0 < share < 0.001:
        return "less than 0.1 %"
    return f"{100 * share:.0f} %" if share >= 0.0995 or share == 0 else f"{100 * share:.1f} %"


def write_two_digits(number: float) -> str:
    """Write a number with two digits at least, and never as a power of ten.

    Examples
    --------
    >>> write_two_digits(0.32), write_two_digits(3.0), write_two_digits(201.4), write_two_digits(1216)
    ('0.32', '3.0', '201', '1,216')
    """
    if number == 0:
        return "0"
    return f"{number:,.{max(0, 1 - math.floor(math.log10(abs(number))))}f}"


def write_count(number: float) -> str:
    """Write a whole number with its thousands set apart.

    Examples
    --------
    >>> write_count(14_600)
    '14,600'
    """
    return f"{number:,.0f}"


def write_number(number: float) -> str:
    """Write a whole number as a word up to ten, and with digits beyond.

    Examples
    --------
    >>> write_number(9.0), write_number(12)
    ('nine', '12')
    """
    words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    return words[round(number)] if round(number) < len(words) else write_count(number)


def write_list(words: Iterable[str], most: int | None = 9, none: str = "none") -> str:
    """Join words as a sentence does; of a long list only the first ``most``, and how many more there are.

    Examples
    --------
    >>> write_list(["one", "two", "three"]), write_list([]), write_list("abcde", most=3)
    ('one, two and three', 'none', 'a, b, c and 2 more')
    """
    listed = list(words)
    if most is not None and len(listed) > most:
        listed = [*listed[:most], f"{len(listed) - most} more"]
    return " and ".join(filter(None, [", ".join(listed[:-1]), *listed[-1:]])) or none


def write_plural(number: float, word: str, plural: str = "") -> str:
    """Write a number, as :func:`write_count` does, with its word, in the plural where there is not one.

    Examples
    --------
    >>> write_plural(1, "claim"), write_plural(0.2, "claim"), write_plural(1200, "switch", "switches")
    ('1 claim', '0 claims', '1,200 switches')
    """
    return f"{write_count(number)} {word if round(number) == 1 else plural or word + 's'}"


def write_day(on: str | pd.Timestamp) -> str:
    """Write a day in words.

    Examples
    --------
    >>> write_day("1979-12-31")
    '31 December 1979'
    """
    day = pd.Timestamp(on)
    return f"{day.day} {day:%B %Y}"


def write_when(on: pd.Timestamp, precision: str) -> str:
    """Write a day as precisely as it is known: to the day, the month or the year, or as what is earlier.

    Examples
    --------
    >>> day = pd.Timestamp("1949-03-15")
    >>> write_when(day, "month"), write_when(day, "year"), write_when(day, "before")
    ('March 1949', '1949', 'before 15 March 1949')
    """
    if precision == "before":
        return f"before {write_day(on)}"
    return write_day(on) if precision == "day" else f"{on:%B %Y}" if precision == "month" else str(on.year)


def write_tenths(share: float) -> str:
    """Write a share as so many of ten, in a word.

    Examples
    --------
    >>> write_tenths(0.95 - 0.05)
    'nine'
    """
    return write_number(10 * share) if round(10 * share) else "none"


def raise_first(words: str) -> str:
    """Write the first letter of a sentence large.

    Examples
    --------
    >>> raise_first("the Holy See and Israel")
    'The Holy See and Israel'
    """
    return words[:1].upper() + words[1:]


YES = {True: "yes", False: "no"}
"""How a table answers a question."""
CLAIM = "Claim"
"""Column of a table that names the claim behind each row, several joined by semicolons; its page makes them links."""
CLAIMS_OF = "Claims of "
"""Begins the head of a column that names the claims behind the parts of the cells of another, whose head follows."""


COLUMN_WORDS = {
    "recogniser": "who",
    "entity": "towards whom",
    "act": "what happened",
    "date_precision": "the date is known to the",
    "date_low": "earliest possible date",
    "date_high": "latest possible date",
    "disputed_by": "who disputes it",
    "states": "whom the total counts",
    "count": "published number",
    "expected_difference": "ours less the published number",
    "threat_class": "kind of threat",
    "launcher_group": "launcher",
    "as_of": "as of",
    "best": "value used",
    "low": "lowest value",
    "high": "highest value",
    "date_used": "date used",
    "pointers": "rows that record it",
    "claim_id": "name of this claim, for quoting",
}
"""What a reader calls a column of ``data/`` whose name does not say it."""


def name_column(name: str) -> str:
    """Name a column of a table of ``data/`` as a reader does.

    Examples
    --------
    >>> name_column("expected_difference"), name_column("system_id"), name_column("price_year")
    ('ours less the published number', 'system', 'price year')
    """
    return COLUMN_WORDS.get(name) or name.removesuffix("_id").replace("_", " ")


def write_claims_of(words: Iterable[str], claim_ids: Iterable[str]) -> str:
    """Write which claim stands behind each part of a cell; its page makes the parts links.

    Examples
    --------
    >>> write_claims_of(["Iron Dome", "Antelope"], ["iron_dome.uav", "antelope.uav"])
    'Iron Dome = iron_dome.uav; Antelope = antelope.uav'
    """
    return "; ".join(f"{part} = {claim}" for part, claim in zip(words, claim_ids, strict=True))


TABLE_WORDS = {
    "sources": "sources",
    "air_defence/architecture_layers": "systems of architectures",
    "air_defence/capability": "ratings of systems",
    "air_defence/engagements": "counts of engagements",
    "air_defence/fielded": "systems that stood",
    "air_defence/observed_raids": "raids that happened",
    "air_defence/programme": "policy and money",
    "air_defence/sensors": "radars",
    "air_defence/system_parameters": "figures of systems",
    "air_defence/systems": "systems",
    "air_defence/threats": "classes of threat",
    "air_defence/ukraine_models": "weapons over Ukraine",
    "recognition/entity_periods": "times of entities",
    "recognition/events": "acts of states",
    "recognition/lineage": "successions of states",
    "recognition/memberships": "memberships",
    "recognition/observed": "days last looked at",
    "recognition/published_counts": "published totals",
    "recognition/state_codes": "numbers of states",
    "recognition/states": "states",
    "recognition/taiwan_exchanges": "exchanges with Taiwan",
    "recognition/taiwan_offices": "offices of Taiwan",
    "recognition/un_votes": "votes in the UN",
    "recognition/withheld": "open refusals",
}
"""What a reader calls a table of ``data/``."""


def name_table(table: str) -> str:
    """Name a table of ``data/`` in words; one without words of its own by its file, without the room.

    Examples
    --------
    >>> name_table("recognition/withheld"), name_table("recognition/un_alignment")
    ('open refusals', 'un alignment')
    """
    return TABLE_WORDS.get(table, table.rpartition("/")[2].replace("_", " "))


UNNAMED = "public repository, author not shown"
"""Publisher of a source of which nobody says who wrote it: its name is its title, up to a comma."""


def name_source(sources: pd.DataFrame, source_id: str) -> str:
    """Name a source for a reader: publisher and year, with a letter where a publisher has several of one year.

    Parameters
    ----------
    sources : pandas.DataFrame
        The table ``sources``: ``source_id, publisher, title, year``; the title stands in for a missing publisher.
    source_id : str
        Identifier of a source; one that the table lacks stands for itself.

    Notes
    -----
    Names are unique, so that a page can link each to its entry. The first source of a publisher and year
    bears no letter, the next one a b: a source that is added renames none.

    Examples
    --------
    >>> sources = pd.DataFrame({"source_id": ["C52", "C53"], "publisher": "Taipei Times", "title": "", "year": "2025"})
    >>> name_source(sources, "C53"), name_source(sources, "C99")
    ('Taipei Times, 2025b', 'C99')
    """
    return names_of_sources(sources).get(source_id, source_id)


def names_of_sources(sources: pd.DataFrame) -> dict[str, str]:
    """Give each identifier the name of its source, as :func:`name_source` says it.

    Examples
    --------
    >>> titles, years = ["Note on David's Sling", "Costs, as relayed"], ["2026", "2026"]
    >>> names_of_sources(pd.DataFrame({"source_id": ["a", "b"], "publisher": UNNAMED, "title": titles, "year": years}))
    {'a': "Note on David's Sling, public repository, 2026", 'b': 'Costs, public repository, 2026'}
    """
    if not (_LATEST and _LATEST[0] is sources):  # a page asks for hundreds of names out of one table
        years = sources["year"].astype("object").fillna("no date").astype("str")
        unnamed = sources["title"].str.partition(", ")[0] + ", public repository"
        publishers = sources["publisher"].mask(sources["publisher"].eq(UNNAMED), unnamed)
        dated = publishers.fillna(sources["title"]).astype("str") + ", " + years
        places = dated.groupby(dated).cumcount()
        named = [name + (_letters(place) if place else "") for name, place in zip(dated, places, strict=True)]
        _LATEST[:] = [sources, dict(zip(sources["source_id"], named, strict=True))]
    return _LATEST[1]


def _letters(place: int) -> str:
    """Count b, c, ... z, ba, bb: in the alphabet, from 1."""
    return (_letters(place // 26) if place >= 26 else "") + chr(ord("a") + place % 26)


_LATEST: list = []


def cite(sources: pd.DataFrame, *source_ids: str) -> str:
    """Name sources for a reader, each once, by :func:`name_source`; the one place that says how they are joined.

    Parameters
    ----------
    sources : pandas.DataFrame
        The table ``sources``.
    *source_ids : str
        Identifiers in it; missing ones are left out.

    Examples
    --------
    >>> sources = pd.DataFrame(
    ...     {"source_id": ["R28", "C52"], "publisher": ["Haaretz", "CNA"], "title": "", "year": ["2019", None]}
    ... )
    >>> cite(sources, "R28", "C52", "R28")
    'Haaretz, 2019; CNA, no date'
    """
    return "; ".join(dict.fromkeys(name_source(sources, one) for one in source_ids if pd.notna(one)))


def cite_within(sources: pd.DataFrame, text: str) -> str:
    """Write a text in which identifiers of sources stand for themselves with their names, by :func:`name_source`.

    A word of small letters alone, such as "consensus", is a word and no identifier.

    Examples
    --------
    >>> sources = pd.DataFrame({"source_id": ["R28"], "publisher": ["Haaretz"], "title": "", "year": ["2019"]})
    >>> cite_within(sources, "R28; other lists (not seen)")
    'Haaretz, 2019; other lists (not seen)'
    """
    names = names_of_sources(sources)
    return re.sub(r"\b(?![a-z]+\b)\w+", lambda word: names.get(word[0], word[0]), text)


def cite_in_full(sources: pd.DataFrame, source_ids: Iterable[str]) -> list:
    """Name each source as :func:`name_source` does, and then its title, whole.

    Examples
    --------
    >>> sources = pd.DataFrame(
    ...     {"source_id": ["C52"], "title": ["On Honduras"], "publisher": ["Taipei Times"], "year": ["2023"]}
    ... )
    >>> cite_in_full(sources, ["C52"])
    ['Taipei Times, 2023: On Honduras']
    """
    named = dict(zip(sources["source_id"], sources["title"], strict=True))
    return [f"{name_source(sources, one)}: {named[one]}" if one in named else None for one in source_ids]
