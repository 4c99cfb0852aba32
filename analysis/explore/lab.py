"""JupyterLab on the notebooks: a free port, and the addresses of the notebooks that one explores with."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import ParameterError

HERE = "127.0.0.1"
FIRST_PORT, PORTS_TRIED = 8888, 50
EXPLORERS = "*/00-explore.ipynb"


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


def list_addresses(notebooks: Path, port: int, token: str) -> dict[str, str]:
    """List the notebooks to explore with: name to address.

    Parameters
    ----------
    notebooks : pathlib.Path
        Folder in which JupyterLab opens.
    port : int
        Where it listens.
    token : str
        What it asks for.
    """
    names = sorted(path.relative_to(notebooks).as_posix() for path in notebooks.glob(EXPLORERS))
    return {name: f"http://{HERE}:{port}/lab/tree/{name}?token={token}" for name in names}


def start_lab(notebooks: Path, port: int | None = None, browser: bool = True, options: Sequence[str] = ()) -> int:
    """Print the addresses, run JupyterLab until it is ended, and give its return code.

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
    The token is handed over in the environment, where other users of the machine cannot read it.
    """
    chosen = choose_port(port)
    if is_refused_as_root(options):
        print("JupyterLab refuses to run as root, unless one adds: -- --allow-root", file=sys.stderr)
    token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(24)
    print(f"JupyterLab starts in {notebooks}; end it with Ctrl-C. Open, then Run > Run All Cells:")
    for address in list_addresses(notebooks, chosen, token).values():
        print(f"  {address}", flush=True)
    command = [sys.executable, "-m", "jupyterlab", str(notebooks), "--log-level=WARN"]
    command += [f"--ServerApp.port={chosen}", "--ServerApp.port_retries=0", *([] if browser else ["--no-browser"])]
    own = {"JUPYTER_TOKEN": token, "JUPYTER_PREFER_ENV_PATH": "1"}  # this environment's kernel comes first
    server = subprocess.Popen([*command, *options], env=os.environ | own)
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:  # the server got it too, and asks
            continue


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
