"""The tables of a room as one bundle, each read when it is first asked for."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import pandas as pd

from analysis.errors import ParameterError

Source: TypeAlias = pd.DataFrame | Callable[[], pd.DataFrame]


class Facts(Mapping[str, pd.DataFrame]):
    """Tables by name: ``facts.systems`` is ``facts["systems"]``.

    Parameters
    ----------
    tables : mapping of str to DataFrame or callable
        Tables by their names without room, or what reads them.
    places : mapping of str to str, optional
        Names with room, where these differ.

    Notes
    -----
    A frame is handed out as it is, not copied: what changes it changes it for everybody.

    Examples
    --------
    >>> facts = Facts({"systems": pd.DataFrame({"system_id": ["thaad"]}), "sensors": lambda: pd.DataFrame()})
    >>> facts.systems["system_id"].tolist(), facts.used
    (['thaad'], ['systems'])
    >>> facts.rockets
    Traceback (most recent call last):
    analysis.errors.ParameterError: facts lacks the table rockets; it has systems, sensors.
    """

    def __init__(self, tables: Mapping[str, Source], places: Mapping[str, str] | None = None) -> None:
        self._tables: dict[str, Source] = dict(tables)
        self._places = dict(places or {})
        self._used: dict[str, None] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            raise ParameterError(f"facts lacks the table {name}; it has {', '.join(self._tables) or 'no table'}.")
        table = self._tables[name]
        if not isinstance(table, pd.DataFrame):
            table = self._tables[name] = table()
        self._used[name] = None
        return table

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    @property
    def used(self) -> list[str]:
        """Names, with room, of the tables that were asked for so far, in that order."""
        return [self._places.get(name, name) for name in self._used]

    def replaced(self, **tables: pd.DataFrame) -> "Facts":
        """Return a bundle with other tables in place of some; this one stays as it is."""
        return Facts(self._tables | tables, self._places)
