"""Parameters as a user gives them: ``name=value`` on the command line, a YAML file, or the rule of a case."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from analysis.errors import ParameterError, printable
from analysis.parameters.base import write_name
from analysis.reporting.run.catalogue import Notebook
from analysis.reporting.run.files import read_whole

if TYPE_CHECKING:
    from analysis.own_case.file import OwnCase

RULE = "rule"


class Texts(yaml.BaseLoader):
    """Leaves every value as text, since YAML reads the name `on` as true; refuses a name given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build a mapping, as its base does, after a look at its names."""
        names = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = [str(name) for name, times in Counter(map(str, names)).items() if times > 1]
        if twice:
            raise yaml.YAMLError(f"{', '.join(twice)} is given twice")
        return super().construct_mapping(node, deep)


def read_parameters(pairs: Sequence[str], file: Path | None) -> dict[str, Any]:
    """Read a YAML file and ``name=value`` pairs; the pairs win.

    Parameters
    ----------
    pairs : sequence of str
        For example ``["entity=PSE", "day=2025-09-30"]``; later ones win.
    file : pathlib.Path or None
        YAML file with a line ``name: value`` for each parameter.

    Returns
    -------
    dict
        Name to text, or to a list of texts; the notebook's model gives them their types.

    Raises
    ------
    ParameterError
        When a pair has no ``=`` or the file is not what is expected.

    Examples
    --------
    >>> read_parameters(["entity=PSE", "day=2025-09-30"], None)
    {'entity': 'PSE', 'day': '2025-09-30'}
    """
    given = _read_file(file) if file else {}
    said: dict[str, str] = {}
    for pair in pairs:
        if not is_text(pair):
            raise ParameterError(f"-p {pair!r} holds bytes that are no UTF-8; write it in letters.")
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise ParameterError(f"-p {pair} is not a parameter; write -p name=value.")
        name, value = name.strip(), value.strip()
        if said.setdefault(name, value) != value:
            rule = "give it once, several values of a list separated by commas."
            raise ParameterError(f"-p {name} is given twice, as {said[name]!r} and as {value!r}; {rule}")
        given[name] = value
    return given


def name_file(error: ParameterError, file: Path | None, pairs: Sequence[str]) -> ParameterError:
    """Put the file before each line of an error that speaks of a parameter of the file, unless a pair gives it too."""
    if file is None:
        return error
    spoken = set(_read_file(file)) - {pair.partition("=")[0].strip() for pair in pairs}
    written = {printable(write_name(name)) for name in spoken}
    lines = [f"{file}: {line}" if _speaks_of(line, written) else line for line in str(error).splitlines()]
    return ParameterError("\n".join(lines))


def _speaks_of(line: str, names: set[str]) -> bool:
    """Tell whether a line begins with one of some names, lists it at its beginning, or gives its value further on."""
    if names & set(line.partition(": ")[0].split(", ")):
        return True
    word = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return bool(names) and bool(re.search(rf"^({word})(?![\w.-])|(?<![\w.-])({word})(?= = |;)", line))


def is_text(word: str) -> bool:
    r"""Tell text from what a shell handed over as bytes of no encoding.

    Examples
    --------
    >>> is_text("T\u00fcrkiye"), is_text("\udcff")
    (True, False)
    """
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _read_file(file: Path) -> dict[str, Any]:
    whole = read_whole(file)
    try:
        content = yaml.load(whole.decode("utf-8-sig"), Loader=Texts)
    except UnicodeDecodeError as error:
        line = whole.count(b"\n", 0, error.start) + 1
        raise ParameterError(f"{file}: is not UTF-8 in line {line}; save the file as UTF-8.") from None
    except RecursionError:
        raise ParameterError(f"{file}: is nested too deep; write a line for each parameter.") from None
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise ParameterError(f"{file}: is not YAML ({reason}).") from None
    if not isinstance(content, dict) or "" in content:
        raise ParameterError(f"{file}: must hold lines such as `entity: PSE`, a parameter each.")
    return content


def add_rule(given: Mapping[str, Any], notebook: Notebook, case: "OwnCase | None") -> dict[str, Any]:
    """Give the counting rule of a case to a notebook that has one, unless the run names it."""
    wanted = case is not None and case.form.rule and RULE in notebook.model.model_fields
    return ({RULE: case.form.rule} if wanted and case else {}) | dict(given)
