"""The published description of the tables: a Data Package and a code book, both made from the schemas."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping

from analysis.recognition.facts.choices import PANEL_FORMATS
from analysis.schema import TABLES, Table

CUT_OFF = "2026-11-22"
TITLE = "Domes & Ties: layered air defence and diplomatic recognition, from cited public sources"
FIELD_TYPES = {"integer": "integer", "number": "number", "flag": "boolean", "day": "date"}
LICENCES = [
    {
        "name": "CC-BY-4.0",
        "title": "Creative Commons Attribution 4.0",
        "path": "https://creativecommons.org/licenses/by/4.0/",
    }
]


def data_package(contents: Mapping[str, bytes]) -> str:
    """Describe every table by the Data Package standard (version 2), as JSON text.

    Parameters
    ----------
    contents : mapping of str to bytes
        What the file of each table holds, by the table's name; its checksum and its rows are told.

    Notes
    -----
    ``cut_off`` is the last day on which the facts were compiled; it is ours, as are ``rows`` of a table and
    ``unit`` of a field. A page says that its tables are a user's own where their checksum is another one.

    References
    ----------
    Data Package standard, https://datapackage.org/standard/data-package/

    Examples
    --------
    >>> package = json.loads(data_package(dict.fromkeys(TABLES, b"source_id\\nC52\\n")))
    >>> package["resources"][0]["name"], package["resources"][0]["rows"]
    ('sources', 1)
    """
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "domes-and-ties",
        "title": TITLE,
        "cut_off": CUT_OFF,
        "licenses": LICENCES,
        "resources": [describe_table(one) | describe_file(contents[name]) for name, one in TABLES.items()],
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def describe_file(content: bytes) -> dict:
    """Describe what a table's file holds: its checksum and how many rows.

    Examples
    --------
    >>> describe_file(b"n\\n1\\n2\\n")["rows"]
    2
    """
    rows = sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8")))) - 1
    return {"hash": f"sha256:{hashlib.sha256(content).hexdigest()}", "rows": rows}


def describe_table(definition: Table, format: str = "csv") -> dict:
    """Describe one table as a resource of a Data Package: path, format, columns, keys.

    Examples
    --------
    >>> describe_table(TABLES["recognition/lineage"])["schema"]["primaryKey"]
    ['predecessor', 'successor']
    """
    fields = [_field(name, column) for name, column in definition.frame.columns.items()]
    keys = [
        {"fields": [name], "reference": {"resource": _resource_name(table), "fields": [column]}}
        for name, table, column in references(definition)
    ]
    schema = {"fields": fields, "primaryKey": list(definition.key)} if definition.key else {"fields": fields}
    return {
        "name": _resource_name(definition.name),
        "path": f"{definition.name}.{format}",
        "description": f"One row is {definition.row}.",
        **({"type": "table"} if format != "dta" else {}),  # no reader of the standard knows Stata's files
        "format": format,
        "mediatype": PANEL_FORMATS[format],
        **({"encoding": "utf-8"} if format == "csv" else {}),
        "schema": {**schema, "foreignKeys": keys} if keys else schema,
    }


def references(definition: Table) -> list[tuple[str, str, str]]:
    """List the columns of a table whose single value must stand in one other table.

    Returns
    -------
    list of (column, other table, other column)
        Lists of identifiers and codes that may be places are left out: the standard has no word for them.
    """
    found = []
    for name, column in definition.frame.columns.items():
        target = column.metadata.get("refers_to")
        if target and column.metadata["kind"] != "list" and "|" not in target:
            table, other = target.rsplit(".", 1)
            found.append((name, table, other))
    return found


def _resource_name(table: str) -> str:
    return table.replace("/", "-").replace("_", "-")


def _field(name: str, column) -> dict:
    known = column.metadata
    limits = {"enum": known.get("allowed"), "pattern": known.get("pattern")}
    limits |= {"minimum": known.get("low"), "maximum": known.get("high")}
    constraints = {word: value for word, value in limits.items() if value is not None}
    constraints["required"] = not column.nullable
    field = {
        "name": name,
        "type": FIELD_TYPES.get(known["kind"], "string"),
        "description": column.description,
    }
    if known.get("unit"):
        field["unit"] = known["unit"]
    return {**field, "constraints": constraints}


def code_book() -> str:
    """Describe every column of every table for a reader, as Markdown.

    Examples
    --------
    >>> code_book().splitlines()[0]
    '# Code book'
    """
    lines = [
        "# Code book",
        "",
        f"Made from `analysis/schema/` by `make data-documents`; facts compiled up to {CUT_OFF}. "
        "An empty cell means not known or not published, never zero. "
        "Dates are ISO 8601 in the precision that is known.",
    ]
    for definition in TABLES.values():
        lines += ["", f"## {definition.name}", "", *explain_table(definition)]
    return "\n".join(lines) + "\n"


def explain_table(definition: Table) -> list[str]:
    """Explain one table for a reader: what a row is, the key, and a line for each column."""
    return [
        f"One row is {definition.row}. Key: {', '.join(definition.key) or 'none, rows may repeat'}.",
        "",
        "| column | type | unit | may be empty | meaning | allowed |",
        "|---|---|---|---|---|---|",
        *(_code_book_row(name, column) for name, column in definition.frame.columns.items()),
    ]


def _code_book_row(name: str, column) -> str:
    known = column.metadata
    if known.get("allowed"):
        allowed = ", ".join(known["allowed"])
    elif known.get("refers_to"):
        allowed = "a value of " + known["refers_to"].replace("|places", " or recognition/places.iso3")
    elif known.get("high") is not None:
        allowed = f"{known.get('low')} to {known['high']}"
    elif known.get("low") is not None:
        allowed = f"{known['low']} or more"
    else:
        allowed = ""
    empty = "yes" if column.nullable else "no"
    return f"| {name} | {known['kind']} | {known.get('unit', '')} | {empty} | {column.description} | {allowed} |"
