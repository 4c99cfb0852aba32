"""nbval compares every output of a notebook: what moves in a caption, a table or the data behind a figure is shown."""

import json
import subprocess
from pathlib import Path

import nbformat
import pytest

from analysis.figures.data_file import DATA_MIME

FIGURE = """
from IPython.display import display
from analysis.figures.chart_files import CHART_MIME
from analysis.figures.data_file import DATA_MIME
picture = {"image/png": "iVBORw0KGgo=", CHART_MIME: {"spec": "{}"}}
display(picture | {"text/plain": "12 states, of 193", DATA_MIME: [{"csv": "count\\n193\\n"}]}, raw=True)
"""

PROJECT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.notebook


@pytest.fixture
def nbval(with_a_lent_server, tmp_path):
    """Store what a figure puts out, with one word changed, and run nbval on it as `make test` does."""

    def run(old="", new=""):
        cell = nbformat.v4.new_code_cell(FIGURE, id="figure", execution_count=1)
        data = {"text/plain": "12 states, of 193", DATA_MIME: [{"csv": "count\n193\n"}]}
        kept = json.loads(json.dumps(data).replace(old, new))
        cell.outputs = [nbformat.v4.new_output("display_data", kept)]
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "figure.ipynb")
        (tmp_path / "conftest.py").symlink_to(PROJECT / "notebooks/conftest.py")
        options = ["-q", "-p", "no:cacheprovider", "--color=no", "--nbval", "--nbval-current-env"]
        command = [*with_a_lent_server("import pytest; sys.exit(pytest.main())"), *options, "figure.ipynb"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=900, check=False)

    return run


def test_a_picture_and_a_chart_are_not_compared(nbval):
    done = nbval()
    assert done.returncode == 0, done.stdout


def test_a_changed_digit_of_a_caption_fails_and_both_are_shown(nbval):
    done = nbval("12 states", "13 states")
    assert done.returncode == 1
    assert "- 12 states, of 193" in done.stdout and "+ 13 states, of 193" in done.stdout


def test_a_changed_digit_of_the_data_behind_a_figure_fails(nbval):
    done = nbval("count\\n193", "count\\n192")
    assert done.returncode == 1
    assert f"mismatch '{DATA_MIME}'" in done.stdout
