"""Every notebook keeps the form of the house: cells in order, nothing defined, every output but pictures kept."""

import ast
import csv

import nbformat
import pytest

from analysis.figures.chart_files import CHART_MIME
from analysis.reporting.run.catalogue import list_notebooks

NOTEBOOKS = list_notebooks()
FORBIDDEN = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Lambda)
MOST_LINES, MOST_LINES_OF_A_CELL, MOST_LINES_OF_A_DOSSIER = 85, 10, 90  # of a cell without its imports; a parameter
# is a line of the first cell, however many a notebook needs
MOST_KILOBYTES = 250
UNCOMPARED = {"image/png", CHART_MIME, "application/vnd.jupyter.widget-view+json"}


@pytest.fixture(params=NOTEBOOKS, ids=lambda notebook: notebook.name)
def notebook(request):
    return request.param


@pytest.fixture
def cells(notebook):
    return nbformat.read(notebook.path, as_version=4).cells


def code_of(cells):
    return [cell for cell in cells if cell.cell_type == "code"]


def lines_of(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def tags_of(cell):
    return cell.metadata.get("tags", [])


def test_the_cells_stand_in_the_order_of_the_house(cells):
    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith("# ")
    assert tags_of(cells[1]) == ["parameters"]
    assert "Parameters(" in cells[2].source
    assert "tables.load_" in cells[3].source
    assert tags_of(cells[-3]) == ["nbval-check-output"]
    assert cells[-2].source.startswith("## Limits")
    assert tags_of(cells[-1]) == ["nbval-ignore-output"]
    assert "provenance.footer(" in cells[-1].source


def test_exporters_know_the_suffix_of_the_language(notebook):
    assert notebook.content["metadata"]["language_info"]["file_extension"] == ".py"


def test_parameters_are_annotated_literals_with_a_comment(cells):
    lines = lines_of(cells[1])
    for line, node in zip(lines, ast.parse(cells[1].source).body, strict=True):
        assert isinstance(node, ast.AnnAssign)
        ast.literal_eval(node.value)
        assert "  # " in line, f"{line} has no comment with meaning and unit"


def test_cells_define_nothing_and_stay_short(notebook, cells):
    most = MOST_LINES_OF_A_DOSSIER if "dossier" in notebook.name else MOST_LINES
    working = [cell for cell in code_of(cells) if tags_of(cell) != ["parameters"]]
    assert sum(len(lines_of(cell)) for cell in working) <= most
    for cell in working:
        own = [line for line in lines_of(cell) if not line.startswith(("import ", "from "))]
        assert len(own) <= MOST_LINES_OF_A_CELL, cell.source
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, FORBIDDEN)], cell.source
        assert not cell.source.rstrip().endswith(";"), "a hidden output makes nbval fail"


def test_every_output_is_kept_but_pictures_charts_and_widgets(notebook, cells):
    code = code_of(cells)
    assert [cell for cell in code if "nbval-ignore-output" in tags_of(cell)] == code[-1:]
    assert not code[-1].outputs, "the footer names commit and versions, which differ from machine to machine"
    for cell in code[:-1]:
        assert bool(cell.outputs) == bool(cell.execution_count)
        for output in cell.outputs:
            assert output.output_type != "error"
            assert not UNCOMPARED & set(output.get("data", {})), "run tools/keep_outputs.py"
    assert sum(bool(cell.outputs) for cell in code) > 3, "without kept outputs nbval compares nothing"
    assert notebook.path.stat().st_size < 1000 * MOST_KILOBYTES


def test_every_figure_comes_with_its_sentence(cells):
    for cell in code_of(cells):
        assert cell.source.count("style.show(") <= cell.source.count("say("), cell.source


def test_the_runs_beside_a_notebook_are_allowed(notebook):
    path = notebook.path.with_suffix(".runs.csv")
    if notebook.name == "00-start-here":
        assert not path.exists()
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 3
    for row in rows:
        notebook.check(row)


def test_every_notebook_says_on_what_its_numbers_rest(cells):
    assert any("headlines." in cell.source for cell in code_of(cells))
