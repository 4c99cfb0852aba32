"""The case of the user under which something runs: its name, checksum and own names, and where its tables are.

A kernel is told by the variables ``DOMES_CASE`` and ``DOMES_DATA``; a process that makes pages of several cases, in one
thread or more, by a context of its own for each.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from analysis.errors import ParameterError

CASE_VARIABLE, FOLDER_VARIABLE = "DOMES_CASE", "DOMES_DATA"
DIGITS = 12
KINDS = ("architectures", "raids", "systems")
"""Lists of names to which a case may add."""


@dataclass(frozen=True)
class CaseInUse:
    """What a page says of the case from which it was made.

    Attributes
    ----------
    name, note : str
        In the user's words; the note may be empty.
    sha256 : str
        Checksum of the case file.
    differs : str
        What differs from ours, the first of it, in words.
    names : mapping of str to mapping
        Names that the case adds, with their words, by the kinds in ``KINDS``.
    """

    name: str
    note: str
    sha256: str
    differs: str = ""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def checksum(self) -> str:
        """The first digits of the checksum, as pages show it."""
        return self.sha256[:DIGITS]

    def as_text(self) -> str:
        """Write it as the value of ``DOMES_CASE``.

        Examples
        --------
        >>> CaseInUse("Lower", "", "ab" * 32).as_text()[:32]
        '{"name": "Lower", "note": "", "s'
        """
        return json.dumps(asdict(self))


_case: ContextVar[CaseInUse | None] = ContextVar("case", default=None)
_folder: ContextVar[str] = ContextVar("folder", default="")


@contextmanager
def use(case: CaseInUse | None, folder: str = "") -> Iterator[None]:
    """Let a case, and a folder of tables, be in use for a while; None and an empty text change nothing."""
    if case is None:
        yield
        return
    before = _case.set(case), _folder.set(folder)
    try:
        yield
    finally:
        _case.reset(before[0])
        _folder.reset(before[1])


def case_in_use() -> CaseInUse | None:
    """Return the case that is in use; None where it is our own tables or a folder of tables."""
    told = os.environ.get(CASE_VARIABLE)
    return _case.get() or (_read(told) if told else None)


def folder_in_use() -> str:
    """Return the folder of tables that is in use with a case; empty where there is none."""
    return _folder.get()


def variables_in_use() -> dict[str, str]:
    """Return the variables that tell a kernel of the case in use."""
    case = _case.get()
    if case is None:
        return {}
    return {CASE_VARIABLE: case.as_text()} | ({FOLDER_VARIABLE: _folder.get()} if _folder.get() else {})


@lru_cache(maxsize=8)
def _read(told: str) -> CaseInUse:
    try:
        return CaseInUse(**json.loads(told))
    except (ValueError, TypeError):
        raise ParameterError(f"{CASE_VARIABLE} = {told[:40]!r} is not what domes tells a kernel; unset it.") from None


class Names(Mapping[str, str]):
    """Names of ours with their words, and after them those that the case in use adds.

    Parameters
    ----------
    kind : {"architectures", "raids", "systems"}
        Of what.
    ours : mapping of str to str
        Names to words.

    Examples
    --------
    >>> raids = Names("raids", {"mixed": "Mixed raid"})
    >>> raids["mixed"], list(raids)
    ('Mixed raid', ['mixed'])
    """

    def __init__(self, kind: str, ours: Mapping[str, str]) -> None:
        self.kind, self.ours = kind, dict(ours)

    def __getitem__(self, name: str) -> str:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __repr__(self) -> str:
        return repr(self._all)

    @property
    def _all(self) -> dict[str, str]:
        case = case_in_use()
        return {**self.ours, **case.names.get(self.kind, {})} if case else self.ours
