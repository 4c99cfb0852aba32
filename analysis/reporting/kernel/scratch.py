"""Folders for what lives only as long as a process: sockets, runs under way."""

import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST = re.sub(r"[^A-Za-z0-9]+", "-", platform.node())[:16]
NAME = re.compile(rf"domes-{HOST}-(\d+)-\w+")


def make_scratch() -> Path:
    """Make a folder that only this user can read; whoever makes it removes it."""
    return Path(tempfile.mkdtemp(prefix=f"domes-{HOST}-{os.getpid()}-"))


@contextmanager
def scratch() -> Iterator[Path]:
    """Give such a folder and remove it afterwards."""
    folder = make_scratch()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned() -> None:
    """Remove what processes left that were killed on this machine."""
    for path in Path(tempfile.gettempdir()).glob("domes-*"):
        made = NAME.fullmatch(path.name)
        if made and not _exists(int(made[1])):
            shutil.rmtree(path, ignore_errors=True)


def _exists(pid: int) -> bool:
    if os.name != "posix":
        return True  # there, asking would end it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
