"""The brief on T-Dome: what it may stop, what it costs, what is paid for, as facts of one answer."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.figures.air_defence.programme import write_month
from analysis.figures.words import cite


def facts_of_brief(
    rated: Mapping[str, Any],
    stages: Mapping[str, Any],
    bills: pd.DataFrame,
    leakers: Mapping[str, Any],
    held: Mapping[str, Any],
    sources: pd.DataFrame,
) -> dict[str, Any]:
    """Facts of ``brief.in_short``.

    Parameters
    ----------
    rated : mapping
        From ``coverage.facts_of_rated`` of the one architecture.
    stages : mapping
        From ``programme.facts_of_stages``.
    bills : pandas.DataFrame
        From ``facts.programme.rival_bills``.
    leakers : mapping
        From ``leakage_by_class.facts_of_classes``.
    held : mapping
        From ``hindcast_raids.facts_of_left_out``: how raids of a war that was left out were predicted.
    sources : pandas.DataFrame
        The table ``sources``.
    """
    steps = stages["steps"].to_dict("records")
    last = {step["stage"]: step for step in steps}
    (own,) = rated["architectures"]
    return {
        "named": own["named"],
        "unnamed": own["unnamed"],
        "named_class": rated["named_class"],
        "seen": rated["seen"],
        "ratings": rated["ratings"],
        "estimate": last.get("estimated"),
        "enacted": last.get("enacted"),
        "requests": [step for step in steps if step["stage"] == "requested"],
        "tranches": [row | {"cited": cite(sources, row["source_id"])} for row in stages["tranches"]],
        "bills": [
            {"fact": row.fact, "when": write_month(row.date), "cited": cite(sources, row.source_id)}
            for row in bills.itertuples()
        ],
        "contracts": stages["contracts"],
        "delivered": stages["delivered"],
        "no_nearer": held["no_nearer"],
        **{name: leakers[name] for name in ("chosen", "spread", "records", "without_rate", "fitted")},
        **{name: leakers[name] for name in ("fitted_raids", "fitted_wars", "of_these_data")},
    }
