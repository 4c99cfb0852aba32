"""Read what a user names, whatever it is; write so that a reader sees the old file or the new, never half of it."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from analysis.errors import ParameterError, RunError
from analysis.scratch import is_passing

LARGEST_BYTES = 500_000_000


def is_file(path: str | Path) -> bool:
    """Tell whether there is such a file; a name that no system allows names none."""
    return os.path.isfile(path)  # noqa: PTH113 - the method raises for a name that is too long


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
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException as error:
        with suppress(OSError):
            aside.unlink()
        if isinstance(error, OSError):
            raise cannot_write(path, error) from None
        raise


def cannot_write(path: Path, error: OSError) -> RunError:
    """Say which file cannot be written, why, and how to choose another place for it."""
    if error.errno == errno.EFBIG:
        return RunError(f"{path}: cannot be written ({error.strerror}); allow larger files: ulimit -f unlimited.")
    otherwise = "TMPDIR names another folder for what passes" if is_passing(path) else "choose another folder with -o"
    return RunError(f"{path}: cannot be written ({error.strerror}); {otherwise}.")
