"""Each kind of output becomes text or safe markup, each at its place in the page."""

import base64
import io
import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from analysis.parameters import FOOTER_MIME, PARAMETERS_MIME
from analysis.reporting.page.page import PageExporter

EVIL = "<script>alert(1)</script>"
SAID = "&lt;script&gt;alert(1)&lt;/script&gt;"
FOLDED = r"<details><summary>show code</summary><pre tabindex=\"0\"><code>(.*?)</code></pre></details>\n"


def tiny_png():
    buffer = io.BytesIO()
    Image.new("RGB", (3, 3), "teal").save(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode()


def shown(data, **metadata):
    return new_output("display_data", data=data, metadata=metadata)


def page_of(*cells, name="01-name", **metadata):
    notebook = new_notebook(cells=list(cells), metadata=metadata)
    return PageExporter().from_notebook_node(notebook, {"metadata": {"name": name}})[0]


def parts_of(html):
    """The head of a page, which ends before its contents, and its body."""
    head, body = re.findall(r"<div>\n(.*?)</div>\n(?=<nav|<div>|</main>)", html, re.DOTALL)
    return head, body


def body_of(*outputs):
    html = page_of(new_markdown_cell("# Q\n\nWho."), new_code_cell("1", outputs=list(outputs)))
    return re.sub(FOLDED, "", parts_of(html)[1])


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


def test_parameters_go_to_the_head_and_the_footer_to_the_end_from_wherever_they_stand():
    footer = shown({FOOTER_MIME: {"tables": {}}, "text/html": "<dl><dt>Commit</dt></dl>", "text/plain": ""})
    parameters = shown({PARAMETERS_MIME: [], "text/html": "<table><tr><td>entity</table>", "text/plain": ""})
    html = page_of(
        new_markdown_cell("# Q"), new_code_cell("1", outputs=[footer]), new_code_cell("2", outputs=[parameters])
    )
    head, body = parts_of(html)
    assert head.endswith("entity</td></tr></tbody></table></div>\n") and 'aria-label="Parameters"' in head
    assert "entity" not in body and "Commit" not in body
    assert html.split("</main>")[1].startswith("\n<footer>\n<dl><dt>Commit</dt></dl>\n</footer>\n")


def test_the_head_says_which_parameters_are_not_the_defaults():
    source = f"rule: str = {EVIL!r}\non: str = '2020-01-01'"
    cells = [new_markdown_cell("# Q"), new_code_cell(source, metadata={"tags": ["parameters"]})]
    recorded = {"notebook": "01-name", "parameters": {"rule": "net", "on": "2020-01-01"}}
    head = parts_of(page_of(*cells, domes=recorded))[0]
    assert head.endswith(f"<p>Not the default: <strong>rule</strong> (default: {SAID}).</p>\n")
    recorded["parameters"]["rule"] = EVIL
    assert parts_of(page_of(*cells, domes=recorded))[0].endswith("<p>All values are the defaults.</p>\n")


def test_code_without_output_is_folded_together_with_the_code_that_follows():
    printed = new_output("stream", name="stdout", text="3")
    html = page_of(
        new_markdown_cell("# Q"), new_code_cell("a = 1"), new_code_cell("b = 2"), new_code_cell("", outputs=[]),
        new_code_cell("print(a + b)", outputs=[printed]), new_code_cell("c = 4"),
    )  # fmt: skip
    first, last = re.findall(FOLDED, html, re.DOTALL)
    assert [line for line in re.sub("<[^>]*>", "", first).splitlines() if line] == ["a = 1", "b = 2", "print(a + b)"]
    assert re.sub("<[^>]*>", "", last) == "c = 4"
    assert re.sub(FOLDED, "", parts_of(html)[1], flags=re.DOTALL) == '<p class="printed">3</p>\n'


def test_a_figure_has_its_sentence_as_alternative_text_and_caption():
    body = body_of(shown({"image/png": tiny_png(), "text/plain": "x"}, **{"image/png": {"alt": "Teal."}}))
    assert 'alt="Teal." width="2" height="2">' in body
    assert '<figcaption aria-hidden="true"><b>Figure 1.</b> Teal.</figcaption>' in body


def test_a_figure_without_a_sentence_still_has_an_alternative_text_but_no_caption():
    body = body_of(shown({"image/png": tiny_png(), "text/plain": "<Figure size 640x480 with 1 Axes>"}))
    assert 'alt="Figure without a description, under the heading &#39;Q&#39;"' in body
    assert '<figcaption aria-hidden="true"><b>Figure 1.</b></figcaption>' in body


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
