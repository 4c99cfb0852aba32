"""Alignment before recognition: lags, succession, rank comparison and logit worked by hand, history."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.recognition.alignment import align_recognition, compare_alignment, recognition_logit
from analysis.recognition.panel import recognisers
from analysis.tables import load_table


@pytest.fixture(scope="module")
def alignment():
    return load_table("recognition/un_alignment")


@pytest.fixture(scope="module")
def memberships():
    return load_table("recognition/memberships")


@pytest.fixture(scope="module")
def align(alignment, spells, world, lineage):
    def run(entity, years, **choices):
        return align_recognition(alignment, spells, entity, years, world, lineage, **choices)

    return run


def test_the_measure_is_that_of_the_year_before(align, alignment):
    row = align("PSE", [2000]).set_index("iso3").loc["FRA"]
    before = alignment.query("iso3 == 'FRA' and year == 1999")["ideal_point"].item()
    assert (row["measured"], row["ideal_point"]) == (1999, before)


def test_recognition_is_read_on_the_last_day_of_the_year(align, spells):
    rows = align("PSE", [1988, 2014])
    for year in (1988, 2014):
        found = set(recognisers(spells, "PSE", f"{year}-12-31")["recogniser"])
        own = rows[rows["year"] == year]
        assert set(own.loc[own["recognises"], "iso3"]) == found & set(own["iso3"])


def test_nothing_is_carried_forward_beyond_the_table(align):
    assert len(align("PSE", [2020])) == 193
    assert len(align("PSE", [2022], lag=3)) == 193
    with pytest.raises(ParameterError, match="years = 2021: with lag 1 the measures of 1946 to 2019 serve"):
        align("PSE", [2000, 2021])
    with pytest.raises(ParameterError, match="years = 1946"):
        align("TWN", [1946])


def test_a_measure_of_the_same_year_is_refused(align):
    with pytest.raises(ParameterError, match="lag = 0 must be 1 or more"):
        align("PSE", [2000], lag=0)


def test_the_soviet_measure_counts_for_russia_in_1991_and_once(align):
    for year in (1990, 1991, 1992):
        rows = align("CHN", [year], kind="relations")
        assert rows["iso3"].is_unique
        assert rows["iso3"].isin(["SUN", "RUS"]).sum() == 1
        assert rows.set_index("iso3").loc["SUN" if year == 1990 else "RUS", "recognises"]


def test_serbia_and_montenegro_is_measured_under_the_code_of_serbia(align):
    codes = {year: align("CHN", [year], kind="relations").set_index("iso3")["recognises"] for year in (2004, 2008)}
    assert codes[2004]["SCG"]
    assert "SRB" not in codes[2004]
    assert codes[2008]["SRB"]


def test_czechoslovakia_has_no_row_once_it_is_gone(align):
    assert not align("PSE", [1993])["iso3"].isin(["CSK"]).any()
    assert align("PSE", [1992])["iso3"].eq("CSK").sum() == 1


def test_no_entity_recognises_itself(align):
    assert "ISR" not in set(align("ISR", [2000])["iso3"])


def test_the_chance_of_lying_above_is_counted_by_pairs():
    # Of six pairs the recognising state lies above in four, and one is level: (4 + 0.5) / 6.
    points = {"year": 2000, "recognises": [True, True, False, False, False], "ideal_point": [1.0, 3.0, 0.0, 1.0, 2.0]}
    found = compare_alignment(pd.DataFrame(points)).iloc[0]
    assert found["above"] == pytest.approx(4.5 / 6)
    assert found[["recognising", "others", "median_recognising", "median_others"]].tolist() == [2, 3, 2, 1]


def test_a_year_in_which_all_answer_alike_has_no_row():
    points = {
        "year": [2000, 2000, 2001, 2001],
        "recognises": [True, True, True, False],
        "ideal_point": [1.0, 2.0, 3.0, 4.0],
    }
    assert compare_alignment(pd.DataFrame(points))["year"].tolist() == [2001]


def test_exchanging_the_answers_turns_the_chance_round(align):
    rows = align("XKX", [2015])
    one, other = compare_alignment(rows), compare_alignment(rows.assign(recognises=~rows["recognises"]))
    assert one["above"].item() + other["above"].item() == pytest.approx(1)
    assert one["p"].item() == pytest.approx(other["p"].item())


def test_taipeis_partners_stood_with_the_united_states_and_do_so_no_longer(align):
    found = compare_alignment(align("TWN", [1959, 2019], kind="relations")).set_index("year")["above"]
    assert found[1959] > 0.8
    assert 0.4 < found[2019] < 0.6


def test_recognisers_of_palestine_lie_farther_from_the_united_states_in_every_year(align):
    assert (compare_alignment(align("PSE", range(1989, 2021)))["above"] < 0.3).all()


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


def test_eleven_partners_do_not_carry_two_covariates(align, memberships):
    rows = align("TWN", [2020], kind="relations")
    assert recognition_logit(rows, memberships).loc["ideal_point", "high"] > 1
    with pytest.raises(ParameterError, match="2 covariates, but only 14 states of the rarer answer"):
        recognition_logit(rows, memberships, ["CARICOM"])


def test_a_membership_that_separates_the_answers_is_refused(make_aligned):
    with pytest.raises(ParameterError, match="OIC separates the answers; no odds ratio is finite"):
        recognition_logit(*make_aligned(40, 0, 30, 60), ["OIC"])


def test_a_measure_that_separates_the_answers_is_refused(make_aligned):
    aligned, table = make_aligned(0, 0, 30, 30)
    with pytest.raises(ParameterError, match="covariates ideal_point separate the answers"):
        recognition_logit(aligned.assign(ideal_point=aligned["recognises"] + np.arange(60) / 100), table)


def test_alignment_and_the_oic_go_with_recognition_of_palestine(align, memberships):
    found = recognition_logit(align("PSE", [2020]), memberships, ["OIC"])
    assert found.loc["ideal_point", "high"] < 1
    assert found.loc["OIC", "low"] > 1


def test_unknown_names_are_refused(align, memberships):
    rows = align("PSE", [2020])
    with pytest.raises(ParameterError, match="did you mean 'OIC'"):
        recognition_logit(rows, memberships, ["OIK"])
    with pytest.raises(ParameterError, match="did you mean 'ideal_point'"):
        compare_alignment(rows, "ideal_pont")
