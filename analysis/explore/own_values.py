"""Values of the user's own while one plays with a defence: changed one by one, shown beside ours, kept as a case."""

import os
import re
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis.air_defence.facts.choices import THREAT_CLASSES
from analysis.air_defence.questions.cases import Case
from analysis.air_defence.questions.forces import COVERAGE
from analysis.case_in_use import CaseInUse
from analysis.errors import RunError
from analysis.facts import Facts
from analysis.home import working_folder
from analysis.own_case.file import OwnCase, check_case, read_case
from analysis.own_case.laid import write_ends
from analysis.own_case.tree import read_tree

SAVED = working_folder() / "reports" / "cases"
OWN_RAID = "own_raid"
RAID_NAME = "Raid of my own"
UNNAMED = "Not saved yet"
ENDS = ["low", "best", "high"]
KINDS = {"single_shot": "kill probability", "track": "track", "coverage": "coverage", "rounds": "ready rounds"}


class OwnValues:
    """What differs from ours in the first case of the explorer.

    Parameters
    ----------
    facts : Facts
        Our tables of air defence.

    Attributes
    ----------
    facts : Facts
        Tables as far as layers were added or a case was loaded.
    inputs : dict of str to float
        Inputs of systems that were moved: ``system.class.single_shot``, ``system.track``, ``system.coverage``.
    rounds : dict of tuple to int
        Ready rounds that were moved, by architecture and system.
    raid : dict of str to int, or None
        Threats by class of a raid of one's own.
    """

    def __init__(self, facts: Facts) -> None:
        self._ours = facts
        self.clear()

    def clear(self) -> None:
        """Go back to ours."""
        self.facts = self._ours
        self.inputs: dict[str, float] = {}
        self.rounds: dict[tuple[str, str], int] = {}
        self.raid: dict[str, int] | None = None
        self._laid: OwnCase | None = None
        self._content: dict[str, Any] = {}

    @property
    def differs(self) -> bool:
        """Is anything the user's own."""
        return bool(self._content or self.inputs or self.rounds or self.raid is not None)

    @property
    def in_use(self) -> CaseInUse | None:
        """What to use while choices are checked: names of one's own; None where all is ours."""
        if not self.differs:
            return None
        names = dict(self._laid.form.names) if self._laid else {"architectures": {}, "raids": {}, "systems": {}}
        if self.raid is not None:
            names["raids"] = names["raids"] | {OWN_RAID: RAID_NAME}
        return CaseInUse(str(self._content.get("name", UNNAMED)), "", "0" * 64, names=names)

    def of_architecture(self, architecture: str, case: Case) -> dict[str, float]:
        """Give the moved inputs that the systems of a case have, as ``cases.state_inputs`` takes them."""
        known = set(case.defence.ranges.index)
        rounds = {f"{system}.rounds": float(n) for (where, system), n in self.rounds.items() if where == architecture}
        moved = self.inputs | rounds
        return {
            name: value
            for name, value in moved.items()
            if name in known or (name.endswith(f".{COVERAGE}") and f"{name.rpartition('.')[0]}.track" in known)
        }

    def move(self, architecture: str, name: str, value: float) -> None:
        """Take over one input of a system, by its row in ``Defence.ranges``."""
        if name.endswith(".rounds"):
            self.rounds[architecture, name.removesuffix(".rounds")] = int(value)
        else:
            self.inputs[name] = round(float(value), 4)

    def back(self, architecture: str, system: str) -> None:
        """Give a system our inputs again."""
        self.inputs = {name: value for name, value in self.inputs.items() if name.split(".")[0] != system}
        self.rounds.pop((architecture, system), None)

    def add_layer(self, architecture: str, system: str, rounds: int) -> None:
        """Put a system of our tables into an architecture, with ready rounds.

        Raises
        ------
        ParameterError
            When the tables do not allow it; nothing is changed then.
        """
        content = deepcopy(self._content)
        content.setdefault("layers", {}).setdefault(architecture, {})[system] = {"rounds": rounds}
        self._lay(content)

    def load(self, file: Path) -> OwnCase:
        """Take a case file in the place of everything that was changed.

        Raises
        ------
        ParameterError
            When the file is not sound; nothing is changed then.
        """
        case = read_case(file)
        content = read_tree(case.content).content
        self.clear()
        self._content, self._laid = content, case
        self.facts = self._ours.replaced(**_short(case.frames))
        return case

    def save(self, name: str, note: str = "", folder: Path = SAVED) -> Path:
        """Write everything that differs as a case file, named after the case, and return where it is.

        Raises
        ------
        ParameterError
            When the case is not sound, for example its name.
        RunError
            When the file cannot be written.
        """
        content = self.content(name, note)
        file = folder / f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-') or 'case'}.yaml"
        text = _write(content)
        check_case(text.encode(), file.name)
        aside = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            aside.write_text(text, encoding="utf-8", newline="\n")
            aside.replace(file)
        except OSError as error:
            raise RunError(f"{file}: cannot be written ({error.strerror}).") from None
        return file

    def content(self, name: str, note: str = "") -> dict[str, Any]:
        """Give everything that differs in the form of a case file."""
        content: dict[str, Any] = {"name": name} | ({"note": note} if note else {})
        content |= {key: value for key, value in deepcopy(self._content).items() if key not in ("name", "note")}
        for quantity, value in self.inputs.items():
            system, *of = quantity.split(".")
            block = content.setdefault("systems", {}).setdefault(system, {})
            if of[-1] == "single_shot":
                block.setdefault("kill_probability", {})[of[0]] = value
            else:
                block[of[0]] = value
        for (architecture, system), rounds in self.rounds.items():
            content.setdefault("layers", {}).setdefault(architecture, {}).setdefault(system, {})["rounds"] = rounds
        if self.raid is not None:
            threats = {threat: number for threat, number in self.raid.items() if number}
            content.setdefault("raids", {})[OWN_RAID] = {"name": RAID_NAME, "threats": threats}
        return content

    def differences(self, case: Case, architecture: str, names: Mapping[str, str]) -> pd.DataFrame:
        """List what differs from ours: ``item, ours, yours, unit``. One row is a difference.

        Parameters
        ----------
        case : Case
            The case without what was moved.
        architecture : str
            Whose rounds are listed.
        names : mapping
            Names of systems.
        """
        ranges = case.defence.ranges
        rows = [(one.item, one.ours, one.yours, one.unit) for one in (self._laid.differences if self._laid else ())]
        for name, value in self.of_architecture(architecture, case).items():
            system, *of = name.split(".")
            against = f" against {THREAT_CLASSES[of[0]].lower()}" if len(of) > 1 else ""
            ours = write_ends(ranges.loc[name, ENDS].astype(float).round(3)) if name in ranges.index else "as its group"
            unit = "missiles" if of[-1] == "rounds" else "probability"
            rows.append((f"{KINDS[of[-1]]}, {names[system]}{against}", ours, f"{value:g}", unit))
        if self.raid is not None:
            threats = ", ".join(f"{THREAT_CLASSES[name].lower()} {n}" for name, n in self.raid.items() if n)
            rows.append(("notional raid of your own", "", threats or "none", "threats"))
        return pd.DataFrame(rows, columns=["item", "ours", "yours", "unit"])

    def _lay(self, content: dict[str, Any]) -> None:
        """Lay other tables over ours."""
        laid = check_case(_write({"name": UNNAMED} | content).encode(), "the case")
        self._content, self._laid = content, laid
        self.facts = self._ours.replaced(**_short(laid.frames))


def list_saved(folder: Path = SAVED) -> list[Path]:
    """List the case files of a folder by name."""
    return sorted(folder.glob("[!.]*.yaml"))


def _short(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name.rpartition("/")[2]: frame for name, frame in frames.items()}


def _write(content: Mapping[str, Any]) -> str:
    """Write a case as YAML; a number that came from a file as text is a number again."""
    return yaml.safe_dump(_numbers(content), sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)


def _numbers(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _numbers(one) for key, one in value.items()}
    if isinstance(value, str) and re.fullmatch(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?", value):
        return float(value) if "." in value else int(value)
    return value
