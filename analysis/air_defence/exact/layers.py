"""Layers in sequence, with magazines: how many threats leak, and which layer does the work."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod

import numpy as np
import pandas as pd

from analysis.air_defence.exact import outcomes
from analysis.air_defence.exact import raid as exact
from analysis.air_defence.exact.defence import (
    CORRELATION,
    LAYER,
    Layer,
    Together,
    pack,
    require_class,
    require_draws,
    require_layers,
    require_raid,
    require_together,
)
from analysis.air_defence.exact.lanes import LANES
from analysis.air_defence.models.arguments import require_count, require_one
from analysis.air_defence.models.engagement import kill_probability
from analysis.air_defence.models.salvo import Leakers

LARGEST_SIMULATIONS = 10_000_000
BLOCK = 1_000_000  # numbers by class, layer and draw that are held at a time
COLUMNS = [*exact.SUMMARY, "standard_error"]
ALL = "all"
"""Name of the row of all classes."""


def layered_leakage(
    layers: Sequence[Layer],
    threat_class: str,
    track_scope: str = "layer",
    track: float = 1.0,
    coverage_scope: str = "layer",
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
    coverage_scope : {"layer", "place"}
        Whether each layer covers the threat on its own, or all local layers do or none.

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
    packed = pack(layers, {threat_class: 1}, require_together(layers, track_scope, track, coverage_scope), {})
    pass_each = [
        1.0 - kill_probability(p, int(shots), reach)
        for p, shots, reach in zip(packed.single_shot[0, :, 0], packed.shots[0], packed.reach[0, :, 0], strict=True)
    ]
    place = float(packed.place[0, 0])
    passing = prod(pass_each[: packed.first_local]) * (1.0 - place + place * prod(pass_each[packed.first_local :]))
    return float(passing if packed.scope == LAYER else (1.0 - track) + track * passing)


def raid_leakers(
    layers: Sequence[Layer],
    raid: Mapping[str, int],
    track_scope: str = "layer",
    track: float = 1.0,
    seed: int = 0,
    n_simulations: int = 20_000,
    coverage_scope: str = "layer",
    raid_correlation: float | Mapping[str, float] = 0.0,
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
    coverage_scope : {"layer", "place"}
        Whether each layer covers a threat on its own (a threat that is not covered costs no shot), or a threat flies
        to a place that all local layers defend or to one that none does. In scope ``place`` all local layers have one
        coverage of a class and stand behind the others.
    raid_correlation : float or dict of str to float
        How alike the threats of a class fare within one raid, 0 to 1, for all classes or by class (0 where not named).

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

    Raid correlation acts on the outcome of a class, after the chain: from raid to raid the chance that a threat leaks
    follows a beta law with the chain's mean, and threats are stopped or let through to meet it. The mean never moves;
    where no magazine binds, leakers are beta-binomial, with variance W m (1 - m) (1 + (W - 1) rho). Threats for
    which there are no rounds leak in every raid. The law is summed over Gauss's nodes, 12 or more, which meet its mean
    and variance to rounding.

    Examples
    --------
    >>> one_each = Layer("upper", {"srbm": 0.7}, {"srbm": 10}, shots=1)
    >>> two_each = Layer("upper", {"srbm": 0.7}, {"srbm": 10}, shots=2)
    >>> round(raid_leakers([one_each], {"srbm": 10}).mean, 2), round(raid_leakers([two_each], {"srbm": 10}).mean, 2)
    (3.0, 5.45)
    >>> alike = raid_leakers([one_each], {"srbm": 10}, raid_correlation=0.4)  # 10 x 0.3 x 0.7 x (1 + 9 x 0.4)
    >>> round(alike.mean, 2), round(alike.variance, 2)
    (3.0, 9.66)
    """
    together, present = _require_question(
        layers, raid, track_scope, track, seed, n_simulations, coverage_scope, raid_correlation
    )
    return _leakers(layers, present, together, seed, n_simulations)[ALL]


def leakers_by_class(
    layers: Sequence[Layer],
    raid: Mapping[str, int],
    track_scope: str = "layer",
    track: float = 1.0,
    seed: int = 0,
    n_simulations: int = 20_000,
    coverage_scope: str = "layer",
    raid_correlation: float | Mapping[str, float] = 0.0,
) -> dict[str, Leakers]:
    """Distribution of the threats of each class that pass all layers.

    Parameters
    ----------
    layers, raid, track_scope, track, seed, n_simulations, coverage_scope, raid_correlation
        As in :func:`raid_leakers`.

    Returns
    -------
    dict of str to Leakers
        By class that is present, in the order of ``raid``. Means add up to that of :func:`raid_leakers`; its
        distribution is their convolution, but in track scope ``raid`` and with shared magazines that bind.

    Raises
    ------
    ParameterError
        As :func:`raid_leakers`.

    Examples
    --------
    >>> upper = Layer("upper", {"srbm": 0.7, "mrbm": 0.5}, {"srbm": 10, "mrbm": 4}, shots=1)
    >>> found = leakers_by_class([upper], {"srbm": 10, "mrbm": 4})
    >>> {name: round(leakers.mean, 2) for name, leakers in found.items()}
    {'srbm': 3.0, 'mrbm': 2.0}
    """
    together, present = _require_question(
        layers, raid, track_scope, track, seed, n_simulations, coverage_scope, raid_correlation
    )
    found = _leakers(layers, present, together, seed, n_simulations)
    return {name: found[name] for name in present}


def raid_leakers_by_draw(
    layers: Sequence[Layer],
    raid: Mapping[str, int],
    draws: pd.DataFrame,
    track_scope: str = "layer",
    track: float = 1.0,
    seed: int = 0,
    n_simulations: int = 20_000,
    coverage_scope: str = "layer",
    raid_correlation: float | Mapping[str, float] = 0.0,
) -> pd.DataFrame:
    """Summarise the leakers of a raid for each draw of uncertain inputs.

    Parameters
    ----------
    layers, raid, track_scope, track, seed, n_simulations, coverage_scope, raid_correlation
        As in :func:`raid_leakers`; draws replace what they name.
    draws : pandas.DataFrame
        One row is a draw, one column an uncertain input: ``layer.class.single_shot``, ``layer.track``,
        ``layer.coverage`` or, by class, ``layer.class.coverage`` (0 to 1), ``layer.class.magazine``, or
        ``layer.magazine`` where it is shared (whole numbers), ``track``, the one track of scopes ``threat`` and
        ``raid``, and ``raid_correlation.class``.

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
    question = track_scope, track, seed, n_simulations, coverage_scope, raid_correlation
    summaries = _summaries_by_draw(layers, raid, draws, *question)
    return pd.DataFrame(summaries[ALL], columns=COLUMNS, index=draws.index)


def leakers_by_class_and_draw(
    layers: Sequence[Layer],
    raid: Mapping[str, int],
    draws: pd.DataFrame,
    track_scope: str = "layer",
    track: float = 1.0,
    seed: int = 0,
    n_simulations: int = 20_000,
    coverage_scope: str = "layer",
    raid_correlation: float | Mapping[str, float] = 0.0,
) -> pd.DataFrame:
    """Summarise the leakers of each class of a raid, and of all, for each draw of uncertain inputs.

    Parameters
    ----------
    layers, raid, draws, track_scope, track, seed, n_simulations, coverage_scope, raid_correlation
        As in :func:`raid_leakers_by_draw`.

    Returns
    -------
    pandas.DataFrame
        One row is a class in a draw, with the index of ``draws``, class by class: ``threat_class`` (those present, then
        ``all``) and the columns of :func:`raid_leakers_by_draw`.

    Raises
    ------
    ParameterError
        As :func:`raid_leakers_by_draw`.

    Examples
    --------
    >>> upper = Layer("upper", {"srbm": 0.7, "mrbm": 0.5}, {"srbm": 10, "mrbm": 4}, shots=1)
    >>> draws = pd.DataFrame({"upper.srbm.single_shot": [0.5, 0.9]})
    >>> by_class = leakers_by_class_and_draw([upper], {"srbm": 10, "mrbm": 4}, draws)
    >>> by_class[["threat_class", "mean"]].round(2).values.tolist()
    [['srbm', 5.0], ['srbm', 1.0], ['mrbm', 2.0], ['mrbm', 2.0], ['all', 7.0], ['all', 3.0]]
    """
    question = track_scope, track, seed, n_simulations, coverage_scope, raid_correlation
    summaries = _summaries_by_draw(layers, raid, draws, *question)
    table = pd.DataFrame(
        np.concatenate(list(summaries.values())), columns=COLUMNS, index=np.tile(draws.index, len(summaries))
    )
    table.insert(0, "threat_class", np.repeat(list(summaries), len(draws)))
    return table


def leakers_over_draws(
    layers: Sequence[Layer], raid: Mapping[str, int], draws: pd.DataFrame, track_scope: str = "layer",
    track: float = 1.0, seed: int = 0, n_simulations: int = 20_000, coverage_scope: str = "layer",
    raid_correlation: float | Mapping[str, float] = 0.0,
) -> dict[str, Leakers]:  # fmt: skip
    """Distribution of the leakers of each class present, and of ``all``, over luck and uncertain inputs together.

    Parameters, one draw or more, and errors are those of :func:`raid_leakers_by_draw`.

    Examples
    --------
    >>> upper = Layer("upper", {"srbm": 0.7}, {"srbm": 1}, shots=1)
    >>> draws = pd.DataFrame({"upper.srbm.single_shot": [0.5, 0.9]})
    >>> leakers_over_draws([upper], {"srbm": 1}, draws)["srbm"].pmf.round(2).tolist()
    [0.7, 0.3]
    """
    question = track_scope, track, seed, n_simulations, coverage_scope, raid_correlation
    together, present = _require_question(layers, raid, *question)
    drawn = _with_draws(layers, together, require_draws(layers, draws), len(draws))
    found = [_leakers(changed, present, common, seed, n_simulations) for changed, common in drawn]
    return {name: Leakers(np.mean([one[name].pmf for one in found], axis=0)) for name in found[0]}


def work_by_layer(
    layers: Sequence[Layer],
    raid: Mapping[str, int],
    track_scope: str = "layer",
    track: float = 1.0,
    seed: int = 0,
    n_simulations: int = 20_000,
    coverage_scope: str = "layer",
) -> pd.DataFrame:
    """Say for each layer what reaches it, what it kills and spends, and how often its magazine is too small.

    Parameters
    ----------
    layers, raid, track_scope, track, seed, n_simulations, coverage_scope
        As in :func:`raid_leakers`; raid correlation moves none of these means.

    Returns
    -------
    pandas.DataFrame
        One row is a threat class at a layer that engages it: ``layer, threat_class, magazine`` (the shared one
        where it is shared), ``arriving`` (threats that pass the layers before, covered here or not), ``killed, spent``
        (interceptors), all three means, and ``short``, the chance that some tracked threat of the class gets fewer
        shots than the doctrine allows, for want of rounds.

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
    together, present = _require_question(layers, raid, track_scope, track, seed, n_simulations, coverage_scope, 0.0)
    packed = pack(layers, present, together, {})
    if present and not outcomes.is_exact(layers, packed):
        work = outcomes.simulate(layers, packed, seed, n_simulations)[1].transpose(1, 2, 0) / n_simulations
    else:
        work = np.array([outcomes.exact_work(packed, i) for i in range(len(present))])
    rows = [
        (layer.name, name, layer.rounds_for(name), *work[i, j])
        for j, layer in enumerate(layers)
        for i, name in enumerate(present)
        if name in layer.single_shot
    ]
    means = ["arriving", "killed", "spent", "short"]
    return pd.DataFrame(rows, columns=["layer", "threat_class", "magazine", *means]).astype(dict.fromkeys(means, float))


def _require_question(
    layers: Sequence[Layer],
    raid: Mapping[str, int],
    track_scope: str,
    track: float,
    seed: int,
    n_simulations: int,
    coverage_scope: str,
    raid_correlation: float | Mapping[str, float],
) -> tuple[Together, dict[str, int]]:
    """Check what every question takes; return what threats have in common and the classes that are present."""
    require_layers(layers)
    require_raid(layers, raid)
    require_one(seed=seed, n_simulations=n_simulations)
    require_count("seed", seed, 2**53)
    require_count("n_simulations", n_simulations, LARGEST_SIMULATIONS, smallest=1)
    together = require_together(layers, track_scope, track, coverage_scope, raid_correlation)
    return together, {name: int(threats) for name, threats in raid.items() if threats}


def _summaries_by_draw(
    layers: Sequence[Layer], raid: Mapping[str, int], draws: pd.DataFrame, track_scope: str, track: float, seed: int,
    n_simulations: int, coverage_scope: str, raid_correlation: float | Mapping[str, float],
) -> dict[str, np.ndarray]:  # fmt: skip
    """Summaries of each class present, and of all: a row a draw, the columns of :data:`COLUMNS`."""
    together, present = _require_question(
        layers, raid, track_scope, track, seed, n_simulations, coverage_scope, raid_correlation
    )
    inputs, rows = require_draws(layers, draws), [*present, ALL]
    if not present or not inputs:
        found = _leakers(layers, present, together, seed, n_simulations)
        return {name: np.array([_summary(found[name])] * len(draws)).reshape(-1, len(COLUMNS)) for name in rows}
    if any(layer.is_shared and len(set(layer.single_shot) & set(present)) > 1 for layer in layers):
        one_by_one = [
            _leakers(changed, present, common, seed, n_simulations)
            for changed, common in _with_draws(layers, together, inputs, len(draws))
        ]
        summaries = {name: np.array([_summary(found[name]) for found in one_by_one]) for name in rows}
        return {name: summary.reshape(-1, len(COLUMNS)) for name, summary in summaries.items()}
    return dict(zip(rows, _exact_summaries(layers, present, together, inputs, len(draws)), strict=True))


def _leakers(
    layers: Sequence[Layer], present: Mapping[str, int], together: Together, seed: int, n_simulations: int
) -> dict[str, Leakers]:
    """Leakers of each class and of all, exact or simulated."""
    if not present:
        return {ALL: Leakers(np.ones(1))}
    packed, rows = pack(layers, present, together, {}), [*present, ALL]
    sizes = [*present.values(), sum(present.values())]
    if outcomes.is_exact(layers, packed):
        pmf = outcomes.leak(packed).pmf
        return {name: Leakers(pmf[i, : sizes[i] + 1]) for i, name in enumerate(rows)}
    leaked = outcomes.simulate(layers, packed, seed, n_simulations)[0]
    leaked = np.column_stack([leaked, leaked.sum(axis=1)])
    found = {}
    for i, name in enumerate(rows):
        pmf = np.bincount(leaked[:, i], minlength=sizes[i] + 1) / n_simulations
        error = float(np.sqrt(Leakers(pmf).variance / max(1, n_simulations - 1)))
        found[name] = Leakers(pmf, error)
    return found


def _exact_summaries(
    layers: Sequence[Layer],
    present: Mapping[str, int],
    together: Together,
    inputs: Mapping[str, np.ndarray],
    n_draws: int,
) -> np.ndarray:
    """Summaries by class (then all), draw and column where no shared magazine couples the classes."""
    step = max(1, BLOCK // (max(1, len(layers)) * len(present) * LANES)) * LANES
    found = np.zeros((len(present) + 1, n_draws, len(COLUMNS)))
    for i in range(0, n_draws, step):
        packed = pack(layers, present, together, {name: values[i : i + step] for name, values in inputs.items()})
        found[:, i : i + step, :-1] = outcomes.leak(packed).summaries
    return found


def _with_draws(
    layers: Sequence[Layer], together: Together, inputs: Mapping[str, np.ndarray], n_draws: int
) -> Iterator[tuple[list[Layer], Together]]:
    """Yield the layers, and what threats have in common, of each draw."""
    for draw in range(n_draws):
        values = {name: column[draw].item() for name, column in inputs.items()}
        head = f"{CORRELATION}."
        drawn = {name.removeprefix(head): value for name, value in values.items() if name.startswith(head)}
        common = replace(
            together, track=values.get("track", together.track), correlation={**together.correlation, **drawn}
        )
        yield [layer.changed(values) for layer in layers], common


def _summary(leakers: Leakers) -> list[float]:
    """Return one row of the summary of :func:`raid_leakers_by_draw`."""
    quantiles = [float(leakers.quantile(q)) for q in exact.QUANTILES]
    return [leakers.mean, leakers.variance, leakers.probability_zero, *quantiles, leakers.standard_error]
