"""A batch runs what is missing, keeps what is finished, and says what went wrong; here without kernels."""

import io
import json
import os
import signal
import subprocess
import sys

import pytest
from rich.console import Console

from analysis.errors import ParameterError, RunError
from analysis.reporting.batch import batch
from analysis.reporting.batch.batch import choose_executor, run_batch
from analysis.reporting.batch.ledger import Record, open_ledger
from analysis.reporting.batch.plan import read_plan
from analysis.reporting.batch.progress import EVENTS, Progress
from analysis.reporting.batch.tasks import Outcome
from analysis.reporting.run.catalogue import DOMES_METADATA
from analysis.reporting.run.run import Limits

PARAMETERS = ("n: int = 1  # number", ["parameters"])
FAILURE = "01-small failed in cell 4, under 'Answer': ZeroDivisionError: division by zero\n  parameters: n = {n}"


class FakeExecutor:
    """Gives each task the outcome that the test wants, and remembers what it was asked for."""

    def __init__(self, failing=(), stop=None):
        self.failing, self.stop = failing, stop
        self.asked, self.tasks, self.closed = [], [], False

    def run(self, tasks, *, on_start):
        try:
            for task in tasks:
                on_start(task)
                self.tasks.append(task)
                n = task.given["n"]
                self.asked.append(n)
                if self.stop and n == self.stop[0]:
                    self.stop[1]()
                parameters = {DOMES_METADATA: {"notebook": "01-small", "parameters": {"n": n}}}
                content = task.notebook.content | {"metadata": parameters}
                error = FAILURE.format(n=n) if n in self.failing else ""
                page = b"" if error else f"<p>{n}</p>".encode()
                yield Outcome(task, json.dumps(content).encode(), page, error, 1.25, 80.0)
        finally:
            self.closed = True


@pytest.fixture
def runs(write_notebook, tmp_path):
    """Write a notebook with runs beside it and read the plan."""

    def write(numbers=(1, 2, 3), cell="12 / (n - 3)"):
        write_notebook("# How many?", PARAMETERS, "## Answer", cell)
        (tmp_path / "01-small.runs.csv").write_text("n\n" + "".join(f"{n}\n" for n in numbers))
        return read_plan(tmp_path / "01-small.runs.csv")

    return write


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def events_of(folder):
    return [json.loads(line) for line in (folder / EVENTS).read_text().splitlines()]


def records_in(folder):
    with open_ledger(folder) as ledger:
        return ledger.records.values()


def test_every_run_gets_page_notebook_ledger_line_and_a_place_in_the_index(runs, out, capsys):
    plan = runs()
    assert run_batch(plan, out, FakeExecutor())
    for run, n in zip(plan, (1, 2, 3), strict=True):
        assert (out / f"{run.page}.html").read_text() == f"<p>{n}</p>"
        assert (out / f"{run.page}.ipynb").exists()
    records = records_in(out)
    assert [(record.state, record.parameters, record.seconds, record.peak_memory_mb) for record in records] == [
        ("done", {"n": n}, 1.25, 80.0) for n in (1, 2, 3)
    ]
    assert (out / "index.html").read_text().count("<li>") == 3
    assert capsys.readouterr().out == f"{out / 'index.html'}\n"


def test_limits_reach_the_executor(runs, out):
    executor = FakeExecutor()
    run_batch(runs(), out, executor, Limits(cell_timeout_s=2, run_timeout_s=30, memory_mb=500))
    assert {(task.cell_timeout_s, task.run_timeout_s, task.memory_mb) for task in executor.tasks} == {(2, 30, 500)}


def test_a_folder_with_a_ledger_is_left_alone_without_resume(runs, out):
    run_batch(runs(), out, FakeExecutor(failing={3}))
    executor = FakeExecutor()
    with pytest.raises(ParameterError, match="ledger of 2 runs that are done and 1 that failed; add --resume"):
        run_batch(runs(), out, executor)
    assert executor.asked == []


def test_resume_runs_what_failed_and_what_is_new_but_nothing_that_is_finished(runs, out, capsys):
    run_batch(runs(), out, FakeExecutor(failing={2}))
    executor = FakeExecutor()
    assert run_batch(runs((1, 2, 3, 4)), out, executor, resume=True)
    assert executor.asked == [2, 4]
    assert "4 of 4 runs done, 2 of them before.\n" in capsys.readouterr().err
    again = FakeExecutor()
    assert run_batch(runs((1, 2, 3, 4)), out, again, resume=True)
    assert again.asked == []


def test_resume_runs_again_what_a_change_touches(runs, out, copied_data, monkeypatch):
    monkeypatch.setenv("DOMES_DATA", str(copied_data))
    asked = []
    for change in ("first", "nothing", "cell", "data", "page"):
        plan = runs(cell="24 / (n - 3)" if change not in ("first", "nothing") else "12 / (n - 3)")
        if change == "data":
            (copied_data / "sources.csv").write_text("changed")
        if change == "page":
            (out / f"{plan[1].page}.html").write_text("<p>")
        executor = FakeExecutor()
        run_batch(plan, out, executor, resume=True)
        asked.append(executor.asked)
    assert asked == [[1, 2, 3], [], [1, 2, 3], [1, 2, 3], [2]]


def test_a_failed_run_is_told_in_full_and_the_others_go_on(runs, out, capsys):
    plan = runs()
    assert run_batch(plan, out, FakeExecutor(failing={2})) is False
    error = capsys.readouterr().err
    partial = out / f"{plan[1].page}.partial.ipynb"
    assert error.endswith(
        f"{FAILURE.format(n=2)}\n  the notebook up to there: {partial}\n2 of 3 runs done; 1 failed.\n"
    )
    assert partial.exists() and not (out / f"{plan[1].page}.html").exists()
    assert "ZeroDivisionError" in (out / "index.html").read_text()
    assert [record.state for record in records_in(out)] == ["done", "failed", "done"]


def test_a_later_success_clears_the_rest_of_a_failure(runs, out):
    run_batch(runs(), out, FakeExecutor(failing={2}))
    run_batch(runs(), out, FakeExecutor(), resume=True)
    assert not list(out.glob("*.partial.ipynb"))
    assert "ZeroDivisionError" not in (out / "index.html").read_text()


def test_a_page_that_cannot_be_written_is_a_failed_run(runs, out, capsys):
    plan = runs()
    (out / f"{plan[0].page}.html").mkdir(parents=True)
    assert run_batch(plan, out, FakeExecutor()) is False
    error = capsys.readouterr().err
    assert f"01-small failed: {out / plan[0].page}.html: cannot be written" in error and "parameters: n = 1\n" in error
    assert [record.state for record in records_in(out)] == ["failed", "done", "done"]


def test_a_ledger_that_cannot_be_written_stops_the_batch_and_the_rest_can_be_resumed(runs, out, monkeypatch):
    executor = FakeExecutor()

    def full(*_):
        raise RunError("ledger.jsonl: cannot be written (No space left on device).")

    with monkeypatch.context() as patch:
        patch.setattr(batch.Ledger, "append", full)
        with pytest.raises(RunError, match=r"No space left[^$]*Call the same with --resume"):
            run_batch(runs(), out, executor)
    assert executor.asked == [1] and executor.closed
    assert run_batch(runs(), out, FakeExecutor(), resume=True)


def test_an_executor_that_is_lost_stops_the_batch_with_a_way_on(runs, out):
    def lose():
        raise RunError("tcp://host:8786: the scheduler is lost.")

    with pytest.raises(RunError, match=r"scheduler is lost\.\nThe batch was stopped\. Call the same with --resume"):
        run_batch(runs(), out, FakeExecutor(stop=(2, lose)))
    executor = FakeExecutor()
    assert run_batch(runs(), out, executor, resume=True)
    assert executor.asked == [2, 3]


@pytest.mark.usefixtures("signals_are_heard")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_runs_and_leaves_a_batch_that_can_be_resumed(runs, out, number, capsys):
    first = FakeExecutor(stop=(2, lambda: os.kill(os.getpid(), number)))
    with pytest.raises(RunError, match=r"^Interrupted\. Call the same with --resume"):
        run_batch(runs(), out, first)
    assert first.closed
    assert "1 of 3 runs done.\n" in capsys.readouterr().err
    assert events_of(out)[-1]["event"] == "batch_interrupted"
    executor = FakeExecutor()
    assert run_batch(runs(), out, executor, resume=True)
    assert executor.asked == [2, 3]


def test_what_a_killed_batch_had_begun_to_write_is_cleared_away(runs, out):
    (out / "room").mkdir(parents=True)
    half = out / "room/.page.html.4711"
    half.write_text("<p")
    kept = out / "room/.notes"
    kept.write_text("mine")
    run_batch(runs(), out, FakeExecutor())
    assert not half.exists() and kept.exists()


def test_a_batch_beside_another_is_refused(runs, out):
    with open_ledger(out), pytest.raises(RunError, match="another batch"):
        run_batch(runs(), out, FakeExecutor())


def test_programs_read_events(runs, out):
    run_batch(runs(), out, FakeExecutor(failing={3}))
    events = events_of(out)
    assert [event["event"] for event in events] == [
        "batch_started", "run_started", "run_done", "run_started", "run_done", "run_started", "run_failed", "batch_ended"
    ]  # fmt: skip
    assert events[-1] | {"time": ""} == {"time": "", "event": "batch_ended", "done": 2, "failed": 1, "total": 3}
    assert "ZeroDivisionError" in events[-2]["error"]


RECORD = Record("k", "done", "01-small", {}, "01-small--1", "", 1.5)


@pytest.fixture
def progress(tmp_path):
    """Progress of ten runs, four of them finished before, in words on a screen, a minute after the start."""

    def make(terminal):
        times = iter([0.0])
        screen = Console(file=io.StringIO(), force_terminal=terminal, width=200)
        return Progress(10, 4, tmp_path, screen, clock=lambda: next(times, 60.0)), screen.file

    return make


class Started:
    page = "01-small--2"


def test_the_live_line_says_done_failed_running_rate_and_time_left(progress):
    shown, screen = progress(terminal=True)
    with shown:
        shown.started(Started)
        shown.ended(RECORD)
        shown.ended(Record("k", "failed", "01-small", {}, "01-small--3", "", 1.5, error="no"))
        assert shown.summary() == "5 of 10 done, 1 failed, 1 running, 2.0 a minute, about 0:02:00 left"
    assert "5 of 10 done, 1 failed, 1 running" in screen.getvalue()


def test_elsewhere_each_run_has_a_plain_line(progress):
    shown, screen = progress(terminal=False)
    with shown:
        shown.started(Started)
        shown.ended(RECORD)
    assert screen.getvalue() == "[5/10] done 01-small--1 (1.5 s)\n"


def test_nothing_is_estimated_before_the_first_run_has_ended(progress):
    assert progress(terminal=False)[0].summary() == "4 of 10 done, 0 failed, 0 running"


def test_a_number_of_runs_at_a_time_is_for_this_machine_only():
    with pytest.raises(ParameterError, match="--jobs counts the runs on this machine"):
        choose_executor(2, "tcp://127.0.0.1:8786")


def test_a_wrong_row_ends_with_exit_code_2_and_nothing_is_run_or_even_imported(runs, tmp_path):
    runs()
    (tmp_path / "01-small.runs.csv").write_text("n\n1\nmany\n")
    code = (
        "import sys; sys.argv = ['domes', 'batch', '01-small.runs.csv', '-o', 'out']\n"
        "from analysis.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: print(end.code)\n"
        "print({'papermill', 'nbclient', 'nbconvert', 'pandas', 'scipy', 'distributed'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert answer.stdout.splitlines() == ["2", "set()"]
    assert answer.stderr.splitlines() == [
        "01-small.runs.csv row 3: n = 'many' is not allowed; give integer.",
        "1 fault; nothing was run.",
    ]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words", [["--jobs", "0"], ["--cell-timeout", "-1"], ["--run-timeout", "0"], ["--memory", "0"], ["--name", "x"]]
)
def test_wrong_options_end_with_exit_code_2(runs, domes, words, tmp_path):
    runs()
    assert domes("batch", "01-small.runs.csv", "-o", "out", *words).returncode == 2
    assert not (tmp_path / "out").exists()
