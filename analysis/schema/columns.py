"""The kinds of column in our tables: each is a pandera column with a meaning, a unit and a rule in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pandera.pandas as pa

from analysis.case_in_use import Names

DTYPES = {
    "text": "str",
    "list": "str",
    "date": "str",
    "day": "datetime64[us]",
    "integer": "Int64",
    "number": "float64",
    "flag": "boolean",
}
SOURCES = "sources.source_id"
MOMENT_PATTERN = r"\d{4}-\d{2}-\d{2}(\D.*)?"
"""A day, and whatever follows it that is no digit: no number of ours needs the time of day."""
FIRST_YEAR, LAST_YEAR = 1700, 2040
"""Between these lies every date of the tables; a year that is mistyped seldom does."""
DATE_PATTERN = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"


@dataclass(frozen=True)
class Table:
    """One table of the data folder.

    Attributes
    ----------
    name : str
        Folder and file without ending, for example ``recognition/events``.
    row : str
        What one row is.
    key : tuple of str
        The columns that together name a row; with one column, its value is the claim's name. Without any, rows have
        no name, and two may be equal.
    frame : pandera DataFrameSchema
        Columns in their order, with types, ranges and choices.
    """

    name: str
    row: str
    key: tuple[str, ...]
    frame: pa.DataFrameSchema

    @property
    def source_columns(self) -> list[str]:
        """The columns whose cells name sources, one or several joined by semicolons."""
        return [name for name, column in self.frame.columns.items() if column.metadata.get("refers_to") == SOURCES]

    def cited_sources(self, frame: pd.DataFrame) -> set[str]:
        """Name every source that some row of the table cites."""
        cells = {cell for column in self.source_columns for cell in frame[column].dropna().unique()}
        return {name.strip() for cell in cells for name in cell.split(";")}


def table(name: str, row: str, key: str | tuple[str, ...], columns: dict[str, pa.Column]) -> Table:
    """Put columns together to a table whose columns may be neither more, nor fewer, nor in another order."""
    names = (key,) if isinstance(key, str) else key
    frame = pa.DataFrameSchema(columns, strict=True, ordered=True, unique=list(names) or None, name=name)
    return Table(name, row, names, frame)


def _column(kind: str, description: str, checks: list[pa.Check], **options: object) -> pa.Column:
    nullable = bool(options.pop("empty", False))
    metadata = {"kind": kind, **{name: value for name, value in options.items() if value is not None}}
    return pa.Column(DTYPES[kind], checks, nullable=nullable, description=description, metadata=metadata)


def text(description: str, *, empty: bool = False, refers_to: str | None = None) -> pa.Column:
    """Free text; ``refers_to`` names the column of another table in which the value must stand."""
    return _column("text", description, [], empty=empty, refers_to=refers_to)


def identifier(description: str, pattern: str = r"[^\s|]+( [^\s|]+)*", *, empty: bool = False) -> pa.Column:
    """A name that other rows may point to: no bar, no space at either end."""
    rule = pa.Check.str_matches(f"^(?:{pattern})$", error=f"must look like {pattern}")
    return _column("text", description, [rule], empty=empty, pattern=pattern)


def choice(description: str, allowed: Iterable[str], *, empty: bool = False) -> pa.Column:
    """One of a closed list of words, to which a case of the user may add where they are ``Names``."""
    words = list(allowed)
    error = f"must be one of {', '.join(words)}"
    if isinstance(allowed, Names):  # a case of the user may add to them
        rule = pa.Check(lambda values: values.isin(list(allowed)), error=error)
    else:
        rule = pa.Check.isin(words, error=error)
    return _column("text", description, [rule], empty=empty, allowed=words)


def code_list(description: str, refers_to: str | None = None, *, empty: bool = True) -> pa.Column:
    """Several identifiers in one cell, joined by semicolons."""
    return _column("list", description, [], empty=empty, refers_to=refers_to)


def iso_day(description: str, *, empty: bool = False) -> pa.Column:
    """A date in ISO 8601, in the precision that is known: 1979, 1979-12 or 1979-12-31."""
    rule = pa.Check(_all_dates, error="must be a real date written YYYY, YYYY-MM or YYYY-MM-DD")
    near = pa.Check(_all_near, error=f"must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return _column("date", description, [rule, near], empty=empty, pattern=DATE_PATTERN)


def day(description: str) -> pa.Column:
    """A whole day, or empty."""
    return _column("day", description, [], empty=True)


def _all_dates(values: pd.Series) -> pd.Series:
    known = values.dropna().drop_duplicates()
    real = {value for value in known if re.fullmatch(DATE_PATTERN, value) and _is_day(value)}
    return values.isna() | values.isin(real)


def _all_near(values: pd.Series) -> pd.Series:
    return values.isna() | values.str[:4].between(str(FIRST_YEAR), str(LAST_YEAR))


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value + "-01-01"[len(value) - 4 :] if len(value) < 10 else value)
    except ValueError:
        return False
    return True


def moment(description: str) -> pa.Column:
    """A day, after which a time of day may stand in whatever way a report writes it: 2025-07-01 or 2025-07-01 8:30."""
    rule = pa.Check(_all_moments, error="must begin with a real day written YYYY-MM-DD, a time may follow")
    near = pa.Check(_all_near, error=f"must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return _column("text", description, [rule, near], pattern=MOMENT_PATTERN)


def _all_moments(values: pd.Series) -> pd.Series:
    known = values.dropna().drop_duplicates()
    real = {value for value in known if re.fullmatch(MOMENT_PATTERN, value) and _is_day(value[:10])}
    return values.isna() | values.isin(real)


def integer(
    description: str,
    low: int | None = None,
    high: int | None = None,
    *,
    unit: str | None = None,
    empty: bool = False,
) -> pa.Column:
    """A whole number within a closed range."""
    return _column("integer", description, _range(low, high), unit=unit, low=low, high=high, empty=empty)


def number(
    description: str,
    low: float | None = None,
    high: float | None = None,
    *,
    unit: str | None = None,
    empty: bool = False,
) -> pa.Column:
    """A number within a closed range, with its unit."""
    return _column("number", description, _range(low, high), unit=unit, low=low, high=high, empty=empty)


def _range(low: float | None, high: float | None) -> list[pa.Check]:
    rules = []
    if low is not None:
        rules.append(pa.Check.ge(low, error=f"must be {low} or more"))
    if high is not None:
        rules.append(pa.Check.le(high, error=f"must be {high} or less"))
    return rules


def flag(description: str) -> pa.Column:
    """True or false."""
    return _column("flag", description, [])


def triple(
    name: str, description: str, most: int, unit: str | None = None, *, least: int = 0, integers: bool = False
) -> dict[str, pa.Column]:
    """Three columns ``<name>_low``, ``_best``, ``_high`` from ``least`` to ``most``; any may be empty."""
    make = integer if integers else number
    return {
        f"{name}_{end}" if name else end: make(f"{description}: {word}", least, most, unit=unit, empty=True)
        for end, word in (("low", "lowest"), ("best", "best single value"), ("high", "highest"))
    }


def evidence(source: str = "source_id") -> dict[str, pa.Column]:
    """The columns at the end of every claim: how sure, from where, and what else should be known."""
    column = (
        text("Source of the claim", refers_to=SOURCES)
        if source == "source_id"
        else code_list("Sources of the row", SOURCES)
    )
    return {
        "confidence": choice(
            "high: seen in a source of whatever kind; medium: partly seen; low: weak, or unconfirmed (see note)",
            ("high", "medium", "low"),
        ),
        source: column,
        "note": text(
            "What a reader should know; 'unconfirmed' at the start: nobody has seen it in a source",
            empty=True,
        ),
    }
