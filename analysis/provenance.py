"""Where a notebook's numbers come from: tables and checksums, sources, cut-off, versions, commit, citation."""

import calendar
import hashlib
import json
import os
import platform
import re
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from html import escape
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pandas as pd

from analysis.case_in_use import case_in_use
from analysis.data_package import UNREADABLE
from analysis.errors import DataError
from analysis.home import PROJECT
from analysis.parameters import FOOTER_MIME, Parameters
from analysis.schema import TABLES, Table
from analysis.schema.columns import MOMENT_PATTERN
from analysis.tables import SHIPPED, data_folder, load_table

AUTHORS = "The Domes & Ties authors"
TITLE = "Domes & Ties: layered air defence and diplomatic recognition from cited public sources"
PACKAGES = ("domes-and-ties", "pandas", "matplotlib", "seaborn")
OWN_TABLES = "From tables of the user, not those of Domes & Ties"
OWN_CASE = "From a case of the user, not from Domes & Ties alone"
CITE = "Cite as"
OWN_LINES = ("Case of the user", "Tables of the user")
"""Parts of a footer that stand only where something is the user's."""
NO_COMMIT = "not in a git checkout"
MONTHS = [name.lower() for name in calendar.month_name]
SPELLED_DAY = re.compile(r"(?<!\d)(\d{4})([-/]?)(\d{2})\2(\d{2})(?!\d)")
SPELLED_MONTH = re.compile(rf"({'|'.join(MONTHS[1:])})-(\d{{4}})", re.IGNORECASE)
"""How the name or the address of a source tells when it was published: ``20260304``, ``2026/03/04``, ``march-2026``."""
PLANNED = {"due"}
"""Columns whose days say when something is to happen, not until when anybody looked."""
COMMIT_VARIABLE = "DOMES_COMMIT"
COMMIT_DIGITS = 12  # left alone, git writes as many as make a commit unique among those that a clone happens to have
GIT_VARIABLES = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_OPTIONAL_LOCKS": "0"}
GIT_SETTINGS = ("-c", "log.showSignature=false", "-c", "core.fsmonitor=false", "-c", "core.fileMode=false")


@dataclass(frozen=True)
class Footer:
    """What a reader needs to trace a page and to cite it; shows itself at the end of a notebook.

    Attributes
    ----------
    tables : dict of str to str
        Table name to the first 12 digits of the SHA-256 of its file.
    sources : int
        How many sources the rows of these tables cite.
    cut_off : str
        Day up to which the data were compiled, the same for all pages.
    up_to : str
        Day of the last look at the subject of this page, from :func:`last_look`.
    versions : dict of str to str
        Python and packages.
    parameters : dict
        Name to value of the run.
    commit : str
        Abbreviated git commit, with ``-dirty`` where tracked files had changed.
    made : str
        Day that the page bears: ``SOURCE_DATE_EPOCH`` where set, else the commit's.
    citation : str
        How to cite the page.
    own : list of str
        Tables that are not those of Domes & Ties: their files differ from the project's.
    case : dict of str to str
        ``name, note, checksum, differs`` of the case of the user that lies over the tables; empty without one.
    """

    tables: dict[str, str]
    sources: int
    cut_off: str
    up_to: str
    versions: dict[str, str]
    parameters: dict[str, Any]
    commit: str
    made: str
    citation: str
    own: list[str]
    case: dict[str, str] = field(default_factory=dict)

    def lines(self) -> dict[str, str]:
        """Say each part in words, in the order in which it is read."""
        lines = {
            "Sources": f"{self.sources} sources, cited row by row; data/sources.csv names them",
            "Data up to": f"{self.up_to} (compiled up to {self.cut_off})",
            "Tables": ", ".join(f"{name} {digest}" for name, digest in self.tables.items()),
            "Parameters": ", ".join(f"{name} = {value}" for name, value in self.parameters.items()),
            "Versions": ", ".join(f"{name} {number}" for name, number in self.versions.items()),
            "Commit": ", ".join(filter(None, [self.commit, self.made])),
            CITE: self.citation,
            "Case of the user": ", ".join(filter(None, [*self.case.values()])),
            "Tables of the user": ", ".join(self.own),
        }
        return {name: text for name, text in lines.items() if text or name not in OWN_LINES}

    def lines_of_page(self) -> list[tuple[str, str]]:
        """The lines that a page shows, which says at another place how it is cited."""
        return [line for line in self.lines().items() if line[0] != CITE]

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {text}" for name, text in self.lines().items())

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        items = (f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in self.lines().items())
        return {
            FOOTER_MIME: asdict(self) | {"lines": self.lines_of_page()},
            "text/html": f"<dl>{''.join(items)}</dl>",
            "text/plain": repr(self),
        }


def footer(params: Parameters, tables: Sequence[str]) -> Footer:
    """Gather the provenance of a notebook.

    Parameters
    ----------
    params : Parameters
        The notebook's checked parameters.
    tables : sequence of str
        The tables that it loaded, for example ``["recognition/events"]``.

    Raises
    ------
    ParameterError
        When there is no such table.
    DataError
        When a table breaks a rule, or the data folder does not say its cut-off day.

    Examples
    --------
    >>> from analysis.parameters import StartHereParameters
    >>> params = StartHereParameters(architecture="usa_guam", entity="PSE")
    >>> footer(params, tables=["briefing"]).parameters
    {'architecture': 'usa_guam', 'entity': 'PSE'}
    """
    frames = {name: load_table(name) for name in tables}
    cited = set().union(*(TABLES[name].cited_sources(frame) for name, frame in frames.items()))
    commit, made = _commit()
    parameters, cut, own, used = params.model_dump(), cut_off(), own_tables(tables), case_in_use()
    up_to = last_look(frames, load_table("sources"), cut, parameters.get("entity", ""))
    case = {name: str(getattr(used, name)) for name in ("name", "note", "checksum", "differs")} if used else {}
    return Footer(
        tables={name: checksum(name) for name in tables},
        sources=len(cited),
        cut_off=cut,
        up_to=up_to,
        versions={"python": platform.python_version()} | {name: version_of(name) for name in PACKAGES},
        parameters=parameters,
        commit=commit,
        made=made,
        citation=_cite(params, cut, up_to, commit, made, own, case),
        own=own,
        case=case,
    )


def own_tables(tables: Sequence[str]) -> list[str]:
    """List those of some tables whose files differ from the project's, as ``datapackage.json`` there describes them."""
    try:
        resources = json.loads((SHIPPED / "datapackage.json").read_bytes())["resources"]
        known = {resource["path"]: resource["hash"] for resource in resources}
    except UNREADABLE:
        return list(tables)
    return [name for name in tables if known.get(f"{name}.csv") != f"sha256:{_digest(name)}"]


def cut_off() -> str:
    """Return the last day up to which the data were compiled, as YYYY-MM-DD.

    Raises
    ------
    DataError
        When ``datapackage.json`` is missing or names no day.

    Examples
    --------
    >>> cut_off() >= "2026-11-22"
    True
    """
    path = data_folder() / "datapackage.json"
    try:
        day = json.loads(path.read_bytes())["cut_off"]
        return date.fromisoformat(day).isoformat()
    except UNREADABLE:
        raise DataError(f"{path}: gives no cut_off day; `make data-documents` writes the file anew.") from None


def last_look(frames: Mapping[str, pd.DataFrame], sources: pd.DataFrame, cut: str, entity: str = "") -> str:
    """Return the day of the last look at what some tables are of, as YYYY-MM-DD.

    It is the latest day of which any row of theirs tells: on which something happened, was counted or was read again,
    or up to which it was watched (``recognition/observed``). A month or a year counts with its last day. Days that are
    planned, and those after the data were compiled, do not count. It is never older than the newest source that these
    rows cite, as far as :func:`day_of_source` knows its day. Where neither tells any day, it is that of the compiling.

    Parameters
    ----------
    frames : mapping
        Name of a table to its rows.
    sources : DataFrame
        The table ``sources``.
    cut : str
        From :func:`cut_off`.
    entity : str, optional
        Whom a page is of; of tables that have a column ``entity`` only its rows count.

    Examples
    --------
    >>> seen = {"entity": ["TWN", "PSE"], "observed_until": ["2026-05-21", "2026-08"], "source_id": ["", ""]}
    >>> frames = {"recognition/observed": pd.DataFrame(seen)}
    >>> sources = pd.DataFrame({"source_id": [], "year": [], "url": []})
    >>> last_look(frames, sources, "2026-11-22", "TWN"), last_look(frames, sources, "2026-11-22")
    ('2026-05-21', '2026-08-31')
    """
    days: set[str] = set()
    cited: set[str] = set()
    for name, frame in frames.items():
        own = frame[frame["entity"].eq(entity)] if entity and "entity" in frame else frame
        for column in _dated(TABLES[name]) & set(own.columns):
            days.update(own[column].dropna().astype("str").str[:10].unique())
        cited |= TABLES[name].cited_sources(own)
    latest = max((day for day in map(_last_day, days) if day <= cut), default="")
    newer = sources["source_id"].isin(cited) & (sources["year"] >= int(latest[:4] or 0))
    named = sources.loc[newer, ["source_id", "year", "url"]].itertuples(index=False)
    spelled = [_last_day(day) for row in named if (day := day_of_source(*row))]
    return max([latest, *(day for day in spelled if day <= cut)]) or cut


def day_of_source(source_id: str, year: int, url: str) -> str:
    """Return the day, or the month, that the name or the address of a source spells out; empty where neither does.

    A date of another year than that of the source is that of its subject, and does not count. Of a source of which
    only the year is known nobody can say that it is younger than the rows that cite it.

    Examples
    --------
    >>> day_of_source("udn_20260128", 2026, "https://udn.com/news/story/10930/9294002")
    '2026-01-28'
    >>> day_of_source("tsm_cases_2026", 2026, "https://tsm.schar.gmu.edu/taiwan-arms-sale-backlog-september-2026-update/")
    '2026-09'
    >>> day_of_source("wikipedia_patriot", 2026, "https://en.wikipedia.org/wiki/MIM-104_Patriot")
    ''
    """
    spelled = f"{source_id} {url}"
    months = [f"{of}-{MONTHS.index(name.lower()):02}" for name, of in SPELLED_MONTH.findall(spelled)]
    days = ["-".join(parts) for of, _, *rest in SPELLED_DAY.findall(spelled) if _is_day("-".join(parts := (of, *rest)))]
    return max((day for day in months + days if day[:4] == str(year)), default="")


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        return bool(date.fromisoformat(text))
    return False


def _dated(table: Table) -> set[str]:
    """Name the columns of a table that hold days of what was."""
    kinds = {name: column.metadata for name, column in table.frame.columns.items() if name not in PLANNED}
    return {name for name, of in kinds.items() if of["kind"] in {"date", "day"} or of.get("pattern") == MOMENT_PATTERN}


def _last_day(on: str) -> str:
    """Return the last day of a day, a month or a year."""
    if len(on) == len("2026-11"):
        return f"{on}-{calendar.monthrange(*map(int, on.split('-')))[1]}"
    return on if len(on) > len("2026-11") else f"{on}-12-31"


def checksum(table: str) -> str:
    """Return the first 12 digits of the SHA-256 of a table's file."""
    return _digest(table)[:12]


def _digest(table: str) -> str:
    return hashlib.sha256((data_folder() / f"{table}.csv").read_bytes()).hexdigest()


def version_of(package: str) -> str:
    """Return the version of an installed package, in words where there is none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def name_commit() -> str:
    """Name the commit and its day in a line, as ``DOMES_COMMIT`` tells them to a kernel elsewhere; empty without git.

    Notes
    -----
    Only our own checkout counts, not one around it. A user's settings of git and ``GIT_*`` variables, such as those of
    a hook, are left out; that a checkout belongs to somebody else does not matter.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | GIT_VARIABLES
    environment["GIT_CEILING_DIRECTORIES"] = str(PROJECT.parent)
    settings = [*GIT_SETTINGS, "-c", f"safe.directory={PROJECT}"]

    def ask_git(*words: str) -> subprocess.Popen[str]:
        command = ["git", "-C", str(PROJECT), *settings, *words]
        quiet: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
        return subprocess.Popen(command, env=environment, text=True, **quiet)

    try:
        commit = ask_git("describe", "--always", "--dirty", "--exclude=*", f"--abbrev={COMMIT_DIGITS}")
        day = ask_git("log", "-1", "--format=%cs")  # meanwhile
    except OSError:
        return ""
    told = [asked.communicate()[0].strip() for asked in (commit, day)]
    return "" if commit.returncode or day.returncode else " ".join(told)


def _commit() -> tuple[str, str]:
    """Return the commit and the day of the page."""
    told = os.environ[COMMIT_VARIABLE] if COMMIT_VARIABLE in os.environ else name_commit()
    commit, _, day = told.partition(" ")
    with suppress(ValueError, OverflowError, OSError):  # not set, or no moment
        day = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "")), UTC).date().isoformat()
    return commit or NO_COMMIT, day


def say_own(own: Sequence[str], case: Mapping[str, str]) -> str:
    """Say in a citation whose tables and whose case they are; empty where all is ours.

    Examples
    --------
    >>> say_own([], {"name": "Lower", "note": "", "checksum": "0" * 12})
    ' From a case of the user, not from Domes & Ties alone: Lower (case file 000000000000).'
    """
    said = f" {OWN_CASE}: {case['name']} (case file {case['checksum']})." if case else ""
    return said + (f" {OWN_TABLES}: {', '.join(own)}." if own else "")


def _cite(
    params: Parameters, cut: str, up_to: str, commit: str, made: str, own: Sequence[str], case: Mapping[str, str]
) -> str:
    year = max(made, cut)[:4]  # a build may set the day of the page to one long before its data
    number = f"version {version_of(PACKAGES[0])}" + (f", commit {commit}" if commit != NO_COMMIT else "")
    return (
        f"{AUTHORS} ({year}). {TITLE}, {number}, data up to {up_to}. Notebook {params.notebook}"
        + (", with the parameters above." if params.model_fields_set else ".")
        + say_own(own, case)
    )
