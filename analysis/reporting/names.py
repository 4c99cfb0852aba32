"""Names of pages: from a template, safe on every file system, inside the output folder."""

import re
from collections.abc import Iterator
from string import Formatter
from typing import Any

from analysis.errors import ParameterError, require_choice
from analysis.parameters import Parameters
from analysis.reporting.catalogue import Notebook, parameters_hash

OWN_FIELDS = ("notebook", "values", "hash")
LONGEST_NAME = 120
# What Windows keeps for devices, and what the output folder keeps for its own pages.
TAKEN = {"con", "prn", "aux", "nul", "index", "self-check"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(10)
}


def check_template(template: str) -> None:
    """Refuse a template that names a folder, or a field in a way that is not known.

    Parameters
    ----------
    template : str
        Text with ``{notebook}`` (its name without room), ``{values}`` (those that differ from the
        defaults), ``{hash}`` (of all parameters), or a parameter's name in braces.

    Raises
    ------
    ParameterError
        Says what is wrong with it.

    Examples
    --------
    >>> check_template("{country}-{hash}")
    >>> check_template("{country")
    Traceback (most recent call last):
    analysis.errors.ParameterError: --name '{country' is not a template (expected '}' before end of string).
    """
    if re.search(r"[/\\]", template):
        raise ParameterError(f"--name {template!r} names a folder; choose the folder with -o and leave out / and \\.")
    try:
        fields = list(_fields(template))
    except ValueError as error:
        raise ParameterError(f"--name {template!r} is not a template ({error}).") from None
    if not fields or not all(field.isidentifier() for field in fields):
        own = ", ".join(f"{{{name}}}" for name in OWN_FIELDS)
        raise ParameterError(f"--name {template!r} gives every page one name; use {own} or parameters in braces.")


def page_name(notebook: Notebook, parameters: Parameters, template: str | None = None) -> str:
    """Name the page of a run, below the output folder and without suffix.

    Parameters
    ----------
    notebook : Notebook
        Its room, where it has one, is the page's folder.
    parameters : Parameters
        All values of the run.
    template : str, optional
        As ``check_template`` allows it; without one, the name that ``domes report`` gives.

    Raises
    ------
    ParameterError
        When the template names what is no parameter of this notebook.
    """
    room, _, own = notebook.name.rpartition("/")
    if template is None:
        name = notebook.page_name(parameters).rpartition("/")[2]
    else:
        values = parameters.model_dump() | {
            "notebook": own,
            "values": notebook.label(parameters),
            "hash": parameters_hash(parameters),
        }
        for field in _fields(template):
            require_choice("--name", field, values)
        name = template.format_map({field: _words(value) for field, value in values.items()})
    return f"{safe(room)}/{safe(name)}" if room else safe(name)


def safe(name: str) -> str:
    """Make a file's name that every file system takes: plain letters, digits, dot, hyphen and underscore.

    Examples
    --------
    >>> safe("../a b: c"), safe("CON"), safe("")
    ('a-b-c', 'CON-page', 'page')
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:LONGEST_NAME].strip(".-") or "page"
    return f"{plain}-page" if plain.split(".")[0].lower() in TAKEN else plain


def _fields(template: str) -> Iterator[str]:
    for _, field, form, conversion in Formatter().parse(template):
        if field is not None:
            yield field + (f":{form}" if form else "") + (f"!{conversion}" if conversion else "")


def _words(value: Any) -> str:
    return "-".join(map(str, value)) if isinstance(value, list) else str(value)
