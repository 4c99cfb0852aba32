"""A defence under a notional raid: scope of common failure, doctrine and size of the raid, and what is uncertain."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.air_defence.calibration.raids import family_of
from analysis.air_defence.exact.defence import CORRELATION, Layer
from analysis.air_defence.exact.layers import (
    leakers_by_class_and_draw,
    leakers_over_draws,
    raid_leakers,
    raid_leakers_by_draw,
    work_by_layer,
)
from analysis.air_defence.facts.choices import COVERAGE_SCOPES, IGNORANCE, TRACK_SCOPES
from analysis.air_defence.facts.claims import ENDS, assumption, distribution_of
from analysis.air_defence.models.arguments import require_count, require_one
from analysis.air_defence.models.salvo import Leakers
from analysis.air_defence.questions.forces import ALONE, COVERAGE, Defence, give_rounds, model_inputs
from analysis.air_defence.questions.uncertainty import draw_inputs
from analysis.errors import require_choice

ONE_TRACK = "track"
TRACK = "track_layer"  # the assumption that the one track shares with the tracks of layers


@dataclass(frozen=True)
class Case:
    """A defence under a notional raid, with a scope of common failure.

    Attributes
    ----------
    defence : Defence
        From ``forces.build_defence``.
    track_scope : {"layer", "threat", "raid"}
        Whether each layer tracks each threat on its own, one track of a threat feeds all layers, or one event the raid.
    one_track : dict
        ``low, best, high`` of the chance that the one track works, and perhaps its ``distribution``; not used in scope
        ``layer``.
    coverage_scope : {"layer", "place"}
        Whether each layer covers a threat on its own, or all local layers of a place do or none.
    correlation : dict of str to float
        Raid correlation by class, 0 to 1; classes that are not named have none. It is luck: the mean does not move.
    ignorance : {"apart", "together"}
        How kill probabilities are drawn from assumed ranges, as in ``uncertainty.draw_inputs``.
    fitted : pandas.DataFrame, optional
        Draws of the inputs that systems share, from ``posterior.fit_case``: one row a draw, one column the name of an
        assumption, and ``weight``. By default inputs are drawn from their ranges.
    """

    defence: Defence
    track_scope: str
    one_track: Mapping[str, Any]
    coverage_scope: str = "layer"
    correlation: Mapping[str, float] = field(default_factory=dict)
    ignorance: str = "apart"
    fitted: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        """Refuse unknown scopes."""
        require_choice("track_scope", self.track_scope, TRACK_SCOPES)
        require_choice("coverage_scope", self.coverage_scope, COVERAGE_SCOPES)
        require_choice("ignorance", self.ignorance, IGNORANCE)

    @property
    def ranges(self) -> pd.DataFrame:
        """The uncertain inputs that count in this scope, as ``Defence.ranges``: own tracks or the one track."""
        ranges = self.defence.ranges
        if self.track_scope == "layer":
            return ranges
        law = str(self.one_track.get("distribution", ""))
        ends = {end: self.one_track[end] for end in ENDS}
        said = {"whole": False, "assumed": bool(law) or self.fitted is None, "why": "one track feeds all layers"}
        said |= {"common": "" if law else TRACK, "distribution": law}
        row = pd.DataFrame([{**ends, **said}], index=[ONE_TRACK])
        return pd.concat([ranges[~ranges.index.str.endswith(".track")], row]).rename_axis(ranges.index.name)

    @property
    def threats(self) -> int:
        """Threats in the raid."""
        return sum(self.defence.raid.values())

    @property
    def scope(self) -> dict[str, Any]:
        """What the functions of ``layers`` take beside layers and raid."""
        track = float(self.one_track["best"])
        return {"track_scope": self.track_scope, "track": track, "coverage_scope": self.coverage_scope}

    @property
    def law(self) -> dict[str, Any]:
        """What the functions of ``layers`` take that give distributions: ``scope``, and how raids differ."""
        return self.scope | {"raid_correlation": self.correlation}

    def draw(self, n_draws: int, seed: int) -> pd.DataFrame:
        """Draw every uncertain input: from its range, or in rows that were fitted together.

        Parameters
        ----------
        n_draws : int
            Draws, best a power of two.
        seed : int
            Seed of the draws; cases with the same inputs share them.

        Returns
        -------
        pandas.DataFrame
            One row is a draw, one column a row of ``ranges``; where inputs are fitted and raids differ, also
            ``family.raid_correlation``.

        Notes
        -----
        Fitted rows are taken as often as their weights say, evenly spread; systems of one rating then share its kill
        probability, and rounds stay as published or assumed.
        """
        ranges = self.ranges
        if self.fitted is None:
            return draw_inputs(ranges, n_draws, seed, ignorance=self.ignorance)
        own = draw_inputs(ranges[ranges["common"] == ""], n_draws, seed)
        rows = self.fitted.iloc[_spread_evenly(self.fitted["weight"].to_numpy(), n_draws, seed)]
        columns = {name: rows[common].to_numpy() for name, common in ranges["common"].items() if common}
        if self.correlation:
            families = dict.fromkeys(family_of(name) for name in self.defence.raid)
            columns |= {f"{name}.{CORRELATION}": rows[f"{CORRELATION}_{name}"].to_numpy() for name in families}
        return pd.concat([own, pd.DataFrame(columns, index=own.index)], axis=1)

    def inputs(self, draws: pd.DataFrame) -> pd.DataFrame:
        """Turn draws of ``ranges`` into the inputs of ``layers.raid_leakers_by_draw``."""
        own = model_inputs(self.defence, draws.drop(columns=ONE_TRACK, errors="ignore"))
        return own.assign(**{ONE_TRACK: draws[ONE_TRACK]}) if ONE_TRACK in draws else own

    def luck(self) -> Leakers:
        """Distribution of leakers at the best value of every input."""
        return raid_leakers(self.defence.layers, self.defence.raid, **self.law)

    def by_draw(self, draws: pd.DataFrame) -> pd.DataFrame:
        """Summary of the leakers for each draw of ``ranges``, as from ``layers.raid_leakers_by_draw``."""
        return raid_leakers_by_draw(self.defence.layers, self.defence.raid, self.inputs(draws), **self.law)

    def by_class_and_draw(self, draws: pd.DataFrame) -> pd.DataFrame:
        """Summary of each class and of all for each draw, as from ``layers.leakers_by_class_and_draw``."""
        return leakers_by_class_and_draw(self.defence.layers, self.defence.raid, self.inputs(draws), **self.law)

    def over_draws(self, draws: pd.DataFrame) -> dict[str, Leakers]:
        """Distribution of the leakers of each class and of all, over luck and draws of ``ranges`` together."""
        return leakers_over_draws(self.defence.layers, self.defence.raid, self.inputs(draws), **self.law)

    def work(self) -> pd.DataFrame:
        """What each layer does at the best values, as from ``layers.work_by_layer``."""
        return work_by_layer(self.defence.layers, self.defence.raid, **self.scope)


def _spread_evenly(weights: np.ndarray, n: int, seed: int) -> np.ndarray:
    """Choose n rows by weight: each as often as its weight says, to within one, in random order."""
    rng = np.random.default_rng(seed)
    ends = np.cumsum(weights) / weights.sum()
    places = np.searchsorted(ends, (np.arange(n) + rng.random()) / n, side="right")
    return rng.permutation(np.minimum(places, weights.size - 1))


def make_case(
    defence: Defence,
    track_scope: str,
    assumptions: pd.DataFrame,
    coverage_scope: str = "layer",
    raids_differ: bool = False,
    ignorance: str = "apart",
) -> Case:
    """Put a defence together with scopes of common failure and of coverage.

    Parameters
    ----------
    defence : Defence
        From ``forces.build_defence``.
    track_scope : {"layer", "threat", "raid"}
        As in :class:`Case`.
    assumptions : pandas.DataFrame
        ``air_defence/assumptions``; its ``track_layer`` is taken for the one track too.
    coverage_scope, ignorance
        As in :class:`Case`.
    raids_differ : bool
        Whether the share of a class that leaks differs from raid to raid: best values of ``raid_correlation_...``.

    Returns
    -------
    Case
        See there.

    Raises
    ------
    ParameterError
        When a choice is not known.
    DataError
        When an assumption is missing.
    """
    correlation = {
        name: assumption(assumptions, f"{CORRELATION}_{family_of(name)}")["best"]
        for name in (defence.raid if raids_differ else ())
    }
    track: dict[str, Any] = {**assumption(assumptions, TRACK), "distribution": distribution_of(assumptions, TRACK)}
    return Case(defence, track_scope, track, coverage_scope, correlation, ignorance)


def scale_raid(raid: Mapping[str, int], percent: int) -> dict[str, int]:
    """Scale the threats of every class; a class that is there keeps one threat at least.

    Parameters
    ----------
    raid : dict of str to int
        Threats by class.
    percent : int
        Size against ``raid``, 1 to 10,000 %.

    Examples
    --------
    >>> scale_raid({"srbm": 20, "mrbm": 8}, 50)
    {'srbm': 10, 'mrbm': 4}
    """
    require_one(percent=percent)
    require_count("percent", percent, 10_000, smallest=1)
    return {name: max(1, round(threats * percent / 100)) if threats else 0 for name, threats in raid.items()}


def fire_differently(case: Case, doctrine: str, shots: int) -> Case:
    """Return the case with another doctrine and number of shots at every layer."""
    layers = [replace(layer, doctrine=doctrine, shots=shots) for layer in case.defence.layers]
    fired = replace(case.defence, layers=layers)
    return replace(case, defence=refill(fired) if fired.allotment == "ballistic_first" else fired)


def resize(case: Case, percent: int) -> Case:
    """Return the case under a raid of another size, each magazine allotted anew among its classes."""
    return replace(case, defence=refill(replace(case.defence, raid=scale_raid(case.defence.raid, percent))))


def refill(defence: Defence) -> Defence:
    """Return the defence with the best value of every system's rounds, allotted anew."""

    def fill(layer: Layer) -> Layer:
        rounds = int(defence.ranges.loc[f"{layer.name}.rounds", "best"])
        return replace(layer, magazine=give_rounds(defence, layer.single_shot, rounds, layer.shots))

    return replace(defence, layers=[fill(layer) for layer in defence.layers])


def state_inputs(case: Case, values: Mapping[str, float]) -> Case:
    """Return the case with some inputs stated by one number each, as an assumption about one system alone states them.

    Parameters
    ----------
    case : Case
        Its defence uses coverage.
    values : dict of str to float
        Rows of ``case.defence.ranges`` or ``system.coverage``, to the number that stands for low, best and high.

    Returns
    -------
    Case
        What is stated is no longer fitted; the other inputs stay.

    Raises
    ------
    ParameterError
        When a name is no input of this defence, or a number is out of range.
    """
    if not values:
        return case
    before = case.defence.ranges
    rows = before.to_dict("index")  # a slider waits for this, and a frame takes its time for each cell
    for name in [one for one in values if one not in rows and one.endswith(f".{COVERAGE}")]:
        rows = _insert_below(rows, f"{name.rpartition('.')[0]}.track", name)
    for name, value in values.items():
        require_choice("values", name, rows)
        rows[name] |= dict.fromkeys(ENDS, value) | {"assumed": True, "why": ALONE, "common": "", "distribution": "pert"}
    ranges = pd.DataFrame.from_dict(rows, orient="index", columns=before.columns).rename_axis(before.index.name)
    defence = replace(case.defence, ranges=ranges)
    inputs = model_inputs(defence, ranges.loc[[*values], ["best"]].astype(float).T).iloc[0].to_dict()
    layers = [layer.changed(inputs) for layer in defence.layers]
    return replace(case, defence=replace(defence, layers=layers))


def _insert_below(rows: Mapping[Any, Any], above: str, name: str) -> dict[Any, Any]:
    """Add a row like another one below it."""
    more: dict[Any, Any] = {}
    for key, row in rows.items():
        more |= {key: row} | ({name: dict(row)} if key == above else {})
    return more
