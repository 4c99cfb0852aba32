"""An interactive chart on a page: moved offline, under the page's policy, and absent where no script runs."""

import csv
import io
import json
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import expect

from analysis.air_defence.facts import coverage, envelope
from analysis.air_defence.questions import cases, forces, leakage
from analysis.base_map import load_base_map
from analysis.explore.ties import Ties
from analysis.figures import charts, maps, style
from analysis.figures.air_defence import envelope_chart, leakage_chart, reach
from analysis.figures.air_defence import leakage as leakage_figures
from analysis.figures.captions import say
from analysis.figures.recognition.recognition_map import status_colours, title_status
from analysis.parameters import RecognitionMapParameters
from analysis.recognition import relations
from analysis.reporting.page.page import write_page
from analysis.tables import load_facts

pytestmark = pytest.mark.browser
MOST_BYTES = 1_500_000
CASE = RecognitionMapParameters(entity="TWN", day="1979-12-31", kind="relations", rule="net", minimum_confidence="low")
EVIL = "</script><script>document.title = 'hacked'</script>"
PICTURE = "() => document.querySelector('.live canvas').toDataURL()"
DRAWN = """() => new Promise((done) => {  // a move is drawn within the next frame
  requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)));
})"""
UNREACHED = """all => all
  .filter((one) => one.scrollWidth > one.clientWidth && getComputedStyle(one).overflowX === 'auto' && one.tabIndex < 0)
  .map((one) => one.className)"""


def outputs_of(capture, *call):
    shown = []
    capture.setattr(
        charts,
        "display",
        lambda data, **more: shown.append(new_output("display_data", data=data, metadata=more["metadata"])),
    )
    charts.show(*call)
    return shown


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The recognition map's interactive figure on a page of its own; a name in its data is hostile."""
    facts = load_facts("recognition")
    ties = Ties(facts, "2026-11-22")
    status = relations.status_by_state(ties.spells, facts, entity="TWN", on=CASE.day, kind=CASE.kind)
    colours = status_colours(status, "TWN", "relations")
    title = title_status("TWN", "relations", CASE.day)
    figure = maps.plot_world_map(status, load_base_map(), facts["states"], title, colours, ["TWN"])
    chart = ties.plot(CASE)
    chart.datasets["keys"][0]["status"] += EVIL
    caption = say("maps.status", maps.facts_of_status(status, title, colours))
    with pytest.MonkeyPatch.context() as patch:
        shown = outputs_of(patch, chart, figure, caption, ties.list_years(CASE))
    return page_of(shown, tmp_path_factory.mktemp("pages") / "map.ipynb")


def page_of(shown, path):
    cells = [new_markdown_cell("# Who?"), new_code_cell("show()", outputs=shown)]
    nbformat.write(new_notebook(cells=cells), path)
    return write_page(path)


@pytest.fixture(scope="module")
def layers_page(tmp_path_factory):
    """The envelopes of two architectures on a page of their own."""
    facts = load_facts("air_defence")
    members = coverage.list_members(facts, ["israel_2025", "taiwan_tdome_planned"])
    limits = envelope.published_limits(facts)
    spans = envelope.altitude_spans(limits, facts.assumptions)
    both = envelope.range_altitude_envelopes(limits, spans), members
    chart, controls = envelope_chart.plot_envelopes_by_layer(*both), envelope_chart.control_layers(*both)
    figure, said = reach.plot_envelope_by_system(*both), say("reach.envelope", reach.facts_of_envelope(*both))
    with pytest.MonkeyPatch.context() as patch:
        shown = outputs_of(patch, chart, figure, said, controls)
    return page_of(shown, tmp_path_factory.mktemp("pages") / "layers.ipynb")


@pytest.fixture(scope="module")
def leakage_page(tmp_path_factory):
    """The leakers of a notional raid by doctrine and size on a page of their own."""
    facts = load_facts("air_defence")
    raid = forces.read_raid(facts.raids, "mixed")
    defence = forces.build_defence("taiwan_tdome_planned", facts, raid)
    case = cases.make_case(defence, "layer", facts["assumptions"])
    found = leakage.leakers_by_doctrine_and_size(case, 2, 16, 7, percents=[50, 100, 200])
    start = found.luck.query("percent == 100"), found.summary.query("percent == 100")
    figure = leakage_figures.plot_leakers_by_doctrine(*start)
    said = say("leakage.doctrines", leakage_figures.facts_of_doctrines(start[1]))
    chart = leakage_chart.plot_leakers_by_position(found.luck, found.summary)
    with pytest.MonkeyPatch.context() as patch:
        shown = outputs_of(patch, chart, figure, said, leakage_chart.control_positions(found.summary))
    return page_of(shown, tmp_path_factory.mktemp("pages") / "leakage.ipynb")


@pytest.fixture
def visit(browser, page):
    """Open the page with every host blocked, and note each request and each complaint of the browser."""
    contexts = []

    def call(path=page, **options):
        context = browser.new_context(**options)
        context.set_default_timeout(300_000)  # a busy machine takes its time
        contexts.append(context)
        opened = context.new_page()
        opened.asked, opened.complaints = [], []
        own = path.as_uri()

        def decide(route):
            opened.asked.append(route.request.url)
            route.continue_() if route.request.url == own else route.abort()

        context.route(re.compile(r"^(?!data:)"), decide)
        opened.on("console", lambda message: opened.complaints.append(message.text))
        opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.goto(own, wait_until="load")
        return opened

    yield call
    for context in contexts:
        context.close()


def awake(opened):
    opened.locator("figure.alive canvas").wait_for()
    return opened


def move_to(opened, year):
    slider = opened.get_by_label("Year")
    labels = {"1970": 21, "1979": 30}
    slider.fill(str(labels[year]))
    opened.locator("output", has_text=year).wait_for()
    opened.evaluate(DRAWN)


def test_moving_the_year_changes_the_map_without_any_request(visit, page):
    opened = awake(visit())
    pictures, sentences = {}, {}
    for year in ("1979", "1970"):
        move_to(opened, year)
        pictures[year] = opened.evaluate(PICTURE)
        sentences[year] = opened.locator(".now").inner_text()
    assert pictures["1979"] != pictures["1970"]
    assert sentences["1979"].startswith("22 states") and sentences["1970"].startswith("66 states")
    assert opened.asked == [page.as_uri()]
    assert opened.complaints == []
    assert opened.title() == "Who? – Domes & Ties"


def read_file(opened, name):
    """Read a file as a browser saves it: its name, and its rows."""
    with opened.expect_download() as waited:
        opened.get_by_role("link", name=name).click()
    saved = Path(waited.value.path()).read_text(encoding="utf-8")
    return waited.value.suggested_filename, list(csv.DictReader(io.StringIO(saved)))


def test_the_states_of_the_year_are_a_list_with_whole_sources_and_a_file(visit, page):
    opened = awake(visit())
    move_to(opened, "1970")
    opened.get_by_text("The states of that day, as a list").click()
    rows = opened.locator(".live tbody tr")
    expect(rows.filter(has_text="Honduras")).to_have_count(1)  # the list follows the map a moment later
    assert "…" not in opened.locator(".live table").inner_text()
    assert opened.locator(".live td a[href^='https://']").count() > 5
    name, listed = read_file(opened, "The states of that day (CSV)")
    assert name == "states-1970-12-31.csv" and len(listed) == rows.count()
    own = next(row for row in listed if row["State"] == "Honduras")
    assert own["When"].endswith("2023") and own["Source"] and not own["Source"].endswith("...")
    move_to(opened, "1979")
    assert read_file(opened, "The states of that day (CSV)")[0] == "states-1979-12-31.csv"
    assert opened.asked == [page.as_uri()] and opened.complaints == []


def test_the_year_moves_by_keyboard_and_by_dragging(visit):
    opened = awake(visit())
    slider = opened.get_by_label("Year")
    slider.focus()
    opened.keyboard.press("ArrowLeft")
    opened.locator("output", has_text="1978").wait_for()
    before = opened.evaluate(PICTURE)
    box = slider.bounding_box()
    opened.mouse.move(box["x"] + box["width"] * 0.38, box["y"] + box["height"] / 2)
    opened.mouse.down()
    opened.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2, steps=6)
    opened.mouse.up()
    opened.evaluate(DRAWN)
    assert opened.evaluate(PICTURE) != before
    assert slider.get_attribute("aria-valuetext") == opened.locator(".live output").inner_text()


def test_play_moves_the_year_until_it_is_paused(visit):
    opened = awake(visit())
    opened.get_by_role("button", name="Play").click()
    opened.wait_for_function("() => Number(document.querySelector('.live output').textContent) > 1980")
    opened.get_by_role("button", name="Pause").click()
    year = opened.locator(".live output").inner_text()
    opened.wait_for_timeout(800)
    assert opened.locator(".live output").inner_text() == year


def test_pointing_at_a_state_names_it_with_dates_and_source(visit):
    opened = awake(visit(viewport={"width": 1280, "height": 900}))
    box = opened.locator(".live canvas").bounding_box()
    opened.mouse.move(box["x"] + box["width"] * 0.215, box["y"] + box["height"] * 0.38, steps=3)
    tip = opened.locator("#vg-tooltip-element.visible")
    tip.wait_for()
    assert {"State", "Status", "When", "Source"} <= set(tip.locator("td.key").all_inner_texts())
    assert opened.complaints == []


def test_without_scripts_the_figure_stays_and_there_is_no_control(visit):
    opened = visit(java_script_enabled=False)
    assert opened.locator("figure img").is_visible()
    assert opened.locator(".live").count() == 0


def test_on_paper_the_figure_is_back(visit):
    opened = awake(visit())
    assert not opened.locator("figure img").is_visible()
    opened.emulate_media(media="print")
    assert opened.locator("figure img").is_visible()
    assert not opened.locator(".live").is_visible()


def test_a_foreign_script_is_still_refused(visit, page, tmp_path):
    broken = tmp_path / "broken.html"
    evil = "<script>document.title = 'hacked'</script></main>"
    broken.write_text(page.read_text(encoding="utf-8").replace("</main>", evil), encoding="utf-8")
    opened = awake(visit(broken))
    assert opened.title() == "Who? – Domes & Ties"
    assert any("Content Security Policy" in complaint for complaint in opened.complaints)


def test_the_policy_allows_two_scripts_by_their_hashes_and_no_evaluation(page):
    text = page.read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    sources = re.search(r"script-src ([^;]+);", policy)[1].split()
    assert len(sources) == 2 and all(source.startswith("'sha256-") for source in sources)
    assert "unsafe" not in policy and "default-src 'none'" in policy


def test_a_page_with_the_chart_stays_small(page):
    assert page.stat().st_size <= MOST_BYTES


def test_on_a_phone_nothing_is_wider_than_the_page(visit):
    opened = awake(visit(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True))
    assert opened.evaluate("document.documentElement.scrollWidth") == 390


def test_a_page_without_a_chart_has_no_script(tmp_path):
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Nothing moves")]), tmp_path / "still.ipynb")
    text = write_page(tmp_path / "still.ipynb").read_text(encoding="utf-8")
    assert "<script" not in text and "script-src" not in text


def test_a_chart_that_cannot_be_drawn_leaves_its_figure(visit, tmp_path):
    import altair as alt
    import matplotlib.pyplot as plt

    figure, _ = plt.subplots()
    plt.close(figure)
    data, metadata = style.bundle(figure, "A figure.")
    broken = charts.write_spec(alt.Chart(alt.Data(values=[{"a": 1}])).mark_bar().encode(x="a:Q")) | {"mark": "nothing"}
    shown = new_output("display_data", data=data | {charts.CHART_MIME: {"spec": json.dumps(broken)}}, metadata=metadata)
    cells = [new_markdown_cell("# Who?"), new_code_cell("show()", outputs=[shown])]
    nbformat.write(new_notebook(cells=cells), tmp_path / "broken.ipynb")
    opened = visit(write_page(tmp_path / "broken.ipynb"))
    opened.locator(".live").wait_for(state="detached")
    assert opened.get_by_role("img", name="A figure.").is_visible()


def look(opened):
    """The picture of the chart and its sentence, once a move has been drawn."""
    opened.evaluate(DRAWN)
    return opened.evaluate(PICTURE), opened.locator(".now").inner_text()


def test_a_layer_that_is_switched_off_leaves_chart_and_sentence_without_any_request(visit, layers_page):
    opened = awake(visit(layers_page))
    seen = [look(opened)]
    for name in ("Very short", "Outside the atmosphere"):
        opened.get_by_label(name, exact=True).uncheck()
        seen.append(look(opened))
    assert len({picture for picture, _ in seen}) == len({sentence for _, sentence in seen}) == 3
    assert seen[0][1].startswith("Shown: all layers.") and "2,400 km" in seen[1][1] and "2,400 km" not in seen[2][1]
    opened.get_by_label("Very short", exact=True).check()
    opened.get_by_label("Outside the atmosphere", exact=True).check()
    assert look(opened)[1] == seen[0][1]
    assert opened.asked == [layers_page.as_uri()] and opened.complaints == []


def test_the_keyboard_reaches_the_numbers_of_the_systems_that_are_shown(visit, layers_page):
    opened = awake(visit(layers_page))
    summary = opened.get_by_text("The systems shown, as a list")
    summary.focus()
    opened.keyboard.press("Enter")
    rows = opened.locator(".live tbody tr")
    expect(rows).not_to_have_count(0)  # the list follows a moment later
    every = rows.count()
    assert "km" in rows.filter(has_text="Iron Dome").inner_text()
    opened.get_by_label("Very short", exact=True).uncheck()
    assert 0 < rows.count() < every
    name, listed = read_file(opened, "The systems shown (CSV)")
    assert name == "systems.csv" and len(listed) == rows.count() and opened.complaints == []


def test_with_every_layer_off_the_page_says_so(visit, layers_page):
    opened = awake(visit(layers_page))
    for switch in opened.get_by_role("checkbox").all():
        switch.uncheck()
    assert look(opened)[1] == "No layer is switched on."
    assert opened.locator(".live .room > div").get_attribute("aria-label") == "No layer is switched on."


def test_pointing_finds_the_smaller_box_and_tells_whether_its_lower_end_is_assumed(visit, layers_page):
    opened = awake(visit(layers_page, viewport={"width": 1280, "height": 1200}))
    opened.get_by_label("Medium", exact=True).uncheck()
    look(opened)
    opened.get_by_label("Medium", exact=True).check()  # its boxes are larger, and come back last
    look(opened)
    box = opened.locator(".live canvas").bounding_box()
    opened.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.76, steps=3)
    tip = opened.locator("#vg-tooltip-element.visible")
    tip.wait_for()
    assert {"System", "Range", "Upper end", "Lower end"} <= set(tip.locator("td.key").all_inner_texts())
    assert "Iron Dome" in tip.inner_text() and "assumed" in tip.inner_text()


def test_doctrine_and_size_of_the_raid_change_chart_and_sentence_without_any_request(visit, leakage_page):
    opened = awake(visit(leakage_page))
    seen = [look(opened)]
    opened.get_by_label("Doctrine").select_option(label="Shoot-look-shoot, up to 2")
    seen.append(look(opened))
    opened.get_by_label("Raid (100 %: this page's)", exact=True).fill("2")
    opened.locator("output", has_text="168 threats (200 %)").wait_for()
    seen.append(look(opened))
    assert len({picture for picture, _ in seen}) == 3
    begun = [sentence.split(":")[0] for _, sentence in seen]
    assert begun[0] == "Of 84 threats, barrage of 2"
    chances = read_file(opened, "The chances shown (CSV)")[1]
    assert sum(float(row["Chance"]) for row in chances) == pytest.approx(1, abs=0.01)
    assert begun[1:] == [f"Of {threats} threats, shoot-look-shoot, up to 2" for threats in (84, 168)]
    assert opened.asked == [leakage_page.as_uri()] and opened.complaints == []


@pytest.mark.parametrize("name", ["layers_page", "leakage_page"])
def test_charts_of_defences_stay_small_fit_a_phone_and_leave_their_figure_without_scripts(visit, name, request):
    path = request.getfixturevalue(name)
    assert path.stat().st_size <= MOST_BYTES
    opened = awake(visit(path, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True))
    assert opened.evaluate("document.documentElement.scrollWidth") == 390
    for width in (420, 390):
        opened.set_viewport_size({"width": width, "height": 844})
        opened.evaluate(DRAWN)
        assert opened.locator("*").evaluate_all(UNREACHED) == []
    still = visit(path, java_script_enabled=False)
    assert still.locator("figure img").is_visible() and still.locator(".live").count() == 0
