"""What the models allow gives a page: random parameter sets of every notebook, made as a batch, as a user would.

Every day three sets of each notebook: those of the cheap ones become pages; the cells of any other run three times in
one kernel, which imports and reads tables once.
"""

import csv
import random
from datetime import date, timedelta

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from analysis.errors import NothingToShowError, ParameterError
from analysis.figures.data_file import SAVED_VARIABLE
from analysis.parameters.rules import Day, OneOf, SeveralOf, rule_of
from analysis.reporting.batch.ledger import open_ledger
from analysis.reporting.kernel.manager import Usage, kernel_for_a_run
from analysis.reporting.run.catalogue import find_notebook, list_notebooks
from analysis.tables import load_table

pytestmark = pytest.mark.notebook
CHEAP = ("air_defence/00-explore", "air_defence/04-cost-and-stocks", "recognition/05-country-dossier")
OTHERS = [notebook.name for notebook in list_notebooks() if notebook.name not in CHEAP]
LAST_DAY = date(2030, 12, 31)
MOST_NAMES, MOST_DRAWS, MOST_PERCENT = 5, 64, 150  # what more would only take longer; the long test has the whole size
ATTEMPTS = 1000
REPORTED = [
    {"notebook": "air_defence/02-leakage-by-doctrine", "raid": "upper_tier", "minimum_confidence": "high"},
    {"notebook": "air_defence/03-value-of-integration", "architectures": "usa_guam", "threat_classes": "mortar_rocket"},
    {"notebook": "air_defence/04-cost-and-stocks", "architecture": "israel_2025", "raid": "large_mixed"},
    {"notebook": "air_defence/04-cost-and-stocks", "system": "km_sam_2", "threat_class": "owa_drone"},
    {
        "notebook": "air_defence/04-cost-and-stocks",
        "architecture": "usa_guam",
        "inputs": "assumed",
        "programme_state": "fielded",
        "system": "israel_bmc",
        "threat_class": "hgv",
        "minimum_confidence": "high",
    },
]
"""Sets that a user reported as failing in a cell."""


def limits_of(field):
    """Lowest and highest value of a number."""
    limits = {}
    for part in field.metadata:
        for bound in ("ge", "gt", "le", "lt"):
            if hasattr(part, bound):
                limits[bound] = getattr(part, bound)
    step = 1 if field.annotation is int else 0.01
    low = limits["ge"] if "ge" in limits else limits["gt"] + step
    return low, limits["le"] if "le" in limits else limits["lt"] - step


def draw_value(rng, name, field, whole):
    """Draw what a field allows by itself; both ends of a range as often as what lies between."""
    match rule_of(field):
        case SeveralOf() as rule:
            most = min(len(rule.choices), rule.at_least + MOST_NAMES)
            return ",".join(rng.sample(list(rule.choices), rng.randint(rule.at_least, most)))
        case OneOf() as rule:
            return rng.choice(list(rule.choices))
        case Day() as rule:
            first = date.fromisoformat(rule.first)
            later = first + timedelta(days=rng.randrange((LAST_DAY - first).days))
            return rng.choice([first, later, later, LAST_DAY]).isoformat()
    if field.annotation is bool:
        return rng.choice(["true", "false"])
    low, high = limits_of(field)
    if name == "draws":
        high = max(low, MOST_DRAWS)
    if name == "raid_percent" and not whole:
        high = max(low, MOST_PERCENT)
    between = rng.randint(low, high) if field.annotation is int else round(rng.uniform(low, high), 2)
    return str(rng.choice([low, high, between, between]))


def draw_sets(name, number, whole=False):
    """Draw parameter sets that the model of a notebook allows, no two of them alike; the same at every call.

    Raids are of their whole range of sizes only where that is asked for.
    """
    rng, notebook, found = random.Random(name), find_notebook(name), {}
    for _ in range(ATTEMPTS):
        if len(found) == number:
            break
        values = {field: draw_value(rng, field, about, whole) for field, about in notebook.model.model_fields.items()}
        try:
            found[notebook.check(values).model_dump_json()] = values
        except ParameterError:
            continue  # values that do not go together
    return list(found.values())


def make_pages(domes, folder, names, number, whole=False):
    """Make the pages of random sets as one batch; return what failed, with its values."""
    runs = [{"notebook": name} | values for name in names for values in draw_sets(name, number, whole)]
    return run_batch(domes, folder, runs)


def run_batch(domes, folder, runs):
    """Run rows as one batch; return what failed, with its values."""
    columns = list(dict.fromkeys(column for run in runs for column in run))
    with (folder / "runs.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(runs)
    done = domes("batch", "runs.csv", "-o", "pages")
    with open_ledger(folder / "pages") as ledger:
        records = ledger.records
    assert len(records) >= len(runs) / 2, done.stderr
    failed = [f"{one.error}\n{one.parameters}" for one in records.values() if one.state != "done"]
    assert done.returncode == (1 if failed else 0), done.stderr
    return failed


def lay_out_cells(notebook, sets):
    """Lay out the code cells of a notebook once for each set, so that one kernel can run them all."""
    first, *rest = ["".join(cell["source"]) for cell in notebook.content["cells"] if cell["cell_type"] == "code"]
    cells = []
    for number, values in enumerate(sets):
        given = [f"{name} = {value!r}" for name, value in notebook.check(values).model_dump().items()]
        sources = "%reset -f", first, "\n".join(given), *rest
        cells += [new_code_cell(source, metadata={"set": number}) for source in sources]
    return new_notebook(cells=cells)


def run_cells(name, sets):
    """Run the code cells of a notebook with one set after the other in one kernel; return what failed, with its values.

    A set ends at its first error; one that has nothing to show has not failed.
    """
    notebook, ends = find_notebook(name), {}
    whole = lay_out_cells(notebook, sets)
    kernel = kernel_for_a_run(True, None, Usage(), {SAVED_VARIABLE: "yes"})
    folder = {"metadata": {"path": str(notebook.path.parent)}}
    NotebookClient(whole, kernel_manager_class=kernel, resources=folder, timeout=900, allow_errors=True).execute()
    for cell in whole.cells:
        for output in cell.outputs:
            if output.output_type == "error":
                ends.setdefault(cell.metadata["set"], output)
    return [
        f"{error.ename}: {error.evalue}\n{sets[number]}"
        for number, error in ends.items()
        if error.ename != NothingToShowError.__name__
    ]


def test_three_random_sets_of_cheap_notebooks_give_pages(domes, tmp_path):
    assert make_pages(domes, tmp_path, CHEAP, 3) == []


@pytest.mark.parametrize("name", OTHERS)
def test_the_cells_of_any_other_notebook_run_with_three_random_sets(name):
    assert run_cells(name, draw_sets(name, 3)) == []


def test_a_set_that_fails_is_told_with_its_values_and_one_without_an_answer_is_not(tmp_path, write_notebook):
    says = (
        'from analysis.errors import NothingToShowError\nif n == 1:\n    raise NothingToShowError("none")\n1 / (n - 2)'
    )
    path = write_notebook("# How?", ("n: int = 1", ["parameters"]), says, "n")
    assert run_cells(str(path), [{"n": n} for n in "123"]) == ["ZeroDivisionError: division by zero\n{'n': '2'}"]


def test_sets_that_failed_once_give_pages(domes, tmp_path):
    layers = load_table("air_defence/architecture_layers").set_index("architecture_id")["system_id"]
    nothing_left = {"architecture": "south_korea_kamd", "systems_off": ",".join(layers["south_korea_kamd"].unique())}
    assert run_batch(domes, tmp_path, [{"notebook": "air_defence/00-explore"} | nothing_left, *REPORTED]) == []


@pytest.mark.long
@pytest.mark.parametrize("name", [notebook.name for notebook in list_notebooks()])
def test_forty_random_sets_of_each_notebook_give_pages(domes, tmp_path, name):
    assert make_pages(domes, tmp_path, [name], 40, whole=True) == []
