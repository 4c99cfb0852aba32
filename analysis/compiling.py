"""Compile a function and keep the machine code on disk, where there is a place for it."""

import builtins
import sys
from collections.abc import Callable
from typing import Any

from numba import njit

_said: list[str] = []


def keep_compiled(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Compile as ``numba.njit`` does and keep the result for the next process, if any folder can be written.

    Parameters
    ----------
    **options
        As for ``numba.njit``, without ``cache``.

    Notes
    -----
    Numba keeps its results beside the module, else in the user's cache folder, else where ``NUMBA_CACHE_DIR`` says.
    With none of these each process compiles anew; that is said once, and not in a kernel, whose output is a page's.

    Examples
    --------
    >>> @keep_compiled(nogil=True)
    ... def double(number):
    ...     return 2 * number
    >>> double(21)
    42
    """

    def compiled(function: Callable[..., Any]) -> Any:
        try:
            return njit(cache=True, **options)(function)
        except RuntimeError as error:
            if "no locator" not in str(error):
                raise
            _say_once()
            return njit(**options)(function)

    return compiled


def _say_once() -> None:
    if not _said and not hasattr(builtins, "get_ipython"):
        words = "No folder for compiled code can be written: it is compiled anew each time, which takes longer. "
        _said.append(words + "NUMBA_CACHE_DIR names another.")
        print(*_said, file=sys.stderr)
