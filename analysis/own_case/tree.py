"""YAML as plain text, lists and mappings that know their lines; nothing in it can name, build or repeat anything."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml
from yaml import events

MOST_BYTES = 1_000_000
MOST_LEVELS = 20
MOST_VALUES = 5_000
LONGEST_KEY = 200
NAMING = ("systems", "architectures", "raids")  # what stands below them may be named elsewhere in a case
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path: TypeAlias = tuple[str, ...]
Value: TypeAlias = str | list[Any] | dict[str, Any]


@dataclass(frozen=True)
class CaseFault:
    """One thing that is wrong in a case file.

    Attributes
    ----------
    line : int
        Line of the file, from 1; 0 for the file as a whole.
    path : tuple of str
        Keys that lead there.
    value : str
        What stands there; empty where it is a whole block.
    rule : str
        What is allowed.
    """

    line: int
    path: Path
    value: str
    rule: str

    def __str__(self) -> str:
        place = ", ".join(filter(None, [f"line {self.line}" if self.line else "", ".".join(self.path)]))
        return f"{place}:{f' {self.value!r}' if self.value else ''} {self.rule}".removeprefix(": ")


@dataclass
class Tree:
    """A file of YAML.

    Attributes
    ----------
    content : dict
        Names to text, lists and mappings; every scalar is text.
    lines : dict
        Line of each key and of each element of a list, by the keys that lead to it.
    faults : list of CaseFault
        What no case file may hold.
    whole : bool
        Whether the file was read to its end.
    """

    content: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[CaseFault] = field(default_factory=list)
    whole: bool = False

    def line(self, path: Path) -> int:
        """Line of a place, or of the nearest block around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


def read_tree(content: bytes) -> Tree:
    """Read a case file.

    Parameters
    ----------
    content : bytes
        UTF-8, at most 1 MB.

    Returns
    -------
    Tree
        Where ``faults`` is empty, one mapping of at most 20 levels. Anchors, aliases, tags, several documents, keys
        given twice and characters that nobody sees are faults, and so is what is no YAML; reading then ends there.

    Examples
    --------
    >>> tree = read_tree(b"name: Mine\\nraids:\\n  big: {srbm: 40}\\n")
    >>> tree.content, tree.line(("raids", "big", "srbm"))
    ({'name': 'Mine', 'raids': {'big': {'srbm': '40'}}}, 3)
    >>> [str(fault) for fault in read_tree(b"a: 1\\na: 2\\n").faults]
    ['line 2, a: is given twice; the first time in line 1.']
    """
    tree = Tree()
    if len(content) > MOST_BYTES:
        return _wrong(tree, 0, f"has {len(content):,} bytes; a case file has at most {MOST_BYTES:,}.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _wrong(tree, content[: error.start].count(b"\n") + 1, "is not UTF-8; save the file as UTF-8.")
    try:
        _build(yaml.parse(text, Loader=_Loader), tree)
        tree.whole = True
    except _EndedError:
        pass
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else text[: getattr(error, "position", 0)].count("\n") + 1
        if mark and any("\t" in one for one in text.splitlines()[mark.line : line]):
            return _wrong(tree, line, "has a tab where YAML wants spaces; indent with spaces.")
        reason = getattr(error, "problem", "") or getattr(error, "reason", "") or "it cannot be read"
        return _wrong(tree, line, f"is no YAML: {' '.join(str(reason).split())}.")
    return tree


class _EndedError(Exception):
    """Reading ends: what follows cannot be understood."""


def _wrong(tree: Tree, line: int, rule: str, path: Path = (), value: str = "") -> Tree:
    tree.faults.append(CaseFault(line, path, value, rule))
    return tree


def _build(found: Iterator[Any], tree: Tree) -> None:
    """Put events together without recursion; ``open_blocks`` holds the blocks around the place that is read."""
    open_blocks: list[_Block] = []
    for event in found:
        line = event.start_mark.line + 1
        block = open_blocks[-1] if open_blocks else None
        path = block.path_of_next if block else ()
        if isinstance(event, events.DocumentStartEvent) and (tree.lines.get(()) or event.tags or event.version):
            _wrong(tree, line, "begins another document or gives a directive; a case file is one plain document.")
            raise _EndedError
        if isinstance(event, events.AliasEvent):
            _wrong(tree, line, f"repeats the block *{event.anchor[:40]}; write it out.", path)
            raise _EndedError
        if isinstance(event, events.NodeEvent) and event.anchor:
            _wrong(tree, line, f"names a block &{event.anchor[:40]}; leave the name out.", path)
        if isinstance(event, (events.ScalarEvent, events.CollectionStartEvent)) and event.tag not in (None, "!"):
            _wrong(tree, line, f"has the tag {event.tag[:40]!r}; leave it out, the form says what a value is.", path)
        if isinstance(event, events.CollectionEndEvent):
            open_blocks.pop()
        elif isinstance(event, events.CollectionStartEvent):
            value: Value = {} if isinstance(event, events.MappingStartEvent) else []
            _place(tree, block, value, line)
            open_blocks.append(_Block(value, path))
            if len(open_blocks) > MOST_LEVELS:
                _wrong(tree, line, f"is nested deeper than {MOST_LEVELS} levels.", path[:3])
                raise _EndedError
        elif isinstance(event, events.ScalarEvent):
            _place(tree, block, event.value, line)


def without(tree: Tree, faults: Iterable[CaseFault]) -> Tree:
    """The file without the entries that are wrong, so that more can be said of the others.

    Nothing is left where the file was not read to its end, or where others may name what is wrong.
    """
    places = {fault.path[:2] for fault in faults}
    if not tree.whole or any(not place or place[0] in NAMING for place in places):
        return Tree()
    content = dict(tree.content)
    for first, *second in places:
        block = content.pop(first, None)
        if second and isinstance(block, dict):
            content[first] = {key: value for key, value in block.items() if (first, key) not in places}
    return Tree(content, tree.lines, whole=True)


@dataclass
class _Block:
    """A mapping or list that is being read, the keys that lead to it, and the key whose value comes next."""

    value: Value
    path: Path
    key: str | None = None

    @property
    def path_of_next(self) -> Path:
        """Keys that lead to what is read next."""
        if isinstance(self.value, list):
            return (*self.path, str(len(self.value) + 1))
        return self.path if self.key is None else (*self.path, self.key)


def _place(tree: Tree, block: _Block | None, value: Value, line: int) -> None:
    """Put what was read where it belongs: as the whole, as an element, as a key, or as the value of one."""
    if len(tree.lines) > MOST_VALUES:
        _wrong(tree, line, f"is more than {MOST_VALUES:,} values; a case has a few.")
        raise _EndedError
    if block is None:
        tree.lines[()] = line
        if not isinstance(value, dict):
            _wrong(tree, line, "must hold lines such as `name: My case`; `domes case new FILE` writes an example.")
            raise _EndedError
        tree.content = value
    elif isinstance(block.value, list):
        tree.lines[block.path_of_next] = line
        block.value.append(value)
    elif block.key is None:
        _begin_key(tree, block, value, line)
    else:
        assert isinstance(block.value, dict)
        block.value.setdefault(block.key, value)
        block.key = None


def _begin_key(tree: Tree, block: _Block, key: Value, line: int) -> None:
    assert isinstance(block.value, dict)
    if not isinstance(key, str) or len(key) > LONGEST_KEY:
        _wrong(tree, line, f"has a key that is a block, or longer than {LONGEST_KEY} letters; give a name.", block.path)
        raise _EndedError
    path = (*block.path, key)
    if key in block.value:
        _wrong(tree, line, f"is given twice; the first time in line {tree.lines[path]}.", path)
    else:
        tree.lines[path] = line
    block.key = key
