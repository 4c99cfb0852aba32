"""Figures and sentences of the brief on recognition."""

import pandas as pd
import pytest

from analysis.figures.captions import say
from analysis.figures.recognition import today as figures
from analysis.recognition import today
from analysis.recognition.facts.spells import build_spells
from analysis.tables import load_facts

ON, YEARS = "2026-11-22", 2


@pytest.fixture(scope="module")
def facts():
    return load_facts("recognition")


@pytest.fixture(scope="module")
def ties(facts):
    return build_spells(facts.events, facts.lineage)


@pytest.fixture(scope="module")
def counts(ties, facts):
    return today.count_today(ties, facts, ON)


@pytest.fixture(scope="module")
def rivals(ties, facts):
    return today.find_rivals(ties, facts, ON, YEARS)


@pytest.fixture(scope="module")
def changes(ties):
    return today.find_changes(ties, [*today.FOUR, ("ISR", "relations")], ON, YEARS)


def test_nothing_of_the_three_figures_is_cut(counts, rivals, changes, facts, assert_words_can_be_read):
    for figure in (
        figures.plot_counts_by_entity(counts, ON),
        figures.plot_rivals(rivals, facts.sources, "PSE"),
        figures.plot_changes(changes, ON, YEARS),
    ):
        assert_words_can_be_read(figure)


def test_the_answer_gives_four_counts_who_left_last_the_span_of_totals_and_what_changed(
    ties, counts, rivals, changes, facts
):
    latest = today.find_changes(ties, today.FOUR, ON)
    acts = pd.DataFrame({"confidence": ["high", "low"], "note": [None, "year confirmed"]})
    told = figures.facts_of_answer(counts, rivals, changes, latest, acts, facts, ON, YEARS)
    *points, sure = say("today.in_short", told).split("\n\n")
    assert points[:2] == [
        "Taipei:: As last seen on 21 May 2026, 12 states had relations with Taipei (11 UN members and the Holy See; Figure 1); "
        "Nauru left last, on 15 January 2024 (Daily Mail wires, 2024). ABC Color, 2025, has 12 too.",
        "Beijing:: As last seen on 21 May 2026, 183 states had relations with Beijing (180 UN members).",
    ]
    short = " ".join(points)
    assert (
        "As last seen on 25 September 2026 (Jak13th/geosim (GitHub), 2026), 159 states recognised Palestine (157 UN members, Western Sahara (Sahrawi Republic) and the Holy See)"
        in short
    )
    assert "palestinethanksyou" not in short  # whom our own acts rest on bears no witness
    assert len(short.split()) <= 205 and len(sure.split()) <= 40
    assert "had 142 (25 July 2025; ours 147): it leaves out six that deny it" in short
    assert "Since 25 July 2025 ten more recognise it." in short
    assert short.endswith("3 more differ by at most 6, 8 not at all (Table 1).")
    assert "stand 2 acts: 1 of high confidence, 1 of low" in sure
    assert "One rule moves standing ties most: if only acts of high confidence count, Israel has 70." in sure
    finding, details = say("today.counts", figures.facts_of_counts(counts, ON)).split("\n\n")
    assert "With Taipei: Belize," in details
    assert "no UN members: Western Sahara (Sahrawi Republic) and the Holy See." in details
    assert "Israel's grey bar begins at 32, when members of the United Nations alone count, only acts of" in finding
    changed = say("today.changes", figures.facts_of_changes(changes, ON, YEARS))
    assert "11 states recognised Palestine, Bolivia and Somaliland took up relations with Israel" in changed


def test_a_total_that_differs_is_named_with_ours_and_its_rule(rivals, facts):
    finding, details = say("today.rivals", figures.facts_of_rivals(rivals, facts.sources, "PSE")).split("\n\n")
    assert "148" in finding and "148 (BBC Verify (copy at newsbeep.com), 2025), ours 147" in details
    assert "142: given by the rule" in details and "151: given by no rule of ours" in details
    nothing = figures.facts_of_rivals(rivals.iloc[:0], facts.sources, "PSE")
    assert say("today.rivals", nothing) == "No total for Palestine is on record for these years."


def test_years_without_a_change_are_said_and_drawn(changes):
    facts = figures.facts_of_changes(changes.iloc[:0], ON, YEARS)
    assert say("today.changes", facts).startswith("In the two years to 22 November 2026, nothing changed.")
    text = figures.plot_changes(changes.iloc[:0], ON, YEARS).axes[0].texts[0].get_text()
    assert text == "No change is on record for these years."


def test_the_tables_name_sources_and_leave_no_code(changes, rivals, facts):
    table = figures.table_of_changes(changes, facts.events, facts.sources)
    assert table["Change"].tolist()[0] == "Mexico recognised Palestine"
    totals = figures.table_of_rivals(rivals, facts.sources)
    assert totals["Of"].unique().tolist()[0] == "recognise Palestine" and totals["Why ours differs"].iloc[0]
    assert (
        set(totals["Counted"]) <= {"every state", "UN members", "UN members of today"}
        and totals["Counted"].nunique() > 1
    )
    assert not set(facts.sources["source_id"]) & set(totals["Source"])


def test_a_ring_of_members_is_wider_than_the_dot_of_every_state(counts):
    rings, dots = figures.plot_counts_by_entity(counts, "2026-11-22").axes[0].collections[-2:]
    assert rings.get_sizes()[0] > 2 * dots.get_sizes()[0]
