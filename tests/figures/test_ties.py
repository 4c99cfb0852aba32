"""Figures of ties, exchanges and claimants: what is drawn, what the sentences say, and states without a row."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis.figures import style
from analysis.figures.captions import say
from analysis.figures.recognition import exchanges, histories
from analysis.recognition.facts.choices import ACTS, ENTITIES

UNTIL = "2026-11-22"
SOURCES = pd.DataFrame(
    {"source_id": ["S", "V1", "V2", "O01"], "publisher": ["A", "B", "C", "D"], "title": "", "year": "2025"}
)


def make_tie(recogniser, entity, kind, begin, end=None, **other):
    given = {"begin_precision": "day", "end_precision": "day", "implied": False, "left_truncated": False}
    given |= {"recogniser": recogniser, "entity": entity, "kind": kind, "held_by": recogniser}
    return given | {"begin": pd.Timestamp(begin), "end": pd.Timestamp(end) if end else pd.NaT} | other


@pytest.fixture(scope="module")
def ties():
    rows = [
        make_tie("CAF", "TWN", "relations", "1949-10-01", "1964-11-05", left_truncated=True),
        make_tie("CAF", "TWN", "relations", "1968-04-15", "1976-08-23", begin_precision="month"),
        make_tie("CAF", "ISR", "recognition", "1960-07-01", begin_precision="year"),
        make_tie("CAF", "ISR", "relations", "1960-07-01", implied=True),
    ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def withheld():
    row = {"recogniser": "CAF", "entity": "XKX", "since": "2008", "until": None}
    return pd.DataFrame([row | {"day": pd.Timestamp("2008-07-01"), "until_day": pd.NaT}])


@pytest.fixture(scope="module")
def trips():
    rows = [
        ("1999-07-01", "year", False, "official", True, 0, "mayor"),
        ("2025-04-22", "day", True, "legislators", True, 0, "delegation; received"),
        ("2025-04-23", "day", True, "legislators", True, 0, "second delegation"),
        ("2025-12-15", "month", False, "deputy_minister", False, 1, "deputy foreign minister"),
    ]
    names = ["day", "date_precision", "to_taiwan", "level", "acknowledged", "number", "who"]
    frame = pd.DataFrame(rows, columns=names).assign(day=lambda frame: pd.to_datetime(frame["day"]))
    return frame.assign(date=["1999", "2025-04-22", "2025-04-23", "2025-12"], from_iso3="TWN", to_iso3="ISR", topic="talks",
                        note=["", "", "", "not confirmed"], source_ids="V1")  # fmt: skip


@pytest.fixture(scope="module")
def agreements():
    days = pd.to_datetime(["2011-05-02", "2025-05-15", "2025-09-16"])
    return pd.DataFrame({"day": days, "date_precision": ["day", "month", "day"], "agreements": [15, 34, 34]})


@pytest.fixture(scope="module")
def drawn_ties(ties, withheld):
    return histories.plot_ties_by_entity(ties, withheld, "Ties", UNTIL)


@pytest.fixture(scope="module")
def drawn_exchanges(trips, agreements):
    return exchanges.plot_exchanges_by_level(trips, agreements, "ISR", UNTIL)


def texts_of(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def say_exchanges(*facts):
    return say("exchanges.exchanges", exchanges.facts_of_exchanges(*facts))


def test_each_entity_has_a_lane_in_the_order_of_the_choices_and_a_bar_for_each_time(
    ties, drawn_ties, assert_words_can_be_read
):
    axes = drawn_ties.axes[0]
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == [ENTITIES["TWN"], ENTITIES["ISR"], ENTITIES["XKX"]]
    assert len(axes.patches) == len(ties) + 1
    assert texts_of(drawn_ties) == [
        "recognition", "relations implied by recognition", "relations", "recognition openly withheld",
    ]  # fmt: skip
    assert not plt.get_fignums()
    assert_words_can_be_read(drawn_ties)


def test_with_several_states_a_lane_names_both_sides(ties, withheld):
    both = pd.concat([ties, pd.DataFrame([make_tie("TWN", "ISR", "recognition", "1949-03-15")])], ignore_index=True)
    figure = histories.plot_ties_by_entity(both, withheld.iloc[:0], "Ties", UNTIL)
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert "Republic of China (Taiwan)\ntowards Israel" in names


def test_a_tie_that_goes_on_reaches_the_last_day(drawn_ties):
    axes = drawn_ties.axes[0]
    (recognition_of_israel,) = axes.containers[0]
    assert recognition_of_israel.get_x() + recognition_of_israel.get_width() == pytest.approx(axes.get_xlim()[1])


def test_the_sentence_gives_each_time_as_precisely_as_it_is_known(ties, withheld):
    assert say("histories.ties", histories.facts_of_ties(ties, withheld)) == (
        "The Central African Republic and the Republic of China (Taiwan): relations from 1 October 1949 or before to 5 "
        "November 1964 and from April 1968 to 23 August 1976. The Central African Republic and Israel: recognition since "
        "1960; relations implied by recognition since 1 July 1960. The Central African Republic and Kosovo: recognition "
        "openly withheld since 2008."
    )


def test_the_sentence_names_whose_the_older_ties_were():
    ties = pd.DataFrame([make_tie("CZE", "ISR", "recognition", "1948-05-18", held_by="CSK, CZE")])
    none = pd.DataFrame(columns=["recogniser", "entity", "day", "until_day"])
    sentence = say("histories.ties", histories.facts_of_ties(ties, none))
    assert sentence.endswith("Older ties were those of Czechoslovakia.")


def test_without_a_row_figures_and_sentences_say_that_nothing_is_on_record(ties, withheld, trips, agreements):
    none = ties.iloc[:0], withheld.iloc[:0]
    assert say("histories.ties", histories.facts_of_ties(*none)) == "Nothing is on record."
    empty = histories.plot_ties_by_entity(*none, "Ties", UNTIL)
    unvisited = exchanges.plot_exchanges_by_level(trips.iloc[:0], agreements.iloc[:0], "NRU", UNTIL)
    for figure in (empty, unvisited):
        assert [text.get_text() for text in figure.axes[0].texts] == ["Nothing on record"]
    sentence = say_exchanges(trips.iloc[:0], agreements.iloc[:0], "NRU")
    assert sentence == "No exchange between Taiwan and Nauru is on record."
    nowhere = exchanges.facts_of_offices(pd.DataFrame(columns=["host", "status"]), "NRU")
    assert say("exchanges.offices", nowhere) == "No unofficial office of Taiwan in Nauru is on record."


def test_acts_are_laid_out_with_neutral_names():
    act = {
        "recogniser": "TWN",
        "entity": "ISR",
        "kind": "recognition",
        "act": "recognised",
        "note": None,
        "acted_as": None,
    }
    rows = pd.DataFrame(
        [
            act
            | {"date": "1949-03-12", "date_precision": "month", "confidence": "low", "source_id": "S", "claim_id": "C1"}
        ]
    )
    table = histories.table_of_acts(rows, SOURCES)
    assert table.loc["1949-03"].tolist() == [
        "Republic of China (Taiwan) recognised Israel",
        "low",
        "A, 2025",
        "",
        "C1",
    ]


def test_an_act_of_a_predecessor_stands_under_its_own_name():
    act = {
        "recogniser": "RUS",
        "acted_as": "SUN",
        "entity": "ISR",
        "kind": "relations",
        "act": "ended",
        "note": "six days",
    }
    rows = pd.DataFrame(
        [
            act
            | {"date": "1967-06-10", "date_precision": "day", "confidence": "high", "source_id": "S", "claim_id": "C2"}
        ]
    )
    table = histories.table_of_acts(rows, SOURCES)
    assert table.loc["1967-06-10", "Act"] == "Soviet Union ended relations with Israel"


def test_every_act_of_the_choices_has_its_words():
    assert set(histories.ACTS) == {(kind, act) for kind, acts in ACTS.items() for act in acts}


def test_a_trip_is_one_mark_and_hollow_when_it_was_only_reported(drawn_exchanges, assert_words_can_be_read):
    older, recent = drawn_exchanges.axes[:2]
    assert sum(len(marks.get_offsets()) for marks in older.collections) == 1
    assert sum(len(marks.get_offsets()) for marks in recent.collections) == 3
    faces = {tuple(face) for marks in recent.collections for face in marks.get_facecolors().tolist()}
    assert (1.0, 1.0, 1.0, 1.0) in faces
    assert [text.get_text() for text in recent.texts] == ["1"]
    assert_words_can_be_read(drawn_exchanges)
    assert texts_of(drawn_exchanges) == [
        "from Taiwan (1)", "to Taiwan (2)", "reported, unacknowledged at the time (1, not counted)",
        "1 deputy foreign minister, December 2025",
    ]  # fmt: skip


def test_on_a_telephone_words_and_numbers_of_both_figures_are_read(
    trips, agreements, ties, drawn_exchanges, assert_words_can_be_read
):
    reported = trips.iloc[[3]].assign(day=trips["day"].iloc[3] - pd.Timedelta(days=80))
    near = exchanges.plot_exchanges_by_level(
        pd.concat([trips.iloc[:3], reported, trips.iloc[[3]].assign(number=2)], ignore_index=True),
        agreements,
        "ISR",
        UNTIL,
    )
    for figure in (drawn_exchanges, near):
        assert figure.get_figwidth() == style.NARROW
        assert_words_can_be_read(figure)
    heights = {float(text.xy[1]) for text in near.axes[1].texts}
    assert len(heights) == 2  # a number needs the place of a mark


def test_years_do_not_run_together_beside_names_of_two_sides(ties, withheld, assert_words_can_be_read):
    both = pd.concat([ties, pd.DataFrame([make_tie("TWN", "ISR", "recognition", "1949-03-15")])], ignore_index=True)
    assert_words_can_be_read(histories.plot_ties_by_entity(both, withheld.iloc[:0], "Ties", UNTIL))


def test_marks_that_would_hide_each_other_stand_side_by_side(drawn_exchanges):
    marks = drawn_exchanges.axes[1].collections
    heights = [some.get_offsets()[:, 1] for some in marks if len(some.get_offsets()) == 2]
    assert heights[0][0] != heights[0][1]


def test_agreements_have_a_panel_of_their_own_where_there_are_counts(trips, agreements, drawn_exchanges):
    assert len(drawn_exchanges.axes) == 4
    assert len(exchanges.plot_exchanges_by_level(trips, agreements.iloc[:0], "ISR", UNTIL).axes) == 2
    assert len(exchanges.plot_exchanges_by_level(trips[1:], agreements.iloc[:0], "ISR", UNTIL).axes) == 1


def test_the_sentence_counts_acknowledged_trips_names_the_reported_one_and_says_that_it_is_a_sample(trips, agreements):
    assert say_exchanges(trips, agreements, "ISR") == (
        "3 acknowledged exchanges between Taiwan and Israel are on record, visits, meetings, agreements and statements, "
        "each trip once: 1 from Taiwan and 2 to Taiwan; by level: legislators 2, others 1.\n\nReported, unacknowledged at the time, shown and not counted: 1 deputy foreign "
        "minister, December 2025. Agreements in force, each number by the first count that was published: 15 (2 May 2011), "
        "34 (May 2025). Recent years are drawn wider because more of them is on record; the exchanges are a sample of what "
        "public sources report, and show no growth."
    )


def test_the_table_marks_what_was_only_reported_and_carries_its_note(trips):
    row = exchanges.table_of_exchanges(trips.assign(source_ids="V1, V2"), SOURCES).loc["2025-12"]
    assert row["Source"] == "B, 2025; C, 2025"
    assert row["Acknowledged"] == "reported, unacknowledged at the time"
    assert row["Subject"] == "talks; not confirmed"


@pytest.mark.parametrize(
    ("entities", "words"),
    [
        (["TWN"], "maintains diplomatic relations with the Republic of China (Taiwan)"),
        (["CHN"], "has relations with the People's Republic of China and none with the Republic of China (Taiwan)"),
        (["TWN", "CHN"], "has relations on record with both"),
        ([], "has no relations on record with either"),
    ],
)
def test_in_short_the_relations_of_today_are_named(entities, words, trips, agreements):
    rows = [make_tie("PRY", entity, "relations", "1957-07-08") for entity in entities]
    ties = pd.DataFrame([*rows, make_tie("PRY", "CHN", "relations", "1950-01-01", "1951-01-01")])
    offices = pd.DataFrame({"status": ["open"], "host_office_in_taipei": ["no"]})
    claims = pd.DataFrame({"confidence": ["high"], "note": [None]})
    sentence = say("exchanges.in_short", exchanges.facts_of_partner(ties, offices, trips, agreements, "PRY", claims))
    assert "1 claim: 1 of high confidence (all seen in a source)" in sentence
    assert "with the unacknowledged ones it is 4." in sentence
    assert words in sentence
    assert "Unofficial offices stand on one side." in sentence
    assert "1 more was reported and unacknowledged at the time (the latest: deputy foreign minister" in sentence


def test_an_office_is_described_with_its_counterpart_and_source():
    office = {
        "host": "ISR",
        "office_kind": "TECO",
        "opened_year": 1993,
        "status": "open",
        "host_office_in_taipei": "yes",
    }
    office |= {"host_office_name": "ISECO", "source_id": "O01", "confidence": "high"}
    assert say("exchanges.offices", exchanges.facts_of_offices(pd.DataFrame([office]), "ISR", SOURCES)) == (
        "Taiwan has an unofficial office in Israel (TECO, opened in 1993); Israel has one in Taipei: ISECO (source D, "
        "2025, confidence high)."
    )


def test_claimants_have_their_colours_and_each_turn_of_the_partner_is_marked(ties, assert_words_can_be_read):
    days = pd.to_datetime(["1949-10-01", "1971-01-01"] * 2)
    counts = pd.DataFrame({"entity": ["TWN"] * 2 + ["CHN"] * 2, "day": days, "count": [55, 12, 9, 183]})
    figure = exchanges.plot_relations_by_claimant(counts, ties, "CAF", UNTIL)
    lines = {line.get_label(): line.get_color() for line in figure.legends[0].get_lines()}
    assert [line.get_color() for line in figure.axes[0].get_lines()[:2]] == list(lines.values())[:2]
    assert_words_can_be_read(figure)
    assert lines[ENTITIES["TWN"]] == style.ENTITY_COLOURS["TWN"]
    assert "begun by the Central African Republic" in lines
    assert [text.get_text() for text in figure.axes[0].texts] == ["12", "183", "relations 1968"]
    sentence = say("exchanges.relations", exchanges.facts_of_relations(counts, ties, "CAF", UNTIL))
    assert sentence.startswith("12 states maintained diplomatic relations with the Republic of China (Taiwan)")
    assert sentence.endswith("The Central African Republic has relations with neither of them on record.")


def test_whoever_acts_in_the_tables_has_a_name_so_that_every_caption_can_be_said(trips, agreements):
    from analysis.figures.recognition.words import NAMES
    from analysis.tables import load_table

    world = load_table("recognition/states")
    assert set(world["iso3"]) <= set(NAMES)
    none = pd.DataFrame({"status": [], "host_office_in_taipei": []})
    claims = pd.DataFrame({"confidence": ["high"], "note": [None]})
    for partner in ["COK", "DDR", "EAZ", "NIU", "RVN", "YMD"]:
        name = world.set_index("iso3").loc[partner, "name"]
        ties = pd.DataFrame([make_tie(partner, "CHN", "relations", "1964-01-01")])
        short = say(
            "exchanges.in_short",
            exchanges.facts_of_partner(ties, none, trips.iloc[:0], agreements.iloc[:0], partner, claims),
        )
        assert short.removeprefix("The ").startswith(name)
        assert name in say("exchanges.exchanges", exchanges.facts_of_exchanges(trips, agreements, partner))
        assert name in say("histories.ties", histories.facts_of_ties(ties, pd.DataFrame(columns=ties.columns)))
        assert name in histories.title_ties(partner)
