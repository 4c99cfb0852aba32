"""``datapackage.json``, the description of a folder of tables: how many rows each table should have."""

import json
from functools import lru_cache
from pathlib import Path

from analysis.errors import Fault

PACKAGE = "datapackage.json"
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading it raises where it is out of reach, or something else than it should be."""


def expected_rows(package: Path) -> dict[str, int]:
    """Read how many rows each file of a table should have; nothing where nobody says so."""
    try:
        return _rows_of(package, package.stat().st_mtime_ns)
    except UNREADABLE:
        return {}


def find_package_fault(folder: Path) -> Fault | None:
    """Find out whether the description is there and cannot say how many rows the tables should have."""
    package = folder / PACKAGE
    if not package.exists():
        return None  # a folder of the user's own need not have it
    try:
        _rows_of(package, package.stat().st_mtime_ns)
    except UNREADABLE:
        rule = "cannot be read, so nobody can tell whether a table was cut short; restore it, or `make data-documents`."
        return Fault(PACKAGE, 0, "", "", rule)
    return None


def forget() -> None:
    """Drop what is kept in memory of it."""
    _rows_of.cache_clear()


@lru_cache(maxsize=16)
def _rows_of(package: Path, _modified: int) -> dict[str, int]:
    if not package.is_file():
        raise ValueError(f"{package} is a folder, a pipe or a device")
    resources = json.loads(package.read_bytes())["resources"]
    return {one["path"]: int(one["rows"]) for one in resources if "rows" in one}
