"""What observed raids ask: which rows count, how many threats, and what stood there."""

import numpy as np
import pytest

from analysis.air_defence.calibration.prior import NODES
from analysis.air_defence.calibration.raids import ask_raids, fitted_digest
from analysis.errors import DataError

from .conftest import RAIDS, STOOD, observed, stood

MIDDLE = NODES.size // 2


def reasons(asked):
    return dict(zip(asked.left_out["claim_id"], asked.left_out["reason"], strict=True))


def test_rows_that_say_nothing_of_a_share_are_left_out_and_named(record):
    more = [
        observed("d", "mrbm", 10, None, None, censored=True, destroyed=6),
        observed("e", "mrbm", 10, 1, 1, defence_id=None),
        observed("f", "mrbm", None, 1, 1),
        observed("g", "mrbm", 10, None, None, destroyed=6),
        observed("h", "mortar_rocket", 10, 1, 1, defence_id="two"),
    ]
    asked = ask_raids(record([*RAIDS, *more]))
    assert list(asked.rows["claim_id"]) == [row["claim_id"] for row in RAIDS]
    found = reasons(asked)
    assert set(found) == {row["claim_id"] for row in more}
    assert "class level only" in found["e.mrbm"]
    assert "only a part" in found["d.mrbm"]
    assert "rated" in found["h.mortar_rocket"]


def test_what_failed_or_fell_to_aircraft_is_no_threat_to_the_layers(record):
    raid = observed("a", "owa_drone", 100, None, None, failed=10, left_alone=5, killed_by_aircraft=20, destroyed=50)
    row = ask_raids(record([raid])).rows.iloc[0]
    assert (row["threats"], row["leaked_low"], row["leaked_high"]) == (65, 15, 15)


def test_what_failed_is_not_known_where_the_high_reading_holds_it_too(record):
    asked = ask_raids(record([observed("a", "mrbm", 137, 0, 5, failed=5, destroyed=132)]))
    assert asked.rows["threats"].tolist() == [137]
    assert asked.unknown["failed"].tolist() == [True]


def test_of_what_was_engaged_nothing_is_unknown_but_the_bias(record):
    asked = ask_raids(
        record([observed("c", "srbm", None, 3, 3, denominator="engaged", engaged=9, counted_by="defender")])
    )
    assert asked.rows["threats"].tolist() == [9]
    assert {name: flags.tolist() for name, flags in asked.unknown.items()} == {
        "failed": [False], "left_alone": [False], "aircraft": [False], "bias": [True],
    }  # fmt: skip


def test_layers_stand_highest_first_and_classes_share_rounds_by_their_threats(record):
    asked = ask_raids(record([*RAIDS, observed("a", "subsonic_cm", 10, 0, 0)]))
    rows = list(asked.rows["claim_id"])
    assert asked.names[rows.index("b.mrbm")] == ["arrow_2"]
    assert asked.names[rows.index("a.owa_drone")] == ["iron_dome"]
    drones, missiles = (asked.tables[rows.index(f"a.{name}"), 0, MIDDLE] for name in ("owa_drone", "subsonic_cm"))
    assert (drones, missiles) == pytest.approx((75, 25))


def test_an_end_of_the_rounds_that_nobody_published_is_assumed_and_at_least_the_end_below(record):
    asked = ask_raids(record([observed("a", "mrbm", 20, 3, 5)], [stood("one", "arrow_2", (300, None, None))]))
    ends = asked.tables[0, 0, [0, MIDDLE, -1]]
    assert (ends >= 300).all()
    assert (np.diff(ends) >= 0).all()


def test_more_leakers_than_threats_are_refused(record):
    with pytest.raises(DataError, match=r"a\.mrbm has 3 to 50 leakers of 20 threats"):
        ask_raids(record([observed("a", "mrbm", 20, 3, 50)]))


def test_a_record_without_a_defence_is_refused(record):
    with pytest.raises(DataError, match="no row has counts and a defence"):
        ask_raids(record([observed("a", "mrbm", 20, 3, 5, defence_id=None)]))


def test_the_digest_moves_with_counts_rounds_and_assumptions_but_not_with_notes(record):
    base = fitted_digest(record())
    assert fitted_digest(record([row | {"note": "a word", "name": "Other"} for row in RAIDS])) == base
    assert fitted_digest(record([RAIDS[0] | {"leaked_high": 6}, *RAIDS[1:]])) != base
    assert fitted_digest(record(defences=[stood("one", "arrow_2", (40, 50, 61)), *STOOD[1:]])) != base
    facts = record()
    moved = facts.assumptions.copy()
    moved.loc[moved["assumption_id"] == "single_shot_primary", "best"] = 0.61
    assert fitted_digest(facts.replaced(assumptions=moved)) != base
