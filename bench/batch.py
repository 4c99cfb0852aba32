"""Time batches and pages against the papermill and nbconvert commands, all in one run, and against what is the least.

`--parts`, `--runs`, `--dossiers` and `--repeats` make it shorter; with the defaults it takes many minutes.
"""

import argparse
import csv
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil

from analysis.reporting.batch.executor import cores
from analysis.reporting.kernel.surroundings import OWN

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NOTEBOOK = ROOT / "notebooks" / "recognition" / "01-recognition-map.ipynb"
NAME = "recognition/01-recognition-map"
DOSSIERS = NOTEBOOK.with_name("05-country-dossier.runs.csv")
ENTITIES = ("TWN", "PSE", "ISR", "CHN")
FIRST_YEAR = 1990
STOCK = os.environ | {"JUPYTER_PREFER_ENV_PATH": "1"}  # this environment's kernel, also where a user has another
STOCK.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody sets it who wants to be fast
SAMPLE_S = 0.5
PATIENCE_S = 60
Run = dict[str, str]


def time_batch(folder: Path, args: argparse.Namespace) -> None:
    """Print what pages for many parameter sets take: ours, the commands in a loop and two at a time, and the floor.

    The floor is explained in ``floor.py``.
    """
    runs = choose_runs(args.runs)
    given = write_runs(folder / "runs.csv", runs)
    kept: list[float] = []

    def time_both_floors() -> float:
        anew, warm = time_floor(given)
        kept.append(warm)
        return anew

    ways: dict[str, Callable[[], float]] = {
        "ours": lambda: time_command(*batch_command(given, folder / "ours")),
        "floor": time_both_floors,
        "loop": lambda: time_stock(runs, folder / "stock", at_a_time=1),
        "two": lambda: time_stock(runs, folder / "stock", at_a_time=2),
    }
    order = ["ours", "floor", "loop", "ours", "floor", "two", "ours", "floor"]
    taken = interleave(ways, order, args.repeats, "batch")
    print(f"\n{len(runs)} parameter sets of {NAME}, with pages")
    print_row(f"domes batch, {cores()} at a time, with index", taken["ours"])
    print_row("papermill; jupyter nbconvert, in a loop", taken["loop"], taken["ours"], "at least 8")
    print_row("papermill; jupyter nbconvert, two at a time", taken["two"], taken["ours"], "at least 2.5")
    print_share("floor: cells only, a process for each run", taken["ours"], taken["floor"], "at most 1.7")
    print_share("floor: cells only, all kept in memory", taken["ours"], kept, "")


def time_dossiers(folder: Path, args: argparse.Namespace) -> None:
    """Print time and memory of few and of many country dossiers, and how they grow."""
    with DOSSIERS.open(newline="") as file:
        rows = list(csv.DictReader(file))[: args.dossiers]
    some = min(20, max(len(rows) // 3, 1))
    print("\ncountry dossiers with pages and index")
    found = []
    for n in (some, len(rows)):
        say(f"dossiers: {n}")
        given = write_runs(folder / f"dossiers-{n}.csv", rows[:n], "recognition/05-country-dossier")
        peak = Peak()
        seconds = time_command(*batch_command(given, folder / f"dossiers-{n}"), peak=peak)
        found.append((n, seconds, peak.mb))
        print(f"{n:>6} runs {seconds:8.1f} s {seconds / n:7.2f} s a run   peak memory {peak.mb:6,.0f} MB")
    (few, short, small), (many, long, large) = found
    print(f"  {many / few:.1f} times the runs take {long / short:.1f} times the time, {large / small:.2f} the memory")
    print("  memory: sum over all processes of the batch, shared pages counted once (PSS), sampled twice a second")


def time_report(folder: Path, args: argparse.Namespace) -> None:
    """Print what one page takes, ours and with the two commands, and what the list of commands takes."""
    commands: dict[str, Callable[[], float]] = {
        "ours": lambda: time_command(BIN / "domes", "report", NAME, "-o", folder / "one"),
        "stock": lambda: time_stock([{}], folder / "stock", at_a_time=1),
        "help": lambda: time_command(BIN / "domes", "--help"),
    }
    taken = interleave(commands, ["ours", "stock", "help"] * 5, args.repeats, "report")
    print(f"\none page of {NAME}")
    print_row("papermill; jupyter nbconvert", taken["stock"])
    print_share("domes report, with claims and index", taken["ours"], taken["stock"], "at most 0.75", of=taken["ours"])
    print_row("domes --help (target 0.3 s)", taken["help"])


def time_dask(folder: Path, args: argparse.Namespace) -> None:
    """Print what a batch takes on one and on two dask workers, which dask's own commands start; both warmed up."""
    runs = choose_runs(args.runs)
    given, few = write_runs(folder / "runs.csv", runs), write_runs(folder / "few.csv", runs[:2])

    def run_on(workers: int) -> float:
        with dask_cluster(folder, workers) as address:
            time_command(*batch_command(few, folder / "few"), "--scheduler", address)
            return time_command(*batch_command(given, folder / "dask"), "--scheduler", address)

    ways = {"one": lambda: run_on(1), "two": lambda: run_on(2)}
    taken = interleave(ways, ["one", "two"], args.repeats, "dask")
    print(f"\n{len(runs)} parameter sets of {NAME} on dask workers")
    print_row("two workers", taken["two"])
    print_row("one worker", taken["one"], taken["two"], "aim 1.7")


PARTS = {"batch": time_batch, "dossiers": time_dossiers, "report": time_report, "dask": time_dask}


def choose_runs(n: int) -> list[Run]:
    """Return n parameter sets: four entities on days of n years."""
    return [{"entity": ENTITIES[i % 4], "on": f"{FIRST_YEAR + i}-12-31"} for i in range(n)]


def write_runs(path: Path, runs: Sequence[Run], notebook: str = NAME) -> Path:
    """Write a file of runs for ``domes batch``."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["notebook", *runs[0]])
        writer.writeheader()
        writer.writerows({"notebook": notebook} | run for run in runs)
    return path


def batch_command(runs: Path, output: Path) -> list[str | Path]:
    """Return the command of a batch into an empty folder."""
    shutil.rmtree(output, ignore_errors=True)
    return [BIN / "domes", "batch", runs, "-o", output]


def time_command(*command: str | Path, peak: "Peak | None" = None) -> float:
    """Seconds that a command takes; what it prints is shown only when it fails."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)), cwd=ROOT, env=STOCK, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if peak:
        threading.Thread(target=peak.watch, args=[process.pid], daemon=True).start()
    try:
        said, _ = process.communicate()
    finally:
        if process.poll() is None:  # we are being ended
            process.terminate()
            process.wait(PATIENCE_S)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with exit code {process.returncode}:\n{said}")
    return time.perf_counter() - begin


class Peak:
    """The largest memory of a process and all that it has started, in MB."""

    mb = 0.0

    def watch(self, pid: int) -> None:
        """Add up the shares of all processes, again and again, until the first one has ended."""
        while psutil.pid_exists(pid):
            self.mb = max(self.mb, _memory_mb(pid))
            time.sleep(SAMPLE_S)


def _memory_mb(pid: int) -> float:
    total = 0
    try:
        processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:  # it has just ended
            continue
    return total / 2**20


def time_stock(runs: Sequence[Run], folder: Path, at_a_time: int) -> float:
    """Seconds that the commands of papermill and nbconvert take for all runs, one or some pairs at a time."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()

    def make_page(i: int) -> None:
        executed = folder / f"{i}.ipynb"
        parameters = [word for pair in runs[i].items() for word in ("-p", *pair)]
        time_command(BIN / "papermill", NOTEBOOK, executed, *parameters)
        time_command(BIN / "jupyter", "nbconvert", "--to", "html", executed)

    begin = time.perf_counter()
    with ThreadPoolExecutor(at_a_time) as pool:
        list(pool.map(make_page, range(len(runs))))
    return time.perf_counter() - begin


def time_floor(runs: Path) -> tuple[float, float]:
    """Seconds of the notebook's cells alone, see ``floor.py``: a process for each run, and all kept in memory."""
    command = [sys.executable, ROOT / "bench" / "floor.py", NOTEBOOK, runs]
    environment = STOCK | OWN | {"MPLBACKEND": "agg"}
    said = subprocess.run(list(map(str, command)), env=environment, stdout=subprocess.PIPE, text=True, check=True)
    anew, kept = map(float, said.stdout.split())
    return anew, kept


@contextmanager
def dask_cluster(folder: Path, workers: int) -> Iterator[str]:
    """Start a scheduler and its workers with dask's commands on 127.0.0.1, and end them by their own ids."""
    from distributed import Client

    place = folder / "scheduler.json"
    place.unlink(missing_ok=True)
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    scheduler = ["scheduler", "--port", "0", "--scheduler-file", str(place), *local]
    worker = ["worker", "--scheduler-file", str(place), "--nworkers", str(workers), "--nthreads", "1", *local]
    started: list[subprocess.Popen] = []
    try:
        for words in (scheduler, worker):
            command = [BIN / "dask", *words, *(["--local-directory", folder / "local"] if words is worker else [])]
            started.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        with Client(scheduler_file=str(place), timeout=PATIENCE_S) as client:
            client.wait_for_workers(workers, PATIENCE_S)
            address = client.scheduler.address
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(PATIENCE_S)


def interleave(
    ways: dict[str, Callable[[], float]], order: Sequence[str], repeats: int, part: str
) -> dict[str, list[float]]:
    """Run the ways in turn, so that all meet the same weather, and return the seconds that each took."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    turns = list(order) * repeats
    for turn, name in enumerate(turns, start=1):
        say(f"{part}: {turn} of {len(turns)}, {name}")
        taken[name].append(ways[name]())
    return taken


def say(what: str) -> None:
    """Show on stderr what is being done."""
    print(f"... {what}", file=sys.stderr, flush=True)


def print_row(label: str, seconds: list[float], ours: list[float] | None = None, target: str = "") -> None:
    """Print a line: median, least and most seconds, and how many times ours that is."""
    ratio = f"{statistics.median(seconds) / statistics.median(ours):6.2f} x ours ({target})" if ours else ""
    print(
        f"{label:<46}{statistics.median(seconds):8.2f} s  {min(seconds):7.2f} to {max(seconds):7.2f}  {ratio}".rstrip()
    )


def print_share(label: str, ours: list[float], other: list[float], target: str, of: list[float] | None = None) -> None:
    """Print a line: the median of the other, or of ``of``, and ours as a multiple of the other."""
    shown = of or other
    wanted = f" ({target})" if target else ""
    ratio = statistics.median(ours) / statistics.median(other)
    spread = f"{min(shown):7.2f} to {max(shown):7.2f}"
    print(f"{label:<46}{statistics.median(shown):8.2f} s  {spread}  ours {ratio:.2f} of it{wanted}")


def describe_machine() -> str:
    """Return processor, cores, memory, system and Python, and how busy the machine is."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())
    memory = f"{psutil.virtual_memory().total / 2**30:.0f} GB"
    system = f"{platform.system()}, Python {platform.python_version()}"
    return f"{model}, {cores()} cores, {memory}, {system}; load at the start {os.getloadavg()[0]:.1f}"


def main() -> None:
    """Print medians of the chosen parts and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), help="only some of it")
    parser.add_argument("--runs", type=int, default=20, help="parameter sets of the recognition map (20)")
    parser.add_argument("--dossiers", type=int, default=198, help="country dossiers (198)")
    parser.add_argument("--repeats", type=int, default=1, help="times that each part's order is gone through (1)")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended as with Ctrl-C
    print(describe_machine())
    for part in args.parts:
        with tempfile.TemporaryDirectory() as folder:
            PARTS[part](Path(folder), args)


if __name__ == "__main__":
    main()
