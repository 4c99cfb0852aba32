"""An example of a case file, to begin with."""

import os
from pathlib import Path

from analysis.errors import ParameterError

SLASHES = tuple(filter(None, (os.sep, os.altsep)))
EXAMPLE = Path(__file__).with_name("new.yaml")


def write_example(name: str | Path) -> Path:
    """Write the example to a new file.

    Parameters
    ----------
    name : str
        Of the file, which must not be there yet; its folder must.

    Raises
    ------
    ParameterError
        When it is there, or cannot be written.
    """
    file, wanted = Path(name), str(name)
    if not wanted:
        raise ParameterError("the name of the file is empty; give one, such as my-case.yaml.")
    if wanted.endswith(SLASHES) or os.path.isdir(wanted):  # noqa: PTH112 - the method raises for a name that is too long
        raise ParameterError(f"{wanted}: is a folder; name a file in it, such as {file / 'my-case.yaml'}.")
    text, ours = EXAMPLE.read_bytes().replace(b"\r\n", b"\n"), False
    try:
        with file.open("xb") as opened:
            ours = True
            opened.write(text)
    except FileExistsError:
        raise ParameterError(f"{file}: is there already; choose another name.") from None
    except (OSError, ValueError) as error:
        if ours:  # a part of it, on a full disk, would stand in the way of the next try
            file.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or error
        raise ParameterError(f"{file}: cannot be written ({reason}); choose another place.") from None
    return file
