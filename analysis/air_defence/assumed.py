"""Values that are assumed because nobody publishes them, looked up by name."""

import pandas as pd

from analysis.errors import DataError

ENDS = ("low", "best", "high")


def assumption(assumptions: pd.DataFrame, name: str) -> dict[str, float]:
    """Look an assumption up.

    Parameters
    ----------
    assumptions : pandas.DataFrame
        ``air_defence/assumptions``.
    name : str
        Its ``assumption_id``.

    Returns
    -------
    dict
        ``low``, ``best`` and ``high``, in the unit of the row.

    Raises
    ------
    DataError
        When there is no such row.

    Examples
    --------
    >>> table = pd.DataFrame({"assumption_id": ["track_layer"], "low": [0.8], "best": [0.95], "high": [0.99]})
    >>> assumption(table, "track_layer")["best"]
    0.95
    """
    rows = assumptions.loc[assumptions["assumption_id"] == name, list(ENDS)]
    if rows.empty:
        raise DataError(f"air_defence/assumptions.csv: lacks the row {name}; add it with low, best, high and why.")
    return {end: float(value) for end, value in rows.iloc[0].items()}
