"""Characters that no cell may hold: what a wrong encoding leaves behind, and what a reader cannot see."""

import re

from analysis.errors import UNSEEN

HIDDEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Characters without width that join or part words unseen; the joiners of Persian and Hindi are letters."""
SPACE = re.compile(r"\s")
"""Also what is pasted from the web, a PDF or Word: a line or page ends there, but no row of a CSV (RFC 4180)."""
LOST = "\ufffd"
TWICE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]+")
"""A first byte of UTF-8 and those that follow it, each read as a letter of Windows-1252."""


def find_damage(value: str) -> str:
    """Say which rule about characters a cell breaks; empty where it breaks none.

    Parameters
    ----------
    value : str
        A cell as it was read.

    Notes
    -----
    Text that was UTF-8 and was read as Windows-1252 or Latin-1 is known by this, that it turns back into other text.

    Examples
    --------
    >>> find_damage("T\u00fcrkiye"), find_damage("T\u00c3\u00bcrkiye")
    ('', "must not hold 'Ã¼', which is 'ü' in a wrong encoding; save the file as UTF-8")
    >>> find_damage("Iron\u202eDome")
    'must not hold the character U+202E, which nobody sees'
    >>> find_damage("one\u2028two")
    ''
    """
    if LOST in value:
        return "must not hold U+FFFD, which stands for a letter that was lost; enter it from the source"
    unseen = UNSEEN.search(SPACE.sub(" ", value)) or HIDDEN.search(value)
    for found in TWICE.finditer(value):
        if meant := _read_back(found[0]):
            return f"must not hold {found[0]!r}, which is {meant!r} in a wrong encoding; save the file as UTF-8"
    return f"must not hold the character U+{ord(unseen[0]):04X}, which nobody sees" if unseen else ""


def _read_back(text: str) -> str:
    for encoding in ("cp1252", "latin-1"):
        for length in range(len(text), 1, -1):
            try:
                return text[:length].encode(encoding).decode("utf-8")
            except UnicodeError:
                continue
    return ""
