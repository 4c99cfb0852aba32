"""What one command makes together with a page: all that the page may link; what lies in its folder does not count."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import unquote

from analysis.parameters import MODELS
from analysis.reporting.run.catalogue import OUR_PAGES

Ready: TypeAlias = Sequence[tuple[str, str]]
"""Pages that are made together, each by its name below their folder, with what a reader calls it."""
PAGE = ".html"
CLAIMS = "claims"
"""Folder of the pages of claims, below the reports' folder."""


@dataclass(frozen=True)
class Together:
    """What a command makes.

    Attributes
    ----------
    pages : sequence of tuple
        All its pages, by their names, with what a reader calls them; need not name the only one.
    shared : bool
        Whether it makes the index and the pages of claims.
    """

    pages: Ready = ()
    shared: bool = False


ALONE = Together()
"""A page and nothing else, as papermill and nbconvert make it."""
WITH_SHARED = Together(shared=True)
"""A page, the index, and the pages of its claims."""


@dataclass
class Beside:
    """What lies beside a page.

    Attributes
    ----------
    page : str
        Its name below the reports' folder, without suffix.
    together : Together
        What is made together with it.
    missing : dict of str to str
        Pages that it names and that are not, by their names, with what it calls them first.
    """

    page: str = ""
    together: Together = ALONE
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def up(self) -> str:
        """The way from the page to the reports' folder, such as ``../``."""
        return "../" * self.page.count("/")

    @property
    def room(self) -> str:
        """The folder of the page below the reports' folder."""
        return posixpath.dirname(self.page)

    def of_room(self) -> Ready:
        """The other pages of the same room: address and what a reader calls them."""
        pages = [one for one in self.together.pages if posixpath.dirname(one[0]) == self.room and one[0] != self.page]
        return [(f"{self.up}{page}{PAGE}", words) for page, words in pages]

    def find(self, page: str, words: str) -> str:
        """Return the address of a page of ours that is called ``words``; empty, and noted, where it is not made.

        Examples
        --------
        >>> beside = Beside("air_defence/05-evidence", Together([("00-start-here", "Where to begin")]))
        >>> beside.find("00-start-here", "the tour"), beside.find("air_defence/06-hindcast", "the hindcast")
        ('../00-start-here.html', '')
        >>> beside.commands
        [('the hindcast', 'domes report air_defence/06-hindcast')]
        """
        if page == self.page or page in dict(self.together.pages):
            return f"{self.up}{page}{PAGE}"
        self.missing.setdefault(page, words)
        return ""

    def has(self, address: str, words: str) -> bool:
        """Tell whether an address in the page may stand; not where it is that of a page that is not made."""
        path = unquote(address.partition("#")[0])
        if ":" in path or not path.endswith(PAGE):
            return True
        page = posixpath.normpath(posixpath.join(self.room, path)).removesuffix(PAGE)
        if page in OUR_PAGES or page.startswith(f"{CLAIMS}/"):
            return self.together.shared
        return bool(self.find(page, words))

    @property
    def commands(self) -> list[tuple[str, str]]:
        """What the page calls each page that is missing, and the command that makes it."""
        return [(words, f"domes report {_asked(page)}") for page, words in self.missing.items()]


def _asked(page: str) -> str:
    """Name a notebook as ``domes report`` finds it: ours by its name, another by its file."""
    return page if page in MODELS else f"{page}.ipynb"
