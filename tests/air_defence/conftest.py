"""The real tables of the air-defence room, and what the coverage modules make of them."""

import pandas as pd
import pytest

from analysis.air_defence.facts import coverage, envelope
from analysis.air_defence.facts.choices import ARCHITECTURES
from analysis.tables import load_facts, load_table


@pytest.fixture
def load():
    """Load a table of the air-defence room by its short name."""
    return lambda name: load_table(f"air_defence/{name}")


@pytest.fixture
def facts():
    """The tables of the room, as one bundle."""
    return load_facts("air_defence")


@pytest.fixture
def limits(facts):
    """Published limits of all systems, from claims of every confidence."""
    return envelope.published_limits(facts)


@pytest.fixture
def spans(limits, load):
    """One span of altitudes for each system."""
    return envelope.altitude_spans(limits, load("assumptions")).set_index("system_id")


@pytest.fixture
def threats_and_bands(load):
    """The threat classes, and the bands of altitude."""
    return load("threats"), envelope.altitude_bands(load("assumptions"))


@pytest.fixture
def cover(load, facts, spans, threats_and_bands):
    """Place systems and count cells for some architectures at a confidence."""

    def calculate(architectures=tuple(ARCHITECTURES), minimum_confidence="low"):
        names = list(architectures)
        members = coverage.list_members(facts, names)
        matrix = coverage.capability_matrix(load("systems"), load("capability"), minimum_confidence)
        placed = coverage.place_systems(members, matrix, spans.reset_index(), *threats_and_bands)
        return placed, coverage.coverage_by_band(placed, names, *threats_and_bands)

    return calculate


@pytest.fixture
def make_claim():
    """Make a claim about the height of an invented system."""

    def make(best, low=None, high=None, source="a", **changes):
        values = {
            "system_id": "layer_b",
            "interceptor": "missile b",
            "parameter": "max_altitude",
            "unit": "km",
            "bound": "exact",
            "target_kind": "not_stated",
            "price_basis": None,
            "low": best if low is None else low,
            "best": best,
            "high": best if high is None else high,
            "confidence": "medium",
            "source_id": source,
            "claim_id": f"claim of {source}",
            "note": None,
        }
        return values | changes

    return make


@pytest.fixture
def make_frame():
    """Turn claims into a frame with the types of the real table."""

    def make(*claims):
        frame = pd.DataFrame(claims)
        texts = ["interceptor", "bound", "target_kind", "price_basis", "note"]
        return frame.astype(dict.fromkeys(texts, "str"))

    return make
