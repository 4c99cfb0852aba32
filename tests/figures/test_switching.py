"""Figures of switches, of overlaps, of how long ties last and of where and when they end."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.figures import style
from analysis.figures.captions import say
from analysis.figures.recognition import switching
from analysis.recognition.facts.choices import END_REASONS
from analysis.recognition.facts.spells import build_spells, find_overlaps, find_switches
from analysis.recognition.survival.comparisons import LogRank, log_rank
from analysis.recognition.survival.curves import (
    Clustering,
    adjust_clusterings,
    clustering,
    compare_clusterings,
    cumulative_incidence,
    incidence_at_days,
    survival_at_ages,
    survival_curve,
)
from analysis.recognition.survival.medians import median_at_bounds
from analysis.tables import load_table

UNTIL = "2026-05-21"


@pytest.fixture(scope="module")
def ties():
    return build_spells(load_table("recognition/events"), load_table("recognition/lineage"))


@pytest.fixture(scope="module")
def placed(ties):
    return ties.merge(load_table("recognition/states")[["iso3", "un_region"]], left_on="recogniser", right_on="iso3")


@pytest.fixture(scope="module")
def switches(ties):
    return find_switches(ties)


def names_of(figure):
    return [label.get_text() for axes in figure.axes for label in axes.get_yticklabels()]


def require_unclipped(figure):
    """Every title, label and legend lies inside the figure."""
    figure.draw_without_rendering()
    boxes = [axes.get_tightbbox() for axes in figure.axes] + [legend.get_window_extent() for legend in figure.legends]
    for box in boxes:
        assert box.x0 >= -1 and box.y0 >= -1
        assert box.x1 <= figure.bbox.x1 + 1 and box.y1 <= figure.bbox.y1 + 1
    assert not plt.get_fignums()


def test_bars_go_up_to_beijing_and_down_to_taipei_with_one_bar_a_year(switches):
    figure = switching.plot_switches_by_year(switches, UNTIL)
    heights = [bar.get_height() for bars in figure.axes[0].containers for bar in bars]
    assert sum(height for height in heights if height > 0) == switches["to_entity"].eq("CHN").sum()
    assert -sum(height for height in heights if height < 0) == switches["to_entity"].eq("TWN").sum()
    require_unclipped(figure)


def test_numbers_of_years_beside_each_other_are_read(switches, assert_words_can_be_read):
    figure = switching.plot_switches_by_year(switches, UNTIL)
    assert_words_can_be_read(figure)
    texts = {text.get_text(): text for text in figure.axes[0].texts}
    assert texts["12"].get_horizontalalignment() == "right"  # the bar at its right is higher


def test_both_ribbons_together_name_every_switcher_once(switches, ties):
    parts = [
        names_of(switching.plot_ties_by_switcher(switches, ties, UNTIL, times)) for times in ("once", "more than once")
    ]
    assert len(parts[0]) + len(parts[1]) == switches["recogniser"].nunique()
    assert not set(parts[0]) & set(parts[1])
    assert {"Senegal", "Central African Republic", "Liberia", "Nicaragua", "Nauru"} <= set(parts[1])


@pytest.mark.parametrize("times", ["once", "more than once"])
def test_no_name_of_a_ribbon_is_cut_off(switches, ties, times):
    require_unclipped(switching.plot_ties_by_switcher(switches, ties, UNTIL, times))


def test_a_time_with_both_lies_in_both_lanes(switches, ties):
    liberia = switches[switches["recogniser"].eq("LBR")]
    bars = switching.plot_ties_by_switcher(liberia, ties, UNTIL, "more than once").axes[0].containers[0]
    taipei = [bar for bar in bars if bar.get_facecolor()[:3] == pytest.approx(plt.matplotlib.colors.to_rgb("#0072b2"))]
    assert len(taipei) == 2 and len(bars) == 5
    assert max(bar.get_y() for bar in taipei) < min(bar.get_y() for bar in bars if bar not in taipei)


def test_an_unknown_number_of_times_is_refused(switches, ties):
    with pytest.raises(ParameterError, match="twice"):
        switching.plot_ties_by_switcher(switches, ties, UNTIL, "twice")


def test_the_sentence_of_the_ribbon_gives_year_and_direction_of_each_switch(switches):
    sentence = say("switching.switchers", switching.facts_of_switchers(switches, "more than once"))
    assert "Nauru 2002, 2005 T, 2024" in sentence
    assert "Nicaragua 1985, 1990 T, 2021" in sentence


def test_no_switch_is_said_to_be_none(switches):
    assert say("switching.switches", switching.facts_of_switches(switches.iloc[:0])) == "No switch is on record."
    assert (
        say("switching.switchers", switching.facts_of_switchers(switches.iloc[:0], "once")) == "No state switched once."
    )


def test_the_table_of_switches_writes_dates_as_precisely_as_they_are_known(switches):
    table = switching.table_of_switches(switches, load_table("recognition/events"), load_table("sources"))
    assert len(table) == len(switches)
    assert table.loc["Honduras", ["To", "Ended", "Began"]].tolist() == ["Beijing", "2023-03-26", "2023-03-26"]
    lengths = switches["begin_precision"].map({"day": 10, "month": 7, "year": 4})
    assert table["Began"].str.len().tolist() == lengths.tolist()


def test_the_longest_overlap_stands_first_and_short_ones_are_left_out(ties):
    overlaps = find_overlaps(ties)
    figure = switching.plot_overlap_by_state(overlaps, load_table("recognition/overlaps"))
    names = names_of(figure)
    assert names[0] == "Liberia, 1993"
    assert len(names) == (overlaps["days"] > 28).sum()
    assert "1,491 days, from 10 August 1993 to 8 September 1997" in say(
        "switching.overlaps", switching.facts_of_overlaps(overlaps)
    )
    require_unclipped(figure)


def test_an_overlap_without_a_documented_cause_says_so():
    overlap = pd.DataFrame({"recogniser": ["LBR"], "begin": pd.to_datetime(["1993-08-10"]), "days": [1491]})
    none = pd.DataFrame(columns=["recogniser", "begin", "type"], dtype="str")
    (legend,) = switching.plot_overlap_by_state(overlap, none).legends[0].get_texts()
    assert legend.get_text() == "circumstances not on record"
    assert say("switching.overlaps", switching.facts_of_overlaps(overlap.iloc[:0])).startswith("No state")


@pytest.mark.parametrize("entity", ["TWN", "CHN"])
def test_survival_has_a_panel_for_each_group_and_its_sentence_the_share_at_an_age(placed, entity):
    curves = survival_curve(placed, entity, by="un_region")
    shares = survival_at_ages(placed, entity, [10, 20, 40], by="un_region")
    figure = switching.plot_survival_by_group(curves, shares, "un_region", entity, "How long ties last")
    assert [axes.get_title(loc="left").split(":")[0] for axes in figure.axes] == sorted(set(curves["un_region"]))
    africa = shares.query("un_region == 'Africa' and age == 20").iloc[0]
    sentence = say("switching.survival", switching.facts_of_survival(curves, shares, "un_region", entity, age=20))
    assert f"Africa {100 * africa['survival']:.0f} %," in sentence
    assert f"Africa {100 * africa['low']:.0f} to {100 * africa['high']:.0f} %, {africa['at_risk']:.0f};" in sentence
    require_unclipped(figure)
    written = {text.get_text() for axes in figure.axes for text in axes.texts}
    assert written == {str(number) for number in shares.dropna(subset=["survival"])["at_risk"]}


def test_a_share_that_nobody_was_watched_to_reach_is_said_to_be_unknown():
    rows = [("Asia", 20, 0.5, 0.1, 0.8, 3), ("Europe", 20, None, None, None, 0), ("Oceania", 20, 0.0, None, None, 0)]
    shares = pd.DataFrame(rows, columns=["un_region", "age", "survival", "low", "high", "at_risk"])
    curves = pd.DataFrame({"ended": [0, 2]})
    sentence = say("switching.survival", switching.facts_of_survival(curves, shares, "un_region", "TWN", age=20))
    assert "Asia 50 %, Europe not known, Oceania 0 %." in sentence
    assert sentence.endswith("Asia 10 to 80 %, 3; Europe no limits, 0; Oceania no limits, 0.")
    table = switching.table_of_shares(shares, "un_region")
    assert table["20 years"].tolist() == ["50 % (10 to 80 %)", "not known", "0 %"]


@pytest.mark.parametrize("entity", ["TWN", "CHN"])
def test_the_answer_says_how_many_switched_and_how_long_half_of_the_ties_last(ties, switches, entity):
    medians = median_at_bounds(ties, entity)
    near = compare_clusterings(ties, entity, {"in time": None, "again": None}, draws=99, seed=7)
    acts, seen = load_table("recognition/events").head(3), pd.Timestamp(UNTIL)
    asked = {"entity": entity, "within_days": 366, "window_days": 366, "seen": seen, "if_longer": 130}
    short, sure = say("switching.in_short", switching.facts_of_answer(switches, acts, medians, near, **asked)).split(
        "\n\n"
    )
    assert short.startswith(f"{len(switches)} switches by {switches['recogniser'].nunique()} states are on record")
    assert ("end within 17.4 years (16.3 to 18.3 as dates allow)" in short) == (entity == "TWN")
    assert ("More than half of the ties with the People's Republic of China still stand" in short) == (entity == "CHN")
    assert "on 21 May 2026." in sure and "with twice as many days there are 130, by acts of high confidence" in sure
    table = switching.table_of_medians(medians)
    found = ["17.4 years", "12.5 years"] if entity == "TWN" else ["more than half still stand"] * 2
    assert table.loc["as used"].tolist() == found


def test_the_table_sets_what_is_counted_beside_what_is_estimated(ties):
    by_day = incidence_at_days(ties, "TWN", ["1970-12-31", "2025-12-31"])
    table = switching.table_of_incidence(by_day)
    last = by_day.query("day == '2025-12-31' and end_reason == 'switch'").iloc[0]
    assert f"{100 * last['raw']:.0f} %" in table.loc["2025-12-31", "As counted"].tolist()
    sentence = say("switching.incidence", switching.facts_of_incidence(by_day, "TWN"))
    assert f"{100 * last['incidence']:.0f} % (" in sentence
    assert f"{100 * last['raw']:.0f} % ({last['ended']})" in sentence
    counted = by_day.query("day == '2025-12-31'")
    lasts = 1 - counted["incidence"].sum()
    assert f"still standing {100 * lasts:.1f} %. As counted, {last['at_risk']} of {last['watched']} stood" in sentence
    nothing = say("switching.incidence", switching.facts_of_incidence(by_day.iloc[:0], "TWN"))
    assert nothing == "No tie with the Republic of China (Taiwan) ended."


@pytest.mark.parametrize("entity", ["TWN", "CHN"])
def test_the_shares_by_reason_and_what_lasts_fill_the_whole(ties, entity):
    figure = switching.plot_incidence_by_reason(cumulative_incidence(ties, entity, clock="calendar"), entity)
    top = max(path.get_paths()[0].vertices[:, 1].max() for path in figure.axes[0].collections)
    assert top == pytest.approx(1)
    assert figure.legends[0].get_texts()[-1].get_text() == "lasts"
    require_unclipped(figure)


@pytest.mark.parametrize("reason", END_REASONS)
def test_every_reason_has_words_and_a_colour_of_its_own(reason):
    rows = {"end_reason": reason, "time": [0.0, 5.0], "incidence": [0.0, 0.4], "low": 0.2, "high": 0.6, "ended": [0, 1]}
    by_day = {"day": ["1960-12-31"], "end_reason": reason, "incidence": 0.4, "low": 0.2, "high": 0.6, "raw": 0.3}
    counted = pd.DataFrame(by_day).assign(ended=3, watched=10, at_risk=6)
    sentence = say("switching.incidence", switching.facts_of_incidence(counted, "TWN"))
    assert sentence.endswith(f"{switching.REASONS[reason]} 40 % (20 to 60 %), 30 % (3).")
    figure = switching.plot_incidence_by_reason(pd.DataFrame(rows), "TWN")
    assert len(figure.legends[0].get_texts()) == 2


def test_endings_are_drawn_beside_what_is_expected(placed):
    test = log_rank(placed, "TWN", "un_region", clock="calendar", draws=200)
    figure = switching.plot_endings_by_group(test, "TWN", "Endings by region")
    expected, ended = figure.axes[0].collections[1:]
    assert ended.get_offsets()[:, 0].tolist() == test.groups["ended"].tolist()
    assert expected.get_offsets()[:, 0].tolist() == pytest.approx(test.groups["expected"].tolist())
    require_unclipped(figure)


@pytest.mark.parametrize(
    ("p_shuffle", "words"),
    [
        (0.2, "20 % of shuffles"), (0.031, "3.1 % of shuffles"), (0.0001, "Fewer than 0.1 % of shuffles"),
        (float("nan"), "Log-rank chi-square 9.0 on 1 degree of freedom, p = 0.003"),
    ],
)  # fmt: skip
def test_the_sentence_says_how_unusual_the_endings_are(p_shuffle, words):
    groups = pd.DataFrame({"ties": [9, 9], "ended": [6, 2], "expected": [4.0, 4.0]}, index=["Africa", "Asia"])
    sentence = say(
        "switching.endings", switching.facts_of_endings(LogRank(groups, 9.0, 1, 0.0027, p_shuffle), "by region")
    )
    assert words in sentence
    assert ("not unusual" in sentence) == (p_shuffle > 0.05)


def test_groups_cut_around_known_events_are_described_and_not_tested():
    groups = pd.DataFrame({"ties": [9, 9], "ended": [6, 2], "expected": [4.0, 4.0]}, index=["before", "after"])
    test = LogRank(groups, 9.0, 1, 0.0027, float("nan"))
    sentence = say("switching.endings", switching.facts_of_endings(test, "by period", descriptive=True))
    assert sentence.startswith(
        "Furthest above what was expected, by period: before, where 6 ties ended and 4.0 would have"
    )
    assert "this describes, and tests nothing." in sentence
    assert "p =" not in sentence


def test_pairs_are_drawn_on_one_scale_and_called_unusual_only_where_they_are(ties):
    tests = {"In time": clustering(ties, "TWN", None, seed=7, draws=200)}
    tests["Like any"] = Clustering(9, 0.4, 9.0, 6.0, 12.0, 10)
    figure = switching.plot_close_pairs_by_test(tests, 366)
    assert names_of(figure) == ["In time", "Like any"]
    sentence = say("switching.close_pairs", switching.facts_of_close_pairs(tests))
    assert sentence.count("not unusual under this shuffle") == 1
    assert sentence.count("unusual under this shuffle") == 2
    adjusted = say("switching.close_pairs", switching.facts_of_close_pairs(adjust_clusterings(tests)))
    assert "Like any: 9 close pairs, where the draws give 9 on average, not unusual under this shuffle." in adjusted
    assert "p = 0.400, q = 0.400. An excess below 33 % would not stand out." in adjusted
    require_unclipped(figure)


def test_a_window_in_which_no_draw_has_a_pair_is_said_without_an_excess():
    tests = {"In time": Clustering(statistic=0, p=1.0, expected=0.0, low=0.0, high=0.0, ended=5)}
    switching.plot_close_pairs_by_test(tests, 1)
    sentence = say("switching.close_pairs", switching.facts_of_close_pairs(tests))
    assert sentence.startswith("In time: 0 close pairs, where the draws give 0 on average")
    assert "excess" not in sentence


def test_statements_are_those_after_the_parting_of_the_states_given(switches):
    recent = switches[switches["begin"] >= "2016-05-20"]
    table = switching.table_of_statements(load_table("recognition/taiwan_exchanges"), recent, load_table("sources"))
    assert set(table["From"]) | set(table["To"]) == {"Taiwan", "Honduras"}
    assert table.index.is_monotonic_increasing
    assert table["Source"].notna().all()


def test_the_two_sides_keep_their_colours_of_the_house(switches):
    bars = switching.plot_switches_by_year(switches, UNTIL).axes[0].containers
    colours = [plt.matplotlib.colors.to_hex(some[0].get_facecolor()) for some in bars]
    assert colours == [style.ENTITY_COLOURS["CHN"], style.ENTITY_COLOURS["TWN"]]
