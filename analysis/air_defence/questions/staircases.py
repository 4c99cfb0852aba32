"""The staircase of shots against sensor-to-shooter time: where a saved second is worth something, and where not."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.air_defence.exact.defence import CORRELATION, Layer
from analysis.air_defence.facts.choices import DOCTRINES
from analysis.air_defence.facts.claims import ENDS, assumption, assumption_of
from analysis.air_defence.models.arguments import require_amount, require_one, require_positive
from analysis.air_defence.models.coordination import break_even_failure
from analysis.air_defence.models.engagement import miss_probability
from analysis.air_defence.models.kill_chain import shot_opportunities
from analysis.errors import ParameterError

MOST_STEPS = 1_000


def late_start_s(reaction_s: pd.Series, lead_s: pd.Series) -> pd.Series:
    """Seconds of the window that are gone before the first launch: the reaction, less the lead.

    Parameters
    ----------
    reaction_s, lead_s : pandas.Series
        Sensor-to-shooter time; seconds from first sight until the threat is in reach; 0 or more.

    Examples
    --------
    >>> late_start_s(pd.Series([40, 12]), pd.Series([25, 25])).tolist()
    [15, 0]
    """
    return (reaction_s - lead_s).clip(lower=0)


def add_single_shot(windows: pd.DataFrame, assumptions: pd.DataFrame) -> pd.DataFrame:
    """Add the assumed kill probability of one shot: of the system against the class, else by its rating.

    Parameters
    ----------
    windows : pandas.DataFrame
        From :func:`analysis.air_defence.facts.windows.engagement_windows`.
    assumptions : pandas.DataFrame
        With rows ``single_shot_primary``, ``single_shot_secondary`` and ``single_shot_limited``.

    Returns
    -------
    pandas.DataFrame
        The windows with ``single_shot_low, single_shot_best, single_shot_high``.

    Raises
    ------
    DataError
        When an assumption is missing.
    """
    names = [
        assumption_of(assumptions, row.system_id, "single_shot", f"single_shot_{row.capability}", row.threat_class)
        for row in windows.itertuples()
    ]
    kills = {name: assumption(assumptions, name) for name in dict.fromkeys(names)}
    return windows.assign(**{f"single_shot_{end}": [kills[name][end] for name in names] for end in ENDS})


def value_of_time(
    windows: pd.DataFrame, figures: pd.DataFrame, decision_before_s: float, decision_after_s: float, cycle_s: float
) -> pd.DataFrame:
    """Compare shots and leakage of one threat before and after the decision becomes faster.

    Parameters
    ----------
    windows : pandas.DataFrame
        From :func:`add_single_shot`.
    figures : pandas.DataFrame
        From :func:`analysis.air_defence.facts.batteries.battery_figures`.
    decision_before_s, decision_after_s : float
        Seconds from own detection to the order to fire, stand-alone and in a network, 0 or more. The battery's own
        reaction time comes on top of both.
    cycle_s : float
        Seconds from one launch to the next, above 0.

    Returns
    -------
    pandas.DataFrame
        One row is a system and a class, as in ``windows``. Further columns: ``reaction_before_s, reaction_after_s,
        shots_before, shots_after, leakage_before, leakage_after, gain`` (leakage taken away), ``gain_per_s`` (the same
        over the seconds saved), ``gain_low, gain_high`` (least and greatest gain over the ends of the window),
        ``next_step_s`` (further seconds to be saved for one more shot; infinite where the lead covers the reaction, or
        no time is enough), ``break_even`` (chance of a failure of the whole network at which the gain is gone).

    Raises
    ------
    ParameterError
        When an argument is out of range, or the network decides more slowly.

    Notes
    -----
    Shots follow one another and stop at a kill that is seen at once; the magazine does not bind. The lead counts: a
    reaction that is over before the threat is in reach costs nothing, and a second saved there is worth nothing.
    """
    require_one(decision_before_s=decision_before_s, decision_after_s=decision_after_s, cycle_s=cycle_s)
    if decision_after_s > decision_before_s:
        raise ParameterError(
            f"decision_after_s = {decision_after_s!r} is not allowed; give at most decision_before_s = "
            f"{decision_before_s!r}, for this is the gain of a faster decision."
        )
    rows = windows.merge(figures, on="system_id", how="left", validate="many_to_one")
    before, after = (
        rows["reaction_best"] + float(require_amount(name, value))
        for name, value in (("decision_before_s", decision_before_s), ("decision_after_s", decision_after_s))
    )
    shots = {end: [_shots(rows, end, reaction, cycle_s) for reaction in (before, after)] for end in ENDS}
    leaks = {end: [miss_probability(rows["single_shot_best"], count) for count in pair] for end, pair in shots.items()}
    gains = pd.DataFrame({end: pair[0] - pair[1] for end, pair in leaks.items()}, index=rows.index)
    late = late_start_s(after, rows["lead_best_s"])
    step = late - (rows["window_best_s"] - shots["best"][1] * cycle_s)
    reachable = (rows["window_best_s"] > 0) & (step <= late)
    return rows.assign(
        reaction_before_s=before,
        reaction_after_s=after,
        shots_before=shots["best"][0],
        shots_after=shots["best"][1],
        leakage_before=leaks["best"][0],
        leakage_after=leaks["best"][1],
        gain=gains["best"],
        gain_per_s=(gains["best"] / (before - after)).where(before > after, 0.0),
        gain_low=gains.min(axis=1),
        gain_high=gains.max(axis=1),
        next_step_s=step.where(reachable, np.inf),
        break_even=break_even_failure(leaks["best"][0], leaks["best"][1]),
    )


def _shots(rows: pd.DataFrame, end: str, reaction_s: pd.Series, cycle_s: float) -> np.ndarray:
    """Shots that the window of one end leaves room for; none where there is no window at all."""
    window = rows[f"window_{end}_s"]
    late = late_start_s(reaction_s, rows[f"lead_{end}_s"])
    return np.where(window > 0, shot_opportunities(window.to_numpy(), late.to_numpy(), cycle_s), 0)


def leakage_staircase(windows: pd.DataFrame, cycle_s: float, longest_s: float) -> pd.DataFrame:
    """Cut the sensor-to-shooter time of each system into the steps on which nothing changes.

    Parameters
    ----------
    windows : pandas.DataFrame
        From :func:`add_single_shot`.
    cycle_s : float
        Seconds from one launch to the next, above 0.
    longest_s : float
        Longest sensor-to-shooter time considered, s, above 0.

    Returns
    -------
    pandas.DataFrame
        One row is a step of a system and a class: ``system_id, threat_class, from_s, to_s, shots, leakage``. Steps lie
        end to end from 0 to ``longest_s``.

    Raises
    ------
    ParameterError
        When an argument is out of range or there would be more than 1,000 steps.

    Examples
    --------
    A window of 50 s that begins 10 s after first sight:

    >>> windows = pd.DataFrame({
    ...     "system_id": ["a"], "threat_class": ["srbm"], "lead_best_s": [10.0], "window_best_s": [50.0],
    ...     "single_shot_best": [0.5],
    ... })
    >>> leakage_staircase(windows, cycle_s=20, longest_s=90)[["from_s", "to_s", "shots", "leakage"]]
       from_s  to_s  shots  leakage
    0     0.0  20.0      3    0.125
    1    20.0  40.0      2    0.250
    2    40.0  60.0      1    0.500
    3    60.0  90.0      0    1.000
    """
    require_one(cycle_s=cycle_s, longest_s=longest_s)
    cycle, longest = float(require_positive("cycle_s", cycle_s)), float(require_positive("longest_s", longest_s))
    if longest / cycle > MOST_STEPS:
        raise ParameterError(f"cycle_s = {cycle_s!r} is too short; give at least {longest / MOST_STEPS:.2g}.")
    steps = [step for row in windows.to_dict("records") for step in _steps(row, cycle, longest)]
    return pd.DataFrame(steps, columns=["system_id", "threat_class", "from_s", "to_s", "shots", "leakage"])


def _steps(row: dict, cycle: float, longest: float) -> list[tuple]:
    """Steps of one system: the last falls at lead plus window, the others a cycle earlier each."""
    window, end = row["window_best_s"], row["lead_best_s"] + row["window_best_s"]
    most = int(shot_opportunities(window, 0, cycle)) if window > 0 else 0
    edges = [0.0, *(end - cycle * count for count in range(most - 1, -1, -1)), longest]
    steps = []
    for count, left, right in zip(range(most, -1, -1), edges[:-1], edges[1:], strict=True):
        if left < longest and min(right, longest) > left:
            leakage = float(miss_probability(row["single_shot_best"], count))
            steps.append((row["system_id"], row["threat_class"], left, min(right, longest), count, leakage))
    return steps


def limit_by_time(layers: Sequence[Layer], windows: pd.DataFrame, reaction_s: float, cycle_s: float) -> list[Layer]:
    """Leave each layer the classes and shots for which its engagement window has time.

    Parameters
    ----------
    layers : list of Layer
        Layers with magazines allotted by class, named as in ``windows``.
    windows : pandas.DataFrame
        ``system_id, threat_class, lead_best_s, window_best_s``, as from ``windows.engagement_windows``: seconds from
        sight to reach, and within reach. One row is a system and a class. Without a row time does not bind.
    reaction_s : float
        Seconds from sight to the first shot, 0 or more; what passes before the threat is in reach costs nothing.
    cycle_s : float
        Seconds from a shot to the next after a look, above 0.

    Returns
    -------
    list of Layer
        One for each layer and class that still has time, the name being ``layer/class``: classes of one layer may have
        unlike numbers of shots. Layers without any class left are gone.

    Raises
    ------
    ParameterError
        When a time is out of range.

    Notes
    -----
    A salvo needs one opportunity, whatever its size; shoot-look-shoot needs one for each of its salvos, so that a long
    reaction first costs looks and then the engagement. All threats of a class have the same window, and layers do not
    wait for each other. Splitting a layer by class changes nothing else, since its magazines are allotted by class.

    Examples
    --------
    >>> layer = Layer("upper", {"srbm": 0.6}, {"srbm": 24}, shots=4, doctrine="shoot-look-shoot")
    >>> windows = pd.DataFrame(
    ...     {"system_id": ["upper"], "threat_class": ["srbm"], "lead_best_s": [0.0], "window_best_s": [90.0]}
    ... )
    >>> [limit_by_time([layer], windows, reaction, 20)[0].shots for reaction in (15, 35)]
    [4, 3]
    >>> limit_by_time([layer], windows, 120, 20)
    []
    """
    require_amount("reaction_s", reaction_s)
    rows = windows.set_index(["system_id", "threat_class"])[["lead_best_s", "window_best_s"]]
    seconds = {pair: (lead, window) for pair, lead, window in rows.itertuples() if window == window}
    limited = []
    for layer in layers:
        for name, single_shot in layer.single_shot.items():
            looks = layer.shots
            if (layer.name, name) in seconds:
                lead, window = seconds[layer.name, name]
                looks = int(shot_opportunities(window, max(0.0, reaction_s - lead), cycle_s))
            if not looks:
                continue
            shots = sum(DOCTRINES[layer.doctrine].salvos(layer.shots)[:looks])
            own, magazine = {name: single_shot}, {name: layer.rounds_for(name)}
            alone = replace(layer, single_shot=own, magazine=magazine, coverage=layer.coverage_of(name))
            limited.append(replace(alone, name=f"{layer.name}/{name}", shots=shots))
    return limited


def split_inputs(inputs: pd.DataFrame, limited: Sequence[Layer]) -> pd.DataFrame:
    """Rename the inputs of whole layers to those of the layers that :func:`limit_by_time` leaves.

    Parameters
    ----------
    inputs : pandas.DataFrame
        Columns ``layer.class.single_shot``, ``layer.class.magazine``, ``layer.class.coverage``, ``layer.track``,
        ``track`` and ``raid_correlation.class``, as for ``layers.raid_leakers_by_draw``. One row is a draw.
    limited : list of Layer
        From :func:`limit_by_time`.

    Returns
    -------
    pandas.DataFrame
        The same draws for the layers ``layer/class``; inputs of layers and classes that are gone are left out.

    Examples
    --------
    >>> layer = Layer("upper/srbm", {"srbm": 0.6}, {"srbm": 24})
    >>> inputs = pd.DataFrame({"upper.srbm.single_shot": [0.5], "upper.mrbm.magazine": [3], "upper.track": [0.9]})
    >>> split_inputs(inputs, [layer]).columns.tolist()
    ['upper/srbm.srbm.single_shot', 'upper/srbm.track']
    """
    columns = {name: inputs[name] for name in inputs if name == "track" or name.startswith(f"{CORRELATION}.")}
    for layer in limited:
        whole, threat_class = layer.name.split("/")
        for kind in (*(f"{threat_class}.{own}" for own in ("single_shot", "magazine", "coverage")), "track"):
            if f"{whole}.{kind}" in inputs:
                columns[f"{layer.name}.{kind}"] = inputs[f"{whole}.{kind}"]
    return pd.DataFrame(columns, index=inputs.index)
