"""The rules of the data that no schema can hold, and the published figures that we must reproduce."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from analysis.base_map import BASE_MAPS, find_base_map_fault
from analysis.checks import air_defence, recognition, rules
from analysis.checks.changes import find_swapped_columns
from analysis.data_package import PACKAGE, find_package_fault
from analysis.errors import DataError, Fault
from analysis.schema import TABLES
from analysis.tables import SHIPPED, data_folder, read_table

PROSE = (".md", "NOTICE", "LICENSE")
"""Ends of the names of files that are for people."""

RULES = (*rules.RULES, *air_defence.RULES, *recognition.RULES)


def find_faults(folder: Path | None = None) -> list[Fault]:
    """Check every table of a data folder by its schema, then by the rules that join tables.

    Parameters
    ----------
    folder : pathlib.Path, optional
        A folder laid out like ``data/``; by default the one in use.

    Returns
    -------
    list of Fault
        All broken rules in the order of tables and rows, those last that may only follow from others. A rule that
        needs a table that cannot be read, or spells while acts do not alternate, is not applied; the fault that is in
        its way stands in the list. Tables other than the project's own are set beside these, to find columns that
        were swapped.

    Examples
    --------
    >>> find_faults()
    []
    """
    folder = folder or data_folder()
    frames, faults = {}, []
    for name, definition in TABLES.items():
        frames[name], broken = read_table(definition, folder / f"{name}.csv")
        faults += broken
    unread = {found.file.removesuffix(".csv") for found in faults}
    sound = rules.Frames({name: frame for name, frame in frames.items() if name not in unread})
    for rule in sorted(RULES, key=lambda rule: bool(rule.computed_from)):
        if not set(rule.tables) & unread:
            follows = any(found.file.removesuffix(".csv") in rule.computed_from for found in faults)
            with suppress(DataError):
                faults += (replace(found, follows=follows) for found in rule.find(sound))
    if folder.resolve() != SHIPPED:
        shipped = {name: read_table(TABLES[name], SHIPPED / f"{name}.csv") for name in sound}
        faults += find_swapped_columns(sound, {name: own for name, (own, broken) in shipped.items() if not broken})
    maps = (find_base_map_fault(folder, scale) for scale in BASE_MAPS)
    faults += filter(None, [find_package_fault(folder), *maps])
    order = {PACKAGE: -1} | {f"{name}.csv": position for position, name in enumerate(TABLES)}
    order |= dict.fromkeys(BASE_MAPS.values(), len(TABLES))
    return sorted(faults, key=lambda found: (found.follows, order[found.file], found.row, found.column))


def say_folded(faults: Sequence[Fault]) -> str:
    """Say in one line how many rows of which files have faults that may only follow from others; empty without any.

    Examples
    --------
    >>> say_folded([Fault("a.csv", row, "", "", "", follows=True) for row in (7, 7, 9)])
    '... and 3 faults that may only follow from these (3 of a.csv); mend these first, or list all with --all.'
    """
    counts = Counter(found.file for found in faults)
    if not counts:
        return ""
    files = ", ".join(f"{number} of {file}" for file, number in counts.items())
    many = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    return f"... and {many} that may only follow from these ({files}); mend these first, or list all with --all."


def find_unread(folder: Path | None = None) -> list[str]:
    """List files beside the tables that nothing reads, such as a second copy that a browser made.

    Parameters
    ----------
    folder : pathlib.Path, optional
        A folder laid out like ``data/``; by default the one in use.

    Examples
    --------
    >>> find_unread()
    []
    """
    folder = folder or data_folder()
    read = {PACKAGE, *BASE_MAPS.values(), *(f"{name}.csv" for name in TABLES)}
    beside = [
        path for place in sorted({Path(name).parent for name in read}) for path in sorted((folder / place).glob("*"))
    ]
    names = [path.relative_to(folder).as_posix() for path in beside if path.is_file()]
    return [
        name for name in names if name not in read and not Path(name).name.startswith(".") and not name.endswith(PROSE)
    ]
