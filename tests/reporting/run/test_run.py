"""A notebook is run by our own interpreter, with checked parameters, and a failure says where."""

import json
import sys
from pathlib import Path

import nbformat
import pytest

from analysis.errors import ParameterError, RunError
from analysis.figures.answer import ANSWER_MIME
from analysis.reporting.page.page import write_page
from analysis.reporting.run.catalogue import Notebook
from analysis.reporting.run.run import run_notebook

pytestmark = pytest.mark.notebook
PARAMETERS = ("n_threats: int = 24  # threats in the raid\nraid: str = 'mixed'  # name", ["parameters"])


@pytest.fixture
def run(write_notebook, tmp_path):
    def call(*sources, given=None, name="01-small.ipynb", folder="out"):
        path = write_notebook("# How many leak?", PARAMETERS, "## The answer", *sources, name=name)
        return run_notebook(Notebook(path, path.stem), given or {}, tmp_path / folder)

    return call


def printed(finished):
    cells = nbformat.read(finished.executed, as_version=4).cells
    outputs = (output for cell in cells if cell.cell_type == "code" for output in cell.outputs)
    return "".join(output.text for output in outputs if output.output_type == "stream")


def test_the_kernel_is_this_interpreter_in_the_folder_of_the_notebook(run, tmp_path):
    text = printed(run("import os, sys\nprint(sys.executable)\nprint(os.getcwd())"))
    assert text.splitlines() == [sys.executable, str(tmp_path)]


def test_a_kernelspec_of_another_environment_is_not_used(run, tmp_path, monkeypatch):
    other = tmp_path / "jupyter/kernels/python3"
    other.mkdir(parents=True)
    specification = {"argv": ["/no/such/python", "{connection_file}"], "display_name": "x", "language": "python"}
    (other / "kernel.json").write_text(json.dumps(specification))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    assert printed(run("import sys; print(sys.executable)")) == f"{sys.executable}\n"


@pytest.mark.parametrize("raid", ["it's", 'a "quote"', "back\\slash", "{brace}", "line\nbreak", "ü", "$(id)", ""])
def test_a_value_reaches_the_notebook_as_it_was_given(run, raid):
    assert printed(run("print(ascii(raid), n_threats)", given={"raid": raid, "n_threats": "7"})) == f"{raid!a} 7\n"


def test_the_executed_notebook_records_every_parameter(run):
    finished = run("1", given={"n_threats": "7"})
    metadata = nbformat.read(finished.executed, as_version=4).metadata
    assert metadata.domes == {"notebook": "01-small", "parameters": {"n_threats": 7, "raid": "mixed"}}


def test_a_folder_with_braces_in_its_name_is_written_to(run, tmp_path):
    finished = run("1", folder="{a}/{}")
    assert finished.executed == tmp_path / "{a}/{}/01-small.ipynb"
    assert [path.name for path in finished.executed.parent.iterdir()] == ["01-small.ipynb"]


def test_a_folder_whose_name_begins_with_a_dash_is_a_folder(write_notebook, tmp_path, monkeypatch, capfd):
    """Papermill takes such a path for the standard output."""
    monkeypatch.chdir(tmp_path)
    path = write_notebook("# How many leak?", PARAMETERS, "## The answer", "print(raid)")
    finished = run_notebook(Notebook(path, path.stem), {}, Path("-pages"))
    assert printed(finished) == "mixed\n" and (tmp_path / "-pages" / path.name).is_file()
    with pytest.raises(RunError, match="RuntimeError: here"):
        failing = write_notebook("# How many leak?", PARAMETERS, "raise RuntimeError('here')", name="02-failing.ipynb")
        run_notebook(Notebook(failing, failing.stem), {}, Path("-pages"))
    assert "cells" not in capfd.readouterr().out


def test_wrong_parameters_are_refused_before_anything_is_written(run, tmp_path):
    with pytest.raises(ParameterError, match="n_threats"):
        run("1", given={"n_threats": "many"})
    assert not (tmp_path / "out").exists()


def test_a_failing_cell_is_named_by_number_and_heading_and_the_notebook_kept(run, tmp_path):
    with pytest.raises(RunError) as caught:
        run("print('so far')", "raise ValueError('no such layer')", "print('never')", given={"n_threats": "3"})
    first, second, third = str(caught.value).splitlines()
    assert first == "01-small failed in cell 5, under 'The answer': ValueError: no such layer"
    assert second == "  parameters: n_threats = 3, raid = 'mixed'"
    (kept,) = (tmp_path / "out").iterdir()
    assert third == f"  the notebook up to there: {kept}"
    assert "so far" in kept.read_text() and "never\\n" not in kept.read_text()


def test_a_killed_kernel_is_a_failed_run_in_the_cell_that_ran(run):
    with pytest.raises(RunError, match=r"failed in cell 5, under 'The answer': Kernel died"):
        run("print('so far')", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "print('never')")


def test_a_successful_run_replaces_the_rest_of_a_failed_one(run, tmp_path):
    with pytest.raises(RunError):
        run("1 / 0")
    run("1 / 1")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["01-small.ipynb"]


def test_an_executed_notebook_runs_again_with_the_values_of_its_page(run, tmp_path):
    first = run("print(n_threats, raid)", given={"n_threats": 7, "raid": "own"})
    again = run_notebook(Notebook(first.executed, "again"), {"raid": "other"}, tmp_path / "again")
    assert printed(again) == "7 other\n"
    assert again.parameters.model_dump() == {"n_threats": 7, "raid": "other"}


def test_an_executed_notebook_holds_no_folder_of_who_ran_it(run, tmp_path):
    code = "import sys, warnings\nwarnings.warn('of age')\nprint(sys.prefix + '/lib', file=sys.stderr)"
    text = run(code, folder="alice/out").executed.read_text()
    assert "alice" not in text and sys.prefix not in text and "ipykernel_" not in text
    assert "environment/lib" in text and "UserWarning: of age" in text
    noted = json.loads(text)["metadata"]["papermill"]
    assert (noted["input_path"], noted["output_path"]) == ("01-small.ipynb", "01-small.ipynb")


def test_two_runs_of_one_day_leave_the_same_notebook_with_given_values_and_widgets(run):
    code = "import ipywidgets\nipywidgets.VBox([ipywidgets.IntSlider(value=n_threats), ipywidgets.Label(raid)])"
    one, other = (run(code, given={"n_threats": 7}, folder=folder).executed for folder in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()
    content = json.loads(one.read_text())
    told = [content["metadata"]["papermill"], *(cell["metadata"]["papermill"] for cell in content["cells"])]
    assert not {"start_time", "end_time", "duration"} & {name for noted in told for name in noted}
    (state,) = (kept["state"] for kept in content["metadata"]["widgets"].values())
    shown = content["cells"][-1]["outputs"][0]["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert state[shown]["model_name"] == "VBoxModel"
    assert all(child.removeprefix("IPY_MODEL_") in state for child in state[shown]["state"]["children"])


def test_a_run_does_not_overwrite_its_own_notebook(run):
    with pytest.raises(ParameterError, match="would be overwritten by its own run"):
        run("1", folder=".")


def test_a_full_disk_is_named_and_nothing_is_left(run, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("papermill.execute_notebook", full)
    with pytest.raises(RunError, match=r"cannot be written \(No space left on device\)"):
        run("1")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_python_that_may_not_be_started_is_no_file_that_cannot_be_written(run, monkeypatch):
    def forbidden(*_, **__):
        raise PermissionError(13, "Permission denied", sys.executable)

    monkeypatch.setattr("papermill.execute_notebook", forbidden)
    with pytest.raises(RunError, match=rf"^{sys.executable}: cannot be started \(Permission denied\)"):
        run("1")


def test_a_cell_that_finds_nothing_to_show_ends_the_notebook_with_the_reason_as_its_answer(run):
    nothing = (
        "from analysis.errors import NothingToShowError\nprint('so far')\nraise NothingToShowError('nobody asked.')"
    )
    finished = run("print('before')", nothing, "print('never')")
    content = nbformat.read(finished.executed, as_version=4)
    assert printed(finished) == "before\n"
    assert not any(output.output_type == "error" for cell in content.cells for output in cell.get("outputs", []))
    answer = content.cells[-1].outputs[0].data[ANSWER_MIME]
    assert answer["short"] == "Nothing to show, because nobody asked."
    page = write_page(finished.executed)
    assert "Nothing to show, because nobody asked." in page.read_text(encoding="utf-8")
