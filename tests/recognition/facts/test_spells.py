"""Spells from acts: hand-worked cases, succession, implication, switches and overlaps in history."""

from itertools import permutations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.recognition.facts.choices import ENDS, STARTS
from analysis.recognition.facts.spells import (
    COLUMNS,
    LEGACY_DAY,
    build_spells,
    find_alternation_faults,
    find_overlaps,
    find_switches,
)
from analysis.tables import load_table


def times(spells, recogniser, entity, kind, **choice):
    """Begin and end of each spell, as text; an open end is empty."""
    chosen = spells.query("recogniser == @recogniser and entity == @entity and kind == @kind")
    for name, value in choice.items():
        chosen = chosen[chosen[name].eq(value)]
    written = chosen[["begin", "end"]].apply(lambda column: column.dt.strftime("%Y-%m-%d").fillna(""))
    return list(written.itertuples(index=False, name=None))


def test_acts_that_alternate_make_spells(make_acts):
    acts = make_acts(
        "NIC ISR relations established 1948-05-15",
        "NIC ISR relations suspended 1982-08-06",
        "NIC ISR relations resumed 1992-09-08",
    )
    assert times(build_spells(acts), "NIC", "ISR", "relations") == [("1948-05-15", "1982-08-06"), ("1992-09-08", "")]


def test_a_spell_names_the_acts_at_both_ends_and_is_as_sure_as_the_weaker(make_acts):
    acts = make_acts("A TWN relations established 1960 high", "A TWN relations ended 1971-11-09 low")
    spell = build_spells(acts).query("kind == 'relations'").iloc[0]
    assert spell["begin_claim_id"] == "A-TWN-relations-established-1960"
    assert spell["end_claim_id"] == "A-TWN-relations-ended-1971-11-09"
    assert (spell["begin_precision"], spell["end_precision"], spell["end_reason"]) == ("year", "day", "withdrawal")
    assert (spell["begin_confidence"], spell["end_confidence"], spell["confidence"]) == ("high", "low", "low")


def test_the_order_of_the_rows_does_not_matter_on_one_day_either(make_acts):
    acts = make_acts(
        "TZA CHN relations established 1961-12-09",
        "TZA CHN relations ended 1964-04-26",
        "TZA CHN relations established 1964-04-26",
    )
    assert len(times(build_spells(acts), "TZA", "CHN", "relations")) == 2
    for order in permutations(range(3)):
        moved = acts.iloc[list(order)].reset_index(drop=True)
        pd.testing.assert_frame_equal(build_spells(moved), build_spells(acts))


def test_what_began_and_ended_on_one_day_ends_after_it_began(make_acts):
    acts = make_acts("A CHN relations ended 1964-04-26", "A CHN relations established 1964-04-26")
    assert times(build_spells(acts), "A", "CHN", "relations") == [("1964-04-26", "1964-04-26")]


def test_no_acts_make_no_spells(make_acts):
    empty = build_spells(make_acts("A TWN relations established 1960").iloc[:0])
    assert empty.empty
    assert list(empty.columns) == COLUMNS


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["NIC ISR relations resumed 1981-03"], "NIC resumed relations with ISR on 1981-03, but none had been ended"),
        (["NIC ISR relations ended 1981"], "NIC ended relations with ISR on 1981, but none stood"),
        (
            ["NIC ISR relations established 1948", "NIC ISR relations resumed 1981-03"],
            "NIC resumed relations with ISR on 1981-03, but it had stood since 1948",
        ),
        (
            [f"MLI XKX recognition {act}" for act in ("recognised 2012", "withdrew 2013", "withdrew 2014")],
            "MLI withdrew recognition of XKX on 2014, but none stood",
        ),
    ],
)
def test_acts_that_do_not_alternate_are_refused_with_row_act_day_and_source(make_acts, lines, sentence):
    acts = make_acts(*lines)
    last = len(lines) - 1
    assert list(find_alternation_faults(acts)) == [(last, sentence)]
    with pytest.raises(DataError) as error:
        build_spells(acts)
    assert f"recognition/events.csv row {last + 2}: {sentence} (source S{last})" in str(error.value)


def test_a_repeated_recognition_begins_no_new_spell_but_is_listed(make_acts):
    acts = make_acts("VUT TWN recognition recognised 1992-09-24", "VUT TWN recognition recognised 2004-11-03")
    assert times(build_spells(acts), "VUT", "TWN", "recognition") == [("1992-09-24", "")]
    assert [sentence for _, sentence in find_alternation_faults(acts)] == [
        "VUT recognised TWN on 2004-11-03, but it had stood since 1992-09-24"
    ]


def test_the_data_hold_no_fault_beyond_the_documented_one(events):
    exceptions = load_table("recognition/event_exceptions").query("rule == 'alternation'")["claim_id"]
    assert {events["claim_id"][index] for index, _ in find_alternation_faults(events)} == set(exceptions)


# What one kind of tie implies of the other.


def test_relations_imply_recognition_on_the_days_that_no_act_covers(make_acts):
    acts = make_acts(
        "A CHN relations established 1950-01-01",
        "A CHN recognition recognised 1955-01-01",
        "A CHN recognition withdrew 1960-01-01",
        "A CHN relations ended 1965-01-01",
    )
    spells = build_spells(acts)
    assert times(spells, "A", "CHN", "recognition", implied=True) == [
        ("1950-01-01", "1955-01-01"),
        ("1960-01-01", "1965-01-01"),
    ]
    assert times(spells, "A", "CHN", "recognition", implied=False) == [("1955-01-01", "1960-01-01")]


def test_an_implied_spell_that_meets_an_act_is_ended_by_that_act_without_a_reason(make_acts):
    acts = make_acts("A CHN relations established 1950-01-01", "A CHN recognition recognised 1955 medium")
    implied = build_spells(acts).query("kind == 'recognition' and implied").iloc[0]
    assert implied["end_claim_id"] == "A-CHN-recognition-recognised-1955"
    assert implied["end_precision"] == "year"
    assert pd.isna(implied["end_reason"])


def test_recognition_implies_relations_for_israel_alone_and_only_without_acts_of_relations(make_acts):
    acts = make_acts(
        "A ISR recognition recognised 1949-01-01",
        "B ISR recognition recognised 1949-01-01",
        "B ISR relations established 1990-01-01",
        "A PSE recognition recognised 1988-11-16",
    )
    spells = build_spells(acts)
    assert times(spells, "A", "ISR", "relations", implied=True) == [("1949-01-01", "")]
    assert times(spells, "B", "ISR", "relations") == [("1990-01-01", "")]
    assert times(spells, "A", "PSE", "relations") == []


def test_an_office_of_taipei_is_no_recognition_and_its_old_recognition_no_relations(spells):
    assert times(spells, "TWN", "SOL", "relations")
    assert times(spells, "TWN", "SOL", "recognition") == []
    assert times(spells, "TWN", "ISR", "recognition") == [("1949-03-15", "")]
    assert times(spells, "TWN", "ISR", "relations") == []


# Succession.


def test_an_act_stands_under_its_maker_until_the_successor_carries_it(spells):
    assert times(spells, "CSK", "PSE", "recognition") == [("1988-11-18", "1993-01-01")]
    for successor in ("CZE", "SVK"):
        assert times(spells, successor, "PSE", "recognition") == [("1993-01-01", "")]
    chain = spells.query("entity == 'ISR' and kind == 'recognition' and recogniser in ['YUG', 'SCG', 'SRB']")
    assert chain.sort_values("begin")["recogniser"].tolist() == ["YUG", "SCG", "SRB"]
    assert (
        chain.sort_values("begin")["begin"].iloc[1:].to_numpy() == chain.sort_values("begin")["end"].iloc[:-1]
    ).all()
    assert chain.set_index("recogniser")["passed_on"].to_dict() == {"YUG": True, "SCG": True, "SRB": False}
    assert chain.set_index("recogniser")["acted_as"].fillna("").to_dict() == {"YUG": "", "SCG": "YUG", "SRB": "YUG"}


def test_without_lineage_acts_stand_under_the_code_of_their_row(events):
    assert times(build_spells(events), "SVK", "PSE", "recognition") == [("1988-11-18", "")]
    assert times(build_spells(events), "CSK", "PSE", "recognition") == []


def test_a_new_act_of_the_successor_is_its_own(spells):
    assert times(spells, "CSK", "CHN", "relations") == [("1949-10-06", "1993-01-01")]
    assert times(spells, "CZE", "CHN", "relations") == times(spells, "SVK", "CHN", "relations") == [("1993-01-01", "")]
    assert times(spells, "SUN", "CHN", "relations") == [("1949-10-02", "1991-12-27")]
    assert times(spells, "RUS", "CHN", "relations") == [("1991-12-27", "")]


def test_a_tie_that_a_state_left_open_passes_on_only_where_the_rule_says_so(make_acts, lineage):
    acts = make_acts("SUN XKX recognition recognised 1990-01-01", "YMD XKX recognition recognised 1980-01-01")
    spells = build_spells(acts, lineage)
    assert times(spells, "SUN", "XKX", "recognition") == [("1990-01-01", "1991-12-26")]
    assert times(spells, "RUS", "XKX", "recognition") == [("1991-12-26", "")]
    assert times(spells, "YMD", "XKX", "recognition") == [("1980-01-01", "1990-05-22")]
    assert times(spells, "YEM", "XKX", "recognition") == []
    assert set(spells.dropna(subset="end")["end_reason"]) == {"end_of_state"}


def test_a_successor_with_an_act_of_its_own_inherits_nothing(make_acts, lineage):
    acts = make_acts("SUN XKX recognition recognised 1990-01-01", "RUS XKX recognition recognised 1995-01-01")
    assert times(build_spells(acts, lineage), "RUS", "XKX", "recognition") == [("1995-01-01", "")]


@pytest.mark.parametrize("recogniser", ["EAZ", "RVN"])
def test_ties_of_states_that_merged_or_fell_end_with_them(spells, recogniser):
    chosen = spells[spells["recogniser"].eq(recogniser)]
    assert len(chosen)
    assert chosen["end"].notna().all()
    assert not chosen["passed_on"].any()


# Rules that always hold.


@pytest.mark.parametrize("with_lineage", [True, False])
def test_spells_of_one_tie_never_overlap_and_run_forwards(events, lineage, with_lineage):
    spells = build_spells(events, lineage if with_lineage else None)
    assert not (spells["end"] <= spells["begin"]).any()
    following = spells.groupby(["recogniser", "entity", "kind"])["begin"].shift(-1)
    assert not (spells["end"] > following).any()
    assert not (spells["end"].isna() & following.notna()).any()


@pytest.mark.parametrize("with_lineage", [True, False])
def test_bounds_hold_the_days_that_count(events, lineage, with_lineage):
    spells = build_spells(events, lineage if with_lineage else None)
    for edge in ("begin", "end"):
        known = spells[spells[edge].notna()]
        assert ((known[f"{edge}_low"] <= known[edge]) & (known[edge] <= known[f"{edge}_high"])).all()
        sure = known[known[f"{edge}_precision"].eq("day")]
        assert sure[f"{edge}_low"].eq(sure[f"{edge}_high"]).mean() > 0.99
        assert not known[f"{edge}_low"].eq(known[f"{edge}_high"]).all()


def test_a_successor_begins_on_a_known_day(make_acts, lineage):
    (spell,) = (
        build_spells(make_acts("RUS PSE recognition recognised 1988", acted_as="SUN"), lineage)
        .query("recogniser == 'RUS'")
        .to_dict("records")
    )
    assert spell["begin_low"] == spell["begin"] == spell["begin_high"] == pd.Timestamp("1991-12-26")


def test_relations_imply_nothing_where_a_second_recognition_stands(make_acts):
    spells = build_spells(make_acts(
        "ISR SOL recognition recognised 1960-06-26", "ISR SOL recognition withdrew 1960-07-01",
        "ISR SOL recognition recognised 2025-12-26", "ISR SOL relations established 2025-12-26",
    ))  # fmt: skip
    assert not spells["implied"].any()


@pytest.mark.parametrize("with_lineage", [True, False])
def test_every_day_of_relations_is_a_day_of_recognition(events, lineage, with_lineage):
    spells = build_spells(events, lineage if with_lineage else None)
    for day in pd.to_datetime(["1950-06-01", "1965-12-31", "1972-01-01", "1993-01-01", "2026-11-22"]):
        standing = spells[(spells["begin"] <= day) & ~(spells["end"] <= day)]
        pairs = {
            kind: set(zip(own["recogniser"], own["entity"], strict=True)) for kind, own in standing.groupby("kind")
        }
        assert pairs["relations"] - pairs["recognition"] <= {("TWN", "SOL")}


@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=12, unique=True))
def test_any_alternating_acts_give_half_as_many_spells(make_acts, days):
    dates = [str(day)[:10] for day in pd.Timestamp("1950-01-01") + pd.to_timedelta(sorted(days), unit="D")]
    words = ["established", *["ended", "resumed"] * 6]
    lines = [f"A PRK relations {word} {day}" for word, day in zip(words, dates, strict=False)]
    spells = build_spells(make_acts(*lines)).query("kind == 'relations'")
    assert len(spells) == (len(days) + 1) // 2
    assert spells["begin"].dt.strftime("%Y-%m-%d").tolist() == dates[::2]
    assert spells["end"].isna().sum() == len(days) % 2


def test_every_act_is_an_end_of_some_spell_and_none_is_lost(events):
    spells = build_spells(events).query("not implied")
    begins, ends = (events.loc[events["act"].isin(words), "claim_id"] for words in (STARTS, ENDS))
    assert set(ends) == set(spells["end_claim_id"].dropna())
    assert set(begins) - set(spells["begin_claim_id"]) == {"VUT-TWN-recognition-recognised-2004-11-03"}


# History.


def test_ties_with_taipei_older_than_its_rival_are_left_truncated(spells):
    legacy = spells[spells["left_truncated"]]
    assert set(legacy["entity"]) == {"TWN"}
    assert (legacy["begin"] <= LEGACY_DAY).all()
    assert not spells.query("entity == 'TWN' and begin > @LEGACY_DAY")["left_truncated"].any()


def test_the_central_african_republic_had_six_spells(spells):
    assert [len(times(spells, "CAF", entity, "relations")) for entity in ("TWN", "CHN")] == [3, 3]


def test_nicaragua_broke_with_israel_three_times(spells):
    begins_and_ends = times(spells, "NIC", "ISR", "relations")
    assert [end[:4] for _, end in begins_and_ends if end] == ["1982", "2010", "2024"]
    assert [begin[:4] for begin, _ in begins_and_ends[1:]] == ["1992", "2017"]


@pytest.mark.parametrize(
    ("state", "years"),
    [
        ("SEN", [(1960, 1964), (1969, 1972), (1996, 2005)]),
        ("NRU", [(1980, 2002), (2005, 2024)]),
        ("KIR", [(2003, 2019)]),
        ("MWI", [(1966, 2008)]),
    ],
)
def test_named_states_had_relations_with_taipei_in_these_years(spells, state, years):
    own = spells.query("recogniser == @state and entity == 'TWN' and kind == 'relations'")
    assert list(zip(own["begin"].dt.year, own["end"].dt.year, strict=True)) == years


def test_a_switch_pairs_an_end_with_the_nearest_beginning(spells):
    own = find_switches(spells).query("recogniser == 'NRU'")
    assert own["to_entity"].tolist() == ["CHN", "TWN", "CHN"]
    assert own["gap_days"].tolist() == [0, -13, 9]


def test_most_switches_happen_within_a_day_and_each_act_is_used_once(spells):
    switches = find_switches(spells)
    assert (switches["gap_days"] == 0).sum() == 40
    assert not switches.duplicated(["recogniser", "end"]).any()
    assert not switches.duplicated(["recogniser", "begin"]).any()


def test_a_wider_tolerance_finds_no_fewer_switches(spells):
    numbers = [len(find_switches(spells, within_days=days)) for days in (0, 1, 14, 366, 2000)]
    assert numbers == sorted(numbers)
    assert numbers[0] > 0


def test_a_second_embassy_is_no_switch_before_the_first_one_leaves(spells):
    own = find_switches(spells).query("recogniser == 'LBR'")
    assert own["begin"].dt.year.tolist() == [1977, 1989, 2003]


def test_the_overlaps_are_the_documented_ones_to_the_day(spells):
    documented = load_table("recognition/overlaps")
    found = find_overlaps(spells)
    written = zip(found["recogniser"], found["begin"].astype("str"), found["end"].astype("str"), strict=True)
    assert set(written) == set(documented[["recogniser", "begin", "end"]].itertuples(index=False, name=None))
    assert len(found) == 63
    assert found.iloc[0][["recogniser", "days"]].tolist() == ["LBR", 1491]


def test_an_overlap_that_goes_on_has_no_end(make_acts):
    acts = make_acts("A TWN relations established 1950-01-01", "A CHN relations established 1960-01-01")
    overlap = find_overlaps(build_spells(acts)).iloc[0]
    assert overlap["begin"] == pd.Timestamp("1960-01-01")
    assert pd.isna(overlap["end"])


def test_relations_that_change_hands_on_one_day_do_not_overlap(make_acts):
    acts = make_acts(
        "A TWN relations established 1950-01-01",
        "A TWN relations ended 1971-10-25",
        "A CHN relations established 1971-10-25",
    )
    assert find_overlaps(build_spells(acts)).empty
    assert find_switches(build_spells(acts))["gap_days"].tolist() == [0]
