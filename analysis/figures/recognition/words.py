"""How entities, days and numbers are written, and what a reader is warned of."""

import re
from html import escape

import pandas as pd
from IPython.display import display

from analysis.errors import require_choice
from analysis.figures.words import write_day
from analysis.recognition.facts.choices import COUNTRIES, ENTITIES, KINDS, PLACES
from analysis.recognition.relations import PARTLY_RECORDED

SEATS = {"TWN": "Taipei", "CHN": "Beijing"}
WRITTEN = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
"""How a day is written in tables, as precisely as it is known."""
VERBS = {"recognition": "recognised", "relations": "had relations with"}
FORMER = {
    "SUN": "Soviet Union", "CSK": "Czechoslovakia", "YUG": "Yugoslavia", "SCG": "Serbia and Montenegro",
    "UAR": "United Arab Republic",
}  # fmt: skip
NAMES = ENTITIES | FORMER | COUNTRIES | PLACES
WITH_ARTICLE = re.compile(
    "^(United|Soviet|European|Bahamas|Comoros|Congo|DR Congo|Gambia|Holy See|Maldives|Netherlands|Philippines)"
    "|Seychelles|Republic$|Islands$"
)


def name_entity(entity: str) -> str:
    """Return the name of an entity as it stands within a sentence.

    Examples
    --------
    >>> name_entity("TWN"), name_entity("ISR")
    ('the Republic of China (Taiwan)', 'Israel')
    """
    require_choice("entity", entity, ENTITIES)
    return ("the " if "Republic" in ENTITIES[entity] else "") + ENTITIES[entity]


def find_limits(entity: str, kind: str, on: str, cut_off: str, counts: pd.DataFrame) -> list[str]:
    """List what a reader must know before trusting a count on a day; empty when there is nothing.

    Parameters
    ----------
    entity, kind, on : str
        What was counted, and when.
    cut_off : str
        Last day up to which the data were compiled.
    counts : pandas.DataFrame
        As for :func:`plot_count_by_rule`.

    Examples
    --------
    >>> find_limits("TWN", "relations", "2030-01-01", "2026-11-22", pd.DataFrame({"count": [12]}))
    ['The data end on 22 November 2026: acts after that day, up to 1 January 2030, are missing.']
    """
    limits = []
    if pd.Timestamp(on) > pd.Timestamp(cut_off):
        limits.append(f"The data end on {write_day(cut_off)}: acts after that day, up to {write_day(on)}, are missing.")
    if counts.empty:
        other = next(name for name in KINDS if name != kind)
        limits.append(
            f"No act of {kind} towards {name_entity(entity)} is on record with this confidence; lower "
            f"minimum_confidence, or choose kind = {other}."
        )
    if entity in PARTLY_RECORDED:
        limits.append(
            f"Most states recognise {name_entity(entity)}, and the data do not list them: only acts that depart from "
            "that are on record. The count is not the number of recognisers."
        )
    return limits


def show_warnings(sentences: list[str]) -> None:
    """Show warnings in a notebook and on its page, one paragraph each; nothing when there is none."""
    if sentences:
        paragraphs = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
        bundle = {"text/html": f'<div class="warning">{paragraphs}</div>', "text/plain": "\n".join(sentences)}
        display(bundle, raw=True)


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
