"""Fill one of the house's templates: text is escaped, style and scripts are pinned by their hashes, charts are data."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.figures import chart_files

TEMPLATES = Path(__file__).parent / "templates"
WORDS = "words.j2"
WHOLE = re.compile(r"-?\d+\.0|-?\d{5,}")
LONG = re.compile(r"([-−]?)([1-9]\d{3,})(\.\d+)?")
YEARS = range(1800, 2101)
CODE = re.compile(r"[a-z]+(_[a-z]+)+")
LEDGER, LEDGER_SCRIPTS = Path(__file__).parent / "ledger", ("chain.js", "ledger.js")
KEPT = ("controls", "sentences", "note")
IN_SCRIPT = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"})


def render(template: str, **values: Any) -> str:
    """Fill one of the templates; text is escaped, only ``Markup`` is not, and only what is given as scripts may run."""
    return environment().get_template(template).render(**values)


def say(phrase: str, *values: Any) -> Markup:
    """Say a phrase of ``words.j2``, the words of a page that its other templates leave out, as markup."""
    return Markup(getattr(_words(), phrase)(*values))


def say_plain(phrase: str, *values: Any) -> str:
    """Say a phrase of ``words.j2`` as text, in which nothing is escaped.

    Examples
    --------
    >>> say_plain("figure_data", 1, "A & B")
    'Data of figure 1, A & B (CSV)'
    """
    return str(getattr(_plain_words(), phrase)(*values))


def word(name: str) -> Any:
    """Return a value of ``words.j2``: a word, a list of heads, or words by their codes."""
    return getattr(_plain_words(), name)


@cache
def _words() -> Any:
    return environment().get_template(WORDS).module


@cache
def _plain_words() -> Any:
    return _plain().get_template(WORDS).module


@cache
def _plain() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def fill_script(script: str) -> str:
    """Put the words of ``words.j2`` into a script, which names them as ``{{ say.NAME }}``."""
    return _plain().from_string(script).render(say=_plain_words())


@cache
def environment() -> Environment:
    """Make the house's templates ready; a page that runs scripts has them as ``scripts``."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = "".join(path.read_text(encoding="utf-8") for path in (TEMPLATES / "page.css", chart_files.STYLE))
    made.globals |= {"style": Markup(style), "scripts": ()}
    made.filters |= {"hash": hash_of, "plain": write_plain, "grouped": group_digits}
    return made


def write_chart(content: Mapping[str, Any]) -> Markup:
    """Write a chart as data of a page, so that nothing in it can end its element or run.

    Parameters
    ----------
    content : mapping
        spec (Vega-Lite, written as JSON), controls and sentences, as :func:`analysis.figures.charts.show` puts
        them out.

    Notes
    -----
    A specification may also carry options for the program that draws it; they are dropped, but for its margin.

    Examples
    --------
    >>> write_chart({"spec": '{"title": "</script>"}', "controls": []})
    Markup('{"spec":{"title":"\\\\u003c/script\\\\u003e"},"controls":[]}')
    """
    spec = json.loads(content["spec"])
    margin = (spec.pop("usermeta", None) or {}).get("margin")
    spec |= {"usermeta": {"margin": margin}} if isinstance(margin, int | float) else {}
    return write_data({"spec": spec, **{name: content[name] for name in KEPT if name in content}})


def write_data(content: Mapping[str, Any]) -> Markup:
    """Write plain values as data of a page, so that nothing in them can end their element."""
    return Markup(json.dumps(content, ensure_ascii=False, separators=(",", ":")).translate(IN_SCRIPT))


@cache
def scripts() -> tuple[Markup, ...]:
    """Return the scripts of a page with charts: Vega with all that it needs, then the one that starts the charts."""
    import vl_convert  # a third of a second, for pages with charts only

    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    shared, start = (path.read_text(encoding="utf-8") for path in (chart_files.SCRIPT, TEMPLATES / "chart.js"))
    return Markup(_close(bundle)), Markup(_close(f"(() => {{\n{shared}\n{fill_script(start)}\n}})();"))


@cache
def ledger_script() -> Markup:
    """Return the script of a page whose assumptions its reader may change; comments and indentation stay behind."""
    lines = [line.strip() for name in LEDGER_SCRIPTS for line in (LEDGER / name).read_text("utf-8").splitlines()]
    kept = fill_script("\n".join(line for line in lines if line and not line.startswith("//")))
    return Markup(_close(f"(() => {{\n{kept}\n}})();"))


def _close(script: str) -> str:
    """Make sure that no text in a script ends its element."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def write_plain(value: str) -> str:
    """Write a cell of a table in words: flags, whole numbers and codes of small letters.

    Examples
    --------
    >>> write_plain("False"), write_plain("780000000000.0"), write_plain("not_stated"), write_plain("S_COCO")
    ('no', '780,000,000,000', 'not stated', 'S_COCO')
    """
    if WHOLE.fullmatch(value):
        return f"{int(float(value)):,}"
    spaced = value.replace("_", " ") if CODE.fullmatch(value) else value
    return word("flags").get(spaced, spaced)


def group_digits(text: str) -> str:
    """Group the digits of a number by thousands; what may be a year stays as it is.

    Examples
    --------
    >>> group_digits("1144"), group_digits("-96395.25"), group_digits("2025"), group_digits("1,5")
    ('1,144', '-96,395.25', '2025', '1,5')
    """
    found = LONG.fullmatch(text)
    if not found or (not found[3] and int(found[2]) in YEARS):
        return text
    return f"{found[1]}{int(found[2]):,}{found[3] or ''}"


def hash_of(text: str) -> str:
    """Return the hash by which a page's policy knows a script or a style.

    Examples
    --------
    >>> hash_of("")
    'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    """
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
