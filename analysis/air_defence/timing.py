"""Layers that have only so much time: which classes they still engage, and how many looks are left."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis.air_defence.arguments import require_amount
from analysis.air_defence.defence import Layer
from analysis.air_defence.kill_chain import shot_opportunities


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
    A salvo needs one opportunity, whatever its size; shoot-look-shoot needs one for each shot, so that a long reaction
    first costs looks and then the engagement. All threats of a class have the same window, and layers do not wait for
    each other. Splitting a layer by class changes nothing else, since its magazines are allotted by class.

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
            shots = min(layer.shots, looks) if layer.doctrine == "shoot-look-shoot" else layer.shots
            one, magazine = {name: single_shot}, {name: layer.rounds_for(name)}
            limited.append(replace(layer, name=f"{layer.name}/{name}", single_shot=one, magazine=magazine, shots=shots))
    return limited


def split_inputs(inputs: pd.DataFrame, limited: Sequence[Layer]) -> pd.DataFrame:
    """Rename the inputs of whole layers to those of the layers that :func:`limit_by_time` leaves.

    Parameters
    ----------
    inputs : pandas.DataFrame
        Columns ``layer.class.single_shot``, ``layer.class.magazine``, ``layer.track`` and ``track``, as for
        ``layers.raid_leakers_by_draw``. One row is a draw.
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
    columns = {"track": inputs["track"]} if "track" in inputs else {}
    for layer in limited:
        whole, threat_class = layer.name.split("/")
        for kind in (f"{threat_class}.single_shot", f"{threat_class}.magazine", "track"):
            if f"{whole}.{kind}" in inputs:
                columns[f"{layer.name}.{kind}"] = inputs[f"{whole}.{kind}"]
    return pd.DataFrame(columns, index=inputs.index)
