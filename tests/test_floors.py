"""Imports go downwards only: from a floor to lower floors, and inside a room to modules listed above."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "analysis"

FLOORS = {
    "errors": 0,
    "air_defence": 1,
    "recognition": 1,
    "figures": 2,
    "schema": 3,
    "parameters": 3,
    "tables": 4,
    "provenance": 4,
    "checks": 5,
    "explore": 5,
    "reporting": 6,
    "cli": 7,
    "__main__": 8,
}
# Inside a floor, in the order of the house plan: a module may import only those above it.
ORDERS = {
    "air_defence": [
        "choices", "arguments", "claims", "assumed", "envelope", "coverage", "faced", "engagement", "salvo", "defence", "lanes", "looks",
        "chain", "raid", "sharing", "outcomes", "layers", "rounds", "allotment", "forces", "kill_chain", "timing", "queues", "saturation", "integration", "coordination", "windows", "shooters",
        "staircases", "networks", "cost",
        "evidence", "engagement_claims", "uncertainty", "prices", "exchange", "pairs", "programme", "stocks",
        "cases", "leakage", "drivers",
    ],
    "recognition": ["choices", "states", "exchanges", "spells", "histories", "panel", "waves", "stances", "dossiers", "votes", "timelines", "relations", "profiles", "risk_sets", "hazard", "hazard_ratios", "alignment"],
}  # fmt: skip
SIDE_STEPS = {("provenance", "tables")}  # on one floor: the footer reads the tables' files
FILE_OPENERS = {"open", "read_csv", "read_text", "read_bytes", "read_file", "to_csv", "write_text", "savefig"}

MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def imports_of(path):
    """The modules of ours that a file imports, as tuples of names below ``analysis``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if name.split(".")[0] == "analysis" and name != "analysis":
                yield tuple(name.split(".")[1:])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: ".".join(name_of(path)) or "analysis")
def test_a_module_imports_only_from_below(path):
    module = name_of(path)
    for target in imports_of(path):
        if not module or target[0] == module[0]:
            continue
        assert target[0] in FLOORS, f"{'.'.join(target)} has no floor"
        below = FLOORS[target[0]] < FLOORS[module[0]] or (module[0], target[0]) in SIDE_STEPS
        assert below, f"{'.'.join(module)} imports {'.'.join(target)}, which is not below it"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: ".".join(name_of(path)) or "analysis")
def test_a_module_of_a_room_imports_only_those_above_it(path):
    module = name_of(path)
    order = ORDERS.get(module[0] if module else "", [])
    if len(module) < 2 or not order:
        return
    assert module[1] in order, f"{'.'.join(module)} is not in the house plan"
    for target in imports_of(path):
        if target[0] == module[0] and len(target) > 1 and target[1] in order:
            assert order.index(target[1]) < order.index(module[1]), f"{module[1]} imports {target[1]}"


@pytest.mark.parametrize("room", ["air_defence", "recognition"])
def test_science_opens_no_file_and_draws_nothing(room):
    for path in (PACKAGE / room).glob("*.py"):
        tree = ast.parse(path.read_text())
        called = {
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
        }
        assert not called & FILE_OPENERS, f"{path.name} opens a file"
        imported = {name.split(".")[0] for node in ast.walk(tree) for name in _foreign(node)}
        assert not imported & {"matplotlib", "seaborn", "altair", "IPython"}, f"{path.name} draws"


def _foreign(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_choices_import_nothing():
    for path in PACKAGE.glob("*/choices.py"):
        tree = ast.parse(path.read_text())
        assert not [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], path


def test_modules_keep_to_their_size():
    long = {".".join(name_of(path)): len(path.read_text().splitlines()) for path in MODULES}
    assert not {name: size for name, size in long.items() if size > 300}
