"""The parent of every notebook's parameters: checks them, says what is wrong, shows them as a table."""

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from html import escape
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator
from pydantic_core import ErrorDetails

from analysis.errors import ParameterError, quote, suggest
from analysis.parameters.cell import defaults_of
from analysis.parameters.rules import allowed_of, kind_of, rule_of

PARAMETERS_MIME = "application/vnd.domes.parameters+json"
FOOTER_MIME = "application/vnd.domes.footer+json"
"""Media types by which the page recognises a notebook's parameters and its footer."""
SECRET = re.compile(
    r"(pass(word|wd|phrase|code)|pwd|secret|token|credential|bearer|authori[sz]ation|(api|access|private|ssh|auth)[_-]?key)s?"
    r"(?![a-z])",
    re.IGNORECASE,
)

LEADING_ZERO = re.compile(r"[-+]?0[0-9_]{1,30}")


@dataclass(frozen=True)
class ParameterRow:
    """One parameter of a run: its name, its value, what the value stands for, and what it means."""

    name: str
    value: str
    explanation: str
    meaning: str


class ParameterTable(tuple[ParameterRow, ...]):
    """The parameters of a run, one row each, shown as a table in a notebook and at the top of its page."""

    def __repr__(self) -> str:
        return "\n".join(f"{row.name} = {row.value}  ({row.meaning})" for row in self)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        cells = "".join(_row_in_html(row) for row in self)
        head = "<tr><th>parameter</th><th>value</th><th>meaning</th></tr>"
        return {
            PARAMETERS_MIME: [asdict(row) for row in self],
            "text/html": f"<table><thead>{head}</thead><tbody>{cells}</tbody></table>",
            "text/plain": repr(self),
        }


def _row_in_html(row: ParameterRow) -> str:
    name = escape(row.name).replace("_", "_<wbr>")
    explanation = f"<br><small>{escape(row.explanation)}</small>" if row.explanation else ""
    return (
        f'<tr><th scope="row">{name}</th><td>{escape(row.value)}{explanation}</td><td>{escape(row.meaning)}</td></tr>'
    )


class Parameters(BaseModel):
    """What the parameters of every notebook have in common.

    A model lists names, types, ranges and choices. It has no defaults: these stand in the notebook's cell
    tagged ``parameters`` and nowhere else. Whatever is wrong is raised as ``ParameterError``, a line a fault.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)
    notebook: ClassVar[str] = "this notebook"
    old_names: ClassVar[Mapping[str, str]] = {}
    """Names that a parameter had before, which are still taken, with a notice; to the name that it has now."""

    def __init__(self, **values: Any) -> None:
        self.require_one_name({name: value for name, value in values.items() if not self._is_default(name, value)})
        self._fill(values, strict=True)

    @classmethod
    def _is_default(cls, name: str, value: Any) -> bool:
        """Tell whether a notebook hands over its own default, as under papermill, which does not say what was given."""
        return value == defaults_of(cls.notebook).get(name) if cls.old_names else False

    @classmethod
    def from_text(cls, values: Mapping[str, Any]) -> Self:
        """Check values that came as text, such as ``{"seed": "7"}``, and give each its type.

        Parameters
        ----------
        values : mapping
            Name to value; text is read as the parameter's type.

        Raises
        ------
        ParameterError
            When a name is unknown or missing or a value is not allowed; a line for each fault.

        Examples
        --------
        >>> from analysis.parameters import LayerCoverageParameters
        >>> LayerCoverageParameters.from_text(
        ...     {"architectures": "israel_2025,nato_essi", "minimum_confidence": "low"}
        ... ).architectures
        ['israel_2025', 'nato_essi']
        """
        cls._refuse_base_eight(values)
        parameters = cls.__new__(cls)
        parameters._fill(dict(values), strict=False)
        return parameters

    @classmethod
    def _refuse_base_eight(cls, values: Mapping[str, Any]) -> None:
        """Refuse ``010`` for a number: papermill's YAML reads 8, everybody else 10."""
        fields = cls.model_fields
        lines = [
            f"{name} = {quote(value)} begins with 0, which YAML takes for base eight; write {int(value)}."
            for name, value in values.items()
            if name in fields and fields[name].annotation in (int, float)
            if isinstance(value, str) and LEADING_ZERO.fullmatch(value.strip())
        ]
        if lines:
            raise ParameterError("\n".join(lines))

    @classmethod
    def rename(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """Put a value that is given under an old name of its parameter under the new one, and say so.

        Parameters
        ----------
        given : mapping
            Name to value; an old name without a value (empty text) is dropped.

        Examples
        --------
        >>> from analysis.parameters import CoRecognitionParameters
        >>> CoRecognitionParameters.rename({"day": "2024-12-31", "on": ""})
        {'day': '2024-12-31'}
        """
        values = {name: value for name, value in given.items() if name not in cls.old_names}
        for old, new in cls.old_names.items():
            if given.get(old, "") != "":
                warnings.warn(
                    f"{old} is the old name of {new} and will cease to be one; write {new}.",
                    FutureWarning,
                    stacklevel=1,
                )
                values[new] = given[old]
        return values

    @classmethod
    def require_one_name(cls, given: Mapping[str, Any]) -> None:
        """Refuse a value under the old name of a parameter beside another under the new one.

        Parameters
        ----------
        given : mapping
            Name to value, without what stands for a default.

        Raises
        ------
        ParameterError
            Says which name to leave out.
        """
        both = [(old, new) for old, new in cls.old_names.items() if given.get(old, "") != "" and new in given]
        if both:
            lines = [f"{old} is the old name of {new}, and both are given; leave {old} out." for old, new in both]
            raise ParameterError("\n".join(lines))

    @field_validator("*")
    @classmethod
    def _take_zero_as_one(cls, value: Any) -> Any:
        """Let -0.0 be 0.0, also inside a list: they are equal, and would be two runs by their names."""
        return _without_negative_zero(value)

    def _fill(self, values: dict[str, Any], strict: bool) -> None:
        values = self.rename(values)
        _refuse_secrets(values)
        values = {name: self._read_flag(name, value) for name, value in values.items()}
        try:
            self.__pydantic_validator__.validate_python(values, strict=strict, self_instance=self)
        except ValidationError as error:
            faults = error.errors(include_url=False)
            unknown = [fault for fault in faults if fault["type"] == "extra_forbidden"]  # they cause the rest
            lines = [_describe_fault(type(self), fault) for fault in unknown or faults]
            raise ParameterError("\n".join(lines)) from None
        self.require_together()

    def require_together(self) -> None:
        """Refuse values that are allowed each for itself and cannot be used together; a model says which."""

    @classmethod
    def _read_flag(cls, name: str, value: Any) -> Any:
        """Take ``true`` and ``false`` as flags where one is wanted: papermill hands them over as text."""
        field = cls.model_fields.get(name)
        if field is not None and field.annotation is bool and isinstance(value, str):
            return {"true": True, "false": False}.get(value.strip().lower(), value)
        return value

    def as_table(self) -> ParameterTable:
        """Show the parameters: name, value, what the value stands for, and meaning with unit.

        Examples
        --------
        >>> from analysis.parameters import StartHereParameters
        >>> StartHereParameters(architecture="usa_guam", entity="PSE").as_table()[1]
        ParameterRow(name='entity', value='PSE', explanation='Palestine', meaning='who is recognised')
        """
        return ParameterTable(self._rows())

    def _rows(self) -> Iterator[ParameterRow]:
        for name, field in type(self).model_fields.items():
            value, rule = getattr(self, name), rule_of(field)
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield ParameterRow(name, shown, rule.explain(value) if rule else "", field.description or "")


def _without_negative_zero(value: Any) -> Any:
    if isinstance(value, float):
        return value + 0.0  # -0.0 + 0.0 is 0.0; every other number stays what it is
    if isinstance(value, Mapping):
        return {_without_negative_zero(name): _without_negative_zero(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return type(value)(_without_negative_zero(part) for part in value)
    return value


def _refuse_secrets(names: Iterable[str]) -> None:
    found = [name for name in names if SECRET.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name))]
    if found:
        raise ParameterError(
            f"{', '.join(map(write_name, found))}: looks like a secret. Parameters are printed on pages and kept in "
            "notebooks, so none may be one, and no notebook here needs any; leave it out."
        )


def write_name(name: str) -> str:
    """Write the name of a parameter as errors do: as it is where it is a word, else as Python writes text.

    Examples
    --------
    >>> write_name("n_threats"), write_name("1"), write_name("a b")
    ('n_threats', '1', "'a b'")
    """
    return name if re.fullmatch(r"[\w.-]+", name) else quote(name)


def _describe_fault(model: type[Parameters], fault: ErrorDetails) -> str:
    name = str(fault["loc"][0]) if fault["loc"] else model.notebook
    names = list(model.model_fields)
    if fault["type"] == "extra_forbidden":
        near = get_close_matches(name, names, n=1)
        hint = suggest(near, f"it has: {', '.join(names)}.")
        return f"{write_name(name)} is not a parameter of {model.notebook}; {hint}"
    field = model.model_fields[name]
    if fault["type"] == "missing":
        return f"{name} is missing; {model.notebook} needs it ({field.description})."
    if "error" in fault.get("ctx", {}):
        message = str(fault["ctx"]["error"])
        return message if message.startswith(name) else f"{name}: {message}"
    wanted = ": ".join(filter(None, [kind_of(field), allowed_of(field)]))
    return f"{name} = {quote(fault['input'])} is not allowed; give {wanted}."
