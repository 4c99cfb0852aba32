"""Text cells: Markdown, formulas without a script, headings with anchors."""

import pytest

from analysis.reporting.page.text import Headings, render_formula, render_text


def test_a_page_has_one_heading_of_level_1():
    headings = Headings()
    render_text("# Question\n\n# Another\n\n## Below", headings)
    assert [heading.level for heading in headings.found] == [1, 2, 2]


def test_equal_headings_have_different_anchors():
    headings = Headings()
    markup = render_text("## Limits\n\n## Limits\n\n## Limits 2\n\n## Limits", headings)
    anchors = [heading.anchor for heading in headings.found]
    assert anchors == ["limits", "limits-2", "limits-2-2", "limits-3"]
    assert all(f'id="{anchor}"' in markup for anchor in anchors)


@pytest.mark.parametrize(("words", "anchor"), [("Côte d'Ivoire & Chad?", "cote-d-ivoire-chad"), ("臺灣", "section")])
def test_anchors_are_plain(words, anchor):
    headings = Headings()
    render_text(f"## {words}", headings)
    assert headings.found[0].anchor == anchor


def test_a_heading_with_markup_is_listed_in_words():
    headings = Headings()
    render_text("## The *net* `rule` and $x^2$ <script>alert(1)</script>", headings)
    assert headings.last.startswith("The net rule and x 2")


def test_formulas_are_mathml_in_the_line_and_by_themselves():
    markup = render_text("Let $p^n$ be small.\n\n$$\n\\sum_{k=0}^n k\n$$\n")
    assert '<math display="inline"><mrow><msup><mi>p</mi><mi>n</mi></msup></mrow></math>' in markup
    assert '<math display="block">' in markup
    assert "$" not in markup


def test_prices_are_no_formulas():
    assert render_text("from $5 to $10, or \\$3 each") == "<p>from $5 to $10, or $3 each</p>\n"


def test_a_formula_that_cannot_be_read_is_shown_as_written():
    assert render_formula(r"\left( \frac <b>") == r"<code>\left( \frac &lt;b&gt;</code>"


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](http://evil.example/x.png)",
        "<img src=x onerror=alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "<javascript:alert(1)>",
        r"$\href{javascript:alert(1)}{x}$",
        r"$\text{<script>alert(1)</script>}$",
        r"$\style{background:url(//evil.example)}{x}$",
        "`<script>alert(1)</script>`",
        "```html\n<script>alert(1)</script>\n```",
        '<p title="`<img src=x onerror=alert(1)>`">',
    ],
)
def test_markdown_cannot_smuggle_markup(source):
    markup = render_text(source)
    assert not [word for word in ("<script", "<img", "evil.example", 'href="java') if word in markup]


def test_tables_and_links_work():
    markup = render_text("| a | n |\n|---|--:|\n| x | 1 |\n\n[map](../recognition/01-recognition-map.ipynb)")
    assert '<td class="number">1</td>' in markup
    assert 'href="../recognition/01-recognition-map.html"' in markup
