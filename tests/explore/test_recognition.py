"""The explorer without a browser: what the controls change, what is sent, what stands where no widget is."""

from datetime import date

import matplotlib.pyplot as plt
import pytest

from analysis.explore import recognition
from analysis.explore.ties import Ties, name_day, number_day
from analysis.figures.charts import CHART_MIME
from analysis.parameters import RecognitionExploreParameters, RecognitionMapParameters
from analysis.recognition.facts.choices import ENTITIES
from analysis.recognition.panel import recognisers
from analysis.tables import load_facts

UNTIL = "2026-11-22"
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def facts():
    return load_facts("recognition")


@pytest.fixture
def explorer(facts, tmp_path):
    chosen = {"entity": "TWN", "day": "1979-12-31", "kind": "relations", "rule": "net", "minimum_confidence": "low"}
    return recognition.Explorer(facts, RecognitionExploreParameters(**chosen), UNTIL, tmp_path)


def case(**changed):
    values = {"entity": "TWN", "day": "1979-12-31", "kind": "relations", "rule": "net", "minimum_confidence": "low"}
    return RecognitionMapParameters(**values | changed)


def test_moving_the_day_changes_the_sentence_and_sends_no_rows(explorer):
    before = explorer.chart.tables
    explorer.slider.value = number_day("1970-12-31")
    assert "66 states had relations" in explorer.sentence.value
    assert explorer.picker.value == date(1970, 12, 31)
    assert explorer.chart.tables is before


def test_the_exact_day_moves_the_slider(explorer):
    explorer.picker.value = date(1971, 10, 25)
    assert explorer.case.day == "1971-10-25"
    assert explorer.slider.value == number_day("1971-10-25")


def test_another_entity_sends_only_its_rows(explorer):
    outlines = explorer.chart.spec["datasets"]["shapes"]
    explorer.choosers["entity"].value = "ISR"
    assert set(explorer.chart.tables) == {"times", "counts", "keys"}
    assert explorer.chart.values == {"entity": "ISR"}
    assert "Israel" in explorer.sentence.value
    assert explorer.chart.spec["datasets"]["shapes"] is outlines


def test_a_state_is_found_and_its_history_listed(explorer):
    explorer.search.value = "nic"
    assert explorer.chart.chosen == "NIC"
    assert "2021-12-10" in explorer.history.value
    assert explorer.search.value == "Nicaragua (NIC)"


def test_an_unknown_state_leaves_the_choice_and_says_what_is_near(explorer):
    explorer.search.value = "Paraguai"
    assert explorer.chart.chosen == ""
    assert "did you mean PRY (Paraguay)" in explorer.found.value


def test_a_brush_moves_the_day_to_its_end(explorer):
    explorer.chart.brush = [float(number_day("1971-01-01")), float(number_day("1979-06-30"))]
    assert explorer.case.day == "1979-06-30"
    assert "from 1 January 1971 to 30 June 1979" in explorer.sentence.value


def test_a_pinned_case_comes_back_with_all_its_choices(explorer):
    explorer.pinboard.pin.click()
    assert "domes batch" in explorer.pinboard.message.value
    explorer.set_case(case(entity="XKX", day="2020-12-31", kind="recognition", rule="undisputed"))
    assert explorer.case.entity == "XKX"
    explorer.pinboard.cases.index = 1
    assert explorer.pinboard.cases.value[0] == case()
    assert explorer.case == case()
    assert explorer.slider.value == number_day("1979-12-31")


def test_without_widgets_there_is_a_figure_with_its_sentence(explorer, monkeypatch):
    shown = []
    monkeypatch.setattr(recognition, "display", lambda data, **more: shown.append((data, more["metadata"])))
    figure, _ = plt.subplots()
    plt.close(figure)
    explorer.show(figure, "A map.")
    (data, metadata), *_ = shown
    assert {WIDGET, "image/png"} <= set(data) and CHART_MIME not in data
    assert data["text/plain"] == metadata["image/png"]["alt"] == "A map."


def test_a_day_without_the_entity_is_said_in_words(facts):
    said = Ties(facts, UNTIL).describe(case(entity="XKX", kind="recognition", day="1999-01-01"))
    assert said.startswith("Kosovo (XKX) does not exist then; it exists since 2008-02-17")


@pytest.mark.parametrize("entity", ENTITIES)
def test_the_rows_of_a_day_are_the_states_that_count_then(facts, entity):
    ties = Ties(facts, UNTIL)
    chosen = case(entity=entity, kind="recognition", day="2020-12-31")
    day = number_day(chosen.day)
    rows = ties.write_tables(chosen)["times"]
    standing = {row["name"] for row in rows if row["since"] <= day < row["until"] and row["key"] in (0, 1)}
    found = recognisers(ties.spells, entity, chosen.day, "recognition")
    assert standing == {ties.names[code] for code in found["recogniser"]}


def test_on_one_day_a_shape_shows_one_state(facts):
    rows = Ties(facts, UNTIL).write_tables(case())["times"]
    for on in ("1950-06-01", "1975-06-01", "1991-12-27", "2026-11-22"):
        day = number_day(on)
        codes = [row["code"] for row in rows if row["since"] <= day < row["until"]]
        assert len(codes) == len(set(codes)), on


def test_the_years_of_a_page_agree_with_the_count_of_each_day(facts):
    ties = Ties(facts, UNTIL)
    years = ties.list_years(case())
    slider = years.controls[0]
    assert slider.labels[slider.start] == "1979"
    for place in (0, 21, slider.start, len(slider.values) - 1):
        on = name_day(slider.values[place])
        number = len(recognisers(ties.spells, "TWN", on, "relations"))
        assert years.sentences[str(place)].startswith(f"{number} states had relations")
