"""The figures and tables of evidence: what stands on them, and that nothing overlaps or is cut off."""

from itertools import cycle
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from analysis.air_defence.questions import evidence
from analysis.figures import style
from analysis.figures.air_defence import evidence as figures
from analysis.figures.captions import say
from analysis.tables import load_table

NOTHING = "No row of this confidence gives such counts, so there is nothing to draw; choose a lower confidence."


def calculate(minimum_confidence="low", threats=20):
    """Everything that the figures take, from the real table."""
    claims = evidence.list_claims(load_table("air_defence/engagements"), minimum_confidence)
    counts = evidence.predict_from_counts(claims, threats)
    apart = evidence.claims_apart(claims)
    return SimpleNamespace(claims=claims, counts=counts, apart=apart, threats=threats)


def draw_all(frames):
    """The three figures, each with its sentence."""
    claims, counts, raid = frames.claims, frames.counts, (frames.counts, frames.claims, frames.threats)
    shares, intervals = figures.facts_of_shares(claims, frames.apart), figures.facts_of_intervals(counts, 0.95)
    return {
        "shares": (figures.plot_share_by_event(claims), say("evidence.shares", shares)),
        "intervals": (figures.plot_interval_by_count(counts, claims), say("evidence.intervals", intervals)),
        "raid": (figures.plot_leakers_by_count(*raid), say("evidence.leakers", figures.facts_of_leakers(*raid))),
    }


@pytest.fixture(scope="module")
def all_rows():
    """Frames and figures of every row."""
    frames = calculate()
    return SimpleNamespace(frames=frames, drawn=draw_all(frames))


@pytest.mark.parametrize("minimum_confidence", ["low", "medium", "high"])
def test_no_text_is_clipped_and_no_two_texts_overlap(minimum_confidence, all_rows, assert_words_can_be_read):
    drawn = all_rows.drawn if minimum_confidence == "low" else draw_all(calculate(minimum_confidence))
    for name, (figure, _) in drawn.items():
        assert_words_can_be_read(figure, name)


def faces_of(figure):
    """Colour of every mark in the axes of a figure."""
    points = [marks for marks in figure.axes[-1].collections if isinstance(marks, PathCollection)]
    return [to_hex(face) for marks in points for face, _ in zip(cycle(marks.get_facecolors()), marks.get_offsets())]


def test_every_share_has_a_mark_and_running_totals_are_hollow(all_rows):
    shares = all_rows.frames.claims.dropna(subset=["share"])
    faces = faces_of(all_rows.drawn["shares"][0])
    assert len(faces) == len(shares)
    assert faces.count("#ffffff") == shares["running"].sum() > 0


def test_the_sentence_counts_the_rows_that_are_drawn(all_rows):
    figure, sentence = all_rows.drawn["shares"]
    assert f"in {len(figure.axes[-1].get_yticklabels())} rows, one for each kind of attack" in sentence


def test_no_table_of_claims_names_a_source_by_its_code(all_rows):
    sources = load_table("sources")
    disputed = figures.table_of_claims(all_rows.frames.claims, sources)["Disputed by"]
    words = set(disputed.str.findall(r"\w+").explode())
    assert not words & set(sources["source_id"])
    assert disputed.str.contains("press quoted 3,300 launches").any()


def test_every_pair_of_counts_has_a_row_with_its_numbers(all_rows):
    figure, sentence = all_rows.drawn["intervals"]
    words = [text.get_text() for text in figure.axes[0].texts]
    assert len(words) == len(all_rows.frames.counts)
    assert {"41 of 42", "24 of 85", "735 of 800"} <= set(words)
    assert "covers chance" in sentence


def test_rival_counts_of_one_event_are_told_apart_by_their_speaker(all_rows):
    labels = [label.get_text() for label in all_rows.drawn["raid"][0].axes[0].get_yticklabels()]
    assert len(set(labels)) == len(labels)
    assert "Gulf war, January to February 1991: Scud-type ballistic missiles (US President)" in labels


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
    drawn = draw_all(frames).values()
    assert {sentence for _, sentence in drawn} == {NOTHING}
    assert {" ".join(figure.axes[0].texts[0].get_text().split()) for figure, _ in drawn} == {NOTHING}


@pytest.mark.parametrize(
    ("event", "days", "words"),
    [
        ("ukraine_2025_01_05", ("2025-01-01", "2025-05-31"), "Ukraine, January to May 2025"),
        ("ukraine_2022_total", ("2022-02-24", "2024-08-21"), "Ukraine, 2022 to 2024"),
        ("iran_israel_2024_10", ("2024-10-01", "2024-10-01"), "Iran and Israel, 1 October 2024"),
        ("iron_dome_2012", ("2012-11-14", "2012-11-21"), "Iron Dome, November 2012"),
    ],
)
def test_events_are_named_by_place_and_days(event, days, words):
    assert figures.name_event(event, *days) == words


def test_the_tables_use_plain_words(all_rows):
    frames = all_rows.frames
    table = figures.table_of_claims(frames.claims, load_table("sources"))
    assert len(table) == len(frames.claims)
    words = " ".join(table.astype("str").to_numpy().ravel())
    assert "not_stated" not in words
    assert "True" not in words
    assert "seen in no source" in words
    apart = figures.table_of_apart(frames.claims, frames.apart)
    assert apart.iloc[0]["Highest"] == "97.6 % of those fired at, US President, Feb 1991 (medium)"
    assert apart.iloc[0]["Apart, percentage points"] == "97.6"
    rivals = evidence.rival_tallies(frames.claims)
    table = figures.table_of_rivals(frames.claims, rivals)
    assert len(table) == len(rivals)
    assert "36 to 150, middle 93 (several sources)" in set(table["Lowest"])


def test_a_table_without_rivals_says_so(all_rows):
    claims = all_rows.frames.claims
    none = evidence.rival_tallies(claims.head(0))
    assert figures.table_of_rivals(claims, none).to_numpy().tolist() == [["no two counts of the same days"]]


def test_the_key_numbers_name_the_widest_event_and_what_its_counts_would_let_through(all_rows):
    frames = all_rows.frames
    numbers = figures.table_of_evidence(frames.claims, frames.counts, frames.apart, 20)["value"]
    assert numbers["Published counts"] == str(len(all_rows.frames.claims))
    assert numbers["Through, of 20, by 24 of 85 (US Army (1992 revision))"] == "10 to 18"


def asked_of(claims):
    """Shares of the attack that the page asks about."""
    return evidence.shares_of_attack(claims, *evidence.ASKED)


def answer_of(claims):
    """The answer of the page."""
    apart, asked = evidence.claims_apart(claims), asked_of(claims)
    told = figures.facts_in_short(claims, apart, asked, load_table("sources"))
    return say("evidence.in_short", told)


def test_the_answer_names_the_widest_claims_and_the_first_figure_draws_them(all_rows, assert_words_can_be_read):
    frames = all_rows.frames
    said = answer_of(frames.claims)
    assert f"{len(frames.claims)} counts of" in said
    assert "98 % (US President) or 0 % (Postol and Lewis) of those fired at" in said
    figure = figures.plot_shares_apart(frames.apart, frames.claims, asked_of(frames.claims))
    drawn = [
        offset
        for marks in figure.axes[0].collections
        if isinstance(marks, PathCollection)
        for offset in marks.get_offsets()
    ]
    assert sorted(share for share, place in drawn if place == 0) == sorted(asked_of(frames.claims)["share"])
    assert figure.get_figwidth() == style.NARROW
    assert_words_can_be_read(figure, "apart")


def test_the_answer_says_of_what_each_share_of_june_2025_is_one_who_relays_it_and_how_sure_it_is(all_rows):
    said = answer_of(all_rows.frames.claims)
    first, second, third, *_ = said.split("\n\n")
    assert first == (
        "One event:: Iran and Israel, June 2025: the Israeli ministry puts the share of ballistic missiles intercepted at 86 %, "
        "without saying of which total (Zee News, 2025; medium confidence, second-hand); of high confidence is only its "
        "running total, 80 to 90 % by 16 June 2025 (All Israel News, 2025)."
    )
    assert second.startswith("JINSA puts it at 48 % of those launched (273 of 574; Cost analysis of the twelve-day war")
    assert "which is 85 % of the 322 that were intercepted or came through (252 were neither)." in said
    assert third.startswith("Trade press after Iranian claims: around 60 percent intercepted in the opening barrage (")
    assert "counts 31 hits among 550 launched does not mean that 94 % were intercepted" in said
    assert "Only a running total" not in said  # which would say the ministry's once more


def test_the_first_caption_says_first_where_shares_lie_furthest_apart(all_rows):
    frames = all_rows.frames
    finding, details = say(
        "evidence.furthest", figures.facts_of_furthest(frames.claims, frames.apart, asked_of(frames.claims))
    ).split("\n\n")
    assert "Scud-type ballistic missiles: 98 % or 0 %" in finding and f"In {len(frames.apart) - 1} other" in details
    one = say(
        "evidence.furthest",
        figures.facts_of_furthest(frames.claims, frames.apart.head(1), asked_of(frames.claims).head(0)),
    )
    assert "other attack" not in one
    assert "furthest" not in say(
        "evidence.furthest", figures.facts_of_furthest(frames.claims, frames.apart.head(0), asked_of(frames.claims))
    )


def test_without_rows_the_answer_says_so(all_rows):
    frames = all_rows.frames
    assert "nothing to draw" in answer_of(frames.claims.iloc[:0])
