"""The figures and tables of evidence: what stands on them, and that nothing overlaps or is cut off."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import pytest

from analysis.air_defence.questions import evidence
from analysis.figures import air_defence as figures
from analysis.figures import style
from analysis.figures.air_defence.evidence import NOTHING, name_event
from analysis.tables import load_table


def calculate(minimum_confidence="low", threats=20):
    """Everything that the figures take, from the real table."""
    claims = evidence.list_claims(load_table("air_defence/engagements"), minimum_confidence)
    counts = evidence.predict_from_counts(claims, threats)
    apart = evidence.claims_apart(claims)
    return SimpleNamespace(claims=claims, counts=counts, apart=apart, threats=threats)


def draw_all(frames):
    """The three figures, each with its sentence."""
    raid = frames.counts, frames.claims, frames.threats
    return {
        "shares": (figures.plot_share_by_event(frames.claims), figures.describe_share(frames.claims, frames.apart)),
        "intervals": (
            figures.plot_interval_by_count(frames.counts, frames.claims),
            figures.describe_interval(frames.counts, 0.95),
        ),
        "raid": (figures.plot_leakers_by_count(*raid), figures.describe_leakers(*raid)),
    }


@pytest.fixture(scope="module")
def all_rows():
    """Frames and figures of every row."""
    frames = calculate()
    return SimpleNamespace(frames=frames, drawn=draw_all(frames))


@pytest.mark.parametrize("minimum_confidence", ["low", "medium", "high"])
def test_no_text_is_clipped_and_no_two_texts_overlap(minimum_confidence, assert_words_can_be_read):
    for name, (figure, _) in draw_all(calculate(minimum_confidence)).items():
        assert_words_can_be_read(figure, name)


def marks_of(figure):
    """Marks in the axes of a figure."""
    return [line for line in figure.axes[0].lines if line.get_marker() not in ("None", None, "")]


def test_every_share_has_a_mark_and_running_totals_are_hollow(all_rows):
    shares = all_rows.frames.claims.dropna(subset=["share"])
    marks = marks_of(all_rows.drawn["shares"][0])
    assert len(marks) == len(shares)
    assert sum(mark.get_markerfacecolor() == "white" for mark in marks) == shares["running"].sum() > 0


def test_every_pair_of_counts_has_a_row_with_its_numbers(all_rows):
    figure, sentence = all_rows.drawn["intervals"]
    words = [text.get_text() for text in figure.axes[0].texts]
    assert len(words) == len(all_rows.frames.counts)
    assert {"41 of 42", "24 of 85", "735 of 800"} <= set(words)
    assert "covers chance" in sentence


def test_rival_counts_of_one_event_are_told_apart_by_their_speaker(all_rows):
    labels = [label.get_text() for label in all_rows.drawn["raid"][0].axes[0].get_yticklabels()]
    assert len(set(labels)) == len(labels)
    assert "Gulf war, Jan to Feb 1991: Scud-type ballistic missiles (US President)" in labels


def test_sentences_give_the_numbers_of_their_figures(all_rows):
    sentences = {name: sentence for name, (_, sentence) in all_rows.drawn.items()}
    assert f"Published counts: {len(all_rows.frames.claims)} of" in sentences["shares"]
    assert "98 % (US President, Feb 1991) and 0 %" in sentences["shares"]
    assert "of 20 threats, 0 to 3 by 41 of 42" in sentences["raid"]
    assert "10 to 18 by 24 of 85 (US Army, 1992 revision)" in sentences["raid"]


def test_every_figure_is_closed_and_as_wide_as_a_page(all_rows):
    for figure, _ in all_rows.drawn.values():
        assert figure.get_figwidth() == style.WIDE[0]
        assert not plt.fignum_exists(figure.number)


def test_without_rows_a_sentence_stands_in_place_of_the_figure(all_rows):
    none = all_rows.frames.claims.iloc[:0]
    frames = SimpleNamespace(
        claims=none,
        counts=evidence.predict_from_counts(none, 20),
        apart=evidence.claims_apart(none),
        threats=20,
    )
    assert {sentence for _, sentence in draw_all(frames).values()} == {NOTHING}


@pytest.mark.parametrize(
    ("event", "days", "words"),
    [
        ("ukraine_2025_01_05", ("2025-01-01", "2025-05-31"), "Ukraine, Jan to May 2025"),
        ("ukraine_2022_total", ("2022-02-24", "2024-08-21"), "Ukraine, 2022 to 2024"),
        ("iran_israel_2024_10", ("2024-10-01", "2024-10-01"), "Iran and Israel, 1 Oct 2024"),
        ("iron_dome_2012", ("2012-11-14", "2012-11-21"), "Iron Dome, Nov 2012"),
    ],
)
def test_events_are_named_by_place_and_days(event, days, words):
    assert name_event(event, *days) == words


def test_the_tables_use_plain_words(all_rows):
    frames = all_rows.frames
    table = figures.table_of_claims(frames.claims)
    assert len(table) == len(frames.claims)
    words = " ".join(table.astype("str").to_numpy().ravel())
    assert "not_stated" not in words
    assert "True" not in words
    assert "seen in no source" in words
    apart = figures.table_of_apart(frames.claims, frames.apart)
    assert apart.iloc[0]["Highest"] == "97.6 % of those fired at, US President, Feb 1991"
    assert apart.iloc[0]["Apart, percentage points"] == "97.6"
    rivals = evidence.rival_tallies(frames.claims)
    assert len(figures.table_of_rivals(frames.claims, rivals)) == len(rivals)


def test_a_table_without_rivals_says_so(all_rows):
    claims = all_rows.frames.claims
    none = evidence.rival_tallies(claims.head(0))
    assert figures.table_of_rivals(claims, none).to_numpy().tolist() == [["no two counts of the same days"]]


def test_the_key_numbers_name_the_widest_event_and_what_its_counts_would_let_through(all_rows):
    frames = all_rows.frames
    numbers = figures.table_of_evidence(frames.claims, frames.counts, frames.apart, 20)["value"]
    assert numbers["Published counts"] == "78"
    assert numbers["Through, of 20, by 24 of 85 (US Army (1992 revision))"] == "10 to 18"
