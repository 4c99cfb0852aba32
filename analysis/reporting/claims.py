"""A page for each table: its claims, one by one, with source, second reading and disputes; pages link to it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import nbformat
from markupsafe import Markup, escape

from analysis.checks.trace import Trace, trace_table
from analysis.parameters import FOOTER_MIME
from analysis.reporting.files import write_whole
from analysis.reporting.render import render
from analysis.schema import TABLES
from analysis.tables import data_folder

FOLDER = "claims"
# Rows by the thousand from one or two sources, and the readings, which stand with the claims that they read.
WITHOUT_PAGE = {"recognition/un_alignment", "recognition/un_votes", "second_readings"}


def tables_of(executed: Path) -> list[str]:
    """List the tables that the footer of an executed notebook names."""
    outputs = (output for cell in nbformat.read(executed, as_version=4).cells for output in cell.get("outputs", []))
    footers = (output.data[FOOTER_MIME] for output in outputs if FOOTER_MIME in output.get("data", {}))
    return [table for footer in footers for table in footer["tables"] if table in TABLES]


def write_claims(folder: Path, tables: Iterable[str]) -> None:
    """Write the page of each table that has one, unless it is newer than the data.

    Parameters
    ----------
    folder : pathlib.Path
        The reports' folder; the pages go to ``claims/`` in it.
    tables : iterable of str
        Names of tables.
    """
    for table in filter(has_page, tables):
        path = folder / FOLDER / _file_name(table)
        data = [data_folder() / f"{name}.csv" for name in (table, "sources", "second_readings", "recognition/disputes")]
        if not path.exists() or path.stat().st_mtime < max(file.stat().st_mtime for file in data):
            _write_table(path, table)


def has_page(table: str) -> bool:
    """Tell whether a table holds claims that cite a source, and few enough for a page."""
    columns = TABLES[table].frame.columns.values()
    cites = any(column.metadata.get("refers_to") == "sources.source_id" for column in columns)
    return cites and len(TABLES[table].key) == 1 and table not in WITHOUT_PAGE


def link_tables(footer: Markup, tables: Mapping[str, str], page: str) -> Markup:
    """Link each table that a page's footer names to the page of its claims.

    Parameters
    ----------
    footer : Markup
        The footer, which says ``table checksum`` for each.
    tables : mapping
        Table to checksum.
    page : str
        Name of the notebook, from which the depth of its page below the reports' folder follows.
    """
    up = "../" * page.count("/")
    for table, checksum in tables.items():
        if table in TABLES and has_page(table):
            link = Markup('<a href="{}">{}</a> {}').format(f"{up}{FOLDER}/{_file_name(table)}", table, checksum)
            footer = Markup(str(footer).replace(str(escape(f"{table} {checksum}")), str(link), 1))
    return footer


def _write_table(path: Path, table: str) -> None:
    definition = TABLES[table]
    claims = [_claim(trace) for trace in trace_table(table)]
    write_whole(path, render("claims.html.j2", table=table, row=definition.row, key=definition.key[0], claims=claims))


def _file_name(table: str) -> str:
    return f"{table.replace('/', '-')}.html"


def _claim(trace: Trace) -> dict:
    """What the template shows of one claim."""
    facts = {name: value for name, value in trace.claim.items() if value != trace.key}
    records = {"sources": trace.sources, "readings": trace.readings, "disputes": trace.disputes}
    return {"key": trace.key, "facts": facts, **records}
