"""Each kind of output becomes text or safe markup, each at its place in the page."""

import base64
import io
import re
from html import escape
from urllib.parse import quote, unquote

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from analysis.checks.headlines import footing
from analysis.figures.answer import describe_answer
from analysis.figures.words import CLAIMS_OF, name_source, write_claims_of
from analysis.parameters import FOOTER_MIME, PARAMETERS_MIME
from analysis.reporting.page.beside import ALONE, WITH_SHARED
from analysis.reporting.page.page import PageExporter
from analysis.reporting.run.catalogue import DOMES_METADATA
from analysis.tables import load_table

EVIL = "<script>alert(1)</script>"
SAID = "&lt;script&gt;alert(1)&lt;/script&gt;"
MAKING = '<section aria-labelledby="how-made">'
MADE_FROM = {
    "tables": {}, "cut_off": "2026-11-22", "up_to": "2026-05-21", "versions": {}, "commit": "not in a git checkout", "made": "", "own": [],
    "lines": [["Commit", "<b>none</b>"]],
}  # fmt: skip


def tiny_png():
    buffer = io.BytesIO()
    Image.new("RGB", (3, 3), "teal").save(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode()


def shown(data, **metadata):
    return new_output("display_data", data=data, metadata=metadata)


def page_of(*cells, name="01-name", together=ALONE, **metadata):
    notebook = new_notebook(cells=list(cells), metadata=metadata)
    return PageExporter().from_notebook_node(notebook, {"metadata": {"name": name}, "together": together})[0]


def parts_of(html):
    """The head of a page, which ends before its contents, and its body."""
    head, body = re.findall(r"<div>\n(.*?)</div>\n(?=<nav|<div>|</main>)", html, re.DOTALL)
    return head, body


def body_of(*outputs):
    html = page_of(new_markdown_cell("# Q\n\nWho."), new_code_cell("1", outputs=list(outputs)))
    return parts_of(html)[1].split(MAKING)[0]


def test_the_first_heading_is_the_title_and_the_first_cell_the_head():
    html = page_of(new_markdown_cell("# Who leaks?\n\nWho asks."), new_markdown_cell("## Part\n\n### Detail"))
    assert "<title>Who leaks? – Domes &amp; Ties</title>" in html
    assert re.findall(r'<li[^>]*><a href="#[a-z]+">(\w+)</a></li>', html) == ["Part", "Detail"]
    head, body = parts_of(html)
    assert "Who asks." in head and "Part" not in head
    assert "Part" in body and "Who asks." not in body


def test_a_notebook_without_a_title_gets_its_name():
    html = page_of(new_markdown_cell("## Part"), new_code_cell("1"), name="<01> name")
    assert "<title>&lt;01&gt; name – Domes &amp; Ties</title>" in html
    assert parts_of(html)[0].startswith('<h1 id="top">&lt;01&gt; name</h1>\n<h2 id="part">')


def test_how_sure_ends_with_the_source_on_which_the_answer_rests_most():
    sources = load_table("sources")
    source_id = sources["source_id"].iloc[0]
    rows = pd.DataFrame({"confidence": ["high"] * 3, "note": None, "source_id": [source_id, source_id, None]})
    behind = shown(footing(rows)._repr_mimebundle_() | {"text/markdown": "**On what this rests.**"})
    html = page_of(
        new_markdown_cell("# Q"),
        new_code_cell("1", outputs=[shown(describe_answer("Two.\n\nVery."))]),
        new_code_cell("2", outputs=[behind]),
    )
    link = f'<a href="#source-{source_id}">{name_source(sources, source_id)}</a>'
    assert f"Very. 2 of 2 claims are by {link}.</p>" in html
    assert "On what this rests." in html


def test_the_answer_comes_first_and_parameters_footer_and_code_last_from_wherever_they_stand():
    footer = shown({FOOTER_MIME: MADE_FROM, "text/html": "<dl><dt>not this</dt></dl>", "text/plain": ""})
    parameters = shown({PARAMETERS_MIME: [], "text/html": "<table><tr><td>entity</table>", "text/plain": ""})
    answer = shown(describe_answer("Two of <3> (Figure 1).\n\nVery."))
    html = page_of(
        new_markdown_cell("# Q"),
        new_code_cell("1", outputs=[footer]),
        new_code_cell("2", outputs=[parameters]),
        new_code_cell("3", outputs=[shown({"text/plain": "between"})]),
        new_code_cell("4", outputs=[shown({"image/png": tiny_png(), "text/plain": "A map."}), answer]),
    )
    head, body = parts_of(html)
    assert (
        '<p>Two of &lt;3&gt; (<a href="#figure-1">Figure 1</a>).</p>\n<p class="sure"><b>How sure.</b> Very.</p>'
        in head
    )
    assert head.index("In short") < head.index('<figure id="figure-1"') and "figure" not in body.split("how-made")[0]
    flow, making = body.split(MAKING)
    assert "between" in flow and "entity" not in flow and "entity" in making and 'aria-label="Parameters"' in making
    assert html.split("</main>")[1].startswith(
        "\n<footer>\n<dl><dt>Commit</dt><dd>&lt;b&gt;none&lt;/b&gt;</dd></dl>\n</footer>\n"
    )


def test_the_head_says_in_words_which_parameters_are_not_the_defaults():
    source = f"rule: str = {EVIL!r}\non: str = '2020-01-01'"
    cells = [new_markdown_cell("# Q"), new_code_cell(source, metadata={"tags": ["parameters"]})]
    recorded = {"notebook": "01-name", "parameters": {"rule": "net", "on": "2020-01-01"}}
    head = parts_of(page_of(*cells, domes=recorded))[0]
    assert head.endswith(
        f'<p class="changed">Changed from the defaults: <strong>rule: net</strong> (by default {SAID}).</p>\n'
    )
    recorded["parameters"]["rule"] = EVIL
    head, body = parts_of(page_of(*cells, domes=recorded))
    assert "Changed" not in head and "<p>All values are the defaults.</p>" in body
    source = 'architecture: str = "usa_guam"\nentity: str = "TWN"'
    cells = [new_markdown_cell("# Q"), new_code_cell(source, metadata={"tags": ["parameters"]})]
    recorded = {"notebook": "00-start-here", "parameters": {"architecture": "usa_guam", "entity": "PSE"}}
    head = parts_of(page_of(*cells, domes=recorded))[0]
    assert "<strong>who is recognised: Palestine</strong> (by default Republic of China (Taiwan))" in head


def test_tables_of_the_user_are_said_to_be_so_at_the_top_and_in_the_citation():
    footer = {FOOTER_MIME: MADE_FROM | {"own": ["recognition/events"]}, "text/html": "<dl></dl>", "text/plain": ""}
    html = page_of(new_markdown_cell("# Q"), new_code_cell("1", outputs=[shown(footer)]))
    said = "From tables of the user, not those of Domes &amp; Ties"
    head, body = parts_of(html)
    assert said in head and said in body
    (entry,) = re.findall('href="(data:application/x-bibtex[^"]*)"', html)
    assert b"not those of Domes" in base64.b64decode(entry.partition(",")[2])


def test_the_code_of_a_page_stands_folded_at_its_end_under_its_headings():
    printed = new_output("stream", name="stdout", text="3")
    html = page_of(
        new_markdown_cell("# Q"), new_code_cell("a = 1"), new_markdown_cell("## Sum"), new_code_cell("", outputs=[]),
        new_code_cell("print(a + b)", outputs=[printed]),
    )  # fmt: skip
    flow, making = parts_of(html)[1].split(MAKING)
    assert '<p class="printed">3</p>' in flow and "<code>" not in flow
    (folded,) = re.findall('<details class="code">(.*?)</details>', making, re.DOTALL)
    lines = [line for line in re.sub("<[^>]*>", "", folded).splitlines() if line]
    assert lines == ["The code of this page", "Q", "a = 1", "Sum", "print(a + b)"]


def test_a_source_that_is_named_leads_to_its_entry_with_its_address():
    sources = load_table("sources")
    source = sources[sources["url"].notna()].iloc[0]
    name = name_source(sources, source["source_id"])
    said = shown({"text/markdown": f"As {name} says, but not {name}z; see Figure 9."})
    body = page_of(new_markdown_cell("# Q"), new_code_cell("1", outputs=[said]))
    assert body.count(f'<a href="#source-{source["source_id"]}">{name}</a>') == 1 and f"{name}z" in body
    assert f'<li id="source-{source["source_id"]}"><b>{name}</b>: <a href="{escape(source["url"])}">' in body
    assert "Sources named on this page" not in body_of(shown({"text/plain": name}))


def claims_page(table, **options):
    footer = {FOOTER_MIME: MADE_FROM | {"tables": {"recognition/events": "0" * 12}}, "text/html": "<dl></dl>"}
    cells = [new_code_cell("1", outputs=[shown(footer)]), new_code_cell("2", outputs=[shown({"text/html": table})])]
    return page_of(new_markdown_cell("# Q"), *cells, **options)


def test_the_parts_of_a_cell_lead_to_their_claims():
    one, other = load_table("recognition/events")["claim_id"].iloc[:2]
    told = write_claims_of(["Haiti", "Tonga", "Chad"], [one, "unknown", other])
    cells = pd.DataFrame({"Left": ["first: Haiti, Tonga & x; last: Chad"], f"{CLAIMS_OF}Left": [told]})
    html = claims_page(cells.to_html(), together=WITH_SHARED)
    links = [f'<a href="claims/recognition-events.html#{quote(key)}">' for key in (one, other)]
    assert f"<td>first: {links[0]}Haiti</a>, Tonga &amp; x; last: {links[1]}Chad</a></td>" in html
    assert "Claims of" not in re.sub('href="[^"]*"', "", html) and "Claims behind table" not in html
    assert "<a href" not in claims_page(cells.to_html()).split("<table>")[1].split("</table>")[0]


def test_beneath_a_table_without_claims_stand_the_pages_of_those_that_it_rests_on():
    computed = pd.DataFrame({"mean": [12.5]}).to_html()
    html = claims_page(computed, together=WITH_SHARED)
    assert "<summary>Claims behind table 1</summary>" in html
    assert '<a href="claims/recognition-events.html">acts of states</a>.' in html
    assert "Claims behind" not in claims_page(computed)


def test_a_row_leads_to_the_claim_that_it_names_and_the_column_goes_into_the_data():
    claim = load_table("recognition/events")["claim_id"].iloc[0]
    rows = f"<tr><td>Haiti</td><td>12</td><td>{claim}</td></tr><tr><td>Tonga</td><td>3</td><td>none</td></tr>"
    table = f"<table><thead><tr><th>State</th><th>Number</th><th>Claim</th></tr></thead><tbody>{rows}</tbody></table>"
    footer = {FOOTER_MIME: MADE_FROM | {"tables": {"recognition/events": "0" * 12}}, "text/html": "<dl></dl>"}
    cells = [new_code_cell("1", outputs=[shown(footer)]), new_code_cell("2", outputs=[shown({"text/html": table})])]
    html = page_of(new_markdown_cell("# Q"), *cells, together=WITH_SHARED)
    assert f'<td class="number"><a href="claims/recognition-events.html#{quote(claim)}">12</a></td></tr>' in html
    assert '<td class="number">3</td></tr>' in html and "<th>Claim" not in html
    (data,) = re.findall('href="(data:text/csv[^"]*)"', html)
    assert unquote(data).splitlines()[0].endswith("State,Number,Claim")


def test_a_figure_has_its_sentence_as_alternative_text_and_caption():
    body = body_of(shown({"image/png": tiny_png(), "text/plain": "x"}, **{"image/png": {"alt": "Teal."}}))
    assert 'alt="Teal." width="2" height="2">' in body
    assert "<figcaption><b>Figure 1.</b> Teal.\n</figcaption>" in body


def test_the_details_of_a_caption_are_folded_and_in_the_alternative_text():
    body = body_of(shown({"image/png": tiny_png(), "text/plain": "x"}, **{"image/png": {"alt": "Teal.\n\nNot blue."}}))
    assert 'alt="Teal. Not blue."' in body
    assert '<details class="more"><summary>Details</summary><p>Not blue.</p></details>' in body


def test_a_figure_without_a_sentence_still_has_an_alternative_text_but_no_caption():
    body = body_of(shown({"image/png": tiny_png(), "text/plain": "<Figure size 640x480 with 1 Axes>"}))
    assert 'alt="Figure without a description, under the heading &#39;Q&#39;"' in body
    assert "<figcaption><b>Figure 1.</b> \n</figcaption>" in body


def test_a_broken_picture_is_said_to_be_broken_and_has_no_number():
    body = body_of(shown({"image/png": "AAAA", "text/plain": "A map."}), shown({"image/png": tiny_png()}))
    assert body.startswith('<div class="note" role="note"><pre>A picture that cannot be read: A map.</pre></div>\n')
    assert re.findall(r'<figure id="([^"]*)"', body) == ["figure-1"]


def test_a_drawing_is_shown_as_a_picture():
    body = body_of(shown({"image/svg+xml": f"<svg>{EVIL}</svg>", "text/plain": "A drawing."}))
    assert re.search(r'<figure[^>]*>\n<div class="frame">\n<img src="data:image/svg\+xml;base64,', body)
    assert 'alt="A drawing."' in body and "alert" not in body


@pytest.mark.parametrize("form", ["text/html", "text/markdown", "text/latex"])
def test_markup_in_an_output_is_cleaned(form):
    body = body_of(shown({form: f"x {EVIL}", "text/plain": "x"}))
    assert "<script" not in body and "x" in body and "<pre" not in body


def test_a_warning_of_the_notebook_is_kept_as_one():
    assert body_of(shown({"text/html": '<div class="warning">After the cut-off.</div>'})) == (
        '<div class="warning">After the cut-off.</div>\n'
    )


def test_what_is_printed_returned_or_warned_of_is_text():
    body = body_of(
        new_output("stream", name="stdout", text=EVIL),
        new_output("stream", name="stderr", text=EVIL),
        new_output("execute_result", data={"text/plain": EVIL}),
        new_output("error", ename="ValueError", evalue=EVIL, traceback=[EVIL]),
    )
    assert body == (
        f'<p class="printed">{SAID}</p>\n<div class="note" role="note"><pre>{SAID}</pre></div>\n'
        f'<pre tabindex="0">{SAID}</pre>\n<div class="note" role="note"><pre>ValueError: {SAID}</pre></div>\n'
    )


def test_the_file_name_of_the_kernel_is_left_out_of_a_warning():
    text = "/tmp/ipykernel_4711/123.py:2: UserWarning: few rows\n  warnings.warn('few rows')\n"
    body = body_of(new_output("stream", name="stderr", text=text))
    assert "<pre>UserWarning: few rows\n  warnings.warn(&#39;few rows&#39;)</pre>" in body


def test_an_output_that_cannot_be_shown_is_named():
    body = body_of(shown({"application/vnd.unknown+json": {}}))
    assert '<div class="note" role="note"><pre>An output of type application/vnd.unknown+json cannot' in body
    assert "alert" not in body_of(shown({"application/javascript": "alert(1)"}))
    assert "An output of type none cannot be shown on a page." in body_of(shown({}))


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({"entity": "PSE", "day": "1988-11-15"}, "Who recognises Palestine on 15 November 1988?"),
        ({"entity": "TWN"}, "Who recognises the Republic of China (Taiwan) on this date?"),
        ({}, "Who recognises this entity on this date?"),
    ],
)
def test_a_question_names_what_it_is_asked_of(given, asked):
    notebook = new_notebook(cells=[new_markdown_cell("# Who recognises this entity on this date?\n\nThis entity.")])
    notebook.metadata[DOMES_METADATA] = {"notebook": "recognition/01-recognition-map", "parameters": given}
    page, _ = PageExporter().from_notebook_node(notebook)
    assert f">{asked}</h1>" in page and "This entity." in page and "· Diplomatic recognition</span>" in page


def test_a_wide_figure_of_time_opens_at_its_newest_end():
    buffer = io.BytesIO()
    Image.new("RGB", (1100, 30), "teal").save(buffer, format="png")
    wide = {"image/png": base64.b64encode(buffer.getvalue()).decode(), "text/plain": "Over time."}
    newest = body_of(shown(wide, **{"image/png": {"alt": "Over time.", "opens_at_end": True}}))
    assert '<div class="frame ends" tabindex="0">' in newest and "sideways ←" in newest
    assert newest.index("sideways") < newest.index("frame ends"), "the hint stands where one looks first"
    oldest = body_of(shown(wide, **{"image/png": {"alt": "Over time."}}))
    assert '<div class="frame" tabindex="0">' in oldest and "sideways →" in oldest
