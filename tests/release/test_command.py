"""``domes panel`` as a user runs it."""

import subprocess
import sys


def domes(*words):
    return subprocess.run([sys.executable, "-m", "analysis", *map(str, words)], capture_output=True, text=True)


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
