"""The explorers as a person meets them: in JupyterLab, in a browser, with mouse and keyboard."""

import re

import pytest

pytestmark = pytest.mark.browser
PICTURE = "() => document.querySelector('.domes-chart canvas').toDataURL()"


@pytest.fixture(scope="module")
def explorer(lab, browser, tmp_path_factory):
    """The explorer of recognition, run in a copy whose pinned cases go to a folder of the test."""
    folder = tmp_path_factory.mktemp("pinned")
    own = f"until=provenance.cut_off(), folder=__import__('pathlib').Path({str(folder)!r}))"
    copied = lab.copy("recognition/00-explore", ("until=provenance.cut_off())", own))
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.pinned = folder
    lab.run(page, copied)
    page.locator(".domes-chart[data-ready=yes]").wait_for()
    page.locator(".domes-chart").scroll_into_view_if_needed()
    yield page
    context.close()


@pytest.fixture
def said(explorer):
    """The sentence about the day; each test begins on the day of the notebook."""
    words = explorer.locator(".widget-html-content").filter(has_text=re.compile(r" on \d+ ")).first
    explorer.get_by_label("Exact day").fill("1979-12-31")
    words.filter(has_text="31 December 1979").wait_for()
    explorer.locator(".domes-chart canvas").scroll_into_view_if_needed()
    return words


def test_every_control_has_a_label(explorer):
    controls = explorer.locator(".jp-OutputArea-output select, .jp-OutputArea-output input:visible").all()
    named = [control.evaluate("one => one.labels?.length || one.ariaLabel || one.title") for control in controls]
    assert len(controls) >= 7
    assert all(named)


def test_the_first_state_is_that_of_the_notebook(explorer, said):
    assert said.inner_text().startswith(
        "22 states had relations with the Republic of China (Taiwan) on 31 December 1979"
    )


def test_dragging_the_day_moves_the_map_and_the_sentence_and_nothing_else(explorer, said):
    before, words = explorer.evaluate(PICTURE), said.inner_text()
    bar = explorer.locator(".noUi-base").first.bounding_box()
    handle = explorer.locator(".noUi-handle").first.bounding_box()
    down = handle["y"] + handle["height"] / 2
    start = handle["x"] + handle["width"] / 2
    room = explorer.locator(".domes-chart").bounding_box()
    explorer.mouse.move(start, down)
    explorer.mouse.down()
    explorer.mouse.move(start - bar["width"] / 5, down, steps=10)
    explorer.mouse.up()
    said.filter(has_not_text="1979").wait_for()
    explorer.wait_for_function(f"before => ({PICTURE})() !== before", arg=before)
    assert said.inner_text() != words
    assert explorer.locator(".domes-chart").bounding_box() == room
    assert explorer.faults == []


def test_the_chart_is_as_wide_as_its_room(explorer, said):
    wide = explorer.locator(".domes-chart canvas").bounding_box()["width"]
    explorer.set_viewport_size({"width": 1000, "height": 900})
    explorer.wait_for_function(f"() => document.querySelector('.domes-chart canvas').clientWidth < {wide} - 100")
    explorer.set_viewport_size({"width": 1280, "height": 900})
    explorer.wait_for_function(f"() => document.querySelector('.domes-chart canvas').clientWidth === {wide}")
    assert explorer.faults == []


def test_the_arrow_keys_move_the_day(explorer, said):
    explorer.locator(".noUi-handle").first.focus()
    explorer.keyboard.press("ArrowRight")
    said.filter(has_text="1 January 1980").wait_for()


def test_another_entity_redraws_the_map_and_says_so(explorer, said):
    before = explorer.evaluate(PICTURE)
    explorer.get_by_label("Entity").select_option(label="Israel (ISR)")
    said.filter(has_text="had relations with Israel on 31 December 1979").wait_for()
    explorer.wait_for_function(f"before => ({PICTURE})() !== before", arg=before)
    explorer.get_by_label("Entity").select_option(label="Republic of China (Taiwan) (TWN)")
    said.filter(has_text="Taiwan").wait_for()


@pytest.mark.parametrize("words", ["Honduras", "hnd", "Honduras (HND)"])
def test_a_state_found_by_name_or_code_shows_its_whole_history(explorer, said, words):
    explorer.get_by_label("Find a state").fill(words)
    explorer.keyboard.press("Enter")
    explorer.get_by_text("All acts of Honduras (HND) on record").wait_for()
    history = explorer.locator(".widget-html-content").filter(has_text="All acts of Honduras").inner_text()
    assert "2023-03-26" in history and "People's Republic of China" in history
    assert explorer.evaluate("() => document.querySelector('.domes-chart').domesView.signal('chosen')") == "HND"
    explorer.get_by_label("Find a state").fill("")
    explorer.keyboard.press("Enter")
    explorer.get_by_text("All acts of Honduras (HND) on record").wait_for(state="detached")


def test_a_word_that_is_no_state_is_answered_with_the_nearest(explorer, said):
    explorer.get_by_label("Find a state").fill("Hondurus")
    explorer.keyboard.press("Enter")
    explorer.get_by_text("did you mean HND (Honduras)?").wait_for()


def test_a_click_on_the_tiles_chooses_a_state(explorer, said):
    spot = """() => {
      const find = (item, x, y) => {
        for (const one of item.items ?? []) {
          const down = one.items ? find(one, x + (one.x ?? 0), y + (one.y ?? 0)) : null;
          if (down) return down;
          if (one.mark?.marktype === "rect" && one.datum?.code === "PRY" && one.datum?.name) {
            return [x + one.x + one.width / 2, y + one.y + one.height / 2];
          }
        }
        return null;
      };
      const view = document.querySelector(".domes-chart").domesView;
      const [left, top] = view.origin().map((from) => from + view.padding().top);
      const [x, y] = find(view.scenegraph().root, 0, 0);
      const box = document.querySelector(".domes-chart canvas").getBoundingClientRect();
      return [box.x + left + x, box.y + top + y];
    }"""
    across, down = explorer.evaluate(spot)
    assert down < explorer.viewport_size["height"]
    explorer.mouse.click(across, down)
    explorer.get_by_text("All acts of Paraguay (PRY) on record").wait_for()


def test_a_brush_over_the_curve_moves_the_day_to_its_end_and_says_what_is_strong(explorer, said):
    box = explorer.locator(".domes-chart canvas").bounding_box()
    down = box["y"] + box["height"] - 60
    explorer.mouse.move(box["x"] + box["width"] * 0.4, down)
    explorer.mouse.down()
    explorer.mouse.move(box["x"] + box["width"] * 0.55, down, steps=5)
    explorer.mouse.up()
    said.filter(has_text="Strong colours: states whose status of that day began from").wait_for()
    explorer.mouse.click(box["x"] + box["width"] * 0.8, down)
    said.filter(has_not_text="Strong colours").wait_for()


def test_a_pinned_case_is_run_by_the_command_that_is_shown_and_has_a_page(explorer, said, domes, tmp_path):
    explorer.get_by_role("button", name="Pin this case").click()
    explorer.get_by_text("Pinned; 1 case in the file").wait_for()
    command = explorer.locator(".widget-html-content code").inner_text().split()
    assert command[:2] == ["domes", "batch"]
    assert command[2].startswith(str(explorer.pinned))
    ran = domes(*command[1:], "-o", tmp_path)
    assert ran.returncode == 0, ran.stderr
    pages = [path for path in tmp_path.rglob("*.html") if path.name.startswith("01-recognition-map")]
    assert len(pages) == 1
    assert "22 states had relations with the Republic of China (Taiwan) on 31 December 1979" in pages[0].read_text()


def test_a_pinned_case_is_loaded_again(explorer, said):
    explorer.get_by_label("Exact day").fill("1999-01-01")
    said.filter(has_text="1 January 1999").wait_for()
    explorer.get_by_label("Load a case").select_option(label="TWN, 1979-12-31, relations, net, low")
    said.filter(has_text="31 December 1979").wait_for()


def test_nothing_went_wrong_in_the_browser(explorer):
    assert explorer.faults == []
