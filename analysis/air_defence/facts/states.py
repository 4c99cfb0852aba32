"""What stands in an architecture up to a programme state: fielded, funded, or only announced."""

import pandas as pd

from analysis.air_defence.facts.choices import ARCHITECTURES, PREDECESSOR, PROGRAMME_STATES
from analysis.errors import require_choice
from analysis.facts import Facts

ORDER = list(PROGRAMME_STATES)


def layers_in_state(architecture: str, facts: Facts, programme_state: str = "funded") -> pd.DataFrame:
    """Pick what an architecture has, one row a system, counting what has come at least as far as a state.

    Parameters
    ----------
    architecture : str
        One of ``choices.ARCHITECTURES``.
    facts : Facts
        Tables of ``air_defence/``: ``architectures, architecture_layers``.
    programme_state : {"fielded", "funded", "announced"}
        Least that a system must have come to: rows up to and including this state count.

    Returns
    -------
    pandas.DataFrame
        One row is a system, with the columns of ``architecture_layers`` and ``kept``: true where the row is that of
        the architecture on which this one builds. Own rows come first, each in the order of the table.

    Raises
    ------
    ParameterError
        When the architecture or the state is not known.

    Notes
    -----
    Of several rows of a system the furthest counts, since it holds what the earlier ones hold. What the architecture
    builds on stays until a row of its own says otherwise: a plan that does not name a system does not say that it goes.

    Examples
    --------
    >>> architectures = pd.DataFrame({
    ...     "architecture_id": ["taiwan_pre_tdome", "taiwan_tdome_planned"], "builds_on": [None, "taiwan_pre_tdome"],
    ... })
    >>> layers = pd.DataFrame({
    ...     "architecture_id": ["taiwan_pre_tdome", "taiwan_tdome_planned", "taiwan_tdome_planned"],
    ...     "system_id": ["sky_bow_3", "sky_bow_3", "sky_bow_4"], "state": ["fielded", "announced", "announced"],
    ...     "claim_id": ["old", "more", "new"], "reserve": None,
    ... })
    >>> facts = Facts({"architectures": architectures, "architecture_layers": layers})
    >>> layers_in_state("taiwan_tdome_planned", facts)[["claim_id", "kept"]].values.tolist()
    [['old', True]]
    >>> layers_in_state("taiwan_tdome_planned", facts, "announced")["claim_id"].tolist()
    ['more', 'new']
    """
    require_choice("architecture", architecture, ARCHITECTURES)
    require_choice("programme_state", programme_state, PROGRAMME_STATES)
    own = _furthest(architecture, facts, programme_state)
    before = base_of(architecture, facts)
    if not before:
        return own.assign(kept=False)
    kept = drop_predecessors(_furthest(before, facts, programme_state)).assign(kept=True)
    rows = pd.concat([own.assign(kept=False), kept])
    rows = rows.drop_duplicates("system_id").reset_index(drop=True)
    return rows.assign(architecture_id=architecture)


def drop_predecessors(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out rows that stand for what came before a system."""
    return rows[~rows["reserve"].eq(PREDECESSOR)]


def base_of(architecture: str, facts: Facts) -> str:
    """Name the architecture on which one builds; an empty text where it builds on nothing."""
    base = facts.architectures.set_index("architecture_id")["builds_on"].get(architecture)
    return "" if pd.isna(base) else str(base)


def _furthest(architecture: str, facts: Facts, programme_state: str) -> pd.DataFrame:
    """Rows of one architecture up to a state, for each system the furthest, in the order of the table."""
    layers = facts.architecture_layers
    layers = layers[layers["architecture_id"] == architecture]
    layers = layers.assign(far=layers["state"].map(ORDER.index).astype(int))
    rows = layers[layers["far"] <= ORDER.index(programme_state)].sort_values("far", kind="stable")
    return rows.drop_duplicates("system_id", keep="last").sort_index().drop(columns="far")
