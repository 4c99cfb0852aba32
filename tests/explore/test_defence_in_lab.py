"""The explorer of a defence in JupyterLab: sliders move sentence and chart, two cases stand side by side."""

import pytest

pytestmark = pytest.mark.browser
PICTURE = "() => document.querySelector('.domes-chart canvas').toDataURL()"
FITTED = """() => [...document.querySelectorAll('.domes-chart')].every(
  (chart) => Math.abs(chart.dataset.room - chart.clientWidth) < 12
)"""


@pytest.fixture(scope="module")
def explorer(lab, browser, tmp_path_factory):
    """The explorer of a defence, run in a copy whose pinned cases go to a folder of the test."""
    folder = tmp_path_factory.mktemp("pinned")
    own = f"explore.Explorer(facts, params, __import__('pathlib').Path({str(folder)!r}))"
    copied = lab.copy("air_defence/00-explore", ("explore.Explorer(facts, params)", own))
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.faults, page.pinned = [], folder
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    lab.run(page, copied)
    page.locator(".domes-chart[data-ready=yes]").nth(1).wait_for()
    page.locator("p[role=status]").first.filter(has_text="nine in ten").wait_for()
    yield page
    context.close()


def test_the_first_sentence_is_that_of_the_notebook(explorer):
    assert "Taiwan with T-Dome as planned, mixed raid of 168" in explorer.locator("p[role=status]").first.inner_text()


def test_every_control_has_a_label(explorer):
    controls = explorer.locator(".jp-OutputArea-output select, .jp-OutputArea-output input:visible").all()
    assert len(controls) >= 20
    for control in controls:
        assert control.evaluate("one => one.labels?.length || one.ariaLabel || one.title || one.closest('label')")


def test_a_moved_slider_changes_chart_and_sentence_and_nothing_jumps(explorer):
    handle = explorer.locator(".noUi-handle").first
    words, before = explorer.locator("p[role=status]").first, explorer.evaluate(PICTURE)
    handle.scroll_into_view_if_needed()
    handle.focus()
    room = explorer.locator(".domes-chart").first.bounding_box()
    for _ in range(10):
        explorer.keyboard.press("ArrowRight")
    words.filter(has_text="mixed raid of 177").filter(has_text="nine in ten").wait_for()
    explorer.wait_for_function(f"before => ({PICTURE})() !== before", arg=before)
    assert explorer.locator(".domes-chart").first.bounding_box() == room
    assert explorer.faults == []


def measure_charts(explorer, width, files="open"):
    """Where both charts stand once they are drawn for their room, and how wide they are drawn."""
    explorer.set_viewport_size({"width": width, "height": 900})
    files_shown = explorer.locator(".jp-FileBrowser")
    if files == "closed":
        explorer.keyboard.press("Control+b")
        files_shown.wait_for(state="hidden")
    explorer.wait_for_function(FITTED)
    rooms = [chart.bounding_box() for chart in explorer.locator(".domes-chart").all()]
    drawn = [canvas.bounding_box()["width"] for canvas in explorer.locator(".domes-chart canvas").all()]
    if files == "closed":
        explorer.keyboard.press("Control+b")
        files_shown.wait_for()
    return rooms, drawn


@pytest.mark.parametrize("width", [1280, 1920])
@pytest.mark.parametrize("files", ["open", "closed"])
def test_two_cases_stand_side_by_side(explorer, width, files):
    (left, right), drawn = measure_charts(explorer, width, files)
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]
    assert drawn[0] <= left["width"] and drawn[1] <= right["width"]
    assert right["x"] + right["width"] <= width


@pytest.mark.parametrize("width", [760, 900])
def test_in_little_room_the_second_case_stands_below(explorer, width):
    (above, below), drawn = measure_charts(explorer, width)
    explorer.set_viewport_size({"width": 1280, "height": 900})
    assert drawn[0] <= above["width"] and drawn[1] <= below["width"]
    assert above["x"] == below["x"]
    assert above["y"] + above["height"] < below["y"]


def test_a_pinned_case_is_a_row_of_a_runs_file(explorer):
    explorer.get_by_role("button", name="Pin this case").click()
    explorer.get_by_text("In the project folder, with its environment active, run").wait_for()
    (file,) = explorer.pinned.glob("*.runs.csv")
    header, row = file.read_text(encoding="utf-8").splitlines()
    assert header.startswith("notebook,architecture,beside,systems_off,raid,raid_percent")
    assert row.startswith("air_defence/00-explore,taiwan_tdome_planned,taiwan_pre_tdome,")


def test_own_values_open_below_move_the_first_case_and_are_listed(explorer):
    explorer.set_viewport_size({"width": 1280, "height": 1400})
    words = explorer.locator("p[role=status]").first
    words.filter(has_text="nine in ten").wait_for()
    before = words.inner_text()
    explorer.get_by_role("button", name="Your own values").click()
    kill = explorer.locator(".widget-slider", has_text="Kill probability").first
    kill.wait_for()
    for control in explorer.locator(".jp-OutputArea-output select, .jp-OutputArea-output input:visible").all():
        assert control.evaluate("one => one.labels?.length || one.ariaLabel || one.title || one.closest('label')")
    handle = kill.locator(".noUi-handle")
    handle.scroll_into_view_if_needed()
    handle.focus()
    explorer.keyboard.press("Home")
    explorer.wait_for_function("before => document.querySelector('p[role=status]').innerText !== before", arg=before)
    words.filter(has_text="nine in ten").wait_for()
    table = explorer.locator("table", has_text="yours").last
    assert "kill probability" in table.inner_text()
    explorer.get_by_label("Name of the case").fill("None kills")
    explorer.get_by_label("Name of the case").press("Tab")
    explorer.get_by_role("button", name="Save as a case").click()
    explorer.get_by_text("Saved as").wait_for()
    assert [path.name for path in (explorer.pinned.parent / "cases").glob("*.yaml")] == ["none-kills.yaml"]
    assert explorer.faults == []
