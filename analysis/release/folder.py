"""A folder that is there whole or not at all: written beside its place, then put into it at once."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis.errors import ParameterError
from analysis.scratch import HOST, find_abandoned

DESCRIPTION = "datapackage.json"
ASIDE = ".panel-"
"""How the names of folders begin in which a release is made; a name of its own may be as long as a name can be."""
MADE = re.compile(rf"{re.escape(ASIDE + HOST)}-(\d+)-\w+")
"""Their whole names, with the process that made them on this machine."""


def require_place(folder: Path, name: str) -> None:
    """Refuse a folder that holds anything but an earlier release of the same name.

    Parameters
    ----------
    folder : pathlib.Path
        Where the release shall go.
    name : str
        Name of the data package, which an earlier release bears.

    Raises
    ------
    ParameterError
        Names the folder and what stands in it.
    """
    try:
        there = _files_in(folder)
    except OSError as error:
        raise ParameterError(f"-o {folder}: cannot be read ({error.strerror}); name another folder.") from None
    foreign = [one for one in there if one not in _earlier_files(folder, name)]
    if foreign:
        shown = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
        raise ParameterError(f"-o {folder}: holds {shown}, which is no earlier panel; name a new or empty folder.")


def _files_in(folder: Path) -> list[str]:
    """List what stands in a folder that a release may replace; nothing where there is none yet."""
    if folder.is_symlink():
        raise ParameterError(f"-o {folder}: is a link, which a release would replace; name the folder it leads to.")
    if folder.exists() and not folder.is_dir():
        raise ParameterError(f"-o {folder}: is no folder; name a new or empty one.")
    if not folder.exists():
        return []
    there = sorted(path.name for path in folder.iterdir())
    if folder.samefile(Path.cwd()):  # whoever stands in it would stay in the folder that was there before
        raise ParameterError(f"-o {folder}: is the folder in which you are; name one in it, such as -o panel.")
    if os.path.ismount(folder):
        within = folder / "panel"
        raise ParameterError(f"-o {folder}: is a mount, which nothing can replace; name a folder in it: -o {within}.")
    return there


def _earlier_files(folder: Path, name: str) -> set[str]:
    """The files that an earlier release of that name says it holds."""
    try:
        found = json.loads((folder / DESCRIPTION).read_bytes())
        return {DESCRIPTION, *found["files"]} if found["name"] == name else set()
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return set()


@contextmanager
def replacing(folder: Path, name: str) -> Iterator[Path]:
    """Give an empty folder to write into; when all went well it stands in the place of ``folder``.

    Parameters
    ----------
    folder, name
        As in :func:`require_place`, which says what is refused.

    Raises
    ------
    ParameterError
        When the place is taken, or cannot be written, also where the disk is full in the middle of it.
    """
    require_place(folder, name)
    place = folder.absolute()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        new = _beside(place)
    except OSError as error:
        raise ParameterError(f"-o {folder}: cannot be written ({error.strerror}); name another folder.") from None
    try:
        new.mkdir()  # with the rights of every new folder, and not those of a temporary one
        if place.exists():
            shutil.copymode(place, new)
        yield new
        _put(new, place)
    except OSError as error:
        raise ParameterError(
            f"-o {folder}: cannot be written ({error.strerror or error}); make room, or name another folder."
        ) from None
    finally:
        shutil.rmtree(new.parent, ignore_errors=True)
    _remove_abandoned(place)


def _beside(place: Path) -> Path:
    """Name a folder as ``place`` in a new one beside it, on the same disk."""
    return Path(tempfile.mkdtemp(prefix=f"{ASIDE}{HOST}-{os.getpid()}-", dir=place.parent)) / place.name


def _remove_abandoned(place: Path) -> None:
    """Remove what processes left that were killed while they wrote this folder; one of them may hold an earlier panel.

    Called only when the new panel stands in its place; what belongs to a folder of another name stays.
    """
    for left in find_abandoned(place.parent, f"{ASIDE}*", MADE):
        with suppress(OSError):
            if {path.name for path in left.iterdir()} <= {place.name}:
                shutil.rmtree(left, ignore_errors=True)


def _put(new: Path, place: Path) -> None:
    if not place.exists() or not any(place.iterdir()):
        new.replace(place)
        return
    old = _beside(place)
    try:
        place.replace(old)
        new.replace(place)
    except OSError:
        with suppress(OSError):
            old.replace(place)
        with suppress(OSError):  # where the earlier one could not be put back, it stays there
            old.parent.rmdir()
        raise
    shutil.rmtree(old.parent, ignore_errors=True)
