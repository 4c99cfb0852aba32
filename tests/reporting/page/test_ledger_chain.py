"""The chain that a page carries, in a browser, beside the one that notebooks use."""

from pathlib import Path

import numpy as np
import pytest

from analysis.air_defence.exact.layers import Layer, leakers_by_class, raid_leakers
from analysis.air_defence.facts.choices import COVERAGE_SCOPES, DOCTRINES, TRACK_SCOPES
from analysis.air_defence.questions.ledger import describe_layers
from analysis.reporting.page import ledger

pytestmark = pytest.mark.browser
CHAIN = Path(ledger.__file__).parent / "chain.js"
CLOSE = 1e-9
EDGES = [0.0, 1.0, 0.5, 1e-6, 1 - 1e-6]
SOLVE = """
(cases) => cases.map(({ defence, raid, correlation }) => {
  const found = leakersOfRaid(defence, raid, correlation);
  const classes = Object.entries(found.classes).map(([name, row]) => [name, [...row]]);
  const means = Object.keys(found.classes).map((name) => [name, meanOfClass(defence, name, raid[name])]);
  return { all: [...found.all], classes: Object.fromEntries(classes), means: Object.fromEntries(means) };
})
"""


@pytest.fixture(scope="module")
def solve(browser):
    """Solve cases with the page's chain."""
    opened = browser.new_page()
    opened.add_script_tag(content=CHAIN.read_text(encoding="utf-8"))
    yield lambda cases: opened.evaluate(SOLVE, cases)
    opened.close()


def a_chance(rng):
    return float(rng.choice(EDGES)) if rng.random() < 0.15 else float(rng.random())


def a_case(rng):
    """A defence and a raid at random: magazines that bind, that hardly bind and that do not; everything else too."""
    names = list(rng.permutation(["owa_drone", "subsonic_cm", "srbm", "mrbm"])[: rng.integers(1, 4)])
    largest = int(rng.choice([6, 25, 90]))
    raid = {str(name): int(rng.integers(0, largest)) for name in names}
    n_layers = int(rng.integers(1, 6))
    n_upper, place = int(rng.integers(0, n_layers + 1)), {name: a_chance(rng) for name in raid}
    layers = []
    for i in range(n_layers):
        met = [name for name in raid if rng.random() < 0.8]
        magazine = {name: int(rng.integers(0, 3 * raid[name] + 2)) for name in met}
        alone = i < n_upper or rng.random() < 0.2
        coverage = {name: a_chance(rng) if alone else place[name] for name in met}
        doctrine, local = str(rng.choice(list(DOCTRINES))), i >= n_upper
        single_shot, shots = {name: a_chance(rng) for name in met}, int(rng.integers(1, 4))
        layers.append(Layer(f"layer {i}", single_shot, magazine, shots, doctrine, a_chance(rng), coverage, local))
    law = {
        "track_scope": str(rng.choice(TRACK_SCOPES)),
        "track": a_chance(rng),
        "coverage_scope": str(rng.choice(COVERAGE_SCOPES)),
        "raid_correlation": {name: a_chance(rng) if rng.random() < 0.6 else 0.0 for name in raid},
    }
    return layers, raid, law


def ask(layers, raid, law):
    """The case as the page's chain takes it."""
    scopes = {"trackScope": law["track_scope"], "track": law["track"], "coverageScope": law["coverage_scope"]}
    defence = {"layers": describe_layers(layers), **scopes}
    return {"defence": defence, "raid": raid, "correlation": law["raid_correlation"]}


def farthest(cases, found):
    """How far chances of leakers, of all and by class, and means are from those of the notebooks' chain, by case."""
    for (layers, raid, law), row in zip(cases, found, strict=True):
        expected = {"all": raid_leakers(layers, raid, **law), **leakers_by_class(layers, raid, **law)}
        assert set(row["classes"]) == set(expected) - {"all"}
        own = row["classes"] | {"all": row["all"]}
        assert [len(own[name]) for name in own] == [expected[name].pmf.size for name in own]
        yield max(abs(np.array(own[name]) - expected[name].pmf).max() for name in own)
        yield max((abs(mean - expected[name].mean) for name, mean in row["means"].items()), default=0.0)


def agree(solve, seed, n_cases):
    rng = np.random.default_rng(seed)
    cases = [a_case(rng) for _ in range(n_cases)]
    assert max(farthest(cases, solve([ask(*case) for case in cases]))) < CLOSE


def test_the_page_s_chain_is_the_notebooks_chain(solve):
    agree(solve, 1, 100)


@pytest.mark.long
def test_so_it_is_in_a_thousand_cases(solve):
    agree(solve, 2, 1000)
