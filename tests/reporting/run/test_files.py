"""A file is there as a whole or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.errors import ParameterError, RunError
from analysis.reporting.run import files
from analysis.reporting.run.files import cannot_write, is_file, read_whole, write_together, write_whole
from analysis.scratch import HOST, scratch


def test_folders_are_made_and_nothing_is_left_aside(tmp_path):
    write_whole(tmp_path / "a/b/page.html", "é")
    assert (tmp_path / "a/b/page.html").read_bytes() == "é".encode()
    assert [path.name for path in (tmp_path / "a/b").iterdir()] == ["page.html"]


def test_an_old_file_is_replaced(tmp_path):
    write_whole(tmp_path / "page.html", "old and longer")
    write_whole(tmp_path / "page.html", b"new")
    assert (tmp_path / "page.html").read_bytes() == b"new"


def test_what_a_killed_process_left_aside_goes_with_the_next_write_and_nothing_else_does(tmp_path):
    page = tmp_path / "page [1].html"
    code = (
        "import os, pathlib, sys; from analysis.reporting.run.files import write_whole\n"
        "os.fsync = lambda _: os.kill(os.getpid(), 9); write_whole(pathlib.Path(sys.argv[1]), 'half')"
    )
    subprocess.run([sys.executable, "-c", code, page], check=False)
    (left,) = tmp_path.iterdir()
    others = [f".{page.name}.{HOST}-{os.getppid()}", f".{page.name}.elsewhere{left.suffix[1:]}"]
    for name in [*others, f".other{left.suffix}"]:
        (tmp_path / name).touch()
    write_whole(page, "whole")
    assert {path.name for path in tmp_path.iterdir()} == {page.name, *others}


def test_a_failed_write_keeps_the_old_file(tmp_path, monkeypatch):
    write_whole(tmp_path / "page.html", "old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(RunError, match="No space left on device"):
        write_whole(tmp_path / "page.html", "new")
    assert (tmp_path / "page.html").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def everything_in(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text() if path.is_file() else None for path in folder.rglob("*")
    }


def fail_at(number, name, monkeypatch):
    """Let a function of ``os`` fail as on a full disk when it is called for this time."""
    calls, real = [], getattr(os, name)

    def sometimes(*arguments, **options):
        calls.append(arguments)
        if len(calls) == number:
            raise OSError(28, "No space left on device")
        return real(*arguments, **options)

    monkeypatch.setattr(os, name, sometimes)


@pytest.mark.parametrize("name", ["fsync", "replace"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_files_that_belong_together_are_written_all_or_none(tmp_path, monkeypatch, number, name):
    (tmp_path / "old.files").mkdir()
    (tmp_path / "old.files/note.txt").write_text("mine")
    before = everything_in(tmp_path)
    together = {tmp_path / "room/a.files/a.svg": "1", tmp_path / "room/a.ipynb": b"2", tmp_path / "room/a.html": "3"}
    with monkeypatch.context() as patched:
        fail_at(number, name, patched)
        with pytest.raises(RunError, match="No space left on device"):
            write_together(together)
    assert everything_in(tmp_path) == before
    write_together(together)
    assert everything_in(tmp_path).keys() > {"room/a.files/a.svg", "room/a.ipynb", "room/a.html"}
    assert not list(tmp_path.rglob(".*"))


def test_what_stood_before_stands_there_still_after_a_failure(tmp_path, monkeypatch):
    together = {tmp_path / "a.files/a.svg": "old", tmp_path / "a.html": "old"}
    write_together(together)
    before = everything_in(tmp_path)
    fail_at(2, "fsync", monkeypatch)
    with pytest.raises(RunError):
        write_together({**dict.fromkeys(together, "new"), tmp_path / "a.files/b.svg": "new"})
    assert everything_in(tmp_path) == before


def test_a_pipe_a_device_and_a_folder_are_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(ParameterError, match="give a regular file"):
            read_whole(path)


def test_a_name_that_no_system_allows_names_no_file(tmp_path):
    for name in ("a" * 5000, "a\0b"):
        assert not is_file(name)
        with pytest.raises(ParameterError, match="cannot be read"):
            read_whole(Path(name))


def test_a_file_far_too_large_is_not_read(tmp_path, monkeypatch):
    (tmp_path / "large").write_bytes(b"123456")
    monkeypatch.setattr(files, "LARGEST_BYTES", 5)
    with pytest.raises(ParameterError, match="has 6 bytes; at most 5 are read"):
        read_whole(tmp_path / "large")


def test_it_is_said_which_of_both_folders_to_change(tmp_path, monkeypatch):
    full = OSError(28, "No space left on device")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))  # results often lie among what is temporary
    with scratch() as folder:
        for place in (tmp_path, folder, folder / "page.html"):
            assert "TMPDIR names another folder" in str(cannot_write(place, full))
    for place in (tmp_path / "out", tmp_path / "out" / "page.html", Path("/elsewhere/page.html")):
        assert "choose another folder with -o" in str(cannot_write(place, full))
