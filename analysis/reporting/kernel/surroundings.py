"""The variables of a kernel: those of the machine, without what a user's own settings would change on a page."""

import os
import re
from collections.abc import Mapping
from types import MappingProxyType

DAY_VARIABLE = "SOURCE_DATE_EPOCH"
SECONDS = "[0-9]{1,11}"
"""Up to the year 5138; no calendar of Python reaches twelve digits of seconds."""
OWN = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MATPLOTLIBRC": os.devnull,  # figures have the house's theme and no other
    "OPENBLAS_NUM_THREADS": "1",  # several threads add in another order
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
}
"""Variables of every kernel, forked or not, whatever the caller has set."""

SETTINGS = (
    *("IPYTHON", "JUPYTER_", "GIT_", "LANG", "LC_", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CLICOLOR"),
    *("PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONOPTIMIZE", "PYTHONINSPECT", "PYTHONDEVMODE", "PYTHONDEBUG"),
    *("PYTHONVERBOSE", "PYTHONIOENCODING", "PYTHONBREAKPOINT", "PYTHONCASEOK", "PYTHONPROFILEIMPORTTIME"),
    *("PYTHONTRACEMALLOC", "PYTHONMALLOCSTATS", "PYTHONLEGACYWINDOWS"),
    *("OPENBLAS_", "OMP_", "MKL_", "NPY_", "NUMEXPR_", "NUMBA_", "PANDAS_", "PANDERA_", "PYDANTIC_"),
    *("NETWORKX_", "NX_", "DASK_", "DISTRIBUTED_", "DOMES_COMMIT"),
)
"""Beginnings of variables by which people set up the programs that they use; a run of ours has none of them."""

KEPT = ("NUMBA_CACHE_DIR",)
FOLDERS = ("DOMES_DATA", "NUMBA_CACHE_DIR", "MPLCONFIGDIR", "TMPDIR")
"""Folders that are named as the caller sees them; a kernel stands in its notebook's folder."""


def is_day(value: str) -> bool:
    """Tell whether a value of ``SOURCE_DATE_EPOCH`` is a number of seconds within a calendar.

    Examples
    --------
    >>> is_day("981158400"), is_day(""), is_day("1e9")
    (True, False, False)
    """
    return bool(re.fullmatch(SECONDS, value))


def own_environment(caller: Mapping[str, str], told: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Return the variables of a kernel that give the same page whoever calls.

    Parameters
    ----------
    caller : mapping of str to str
        The variables of the process that wants a kernel.
    told : mapping of str to str
        What a run says to its kernel besides.

    Notes
    -----
    A ``SOURCE_DATE_EPOCH`` that is no number of seconds, or is beyond every calendar, is left out: libraries fail
    where they are imported with it.

    Examples
    --------
    >>> made = own_environment({"HOME": "/home/a", "PYTHONSTARTUP": "mine.py", "TZ": "Asia/Taipei"})
    >>> made["HOME"], made["TZ"], "PYTHONSTARTUP" in made
    ('/home/a', 'UTC', False)
    """
    kept = {name: value for name, value in caller.items() if name in KEPT or not name.startswith(SETTINGS)}
    named = {name: os.path.abspath(kept[name]) for name in FOLDERS if kept.get(name)}  # noqa: PTH100 - resolves no link
    made = kept | named | OWN | dict(told)
    if not is_day(made.get(DAY_VARIABLE, "")):
        made.pop(DAY_VARIABLE, None)
    return made
