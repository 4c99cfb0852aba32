"""What a rule of the data is, and the rules that hold for every table."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from analysis.air_defence.facts.claims import is_confirmed
from analysis.errors import Fault
from analysis.schema import TABLES
from analysis.tables import FIRST_ROW

Frames = dict[str, pd.DataFrame]


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
    """

    name: str
    sentence: str
    tables: tuple[str, ...]
    find: Callable[[Frames], Iterable[Fault]]


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
    for name, frame in frames.items():
        for column, definition in TABLES[name].frame.columns.items():
            target = definition.metadata.get("refers_to")
            if not target:
                continue
            allowed = _allowed_values(frames, target)
            values = frame[column].dropna()
            if definition.metadata["kind"] == "list":
                values = values.str.split(";").explode().str.strip()
            for index, value in values[~values.isin(allowed)].items():
                rule = f"does not stand in {target.split('|')[0]}: {value!r}."
                yield fault(name, frame, index, column, rule)


def _allowed_values(frames: Frames, target: str) -> set[str]:
    main, *more = target.split("|")
    table, column = main.rsplit(".", 1)
    allowed = set(frames[table][column])
    return allowed | set(frames["recognition/places"]["iso3"]) if more else allowed


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
            yield fault("sources", sources, index, "role", f"must be {role}: {why} ({row['source_id']}).")


def find_broken_pointers(frames: Frames) -> Iterator[Fault]:
    """Pointers of the briefing, and readings of the second reader, that lead to no row."""
    briefing = frames["briefing"]
    for index, pointers in briefing["pointers"].items():
        for pointer in pointers.split(";"):
            table, _, claim = pointer.partition("#")
            if table.endswith(".ipynb"):
                continue
            if table not in frames or claim not in set(frames[table][TABLES[table].key[0]]):
                yield fault("briefing", briefing, index, "pointers", f"leads to no row: {pointer!r}.")
    readings = frames["second_readings"].dropna(subset=["claim_id"])
    for table, group in readings.groupby("table"):
        known = set(frames[table][TABLES[table].key[0]]) if table in frames else set()
        for index in group.index[~group["claim_id"].isin(known)]:
            yield fault("second_readings", readings, index, "claim_id", f"is no row of {table}.")


RULES = (
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
)
