"""The case of the user that this process runs: its name, checksum and own names, as ``DOMES_CASE`` tells them."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache

CASE_VARIABLE = "DOMES_CASE"
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
    names : mapping of str to mapping
        Names that the case adds, with their words, by the kinds in ``KINDS``.
    """

    name: str
    note: str
    sha256: str
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


def case_in_use() -> CaseInUse | None:
    """Return the case that this process runs; None where it runs our own tables or a folder of tables."""
    told = os.environ.get(CASE_VARIABLE)
    return _read(told) if told else None


@lru_cache(maxsize=8)
def _read(told: str) -> CaseInUse:
    return CaseInUse(**json.loads(told))


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
