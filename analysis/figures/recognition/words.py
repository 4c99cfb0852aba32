"""How entities, states and days are written in recognition."""

import re

import pandas as pd

from analysis.air_defence.facts.claims import is_confirmed
from analysis.errors import require_choice
from analysis.recognition.facts.choices import CONFIDENCES, COUNTRIES, ENTITIES, PLACES
from analysis.recognition.facts.states import PRECISION_LENGTHS

SEATS = {"TWN": "Taipei", "CHN": "Beijing"}
SHORT = ENTITIES | SEATS
"""Names of entities where there is little room."""
WRITTEN = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y", "before": "before %Y-%m-%d"}
"""How a day is written in tables, as precisely as it is known."""
VERBS = {"recognition": "recognised", "relations": "had relations with"}
DID = {
    ("recognition", "began"): "recognised",
    ("recognition", "ended"): "ended recognition of",
    ("relations", "began"): "took up relations with",
    ("relations", "ended"): "ended relations with",
}
"""What a state did towards an entity, by kind of tie and change."""
FORMER = {
    "SUN": "Soviet Union", "CSK": "Czechoslovakia", "YUG": "Yugoslavia", "SCG": "Serbia and Montenegro",
    "UAR": "United Arab Republic", "DDR": "East Germany", "RVN": "South Vietnam", "YMD": "South Yemen",
    "EAZ": "Zanzibar",
}  # fmt: skip
ASSOCIATED = {"COK": "Cook Islands", "NIU": "Niue"}
"""States in free association that have relations of their own and no seat in the United Nations."""
NAMES = ENTITIES | FORMER | ASSOCIATED | COUNTRIES | PLACES
WITH_ARTICLE = re.compile(
    "^(United|Soviet|European|Bahamas|Comoros|Congo|DR Congo|Gambia|Holy See|Maldives|Netherlands|Philippines)"
    "|Seychelles|Republic$|Islands$"
)


def count_confidences(claims: pd.DataFrame) -> dict[str, int]:
    """Count claims (``confidence``) by how sure they are, the surest first; levels that none has are left out.

    Examples
    --------
    >>> count_confidences(pd.DataFrame({"confidence": ["low", "high", "high"]}))
    {'high': 2, 'low': 1}
    """
    levels = claims["confidence"].value_counts()
    return {level: int(levels[level]) for level in CONFIDENCES[::-1] if level in levels}


def count_unseen(claims: pd.DataFrame) -> int:
    """Count claims that nobody has seen in a source, as their ``note`` says.

    Examples
    --------
    >>> count_unseen(pd.DataFrame({"note": ["unconfirmed: general knowledge", None, "year confirmed"]}))
    1
    """
    return int((~is_confirmed(claims)).sum())


def write_date(date: str, precision: str) -> str:
    """Write an ISO date as far as it was seen in a source.

    Examples
    --------
    >>> write_date("1985-12-07", "year"), write_date("1949-10-01", "before")
    ('1985', 'before 1949-10-01')
    """
    return ("before " if precision == "before" else "") + date[: PRECISION_LENGTHS[precision]]


def name_entity(entity: str) -> str:
    """Return the name of an entity as it stands within a sentence.

    Examples
    --------
    >>> name_entity("TWN"), name_entity("ISR")
    ('the Republic of China (Taiwan)', 'Israel')
    """
    require_choice("entity", entity, ENTITIES)
    return ("the " if "Republic" in ENTITIES[entity] else "") + ENTITIES[entity]


def write_states(number: int) -> str:
    """Write how many states, as a sentence begins.

    Examples
    --------
    >>> write_states(1), write_states(0)
    ('1 state', 'No state')
    """
    return "No state" if number == 0 else "1 state" if number == 1 else f"{number} states"


def name_country(code: str) -> str:
    """Return the name of a state or place as it stands within a sentence.

    Examples
    --------
    >>> name_country("USA"), name_country("ISR"), name_country("SLB"), name_country("TWN")
    ('the United States', 'Israel', 'the Solomon Islands', 'Taiwan')
    """
    name = NAMES[code]
    return ("the " if WITH_ARTICLE.search(name) else "") + name


UNUSUAL = 0.05  # share of shuffles at least as far away, below which a number is called unusual


def write_share(share: float) -> str:
    """Write a share of draws at least as far away in percent, with one digit where it is small.

    Examples
    --------
    >>> write_share(0.0004), write_share(0.0312), write_share(0.2)
    ('Fewer than 0.1 %', '3.1 %', '20 %')
    """
    return "Fewer than 0.1 %" if share < 0.001 else f"{100 * share:.{1 if share < 0.095 else 0}f} %"
