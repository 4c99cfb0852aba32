"""The logit of recognition, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.recognition.alignment import compare_religion, recognition_logit
from analysis.recognition.dyad_years import build_dyad_years
from analysis.tables import load_facts


@pytest.fixture
def make_aligned():
    """States by OIC membership and recognition, all with a measure that says nothing."""

    def make(member_yes, member_no, other_yes, other_no):
        cells = [(True, True)] * member_yes + [(True, False)] * member_no
        cells += [(False, True)] * other_yes + [(False, False)] * other_no
        codes = [f"S{number:03}" for number in range(len(cells))]
        rows = {"iso3": codes, "year": 2001, "measured": 2000, "recognises": [yes for _, yes in cells]}
        inside = [code for code, (member, _) in zip(codes, cells, strict=True) if member]
        table = {"iso3": inside, "organisation": "OIC", "start": "1990", "end": None}
        return pd.DataFrame(rows).assign(ideal_point=np.arange(len(cells)) % 2), pd.DataFrame(table)

    return make


def test_the_logit_gives_the_cross_product_of_a_table(make_aligned):
    found = recognition_logit(*make_aligned(40, 20, 30, 60), ["OIC"]).loc["OIC"]
    assert found["odds_ratio"] == pytest.approx(40 * 60 / (20 * 30), rel=1e-6)
    error = (1 / 40 + 1 / 20 + 1 / 30 + 1 / 60) ** 0.5
    assert found["low"] == pytest.approx(4 * np.exp(-1.959964 * error), rel=1e-4)
    assert (found["states"], found["observations"]) == (150, 150)


def test_a_measure_that_says_nothing_has_odds_of_one(make_aligned):
    assert recognition_logit(*make_aligned(40, 20, 30, 60), ["OIC"]).loc["ideal_point", "odds_ratio"] == pytest.approx(
        1
    )


def test_repeating_the_years_does_not_make_the_interval_narrower(make_aligned):
    aligned, table = make_aligned(40, 20, 30, 60)
    many = pd.concat([aligned.assign(year=year, measured=year - 1) for year in range(2001, 2011)], ignore_index=True)
    once, often = (recognition_logit(rows, table, ["OIC"]).loc["OIC"] for rows in (aligned, many))
    assert often["odds_ratio"] == pytest.approx(once["odds_ratio"])
    assert np.log(often["high"] / often["low"]) == pytest.approx(np.log(once["high"] / once["low"]), rel=0.02)


def test_membership_is_that_of_the_year_of_the_measure(make_aligned):
    aligned, table = make_aligned(40, 20, 30, 60)
    with pytest.raises(ParameterError, match="OIC separates the answers"):
        recognition_logit(aligned, table.assign(start="2001"), ["OIC"])


def test_fourteen_recognisers_do_not_carry_two_covariates(make_aligned):
    aligned, table = make_aligned(7, 40, 7, 90)
    assert recognition_logit(aligned, table).loc["ideal_point", "high"] > 1
    with pytest.raises(ParameterError, match="2 covariates, but only 14 states of the rarer answer"):
        recognition_logit(aligned, table, ["OIC"])


def test_a_membership_that_separates_the_answers_is_refused(make_aligned):
    with pytest.raises(ParameterError, match="OIC separates the answers; no odds ratio is finite"):
        recognition_logit(*make_aligned(40, 0, 30, 60), ["OIC"])


def test_a_measure_that_separates_the_answers_is_refused(make_aligned):
    aligned, table = make_aligned(0, 0, 30, 30)
    with pytest.raises(ParameterError, match="covariates ideal_point separate the answers"):
        recognition_logit(aligned.assign(ideal_point=aligned["recognises"] + np.arange(60) / 100), table)


def test_the_replication_has_the_signs_of_the_published_argument():
    facts = load_facts("recognition")
    found = compare_religion(build_dyad_years(facts, [2012], ["PSE", "ISR"]), facts, 2012).set_index("outcome")
    assert found.loc["palestine", "low"] > 0 > found.loc["israel", "high"]
    assert found.loc["vote", "coefficient"] > 0
    assert (found["low"] < found["coefficient"]).all() and (found["coefficient"] < found["high"]).all()
