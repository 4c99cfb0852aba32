"""On what the headline numbers of the notebooks rest: how sure the claims behind them are."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from analysis.air_defence.calibration.raids import Asked
from analysis.air_defence.facts import coverage
from analysis.air_defence.facts.choices import ARCHITECTURES
from analysis.air_defence.facts.claims import is_confirmed
from analysis.air_defence.facts.states import layers_in_state
from analysis.air_defence.questions.forces import Defence
from analysis.facts import Facts
from analysis.figures.words import name_source
from analysis.recognition import panel
from analysis.recognition.facts.choices import ENTITIES
from analysis.recognition.facts.spells import build_spells
from analysis.tables import load_facts, load_table

MOST_LISTED = 120
"""Up to how many sources a footing names one by one."""
NOTABLE_SHARE = 0.2
"""Share of the claims from which on a page names the one source that bears most of them."""
FOOTING_MIME = "application/vnd.domes.footing+json"
"""Media type by which a page recognises on what its answer rests."""
COVERAGE = "air_defence/01-layer-coverage"
RECOGNITION = "recognition/01-recognition-map"


@dataclass(frozen=True)
class Footing:
    """How many claims stand behind a headline, by confidence; ``unconfirmed`` ones are among the low ones.

    ``cited`` are the identifiers of their sources, in order; ``heaviest`` is the one that most of those rest on that
    somebody has seen, ``borne`` how many, of ``sourced`` that name one.
    """

    claims: int
    high: int
    medium: int
    low: int
    unconfirmed: int
    cited: tuple[str, ...] = field(default=(), repr=False)
    heaviest: str = field(default="", repr=False)
    borne: int = field(default=0, repr=False)
    sourced: int = field(default=0, repr=False)

    def __str__(self) -> str:
        low = f"{self.low} low" + (f", {self.unconfirmed} of them unconfirmed (seen in no source)" if self.low else "")
        return (
            f"Claims behind the key numbers: {self.claims}; confidence {self.high} high, {self.medium} medium, {low}."
        )

    def tally(self) -> dict[str, dict[str, int]]:
        """Facts of ``shared.rests_on``: how many claims there are, and how many of them nobody has seen in a source.

        Examples
        --------
        >>> Footing(3, 1, 1, 1, 1).tally()
        {'rests': {'claims': 3, 'unconfirmed': 1}}
        """
        return {"rests": {"claims": self.claims, "unconfirmed": self.unconfirmed}}

    def _repr_markdown_(self) -> str:
        return f"**On what this rests.** {self}{self._list_sources()}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Hand the heaviest source over to a page, which names it beside its answer where it bears much."""
        name = name_source(load_table("sources"), self.heaviest) if self._leans() else ""
        return {FOOTING_MIME: {"heaviest": name, "borne": self.borne, "sourced": self.sourced}}

    def _leans(self) -> bool:
        return self.borne > 1 and self.borne >= NOTABLE_SHARE * self.sourced

    def _list_sources(self) -> str:
        """Name the sources, folded; where there are many, only say how many."""
        if len(self.cited) > MOST_LISTED:
            return f" Their {len(self.cited)} sources stand with the claims."
        names = sorted(name_source(load_table("sources"), one) for one in self.cited)
        listed = f"\n\n<details><summary>Their sources</summary>\n\n{'; '.join(names)}.\n\n</details>"
        return listed if names else ""


def footing(*claims: pd.DataFrame) -> Footing:
    """Count the claims behind a headline by confidence.

    Parameters
    ----------
    claims : pandas.DataFrame
        Rows of claim tables: ``confidence`` and ``note``, and ``source_id`` where sources are to be named; one row is a
        claim.

    Examples
    --------
    >>> rows = pd.DataFrame({"confidence": ["high", "low"], "note": [None, "unconfirmed: from general knowledge"]})
    >>> print(footing(rows))
    Claims behind the key numbers: 2; confidence 1 high, 0 medium, 1 low, 1 of them unconfirmed (seen in no source).
    """
    rows = pd.concat([frame.reindex(columns=["confidence", "note", "source_id"]) for frame in claims])
    counts = {name: int((rows["confidence"] == name).sum()) for name in ("high", "medium", "low")}
    confirmed, named = is_confirmed(rows), rows["source_id"].notna()
    cited = {one for joined in rows.loc[named, "source_id"] for one in _split(joined)}
    seen = Counter(one for joined in rows.loc[named & confirmed, "source_id"] for one in _split(joined))
    heaviest = min(seen, key=lambda one: (-seen[one], one), default="")
    return Footing(
        len(rows),
        **counts,
        unconfirmed=int((~confirmed).sum()),
        cited=tuple(sorted(cited)),
        heaviest=heaviest,
        borne=seen[heaviest],
        sourced=int(named.sum()),
    )


def _split(joined: str) -> set[str]:
    return {one.strip() for one in joined.split(";")}


def claims_of_coverage(architectures: list[str], facts: Facts) -> pd.DataFrame:
    """Pick the ratings that a coverage of architectures rests on: those of its systems that are not ``none``.

    Parameters
    ----------
    architectures : list of str
        Names of architectures.
    facts : Facts
        Tables of ``air_defence/``: ``capability, architectures, architecture_layers``.
    """
    systems = {system for name in architectures for system in layers_in_state(name, facts, "announced")["system_id"]}
    capability = facts.capability
    return capability[capability["system_id"].isin(systems) & capability["capability"].isin(coverage.RATED)]


def claims_of_rounds(defences: Iterable[Defence], facts: Facts) -> pd.DataFrame:
    """Pick the claims behind the ready rounds of the layers: batteries, launchers and their loads, rounds that exist.

    Parameters
    ----------
    defences : iterable of Defence
        From :func:`analysis.air_defence.questions.forces.build_defence`. A claim that several of them use
        counts once.
    facts : Facts
        Tables of ``air_defence/``: ``architecture_layers, system_parameters``.
    """
    used: set[str] = set()
    for defence in defences:
        modelled = defence.rounds["system_id"].isin([layer.name for layer in defence.layers])
        used.update(claim for ids in defence.rounds.loc[modelled, "claim_ids"] for claim in ids.split(";"))
    tables = [facts[name][["claim_id", "confidence", "note"]] for name in ("architecture_layers", "system_parameters")]
    claims = pd.concat(tables)
    return claims[claims["claim_id"].isin(used)]


def footing_of_defences(
    architectures: list[str], defences: Iterable[Defence], facts: Facts, *more: pd.DataFrame
) -> Footing:
    """Count the claims behind what defences do: ratings of the architectures, rounds of the layers, and ``more``.

    Parameters are those of :func:`claims_of_coverage`, :func:`claims_of_rounds` and :func:`footing`.
    """
    return footing(claims_of_coverage(architectures, facts), claims_of_rounds(defences, facts), *more)


def claims_of_raids(asked: Asked, facts: Facts) -> pd.DataFrame:
    """Pick the counts of observed raids that layers are fitted to and held against.

    Parameters
    ----------
    asked : Asked
        From :func:`analysis.air_defence.calibration.raids.ask_raids`.
    facts : Facts
        Table ``observed_raids`` of ``air_defence/``.
    """
    raids = facts.observed_raids
    return raids[raids["claim_id"].isin(asked.rows["claim_id"])]


def claims_of_recognisers(found: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Pick the acts with which the ties of a list of recognisers began.

    Parameters
    ----------
    found : pandas.DataFrame
        From :func:`analysis.recognition.panel.recognisers`.
    events : pandas.DataFrame
        Table ``recognition/events``.
    """
    return events[events["claim_id"].isin(found["claim_id"])]


def list_headlines(on: str) -> pd.DataFrame:
    """List the headlines of the notebooks with the claims that they rest on, the weakest footing first.

    Parameters
    ----------
    on : str
        Day of the counts, usually the cut-off.

    Returns
    -------
    pandas.DataFrame
        One row is a headline: ``headline, notebook, claims, high, medium, low, unconfirmed``.
    """
    rows = [
        {"headline": headline, "notebook": notebook, **asdict(footing(claims))}
        for headline, notebook, claims in (*_coverage_headlines(), *_recognition_headlines(on))
    ]
    table = pd.DataFrame(rows).assign(share=lambda frame: frame["unconfirmed"] / frame["claims"])
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True).drop(
        columns=["share", "cited", "heaviest", "borne", "sourced"]
    )


def _coverage_headlines() -> Iterator[tuple[str, str, pd.DataFrame]]:
    facts = load_facts("air_defence")
    for name, words in ARCHITECTURES.items():
        yield f"{words}: ratings against threat classes", COVERAGE, claims_of_coverage([name], facts)


def _recognition_headlines(on: str) -> Iterator[tuple[str, str, pd.DataFrame]]:
    events = load_table("recognition/events")
    spells = build_spells(events, load_table("recognition/lineage"))
    for entity, words in ENTITIES.items():
        for kind in ("recognition", "relations"):
            found = panel.recognisers(spells, entity, on, kind)
            if len(found):
                yield f"{words}: {kind}", RECOGNITION, claims_of_recognisers(found, events)
