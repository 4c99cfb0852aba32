"""Somebody who waits for a long cell is told where the run is."""

import time

import pytest
from nbformat.v4 import new_markdown_cell

from analysis.reporting.run import run
from analysis.reporting.run.catalogue import Notebook
from analysis.reporting.run.waiting import Waiting


def test_a_cell_that_is_long_at_work_is_spoken_of_until_it_ends(capsys):
    waiting, told = Waiting("01-small", every_s=0.001), ""
    waiting.begin([new_markdown_cell("# How many leak?"), new_markdown_cell("## The answer")])
    while told.count("\n") < 2:
        time.sleep(0.01)
        told += capsys.readouterr().err
    waiting.end()
    assert told.startswith("01-small is still at work, under 'The answer', for 0 s.\n")


@pytest.mark.notebook
@pytest.mark.parametrize("cell", ["1", pytest.param("raise RuntimeError('here')", id="one that fails")])
def test_each_cell_of_a_run_begins_and_ends_in_what_speaks(write_notebook, tmp_path, monkeypatch, cell):
    calls = []

    class Recorder:
        def __init__(self, name):
            self.name = name

        def begin(self, before):
            calls.append(f"{self.name}: {len(before)} above")

        def end(self):
            calls.append("over")

    monkeypatch.setattr(run, "Waiting", Recorder)
    path = write_notebook("# How many leak?", ("n: int = 1", ["parameters"]), cell)
    failed = False
    try:
        run.run_notebook(Notebook(path, path.stem), {}, tmp_path / "out", progress=True)
    except run.RunError:
        failed = True
    assert failed == ("raise" in cell)
    began = [call for call in calls if call != "over"]
    assert began[:2] == [f"{path.stem}: {n} above" for n in (0, 1)] and calls[-1] == "over"
    assert all(calls[n + 1] == "over" for n, call in enumerate(calls) if call != "over")
