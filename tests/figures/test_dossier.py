"""Figures and sentences about one state: neighbours, agreement, memberships, and what is not on record."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from analysis.figures import style
from analysis.figures.captions import say
from analysis.figures.recognition import dossier, recognition_map

UNTIL = "2026-11-22"
SEEN = pd.Timestamp(UNTIL)
SOURCES = pd.DataFrame({"source_id": ["S"], "publisher": ["A"], "title": ["A list"], "year": ["1999"]})


@pytest.fixture(scope="module")
def stances():
    table = {"iso3": ["PSE", "JOR"], "name": ["Palestine", "Jordan"], "ISR": [False, True], "PSE": [None, True]}
    return pd.DataFrame(table).astype({"ISR": "boolean", "PSE": "boolean"})


@pytest.fixture(scope="module")
def compared(stances):
    rows = [
        ("SLB", "Solomon Islands", "sea", 171.2, 1.0, "", False, True),
        ("JOR", "Jordan", "land", 0.0, 0.5, "ISR", True, True),
    ]
    columns = ["iso3", "name", "basis", "distance_km", "similarity", "differing", "ISR", "PSE"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture(scope="module")
def alignment():
    rows = [
        ("NIC", 1962, 0.7, None, None, 1.2),
        ("NIC", 1963, 0.9, None, 0.8, 1.1),
        ("NIC", 1965, 0.8, None, 0.9, 1.0),
        ("NIC", 2019, 0.2, 0.9, 0.25, -0.91),
        ("NIC", 2023, None, None, None, -1.04),
    ]
    columns = ["iso3", "year", "agree_usa", "agree_chn", "agree_isr", "ideal_point"]
    return pd.DataFrame(rows, columns=columns).astype({"year": "Int64"})


@pytest.fixture(scope="module")
def squares(stances, compared):
    return dossier.plot_answers_by_neighbour(stances, compared, "PSE", UNTIL)


def test_squares_have_the_colour_of_the_entity_where_it_is_recognised_and_are_white_for_itself(squares):
    squares.draw_without_rendering()
    axes = squares.axes[0]
    colours = axes.collections[0].get_facecolor()[:, :3].reshape(3, 2, 3)
    assert colours[2, 0].tolist() == pytest.approx(to_rgb(style.ENTITY_COLOURS["ISR"]))
    assert colours[0, 0].tolist() == pytest.approx(to_rgb(style.EMPTY))
    assert colours[0, 1].tolist() == [1, 1, 1]
    ticks = {text.get_position(): text.get_color() for text in axes.texts if text.get_text() == "✓"}
    assert list(ticks) == [(1.5, 1.5), (0.5, 2.5), (1.5, 2.5)]
    assert ticks[0.5, 2.5] == style.readable_ink(style.ENTITY_COLOURS["ISR"])


def test_rows_name_the_neighbours_with_their_border_and_likeness(squares):
    axes = squares.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "Palestine", "Solomon Islands (sea, 171 km)", "Jordan (land)",
    ]  # fmt: skip
    beside = [text.get_text() for text in axes.texts if text.get_position()[0] > 2]
    assert beside == ["alike", "100 %", "50 %"]
    assert not plt.get_fignums()


def test_nothing_of_the_squares_is_cut_off(squares, assert_words_can_be_read):
    assert_words_can_be_read(squares)
    for text in squares.axes[0].texts:
        assert text.get_window_extent().x1 <= squares.axes[0].get_window_extent().x1 + 1


def say_neighbours(compared, alike):
    return say("dossier.neighbours", dossier.facts_of_neighbours(compared, alike, "PSE"))


def test_the_sentence_names_the_most_and_the_least_alike_neighbour(compared):
    alike = pd.DataFrame({"name": ["Vanuatu", "Nepal"]})
    assert say_neighbours(compared, alike) == (
        "Of 2 neighbours, the Solomon Islands answers most like Palestine (alike 100 %), Jordan least (alike 50 %; not on "
        "Israel). The same profile: Nepal and Vanuatu."
    )
    assert "20 other states" in say_neighbours(compared, pd.DataFrame({"name": ["A"] * 20}))
    twelve = [f"State {number}" for number in range(10, 22)]
    every = say_neighbours(compared, pd.DataFrame({"name": twelve}))
    assert every.endswith(f"The same profile: {', '.join(twelve[:-1])} and State 21.")
    nobody = say_neighbours(compared.iloc[:0], alike.iloc[:0])
    assert nobody == "No neighbour of Palestine is on record. No other state has the same profile."


def test_years_without_votes_are_gaps_and_the_end_of_the_series_is_marked(alignment):
    figure = dossier.plot_agreement_by_partner(alignment, "NIC")
    keys = [text.get_text() for text in figure.legends[0].get_texts()]
    assert keys == ["with the United States", "with China", "with Israel", "no data after 2019"]
    runs = {colour: [] for colour in style.AGREEMENT_COLOURS.values()}
    for line in figure.axes[0].get_lines():
        runs[line.get_color()].append(line.get_xdata().tolist())
    assert list(runs.values()) == [[[1962, 1963], [1965], [2019]], [[2019]], [[1963], [1965], [2019]]]
    shares = [share for line in figure.axes[0].get_lines() for share in line.get_ydata().tolist()]
    assert shares == [0.7, 0.9, 0.8, 0.2, 0.9, 0.8, 0.9, 0.25]


def test_agreement_is_described_for_the_last_year_on_record(alignment):
    assert say("dossier.agreement", dossier.facts_of_agreement(alignment, "NIC")) == (
        "In 2019 Nicaragua agreed with the United States on 20 %, China on 90 % and Israel on 25 % of the "
        "roll calls.\n\nAn abstention counts as half. Its ideal point was -1.04 in 2023; a higher one is nearer to the United States. "
        "Agreement is on record until 2019; nothing is carried forward."
    )
    nothing = say("dossier.agreement", dossier.facts_of_agreement(alignment, "XKX"))
    assert nothing == "No roll call of Kosovo is on record. The series ends in 2019."


def test_what_is_not_on_record_is_said_and_drawn_as_such(alignment, stances, compared):
    for figure in (
        dossier.plot_agreement_by_partner(alignment, "XKX"),
        dossier.plot_answers_by_neighbour(stances, compared.iloc[:0], "PSE", UNTIL),
    ):
        assert [text.get_text() for text in figure.axes[0].texts] == ["Nothing on record"]


def test_a_table_without_rows_is_said_to_hold_nothing(monkeypatch):
    said, shown = [], []
    monkeypatch.setattr(dossier, "display", lambda output: said.append(output.data))
    monkeypatch.setattr(dossier, "show_table", lambda table, title: shown.append((len(table), title)))
    dossier.show_rows(pd.DataFrame({"Since": []}), "Memberships")
    dossier.show_rows(pd.DataFrame({"Since": ["1949"]}), "Memberships")
    assert (said, shown) == (["Nothing on record."], [(1, "Memberships")])


def introduce(state, ties, members):
    return say("dossier.introduction", dossier.facts_of_introduction(pd.Series(state), ties, members))


def test_a_state_is_introduced_with_its_seat_and_how_much_is_on_record():
    state = {"iso3": "XKX", "un_subregion": "Southern Europe", "capital": "Pristina", "population": None}
    state |= {"population_year": None, "seat_since": pd.NaT, "seat_until": pd.NaT}
    ties = pd.DataFrame({"entity": ["PSE", "ISR"], "end": pd.to_datetime([None, "2020-01-01"])})
    members = pd.DataFrame({"end": [None, "1999"]})
    assert introduce(state, ties, members) == (
        "Kosovo (Southern Europe; capital Pristina) holds no seat in the United Nations. Ties with 2 of the 15 entities are "
        "on record, with 1 of them today; it belongs to 1 of the organisations followed."
    )
    seat = {"seat_since": pd.Timestamp("1945-10-24"), "seat_until": pd.Timestamp("1971-10-25")}
    former = introduce(state | seat, ties, members)
    assert "held a seat in the United Nations from 24 October 1945 to 25 October 1971" in former
    bare = introduce(state, ties.iloc[:0], members.iloc[:0])
    assert bare.endswith("No tie of it with any of the 15 entities is on record.")


def make_tie(entity, kind, begin, end=None, implied=False):
    tie = {"recogniser": "NIC", "entity": entity, "kind": kind, "begin": pd.Timestamp(begin), "implied": implied}
    return tie | {"begin_precision": "day", "end": pd.Timestamp(end) if end else pd.NaT, "end_precision": "day"}


def test_the_answer_says_how_a_state_stands_towards_the_four_and_since_when():
    ties = [make_tie("TWN", "relations", "1990-11-06", "2021-12-10"), make_tie("CHN", "relations", "2021-12-10")]
    ties += [make_tie("ISR", "recognition", "1948-05-15"), make_tie("ISR", "relations", "2017-03-28", "2024-10-11")]
    seen = dict.fromkeys(dossier.FOUR, SEEN)
    acts = {"entity": ["CHN", "ISR"], "kind": ["relations", "recognition"], "date": ["2021-12-10", "1948-05-15"]}
    acts = pd.DataFrame(acts | {"confidence": ["high", "low"], "note": [None, "unconfirmed: general knowledge"]})
    short, sure = say("dossier.in_short", dossier.facts_of_answer(pd.DataFrame(ties), acts, 1, "NIC", seen)).split(
        "\n\n"
    )
    assert short.startswith(
        "Nicaragua had relations with the Republic of China (Taiwan) until 10 December 2021, has had relations with the "
        "People's Republic of China since 10 December 2021, has recognised Israel since 15 May 1948 (relations ended 11 "
        "October 2024) and has nothing on record towards Palestine (Figure 1)."
    )
    assert (
        "Ties with 2 of the 15 entities stand today (the People's Republic of China and Israel), and with 1 more they "
        "stood once (the Republic of China (Taiwan))." in short
    )
    assert sure.startswith(
        "Behind this stand 2 dated acts: 1 of high confidence, 1 of low (1 seen in no source); on 1 date "
        "sources disagree. If only acts of high confidence count, 1 of the 2 ties of today stand."
    )
    nothing = say("dossier.in_short", dossier.facts_of_answer(pd.DataFrame(ties).iloc[:0], acts, 0, "TWN", seen))
    assert nothing.startswith("No tie of Taiwan with any of the 15 entities is on record (Figure 1).")


def test_how_an_entity_is_recognised_is_drawn_and_for_other_states_it_is_said_that_it_is_not_followed(monkeypatch):
    shown, said = [], []
    monkeypatch.setattr(dossier.style, "show", lambda figure, sentence, data: shown.append(sentence))
    monkeypatch.setattr(dossier, "display", lambda output: said.append(output.data))
    monkeypatch.setattr(recognition_map, "display", lambda output, raw: said.append(output["text/plain"]))
    counts = pd.DataFrame({"rule": ["net"], "day": pd.to_datetime(["2008-02-18"]), "count": [10]})
    columns = ["day", "count", "states", "measure", "expected_difference", "source_id", "reason"]
    published = pd.DataFrame(columns=columns).astype({"day": "datetime64[us]"})
    dossier.show_received(counts, published, SOURCES, "XKX", UNTIL, SEEN)
    dossier.show_received(counts.iloc[:0], published, SOURCES, "NIC", UNTIL, SEEN)
    assert shown[0].startswith("10 ")
    assert said == ["The data do not follow who recognises Nicaragua: it is none of the 15 entities."]
    dossier.show_received(counts.iloc[:0], published, SOURCES, "XKX", UNTIL, SEEN)
    assert said[1].startswith("No act of recognition towards Kosovo") and said[2] == "Nothing on record."
    assert len(shown) == 1


def test_memberships_and_disputes_are_laid_out():
    member = {"organisation": "NATO", "start": "1952-02-18", "end": None, "confidence": "high", "source_id": "S"}
    member |= {"claim_id": "TUR-NATO"}
    table = dossier.table_of_members(pd.DataFrame([member]), SOURCES)
    assert table.loc["NATO"].tolist() == ["1952-02-18", "", "high", "A, 1999", "TUR-NATO"]
    dispute = {"recogniser": "NIC", "entity": "TWN", "date_used": "1990", "date_alternative": "1991"}
    table = dossier.table_of_disputes(pd.DataFrame([dispute | {"alternative_source": "S", "why": "w"}]), "NIC", SOURCES)
    assert table.index.tolist() == ["Republic of China (Taiwan)"]


def test_a_vote_that_is_not_on_record_says_so():
    votes = pd.DataFrame({"resolution": ["A/RES/46/86"], "iso3": ["ISR"], "vote": ["yes"]})
    totals = {"resolution": ["A/RES/46/86"], "date": ["1991-12-16"], "total_yes": [111], "total_no": [25]}
    table = dossier.table_of_votes(votes, pd.DataFrame(totals | {"total_abstain": [13]}), ["ISR", "XKX"])
    assert table.loc["1991-12-16", ["Israel", "Kosovo"]].tolist() == ["yes", "no vote on record"]
    assert say("dossier.votes", dossier.facts_of_votes(votes, "ISR")) == "On the 9 key texts, Israel voted yes 1 time."
    said = say("dossier.votes", dossier.facts_of_votes(votes, "XKX"))
    assert said == "On the 9 key texts, no vote of Kosovo is on record."
