"""What the leakers of a raid hang on: the swing of each input, and the share of the variance that it answers for."""

import pandas as pd

from analysis.air_defence.cases import Case
from analysis.air_defence.pairs import swing_by_input
from analysis.air_defence.uncertainty import sensitivity


def kind_of_input(name: str) -> str:
    """Return the kind of an input: single_shot, rounds or track.

    Examples
    --------
    >>> kind_of_input("sky_bow_3.srbm.single_shot"), kind_of_input("track")
    ('single_shot', 'track')
    """
    return name.split(".")[-1]


def swing_of_leakers(case: Case) -> pd.DataFrame:
    """How far the mean number of leakers moves when one input, or all of a kind, goes from low to high.

    Parameters
    ----------
    case : cases.Case
        The case.

    Returns
    -------
    pandas.DataFrame
        One row is an input or one of ``TOGETHER``, the one that moves the mean most first: ``input, at_low, at_high,
        at_best, swing`` (threats).

    Notes
    -----
    The others stay at their best values. Rows of ``TOGETHER`` bound what inputs that are drawn independently hide: one
    wrong belief about interceptors would lower all kill probabilities at once.
    """
    ranges = case.ranges
    kinds = ranges.index.map(kind_of_input)
    members = {name: [name] for name in ranges.index}
    members |= {f"all {kind}": list(ranges.index[kinds == kind]) for kind in dict.fromkeys(kinds)}
    places = pd.DataFrame({"low": -1, "best": 0, "high": 1}, index=pd.Index(members, name="input"))

    def mean_at(positions: pd.DataFrame) -> pd.Series:
        rows = []
        for _, position in positions.iterrows():
            row = ranges["best"].copy()
            for name in position.index[position != 0]:
                row[members[name]] = ranges.loc[members[name], "low" if position[name] < 0 else "high"]
            rows.append(row)
        return case.by_draw(pd.DataFrame(rows).reset_index(drop=True))["mean"]

    return swing_by_input(mean_at, places)


def shares_of_variance(case: Case, n_draws: int, seed: int) -> pd.DataFrame:
    """Sobol indices of the mean number of leakers: how much of what is not known each input answers for.

    Parameters
    ----------
    case : cases.Case
        The case.
    n_draws : int
        Base points, 2 or more; the largest power of two that is no larger is taken.
    seed : int
        Seed of the points.

    Returns
    -------
    pandas.DataFrame
        As from ``uncertainty.sensitivity``.

    Notes
    -----
    Luck is averaged out. Inputs are independent here; see :func:`swing_of_leakers` for those of a kind together.
    """
    return sensitivity(lambda draws: case.by_draw(draws)["mean"], case.ranges, 1 << (n_draws.bit_length() - 1), seed)
