"""A small, invented record: two wars, three raids, and what stood there."""

import pandas as pd
import pytest

from analysis.air_defence.calibration.fit import calibrate
from analysis.tables import load_facts

EMPTY = dict.fromkeys(
    ("salvos", "failed", "left_alone", "engaged", "destroyed", "killed_by_aircraft", "killed_by_ship", "leaked_low",
     "leaked_high"),
)  # fmt: skip


def observed(raid_id, threat_class, launched, low, high, **changes):
    """One row of ``observed_raids``."""
    row = {
        "claim_id": f"{raid_id}.{threat_class}", "raid_id": raid_id, "name": f"Raid {raid_id}", "war": "iran_israel",
        "begin": "2024-04-13", "end": "2024-04-14", "threat_class": threat_class, "counted_by": "press",
        "denominator": "launched", "censored": False, "defence_id": "one", "confidence": "medium",
        "source_id": "s", "note": None,
    }  # fmt: skip
    return EMPTY | row | {"launched": launched, "leaked_low": low, "leaked_high": high} | changes


def stood(defence_id, system_id, rounds, **changes):
    """One row of ``fielded``."""
    low, best, high = rounds
    row = {
        "claim_id": f"{defence_id}.{system_id}", "defence_id": defence_id, "name": defence_id, "as_of": "2024-04-13",
        "system_id": system_id, "order": 1, "batteries_low": None, "batteries_best": None, "batteries_high": None,
        "rounds_low": low, "rounds_best": best, "rounds_high": high, "reload": "yes", "confidence": "medium",
        "source_id": "s", "note": None,
    }  # fmt: skip
    return row | changes


RAIDS = [
    observed("a", "mrbm", 20, 3, 5),
    observed("a", "owa_drone", 30, 2, 2),
    observed("b", "mrbm", 40, 20, 20),
    observed("c", "srbm", None, 10, 12, war="gulf_1991", denominator="engaged", engaged=20, defence_id="two"),
]
STOOD = [
    stood("one", "arrow_2", (40, 50, 60)),
    stood("one", "iron_dome", (100, 100, 100)),
    stood("two", "patriot_pac2_gemt", (20, 30, 40)),
]


@pytest.fixture
def record():
    """Real tables, with invented raids and defences in place of those on record."""

    def make(raids=RAIDS, defences=STOOD):
        raids, defences = pd.DataFrame(list(raids)), pd.DataFrame(list(defences))
        return load_facts("air_defence").replaced(observed_raids=raids, fielded=defences)

    return make


@pytest.fixture
def small(record):
    """The calibration of the small record, each layer covering for itself."""
    return calibrate(record(), "layer")
