"""Where a claim comes from, who read it twice, and who disagrees."""

import csv
import io
import re
from dataclasses import dataclass

import pandas as pd

from analysis.errors import require_choice
from analysis.schema import TABLES
from analysis.tables import load_table


@dataclass(frozen=True)
class Trace:
    """Everything that the data folder knows about one claim.

    Attributes
    ----------
    table, key : str
        Where the claim stands.
    claim : dict
        Its columns that are not empty.
    sources : pandas.DataFrame
        The sources that it cites; one row is a source.
    readings : pandas.DataFrame
        What a second reader checked or changed; one row is a field.
    disputes : pandas.DataFrame
        Other dates or states of affairs that other sources give; one row is a dispute.
    """

    table: str
    key: str
    claim: dict[str, str]
    sources: pd.DataFrame
    readings: pd.DataFrame
    disputes: pd.DataFrame

    def to_markdown(self) -> str:
        """Write the trace as Markdown, for quoting."""
        lines = [f"# {self.table}: {self.key}", ""]
        lines += [f"- **{name}**: {_plain(value)}" for name, value in self.claim.items()]
        lines += ["", "## Sources", ""]
        for source in self.sources.fillna("").to_dict("records"):
            facts = [source["publisher"], str(source["year"]), source["url"]]
            about = ", ".join(_plain(fact) for fact in facts if fact)
            lines.append(f"- **{source['source_id']}** ({source['kind']}): {_plain(source['title'])}. {about}")
        lines += ["", "## Second reading", ""]
        lines += [
            f"- {row['field']}: {_plain(row['old']) or 'empty'} → {_plain(row['new']) or 'empty'}; "
            f"{_plain(row['verdict'])}" + (f" (source {row['source_id']})" if row["source_id"] else "")
            for row in self.readings.fillna("").to_dict("records")
        ] or ["Nobody has read this row a second time."]
        lines += ["", "## Disputes", ""]
        lines += [
            f"- used: {row['date_used']}; otherwise: {row['date_alternative']} ({_plain(row['alternative_source'])}): "
            f"{_plain(row['why'])}"
            for row in self.disputes.fillna("").to_dict("records")
        ] or ["No disagreement of sources is recorded."]
        return "\n".join(lines) + "\n"

    def to_csv(self) -> str:
        """Write the trace as CSV, a row a fact: ``part, field, value``."""
        rows = [("claim", name, value) for name, value in self.claim.items()]
        for part, frame in (("source", self.sources), ("second reading", self.readings), ("dispute", self.disputes)):
            for record in frame.to_dict("records"):
                rows += [(part, name, str(value)) for name, value in record.items() if not pd.isna(value)]
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
    require_choice("table", table, TABLES)
    frame = load_table(table)
    names = frame[TABLES[table].key[0]]
    if key not in set(names):
        near = [name for name in names if key.casefold() in name.casefold()]
        require_choice(f"{table} key", key, near[:12] or list(names))
    row = frame[names == key].iloc[0].dropna()
    cited = [name for column in row.index if _cites_source(table, column) for name in row[column].split(";")]
    sources, readings, disputes = (load_table(name) for name in ("sources", "second_readings", "recognition/disputes"))
    return Trace(
        table=table,
        key=key,
        claim={name: str(value) for name, value in row.items()},
        sources=sources[sources["source_id"].isin([name.strip() for name in cited])],
        readings=readings[(readings["table"] == table) & (readings["claim_id"] == key)],
        disputes=disputes[disputes["claim_id"] == key] if table == "recognition/events" else disputes.head(0),
    )


def _cites_source(table: str, column: str) -> bool:
    return TABLES[table].frame.columns[column].metadata.get("refers_to") == "sources.source_id"
