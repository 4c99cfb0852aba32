"""The conda environment follows pyproject.toml, and the lock names versions and hashes but no address."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

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
