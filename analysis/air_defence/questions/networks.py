"""Stand-alone batteries against one network, layer by layer: shared shots, shared channels, shared failures."""

from collections.abc import Mapping, Sequence
from itertools import product
from math import inf

import numpy as np
import pandas as pd

from analysis.air_defence.facts.choices import ARCHITECTURES
from analysis.air_defence.facts.claims import ENDS
from analysis.air_defence.models.arguments import LARGEST_RAID, require_count, require_one
from analysis.air_defence.models.coordination import (
    break_even_failure,
    coordinated_leakers,
    coordination_gain,
    uncoordinated_leakers,
)
from analysis.air_defence.models.saturation import finite_raid, fixed_window
from analysis.air_defence.questions.forces import Defence
from analysis.air_defence.questions.staircases import late_start_s

KEY = ["architecture_id", "system_id", "threat_class"]
SIMULATIONS = 1_000
GAINS = ("coordination", "time", "channels")
"""What a network saves: double shots, seconds, and threats that wait for a free channel."""


def rounds_in_place(defences: Mapping[str, Defence]) -> pd.DataFrame:
    """List the rounds ready and in place, and the kill probabilities, of each system in each architecture.

    Parameters
    ----------
    defences : mapping of str to Defence
        From :func:`analysis.air_defence.questions.forces.build_defence`, by architecture.

    Returns
    -------
    pandas.DataFrame
        One row is a system of an architecture and a class. Columns: ``architecture_id, system_id, threat_class,
        rounds_low, rounds_best, rounds_high, rounds_assumed, single_shot_low, single_shot_best, single_shot_high``.
    """
    rows = []
    for architecture, defence in defences.items():
        for name in defence.ranges.index[defence.ranges.index.str.endswith(".single_shot")]:
            system, threat_class, _ = name.split(".")
            rounds, kill = defence.ranges.loc[f"{system}.rounds"], defence.ranges.loc[name]
            row = dict(zip(KEY, (architecture, system, threat_class), strict=True))
            row |= {f"rounds_{end}": int(rounds[end]) for end in ENDS} | {"rounds_assumed": bool(rounds["assumed"])}
            rows.append(row | {f"single_shot_{end}": float(kill[end]) for end in ENDS})
    return pd.DataFrame(rows)


def coordination_by_layer(rounds: pd.DataFrame, counts: pd.DataFrame, n_threats: int) -> pd.DataFrame:
    """Compare leakers where batteries of a layer fire by chance and where they share one picture.

    Parameters
    ----------
    rounds : pandas.DataFrame
        From :func:`rounds_in_place`.
    counts : pandas.DataFrame
        From :func:`analysis.air_defence.facts.batteries.battery_counts`.
    n_threats : int
        Threats of one class that each layer meets alone, 1 to 100,000.

    Returns
    -------
    pandas.DataFrame
        One row is a system of an architecture and a class. Columns: those of ``rounds``, ``state, batteries_best,
        batteries_assumed, leakers_apart, leakers_networked, saved, saved_low, saved_high, break_even``.

    Raises
    ------
    ParameterError
        When the number of threats is out of range.

    Notes
    -----
    One wave in which every ready round is fired at the raid, and every threat comes to every layer: no layer helps
    another here. ``saved_low`` and ``saved_high`` are the least and greatest saving over low, best and high rounds and
    kill probabilities. A layer with one battery has its shots coordinated already and saves nothing; a layer whose best
    number of batteries is 0 is left out.

    Examples
    --------
    >>> rounds = pd.DataFrame({"architecture_id": ["usa_guam"], "system_id": ["a"], "threat_class": ["srbm"],
    ...     "rounds_low": [150], "rounds_best": [150], "rounds_high": [150], "rounds_assumed": [True],
    ...     "single_shot_low": [0.7], "single_shot_best": [0.7], "single_shot_high": [0.7]})
    >>> counts = pd.DataFrame({"architecture_id": ["usa_guam"], "system_id": ["a"], "state": ["fielded"],
    ...     "batteries_best": [3], "batteries_assumed": [True]})
    >>> coordination_by_layer(rounds, counts, n_threats=100)["saved"].round(1).tolist()
    [15.4]
    """
    kept = ["architecture_id", "system_id", "state", "batteries_best", "batteries_assumed"]
    rows = rounds.merge(counts[kept], on=KEY[:2])
    rows = rows[rows["batteries_best"] > 0].reset_index(drop=True)
    alone = rows["batteries_best"] == 1
    saved = {}
    for shots, kill in product(ENDS, ENDS):
        case = n_threats, rows[f"rounds_{shots}"].to_numpy(), rows[f"single_shot_{kill}"].to_numpy()
        networked = pd.Series(coordinated_leakers(*case), rows.index)
        apart = pd.Series(uncoordinated_leakers(*case), rows.index).mask(alone, networked)
        saved[shots, kill] = (apart - networked).clip(lower=0)
        if shots == kill == "best":
            rows = rows.assign(leakers_apart=apart, leakers_networked=networked)
    every = pd.DataFrame(saved)
    return rows.assign(
        saved=every["best", "best"],
        saved_low=every.min(axis=1),
        saved_high=every.max(axis=1),
        break_even=break_even_failure(rows["leakers_apart"] / n_threats, rows["leakers_networked"] / n_threats),
    )


def saturation_by_layer(times: pd.DataFrame, counts: pd.DataFrame, n_threats: int, spacing_s: float, service_s: float,
                        seed: int) -> pd.DataFrame:  # fmt: skip
    """Compare threats that find no free channel in time, with batteries apart and with one pool of channels.

    Parameters
    ----------
    times : pandas.DataFrame
        From :func:`analysis.air_defence.questions.staircases.value_of_time`.
    counts : pandas.DataFrame
        From :func:`analysis.air_defence.facts.batteries.battery_counts`.
    n_threats : int
        Threats of one class that each layer meets alone, 1 to 100,000.
    spacing_s, service_s : float
        Mean seconds between arrivals, and for which an engagement holds a channel; 0 or more.
    seed : int
        Random seed.

    Returns
    -------
    pandas.DataFrame
        One row is a system of an architecture and a class. Columns: ``architecture_id, system_id, threat_class, state,
        batteries_best, batteries_assumed, channels_best, channels_assumed, time_before_s, time_after_s`` (seconds in
        which a channel must be found), ``late_apart, late_networked`` (threats not taken into service in time),
        ``standard_error`` (of the larger of the two), ``break_even``.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    Apart, the raid is dealt out evenly and each battery has its own channels and the stand-alone reaction time; in the
    network all channels of the layer are one pool and the reaction is the faster one. A reaction longer than lead and
    window lets every threat through. To be taken into service is not to be killed.
    """
    require_one(n_threats=n_threats, spacing_s=spacing_s, service_s=service_s, seed=seed)
    kept = ["system_id", "threat_class", "channels_best", "channels_assumed", "lead_best_s", "window_best_s"]
    rows = counts.merge(times[[*kept, "reaction_before_s", "reaction_after_s"]], on="system_id")
    rows = rows[rows["batteries_best"] > 0].reset_index(drop=True)
    for when in ("before", "after"):
        left = rows["window_best_s"] - late_start_s(rows[f"reaction_{when}_s"], rows["lead_best_s"])
        rows[f"time_{when}_s"] = left.where(rows["window_best_s"] > 0, -inf)
    case = {"spacing_s": spacing_s, "service_s": service_s, "seed": seed}
    apart = [_dealt_out(row, n_threats, case) for row in rows.to_dict("records")]
    pooled = [
        _late(n_threats, row["batteries_best"] * row["channels_best"], row["time_after_s"], case)
        for row in rows.to_dict("records")
    ]
    found = pd.DataFrame({"late_apart": [one[0] for one in apart], "late_networked": [one[0] for one in pooled]})
    errors = [max(one[1], other[1]) for one, other in zip(apart, pooled, strict=True)]
    shares = found / n_threats
    names = ["state", "batteries_best", "batteries_assumed", "channels_best", "channels_assumed"]
    return rows[[*KEY, *names, "time_before_s", "time_after_s"]].assign(
        **found, standard_error=errors, break_even=break_even_failure(shares["late_apart"], shares["late_networked"])
    )


def _late(threats: int, channels: float, time_s: float, case: Mapping[str, float]) -> tuple[float, float]:
    """Mean number of late threats with its standard error; all of them where there is no time at all."""
    if time_s < 0:
        return float(threats), 0.0
    leakers = finite_raid(
        threats, int(channels), case["spacing_s"], case["service_s"], time_s, int(case["seed"]), SIMULATIONS
    )
    return leakers.mean, leakers.standard_error


def _dealt_out(row: Mapping[str, float], n_threats: int, case: Mapping[str, float]) -> tuple[float, float]:
    """Sum over batteries that each meet an even part of the raid, arriving more thinly."""
    batteries = int(row["batteries_best"])
    each, more = divmod(n_threats, batteries)
    thin = dict(case) | {"spacing_s": case["spacing_s"] * batteries}
    parts = {each + 1: more, each: batteries - more}
    found = [
        (count, *_late(threats, row["channels_best"], row["time_before_s"], thin))
        for threats, count in parts.items()
        if count
    ]
    return sum(count * mean for count, mean, _ in found), sum(count * error**2 for count, _, error in found) ** 0.5


def late_by_channels(channels: Sequence[int], times_s: Sequence[float], n_threats: int, spacing_s: float,
                     service_s: float, seed: int) -> pd.DataFrame:  # fmt: skip
    """Count the late threats of a raid against the number of channels, with the long-run formula beside it.

    Parameters
    ----------
    channels : sequence of int
        Simultaneous engagements, 0 or more.
    times_s : sequence of float
        Seconds in which a channel must be found, 0 or more.
    n_threats, spacing_s, service_s, seed
        As in :func:`saturation_by_layer`.

    Returns
    -------
    pandas.DataFrame
        One row is a number of channels and a time: ``channels, time_s, late, standard_error, late_long_run``; the last
        is ``n_threats`` times the share lost in a raid without end (M/M/c+D), empty where all arrive at once.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Examples
    --------
    Ten at once on four channels, without time to wait: six are late.

    >>> late_by_channels([4], [0.0], n_threats=10, spacing_s=0.0, service_s=20.0, seed=7)[["channels", "late"]]
       channels  late
    0         4   6.0
    """
    rows = []
    for count, time_s in product(channels, times_s):
        leakers = finite_raid(n_threats, count, spacing_s, service_s, time_s, seed, SIMULATIONS)
        long_run = np.nan
        if spacing_s > 0 and service_s > 0:
            long_run = n_threats * float(fixed_window(1 / spacing_s, count, 1 / service_s, time_s))
        rows.append((count, time_s, leakers.mean, leakers.standard_error, long_run))
    return pd.DataFrame(rows, columns=["channels", "time_s", "late", "standard_error", "late_long_run"])


def break_even_by_layer(coordination: pd.DataFrame, times: pd.DataFrame, saturation: pd.DataFrame) -> pd.DataFrame:
    """Gather for each layer the chance of a common failure at which each gain of the network is gone.

    Parameters
    ----------
    coordination, times, saturation : pandas.DataFrame
        From :func:`coordination_by_layer`, :func:`analysis.air_defence.questions.staircases.value_of_time` and
        :func:`saturation_by_layer`.

    Returns
    -------
    pandas.DataFrame
        One row is a system of an architecture, a class and a gain: ``architecture_id, system_id, threat_class, gain,
        break_even`` (0 to 1; 0 where the network gains nothing). ``gain`` is one of ``GAINS``.

    Notes
    -----
    A failure is the failure of the whole network, after which everything leaks; where batteries can fall back to
    fighting alone, more failure can be borne. The three gains are compared one at a time: they do not add.
    """
    timed = saturation[KEY].merge(times[["system_id", "threat_class", "break_even"]], on=KEY[1:])
    frames = zip(GAINS, (coordination, timed, saturation), strict=True)
    return pd.concat([frame[[*KEY, "break_even"]].assign(gain=gain) for gain, frame in frames], ignore_index=True)


def key_numbers(
    case: pd.Series, coordination: pd.DataFrame, times: pd.DataFrame, saturation: pd.DataFrame
) -> pd.DataFrame:
    """Sum the notebook up in one table.

    Parameters
    ----------
    case : pandas.Series
        From :func:`analysis.air_defence.questions.networks.worked_case`.
    coordination, times, saturation : pandas.DataFrame
        As in :func:`break_even_by_layer`.

    Returns
    -------
    pandas.DataFrame
        One row is the worked case or an architecture. Columns: ``rows`` (systems and classes), ``saved`` (leakers
        saved by evenly spread shots, at most), ``gaining`` (rows with a shot more by the faster decision), ``late
        apart, late pooled`` (rows with one threat or more not engaged in time); empty where one does not apply.
    """
    timed = saturation[KEY].merge(times[["system_id", "threat_class", "shots_before", "shots_after"]], on=KEY[1:])
    numbers = {"Worked case": {"rows": 1, "saved": case["saved"]}}
    for name, rows in saturation.groupby("architecture_id", sort=False):
        shots = timed[timed["architecture_id"] == name]
        numbers[ARCHITECTURES[str(name)]] = {
            "rows": len(rows),
            "saved": coordination.loc[coordination["architecture_id"] == name, "saved"].max(),
            "gaining": (shots["shots_after"] > shots["shots_before"]).sum(),
            "late apart": (rows["late_apart"] >= 1).sum(),
            "late pooled": (rows["late_networked"] >= 1).sum(),
        }
    table = pd.DataFrame(numbers).T.round(1)
    return table.astype({name: "Int64" for name in table.columns if name != "saved"})


def worked_case(threats: int, shots: int, single_shot: float) -> pd.Series:
    """Work one raid out, with shots by chance and with shots spread evenly.

    Parameters
    ----------
    threats, shots : int
        Threats, 1 to 100,000; shots in all, 0 to 1,000,000.
    single_shot : float
        Single-shot kill probability, 0 to 1.

    Returns
    -------
    pandas.Series
        ``threats, shots, single_shot, leakers_apart, leakers_networked, saved, leakage_apart, leakage_networked,
        break_even`` (chance of a failure of the whole network at which the gain is gone).

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Examples
    --------
    >>> worked_case(100, 150, 0.7)[["leakers_apart", "leakers_networked", "saved"]].round(1).tolist()
    [34.9, 19.5, 15.4]
    """
    require_one(threats=threats, shots=shots, single_shot=single_shot)
    raid = int(require_count("threats", threats, LARGEST_RAID, smallest=1))
    apart, networked = (
        float(leakers(raid, shots, single_shot)) for leakers in (uncoordinated_leakers, coordinated_leakers)
    )
    return pd.Series(
        {
            "threats": raid,
            "shots": shots,
            "single_shot": single_shot,
            "leakers_apart": apart,
            "leakers_networked": networked,
            "saved": float(coordination_gain(raid, shots, single_shot)),
            "leakage_apart": apart / raid,
            "leakage_networked": networked / raid,
            "break_even": float(break_even_failure(apart / raid, networked / raid)),
        }
    )


def gain_by_shots(threats: int, most_per_threat: float, single_shots: Sequence[float]) -> pd.DataFrame:
    """Tabulate the coordination gain against the shots for each threat.

    Parameters
    ----------
    threats : int
        Threats, 1 to 100,000.
    most_per_threat : float
        Where the table ends, shots for each threat, 0 to 10.
    single_shots : sequence of float
        Single-shot kill probabilities, 0 to 1.

    Returns
    -------
    pandas.DataFrame
        One row is a number of shots and a kill probability: ``shots_per_threat, single_shot, saved_percent`` (leakers
        saved, in per cent of the threats).

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Examples
    --------
    >>> gain_by_shots(100, 1.5, [0.7])["saved_percent"].round(1).iloc[-1]
    np.float64(15.4)
    """
    raid = int(require_count("threats", threats, LARGEST_RAID, smallest=1))
    shots = np.unique(np.round(np.linspace(0, most_per_threat, 61) * raid).astype(int))
    frames = [
        pd.DataFrame(
            {
                "shots_per_threat": shots / raid,
                "single_shot": kill,
                "saved_percent": 100 / raid * np.asarray(coordination_gain(raid, shots, kill)),
            }
        )
        for kill in sorted(set(single_shots))
    ]
    return pd.concat(frames, ignore_index=True)


def leakage_by_failure(case: pd.Series) -> pd.DataFrame:
    """Tabulate the leakage of a network that fails as a whole with some chance, beside that of batteries apart.

    Parameters
    ----------
    case : pandas.Series
        From :func:`worked_case`.

    Returns
    -------
    pandas.DataFrame
        One row is a chance of failure from 0 to 1: ``failure, leakage_networked, leakage_apart``.

    Notes
    -----
    After a failure everything leaks, as in :func:`analysis.air_defence.models.coordination.break_even_failure`.

    Examples
    --------
    >>> leakage_by_failure(worked_case(100, 150, 0.7))["leakage_networked"].iloc[[0, -1]].round(3).tolist()
    [0.195, 1.0]
    """
    failure = np.linspace(0, 1, 101)
    networked = (1 - failure) * case["leakage_networked"] + failure
    return pd.DataFrame(
        {"failure": failure, "leakage_networked": networked, "leakage_apart": float(case["leakage_apart"])}
    )
