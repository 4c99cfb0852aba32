"""The commands about the data: check-data, self-check, trace, diff, and reports on one's own tables."""

import subprocess
import sys

import pytest


def domes(*words):
    return subprocess.run([sys.executable, "-m", "analysis", *map(str, words)], capture_output=True, text=True)


def test_check_data_is_content_with_the_shipped_tables():
    run = domes("check-data")
    assert run.returncode == 0
    assert "36 tables keep their schemas" in run.stdout


def test_check_data_lists_every_bad_row_and_exits_with_2(copied_data):
    path = copied_data / "recognition/withheld.csv"
    path.write_text(path.read_text().replace(",high,", ",certain,", 3))
    run = domes("check-data", copied_data)
    assert run.returncode == 2
    lines = run.stderr.splitlines()
    assert len(lines) == 4
    assert all("confidence = 'certain' must be one of high, medium, low" in line for line in lines[:3])
    assert lines[-1] == "3 rows or files break a rule."


def test_check_data_of_a_folder_that_is_not_there_is_one_line(tmp_path):
    run = domes("check-data", tmp_path / "nowhere")
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1


def test_self_check_begins_with_what_nobody_explains():
    run = domes("self-check")
    assert run.returncode == 0
    marks = [line[0] for line in run.stdout.splitlines()[1:]]
    assert marks == sorted(marks, key="!~ ".index)
    assert "4 of these unexplained" in run.stdout.splitlines()[0]


def test_trace_writes_markdown_or_csv():
    claim = ("recognition/events", "NIC-TWN-relations-ended-2021-12-10")
    assert domes("trace", *claim).stdout.startswith("# recognition/events: NIC-TWN")
    assert domes("trace", *claim, "--csv").stdout.startswith("part,field,value\n")


def test_diff_names_what_changed(copied_data):
    path = copied_data / "air_defence/systems.csv"
    path.write_text(path.read_text().replace("Iron Dome", "Kippat Barzel", 1))
    run = domes("diff", copied_data)
    assert run.stdout.splitlines() == [
        "air_defence/systems iron_dome: name 'Kippat Barzel' -> 'Iron Dome'",
        "1 change.",
    ]


@pytest.mark.notebook
def test_a_report_runs_on_tables_of_ones_own(copied_data, tmp_path):
    path = copied_data / "recognition/events.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("PRY-TWN")))
    words = ("report", "recognition/01-recognition-map", "--data", copied_data, "-o", tmp_path)
    run = domes(*words)
    assert run.returncode == 0, run.stderr
    assert (
        "11 states had relations with the Republic of China (Taiwan)"
        in (tmp_path / "recognition/01-recognition-map.html").read_text()
    )
