"""What a forked kernel does before it answers: become a process of its own, then serve as any ipykernel."""

import atexit
import gc
import os
import random
import signal
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import forkserver, resource_tracker
from typing import Any

READY = b"1"
COLUMNS_IN_A_NOTEBOOK = 20  # what pandas sets where it is imported in a notebook


@dataclass(frozen=True)
class ForkedKernel:
    """The order for one kernel; the fork server's child reads it and carries it out.

    Attributes
    ----------
    arguments : list of str
        Of ipykernel, among them the connection file.
    environment : dict of str to str
        All variables of the kernel.
    folder : str
        Working directory.
    memory_mb : int or None
        Largest memory for data; None for no limit.

    Notes
    -----
    ``multiprocessing`` calls ``_bootstrap`` on what it has read, in the child.
    """

    arguments: list[str]
    environment: dict[str, str]
    folder: str
    memory_mb: int | None = None

    def _bootstrap(self, parent_sentinel: int) -> int:
        ready = _own_process()
        threading.Thread(target=_end_with, args=[parent_sentinel], daemon=True).start()
        self._own_surroundings()
        _own_chance()
        _own_pandas()
        if self.memory_mb:
            limit_memory(self.memory_mb)
        gc.enable()
        gc.freeze()  # a collection would copy the pages that are shared with the server
        return _serve(self.arguments, ready)

    def _own_surroundings(self) -> None:
        os.chdir(self.folder)
        os.environ.clear()
        os.environ.update(self.environment)
        os.environ["JPY_PARENT_PID"] = str(os.getppid())
        time.tzset()
        sys.modules.pop("rfc3987_syntax", None)  # the server did without it; a notebook may want it
        sys.argv = ["ipykernel_launcher", *self.arguments]


def limit_memory(megabytes: int) -> None:
    """Let this process hold at most so much data: its heap and private mappings, not files or shared pages."""
    import resource  # not on every system

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit if hard < 0 else min(limit, hard), hard))


def _own_process() -> int:
    """Lead a session, write where the caller writes, and let go of the server; return where to say "ready"."""
    os.setsid()
    ready, out, err = forkserver.get_inherited_fds() or (-1, 1, 2)
    for file, standard in ((out, 1), (err, 2)):
        os.dup2(file, standard)
        os.close(file)
    # These stand for things that belong to the caller; a kernel that wants its own starts them.
    server: Any = forkserver._forkserver
    tracker: Any = resource_tracker._resource_tracker
    for file in (server._forkserver_alive_fd, tracker._fd):
        os.close(file)
    server._forkserver_alive_fd = server._forkserver_address = server._inherited_fds = tracker._fd = None
    return ready


def _end_with(caller: int) -> None:
    """Wait until the caller lets go of the pipe over which the order came, and end this kernel and its children."""
    while os.read(caller, 1):
        pass
    os.killpg(0, signal.SIGKILL)


def _own_chance() -> None:
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _own_pandas() -> None:
    """Show wide frames as in any notebook: the server imported pandas outside of one, which takes it for a terminal."""
    if "pandas" in sys.modules:
        sys.modules["pandas"].set_option("display.max_columns", COLUMNS_IN_A_NOTEBOOK)


def _in_short(error: OSError) -> str:
    place = error.filename2 or error.filename
    return ": ".join(str(part) for part in (place, error.strerror or error) if part)


def _serve(arguments: list[str], ready: int) -> int:
    from analysis.reporting.kernel.app import OwnKernelApp

    # The class read JPY_PARENT_PID when the server imported it.
    app = OwnKernelApp.instance(parent_handle=os.getppid())
    try:
        app.initialize(arguments)
    except OSError as error:  # a full TMPDIR: the caller says why, in a line
        os.write(ready, _in_short(error).encode(errors="replace"))
        return 1
    os.write(ready, READY)
    os.close(ready)
    app.start()
    with suppress(Exception):  # what ends a process that was not forked does on its own
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    return 0
