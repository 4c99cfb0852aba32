"""What a reader reads of a page's machinery stands in its templates: another folder of them is another language."""

import ast
import re
import shutil
from pathlib import Path

import pytest

from analysis.reporting.page import render

HERE = Path(render.__file__).parent
SCRIPTS = [*HERE.glob("templates/*.js"), *HERE.glob("ledger/*.js")]
SENTENCE = re.compile(r"[A-Za-z]{3,},? [a-z]{2,}")
MATCHED = {"this entity", "this date", "this state", "the page on hindcasts", "the page on leakage", "the page on doctrine",
           "not published"}  # fmt: skip
"""What notebooks and captions say, and a page looks for."""
NOT_READ = {"domes report ", "Domes & Ties page"}
CACHES = (render.environment, render._words, render._plain, render._plain_words, render.ledger_script)


def texts_of(path):
    """Every text of a module that is no description and no markup."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    described = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    texts = [one for one in ast.walk(tree) if isinstance(one, ast.Constant) and id(one) not in described]
    return [one.value for one in texts if isinstance(one.value, str) and not one.value.startswith("<")]


@pytest.mark.parametrize("path", sorted(HERE.glob("*.py")), ids=lambda path: path.name)
def test_no_sentence_stands_in_python(path):
    assert [text for text in texts_of(path) if SENTENCE.search(text) and text not in MATCHED | NOT_READ] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_word_of_a_reader_stands_in_a_script(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.strip().startswith("//")]
    assert re.findall(r'"[A-Z][a-z]+[^"]*"|`[A-Z][a-z]+ [^`]*`', "\n".join(lines)) == []


def test_every_phrase_is_said_somewhere_and_every_one_that_is_said_is_there():
    kept = set(re.findall(r"{% (?:set|macro) (\w+)", (HERE / "templates" / render.WORDS).read_text(encoding="utf-8")))
    python = "\n".join(path.read_text(encoding="utf-8") for path in HERE.glob("*.py"))
    said = set(re.findall(r"""\b(?:say|say_plain|word)\(\s*["\'](\w+)""", python))
    said |= {name for path in SCRIPTS for name in re.findall(r"\bsay\.(\w+)", path.read_text(encoding="utf-8"))}
    assert said == kept


def test_another_folder_of_templates_is_another_language(tmp_path, monkeypatch):
    shutil.copytree(HERE / "templates", tmp_path / "de")
    words = tmp_path / "de" / render.WORDS
    changed = words.read_text(encoding="utf-8").replace("Data of table {{ number }}", "Daten von Tabelle {{ number }}")
    words.write_text(changed.replace('"Put back"', '"Zurück"'), encoding="utf-8")
    monkeypatch.setattr(render, "TEMPLATES", tmp_path / "de")
    for cache in CACHES:
        cache.cache_clear()
    try:
        assert render.say_plain("table_data", 3) == render.say("table_data", 3) == "Daten von Tabelle 3 (CSV)"
        assert '"Zurück")' in render.ledger_script() and '"Put back")' not in render.ledger_script()
    finally:
        for cache in CACHES:
            cache.cache_clear()


def test_a_phrase_escapes_what_it_is_given_in_markup_and_leaves_it_in_text():
    assert render.say("figure_data", 1, "A & <b>") == "Data of figure 1, A &amp; &lt;b&gt; (CSV)"
    assert render.say_plain("figure_data", 1, "A & <b>") == "Data of figure 1, A & <b> (CSV)"
    assert render.say_plain("figure_data", 1, "") == "Data of figure 1 (CSV)"
