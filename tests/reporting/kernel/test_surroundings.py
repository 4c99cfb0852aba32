"""What a user has set up for the programs that he uses reaches no page of ours."""

import os

import nbformat
import pytest

from analysis.reporting.kernel.surroundings import own_environment
from analysis.reporting.run.catalogue import Notebook
from analysis.reporting.run.run import run_notebook

LOOK = """
import os, matplotlib, pandas
print(globals().get("started"), pandas.get_option("display.max_rows"), get_ipython().ast_node_interactivity)
print(*map(matplotlib.rcParams.get, ("image.cmap", "text.usetex")), matplotlib.get_backend().split(".")[-1])
print(os.environ["DOMES_DATA"], "PANDERA_VALIDATION_ENABLED" in os.environ)
"""


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """All that a user may have set up, in one place."""
    profile = tmp_path / "ip" / "profile_default"
    (profile / "startup").mkdir(parents=True)
    (profile / "startup" / "00-mine.py").write_text(
        "started = 1\nimport pandas; pandas.set_option('display.max_rows', 4)"
    )
    (profile / "ipython_config.py").write_text("c.InteractiveShell.ast_node_interactivity = 'all'")
    (tmp_path / "first.py").write_text("started = 2")
    (tmp_path / "matplotlibrc").write_text("text.usetex: True\nimage.cmap: hot\n")  # beside the notebook as well
    variables = {
        "IPYTHONDIR": tmp_path / "ip",
        "PYTHONSTARTUP": tmp_path / "first.py",
        "MATPLOTLIBRC": tmp_path / "matplotlibrc",
        "MPLBACKEND": "svg",
        "PANDERA_VALIDATION_ENABLED": "False",
        "SOURCE_DATE_EPOCH": "yesterday",
        "DOMES_DATA": "d",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.notebook
@pytest.mark.parametrize("warm", [True, False])
def test_no_setting_of_a_user_reaches_a_kernel(settings, write_notebook, warm):
    path = write_notebook("# Whose?", LOOK)
    executed = run_notebook(Notebook(path, "whose"), {}, settings / "out", warm=warm).executed
    (output,) = nbformat.read(executed, as_version=4).cells[1].outputs
    assert output.text.splitlines() == [
        "None 60 last_expr",
        "viridis False backend_inline",
        f"{settings / 'd'} False",
    ]


def test_a_kernel_has_the_variables_of_the_machine_and_of_its_run():
    made = own_environment({"PATH": "/bin", "DASK_CONFIG": "x", "GIT_DIR": "y"}, {"SOURCE_DATE_EPOCH": "7"})
    assert made["PATH"] == "/bin" and made["SOURCE_DATE_EPOCH"] == "7" and made["TZ"] == "UTC"
    assert not {"DASK_CONFIG", "GIT_DIR"} & set(made)


def test_where_compiled_code_is_kept_is_no_setting():
    assert own_environment({"NUMBA_CACHE_DIR": "/c", "NUMBA_DISABLE_JIT": "1"}) == own_environment(
        {"NUMBA_CACHE_DIR": "/c"}
    )


@pytest.mark.parametrize("day", ["", "yesterday", "-1", "1.5", "٣", "9" * 20])
def test_a_day_that_is_no_number_of_seconds_is_left_out(day):
    assert "SOURCE_DATE_EPOCH" not in own_environment({}, {"SOURCE_DATE_EPOCH": day})


def test_a_folder_of_tables_is_named_as_the_caller_sees_it(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert own_environment({"DOMES_DATA": "d"})["DOMES_DATA"] == os.path.join(tmp_path, "d")  # noqa: PTH118


@pytest.mark.parametrize("name", ["NUMBA_CACHE_DIR", "MPLCONFIGDIR", "TMPDIR"])
def test_a_folder_for_what_libraries_keep_is_not_made_beside_the_notebook(monkeypatch, tmp_path, name):
    monkeypatch.chdir(tmp_path)
    assert own_environment({name: "kept"})[name] == str(tmp_path / "kept")
