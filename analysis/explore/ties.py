"""Who stands how towards an entity, ready for every choice that one makes while exploring; no widgets here."""

from functools import cache
from typing import Any

import pandas as pd

from analysis.base_map import load_base_map
from analysis.errors import ParameterError
from analysis.facts import Facts
from analysis.figures.captions import say
from analysis.figures.charts import Controls
from analysis.figures.recognition.histories import table_of_acts
from analysis.figures.recognition.linked import (
    control_years,
    plot_status_over_time,
    table_of_statuses,
    write_addresses,
    write_counts,
    write_keys,
    write_times,
)
from analysis.figures.recognition.recognition_map import FIRST_DAY, FIRST_DAYS, facts_of_recognisers, find_limits
from analysis.parameters import RecognitionMapParameters as Case
from analysis.parameters.rules import CodeOf
from analysis.recognition.dossiers import find_acts, find_history
from analysis.recognition.facts.spells import build_spells
from analysis.recognition.facts.states import observed_until
from analysis.recognition.panel import counts, recognisers
from analysis.recognition.timelines import EPOCH, STATUSES, find_timelines


def number_day(on: str | pd.Timestamp) -> int:
    """Count a day from 1970-01-01.

    Examples
    --------
    >>> number_day("1970-01-31")
    30
    """
    return (pd.Timestamp(on) - EPOCH).days


def name_day(number: int) -> str:
    """Write a day that is counted from 1970-01-01 as YYYY-MM-DD.

    Examples
    --------
    >>> name_day(30)
    '1970-01-31'
    """
    return f"{EPOCH + pd.Timedelta(days=number):%Y-%m-%d}"


class Ties:
    """The tables, and what follows from them for one choice after another.

    Parameters
    ----------
    facts : Facts
        The tables of ``recognition/``; the small base map is loaded beside them.
    until : str
        Last day of the data, YYYY-MM-DD.
    """

    def __init__(self, facts: Facts, until: str) -> None:
        self.facts, self.until, self.base_map = facts, until, load_base_map("110m")
        self.spells = build_spells(facts.events, facts.lineage)
        self.names: dict[str, str] = dict(zip(facts.states["iso3"], facts.states["name"], strict=True))
        self.codes = list(dict.fromkeys([*self.base_map["iso3"], *facts.tile_grid["iso3"]]))
        self.span = (number_day(FIRST_DAY), number_day(until))
        self.find_timelines, self.find_times = cache(self._find_timelines), cache(self._find_times)

    def find_seen(self, entity: str) -> pd.Timestamp:
        """Say up to which day the ties of an entity were watched."""
        return observed_until(entity, self.facts.observed)

    def _find_timelines(self, entity: str, kind: str, minimum_confidence: str) -> pd.DataFrame:
        return find_timelines(self.spells, self.facts, entity, kind, minimum_confidence)

    def _find_times(self, entity: str, kind: str, minimum_confidence: str) -> list[dict[str, Any]]:
        found = self.find_timelines(entity, kind, minimum_confidence)
        return write_times(found, self.codes, self.facts.lineage, self.facts.sources, kind)

    def find_counts(self, case: Case) -> pd.DataFrame:
        """Count over time under the rule of a case, from where the record of the entity begins."""
        found = counts(self.spells, **_choice(case), rule=case.rule)
        begins = found["day"] >= FIRST_DAYS.get(case.entity, FIRST_DAY)
        return found[begins | found["day"].eq(found.loc[~begins, "day"].max())]

    def write_tables(self, case: Case) -> dict[str, list[dict[str, Any]]]:
        """Write all that changes in the chart with the entity, kind, rule or confidence."""
        times = self.find_times(*_choice(case).values())
        return {
            "times": times,
            "counts": write_counts(self.find_counts(case), self._span_of(case.entity)),
            "keys": write_keys(case.entity, case.kind, times, self.codes),
        }

    def _span_of(self, entity: str) -> tuple[int, int]:
        return max(self.span[0], number_day(FIRST_DAYS.get(entity, FIRST_DAY))), self.span[1]

    def plot(self, case: Case) -> Any:
        """Link the maps and the curve of a case."""
        parts = {"base_map": self.base_map} | {name: self.facts[name] for name in ("states", "tile_grid", "lineage")}
        times, day = self.find_times(*_choice(case).values()), number_day(case.day)
        chart = plot_status_over_time(
            times, self.find_counts(case), **parts, entity=case.entity, kind=case.kind, day=day, span=self.span
        )
        chart.datasets |= self.write_tables(case) | {"addresses": write_addresses(times, self.facts.sources)}
        return chart

    def list_statuses(self, case: Case) -> pd.DataFrame:
        """List how every state stood at any time, and by which source: all that the chart of a case shows."""
        return table_of_statuses(self.find_timelines(*_choice(case).values()), self.facts.sources)

    def list_years(self, case: Case, note: str = "") -> Controls:
        """Make the year slider of a page, from where the record of the entity begins; ``note`` stands beneath it."""
        span = self._span_of(case.entity)
        seen = self.find_seen(case.entity)
        return control_years(self.find_counts(case), case.entity, case.kind, case.rule, case.day, span, seen, note)

    def describe(self, case: Case) -> str:
        """Say how many states count on the day of a case, or why that cannot be said."""
        try:
            found = recognisers(
                self.spells, **_choice(case), on=case.day, rule=case.rule, periods=self.facts.entity_periods
            )
        except ParameterError as error:
            return str(error).removeprefix(f"day = {case.day}: ")
        seen = self.find_seen(case.entity)
        facts = facts_of_recognisers(found, case.entity, case.kind, case.rule, case.day, seen)
        return say("recognition_map.recognisers", facts)

    def list_limits(self, case: Case) -> list[str]:
        """List what a reader must know of the entity, kind and day of a case."""
        return find_limits(case.entity, case.kind, case.day, self.find_seen(case.entity), self.find_counts(case))

    def find_code(self, words: str) -> str:
        """Find a state by its English name, by its code, or by both as the list of names writes them.

        Raises
        ------
        ParameterError
            When there is none; names the nearest.
        """
        wanted = words.strip()
        named = {name.casefold(): code for code, name in self.names.items()}
        listed = {self.write_name(code).casefold(): code for code in self.names}
        found = named.get(wanted.casefold()) or listed.get(wanted.casefold())
        if found is None:
            CodeOf(self.names).check("state", wanted.upper() if len(wanted) == 3 else wanted)
        return found or wanted.upper()

    def write_name(self, code: str) -> str:
        """Write a state as the list of names does, such as Honduras (HND)."""
        return f"{self.names[code]} ({code})"

    def describe_state(self, case: Case, code: str) -> str:
        """Say how one state stands on the day of a case, since when, and who says so."""
        day = number_day(case.day)
        standing = [
            row
            for row in self.find_times(*_choice(case).values())
            if row["code"] == code and row["since"] <= day < row["until"]
        ]
        row = standing[0] if standing else None
        status = [*STATUSES[case.kind].values()][row["key"]] if row else None
        return say("recognition_map.standing", {"state": self.write_name(code), "row": row, "status": status})

    def list_history(self, code: str) -> pd.DataFrame:
        """List every act of a state, and of those whose ties it took over, towards all entities."""
        ties = find_history(self.spells, self.facts.lineage, code)
        return table_of_acts(find_acts(self.facts.events, ties), self.facts.sources)


def _choice(case: Case) -> dict[str, str]:
    return {name: getattr(case, name) for name in ("entity", "kind", "minimum_confidence")}
