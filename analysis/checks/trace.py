"""Where a claim comes from, who read it twice, and who disagrees."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

from analysis.errors import ParameterError, require_choice
from analysis.schema import TABLES
from analysis.tables import load_table

MOST_NEAR = 5


@dataclass(frozen=True)
class Trace:
    """Everything that the data folder knows about one claim.

    Attributes
    ----------
    table, key : str
        Where the claim stands.
    claim : dict
        Its columns that are not empty.
    sources, readings, disputes : list of dict
        The rows of ``sources`` that it cites; of ``second_readings``, what a second reader checked or changed;
        of ``disputes``, what other sources give. Columns that are empty are left out.
    """

    table: str
    key: str
    claim: dict[str, str]
    sources: list[dict[str, str]]
    readings: list[dict[str, str]]
    disputes: list[dict[str, str]]

    def to_markdown(self) -> str:
        """Write the trace as Markdown, for quoting."""
        lines = [f"# {self.table}: {self.key}", ""]
        lines += [f"- **{name}**: {_plain(value)}" for name, value in self.claim.items()]
        lines += ["", "## Sources", ""]
        for source in self.sources:
            about = ", ".join(_plain(source[name]) for name in ("publisher", "year", "url") if name in source)
            lines.append(f"- **{source['source_id']}** ({source['kind']}): {_plain(source['title'])}. {about}")
        lines += ["", "## Second reading", ""]
        lines += [
            f"- {row['field']}: {_plain(row.get('old', 'empty'))} → {_plain(row.get('new', 'empty'))}; "
            f"{_plain(row['verdict'])}" + (f" (source {row['source_id']})" if "source_id" in row else "")
            for row in self.readings
        ] or ["Nobody has read this row a second time."]
        lines += ["", "## Disputes", ""]
        lines += [
            f"- used: {row['date_used']}; otherwise: {row['date_alternative']} ({_plain(row['alternative_source'])}): "
            f"{_plain(row['why'])}"
            for row in self.disputes
        ] or ["No disagreement of sources is recorded."]
        return "\n".join(lines) + "\n"

    def to_csv(self) -> str:
        """Write the trace as CSV, a row a fact: ``part, field, value``."""
        rows = [("claim", name, value) for name, value in self.claim.items()]
        for part, records in (("source", self.sources), ("second reading", self.readings), ("dispute", self.disputes)):
            rows += [(part, name, value) for record in records for name, value in record.items()]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([("part", "field", "value"), *rows])
        return text.getvalue()


def _plain(text: object) -> str:
    """Text in one line that Markdown takes as text."""
    return re.sub(r"([*_`\[\]<>|])", r"\\\1", " ".join(str(text).split()))


def trace(table: str, key: str) -> Trace:
    """Collect where one claim comes from.

    Parameters
    ----------
    table : str
        For example ``recognition/events``.
    key : str
        The claim's name, from the column ``claim_id`` or the table's own key.

    Raises
    ------
    ParameterError
        When there is no such table, or no such claim in it; names the nearest.

    Examples
    --------
    >>> trace("recognition/events", "NIC-TWN-relations-ended-2021-12-10").claim["confidence"]
    'high'
    """
    require_choice("table", table, [name for name, definition in TABLES.items() if definition.key])
    names = load_table(table)[TABLES[table].key[0]]
    if key not in set(names):
        within = [name for name in names if key.casefold() in name.casefold()]
        near = (within or get_close_matches(key, names, n=MOST_NEAR, cutoff=0.3))[:MOST_NEAR]
        hint = f"the nearest are {', '.join(near)}" if near else "nothing is near"
        raise ParameterError(
            f"{key or repr(key)} is none of the {len(names):,} claims of {table}; {hint}; "
            "`domes report --all` writes a page with all."
        )
    return next(trace_table(table, {key}))


def trace_table(table: str, keys: set[str] | None = None) -> Iterator[Trace]:
    """Collect where each claim of a table comes from, in the order of the table.

    Parameters
    ----------
    table : str
        For example ``recognition/events``.
    keys : set of str, optional
        Only these claims; by default all.
    """
    key = TABLES[table].key[0]
    frame = load_table(table)
    sources = _records_by(load_table("sources"), "source_id")
    readings = load_table("second_readings")
    read = _records_by(readings[readings["table"] == table], "claim_id")
    disputed = _records_by(load_table("recognition/disputes"), "claim_id") if table == "recognition/events" else {}
    columns = TABLES[table].source_columns
    for claim in _records(frame if keys is None else frame[frame[key].isin(keys)]):
        cited = dict.fromkeys(name.strip() for column in columns for name in claim.get(column, "").split(";"))
        yield Trace(
            table=table,
            key=claim[key],
            claim=claim,
            sources=[record for name in cited for record in sources.get(name, [])],
            readings=read.get(claim[key], []),
            disputes=disputed.get(claim[key], []),
        )


def _records_by(frame: pd.DataFrame, column: str) -> dict[str, list[dict[str, str]]]:
    groups: dict[str, list[dict[str, str]]] = {}
    for record in _records(frame):
        groups.setdefault(record.get(column, ""), []).append(record)
    return groups


def _records(frame: pd.DataFrame) -> list[dict[str, str]]:
    rows = frame.astype("str").where(frame.notna(), "").to_dict("records")
    return [{name: value for name, value in row.items() if value} for row in rows]
