"""Each rule of the data finds the damage that it is there for, and nothing in the shipped tables."""

import re

import pandas as pd
import pytest

from analysis.checks import RULES, find_faults
from analysis.checks.recognition import find_undocumented_overlaps, find_unseen_days
from analysis.checks.rules import APART, NEVER, ONCE, Frames
from analysis.errors import DataError
from analysis.recognition.facts.spells import build_spells
from analysis.schema import TABLES
from analysis.tables import load_table, read_table

EVENTS = "recognition/events"
PROGRAMME = "air_defence/programme"
RATES = "air_defence/rates"
RAIDS = "air_defence/observed_raids"
LAYERS = "air_defence/architecture_layers"
FIGURES = "air_defence/system_parameters"
COUNTS = "recognition/published_counts"
TOP_CLAIM = "patriot_pac3_cri.2008-10-03.dsca_notice_pac_3_missiles"


@pytest.fixture(scope="module")
def frames():
    return Frames({name: load_table(name) for name in TABLES})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_shipped_tables_keep_the_rule(frames, rule):
    assert list(rule.find(frames)) == []


def where(**values):
    """Pick the one row that has these values."""

    def find(frame):
        chosen = pd.Series(True, index=frame.index)
        for column, value in values.items():
            chosen &= frame[column] == value
        assert chosen.sum() == 1, values
        return frame.index[chosen][0]

    return find


def first(column, value):
    """Pick the first row that has this value."""
    return lambda frame: frame.index[frame[column] == value][0]


def top(_):
    return 0


# rule, table, row, column, new value, what the fault must say
DAMAGES = [
    ("pairs", EVENTS, where(recogniser="DEU", entity="XKX"), "recogniser", "XKX", "entity = 'XKX' must not be that of the"),
    ("pairs", EVENTS, where(recogniser="DEU", entity="XKX"), "acted_as", "DEU", "must not be that of the column recogniser"),
    ("pairs", EVENTS, where(recogniser="DEU", entity="XKX"), "acted_as", "XKX", "must not be that of the column entity"),
    ("pairs", "recognition/withheld", where(recogniser="SRB"), "recogniser", "XKX", "entity = 'XKX' must not be that of the column recogniser"),
    ("pairs", "recognition/searches", lambda f: f["recogniser"].first_valid_index(), "recogniser", "ISR", "column recogniser"),
    ("pairs", "recognition/disputes", first("entity", "PSE"), "recogniser", "PSE", "the column recogniser"),
    ("pairs", "recognition/lineage", first("predecessor", "SUN"), "successor", "SUN", "the column predecessor"),
    ("pairs", "recognition/comparison_missions", first("entity", "ISR"), "iso3", "ISR", "the column iso3"),
    ("pairs", "recognition/comparison_differences", first("entity", "TWN"), "iso3", "TWN", "the column iso3"),
    ("pairs", "recognition/taiwan_exchanges", first("to_iso3", "TWN"), "from_iso3", "TWN", "the column from_iso3"),
    ("pairs", "geography/neighbours", first("iso3", "FRA"), "neighbour", "FRA", "the column iso3"),
    ("pairs", PROGRAMME, top, "part_of", TOP_CLAIM, "the column claim_id"),
    ("pairs", PROGRAMME, top, "same_act", TOP_CLAIM, "the column claim_id"),
    ("pairs", "recognition/overlaps", top, "recogniser", "TWN", "would be tied to itself"),
    ("pairs", "recognition/comparison_rich", top, "iso3", "TWN", "would be tied to itself"),
    ("pairs", "recognition/taiwan_offices", top, "host", "TWN", "would be tied to itself"),
    ("repeats", "recognition/withheld", where(recogniser="RUS"), "recogniser", "SRB",
     "has the same recogniser, entity, since as row 14; take one of them out"),
    ("repeats", "air_defence/capability", where(system_id="iron_dome", threat_class="srbm"), "threat_class", "mrbm", "the same"),
    (
        "codings of others",
        "recognition/comparison_rich",
        where(iso3="LBR", year=1996),
        "relations",
        1,
        "does not differ from ours any more",
    ),
    (
        "codings of others",
        "recognition/comparison_differences",
        where(comparison="rich", iso3="NER", year=1996),
        "iso3",
        "NGA",
        "differs from ours; add it to recognition/comparison_differences.csv",
    ),
    ("keys", EVENTS, top, "source_id", "nowhere_2025", "source_id = 'nowhere_2025' does not stand in sources.source_id."),
    ("keys", EVENTS, top, "recogniser", "XYZ", "recogniser = 'XYZ' does not stand in recognition/states.iso3."),
    ("keys", "air_defence/systems", top, "source_ids", "bbc_2012;nobody", "does not stand in sources.source_id: 'nobody'"),
    ("keys", "recognition/taiwan_offices", top, "host", "EUR", "host = 'EUR' does not stand in recognition/states.iso3."),
    ("keys", "recognition/taiwan_offices", top, "host", "DEU ", "host = 'DEU ' does not stand in recognition/states.iso3."),
    ("triples", FIGURES, first("low", 70.0), "low", 700.0, "low <= best <= high is broken: low 700, best 70"),
    ("triples", "air_defence/threats", top, "speed_m_s_high", 1.0, "low <= best <= high is broken"),
    ("unconfirmed", EVENTS, first("confidence", "low"), "confidence", "high", None),
    ("source roles", "sources", first("role", "context"), "role", "evidence", "must be context: no row cites it"),
    ("source roles", "sources", first("role", "evidence"), "role", "context", "must be evidence: some row cites it"),
    ("pointers", "briefing", top, "pointers", f"{EVENTS}#nothing", f"pointers = '{EVENTS}#nothing' leads to no row."),
    ("pointers", "second_readings", lambda f: f["claim_id"].first_valid_index(), "claim_id", "gone", "is no row of"),
    ("units", FIGURES, first("unit", "km"), "unit", "miles", "must be km, the unit of"),
    ("readings", FIGURES, first("unit", "km"), "bound", None, "must be given for this parameter"),
    ("readings", FIGURES, first("unit", "USD"), "price_basis", None, "must be given for this parameter"),
    ("readings", FIGURES, first("unit", "missiles"), "bound", "exact", "must be empty for this parameter"),
    ("ratings", "air_defence/capability", top, "threat_class", "owa_drone", "system_id = 'iron_dome' must be rated against every threat class; lacks mortar_rocket"),
    ("engagements", "air_defence/engagements", top, "threats_intercepted", 86, "must not exceed threats_engaged = 85"),
    ("engagements", "air_defence/engagements", first("claimed_rate_high", 0.9), "claimed_rate", 0.97, "must lie between claimed"),
    ("engagements", "air_defence/engagements", top, "date_end", "1990-02-28", "is before date_start 1991-01-18"),
    ("engagements", "air_defence/engagements", first("cumulative", True), "speaker_role", "defender_later", "an earlier count"),
    ("raids", RAIDS, where(claim_id="kyiv_2023_05_16.srbm"), "destroyed", 10, "must not exceed the whole"),
    ("raids", RAIDS, where(claim_id="uae_2026_02_28.mrbm"), "failed", 6, "must not exceed the whole"),
    ("raids", RAIDS, where(claim_id="iron_dome_2014.mortar_rocket"), "leaked_high", 66, "not exceed the whole"),
    ("raids", RAIDS, where(claim_id="iran_2024_04.mrbm"), "leaked_high", 6, "must be leaked_low or more"),
    ("raids", RAIDS, where(claim_id="iran_2024_04.mrbm"), "killed_by_ship", 111, "must not exceed what was destroyed"),
    ("raids", RAIDS, where(claim_id="kyiv_2023_spring.owa_drone"), "engaged", 115, "must not exceed launched"),
    ("raids", RAIDS, where(claim_id="kyiv_2023_05_16.srbm"), "end", "2023-05-15", "is before begin"),
    ("raids", RAIDS, where(claim_id="kyiv_2023_05_16.srbm"), "threat_class", "owa_drone", "is counted twice"),
    ("raids", RAIDS, where(claim_id="uae_2026_03_02.subsonic_cm"), "censored", False, "there is no whole"),
    ("stocks", "air_defence/engagements", where(engagement_id="iran_june_2025_sm3"), "interceptors_expended", 81,
     "must be 81 or more at one end"),
    ("stocks", "air_defence/fielded", where(claim_id="israel_2025_06.thaad"), "rounds_best", 149, "must be 150 or more"),
    ("states", LAYERS, where(claim_id="taiwan_tdome_planned.nasams_taiwan.funded"), "state", "announced", "stands twice"),
    ("states", LAYERS, where(claim_id="nato_essi.arrow_3.funded"), "batteries_best", 0, "must not be less than 1"),
    ("order of fire", LAYERS, where(claim_id="israel_2025.arrow_2"), "order", None, "1 for the system that fires first"),
    ("order of fire", LAYERS, where(claim_id="israel_2025.arrow_2"), "order", 3, "is the place of arrow_2"),
    ("order of fire", LAYERS, where(claim_id="israel_2025.mmr_radar"), "order", 1, "the system fires nothing"),
    ("order of fire", LAYERS, where(claim_id="nato_essi.arrow_3.funded"), "order", 2, "must be 1 as in the other rows"),
    ("order of fire", "air_defence/fielded", where(claim_id="uae_2026.km_sam_2"), "order", 2, "which is of the same height"),
    ("reach", "air_defence/assumptions", where(assumption_id="range_upper_endo_unpublished"), "assumption_id", "other",
     "has no max_range in system_parameters; add one, or the row range_upper_endo_unpublished to assumptions"),
    ("readings", FIGURES, first("price_basis", "guess"), "buyer", "TWN", "must be empty where nobody pays"),
    ("launchers", "air_defence/systems", where(system_id="thaad"), "launcher_group", "alone", "must be shared by two"),
    ("rates", RATES, first("kind", "deflator"), "source_id", None, "must be given, or else the row be marked as assumed"),
    ("rates", RATES, first("assumed", True), "note", None, "must say why this value is assumed"),
    ("rates", RATES, top, "year", 1999, "must be exchange.TWD.1999"),
    ("parts", PROGRAMME, where(programme="ibcs"), "unit", "USD", "is a total in TWD"),
    ("parts", PROGRAMME, lambda f: f["same_act"].first_valid_index(), "stage", "enacted", "the same element and stage"),
    ("acts", EVENTS, first("kind", "relations"), "act", "recognised", "must be one of established, suspended, ended"),
    ("acts", EVENTS, first("act", "ended"), "end_reason", None, "must be given for an act that ends a spell"),
    ("acts", EVENTS, first("act", "established"), "end_reason", "switch", "and for no other"),
    ("acts", EVENTS, where(recogniser="DEU", entity="XKX"), "date", "2008-02", "does not fit the precision 'day'"),
    ("bounds", EVENTS, first("date_precision", "day"), "date_low", "1900-01-01", "does not fit the precision 'day'"),
    ("bounds", EVENTS, first("date_precision", "month"), "date_high", "2030-01-01", "does not fit the precision 'month'"),
    ("bounds", EVENTS, first("date_precision", "before"), "date_high", "1950-01-01", "fit the precision 'before'"),
    ("bounds", EVENTS, first("date_precision", "year"), "date_low", "2030-01-01", "does not hold the date"),
    ("bounds", EVENTS, first("date_precision", "year"), "date_high", "1900-01-01", "does not hold the date"),
    ("bounds", EVENTS, first("date_precision", "year"), "date_low", "1948", "must be a day"),
    ("last seen", EVENTS, where(recogniser="DEU", entity="XKX"), "date_low", "2031-02-20", "up to which XKX was seen; correct it"),
    ("last seen", "recognition/withheld", where(recogniser="SRB"), "since", "2028", "up to which XKX was seen; correct it"),
    ("last seen", "recognition/withheld", lambda f: f["until"].first_valid_index(), "until", "2027-01", "was seen; correct"),
    ("last seen", COUNTS, top, "date", "2027-01-01", "or recognition/observed.csv."),
    ("last seen", "recognition/observed", where(entity="XKX"), "observed_until", "2008-03", "is after 2008-03, up to which"),
    ("alternation", EVENTS, first("act", "resumed"), "act", "suspended", "cannot follow the act before"),
    ("alternation", "recognition/event_exceptions", first("rule", "alternation"), "rule", "withheld", "VUT"),
    ("existence", EVENTS, where(recogniser="SSD", entity="PSE"), "date", "2010-07-14", "recogniser = 'SSD' did not exist on 2010-07-14; name a predecessor"),
    ("existence", EVENTS, where(recogniser="DEU", entity="XKX"), "date", "2007-02-20", "entity = 'XKX' did not exist on 2007"),
    ("existence", EVENTS, where(recogniser="DEU", entity="XKX"), "acted_as", "DDR", "acted_as = 'DDR' did not exist on 2008-02-20"),
    ("existence", "recognition/event_exceptions", top, "rule", "withheld", "did not exist on"),
    ("lineage", "recognition/lineage", where(predecessor="SCG"), "successor", "YUG", "successor = 'YUG' was followed by SCG"),
    ("lineage", "recognition/lineage", where(predecessor="UAR"), "predecessor", "SUN", "SUN has an heir of its acts already"),
    ("lineage", "recognition/lineage", where(predecessor="SUN"), "successor", "SRB", "SRB continues another state already"),
    ("withheld", "recognition/withheld", where(recogniser="SRB"), "recogniser", "DEU", "contradicts the event DEU-XKX"),
    ("overlaps", "recognition/overlaps", first("recogniser", "LBR"), "end", "1997-09-10", "is not in the events"),
    ("overlaps", "recognition/overlaps", first("recogniser", "LBR"), "end", "1997-09-10",
     "row 148: recogniser = 'LBR' has relations with both CHN and TWN from 1993-08-10 to 1997-09-09 (begun here and in row 1130)"),
    ("votes", "recognition/un_votes", first("vote", "yes"), "vote", "no", "differs from the rows by"),
    ("votes", "recognition/un_vote_totals", top, "total_yes", 34, "differs from the rows by -1, expected +0"),
    ("published counts", COUNTS, top, "count", 51, "our count is 55, so the difference is +4"),
    ("published counts", COUNTS, first("expected_difference", 0), "reason", "why not", "must be given where the counts"),
    ("periods", "recognition/memberships", lambda f: f["end"].first_valid_index(), "end", "1900", "is before start"),
    ("reports", "air_defence/ukraine_reports", top, "destroyed", 99_999, "must not exceed launched"),
    ("rates of exchange", RATES, first("currency", "TWD"), "value", 1 / 29.558, "must be 20 to 45 TWD per USD"),
    ("least figures", FIGURES, first("parameter", "max_range"), "low", 0.07, "must be 0.5 or more"),
    ("least figures", FIGURES, first("parameter", "interceptor_unit_cost"), "best", 42.5, "must be 1,000 or more"),
    ("least figures", "air_defence/programme", first("unit", "USD"), "value", 39_850.0, "must be 10,000,000 or more"),
    ("names", "air_defence/systems", where(system_id="sky_bow_3"), "name", "Renamed", "must be 'Sky Bow III (Tien Kung III)', as pages"),
    ("names", "air_defence/raids", top, "raid_id", "rain", "is not known to pages; add it in a case"),
    ("neighbours", "geography/neighbours", first("basis", "sea"), "distance_km", 0.09, "must be 1 or more across the sea"),
    ("neighbours", "geography/neighbours", first("basis", "land"), "basis", "sea", "as well, with the same basis"),
    ("periods of reports", "air_defence/ukraine_reports", top, "end", "2022-09-27", "must not lie before the start"),
    ("models", "air_defence/ukraine_models", lambda f: f["family"].first_valid_index(), "threat_class", None, "must be given"),
    ("state codes", "recognition/state_codes", where(system="cow", iso3="FRA"), "code", 200, "holds on days on which"),
    ("bounds of units", FIGURES, first("unit", "probability"), "high", 1.5, "must be 1 or less"),
    ("bounds of units", FIGURES, first("parameter", "interceptor_unit_cost"), "high", 4e7, "must be 30,000,000 or less"),
    ("bounds of units", "air_defence/assumptions", first("unit", "share"), "high", 60.0, "must be 1 or less"),
    ("bounds of units", PROGRAMME, first("unit", "percent"), "value", 2500.0, "must be 100 or less"),
    ("widths", "air_defence/threats", top, "unit_cost_usd_high", 1_000_000.0, "must be at most 200 times the lowest, 300"),
    ("sizes of states", "recognition/states", where(iso3="MLT"), "area_km2", 315_000.0, "does not fit the column microstate"),
    ("sizes of states", "recognition/states", where(iso3="FRA"), "population", 68_000_000_000, "inhabitants per km2"),
    ("names of states", "recognition/states", where(iso3="AFG"), "name", "Emirate", "must begin with 'Afghanistan'"),
    ("names of states", "recognition/states", where(iso3="AFG"), "iso3", "QQA", "no state that a page can be asked for"),
    ("amounts", PROGRAMME, lambda f: f["part_of"].first_valid_index(), "value", 9e12, "must not exceed its total"),
    ("amounts", PROGRAMME, first("value", 2.78e8), "value", 2.78e5, "TWD to the USD"),
    ("totals", COUNTS, first("measure", "breaks"), "since", None, "must be given for breaks and resumptions"),
    ("totals", COUNTS, first("measure", "breaks"), "since", "2030", "is after date"),
    ("totals", COUNTS, first("measure", "breaks"), "states", "all", "must be a region"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "table", "pick", "column", "value", "message"),
    DAMAGES,
    ids=[f"{damage[0]}: {damage[1].split('/')[-1]}.{damage[3]}" for damage in DAMAGES],
)
def test_a_rule_finds_its_damage(frames, name, table, pick, column, value, message):
    damaged = frames[table].copy()
    row = pick(damaged)
    if name == "unconfirmed":
        row = damaged.index[damaged["note"].str.startswith("unconfirmed", na=False)][0]
        message = "must be low where the note begins with 'unconfirmed'"
    damaged.loc[row, column] = value
    rule = next(rule for rule in RULES if rule.name == name)
    found = [str(fault) for fault in rule.find(Frames(frames | {table: damaged}))]
    assert any(message in line for line in found), found


@pytest.mark.parametrize(
    ("table", "columns"), [*((t, c) for t, cs in APART.items() for c in cs), *NEVER.items(), *ONCE.items()]
)
def test_tables_have_the_columns_that_name_two(table, columns):
    assert {columns[0], *(() if table in NEVER else columns)} <= set(TABLES[table].frame.columns)


def test_an_overlap_that_goes_on_names_the_rows_of_both_and_says_that_it_has_no_end(frames):
    events = frames[EVENTS]
    taipei = events.index[events["claim_id"] == "PRY-TWN-relations-established-1957-07-12"][0]
    changed = {"claim_id": "PRY-CHN-new", "entity": "CHN"} | dict.fromkeys(
        ("date", "date_low", "date_high"), "2020-01-02"
    )
    added = pd.concat([events, events.loc[[taipei]].assign(**changed)], ignore_index=True)
    (found,) = find_undocumented_overlaps(Frames(frames | {EVENTS: added}))
    assert str(found).startswith(
        f"recognition/events.csv row {len(added) + 1}: recogniser = 'PRY' has relations with both CHN and TWN from 2020-01-02 "
        f"on, without an end (begun here and in row {taipei + 2}); correct one, or give one of them an end."
    )


NOT_SAID = re.compile(r"\b(nan|NaT|None)\b|<NA>")


@pytest.mark.parametrize(
    ("table", "column"), [(LAYERS, "system_id"), ("air_defence/fielded", "system_id"), (PROGRAMME, "part_of")]
)
def test_a_pointer_that_leads_nowhere_is_one_fault_and_none_that_speaks_of_nan(frames, table, column):
    damaged = frames[table].copy()
    damaged.loc[damaged[column].first_valid_index(), column] = "nowhere"
    found = [
        str(one)
        for rule in RULES
        if not rule.tables or table in rule.tables
        for one in rule.find(Frames(frames | {table: damaged}))
    ]
    assert any("does not stand in" in line for line in found)
    assert not [line for line in found if NOT_SAID.search(line)]


@pytest.mark.parametrize("successor", ["SUN", "UAR"])
def test_a_state_that_follows_itself_is_a_fault_and_no_endless_chain(copied_data, successor):
    path = copied_data / "recognition/lineage.csv"
    text = path.read_text().replace("SUN,RUS,", f"SUN,{successor},").replace("UAR,EGY", "UAR,SUN")
    path.write_text(text)
    found = [str(fault) for fault in find_faults(copied_data)]
    assert any("recognition/lineage.csv row" in line and "was followed by" in line for line in found), found
    with pytest.raises(DataError, match=r"recognition/lineage\.csv row \d+: successor = "):
        build_spells(load_table(EVENTS), read_table(TABLES["recognition/lineage"], path)[0])


def test_every_row_that_ties_two_is_held_against_a_tie_with_itself():
    """A table with two columns of states or entities is either listed, or its two columns may be the same."""
    may_agree = {"recognition/un_alignment"}
    for name, definition in TABLES.items():
        codes = {
            column
            for column, rule in definition.frame.columns.items()
            if str(rule.metadata.get("refers_to")).startswith("recognition/states.iso3") or column == "entity"
        }
        assert len(codes) < 2 or name in APART.keys() | may_agree, name


@pytest.mark.parametrize(
    ("name", "table", "pick", "column", "value"),
    [damage[:5] for damage in DAMAGES if damage[0] not in ("unconfirmed", "alternation")],
)
def test_no_message_says_its_value_twice(frames, name, table, pick, column, value):
    """Of alternation apart, which tells the act in a sentence."""
    damaged = frames[table].copy()
    damaged.loc[pick(damaged), column] = value
    for found in next(rule for rule in RULES if rule.name == name).find(Frames(frames | {table: damaged})):
        if re.fullmatch(r"[A-Za-z]\w{2,}", found.value):
            assert len(re.findall(rf"\b{found.value}\b(?!-)", str(found))) == 1, str(found)


def test_an_entity_whose_last_day_is_not_known_bounds_nothing(frames):
    observed = frames["recognition/observed"].assign(observed_until=pd.NA)
    assert list(find_unseen_days(Frames(frames | {"recognition/observed": observed.astype("str")}))) == []


def test_every_rule_has_its_damage():
    assert {rule.name for rule in RULES} == {damage[0] for damage in DAMAGES}


def test_a_folder_of_ones_own_is_checked_by_the_same_rules(copied_data):
    assert find_faults(copied_data) == []
    path = copied_data / "recognition/withheld.csv"
    path.write_text(path.read_text().replace("SRB-XKX-withheld-2008,SRB", "SRB-XKX-withheld-2008,DEU"))
    (fault,) = find_faults(copied_data)
    assert str(fault).startswith("recognition/withheld.csv row ")
    assert "contradicts the event DEU-XKX-recognition-recognised-2008-02-20" in str(fault)


def test_acts_that_do_not_alternate_do_not_hide_other_faults(copied_data):
    path = copied_data / "recognition/events.csv"
    path.write_text(
        path.read_text().replace(
            "NIC-TWN-relations-resumed-1990-11-06,NIC,TWN,relations,resumed",
            "NIC-TWN-relations-resumed-1990-11-06,NIC,TWN,relations,suspended",
        )
    )
    path = copied_data / "air_defence/threats.csv"
    path.write_text(path.read_text().replace("39,51,103", "390,51,103"))
    found = [str(fault) for fault in find_faults(copied_data)]
    assert any("cannot follow the act before: NIC suspended relations with TWN on 1990-11-06" in line for line in found)
    assert any("low <= best <= high is broken" in line for line in found)


def test_a_table_that_cannot_be_read_does_not_hide_the_others(copied_data):
    (copied_data / "recognition/events.csv").write_bytes(b"\xff\xfe")
    path = copied_data / "air_defence/threats.csv"
    path.write_text(path.read_text().replace("39,51,103", "390,51,103"))
    found = {fault.file for fault in find_faults(copied_data)}
    assert found == {"recognition/events.csv", "air_defence/threats.csv"}


@pytest.mark.parametrize("name", ["recognition/comparison_rich", "recognition/comparison_missions"])
def test_a_coding_of_others_without_a_row_is_compared_with_nothing(frames, name):
    (rule,) = [rule for rule in RULES if rule.name == "codings of others"]
    assert all(str(found) for found in rule.find(Frames(frames | {name: frames[name].iloc[:0]})))


def test_votes_of_one_kind_and_a_difference_that_is_no_number_are_no_traceback(frames):
    (rule,) = [rule for rule in RULES if rule.name == "votes"]
    votes, totals = frames["recognition/un_votes"], frames["recognition/un_vote_totals"].copy()
    totals["expected_difference"] = "yes one or two"
    damaged = {
        **frames,
        "recognition/un_votes": votes[votes["vote"].eq("abstain")],
        "recognition/un_vote_totals": totals,
    }
    assert any("must read such as 'yes 1; absent -2'" in str(found) for found in rule.find(damaged))
