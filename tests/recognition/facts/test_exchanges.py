"""Exchanges between Taipei and a partner: each trip once, what was only reported apart, agreements as published."""

import pandas as pd
import pytest

from analysis.recognition.facts.choices import LEVELS, PARTNERS
from analysis.recognition.facts.exchanges import find_agreements, find_exchanges, find_offices, group_trips
from analysis.tables import load_table

COLUMNS = ["trip_id", "date", "from_iso3", "to_iso3", "who", "level", "public", "topic", "source_id"]


@pytest.fixture(scope="module")
def visits():
    return load_table("recognition/taiwan_exchanges")


@pytest.fixture
def write_rows():
    def write(*rows):
        frame = pd.DataFrame(rows, columns=COLUMNS)
        precision = frame["date"].str.len().map({4: "year", 7: "month", 10: "day"})
        return frame.assign(claim_id=[f"row_{place}" for place in frame.index], date_precision=precision, note=None)

    return write


def test_a_trip_stands_once_at_the_level_of_most_of_its_rows(write_rows):
    rows = write_rows(
        ("knesset", "2025-09-16", "ISR", "TWN", "delegation", "legislators", "yes", "talks", "V17"),
        ("knesset", "2025-09-16", "ISR", "TWN", "delegation", "legislators", "yes", "parliament", "V18"),
        ("knesset", "2025-09-16", "ISR", "TWN", "dinner", "deputy_minister", "yes", "chips", "V17"),
    )
    (trip,) = group_trips(find_exchanges(rows, "ISR")).to_dict("records")
    assert (trip["level"], trip["rows"], trip["source_ids"]) == ("legislators", 3, "V17, V18")
    assert trip["who"] == "delegation; dinner"
    assert trip["to_taiwan"]


def test_of_two_levels_that_are_equally_common_the_higher_holds(write_rows):
    rows = write_rows(
        ("brussels", "2025-11-07", "TWN", "EUU", "foreign minister", "minister", "yes", "talks", "V52"),
        ("brussels", "2025-11-07", "TWN", "EUU", "vice president", "head_of_state", "yes", "speech", "V51"),
    )
    assert group_trips(find_exchanges(rows, "EUU"))["level"].tolist() == ["head_of_state"]


def test_what_was_only_reported_is_numbered_and_one_announced_row_acknowledges_a_trip(write_rows):
    rows = write_rows(
        ("a", "2025-12", "TWN", "ISR", "deputy", "deputy_minister", "reported", "unknown", "V21"),
        ("b", "2025-09", "TWN", "ISR", "other", "deputy_minister", "reported", "unknown", "V73"),
        ("c", "2025-10", "TWN", "ISR", "third", "official", "reported", "stop", "V1"),
        ("c", "2025-10", "TWN", "ISR", "third", "official", "yes", "speech", "V2"),
    )
    trips = group_trips(find_exchanges(rows, "ISR"))
    assert trips["trip_id"].tolist() == ["b", "c", "a"]
    assert trips["acknowledged"].tolist() == [False, True, False]
    assert trips["number"].tolist() == [1, 0, 2]


def test_the_unpublicised_trip_of_december_2025_is_one_and_not_counted(visits):
    trips = group_trips(find_exchanges(visits, "ISR")).set_index("trip_id")
    trip = trips.loc["deputy_fm_israel_2025-12"]
    assert not trip["acknowledged"]
    assert trip["rows"] == 2
    assert "would not confirm" in trip["note"]


def test_a_partner_without_exchanges_has_no_trip_no_agreement_and_no_office(visits):
    rows = find_exchanges(visits, "NRU")
    assert group_trips(rows).empty
    assert find_agreements(rows).empty
    assert find_offices(load_table("recognition/taiwan_offices"), "NRU").empty


def test_taiwan_itself_stands_for_all_partners(visits):
    assert len(find_exchanges(visits, "TWN")) == len(visits)
    offices = load_table("recognition/taiwan_offices")
    assert len(find_offices(offices, "TWN")) == len(offices)


def test_agreements_in_force_are_the_published_counts_in_the_order_of_days(visits):
    counts = find_agreements(find_exchanges(visits, "ISR"))
    years = counts.assign(year=counts["day"].dt.year).groupby("year")["agreements"].first()
    assert years.to_dict() == {2011: 15, 2023: 31, 2024: 33, 2025: 34}
    assert counts["agreements"].is_monotonic_increasing


def test_every_partner_and_level_of_the_tables_is_among_the_choices(visits):
    partners = {*visits["from_iso3"], *visits["to_iso3"], *load_table("recognition/taiwan_offices")["host"]}
    assert partners - {"TWN"} <= set(PARTNERS)
    assert set(visits["level"]) == set(LEVELS)


def test_the_order_of_rows_changes_no_trip(visits):
    turned = group_trips(find_exchanges(visits.iloc[::-1], "ISR"))
    pd.testing.assert_frame_equal(turned, group_trips(find_exchanges(visits, "ISR")))
