"""The recognition map's figures: what is drawn, what the sentences say, and how tables are laid out."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.dates import num2date

from analysis.figures import style
from analysis.figures.captions import say
from analysis.figures.recognition import recognition_map
from analysis.recognition.facts.choices import ENTITIES
from analysis.recognition.timelines import STATUSES

NAMES = ["rule", "day", "count"]
SEEN = pd.Timestamp("2025-12-19")
SOURCES = pd.DataFrame({"source_id": ["S1", "S2", "S3"], "publisher": ["A", "B", "C"], "title": "", "year": "2012"})
RULED = ("net", "undisputed", "gross")


@pytest.fixture(scope="module")
def counts():
    rows = [
        ("net", "2008-02-18", 10), ("net", "2015-01-01", 60), ("net", "2019-01-01", 50),
        ("undisputed", "2008-02-18", 10), ("undisputed", "2015-01-01", 60),
        ("gross", "2008-02-18", 10), ("gross", "2015-01-01", 62),
        ("UN members", "2008-02-18", 9), ("UN members", "2015-01-01", 58),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=NAMES).astype({"day": "datetime64[us]"})


@pytest.fixture(scope="module")
def published():
    rows = [
        ("2012-01-01", 12, "all", "current", "net", -2, "claims that were dropped", "S1"),
        ("2016-01-01", 58, "un_members", "current", "net", 0, None, "S2"),
        ("2020-01-01", 62, "all", "ever", "gross", 0, None, "S3"),
    ]
    columns = ["date", "count", "states", "measure", "rule", "expected_difference", "reason", "source_id"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(day=pd.to_datetime(frame["date"]), claim_id=["A", "B", "C"])


def draw(counts, published, **choices):
    question = {"entity": "XKX", "kind": "recognition", "rule": "net", "on": "2020-01-01", "until": "2026-11-22"}
    return recognition_map.plot_count_by_rule(counts, published, **(question | choices))


@pytest.fixture(scope="module")
def drawn(counts, published):
    """The figure under each rule."""
    return {rule: draw(counts, published, rule=rule) for rule in RULED}


def labels(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_a_line_is_drawn_for_each_rule_and_the_chosen_one_has_the_colour_of_the_entity(drawn):
    lines = {line.get_label().split(":")[0]: line for line in drawn["undisputed"].axes[0].get_lines()}
    assert list(lines) == ["net", "undisputed", "gross", "undisputed, UN members only", "1 January 2020"]
    assert lines["undisputed"].get_color() == style.ENTITY_COLOURS["XKX"]
    assert lines["undisputed"].get_linewidth() > lines["net"].get_linewidth()


def test_lines_are_steps_that_hold_until_the_last_day(drawn):
    line = drawn["net"].axes[0].get_lines()[0]
    assert list(line.get_ydata()) == [10, 60, 50, 50]
    assert num2date(line.get_xdata()[-1]).date().isoformat() == "2026-11-22"
    assert line.get_drawstyle() == "steps-post"


def test_a_rule_that_never_differs_from_the_chosen_one_has_no_line_of_its_own(counts, published):
    same = counts.assign(rule=counts["rule"]).query("rule in ['net']")
    both = pd.concat([same, same.assign(rule="undisputed")], ignore_index=True)
    assert not any(label.startswith("undisputed") for label in labels(draw(both, published)))


def test_published_totals_are_points_by_what_they_count(drawn):
    marks = drawn["net"].axes[0].collections
    points = {points.get_label(): points.get_offsets().data[:, 1].tolist() for points in marks}
    assert points == {
        "published total, all states": [12],
        "published total, UN members": [58],
        "published total, ever up to that day": [62],
    }


def test_the_time_axis_reaches_the_chosen_day_on_either_side(counts, published, drawn):
    early = draw(counts, published, on="2008-02-17").axes[0].get_xlim()[0]
    late = draw(counts, published, on="2030-01-01").axes[0].get_xlim()[1]
    plain = drawn["net"].axes[0].get_xlim()
    assert early < plain[0]
    assert late > plain[1]


def test_ties_with_taipei_are_drawn_from_october_1949(counts, published):
    old = pd.DataFrame([("net", "1930-01-01", 3), ("net", "1949-10-01", 55)], columns=NAMES)
    figure = draw(old.astype({"day": "datetime64[us]"}), published, entity="TWN", kind="relations")
    assert num2date(figure.axes[0].get_xlim()[0]).date().isoformat() == "1949-10-01"


def test_an_empty_count_is_drawn_with_whole_numbers(counts, published):
    figure = draw(counts.iloc[:0], published.iloc[:0])
    figure.canvas.draw()
    assert figure.axes[0].get_ylim()[1] >= 5
    assert all(float(tick).is_integer() for tick in figure.axes[0].get_yticks())


def test_axes_carry_words_the_title_the_entity_and_the_figure_is_closed(drawn):
    axes = drawn["net"].axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Year", "States")
    assert drawn["net"].get_suptitle() == "How many states recognised Kosovo"
    assert not plt.get_fignums()


@pytest.mark.parametrize("rule", RULED)
def test_nothing_is_cut_off_at_the_edge(drawn, rule, assert_words_can_be_read):
    assert_words_can_be_read(drawn[rule])
    assert drawn[rule].axes[0].get_window_extent().height > drawn[rule].bbox.height / 3


def say_count(counts, published, on):
    facts = recognition_map.facts_of_count(counts, published, SOURCES, "XKX", "recognition", "net", on)
    return say("recognition_map.count", facts)


def test_the_sentence_gives_the_count_the_highest_one_and_the_furthest_published_total(counts, published):
    sentence = say_count(counts, published, "2020-01-01")
    assert sentence == (
        "50 states recognised Kosovo on 1 January 2020 (states with it that day). 2 of 3 published totals, of all years, "
        "equal ours by the rule that each source states; the furthest is 12, ours 10, for 1 January 2012.\n\nThe highest count up to then was 60, from 1 January 2015. "
        "The furthest total is by A, 2012."
    )


def test_a_day_before_any_act_has_no_state(counts, published):
    sentence = say_count(counts, published.iloc[:0], "2008-02-17")
    assert sentence == (
        "No state recognised Kosovo on 17 February 2008 (states with it that day). No published total is on record."
    )


def test_a_count_after_the_last_page_seen_says_when_that_was(counts, published):
    facts = recognition_map.facts_of_count(
        counts, published, SOURCES, "XKX", "recognition", "net", "2026-01-01", seen=SEEN
    )
    assert "as last seen on 19 December 2025 (states with it that day)" in say("recognition_map.count", facts)
    early = recognition_map.facts_of_count(
        counts, published, SOURCES, "XKX", "recognition", "net", "2020-01-01", seen=SEEN
    )
    assert "last seen" not in say("recognition_map.count", early)


def test_bounds_are_a_band_and_its_widest_day_is_said(counts, published):
    days = pd.to_datetime(["2009-01-01", "2015-01-01"])
    bounds = pd.DataFrame({"day": days, "low": [9, 50], "high": [10, 62]})
    band = [
        part
        for part in draw(counts, published, bounds=bounds, seen=SEEN).axes[0].collections
        if "bounds" in part.get_label()
    ]
    assert band[0].get_datalim(band[0].axes.transData).y1 == 62
    choice = (counts, published, SOURCES, "XKX", "recognition", "net")
    late = recognition_map.facts_of_count(*choice, "2020-01-01", bounds=bounds)
    assert "open by up to 12: 50 to 62 on 1 January 2015" in say("recognition_map.count", late)
    early = recognition_map.facts_of_count(*choice, "2010-01-01", bounds=bounds)
    assert "open by up to 1: 9 to 10" in say("recognition_map.count", early)


def test_relations_that_only_follow_from_recognition_have_no_day():
    found = pd.DataFrame({"recogniser": ["PLW"], "begin": pd.to_datetime(["1994-10-01"]), "precision": ["year"],
                          "source_id": ["S1"], "confidence": ["low"], "implied": [True],
                          "claim_id": ["A"]})  # fmt: skip
    states = pd.DataFrame({"iso3": ["PLW"], "name": ["Palau"]})
    tables = [
        recognition_map.table_of_recognisers(found, states, SOURCES, kind) for kind in ("relations", "recognition")
    ]
    assert [table["Since"].item() for table in tables] == ["not on record", "1994"]


def test_the_table_of_differences_holds_the_totals_that_differ_and_ours_beside_them(published):
    table = recognition_map.table_of_differences(published, SOURCES)
    assert table.index.tolist() == ["2012-01-01"]
    assert table[["Published", "Ours", "Why"]].iloc[0].tolist() == [12, 10, "claims that were dropped"]


def test_the_table_of_states_writes_dates_as_precisely_as_they_are_known():
    found = pd.DataFrame(
        {
            "recogniser": ["PLW", "BLZ", "HTI"],
            "begin": pd.to_datetime(["1999-12-15", "1989-10-11", "1956-07-01"]),
            "precision": ["month", "day", "year"],
            "source_id": ["S1", "S2", "S3"],
            "claim_id": ["A", "B", "C"],
            "confidence": ["high", "medium", "low"],
            "implied": [False, False, True],
        }
    )
    states = pd.DataFrame({"iso3": ["PLW", "BLZ", "HTI"], "name": ["Palau", "Belize", "Haiti"]})
    title = (
        "A title that is long, as those of lists in the archives of ministries often are, and has its end where it ends"
    )
    sources = SOURCES.assign(title=[title, "B", "C"], year=pd.array(["2020", None, "1999"], dtype="str"))
    table = recognition_map.table_of_recognisers(found, states, sources, "relations")
    assert table.index.tolist() == ["Belize", "Haiti", "Palau"]
    assert table["Since"].tolist() == ["1989-10-11", "not on record", "1999-12"]
    assert table["Known by"].tolist() == ["act", "implied by recognition", "act"]
    assert table["Source"].tolist()[:2] == ["B, no date: B", "C, 1999: C"]
    assert table["Source"]["Palau"] == f"A, 2020: {title}"  # whole, in the table and so in its CSV


@pytest.mark.parametrize("kind", STATUSES)
@pytest.mark.parametrize("entity", ENTITIES)
def test_every_status_of_every_entity_has_a_colour_of_its_own_in_legend_order(entity, kind):
    every = pd.DataFrame({"status": list(STATUSES[kind].values())[::-1]})
    colours = recognition_map.status_colours(every, entity, kind)
    assert list(colours) == list(STATUSES[kind].values())
    assert len(set(colours.values())) == len(colours)
    assert next(iter(colours.values())) == style.ENTITY_COLOURS[entity]


def test_a_status_that_nobody_has_is_left_out_of_the_legend():
    some = pd.DataFrame({"status": ["recognises", "no recognition on record"]})
    assert list(recognition_map.status_colours(some, "PSE", "recognition")) == [
        "recognises",
        "no recognition on record",
    ]


def test_a_day_after_the_last_page_seen_is_warned_of_and_one_before_is_not(counts):
    assert recognition_map.find_limits("XKX", "recognition", "2025-12-19", SEEN, counts) == []
    (warning,) = recognition_map.find_limits("XKX", "recognition", "2026-11-23", SEEN, counts)
    assert warning.startswith("Ties with Kosovo were last seen on 19 December 2025: acts after that day, up to 23 Nov")
    (warning,) = recognition_map.find_limits("XKX", "recognition", "2026-11-23", pd.NaT, counts)
    assert "from general knowledge" in warning


def test_a_kind_without_acts_names_the_other_kind(counts):
    (warning,) = recognition_map.find_limits("PSE", "relations", "2020-01-01", SEEN, counts.iloc[:0])
    assert "choose kind = recognition" in warning


@pytest.mark.parametrize("entity", ["ARM", "CYP", "KOR", "PRK"])
def test_entities_of_which_only_departures_are_recorded_are_warned_of(counts, entity):
    (warning,) = recognition_map.find_limits(entity, "recognition", "2020-01-01", SEEN, counts)
    assert "not the number of recognisers" in warning


def test_warnings_are_shown_as_a_box_with_a_paragraph_each_and_not_at_all_without_one(monkeypatch):
    shown = []
    monkeypatch.setattr(recognition_map, "display", lambda bundle, raw: shown.append(bundle))
    recognition_map.show_warnings([])
    assert shown == []
    recognition_map.show_warnings(["One < two.", "Three."])
    assert shown[0]["text/html"] == '<div class="warning"><p>One &lt; two.</p><p>Three.</p></div>'
    assert shown[0]["text/plain"] == "One < two.\nThree."


def say_changes(changes, entity="PSE"):
    return say("recognition_map.changes", recognition_map.facts_of_changes(changes, entity, "recognition"))


def say_shares(shares, entity="PSE", kind="recognition", on="2025-12-31"):
    return say("recognition_map.shares", recognition_map.facts_of_shares(shares, entity, kind, on))


def make_shares(*rows):
    frame = pd.DataFrame(rows, columns=["organisation", "members", "with_tie"])
    return frame.assign(share=frame["with_tie"] / frame["members"])


def test_bars_of_waves_add_up_to_what_began_and_ended_one_upon_the_other_without_years_before_1945():
    changes = pd.DataFrame(
        {"year": [1930, 1988, 1988], "un_region": ["Asia", "Asia", "Europe"], "began": [4, 3, 2], "ended": [0, 0, 1]}
    )
    axes = recognition_map.plot_changes_by_region(changes, "PSE", "recognition", "2026-11-22").axes[0]
    heights = [patch.get_height() for patch in axes.patches]
    assert (sum(h for h in heights if h > 0), sum(h for h in heights if h < 0)) == (5, -1)
    assert max(patch.get_y() + patch.get_height() for patch in axes.patches) == 5
    colours = {plt.matplotlib.colors.to_hex(patch.get_facecolor()): patch.get_y() for patch in axes.patches[:2]}
    assert colours == {style.REGION_COLOURS["Asia"]: 0, style.REGION_COLOURS["Europe"]: 3}
    assert "all 5 began in 1988" in say_changes(changes)
    assert "1930" not in say_changes(changes)


def test_a_year_without_a_change_and_a_time_without_any_are_drawn_and_said():
    changes = pd.DataFrame({"year": [1988], "un_region": ["Asia"], "began": [3], "ended": [0]})
    assert say_changes(changes).endswith("all 3 began in 1988. None ended.")
    none = recognition_map.plot_changes_by_region(changes[:0], "PSE", "recognition", "2026-11-22")
    assert not none.axes[0].patches
    assert say_changes(changes[:0]) == "Since 1945 no year begins or ends a tie with Palestine."


def test_shares_name_the_smallest_and_those_of_all():
    shares = make_shares(("Club", 4, 4), ("Pact", 4, 1))
    axes = recognition_map.plot_share_by_organisation(shares, "PSE", "recognition", "2025-12-31").axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Club (4 of 4)", "Pact (1 of 4)"]
    assert [bar.get_width() for bar in axes.patches] == [1, 1, 1, 0.25]
    assert say_shares(shares).endswith("was in Pact: 1 of 4; all members did in 1.\n\nAll members in: Club.")


def test_all_organisations_whose_members_all_have_the_tie_are_named():
    names = [f"Club {number}" for number in range(12)]
    sentence = say_shares(make_shares(*((name, 4, 4) for name in names), ("Pact", 4, 1)))
    assert sentence.endswith(f"All members in: {', '.join(names[:-1])} and Club 11.")


def test_no_member_with_a_tie_and_no_organisation_are_said():
    shares = make_shares(("Club", 4, 0))
    assert "no member of 1 organisation" in say_shares(shares, "PMR")
    assert "none of the organisations" in say_shares(shares[:0], "PMR", on="1945-01-01")


@pytest.mark.parametrize("entity", ENTITIES)
def test_titles_of_waves_stay_within_the_figure_for_the_longest_names(entity):
    changes, shares = pd.DataFrame(columns=["year", "un_region", "began", "ended"]), make_shares()
    for figure in (
        recognition_map.plot_changes_by_region(changes, entity, "relations", "2026-11-22"),
        recognition_map.plot_share_by_organisation(shares, entity, "relations", "2026-11-22"),
    ):
        (title,) = (text for text in figure.texts if text.get_text().startswith(("States that", "Members that")))
        assert title.get_window_extent().x1 <= figure.bbox.x1


def test_where_some_have_no_member_with_a_tie_the_largest_share_is_named():
    shares = make_shares(("Club", 4, 1), ("Pact", 4, 0), ("Five", 5, 0))
    sentence = say_shares(shares, "TWN", "relations", "2026-11-22")
    assert sentence.endswith("was in Club: 1 of 4; no member did in 2.")


def test_refusals_on_a_map_are_said_to_be_those_on_record_alone():
    words = STATUSES["recognition"]
    status = pd.DataFrame({"iso3": ["TWN", "USA"], "status": [words["withheld"], words["none"]]})
    note = recognition_map.note_refusals(status)
    assert note.startswith('"Openly withholds" marks only states of which a source on record says so (Taiwan):')
    assert not recognition_map.note_refusals(status.iloc[1:])


def test_a_single_refusal_is_named_beneath_the_map_that_does_not_mark_it():
    withheld = pd.DataFrame({"recogniser": ["TWN"], "entity": ["PSE"]})
    status = pd.DataFrame({"iso3": ["TWN", "USA"], "status": STATUSES["recognition"]["none"]})
    note = recognition_map.note_refusals(status, withheld, "PSE")
    assert note.startswith("One open refusal is on record, that of Taiwan, and is not marked")
    assert not recognition_map.note_refusals(status, withheld, "XKX")


def test_a_reason_that_many_published_totals_share_is_said(counts, published):
    rows = pd.concat([published.tail(1)] * 3, ignore_index=True).assign(
        expected_difference=-1, reason="counts Malta from 1988; not ours"
    )
    facts = recognition_map.facts_of_count(counts, rows, SOURCES, "XKX", "recognition", "net", "2020-01-01")
    said = say("recognition_map.count", facts)
    assert "0 of 3 published totals" in said and "; 3 of the other 3 alike: counts Malta from 1988." in said
