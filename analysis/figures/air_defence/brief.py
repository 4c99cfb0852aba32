"""The brief on T-Dome: what it may stop, what it costs, what is paid for, as facts of one answer."""

from collections.abc import Mapping
from typing import Any


def facts_of_brief(
    rated: Mapping[str, Any], stages: Mapping[str, Any], rests: Mapping[str, float], leakers: Mapping[str, Any]
) -> dict[str, Any]:
    """Facts of ``brief.in_short``.

    Parameters
    ----------
    rated : mapping
        From ``coverage.facts_of_rated`` of the one architecture.
    stages : mapping
        From ``programme.facts_of_stages``.
    rests : mapping of str to float
        From ``air_defence.facts.programme.rests``.
    leakers : mapping
        From ``leakage_by_class.facts_of_classes``.
    """
    steps = stages["steps"].to_dict("records")
    last = {step["stage"]: step for step in steps}
    requests = [step for step in steps if step["stage"] == "requested"]
    return {
        "row": rated["architectures"][0],
        "named_class": rated["named_class"],
        "seen": rated["seen"],
        "ratings": rated["ratings"],
        "estimate": last.get("estimated"),
        "enacted": last.get("enacted"),
        "requests": requests,
        "ceilings": [rest for name, rest in rests.items() if name.startswith("enacted")],
        "contracted": stages["contracted"],
        "delivered": stages["delivered"],
        **{name: leakers[name] for name in ("chosen", "by_class", "beside", "records", "without_rate", "fitted")},
        **{name: leakers[name] for name in ("fitted_raids", "fitted_wars", "of_these_data")},
    }
