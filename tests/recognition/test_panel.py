"""Recognisers on a day, counts, the panel of years: hand-worked cases, rules that always hold, published totals."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.recognition.facts.choices import ENTITIES, KINDS, PART_YEARS, RULES
from analysis.recognition.facts.spells import build_spells
from analysis.recognition.panel import build_panel, count_bounds, counts, recognisers


def codes(*arguments, **choices):
    return recognisers(*arguments, **choices)["recogniser"].tolist()


@pytest.fixture(scope="module")
def small(make_acts):
    """Three states: A left and came back, B's withdrawal is disputed, C came late and is not sure."""
    return build_spells(
        make_acts(
            "A XKX recognition recognised 2000-01-01",
            "A XKX recognition withdrew 2005-06-30",
            "A XKX recognition recognised 2010-01-01 medium",
            "B XKX recognition recognised 2001-01-01",
            "B XKX recognition withdrew 2006-01-01 low disputed",
            "C XKX recognition recognised 2008-07 low",
        )
    )


def test_a_tie_counts_from_its_first_day_and_no_longer_on_the_day_of_its_end(small):
    assert codes(small, "XKX", "1999-12-31") == []
    assert codes(small, "XKX", "2000-01-01") == ["A"]
    assert codes(small, "XKX", "2005-06-29") == ["A", "B"]
    assert codes(small, "XKX", "2005-06-30") == ["B"]


def test_each_rule_counts_what_it_says(small):
    assert codes(small, "XKX", "2009-01-01", rule="net") == ["C"]
    assert codes(small, "XKX", "2009-01-01", rule="undisputed") == ["B", "C"]
    assert codes(small, "XKX", "2009-01-01", rule="gross") == ["A", "B", "C"]


def test_a_disputed_withdrawal_before_an_undisputed_one_prolongs_to_the_second(make_acts):
    spells = build_spells(
        make_acts(
            "A XKX recognition recognised 2000-01-01",
            "A XKX recognition withdrew 2002-01-01 disputed",
            "A XKX recognition resumed 2003-01-01",
            "A XKX recognition withdrew 2004-01-01",
        )
    )
    standing = [bool(codes(spells, "XKX", f"{year}-06-30", rule="undisputed")) for year in range(2000, 2006)]
    assert standing == [True, True, True, True, False, False]
    assert recognisers(spells, "XKX", "2003-06-30", rule="undisputed")["begin"].dt.year.tolist() == [2000]


def test_a_minimum_confidence_leaves_out_unsure_beginnings_and_never_adds_a_state(small):
    assert codes(small, "XKX", "2011-01-01", minimum_confidence="low") == ["A", "C"]
    assert codes(small, "XKX", "2011-01-01", minimum_confidence="medium") == ["A"]
    assert codes(small, "XKX", "2011-01-01", minimum_confidence="high") == []
    assert codes(small, "XKX", "2007-01-01", minimum_confidence="high") == []


def test_sure_relations_stand_for_an_unsure_recognition(make_acts):
    acts = make_acts("IND CHN recognition recognised 1949-12-30 low", "IND CHN relations established 1950-04-01 high")
    found = recognisers(build_spells(acts), "CHN", "2020", minimum_confidence="high")
    assert found[["recogniser", "implied", "confidence"]].to_numpy().tolist() == [["IND", True, "high"]]
    assert recognisers(build_spells(acts), "CHN", "2020")["implied"].tolist() == [False]


def test_the_row_shown_is_that_of_the_act_that_began_the_tie(make_acts):
    spells = build_spells(make_acts("A ISR recognition recognised 1949-03 medium"))
    found = recognisers(spells, "ISR", "1960-01-01")
    assert found.columns.tolist() == [
        "recogniser",
        "begin",
        "low",
        "high",
        "precision",
        "source_id",
        "confidence",
        "implied",
        "claim_id",
    ]
    assert found.iloc[0].tolist() == [
        "A",
        pd.Timestamp("1949-03-15"),
        pd.Timestamp("1949-03-01"),
        pd.Timestamp("1949-03-28"),
        "month",
        "S0",
        "medium",
        False,
        spells["begin_claim_id"][0],
    ]
    assert recognisers(spells, "ISR", "1960-01-01", kind="relations")["implied"].tolist() == [True]


def test_nobody_gives_an_empty_table_with_the_same_columns(small):
    empty = recognisers(small, "XKX", "1990-01-01")
    assert empty.empty
    assert empty.columns.tolist() == recognisers(small, "XKX", "2020-01-01").columns.tolist()


# States and members.


def test_a_state_counts_as_a_member_from_the_day_of_its_seat(spells, world):
    """The Republic of Korea had relations with Taipei from 1949 and joined the United Nations on 17 September 1991."""
    chosen = {"kind": "relations", "states": world, "members": "day"}
    assert "KOR" not in codes(spells, "TWN", "1991-09-16", **chosen)
    assert "KOR" in codes(spells, "TWN", "1991-09-17", **chosen)
    assert "KOR" in codes(spells, "TWN", "1980-01-01", kind="relations", states=world, members="today")


def test_former_members_count_as_members_under_gross_alone(spells, world):
    former = {"YUG", "YMD"}
    chosen = {"states": world, "members": "day"}
    assert former <= set(codes(spells, "ESH", "2020-01-01", rule="gross", **chosen))
    assert not former & set(codes(spells, "ESH", "2020-01-01", rule="gross", states=world, members="today"))
    assert not former & set(codes(spells, "ESH", "2020-01-01", **chosen))


def test_taipei_is_no_member_when_it_recognises_after_1971(spells, world):
    assert "TWN" not in codes(spells, "XKX", "2020-01-01", rule="gross", states=world, members="day")
    assert "TWN" in codes(spells, "XKX", "2020-01-01")
    assert "TWN" in codes(spells, "ISR", "1960-01-01", states=world, members="day")


def test_an_act_that_passed_to_two_successors_counts_once_in_gross(spells):
    before, after = (set(codes(spells, "PSE", day, rule="gross")) for day in ("1992-12-31", "1993-01-01"))
    assert {"CSK"} & before == {"CSK"} and not {"CZE", "SVK"} & before
    assert {"CZE", "SVK"} <= after and "CSK" not in after


def test_regions_add_up_to_the_world(spells, world):
    parts = [
        len(recognisers(spells, "CHN", "2000-01-01", kind="relations", states=world[world["un_region"].eq(region)]))
        for region in world["un_region"].unique()
    ]
    assert sum(parts) == len(recognisers(spells, "CHN", "2000-01-01", kind="relations"))


# Rules that always hold.


@settings(max_examples=40)
@given(
    entity=st.sampled_from(sorted(ENTITIES)),
    kind=st.sampled_from(KINDS),
    day=st.dates(pd.Timestamp("1945-01-01").date(), pd.Timestamp("2026-11-22").date()),
    members=st.sampled_from(["day", "today", None]),
    minimum_confidence=st.sampled_from(["low", "medium", "high"]),
)
def test_net_lies_within_undisputed_within_gross(spells, world, entity, kind, day, members, minimum_confidence):
    choices = {"states": world, "members": members, "minimum_confidence": minimum_confidence}
    net, undisputed, gross = (
        set(codes(spells, entity, day, kind, rule, **choices)) for rule in ("net", "undisputed", "gross")
    )
    assert net <= undisputed <= gross
    everyone = recognisers(spells, entity, day, kind)
    assert net <= set(everyone["recogniser"])
    assert everyone["recogniser"].is_unique
    assert set(codes(spells, entity, day, "relations")) - {"TWN"} <= set(codes(spells, entity, day, "recognition"))
    for rule in RULES:
        number = counts(spells, entity, [day], kind, rule, **choices)["count"][0]
        assert number == len(recognisers(spells, entity, day, kind, rule, **choices))


def test_a_count_on_no_days_given_holds_until_its_next_row(spells):
    steps = counts(spells, "TWN", kind="relations")
    assert steps["day"].is_monotonic_increasing and steps["day"].is_unique
    days = steps["day"].iloc[::7] + (steps["day"].shift(-1) - steps["day"]).iloc[::7] / 2
    again = counts(spells, "TWN", days.dropna(), kind="relations")["count"]
    assert again.tolist() == steps["count"].iloc[::7].tolist()[: len(again)]


def test_counts_keep_the_order_of_the_days_and_take_any_form_of_day(spells):
    days = ["2024-12-31", "1960-12-31"]
    expected = [12, 53]
    for given_days in (days, pd.DatetimeIndex(days), pd.Series(pd.to_datetime(days)), (day for day in days)):
        assert counts(spells, "TWN", given_days, kind="relations")["count"].tolist() == expected


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("part_year", "day"), [("december 31", "12-31"), ("july 1", "07-01")])
def test_the_panel_of_a_day_equals_the_recognisers_of_that_day(spells, rule, part_year, day):
    panel = build_panel(spells, range(1948, 2027, 13), part_year, rule=rule)
    for entity in ("TWN", "CHN", "ISR", "XKX", "ESH"):
        for kind in KINDS:
            for year in range(1948, 2027, 13):
                own = panel.query("entity == @entity and kind == @kind and year == @year")
                found = recognisers(spells, entity, f"{year}-{day}", kind, rule)
                assert own["recogniser"].tolist() == found["recogniser"].tolist()
                assert own["implied"].tolist() == found["implied"].tolist()


def test_part_of_a_year_counts_by_the_named_rule(small):
    """A stands from 2000-01-01 to 2005-06-30: all of 2000, less than half of 2005 (180 days of 365)."""
    years = {
        rule: build_panel(small, range(1999, 2007), rule).query("recogniser == 'A'")["year"].tolist()
        for rule in PART_YEARS
    }
    assert years["december 31"] == years["most days"] == years["every day"] == [2000, 2001, 2002, 2003, 2004]
    assert years["july 1"] == [2000, 2001, 2002, 2003, 2004]
    assert years["any day"] == [2000, 2001, 2002, 2003, 2004, 2005]


def test_most_days_adds_up_the_spells_of_a_year(make_acts):
    spells = build_spells(
        make_acts(
            "A TWN relations established 2001-01-01",
            "A TWN relations ended 2001-04-11",
            "A TWN relations established 2001-09-22",
        )
    )  # 100 days and 101 days of 365
    panel = build_panel(spells, [2001], "most days").query("kind == 'relations'")
    assert panel["recogniser"].tolist() == ["A"]
    assert build_panel(spells, [2001], "july 1").empty


def test_every_day_is_within_most_days_is_within_any_day(spells):
    panels = [
        set(
            build_panel(spells, range(1945, 2027), rule)[["recogniser", "entity", "kind", "year"]].itertuples(
                index=False
            )
        )
        for rule in ("every day", "most days", "any day")
    ]
    assert panels[0] < panels[1] < panels[2]


def test_a_row_of_the_panel_is_unique_and_in_order(spells):
    panel = build_panel(spells, [2000, 1990, 2000])
    assert not panel.duplicated(["recogniser", "entity", "kind", "year"]).any()
    assert panel["year"].unique().tolist() == [1990, 2000]
    keys = ["entity", "kind", "recogniser", "year"]
    assert panel[keys].equals(panel[keys].sort_values(keys))


def test_no_spells_make_an_empty_panel(small):
    assert build_panel(small.iloc[:0], range(2000, 2005)).columns.tolist() == [
        "recogniser", "entity", "kind", "year", "implied",
    ]  # fmt: skip


# Wrong questions.


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"entity": "TWM"}, "did you mean 'TWN'"),
        ({"kind": "relation"}, "did you mean 'relations'"),
        ({"rule": "nett"}, "Choose one of net, gross, undisputed"),
        ({"minimum_confidence": "hihg"}, "did you mean 'high'"),
        ({"members": "now"}, "members = 'now' is not known"),
        ({"members": "day"}, "needs states"),
        ({"on": "1979-13-31"}, "no date"),
    ],
)
def test_a_wrong_choice_is_refused_with_what_is_allowed(small, wrong, words):
    question = {"entity": "XKX", "on": "2010-01-01"} | wrong
    with pytest.raises(ParameterError, match=words):
        recognisers(small, **question)


def test_an_unknown_part_year_rule_lists_the_rules(small):
    with pytest.raises(ParameterError, match="december 31, july 1, any day, most days, every day"):
        build_panel(small, [2000], "december")


def test_a_day_before_the_entity_existed_says_since_when_it_exists(spells, periods):
    with pytest.raises(ParameterError, match=r"Palestine \(PSE\) does not exist then; it exists since 1988-11-15"):
        recognisers(spells, "PSE", "1988-11-14", periods=periods)
    assert len(recognisers(spells, "PSE", "1988-11-15", periods=periods)) > 0
    assert recognisers(spells, "PSE", "1988-11-14").empty


# Totals of the literature, from the README files of the research.

YEARS = [
    1950,
    1960,
    1965,
    1969,
    1970,
    1971,
    1972,
    1975,
    1979,
    1988,
    1990,
    1995,
    2000,
    2008,
    2016,
    2019,
    2024,
    2025,
    2026,
]
PARTNERS = {
    "TWN": [38, 53, 57, 68, 66, 54, 41, 26, 22, 22, 28, 30, 29, 23, 21, 15, 12, 12, 12],
    "CHN": [19, 40, 51, 47, 52, 69, 88, 107, 121, 138, 137, 160, 162, 171, 174, 180, 183, 183, 183],
}


@pytest.mark.parametrize("entity", PARTNERS)
def test_partners_of_both_sides_at_the_end_of_years(events, spells, entity):
    days = [f"{year}-12-31" for year in YEARS]
    for built in (spells, build_spells(events)):
        assert counts(built, entity, days, kind="relations")["count"].tolist() == PARTNERS[entity]


def test_the_last_partners_of_taipei_are_these_twelve(spells):
    found = codes(spells, "TWN", "2026-11-22", kind="relations")
    assert found == ["BLZ", "GTM", "HTI", "KNA", "LCA", "MHL", "PLW", "PRY", "SWZ", "TUV", "VAT", "VCT"]


@pytest.mark.parametrize(
    ("entity", "on", "rule", "members", "number"),
    [
        ("PSE", "2025-09-30", "net", "day", 157),
        ("PSE", "2025-09-30", "net", None, 159),
        ("ISR", "2020-12-31", "net", "day", 164),
        ("ISR", "2024-06-30", "net", "day", 164),
        ("XKX", "2026-11-22", "net", "day", 94),
        ("XKX", "2026-11-22", "undisputed", "day", 116),
        ("XKX", "2026-11-22", "gross", "day", 119),
        ("ESH", "2020-03-15", "gross", "day", 84),
        ("SOL", "2026-01-01", "net", "day", 1),
    ],
)
def test_known_totals_come_out(spells, world, entity, on, rule, members, number):
    assert len(recognisers(spells, entity, on, rule=rule, states=world, members=members)) == number


def test_bounds_of_a_count_hold_it_and_meet_where_every_date_is_known(make_acts):
    acts = make_acts(
        "A XKX recognition recognised 2010", "B XKX recognition recognised 2010-03-01",
        "B XKX recognition withdrew 2011-02", "C XKX recognition recognised 2010-06",
    )  # fmt: skip
    days = ["2009-12-31", "2010-01-01", "2010-03-01", "2010-12-31", "2011-02-01", "2011-03-01"]
    found = count_bounds(build_spells(acts), "XKX", days)
    assert found[["low", "high"]].to_numpy().tolist() == [[0, 0], [0, 1], [1, 2], [3, 3], [2, 3], [2, 2]]


@pytest.mark.parametrize("entity", ["TWN", "ISR", "XKX", "ESH", "PSE"])
@pytest.mark.parametrize("rule", ["net", "gross", "undisputed"])
def test_every_count_lies_within_its_bounds(spells, entity, rule):
    found = count_bounds(spells, entity, rule=rule)
    counted = counts(spells, entity, found["day"], rule=rule)["count"]
    assert ((found["low"] <= counted) & (counted <= found["high"])).all()
    assert (found["low"] < found["high"]).any()


def test_implied_ties_can_be_left_out(make_acts):
    acts = make_acts(
        "A ISR recognition recognised 1949", "B ISR recognition recognised 1949", "B ISR relations established 1955"
    )
    spells = build_spells(acts)
    assert codes(spells, "ISR", "1960-01-01", kind="relations") == ["A", "B"]
    assert codes(spells, "ISR", "1960-01-01", kind="relations", implied="exclude") == ["B"]
    assert counts(spells, "ISR", ["1960-01-01"], kind="relations", implied="exclude")["count"].tolist() == [1]
    panel = build_panel(spells, [1960], implied="exclude")
    assert panel.query("kind == 'relations'")["recogniser"].tolist() == ["B"]
    with pytest.raises(ParameterError, match="implied = 'some'"):
        recognisers(spells, "ISR", "1960-01-01", implied="some")


def test_most_relations_with_israel_are_implied(spells):
    found = recognisers(spells, "ISR", "2026-04-26", kind="relations")
    assert (len(found), int(found["implied"].sum())) == (166, 115)
