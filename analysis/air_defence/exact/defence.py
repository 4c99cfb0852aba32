"""Layers, raids and tracking as a user states them: checked, and packed into arrays for the compiled models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.air_defence.facts.choices import DOCTRINES, THREAT_CLASSES, TRACK_SCOPES
from analysis.air_defence.models.arguments import require_count, require_one, require_probability
from analysis.errors import ParameterError, require_choice

LARGEST_RAID = 10_000
LARGEST_SHOTS = 100
LARGEST_MAGAZINE = 1_000_000


@dataclass(frozen=True)
class Layer:
    """One layer of a defence: what it may fire at which threat class, and how well.

    Parameters
    ----------
    name : str
        Name, unique among the layers of a defence.
    single_shot : dict of str to float
        Single-shot kill probability of a tracked threat by threat class, 0 to 1. A class that is not named passes the
        layer untouched.
    magazine : dict of str to int, or int
        Interceptors ready, 0 to 1,000,000: allotted to each class of ``single_shot``, or one number that all share.
    shots : int
        Most interceptors at one threat, 1 to 100.
    doctrine : {"barrage", "shoot-look-shoot"}
        Fire them all at once, or the next only after a miss.
    track : float
        Chance that this layer detects, tracks and classifies a threat in time, 0 to 1.

    Raises
    ------
    ParameterError
        When a value is out of range, or the magazine does not fit the classes.

    Examples
    --------
    >>> Layer("upper", {"srbm": 0.7}, {"srbm": 24}, track=0.95).shots
    2
    >>> Layer("upper", {"srbm": 0.7}, {"mrbm": 24})
    Traceback (most recent call last):
    analysis.errors.ParameterError: upper.magazine names mrbm, but upper.single_shot names srbm; name the same classes.
    """

    name: str
    single_shot: Mapping[str, float]
    magazine: Mapping[str, int] | int
    shots: int = 2
    doctrine: str = "barrage"
    track: float = 1.0

    def __post_init__(self) -> None:
        """Refuse values out of range, and keep copies of the two tables."""
        require_choice(f"{self.name}.doctrine", self.doctrine, DOCTRINES)
        if DOCTRINES[self.doctrine].salvo > 1:
            raise ParameterError(f"{self.name}.doctrine = {self.doctrine!r} fires salvos; the chain fires one or all.")
        require_one(**{f"{self.name}.shots": self.shots, f"{self.name}.track": self.track})
        require_count(f"{self.name}.shots", self.shots, LARGEST_SHOTS, smallest=1)
        require_probability(f"{self.name}.track", self.track)
        for threat_class, p in self.single_shot.items():
            require_one(**{f"{self.name}.{threat_class}.single_shot": p})
            require_probability(f"{self.name}.{threat_class}.single_shot", p)
        object.__setattr__(self, "single_shot", dict(self.single_shot))
        if not isinstance(self.magazine, Mapping):
            require_one(**{f"{self.name}.magazine": self.magazine})
            rounds = require_count(f"{self.name}.magazine", self.magazine, LARGEST_MAGAZINE)
            object.__setattr__(self, "magazine", int(rounds))
            return
        if set(self.magazine) != set(self.single_shot):
            raise ParameterError(
                f"{self.name}.magazine names {', '.join(self.magazine) or 'no class'}, but {self.name}.single_shot "
                f"names {', '.join(self.single_shot) or 'no class'}; name the same classes."
            )
        allotted = {}
        for threat_class, given in self.magazine.items():
            require_one(**{f"{self.name}.{threat_class}.magazine": given})
            allotted[threat_class] = int(require_count(f"{self.name}.{threat_class}.magazine", given, LARGEST_MAGAZINE))
        object.__setattr__(self, "magazine", allotted)

    @property
    def is_shared(self) -> bool:
        """Whether the classes share one magazine."""
        return not isinstance(self.magazine, Mapping)

    def rounds_for(self, threat_class: str) -> int:
        """Interceptors that a class may use: its own, or those that all share."""
        return self.magazine[threat_class] if isinstance(self.magazine, Mapping) else self.magazine

    def changed(self, values: Mapping[str, float]) -> "Layer":
        """Replace what ``values`` name as ``layer.class.single_shot``, ``layer.class.magazine``, ``layer.track``."""
        own = {name: values.get(f"{self.name}.{name}.single_shot", p) for name, p in self.single_shot.items()}
        magazine: Mapping[str, int] | int
        if isinstance(self.magazine, Mapping):
            magazine = {name: int(values.get(f"{self.name}.{name}.magazine", n)) for name, n in self.magazine.items()}
        else:
            magazine = int(values.get(f"{self.name}.magazine", self.magazine))
        return replace(self, single_shot=own, magazine=magazine, track=values.get(f"{self.name}.track", self.track))


def require_layers(layers: Sequence[Layer]) -> None:
    """Refuse an empty defence, and two layers of one name.

    Examples
    --------
    >>> require_layers([])
    Traceback (most recent call last):
    analysis.errors.ParameterError: layers = [] is not allowed; give at least one layer.
    """
    names = [layer.name for layer in layers]
    if not names:
        raise ParameterError("layers = [] is not allowed; give at least one layer.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ParameterError(f"layers names {twice[0]!r} more than once; give each layer its own name.")


def require_class(layers: Sequence[Layer], threat_class: str) -> None:
    """Refuse a threat class that no layer and no threat table knows."""
    named = [name for layer in layers for name in layer.single_shot]
    require_choice("threat_class", threat_class, list(dict.fromkeys([*named, *THREAT_CLASSES])))


def require_raid(layers: Sequence[Layer], raid: Mapping[str, int]) -> None:
    """Refuse a raid of unknown classes, of numbers that are no counts, or of more than 10,000 threats."""
    total = 0
    for threat_class, threats in raid.items():
        require_class(layers, threat_class)
        require_one(**{f"raid[{threat_class}]": threats})
        total += int(require_count(f"raid[{threat_class}]", threats, LARGEST_RAID))
    if total > LARGEST_RAID:
        raise ParameterError(f"raid holds {total:,} threats; at most {LARGEST_RAID:,} fit in memory and time.")


def require_tracking(track_scope: str, track: float) -> int:
    """Refuse an unknown scope or a track that is no probability; return the place of the scope among the choices."""
    require_choice("track_scope", track_scope, TRACK_SCOPES)
    require_one(track=track)
    require_probability("track", track)
    return TRACK_SCOPES.index(track_scope)


def require_draws(layers: Sequence[Layer], draws: pd.DataFrame) -> dict[str, np.ndarray]:
    """Check the columns and values of the draws; return them by name."""
    names = ["track"]
    for layer in layers:
        names.append(f"{layer.name}.track")
        names += [f"{layer.name}.{threat_class}.single_shot" for threat_class in layer.single_shot]
        classes = [""] if layer.is_shared else [f".{threat_class}" for threat_class in layer.single_shot]
        names += [f"{layer.name}{threat_class}.magazine" for threat_class in classes]
    inputs = {}
    for column in draws.columns:
        require_choice("draws column", column, names)
        if column.endswith(".magazine"):
            inputs[column] = require_count(f"draws.{column}", draws[column].to_numpy(), LARGEST_MAGAZINE)
        else:
            inputs[column] = require_probability(f"draws.{column}", draws[column].to_numpy())
    return inputs


@dataclass(frozen=True)
class Packed:
    """A defence and a raid as arrays: by class; by class, layer and draw; by layer and draw; by draw."""

    threats: np.ndarray
    single_shot: np.ndarray
    rounds: np.ndarray
    track: np.ndarray
    common: np.ndarray
    shots: np.ndarray
    looks: np.ndarray


def pack(layers: Sequence[Layer], raid: Mapping[str, int], track: float, inputs: Mapping[str, np.ndarray]) -> Packed:
    """Pack a checked defence and raid; ``inputs`` replace values by name, one number for each draw.

    A shared magazine is given to each class in full: the caller must know that it cannot bind, or simulate.
    """
    classes = list(raid)
    draws = max((values.size for values in inputs.values()), default=1)
    size = (len(classes), len(layers), draws)
    single_shot, rounds, shots = np.zeros(size), np.zeros(size, np.int64), np.zeros(size[:2], np.int64)
    tracks, common = np.empty(size[1:]), np.empty((1, draws))
    common[0] = inputs.get("track", np.asarray(track))
    for j, layer in enumerate(layers):
        tracks[j] = inputs.get(f"{layer.name}.track", np.asarray(layer.track))
        for i, name in enumerate(classes):
            if name not in layer.single_shot:
                continue
            key = layer.name if layer.is_shared else f"{layer.name}.{name}"
            shots[i, j] = layer.shots
            single_shot[i, j] = inputs.get(f"{layer.name}.{name}.single_shot", np.asarray(layer.single_shot[name]))
            magazine = inputs.get(f"{key}.magazine", np.asarray(layer.rounds_for(name)))
            rounds[i, j] = np.minimum(magazine, layer.shots * raid[name])
    looks = np.array([DOCTRINES[layer.doctrine].salvo == 1 for layer in layers])
    return Packed(np.array(list(raid.values()), np.int64), single_shot, rounds, tracks, common, shots, looks)
