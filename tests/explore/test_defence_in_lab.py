"""The explorer of a defence in JupyterLab: sliders move sentence and chart, and every control has a name."""

import statistics

import pytest

pytestmark = pytest.mark.browser
MOVES = 30
PICTURE = "() => document.querySelector('.vega-embed svg').outerHTML"
WATCH = """
() => {
  const words = [...document.querySelectorAll("p[role=status]")][0].closest(".widget-html-content");
  window.said = [];
  new MutationObserver(() => window.said.push(performance.now())).observe(words, { childList: true, subtree: true });
}
"""


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
    page.locator(".vega-embed svg.marks").first.wait_for(timeout=120_000)
    page.locator("p[role=status]").first.filter(has_text="nine in ten").wait_for(timeout=60_000)
    yield page
    context.close()


def test_the_first_sentence_is_that_of_the_notebook(explorer):
    assert "Taiwan with T-Dome as planned, mixed raid of 168" in explorer.locator("p[role=status]").first.inner_text()


def test_every_control_has_a_label(explorer):
    controls = explorer.locator(".jp-OutputArea-output select, .jp-OutputArea-output input:visible").all()
    assert len(controls) >= 20
    for control in controls:
        assert control.evaluate("one => one.labels?.length || one.ariaLabel || one.title || one.closest('label')")


def test_a_moved_slider_changes_chart_and_sentence(explorer):
    handle = explorer.locator(".noUi-handle").first
    words, before = explorer.locator("p[role=status]").first, explorer.evaluate(PICTURE)
    said = words.inner_text()
    handle.scroll_into_view_if_needed()
    handle.focus()
    explorer.evaluate(WATCH)
    delays = []
    for _ in range(MOVES):
        explorer.evaluate("() => { window.said = []; window.pressed = performance.now(); }")
        explorer.keyboard.press("ArrowRight")
        explorer.wait_for_function("() => window.said.length", timeout=10_000)
        delays.append(explorer.evaluate("() => window.said[0] - window.pressed"))
    late = statistics.quantiles(delays, n=20)[-1]
    print(f"\nsentence: median {statistics.median(delays):.0f} ms, 95th percentile {late:.0f} ms of {MOVES} moves")
    words.filter(has_text="nine in ten").wait_for(timeout=10_000)
    assert words.inner_text() != said
    assert explorer.evaluate(PICTURE) != before
    assert explorer.faults == []


def test_a_pinned_case_is_a_row_of_a_runs_file(explorer):
    explorer.get_by_role("button", name="Pin this case").click()
    explorer.get_by_text("In the project folder run").wait_for()
    (file,) = explorer.pinned.glob("*.runs.csv")
    header, row = file.read_text(encoding="utf-8").splitlines()
    assert header.startswith("notebook,architecture,beside,systems_off,raid,raid_percent")
    assert row.startswith("air_defence/00-explore,taiwan_tdome_planned,taiwan_pre_tdome,")
