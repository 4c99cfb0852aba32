"""A trace leads from a claim to its source, its second reading and the disputes about it."""

import csv
import io

import pytest

from analysis.checks.trace import trace
from analysis.errors import ParameterError


def test_an_event_leads_to_its_source_and_second_reading():
    found = trace("recognition/events", "AFG-CHN-relations-established-1955-01-20")
    assert [source["source_id"] for source in found.sources] == ["C01"]
    assert [reading["verdict"] for reading in found.readings] == ["agrees"]
    assert found.disputes == []


def test_a_disputed_date_shows_the_other_one():
    found = trace("recognition/events", "MLT-PSE-recognition-recognised-2025-09-22")
    assert "1988-11-16" in found.to_markdown()
    assert [dispute["date_alternative"] for dispute in found.disputes] == ["1988-11-16"]


def test_a_row_with_several_sources_lists_them_all():
    assert len(trace("air_defence/systems", "iron_dome").sources) == 3


def test_the_extract_as_csv_has_three_columns():
    rows = list(csv.reader(io.StringIO(trace("air_defence/systems", "iron_dome").to_csv())))
    assert rows[0] == ["part", "field", "value"]
    assert ["claim", "name", "Iron Dome"] in rows
    assert {len(row) for row in rows} == {3}


def test_markdown_takes_what_stands_in_a_cell_as_text():
    found = trace("air_defence/systems", "iron_dome")
    found.claim["note"] = "<script>*x*</script>\n# heading"
    text = found.to_markdown()
    assert "<script>" not in text
    assert "\n# heading" not in text


def test_an_unknown_claim_names_its_neighbours():
    with pytest.raises(
        ParameterError,
        match=r"none of the 1,\d{3} claims of recognition/events; the nearest are NIC-TWN-relations-ended-2021-12-10",
    ):
        trace("recognition/events", "NIC-TWN-relations-ended-2021")
    with pytest.raises(ParameterError, match=r"did you mean 'recognition/events'"):
        trace("recognition/event", "x")
