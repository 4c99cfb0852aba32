"""Every run of a batch is checked, and its page named, before anything is started."""

import re

import pytest

from analysis.errors import ParameterError
from analysis.reporting.batch.plan import read_plan

PARAMETERS = (
    "n_threats: int = 24  # threats\nsingle_shot: float = 0.7  # chance\nraid: str = 'mixed'  # name",
    ["parameters"],
)


@pytest.fixture
def folder(write_notebook, tmp_path):
    """A folder with the notebooks 01-small and 02-other."""
    for name in ("01-small.ipynb", "02-other.ipynb"):
        write_notebook("# How many leak?", PARAMETERS, "n_threats", name=name)
    return tmp_path


@pytest.fixture
def plan(folder):
    """Write a file of runs and read the plan."""

    def read(text, name="01-small.runs.csv", template=None):
        (folder / name).write_text(text, encoding="utf-8")
        return read_plan(folder / name, template)

    return read


@pytest.fixture
def faults(plan):
    """Write a file of runs and return the lines that say what is wrong with it."""

    def read(*args, **options):
        with pytest.raises(ParameterError) as caught:
            plan(*args, **options)
        return str(caught.value).splitlines()

    return read


def given(runs):
    return [run.given for run in runs]


def test_a_csv_beside_its_notebook_needs_no_name(plan):
    runs = plan("n_threats,raid\n7,mixed\n8,\n")
    assert {run.notebook.name for run in runs} == {"01-small"}
    assert given(runs) == [{"n_threats": 7, "raid": "mixed"}, {"n_threats": 8}]
    assert [run.parameters.model_dump() for run in runs] == [
        {"n_threats": 7, "single_shot": 0.7, "raid": "mixed"},
        {"n_threats": 8, "single_shot": 0.7, "raid": "mixed"},
    ]


def test_a_first_column_names_the_notebook_of_each_row(plan):
    runs = plan("notebook,n_threats\n01-small.ipynb,7\n02-other.ipynb,7\n", name="mine.csv")
    assert [(run.notebook.name, run.page.split("--")[0]) for run in runs] == [("01-small",) * 2, ("02-other",) * 2]


def test_a_notebook_of_the_project_is_named_by_its_path(plan):
    (run,) = plan("notebook,entity\nnotebooks/recognition/01-recognition-map.ipynb,PSE\n", name="mine.csv")
    assert run.notebook.name == "recognition/01-recognition-map"
    assert run.page.startswith("recognition/01-recognition-map--PSE-")


def test_a_spreadsheets_mark_blank_lines_and_quoted_commas_are_read(plan):
    runs = plan('\ufeffraid,n_threats\r\n"a, b",7\r\n\r\n,,\r\n"c\nd",8\r\n'.replace(",,", ","))
    assert given(runs) == [{"raid": "a, b", "n_threats": 7}, {"raid": "c\nd", "n_threats": 8}]
    assert [run.place for run in runs] == ["row 2", "row 5"]


def test_every_fault_is_listed_with_its_row(faults, folder):
    lines = faults("n_threats,raid,rade\n7,a,\nmany,b,x\n1.5,c\n7,a,\n8,c,,\n")
    file = folder / "01-small.runs.csv"
    assert lines == [
        f"{file} row 3: rade is not a parameter of 01-small; did you mean raid? It has: n_threats, single_shot, raid.",
        f"{file} row 3: n_threats = 'many' is not allowed; give integer.",
        f"{file} row 4: has 2 cells, the header 3; write a comma for an empty cell too.",
        f"{file} row 6: has 4 cells, the header 3; quote a value that holds a comma.",
        f"{file} row 5: asks for the same run as row 2; take one out.",
        "5 faults; nothing was run.",
    ]


def test_ranges_and_choices_of_the_notebooks_model_are_kept_to(faults):
    lines = faults(
        "notebook,entity,within_days\nrecognition/02-switching,TVN,366\nrecognition/02-switching,TWN,0\n", name="a.csv"
    )
    assert "row 2: entity = 'TVN' is not known; did you mean 'TWN'?" in lines[0]
    assert lines[1].endswith("row 3: within_days = '0' is not allowed; give integer: at least 1, at most 3660.")


def test_a_value_written_in_two_ways_or_left_to_the_default_is_the_same_run(faults):
    lines = faults("n_threats,single_shot\n7,0.70\n7,0.7\n+7,\n")
    assert lines[0].endswith("rows 3, 4: asks for the same run as row 2; take one out.")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "n_threats\n7\n", "names no notebook; add a first column notebook"),
        ("a.csv", "notebook\tn_threats\n01-small\t7\n", "is one column; separate columns by commas"),
        ("01-small.runs.csv", "", "is empty"),
        ("01-small.runs.csv", "n_threats\n\n", "asks for no run"),
        ("01-small.runs.csv", "n_threats;raid\n7;a\n", "separate columns by commas"),
        ("01-small.runs.csv", "n_threats,n_threats\n7,8\n", "names n_threats more than once"),
        ("01-small.runs.csv", "n_threats,\n7,8\n", "column 2 has no name"),
        ("01-small.runs.csv", "n_threats,notebook\n7,01-small\n", "notebook is column 2; put it first"),
        ("01-small.runs.csv", 'raid\n"a"b\n', "row 2: is no proper CSV: a quote opens in line 2"),
        ("01-small.runs.csv", 'raid\n\na\n"b\nc\n', "row 4: is no proper CSV: a quote opens in line 4"),
        ("a.csv", "notebook,n_threats\nrecognition-mop,7\n", "row 2: recognition-mop is not a notebook; did you mean"),
        ("a.csv", "notebook,n_threats\n,7\n", "row 2: names no notebook"),
        ("runs.txt", "n_threats\n7\n", "is neither CSV nor YAML"),
    ],
)
def test_a_csv_that_is_not_as_it_should_be_is_refused(faults, name, text, message):
    assert message in faults(text, name=name)[0]


def test_a_file_that_is_missing_or_no_text_is_refused(folder):
    with pytest.raises(ParameterError, match=r"none\.csv: cannot be read \(No such file"):
        read_plan(folder / "none.csv")
    (folder / "binary.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(ParameterError, match="is not UTF-8 text"):
        read_plan(folder / "binary.csv")


def test_a_grid_takes_every_combination_and_the_fixed_values(plan):
    runs = plan(
        "notebook: 01-small.ipynb\nfixed: {raid: on}\ngrid: {n_threats: [1, 2], single_shot: [0.5, 0.6]}\n", "a.yaml"
    )
    assert [tuple(run.given.values()) for run in runs] == [
        (1, 0.5, "on"), (1, 0.6, "on"), (2, 0.5, "on"), (2, 0.6, "on")
    ]  # fmt: skip


def test_a_zip_takes_the_lists_side_by_side(plan):
    runs = plan("notebook: 01-small.ipynb\nzip: {n_threats: [1, 2], raid: [a, b]}\n", "a.yaml")
    assert given(runs) == [{"n_threats": 1, "raid": "a"}, {"n_threats": 2, "raid": "b"}]


HYPERCUBE = (
    "notebook: 01-small.ipynb\nlatin_hypercube:\n  n: 10\n  seed: 7\n"
    "  ranges: {n_threats: [1, 10], single_shot: [0.5, 0.9]}\n  choices: {raid: [a, b]}\n"
)


def test_a_latin_hypercube_has_each_tenth_of_each_range_once(plan):
    runs = plan(HYPERCUBE, "a.yaml")
    assert sorted(run.given["n_threats"] for run in runs) == list(range(1, 11))
    assert sorted(int((run.given["single_shot"] - 0.5) / 0.04) for run in runs) == list(range(10))
    assert sorted(run.given["raid"] for run in runs) == ["a"] * 5 + ["b"] * 5


def test_the_same_seed_draws_the_same_runs_and_another_does_not(plan):
    first, again = given(plan(HYPERCUBE, "a.yaml")), given(plan(HYPERCUBE, "a.yaml"))
    assert first == again
    assert first != given(plan(HYPERCUBE.replace("seed: 7", "seed: 8"), "a.yaml"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("notebook: 01-small.ipynb\n", "must hold notebook, fixed (name: value), and one of grid, zip"),
        ("notebook: 01-small.ipynb\ngrid: {raid: [a]}\nzip: {raid: [b]}\n", "must hold notebook, fixed"),
        ("notebook: 01-small.ipynb\ngird: {raid: [a]}\n", "gird is not known here"),
        ("notebook: 01-small.ipynb\ngrid: {raid: a}\n", "grid: raid needs a list"),
        ("notebook: 01-small.ipynb\ngrid: {raid: [a]}\nfixed: {raid: b}\n", "raid is both fixed and in grid"),
        ("notebook: 01-small.ipynb\nfixed: {raid: b, raid: c}\ngrid: {n_threats: [1]}\n", "raid is given twice"),
        ("notebook: 01-small.ipynb\nzip: {raid: [a], n_threats: [1, 2]}\n", "raid has 1, n_threats has 2 values"),
        ("notebook: 01-smal\ngrid: {raid: [a]}\n", "01-smal is not a notebook"),
        ("grid: {raid: [a]}\n", "names no notebook"),
        ("- raid\n", "must hold notebook"),
        ("notebook: [\n", "is not YAML"),
        (HYPERCUBE.replace("n: 10", "n: ten"), "latin_hypercube n = 'ten' is not a whole number"),
        (HYPERCUBE.replace("  seed: 7\n", ""), "latin_hypercube seed = None is not a whole number"),
        (HYPERCUBE.replace("seed", "sede"), "latin_hypercube = 'sede' is not known; did you mean 'seed'?"),
        (HYPERCUBE.replace("[1, 10]", "[1, 10.5]"), "['1', '10.5'] is not a range of whole numbers"),
        (HYPERCUBE.replace("[0.5, 0.9]", "[0.9, 0.5]"), "['0.9', '0.5'] is not a range of numbers"),
        (HYPERCUBE.replace("[0.5, 0.9]", "{0.5: 0.6, 0.9: 1}"), "is not a range of numbers; give [lowest, highest]"),
        (HYPERCUBE.replace("[1, 10]", f"[1, {'9' * 400}]"), "is not a range of whole numbers"),
        (HYPERCUBE.replace("seed: 7", f"seed: {'9' * 5000}"), "of 39 digits at most"),
        (HYPERCUBE.replace("n_threats: [1, 10]", "raid: [1, 10]"), "raid is in ranges and in choices"),
        (HYPERCUBE.replace("n_threats", "n_threat"), "run 1, 2, 3"),
        ("notebook: 01-small.ipynb\ngrid: {n_threats: [%s], single_shot: [%s]}\n" % (("1, " * 999,) * 2), "at most 100000"),
    ],
)  # fmt: skip
def test_a_yaml_file_that_is_not_as_it_should_be_is_refused(faults, text, message):
    line = faults(text, "a.yaml")[0]
    assert message in line.replace("runs 1", "run 1") and "a.yaml" in line


def test_a_fault_of_a_whole_design_is_told_once(faults):
    lines = faults("notebook: 01-small.ipynb\ngrid: {n_threats: [1, many], raid: [a, b]}\n", "a.yaml")
    assert len(lines) == 2
    assert lines[0].endswith("a.yaml runs 3, 4: n_threats = 'many' is not allowed; give integer.")


def test_default_names_are_safe_short_and_differ_even_where_case_does_not_count(plan):
    raids = ["../../etc/passwd", "a/b", "a\\b", "a b", "A b", "ß", "x" * 300, "con", "<script>", "{raid}", "%s"]
    pages = [run.page for run in plan("raid\n" + "\n".join(raids) + "\n")]
    assert len({page.casefold() for page in pages}) == len(raids)
    assert all(re.fullmatch(r"01-small--[A-Za-z0-9-]{12,69}", page) for page in pages)


def test_a_template_may_use_any_parameter(plan):
    (run,) = plan("n_threats,raid\n7,wide\n", template="{notebook}-{raid}_{n_threats}")
    assert run.page == "01-small-wide_7"


@pytest.mark.parametrize(
    ("raid", "page"),
    [("../../up", "up"), ("CON", "CON-page"), ("index", "index-page"), (".hidden", "hidden"), ("a:b?", "a-b"),
     ("ß", "page"), ("x" * 300, "x" * 120), ("com1.txt", "com1.txt-page"), ("a.", "a")],
)  # fmt: skip
def test_a_name_from_a_template_cannot_leave_the_folder_or_hide(plan, raid, page):
    assert plan(f"raid\n{raid}\n", template="{raid}")[0].page == page


def test_two_pages_of_one_name_are_refused_even_where_only_case_differs(faults):
    lines = faults("raid\na\nA\n", template="{raid}")
    assert "row 3: would write the page of row 2, a; add {hash} to --name" in lines[0]


def test_two_notebooks_of_one_name_do_not_write_one_page(write_notebook, faults):
    write_notebook("# Other", PARAMETERS, name="b/01-small.ipynb")
    lines = faults("notebook\n01-small.ipynb\nb/01-small.ipynb\n", name="a.csv")
    assert "row 3: would write the page of row 2, 01-small" in lines[0]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("../{raid}", "names a folder"),
        ("a\\{raid}", "names a folder"),
        ("page", "gives every page one name"),
        ("{}", "has {} in braces, where a plain name must stand"),
        ("{raid.__class__}", "has {raid.__class__} in braces"),
        ("{raid!r}", "has {raid!r} in braces"),
        ("{raid", "is not a template"),
        ("{rade}", "'rade' is not known; did you mean 'raid'?"),
    ],
)
def test_a_template_that_cannot_name_pages_is_refused(faults, template, message):
    assert message in faults("raid\na\n", template=template)[0]


def test_the_old_and_the_new_name_of_a_parameter_in_one_row_are_refused(faults):
    text = "notebook,on,day\nrecognition/01-recognition-map,1979-12-31,2024-12-31\n"
    said, _ = faults(text, name="both.csv")
    assert "row 2: on is the old name of day, and both are given; leave on out." in said


def test_blank_lines_before_the_header_count_and_are_left_out(plan, faults):
    assert given(plan("\n\nn_threats\n7\n")) == [{"n_threats": 7}]
    assert faults("\n\nn_threats\nmany\n")[0].partition("runs.csv ")[2].startswith("row 4: n_threats = 'many'")


def test_a_fault_of_many_rows_names_the_first_of_them(faults):
    said = faults("n_threats\n" + "many\n" * 50)
    assert "rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 40 more: n_threats = 'many'" in said[0]


def test_digits_of_other_scripts_are_no_numbers_of_a_design(faults):
    hypercube = "notebook: 01-small.ipynb\nlatin_hypercube: {{n: {}, seed: 1, ranges: {{n_threats: [{}, 9]}}}}\n"
    assert "is not a whole number" in faults(hypercube.format("\uff13", 1), name="x.yaml")[0]
    assert "is not a range of whole numbers" in faults(hypercube.format(3, "\uff11"), name="x.yaml")[0]
