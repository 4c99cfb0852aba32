"""What the recognition tests share: the real tables, and small tables of acts written by hand."""

import pandas as pd
import pytest

from analysis.recognition.facts.spells import build_spells
from analysis.tables import load_table

STARTS = {"recognised", "established", "resumed"}


@pytest.fixture(scope="session")
def events():
    return load_table("recognition/events")


@pytest.fixture(scope="session")
def lineage():
    return load_table("recognition/lineage")


@pytest.fixture(scope="session")
def world():
    return load_table("recognition/states")


@pytest.fixture(scope="session")
def periods():
    return load_table("recognition/entity_periods")


@pytest.fixture(scope="session")
def spells(events, lineage):
    return build_spells(events, lineage)


@pytest.fixture(scope="session")
def make_acts():
    """Write events from lines such as ``NIC ISR relations suspended 1982-08-06 [confidence] [disputed]``."""

    def make(*lines, acted_as=None):
        rows = [line.split() for line in lines]
        dates = [row[4] for row in rows]
        return pd.DataFrame(
            {
                "claim_id": ["-".join(row[:5]) for row in rows],
                "recogniser": [row[0] for row in rows],
                "entity": [row[1] for row in rows],
                "kind": [row[2] for row in rows],
                "act": [row[3] for row in rows],
                "date": dates,
                "date_precision": [{4: "year", 7: "month", 10: "day"}[len(date)] for date in dates],
                "date_low": [date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date for date in dates],
                "date_high": [date + {4: "-12-31", 7: "-28", 10: ""}[len(date)] for date in dates],
                "end_reason": [None if row[3] in STARTS else "withdrawal" for row in rows],
                "disputed_by": [row[1] if "disputed" in row else None for row in rows],
                "acted_as": [acted_as] * len(rows),
                "confidence": [next((word for word in row[5:] if word != "disputed"), "high") for row in rows],
                "source_id": [f"S{number}" for number, _ in enumerate(rows)],
                "note": None,
            }
        ).astype({name: "str" for name in ("end_reason", "disputed_by", "acted_as", "note")})

    return make
