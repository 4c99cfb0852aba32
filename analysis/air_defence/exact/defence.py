"""Layers, raids and tracking as a user states them: checked, and packed into arrays for the compiled models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.air_defence.facts.choices import COVERAGE_SCOPES, DOCTRINES, THREAT_CLASSES, TRACK_SCOPES
from analysis.air_defence.models.arguments import require_count, require_one, require_probability
from analysis.errors import ParameterError, require_choice

LARGEST_RAID = 10_000
LARGEST_SHOTS = 100
LARGEST_MAGAZINE = 1_000_000
CORRELATION = "raid_correlation"
LAYER, THREAT, RAID = range(3)  # as in ``choices.TRACK_SCOPES``


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
    coverage : dict of str to float, or float
        Chance that a threat comes where this layer can reach it, 0 to 1: for each class of ``single_shot``, or one
        number for all. It stands for geography that nobody gives; magazines are then what stands in the whole country.
    local : bool
        Whether the layer defends a place, rather than the country: in coverage scope ``place`` all local layers reach
        a threat, or none does.

    Raises
    ------
    ParameterError
        When a value is out of range, or magazine or coverage do not fit the classes.

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
    coverage: Mapping[str, float] | float = 1.0
    local: bool = True

    def __post_init__(self) -> None:
        """Refuse values out of range, and keep copies of the tables."""
        require_choice(f"{self.name}.doctrine", self.doctrine, DOCTRINES)
        if DOCTRINES[self.doctrine].salvo > 1:
            raise ParameterError(f"{self.name}.doctrine = {self.doctrine!r} fires salvos; the chain fires one or all.")
        require_one(**{f"{self.name}.shots": self.shots, f"{self.name}.track": self.track})
        require_count(f"{self.name}.shots", self.shots, LARGEST_SHOTS, smallest=1)
        require_probability(f"{self.name}.track", self.track)
        object.__setattr__(self, "single_shot", self._by_class("single_shot", self.single_shot))
        if isinstance(self.coverage, Mapping):
            self._require_same_classes("coverage", self.coverage)
            object.__setattr__(self, "coverage", self._by_class("coverage", self.coverage))
        else:
            require_one(**{f"{self.name}.coverage": self.coverage})
            require_probability(f"{self.name}.coverage", self.coverage)
        if not isinstance(self.magazine, Mapping):
            require_one(**{f"{self.name}.magazine": self.magazine})
            rounds = require_count(f"{self.name}.magazine", self.magazine, LARGEST_MAGAZINE)
            object.__setattr__(self, "magazine", int(rounds))
            return
        self._require_same_classes("magazine", self.magazine)
        allotted = {}
        for threat_class, given in self.magazine.items():
            require_one(**{f"{self.name}.{threat_class}.magazine": given})
            allotted[threat_class] = int(require_count(f"{self.name}.{threat_class}.magazine", given, LARGEST_MAGAZINE))
        object.__setattr__(self, "magazine", allotted)

    def _by_class(self, what: str, values: Mapping[str, float]) -> dict[str, float]:
        """Refuse what is no probability of a class; return a copy."""
        for threat_class, value in values.items():
            require_one(**{f"{self.name}.{threat_class}.{what}": value})
            require_probability(f"{self.name}.{threat_class}.{what}", value)
        return dict(values)

    def _require_same_classes(self, what: str, values: Mapping[str, float]) -> None:
        """Refuse a table that does not name the classes of ``single_shot``."""
        if set(values) != set(self.single_shot):
            raise ParameterError(
                f"{self.name}.{what} names {', '.join(values) or 'no class'}, but {self.name}.single_shot "
                f"names {', '.join(self.single_shot) or 'no class'}; name the same classes."
            )

    @property
    def is_shared(self) -> bool:
        """Whether the classes share one magazine."""
        return not isinstance(self.magazine, Mapping)

    def rounds_for(self, threat_class: str) -> int:
        """Interceptors that a class may use: its own, or those that all share."""
        return self.magazine[threat_class] if isinstance(self.magazine, Mapping) else self.magazine

    def coverage_of(self, threat_class: str) -> float:
        """Chance that a threat of a class comes where this layer can reach it."""
        return self.coverage[threat_class] if isinstance(self.coverage, Mapping) else self.coverage

    def changed(self, values: Mapping[str, float]) -> "Layer":
        """Replace what ``values`` name as the columns of :func:`require_draws`."""
        own = {name: values.get(f"{self.name}.{name}.single_shot", p) for name, p in self.single_shot.items()}
        magazine: Mapping[str, int] | int
        if isinstance(self.magazine, Mapping):
            magazine = {name: int(values.get(f"{self.name}.{name}.magazine", n)) for name, n in self.magazine.items()}
        else:
            magazine = int(values.get(f"{self.name}.magazine", self.magazine))
        coverage = {
            name: values.get(
                f"{self.name}.{name}.coverage", values.get(f"{self.name}.coverage", self.coverage_of(name))
            )
            for name in self.single_shot
        }
        track = values.get(f"{self.name}.track", self.track)
        return replace(self, single_shot=own, magazine=magazine, track=track, coverage=coverage)


def require_layers(layers: Sequence[Layer]) -> None:
    """Refuse two layers of one name; no layer at all lets everything through.

    Examples
    --------
    >>> require_layers([Layer("upper", {"srbm": 0.5}, 9)] * 2)
    Traceback (most recent call last):
    analysis.errors.ParameterError: layers names 'upper' more than once; give each layer its own name.
    """
    names = [layer.name for layer in layers]
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


@dataclass(frozen=True)
class Together:
    """What the threats of a raid have in common.

    Attributes
    ----------
    scope : int
        Place of the track scope among ``choices.TRACK_SCOPES``.
    track : float
        Chance that the one track works, 0 to 1; not used where each layer tracks for itself.
    by_place : bool
        Whether a threat is covered by all local layers or by none.
    correlation : dict of str to float
        Intra-class correlation of the outcome within a raid, 0 to 1, by class; 0 for classes that are not named.
    """

    scope: int
    track: float
    by_place: bool
    correlation: Mapping[str, float]


def require_together(
    layers: Sequence[Layer],
    track_scope: str,
    track: float,
    coverage_scope: str = "layer",
    raid_correlation: float | Mapping[str, float] = 0.0,
) -> Together:
    """Refuse an unknown scope, a number that is no probability, and local layers before others in scope ``place``.

    Examples
    --------
    >>> local, upper = Layer("local", {"srbm": 0.5}, 9), Layer("upper", {"srbm": 0.5}, 9, local=False)
    >>> require_together([local, upper], "layer", 1.0, "place")
    Traceback (most recent call last):
    analysis.errors.ParameterError: layers has 'upper' after a local layer; in scope 'place' local layers come last.
    """
    require_choice("track_scope", track_scope, TRACK_SCOPES)
    require_choice("coverage_scope", coverage_scope, COVERAGE_SCOPES)
    require_one(track=track)
    require_probability("track", track)
    by_place = coverage_scope == "place"
    for before, layer in pairwise(layers):
        if by_place and before.local and not layer.local:
            raise ParameterError(
                f"layers has {layer.name!r} after a local layer; in scope 'place' local layers come last."
            )
    known = _classes(layers)
    if isinstance(raid_correlation, Mapping):
        given = dict(raid_correlation)
        for name, value in given.items():
            require_choice(f"{CORRELATION} class", name, known)
            _require_correlation(f"{CORRELATION}[{name}]", value)
    else:
        _require_correlation(CORRELATION, raid_correlation)
        given = dict.fromkeys(known, raid_correlation)
    return Together(TRACK_SCOPES.index(track_scope), float(track), by_place, given)


def _require_correlation(place: str, value: float) -> None:
    require_one(**{place: value})
    require_probability(place, value)


def _classes(layers: Sequence[Layer]) -> list[str]:
    """Classes that a layer or the threat table knows."""
    return list(dict.fromkeys([*(name for layer in layers for name in layer.single_shot), *THREAT_CLASSES]))


def require_draws(layers: Sequence[Layer], draws: pd.DataFrame) -> dict[str, np.ndarray]:
    """Check the columns and values of the draws; return them by name."""
    names = ["track", *(f"{CORRELATION}.{name}" for name in _classes(layers))]
    for layer in layers:
        names += [f"{layer.name}.track", f"{layer.name}.coverage"]
        names += [f"{layer.name}.{threat_class}.single_shot" for threat_class in layer.single_shot]
        names += [f"{layer.name}.{threat_class}.coverage" for threat_class in layer.single_shot]
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
    """A defence and a raid as arrays.

    Attributes
    ----------
    threats : numpy.ndarray
        By class.
    single_shot, rounds, reach : numpy.ndarray
        By class, layer and draw; ``reach`` is the chance that the layer can fire at a threat of the class, for reasons
        of its own: its coverage (of a place, where that goes by place), and its track where each tracks alone.
    common : numpy.ndarray
        The one track, one row by draw.
    place, correlation : numpy.ndarray
        By class and draw: chance that a threat flies to a defended place, and raid correlation.
    scope, first_local : int
        Track scope; and the layer with which the local ones begin, where coverage goes by place (else their number).
    shots : numpy.ndarray
        By class and layer, 0 where the layer does not engage the class.
    looks : numpy.ndarray
        By layer, whether it fires again only after a miss.
    """

    threats: np.ndarray
    single_shot: np.ndarray
    rounds: np.ndarray
    reach: np.ndarray
    common: np.ndarray
    place: np.ndarray
    correlation: np.ndarray
    scope: int
    first_local: int
    shots: np.ndarray
    looks: np.ndarray


def pack(
    layers: Sequence[Layer], raid: Mapping[str, int], together: Together, inputs: Mapping[str, np.ndarray]
) -> Packed:
    """Pack a checked defence and raid; ``inputs`` replace values by name, one number for each draw.

    A shared magazine is given to each class in full: the caller must know that it cannot bind, or simulate.
    """
    classes = list(raid)
    draws = max((values.size for values in inputs.values()), default=1)
    size = (len(classes), len(layers), draws)
    single_shot, rounds, shots = np.zeros(size), np.zeros(size, np.int64), np.zeros(size[:2], np.int64)
    reach, common = np.ones(size), np.empty((1, draws))
    common[0] = inputs.get("track", np.asarray(together.track))
    local = [layer.local and together.by_place for layer in layers]
    place, correlation = np.ones((len(classes), draws)), np.zeros((len(classes), draws))
    for i, name in enumerate(classes):
        correlation[i] = inputs.get(f"{CORRELATION}.{name}", np.asarray(together.correlation.get(name, 0.0)))
        place[i] = _place(layers, name, inputs) if together.by_place else 1.0
    for j, layer in enumerate(layers):
        for i, name in enumerate(classes):
            if name not in layer.single_shot:
                continue
            key = layer.name if layer.is_shared else f"{layer.name}.{name}"
            shots[i, j] = layer.shots
            single_shot[i, j] = inputs.get(f"{layer.name}.{name}.single_shot", np.asarray(layer.single_shot[name]))
            magazine = inputs.get(f"{key}.magazine", np.asarray(layer.rounds_for(name)))
            rounds[i, j] = np.minimum(magazine, layer.shots * raid[name])
            if together.scope == LAYER:
                reach[i, j] = inputs.get(f"{layer.name}.track", np.asarray(layer.track))
            coverage = _coverage(layer, name, inputs)
            if not local[j]:
                reach[i, j] *= coverage
            elif (coverage != place[i]).any():
                reach[i, j] *= np.divide(coverage, place[i], out=np.ones(draws), where=place[i] > 0.0)
    return Packed(
        threats=np.array(list(raid.values()), np.int64),
        single_shot=single_shot,
        rounds=rounds,
        reach=reach,
        common=common,
        place=place,
        correlation=correlation,
        scope=together.scope,
        first_local=local.index(True) if any(local) else len(layers),
        shots=shots,
        looks=np.array([DOCTRINES[layer.doctrine].salvo == 1 for layer in layers]),
    )


def _coverage(layer: Layer, name: str, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
    """Coverage of a class by a layer: as drawn for the class, as drawn for the layer, or as it stands."""
    drawn = inputs.get(f"{layer.name}.{name}.coverage", inputs.get(f"{layer.name}.coverage"))
    return np.asarray(layer.coverage_of(name)) if drawn is None else drawn


def _place(layers: Sequence[Layer], name: str, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
    """Chance that a threat of a class flies to a defended place: the largest coverage of the local layers.

    A layer that covers less covers a part of the place: it reaches, for itself, that share of what flies there.
    """
    covers = [_coverage(layer, name, inputs) for layer in layers if layer.local and name in layer.single_shot]
    return reduce(np.maximum, covers) if covers else np.asarray(1.0)
