"""The ledger remembers how each run ended, whatever happens to the process that writes it."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from analysis.errors import RunError
from analysis.reporting.batch import ledger
from analysis.reporting.batch.ledger import (
    LEDGER,
    Record,
    checksum,
    hash_surroundings,
    open_ledger,
    run_key,
)
from analysis.reporting.run.catalogue import Notebook

RECORD = Record("k1", "done", "01-small", {"n": 1}, "01-small--1", "2026-11-24T15:00:00.000+00:00", 1.5)
PARAMETERS = ("n: int = 1  # number\nraid: str = 'mixed'  # name", ["parameters"])


@pytest.fixture
def notebook(write_notebook):
    path = write_notebook("# How many?", PARAMETERS, "n + 1")
    return Notebook(path, "01-small")


def written(folder, *records):
    with open_ledger(folder) as ledger:
        for record in records:
            ledger.append(record)


def kept_in(folder):
    with open_ledger(folder) as ledger:
        return ledger.records


def finished(folder, record):
    for suffix in (".html", ".ipynb"):
        (folder / f"{record.page}{suffix}").write_text("page")
    notebook, page = (checksum(folder / f"{record.page}{suffix}") for suffix in (".ipynb", ".html"))
    return replace(record, notebook_sha256=notebook, page_sha256=page)


def test_a_ledger_gives_back_what_was_written(tmp_path):
    other = replace(RECORD, key="k2", state="failed", error="é: no such layer\nline two", peak_memory_mb=12.5)
    written(tmp_path / "out", RECORD, other)
    assert kept_in(tmp_path / "out") == {"k1": RECORD, "k2": other}


def test_a_ledger_is_json_lines_that_are_only_added_to(tmp_path):
    written(tmp_path, RECORD)
    before = (tmp_path / LEDGER).read_bytes()
    written(tmp_path, replace(RECORD, state="failed"))
    after = (tmp_path / LEDGER).read_bytes()
    assert after.startswith(before)
    assert [json.loads(line)["state"] for line in after.splitlines()] == ["done", "failed"]


def test_the_last_word_on_a_run_counts(tmp_path):
    written(tmp_path, replace(RECORD, state="failed"), RECORD)
    assert kept_in(tmp_path)["k1"].state == "done"


def test_a_folder_without_a_ledger_has_no_runs(tmp_path):
    assert kept_in(tmp_path) == {}


@pytest.mark.parametrize("kept", [1, 10, -1])
def test_a_torn_last_line_is_cut_off_and_the_rest_kept(tmp_path, kept):
    written(tmp_path, RECORD, replace(RECORD, key="k2"))
    first, second = (tmp_path / LEDGER).read_bytes().splitlines(keepends=True)
    (tmp_path / LEDGER).write_bytes(first + second[:kept])
    assert kept_in(tmp_path) == {"k1": RECORD}
    written(tmp_path, replace(RECORD, key="k3"))
    assert list(kept_in(tmp_path)) == ["k1", "k3"]


@pytest.mark.parametrize("line", [b"\x00\x00", b"[]", b"7", b'{"key": "k2"}', b"\xff"])
def test_a_line_that_says_nothing_is_passed_over(tmp_path, line):
    written(tmp_path, RECORD)
    with (tmp_path / LEDGER).open("ab") as file:
        file.write(line + b"\n")
    written(tmp_path, replace(RECORD, key="k3"))
    assert list(kept_in(tmp_path)) == ["k1", "k3"]


def test_a_line_that_cannot_be_written_leaves_no_half(tmp_path, monkeypatch):
    with open_ledger(tmp_path) as ledger:
        ledger.append(RECORD)

        def full(_):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(RunError, match=r"ledger\.jsonl: cannot be written \(No space left on device\)"):
                ledger.append(replace(RECORD, key="k2"))
        ledger.append(replace(RECORD, key="k3"))
    assert list(kept_in(tmp_path)) == ["k1", "k3"]


def test_a_run_is_finished_when_it_is_done_and_its_page_is_as_it_was_written(tmp_path):
    with open_ledger(tmp_path) as ledger:
        assert not ledger.is_finished("k1", RECORD.page)
        ledger.append(finished(tmp_path, RECORD))
        assert ledger.is_finished("k1", RECORD.page)
        assert not ledger.is_finished("k1", "another-name")
        assert not ledger.is_finished("k2", RECORD.page)


@pytest.mark.parametrize(
    "damage",
    [
        lambda page: page.write_text("pa"),
        lambda page: page.unlink(),
        lambda page: page.with_suffix(".ipynb").unlink(),
        lambda page: page.with_suffix(".ipynb").write_text("of another run"),
    ],
    ids=["half a page", "no page", "no notebook", "another notebook"],
)
def test_a_half_written_or_missing_file_does_not_count(tmp_path, damage):
    with open_ledger(tmp_path) as ledger:
        ledger.append(finished(tmp_path, RECORD))
        damage(tmp_path / f"{RECORD.page}.html")
        assert not ledger.is_finished("k1", RECORD.page)


def test_a_failed_run_is_not_finished(tmp_path):
    with open_ledger(tmp_path) as ledger:
        ledger.append(replace(finished(tmp_path, RECORD), state="failed"))
        assert not ledger.is_finished("k1", RECORD.page)


def test_a_second_writer_is_told_who_writes(tmp_path):
    code = f"from analysis.reporting.batch.ledger import open_ledger\nwith open_ledger(__import__('pathlib').Path({str(tmp_path)!r})): pass"
    with open_ledger(tmp_path):
        answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert f"another batch (process {os.getpid()} on " in answer.stderr
    assert "wait for it to end, or choose another folder with -o." in answer.stderr
    with open_ledger(tmp_path):
        pass


def test_the_key_of_a_run_depends_on_cells_values_and_surroundings(notebook, write_notebook):
    key = run_key(notebook, notebook.check({}), "s")
    assert key == run_key(notebook, notebook.check({"n": "1"}), "s")
    others = {
        run_key(notebook, notebook.check({"n": "2"}), "s"),
        run_key(notebook, notebook.check({}), "t"),
        run_key(Notebook(notebook.path, "02-other"), notebook.check({}), "s"),
        run_key(Notebook(write_notebook("# How many?", PARAMETERS, "n + 2"), "01-small"), notebook.check({}), "s"),
        run_key(Notebook(write_notebook("# How much?", PARAMETERS, "n + 1"), "01-small"), notebook.check({}), "s"),
    }
    assert len(others | {key}) == 6


def test_outputs_kept_in_a_notebook_do_not_count(notebook):
    key = run_key(notebook, notebook.check({}), "s")
    content = json.loads(notebook.path.read_text())
    content["cells"][-1] |= {
        "outputs": [{"output_type": "stream", "name": "stdout", "text": "2"}],
        "execution_count": 3,
    }
    notebook.path.write_text(json.dumps(content))
    assert run_key(Notebook(notebook.path, "01-small"), notebook.check({}), "s") == key


def test_the_surroundings_are_the_package_and_the_data(tmp_path, monkeypatch):
    package, data = tmp_path / "package", tmp_path / "data"
    for file in (package / "a.py", package / "templates/page.css", data / "room/table.csv"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("old")
    monkeypatch.setattr(ledger, "PACKAGE", package)
    seen = [hash_surroundings(data)]
    (package / "__pycache__").mkdir()
    (package / "__pycache__/a.pyc").write_text("made")
    assert hash_surroundings(data) == seen[0]
    for file in (package / "a.py", package / "templates/page.css", data / "room/table.csv"):
        file.write_text("new")
        seen.append(hash_surroundings(data))
    assert len(set(seen)) == 4


def test_versions_the_day_and_modules_beside_make_another_run(notebook, monkeypatch):
    keys = {run_key(notebook, notebook.check({}), "s")}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    keys.add(run_key(notebook, notebook.check({}), "s"))
    monkeypatch.setattr(ledger, "versions", lambda: {"python": "4.0"})
    keys.add(run_key(notebook, notebook.check({}), "s"))
    (notebook.path.parent / "beside.py").write_text("value = 1")
    keys.add(run_key(notebook, notebook.check({}), "s"))
    assert len(keys) == 4


def test_a_line_that_is_nested_too_deep_counts_as_missing(tmp_path):
    (tmp_path / LEDGER).write_bytes(b"[" * 100_000 + b"\n")
    assert kept_in(tmp_path) == {}
