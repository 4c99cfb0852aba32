"""The ledger of assumptions as a reader meets it: numbers follow a change, a link keeps it, a file says it."""

import re
from dataclasses import replace
from urllib.parse import unquote

import nbformat
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis import tables
from analysis.air_defence.questions import cases, forces, leakage, ledger, posterior
from analysis.figures import style
from analysis.figures.air_defence import leakage_by_class
from analysis.figures.air_defence.words import write_threats
from analysis.figures.answer import describe_answer
from analysis.figures.captions import say
from analysis.figures.ledger import describe_ledger
from analysis.figures.ledger_file import LEDGER_MIME
from analysis.figures.words import write_count
from analysis.own_case.file import read_case
from analysis.reporting.page.page import write_page

pytestmark = pytest.mark.browser
DRAWS, FEW, SEED = 32, 16, 7
TEXTS = "() => [...document.querySelectorAll('[data-fact]')].map((one) => [one.dataset.fact, one.textContent])"
KINDS = {
    "calibrated": {},
    "place": {"coverage_scope": "place", "doctrine": "shoot-look-shoot", "allotment": "ballistic_first"},
    "assumed": {"inputs": "assumed", "track_scope": "raid"},
    "one track": {"track_scope": "threat", "raids_differ": False},
}


def shown(data, metadata=None):
    return new_output("display_data", data=data, metadata=metadata or {})


def side_by_side(inputs="calibrated", track_scope="layer", coverage_scope="layer", raids_differ=True, **fire):
    """The cases of a page, and the one that it shows first."""
    facts = tables.load_facts("air_defence")
    raid = {"owa_drone": 30, "srbm": 14, "mrbm": 6}
    defence = forces.build_defence("taiwan_tdome_planned", facts, raid, covers=True, **fire)
    case = cases.make_case(defence, track_scope, facts.assumptions, coverage_scope, raids_differ)
    own = coverage_scope, {"calibrated": "common", "assumed": "apart"}[inputs]
    return posterior.cases_side_by_side(case, facts.posterior, inputs), own


def facts_of(beside, own):
    """What the answer and the figure say, and the draws behind the figure."""
    by_class = leakage.leakers_by_class(beside, DRAWS, SEED)
    dots = leakage.equal_chances(beside, FEW, SEED)
    raid, rates = beside[own].defence.raid, {"owa_drone": 0.9, "srbm": 0.25}
    rows = [(name, number, rates.get(name), "a war") for name, number in raid.items()]
    real = pd.DataFrame(rows, columns=["threat_class", "threats", "rate", "record"])
    real["leakers"] = real["threats"] * (1 - real["rate"])
    real["rate_of"] = real["threat_class"].where(real["rate"].notna(), "")
    asked = pd.DataFrame({"raid_id": ["one"], "war": ["a war"]})
    told = leakage_by_class.facts_of_classes(
        by_class, real, "taiwan_tdome_planned", "funded", own, asked, True, {"no_nearer": True}
    )
    return told, leakage_by_class.facts_of_dots(dots, own, real), dots, real


@pytest.fixture(scope="module")
def page_of(tmp_path_factory):
    """Write the page of a kind of case once."""
    made = {}

    def call(kind):
        if kind not in made:
            beside, own = side_by_side(**KINDS[kind])
            told, dotted, dots, real = facts_of(beside, own)
            said = {"leakage.in_short": told, "leakage.dots": dotted}
            content = describe_ledger(ledger.open_ledger(beside, own, DRAWS, SEED, FEW), said, real, "mixed")
            figure = leakage_by_class.plot_dots_by_class(dots, real, own)
            outputs = [shown(describe_answer(say("leakage.in_short", told)))]
            outputs += [shown(*style.bundle(figure, say("leakage.dots", dotted))), shown({LEDGER_MIME: content})]
            cells = [new_markdown_cell("# How many leak?"), new_code_cell("answer", outputs=outputs)]
            folder = tmp_path_factory.mktemp("ledger")
            recorded = {"notebook": "air_defence/02-leakage-by-doctrine", "parameters": {}}
            nbformat.write(new_notebook(cells=cells, metadata={"domes": recorded}), folder / "page.ipynb")
            made[kind] = write_page(folder / "page.ipynb")
        return made[kind]

    return call


@pytest.fixture
def visit(browser):
    """Open a page, with each request and each complaint of the browser noted."""
    contexts = []

    def call(path, hash_="", **options):
        context = browser.new_context(**options)
        context.set_default_timeout(120_000)  # a busy machine takes its time
        contexts.append(context)
        opened = context.new_page()
        opened.asked, opened.complaints = [], []
        opened.on("request", lambda request: opened.asked.append(request.url))
        opened.on("console", lambda message: opened.complaints.append(message.text))
        opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.goto(path.as_uri() + hash_, wait_until="load")
        return opened

    yield call
    for context in contexts:
        context.close()


def followed(opened):
    """Wait until nothing is waited for."""
    opened.wait_for_selector(".ledger[data-followed-after]", state="attached")
    opened.wait_for_function("() => !document.querySelector('.waiting')")


def open_ledger(opened):
    opened.get_by_role("button", name="Change an assumption or the raid").click()
    followed(opened)


def state(opened, name, value):
    """Write a value into the control of an input, wherever it is folded."""
    field = opened.locator(f"[id='input-{name}']")
    field.evaluate(
        "(one) => { for (let at = one; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true; }"
    )
    opened.evaluate("() => delete document.querySelector('.ledger').dataset.followedAfter")
    field.fill(str(value))
    followed(opened)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_script_computes_first_is_what_the_notebook_said(visit, page_of, kind):
    opened = visit(page_of(kind))
    before, words = opened.evaluate(TEXTS), opened.locator(".short").inner_text()
    facts = {fact for fact, _ in before}
    assert len(before) >= 25 and {"spread.least", "by_class.1.mean", "half"} < facts
    assert sum(fact.startswith("beside.") and fact.endswith(".mean") for fact in facts) == 1
    opened.evaluate("() => { for (const one of document.querySelectorAll('[data-fact]')) one.textContent = '?'; }")
    open_ledger(opened)
    assert opened.evaluate(TEXTS) == before
    assert opened.locator(".short").inner_text() == words
    assert opened.complaints == [] and opened.asked == [page_of(kind).as_uri()]


def test_after_changes_it_is_what_the_notebook_would_say(visit, page_of):
    changes = {"sky_bow_3.srbm.single_shot": 0.2, "patriot_pac3_mse.rounds": 10, "patriot_pac3_cri.track": 0.5}
    opened = visit(page_of("calibrated"))
    open_ledger(opened)
    for name, value in changes.items():
        state(opened, name, value)
    beside, own = side_by_side()
    told, dotted, *_ = facts_of({key: Stated.of(case, changes) for key, case in beside.items()}, own)
    texts = dict(opened.evaluate(TEXTS))
    place, chosen = next((place, row) for place, row in enumerate(told["beside"]) if row["own"])
    for name in ("mean", "low", "high"):
        assert texts[f"beside.{place}.{name}"] == write_threats(chosen[name])
    for place, row in enumerate(told["by_class"]):
        assert texts[f"by_class.{place}.mean"] == write_threats(row["mean"])
    assert texts["spread.least"] == write_count(told["spread"]["least"])
    assert texts["spread.most"] == write_count(told["spread"]["most"])
    assert (texts["half"], texts["most"]) == (str(dotted["half"]), str(dotted["most"]))
    for end in ("half", "most"):
        for place, row in enumerate(dotted["others"]):
            assert texts[f"others.{place}.{end}"] == str(row[end])


class Stated(cases.Case):
    """A case in which some inputs are stated in every draw."""

    @classmethod
    def of(cls, case, changes):
        made = replace(case)
        object.__setattr__(made, "__class__", cls)
        object.__setattr__(made, "changes", changes)
        return made

    def draw(self, n_draws, seed):
        return super().draw(n_draws, seed).assign(**self.changes)


def test_the_raid_follows_too_with_its_magazines_allotted_anew(visit, page_of):
    opened = visit(page_of("calibrated"))
    open_ledger(opened)
    state(opened, "raid.mrbm", 20)
    texts = dict(opened.evaluate(TEXTS))
    assert (texts["chosen.threats"], texts["by_class.2.threats"], texts["all_threats"]) == ("64", "20", "64")
    assert texts["records.0.leakers"] == "13.5"  # 30 x 0.1 + 14 x 0.75; no rate is known of the third class
    state(opened, "raid.srbm", 0)
    texts = dict(opened.evaluate(TEXTS))
    assert texts["by_class.1.mean"] == "0.0" and texts["chosen.threats"] == "50"
    assert opened.complaints == []


def test_what_differs_is_marked_and_listed_and_one_click_puts_it_back(visit, page_of):
    opened = visit(page_of("calibrated"))
    before = opened.evaluate(TEXTS)
    open_ledger(opened)
    assert not opened.get_by_text("Your case, not ours").is_visible()
    state(opened, "single_shot_primary", 0.2)
    state(opened, "track_layer", 0.6)
    assert opened.locator(".input.differs").count() == 2 and opened.locator(".mine li").count() == 2
    assert opened.locator("[data-fact].differs").count() > 10
    assert opened.get_by_text("Your case, not ours").is_visible()
    assert opened.locator("figure svg").is_visible() and not opened.locator("figure img").is_visible()
    opened.locator(".mine li").first.get_by_role("button", name="Put back").click()
    assert opened.locator(".mine li").count() == 1
    opened.get_by_role("button", name="Put all back").click()
    followed(opened)
    assert opened.evaluate(TEXTS) == before and opened.locator(".differs").count() == 0
    assert opened.locator("figure img").is_visible() and opened.locator("figure svg").count() == 0
    assert "#" not in opened.url


def test_a_link_shows_what_its_sender_saw(visit, page_of):
    opened = visit(page_of("calibrated"))
    open_ledger(opened)
    state(opened, "single_shot_primary", 0.2)
    state(opened, "raid.owa_drone", 60)
    link = opened.get_by_role("link", name="Link to this case").get_attribute("href")
    assert opened.url.endswith(link) and link == "#case=single_shot_primary:0.2;raid.owa_drone:60"
    elsewhere = visit(page_of("calibrated"), link)
    followed(elsewhere)
    assert elsewhere.evaluate(TEXTS) == opened.evaluate(TEXTS)
    assert elsewhere.locator(".yours").inner_text() == opened.locator(".yours").inner_text()


@pytest.mark.parametrize(
    "text",
    ["track_layer:2", "track_layer:-1", "track_layer:NaN", "raid.srbm:1.5", "raid.srbm:1e9", "nothing:1", "__proto__:1",
     "<img src=x onerror=alert(1)>:1", "track_layer:0.5:1", "%00", "track_layer"],
)  # fmt: skip
def test_an_address_that_means_nothing_changes_nothing_and_is_told(visit, page_of, text):
    opened = visit(page_of("calibrated"), f"#case={text}")
    followed(opened)
    said = opened.locator(".yours").inner_text()
    assert "Values in the address that mean nothing here are left out: " in said and "not ours" not in said
    assert opened.locator("[data-fact].differs").count() == 0 and opened.locator("img").count() == 1
    assert opened.complaints == []


def test_the_case_file_is_one_that_domes_reads(visit, page_of, tmp_path):
    opened = visit(
        page_of("calibrated"), "#case=raid.mrbm:9;track_layer:0.9;sky_bow_3.srbm.single_shot:0.25;sky_bow_3.rounds:50"
    )
    followed(opened)
    address = opened.locator("a[download='case-of-a-reader.yaml']").get_attribute("href")
    text = unquote(address.partition(",")[2])
    assert text.startswith("# domes report air_defence/02-leakage-by-doctrine --case FILE\n")
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    form = read_case(tmp_path / "case.yaml").form
    assert form.raids["mixed"].threats == {"owa_drone": 30, "srbm": 14, "mrbm": 9}
    assert form.assumptions["track_layer"].best == 0.9
    assert form.systems["sky_bow_3"].kill_probability["srbm"].best == 0.25
    assert form.systems["sky_bow_3"].rounds.best == 50


def test_without_a_script_the_page_is_as_it_was(visit, page_of):
    opened = visit(page_of("calibrated"), java_script_enabled=False)
    assert opened.get_by_text("Change an assumption").count() == 0
    assert opened.locator(".ledger").inner_text() == ""
    assert opened.locator("figure img").is_visible()


def test_the_policy_allows_hashes_only_and_the_script_makes_no_code(page_of):
    html = page_of("calibrated").read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert re.search(r"script-src( 'sha256-[\w+/=]+')+;", policy) and "unsafe" not in policy
    script = html.rpartition("<script>")[2]
    assert "leakersOfClass" in script and not re.search(r"\beval\b|new Function|innerHTML|WebAssembly|import\(", script)


def test_every_control_has_a_label_and_a_changed_sentence_is_announced(visit, page_of):
    opened = visit(page_of("calibrated"))
    open_ledger(opened)
    opened.locator(".ledger details").evaluate_all("all => { for (const one of all) one.open = true; }")
    state(opened, "track_layer", 0.5)
    opened.wait_for_function("() => document.querySelector('.ledger [role=status]').textContent")
    said = opened.locator(".ledger [role=status]").inner_text()
    assert said.startswith("Your case: Of a notional raid of 50 threats, about ")
    texts = dict(opened.evaluate(TEXTS))
    assert (
        texts["spread.most"] in said
        and f"layer by layer) {texts['beside.0.mean']}, in nine of ten draws" in said
        and said.endswith(".")
    )
    found = Axe().run(opened).response["violations"]
    assert [one["id"] for one in found] == []
    opened.set_viewport_size({"width": 390, "height": 844})
    assert opened.evaluate("document.documentElement.scrollWidth") == 390


def test_a_value_that_is_not_allowed_is_not_taken(visit, page_of):
    opened = visit(page_of("calibrated"))
    open_ledger(opened)
    before = opened.evaluate(TEXTS)
    field = opened.locator("[id='input-track_layer']")
    field.fill("1.5")
    assert field.get_attribute("aria-invalid") == "true"
    assert opened.evaluate(TEXTS) == before and opened.locator(".input.differs").count() == 0


def test_what_was_typed_before_a_value_that_is_not_allowed_does_not_stay(visit, page_of):
    opened = visit(page_of("calibrated"))
    open_ledger(opened)
    before = opened.evaluate(TEXTS)
    opened.locator("[id='input-track_layer']").fill("")
    opened.keyboard.type("1.7")  # 1 is allowed, 1.7 is not
    followed(opened)
    assert opened.evaluate(TEXTS) == before and opened.locator(".input.differs").count() == 0 and "#" not in opened.url


def test_an_arrow_moves_a_share_by_a_hundredth(visit, page_of):
    opened = visit(page_of("calibrated"))
    open_ledger(opened)
    field = opened.locator("[id='input-track_layer']")
    ours = float(field.input_value())
    field.press("ArrowDown")
    field.press("ArrowDown")
    assert float(field.input_value()) == pytest.approx(ours - 0.02)
    assert opened.url.endswith(f"#case=track_layer:{field.input_value()}")


def test_to_put_back_leaves_the_keyboard_where_it_was_and_says_what(visit, page_of):
    opened = visit(page_of("calibrated"), "#case=single_shot_primary:0.2;sky_bow_3.srbm.single_shot:0.25")
    followed(opened)
    opened.get_by_role("button", name="Change an assumption or the raid").click()
    assert opened.locator("[id='input-sky_bow_3.srbm.single_shot']").is_visible()  # a link opens what it changes
    focused = "() => document.activeElement.textContent"
    opened.get_by_role("button", name="Put back: Sky Bow III, kill probability against ballistic, short").press("Enter")
    assert opened.evaluate(focused) == "Put back"
    opened.locator(".mine button").press("Enter")
    assert opened.evaluate(focused) == "Change an assumption or the raid"
    state(opened, "track_layer", 0.5)
    opened.get_by_role("button", name="Put all back").press("Enter")
    assert opened.evaluate(focused) == "Change an assumption or the raid"


def test_on_a_page_of_a_case_its_values_are_not_called_ours(visit, page_of, tmp_path):
    html = page_of("calibrated").read_text(encoding="utf-8").replace('"over":""', '"over":"Lower"')
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    opened = visit(tmp_path / "page.html")
    open_ledger(opened)
    state(opened, "track_layer", 0.5)
    assert "(before 0." in opened.locator(".mine li").inner_text()
    assert not any(text.startswith("ours") for text in opened.locator(".ledger small").all_inner_texts())


def test_the_picture_of_the_reader_s_case_has_its_dots(visit, page_of):
    opened = visit(page_of("calibrated"), "#case=track_layer:0.4")
    followed(opened)
    levels = ["levels shared by past wars", "levels of a new war"]
    assert opened.locator("figure svg circle").count() == 20 * (3 + 4) + len(levels)
    named = [text for text in opened.locator("figure svg text").all_text_contents() if "one raid in twenty" in text]
    assert named == [f"one raid in twenty, {level}" for level in levels]
    assert "Your case." in opened.locator("figure svg").get_attribute("aria-label")
