"""A running notebook is written now and then, and whole when it fails, however it fails."""

import math
import os
import signal
from pathlib import Path

import nbformat
import papermill
import pytest

from analysis.errors import RunError
from analysis.reporting.run import run as runs
from analysis.reporting.run import saving
from analysis.reporting.run.catalogue import Notebook

pytestmark = pytest.mark.notebook


@pytest.fixture
def written(monkeypatch):
    """The notebooks that papermill writes, as they were."""
    found, write = [], papermill.iorw.write_ipynb

    def note(notebook, path):
        found.append(nbformat.from_dict(notebook))
        write(notebook, path)

    for module in (papermill.engines, papermill.execute):
        monkeypatch.setattr(module, "write_ipynb", note)
    return found


def run(write_notebook, folder, *sources, **options):
    path = write_notebook("# Which?", *sources)
    return runs.run_notebook(Notebook(path, path.stem), {}, folder / "out", **options)


def partial(folder):
    (path,) = (folder / "out").glob("*.partial.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    return [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]


def test_a_short_run_is_written_once_whatever_the_number_of_cells(write_notebook, tmp_path, written, monkeypatch):
    monkeypatch.setattr(saving, "SAVE_EVERY_S", math.inf)  # no run is so long, however busy the machine
    run(write_notebook, tmp_path, *["print('x')"] * 8)
    assert len(written) == 1


def test_a_longer_run_is_written_on_its_way(write_notebook, tmp_path, written, monkeypatch):
    monkeypatch.setattr(saving, "SAVE_EVERY_S", 0)
    run(write_notebook, tmp_path, "print('first')", "print('second')")
    assert len(written) > 4 and not any(cell.get("outputs") for cell in written[0].cells)


def test_a_cell_that_fails_leaves_what_came_before_and_its_error(write_notebook, tmp_path):
    with pytest.raises(RunError, match=r"cell 3.*ZeroDivisionError"):
        run(write_notebook, tmp_path, "print('before')", "1 / 0")
    assert [output.get("text") or output.ename for output in partial(tmp_path)] == ["before\n", "ZeroDivisionError"]


@pytest.mark.parametrize(
    ("code", "options"),
    [
        pytest.param(f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})", {}, id="killed"),
        pytest.param("import time; time.sleep(60)", {"limits": runs.Limits(cell_timeout_s=5)}, id="hangs"),
    ],
)
def test_a_kernel_that_ends_leaves_what_came_before(write_notebook, tmp_path, code, options):
    with pytest.raises(RunError, match="cell 3"):
        run(write_notebook, tmp_path, "print('before')", code, **options)
    assert [output.text for output in partial(tmp_path) if "text" in output][:1] == ["before\n"]


@pytest.mark.usefixtures("signals_are_heard")
def test_nothing_is_left_of_an_interrupted_run(write_notebook, tmp_path):
    interrupt = f"import os, time; os.kill({os.getpid()}, {int(signal.SIGINT)}); time.sleep(60)"
    with pytest.raises(KeyboardInterrupt):
        run(write_notebook, tmp_path, "print('before')", interrupt)
    assert not list((tmp_path / "out").iterdir())


def test_nothing_is_left_of_the_partial_notebook_when_all_went_well(write_notebook, tmp_path):
    finished = run(write_notebook, tmp_path, "print('all')")
    assert list(Path(tmp_path / "out").iterdir()) == [finished.executed]
