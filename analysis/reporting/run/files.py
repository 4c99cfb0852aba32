"""Read what a user names, whatever it is; write so that a reader sees the old file or the new, never half of it."""

import errno
import os
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from analysis.errors import ParameterError, RunError
from analysis.scratch import HOST, can_be_written, find_abandoned, first_there, is_passing

LARGEST_BYTES = 500_000_000
LEFT = re.compile(rf"\..+\.{HOST}-(\d+)")
"""Name of a file that is not yet in its place, with the process that writes it."""


def is_file(path: str | Path) -> bool:
    """Tell whether there is such a file; a name that no system allows names none."""
    return os.path.isfile(path)  # noqa: PTH113 - the method raises for a name that is too long


def require_place(folder: Path) -> None:
    """Refuse a place for pages in which no folder can be made, before anything is run.

    Raises
    ------
    ParameterError
        When what stands there, or above it, is no folder or cannot be written.
    """
    there = first_there(folder)
    if not os.path.isdir(there):  # noqa: PTH112 - the method raises for a link that leads to itself
        raise ParameterError(f"-o {folder}: {there} is no folder; name another.")
    if not can_be_written(folder):
        raise ParameterError(f"-o {folder}: {there} cannot be written; name another folder, or ask whose it is.")


def read_whole(path: Path) -> bytes:
    """Read a file that a user names.

    Raises
    ------
    ParameterError
        When it cannot be read, is no regular file (a pipe or a device may have no end), or is far too large.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise ParameterError(f"{path}: is a folder, a pipe or a device; give a regular file.")
        if found.st_size > LARGEST_BYTES:
            raise ParameterError(f"{path}: has {found.st_size:,} bytes; at most {LARGEST_BYTES:,} are read.")
        return path.read_bytes()
    except OSError as error:
        raise ParameterError(f"{path}: cannot be read ({error.strerror}).") from None
    except ParameterError:
        raise
    except ValueError as error:  # no system has such a name
        raise ParameterError(f"{path}: cannot be read ({error}).") from None


def write_whole(path: Path, content: str | bytes) -> None:
    """Write aside, sync, rename.

    Parameters
    ----------
    path : pathlib.Path
        The file; its folder is made.
    content : str or bytes
        Text is written as UTF-8.

    Raises
    ------
    RunError
        When the folder cannot be made or the file not be written.
    """
    write_together({path: content})


def write_together(contents: Mapping[Path, str | bytes]) -> None:
    """Write files that belong to each other, all of them or none: each aside, then all renamed in their order.

    Parameters
    ----------
    contents : mapping of pathlib.Path to str or bytes
        What goes where; folders are made, text is written as UTF-8.

    Raises
    ------
    RunError
        When one cannot be written; what stood there before stands there still, and no new file or folder does.
    """
    path, folders, stood = Path(), [], {path for path in contents if os.path.lexists(path)}
    renamed: list[Path] = []
    try:
        for path, content in contents.items():
            folders += [one for one in (*reversed(path.parent.parents), path.parent) if not os.path.lexists(one)]
            path.parent.mkdir(parents=True, exist_ok=True)
            with _aside(path).open("wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
        for path in contents:
            _aside(path).replace(path)
            renamed.append(path)
        for folder in {path.parent for path in contents}:
            _remove_abandoned(folder)
    except BaseException as error:
        _remove([*map(_aside, contents), *(path for path in renamed if path not in stood)], folders)
        if isinstance(error, OSError):
            raise cannot_write(path, error) from None
        raise


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{HOST}-{os.getpid()}")


@cache
def _remove_abandoned(folder: Path) -> None:
    """Remove, once a process, what others left aside in a folder that were killed on this machine as they wrote."""
    for left in find_abandoned(folder, ".*", LEFT):
        with suppress(OSError):
            left.unlink()


def _remove(files: Iterable[Path], folders: Sequence[Path]) -> None:
    """Remove files as far as they are there, and folders as far as they are empty then, the innermost first."""
    for path in files:
        with suppress(OSError):
            path.unlink()
    for folder in reversed(folders):
        with suppress(OSError):
            folder.rmdir()


def cannot_write(path: Path, error: OSError) -> RunError:
    """Say which file cannot be written, why, and how to choose another place for it."""
    if error.errno == errno.EFBIG:
        return RunError(f"{path}: cannot be written ({error.strerror}); allow larger files: ulimit -f unlimited.")
    otherwise = "TMPDIR names another folder for what passes" if is_passing(path) else "choose another folder with -o"
    return RunError(f"{path}: cannot be written ({error.strerror}); {otherwise}.")
