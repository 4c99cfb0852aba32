"""Fill one of the house's templates: styles and scripts pinned by their hashes, and text that is escaped."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.figures import chart_files
from analysis.reporting.page.chart import hash_of

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **values: Any) -> str:
    """Fill one of the templates; text is escaped, only ``Markup`` is not, and only what is given as scripts may run."""
    scripts: Sequence[Markup] = values.pop("scripts", ())
    style = "".join(path.read_text(encoding="utf-8") for path in (TEMPLATES / "page.css", chart_files.STYLE))
    hashes = {"style_hash": hash_of(style), "script_hashes": [hash_of(script) for script in scripts]}
    return _environment().get_template(template).render(style=Markup(style), scripts=scripts, **hashes, **values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
