"""The least that many runs of a notebook can take: its cells, on all cores, in processes with the libraries imported.

No kernel, no messages, no notebook file, no page. ``batch.py`` calls it with a notebook and a file of runs; it prints
two times in seconds. For the first, each run has a process of its own, forked from one that has imported what a warm
kernel has: our own modules are imported and the tables read for each run, as must be where every change of them counts.
For the second, one process for each core stays, and has all of it in memory from an earlier run.
"""

import csv
import importlib
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from analysis.reporting.batch.executor import cores
from analysis.reporting.kernel.warm import PRELOADED

Run = dict[str, str]


def main() -> None:
    """Print both times."""
    notebook, runs = sys.argv[1:]
    cells = [cell.source for cell in nbformat.read(notebook, 4).cells if cell.cell_type == "code"]
    with Path(runs).open(newline="") as file:
        given = [{name: value for name, value in row.items() if name != "notebook"} for row in csv.DictReader(file)]
    for module in PRELOADED:
        importlib.import_module(module)
    print(time_anew(cells, given), time_kept(cells, given))


def time_anew(cells: Sequence[str], runs: Sequence[Run]) -> float:
    """Seconds with a forked process for each run, as many at a time as there are cores."""
    begin = time.perf_counter()
    for i, run in enumerate(runs):
        if i >= cores():
            wait_for_one()
        fork(lambda run=run: run_cells(make_shell(), cells, run))
    for _ in range(min(cores(), len(runs))):
        wait_for_one()
    return time.perf_counter() - begin


def time_kept(cells: Sequence[str], runs: Sequence[Run]) -> float:
    """Seconds with one process for each core that has run the first run before."""
    (take, give), (heard, say) = os.pipe(), os.pipe()

    def work() -> None:
        os.close(give)
        shell = make_shell()
        run_cells(shell, cells, runs[0])
        os.write(say, b"!")
        while number := os.read(take, 1):
            run_cells(shell, cells, runs[number[0]])

    for _ in range(cores()):
        fork(work)
    for _ in range(cores()):
        os.read(heard, 1)
    begin = time.perf_counter()
    os.write(give, bytes(range(len(runs))))  # each takes the next number as soon as it is free
    os.close(give)
    for _ in range(cores()):
        wait_for_one()
    return time.perf_counter() - begin


def make_shell() -> InteractiveShell:
    """Return an IPython without kernel, terminal and history."""
    return InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))


def run_cells(shell: InteractiveShell, cells: Sequence[str], run: Run) -> None:
    """Run the cells with these parameters; figures become PNG, and tables HTML, as in a kernel."""
    shell.reset(new_session=False)
    given = "\n".join(f"{name} = {value!r}" for name, value in run.items())
    with capture_output():
        for source in (cells[0], given, *cells[1:]):
            shell.run_cell(source).raise_error()


def fork(work: Callable[[], object]) -> None:
    """Do the work in a process of its own."""
    if os.fork() == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)


def wait_for_one() -> None:
    """Wait until one of the forked processes has ended well."""
    _, status = os.wait()
    if status:
        sys.exit("a run of the floor failed")


if __name__ == "__main__":
    main()
