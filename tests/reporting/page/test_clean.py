"""Whatever markup comes in, only harmless markup comes out."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.reporting.page import clean as cleaning
from analysis.reporting.page.clean import clean, safe_link

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    '<img src="data:text/html,<script>alert(1)</script>">',
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    '<img src="data:image/png;base64,AAAA" onerror="alert(1)">',
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    '<math href="javascript:alert(1)"><mi>x</mi></math>',
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVa&#x09;Script:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x' onclick='alert(1)'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x></object><embed src=x><applet code=x></applet>",
    "<form action=//evil.example><input name=a><button>b</button></form>",
    "<style>@import '//evil.example/x.css'; body{display:none}</style>",
    "<p style='background:url(//evil.example/x)'>x</p>",
    "<link rel=stylesheet href=//evil.example/x.css><meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    "<style><style/><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?php <img src=x onerror=alert(1)> ?>",
    "<template><script>alert(1)</script></template>",
    "<table><tr><td><script>alert(1)</script><td background=//evil.example/x>y</table>",
    "<details open ontoggle=alert(1)>x</details>",
    "<p id=x name=y class='page sided'>x</p>",
    "</div></main></body><script>alert(1)</script>",
]
VOID = {"br", "wbr", "hr", "img"}
ALLOWED_ATTRIBUTES = set().union(*cleaning.ATTRIBUTES.values()) | {
    "class", "id", "role", "tabindex", "aria-label", "src", "alt", "colspan", "rowspan", "scope",
}  # fmt: skip


class Reader(HTMLParser):
    """Reads the result and notes whatever should not be there."""

    def __init__(self):
        super().__init__()
        self.faults, self.open = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in cleaning.TAGS:
            self.faults.append(tag)
        self.faults += [name for name, _ in attrs if name not in ALLOWED_ATTRIBUTES or name.startswith("on")]
        links = [re.sub(r"[\x00-\x20]", "", value or "") for name, value in attrs if name in {"href", "src"}]
        unsafe = r"(?i)javascript|vbscript|data:(?!image/[a-z+]+;base64,)"
        self.faults += [link for link in links if re.match(unsafe, link)]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"/{tag}")

    def handle_comment(self, data):
        self.faults.append(data)

    def handle_decl(self, decl):
        self.faults.append(decl)

    def handle_pi(self, data):
        self.faults.append(data)

    def unknown_decl(self, data):
        self.faults.append(data)


def faults(markup):
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader.faults + reader.open


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_gets_through(attack):
    assert faults(attack + "<p>after</p>"), "the test would not notice this attack"
    result = clean(attack, heading=lambda level, words: (level, words))
    assert faults(result) == []
    assert "alert(1)</script>" not in result and "evil.example" not in result


@given(st.lists(st.sampled_from([*ATTACKS, "<table>", "<tr>", "<td>", "</td>", "<b>", "</b>", "<", '"', "'", "x>"])))
def test_no_mixture_of_attacks_gets_through(pieces):
    assert faults(clean("".join(pieces))) == []


@given(st.text(alphabet="<>/=\"'&;!-?[] abpsctdrilhonx:#0\n\x00"))
def test_nothing_that_looks_like_markup_gets_through(text):
    assert faults(clean(text)) == []


@given(st.text(alphabet=st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"])))
def test_escaped_text_comes_out_as_it_went_in(text):
    from html import escape

    assert clean(escape(text)) == escape(text)


def test_spaces_between_cells_go_and_all_others_stay():
    markup = "<div>  <b>x</b>\n\n<pre>a\n\n  b </pre> </div>"
    assert clean(markup) == markup
    table = clean("<table>\n <tbody> <tr>\n<td> a  b\n</td> <td>c</td>\n</tr> </tbody>\n</table>")
    assert "<table><tbody><tr><td> a  b\n</td><td>c</td></tr></tbody></table>" in table


def test_cleaning_twice_changes_nothing_more():
    once = clean("<p>a &lt;b&gt; <a href='x.ipynb'>c</a><td>1<ul><li>d")
    assert clean(once) == once


def test_quotes_cannot_end_an_attribute():
    markup = clean("""<abbr title='"><img src=x onerror=alert(1)>'>x</abbr>""")
    assert markup == '<abbr title="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;">x</abbr>'


def test_only_the_classes_of_the_page_are_kept():
    assert clean('<div class="warning page dataframe">x</div>') == '<div class="warning">x</div>'


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("#limits", "#limits"),
        ("../recognition/01-recognition-map.ipynb#limits", "../recognition/01-recognition-map.html#limits"),
        ("data/a.csv", "data/a.csv"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("//example.org/x", None),
        ("\\\\example.org\\x", None),
        ("/etc/passwd", None),
    ],
)
def test_links_lead_to_documents_only(address, kept):
    assert safe_link(address) == kept


def test_a_heading_in_an_output_is_no_heading_of_the_page():
    assert clean("<h1>Big</h1>") == "<p><strong>Big</strong></p>"
