"""Who recognises whom on a day, how many do, and the panel of states and years."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, require_choice
from analysis.recognition.facts.choices import CONFIDENCES, ENTITIES, IMPLIED, KINDS, MEMBERS, PART_YEARS, RULES
from analysis.recognition.facts.spells import UNCONNECTED
from analysis.recognition.facts.states import day_of, read_days, require_existence, un_seats

SHOWN = ["recogniser", "begin", "begin_low", "begin_high", "begin_precision", "source_id", "begin_confidence"]
COUNTED = ("begin", "end")
FEWEST, MOST = ("begin_high", "end_low"), ("begin_low", "end_high")
PANEL = ["recogniser", "entity", "kind", "year", "implied"]
NEVER = 10_000_000  # a day that no tie reaches, counted from 1970


@dataclass(frozen=True)
class _Ties:
    """Rows of spells that count, from day ``since`` until before day ``until``; a group is one recogniser."""

    row: np.ndarray
    group: np.ndarray
    since: np.ndarray
    until: np.ndarray
    implied: np.ndarray

    def keep(self, wanted: np.ndarray) -> "_Ties":
        """Choose ties by a mask or by positions."""
        return _Ties(*(getattr(self, field.name)[wanted] for field in fields(self)))

    def is_first(self) -> np.ndarray:
        """Mark the first tie of each recogniser: an act before what is implied, the earlier before the later."""
        return np.diff(self.group, prepend=-1) > 0

    def join(self) -> "_Ties":
        """Join ties of one recogniser that overlap, so that a day counts once."""
        ties = self.keep(np.lexsort((self.since, self.group)))
        shift = ties.group * 2 * NEVER
        last = np.maximum.accumulate(ties.until + shift)
        apart = ties.since + shift > np.concatenate([[-NEVER], last[:-1]])
        joined = ties.keep(apart)
        ends = np.append(np.flatnonzero(apart)[1:] - 1, len(apart) - 1)[: len(joined.row)]
        return replace(joined, until=(last - shift)[ends])


def recognisers(
    spells: pd.DataFrame,
    entity: str,
    on: str | date,
    kind: str = "recognition",
    rule: str = "net",
    states: pd.DataFrame | None = None,
    members: str | None = None,
    minimum_confidence: str = "low",
    periods: pd.DataFrame | None = None,
    implied: str = "include",
) -> pd.DataFrame:
    """List the states that recognise an entity, or have relations with it, on a day.

    Parameters
    ----------
    spells : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.build_spells`, in its order.
    entity : str
        Code of the entity, one of ``choices.ENTITIES``.
    on : str or date
        The day; 2025-09 stands for its 15th and 2025 for 1 July.
    kind : {"recognition", "relations"}
        What counts. Relations imply recognition.
    rule : {"net", "gross", "undisputed"}
        net: stands on that day; gross: stood on that day or before; undisputed: as net, but a withdrawal that
        the other side disputes does not count.
    states : pandas.DataFrame, optional
        Rows of the table ``recognition/states``: only these states count, so that a region can be chosen.
    members : {"day", "today"}, optional
        Count only states with a seat in the United Nations on that day (under ``gross``: then, or before but
        after recognising), or with one today. Needs ``states``. By default every recogniser counts.
    minimum_confidence : {"low", "medium", "high"}
        Leave out ties whose beginning is less sure. An end counts however sure it is, so that a higher minimum
        never adds a state.
    periods : pandas.DataFrame, optional
        The table ``recognition/entity_periods``; with it, a day on which the entity did not exist is refused.
    implied : {"include", "exclude"}
        Whether ties count that only follow from the other kind.

    Returns
    -------
    pandas.DataFrame
        recogniser; begin, its bounds low and high, precision, source_id and confidence of the act that began the tie;
        implied (no act of this kind is on record); claim_id of the act. One row is one recogniser, in the order of
        codes.

    Raises
    ------
    ParameterError
        For an unknown entity, kind, rule, members, confidence or treatment of implied ties, or a day without the
        entity.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"))
    >>> len(recognisers(spells, "TWN", "1979-12-31", kind="relations"))
    22
    """
    ties = choose_spells(spells, entity, kind, rule, states, members, minimum_confidence, implied)
    if periods is not None:
        require_existence(entity, on, periods)
    day = _number(day_of(on).to_datetime64())
    ties = ties.keep((ties.since <= day) & (day < ties.until))
    ties = ties.keep(ties.is_first())
    columns = {name.removeprefix("begin_"): spells[name].array.take(ties.row) for name in SHOWN}
    claims = spells["begin_claim_id"].array.take(ties.row)
    return pd.DataFrame({**columns, "implied": ties.implied, "claim_id": claims})


def counts(
    spells: pd.DataFrame,
    entity: str,
    days: Iterable[str | date] | None = None,
    kind: str = "recognition",
    rule: str = "net",
    states: pd.DataFrame | None = None,
    members: str | None = None,
    minimum_confidence: str = "low",
    implied: str = "include",
) -> pd.DataFrame:
    """Count the states that recognise an entity, or have relations with it, on each of many days.

    Parameters
    ----------
    spells, entity, kind, rule, states, members, minimum_confidence, implied
        As in :func:`recognisers`, which says what it refuses.
    days : iterable of str or date, optional
        The days; by default every day on which the count changes.

    Returns
    -------
    pandas.DataFrame
        day and count. One row is one day, in the order given.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"))
    >>> counts(spells, "TWN", ["1960-12-31", "2024-12-31"], kind="relations")["count"].tolist()
    [53, 12]
    """
    ties = choose_spells(spells, entity, kind, rule, states, members, minimum_confidence, implied).join()
    numbers = _find_changes(ties) if days is None else _number(read_days(days))
    return pd.DataFrame({"day": _name(numbers), "count": _count_on(ties, numbers)})


def count_bounds(
    spells: pd.DataFrame,
    entity: str,
    days: Iterable[str | date] | None = None,
    kind: str = "recognition",
    rule: str = "net",
    states: pd.DataFrame | None = None,
    members: str | None = None,
    minimum_confidence: str = "low",
    implied: str = "include",
) -> pd.DataFrame:
    """Give the fewest and the most states that may have counted on each of many days, whatever the exact dates.

    Parameters
    ----------
    spells, entity, kind, rule, states, members, minimum_confidence, implied
        As in :func:`recognisers`, which says what it refuses.
    days : iterable of str or date, optional
        The days; by default every day on which one of the two changes.

    Returns
    -------
    pandas.DataFrame
        day, low and high. One row is one day, in the order given.

    Notes
    -----
    For ``low`` every tie begins on the latest day that its sources allow and ends on the earliest; for ``high`` it
    begins on the earliest and ends on the latest. All dates are thus off at once and in one direction: bounds, not a
    confidence interval. Relations that only follow from recognition carry its bounds, though they may have begun years
    later.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> spells = build_spells(load_table("recognition/events"))
    >>> count_bounds(spells, "TWN", ["1971-12-31", "2024-12-31"], kind="relations").to_numpy()[:, 1:].tolist()
    [[54, 55], [12, 12]]
    """
    choice = (spells, entity, kind, rule, states, members, minimum_confidence, implied)
    fewest, most = (choose_spells(*choice, edges).join() for edges in (FEWEST, MOST))
    numbers = _number(read_days(days)) if days is not None else np.union1d(_find_changes(fewest), _find_changes(most))
    return pd.DataFrame({"day": _name(numbers), "low": _count_on(fewest, numbers), "high": _count_on(most, numbers)})


def _find_changes(ties: _Ties) -> np.ndarray:
    return np.union1d(ties.since, ties.until[ties.until < NEVER])


def _count_on(ties: _Ties, numbers: np.ndarray) -> np.ndarray:
    since, until = np.sort(ties.since), np.sort(ties.until)
    return np.searchsorted(since, numbers, "right") - np.searchsorted(until, numbers, "right")


def _name(numbers: np.ndarray) -> np.ndarray:
    return numbers.astype("datetime64[D]").astype("datetime64[us]")


def build_panel(
    spells: pd.DataFrame,
    years: Iterable[int],
    part_year: str = "december 31",
    rule: str = "net",
    minimum_confidence: str = "low",
    implied: str = "include",
) -> pd.DataFrame:
    """List who recognises whom, and who has relations with whom, in each year.

    Parameters
    ----------
    spells, rule, minimum_confidence, implied
        As in :func:`recognisers`, which says what it refuses.
    years : iterable of int
        Calendar years.
    part_year : {"december 31", "july 1", "any day", "most days", "every day"}
        When a tie that stood in a part of a year counts for the year.

    Returns
    -------
    pandas.DataFrame
        recogniser, entity, kind, year, implied (acts of this kind alone would not count), in the order of
        entity, kind, recogniser and year. One row is a tie that counts in a year; what has no row does not.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> panel = build_panel(build_spells(load_table("recognition/events")), range(1970, 1974))
    >>> panel.query("entity == 'TWN' and kind == 'relations'").groupby("year").size().tolist()
    [66, 54, 41, 37]
    """
    require_choice("part_year", part_year, PART_YEARS)
    calendar = np.unique(np.fromiter(years, dtype="int64"))
    parts = []
    for entity, kind in sorted(set(zip(spells["entity"], spells["kind"], strict=True))):
        ties = choose_spells(spells, entity, kind, rule, None, None, minimum_confidence, implied)
        names = spells["recogniser"].to_numpy()[ties.row[ties.is_first()]]
        ties = replace(ties, group=_number_groups(ties.group))
        each = [some.join() for some in (ties, ties.keep(~ties.implied))]
        held, by_act = (_find_held(some, len(names), calendar, part_year) for some in each)
        group, year = np.nonzero(held)
        words = (np.full(len(year), word, dtype="object") for word in (entity, kind))
        parts.append((names[group], *words, calendar[year], ~by_act[group, year]))
    columns = map(np.concatenate, zip(*parts, strict=True))
    return pd.DataFrame(dict(zip(PANEL, columns, strict=False)), columns=PANEL)


def _find_held(ties: _Ties, n_groups: int, calendar: np.ndarray, part_year: str) -> np.ndarray:
    """Say for each recogniser and year whether its ties, which do not overlap, count."""
    overlap, needed = find_overlap(ties.since, ties.until, calendar, part_year)
    days = np.zeros((n_groups, len(calendar)), dtype="int64")
    np.add.at(days, ties.group, overlap)
    return days >= needed


def find_overlap(
    since: np.ndarray, until: np.ndarray, calendar: np.ndarray, part_year: str
) -> tuple[np.ndarray, np.ndarray]:
    """Count the days of each year that fall into each of many times, and how many a rule of part-years asks for.

    Parameters
    ----------
    since, until : numpy.ndarray of int
        Half-open times, in days from 1970.
    calendar : numpy.ndarray of int
        Years.
    part_year : str
        One of ``choices.PART_YEARS``.

    Returns
    -------
    overlap, needed : numpy.ndarray of int
        Days by time and year; days needed in each year.

    Examples
    --------
    >>> overlap, needed = find_overlap(np.array([0]), np.array([40]), np.array([1969, 1970]), "most days")
    >>> overlap.tolist(), needed.tolist()
    ([[0, 40]], [183, 183])
    """
    first, after = (_number((calendar - year).astype("datetime64[Y]")) for year in (1970, 1969))
    if part_year == "december 31":
        first = after - 1
    elif part_year == "july 1":
        first = _number((calendar - 1970).astype("datetime64[Y]").astype("datetime64[M]") + 6)
        after = first + 1
    overlap = np.minimum(until[:, None], after) - np.maximum(since[:, None], first)
    needed = {"most days": (after - first) // 2 + 1, "every day": after - first}.get(part_year, np.ones_like(first))
    return np.maximum(overlap, 0), needed


def choose_spells(
    spells, entity, kind, rule, states, members, minimum_confidence, implied="include", edges=COUNTED
) -> _Ties:
    """Find the spells that count under all choices, and from when until when they do.

    ``edges`` names the columns of their first days and of the days after their last.
    """
    require_choice("implied", implied, IMPLIED)
    require_choice("entity", entity, ENTITIES)
    require_choice("kind", kind, KINDS)
    require_choice("rule", rule, RULES)
    require_choice("minimum_confidence", minimum_confidence, CONFIDENCES)
    if members is not None:
        require_choice("members", members, MEMBERS)
    if members is not None and states is None:
        raise ParameterError(f"members = {members!r} needs states, the table recognition/states.")
    ties = _find_ties(spells, entity, kind, edges)
    if implied == "exclude":
        ties = ties.keep(~ties.implied)
    counted = ties.until < NEVER
    if rule == "undisputed":
        counted &= spells["end_disputed_by"].isna().to_numpy()[ties.row]
    if rule == "gross":
        counted &= spells["passed_on"].to_numpy()[ties.row]
    ties = replace(ties, until=_find_next_end(ties, counted))
    enough = CONFIDENCES[CONFIDENCES.index(minimum_confidence) :]
    ties = ties.keep(
        np.array([word in enough for word in spells["begin_confidence"].to_numpy()[ties.row]], dtype="bool")
    )
    ties = ties.keep(ties.since < ties.until)
    return ties if states is None else _keep_states(ties, spells["recogniser"].to_numpy(), states, members, rule)


def _find_ties(spells: pd.DataFrame, entity: str, kind: str, edges: tuple[str, str]) -> _Ties:
    """Acts of the kind and what implies it: for recognition relations, also those that an act covers."""
    kinds, implied = spells["kind"].to_numpy(), spells["implied"].to_numpy()
    codes = spells["recogniser"].to_numpy()
    wanted = kinds == kind
    if kind == "recognition":
        offices = [recogniser for recogniser, other in UNCONNECTED if other == entity]
        wanted = np.where(wanted, ~implied, ~np.isin(codes, offices) if offices else True)
    row = np.flatnonzero(wanted & (spells["entity"].to_numpy() == entity))
    since, until = (spells[name].to_numpy()[row] for name in edges)
    return _Ties(
        row=row,
        group=_number_groups(codes[row]),
        since=_number(since),
        until=np.where(np.isnat(until), NEVER, _number(until)),
        implied=implied[row] | (kinds[row] != kind),
    )


def _find_next_end(ties: _Ties, counted: np.ndarray) -> np.ndarray:
    """The first end that counts, of each tie or of one after it; an end that does not count prolongs its tie."""
    number = len(counted)
    ahead = np.minimum.accumulate(np.where(counted, np.arange(number), number)[::-1])[::-1]
    chain = _number_groups(ties.group * 2 + ties.implied)
    found = ahead < number
    found[found] = chain[ahead[found]] == chain[found]
    return np.where(found, np.append(ties.until, NEVER)[ahead], NEVER)


def _keep_states(ties: _Ties, codes: np.ndarray, states: pd.DataFrame, members: str | None, rule: str) -> _Ties:
    """Keep the states that are wanted, from and for the time of their seat where members are wanted."""
    place = pd.Index(states["iso3"]).get_indexer(codes[ties.row])
    ties, place = ties.keep(place >= 0), place[place >= 0]
    if members is None:
        return ties
    since, until = (days[place] for days in un_seats(states))
    seated, goes_on = ~np.isnat(since), np.isnat(until)
    if members == "today":
        return ties.keep(seated & goes_on)
    since = np.maximum(ties.since, _number(since))
    until = np.minimum(ties.until, np.where(goes_on, NEVER, _number(until)))
    seated &= since < until
    return replace(ties, since=since, until=ties.until if rule == "gross" else until).keep(seated)


def _number(days: np.ndarray) -> np.ndarray:
    return days.astype("datetime64[D]").astype("int64")


def _number_groups(values: np.ndarray) -> np.ndarray:
    """Number runs of equal values from 0."""
    return np.cumsum(np.concatenate([[False], values[1:] != values[:-1]])[: len(values)])
