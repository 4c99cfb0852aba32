"""Layers in sequence, with magazines: how many threats leak, and which layer does the work."""

from collections.abc import Iterator, Mapping, Sequence
from math import prod

import numpy as np
import pandas as pd

from analysis.air_defence.exact import outcomes
from analysis.air_defence.exact import raid as exact
from analysis.air_defence.exact.defence import (
    Layer,
    pack,
    require_class,
    require_draws,
    require_layers,
    require_raid,
    require_tracking,
)
from analysis.air_defence.exact.lanes import LANES
from analysis.air_defence.models.arguments import require_count, require_one
from analysis.air_defence.models.engagement import kill_probability
from analysis.air_defence.models.salvo import Leakers

LARGEST_SIMULATIONS = 10_000_000
BLOCK = 1_000_000  # numbers by class, layer and draw that are held at a time
COLUMNS = [*exact.SUMMARY, "standard_error"]


def layered_leakage(
    layers: Sequence[Layer], threat_class: str, track_scope: str = "layer", track: float = 1.0
) -> float:
    """Chance that one threat passes all layers, magazines ignored.

    Parameters
    ----------
    layers : list of Layer
        The layers; each fires all its shots.
    threat_class : str
        Class of the threat; a layer that does not name it lets it pass.
    track_scope : {"layer", "threat", "raid"}
        Whether each layer tracks on its own, or one track feeds all (for one threat, ``raid`` is the same).
    track : float
        Chance that the one track works, 0 to 1; replaces the layers' own, and is not used in scope ``layer``.

    Returns
    -------
    float
        Probability, 0 to 1.

    Raises
    ------
    ParameterError
        When the class or scope is not known, a number is out of range, or there is no layer.

    Notes
    -----
    Shots are independent once a threat is tracked, and so are layers within their scope. The scope is the largest
    single choice here: real layers share sensors, networks and mistakes, so ``layer`` is a hopeful limit.

    Examples
    --------
    >>> upper = Layer("upper", {"mrbm": 0.6}, {"mrbm": 9}, shots=1, track=0.90)
    >>> middle = Layer("middle", {"mrbm": 0.7}, {"mrbm": 9}, shots=2, track=0.95)
    >>> lower = Layer("lower", {"mrbm": 0.8}, {"mrbm": 9}, shots=2, track=0.98)
    >>> round(layered_leakage([upper, middle, lower], "mrbm"), 4)
    0.0037
    >>> round(layered_leakage([upper, middle, lower], "mrbm", track_scope="threat", track=0.95), 4)
    0.0514
    """
    require_layers(layers)
    require_class(layers, threat_class)
    alone = require_tracking(track_scope, track) == exact.LAYER
    kills = [
        kill_probability(layer.single_shot[threat_class], layer.shots, layer.track if alone else 1.0)
        for layer in layers
        if threat_class in layer.single_shot
    ]
    passing = prod(1.0 - kill for kill in kills)
    return float(passing if alone else (1.0 - track) + track * passing)


def raid_leakers(
    layers: Sequence[Layer],
    raid: Mapping[str, int],
    track_scope: str = "layer",
    track: float = 1.0,
    seed: int = 0,
    n_simulations: int = 20_000,
) -> Leakers:
    """Distribution of the threats of a raid that pass all layers, with magazines that run dry.

    Parameters
    ----------
    layers : list of Layer
        The layers, the first to engage first.
    raid : dict of str to int
        Threats by class; 0 to 10,000 in all.
    track_scope : {"layer", "threat", "raid"}
        Each layer tracks each threat on its own; one track of a threat feeds all layers; or one event for the raid.
    track : float
        Chance that the one track works, 0 to 1; replaces the layers' own, and is not used in scope ``layer``.
    seed : int
        Seed of the simulation, where there is one.
    n_simulations : int
        Simulated raids, 1 to 10,000,000.

    Returns
    -------
    Leakers
        Exact (``standard_error`` 0) where magazines are allotted by class, or where no shared one can run dry;
        otherwise simulated, with the standard error of the mean.

    Raises
    ------
    ParameterError
        When a class or scope is not known, a number is out of range, or there is no layer.

    Notes
    -----
    Within a class threats are engaged in turn: each tracked threat gets up to the layer's shots, fewer when fewer are
    left; under shoot-look-shoot the next is fired only after a miss, and one threat is finished before the next is
    begun. A threat that is not tracked costs no shot. With a shared magazine, classes take turns in the order of
    ``raid``, and each threat passes all layers before the next. Threats, shots and looks are independent beyond the
    track scope, looks make no mistakes, and time allows all of them: the model knows no geometry and no clock.
    More shots do not always help: they empty the magazine (see the example). Chances below 1e-17 are dropped.

    Examples
    --------
    >>> one_each = Layer("upper", {"srbm": 0.7}, {"srbm": 10}, shots=1)
    >>> two_each = Layer("upper", {"srbm": 0.7}, {"srbm": 10}, shots=2)
    >>> round(raid_leakers([one_each], {"srbm": 10}).mean, 2), round(raid_leakers([two_each], {"srbm": 10}).mean, 2)
    (3.0, 5.45)
    """
    scope, present = _require_question(layers, raid, track_scope, track, seed, n_simulations)
    if not present:
        return Leakers(np.ones(1))
    packed = pack(layers, present, track, {})
    if outcomes.is_exact(layers, packed, scope):
        return Leakers(exact.leak(*outcomes.arrays(packed, scope))[1])
    pmf = outcomes.simulate(layers, packed, scope, seed, n_simulations)[0] / n_simulations
    simulated = Leakers(pmf)
    return Leakers(pmf, float(np.sqrt(simulated.variance / max(1, n_simulations - 1))))


def raid_leakers_by_draw(
    layers: Sequence[Layer],
    raid: Mapping[str, int],
    draws: pd.DataFrame,
    track_scope: str = "layer",
    track: float = 1.0,
    seed: int = 0,
    n_simulations: int = 20_000,
) -> pd.DataFrame:
    """Summarise the leakers of a raid for each draw of uncertain inputs.

    Parameters
    ----------
    layers, raid, track_scope, track, seed, n_simulations
        As in :func:`raid_leakers`; draws replace what they name.
    draws : pandas.DataFrame
        One row is a draw, one column an uncertain input: ``layer.class.single_shot`` and ``layer.track`` (0 to 1),
        ``layer.class.magazine``, or ``layer.magazine`` where it is shared (whole numbers), and ``track``, the one
        track of scopes ``threat`` and ``raid``.

    Returns
    -------
    pandas.DataFrame
        One row is a draw, with the index of ``draws``: ``mean, variance, probability_zero, q05, q50, q95,
        standard_error`` of the threats that leak; the last is 0 where the others are exact.

    Raises
    ------
    ParameterError
        As :func:`raid_leakers`; also when a column is not known or a drawn value is out of range.

    Notes
    -----
    The columns describe luck, given the draw; the spread over rows describes what is not known. Simulated draws share
    one seed: their differences are steadier than their levels, and do not depend on how the draws are cut.

    Examples
    --------
    >>> upper = Layer("upper", {"srbm": 0.7}, {"srbm": 10}, shots=1)
    >>> draws = pd.DataFrame({"upper.srbm.single_shot": [0.5, 0.9]})
    >>> raid_leakers_by_draw([upper], {"srbm": 10}, draws)[["mean", "q95"]].round(2).values.tolist()
    [[5.0, 8.0], [1.0, 3.0]]
    """
    scope, present = _require_question(layers, raid, track_scope, track, seed, n_simulations)
    inputs = require_draws(layers, draws)
    if not present or not inputs:
        alike = _summary(raid_leakers(layers, raid, track_scope, track, seed, n_simulations))
        return pd.DataFrame([alike] * len(draws), columns=COLUMNS, index=draws.index, dtype=float)
    if any(layer.is_shared and len(set(layer.single_shot) & set(present)) > 1 for layer in layers):
        rows = [
            _summary(raid_leakers(changed, raid, track_scope, one_track, seed, n_simulations))
            for changed, one_track in _with_draws(layers, track, inputs, len(draws))
        ]
        return pd.DataFrame(rows, columns=COLUMNS, index=draws.index, dtype=float)
    step = max(1, BLOCK // (len(layers) * len(present) * LANES)) * LANES
    blocks = []
    for i in range(0, len(draws), step):
        packed = pack(layers, present, track, {name: values[i : i + step] for name, values in inputs.items()})
        blocks.append(exact.leak(*outcomes.arrays(packed, scope))[0])
    table = pd.DataFrame(np.concatenate(blocks or [np.empty((0, 6))]), columns=list(exact.SUMMARY), index=draws.index)
    return table.assign(standard_error=0.0)


def work_by_layer(
    layers: Sequence[Layer],
    raid: Mapping[str, int],
    track_scope: str = "layer",
    track: float = 1.0,
    seed: int = 0,
    n_simulations: int = 20_000,
) -> pd.DataFrame:
    """Say for each layer what reaches it, what it kills and spends, and how often its magazine is too small.

    Parameters
    ----------
    layers, raid, track_scope, track, seed, n_simulations
        As in :func:`raid_leakers`.

    Returns
    -------
    pandas.DataFrame
        One row is a threat class at a layer that engages it: ``layer, threat_class, magazine`` (the shared one
        where it is shared), ``arriving, killed, spent`` (means; threats, threats, interceptors) and ``short``, the
        chance that some tracked threat of the class gets fewer shots than the doctrine allows, for want of rounds.

    Raises
    ------
    ParameterError
        As :func:`raid_leakers`.

    Examples
    --------
    >>> upper = Layer("upper", {"srbm": 0.5}, {"srbm": 4})
    >>> lower = Layer("lower", {"srbm": 0.5}, {"srbm": 99}, doctrine="shoot-look-shoot")
    >>> work_by_layer([upper, lower], {"srbm": 4})[["arriving", "killed", "spent", "short"]].round(3).values.tolist()
    [[4.0, 1.5, 4.0, 1.0], [2.5, 1.875, 3.75, 0.0]]
    """
    scope, present = _require_question(layers, raid, track_scope, track, seed, n_simulations)
    packed = pack(layers, present, track, {})
    if present and not outcomes.is_exact(layers, packed, scope):
        work = outcomes.simulate(layers, packed, scope, seed, n_simulations)[1] / n_simulations
    else:
        cells = [outcomes.exact_work(packed, i, j, scope) for i in range(len(present)) for j in range(len(layers))]
        work = np.array(cells).reshape(len(present), len(layers), 4).transpose(2, 0, 1)
    rows = [
        (layer.name, name, layer.rounds_for(name), *work[:, i, j])
        for j, layer in enumerate(layers)
        for i, name in enumerate(present)
        if name in layer.single_shot
    ]
    return pd.DataFrame(rows, columns=["layer", "threat_class", "magazine", "arriving", "killed", "spent", "short"])


def _require_question(
    layers: Sequence[Layer], raid: Mapping[str, int], track_scope: str, track: float, seed: int, n_simulations: int
) -> tuple[int, dict[str, int]]:
    """Check what every question takes; return the scope's number and the classes that are present."""
    require_layers(layers)
    require_raid(layers, raid)
    require_one(seed=seed, n_simulations=n_simulations)
    require_count("seed", seed, 2**53)
    require_count("n_simulations", n_simulations, LARGEST_SIMULATIONS, smallest=1)
    scope = require_tracking(track_scope, track)
    return scope, {name: int(threats) for name, threats in raid.items() if threats}


def _with_draws(
    layers: Sequence[Layer], track: float, inputs: Mapping[str, np.ndarray], n_draws: int
) -> Iterator[tuple[list[Layer], float]]:
    """Yield the layers and the one track of each draw."""
    for draw in range(n_draws):
        values = {name: column[draw].item() for name, column in inputs.items()}
        yield [layer.changed(values) for layer in layers], values.get("track", track)


def _summary(leakers: Leakers) -> list[float]:
    """Return one row of the summary of :func:`raid_leakers_by_draw`."""
    quantiles = [float(leakers.quantile(q)) for q in exact.QUANTILES]
    return [leakers.mean, leakers.variance, leakers.probability_zero, *quantiles, leakers.standard_error]
