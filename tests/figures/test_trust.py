"""The bars of confidence and of second readings: every row and grade stands on them, and sentences count as frames do."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from analysis import provenance
from analysis.checks import headlines, trust
from analysis.figures import style
from analysis.figures import trust as figures
from analysis.figures.captions import say
from analysis.figures.words import TABLE_WORDS
from analysis.tables import load_table


@pytest.fixture(scope="module")
def frames():
    found = SimpleNamespace(confidence=trust.confidence_by_table(), outcomes=trust.outcomes_by_table())
    found.headlines = headlines.list_headlines(provenance.cut_off())
    return found


@pytest.fixture(scope="module")
def drawn(frames):
    return SimpleNamespace(
        confidence=figures.plot_confidence_by_table(frames.confidence),
        outcomes=figures.plot_outcome_by_table(frames.outcomes),
        headlines=figures.plot_confidence_by_headline(frames.headlines),
    )


def test_each_figure_names_every_row_and_grade(frames, drawn, assert_words_can_be_read):
    assert {*frames.confidence["table"], *frames.outcomes["table"]} <= set(TABLE_WORDS)  # in words, each with its own
    assert len(set(TABLE_WORDS.values())) == len(TABLE_WORDS)
    rows = {"confidence": frames.confidence["table"], "outcomes": frames.outcomes["table"]}
    rows = {name: tables.map(TABLE_WORDS) for name, tables in rows.items()}
    for name, expected in (rows | {"headlines": frames.headlines["headline"]}).items():
        figure = getattr(drawn, name)
        assert_words_can_be_read(figure, name)
        assert {label.get_text() for label in figure.axes[0].get_yticklabels()} == set(expected)
        assert len(figure.legends[0].get_texts()) == (5 if name == "outcomes" else 4)
    assert not plt.get_fignums()


def test_the_parts_of_a_bar_follow_from_high_to_unconfirmed_and_fill_it(frames, drawn):
    axes = drawn.confidence.axes[0]
    counts = frames.confidence.pivot(index="table", columns="confidence", values="claims").fillna(0)
    shares = counts.div(counts.sum(axis="columns"), axis="index")
    starts = shares.iloc[:, 0] * 0
    for bars, (grade, colour) in zip(axes.containers, style.GRADE_COLOURS.items(), strict=True):
        assert to_hex(bars[0].get_facecolor()) == colour
        assert [bar.get_x() for bar in bars] == pytest.approx(starts)
        assert [bar.get_width() for bar in bars] == pytest.approx(shares[grade])
        starts = starts + shares[grade]
    assert starts.tolist() == pytest.approx([1] * len(starts))


def test_a_claim_that_nobody_has_seen_is_not_counted_as_low_again(frames, drawn):
    low, unconfirmed = (frames.headlines[grade].iloc[0] for grade in ("low", "unconfirmed"))
    parts = [bars[0].get_width() * frames.headlines["claims"].iloc[0] for bars in drawn.headlines.axes[0].containers]
    assert parts[2:] == pytest.approx([low - unconfirmed, unconfirmed])


def test_the_sentences_count_as_the_frames_do(frames):
    outcomes, confidence = frames.outcomes, frames.confidence
    said = say("trust.outcomes", figures.facts_of_outcomes(outcomes))
    assert said.startswith(f"{outcomes['readings'].sum():,} fields")
    unseen = confidence.set_index(["table", "confidence"])["claims"]["air_defence/capability", "unconfirmed"]
    said = say("trust.confidence", figures.facts_of_confidence(confidence))
    assert f"among ratings of systems: {unseen} of 290" in said


def test_headlines_without_weak_claims_end_the_sentence_early(frames):
    sound = frames.headlines[frames.headlines["unconfirmed"] == 0].head(2)
    said = say("trust.headlines", figures.facts_of_headlines(sound))
    assert said == "Of 2 headlines 0 rest in part on unconfirmed claims."


def test_tables_speak_in_words_and_name_systems_entities_and_sources():
    systems, sources = load_table("air_defence/systems"), load_table("sources")
    widest = figures.table_of_widest(trust.widest_disagreements(3), systems)
    assert set(widest.index) <= set(systems["name"]) and "n_claims" not in widest
    assert "Palestine" in figures.table_of_totals(trust.count_disagreements()).index
    row = {"published": 3.0, "ours": 2.0, "difference": -1.0, "reason": "not explained", "source_id": "BBCVERIFY2025"}
    table = figures.table_of_unexplained(pd.DataFrame([row], index=["A figure"]), sources)
    assert table.loc["A figure"].tolist()[:3] == [3, 2, -1] and table.loc["A figure", "Source"].startswith("BBC Verify")
