"""A file is there as a whole or not at all."""

import pytest

from analysis.errors import RunError
from analysis.reporting.run.files import write_whole


def test_folders_are_made_and_nothing_is_left_aside(tmp_path):
    write_whole(tmp_path / "a/b/page.html", "é")
    assert (tmp_path / "a/b/page.html").read_bytes() == "é".encode()
    assert [path.name for path in (tmp_path / "a/b").iterdir()] == ["page.html"]


def test_an_old_file_is_replaced(tmp_path):
    write_whole(tmp_path / "page.html", "old and longer")
    write_whole(tmp_path / "page.html", b"new")
    assert (tmp_path / "page.html").read_bytes() == b"new"


def test_a_failed_write_keeps_the_old_file(tmp_path, monkeypatch):
    write_whole(tmp_path / "page.html", "old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(RunError, match="No space left on device"):
        write_whole(tmp_path / "page.html", "new")
    assert (tmp_path / "page.html").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1
