"""Folders of processes that were killed are removed, those of living ones are not."""

import os
import subprocess
import sys

import pytest

from analysis import scratch


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_is_there_for_this_user_alone_and_then_gone():
    with scratch.scratch() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "file").touch()
    assert not folder.exists()


def test_what_a_killed_process_left_is_removed(own_folder):
    code = "import os; from analysis.scratch import *; make_scratch(); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code], env=os.environ | {"TMPDIR": str(own_folder)}, check=False)
    (left,) = own_folder.glob("domes-*")
    mine = scratch.make_scratch()
    scratch.remove_abandoned()
    assert mine.exists() and not left.exists()


def test_what_a_process_had_made_goes_with_it_however_it_is_ended(own_folder):
    code = "from analysis.scratch import *; print(make_scratch()); raise KeyboardInterrupt"
    variables = os.environ | {"TMPDIR": str(own_folder)}
    ended = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False)
    assert ended.stdout.startswith(f"{own_folder}/domes-")
    assert list(own_folder.iterdir()) == []


def test_the_end_of_a_fork_removes_nothing_of_its_parents():
    with scratch.scratch() as folder:
        if not (child := os.fork()):
            scratch._remove_made()
            os._exit(0)
        os.waitpid(child, 0)
        assert folder.exists()


def test_folders_of_other_machines_and_programs_stay(own_folder):
    others = [own_folder / name for name in ("domes-elsewhere-1-abc", "domes-x", f"other-{scratch.HOST}-1-abc")]
    for folder in others:
        folder.mkdir()
    scratch.remove_abandoned()
    assert all(folder.exists() for folder in others)


def test_sockets_lie_where_their_path_is_short_enough(own_folder, monkeypatch):
    assert scratch.holds_sockets(scratch.make_scratch(for_sockets=True))
    deep = own_folder / ("x" * 90)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    folder = scratch.make_scratch(for_sockets=True)
    assert scratch.holds_sockets(folder) and folder.stat().st_mode & 0o777 == 0o700
    assert list(deep.iterdir()) == [] and scratch.make_scratch().parent == deep
    folder.rmdir()


def test_without_a_short_place_there_is_a_folder_all_the_same(own_folder, monkeypatch):
    monkeypatch.setattr(scratch, "LONGEST_SOCKET", 5)
    folder = scratch.make_scratch(for_sockets=True)
    assert folder.parent == own_folder and not scratch.holds_sockets(folder)
