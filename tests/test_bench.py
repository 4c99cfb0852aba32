"""What ``make bench`` runs still fits the package: each of its scripts loads."""

import runpy
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[1] / "bench"


@pytest.mark.parametrize("name", sorted(path.stem for path in BENCH.glob("*.py")))
def test_a_script_of_the_bench_loads(name, monkeypatch):
    monkeypatch.syspath_prepend(BENCH)
    assert "main" in runpy.run_path(str(BENCH / f"{name}.py"), run_name=name) or name == "timing"
