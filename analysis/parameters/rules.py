"""What a parameter's value may be beyond its type: one of some names, several of them, a day."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, ClassVar

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from analysis.errors import LONGEST_QUOTE, ParameterError, quote, require_choice, suggest


class Rule:
    """What a value may be, beyond its type; stands in ``Annotated[...]``."""

    kind: ClassVar[str] = "text"

    @property
    def allowed(self) -> str:
        """Say in words what is allowed."""
        raise NotImplementedError

    def check(self, name: str, value: Any) -> None:
        """Raise ``ParameterError`` unless the value is allowed."""
        raise NotImplementedError

    def explain(self, value: Any) -> str:
        """Say what an allowed value stands for; empty where the value speaks for itself."""
        return ""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def checked(value: Any, info: ValidationInfo) -> Any:
            self.check(str(info.field_name), value)
            return value

        return core_schema.with_info_after_validator_function(checked, handler(source))


@dataclass(frozen=True)
class OneOf(Rule):
    """One of some names; a mapping also says what each stands for, ``refused`` why a name is known and not offered."""

    choices: Mapping[str, str] | Sequence[str]
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def allowed(self) -> str:
        """List the names."""
        return f"one of {', '.join(self.choices)}"

    def check(self, name: str, value: str) -> None:
        """Refuse a name that is not among them."""
        if value in self.refused:
            raise ParameterError(f"{name} = {value!r} is not offered here: {self.refused[value]}; give {self.allowed}.")
        require_choice(name, value, self.choices)

    def explain(self, value: str) -> str:
        """Give the words that belong to a name."""
        return self.choices[value] if isinstance(self.choices, Mapping) else ""


@dataclass(frozen=True)
class CodeOf(OneOf):
    """One of many codes with names; a wrong one is answered with the nearest, not with all of them."""

    choices: Mapping[str, str]

    @property
    def allowed(self) -> str:
        """Say how many codes there are."""
        codes = list(self.choices)
        return f"one of {len(codes)} codes, such as {codes[0]} ({self.choices[codes[0]]})"

    def check(self, name: str, value: str) -> None:
        """Refuse what is no code, naming what is near to it as a code or as a name."""
        if value in self.choices:
            return
        named = {word.casefold(): code for code, word in self.choices.items()}
        asked = value[:LONGEST_QUOTE]
        near = get_close_matches(asked.casefold(), named, n=1) or get_close_matches(asked.upper(), self.choices, n=2)
        codes = [named.get(word, word) for word in near]
        hint = suggest([f"{code} ({self.choices[code]})" for code in codes], f"give {self.allowed}.")
        raise ParameterError(f"{name} = {quote(value)} is not known; {hint}")


@dataclass(frozen=True)
class SeveralOf(Rule):
    """A list of different names; text such as ``a,b`` or ``["a", "b"]`` is taken as a list."""

    choices: Mapping[str, str]
    at_least: int
    kind: ClassVar[str] = "list"

    @property
    def allowed(self) -> str:
        """Say how many, and list the names."""
        return f"{self.at_least} or more of {', '.join(self.choices)}, separated by commas"

    def check(self, name: str, value: list[str]) -> None:
        """Refuse unknown names, repeated ones, and too few."""
        for one in value:
            require_choice(name, one, self.choices)
        repeated = sorted({one for one in value if value.count(one) > 1})
        if repeated:
            raise ParameterError(f"{name} names {', '.join(repeated)} more than once; name each once.")
        if len(value) < self.at_least:
            raise ParameterError(f"{name} = {','.join(value)!r} is too short; give {self.allowed}.")

    def explain(self, value: list[str]) -> str:
        """Give the words that belong to each name."""
        return "; ".join(self.choices[one] for one in value)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        checked = super().__get_pydantic_core_schema__(source, handler)
        return core_schema.no_info_before_validator_function(_as_list, checked)


@dataclass(frozen=True)
class Listed(Rule):
    """A list of whatever its type says; text such as ``a,b`` or ``["a", "b"]`` is taken as a list."""

    kind: ClassVar[str] = "list"

    @property
    def allowed(self) -> str:
        """Say how a list is written."""
        return "values separated by commas"

    def check(self, name: str, value: list[Any]) -> None:
        """Let every list pass."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_as_list, handler(source))


@dataclass(frozen=True)
class OrNone(Rule):
    """A value of its type, or ``none``, which stands for no value."""

    @property
    def allowed(self) -> str:
        """Say how no value is written."""
        return "a value of its type, or none"

    def check(self, name: str, value: Any) -> None:
        """Let every value pass."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_or_none, handler(source))


@dataclass(frozen=True)
class Day(Rule):
    """A day as YYYY-MM-DD, not before the first one, and not so late that no axis of a figure reaches it."""

    first: str
    last: str = "2100-12-31"
    kind: ClassVar[str] = "day"

    @property
    def allowed(self) -> str:
        """Say how a day is written, from when and until when."""
        return f"YYYY-MM-DD, {self.first} or later, {self.last} or earlier"

    def check(self, name: str, value: str) -> None:
        """Refuse what is not a day, is too early or too late."""
        if not _is_day(value):
            raise ParameterError(f"{name} = {quote(value)} is not a day; give YYYY-MM-DD, for example 1979-12-31.")
        if value < self.first:
            raise ParameterError(f"{name} = {quote(value)} is before {self.first}; give that day or a later one.")
        if value > self.last:
            raise ParameterError(f"{name} = {quote(value)} is after {self.last}; give that day or an earlier one.")


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _as_list(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except (json.JSONDecodeError, RecursionError):
            raise ParameterError(f"{quote(value)} is not a JSON list; separate the names by commas.") from None
    return [part.strip() for part in value.split(",") if part.strip()]


def _or_none(value: Any) -> Any:
    return None if isinstance(value, str) and value.lower() in ("none", "null") else value


def rule_of(field: FieldInfo) -> Rule | None:
    """Return the rule of a field, where it has one beyond its type."""
    return next((part for part in field.metadata if isinstance(part, Rule)), None)


def kind_of(field: FieldInfo) -> str:
    """Say in a word what sort of value a field takes: text, day, list, integer, number or flag."""
    rule = rule_of(field)
    names: dict[Any, str] = {int: "integer", float: "number", bool: "flag", list: "list"}
    return rule.kind if rule else names.get(field.annotation, "text")


def allowed_of(field: FieldInfo) -> str:
    """Say in words which values a field takes; empty where every value of its type will do."""
    rule = rule_of(field)
    if rule:
        return rule.allowed
    if field.annotation is bool:
        return "true or false"
    bounds = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    return ", ".join(
        f"{words} {getattr(part, bound)}"
        for part in field.metadata
        for bound, words in bounds.items()
        if hasattr(part, bound)
    )
