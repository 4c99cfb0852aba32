"""Each page links the tables that it used to the pages of their claims; the self-check has a page too."""

import os
import re

import pytest
from markupsafe import Markup

from analysis.checks.self_check import self_check
from analysis.own_case.file import read_case, using
from analysis.reporting.page.beside import CLAIMS, WITH_SHARED, Beside
from analysis.reporting.page.claims import Claims, has_page, link_tables, write_claims, write_self_check
from analysis.reporting.page.index import write_index
from analysis.schema import TABLES
from analysis.tables import DATA_FOLDER_VARIABLE


def test_a_claim_stands_with_source_reading_and_dispute(tmp_path):
    write_claims(tmp_path, ["recognition/events"])
    page = (tmp_path / CLAIMS / "recognition-events.html").read_text()
    claim = page.split('id="MLT-PSE-recognition-recognised-2025-09-22"')[1].split("</details>")[0]
    assert "PTYNEWS2026" in claim
    assert "otherwise 1988-11-16" in claim
    assert page.count("<dl id=") > 1300
    source = next(part for part in claim.split("<dt>source</dt>") if "<code>PTYNEWS2026</code>" in part)
    assert re.search(r'<a href="https?://[^"]+">', source)


def test_a_claim_opens_with_words_for_its_codes(tmp_path):
    write_claims(tmp_path, ["recognition/events", "air_defence/capability"])
    acts = (tmp_path / "claims/recognition-events.html").read_text(encoding="utf-8")
    assert "<summary>Russia, Abkhazia, recognition, recognised, 2008-08-26, day · high confidence</summary>" in acts
    ratings = (tmp_path / "claims/air_defence-capability.html").read_text(encoding="utf-8")
    assert "<summary>Iron Dome, aircraft, limited · medium confidence</summary>" in ratings


def test_a_claim_calls_columns_and_codes_by_words_and_ends_with_its_name(tmp_path):
    write_claims(tmp_path, ["air_defence/capability", "recognition/published_counts"])
    rating = (tmp_path / "claims/air_defence-capability.html").read_text(encoding="utf-8")
    own = rating.split('id="iron_dome.srbm"')[1].split("</dl>")[0]
    assert "<dt>system</dt><dd>Iron Dome (iron_dome)</dd>" in own
    assert "<dt>kind of threat</dt><dd>Ballistic, short (srbm)</dd>" in own
    assert own.rstrip().endswith("<dt>name of this claim, for quoting</dt><dd><code>iron_dome.srbm</code></dd>")
    totals = (tmp_path / "claims/recognition-published_counts.html").read_text(encoding="utf-8")
    assert "<dt>towards whom</dt><dd>Palestine (PSE)</dd>" in totals and "<dt>expected difference" not in totals


def test_pages_are_written_once_for_the_same_data(tmp_path):
    write_claims(tmp_path, ["briefing"])
    page = tmp_path / CLAIMS / "briefing.html"
    first = page.stat().st_mtime_ns
    write_claims(tmp_path, ["briefing"])
    assert page.stat().st_mtime_ns == first


def test_a_page_from_other_data_is_written_anew_even_when_these_are_older(tmp_path, copied_data, monkeypatch):
    write_claims(tmp_path, ["briefing"])
    page = tmp_path / CLAIMS / "briefing.html"
    path = copied_data / "briefing.csv"
    path.write_text(path.read_text().replace("B15,recognition,Taiwan sees", "B15,recognition,Taipei sees"))
    os.utime(path, (0, 0))
    monkeypatch.setenv(DATA_FOLDER_VARIABLE, str(copied_data))
    write_claims(tmp_path, ["briefing"])
    assert "Taipei sees strategic likeness" in page.read_text()


def test_what_stands_in_a_cell_is_text(tmp_path, monkeypatch):
    from analysis.checks import trace

    evil = "<script>x</script><img src=x onerror=y>"
    record = dict.fromkeys(("claim_id", "claim", "source_id", "title", "kind", "url", "field", "verdict"), evil)
    monkeypatch.setattr(trace, "_records", lambda frame: [record])
    write_claims(tmp_path, ["briefing"])
    page = (tmp_path / CLAIMS / "briefing.html").read_text()
    assert "<script>" not in page
    assert "<img" not in page
    record["url"] = "javascript:alert(1)"
    write_claims(tmp_path / "other", ["briefing"])
    assert 'href="javascript:' not in (tmp_path / "other" / CLAIMS / "briefing.html").read_text()


def test_the_footer_links_tables_from_any_depth():
    footer = Markup("<dd>recognition/events 0a1b, geography/tile_grid 2c3d</dd>")
    tables = {"recognition/events": "0a1b", "geography/tile_grid": "2c3d"}
    linked = link_tables(footer, tables, Beside("recognition/01-recognition-map", WITH_SHARED))
    assert '<a href="../claims/recognition-events.html">recognition/events</a> 0a1b' in linked
    assert "geography/tile_grid 2c3d" in linked
    assert 'href="claims/' in link_tables(footer, tables, Beside("00-start-here", WITH_SHARED))
    assert "<a" not in link_tables(footer, tables, Beside("00-start-here"))


def test_what_a_case_of_the_user_says_leads_to_no_claim_of_ours(tmp_path):
    path = tmp_path / "mine.yaml"
    mine = "{name: Mine, layer: medium, ratings: {owa_drone: primary}, range_km: 40}"
    path.write_text(f"name: Mine\nsystems:\n  my_sam: {mine}\n  iron_dome: {{ratings: {{srbm: primary}}}}\n")
    (tmp_path / "laid").mkdir()
    beside = Beside("air_defence/01-layer-coverage", WITH_SHARED)
    with using(read_case(path), tmp_path / "laid"):
        claims = Claims(("air_defence/capability", "air_defence/system_parameters"), beside)
        assert claims.address("my_sam.owa_drone") == claims.address("iron_dome.srbm") == ""
        assert claims.address("iron_dome.owa_drone") == "../claims/air_defence-capability.html#iron_dome.owa_drone"
    assert Claims(("air_defence/capability",), beside).address("iron_dome.srbm")


def test_every_claim_table_but_the_machine_made_has_a_page():
    without = {name for name in TABLES if not has_page(name)}
    assert {"recognition/un_alignment", "recognition/un_votes", "second_readings", "sources"} <= without
    assert not re.search("events|system_parameters|engagements", " ".join(without))


def test_the_page_of_the_self_check_holds_every_figure_and_begins_with_the_unexplained(tmp_path):
    page = write_self_check(tmp_path).read_text()
    assert page.count('<th scope="row">') == len(self_check())
    assert page.index("not explained") < page.index("ours still holds")
    assert "<script" not in page


def test_the_index_links_the_self_check_where_it_is(tmp_path):
    assert "self-check.html" not in write_index(tmp_path).read_text()
    write_self_check(tmp_path)
    assert '<a href="self-check.html">' in write_index(tmp_path).read_text()


@pytest.mark.parametrize("table", ["air_defence/observed_raids", "air_defence/ukraine_models"])
def test_no_two_claims_of_a_table_open_with_the_same_words(tmp_path, table):
    write_claims(tmp_path, [table])
    page = (tmp_path / "claims" / f"{table.replace('/', '-')}.html").read_text()
    opened = re.findall("<summary>(.*?) ·", page)
    assert len(opened) == len(set(opened)) > 50
