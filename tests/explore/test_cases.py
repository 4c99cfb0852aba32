"""A pinned case is a row of a runs file: once, whole, and read back as it was."""

import csv
from concurrent.futures import ThreadPoolExecutor

import pytest

from analysis.errors import DataError, RunError
from analysis.explore import cases
from analysis.parameters import LayerCoverageParameters, RecognitionMapParameters


def case(**changed):
    values = {"entity": "TWN", "day": "1979-12-31", "kind": "relations", "rule": "net", "minimum_confidence": "low"}
    return RecognitionMapParameters(**values | changed)


def rows_of(file):
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))


def test_a_pinned_case_is_a_row_that_names_its_notebook(tmp_path):
    pinned = cases.pin_case(case(), tmp_path)
    assert rows_of(pinned.file) == [
        ["notebook", "entity", "day", "kind", "rule", "minimum_confidence"],
        ["recognition/01-recognition-map", "TWN", "1979-12-31", "relations", "net", "low"],
    ]


def test_the_same_case_is_pinned_once(tmp_path):
    assert cases.pin_case(case(), tmp_path).added
    again = cases.pin_case(case(), tmp_path)
    assert not again.added and again.cases == 1


def test_cases_are_read_back_as_they_were_pinned_in_their_order(tmp_path):
    pinned = [case(), case(day="1970-12-31"), case(entity="PSE", kind="recognition")]
    for one in pinned:
        cases.pin_case(one, tmp_path)
    assert cases.load_pinned("recognition/01-recognition-map", tmp_path) == [(one, None) for one in pinned]


def test_a_list_survives_the_way_to_the_file_and_back(tmp_path):
    one = LayerCoverageParameters(architectures=["israel_2025", "nato_essi"], minimum_confidence="high")
    cases.pin_case(one, tmp_path)
    assert cases.load_pinned(one.notebook, tmp_path) == [(one, None)]


def test_without_a_file_there_is_no_case(tmp_path):
    assert cases.load_pinned("recognition/01-recognition-map", tmp_path / "none") == []


def test_many_at_once_lose_no_case(tmp_path):
    many = [case(day=f"19{year}-12-31") for year in range(50, 74)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: cases.pin_case(one, tmp_path), many))
    found = cases.load_pinned("recognition/01-recognition-map", tmp_path)
    assert sorted(one.day for one, _ in found) == [one.day for one in many]


def test_a_file_with_other_columns_is_refused_and_left_alone(tmp_path):
    file = cases.file_of("recognition/01-recognition-map", tmp_path)
    file.write_text("notebook,who\nx,y\n", encoding="utf-8")
    with pytest.raises(DataError, match="has the columns notebook, who, needs notebook, entity"):
        cases.pin_case(case(), tmp_path)
    assert file.read_text(encoding="utf-8") == "notebook,who\nx,y\n"


def test_a_bad_row_is_named(tmp_path):
    file = cases.pin_case(case(), tmp_path).file
    with file.open("a", encoding="utf-8") as opened:
        opened.write("recognition/01-recognition-map,XXX,1979-12-31,relations,net,low\n")
    with pytest.raises(DataError, match=r"row 3: entity = 'XXX'"):
        cases.load_pinned("recognition/01-recognition-map", tmp_path)


def test_a_row_cut_short_is_named(tmp_path):
    file = cases.pin_case(case(), tmp_path).file
    with file.open("a", encoding="utf-8") as opened:
        opened.write("recognition/01-recognition-map,TWN\n")
    with pytest.raises(DataError, match="row 3: has not as many fields as columns"):
        cases.pin_case(case(day="1970-12-31"), tmp_path)


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RunError, match="cannot be written"):
        cases.pin_case(case(), tmp_path / "file" / "below")


def test_the_command_is_the_one_to_type(tmp_path):
    assert cases.Pinned(cases.file_of("recognition/01-recognition-map"), True, 1).command == (
        "domes batch reports/pinned/recognition-01-recognition-map.runs.csv"
        " -o reports/pinned/recognition-01-recognition-map --resume"
    )
    spaced = cases.Pinned(tmp_path / "my cases.csv", True, 1).command
    assert spaced == f"domes batch '{tmp_path}/my cases.csv' -o '{tmp_path}/my cases' --resume"
