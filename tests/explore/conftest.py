"""JupyterLab itself, on a free port of this machine, with a notebook that a test may run and change."""

import asyncio
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import comm
import pytest
from playwright import sync_api as playwright

PROJECT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},  # cells out of sight are drawn as well
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
LONGEST_START_S = 300


class Lab:
    """A running server: its address, its token, and the folder in which it looks for notebooks."""

    def __init__(self, port, token, root):
        self.port, self.token, self.root = port, token, root

    def copy(self, notebook, *changes):
        """Copy a notebook of the project, with some words changed, so that a test leaves no trace in it."""
        text = (PROJECT / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, json.dumps(new)[1:-1])
        copied = self.root / f"{secrets.token_hex(4)}.ipynb"
        copied.write_text(text, encoding="utf-8")
        return copied

    def run(self, page, path):
        """Open a notebook, run all of its cells, and wait until its chart is there."""
        page.set_default_timeout(LONGEST_START_S * 1000)
        page.goto(f"http://127.0.0.1:{self.port}/lab/tree/{path.name}?token={self.token}&reset")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        page.wait_for_timeout(1000)  # a kernel that has just said so may still be without its notebook
        chooser = page.get_by_role("button", name="Select", exact=True)
        running = page.locator(".jp-Notebook .jp-InputPrompt", has_text="[*]")
        for _ in range(20):  # where nothing runs, the kernel was not there yet
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
            with suppress(playwright.TimeoutError):
                running.or_(chooser).first.wait_for(timeout=15_000)
                break
        if chooser.is_visible():
            chooser.click()


@pytest.fixture
def with_a_reader(monkeypatch):
    """Let widgets send to no kernel: once ipykernel is imported, as by an earlier test, they send nothing without one."""
    monkeypatch.setattr(comm, "create_comm", comm.DummyComm)


@pytest.fixture
def without_a_loop(monkeypatch):
    """Take away the event loop that a browser of an earlier test leaves running: what waits for it would never come."""

    def find_none():
        raise RuntimeError("no running event loop")

    monkeypatch.setattr(asyncio, "get_running_loop", find_none)


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """JupyterLab for all tests that drive it."""
    with run_lab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@contextmanager
def run_lab(folder):
    """Start JupyterLab with settings of its own in a folder, and end it; ``bench/exploration.py`` does so too."""
    root = folder / "notebooks"
    root.mkdir()
    for name, values in SETTINGS.items():
        file = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    places = {"CONFIG_DIR": "config", "DATA_DIR": "data", "RUNTIME_DIR": "runtime"}
    own = {f"JUPYTER_{name}": str(folder / place) for name, place in places.items()}
    own |= {
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={root}",
    ]  # fmt: skip
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            command, env=os.environ | own | {"JUPYTER_PREFER_ENV_PATH": "1"}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait(port, server, folder / "log")
        yield Lab(port, token, root)
    finally:
        server.terminate()
        server.wait(timeout=120)


def _wait(port, server, log):
    end = time.monotonic() + LONGEST_START_S
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        try:
            with urlopen(f"http://127.0.0.1:{port}/api", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(log.read_text())
