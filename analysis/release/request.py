"""Which panel is asked for: every choice with its default, refused before anything heavy is imported."""

import re
from dataclasses import asdict, dataclass

from analysis.errors import ParameterError, require_choice
from analysis.recognition.facts.choices import (
    CONFIDENCES,
    ENTITIES,
    IMPLIED,
    PANEL_FORMATS,
    PANEL_UNITS,
    PART_YEARS,
    PARTLY_RECORDED,
    RULES,
)

FIRST_YEAR = 1949  # of both Chinas, Israel, and all later entities; before it, ties with Taipei are left-truncated
EARLIEST_YEAR = 1912


@dataclass(frozen=True)
class Request:
    """What the panel shall hold; the names are those of the options of ``domes panel``."""

    unit: str
    entities: tuple[str, ...]
    first_year: int
    last_year: int
    rule: str
    part_year: str
    implied: str
    minimum_confidence: str
    format: str

    def words(self) -> dict[str, str]:
        """Write each choice as its option."""
        found = {name: str(value) for name, value in asdict(self).items() if name not in ("first_year", "last_year")}
        return found | {"entities": ",".join(self.entities), "years": f"{self.first_year}-{self.last_year}"}


def read_request(
    last_day: str,
    unit: str = "dyad-year",
    entities: str = "",
    years: str = "",
    rule: str = "net",
    part_year: str = "december 31",
    implied: str = "include",
    minimum_confidence: str = "low",
    format: str = "csv",
) -> Request:
    """Read the options of a panel as a user writes them.

    Parameters
    ----------
    last_day : str
        Last day that the data know, YYYY-MM-DD; without ``years`` the panel ends with the year before it.
    unit, rule, part_year, implied, minimum_confidence, format : str
        One of the choices of each.
    entities : str
        Codes, joined by commas; empty for all whose recognition by every state is on record.
    years : str
        First and last year, ``1949-2025``, or one year.

    Raises
    ------
    ParameterError
        Names the option, the value and what is allowed.

    Examples
    --------
    >>> request = read_request("2026-11-22", entities="TWN,CHN", years="1979")
    >>> request.entities, request.first_year, request.last_year
    (('TWN', 'CHN'), 1979, 1979)
    >>> read_request("2026-11-22", years="1979 to 1980")
    Traceback (most recent call last):
    analysis.errors.ParameterError: years = '1979 to 1980' is no range; write 1949-2025, or one year.
    """
    given = {"unit": unit, "rule": rule, "part_year": part_year, "implied": implied,
             "minimum_confidence": minimum_confidence, "format": format}  # fmt: skip
    allowed = {"unit": PANEL_UNITS, "rule": RULES, "part_year": PART_YEARS, "implied": IMPLIED,
               "minimum_confidence": CONFIDENCES, "format": PANEL_FORMATS}  # fmt: skip
    for name, value in given.items():
        require_choice(name, value, allowed[name])
    first, last = _read_years(years, int(last_day[:4]))
    return Request(entities=_read_entities(entities), first_year=first, last_year=last, **given)


def _read_entities(text: str) -> tuple[str, ...]:
    if not text.strip():
        return tuple(entity for entity in ENTITIES if entity not in PARTLY_RECORDED)
    wanted = [code.strip() for code in text.split(",")]
    for code in wanted:
        require_choice("entities", code, ENTITIES)
    return tuple(code for code in ENTITIES if code in wanted)


def _read_years(text: str, latest: int) -> tuple[int, int]:
    if not text.strip():
        return FIRST_YEAR, latest - 1
    found = re.fullmatch(r"([0-9]{4})(?:-([0-9]{4}))?", text.strip())
    if not found:
        raise ParameterError(f"years = {text!r} is no range; write {FIRST_YEAR}-{latest - 1}, or one year.")
    first, last = int(found[1]), int(found[2] or found[1])
    if not EARLIEST_YEAR <= first <= last <= latest:
        raise ParameterError(
            f"years = {text!r}: the first may be {EARLIEST_YEAR} or later, the last {latest} (the data's last year) or "
            "earlier, and they must be in order."
        )
    return first, last


def list_warnings(request: Request, last_day: str) -> list[str]:
    """Say what a user should know of a panel before using it.

    Examples
    --------
    >>> list_warnings(read_request("2026-11-22", entities="KOR", years="2026"), "2026-11-22")[1]
    'warning: 2026 is not over: observed_until says up to when it was seen; what stood then is taken to stand.'
    """
    partly = [code for code in request.entities if code in PARTLY_RECORDED]
    found = []
    if partly:
        found.append(f"warning: {', '.join(partly)}: only departures from general recognition are on record; "
                     "recognition is empty where nothing is.")  # fmt: skip
    if f"{request.last_year}-12-31" > last_day:
        found.append(
            f"warning: {request.last_year} is not over: observed_until says up to when it was seen; "
            "what stood then is taken to stand."
        )
    return found
