"""What several tests share: small notebooks, the command line as a user calls it, a browser."""

import os
import shutil
import signal
import subprocess
import sys
import warnings
from functools import partial
from pathlib import Path

import matplotlib
import nbformat
import pytest
from hypothesis import HealthCheck, settings
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from xdist.scheduler import LoadFileScheduling

from analysis import cli
from analysis.reporting.kernel.warm import warm_server
from analysis.tables import data_folder

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")  # a busy machine is slow, and no test may fail for that

PROJECT = Path(__file__).resolve().parent.parent
LETTERS = """<?xml version="1.0"?>
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <match target="font"><edit name="hintstyle" mode="assign"><const>hintslight</const></edit></match>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
  <match target="pattern">
    <edit name="family" mode="append_last"><string>DejaVu Sans</string></edit>
  </match>
</fontconfig>
"""
BORROW = "import sys; from analysis.reporting.kernel.warm import borrow_server; borrow_server(sys.argv.pop(1)); "
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SLOWEST_FIRST = (
    "tests/test_allowed.py",
    "tests/reporting/batch/test_batch_faults.py",
    "tests/reporting/batch/test_cluster.py",
    "tests/explore/test_explore_in_lab.py",
    "tests/explore/test_defence_in_lab.py",
    "tests/reporting/kernel/test_warm.py",
    "tests/test_cli_data.py",
    "tests/reporting/test_byte_for_byte.py",
    "tests/reporting/batch/test_report.py",
    "tests/reporting/batch/test_executor.py",
    "tests/test_cli.py",
    "tests/explore/test_defence.py",
    "tests/air_defence/exact/test_layers.py",
)
ONE_LAB = {"tests/explore/test_defence_in_lab.py": "tests/explore/test_explore_in_lab.py"}
"""Files whose tests run in one process, since JupyterLab takes long to start."""


class LongFilesFirst(LoadFileScheduling):
    """Hands files to processes in the order in which they were collected, those of one JupyterLab together."""

    def _split_scope(self, nodeid):
        file = super()._split_scope(nodeid)
        return ONE_LAB.get(file, file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep the order below; by itself pytest-xdist begins with the files that have most tests, which are the quickest."""
    if config.option.dist == "loadfile":
        config.option.loadscopereorder = False
        return LongFilesFirst(config, log)
    return None


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest: short ones fill the time until the last of them ends."""
    places = {file: place for place, file in enumerate(SLOWEST_FIRST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


@pytest.fixture(scope="session")
def write_notebook_in():
    """Write a notebook from its cells: text that begins with ``#`` or ``>`` is a text cell, a pair is tagged."""

    def write(folder, *sources, name="01-small.ipynb"):
        cells = []
        for number, source in enumerate(sources):
            source, tags = source if isinstance(source, tuple) else (source, [])
            new = new_markdown_cell if source.startswith(("# ", "## ", "> ")) else new_code_cell
            cells.append(new(source, id=f"cell-{number}", metadata={"tags": tags}))
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(new_notebook(cells=cells), path)
        return path

    return write


@pytest.fixture
def write_notebook(write_notebook_in, tmp_path):
    """Write a notebook into the test's own folder."""
    return partial(write_notebook_in, tmp_path)


def call(command, folder, words, environment):
    return subprocess.run(
        [*command, *map(str, words)],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


@pytest.fixture(scope="session")
def with_a_lent_server():
    """The words that run Python code whose kernels come from the server of this process.

    One that the code started itself would take as long to import its libraries as all the rest of a small report.
    """
    return lambda code: [sys.executable, "-c", BORROW + code, warm_server(dict(os.environ)).address]


@pytest.fixture(scope="session")
def command_for(with_a_lent_server):
    """The words that begin a call of the command line; those that run notebooks are lent a server of kernels."""
    lent, alone = "from analysis.cli import main; main()", [sys.executable, "-m", "analysis"]
    return lambda name: with_a_lent_server(lent) if name in ("report", "batch") else alone


@pytest.fixture
def domes(tmp_path, command_for):
    """Call the command line in a process of its own, in an empty folder."""
    return lambda *words, **environment: call(command_for(words[0]), tmp_path, words, environment)


@pytest.fixture
def domes_here(capsys, monkeypatch):
    """Call the command line in this process: for commands that start no other, and leave nothing behind."""
    monkeypatch.setattr(cli, "_end_on_signals", lambda: None)
    monkeypatch.setattr(cli, "skip_slow_import", lambda: None)
    monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)  # is put back

    def call_here(*words):
        monkeypatch.setattr(sys, "argv", ["domes", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        return subprocess.CompletedProcess(words, end.value.code or 0, *capsys.readouterr())

    return call_here


@pytest.fixture
def domes_alone(tmp_path):
    """Call the command line as a user does, who has no server before."""
    return lambda *words, **environment: call([sys.executable, "-m", "analysis"], tmp_path, words, environment)


@pytest.fixture(scope="session")
def letters(tmp_path_factory):
    """What makes a browser draw the same letters on every machine: those that come with Matplotlib, wide ones."""
    folder = tmp_path_factory.mktemp("letters")
    settings = folder / "fonts.conf"
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    settings.write_text(LETTERS.format(fonts=fonts, cache=folder / "cache"), encoding="utf-8")
    return {"FONTCONFIG_FILE": str(settings)}


@pytest.fixture(scope="session")
def browser(letters):
    """Headless Chromium; without one these tests are skipped, but under CI its absence is a failure."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        message = f"needs a browser: none of {', '.join(BROWSERS)} is installed"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=BROWSER_OPTIONS, env=os.environ | letters)
        yield opened
        opened.close()


@pytest.fixture
def copied_data(tmp_path):
    """A copy of the data folder that a test may damage."""
    folder = tmp_path / "data"
    shutil.copytree(data_folder(), folder)
    return folder


@pytest.fixture(autouse=True)
def signals_stay():
    """Hear after each test what was heard before: a command that has ended ignores signals, and its children would."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def signals_are_heard():
    """Hear what ends processes: in the background of a shell, or under nohup, some of it is ignored."""
    heard = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGTERM: signal.SIG_DFL,
        signal.SIGHUP: signal.SIG_DFL,
    }
    before = {number: signal.signal(number, handler) for number, handler in heard.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
