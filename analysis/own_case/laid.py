"""Tables with a case laid over them, as far as it is laid: what changed, from where in the file, and what cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.facts import Facts
from analysis.own_case.form import ENDS, Law
from analysis.own_case.tree import CaseFault, Path

ROOM = "air_defence/"
TABLES = (
    *("assumptions", "posterior", "systems", "system_parameters", "capability", "architectures"),
    *("architecture_layers", "raids", "observed_raids", "fielded"),
)
"""Tables of air defence that a case may change; ``sources`` gets a row for the case."""
SOURCES, READINGS = "sources", "second_readings"
SOURCE = "own_case"
BY_THE_CASE = "by the case of the user"


@dataclass(frozen=True)
class Change:
    """One thing that differs from ours.

    Attributes
    ----------
    item : str
        What it is, in words of the tables.
    ours, yours : str
        Both values: one number, or low / best / high; empty where there is none.
    unit : str
        Unit; empty for text.
    """

    item: str
    ours: str
    yours: str
    unit: str = ""


@dataclass
class Overlay:
    """Tables with a case laid over them.

    Attributes
    ----------
    frames : dict of str to pandas.DataFrame
        Tables that the case changed, by name with room.
    changes : list of Change
        What differs, in the order of the file.
    places : dict
        Keys of the file from which a row came, by table and the row's name.
    faults : list of CaseFault
        What cannot be laid over these tables.
    """

    ours: Mapping[str, pd.DataFrame]
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    places: dict[tuple[str, str], Path] = field(default_factory=dict)
    faults: list[CaseFault] = field(default_factory=list)

    def table(self, name: str) -> pd.DataFrame:
        """Give a table of air defence, or ``sources``, as far as it is laid."""
        full = name if name in (SOURCES, READINGS) else f"{ROOM}{name}"
        return self.frames.get(full, self.ours[full])

    def put(self, name: str, frame: pd.DataFrame) -> None:
        """Take a table over."""
        self.frames[name if name in (SOURCES, READINGS) else f"{ROOM}{name}"] = frame.reset_index(drop=True)

    def add(self, name: str, row: Mapping[str, Any], path: Path) -> None:
        """Add a row, or put it in the place of the one with its name; columns that it lacks are empty."""
        table = self.table(name)
        key = table.columns[0]
        new = pd.DataFrame([{column: row.get(column) for column in table.columns}]).astype(table.dtypes.to_dict())
        found = table.index[table[key] == row[key]]
        before = table.loc[: found[0] - 1] if len(found) else table
        after = table.loc[found[0] + 1 :] if len(found) else table.iloc[:0]
        self.put(name, pd.concat([before, new, after]))
        self.places[f"{ROOM}{name}" if name != SOURCES else name, str(row[key])] = path

    def tell(self, item: str, ours: str, yours: str, unit: str = "") -> None:
        """Note what differs, if it does."""
        if ours != yours:
            self.changes.append(Change(item, ours, yours, unit))

    def refuse(self, path: Path, rule: str, value: str = "") -> None:
        """Note what cannot be."""
        self.faults.append(CaseFault(0, path, value, rule))

    @property
    def facts(self) -> Facts:
        """The tables of air defence as far as they are laid, and the sources."""
        names = (*TABLES, SOURCES)
        return Facts({name: self.table(name) for name in names})


def write_ends(ends: Any, law: str = "") -> str:
    """Write low, best and high as one number where they are one, else in a row.

    Examples
    --------
    >>> write_ends((0.4, 0.4, 0.4)), write_ends((0.3, 0.6, 0.9)), write_ends((12, 12, None))
    ('0.4', '0.3 / 0.6 / 0.9', '12')
    """
    known = [float(end) for end in ends if not pd.isna(end)]
    if not known:
        return ""
    text = f"{known[0]:.6g}" if len(set(known)) == 1 else " / ".join(f"{end:.6g}" for end in known)
    return text + (f", {law}" if law else "")


def assume_alone(overlay: Overlay, name: str, what: tuple[str, str, str], law: Law, path: Path) -> None:
    """Add an assumption about one system alone: what it is, of what, and in which unit."""
    quantity, applies_to, unit = what
    row: dict[str, Any] = {
        "assumption_id": name,
        "quantity": quantity,
        "applies_to": applies_to,
        "unit": unit,
        "why": BY_THE_CASE,
    }
    row |= dict(zip(ENDS, law.ends, strict=True)) | {"distribution": law.text, "used_by": "own_case"}
    overlay.add("assumptions", row, path)


def claimed() -> dict[str, str]:
    """The end of a row of the user's: how sure, from where."""
    return {"confidence": "low", "source_id": SOURCE, "note": BY_THE_CASE}
