"""A defence while one plays with it: choices in, exact leakers, work and cost out; no widgets here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.air_defence.exact import layers
from analysis.air_defence.exact.defence import Layer
from analysis.air_defence.facts import coverage, envelope, prices, windows
from analysis.air_defence.facts.choices import ARCHITECTURES, THREAT_CLASSES
from analysis.air_defence.facts.claims import assumption
from analysis.air_defence.facts.rounds import ready_rounds
from analysis.air_defence.models.salvo import Leakers
from analysis.air_defence.questions import cost, forces, leakage, posterior, staircases, uncertainty
from analysis.air_defence.questions.cases import Case, fire_differently, make_case, resize, state_inputs
from analysis.explore.own_values import OWN_RAID, OwnValues
from analysis.facts import Facts
from analysis.parameters import AirDefenceExploreParameters as Choices

PRICE_YEAR = 2025
DRAWS_AT_A_TIME = 32
CYCLE = "shot_cycle"


@dataclass(frozen=True)
class Result:
    """What a defence does with a raid, at the best value of every input.

    Attributes
    ----------
    leakers : Leakers
        Distribution of the threats that leak.
    raid : dict of str to int
        Threats by class.
    by_class : dict of str to float
        Threats of each class that leak, on average.
    work : pandas.DataFrame
        One row is a system: ``system_id, name, killed, spent`` (means), ``short`` (largest chance over its classes that
        rounds run out), ``cost_low_usd, cost_usd, cost_high_usd`` (empty where no price is published), ``price_basis``.
    silent : list of str
        Names of systems that are switched off, or for which time or rounds are lacking.
    """

    leakers: Leakers
    raid: dict[str, int]
    by_class: dict[str, float]
    work: pd.DataFrame
    silent: list[str]


@dataclass(frozen=True)
class Band:
    """Between which ends the mean number of leakers lies in nine in ten of so many draws."""

    low: float
    high: float
    draws: int


class Ready:
    """What a defence needs and what does not change while one moves a slider, worked out once.

    Parameters
    ----------
    facts : Facts
        The tables of ``air_defence/``.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._rounds: dict[tuple[str, str], pd.DataFrame] = {}
        self._windows: dict[str, pd.DataFrame] = {}
        self._cases: dict[tuple, Case] = {}
        self._paid: dict[str, pd.DataFrame] = {}
        self.names: dict[str, str] = facts.systems.set_index("system_id")["name"].to_dict()

    @cached_property
    def prices(self) -> pd.DataFrame:
        """All published prices of interceptors."""
        return prices.price_ranges(self.facts, PRICE_YEAR)

    def prices_of(self, architecture: str) -> pd.DataFrame:
        """One price a system, as the owner of an architecture pays it where that is on record."""
        if architecture not in self._paid:
            self._paid[architecture] = prices.prices_paid(self.prices, cost.buyer_of(architecture, self.facts))
        return self._paid[architecture]

    @cached_property
    def windows(self) -> pd.DataFrame:
        """Seconds in which each system can engage each class, at the best values."""
        matrix = coverage.capability_matrix(self.facts.systems, self.facts.capability)
        return windows.engagement_windows(matrix, self.envelopes, self.facts, list(THREAT_CLASSES))

    @cached_property
    def envelopes(self) -> pd.DataFrame:
        """Ranges and altitudes of all systems."""
        limits = envelope.published_limits(self.facts)
        return envelope.range_altitude_envelopes(limits, envelope.altitude_spans(limits, self.facts.assumptions))

    @cached_property
    def cycle_s(self) -> float:
        """Seconds from a shot to the next after a look."""
        return assumption(self.facts.assumptions, CYCLE)["best"]

    @cached_property
    def most_systems(self) -> int:
        """Systems with rounds of the architecture that has most."""
        return max(len(self.rounds(architecture, "announced")) for architecture in ARCHITECTURES)

    def windows_of(self, architecture: str) -> pd.DataFrame:
        """Those of ``windows`` that belong to the systems of an architecture."""
        if architecture not in self._windows:
            members = self.rounds(architecture, "announced")["system_id"]
            self._windows[architecture] = self.windows[self.windows["system_id"].isin(members)]
        return self._windows[architecture]

    def case(self, choices: Choices, own_raid: Mapping[str, int] | None = None) -> Case:
        """Give the architecture under the named raid, or under one of the user's own.

        What a slider moves often is not in it, so that it is kept: of an own raid only which classes it has. Magazines
        are for the raid that was kept; ``resize`` allots them anew.
        """
        given = own_raid or {}
        present = {name: given[name] for name in THREAT_CLASSES if given.get(name)}  # in the tables' order
        asked = choices.raid if own_raid is None else tuple(present)
        scopes = choices.track_scope, choices.coverage_scope, choices.programme_state
        key = choices.architecture, asked, choices.inputs, *scopes, choices.raid_correlation, choices.allotment
        if key not in self._cases:
            raid = forces.read_raid(self.facts.raids, choices.raid) if own_raid is None else present
            counted: dict[str, Any] = {"programme_state": choices.programme_state, "allotment": choices.allotment}
            counted["rounds"] = self.rounds(choices.architecture, choices.programme_state)
            defence = forces.build_defence(choices.architecture, self.facts, raid, covers=True, **counted)
            how = choices.track_scope, self.facts.assumptions, choices.coverage_scope, choices.raid_correlation
            assumed = make_case(defence, *how)
            self._cases[key] = posterior.choose_inputs(assumed, self.facts.posterior, choices.inputs)
        case = self._cases[key]
        return case if own_raid is None else replace(case, defence=replace(case.defence, raid=present))

    def rounds(self, architecture: str, programme_state: str) -> pd.DataFrame:
        """Ready rounds of the systems of an architecture that count, the highest first; worked out once."""
        key = architecture, programme_state
        if key not in self._rounds:
            self._rounds[key] = ready_rounds(architecture, self.facts, programme_state)
        return self._rounds[key]

    @cached_property
    def of_these_data(self) -> bool:
        """Whether levels were fitted to the tables as they stand."""
        return posterior.is_of_these_data(self.facts.posterior, self.facts)


@dataclass(frozen=True)
class Question:
    """What is asked of the models: the second step of the way down, from choices to a case to frames to charts.

    Attributes
    ----------
    case : Case
        The case as notebook 02 would build it.
    timely : list of Layer
        Its layers that are switched on and have time, one for each class.
    ready : Ready
        Names and prices.
    architecture : str
        Whose owner pays.
    """

    case: Case
    timely: list[Layer]
    ready: Ready
    architecture: str


def build(choices: Choices, ready: Ready, own: OwnValues | None = None) -> Question:
    """Turn choices into a question, with values of the user's own where there are any.

    Where no system engages a class of the raid it has no layer.
    """
    case = ready.case(choices, own.raid if own and choices.raid == OWN_RAID else None)
    case = state_inputs(case, own.of_architecture(choices.architecture, case)) if own else case
    return _in_time(case, choices, ready)


def _in_time(case: Case, choices: Choices, ready: Ready) -> Question:
    """Give a case the size of its raid, its fire, and the time that its layers have."""
    case = resize(case, choices.raid_percent)
    case = fire_differently(case, choices.doctrine, choices.shots)
    on = [layer for layer in case.defence.layers if layer.name not in choices.systems_off]
    windows = ready.windows_of(choices.architecture)
    timely = staircases.limit_by_time(on, windows, choices.sensor_to_shooter_s, ready.cycle_s)
    return Question(case, timely, ready, choices.architecture)


def solve(question: Question) -> Result:
    """Work out leakers, work and cost; exact, since magazines are allotted by class."""
    case, timely, ready = question.case, question.timely, question.ready
    raid = dict(case.defence.raid)
    leakers = layers.raid_leakers(timely, raid, **case.law)  # all of them where all is off, or there is no time
    work = layers.work_by_layer(timely, raid, **case.scope)
    engaged = {layer.name.split("/")[0] for layer in timely}
    silent = [ready.names[layer.name] for layer in case.defence.layers if layer.name not in engaged]
    stopped = work.groupby("threat_class")["killed"].sum().to_dict()
    by_class = {name: threats - float(stopped.get(name, 0.0)) for name, threats in raid.items()}
    return Result(leakers, raid, by_class, _price(work, ready.prices_of(question.architecture), ready.names), silent)


@dataclass(frozen=True)
class _TimelyCase(Case):
    """A case whose layers fire as far as time lets them."""

    timely: tuple[Layer, ...] = ()

    def by_class_and_draw(self, draws: pd.DataFrame) -> pd.DataFrame:
        """Summary of each class and of all for each draw."""
        inputs = staircases.split_inputs(self.inputs(draws), self.timely)
        return layers.leakers_by_class_and_draw(self.timely, self.defence.raid, inputs, **self.law)


def leakers_by_class(choices: Choices, ready: Ready, n_draws: int, seed: int) -> pd.DataFrame:
    """Leakers of each class under every reading of the model, with a clock, on average over draws.

    Parameters
    ----------
    choices : AirDefenceExploreParameters
        The case.
    ready : Ready
        As in :func:`build`.
    n_draws, seed
        As in ``leakage.leakers_by_class``.

    Returns
    -------
    pandas.DataFrame
        As there, by the readings of ``posterior.cases_side_by_side``.
    """
    assumed = ready.case(choices.model_copy(update={"inputs": "assumed"}))
    readings: dict[tuple[str, str], Case] = {}
    for label, case in posterior.cases_side_by_side(assumed, ready.facts.posterior, choices.inputs).items():
        asked = _in_time(case, choices, ready)
        own = {field.name: getattr(asked.case, field.name) for field in fields(Case)}
        readings[label] = _TimelyCase(**own, timely=tuple(asked.timely))
    return leakage.leakers_by_class(readings, n_draws, seed)


def numbers_of(result: Result) -> dict[str, float]:
    """Say of one case how many threats come, how many leak on average and in 95 of 100 raids, and of which class."""
    classes = {f"mean leakers: {THREAT_CLASSES[name]}": round(mean, 2) for name, mean in result.by_class.items()}
    return {
        "threats": sum(result.raid.values()),
        "mean leakers": round(result.leakers.mean, 2),
        "95 in 100 raids have no more than": result.leakers.quantile(0.95),
        **classes,
    }


def draw_bands(question: Question, n_draws: int, seed: int) -> Iterator[pd.DataFrame]:
    """Yield the summary of more and more of ``n_draws`` draws of all uncertain inputs, a few at a time.

    Yields
    ------
    pandas.DataFrame
        One row is a draw, as from ``layers.raid_leakers_by_draw``; the last one holds all draws.
    """
    case, timely = question.case, question.timely
    if not timely:
        return
    inputs = staircases.split_inputs(case.inputs(case.draw(n_draws, seed)), timely)
    parts: list[pd.DataFrame] = []
    for first in range(0, n_draws, DRAWS_AT_A_TIME):
        few = inputs.iloc[first : first + DRAWS_AT_A_TIME]
        parts.append(layers.raid_leakers_by_draw(timely, case.defence.raid, few, **case.law))
        yield pd.concat(parts, ignore_index=True)


def band_of(draws: pd.DataFrame) -> Band:
    """Sum draws up, as from :func:`draw_bands`, the way notebook 02 does."""
    mean = uncertainty.outcome_bands(draws).set_index("quantity").loc["mean"]
    return Band(float(mean["low"]), float(mean["high"]), len(draws))


def _price(work: pd.DataFrame, prices: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Sum the work over the classes of each system and price the rounds that it spends."""
    whole = work["layer"].astype("str").str.split("/").str[0].rename("system_id")
    by_system = work.groupby(whole, sort=False)
    priced = by_system[["killed", "spent"]].sum().assign(short=by_system["short"].max()).join(prices)
    for end, column in (("low", "cost_low_usd"), ("best", "cost_usd"), ("high", "cost_high_usd")):
        priced[column] = priced["spent"] * priced[end].astype(float)
    priced = priced.drop(columns=["low", "best", "high"]).reset_index()
    return priced.assign(name=priced["system_id"].map(names))
