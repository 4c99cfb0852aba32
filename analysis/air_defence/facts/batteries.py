"""What a battery brings of its own: reaction time, simultaneous engagements, and how many batteries there are."""

import pandas as pd

from analysis.air_defence.facts.claims import ENDS, assumption, combine_claims, keep_confidence
from analysis.air_defence.facts.states import layers_in_state
from analysis.facts import Facts

FIGURES = {"reaction": "system_reaction_time", "channels": "simultaneous_engagements"}


def battery_figures(
    facts: Facts,
    minimum_confidence: str = "low",
) -> pd.DataFrame:
    """Look up each system's reaction time and simultaneous engagements, published or else assumed.

    Parameters
    ----------
    facts : Facts
        Tables of ``air_defence/``: ``systems, system_parameters, assumptions``; and ``sources``.
    minimum_confidence : {"low", "medium", "high"}
        Least confidence of the claims used.

    Returns
    -------
    pandas.DataFrame
        One row is a system. Columns: ``system_id, reaction_low, reaction_best, reaction_high`` (s, from the order to
        the launch), ``channels_low, channels_best, channels_high`` (engagements of one battery at a time),
        ``reaction_assumed, channels_assumed``.

    Raises
    ------
    DataError
        When an assumption is missing.

    Notes
    -----
    Systems of a launcher group share radar and fire control, hence the figures of the group. What a source counts as
    one engagement differs (a radar's tracks for guidance, a company's fire units); the greatest figure counts.
    """
    found = facts.systems[["system_id", "launcher_group"]]
    group = found["launcher_group"].fillna(found["system_id"])
    claims = facts.system_parameters
    wanted = claims[claims["parameter"].isin(FIGURES.values())]
    figures = combine_claims(keep_confidence(wanted, minimum_confidence), facts.sources)
    figures = figures.merge(found.assign(group=group), on="system_id").sort_values("best", kind="stable")
    for short, parameter in FIGURES.items():
        guess = assumption(facts.assumptions, f"{'battery_reaction' if short == 'reaction' else short}_unpublished")
        rows = figures[figures["parameter"] == parameter].drop_duplicates("group", keep="last").set_index("group")
        known = rows[list(ENDS)].astype(float).reindex(group).set_axis(found.index)
        found = found.assign(
            **{f"{short}_{end}": known[end].fillna(guess[end]) for end in ENDS},
            **{f"{short}_assumed": known["best"].isna()},
        )
    return found.drop(columns="launcher_group")


def battery_counts(members: pd.DataFrame, facts: Facts, programme_state: str = "funded") -> pd.DataFrame:
    """Count the batteries of each system in each architecture, published or else assumed.

    Parameters
    ----------
    members : pandas.DataFrame
        From :func:`analysis.air_defence.facts.coverage.list_members`.
    facts : Facts
        Tables of ``air_defence/``: ``architectures, architecture_layers, assumptions``.
    programme_state : {"fielded", "funded", "announced"}
        Which systems and batteries count: as in :func:`analysis.air_defence.facts.states.layers_in_state`.

    Returns
    -------
    pandas.DataFrame
        One row is a system of an architecture that has come so far. Columns: ``architecture_id, system_id, state,
        batteries_low, batteries_best, batteries_high, batteries_assumed``.

    Raises
    ------
    DataError
        When the assumption is missing.

    Examples
    --------
    >>> members = pd.DataFrame({"architecture_id": ["usa_guam"] * 3, "system_id": ["a", "b", "c"]})
    >>> layers = pd.DataFrame({
    ...     "architecture_id": "usa_guam", "system_id": ["a", "b", "c"], "state": ["fielded", "funded", "announced"],
    ...     "batteries_low": [6, None, 1], "batteries_best": [6, None, 1], "batteries_high": [None, None, 1],
    ... })
    >>> architectures = pd.DataFrame({"architecture_id": ["usa_guam"], "builds_on": [None]})
    >>> guess = pd.DataFrame({"assumption_id": ["batteries_unpublished"], "low": [1], "best": [3], "high": [12]})
    >>> facts = Facts({"architecture_layers": layers, "assumptions": guess, "architectures": architectures})
    >>> battery_counts(members, facts)[["batteries_low", "batteries_best", "batteries_high"]].values.tolist()
    [[6, 6, 6], [1, 3, 12]]
    """
    columns = [f"batteries_{end}" for end in ENDS]
    names = members["architecture_id"].unique()
    found = pd.concat([layers_in_state(name, facts, programme_state) for name in names], ignore_index=True)
    rows = members[["architecture_id", "system_id"]].merge(
        found[["architecture_id", "system_id", "state", *columns]], on=["architecture_id", "system_id"]
    )
    known = rows[columns].astype(float)
    known = known.bfill(axis=1).ffill(axis=1)
    guess = assumption(facts.assumptions, "batteries_unpublished")
    filled = {f"batteries_{end}": known[f"batteries_{end}"].fillna(guess[end]).astype(int) for end in ENDS}
    return rows.assign(**filled, batteries_assumed=known["batteries_best"].isna())
