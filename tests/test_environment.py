"""The conda environment follows pyproject.toml, and the lock names versions and hashes but no address."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from rattler import MatchSpec

PROJECT = Path(__file__).resolve().parent.parent


def test_environment_yml_is_what_pyproject_gives(tmp_path):
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    command = [sys.executable, "-m", "pyproject2conda", "project", "--overwrite", "force"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "environment.yml").read_text() == (PROJECT / "environment.yml").read_text()


def test_each_line_of_environment_yml_is_a_conda_specification():
    lines = yaml.safe_load((PROJECT / "environment.yml").read_text())["dependencies"]
    specifications = [line for line in lines if isinstance(line, str)]
    names = {MatchSpec(line).name.normalized for line in specifications}
    assert {"jupyterlab", "pandas", "seaborn", "nbval", "papermill", "python"} <= names
    assert len(names) == len(specifications)


def test_the_lock_holds_versions_and_hashes_and_no_address():
    lock = (PROJECT / "requirements.lock").read_text()
    assert not re.search(r"https?://|index-url|find-links|file:", lock)
    pinned = re.findall(r"^[a-z0-9][\w.-]*==\S+", lock, flags=re.M)
    assert len(pinned) > 100
    assert lock.count("--hash=sha256:") >= len(pinned)


@pytest.mark.parametrize("name", ["my work", "O'Brien", "dt (2)", "a$b"])
@pytest.mark.parametrize("active", [True, False])
def test_make_works_in_a_folder_of_any_name(tmp_path, name, active):
    folder = tmp_path / name / "dt"
    environment = folder / ("env" if active else ".venv")
    (environment / "bin").mkdir(parents=True)
    shutil.copy(PROJECT / "Makefile", folder)
    for file in ("requirements.lock", "pyproject.toml"):
        (folder / file).touch()
    (environment / "bin/python").write_text('#!/bin/sh\necho "$0 $*"\n')
    (environment / "bin/python").chmod(0o755)
    (environment / "pyvenv.cfg").touch()
    of_others = {"VIRTUAL_ENV", "CONDA_PREFIX", "MAKEFLAGS", "MAKELEVEL"}  # `make test` itself leaves the last two
    variables = {key: value for key, value in os.environ.items() if key not in of_others}
    variables |= {"VIRTUAL_ENV": str(environment)} if active else {}
    answer = subprocess.run(["make", "check-data"], cwd=folder, env=variables, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    python = f"{environment}/bin/python" if active else ".venv/bin/python"
    assert answer.stdout.splitlines()[-1] == f"{python} -m analysis check-data"
    assert [line[:5] for line in answer.stdout.splitlines() if line.startswith("[")] == ["[2/4]", "[3/4]", "[4/4]"]


MAKER = """#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then
  touch "$3/pyvenv.cfg" && printf '#!/bin/sh\\n' > "$3/bin/python"
fi
"""


HALF_OF_UV = """#!/bin/sh
case "$*" in
  "-m uv --version") test -f whole ;;
  "-m pip install -q uv") ;;
  "-m pip install -q --ignore-installed uv") test -f unreachable || touch whole ;;
  "-m uv "*) test -f whole ;;
esac
"""


@pytest.mark.parametrize("reachable", [True, False])
def test_an_installer_of_which_half_is_there_is_installed_anew_or_done_without(tmp_path, reachable):
    shutil.copy(PROJECT / "Makefile", tmp_path)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    for file in ("requirements.lock", "pyproject.toml", ".venv/pyvenv.cfg", *([] if reachable else ["unreachable"])):
        (tmp_path / file).touch()
    (tmp_path / ".venv/bin/python").write_text(HALF_OF_UV)
    (tmp_path / ".venv/bin/python").chmod(0o755)
    of_others = {"VIRTUAL_ENV", "CONDA_PREFIX", "MAKEFLAGS", "MAKELEVEL"}
    variables = {key: value for key, value in os.environ.items() if key not in of_others}
    answer = subprocess.run(["make", "setup"], cwd=tmp_path, env=variables, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert ("uv is not to be had here" in answer.stdout) is not reachable
    assert answer.stdout.endswith("Ready. Next: make report\n")


LACKS_A_PACKAGE = """#!/bin/sh
if [ "$*" = "-m pip check" ]; then
  echo "domes-and-ties 0.2.0 requires typer, which is not installed."
  exit 1
fi
"""


def test_an_environment_that_lacks_a_package_is_not_called_ready(tmp_path):
    shutil.copy(PROJECT / "Makefile", tmp_path)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    for file in ("requirements.lock", "pyproject.toml", ".venv/pyvenv.cfg"):
        (tmp_path / file).touch()
    (tmp_path / ".venv/bin/python").write_text(LACKS_A_PACKAGE)
    (tmp_path / ".venv/bin/python").chmod(0o755)
    of_others = {"VIRTUAL_ENV", "CONDA_PREFIX", "MAKEFLAGS", "MAKELEVEL"}
    variables = {key: value for key, value in os.environ.items() if key not in of_others}
    answer = subprocess.run(["make", "setup"], cwd=tmp_path, env=variables, capture_output=True, text=True)
    assert answer.returncode != 0 and "Ready" not in answer.stdout
    assert "typer, which is not installed" in answer.stdout and ".venv is not whole" in answer.stderr
    assert not (tmp_path / ".venv/.ready").exists()


@pytest.mark.parametrize(("has_pip", "has_settings"), [(False, True), (True, False)])
def test_an_environment_whose_making_was_interrupted_is_made_anew(tmp_path, has_pip, has_settings):
    shutil.copy(PROJECT / "Makefile", tmp_path)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    for file in ("requirements.lock", "pyproject.toml", *([".venv/pyvenv.cfg"] if has_settings else [])):
        (tmp_path / file).touch()
    (tmp_path / ".venv/bin/python").write_text(f"#!/bin/sh\nexit {0 if has_pip else 1}\n")
    (tmp_path / "maker").write_text(MAKER)
    for file in (".venv/bin/python", "maker"):
        (tmp_path / file).chmod(0o755)
    of_others = {"VIRTUAL_ENV", "CONDA_PREFIX", "MAKEFLAGS", "MAKELEVEL"}
    variables = {key: value for key, value in os.environ.items() if key not in of_others}
    command = ["make", "setup", "PYTHON=./maker"]
    answer = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert [line[:5] for line in answer.stdout.splitlines()][:3] == ["[1/4]", "[2/4]", "[3/4]"]
