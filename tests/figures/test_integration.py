"""The figures on the value of integration: what stands on them, and that nothing overlaps or is cut off."""

import re
from collections import Counter
from itertools import cycle
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex

from analysis.air_defence.facts import batteries, coverage, envelope, windows
from analysis.air_defence.facts.choices import ARCHITECTURES
from analysis.air_defence.questions import forces, networks, posterior, staircases
from analysis.figures import style
from analysis.figures.air_defence import integration
from analysis.figures.captions import say
from analysis.tables import load_facts

THREE = ["israel_2025", "taiwan_pre_tdome", "taiwan_tdome_planned"]
PACE = 0.5, 20.0, 7
N_THREATS = 100


def calculate(architectures, classes, networked=True):
    """Everything that the figures take, from the real tables; of windows and times alone where nothing is networked."""
    facts = load_facts("air_defence")
    systems, guesses = facts.systems, facts.assumptions
    limits = envelope.published_limits(facts)
    envelopes = envelope.range_altitude_envelopes(limits, envelope.altitude_spans(limits, guesses))
    members = coverage.list_members(facts, architectures)
    counts = batteries.battery_counts(members, facts)
    levels = posterior.choose_assumptions(guesses, facts.posterior, "calibrated")
    matrix = coverage.capability_matrix(systems[systems["system_id"].isin(counts["system_id"])], facts.capability)
    seen = windows.engagement_windows(matrix, envelopes, facts, classes)
    shooting = staircases.add_single_shot(seen, levels)
    own = batteries.battery_figures(facts)
    frames = SimpleNamespace(seen=seen, times=staircases.value_of_time(shooting, own, 30.0, 3.0, 20.0))
    frames.staircase = staircases.leakage_staircase(shooting, 20.0, 150.0)
    if not networked:
        return frames
    frames.case = networks.worked_case(N_THREATS, 150, 0.7)
    frames.gains = networks.gain_by_shots(N_THREATS, 6.0, [0.2, 0.45, 0.6, 0.7])
    defences = {name: forces.build_defence(name, facts, dict.fromkeys(classes, N_THREATS)) for name in architectures}
    frames.by_layer = networks.coordination_by_layer(networks.rounds_in_place(defences), counts, N_THREATS)
    frames.late = networks.late_by_channels(range(2, 63, 20), [0.0, 10.0], N_THREATS, *PACE)
    frames.pooled = networks.saturation_by_layer(frames.times, counts, N_THREATS, *PACE)
    frames.break_even = networks.break_even_by_layer(frames.by_layer, frames.times, frames.pooled)
    return frames


def draw_all(frames):
    """The figures of the notebook, each with its sentence."""
    failures, times = networks.leakage_by_failure(frames.case), frames.times
    figures = {
        "leakage": integration.plot_leakage_by_reaction(frames.staircase, times),
        "saved_second": integration.plot_saved_second_by_system(frames.staircase, times),
        "gain": integration.plot_gain_by_shots(frames.gains, failures, frames.case),
        "coordination": integration.plot_saved_by_coordination(frames.by_layer, times, N_THREATS),
        "late": integration.plot_late_by_channels(frames.late, N_THREATS),
        "pooling": integration.plot_late_by_pooling(frames.pooled, times, N_THREATS),
    }
    facts = {
        "leakage": integration.facts_of_windows(frames.seen) | integration.facts_of_leakage(times),
        "saved_second": integration.facts_of_saved_second(times),
        "gain": integration.facts_of_gain(frames.case),
        "coordination": integration.facts_of_coordination(frames.by_layer, times, "calibrated"),
        "late": integration.facts_of_late(frames.late, N_THREATS),
        "pooling": integration.facts_of_pooling(frames.pooled, times),
    }
    captions = {"leakage": "stairs"}
    said = {name: say(f"integration.{captions.get(name, name)}", facts[name]) for name in figures}
    return {name: (figure, said[name]) for name, figure in figures.items()}


@pytest.fixture(scope="module")
def three():
    frames = calculate(THREE, ["subsonic_cm", "mrbm"])
    return SimpleNamespace(frames=frames, drawn=draw_all(frames))


def test_a_system_without_rounds_has_no_empty_row_and_is_named(three):
    figure, said = three.drawn["coordination"]
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert "Iron Beam" not in labels and "Iron Dome" in labels
    assert "not drawn, Iron Beam" in said


def test_kill_probabilities_of_a_legend_have_two_digits(three):
    frames = three.frames
    gains = frames.gains.assign(single_shot=frames.gains["single_shot"].replace(0.2, 0.219757))
    axes = integration.plot_gain_by_shots(gains, networks.leakage_by_failure(frames.case), frames.case).axes[0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["0.22", "0.45", "0.6", "0.7"]


@pytest.mark.parametrize(
    ("architectures", "classes"),
    [(THREE, ["subsonic_cm", "mrbm"]), (["israel_2025"], ["srbm"]), (list(ARCHITECTURES), ["tactical_aircraft"])],
    ids=["three", "one", "six"],
)
def test_no_text_is_clipped_and_no_two_texts_overlap(architectures, classes, three, assert_words_can_be_read):
    drawn = three.drawn if architectures == THREE else draw_all(calculate(architectures, classes))
    for name, (figure, _) in drawn.items():
        assert_words_can_be_read(figure, name)


def marks_of(axes):
    """Form (number of corners) and colour of each filled mark of an axes."""
    return [
        (len(form.vertices), to_hex(face))
        for marks in axes.collections
        if isinstance(marks, PathCollection)
        for form, face, _ in zip(cycle(marks.get_paths()), cycle(marks.get_facecolors()), marks.get_offsets())
    ]


def test_every_figure_is_closed_and_as_wide_as_a_page(three):
    for figure, _ in three.drawn.values():
        assert figure.get_figwidth() == style.WIDE[0]
        assert not plt.fignum_exists(figure.number)


def test_each_row_of_the_staircase_has_its_steps_and_both_marks(three):
    figure, _ = three.drawn["leakage"]
    right = figure.axes[1]
    assert len(right.patches) == len(three.frames.staircase)
    marks = Counter(marks_of(right))
    assert list(marks.values()) == [len(three.frames.times)] * 2
    assert [colour for _, colour in marks] == list(style.NETWORK_COLOURS.values())
    assert len({form for form, _ in marks}) == 2


def test_hollow_marks_say_that_the_reach_is_assumed(three):
    guessed = three.frames.times.assign(far_assumed=three.frames.times.index < 3)  # of what is funded none is
    figure = integration.plot_leakage_by_reaction(three.frames.staircase, guessed)
    hollow = [colour for _, colour in marks_of(figure.axes[0]) if colour == "#ffffff"]
    assert len(hollow) == guessed["far_assumed"].sum() == 3


def test_layers_that_engage_all_in_time_are_not_drawn_and_a_raid_without_any_other_is_a_sentence(three):
    figure, _ = three.drawn["pooling"]
    short = three.frames.pooled[three.frames.pooled[["late_apart", "late_networked"]].max(axis=1) >= 0.5]
    rows = short[["system_id", "threat_class"]].drop_duplicates()
    assert len(figure.axes[0].get_yticklabels()) == len(rows) + rows["threat_class"].nunique()
    calm = three.frames.pooled.assign(late_apart=0.0, late_networked=0.0)
    sentence = integration.plot_late_by_pooling(calm, three.frames.times, N_THREATS)
    assert [text.get_text() for text in sentence.findobj(plt.Text) if text.get_text()] == [
        "No layer misses a threat for want of a free channel."
    ]


def test_sentences_give_the_numbers_of_their_figures(three):
    sentences = {name: sentence for name, (_, sentence) in three.drawn.items()}
    assert "Coordination saves 15.4" in sentences["gain"]
    assert "fails in 19 % of raids" in sentences["gain"]
    assert "The network decides 27 s faster by assumption" in sentences["leakage"]
    best = three.frames.by_layer[three.frames.by_layer["architecture_id"] == "israel_2025"]["saved"].max()
    assert f"{best:.1f} leakers saved" in sentences["coordination"]
    assert "raid without end" in sentences["late"]
    assert "966 s more, which only a track from elsewhere could use" in sentences["leakage"]
    gone = say("integration.break_even", integration.facts_of_break_even(three.frames.break_even))
    own = three.frames.break_even.query("architecture_id == 'israel_2025' and gain == 'coordination'")["break_even"]
    some = own[own >= integration.LEAST_GAIN]
    counts = f"{len(some)} of {len(own)} rows (median {100 * some.median():.0f} %)"
    assert 0 < len(some) < len(own) and f"Israel, 2025: evenly spread shots in {counts}" in gone


def test_the_first_figure_counts_the_pairs_that_gain(three, assert_words_can_be_read):
    numbers = networks.key_numbers(three.frames.case, three.frames.by_layer, three.frames.times, three.frames.pooled)
    figure = integration.plot_gaining_by_architecture(numbers)
    own = numbers.iloc[1:]
    freed = own["late apart"] - own["late pooled"]
    widths = [bar.get_width() for bar in figure.axes[0].patches][2 * len(own) :]
    assert widths == [number for pair in zip(own["gaining"], freed, strict=True) for number in pair]
    assert figure.get_figwidth() == style.NARROW
    assert_words_can_be_read(figure, "gaining")


def test_panels_of_every_architecture_keep_their_whole_titles(three, assert_words_can_be_read):
    frames = calculate(list(ARCHITECTURES), ["srbm"])
    figure = integration.plot_saved_by_coordination(frames.by_layer, frames.times, N_THREATS)
    titles = [axes.get_title(loc="left") or axes.get_title() for axes in figure.axes]
    assert [" ".join(title.split()) for title in titles if title] == list(ARCHITECTURES.values())
    assert_words_can_be_read(figure, "coordination")


def test_nothing_gained_is_said_in_words(three):
    flat = three.frames.times.assign(gain=0.0)
    seen = integration.facts_of_windows(three.frames.seen)
    assert "No row gains." in say("integration.stairs", seen | integration.facts_of_leakage(flat))
    assert "saves nothing in any row" in say("integration.saved_second", integration.facts_of_saved_second(flat))


def test_one_threat_and_one_battery_are_no_plural(three):
    one = three.frames.case.copy()
    one["threats"], one["shots"] = 1, 1
    said = say("integration.gain", integration.facts_of_gain(one))
    assert said.startswith("Of 1 threat ") and "each of 1 shot picks" in said
    named = integration.facts_of_coordination(three.frames.by_layer, three.frames.times, "assumed")
    single = {"rounds_best": 1, "batteries_best": 1}
    named["parts"] = [part | {"best": part["best"] | single} for part in named["parts"]]
    assert "with 1 round in place and 1 battery" in say("integration.coordination", named)


def test_the_table_of_failures_has_a_row_a_layer_and_a_column_an_architecture(three):
    table = integration.table_of_break_even(three.frames.break_even, three.frames.times)
    assert len(table) == len(three.frames.times)
    assert list(table.columns) == ["against", *(ARCHITECTURES[name] for name in THREE)]
    assert table.loc["Arrow 3", "Israel, 2025"] == "0 · 0 · 0"
    assert table.loc["Iron Beam", "Israel, 2025"].startswith("–")
    assert table.loc["THAAD", "Taiwan before T-Dome"] == ""


def test_the_table_of_times_has_no_bare_infinity(three):
    table = integration.table_of_times(three.frames.times)
    assert len(table) == len(three.frames.times)
    assert "inf" not in set(table["next step, s"])
    assert (table["next step, s"] == "none").any()


def lines_within(axes):
    """Whether every line and mark of a panel ends within its axes."""
    low, high = axes.get_xlim()
    lines = [
        end
        for one in axes.collections
        if isinstance(one, LineCollection)
        for line in one.get_segments()
        for end in line
    ]
    marks = [end for one in axes.collections if isinstance(one, PathCollection) for end in one.get_offsets()]
    assert lines and marks
    return all(low <= float(end[0]) <= high for end in [*lines, *marks])


def test_no_panel_cuts_the_spread_of_a_gain_off(three):
    figure, _ = three.drawn["coordination"]
    panels = [axes for axes in figure.axes if axes.get_title("left")]
    assert len(panels) == len(THREE)
    assert all(lines_within(axes) for axes in panels)


def test_windows_of_an_hour_stay_on_the_figure():
    slow = calculate(["israel_2025"], ["owa_drone"], networked=False)
    assert slow.times["window_high_s"].max() > 3_000
    figure = integration.plot_leakage_by_reaction(slow.staircase, slow.times)
    assert lines_within(figure.axes[0])


def test_a_network_that_is_no_faster_and_a_case_without_a_gain_have_sentences_of_their_own(three):
    frames = three.frames
    told = integration.facts_in_short(frames.times, frames.by_layer, frames.pooled, frames.case, "assumed")
    said = say("integration.in_short", told | {"faster_s": 0, "case": frames.case.to_dict() | {"saved": 0.0}})
    assert "Where a network decides as fast as crews alone, its decisions save nothing (Figure 2)." in said
    assert "In the worked case they save nothing." in said
    assert "0 s" not in said


@pytest.mark.parametrize(
    ("inputs", "word"), [("calibrated", "fitted to raids that happened"), ("assumed", "assumed by")]
)
def test_the_answer_counts_rows_as_the_frames_do_and_says_what_kill_probabilities_rest_on(three, inputs, word):
    frames = three.frames
    told = integration.facts_in_short(frames.times, frames.by_layer, frames.pooled, frames.case, inputs)
    said = say("integration.in_short", told)
    assert f"of {len(frames.times)} pairs of a system and a class" in said
    assert "15.4 of 100 threats, is gone where the whole network fails in 19 % of raids" in said
    assert f"Kill probabilities are {word}" in said
    assert ("before the data were changed" in say("integration.in_short", told | {"of_these_data": False})) == (
        inputs == "calibrated"
    )
    assert "before the data" not in said
    for name, rows in frames.pooled.groupby("architecture_id"):
        late, still = (int((rows[column] >= 1).sum()) for column in ("late_apart", "late_networked"))
        assert re.search(rf"{late - still} of {late}( pairs that wait)? \({ARCHITECTURES[name]}\)", said)
