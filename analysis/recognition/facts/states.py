"""The state system: which states exist on a day, which hold a seat in the United Nations, and who followed whom."""

from collections.abc import Iterable, Iterator
from datetime import date

import numpy as np
import pandas as pd

from analysis.errors import DataError, NothingToShowError, ParameterError
from analysis.recognition.facts.choices import ENTITIES

MIDDLE = {4: "-07-01", 7: "-15", 10: ""}
PRECISION_LENGTHS = {"year": 4, "month": 7, "day": 10, "before": 10}
# General Assembly resolution 2758: until this day the Republic of China held the seat of China.
CHINA_SEAT_PASSED = np.datetime64("1971-10-25")
LONG_AGO = pd.Timestamp("0001-01-01")
FAR_AHEAD = pd.Timestamp("9999-12-31")


def day_of(when: str | date, precision: str | None = None) -> pd.Timestamp:
    """Return the day that stands for a date of reduced precision.

    Parameters
    ----------
    when : str or date
        ISO text, ``1962``, ``1962-07`` or ``1962-07-03``, or a date.
    precision : {"day", "month", "year", "before"}, optional
        How much of the text to trust; by default all of it.

    Raises
    ------
    ParameterError
        When ``when`` is no date.

    Notes
    -----
    A month counts as its 15th and a year as 1 July. Two dates of different precision may thus change
    places; work at the level of days should allow for it.

    Examples
    --------
    >>> day_of("1962")
    Timestamp('1962-07-01 00:00:00')
    >>> day_of("1962-02-28", precision="month")
    Timestamp('1962-02-15 00:00:00')
    """
    text = str(when)[: PRECISION_LENGTHS[precision or "day"]]
    try:
        return pd.Timestamp(date.fromisoformat(text + MIDDLE[len(text)]))
    except (KeyError, ValueError):
        raise ParameterError(f"date = {when!r} is no date; write YYYY-MM-DD, YYYY-MM or YYYY.") from None


def days_of(dates: pd.Series) -> pd.Series:
    """Return the days that stand for a column of dates of reduced precision; see :func:`day_of`.

    Parameters
    ----------
    dates : pandas.Series of str
        ISO text of four, seven or ten characters; missing stays missing.

    Examples
    --------
    >>> days_of(pd.Series(["1962", "1962-02", None])).dt.strftime("%d %b").tolist()
    ['01 Jul', '15 Feb', nan]
    """
    texts = [text + MIDDLE[len(text)] if isinstance(text, str) else "NaT" for text in dates.tolist()]
    return pd.Series(np.array(texts, dtype="datetime64[us]"), index=dates.index, name=dates.name)


def read_days(days: Iterable[str | date]) -> np.ndarray:
    """Return days given as text or dates as an array of ``datetime64``; see :func:`day_of`.

    Parameters
    ----------
    days : iterable of str or date
        A column of ``datetime64`` passes unchanged.

    Examples
    --------
    >>> read_days(["1962", "1979-12-31"]).astype("datetime64[D]").tolist()
    [datetime.date(1962, 7, 1), datetime.date(1979, 12, 31)]
    """
    given = np.asarray(days if hasattr(days, "dtype") else list(days))
    return given if given.dtype.kind == "M" else np.array([day_of(day) for day in given], dtype="datetime64[us]")


def un_seats(states: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return since when and until when each state held a seat in the United Nations.

    Parameters
    ----------
    states : pandas.DataFrame
        The table ``recognition/states`` (iso3, un_member, un_admission_date, end_date).

    Returns
    -------
    since, until : numpy.ndarray
        First day with the seat (NaT: never) and first day without it (NaT: still held), for each row of ``states``.

    Notes
    -----
    The seat of China was held by the Republic of China (TWN) until 25 October 1971, and by the People's
    Republic (CHN) since. Indonesia's absence of 1965-66 is not counted as leaving.

    Examples
    --------
    >>> table = {"iso3": ["CSK"], "un_member": [True], "un_admission_date": ["1945-10-24"], "end_date": ["1992-12-31"]}
    >>> since, until = un_seats(pd.DataFrame(table))
    >>> str(until[0])[:10]
    '1993-01-01'
    """
    taipei, beijing = (states["iso3"].to_numpy() == code for code in ("TWN", "CHN"))
    since = days_of(states["un_admission_date"]).to_numpy()
    until = days_of(states["end_date"]).to_numpy() + np.timedelta64(1, "D")
    since = np.where(states["un_member"].to_numpy(dtype="bool"), since, np.datetime64("NaT"))
    first = since[beijing][:1] if beijing.any() else np.datetime64("NaT")
    since = np.where(taipei, first, np.where(beijing, CHINA_SEAT_PASSED, since))
    return since, np.where(taipei, CHINA_SEAT_PASSED, until)


def require_existence(entity: str, on: str | date, periods: pd.DataFrame) -> None:
    """Refuse a day on which an entity does not exist, saying since when it does.

    Parameters
    ----------
    entity : str
        Code of the entity, one of ``choices.ENTITIES``.
    on : str or date
        The day.
    periods : pandas.DataFrame
        The table ``recognition/entity_periods``.

    Raises
    ------
    ParameterError
        When no period of the entity holds the day.

    Examples
    --------
    >>> periods = pd.DataFrame({"entity": ["PSE"], "begin": ["1988-11-15"], "end": [None]})
    >>> require_existence("PSE", "1985", periods)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    analysis.errors.NothingToShowError: day = 1985-07-01: Palestine (PSE) does not exist then; it exists since ...
    """
    day, own = day_of(on), periods[periods["entity"].eq(entity)]
    if ((days_of(own["begin"]) <= day) & ~(days_of(own["end"]) < day)).any():
        return
    times = [
        f"from {begin} to {end}" if isinstance(end, str) else f"since {begin}"
        for begin, end in zip(own["begin"], own["end"], strict=True)
    ]
    name = f"{ENTITIES[entity]} ({entity})"
    raise NothingToShowError(f"day = {day:%Y-%m-%d}: {name} does not exist then; it exists {' and '.join(times)}.")


def observed_until(entity: str, observed: pd.DataFrame) -> pd.Timestamp:
    """Return the last day up to which the ties of an entity were watched; NaT where no page on them was seen.

    Parameters
    ----------
    entity : str
        Code of the entity, one of ``choices.ENTITIES``.
    observed : pandas.DataFrame
        The table ``recognition/observed``.

    Examples
    --------
    >>> observed = pd.DataFrame({"entity": ["TWN"], "observed_until": ["2026-05-21"]})
    >>> observed_until("TWN", observed)
    Timestamp('2026-05-21 00:00:00')
    """
    days = days_of(observed.loc[observed["entity"].eq(entity), "observed_until"])
    return days.iloc[0] if len(days) else pd.NaT


def system_on(states: pd.DataFrame, lineage: pd.DataFrame, on: str | date) -> pd.DataFrame:
    """List the states that exist on a day.

    Parameters
    ----------
    states : pandas.DataFrame
        The table ``recognition/states``.
    lineage : pandas.DataFrame
        The table ``recognition/lineage``.
    on : str or date
        The day.

    Returns
    -------
    pandas.DataFrame
        The rows of ``states`` that exist on that day, with ``un_member`` as on that day.

    Notes
    -----
    A state exists from its start in the state system or its seat in the United Nations, whichever came
    first (Ukraine sat there before it was independent), through its last day. A state without a start
    (Cook Islands, Niue) exists always. A continuator, such as Russia, does not exist beside the state that
    it continues. Egypt and Syria are continuous through the United Arab Republic, as in the events, so that
    the republic is not listed.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> tables = load_table("recognition/states"), load_table("recognition/lineage")
    >>> [int(system_on(*tables, day)["un_member"].sum()) for day in ("1945-12-31", "1970-12-31", "2011-12-31")]
    [51, 127, 193]
    """
    day = day_of(on)
    seated_since, seated_until = un_seats(states)
    spans = spans_of_states(states, lineage)
    exists = (spans["since"] <= day) & ~(spans["until"] <= day)
    seated = (seated_since <= day) & ~(seated_until <= day)
    return states.assign(un_member=seated)[exists].reset_index(drop=True)


def spans_of_states(states: pd.DataFrame, lineage: pd.DataFrame) -> pd.DataFrame:
    """Say from when until when each state exists; rules and tables as in :func:`system_on`.

    Returns
    -------
    pandas.DataFrame
        since and until (half-open; NaT: still), indexed as ``states``. One row is a state; one that never counts
        (the United Arab Republic) ends before it begins.
    """
    refuse_lineage_faults(lineage)
    seated_since, _ = un_seats(states)
    since = days_of(states["system_start"]).fillna(LONG_AGO)
    since = since.mask(seated_since < since.to_numpy(), seated_since)
    continued = lineage[lineage["kind"].eq("continuator")].set_index("successor")["date"]
    since = days_of(states["iso3"].map(continued)).fillna(since)
    shared = lineage.loc[lineage["kind"].eq("union dissolved"), "predecessor"]
    until = (days_of(states["end_date"]) + pd.Timedelta(days=1)).mask(states["iso3"].isin(shared), LONG_AGO)
    return pd.DataFrame({"since": since, "until": until})


def find_lineage_faults(lineage: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    """Find successions that contradict each other.

    Parameters
    ----------
    lineage : pandas.DataFrame
        The table ``recognition/lineage``.

    Yields
    ------
    tuple of int, str and str
        Index of the row, its column, and a sentence: the row closes a circle of successions, or is the second of a
        state that has one heir by rule, or that continues one state.

    Examples
    --------
    >>> circle = pd.DataFrame({"predecessor": ["YUG", "SCG"], "successor": ["SCG", "YUG"]})
    >>> list(find_lineage_faults(circle))
    [(1, 'successor', 'was followed by SCG, as earlier rows say; take one of them out')]
    """
    later: dict[str, set[str]] = {}
    for index, maker, successor in zip(lineage.index, lineage["predecessor"], lineage["successor"], strict=True):
        if maker in later.get(successor, set()) | {successor}:
            yield index, "successor", f"was followed by {maker}, as earlier rows say; take one of them out"
            continue
        after = later.get(successor, set()) | {successor}
        later[maker] = later.get(maker, set()) | after
        for follows in later.values():
            follows |= after if maker in follows else set()
    for column, word, shared, rule in (
        ("inherits_recognition", "yes", "predecessor", "has an heir of its acts already"),
        ("kind", "continuator", "successor", "continues another state already"),
    ):
        rows = lineage[lineage[column].eq(word)] if column in lineage else lineage.iloc[:0]
        for index in rows.index[rows.duplicated(shared)]:
            yield index, column, f"cannot be: {rows[shared][index]} {rule}; correct one of both rows"


def refuse_lineage_faults(lineage: pd.DataFrame) -> None:
    """Refuse successions that contradict each other.

    Raises
    ------
    DataError
        Names the first of :func:`find_lineage_faults`.
    """
    for index, column, sentence in find_lineage_faults(lineage):
        value = lineage[column][index]
        raise DataError(f"recognition/lineage.csv row {index + 2}: {column} = {value!r} {sentence}.")


def find_holders(lineage: pd.DataFrame) -> pd.DataFrame:
    """Say which state held an act of a predecessor, and when, until the successor that carries it today.

    Parameters
    ----------
    lineage : pandas.DataFrame
        The table ``recognition/lineage`` (predecessor, successor, date).

    Returns
    -------
    pandas.DataFrame
        maker (who acted), carrier (who carries the act in the end; the maker itself where nobody does),
        holder, since and until (half-open). One row is one holder in a chain from maker to carrier.

    Examples
    --------
    >>> chain = {"predecessor": ["YUG", "SCG"], "successor": ["SCG", "SRB"], "date": ["1992-04-27", "2006-06-05"]}
    >>> holders = find_holders(pd.DataFrame(chain)).query("maker == 'YUG' and carrier == 'SRB'")
    >>> holders["holder"].tolist(), holders["until"].dt.year.tolist()
    (['YUG', 'SCG', 'SRB'], [1992, 2006, 9999])
    """
    refuse_lineage_faults(lineage)
    steps: dict[str, list[tuple[str, pd.Timestamp]]] = {}
    for maker, successor, when in zip(lineage["predecessor"], lineage["successor"], lineage["date"], strict=True):
        steps.setdefault(maker, []).append((successor, day_of(when)))
    rows = []
    for maker in steps:
        ended = min(day for _, day in steps[maker])
        rows.append((maker, maker, maker, LONG_AGO, ended))
        for chain in _chains(steps, [(maker, LONG_AGO)]):
            ends = [since for _, since in chain[1:]] + [FAR_AHEAD]
            carrier = chain[-1][0]
            rows += [(maker, carrier, holder, since, until) for (holder, since), until in zip(chain, ends, strict=True)]
    return pd.DataFrame(rows, columns=["maker", "carrier", "holder", "since", "until"])


def _chains(
    steps: dict[str, list[tuple[str, pd.Timestamp]]], chain: list[tuple[str, pd.Timestamp]]
) -> Iterator[list[tuple[str, pd.Timestamp]]]:
    for step in steps.get(chain[-1][0], []):
        yield [*chain, step]
        yield from _chains(steps, [*chain, step])


def members_on(memberships: pd.DataFrame, on: str | date) -> pd.DataFrame:
    """Choose the memberships that stand on a day: begun by then, and not ended.

    Parameters
    ----------
    memberships : pandas.DataFrame
        The table ``recognition/memberships``.
    on : str or date
        The day.

    Examples
    --------
    >>> table = {"iso3": ["CUB", "GBR"], "organisation": "EU", "start": ["2030", "1973"], "end": [None, "2020-01-31"]}
    >>> [members_on(pd.DataFrame(table), day)["iso3"].tolist() for day in ("2020-01-30", "2020-01-31")]
    [['GBR'], []]
    """
    day = day_of(on)
    return memberships[(days_of(memberships["start"]) <= day) & ~(days_of(memberships["end"]) <= day)]
