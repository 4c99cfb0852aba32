"""What a rule of the data is, and the rules that hold for every table."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import combinations

import pandas as pd

from analysis.air_defence.facts.claims import is_confirmed
from analysis.errors import Fault
from analysis.recognition.facts.spells import build_spells
from analysis.schema import TABLES
from analysis.schema.bounds import WIDEST_RANGE
from analysis.tables import FIRST_ROW


class Frames(dict[str, pd.DataFrame]):
    """All tables by name, and what several rules join from them, built once: no table may change after that."""

    @cached_property
    def spells(self) -> pd.DataFrame:
        """Spells under the codes in which acts are written.

        Raises
        ------
        DataError
            When acts do not alternate.
        """
        return build_spells(self["recognition/events"])


APART = {
    "recognition/events": (("entity", "recogniser"), ("acted_as", "recogniser"), ("acted_as", "entity")),
    "recognition/withheld": (("entity", "recogniser"),),
    "recognition/searches": (("entity", "recogniser"),),
    "recognition/disputes": (("entity", "recogniser"),),
    "recognition/lineage": (("successor", "predecessor"),),
    "recognition/comparison_missions": (("entity", "iso3"),),
    "recognition/comparison_differences": (("entity", "iso3"),),
    "recognition/taiwan_exchanges": (("to_iso3", "from_iso3"),),
    "geography/neighbours": (("neighbour", "iso3"),),
    "air_defence/programme": (("part_of", "claim_id"), ("same_act", "claim_id")),
}
"""Columns of a row that name two: nobody recognises, follows or borders itself, and no amount is a part of itself."""

NEVER = {
    "recognition/overlaps": ("recogniser", ("CHN", "TWN")),
    "recognition/comparison_rich": ("iso3", ("TWN",)),
    "recognition/taiwan_offices": ("host", ("TWN",)),
}
"""The same where one of the two is not written down: what such a table says is said of a tie with these."""

ONCE = {
    "recognition/withheld": ("recogniser", "entity", "since"),
    "recognition/memberships": ("iso3", "organisation", "start"),
    "recognition/un_votes": ("resolution", "iso3"),
    "recognition/un_alignment": ("iso3", "year"),
    "recognition/overlaps": ("recogniser", "begin"),
    "air_defence/capability": ("system_id", "threat_class"),
    "air_defence/raids": ("raid_id", "threat_class"),
    "air_defence/fielded": ("defence_id", "system_id"),
}
"""What a row is about, where its key is a name of its own: two names would count the same twice."""


@dataclass(frozen=True)
class Rule:
    """A rule that no schema can hold, because it joins columns, rows or tables.

    Attributes
    ----------
    name : str
        Short name.
    sentence : str
        What must be so.
    tables : tuple of str
        The tables that it needs; it is left out, and said to be, when one of them cannot be read.
    find : callable
        Takes all tables by name and yields a fault for each broken row.
    computed_from : tuple of str
        The tables from which it computes what it compares: while one of them has a fault, its own may only follow.
    """

    name: str
    sentence: str
    tables: tuple[str, ...]
    find: Callable[[Frames], Iterable[Fault]]
    computed_from: tuple[str, ...] = ()


def fault(table: str, frame: pd.DataFrame, index: int, column: str, rule: str) -> Fault:
    """Name the row, column, value and source of one broken rule.

    Parameters
    ----------
    table : str
        Name of the table.
    frame : pandas.DataFrame
        The table.
    index : int
        Its index, as ``read_table`` gives it: the row in a spreadsheet less 2.
    column : str
        The column that is wrong, or an empty text for the row as a whole.
    rule : str
        What should be, and why it is not.
    """
    row = frame.loc[index]
    value = "" if not column or pd.isna(row[column]) else str(row[column])[:80]
    source = row.get("source_id", row.get("source_ids"))
    return Fault(f"{table}.csv", int(index) + FIRST_ROW, column, value, rule, "" if pd.isna(source) else str(source))


def find_dangling_keys(frames: Frames) -> Iterator[Fault]:
    """Values that should stand in another table and do not."""
    allowed_by = cache(partial(_allowed_values, frames))
    for name, frame in frames.items():
        for column, definition in TABLES[name].frame.columns.items():
            target = definition.metadata.get("refers_to")
            if not target:
                continue
            allowed = allowed_by(target)
            values, several = frame[column].dropna(), definition.metadata["kind"] == "list"
            dangling: dict[str, list[str]] = {}
            for value in values.unique():
                keys = [key.strip() for key in value.split(";")] if several else [value]
                dangling[value] = [key for key in keys if key not in allowed]
            for index, value in values[values.isin([value for value, own in dangling.items() if own])].items():
                for key in dangling[value]:
                    rule = f"does not stand in {target.split('|')[0]}" + (f": {key!r}." if several else ".")
                    yield fault(name, frame, index, column, rule)


def _allowed_values(frames: Frames, target: str) -> set[str]:
    main, *more = target.split("|")
    table, column = main.rsplit(".", 1)
    allowed = set(frames[table][column].unique())
    return allowed | set(frames["recognition/places"]["iso3"].unique()) if more else allowed


def find_disordered_triples(frames: Frames) -> Iterator[Fault]:
    """Ranges whose low, best and high are not in this order, as far as they are given."""
    for name, frame in frames.items():
        columns = TABLES[name].frame.columns
        lows = [column for column in frame.columns if column == "low" or column.endswith("_low")]
        for low in [column for column in lows if columns[column].metadata["kind"] != "date"]:
            stem = low.removesuffix("low")
            ends = [end for end in (low, stem + "best", stem + "high") if end in frame.columns]
            numbers = frame[ends].astype("float64")
            broken = pd.Series(False, index=frame.index)
            for small, large in combinations(ends, 2):
                broken |= numbers[small] > numbers[large]
            for index in frame.index[broken]:
                known = numbers.loc[index].dropna()
                text = ", ".join(f"{end} {value:g}" for end, value in known.items())
                yield fault(name, frame, index, known.index[0], f"low <= best <= high is broken: {text}.")


def find_unmarked_confidence(frames: Frames) -> Iterator[Fault]:
    """Rows whose note says that nobody has seen them in a source, and that are not marked low."""
    for name, frame in frames.items():
        if {"confidence", "note"} <= set(frame.columns):
            unseen = ~is_confirmed(frame) & (frame["confidence"] != "low")
            for index in frame.index[unseen]:
                yield fault(name, frame, index, "confidence", "must be low where the note begins with 'unconfirmed'.")


def find_wrong_source_roles(frames: Frames) -> Iterator[Fault]:
    """Sources called evidence that no row cites, and sources called context that some row cites."""
    cited = set().union(*(TABLES[name].cited_sources(frame) for name, frame in frames.items()))
    cited |= set(frames["recognition/disputes"]["alternative_source"].str.findall(r"\w+").explode())
    sources = frames["sources"]
    for index, row in sources.iterrows():
        role = "evidence" if row["source_id"] in cited else "context"
        if row["role"] != role:
            why = "some row cites it" if role == "evidence" else "no row cites it"
            yield fault("sources", sources, index, "role", f"must be {role}: {why}.")


def find_broken_pointers(frames: Frames) -> Iterator[Fault]:
    """Pointers of the briefing, and readings of the second reader, that lead to no row."""
    briefing = frames["briefing"]
    for index, pointers in briefing["pointers"].items():
        for pointer in pointers.split(";"):
            table, _, claim = pointer.partition("#")
            if table.endswith(".ipynb"):
                continue
            if table not in frames or claim not in set(frames[table][TABLES[table].key[0]]):
                which = f": {pointer!r}." if pointer != pointers else "."
                yield fault("briefing", briefing, index, "pointers", f"leads to no row{which}")
    readings = frames["second_readings"].dropna(subset=["claim_id"])
    for table, group in readings.groupby("table"):
        known = set(frames[table][TABLES[table].key[0]]) if table in frames else set()
        for index in group.index[~group["claim_id"].isin(known)]:
            yield fault("second_readings", readings, index, "claim_id", f"is no row of {table}.")


def find_wide_ranges(frames: Frames) -> Iterator[Fault]:
    """Ranges whose ends are so far apart that one of them is in another unit."""
    for name, frame in frames.items():
        for best in [column for column in TABLES[name].frame.columns if column == "best" or column.endswith("_best")]:
            low, high = (frame[best.removesuffix("best") + end].astype("float64") for end in ("low", "high"))
            for index in frame.index[(low > 0) & (high > WIDEST_RANGE * low)]:
                rule = f"must be at most {WIDEST_RANGE} times the lowest, {low[index]:g}."
                yield fault(name, frame, index, best.removesuffix("best") + "high", rule)


def find_ties_with_oneself(frames: Frames) -> Iterator[Fault]:
    """Rows that tie something to itself, such as an entity that recognises itself."""
    for name in filter(frames.__contains__, APART):
        frame = frames[name]
        for column, other in APART[name]:
            for index in frame.index[(frame[column] == frame[other]).fillna(False)]:
                yield fault(name, frame, index, column, f"must not be that of the column {other}; correct one of them.")
    for name in filter(frames.__contains__, NEVER):
        frame, (column, own) = frames[name], NEVER[name]
        for index in frame.index[frame[column].isin(own)]:
            yield fault(name, frame, index, column, "would be tied to itself; name another, or take the row out.")


def find_repeated_rows(frames: Frames) -> Iterator[Fault]:
    """Rows of two names that are about the same."""
    for name in filter(frames.__contains__, ONCE):
        frame, about = frames[name], list(ONCE[name])
        again = frame[frame.duplicated(about, keep=False)]
        for _, rows in again.groupby(about, dropna=False, sort=False):
            rule = f"has the same {', '.join(about)} as row {rows.index[0] + FIRST_ROW}; take one of them out."
            for index in rows.index[1:]:
                yield fault(name, frame, index, TABLES[name].key[0], rule)


RULES = (
    Rule("pairs", "nobody is tied to itself", (), find_ties_with_oneself),
    Rule("repeats", "what a row is about has one row", (), find_repeated_rows),
    Rule("keys", "a value that points to another table stands there", tuple(TABLES), find_dangling_keys),
    Rule("triples", "low <= best <= high", (), find_disordered_triples),
    Rule("unconfirmed", "what nobody has seen in a source is low", (), find_unmarked_confidence),
    Rule("source roles", "evidence is what some row cites", tuple(TABLES), find_wrong_source_roles),
    Rule(
        "pointers",
        "pointers of the briefing and of second readings lead to rows",
        tuple(TABLES),
        find_broken_pointers,
    ),
    Rule("widths", "the ends of a range are in one unit", (), find_wide_ranges),
)
