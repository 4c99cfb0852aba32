"""Imports go downwards only: from a floor to lower floors, and inside a room to modules listed above."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "analysis"

FLOORS = {
    "errors": 0,
    "facts": 0,
    "home": 0,
    "compiling": 0,
    "scratch": 0,
    "signals": 0,
    "case_in_use": 0,
    "csv_text": 0,
    "air_defence": 1,
    "recognition": 1,
    "figures": 2,
    "schema": 3,
    "parameters": 3,
    "data_package": 4,
    "tables": 4,
    "base_map": 4,
    "provenance": 4,
    "checks": 5,
    "own_case": 5,
    "release": 5,
    "explore": 5,
    "reporting": 6,
    "cli": 7,
    "__main__": 8,
}
# Inside a room, from the ground up: a module may import only those above it in this list.
ORDERS = {
    "air_defence": [
        "facts.choices", "facts.states", "facts.claims", "facts.envelope", "facts.coverage", "facts.rounds",
        "facts.windows", "facts.batteries", "facts.prices", "facts.programme",
        "models.arguments", "models.allotment", "models.engagement", "models.salvo", "models.kill_chain",
        "models.saturation", "models.coordination", "models.exchange", "models.intervals",
        "exact.defence", "exact.lanes", "exact.looks", "exact.chain", "exact.places", "exact.raid_effect", "exact.raid", "exact.sharing", "exact.outcomes",
        "exact.layers",
        "calibration.nights", "calibration.law", "calibration.rolling", "calibration.scores", "calibration.hindcast",
        "calibration.rates", "calibration.prior", "calibration.raids", "calibration.stand_in", "calibration.tempering",
        "calibration.fit", "calibration.exactly", "calibration.held_out",
        "questions.uncertainty", "questions.forces", "questions.cases", "questions.posterior", "questions.ledger", "questions.cost", "questions.leakage",
        "questions.staircases", "questions.networks", "questions.stocks", "questions.campaign", "questions.evidence",
    ],
    "recognition": [
        "facts.choices", "facts.states", "facts.codes", "facts.exchanges", "facts.spells", "panel", "dyad_years", "waves",
        "agreement", "multiverse", "today", "many_tests", "timelines", "relations", "profiles", "dossiers", "survival.risk_sets",
        "survival.curves", "survival.medians",
        "survival.comparisons", "alignment",
    ],
    "own_case": ["example", "tree", "form", "laid", "standing", "overlay", "file"],
    "release": ["request", "folder", "formats", "panel"],
    "reporting": [
        "kernel.surroundings", "kernel.app", "kernel.forked", "kernel.warm", "kernel.provisioner", "kernel.manager",
        "run.files", "run.annotations", "run.catalogue", "run.given", "run.waiting", "run.saving", "run.places", "run.run",
        "page.render", "page.table", "page.clean", "page.text", "page.picture", "page.download", "page.beside", "page.references",
        "page.claims", "page.citation", "page.index", "page.page",
        "batch.runs_file", "batch.plan", "batch.ledger", "batch.tasks", "batch.executor", "batch.cluster",
        "batch.progress", "batch.batch", "batch.report",
    ],
}  # fmt: skip
SIDE_STEPS = {
    ("tables", "data_package"),
    ("provenance", "data_package"),
    ("base_map", "data_package"),
    ("provenance", "tables"),
    ("base_map", "tables"),
    ("facts", "errors"),
    ("case_in_use", "errors"),
    ("csv_text", "errors"),
    ("own_case", "checks"),
    ("explore", "own_case"),
}  # on one floor
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


@pytest.mark.parametrize("room", ORDERS)
def test_the_house_plan_lists_every_module_of_a_room(room):
    found = {".".join(name_of(path)[1:]) for path in (PACKAGE / room).rglob("*.py") if path.name != "__init__.py"}
    assert sorted(ORDERS[room]) == sorted(found)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: ".".join(name_of(path)) or "analysis")
def test_a_module_of_a_room_imports_only_those_above_it(path):
    room, *module = name_of(path) or ("",)
    order = ORDERS.get(room, [])
    if ".".join(module) not in order:
        return
    for target in imports_of(path):
        found = [name for name in (".".join(target[1:3]), ".".join(target[1:2])) if name in order]
        if target[0] == room and found:
            assert order.index(found[0]) < order.index(".".join(module)), f"{'.'.join(module)} imports {found[0]}"


@pytest.mark.parametrize("room", ["air_defence", "recognition"])
def test_science_opens_no_file_and_draws_nothing(room):
    for path in (PACKAGE / room).rglob("*.py"):
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


def test_choices_import_nothing_that_takes_time():
    for path in PACKAGE.rglob("choices.py"):
        tree = ast.parse(path.read_text())
        assert {name for node in tree.body for name in _foreign(node)} <= {"", "dataclasses", "analysis.case_in_use"}, (
            path
        )


def test_modules_keep_to_their_size_and_folders_to_twelve_modules():
    long = {".".join(name_of(path)): len(path.read_text().splitlines()) for path in MODULES}
    assert not {name: size for name, size in long.items() if size > 480}
    crowds = {folder: len([*folder.glob("[!_]*.py")]) for folder in {path.parent for path in MODULES}}
    assert not {
        folder.name: number for folder, number in crowds.items() if number > 13 and "figures" not in str(folder)
    }
