"""The words of figures stand in templates, every one of which is said; colours stand in style.py alone."""

import re
from pathlib import Path

import pytest

from analysis.figures import captions, style
from analysis.figures.captions import say

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "analysis" / "figures" / "captions"
FAMILIES = sorted(path.stem for path in FOLDER.glob("*.j2"))
MACRO = re.compile(r"{%-? macro (\w+)\(")
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b")


def text_of_everything():
    files = [*(PROJECT / "notebooks").rglob("*.ipynb"), *(PROJECT / "analysis").rglob("*.py"), *FOLDER.glob("*.j2")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_caption_is_said_by_a_notebook_a_figure_or_another_caption():
    everything = text_of_everything().replace('\\"', '"')
    for family in FAMILIES:
        for macro in MACRO.findall((FOLDER / f"{family}.j2").read_text(encoding="utf-8")):
            called = re.search(rf'[".]{macro}"', everything) or len(re.findall(rf"\b{macro}\(", everything)) > 1
            assert called, f"{family}.{macro} is never said"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_template_can_be_read_and_holds_no_colour(family):
    assert captions._template(family).module is not None
    assert not COLOUR.search((FOLDER / f"{family}.j2").read_text(encoding="utf-8"))


def test_a_fact_with_the_name_of_a_macro_is_refused():
    with pytest.raises(ValueError, match="switches is the name of a macro"):
        say("switching.switches", {"switches": 3})


def test_colours_stand_in_one_module():
    for room in ("figures", "explore"):
        for path in (PROJECT / "analysis" / room).rglob("*.py"):
            if path != Path(style.__file__):
                found = [line for line in path.read_text(encoding="utf-8").splitlines() if COLOUR.search(line)]
                assert not [line for line in found if re.search(r"[\"']#", line)], path
