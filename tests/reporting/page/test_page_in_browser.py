"""The page as a reader meets it in a browser: offline, on a phone, in the dark, on paper, without a script."""

import json
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.figures import style
from analysis.figures.chart_files import CHART_MIME
from analysis.parameters import PARAMETERS_MIME, RecognitionMapParameters
from analysis.provenance import footer
from analysis.reporting.page.beside import WITH_SHARED
from analysis.reporting.page.claims import write_claims, write_self_check
from analysis.reporting.page.index import write_index
from analysis.reporting.page.page import write_page

pytestmark = pytest.mark.browser
PARAMS = RecognitionMapParameters(
    entity="TWN", day="1979-12-31", kind="relations", rule="net", minimum_confidence="low"
)
CHART = {
    "spec": {
        "data": {"values": [{"x": 1, "y": 2}, {"x": 2, "y": 1}]},
        "mark": "point",
        "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}},
    },
    "controls": [],
}
COLUMNS = ["recogniser", "entity", "date", "precision", "act", "confidence", "source", "note"]
LEAST_CONTRAST = 4.5
CONTRAST = """
(elements) => {
  const luminance = (colour) => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const background = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    const clear = colour === "rgba(0, 0, 0, 0)" || colour === "transparent";
    return clear && element.parentElement ? background(element.parentElement) : colour;
  };
  return elements.map((element) => {
    const pair = [luminance(getComputedStyle(element).color), luminance(background(element))];
    const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    return [contrast, element.tagName + " " + element.textContent.slice(0, 30)];
  });
}
"""


def shown(data, metadata=None):
    return new_output("display_data", data=data, metadata=metadata or {})


def figure_output(description, **more):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=style.WIDE)
    axes.plot([1, 3, 2])
    plt.close(figure)
    data, metadata = style.bundle(figure, description, pd.DataFrame({"state": ["Haïti"], "=number": [1]}))
    return shown(data | more, metadata)


def wide_table():
    head = "".join(f"<th>{name}</th>" for name in COLUMNS)
    row = "".join(f"<td>{name} with several words</td>" for name in COLUMNS)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{f'<tr>{row}</tr>' * 20}</tbody></table>"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with everything that a page can hold, hostile content included."""
    evil = (
        "<script>document.title = 'hacked'</script>"
        "<img src='https://evil.example/x.png' onerror=\"document.title = 'hacked'\">"
        "<style>@import 'https://evil.example/x.css'</style><iframe src='https://evil.example'></iframe>"
    )
    cells = [
        new_markdown_cell("# Who recognises whom?\n\nWho asks, [elsewhere](https://example.org)."),
        new_code_cell("params.as_table()", outputs=[shown(PARAMS.as_table()._repr_mimebundle_())]),
        new_markdown_cell("## The figure\n\n> Quoted.\n\nA formula, $p^n$.\n\n$$\n" + "x + " * 80 + "y\n$$"),
        new_code_cell("plot()  # " + "long " * 60, outputs=[figure_output("A line rises and falls.")]),
        new_markdown_cell("## The table\n\n" + evil),
        new_code_cell("frame", outputs=[shown({"text/html": wide_table() + evil, "text/plain": ""})]),
        new_code_cell(
            "1", outputs=[shown({"text/plain": "wide " * 100}), new_output("stream", name="stdout", text=evil)]
        ),
        new_code_cell("2", outputs=[shown({"text/html": '<div class="warning">After the cut-off.</div>'})]),
        new_code_cell("3", outputs=[new_output("stream", name="stderr", text="A" * 300)]),
        new_markdown_cell("## Limits\n\n" + "w" * 200),
        new_code_cell("footer", outputs=[shown(footer(PARAMS, ["recognition/states"])._repr_mimebundle_())]),
    ]
    assert PARAMETERS_MIME in cells[1].outputs[0].data
    recorded = {"notebook": "recognition/01-recognition-map", "parameters": {}}
    folder = tmp_path_factory.mktemp("pages")
    nbformat.write(new_notebook(cells=cells, metadata={"domes": recorded}), folder / "page.ipynb")
    return write_page(folder / "page.ipynb", together=WITH_SHARED)


@pytest.fixture
def visit(browser):
    """Open a page with every host blocked, and note each request and each complaint of the browser."""
    contexts = []

    def call(path, **options):
        context = browser.new_context(**options)
        context.set_default_timeout(300_000)  # a busy machine takes its time
        contexts.append(context)
        opened = context.new_page()
        opened.asked, opened.complaints = [], []

        def decide(route):
            opened.asked.append(route.request.url)
            if route.request.url == path.as_uri():
                route.continue_()
            else:
                route.abort()

        context.route(re.compile(r"^(?!data:)"), decide)
        opened.on("console", lambda message: opened.complaints.append(message.text))
        opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.goto(path.as_uri(), wait_until="load")
        opened.wait_for_timeout(200)
        return opened

    yield call
    for context in contexts:
        context.close()


def contrasts(opened, selector):
    found = opened.locator(selector).evaluate_all(CONTRAST)
    assert found, f"nothing matches {selector}"
    return found


def test_the_page_asks_for_nothing_and_the_browser_has_no_complaint(visit, page):
    opened = visit(page)
    assert opened.asked == [page.as_uri()]
    assert opened.complaints == []
    assert opened.title() == "Who recognises whom? – Domes & Ties"


def test_the_index_asks_for_nothing_either(visit, page):
    index = write_index(page.parent)
    opened = visit(index)
    assert opened.asked == [index.as_uri()] and opened.complaints == []
    assert opened.locator("a").evaluate("link => link.href") == page.as_uri()


def test_the_policy_stops_a_script_that_somebody_puts_in(visit, page, tmp_path):
    broken = tmp_path / "broken.html"
    script = "<script>document.title = 'hacked'</script><img src=x onerror=\"document.title = 'hacked'\">"
    remote = '<img src="https://evil.example/x.png"><p style="color: red" id="styled">x</p>'
    broken.write_text(
        page.read_text(encoding="utf-8").replace("</main>", script + remote + "</main>"), encoding="utf-8"
    )
    opened = visit(broken)
    assert opened.title() == "Who recognises whom? – Domes & Ties"
    assert opened.asked == [broken.as_uri()]
    assert len([text for text in opened.complaints if "Content Security Policy" in text]) >= 4


def test_on_a_phone_only_tables_and_code_scroll_sideways(visit, page):
    opened = visit(page, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    assert opened.evaluate("document.documentElement.scrollWidth") == 390
    wide = "boxes => boxes.filter((box) => box.scrollWidth > box.clientWidth).map((box) => getComputedStyle(box).overflowX)"
    overflowing = opened.locator("div.table").evaluate_all(wide)
    assert overflowing and set(overflowing) == {"auto"}
    for summary in opened.locator("summary").all():
        summary.click()
    assert opened.evaluate("document.documentElement.scrollWidth") == 390


def test_on_a_phone_text_is_large_enough_to_read(visit, page):
    opened = visit(page, viewport={"width": 390, "height": 844}, is_mobile=True)
    sizes = opened.locator("p, td, th, dd, figcaption, summary, .contents a").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 12


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "selector",
    ["p", "blockquote", "figcaption", "td", "th", "td small", "a", "summary", "dd", "dt", ".warning", ".note pre",
     "pre code", "pre span", "header", "nav h2"],
)  # fmt: skip
def test_text_stands_out_from_its_background(visit, page, scheme, selector):
    opened = visit(page, color_scheme=scheme)
    weak = [found for found in contrasts(opened, selector) if found[0] < LEAST_CONTRAST]
    assert weak == []


def test_the_page_is_dark_in_the_dark(visit, page):
    lightness = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number).reduce((a, b) => a + b) / 3"
    assert visit(page, color_scheme="light").evaluate(lightness) > 240
    assert visit(page, color_scheme="dark").evaluate(lightness) < 40


def test_code_can_be_shown_without_a_script(visit, page):
    opened = visit(page, java_script_enabled=False)
    code = opened.get_by_text("params.as_table()")
    assert not code.is_visible()
    opened.get_by_text("The code of this page").click()
    assert code.is_visible()


def test_code_can_be_shown_with_the_keyboard_alone(visit, page):
    opened = visit(page)
    opened.locator("details.code summary").focus()
    opened.keyboard.press("Enter")
    assert opened.get_by_text("params.as_table()").is_visible()


def test_the_contents_lead_to_their_headings(visit, page):
    opened = visit(page, viewport={"width": 1280, "height": 600})
    opened.get_by_role("navigation").get_by_role("link", name="Limits").click()
    opened.wait_for_function("() => document.getElementById('limits').getBoundingClientRect().y < 600")


def test_a_figure_has_one_name_and_keeps_its_proportions(visit, page):
    opened = visit(page)
    assert opened.get_by_role("img", name="A line rises and falls.").count() == 1
    heard = opened.locator("figure").aria_snapshot()
    assert heard.startswith(
        '- figure "Figure 1":\n  - img "A line rises and falls."\n  - text: Figure 1. A line rises and falls.'
    )
    size = opened.locator("figure img").bounding_box()
    assert size["width"] / size["height"] == pytest.approx(10 / 5.2, rel=0.01)


def test_the_page_has_a_language_one_main_heading_and_landmarks(visit, page):
    opened = visit(page)
    assert opened.evaluate("document.documentElement.lang") == "en"
    assert opened.locator("h1").count() == 1
    for landmark in ("banner", "main", "navigation", "contentinfo"):
        assert opened.get_by_role(landmark).count() == 1
    assert opened.get_by_role("columnheader", name="recogniser").count() == 1
    assert opened.get_by_role("rowheader", name="entity").count() == 1


def test_on_paper_there_is_no_control_and_text_is_black_on_white(visit, page):
    opened = visit(page, color_scheme="dark", viewport={"width": 700, "height": 1000})
    opened.emulate_media(media="print", color_scheme="dark")
    assert not opened.get_by_text("The code of this page").is_visible()
    assert not opened.get_by_role("navigation").is_visible()
    assert opened.locator("figure img").is_visible() and opened.locator("footer").is_visible()
    colours = opened.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    opened.emulate_media(media=None, color_scheme=None)
    assert opened.pdf(format="A4").startswith(b"%PDF")


@pytest.fixture(scope="module")
def index(page, tmp_path_factory):
    """An index of five runs of one notebook, and one run of another."""
    folder = tmp_path_factory.mktemp("index")
    runs = [("recognition/02-other", "page"), *[("recognition/01-recognition-map", f"run-{n}") for n in range(5)]]
    for number, (name, file) in enumerate(runs):
        notebook = nbformat.read(page.with_suffix(".ipynb"), as_version=4)
        parameters = {"entity": f"E{number}", "note": "<img src=x onerror=\"document.title = 'hacked'\">"}
        notebook.metadata["domes"] = {"notebook": name, "parameters": parameters}
        source = "entity: str = 'x'\nnote: str = 'y'"
        notebook.cells.insert(1, new_code_cell(source, metadata={"tags": ["parameters"]}))
        numbers = {"text/html": f"<table><tr><th>count</th><td>{number * 7}</td></tr></table>"}
        notebook.cells.append(new_code_cell("n", metadata={"tags": ["nbval-check-output"]}, outputs=[shown(numbers)]))
        nbformat.write(notebook, folder / f"{file}.ipynb")
        write_page(folder / f"{file}.ipynb")
    return write_index(folder, ["02 failed <script>document.title = 'hacked'</script>"])


def listed(opened):
    return opened.locator(".list > li:visible").all_inner_texts()


def test_the_filter_leaves_the_runs_that_hold_every_word(visit, index):
    opened = visit(index)
    assert opened.complaints == [] and opened.asked == [index.as_uri()]
    status = opened.locator("[role=status]")
    assert len(listed(opened)) == 6 and status.inner_text() == "6 of 6 pages"
    box = opened.get_by_label("Show only pages with")
    assert opened.locator("nav.questions").is_visible()
    box.fill("e3  COUNT")
    assert not opened.locator("nav.questions").is_visible()
    assert len(listed(opened)) == 1 and status.inner_text() == "1 of 6 pages"
    assert opened.locator(".table tbody tr:visible").count() == 1
    box.fill("02-other")
    assert len(listed(opened)) == 1 and opened.locator("section.runs:visible").count() == 1
    box.fill("nothing of the kind")
    assert listed(opened) == [] and opened.locator("section:visible").count() == 0
    box.fill("")
    assert len(listed(opened)) == 6 and opened.title() == "Pages – Domes & Ties"


def test_a_link_to_a_claim_opens_it(visit, tmp_path):
    write_claims(tmp_path, ["briefing"])
    opened = visit(tmp_path / "claims/briefing.html")
    assert opened.locator("details[open]").count() == 0
    opened.evaluate("location.hash = '#B03'")
    opened.wait_for_selector("details[open]")
    assert opened.locator("details[open]").count() == 1
    assert "B03" in opened.locator("details[open] dl").inner_text()


def test_without_a_script_the_index_lists_all_and_offers_no_filter(visit, index):
    opened = visit(index, java_script_enabled=False)
    assert len(listed(opened)) == 6
    assert not opened.get_by_label("Show only pages with").is_visible()
    assert opened.locator(".table tbody tr:visible").count() == 5


def test_the_policy_of_the_index_lets_no_other_script_run(visit, index, tmp_path):
    broken = tmp_path / "broken.html"
    script = "<script>document.title = 'hacked'</script><img src=x onerror=\"document.title = 'hacked'\">"
    broken.write_text(index.read_text(encoding="utf-8").replace("</main>", f"{script}</main>"), encoding="utf-8")
    opened = visit(broken)
    assert opened.title() == "Pages – Domes & Ties"
    assert len([text for text in opened.complaints if "Content Security Policy" in text]) >= 2
    assert opened.locator("[role=status]").inner_text() == "6 of 6 pages", "the index's own script still runs"


@pytest.mark.parametrize("scripts", [True, False])
def test_the_data_of_a_figure_and_of_a_table_are_taken_from_the_page_itself(visit, page, scripts):
    opened = visit(page, accept_downloads=True, java_script_enabled=scripts)
    for words, name, start in (
        ("Data of figure 1 (CSV)", "page-figure-1.csv", "state,'=number\nHaïti,1\n"),
        ("Data of table 1 (CSV)", "page-table-1.csv", ",".join(COLUMNS)),
    ):
        with opened.expect_download() as download:
            opened.get_by_role("link", name=words).click()
        assert download.value.suggested_filename == name
        assert Path(download.value.path()).read_text(encoding="utf-8").startswith(start)
    assert opened.asked == [page.as_uri()] and opened.complaints == []


def test_a_page_leads_to_its_notebook_and_to_the_index(visit, page):
    write_index(page.parent)
    opened = visit(page)
    links = opened.locator("header a").evaluate_all("all => all.map(one => [one.textContent, one.href])")
    folder = page.parent.as_uri()
    assert links == [
        ["All pages", f"{folder.rpartition('/')[0]}/index.html"],
        ["Notebook with its code and outputs", f"{folder}/page.ipynb"],
    ]


def test_every_link_box_and_scrolling_part_is_reached_with_the_keyboard_alone(visit, page, index):
    for path in (page, index):
        opened = visit(path)
        wanted = opened.locator("a[href]:visible, summary:visible, input:visible, [tabindex='0']:visible").count()
        reached = opened.evaluate("document.body.tabIndex = -1, document.body.focus(), 0")
        for _ in range(wanted + 5):
            opened.keyboard.press("Tab")
            reached += opened.evaluate("document.activeElement !== document.body && !document.activeElement.seen")
            opened.evaluate("document.activeElement.seen = true")
        assert reached >= wanted


@pytest.fixture(scope="module")
def all_kinds(page, index, tmp_path_factory):
    """A page of each kind: of a notebook, with a chart, of claims, of the self-check, the index, an empty index."""
    folder = tmp_path_factory.mktemp("kinds")
    write_claims(folder, ["briefing"])
    notebook = nbformat.read(page.with_suffix(".ipynb"), as_version=4)
    chart = new_code_cell(
        "1", outputs=[figure_output("A line.", **{CHART_MIME: CHART | {"spec": json.dumps(CHART["spec"])}})]
    )
    notebook.cells = [notebook.cells[0], new_markdown_cell("## A chart"), chart]
    nbformat.write(notebook, folder / "chart.ipynb")
    empty = write_index(tmp_path_factory.mktemp("empty"))
    return {
        "page": page,
        "chart": write_page(folder / "chart.ipynb"),
        "claims": folder / "claims/briefing.html",
        "self-check": write_self_check(folder),
        "index": index,
        "empty index": empty,
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["page", "chart", "claims", "self-check", "index", "empty index"])
def test_axe_finds_no_fault(visit, all_kinds, kind, scheme):
    opened = visit(all_kinds[kind], color_scheme=scheme, bypass_csp=True)  # axe is put in from outside
    for summary in opened.locator("summary").all()[:5]:
        summary.click()
    found = Axe().run(opened)
    assert found.response["passes"], "axe did run"
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("kind", ["page", "chart", "claims", "self-check", "index", "empty index"])
def test_every_kind_of_page_has_a_language_a_title_one_main_heading_and_fits_a_phone(visit, all_kinds, kind):
    opened = visit(all_kinds[kind], viewport={"width": 390, "height": 844}, is_mobile=True)
    assert opened.evaluate("document.documentElement.lang") == "en"
    assert opened.title().endswith(" – Domes & Ties")
    assert opened.locator("h1").count() == 1
    assert opened.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("width", [390, 420])
def test_claims_with_the_longest_names_fit_a_phone(visit, tmp_path, width):
    tables = ["air_defence/programme", "air_defence/system_parameters", "recognition/taiwan_exchanges"]
    write_claims(tmp_path, tables)
    for table in tables:
        path = tmp_path / "claims" / f"{table.replace('/', '-')}.html"
        opened = visit(path, viewport={"width": width, "height": 844}, is_mobile=True)
        opened.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert opened.evaluate("document.documentElement.scrollWidth") == width
