"""Where the project's own folders are: beside the package in a checkout, inside it where a wheel was installed."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
IS_CHECKOUT = (PACKAGE.parent / "pyproject.toml").is_file() and (PACKAGE.parent / "data").is_dir()
PROJECT = PACKAGE.parent if IS_CHECKOUT else PACKAGE
"""Holds ``data``, ``notebooks``, ``docs/calibration`` and the licences; may be read-only."""


def working_folder() -> Path:
    """Return the folder below which a user's files go: the checkout, or where an installed package was called.

    Examples
    --------
    >>> working_folder().is_dir()
    True
    """
    return PROJECT if IS_CHECKOUT else Path.cwd()
