"""Parameters as a user writes them."""

import pytest
import yaml

from analysis.errors import ParameterError
from analysis.reporting.run.catalogue import find_notebook
from analysis.reporting.run.given import name_file, read_parameters


def test_a_value_may_hold_an_equals_sign_and_the_last_of_two_wins():
    assert read_parameters(["a=1=2", "c = x ", "c=x", "b="], None) == {"a": "1=2", "c": "x", "b": ""}


def test_the_name_on_and_a_day_stay_text_in_yaml(tmp_path):
    file = tmp_path / "given.yaml"
    file.write_text("on: 1979-12-31\nentity: NO\narchitectures: [israel_2025, usa_guam]\n")
    assert read_parameters([], file) == {
        "on": "1979-12-31",
        "entity": "NO",
        "architectures": ["israel_2025", "usa_guam"],
    }


def test_pairs_win_over_the_file(tmp_path):
    file = tmp_path / "given.yaml"
    file.write_text("on: 1979-12-31\nentity: TWN\n")
    assert read_parameters(["entity=ISR"], file) == {"on": "1979-12-31", "entity": "ISR"}


@pytest.mark.parametrize(
    "content", ["", "- a\n", "just text", "'': 2\n", "a: [1", "a: 1\n\tb: 2", "\xff", "a: 1\na: 2\n"]
)
def test_a_file_of_another_kind_is_refused_in_one_line(tmp_path, content):
    file = tmp_path / "given.yaml"
    file.write_bytes(content.encode("latin-1"))
    with pytest.raises(ParameterError, match=r"given\.yaml: ") as caught:
        read_parameters([], file)
    assert "\n" not in str(caught.value)


def test_a_file_cannot_construct_python_objects(tmp_path):
    file = tmp_path / "given.yaml"
    file.write_text("entity: !!python/object/apply:os.getcwd []\n")
    assert read_parameters([], file) == {"entity": []}


@pytest.mark.parametrize("pair", ["entity", "=TWN", " = "])
def test_a_pair_without_name_or_equals_sign_is_refused(pair):
    with pytest.raises(ParameterError, match="write -p name=value"):
        read_parameters([pair], None)


def test_a_file_that_is_nested_too_deep_is_refused(tmp_path):
    (tmp_path / "deep.yaml").write_text("x: " + "[" * 5000 + "]" * 5000)
    with pytest.raises(ParameterError, match="is nested too deep"):
        read_parameters([], tmp_path / "deep.yaml")


@pytest.mark.parametrize("pair", ["\udcff=X", "entity=\udcff"])
def test_bytes_of_no_encoding_are_refused(pair):
    with pytest.raises(ParameterError, match="no UTF-8"):
        read_parameters([pair], None)


@pytest.mark.parametrize(
    "name", ["1", "a b", "n-threats", "n.threats", "1.5", "день", "yes", "a: b", "[x", "a, b", "x;y", "é\u202e"]
)
def test_an_error_names_the_file_of_a_name_that_is_no_word(tmp_path, name):
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump({name: "2"}, allow_unicode=True))
    given = read_parameters([], file)
    assert given == {name: "2"}
    with pytest.raises(ParameterError) as caught:
        find_notebook("recognition/01-recognition-map").check(given)
    (line,) = str(name_file(caught.value, file, [])).splitlines()
    assert line.startswith(f"{file}: ") and "is not a parameter of" in line and "; it has: " in line


def test_an_error_that_speaks_of_two_values_names_the_file_of_either(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("first_day: 2026-01-02\nleft: PSE\npass word: x\n")
    for said in (
        "last_day = '2026-01-01' is before first_day = '2026-01-02'; swap them.",
        "right = 'PSE' is the same as left; choose two entities.",
        "token, 'pass word': looks like a secret. Parameters are printed.",
    ):
        assert str(name_file(ParameterError(said), file, [])) == f"{file}: {said}"


def test_an_error_of_the_command_line_does_not_name_the_file(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("n: 2\nday: 2020-01-01\n")
    for said in (
        "n-threats is not a parameter of x; did you mean n? It has: n, day.",
        "today = 'x' is no day.",
        "x = 2 is not known; give one of day, n.",
    ):
        assert str(name_file(ParameterError(said), file, [])) == said


def test_an_error_names_the_file_from_which_a_value_came(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("entity: XXX\nday: never\n")
    error = ParameterError("entity = 'XXX' is not known.\nday = 'never' is not a day.\nkind = 'x' is not known.")
    lines = str(name_file(error, file, ["entity=YYY"])).splitlines()
    assert lines == ["entity = 'XXX' is not known.", f"{file}: day = 'never' is not a day.", "kind = 'x' is not known."]
    assert name_file(error, None, []) is error


def test_a_name_with_two_values_is_refused_rather_than_the_first_one_lost():
    with pytest.raises(
        ParameterError, match="architectures is given twice, as 'usa_guam' and as 'nato_essi'; give it once"
    ):
        read_parameters(["architectures=usa_guam", "architectures = nato_essi"], None)
