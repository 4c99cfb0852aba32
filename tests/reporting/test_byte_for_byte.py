"""A page is the same bytes whoever makes it, wherever, in whatever language and zone, with whatever hash seed."""

import os
import subprocess
import sys

import pytest

PEOPLE = {
    "alice": (0o077, {"PYTHONHASHSEED": "1", "TZ": "Asia/Taipei", "LC_ALL": "C"}),
    "bob (2)": (0o002, {"PYTHONHASHSEED": "4711", "TZ": "America/Managua", "LC_ALL": "de_DE.UTF-8"}),
}
LONGEST_S = 3000


def make_pages(home, umask, settings, words):
    """Make pages as somebody with a home and settings of his own; file to bytes."""
    home.mkdir()
    own = settings | {"HOME": str(home), "USER": home.name, "LOGNAME": home.name, "COLUMNS": str(60 + umask)}
    command = [sys.executable, "-m", "analysis", "report", *words, "-o", "pages"]
    done = subprocess.run(
        command, cwd=home, env=os.environ | own, umask=umask, capture_output=True, text=True, timeout=LONGEST_S
    )
    assert done.returncode == 0, done.stderr
    files = [path for path in sorted(home.glob("pages/**/*")) if path.is_file()]
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in files}


def assert_the_same(folder, *words):
    one, other = (make_pages(folder / name, *surroundings, words) for name, surroundings in PEOPLE.items())
    assert one.keys() == other.keys() and len(one) >= 2
    assert [name for name, page in one.items() if page != other[name]] == []


@pytest.mark.notebook
@pytest.mark.parametrize("name", ["recognition/03-co-recognition", "recognition/05-country-dossier"])
def test_a_page_is_the_same_bytes_whoever_makes_it(tmp_path, name):
    assert_the_same(tmp_path, name)


@pytest.mark.long
@pytest.mark.notebook
def test_every_page_is_the_same_bytes_whoever_makes_it(tmp_path):
    assert_the_same(tmp_path, "--all")
