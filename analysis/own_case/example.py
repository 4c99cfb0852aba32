"""An example of a case file, to begin with."""

from pathlib import Path

from analysis.errors import ParameterError

EXAMPLE = Path(__file__).with_name("new.yaml")


def write_example(file: Path) -> Path:
    """Write the example to a new file.

    Parameters
    ----------
    file : pathlib.Path
        Must not be there yet; its folder must.

    Raises
    ------
    ParameterError
        When it is there, or cannot be written.
    """
    try:
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(EXAMPLE.read_text(encoding="utf-8"))
    except FileExistsError:
        raise ParameterError(f"{file}: is there already; choose another name.") from None
    except (OSError, ValueError) as error:
        raise ParameterError(f"{file}: cannot be written ({getattr(error, 'strerror', None) or error}).") from None
    return file
