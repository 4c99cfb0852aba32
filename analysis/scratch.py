"""Folders for what lives only as long as a process: sockets, runs under way."""

import atexit
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HOST = re.sub(r"[^A-Za-z0-9]+", "-", platform.node())[:16]
NAME = re.compile(rf"domes-{HOST}-(\d+)-\w+")
LONGEST_SOCKET, SOCKET_NAME = 100, "/server-9"
"""A socket's address may have 103 bytes or more, by system; whatever lies in the folder has a name as short as this."""
SHORT_PLACES = ("XDG_RUNTIME_DIR", "/tmp", "/var/tmp")


def make_scratch(for_sockets: bool = False) -> Path:
    """Make a folder that only this user can read; whoever makes it removes it, at the latest when the process ends.

    Parameters
    ----------
    for_sockets : bool
        Make it where its path is short enough for sockets, if the folder of temporary files is too deep.
    """
    prefix = f"domes-{HOST}-{os.getpid()}-"
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    _made.append(folder)
    if not for_sockets or holds_sockets(folder):
        return folder
    for place in _short_places():
        with suppress(OSError):
            shorter = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
            _made.append(shorter)
            if holds_sockets(shorter):
                folder.rmdir()
                return shorter
            shorter.rmdir()
    return folder


def holds_sockets(folder: Path) -> bool:
    """Tell whether the path of a folder is short enough for sockets in it."""
    return len(os.fsencode(f"{folder}{SOCKET_NAME}")) <= LONGEST_SOCKET


def can_be_written(folder: Path) -> bool:
    """Tell whether a folder can be written, or made where none is."""
    there = first_there(folder)
    return os.path.isdir(there) and os.access(there, os.W_OK | os.X_OK)  # noqa: PTH112 - a link may lead to itself


def first_there(path: Path) -> Path:
    """Give a path, or where nothing stands there the nearest above it at which something does."""
    there = path.absolute()
    while not os.path.lexists(there):  # which raises for no name
        there = there.parent
    return there


def is_passing(path: Path) -> bool:
    """Tell what lies in such a folder, or is the folder of them all, from the results that lie beside it."""
    return path == Path(tempfile.gettempdir()) or any(NAME.fullmatch(part) for part in path.parts)


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
    for place in {tempfile.gettempdir(), *_short_places()}:
        for path in find_abandoned(Path(place), "domes-*", NAME):
            shutil.rmtree(path, ignore_errors=True)


def find_abandoned(folder: Path, wanted: str, name: re.Pattern[str]) -> Iterator[Path]:
    """Find what processes that are gone left in a folder: ``wanted`` is a form of names, ``name`` tells the process."""
    for path in folder.glob(wanted):
        made = name.fullmatch(path.name)
        if made and not is_running(int(made[1])):
            yield path


_made: list[Path] = []


@atexit.register
def _remove_made() -> None:
    """Remove what is still there where somebody ended this process in the midst of it; a fork's end removes nothing."""
    for folder in _made:
        made = NAME.fullmatch(folder.name)
        if made and int(made[1]) == os.getpid():
            shutil.rmtree(folder, ignore_errors=True)


def _short_places() -> list[str]:
    if os.name != "posix":
        return []
    return [found for place in SHORT_PLACES if (found := place if place.startswith("/") else os.environ.get(place))]


def is_running(pid: int) -> bool:
    """Tell whether a process of this machine is still there; true where that cannot be known."""
    if os.name != "posix":
        return True  # there, asking would end it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
