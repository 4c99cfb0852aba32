"""A cluster of one or two workers on this machine: runs travel there and back, and whatever is lost is told."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.errors import ParameterError, RunError
from analysis.reporting.batch import cluster
from analysis.reporting.batch.cluster import ClusterExecutor
from analysis.reporting.batch.executor import LocalExecutor
from analysis.reporting.batch.tasks import Task
from analysis.reporting.run.catalogue import Notebook

pytestmark = pytest.mark.notebook
PARAMETERS = ("n: int = 0  # any number", ["parameters"])
HERE = "127.0.0.1"
DASHBOARD = ["--no-dashboard"]


def wait_until(happened, within_s=300):
    end = time.monotonic() + within_s
    while not happened() and time.monotonic() < end:
        time.sleep(0.05)
    return happened()


def free_port():
    with socket.socket() as one:
        one.bind((HERE, 0))
        return one.getsockname()[1]


class Cluster:
    """A scheduler and some workers, started with dask's own commands and ended by their process ids."""

    def __init__(self, folder, protocol="tcp", files=(), workers=2):
        self.folder, self.port = folder, free_port()
        self.address = f"{protocol}://{HERE}:{self.port}"
        spoken = ["--protocol", protocol, "--host", HERE, "--port", str(self.port)]
        self.scheduler = self._start("scheduler", *spoken, *DASHBOARD, *files)
        options = ["--host", HERE, "--nthreads", "1", *DASHBOARD, *files]
        self.workers = [
            self._start("worker", self.address, "--local-directory", str(folder / f"worker-{n}"), *options)
            for n in range(workers)
        ]

    def _start(self, *words):
        log = (self.folder / f"{words[0]}.log").open("ab")
        return subprocess.Popen([sys.executable, "-m", "dask", *words], stdout=log, stderr=log, start_new_session=True)

    def end(self, patience_s=1):
        for process in [*self.workers, self.scheduler]:
            if process.poll() is None:
                process.terminate()
        for process in [*self.workers, self.scheduler]:
            try:
                process.wait(patience_s)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A scheduler or a worker that starts on a busy machine takes its time."""
    monkeypatch.setattr(cluster, "PATIENCE_S", 120)


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    yield started
    started.end()


@pytest.fixture
def own_cluster(tmp_path):
    started = Cluster(tmp_path)
    yield started
    started.end()


@pytest.fixture
def one_worker(tmp_path):
    started = Cluster(tmp_path, workers=1)
    yield started
    started.end()


@pytest.fixture
def tasks(write_notebook):
    def make(*sources, n=4, **limits):
        path = write_notebook("# How many?", PARAMETERS, "## The answer", *sources)
        return [Task(f"page-{number}", Notebook(path, path.stem), {"n": number}, **limits) for number in range(n)]

    return make


def by_page(outcomes):
    return {outcome.task.page: outcome for outcome in outcomes}


def test_a_cluster_makes_the_same_pages_as_this_process(two_workers, tasks):
    wanted = tasks("import matplotlib.pyplot as plt\nplt.plot([0, n]);", "print(n)")
    there, here = (
        by_page(executor.run(wanted)) for executor in (ClusterExecutor(two_workers.address), LocalExecutor(1))
    )
    assert [one.error for one in there.values()] == [""] * 4
    assert {page: one.page for page, one in there.items()} == {page: one.page for page, one in here.items()}
    assert all(one.task in wanted and one.seconds > 0 and one.peak_memory_mb > 50 for one in there.values())


def test_a_failed_run_says_where_and_others_go_on(two_workers, tasks):
    outcomes = by_page(ClusterExecutor(two_workers.address).run(tasks("1 / (n - 1)")))
    failed = outcomes.pop("page-1")
    assert (
        failed.error.splitlines()[0]
        == "01-small failed in cell 4, under 'The answer': ZeroDivisionError: division by zero"
    )
    assert b"ZeroDivisionError" in failed.notebook
    assert all(outcome.error == "" for outcome in outcomes.values())


def test_limits_hold_at_the_workers(two_workers, tasks):
    code = "import time\nn == 0 and time.sleep(60)\nn == 1 and bytearray(2_000_000_000);"
    outcomes = by_page(ClusterExecutor(two_workers.address).run(tasks(code, n=3, cell_timeout_s=5, memory_mb=1_000)))
    assert "the cell took longer than 5 s" in outcomes["page-0"].error
    assert "MemoryError" in outcomes["page-1"].error
    assert outcomes["page-2"].error == ""


def test_other_versions_are_refused_and_named_before_anything_runs(two_workers, tasks, monkeypatch):
    ours = cluster.versions() | {"pandas": "2.0.0"}
    monkeypatch.setattr(cluster, "versions", lambda: ours)
    with pytest.raises(ParameterError, match=r"differ; nothing was run\.\n.*pandas is 3\S*, here 2\.0\.0"):
        list(ClusterExecutor(two_workers.address).run(tasks("1")))


def test_another_package_or_other_data_are_refused(two_workers, tasks, monkeypatch):
    monkeypatch.setattr(cluster, "_surroundings", lambda: "another checksum")
    with pytest.raises(ParameterError, match="package and data are not the same; install the same commit there"):
        list(ClusterExecutor(two_workers.address).run(tasks("1")))


def test_a_worker_that_came_later_with_other_data_refuses_the_run(tasks):
    (task,) = tasks("1", n=1)
    outcome = cluster.perform_order(cluster.Order(task, b"", "another checksum", {}))
    assert re.fullmatch(
        "01-small failed: .* has another package or other data than the batch began with; .*", outcome.error
    )


def test_a_scheduler_that_does_not_answer_is_named(tasks, monkeypatch):
    monkeypatch.setattr("analysis.reporting.batch.cluster.PATIENCE_S", 1)
    with pytest.raises(RunError, match="does not answer"):
        list(ClusterExecutor(f"tcp://{HERE}:{free_port()}").run(tasks("1")))


def test_a_killed_worker_loses_no_run(own_cluster, tasks, tmp_path):
    note = f"import os\nnote = {str(tmp_path / 'started')!r}\nfirst = n == 0 and not os.path.exists(note)\nfirst and open(note, 'w').close()"
    outcomes = {}
    for outcome in ClusterExecutor(own_cluster.address).run(
        tasks(note, "import time; time.sleep(3 if first else 0.1)", n=5)
    ):
        if not outcomes:
            assert wait_until((tmp_path / "started").exists)
            os.killpg(own_cluster.workers[0].pid, signal.SIGKILL)
        outcomes[outcome.task.page] = outcome
    assert [outcomes[f"page-{n}"].error for n in range(5)] == [""] * 5


def test_a_lost_scheduler_ends_with_a_word_on_how_to_go_on(one_worker, tasks, monkeypatch):
    outcomes = ClusterExecutor(one_worker.address).run(tasks("import time; time.sleep(120 * (n > 0))"))
    assert next(outcomes).error == ""
    monkeypatch.setattr(cluster, "PATIENCE_S", 1)
    os.killpg(one_worker.scheduler.pid, signal.SIGKILL)
    with pytest.raises(RunError, match=r"the scheduler was lost, 3 runs are not done; .* with --resume"):
        next(outcomes)


def test_no_process_is_left_when_a_cluster_ends(tasks, tmp_path):
    one = Cluster(tmp_path, workers=1)
    try:
        code = f"import os; open({str(tmp_path)!r} + f'/server{{n}}', 'w').write(str(os.getppid()))"
        assert [outcome.error for outcome in ClusterExecutor(one.address).run(tasks(code))] == [""] * 4
    finally:
        one.end(patience_s=120)
    servers = {path.read_text() for path in tmp_path.glob("server*")}
    assert servers
    assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in servers))


GUIDE = Path(__file__).parents[3] / "docs" / "cluster.md"
"""Its own commands make the certificates, so that they are known to work."""
CLIENT = {
    "DASK_DISTRIBUTED__COMM__TLS__CA_FILE": "authority.pem",
    "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT": "cert.pem",
    "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY": "key.pem",
}


@pytest.fixture
def guarded(tmp_path):
    """A scheduler and a worker that speak TLS, with certificates made as the guide says; and the variables of a batch."""
    if not shutil.which("openssl"):
        pytest.skip("needs openssl, which makes the certificates")
    commands = re.search(r"^## TLS.*?```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    subprocess.run(["bash", "-e", "-c", commands[1]], cwd=tmp_path, check=True, capture_output=True)
    keys = tmp_path / "tls"
    files = ["--tls-ca-file", keys / "authority.pem", "--tls-cert", keys / "cert.pem", "--tls-key", keys / "key.pem"]
    started = Cluster(tmp_path, "tls", [*map(str, files)])
    yield started.address, {name: str(keys / file) for name, file in CLIENT.items()}
    started.end()


@pytest.mark.long
def test_a_batch_with_a_certificate_runs_over_tls_and_one_without_is_turned_away(
    guarded, write_notebook, domes, tmp_path
):
    address, certificates = guarded
    write_notebook("# How many?", PARAMETERS, "## The answer", "print(n)")
    (tmp_path / "01-small.runs.csv").write_text("n\n1\n2\n", encoding="utf-8")
    call = "batch", "01-small.runs.csv", "-o", "pages", "--scheduler", address
    refused = domes(*call)
    assert refused.returncode == 1 and "wants certificates" in refused.stderr
    done = domes(*call, **certificates)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "pages").glob("01-small--*.html"))) == 2
