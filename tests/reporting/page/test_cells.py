"""Each kind of output becomes text or safe markup, each at its place in the page."""

import base64
import io

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from analysis.parameters import FOOTER_MIME, PARAMETERS_MIME
from analysis.reporting.page.cells import build_page

EVIL = "<script>alert(1)</script>"


def tiny_png():
    buffer = io.BytesIO()
    Image.new("RGB", (3, 3), "teal").save(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode()


def shown(data, **metadata):
    return new_output("display_data", data=data, metadata=metadata)


def page_of(*cells):
    return build_page(new_notebook(cells=list(cells)), "room/01-name")


def blocks_of(*outputs):
    cell = new_code_cell("1", outputs=list(outputs))
    return [block for block in page_of(new_markdown_cell("# Q\n\nWho."), cell).body if block.kind != "code"]


def test_the_first_heading_is_the_title_and_the_first_cell_the_head():
    page = page_of(new_markdown_cell("# Who leaks?\n\nWho asks."), new_markdown_cell("## Part\n\n### Detail"))
    assert page.title == "Who leaks?"
    assert [heading.words for heading in page.contents] == ["Part", "Detail"]
    assert len(page.head) == len(page.body) == 1


def test_a_notebook_without_a_title_gets_its_name():
    page = page_of(new_markdown_cell("## Part"), new_code_cell("1"))
    assert page.title == "room/01-name"
    assert page.head[0].html == '<h1 id="top">room/01-name</h1>'


def test_parameters_go_to_the_head_and_the_footer_to_the_end_from_wherever_they_stand():
    footer = shown({FOOTER_MIME: {"tables": {}}, "text/html": "<dl><dt>Commit</dt></dl>", "text/plain": ""})
    parameters = shown({PARAMETERS_MIME: [], "text/html": "<table><tr><td>entity</table>", "text/plain": ""})
    page = page_of(
        new_markdown_cell("# Q"), new_code_cell("1", outputs=[footer]), new_code_cell("2", outputs=[parameters])
    )
    assert "entity" in page.head[-1].html and 'aria-label="Parameters"' in page.head[-1].html
    assert page.footer == "<dl><dt>Commit</dt></dl>"


def test_the_head_says_which_parameters_are_not_the_defaults():
    source = f"rule: str = {EVIL!r}\non: str = '2020-01-01'"
    cells = [new_markdown_cell("# Q"), new_code_cell(source, metadata={"tags": ["parameters"]})]
    recorded = {"notebook": "01-name", "parameters": {"rule": "net", "on": "2020-01-01"}}
    notebook = new_notebook(cells=cells, metadata={"domes": recorded})
    said = build_page(notebook, "01-name").head[-1].html
    assert said == "<p>Not the default: <strong>rule</strong> (default: &lt;script&gt;alert(1)&lt;/script&gt;).</p>"
    notebook.metadata.domes.parameters.rule = EVIL
    assert build_page(notebook, "01-name").head[-1].html == "<p>All values are the defaults.</p>"


def test_code_without_output_is_folded_together_with_the_code_that_follows():
    printed = new_output("stream", name="stdout", text="3")
    page = page_of(
        new_markdown_cell("# Q"), new_code_cell("a = 1"), new_code_cell("b = 2"), new_code_cell("", outputs=[]),
        new_code_cell("print(a + b)", outputs=[printed]), new_code_cell("c = 4"),
    )  # fmt: skip
    assert [block.kind for block in page.body] == ["code", "printed", "code"]


def test_a_figure_has_its_sentence_as_alternative_text_and_caption():
    (block,) = blocks_of(shown({"image/png": tiny_png(), "text/plain": "x"}, **{"image/png": {"alt": "Teal."}}))
    assert (block.kind, block.text, block.caption) == ("figure", "Teal.", True)
    assert (block.picture.width, block.picture.height) == (2, 2)


def test_a_figure_without_a_sentence_still_has_an_alternative_text_but_no_caption():
    (block,) = blocks_of(shown({"image/png": tiny_png(), "text/plain": "<Figure size 640x480 with 1 Axes>"}))
    assert block.text == "Figure without a description, under the heading 'Q'"
    assert not block.caption


def test_a_broken_picture_is_said_to_be_broken():
    (block,) = blocks_of(shown({"image/png": "AAAA", "text/plain": "A map."}))
    assert (block.kind, block.text) == ("note", "A picture that cannot be read: A map.")


def test_a_drawing_is_shown_as_a_picture():
    (block,) = blocks_of(shown({"image/svg+xml": f"<svg>{EVIL}</svg>", "text/plain": "A drawing."}))
    assert block.kind == "figure" and block.text == "A drawing." and EVIL not in block.picture.source


@pytest.mark.parametrize("form", ["text/html", "text/markdown", "text/latex"])
def test_markup_in_an_output_is_cleaned(form):
    (block,) = blocks_of(shown({form: f"x {EVIL}", "text/plain": "x"}))
    assert block.kind == "html" and "<script" not in block.html and "x" in block.html


def test_a_warning_of_the_notebook_is_kept_as_one():
    (block,) = blocks_of(shown({"text/html": '<div class="warning">After the cut-off.</div>'}))
    assert block.html == '<div class="warning">After the cut-off.</div>'


def test_what_is_printed_returned_or_warned_of_is_text():
    outputs = [
        new_output("stream", name="stdout", text=EVIL),
        new_output("stream", name="stderr", text=EVIL),
        new_output("execute_result", data={"text/plain": EVIL}),
        new_output("error", ename="ValueError", evalue=EVIL, traceback=[EVIL]),
    ]
    blocks = blocks_of(*outputs)
    assert [block.kind for block in blocks] == ["printed", "note", "plain", "note"]
    assert all(block.html == "" and EVIL in block.text for block in blocks)


def test_the_file_name_of_the_kernel_is_left_out_of_a_warning():
    text = "/tmp/ipykernel_4711/123.py:2: UserWarning: few rows\n  warnings.warn('few rows')\n"
    (block,) = blocks_of(new_output("stream", name="stderr", text=text))
    assert block.text == "UserWarning: few rows\n  warnings.warn('few rows')"


def test_an_output_that_cannot_be_shown_is_named():
    (block,) = blocks_of(shown({"application/vnd.unknown+json": {}}))
    assert block.kind == "note" and "application/vnd.unknown+json" in block.text
    (block,) = blocks_of(shown({"application/javascript": "alert(1)"}))
    assert "alert" not in block.text
