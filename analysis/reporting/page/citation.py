"""How a page is cited: as text, for reference managers, and for machines that read pages."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from analysis.provenance import AUTHORS, NO_COMMIT, TITLE, say_own
from analysis.reporting.page.download import text_address
from analysis.reporting.page.render import IN_SCRIPT, say_plain, word

PACKAGE = "domes-and-ties"
CODE_LICENCE = "https://opensource.org/license/bsd-3-clause"
DATA_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Citation:
    """A page as a work that can be cited.

    Attributes
    ----------
    title : str
        Its question.
    short : str
        Its answer; may be empty.
    notebook : str
        Name of the notebook, by its path.
    stem : str
        Name of the page's file without suffix.
    made_from : mapping
        What ``provenance.Footer`` says: ``tables, cut_off, up_to, versions, commit, made, own, case``.
    changed : sequence of str
        Parameters that are not at their defaults, in words.
    """

    title: str
    short: str
    notebook: str
    stem: str
    made_from: Mapping[str, Any]
    changed: Sequence[str] = ()

    @property
    def year(self) -> str:
        """Year of the page."""
        return str(max(self.made_from["made"], self.made_from["cut_off"]))[:4]

    @property
    def checksum(self) -> str:
        """A digest of the checksums of all tables, in 12 digits."""
        tables = json.dumps(self.made_from["tables"], sort_keys=True)
        return hashlib.sha256(tables.encode()).hexdigest()[:12]

    @property
    def version(self) -> str:
        """Version of the package, and the commit where it is known."""
        number, commit = self.made_from["versions"].get(PACKAGE, word("not_installed")), self.made_from["commit"]
        return say_plain("version", number, commit) if commit != NO_COMMIT else str(number)

    @property
    def note(self) -> str:
        """What stands in the note of an entry: version, data, checksum, what was changed, and whose tables they are."""
        own = say_own(self.made_from.get("own", ()), self.made_from.get("case", {}))
        return say_plain("note", self.version, self.made_from["up_to"], self.checksum, "; ".join(self.changed), own)

    @property
    def text(self) -> str:
        """The citation in words."""
        end = "" if self.title.endswith(("?", ".", "!")) else "."
        return say_plain("citation", AUTHORS, self.year, self.title, end, TITLE, self.note)

    def figure(self, number: int) -> str:
        """The citation of one figure."""
        return say_plain("figure_citation", number, self.text)

    @property
    def bibtex(self) -> str:
        """The entry for BibTeX; a letter that means something to TeX is escaped."""
        fields = {
            "author": "{" + AUTHORS + "}",
            "title": "{" + self.title + "}",
            "howpublished": TITLE,
            "year": self.year,
            "note": self.note,
        }
        lines = ",\n".join(f"  {name} = {{{_for_tex(value)}}}" for name, value in fields.items())
        key = re.sub(r"[^a-z0-9]+", "-", f"domes-ties-{self.year}-{self.stem}".lower()).strip("-")
        return f"@misc{{{key},\n{lines}\n}}\n"

    @property
    def ris(self) -> str:
        """The entry for programs that read RIS."""
        tags = {"TY": "ELEC", "AU": AUTHORS, "TI": self.title, "T2": TITLE, "PY": self.year, "N1": self.note}
        tags |= {"AB": self.short} if self.short else {}
        return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in (tags | {"ER": ""}).items())

    @property
    def files(self) -> Markup:
        """Links to both entries."""
        link = Markup('<a href="{}" download="{}">{}</a>')
        kinds = (("application/x-bibtex", self.bibtex, "bib", "BibTeX"),
                 ("application/x-research-info-systems", self.ris, "ris", "RIS"))  # fmt: skip
        made = (link.format(text_address(text, kind), f"{self.stem}.{end}", words) for kind, text, end, words in kinds)
        return Markup(", ").join(made)

    @property
    def linked_data(self) -> Markup:
        """The page and its tables in the words of schema.org, as JSON that cannot end its element."""
        maker = {"@type": "Organization", "name": AUTHORS}
        tables = [
            {
                "@type": "Dataset",
                "name": table,
                "description": say_plain("dataset", table, TITLE),
                "identifier": f"sha256:{digest}",
                "creator": maker,
                "license": DATA_LICENCE,
            }
            for table, digest in self.made_from["tables"].items()
        ]
        page = {
            "@context": "https://schema.org",
            "@type": "Report",
            "headline": self.title,
            "name": self.title,
            "author": maker,
            "publisher": maker,
            "version": self.version,
            "temporalCoverage": f"../{self.made_from['up_to']}",
            "isPartOf": {"@type": "CreativeWork", "name": TITLE, "license": CODE_LICENCE},
            "isBasedOn": tables,
        }
        page |= {"abstract": self.short} if self.short else {}
        page |= {"dateModified": self.made_from["made"]} if self.made_from["made"] else {}
        return Markup(json.dumps(page, ensure_ascii=False, separators=(",", ":")).translate(IN_SCRIPT))


def _for_tex(text: str) -> str:
    """Escape what TeX would take for a command, but for the braces that keep capitals."""
    return re.sub(r"([&%$#_])", r"\\\1", text)
