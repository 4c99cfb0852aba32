"""The recognition panel as a folder: data, code book, description, citation, licence and changes."""

import hashlib
import json
import uuid
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis import provenance
from analysis.errors import DataError, ParameterError
from analysis.facts import Facts
from analysis.recognition.dyad_years import build_dyad_years, widen
from analysis.recognition.facts.choices import ENTITIES, PART_YEARS, PARTLY_RECORDED, RELATIONS_RECORDED, RULES
from analysis.recognition.facts.states import observed_until
from analysis.release.folder import DESCRIPTION, replacing
from analysis.release.formats import write_frame
from analysis.release.request import Request
from analysis.schema import Table
from analysis.schema.documents import LICENCES, describe_table, explain_table
from analysis.schema.panel import describe_panel
from analysis.tables import load_facts

NAME = "domes-and-ties-recognition-panel"
TITLE = "Domes & Ties: panel of diplomatic recognition"
COPIES = {"LICENSE": "LICENSE-DATA", "CHANGELOG.md": "CHANGELOG.md"}


def build_release(request: Request, facts: Facts | None = None) -> pd.DataFrame:
    """Build the panel that is asked for.

    Parameters
    ----------
    request : Request
        Every choice.
    facts : Facts, optional
        Tables of the recognition room; by default those of the data folder.

    Returns
    -------
    pandas.DataFrame
        As :func:`analysis.recognition.dyad_years.build_dyad_years`, or as its ``widen`` for country-years.

    Raises
    ------
    ParameterError
        When no entity existed in any of the years.

    Examples
    --------
    >>> from analysis.release.request import read_request
    >>> panel = build_release(read_request(provenance.cut_off(), entities="TWN", years="1979"))
    >>> int(panel["relations"].sum())
    22
    """
    panel = build_dyad_years(
        facts or load_facts("recognition"),
        range(request.first_year, request.last_year + 1),
        request.entities,
        request.rule,
        request.part_year,
        request.implied,
        request.minimum_confidence,
    )
    if panel.empty:
        words = request.words()
        raise ParameterError(f"years = {words['years']!r}: none of {words['entities']} existed then; take later years.")
    return widen(panel) if request.unit == "country-year" else panel


def write_release(request: Request, folder: Path) -> dict[str, object]:
    """Write the panel with all that belongs to it; nothing is left where anything fails.

    Parameters
    ----------
    request : Request
        Every choice.
    folder : pathlib.Path
        New, empty, or with an earlier panel, which is replaced.

    Returns
    -------
    dict
        Name, version, id and number of rows.

    Raises
    ------
    ParameterError
        When the folder holds anything else or cannot be written.
    DataError
        When a table breaks a rule, or the licence is not to be found.

    Notes
    -----
    The same data and choices give the same bytes, whenever and wherever the panel is written.
    """
    with replacing(folder, NAME) as new:
        facts = load_facts("recognition")
        panel = build_release(request, facts)
        definition = describe_panel(request.unit, request.entities)
        data = new / f"panel.{request.format}"
        write_frame(panel, definition, data, provenance.cut_off())
        said = _describe(request, facts, definition, data, len(panel))
        texts = {
            DESCRIPTION: json.dumps(said, indent=1, ensure_ascii=False) + "\n",
            "codebook.md": _write_code_book(request, facts, definition, said),
            "CITATION.bib": _write_citation(said),
            **{name: _read_own(source) for name, source in COPIES.items()},
        }
        for name, text in texts.items():
            (new / name).write_text(text, encoding="utf-8", newline="\n")
    return {name: said[name] for name in ("name", "version", "id")} | {"rows": len(panel)}


def _describe(request: Request, facts: Facts, definition: Table, data: Path, n_rows: int) -> dict:
    cut = provenance.cut_off()
    version = f"{provenance.version_of(provenance.PACKAGES[0])}+{cut.replace('-', '.')}"
    tables = {name: provenance.checksum(name) for name in sorted(facts.used)}
    digest = hashlib.sha256(data.read_bytes()).hexdigest()
    content = json.dumps([version, request.words(), tables, digest], sort_keys=True)
    resource = describe_table(definition, request.format)
    resource |= {"bytes": data.stat().st_size, "hash": f"sha256:{digest}"}
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": NAME,
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, content)),
        "title": TITLE,
        "version": version,
        "cut_off": cut,
        "contributors": [{"title": provenance.AUTHORS, "roles": ["author"]}],
        "licenses": LICENCES,
        "options": request.words(),
        "rows": n_rows,
        "made_from": tables,
        "files": [data.name, "codebook.md", "CITATION.bib", *COPIES],
        "resources": [resource],
    }


def _write_citation(said: dict) -> str:
    year, title = said["cut_off"][:4], TITLE.replace("&", r"\&")
    note = f"Version {said['version']}, data up to {said['cut_off']}, id {said['id']}"
    fields = {
        "author": "{" + provenance.AUTHORS.replace("&", r"\&") + "}",
        "title": "{" + title + "}",
        "year": year,
        "version": said["version"],
        "note": note,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{domes_and_ties_panel_{year},", *lines, "}"]) + "\n"


def _write_code_book(request: Request, facts: Facts, definition: Table, said: dict) -> str:
    end = f"{request.last_year}-12-31"
    seen = {entity: observed_until(entity, facts.observed) for entity in request.entities}
    words = {
        "said": said,
        "options": request.words(),
        "command": f"domes panel {' '.join(_write_option(*pair) for pair in request.words().items())}",
        "rule": RULES[request.rule],
        "part_year": PART_YEARS[request.part_year],
        "entities": {entity: ENTITIES[entity] for entity in request.entities},
        "recorded": RELATIONS_RECORDED,
        "partly": [entity for entity in request.entities if entity in PARTLY_RECORDED],
        "early": [f"{entity} {day:%Y-%m-%d}" for entity, day in seen.items() if day < pd.Timestamp(end)],
        "last_year": request.last_year,
        "columns": "\n".join(explain_table(definition)),
    }
    loader = FileSystemLoader(Path(__file__).parent)
    spoken = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    return spoken.get_template("codebook.md.j2").render(words)


def _write_option(name: str, value: str) -> str:
    return f"--{name.replace('_', '-')} " + (f'"{value}"' if " " in value else value)


def _read_own(name: str) -> str:
    path = provenance.PROJECT / name
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        raise DataError(f"{path}: is missing, and a panel goes out with it; restore it from git.") from None
