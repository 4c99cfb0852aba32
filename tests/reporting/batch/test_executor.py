"""Many runs at a time: each ends on its own, whatever becomes of the others."""

import os
import signal
import time
from contextlib import closing
from pathlib import Path

import nbformat
import pytest

from analysis.reporting.batch.executor import LocalExecutor
from analysis.reporting.batch.tasks import Task
from analysis.reporting.kernel import provisioner
from analysis.reporting.run.catalogue import Notebook

pytestmark = pytest.mark.notebook
PARAMETERS = ("n: int = 0  # any number", ["parameters"])


@pytest.fixture
def tasks(write_notebook):
    def make(*sources, n=3, **limits):
        path = write_notebook("# How many?", PARAMETERS, "## The answer", *sources)
        return [Task(f"page-{number}", Notebook(path, path.stem), {"n": number}, **limits) for number in range(n)]

    return make


def printed(outcome):
    cells = nbformat.reads(outcome.notebook.decode(), as_version=4).cells
    outputs = (output for cell in cells if cell.cell_type == "code" for output in cell.outputs)
    return "".join(output.text for output in outputs if output.output_type == "stream").split()


def by_page(outcomes):
    return {outcome.task.page: outcome for outcome in outcomes}


def has_ended(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until(happened, within_s=300):
    end = time.monotonic() + within_s
    while not happened() and time.monotonic() < end:
        time.sleep(0.05)
    return happened()


def test_each_run_gives_its_notebook_its_page_and_what_it_used(tasks):
    started = []
    outcomes = by_page(LocalExecutor(2).run(tasks("import os; print(n, os.getppid())"), on_start=started.append))
    assert [task.page for task in started] == sorted(outcomes) == ["page-0", "page-1", "page-2"]
    numbers, parents = zip(*(printed(outcomes[page]) for page in sorted(outcomes)), strict=True)
    assert numbers == ("0", "1", "2")
    assert len(set(parents)) == 1, "all kernels come from one server"
    for outcome in outcomes.values():
        assert outcome.error == "" and b"<h1" in outcome.page
        assert outcome.seconds > 0 and outcome.peak_memory_mb > 50


def test_no_tasks_are_no_outcomes():
    assert list(LocalExecutor(2).run([])) == []


def test_pages_do_not_depend_on_how_they_were_made(tasks):
    wanted = tasks("import numpy as np; print(np.linalg.svd(np.ones((3, 3)))[1], n)", n=2)
    warm_pages, cold_pages = (
        by_page(LocalExecutor(jobs, warm=one).run(wanted)) for jobs, one in ((1, True), (2, False))
    )
    assert {page: one.page for page, one in warm_pages.items()} == {page: one.page for page, one in cold_pages.items()}


def test_a_failed_run_says_where_and_others_go_on(tasks):
    outcomes = by_page(LocalExecutor(1).run(tasks("1 / (n - 1)")))
    failed = outcomes.pop("page-1")
    assert failed.error.splitlines() == [
        "01-small failed in cell 4, under 'The answer': ZeroDivisionError: division by zero",
        "  parameters: n = 1",
    ]
    assert failed.page == b"" and b"ZeroDivisionError" in failed.notebook
    assert all(outcome.error == "" for outcome in outcomes.values())


def test_a_kernel_that_is_killed_a_cell_that_hangs_and_one_without_memory_fail_alone(tasks):
    code = (
        "import os, time\n"
        "n == 0 and os.kill(os.getpid(), 9)\n"
        "n == 1 and time.sleep(60)\n"
        "n == 2 and bytearray(2_000_000_000);"
    )
    outcomes = by_page(LocalExecutor(2).run(tasks(code, n=4, cell_timeout_s=5, memory_mb=1_000)))
    reasons = [outcomes[f"page-{n}"].error.partition("answer': ")[2].splitlines() for n in range(3)]
    assert [reason[0] for reason in reasons] == [
        "Kernel died (out of memory?)",
        "the cell took longer than 5 s",
        "MemoryError: ",
    ]
    assert outcomes["page-3"].error == ""


def test_a_worker_that_is_killed_fails_its_run_and_is_replaced(tasks, tmp_path):
    note = f"path = {str(tmp_path / 'kernel')!r}; import os; n == 0 and open(path, 'w').write(str(os.getpid()))"
    wanted = tasks(note, "import time; time.sleep(60 if n == 0 else 0)")
    executor = LocalExecutor(1)
    processes = []

    def kill_the_first(task):
        import multiprocessing

        processes.append({child.pid for child in multiprocessing.active_children()})
        if task.page == "page-0":
            import threading

            (worker,) = processes[0]
            threading.Thread(
                target=lambda: wait_until(lambda: (tmp_path / "kernel").exists()) and os.kill(worker, signal.SIGKILL)
            ).start()

    outcomes = by_page(executor.run(wanted, on_start=kill_the_first))
    assert outcomes["page-0"].error == "01-small failed: the process that ran it was ended by signal 9 (out of memory?)"
    assert outcomes["page-1"].error == outcomes["page-2"].error == ""
    assert processes[0] != processes[-1]
    assert wait_until(lambda: has_ended((tmp_path / "kernel").read_text())), "its kernel ended too"


@pytest.mark.parametrize("warm", [True, False])
def test_closing_ends_workers_and_kernels(tasks, tmp_path, warm):
    code = f"import os, time; n and (open({str(tmp_path)!r} + f'/kernel{{n}}', 'w').write(str(os.getpid())), time.sleep(60));"
    with closing(LocalExecutor(2, warm=warm).run(tasks(code))) as outcomes:
        assert next(outcomes).error == ""
        assert wait_until(lambda: (tmp_path / "kernel1").exists() and (tmp_path / "kernel2").exists())
    assert wait_until(lambda: all(has_ended((tmp_path / f"kernel{n}").read_text()) for n in (1, 2)))


def test_where_forking_cannot_be_had_runs_go_on_and_it_is_said_once(tasks, monkeypatch, capfd):
    monkeypatch.setattr("analysis.reporting.batch.executor.can_fork", lambda: False)
    monkeypatch.setattr(provisioner, "_said", set())
    assert [outcome.error for outcome in LocalExecutor(2).run(tasks("print(n)"))] == [""] * 3
    assert capfd.readouterr().err.count("No warm kernels") == 1


def test_a_server_that_ends_is_replaced(tasks):
    with closing(LocalExecutor(1).run(tasks("import os; print(os.getppid())"))) as outcomes:
        (first,) = printed(next(outcomes))
        os.kill(int(first), signal.SIGKILL)
        others = list(outcomes)
    assert others[-1].error == "" and printed(others[-1]) != [first]
