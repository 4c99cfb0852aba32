"""The ties of one state over time: joined across succession, in both directions, with the acts behind them."""

import pandas as pd

from analysis.recognition.dossiers import find_acts, find_history, find_mutual_ties, find_withheld
from analysis.recognition.facts.spells import build_spells


def times_of(history, entity, kind):
    own = history[history["entity"].eq(entity) & history["kind"].eq(kind)]
    until = own["end"].dt.year.astype("Int64")
    return [(begin.year, None if pd.isna(end) else end) for begin, end in zip(own["begin"], until, strict=True)]


def test_the_six_ties_of_the_central_african_republic_stand_in_order(spells, lineage):
    history = find_history(spells, lineage, "CAF")
    assert times_of(history, "TWN", "relations") == [(1962, 1964), (1968, 1976), (1991, 1998)]
    assert len(times_of(history, "CHN", "relations")) == 3


def test_a_tie_that_a_successor_took_over_is_one_time_with_both_holders(spells, lineage):
    history = find_history(spells, lineage, "SRB")
    own = history.query("entity == 'CHN' and kind == 'relations'")
    assert own["held_by"].tolist() == ["YUG, SCG, SRB"]
    assert own["end"].isna().all()


def test_a_state_that_took_over_nothing_has_none_of_its_predecessors_ties(spells, lineage):
    assert set(find_history(spells, lineage, "VNM")["held_by"]) == {"VNM"}


def test_the_end_of_a_joined_time_is_that_of_its_last_part(make_acts, lineage):
    events = make_acts("SUN ISR relations established 1948-05-17", "RUS ISR relations ended 1999-01-01", acted_as=None)
    events.loc[0, ["recogniser", "acted_as"]] = ["RUS", "SUN"]
    history = find_history(build_spells(events, lineage), lineage, "RUS").query("kind == 'relations'")
    assert history["held_by"].tolist() == ["SUN, RUS"]
    assert history["end"].dt.year.tolist() == [1999]
    assert history["end_reason"].tolist() == ["withdrawal"]


def test_a_state_without_any_act_has_an_empty_history(spells, lineage):
    history = find_history(spells, lineage, "HKG")
    assert history.empty
    assert "held_by" in history


def test_mutual_ties_hold_march_1949_and_january_1950(spells, lineage):
    ties = find_mutual_ties(spells, lineage, "ISR").query("kind == 'recognition'")
    found = {(row.recogniser, row.entity): f"{row.begin:%Y-%m}" for row in ties.itertuples()}
    assert found == {("ISR", "CHN"): "1950-01", ("TWN", "ISR"): "1949-03", ("CHN", "ISR"): "1992-01"}


def test_acts_of_predecessors_belong_to_the_history(spells, lineage, events):
    acts = find_acts(events, find_history(spells, lineage, "RUS"))
    assert {"1948-05-17", "1967-06-10"} <= set(acts.query("entity == 'ISR'")["date"])
    assert acts["date"].is_monotonic_increasing


def test_what_is_withheld_is_chosen_by_both_sides_and_has_no_day_where_none_is_known():
    rows = pd.DataFrame(
        [("CYP", "NCY", "1983", None), ("PAK", "ARM", "1991", "2025-08-31"), ("TWN", "PSE", None, None)],
        columns=["recogniser", "entity", "since", "until"],
    )
    own = find_withheld(rows, ["TWN", "PAK"], ["PSE", "ARM"])
    assert own["entity"].tolist() == ["ARM", "PSE"]
    assert own["day"].isna().tolist() == [False, True]
    assert find_withheld(rows, ["TWN"], ["XKX"]).empty
