"""Figures of reach and coverage: what stands on them, and that nothing overlaps or is cut off."""

from functools import cache
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pytest
from matplotlib.collections import LineCollection

from analysis.air_defence.facts import coverage, envelope, programme
from analysis.air_defence.facts.choices import ARCHITECTURES, PROGRAMME_STATES, THREAT_CLASSES
from analysis.figures import style
from analysis.figures.air_defence import brief, reach
from analysis.figures.air_defence import coverage as figures
from analysis.figures.captions import say
from analysis.figures.words import CLAIMS_OF, cite
from analysis.tables import load_facts

PAIR = ("israel_2025", "taiwan_tdome_planned")
THREE = ("israel_2025", "taiwan_pre_tdome", "taiwan_tdome_planned")


def calculate(architectures, minimum_confidence):
    """Everything that the figures take, from the real tables."""
    load = load_facts("air_defence")
    frames = SimpleNamespace(minimum_confidence=minimum_confidence, sources=load.sources)
    frames.limits = envelope.published_limits(load, minimum_confidence)
    frames.spans = envelope.altitude_spans(frames.limits, load["assumptions"])
    frames.envelopes = envelope.range_altitude_envelopes(frames.limits, frames.spans)
    frames.bands = envelope.altitude_bands(load["assumptions"])
    frames.members = coverage.list_members(load, architectures)
    frames.unnamed = coverage.left_unnamed(load)
    frames.states = coverage.overall_states(frames.members)
    ratings = load["systems"], load["capability"], minimum_confidence
    frames.matrix = coverage.capability_matrix(*ratings)
    frames.confirmed = coverage.capability_matrix(*ratings, confirmed_only=True)
    frames.placed = coverage.place_systems(frames.members, frames.matrix, frames.spans, load["threats"], frames.bands)
    frames.cells = coverage.coverage_by_band(frames.placed, architectures, load["threats"], frames.bands)
    frames.classes = coverage.coverage_by_class(frames.placed, frames.cells)
    frames.properties = coverage.published_properties(load["threats"])
    return frames


@cache
def draw(architectures, minimum_confidence):
    """The frames of a choice of parameters, and the five figures of the notebook, each with its sentence."""
    frames = calculate(list(architectures), minimum_confidence)
    rated = frames.matrix, frames.confirmed, frames.members, minimum_confidence
    both, heights = (frames.envelopes, frames.members), (frames.spans, frames.states)
    drawn = {
        "altitudes": (
            reach.plot_altitude_by_system(frames.spans, frames.limits, frames.states),
            say("reach.altitude", reach.facts_of_altitude(*heights)),
        ),
        "envelopes": (
            reach.plot_envelope_by_system(*both),
            say("reach.envelope", reach.facts_of_envelope(*both)),
        ),
        "capability": (
            figures.plot_capability_by_system(*rated),
            say("coverage.capability", figures.facts_of_capability(*rated)),
        ),
        "classes": (
            figures.plot_properties_by_class(frames.properties),
            say("coverage.properties", figures.facts_of_properties(frames.properties)),
        ),
        "bands": (
            figures.plot_coverage_by_band(frames.cells, frames.classes, frames.bands, minimum_confidence),
            say("coverage.bands", figures.facts_of_bands(frames.classes, minimum_confidence)),
        ),
    }
    return SimpleNamespace(frames=frames, drawn=drawn)


@pytest.fixture(scope="module")
def three():
    """Frames and figures of three architectures."""
    yield draw(THREE, "low")
    draw.cache_clear()


def words_of(figure):
    return [text.get_text() for text in figure.findobj(plt.Text) if text.get_visible() and text.get_text().strip()]


@pytest.mark.parametrize(
    ("architectures", "minimum_confidence"),
    [(PAIR, "low"), (THREE, "low"), (tuple(ARCHITECTURES), "low"), (PAIR, "medium"), (THREE, "high")],
    ids=["two", "three", "six", "medium", "high"],
)
def test_no_text_is_clipped_and_no_two_texts_overlap(architectures, minimum_confidence, assert_words_can_be_read):
    for name, (figure, _) in draw(architectures, minimum_confidence).drawn.items():
        if name != "classes" or (architectures, minimum_confidence) == (THREE, "low"):  # it is the same in all
            assert_words_can_be_read(figure, name)


def test_every_figure_is_closed_and_as_wide_as_a_page(three):
    for figure, _ in three.drawn.values():
        assert figure.get_figwidth() == style.WIDE[0]
        assert not plt.fignum_exists(figure.number)


def test_the_ladder_has_a_bar_for_each_published_ceiling_and_a_row_for_every_system(three):
    figure, _ = three.drawn["altitudes"]
    axes = figure.axes[0]
    spans = three.frames.spans
    assert len(axes.containers) == (spans["status"] == "published").sum()
    assert len(axes.get_yticklabels()) == len(spans)
    assert words_of(figure).count("not published") == (spans["status"] == "not published").sum() == 3


def test_the_ladder_draws_open_arrows_for_at_least_claims_and_hatches_goals(three):
    figure, _ = three.drawn["altitudes"]
    heights = three.frames.limits[three.frames.limits["limit"] == "max_altitude"]
    arrows = [note for note in figure.axes[0].texts if getattr(note, "arrow_patch", None)]
    assert len(arrows) == heights["bound"].isin(["at_least", "demonstrated"]).sum()
    hatched = [bar for bar in figure.axes[0].patches if bar.get_hatch()]
    assert len(hatched) == (three.frames.spans["ceiling_bound"] == "goal").sum() == 1


def test_bars_reach_from_floor_to_ceiling(three):
    figure, _ = three.drawn["altitudes"]
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    bars = {names[round(bar.get_y() + bar.get_height() / 2)]: bar for bar in figure.axes[0].patches}
    assert bars["THAAD"].get_x() == 40
    assert bars["THAAD"].get_x() + bars["THAAD"].get_width() == 150
    assert "Iron Beam" in names
    assert "Iron Beam" not in bars


def panel_of(figure, name):
    """The panel of one system."""
    return next(axes for axes in figure.axes if axes.get_title(loc="left") == name)


def test_each_listed_interceptor_has_a_panel_and_what_is_missing_is_said_in_it(three):
    figure, _ = three.drawn["envelopes"]
    members = three.frames.members
    listed = members[members["state"].isin(list(PROGRAMME_STATES)) & (members["layer"] != "not_applicable")]
    titles = [axes.get_title(loc="left") for axes in figure.axes if axes.get_title(loc="left")]
    assert len(titles) == len(set(titles)) == listed["system_id"].nunique()
    said = {name: [text.get_text() for text in panel_of(figure, name).texts] for name in titles}
    assert said["Arrow 4"] == ["neither\npublished"]
    assert said["Iron Beam"] == said["Skyguard"] == ["height not\npublished"]
    assert said["Chiang Kung IIA"] == ["a goal;\nrange not\npublished"]
    assert said["THAAD"] == []


def test_an_assumed_lower_end_is_drawn_otherwise_than_a_published_one(three):
    ladder, _ = three.drawn["altitudes"]
    pink = plt.matplotlib.colors.to_rgb(style.NO_SOURCE)
    own = [marks for marks in ladder.axes[0].collections if tuple(marks.get_edgecolor()[0][:3]) == pink]
    dashes, guessed = (marks for marks in own)
    spans = three.frames.spans
    assert len(dashes.get_segments()) == len(guessed.get_offsets()) == spans["floor_assumed"].sum() > 0
    envelopes, _ = three.drawn["envelopes"]
    styles = {
        name: {line.get_linestyle() for line in panel_of(envelopes, name).lines} for name in ("Aegis SM-3", "THAAD")
    }
    assert ":" in styles["Aegis SM-3"]
    assert ":" not in styles["THAAD"]


def test_what_arrives_or_is_retired_is_marked_in_the_ladder_the_matrix_and_the_table(three):
    labels = [label.get_text() for label in three.drawn["altitudes"][0].axes[0].get_yticklabels()]
    assert "Patriot PAC-3 MSE, funded" in labels
    assert "Strong Bow / Chiang Kung I, announced" in labels
    assert "Patriot PAC-2 / GEM-T" in labels  # Taiwan fields it without a reserve
    half = [line for line in three.drawn["capability"][0].axes[0].lines if line.get_fillstyle() == "left"]
    assert sum(len(line.get_xdata()) for line in half) == (three.frames.members["reserve"] != "").sum() == 6
    table = figures.table_of_members(three.frames.members, three.frames.unnamed)
    assert "Patriot PAC-2 / GEM-T (retired from 2024)" in table.loc["Israel, 2025", "Fielded"]
    assert table.loc["Taiwan before T-Dome", "Funded, not fielded"] == "Patriot PAC-3 MSE"
    assert "S-400" not in " ".join(table.to_numpy().ravel())
    plan = table.loc["Taiwan with T-Dome as planned", "Fielded before, not named in the plan"]
    assert plan == "Patriot PAC-2 / GEM-T, Sky Bow II, Antelope, Skyguard"


def test_the_gaps_table_names_bands_of_unknown_height(three):
    table = figures.table_of_gaps(three.frames.classes)
    israel = table.loc[["Israel, 2025"]].query("`Threat class`.str.startswith('Intermediate')")
    assert israel.iloc[0]["Unknown: a rated system without a height there"] == "low, medium, high"
    cells = three.frames.cells
    weak = cells[cells["cover"] != "rated"].drop_duplicates(["architecture_id", "threat_class"])
    assert len(table) == len(weak)


def test_key_numbers_say_in_the_row_what_they_rest_on(three):
    table = figures.table_of_coverage(three.frames.classes, list(THREE))
    assert table.loc["Intermediate-range ballistic missile"].tolist() == [
        "2 of 5",
        "0 of 5",
        "3 of 5 (3 by systems not yet fielded, 3 by announced ones only, 3 seen in no source, 3 by an assumed lower end)",
    ]
    assert table.loc["Tactical aircraft", "Israel, 2025"] == "2 of 2"


@pytest.mark.parametrize("kind", ["altitude", "range"])
def test_the_limits_are_told_in_plain_words(three, kind):
    table = reach.table_of_limits(three.frames.limits, three.frames.states, three.frames.sources, kind)
    words = " ".join(table.astype("str").to_numpy().ravel()) + " ".join(table.columns)
    assert "not stated" in words
    assert not {"not_stated", "n_publishers", "max_altitude", "at_least"} & set(words.split())
    assert "seen in no source" in table["Publishers"].astype("str").tolist()
    assert "S-400 Triumf" not in table.index


def test_the_threats_stand_beside_the_systems_rated_against_them(three):
    rated = coverage.rated_by_class(three.frames.members, three.frames.matrix)
    capability = load_facts("air_defence").capability
    table = figures.table_of_faced(rated, list(THREE), capability)
    assert table.shape == (len(THREAT_CLASSES), 2 * len(THREE))
    furthest = table.loc["Intermediate-range ballistic missile"].tolist()
    assert furthest[1:3] == ["none rated", "limited: Chiang Kung IIA*"]
    assert furthest[-1] == "Chiang Kung IIA = sky_bow_5.irbm"
    named = {
        key.partition(" = ")[2]
        for cells in table.filter(like=CLAIMS_OF)
        for cell in table[cells]
        for key in cell.split("; ")
    }
    assert named - {""} <= set(capability["claim_id"]) and len(named) > 60
    figure, sentence = three.drawn["classes"]
    lines = [marks for axes in figure.axes for marks in axes.collections if isinstance(marks, LineCollection)]
    assert sum(len(bars.get_segments()) for bars in lines) == 3 * len(THREAT_CLASSES)
    assert f"{three.frames.properties['guessed'].sum()} of {3 * len(THREAT_CLASSES)} ranges" in sentence


def test_the_matrix_draws_each_rating_and_the_confirmed_ones_again(three):
    figure, _ = three.drawn["capability"]
    for axes, frame in zip(figure.axes[1:], (three.frames.matrix, three.frames.confirmed), strict=True):
        assert axes.collections[0].get_array().count() == frame["capability"].notna().sum()
    assert len(figure.axes[0].get_yticklabels()) == len(three.frames.states)
    listed = three.frames.members["state"].isin(list(PROGRAMME_STATES)).sum()
    assert sum(len(line.get_xdata()) for line in figure.axes[0].lines if line.get_marker() in ("o", "x")) == listed


def test_the_bands_have_a_cell_for_each_class_and_band_and_name_the_gaps(three):
    figure, _ = three.drawn["bands"]
    cells = three.frames.cells
    assert sum(axes.collections[0].get_array().count() for axes in figure.axes) == len(cells)
    assert words_of(figure).count("gap") == (cells["cover"] == "gap").sum() > 0


def test_sentences_give_the_numbers_of_their_figures(three):
    sentences = {name: sentence for name, (_, sentence) in three.drawn.items()}
    assert "from 3 km (Antelope) to 1,000 km (Aegis SM-3)" in sentences["altitudes"]
    assert "No figure for Arrow 4, Iron Beam and Skyguard" in sentences["altitudes"]
    assert "Iron Beam, Arrow 4, Chiang Kung IIA and Skyguard" in sentences["envelopes"]
    assert f"{three.frames.confirmed['capability'].notna().sum()} were seen in a source" in sentences["capability"]
    assert "systems rated against a class, not engagement opportunities" in sentences["bands"]
    israel = three.frames.classes.set_index("architecture_id").loc["israel_2025"]
    numbers = f"Israel, 2025: {israel['bands_rated'].sum()} of {israel['bands_flown'].sum()} bands"
    assert numbers in sentences["bands"]


def test_a_confidence_without_ratings_is_stated_and_not_drawn_as_an_empty_matrix():
    drawn = draw(THREE, "high").drawn
    for name in ("capability", "bands"):
        figure, sentence = drawn[name]
        assert sentence == "No rating has high confidence, so there is nothing to draw; choose a lower one."
        assert [words.replace("\n", " ") for words in words_of(figure)] == [sentence]
    assert "not at this confidence" in words_of(drawn["altitudes"][0])
    assert [words.replace("\n", " ") for words in words_of(drawn["envelopes"][0])] == [drawn["envelopes"][1]]


def test_who_is_rated_is_counted_by_how_far_it_has_come_and_named(three, assert_words_can_be_read):
    rated = coverage.rated_by_class(three.frames.members, three.frames.matrix)
    for architectures in (list(THREE), [THREE[-1]]):
        figure = figures.plot_rated_by_class(rated, architectures)
        assert figure.get_figwidth() == style.NARROW
        own = rated[rated["architecture_id"].isin(architectures)]
        assert sum(bar.get_width() for axes in figure.axes for bar in axes.patches) == len(own)
        assert_words_can_be_read(figure, "rated")
    said = say("coverage.in_short", figures.facts_of_rated(rated, three.frames.classes, "low"))
    assert ", Patriot PAC-3 MSE (funded, not fielded) and Strong Bow / Chiang Kung I" in said
    assert f"It rests on {len(rated.drop_duplicates(['system_id', 'threat_class']))} ratings" in said
    bands = three.frames.classes.groupby("architecture_id", sort=False)[["bands_rated", "bands_confirmed"]].sum()
    lost = bands.loc[(bands["bands_rated"] - bands["bands_confirmed"]).idxmax()]
    assert f" most: {lost['bands_confirmed']} bands, not {lost['bands_rated']}." in said
    table = figures.table_of_rated(rated, THREE[-1], load_facts("air_defence").capability)
    assert table.loc["Mortar and rocket artillery"].isin(["none", ""]).all()
    assert table.loc["Short-range ballistic missile", "Funded, not fielded"] == "Patriot PAC-3 MSE"
    claims = table.loc["Short-range ballistic missile", "Claims of Funded, not fielded"]
    assert claims == "Patriot PAC-3 MSE = patriot_pac3_mse.srbm"


def test_a_rating_stands_with_who_gave_it_and_who_says_how_far_the_system_has_come(three):
    rated = coverage.rated_by_class(three.frames.members, three.frames.matrix)
    facts = load_facts("air_defence")
    acts = programme.acts_by_element(facts)
    table = brief.table_of_ratings(rated, THREE[-1], "srbm", facts, acts)
    table.index = table.index.str.partition(" (").get_level_values(0)
    assert table.loc["Patriot PAC-3 MSE", "Stage"] == "Funded, not fielded; first delivery reported Jan 2026"
    assert table.loc["Sky Bow III", ["Rated", "Stage", "Claim"]].tolist() == ["primary", "Fielded", "sky_bow_3.srbm"]
    cited = facts.capability.set_index("claim_id")["source_id"]
    assert table.loc["Sky Bow III", "By"] == cite(facts.sources, cited["sky_bow_3.srbm"])
    assert table.loc["Chiang Kung IIA", "By"] == "seen in no source"
    assert "not named in the plan" in table.loc["Patriot PAC-2 / GEM-T", "Stage"]
    assert table["Stage by"].ne("").all() and set(table["Claim"]) <= set(facts.capability["claim_id"])
    assert brief.table_of_ratings(rated.iloc[:0], THREE[-1], "srbm", facts, acts).empty


def test_equal_frames_give_equal_pictures(three, tmp_path):
    for number in (1, 2):
        figure = figures.plot_coverage_by_band(
            three.frames.cells, three.frames.classes, three.frames.bands, minimum_confidence="low"
        )
        figure.savefig(tmp_path / f"{number}.png", metadata={"Software": None})
    assert (tmp_path / "1.png").read_bytes() == (tmp_path / "2.png").read_bytes()
