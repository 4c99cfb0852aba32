"""Whatever happens to a batch, finished runs stay, half files do not count, and the rest can be resumed."""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.notebook,
    pytest.mark.skipif(os.name != "posix", reason="signals, limits and mounts are those of POSIX"),
]
PARAMETERS = ("n: int = 1  # number\nsize: int = 1  # words\nseconds: float = 0.0  # to wait", ["parameters"])
TRACE = (
    "import os, time\nwith open(os.environ['DOMES_TRACE'], 'a') as file:\n    print(n, file=file)\ntime.sleep(seconds)"
)
ANSWER = "print(n * n, 'x ' * size)"
PATIENCE_S = 600


class Batches:
    """One notebook, its runs, and batches of them in processes of their own."""

    def __init__(self, folder, write, command_for):
        self.folder, self.trace, self.command_for = folder, folder / "trace.txt", command_for
        self.notebook = write("# How many?", PARAMETERS, "## Answer", TRACE, ANSWER)
        self.mark = f"DOMES_TRACE={self.trace}".encode()

    def write_runs(self, **columns):
        rows = zip(*columns.values(), strict=True)
        lines = [",".join(columns), *(",".join(map(str, row)) for row in rows)]
        self.notebook.with_suffix(".runs.csv").write_text("\n".join(lines) + "\n")

    def start(self, *words, out="out", prepare=lambda: None, alone=False):
        begun = [sys.executable, "-m", "analysis"] if alone else self.command_for("batch")
        command = [*begun, "batch", "01-small.runs.csv", "-o", out, "--jobs", "2", *words]
        return subprocess.Popen(
            list(map(str, command)),
            cwd=self.folder,
            env=os.environ | {"DOMES_TRACE": str(self.trace), "SOURCE_DATE_EPOCH": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=lambda: (hear_ctrl_c(), prepare()),
        )

    def finish(self, process):
        out, err = process.communicate(timeout=PATIENCE_S)
        assert "Traceback" not in err, err
        return process.returncode, out, err

    def run(self, *words, **options):
        return self.finish(self.start(*words, **options))

    def records(self, out="out"):
        path = self.folder / out / "ledger.jsonl"
        lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
        return [json.loads(line) for line in lines]

    def done(self, out="out"):
        return [record["parameters"]["n"] for record in self.records(out) if record["state"] == "done"]

    def started(self):
        return Counter(map(int, self.trace.read_text().split())) if self.trace.exists() else Counter()

    def pages(self, out="out"):
        folder = self.folder / out
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.html")}

    def processes(self):
        """Every process that was started by a batch of ours and still lives."""
        return [path.parent.name for path in Path("/proc").glob("[0-9]*/environ") if self.mark in _read(path)]

    def all_end(self):
        return eventually(lambda: not self.processes())


def _read(path):
    try:
        return path.read_bytes().split(b"\0")
    except OSError:
        return []


def eventually(holds, seconds=PATIENCE_S):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def hear_ctrl_c():
    """A process in the background of a shell does not hear it, and neither do those that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def batches(write_notebook, tmp_path, command_for):
    made = Batches(tmp_path, write_notebook, command_for)
    yield made
    for process in made.processes():
        os.kill(int(process), signal.SIGKILL)


def kill_and_resume(batches, kills, runs):
    """Kill a batch many times at random moments; resume it after each."""
    batches.write_runs(n=range(runs))
    assert batches.run(out="undisturbed")[0] == 0
    chance = random.Random(7)
    for kill in range(kills):
        before, started = batches.done(), batches.started()
        process = batches.start("--resume", alone=True)
        more = len(before) + chance.choice([0, 0, 1])
        assert eventually(lambda wanted=more, one=process: len(batches.done()) >= wanted or one.poll() is not None)
        time.sleep(chance.uniform(0, 0.3) if more > len(before) else chance.uniform(0, 2.5))
        assert process.poll() is None, f"the batch had ended before kill {kill + 1}; give it more runs"
        process.kill()
        process.communicate()
        assert not [n for n in before if batches.started()[n] != started[n]], "a finished run was repeated"
    assert batches.run("--resume")[0] == 0
    assert sorted(batches.done()) == list(range(runs)), "each run is finished once"
    assert batches.pages() == batches.pages("undisturbed")
    assert not list((batches.folder / "out").rglob("*.partial.ipynb"))
    assert not list((batches.folder / "out").rglob(".*.html.*"))
    assert batches.all_end()


def test_a_batch_killed_at_random_moments_ends_with_the_pages_of_an_undisturbed_one(batches):
    kill_and_resume(batches, kills=5, runs=30)


@pytest.mark.long
def test_a_batch_killed_twenty_times_ends_with_the_pages_of_an_undisturbed_one(batches):
    kill_and_resume(batches, kills=20, runs=120)


def test_ctrl_c_ends_the_kernels_and_leaves_a_batch_that_can_be_resumed(batches):
    batches.write_runs(n=[1, 2, 3], seconds=[0, 600, 600])
    process = batches.start(alone=True)
    assert eventually(lambda: batches.done() == [1] and batches.started()[3])
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the batch and all that it started
    code, _, err = batches.finish(process)
    assert code == 1
    assert err.endswith("1 of 3 runs done.\nInterrupted. Call the same with --resume to run the rest.\n")
    assert batches.all_end()
    batches.write_runs(n=[1, 2, 3], seconds=[0, 0, 0])
    assert batches.run("--resume")[0] == 0
    assert sorted(batches.done()) == [1, 2, 3] and batches.started()[1] == 1


def test_two_batches_do_not_write_into_one_folder(batches):
    batches.write_runs(n=[1], seconds=[600])
    first = batches.start()
    assert eventually(lambda: batches.started()[1])
    code, _, err = batches.run("--resume")
    assert code == 1
    assert f"out: another batch (process {first.pid} on " in err and "choose another folder with -o." in err
    assert first.poll() is None and batches.started()[1] == 1
    first.send_signal(signal.SIGTERM)
    assert batches.finish(first)[0] == 1


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own that holds 400 KB; skipped where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here; the test with a limit on files stands in")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_fails_clearly_and_more_room_is_enough_to_go_on(batches, small_disk):
    batches.write_runs(n=range(8), size=[20_000] * 8)
    code, _, err = batches.run(out=small_disk / "out")
    assert code == 1 and "No space left on device" in err
    done = batches.done(small_disk / "out")
    assert 0 < len(done) < 8
    assert len(batches.pages(small_disk / "out").keys() - {"index.html"}) >= len(done)
    assert not [path for path in small_disk.rglob("*.html") if not path.read_text().rstrip().endswith("</html>")]
    subprocess.run(["mount", "-o", "remount,size=40m", str(small_disk)], check=True)
    assert batches.run("--resume", out=small_disk / "out")[0] == 0
    assert sorted(batches.done(small_disk / "out")) == list(range(8))


TABLE = "from IPython.display import display, HTML\ndisplay(HTML('<table><tr><th>n</th></tr>' + '<tr><td>word</td></tr>' * size + '</table>'))"


def test_a_run_that_a_full_disk_failed_leaves_nothing_beside_its_page(batches, small_disk, write_notebook):
    write_notebook("# How many?", PARAMETERS, "## Answer", TRACE, TABLE)
    batches.write_runs(n=range(8), size=[2_000] * 8)
    out = small_disk / "out"
    code, _, err = batches.run(out=out)
    assert code == 1 and "No space left on device" in err
    assert 0 < len(batches.done(out)) < 8
    assert list(out.rglob("*.files")), "pages have something beside them"
    assert not [folder for folder in out.rglob("*.files") if not folder.with_suffix(".html").exists()]
    assert not list(out.rglob(".*.*.*"))


def limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def test_a_page_larger_than_a_file_may_be_fails_alone(batches):
    batches.write_runs(n=[1, 2, 3], size=[1, 100_000, 1])
    code, _, err = batches.run(prepare=limit_files)
    assert code == 1 and "File too large" in err
    assert sorted(batches.done()) == [1, 3]
    assert not [path for path in (batches.folder / "out").rglob("*") if path.suffix == ".html" and "--2-" in path.name]
    assert batches.run("--resume")[0] == 0
    assert sorted(batches.done()) == [1, 2, 3] and batches.started()[1] == 1


@pytest.fixture
def locked_folder(tmp_path):
    """A folder in which nobody may write, not even root, whom modes do not stop."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    if not os.access(folder, os.W_OK):
        yield folder
        return
    if not shutil.which("chattr") or subprocess.run(["chattr", "+i", str(folder)], capture_output=True).returncode:
        pytest.skip("root may write everywhere here")
    yield folder
    subprocess.run(["chattr", "-i", str(folder)], check=True)


def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_run(batches, locked_folder):
    batches.write_runs(n=[1])
    code, _, err = batches.run(out=locked_folder)
    assert (
        code == 2 and err.startswith(f"-o {locked_folder}: {locked_folder} cannot be written;") and err.count("\n") == 1
    )
    assert not batches.started()


def test_a_file_in_the_place_of_the_folder_is_refused_before_anything_is_run(batches):
    batches.write_runs(n=[1])
    (batches.folder / "out").write_text("taken")
    code, _, err = batches.run()
    assert code == 2 and err.startswith("-o out: ") and err.endswith("out is no folder; name another.\n")
    assert not batches.started()
