"""``domes panel`` as a user runs it."""

import os
import stat
import subprocess
import sys

import pytest

from analysis.errors import ParameterError
from analysis.release.folder import require_place
from analysis.scratch import HOST


def domes(*words, **options):
    return subprocess.run(
        [sys.executable, "-m", "analysis", *map(str, words)], capture_output=True, text=True, **options
    )


def test_the_command_writes_a_panel_and_says_how_many_rows(tmp_path):
    run = domes("panel", "-o", tmp_path / "out", "--entities", "TWN,KOR", "--years", "1979", "--part-year", "any day")
    assert run.returncode == 0, run.stderr
    assert "rows, version" in run.stdout
    assert run.stderr.startswith("warning: KOR: only departures")
    assert '--part-year "any day"' in (tmp_path / "out" / "codebook.md").read_text()


def test_a_mistake_is_one_line_and_ends_with_2(tmp_path):
    run = domes("panel", "-o", tmp_path / "out", "--entities", "TWM")
    assert run.returncode == 2
    assert run.stderr.splitlines() == [run.stderr.strip()]
    assert "did you mean 'TWN'" in run.stderr
    assert not (tmp_path / "out").exists()


def test_a_broken_table_is_named_and_nothing_is_written(copied_data, tmp_path):
    path = copied_data / "recognition/state_codes.csv"
    path.write_text(path.read_text().replace(",cow,", ",cowboy,", 1))
    run = domes("panel", "-o", tmp_path / "out", "--data", copied_data)
    assert run.returncode == 2
    assert "recognition/state_codes.csv row 2: system = 'cowboy' must be one of cow, gw, vdem" in run.stderr
    assert not (tmp_path / "out").exists()


def test_the_folder_in_which_the_user_stands_is_not_replaced_under_him(tmp_path):
    run = domes("panel", "-o", ".", "--entities", "TWN", "--years", "1979", cwd=tmp_path)
    assert run.returncode == 2
    assert run.stderr == "-o .: is the folder in which you are; name one in it, such as -o panel.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_new_folder_keeps_to_the_umask_and_an_old_one_to_its_rights(tmp_path):
    wanted = ("--entities", "TWN", "--years", "1979")
    before = os.umask(0o077)
    try:
        assert domes("panel", "-o", "own", *wanted, cwd=tmp_path).returncode == 0
    finally:
        os.umask(before)
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o770)
    assert domes("panel", "-o", "shared", *wanted, cwd=tmp_path).returncode == 0
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("own", "shared")] == [0o700, 0o770]


def test_a_folder_may_have_the_longest_name_there_is(tmp_path):
    run = domes("panel", "-o", "p" * 255, "--entities", "TWN", "--years", "1979", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["p" * 255]


def test_a_link_in_the_place_of_the_panel_is_called_a_link(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "out").symlink_to("there")
    run = domes("panel", "-o", "out", cwd=tmp_path)
    assert run.returncode == 2
    assert run.stderr == "-o out: is a link, which a release would replace; name the folder it leads to.\n"
    assert list((tmp_path / "there").iterdir()) == []


def test_what_a_killed_command_left_goes_with_the_next_panel_and_nothing_else_does(tmp_path):
    wanted = ("-o", "own", "--entities", "TWN", "--years", "1979")
    code = (
        "import os, signal, sys; from analysis.release import folder\n"
        "folder._put = lambda new, place: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"sys.argv = ['domes', 'panel', *{wanted!r}]; from analysis.cli import main; main()"
    )
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False)
    left = list(tmp_path.glob(".panel-*"))
    assert len(left) == 2
    of_another = tmp_path / f"{left[0].name}x"
    (of_another / "other").mkdir(parents=True)
    of_a_living_one = tmp_path / f".panel-{HOST}-{os.getpid()}-abc"
    (of_a_living_one / "own").mkdir(parents=True)
    assert domes("panel", *wanted, cwd=tmp_path).returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {"own", of_another.name, of_a_living_one.name}


def test_a_mount_is_called_one_before_anything_is_computed(tmp_path, monkeypatch):
    monkeypatch.setattr("os.path.ismount", lambda path: path == tmp_path)
    with pytest.raises(
        ParameterError, match=r"is a mount, which nothing can replace; name a folder in it: -o .*/panel\.$"
    ):
        require_place(tmp_path, "any")
