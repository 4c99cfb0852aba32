"""Many claims about one figure."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.air_defence.facts.claims import FIGURE, combine_claims, is_confirmed, keep_confidence
from analysis.errors import ParameterError
from analysis.tables import load_table

NO_GROUPS = pd.DataFrame({"source_id": ["a", "b", "c"], "publisher_group": pd.Series([None] * 3, dtype="str")})
HEIGHTS = st.floats(0.1, 3000)
CLAIMS = st.lists(st.tuples(HEIGHTS, st.sampled_from("abc")), min_size=1, max_size=6)


def combine(claims, sources=NO_GROUPS):
    return combine_claims(claims, sources).iloc[0]


def test_best_is_the_median_and_the_spread_runs_from_lowest_to_highest(make_claim, make_frame):
    figure = combine(make_frame(make_claim(26), make_claim(35, source="b"), make_claim(45, 40, 60, source="c")))
    assert (figure["low"], figure["best"], figure["high"]) == (26, 35, 60)
    assert (figure["n_claims"], figure["n_publishers"]) == (3, 3)
    assert figure["source_ids"] == "a;b;c"
    assert figure["claim_ids"] == "claim of a;claim of b;claim of c"


def test_two_outlets_of_one_press_group_count_once(make_claim, make_frame):
    sources = NO_GROUPS.assign(publisher_group=pd.Series(["Group", "Group", None], dtype="str"))
    claims = make_frame(make_claim(40), make_claim(50, source="b"), make_claim(25, source="c"))
    figure = combine(claims, sources)
    assert figure["best"] == 35  # median of 45, the group's own median, and 25; three voices would give 40
    assert figure["n_publishers"] == 2
    assert combine(claims)["best"] == 40


def test_one_text_relayed_twice_by_one_publisher_counts_once(make_claim, make_frame):
    claims = make_frame(make_claim(10), make_claim(10), make_claim(30, source="b"))
    assert combine(claims)["best"] == 20


@pytest.mark.parametrize(("column", "other"), [("bound", "at_least"), ("target_kind", "ballistic")])
def test_claims_of_different_kinds_are_never_pooled(make_claim, make_frame, column, other):
    claims = make_frame(make_claim(20), make_claim(40, source="b", **{column: other}))
    figures = combine_claims(claims, NO_GROUPS)
    assert sorted(figures["best"]) == [20, 40]
    assert set(figures["n_claims"]) == {1}


def test_unconfirmed_claims_widen_the_spread_but_do_not_move_the_median(make_claim, make_frame):
    guess = make_claim(90, source="b", confidence="low", note="unconfirmed: from general knowledge")
    figure = combine(make_frame(make_claim(60), guess))
    assert (figure["low"], figure["best"], figure["high"]) == (60, 60, 90)
    assert (figure["n_unconfirmed"], figure["confidence"]) == (1, "low")


def test_unconfirmed_claims_alone_give_the_median(make_claim, make_frame):
    unsure = {"confidence": "low", "note": "unconfirmed: from general knowledge"}
    assert combine(make_frame(make_claim(40, **unsure), make_claim(60, source="b", **unsure)))["best"] == 50


@pytest.mark.parametrize(
    ("heights", "confidences", "expected"),
    [
        ((20, 20), ("high", "medium"), "high"),  # agreeing claims: the surest
        ((20, 21), ("high", "high"), "medium"),  # differing claims: at most medium
        ((20, 20), ("low", "low"), "low"),
        ((20, 32), ("medium", "medium"), "medium"),  # 1.6 times, and not more
        ((20, 33), ("high", "high"), "low"),  # more than 1.6 times
    ],
)
def test_confidence_follows_the_stated_rule(make_claim, make_frame, heights, confidences, expected):
    rows = [make_claim(heights[n], source="ab"[n], confidence=confidences[n]) for n in range(2)]
    assert combine(make_frame(*rows))["confidence"] == expected


def test_a_single_claim_keeps_its_confidence_unless_its_own_band_is_wide(make_claim, make_frame):
    assert combine(make_frame(make_claim(40, confidence="high")))["confidence"] == "high"
    assert combine(make_frame(make_claim(40, 35, 45, confidence="high")))["confidence"] == "high"
    assert combine(make_frame(make_claim(120, 90, 150, confidence="high")))["confidence"] == "low"


def test_a_claim_without_a_middle_value_still_widens_the_spread(make_claim, make_frame):
    partial = make_claim(float("nan"), 10, 50, source="b")
    figure = combine(make_frame(make_claim(30), partial))
    assert (figure["low"], figure["best"], figure["high"]) == (10, 30, 50)


def test_claimed_engagement_rates_are_not_combined(make_claim, make_frame):
    rate = make_claim(0.9, parameter="claimed_engagement_rate", unit="probability")
    assert combine_claims(make_frame(rate), NO_GROUPS).empty


def test_no_claims_give_an_empty_frame_with_its_columns(make_claim, make_frame):
    figures = combine_claims(make_frame(make_claim(1)).iloc[:0], NO_GROUPS)
    assert figures.empty
    assert set(FIGURE) < set(figures.columns)


@given(claims=CLAIMS)
def test_the_spread_contains_the_median(claims):
    figure = combine(frame_of(claims))
    assert figure["low"] <= figure["best"] * (1 + 1e-12)
    assert figure["best"] <= figure["high"] * (1 + 1e-12)


@given(claims=CLAIMS, more=st.tuples(HEIGHTS, st.sampled_from("abc")))
def test_one_claim_more_never_narrows_the_spread(claims, more):
    before, after = combine(frame_of(claims)), combine(frame_of([*claims, more]))
    assert after["low"] <= before["low"]
    assert after["high"] >= before["high"]


@given(claims=CLAIMS, order=st.randoms())
def test_the_order_of_claims_does_not_matter(claims, order):
    shuffled = order.sample(claims, len(claims))
    columns = ["low", "best", "high", "n_claims", "n_publishers", "confidence"]
    assert combine(frame_of(claims))[columns].equals(combine(frame_of(shuffled))[columns])


def frame_of(pairs):
    heights, sources = zip(*pairs, strict=True)
    constant = {"system_id": "layer_b", "interceptor": "missile b", "parameter": "max_altitude", "unit": "km"}
    kinds = {"bound": "exact", "target_kind": "not_stated", "price_basis": "", "confidence": "medium", "note": ""}
    values = {"low": heights, "best": heights, "high": heights, "source_id": sources, "claim_id": sources}
    return pd.DataFrame({**values, **constant, **kinds})


def test_confirmed_means_that_the_note_does_not_start_with_unconfirmed():
    notes = pd.DataFrame({"note": ["unconfirmed: from general knowledge", "presence seen; count unconfirmed", None]})
    assert is_confirmed(notes).tolist() == [False, True, True]


def test_an_unknown_confidence_is_refused():
    with pytest.raises(ParameterError, match=r"minimum_confidence = 'hgh' is not known; did you mean 'high'"):
        keep_confidence(pd.DataFrame({"confidence": ["low"]}), "hgh")


def test_sky_bow_3_heights_from_one_newspaper_group_do_not_outvote_the_others(load):
    claims = load("system_parameters")
    heights = claims[(claims["system_id"] == "sky_bow_3") & (claims["parameter"] == "max_altitude")]
    figure = combine(heights, load_table("sources"))
    assert (figure["low"], figure["best"], figure["high"]) == (26, 45, 60)
    assert figure["n_claims"] == 8
    assert figure["n_publishers"] == 3


def test_every_real_figure_holds_together(load):
    claims = load("system_parameters")
    figures = combine_claims(claims, load_table("sources"))
    assert figures["n_claims"].sum() == (claims["parameter"] != "claimed_engagement_rate").sum()
    assert not figures.duplicated(list(FIGURE)).any()
    assert (figures["low"] <= figures["best"]).all()
    assert (figures["best"] <= figures["high"]).all()
    assert (figures["n_publishers"] <= figures["n_claims"]).all()
