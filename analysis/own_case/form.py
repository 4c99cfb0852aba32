"""The form of a case file: which keys it may have, and what may stand under each."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Self, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from analysis.air_defence.facts.choices import (
    ARCHITECTURES,
    CAPABILITIES,
    DISTRIBUTIONS,
    LAYERS,
    PROGRAMME_STATES,
    SYSTEMS,
    THREAT_CLASSES,
    WARS,
)
from analysis.errors import suggest
from analysis.own_case.tree import CaseFault, Path, Tree
from analysis.recognition.facts.choices import RULES
from analysis.schema.air_defence import COUNTERS, RAID_DENOMINATORS
from analysis.schema.characters import find_damage

ID = "[a-z][a-z0-9_]{0,39}"
PLAIN_TEXT = re.compile(r"[\w(][\w .,:;'()/%+\-\u2013\u2014!?\u00b0#=&\"]*")
"""Words, numbers and common signs: nothing that HTML, TeX, Markdown or a spreadsheet takes for a command."""
LONGEST_NAME, LONGEST_NOTE = 100, 1_000
MOST_BATTERIES, MOST_ROUNDS, MOST_THREATS, MOST_DAYS, MOST_COUNTED = 500, 20_000, 10_000, 365, 20_000
ENDS = ("low", "best", "high")
PLAIN_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]*)?(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")


def _plain(text: str) -> str:
    if damage := find_damage(text):
        raise PydanticCustomError("plain", "{rule}.", {"rule": damage})
    if not PLAIN_TEXT.fullmatch(text):
        raise PydanticCustomError(
            "plain",
            "is not plain text; begin with a letter or digit, without < > $ \\ ` * | ~ ^, brackets and line breaks.",
        )
    return text


def _identifier(text: str) -> str:
    if not re.fullmatch(ID, text):
        raise PydanticCustomError(
            "id", "is no name of the form; begin with a small letter, then small letters, digits and _, at most 40."
        )
    return text


def _one_of(words: Iterable[str]) -> AfterValidator:
    """Let pass what is among words, and name the nearest otherwise."""
    known = list(words)

    def check(text: str) -> str:
        if text in known:
            return text
        near = get_close_matches(text, known, n=1)
        hint = suggest([repr(one) for one in near], f"choose one of {', '.join(known)}.")
        raise PydanticCustomError("choice", "is not known; {rule}", {"rule": hint})

    return AfterValidator(check)


def _plain_number(given: Any) -> Any:
    """Refuse digits that others read as another number: 017 is 15 in some YAML; a zero has no sign."""
    if not isinstance(given, str) or not any(letter.isdigit() for letter in given):
        return given
    if not PLAIN_NUMBER.fullmatch(given.strip()):
        raise PydanticCustomError(
            "number", "is no plain number; write one as 12 or 0.4, without leading zeros, commas, _ and other digits."
        )
    return "0" if float(given) == 0 else given


PLAIN = BeforeValidator(_plain_number)
Name = Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(_plain)]
Note = Annotated[str, Field(max_length=LONGEST_NOTE), AfterValidator(_plain)]
Id = Annotated[str, AfterValidator(_identifier)]
ThreatClass = Annotated[str, _one_of(THREAT_CLASSES)]
Rating = Annotated[str, _one_of(CAPABILITIES)]
State = Annotated[str, _one_of(PROGRAMME_STATES)]
Nation = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Count = Annotated[int, Field(ge=0, le=MOST_COUNTED), PLAIN]


class Block(BaseModel):
    """What all blocks of the form have in common: no other keys than these, no number that is not finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Law(Block):
    """A value that is not known: low, best and high, or one number, and by which law it is drawn.

    Attributes
    ----------
    distribution : {"pert", "uniform", "triangular", "beta"}
        PERT where nothing is said.
    low, best, high : float
        Lowest, best and highest value. Of a uniform law the best value is the middle; a beta law has none of them.
    a, b : float
        Exponents of a beta law between 0 and 1, whose mean is a / (a + b).
    """

    distribution: Annotated[str, _one_of((*DISTRIBUTIONS, "beta"))] = "pert"
    low: Annotated[float | None, Field(ge=0, le=1e13), PLAIN] = None
    best: Annotated[float | None, Field(ge=0, le=1e13), PLAIN] = None
    high: Annotated[float | None, Field(ge=0, le=1e13), PLAIN] = None
    a: Annotated[float | None, Field(gt=0, le=10_000), PLAIN] = None
    b: Annotated[float | None, Field(gt=0, le=10_000), PLAIN] = None

    @model_validator(mode="before")
    @classmethod
    def _take_one_number(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        plain = _plain_number(given)
        try:
            return dict.fromkeys(ENDS, float(plain))
        except ValueError:
            raise _law("is no number; give one, such as 0.4, or low, best and high.") from None

    @model_validator(mode="after")
    def _be_whole(self) -> Self:
        wanted = {"beta": ("a", "b"), "uniform": ("low", "high")}.get(self.distribution, ENDS)
        given = [name for name in (*ENDS, "a", "b") if getattr(self, name) is not None]
        allowed = ("low", "high", "best") if self.distribution == "uniform" else wanted
        if missing := [name for name in wanted if name not in given]:
            raise _law(f"lacks {' and '.join(missing)}; a {self.distribution} law has {', '.join(wanted)}.")
        if more := [name for name in given if name not in allowed]:
            raise _law(f"has {' and '.join(more)}, which a {self.distribution} law has not; leave it out.")
        ends = [value for value in (self.low, self.best, self.high) if value is not None]
        if ends != sorted(ends):
            raise _law(f"has {', '.join(f'{value:g}' for value in ends)}; give low <= best <= high.")
        return self

    @property
    def ends(self) -> tuple[float, float, float]:
        """Low, best and high as our tables hold them: of a beta law the mean, and what holds nine draws of ten."""
        if self.a is not None and self.b is not None:
            from scipy.stats import beta  # half a second that few cases need

            low, high = beta.ppf([0.05, 0.95], self.a, self.b)
            return round(float(low), 6), round(self.a / (self.a + self.b), 6), round(float(high), 6)
        assert self.low is not None and self.high is not None
        best = self.best if self.best is not None else (self.low + self.high) / 2
        return self.low, best, self.high

    @property
    def text(self) -> str:
        """The law as ``air_defence/assumptions`` names it."""
        return f"beta({self.a:g},{self.b:g})" if self.distribution == "beta" else self.distribution

    @property
    def law(self) -> str:
        """The law where it must be said: empty for PERT, and for one number."""
        return "" if self.distribution == "pert" or self.low == self.high is not None else self.text


def _law(rule: str) -> PydanticCustomError:
    return PydanticCustomError("law", "{rule}", {"rule": rule})


def _within(most: float, whole: bool = False) -> AfterValidator:
    """Refuse a value whose ends pass a bound, or are no whole numbers where these are wanted."""

    def check(law: Law) -> Law:
        if law.distribution == "beta" and whole:
            raise _law("is a beta law, which lies between 0 and 1; give low, best and high.")
        if law.ends[2] > most:
            raise _law(f"reaches {law.ends[2]:g}; give at most {most:,}.")
        if whole and any(end % 1 for end in (law.low, law.best, law.high) if end is not None):
            raise _law("has a fraction; give whole numbers.")
        return law

    return AfterValidator(check)


Probability = Annotated[Law, _within(1)]
Rounds = Annotated[Law, _within(MOST_ROUNDS, whole=True)]
Batteries = Annotated[Law, _within(MOST_BATTERIES, whole=True)]


class System(Block):
    """A system: single inputs of one of ours, or one of the user's own, which needs name, layer and ratings."""

    kill_probability: dict[ThreatClass, Probability] = {}
    ratings: dict[ThreatClass, Rating] = {}
    rounds: Rounds | None = None
    batteries: Batteries | None = None
    track: Probability | None = None
    coverage: Probability | None = None
    taken_out: bool = False
    name: Name | None = None
    layer: Annotated[str | None, BeforeValidator(lambda text: text), _one_of([*LAYERS[:-1]])] = None
    mechanism: Literal["hit_to_kill", "blast_frag"] = "blast_frag"
    nation: Nation = "XXX"
    range_km: Annotated[float | None, Field(gt=0, le=5_000), PLAIN] = None
    ceiling_km: Annotated[float | None, Field(gt=0, le=5_000), PLAIN] = None


class Standing(Block):
    """A system within an architecture: how far it has come, and how much there is of it."""

    state: State = "fielded"
    role: Name = "as the case of the user has it"
    batteries: Batteries | None = None
    rounds: Rounds | None = None
    taken_out: bool = False

    @model_validator(mode="after")
    def _mean_something(self) -> Self:
        if self.taken_out and (self.batteries or self.rounds):
            raise _law("is taken out and has batteries or rounds; give either.")
        return self


class Architecture(Block):
    """An architecture of the user's own."""

    name: Name
    builds_on: Annotated[str | None, AfterValidator(lambda text: text)] = None
    as_of: Annotated[str | None, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] = None
    owner: Nation | None = None
    note: Note = "as the case of the user has it"


class Raid(Block):
    """A notional raid of the user's own, on one day or on several without a reload in between."""

    name: Name
    threats: Annotated[dict[ThreatClass, Annotated[int, Field(ge=1, le=MOST_THREATS), PLAIN]], Field(min_length=1)]
    days: Annotated[int, Field(ge=1, le=MOST_DAYS), PLAIN] = 1

    @model_validator(mode="after")
    def _fit(self) -> Self:
        most = max(self.threats.values()) * self.days
        if most > MOST_THREATS:
            raise _law(f"has {most:,} threats of one class over its days; give at most {MOST_THREATS:,}.")
        return self


class Counted(Block):
    """What was counted of one class in a raid that happened."""

    launched: Count | None = None
    failed: Count | None = None
    left_alone: Count | None = None
    engaged: Count | None = None
    destroyed: Count | None = None
    killed_by_aircraft: Count | None = None
    killed_by_ship: Count | None = None
    leaked_low: Count | None = None
    leaked_high: Count | None = None


class ObservedRaid(Block):
    """A raid that happened, by the user's own word."""

    name: Name
    war: Annotated[str, _one_of(WARS)]
    begin: Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
    end: Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
    counted_by: Annotated[str, _one_of(COUNTERS)]
    denominator: Annotated[str, _one_of(RAID_DENOMINATORS)]
    counts: Annotated[dict[ThreatClass, Counted], Field(min_length=1)]
    salvos: Annotated[int | None, Field(ge=1, le=200), PLAIN] = None
    censored: bool = False
    defence: Id | None = None


def _known_assumption(name: str, info: ValidationInfo) -> str:
    known = list((info.context or {}).get("assumptions", ()))
    if not known or name in known:
        return name
    near = get_close_matches(name, known, n=2)
    hint = f"did you mean {' or '.join(near)}?" if near else "data/air_defence/assumptions.csv lists them."
    raise PydanticCustomError("assumption", "is no assumption of ours; {hint}", {"hint": hint})


class Form(Block):
    """A case file."""

    name: Name
    note: Note = ""
    assumptions: dict[Annotated[str, AfterValidator(_known_assumption)], Law] = {}
    systems: dict[Id, System] = {}
    layers: dict[Id, dict[Id, Standing]] = {}
    architectures: dict[Id, Architecture] = {}
    raids: dict[Id, Raid] = {}
    observed_raids: dict[Id, ObservedRaid] = {}
    rule: Annotated[str | None, _one_of(RULES)] = None

    @property
    def names(self) -> dict[str, dict[str, str]]:
        """The names that the case adds to ours, with their words; own raids replace ours of the same name."""
        return {
            "architectures": {key: own.name for key, own in self.architectures.items()},
            "raids": {key: own.name for key, own in self.raids.items()},
            "systems": {key: str(own.name) for key, own in self.systems.items() if key not in SYSTEMS.ours},
        }


def read_form(tree: Tree, assumptions: Iterable[str] = ()) -> tuple[Form | None, list[CaseFault]]:
    """Check what a file holds by the form.

    Parameters
    ----------
    tree : Tree
        From ``read_tree``.
    assumptions : iterable of str
        Names that may stand under ``assumptions``; none lets all pass.

    Returns
    -------
    form : Form or None
        None where something is wrong.
    faults : list of CaseFault
        All that is wrong, in the order of the lines.
    """
    faults = list(tree.faults)
    form = None
    if tree.whole:
        try:
            form = Form.model_validate(tree.content, context={"assumptions": list(assumptions)})
        except ValidationError as error:
            faults += [_fault(one, tree) for one in error.errors(include_url=False)]
        faults += _find_unknown_names(tree)
    faults.sort(key=lambda fault: fault.line)
    return (None if faults else form), list(dict.fromkeys(faults))


def _fault(error: ErrorDetails, tree: Tree) -> CaseFault:
    path = tuple(str(part) for part in error["loc"] if part != "[key]")
    given = error["input"]
    value = given if isinstance(given, str) else f"{given:g}" if isinstance(given, float) else ""
    if error["type"] == "extra_forbidden":
        known = list(_fields(path[:-1]))
        near = get_close_matches(path[-1], known, n=1)
        hint = suggest(near, f"there are {', '.join(known)}.")
        return CaseFault(tree.line(path), path, "", f"is no key here; {hint}")
    return CaseFault(tree.line(path), path, value[:80], _rule(error))


def _rule(error: ErrorDetails) -> str:
    """Say in words what is allowed."""
    limits = error.get("ctx", {})
    rules = {
        "missing": "is missing; give it.",
        "float_parsing": "is no number; give one, such as 0.4.",
        "finite_number": "is no finite number; give one, such as 0.4.",
        "int_parsing": "is no whole number; give one, such as 12.",
        "int_parsing_size": "is no whole number of this size; give one, such as 12.",
        "int_type": "is a block; give one whole number, such as 12.",
        "float_type": "is a block; give one number, such as 0.4.",
        "bool_type": "is a block; give true or false.",
        "bool_parsing": "is neither true nor false; give one of them.",
        "dict_type": "is no block; write names and values below it, or leave it out.",
        "model_type": "is no block; write its keys and values below it.",
        "model_attributes_type": "is no block; write its keys and values below it.",
        "string_type": "is a block; give plain text.",
        "string_too_long": f"is too long; give at most {limits.get('max_length')} letters.",
        "string_pattern_mismatch": f"does not look like {limits.get('pattern', '').strip('^$')}.",
        "too_short": "is empty; give at least one.",
        "greater_than": "is not allowed; give more than {gt:,.12g}.",
        "greater_than_equal": "is not allowed; give at least {ge:,.12g}.",
        "less_than_equal": "is not allowed; give at most {le:,.12g}.",
        "literal_error": f"is not known; choose {limits.get('expected')}.",
    }
    rule = rules.get(error["type"], error["msg"])
    return rule.format_map(limits) if error["type"].startswith(("greater", "less")) else rule


def _fields(path: Path) -> Mapping[str, Any]:
    """Keys that the form allows in a block."""
    kind: Any = Form
    for part in path:
        if isinstance(kind, type) and issubclass(kind, Block):
            kind = _bare(kind.model_fields[part].annotation)
        else:
            kind = _bare(get_args(kind)[-1])
    return kind.model_fields if isinstance(kind, type) and issubclass(kind, Block) else {}


def _bare(kind: Any) -> Any:
    """Take the notes and the None off a type."""
    while get_origin(kind) is Annotated or type(None) in get_args(kind):
        kind = get_args(kind)[0]
    return kind


def _find_unknown_names(tree: Tree) -> list[CaseFault]:
    """Find names that are neither ours nor defined in the file, and definitions that lack what ours have."""

    def block(*path: str) -> dict[str, Any]:
        found: Any = tree.content
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    faults = []

    def refuse(path: Path, rule: str, value: str = "") -> None:
        faults.append(CaseFault(tree.line(path), path, value, rule))

    systems = {*SYSTEMS.ours, *block("systems")}
    architectures = {*ARCHITECTURES.ours, *block("architectures")}
    for name in block("systems"):
        if name not in SYSTEMS.ours:
            lacking = [key for key in ("name", "layer", "ratings") if key not in block("systems", name)]
            if lacking:
                near = get_close_matches(name, SYSTEMS.ours, n=1)
                hint = suggest(near, f"one of your own needs {', '.join(lacking)}.")
                refuse(("systems", name), f"is no system of ours; {hint}")
    for name in block("architectures"):
        if name in ARCHITECTURES.ours:
            refuse(("architectures", name), "is ours; change what it has under layers, or choose another name.")
        base = block("architectures", name).get("builds_on")
        if isinstance(base, str) and base not in ARCHITECTURES.ours:
            refuse(
                ("architectures", name, "builds_on"),
                f"is no architecture of ours; choose one of {', '.join(ARCHITECTURES.ours)}.",
                base[:80],
            )
    for name in block("layers"):
        if name not in architectures:
            near = get_close_matches(name, architectures, n=1)
            hint = suggest(near, f"there are {', '.join(sorted(architectures))}.")
            refuse(("layers", name), f"is no architecture; {hint}")
        for system in block("layers", name):
            if system not in systems:
                near = get_close_matches(system, systems, n=1)
                hint = suggest(near, "one of your own is defined under systems.")
                refuse(("layers", name, system), f"is no system; {hint}")
    return faults
