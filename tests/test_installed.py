"""Installed from a wheel, everything is there and works from another folder; nothing is left where it was built."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """An environment with our wheel, and beside it the packages that it needs."""
    folder = tmp_path_factory.mktemp("installed")
    before = set(PROJECT.iterdir())
    build = [sys.executable, "-m", "uv", "build", "--quiet", "--wheel", "--out-dir", folder, PROJECT]
    subprocess.run(list(map(str, build)), check=True)
    assert set(PROJECT.iterdir()) == before
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    words = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        python,
        "--no-deps",
        *folder.glob("*.whl"),
    ]
    subprocess.run(list(map(str, words)), check=True)
    packages = next((folder / "env" / "lib").glob("python*")) / "site-packages"
    (packages / "others.pth").write_text(sysconfig.get_path("purelib"))  # a path; files .pth in it are not read
    return python.parent


def call(program, *words, folder, **environment):
    own = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "DOMES_DATA")}
    command = [str(program), *map(str, words)]
    return subprocess.run(command, cwd=folder, env=own | environment, capture_output=True, text=True, check=False)


def test_tables_and_notebooks_come_with_the_wheel(installed, tmp_path):
    code = "import analysis.tables as t; print(t.__file__, len(t.load_table('recognition/events')), len(t.stored_results('fits')))"
    said = call(installed / "python", "-c", code, folder=tmp_path).stdout
    assert str(installed.parent) in said
    assert "recognition/01-recognition-map" in call(installed / "domes", "list", folder=tmp_path).stdout
    assert "tables keep their schemas" in call(installed / "domes", "check-data", folder=tmp_path).stdout


def test_a_page_and_a_panel_are_made_in_the_folder_in_which_they_were_asked_for(installed, tmp_path):
    page = call(installed / "domes", "report", "recognition/01-recognition-map", folder=tmp_path)
    assert page.returncode == 0, page.stderr
    assert (tmp_path / "reports/recognition/01-recognition-map.html").is_file()
    panel = call(installed / "domes", "panel", "--entities", "PSE", folder=tmp_path)
    assert panel.returncode == 0, panel.stderr


@pytest.mark.parametrize("other", ["analysis/__init__.py", "analysis.py"])
def test_another_package_of_our_name_is_named_in_one_line(installed, tmp_path, other):
    path = tmp_path / "theirs" / other
    path.parent.mkdir(parents=True)
    path.write_text("")
    run = call(installed / "domes", "list", folder=tmp_path, PYTHONPATH=str(tmp_path / "theirs"))
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1
    assert "another package of the name `analysis`" in run.stderr and str(tmp_path / "theirs") in run.stderr
