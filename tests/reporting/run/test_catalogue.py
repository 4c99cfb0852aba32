"""Notebooks are found by name, and read without a kernel."""

import json
import re

import pytest

from analysis.errors import ParameterError
from analysis.parameters import RecognitionMapParameters
from analysis.reporting.run.catalogue import Notebook, find_notebook, list_notebooks

PARAMETERS = ("n_threats: int = 24  # threats\nraid: str = 'mixed'\nlayers = ['a', 'b']", ["parameters"])


@pytest.fixture
def small(write_notebook):
    path = write_notebook("> before", "# How many leak?\n\nWho asks.", PARAMETERS)
    return Notebook(path, "01-small")


def test_the_tour_comes_first_then_the_rooms():
    names = [notebook.name for notebook in list_notebooks()]
    assert names[0] == "00-start-here"
    assert names[1:] == sorted(names[1:])


def test_a_notebook_is_found_by_path_by_name_and_by_a_part_of_its_name():
    found = find_notebook("recognition/01-recognition-map")
    spellings = ["recognition-map", "notebooks/recognition/01-recognition-map.ipynb", str(found.path)]
    assert [find_notebook(spelling).path.resolve() for spelling in spellings] == [found.path] * 3
    assert {find_notebook(spelling).name for spelling in spellings} == {"recognition/01-recognition-map"}


def test_an_empty_name_fits_no_notebook():
    with pytest.raises(ParameterError, match="is not a notebook"):
        find_notebook("")


def test_question_and_defaults_are_read_from_the_cells(small):
    assert small.question == "How many leak?"
    assert small.defaults == {"n_threats": 24, "raid": "mixed", "layers": ["a", "b"]}


@pytest.mark.parametrize("line", ["n = 2 + x", "n = open('x')", "import os", "n: int", "a = b = 1", "n = ("])
def test_a_parameters_cell_holds_literals_only(write_notebook, line):
    notebook = Notebook(write_notebook("# Q", (line, ["parameters"])), "x")
    with pytest.raises(ParameterError, match="may hold only lines such as"):
        _ = notebook.defaults


def test_the_old_and_the_new_name_of_a_parameter_are_not_taken_together():
    notebook = find_notebook("recognition/01-recognition-map")
    with pytest.raises(ParameterError, match="on is the old name of day, and both are given; leave on out"):
        notebook.check({"on": "1979-12-31", "day": "2024-12-31"})
    assert notebook.check({"on": "", "day": "2024-12-31"}).day == "2024-12-31"


def test_a_notebook_under_papermill_hands_over_its_default_beside_an_old_name_and_no_other_day():
    given = {"kind": "relations", "rule": "net", "minimum_confidence": "low", "entity": "TWN", "on": "1979-12-31"}
    default = find_notebook("recognition/01-recognition-map").defaults["day"]
    with pytest.warns(FutureWarning, match="write day"):
        assert RecognitionMapParameters(**given, day=default).day == "1979-12-31"
    with pytest.raises(ParameterError, match="on is the old name of day, and both are given; leave on out"):
        RecognitionMapParameters(**given, day="2024-12-31")


def test_a_notebook_without_a_model_is_checked_by_the_types_of_its_defaults(small):
    assert small.check({"n_threats": "7"}).model_dump() == {"n_threats": 7, "raid": "mixed", "layers": ["a", "b"]}
    with pytest.raises(ParameterError, match=r"^n_threats = 'many' is not allowed; give integer\.$"):
        small.check({"n_threats": "many"})
    with pytest.raises(ParameterError, match="did you mean n_threats"):
        small.check({"n_threat": "7"})


def test_a_run_with_the_defaults_takes_the_name_of_the_notebook(small):
    assert small.page_name(small.check({})) == "01-small"
    assert small.page_name(small.check({"n_threats": "24"})) == "01-small"


def test_other_runs_have_names_that_are_safe_and_never_the_same(small):
    raids = ["../../etc/passwd", "a/b", "a\\b", "a b", "A b", "ß", "", "x" * 300, "con", "<script>"]
    names = [small.page_name(small.check({"raid": raid})) for raid in raids]
    assert len({name.lower() for name in names}) == len(raids)
    assert all(re.fullmatch(r"01-small--[A-Za-z0-9-]{8,70}", name) for name in names)


def test_the_name_of_a_page_depends_on_nothing_but_the_parameters(small):
    assert small.page_name(small.check({"n_threats": 7})) == small.page_name(small.check({"n_threats": "7"}))


@pytest.mark.parametrize(
    ("line", "text", "value"),
    [
        ("x: float = 1", "0.5", 0.5),
        ("x: list[str] = ['a']", "b,c", ["b", "c"]),
        ("x: list[int] = []", "[1, 2]", [1, 2]),
        ("x = [1, 2]", "3,4", [3, 4]),
        ("x: str | None = None", "abc", "abc"),
        ("x: 'int | None' = 3", "none", None),
        ("x: Optional[float] = None", "2", 2.0),
        ("x: Anything = 7", "8", 8),
        ("x = None", "abc", "abc"),
    ],
)
def test_types_come_from_annotations_and_else_from_the_default(write_notebook, line, text, value):
    notebook = Notebook(write_notebook("# Q", (line, ["parameters"])), "own")
    assert notebook.check({"x": text}).model_dump() == {"x": value}


@pytest.mark.parametrize(
    ("line", "kind"), [("x: int | None = 3", "or none"), ("x: list[int] = []", "separated by commas")]
)
def test_what_is_of_another_type_is_refused_with_what_is_taken(write_notebook, line, kind):
    with pytest.raises(ParameterError, match=f"x = .*many.* is not allowed; give .*{kind}"):
        Notebook(write_notebook("# Q", (line, ["parameters"])), "own").check({"x": "many"})


def test_a_notebook_that_was_run_has_the_values_of_its_run(write_notebook):
    again = Notebook(write_notebook("# Q", PARAMETERS, ("n_threats = 7", ["injected-parameters"])), "again")
    assert again.defaults == {"n_threats": 7, "raid": "mixed", "layers": ["a", "b"]}
    assert again.page_name(again.check({})) == "again"


@pytest.mark.parametrize("name", ["index", "Index", "self-check"])
def test_a_notebook_of_ones_own_takes_no_page_of_ours(write_notebook, name):
    assert find_notebook(str(write_notebook("# Mine", name=f"{name}.ipynb"))).name == f"{name}-page"


@pytest.mark.parametrize("content", ["[" * 100_000, '{"cells": null}', "[]"])
def test_what_is_no_notebook_is_refused_however_deep(tmp_path, content):
    (tmp_path / "deep.ipynb").write_text(content)
    with pytest.raises(ParameterError, match="cannot be read as a notebook"):
        _ = Notebook(tmp_path / "deep.ipynb", "deep").defaults


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"nbformat": 3}, r"its nbformat is 3, and 4 is read; `jupyter nbconvert"),
        ({"nbformat": "4"}, "it has no number as nbformat or nbformat_minor"),
        ({"metadata": None}, "metadata: None is not of type 'object'"),
        ({"cells": 5}, "it lacks a list of cells"),
        ({"cells": [{"cell_type": "raw", "metadata": {}}]}, "cell 1, 'source' is a required property"),
        ({"cells": [{"cell_type": 7, "metadata": {}, "source": ""}]}, "cell 1, cell_type: is no text"),
    ],
)
def test_what_breaks_the_format_of_notebooks_is_named_before_anything_runs(tmp_path, change, said):
    whole = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (tmp_path / "own.ipynb").write_text(json.dumps(whole | change))
    with pytest.raises(ParameterError, match=rf"own.ipynb: cannot be read as a notebook \({said}"):
        _ = Notebook(tmp_path / "own.ipynb", "own").defaults


@pytest.mark.parametrize("content", ["[]", '{"cells": []}', '{"cells": null, "nbformat": 4, "nbformat_minor": 5}'])
def test_what_is_no_notebook_is_refused_among_ours_too(tmp_path, monkeypatch, content):
    monkeypatch.setattr("analysis.reporting.run.catalogue.NOTEBOOKS", tmp_path)
    (tmp_path / "own.ipynb").write_text(content)
    with pytest.raises(ParameterError, match="cannot be read as a notebook"):
        _ = Notebook(tmp_path / "own.ipynb", "own").defaults


def test_a_name_that_is_too_long_is_no_notebook():
    with pytest.raises(ParameterError, match="is not a notebook"):
        find_notebook("a" * 5000 + ".ipynb")
