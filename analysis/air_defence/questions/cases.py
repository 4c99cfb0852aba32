"""A defence under a notional raid: scope of common failure, doctrine and size of the raid, and what is uncertain."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.air_defence.exact.defence import Layer
from analysis.air_defence.exact.layers import raid_leakers, raid_leakers_by_draw, work_by_layer
from analysis.air_defence.facts.choices import TRACK_SCOPES
from analysis.air_defence.facts.claims import assumption
from analysis.air_defence.models.allotment import allot_rounds
from analysis.air_defence.models.arguments import require_count, require_one
from analysis.air_defence.models.salvo import Leakers
from analysis.air_defence.questions.forces import Defence, model_inputs
from analysis.errors import require_choice

ONE_TRACK = "track"


@dataclass(frozen=True)
class Case:
    """A defence under a notional raid, with a scope of common failure.

    Attributes
    ----------
    defence : Defence
        From ``forces.build_defence``.
    track_scope : {"layer", "threat", "raid"}
        Whether each layer tracks each threat on its own, one track of a threat feeds all layers, or one event the raid.
    one_track : dict of str to float
        ``low, best, high`` of the chance that the one track works; not used in scope ``layer``.
    """

    defence: Defence
    track_scope: str
    one_track: Mapping[str, float]

    def __post_init__(self) -> None:
        """Refuse an unknown scope."""
        require_choice("track_scope", self.track_scope, TRACK_SCOPES)

    @property
    def ranges(self) -> pd.DataFrame:
        """The uncertain inputs that count in this scope, as ``Defence.ranges``: own tracks or the one track."""
        ranges = self.defence.ranges
        if self.track_scope == "layer":
            return ranges
        why = "assumed; one track feeds all layers"
        row = pd.DataFrame([{**self.one_track, "whole": False, "assumed": True, "why": why}], index=[ONE_TRACK])
        return pd.concat([ranges[~ranges.index.str.endswith(".track")], row]).rename_axis(ranges.index.name)

    @property
    def threats(self) -> int:
        """Threats in the raid."""
        return sum(self.defence.raid.values())

    @property
    def scope(self) -> dict[str, Any]:
        """What the functions of ``layers`` take beside layers and raid."""
        return {"track_scope": self.track_scope, "track": float(self.one_track["best"])}

    def inputs(self, draws: pd.DataFrame) -> pd.DataFrame:
        """Turn draws of ``ranges`` into the inputs of ``layers.raid_leakers_by_draw``."""
        own = model_inputs(self.defence, draws.drop(columns=ONE_TRACK, errors="ignore"))
        return own.assign(**{ONE_TRACK: draws[ONE_TRACK]}) if ONE_TRACK in draws else own

    def luck(self) -> Leakers:
        """Distribution of leakers at the best value of every input."""
        return raid_leakers(self.defence.layers, self.defence.raid, **self.scope)

    def by_draw(self, draws: pd.DataFrame) -> pd.DataFrame:
        """Summary of the leakers for each draw of ``ranges``, as from ``layers.raid_leakers_by_draw``."""
        return raid_leakers_by_draw(self.defence.layers, self.defence.raid, self.inputs(draws), **self.scope)

    def work(self) -> pd.DataFrame:
        """What each layer does at the best values, as from ``layers.work_by_layer``."""
        return work_by_layer(self.defence.layers, self.defence.raid, **self.scope)


def make_case(defence: Defence, track_scope: str, assumptions: pd.DataFrame) -> Case:
    """Put a defence together with a scope of common failure.

    Parameters
    ----------
    defence : Defence
        From ``forces.build_defence``.
    track_scope : {"layer", "threat", "raid"}
        As in :class:`Case`.
    assumptions : pandas.DataFrame
        ``air_defence/assumptions``; its ``track_layer`` is taken for the one track too.

    Returns
    -------
    Case
        See there.

    Raises
    ------
    ParameterError
        When the scope is not known.
    """
    return Case(defence, track_scope, assumption(assumptions, "track_layer"))


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
    return replace(case, defence=replace(case.defence, layers=layers))


def resize(case: Case, percent: int) -> Case:
    """Return the case under a raid of another size, each magazine allotted anew among its classes."""
    raid = scale_raid(case.defence.raid, percent)

    def allot(layer: Layer) -> Layer:
        rounds = int(case.defence.ranges.loc[f"{layer.name}.rounds", "best"])
        return replace(layer, magazine=allot_rounds(rounds, {name: raid[name] for name in layer.single_shot}))

    return replace(case, defence=replace(case.defence, layers=[allot(x) for x in case.defence.layers], raid=raid))
