"""Write a file so that a reader sees the old one or the new one, never half of it."""

import os
from contextlib import suppress
from pathlib import Path

from analysis.errors import RunError


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
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        raise RunError(f"{path}: cannot be written ({error.strerror}); choose another folder with -o.") from None
