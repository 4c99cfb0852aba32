"""JupyterLab on the notebooks: a free port, and the addresses of the notebooks that one explores with."""

import ctypes
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir, jupyter_runtime_dir

from analysis.errors import ParameterError
from analysis.scratch import can_be_written, remove_abandoned, scratch
from analysis.signals import heard_signals
from analysis.tables import DATA_FOLDER_VARIABLE

HERE = "127.0.0.1"
FIRST_PORT, PORTS_TRIED = 8888, 50
EXPLORERS = "*/00-explore.ipynb"
START_S, POLL_S = 60, 0.2
PR_SET_PDEATHSIG = 1  # man 2 prctl


def choose_port(port: int | None = None) -> int:
    """Take the port that is wanted, or the first free one from 8888 on.

    Parameters
    ----------
    port : int, optional
        Wanted; 1 to 65535.

    Raises
    ------
    ParameterError
        When the wanted port is taken or not allowed, or no port is free.
    """
    if port is None:
        free = next(filter(_is_free, range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)), None)
        if free is None:
            raise ParameterError(f"no port from {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} is free; give --port.")
        return free
    if not _is_free(port):
        raise ParameterError(
            f"port = {port} is taken, or not for users; give another one, or leave --port out and a free one is taken."
        )
    return port


def list_addresses(notebooks: Path, url: str, token: str) -> dict[str, str]:
    """List the notebooks to explore with: name to address.

    Parameters
    ----------
    notebooks : pathlib.Path
        Folder in which JupyterLab opens.
    url : str
        Where it answers, with a slash at the end.
    token : str
        What it asks for; empty where it asks for none.
    """
    names = sorted(path.relative_to(notebooks).as_posix() for path in notebooks.glob(EXPLORERS))
    return {name: f"{url}lab/tree/{name}" + (f"?token={token}" if token else "") for name in names}


def start_lab(notebooks: Path, port: int | None = None, browser: bool = True, options: Sequence[str] = ()) -> int:
    """Run JupyterLab until it is ended, print the addresses as soon as it answers, and give its return code.

    Parameters
    ----------
    notebooks : pathlib.Path
        Folder in which it opens.
    port : int, optional
        As for :func:`choose_port`.
    browser : bool
        Whether it opens a browser.
    options : sequence of str
        Given to JupyterLab as they are.

    Notes
    -----
    The token is handed over in the environment, where other users of the machine cannot read it. Notebooks that were
    open when JupyterLab was last used are not opened: its layout is kept in a folder that goes with it, as is all that
    it keeps where the user's own folders cannot be written.
    """
    chosen = choose_port(port)
    if is_refused_as_root(options):
        print("JupyterLab refuses to run as root, unless one adds: -- --allow-root", file=sys.stderr)
    token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(24)
    command = [sys.executable, "-m", "jupyterlab", str(notebooks), "--log-level=WARN"]
    command += [f"--ServerApp.port={chosen}", "--ServerApp.port_retries=0", *([] if browser else ["--no-browser"])]
    own = {"JUPYTER_TOKEN": token, "JUPYTER_PREFER_ENV_PATH": "1"}  # this environment's kernel comes first
    print(f"JupyterLab starts in {notebooks}; end it with Ctrl-C.", flush=True)
    remove_abandoned()
    with scratch() as folder:
        environment = os.environ | own | _name_folders(folder) | _name_data()
        begun = time.time()
        first = _end_with_parent if sys.platform == "linux" else None  # elsewhere SIGKILL leaves the server behind
        server = subprocess.Popen([*command, *options], env=environment, preexec_fn=first)
        with _ended_by_signals(server):
            said = _ask(server, begun, environment) or {"url": f"http://{HERE}:{chosen}/", "token": token}
            if server.poll() is None:  # else it has said why it ended, and answers nowhere
                _say_addresses(notebooks, said)
            return _wait(server)


def _end_with_parent() -> None:
    """Let Linux end this process, a server that is about to begin, when the one that began it is killed outright."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _name_folders(folder: Path) -> dict[str, str]:
    """Name folders for what goes with the server: the layout, and where the user's cannot be written all it keeps."""
    usual = {
        "JUPYTER_RUNTIME_DIR": jupyter_runtime_dir(),
        "JUPYTER_DATA_DIR": jupyter_data_dir(),
        "JUPYTERLAB_SETTINGS_DIR": f"{jupyter_config_dir()}/lab/user-settings",
        "IPYTHONDIR": os.path.expanduser("~/.ipython"),  # noqa: PTH111 - the method raises without a home
    }
    named = {name: os.environ.get(name) or place for name, place in usual.items()}
    lost = [name for name, place in named.items() if not can_be_written(Path(place))]
    if lost:
        places = ", ".join(named[name] for name in lost)
        print(f"{places} cannot be written: settings and history of this session are not kept.", file=sys.stderr)
    wanted = ["JUPYTERLAB_WORKSPACES_DIR", *lost]
    return {name: str(folder / name.lower()) for name in wanted}


def _name_data() -> dict[str, str]:
    """Name the folder of tables as every kernel sees it, wherever its notebook stands."""
    named = os.environ.get(DATA_FOLDER_VARIABLE)
    return {DATA_FOLDER_VARIABLE: os.path.abspath(named)} if named else {}  # noqa: PTH100 - resolves no link


def _say_addresses(notebooks: Path, said: Mapping[str, str]) -> None:
    print("Open, then Run > Run All Cells:")
    for address in list_addresses(notebooks, said["url"], said["token"]).values():
        print(f"  {address}", flush=True)


def _ask(server: "subprocess.Popen[bytes]", begun: float, environment: Mapping[str, str]) -> dict[str, str] | None:
    """Read what a server says of itself once it answers; None where it does not within a while, or ends."""
    runtime = environment.get("JUPYTER_RUNTIME_DIR") or jupyter_runtime_dir()
    told, end = Path(runtime) / f"jpserver-{server.pid}.json", time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        with suppress(OSError, ValueError, KeyError, KeyboardInterrupt):
            if told.stat().st_mtime >= begun - 1:  # not of an earlier process of this number
                said = json.loads(told.read_text(encoding="utf-8"))
                return {"url": said["url"], "token": said["token"]}
        with suppress(KeyboardInterrupt):
            time.sleep(POLL_S)
    return None


def _wait(server: "subprocess.Popen[bytes]") -> int:
    """Wait for its return code; where a signal ended it before it heard any, 128 and its number, as shells count."""
    while True:
        try:
            code = server.wait()
            return code if code >= 0 else 128 - code
        except KeyboardInterrupt:  # the server got it too, and asks
            continue


@contextmanager
def _ended_by_signals(server: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Hand on the signals that end us, so that no server stays behind; not those that nohup has us ignore.

    Ctrl-C reaches the server by the terminal, and it asks. Without a terminal nobody could answer, and whoever sends
    the signal may send it to us alone: it ends the server.
    """
    heard = signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
    asks = sys.stdin is not None and sys.stdin.isatty()
    ending = [*heard_signals(), *([signal.SIGINT] if heard and not asks else [])]
    before = {number: signal.signal(number, lambda *_: server.terminate()) for number in ending}
    if heard and asks:
        before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if server.poll() is None:
            server.terminate()
            server.wait()


def is_refused_as_root(options: Sequence[str]) -> bool:
    """Tell whether JupyterLab would end at once, since root calls it and no option allows that."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return root and not any("allow-root" in option or "allow_root" in option for option in options)


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HERE, port))
        except (OSError, OverflowError):
            return False
    return True
