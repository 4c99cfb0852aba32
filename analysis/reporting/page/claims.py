"""Pages of what stands behind the others: the claims of each table, one by one, and the self-check."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from textwrap import shorten
from urllib.parse import quote

from markupsafe import Markup, escape

from analysis.checks.trace import Trace, trace_table
from analysis.figures.air_defence.words import CLASS_WORDS, name_system
from analysis.figures.recognition.words import NAMES
from analysis.figures.words import name_column, name_table, names_of_sources, raise_first
from analysis.own_case.laid import SOURCE
from analysis.parameters import FOOTER_MIME
from analysis.reporting.page.beside import CLAIMS, Beside
from analysis.reporting.page.references import address_of
from analysis.reporting.page.render import TEMPLATES, render, word
from analysis.reporting.run.catalogue import Notebook
from analysis.reporting.run.files import write_whole
from analysis.schema import TABLES
from analysis.tables import data_folder, load_table

SELF_CHECK = "self-check.html"
FLOAT = re.compile(r"\d+\.0|\d(\.\d+)?e\+\d+")
"""A whole number as pandas writes it among others."""
SAID_APART = ("confidence", "source_id", "note")
ABOUT = {
    "air_defence/engagements": ("claimed_by", "defender", "attack_type", "date_start", "date_end"),
    "air_defence/observed_raids": ("name", "threat_class", "launched", "engaged", "counted_by"),
    "air_defence/ukraine_models": ("model", "threat_class"),
}
"""Columns that say what a claim is about, where the first ones do not."""
SOURCED = ("source_id", "source_ids")  # said with title and publisher
CODES = ("_id", "_ids")
"""How the names of columns end that hold codes: these stand last, unless the code has a name."""
CHOICE = re.compile(r"[a-z]+(_[a-z]+)+")
LONGEST_WORDS, MOST_WORDS = 60, 6
"""Letters of what one column says of a claim, and how many columns, in the line that opens it."""
# Rows by the thousand from one or two sources, and the readings, which stand with the claims that they read.
WITHOUT_PAGE = {
    "recognition/comparison_missions",
    "recognition/comparison_rich",
    "recognition/un_alignment",
    "recognition/un_votes",
    "second_readings",
}


def tables_of(executed: Path) -> list[str]:
    """List the tables that the footer of an executed notebook names."""
    cells = Notebook(executed, executed.stem).content["cells"]
    outputs = (output.get("data", {}) for cell in cells for output in cell.get("outputs", []))
    footers = (data[FOOTER_MIME] for data in outputs if FOOTER_MIME in data)
    return [table for footer in footers for table in footer["tables"] if table in TABLES]


def write_claims(folder: Path, tables: Iterable[str]) -> None:
    """Write the page of each table that has one, unless it was made from the same data and template.

    Parameters
    ----------
    folder : pathlib.Path
        The reports' folder; the pages go to ``claims/`` in it.
    tables : iterable of str
        Names of tables.
    """
    for table in filter(has_page, tables):
        path = folder / CLAIMS / _file_name(table)
        digest = _digest(table)
        if not path.exists() or digest not in path.read_text(encoding="utf-8"):
            _write_table(path, table, digest)


def write_self_check(folder: Path) -> Path:
    """Write the page of every published figure that we must reproduce, with ours beside it; return where it is."""
    from analysis.checks import self_check as checked  # the models, which no other page needs

    table = checked.self_check()
    sources = load_table("sources")
    names = names_of_sources(sources)
    addresses = {row["source_id"]: address_of(row) for row in sources.to_dict("records")}
    table["address"] = table["source_id"].map(addresses).fillna("")
    table["source"] = table["source_id"].map(names).fillna(word("worked_out"))
    counts = {
        "all": len(table),
        "agree": int((table["difference"] == 0).sum()),
        "unexplained": int(checked.is_unexplained(table).sum()),
    }
    path = folder / SELF_CHECK
    values = {"rows": table.to_dict("records"), "counts": counts}
    values |= {"blind": checked.blind_line(), "hindcast": checked.hindcast_lines()}
    write_whole(path, render("self_check.html.j2", **values))
    return path


def has_page(table: str) -> bool:
    """Tell whether a table holds claims that cite a source, and few enough for a page."""
    return bool(TABLES[table].source_columns) and len(TABLES[table].key) == 1 and table not in WITHOUT_PAGE


def _keys_of_ours(table: str) -> Iterable[str]:
    """The keys of the rows of a table that no case of the user has put there: those have a page of claims."""
    rows = load_table(table)
    own = rows[TABLES[table].source_columns].eq(SOURCE).any(axis=1)
    return rows.loc[~own, TABLES[table].key[0]].astype("str")


def _is_known(table: str) -> bool:
    return table in TABLES and has_page(table)


@dataclass(frozen=True)
class Claims:
    """Where the claims of some tables stand, seen from a page.

    Attributes
    ----------
    tables : tuple of str
        Tables that the page rests on.
    beside : Beside
        What lies beside the page; without pages of claims no claim has an address.
    """

    tables: tuple[str, ...]
    beside: Beside

    def address(self, key: str) -> str:
        """Return the address of a claim, of the first where semicolons join several; empty where none is known."""
        first = key.split(";")[0].strip()
        table = self._table_of.get(first) if self.beside.together.shared else None
        return f"{_address(self.beside, table)}#{quote(first)}" if table else ""

    def pages(self) -> list[tuple[str, str]]:
        """The pages of the claims of all tables that are made: address, and what a reader calls the table."""
        known = filter(_is_known, self.tables) if self.beside.together.shared else ()
        return [(_address(self.beside, name), name_table(name)) for name in known]

    @cached_property
    def _table_of(self) -> dict[str, str]:
        known = filter(_is_known, self.tables)
        return {key: name for name in known for key in _keys_of_ours(name)}


def link_tables(footer: Markup, tables: Mapping[str, str], beside: Beside) -> Markup:
    """Link each table that a page's footer names to the page of its claims, where that is made.

    Parameters
    ----------
    footer : Markup
        The footer, which says ``table checksum`` for each.
    tables : mapping
        Table to checksum.
    beside : Beside
        What lies beside the page.
    """
    for table, checksum in tables.items():
        if beside.together.shared and _is_known(table):
            link = Markup('<a href="{}">{}</a> {}').format(_address(beside, table), table, checksum)
            footer = Markup(str(footer).replace(str(escape(f"{table} {checksum}")), str(link), 1))
    return footer


def _digest(table: str) -> str:
    """A checksum of everything that a page of claims is made from."""
    beside = ("sources", "second_readings", "recognition/disputes", *_naming(table))
    data = [data_folder() / f"{name}.csv" for name in (table, *beside)]
    contents = [path.read_bytes() for path in (*data, *sorted(TEMPLATES.iterdir()))]
    return hashlib.sha256(b"".join(contents)).hexdigest()[:12]


def _naming(table: str) -> tuple[str, ...]:
    """List the tables that name the codes of another; a page of recognition needs none of the other room."""
    return ("air_defence/systems",) if table.startswith("air_defence/") else ()


def _write_table(path: Path, table: str, digest: str) -> None:
    definition = TABLES[table]
    key = definition.key[0]
    values = {"table": table, "row": definition.row, "key": key, "key_words": name_column(key), "digest": digest}
    names = NAMES | {name: words.lower() for name, words in CLASS_WORDS.items()}
    for naming in _naming(table):
        names |= load_table(naming).set_index("system_id")["name"].map(name_system).to_dict()
    claims = [_claim(trace, names) for trace in trace_table(table)]
    write_whole(path, render("claims.html.j2", claims=claims, **values))


def _file_name(table: str) -> str:
    return f"{table.replace('/', '-')}.html"


def _address(beside: Beside, table: str) -> str:
    """Where the page of the claims of a table is, seen from a page."""
    return f"{beside.up}{CLAIMS}/{_file_name(table)}"


def _claim(trace: Trace, names: Mapping[str, str]) -> dict:
    """What the template shows of one claim."""
    cells = {name: value for name, value in trace.claim.items() if value != trace.key}
    codes = {name: value for name, value in cells.items() if name.endswith(CODES) and value not in names}
    facts = {name_column(name): _write(cells[name], names) for name in cells if name not in codes}
    sources = [source | {"address": address_of(source)} for source in trace.sources]
    records = {"sources": sources, "readings": trace.readings, "disputes": trace.disputes}
    codes = {name_column(name): value for name, value in codes.items() if not (name in SOURCED and sources)}
    own = {"facts": facts, "codes": codes}
    return {"key": trace.key, "words": _in_words(trace, names), **own, **records}


def _write(value: str, names: Mapping[str, str]) -> str:
    """Write a cell in full: a code with its name, and a choice of several words as these."""
    if value in names:
        return raise_first(names[value]) + (f" ({value})" if names[value].lower() != value else "")
    return value.replace("_", " ") if CHOICE.fullmatch(value) else value


def _in_words(trace: Trace, names: Mapping[str, str]) -> str:
    """Say what a claim is about: what stands in its first columns, with names for codes."""
    cells = {name: trace.claim[name] for name in ABOUT.get(trace.table, trace.claim) if name in trace.claim}
    own = [
        value
        for name, value in cells.items()
        if name not in SAID_APART and (trace.table in ABOUT or value != trace.key)
    ]
    return ", ".join(dict.fromkeys(_name(value, names) for value in own[:MOST_WORDS]))


def _name(value: str, names: Mapping[str, str]) -> str:
    """Write a cell as words: a name for a code, separators in a large number, the start of a long text."""
    if FLOAT.fullmatch(value):
        return f"{float(value):,.10g}"
    return names.get(value) or shorten(value.replace("_", " "), LONGEST_WORDS, placeholder=" …")
