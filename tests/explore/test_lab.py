"""JupyterLab for exploring: a free port, addresses that open a notebook, and a clear word where a port is taken."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from analysis.errors import ParameterError
from analysis.explore import lab
from analysis.reporting.run.catalogue import NOTEBOOKS


@pytest.fixture
def taken():
    with socket.socket() as other:
        other.bind((lab.HERE, 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_refused_with_the_next_step(domes, taken):
    ran = domes("explore", "--port", taken, "--no-browser")
    assert ran.returncode == 2
    assert f"port = {taken} is taken" in ran.stderr and "leave --port out" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_without_a_wish_the_next_free_port_is_taken(taken, monkeypatch):
    monkeypatch.setattr(lab, "FIRST_PORT", taken)
    assert taken < lab.choose_port() < taken + lab.PORTS_TRIED


def test_when_no_port_is_free_it_says_which_were_tried(taken, monkeypatch):
    monkeypatch.setattr(lab, "FIRST_PORT", taken)
    monkeypatch.setattr(lab, "PORTS_TRIED", 1)
    with pytest.raises(ParameterError, match=f"no port from {taken} to {taken} is free"):
        lab.choose_port()


def test_each_room_has_an_address_with_the_token():
    found = lab.list_addresses(NOTEBOOKS, "https://here:8890/base/", "secret")
    assert found == {
        f"{room}/00-explore.ipynb": f"https://here:8890/base/lab/tree/{room}/00-explore.ipynb?token=secret"
        for room in ("air_defence", "recognition")
    }


@pytest.fixture
def exploring(tmp_path):
    """Begin to explore in folders of its own; gives the process and the address of the server, which answers."""
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "TMPDIR")
    places = {name: str(tmp_path / name) for name in names}
    for place in places.values():
        Path(place).mkdir()
    command = [sys.executable, "-m", "analysis", "explore", "--no-browser"]
    options = ["--", "--allow-root", "--ServerApp.base_url=/under/"]
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
    with subprocess.Popen([*command, *options], env=os.environ | places, text=True, **streams) as explore:
        try:
            url = [next(explore.stdout) for _ in range(3)][2].strip().partition("lab/tree")[0]
            end = time.monotonic() + 60
            while not answers(url) and time.monotonic() < end:  # it says its address a moment before it listens
                time.sleep(0.2)
            assert answers(url)
            yield explore, url
        finally:
            explore.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_jupyterlab_too_and_its_address_is_its_own(exploring, tmp_path, number):
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("the tests themselves were started so that this signal is passed over")
    explore, url = exploring
    assert url.endswith("/under/")
    explore.send_signal(number)  # without a terminal, to it alone
    assert explore.wait(timeout=60) == 0
    with pytest.raises(OSError):
        urlopen(f"{url}api", timeout=60)
    assert [path.name for path in (tmp_path / "TMPDIR").glob("domes-*")] == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent is gone")
def test_a_killed_explore_leaves_no_jupyterlab(exploring):
    explore, url = exploring
    explore.kill()
    explore.wait(timeout=60)
    end = time.monotonic() + 60
    while answers(url) and time.monotonic() < end:
        time.sleep(0.2)
    assert not answers(url)


@pytest.mark.parametrize(("body", "code"), [("os.kill(os.getpid(), 15)", 143), ("sys.exit(3)", 3), ("", 0)])
def test_a_server_that_a_signal_ends_has_the_code_that_shells_give(body, code):
    with subprocess.Popen([sys.executable, "-c", f"import os, sys; {body}"]) as server:
        assert lab._wait(server) == code


def answers(url):
    try:
        urlopen(f"{url}api", timeout=60).close()
    except OSError:
        return False
    return True


def test_a_jupyterlab_that_does_not_start_has_no_address(domes, tmp_path):
    places = {name: str(tmp_path) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR")}
    answer = domes("explore", "--no-browser", "--", "--allow-root", "--ServerApp.port=no-number", **places)
    assert answer.returncode != 0 and "Open, then" not in answer.stdout


def test_the_help_says_what_is_printed(domes):
    said = domes("explore", "--help").stdout
    assert "addresses" in said and "--port" in said and "--no-browser" in said


def test_folders_that_cannot_be_written_are_named_and_others_stand_in_for_them(monkeypatch, tmp_path, capsys):
    names = ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTERLAB_SETTINGS_DIR", "IPYTHONDIR")
    for name in names:
        monkeypatch.setenv(name, str(tmp_path / "own" / name))
    assert list(lab._name_folders(tmp_path)) == ["JUPYTERLAB_WORKSPACES_DIR"]
    assert capsys.readouterr().err == ""
    (tmp_path / "taken").write_text("no folder")
    for name in names[1:]:
        monkeypatch.setenv(name, str(tmp_path / "taken" / name))
    found = lab._name_folders(tmp_path)
    assert list(found) == ["JUPYTERLAB_WORKSPACES_DIR", *names[1:]]
    assert all(Path(place).parent == tmp_path for place in found.values())
    said = capsys.readouterr().err
    assert said.endswith("cannot be written: settings and history of this session are not kept.\n")
    assert str(tmp_path / "taken" / "IPYTHONDIR") in said


def test_root_is_told_what_jupyterlab_asks_of_it(monkeypatch):
    monkeypatch.setattr(lab.os, "geteuid", lambda: 0, raising=False)
    assert lab.is_refused_as_root([]) and lab.is_refused_as_root(["--no-browser"])
    assert not lab.is_refused_as_root(["--allow-root"]) and not lab.is_refused_as_root(["--ServerApp.allow_root=True"])
    monkeypatch.setattr(lab.os, "geteuid", lambda: 1000, raising=False)
    assert not lab.is_refused_as_root([])


def test_a_signal_that_nohup_has_us_ignore_is_not_handed_on():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with subprocess.Popen(["sleep", "60"]) as server, lab._ended_by_signals(server):
            os.kill(os.getpid(), signal.SIGHUP)
            with pytest.raises(subprocess.TimeoutExpired):
                server.wait(0.5)
    finally:
        signal.signal(signal.SIGHUP, before)
