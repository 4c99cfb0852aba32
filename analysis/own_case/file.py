"""A case file: read, checked by its form and by the rules of the tables, and put to use for a run."""

import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.base_map import BASE_MAPS
from analysis.case_in_use import CaseInUse, use
from analysis.data_package import PACKAGE, UNREADABLE
from analysis.errors import Fault, ParameterError, printable
from analysis.own_case.form import Form, read_form
from analysis.own_case.laid import READINGS, ROOM, SOURCES, Change, Overlay
from analysis.own_case.tree import CaseFault, Tree, read_tree, without
from analysis.schema import TABLES
from analysis.scratch import scratch
from analysis.tables import FIRST_ROW, data_folder, read_table

SHOWN_FAULTS = 100
ENDS = ("low", "best", "high")
END = re.compile(rf"^\((?:{'|'.join(ENDS)}) of ")
MOST_LISTED = 6
"""Differences that a page lists."""
OF_OURS = ("reach", "least figures")
"""Rules that a case need not keep: a system of hers may say no range, and a gun reaches less than all on record."""
ACROSS = ("pairs", "repeats", "keys", "triples", "unconfirmed", "widths")
"""Rules of every table that hold within one room; pointers between rooms do not change with a case."""


@dataclass(frozen=True, eq=False)
class OwnCase:
    """A case that is sound.

    Attributes
    ----------
    path : str
        File from which it came, as the user named it.
    content : bytes
        What stood there.
    form : Form
        What it says.
    frames : dict of str to pandas.DataFrame
        Tables that it changes, by name with room.
    differences : tuple of Change
        What differs from ours.
    """

    path: str
    content: bytes
    form: Form
    frames: dict[str, pd.DataFrame]
    differences: tuple[Change, ...]

    @property
    def in_use(self) -> CaseInUse:
        """What pages say of it."""
        listed = [f"{one.item}: {one.yours or 'none'} (ours {one.ours or 'none'})" for one in self.differences]
        more = f"and {len(listed) - MOST_LISTED} more, as `domes case show` lists them"
        told = "; ".join([*listed[:MOST_LISTED], *([more] if len(listed) > MOST_LISTED else [])])
        return replace(_in_use(self.form, self.content), differs=told)

    def changes(self) -> pd.DataFrame:
        """List what differs from ours: ``item, ours, yours, unit``. One row is a difference."""
        rows = [(change.item, change.ours, change.yours, change.unit) for change in self.differences]
        return pd.DataFrame(rows, columns=["item", "ours", "yours", "unit"])


def read_case(path: Path | str) -> OwnCase:
    """Read and check a case file.

    Parameters
    ----------
    path : pathlib.Path
        YAML, at most 1 MB.

    Raises
    ------
    ParameterError
        With a line for everything that is wrong: file, line, keys, value and what is allowed.
    """
    file = Path(path)
    try:
        there, plain = file.exists(), file.is_file()
        content = b""
        if plain:
            with file.open("rb") as opened:
                content = opened.read(2_000_000)
    except (OSError, ValueError) as error:
        raise ParameterError(f"{file}: cannot be read ({getattr(error, 'strerror', None) or error}).") from None
    if not there:
        raise ParameterError(f"{file}: there is no such file; `domes case new FILE` writes one.")
    if not plain:
        raise ParameterError(f"{file}: is a folder or a device; give a plain file, such as cases/five-days.yaml.")
    return check_case(content, str(path))


def check_case(content: bytes, name: str) -> OwnCase:
    """Check a case by its form, then by the rules of the tables.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        How it is called in what is said of it.

    Raises
    ------
    ParameterError
        As :func:`read_case`.
    """
    frames = _ours()
    tree = read_tree(content)
    form, faults = read_form(tree, frames[f"{ROOM}assumptions"]["assumption_id"])
    if form is None:
        rest, _ = read_form(without(tree, faults), frames[f"{ROOM}assumptions"]["assumption_id"])
        more = _lay(rest, frames, content)[1] if rest else []
        faults += (_at_its_line(fault, tree) for fault in more)
        raise _refusal(name, sorted(faults, key=lambda fault: fault.line))
    overlay, faults = _lay(form, frames, content)
    if faults:
        raise _refusal(name, [_at_its_line(fault, tree) for fault in faults])
    return OwnCase(name, content, form, overlay.frames, tuple(overlay.changes))


def _lay(form: Form, frames: dict[str, pd.DataFrame], content: bytes) -> tuple[Overlay, list[CaseFault]]:
    """Lay a case over the tables, and find which of their rules break."""
    from analysis.own_case.overlay import lay_over  # the models, which a run without a case does not need

    with use(_in_use(form, content)):
        overlay = lay_over(form, frames)
        return overlay, overlay.faults or _find_faults(overlay)


@contextmanager
def using(case: OwnCase | None, folder: Path) -> Iterator[None]:
    """Let tables be read with a case laid over them, here and in every kernel that is started meanwhile.

    Parameters
    ----------
    case : OwnCase or None
        None changes nothing.
    folder : pathlib.Path
        For this use alone; the tables go to ``data`` in it.
    """
    if case is None:
        yield
        return
    with use(case.in_use, str(write_tables(case.frames, folder / "data"))):
        yield


def write_tables(frames: Mapping[str, pd.DataFrame], folder: Path) -> Path:
    """Write a folder of tables: ours as they are, some in the place of ours.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        By name with room.
    folder : pathlib.Path
        Is made.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    ours = data_folder()
    for path in (PACKAGE, *BASE_MAPS.values(), *(f"{name}.csv" for name in TABLES if name not in frames)):
        if (ours / path).is_file():  # one that is missing is said where it is read
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ours / path, folder / path)
    for name, frame in frames.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _write_table(frame, folder / f"{name}.csv")
    _count_rows(folder / PACKAGE, frames)
    return folder


def _write_table(frame: pd.DataFrame, path: Path) -> None:
    flags = frame.select_dtypes("boolean").columns
    text = frame.assign(**{name: frame[name].map({True: "true", False: "false"}) for name in flags})
    path.write_text(text.to_csv(index=False, lineterminator="\n"), encoding="utf-8", newline="")


def _count_rows(package: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    """Say beside the tables how many rows they have now, so that fewer are not taken for a file cut short."""
    try:
        described = json.loads(package.read_bytes())
        for resource in described["resources"]:
            frame = frames.get(resource["path"].removesuffix(".csv"))
            if frame is not None and "rows" in resource:
                resource["rows"] = min(resource["rows"], len(frame))
    except UNREADABLE:
        return  # what is wrong with it, the footer says
    package.write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _in_use(form: Form, content: bytes) -> CaseInUse:
    return CaseInUse(form.name, form.note, hashlib.sha256(content).hexdigest(), names=form.names)


def _ours() -> dict[str, pd.DataFrame]:
    """Read the tables of air defence, the sources and the second readings."""
    names = [name for name in TABLES if name.startswith(ROOM) or name in (SOURCES, READINGS)]
    folder, frames, faults = data_folder(), {}, []
    for name in names:
        frame, broken = read_table(TABLES[name], folder / f"{name}.csv")
        frames[name] = frame.reset_index(drop=True)
        faults += broken
    if faults:
        raise ParameterError("\n".join(["The tables under the case break rules:", *map(str, faults[:10])]))
    return frames


def _find_faults(overlay: Overlay) -> list[CaseFault]:
    """Apply schemas and rules to the tables that a case changed, and find the keys from which a bad row came."""
    from analysis.checks import air_defence, rules

    found: list[Fault] = []
    frames = dict(overlay.ours)
    with scratch() as folder:
        for name, frame in overlay.frames.items():
            path = folder / f"{name}.csv"
            path.parent.mkdir(exist_ok=True)
            _write_table(frame, path)
            frames[name], broken = read_table(TABLES[name], path)
            found += broken
    if not found:
        room = rules.Frames({name: frame for name, frame in frames.items() if name != READINGS})
        for rule in (*rules.RULES, *air_defence.RULES):
            if rule.name in ACROSS or (rule in air_defence.RULES and rule.name not in OF_OURS):
                found += rule.find(room)
    return _join_ends([_trace(fault, overlay) for fault in dict.fromkeys(found)])


def _join_ends(faults: list[CaseFault]) -> list[CaseFault]:
    """Say once what is wrong with the one number that a user gave for low, best and high."""
    whole = [replace(fault, rule=END.sub("(", fault.rule)) for fault in faults]
    counts = Counter(whole)
    return list(dict.fromkeys(w if counts[w] == len(ENDS) else fault for w, fault in zip(whole, faults, strict=True)))


def _trace(fault: Fault, overlay: Overlay) -> CaseFault:
    """Say of a bad row where in the case it came from."""
    table = fault.file.removesuffix(".csv")
    frame = overlay.frames.get(table)
    key = str(frame.iloc[fault.row - FIRST_ROW, 0]) if frame is not None and fault.row else ""
    path = overlay.places.get((table, key), ())
    column = f"{fault.column} " if fault.column and fault.column not in path else ""
    return CaseFault(0, path, fault.value, f"({column}of {key or table}) {fault.rule}")


def _at_its_line(fault: CaseFault, tree: Tree) -> CaseFault:
    return CaseFault(tree.line(fault.path), fault.path, fault.value, fault.rule)


def _refusal(name: str, faults: list[CaseFault]) -> ParameterError:
    """Put all faults into one error, a line for each."""
    lines = [f"{name} {fault}" if fault.line else f"{name}: {fault}" for fault in faults[:SHOWN_FAULTS]]
    more = len(faults) - len(lines)
    return ParameterError("\n".join(printable(line) for line in [*lines, *([f"... and {more} more."] if more else [])]))
