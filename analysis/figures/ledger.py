"""The ledger of a page: every input of its answer, laid open so that a reader changes it with no kernel."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from IPython.display import display

from analysis.air_defence.facts.choices import THREAT_CLASSES
from analysis.figures import style
from analysis.figures.air_defence.leakage import GROUPS, KINDS, UNITS, name_layer
from analysis.figures.air_defence.leakage_by_class import COLOURS, RATE_MARKS, words_of_dots
from analysis.figures.air_defence.words import CLASS_WORDS
from analysis.figures.captions import say
from analysis.figures.ledger_file import LEDGER_MIME
from analysis.figures.marks import mark_numbers

MOVED = (
    *("chosen", "by_class", "beside", "spread", "records"),
    *("half", "most", "all_threats", "ends_of_class", "others"),
)
"""Facts of an answer and of the figure of dots that follow a reader's case."""
SHARED = {f"coverage_{name}": words for name, words in GROUPS.items()} | {
    "single_shot_primary": "kill probability of a shot, systems rated primary",
    "single_shot_secondary": "kill probability of a shot, systems rated secondary",
    "single_shot_limited": "kill probability of a shot, systems rated limited",
    "track_layer": "tracking, every layer alike",
    "raid_correlation_drone": "how alike the drones of one raid fare",
    "raid_correlation_cruise": "how alike the cruise missiles of one raid fare",
    "raid_correlation_ballistic": "how alike the ballistic missiles of one raid fare",
}
RAID, TOGETHER = "The raid", "What systems share"
SHARE_UNITS = {"raid_correlation": "correlation", "single_shot": "chance for a shot"}


def show_ledger(
    opened: Mapping[str, Any],
    said: Mapping[str, Mapping[str, Any]],
    rates: pd.DataFrame,
    raid: str,
) -> None:
    """Give the page the ledger of its answer; a notebook shows a line only. It belongs to the figure before it.

    Parameters are those of :func:`describe_ledger`.
    """
    content = describe_ledger(opened, said, rates, raid)
    told = f"The ledger of the page: {len(opened['inputs'])} inputs that a reader may change."
    display({LEDGER_MIME: content, "text/plain": told}, raw=True)


def describe_ledger(
    opened: Mapping[str, Any],
    said: Mapping[str, Mapping[str, Any]],
    rates: pd.DataFrame,
    raid: str,
) -> dict[str, Any]:
    """Put what is laid open together with the words, marked sentences and colours that a page shows of it.

    Parameters
    ----------
    opened : mapping
        From ``ledger.open_ledger``.
    said : mapping
        Captions of the answer and of the figure, each with its facts, as ``captions.say`` took them.
    rates : pandas.DataFrame
        As ``leakage_by_class.plot_dots_by_class`` takes it.
    raid : str
        Name of the notional raid, which a case file replaces.
    """
    cases = [tuple(case["case"]) for case in opened["cases"]]
    names = {name: THREAT_CLASSES[name] for name in opened["classes"]}
    return {
        **opened,
        "inputs": [row | _words_of(row) for row in opened["inputs"]],
        "said": {caption: say(caption, mark_numbers(facts, MOVED)) for caption, facts in said.items()},
        "words": words_of_dots(cases[opened["own"]], cases, rates) | {"raid": raid, "classes": names},
        "rates": _rates_by_record(rates),
        "colours": {"ink": style.INK, "grid": style.GRID, "cases": [COLOURS[level] for _, level in cases]},
    }


def _words_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Say under which heading an input stands, what it is called there, and in which unit it is."""
    name, kind = row["name"], row["kind"]
    if kind == "threats":
        return {"heading": RAID, "label": CLASS_WORDS[name.partition(".")[2]], "unit": "threats"}
    system, *threat, what = name.split(".") if "." in name else ("", name)
    if name in SHARED or not system or system in GROUPS:
        unit = next((unit for start, unit in SHARE_UNITS.items() if name.startswith(start)), "chance for a threat")
        return {"heading": TOGETHER, "label": SHARED.get(name, GROUPS.get(system, KINDS["track"])), "unit": unit}
    against = f" against {CLASS_WORDS[threat[0]].lower()}" if threat else ""
    return {"heading": name_layer(system), "label": KINDS[what] + against, "unit": UNITS[what]}


def _rates_by_record(rates: pd.DataFrame) -> list[dict[str, Any]]:
    """Share of each class that leaks at the rates of each record, and the mark of a record that has any."""
    found = []
    marks = iter(RATE_MARKS)
    for record, own in rates.groupby("record", sort=False):
        known = own.dropna(subset=["rate"])
        leaks = {row.threat_class: round(1 - row.rate, 6) for row in known.itertuples()}
        shape, face = next(marks) if leaks else ("", "")
        found.append({"record": record, "leaks": leaks, "shape": shape, "face": face})
    return found
