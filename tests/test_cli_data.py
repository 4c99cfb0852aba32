"""The commands about the data: check-data, self-check, trace, diff, and reports on one's own tables."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from analysis.base_map import BASE_MAPS, load_base_map
from analysis.checks import find_faults
from analysis.errors import DataError
from analysis.figures.air_defence.hindcast import SCORES
from analysis.schema import TABLES
from analysis.tables import DATA_FOLDER_VARIABLE


def test_check_data_is_content_with_the_shipped_tables(domes):
    run = domes("check-data")
    assert run.returncode == 0
    assert f"{len(TABLES)} tables keep their schemas" in run.stdout


def test_check_data_says_which_tables_are_not_ours(domes_here, copied_data):
    """What breaks no rule may be wrong all the same, such as two columns of one year that changed places."""
    path = copied_data / "recognition/un_alignment.csv"
    path.write_text(path.read_text().replace("AFG-1946,AFG,1946,0.4437", "AFG-1946,AFG,1946,0.4438", 1))
    run = domes_here("check-data", copied_data)
    assert run.returncode == 0
    *_, last = run.stdout.splitlines()
    assert last.startswith("1 difference from our tables: 1 of recognition/un_alignment.csv; `domes diff ")


def test_a_base_map_without_a_state_is_a_difference_and_one_without_a_scale_is_refused(domes_here, copied_data):
    """No rule holds a map to its states: another cartographic choice is allowed, and told."""
    path = copied_data / "geography/world_110m.json"
    drawn = json.loads(path.read_text())
    shapes = drawn["objects"]["countries"]["geometries"]
    shapes.remove(next(shape for shape in shapes if shape["properties"]["a3"] == "FRA"))
    path.write_text(json.dumps(drawn))
    *_, last = domes_here("check-data", copied_data).stdout.splitlines()
    assert last.startswith("1 difference from our tables: 1 of geography/world_110m.json; `domes diff ")
    assert domes_here("diff", copied_data).stdout.startswith("geography/world_110m.json: sha256 '")
    for wrong in (drawn | {"transform": {"scale": [float("nan"), 1], "translate": [0, 0]}}, drawn | {"arcs": [["a"]]}):
        path.write_text(json.dumps(wrong))
        run = domes_here("check-data", copied_data)
        assert run.returncode == 2
        assert "geography/world_110m.json: is missing, cut short, or no base map" in run.stderr


def test_check_data_lists_every_bad_row_and_exits_with_2(domes, copied_data):
    path = copied_data / "recognition/withheld.csv"
    path.write_text(path.read_text().replace(",high,", ",certain,", 3))
    run = domes("check-data", copied_data)
    assert run.returncode == 2
    lines = run.stderr.splitlines()
    assert len(lines) == 4
    assert all("confidence = 'certain' must be one of high, medium, low" in line for line in lines[:3])
    assert lines[-1] == "3 rows or files break a rule."


def test_check_data_lists_the_wrong_row_and_folds_the_counts_that_fail_in_consequence(domes_here, copied_data):
    path = copied_data / "recognition/events.csv"
    ended = "USA-TWN-relations-ended-1979-01-01,USA,TWN,relations,ended,"
    assert ended in path.read_text()
    path.write_text(path.read_text().replace(f"{ended}1979-01-01", f"{ended}2019-01-01"))
    run = domes_here("check-data", copied_data)
    assert run.returncode == 2
    *causes, folded, last = run.stderr.splitlines()
    assert any("date_high = '1979-01-01' does not hold the date 2019-01-01" in line for line in causes)
    assert len(causes) < 10 and not [line for line in causes if line.startswith("recognition/published_counts")]
    assert re.fullmatch(r"\.\.\. and \d\d+ faults that may only follow from these \(.*_counts\.csv.*--all\.", folded)
    *whole, end = domes_here("check-data", copied_data, "--all").stderr.splitlines()
    assert whole[: len(causes)] == causes and end == last == f"{len(whole)} rows or files break a rule."
    assert f"and {len(whole) - len(causes)} faults" in folded


def test_counts_that_fail_without_another_fault_are_all_listed(domes_here, copied_data):
    path = copied_data / "recognition/published_counts.csv"
    lines = path.read_text().splitlines()
    place = lines[0].split(",").index("count")
    assert lines[1].split(",")[place].isdigit()
    cells = lines[1].split(",")
    cells[place] = str(int(cells[place]) + 7)
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n")
    run = domes_here("check-data", copied_data)
    assert (
        run.stderr.startswith("recognition/published_counts.csv row 2: expected_difference") and "..." not in run.stderr
    )


def test_check_data_of_a_folder_that_is_not_there_is_one_line(domes, tmp_path):
    run = domes("check-data", tmp_path / "nowhere")
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1


def cut(text):
    return text[: len(text) // 2]


def without_borders(text):
    return json.dumps(json.loads(text) | {"arcs": []})


def without_names(text):
    return text.replace('"a3"', '"code"')


@pytest.mark.parametrize("damage", [cut, without_borders, without_names])
@pytest.mark.parametrize("scale", BASE_MAPS)
def test_a_base_map_that_is_not_whole_is_a_fault_and_is_not_loaded(copied_data, monkeypatch, scale, damage):
    path = copied_data / BASE_MAPS[scale]
    path.write_text(damage(path.read_text()))
    assert [fault.file for fault in find_faults(copied_data)] == [BASE_MAPS[scale]]
    monkeypatch.setenv(DATA_FOLDER_VARIABLE, str(copied_data))
    with pytest.raises(DataError, match=r"world_.*\.json: is missing, cut short"):
        load_base_map(scale)


def test_a_file_beside_the_tables_that_nothing_reads_is_named(domes_here, copied_data):
    (copied_data / "recognition/events (1).csv").write_text("a copy\n")
    run = domes_here("check-data", copied_data)
    assert run.returncode == 0
    assert run.stderr.startswith("recognition/events (1).csv: is not read")


def test_self_check_begins_with_what_nobody_explains(domes):
    run = domes("self-check")
    assert run.returncode == 0
    first, *lines = run.stdout.split("\n\n")[0].splitlines()
    marks = [line[0] for line in lines]
    assert marks == sorted(marks, key="!~ ".index)
    assert f"{marks.count('!')} of these unexplained" in first


def test_trace_writes_markdown_or_csv(domes_here):
    claim = ("recognition/events", "NIC-TWN-relations-ended-2021-12-10")
    assert domes_here("trace", *claim).stdout.startswith("# recognition/events: NIC-TWN")
    assert domes_here("trace", *claim, "--csv").stdout.startswith("part,field,value\n")


@pytest.mark.parametrize(
    "content", ["[]", "{", "[" * 100_000, '{"resources": [{"path": "sources.csv", "rows": "many"}]}']
)
def test_a_description_that_cannot_say_how_many_rows_there_are_is_a_fault(domes_here, copied_data, content):
    (copied_data / "datapackage.json").write_text(content)
    run = domes_here("check-data", copied_data)
    assert run.returncode == 2
    assert run.stderr.startswith("datapackage.json: cannot be read, so nobody can tell whether a table was cut short")


def test_diff_names_what_changed(domes_here, copied_data):
    path = copied_data / "air_defence/systems.csv"
    path.write_text(path.read_text().replace("Iron Dome", "Kippat Barzel", 1))
    run = domes_here("diff", copied_data)
    assert run.stdout.splitlines() == [
        "air_defence/systems iron_dome: name 'Kippat Barzel' -> 'Iron Dome'",
        "1 change.",
    ]


@pytest.mark.notebook
def test_a_report_runs_on_tables_of_ones_own(domes, copied_data, tmp_path):
    path = copied_data / "recognition/events.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("PRY-TWN")))
    package = copied_data / "datapackage.json"  # rows that go on purpose are taken off there
    package.write_text(re.sub(r'("rows": )1400', r"\g<1>1", package.read_text()))
    words = ("report", "recognition/01-recognition-map", "--data", copied_data, "-o", tmp_path)
    run = domes(*words)
    assert run.returncode == 0, run.stderr
    assert (
        "11 states had relations with the Republic of China (Taiwan)"
        in (tmp_path / "recognition/01-recognition-map.html").read_text()
    )


REPORTS = "air_defence/ukraine_reports.csv"
LATER = """\
2026-01-03 18:00,2026-01-04 08:30,Shahed-136/131,120,95,0,,12,3,invented/posts/1
2026-01-03 18:00,2026-01-04 08:30,Shahed-136/131,120,95,0,,12,3,invented/posts/1
2026-01-04 18:00 ,2026-01-05 8:30,Shahed-136/131,90,60,,,,,invented/posts/2
2026-01-04 22:00,2026-01-05 02:00,Iskander-M and S-500,6,2,,,,,invented/posts/2
2026-01-04 22:00,2026-01-05 02:00,Iskander-M,,1,,,,,invented/posts/2
2026-01-05 18:00,2026-01-06 09:00,X-101/X-555,24,,,,,,invented/posts/3
2026-01-06 18:00,2026-01-07 09:00,X-101/X-555,20,17,,,,,invented/posts/4
2026-01-06T18:00:00,2026-01-07  5:00pm,Shahed-136/131,70,50,0,,,,invented/posts/4
2026-01-06 18.00,2026-01-07 09:00:00,Shahed-136/131,7,5,-1,,,,invented/posts/4
2026-01-06,2026-01-07 ,Shahed-136/131,2001,1700,0,,,,invented/posts/4
"""
HINDCAST = ("report", "air_defence/06-hindcast", "-p", "first_day=2026-01-02")


@pytest.fixture
def later_data(copied_data):
    """A copy of the tables whose record of Ukrainian reports goes on with invented rows; returns folder and file."""
    path = copied_data / REPORTS
    with path.open("a") as file:
        file.write(LATER)
    return copied_data, path


@pytest.mark.notebook
def test_nights_reported_later_are_tested_as_they_are(domes, domes_here, later_data, tmp_path):
    folder, _ = later_data
    assert domes_here("check-data", folder).returncode == 0
    run = domes(*HINDCAST, "-p", "last_day=2026-03-31", "--data", folder, "-o", tmp_path)
    assert run.returncode == 0, run.stderr
    page = run.stdout.strip().splitlines()[-1]
    rows = [
        [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])]
        for row in BeautifulSoup((tmp_path / page).read_text(), "html.parser").find_all("tr")
    ]
    start = next(place for place, row in enumerate(rows) if "Inside 90 %, randomised" in row)
    assert rows[start] == list(SCORES.values())
    assert [row[:2] for row in rows[start + 1 : start + 4]] == [
        ["One-way attack drones", "3"], ["Subsonic cruise missiles", "1"], ["Short-range ballistic missiles", "0"],
    ]  # fmt: skip
    words = (tmp_path / page).read_text()
    assert "left out: Iskander-M and S-500." in words
    assert "nothing after 7 January 2026 can be tested" in words
    assert "In 8 rows the time of day is not written as in the others; the day counts." in words
    assert "a count below zero" in words
    assert "No night to test: Short-range ballistic missiles." in words


@pytest.mark.notebook
@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2026-01-07,2026-01-07,KN-23,4,5,,,,,x", "destroyed = '5' must not exceed launched = 4"),
        ("2026-01-07,2026-01-07,KN-23,four,3,,,,,x", "launched = 'four' must be a whole number"),
        ("2026-01-07,2026-01-07,KN-23,1e30,3,,,,,x", "launched = '1e30' must be a whole number"),
        ("2026-01-07,2026-02-30,KN-23,4,3,,,,,x", "end = '2026-02-30' must begin with a real day"),
        ("2026-01-07,20.12.2025,KN-23,4,3,,,,,x", "end = '20.12.2025' must begin with a real day"),
    ],
)
def test_reports_that_cannot_be_are_refused_with_their_row_and_exit_code_2(
    domes, domes_here, later_data, tmp_path, row, message
):
    folder, path = later_data
    path.write_text(path.read_text() + row + "\n")
    wanted = f"{REPORTS} row {len(path.read_text().splitlines())}: {message}"
    for run in (
        domes_here("check-data", folder),
        domes(*HINDCAST, "-p", "last_day=2026-01-31", "--data", folder, "-o", tmp_path),
    ):
        assert run.returncode == 2
        assert wanted in run.stderr and "Traceback" not in run.stderr


@pytest.mark.notebook
def test_a_period_without_nights_makes_a_page_that_says_why_nothing_is_shown(domes, tmp_path):
    run = domes(*HINDCAST, "-p", "last_day=2026-06-30", "-o", tmp_path)
    assert run.returncode == 0, run.stderr
    page = Path(run.stdout.strip()).read_text()
    assert "Nothing to show, because no night of 5 or more launched can be predicted" in page
    assert "the record has nights from 2022-09-28 to 2026-01-01" in page and "Traceback" not in page


@pytest.mark.notebook
def test_a_pair_with_an_entity_that_does_not_exist_yet_makes_a_page_that_says_so(domes, tmp_path):
    asked = ("-p", "day=1988-11-15", "-p", "left=TWN", "-p", "right=PMR")
    run = domes("report", "recognition/03-co-recognition", *asked, "-o", tmp_path)
    assert run.returncode == 0, run.stderr
    page = Path(run.stdout.strip()).read_text()
    assert "Transnistria (PMR) does not exist then; it exists since 1990-09-02" in page
