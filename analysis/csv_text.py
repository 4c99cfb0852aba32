"""The rows and cells of a CSV text, or the line from which on they cannot be told apart."""

import csv
import io
import re

from analysis.errors import DataError

QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"(?=[,\r\n]|$)')
PLAIN = re.compile(r'(?!")[^,\r\n]*')
"""The two ways in which a cell of a CSV file may be written."""
LARGEST_CELL = 131_072  # letters, as Python's own limit


class BrokenRowError(DataError):
    """A row of a CSV file that cannot be told apart from the next ones; ``row`` is its number in a spreadsheet."""

    def __init__(self, row: int, message: str) -> None:
        super().__init__(message)
        self.row = row


def split_rows(text: str) -> list[list[str]]:
    """Split the text of a CSV file into rows and cells.

    Parameters
    ----------
    text : str
        The file, with the ends of lines that it has.

    Returns
    -------
    list of list of str
        The cells of each row, as a spreadsheet numbers them from 1; none for a blank line.

    Raises
    ------
    BrokenRowError
        Where a quote is not closed, or a cell is too long; names row, line, and what to do.

    Examples
    --------
    >>> split_rows('a,b\\n1,"two, three"\\n')
    [['a', 'b'], ['1', 'two, three']]
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    begun = 0
    usual = csv.field_size_limit(LARGEST_CELL)  # a library may have raised it for the whole process
    try:
        for row in reader:
            rows.append(row)
            begun = reader.line_num
    except csv.Error as error:
        reason = _say_broken(text, begun, reader.line_num, error)
        raise BrokenRowError(len(rows) + 1, f"is no proper CSV: {reason}") from None
    finally:
        csv.field_size_limit(usual)
    return rows


def _say_broken(text: str, begun: int, reached: int, error: csv.Error) -> str:
    """Say in which line the quote opens that was not closed until the reader gave up."""
    row = "".join(list(io.StringIO(text, newline=""))[begun:reached])
    place = 0
    while cell := QUOTED.match(row, place) or PLAIN.match(row, place):
        place = cell.end() + 1
        if row[cell.end() : place] != ",":
            return f"{error} (line {begun + 1}); shorten the cell, or close a quote that is open."
    line = begun + len(io.StringIO(row[: place + 1], newline="").readlines())
    return (
        f"a quote opens in line {line}, and its cell is not closed ({error}, line {reached}); "
        'close it, and write a quote within a cell twice ("").'
    )
