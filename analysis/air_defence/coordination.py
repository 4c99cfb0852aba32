"""One worked case of coordination: the gain against the shots, and against the failure of the network."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.air_defence.arguments import LARGEST_RAID, require_count, require_one
from analysis.air_defence.integration import (
    break_even_failure,
    coordinated_leakers,
    coordination_gain,
    uncoordinated_leakers,
)


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
    After a failure everything leaks, as in :func:`analysis.air_defence.integration.break_even_failure`.

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
