"""Codings of others beside ours: what agrees, and every disagreement with its reason."""

import pandas as pd

from analysis.checks.rules import Frames
from analysis.recognition.agreement import compare_with_missions, compare_with_rich, list_disagreements
from analysis.recognition.facts.spells import build_spells

CODINGS = {
    "rich": "Rich, 1996 to 2013: state-years with the same answer on relations with",
    "missions": "Correlates of War, 1950 to 2000: missions that stand beside our relations with",
}
SOURCES = {"rich": "RICH_DREHER2020", "missions": "COW_DIPEX"}
DIFFERENCES = "recognition/comparison_differences"
KEY = ["comparison", "entity", "iso3", "year"]


def compare_codings(frames: Frames) -> pd.DataFrame:
    """Set every answer of the others beside ours.

    Parameters
    ----------
    frames : dict of DataFrame
        All tables by name.

    Returns
    -------
    pandas.DataFrame
        comparison (one of ``CODINGS``), entity, iso3, year, theirs, ours. One row is an answer of theirs.
    """
    spells = build_spells(frames["recognition/events"], frames["recognition/lineage"])
    parts = {
        "rich": compare_with_rich(spells, frames["recognition/comparison_rich"]),
        "missions": compare_with_missions(spells, frames["recognition/comparison_missions"]),
    }
    return pd.concat(parts, names=["comparison"]).reset_index(level=0).reset_index(drop=True)


def find_disagreements(frames: Frames, compared: pd.DataFrame | None = None) -> pd.DataFrame:
    """List every disagreement with the reason that ``recognition/comparison_differences`` gives, if it does.

    Parameters
    ----------
    frames : dict of DataFrame
        All tables by name.
    compared : pandas.DataFrame, optional
        From :func:`compare_codings`; made from ``frames`` where it is not given.

    Returns
    -------
    pandas.DataFrame
        comparison, entity, iso3, year, theirs, ours, reason (missing where none is on record). One row is one.
    """
    compared = compare_codings(frames) if compared is None else compared
    return list_disagreements(compared).merge(frames[DIFFERENCES], on=KEY, how="left")
