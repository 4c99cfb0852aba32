"""A server that has imported the libraries once and forks a fresh process for each kernel."""

import atexit
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from multiprocessing import reduction
from pathlib import Path
from typing import BinaryIO

from analysis.errors import RunError
from analysis.reporting.kernel.forked import READY, ForkedKernel
from analysis.reporting.kernel.surroundings import own_environment
from analysis.scratch import make_scratch, remove_abandoned

PRELOADED = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "pandas",
    "matplotlib.pyplot",
    "seaborn",
    "scipy.stats",
    "statsmodels.api",
    "geopandas",
    "pyogrio",
    "pydantic",
    "pandera.pandas",
    "pandera.backends.pandas.builtin_checks",
    "altair",
    "prince",
    "numba",
    "networkx",
)
"""Only what others wrote: a change of our own modules must be seen by the next run. Nothing here starts a thread."""

PASSING = (
    *("JPY_", "PYTEST_", "DOMES_", "_", "PWD", "OLDPWD", "SHLVL", "TERM", "SOURCE_DATE_EPOCH", "IPYTHONDIR"),
    *("SPARK_", "PYARROW_"),  # pandera sets these while it is imported
)
"""Beginnings of variables that no library reads while it is imported; a server serves whatever they are."""

SERVER = (
    "import gc; gc.disable()\n"  # nothing that is imported is garbage; each kernel enables it for itself
    "import sys; sys.path[:] = filter(None, sys.path)\n"  # what lies in the current folder is no library
    "import os; os.chdir({!r})\n"  # nor are there settings for one; ours has none, and stays
    "sys.modules['rfc3987_syntax'] = None\n"  # takes 0.9 s, and only checks of formats that nobody uses
    "from multiprocessing.forkserver import main; main({}, {}, {})"
)
PATIENCE_S, ENDING_S = 120, 0.2
LEAST_ADDRESSES = 2_000_000 * 1024
"""Bytes of addresses (``ulimit -v``) with which the smallest of our notebooks runs; libraries take most of them."""
LEAST_FILES = 256
"""Open files, as many as macOS allows of itself; a run with its kernel has about a hundred."""
LONGEST_REASON = 1000
NUMBER_BYTES = 8  # the fork server writes process ids and exit codes as 64-bit numbers


class ForkedProcess:
    """A process that the server forked, seen as ``subprocess.Popen`` shows one that we started ourselves."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, status: int, order: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._status = status
        self._order = order  # open as long as we want the process to live

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs; negative when a signal ended it."""
        if self.returncode is None and _is_readable(self._status, 0):
            self._end(os.read(self._status, NUMBER_BYTES))
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Return the exit code as soon as there is one, or None after ``timeout`` seconds."""
        if self.returncode is None and _is_readable(self._status, timeout):
            self._end(os.read(self._status, NUMBER_BYTES))
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the process has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process."""
        self.send_signal(signal.SIGKILL)

    def _end(self, code: bytes) -> None:
        os.close(self._status)
        os.close(self._order)
        if not code:  # the server is gone, and its kernels must be too
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.returncode = int.from_bytes(code, sys.byteorder, signed=True) if code else -signal.SIGKILL


class LentServer:
    """A fork server that another process started and ends; who knows its address can fork from it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._answers = True

    def is_running(self, patience_s: float = 0) -> bool:
        """Tell whether it answered when it was last asked; to ask it for nothing would end it."""
        return self._answers

    def fork(self, kernel: ForkedKernel, out: int = 1, err: int = 2) -> ForkedProcess:
        """Fork a kernel and wait until its sockets are there.

        Parameters
        ----------
        kernel : ForkedKernel
            What to start.
        out, err : int
            File descriptors that the kernel's own output goes to.

        Raises
        ------
        OSError
            When the server or the kernel does not come up.
        """
        self._answers = False
        with ExitStack() as opened:
            client = opened.enter_context(socket.socket(socket.AF_UNIX))
            client.connect(self.address)
            (status, status_child), (ready, ready_child), (order_child, order) = (_pipe(opened) for _ in range(3))
            nothing = opened.enter_context(Path(os.devnull).open("wb")).fileno()  # no server, no tracker of resources
            ends = [order_child.fileno(), status_child.fileno(), nothing, nothing, ready_child.fileno()]
            reduction.sendfds(client, [*ends, out, err])
            for file in (order_child, status_child, ready_child):
                file.close()
            pid = _read_number(status, PATIENCE_S)
            process = ForkedProcess(pid, os.dup(status.fileno()), os.dup(order.fileno()))
            reduction.dump({}, order)  # what multiprocessing would prepare: nothing
            reduction.dump(kernel, order)
            order.flush()
            said = os.read(ready.fileno(), LONGEST_REASON) if _is_readable(ready.fileno(), PATIENCE_S) else b""
            if said != READY:
                process.kill()
                reason = f": {said.decode(errors='replace')}" if said else ""
                raise OSError(f"a forked kernel did not come up{reason}")
        self._answers = True
        return process


class WarmServer(LentServer):
    """A fork server of the standard library, with libraries and variables of our choice.

    Parameters
    ----------
    environment : dict of str to str
        Its variables, and what they were when libraries were imported.

    Notes
    -----
    It ends when this process does, however that ends: it waits on a pipe of which only we hold the other side.
    """

    def __init__(self, environment: dict[str, str]) -> None:
        remove_abandoned()
        self._folder = make_scratch(for_sockets=True)
        super().__init__(str(self._folder / "server"))
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.address)
            listener.listen()
            heard, self._alive = os.pipe()
            code = SERVER.format(str(Path(__file__).parent), listener.fileno(), heard, list(PRELOADED))
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-c", code],
                    pass_fds=(listener.fileno(), heard),
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            finally:
                os.close(heard)

    def is_running(self, patience_s: float = 0) -> bool:
        """Tell whether it still runs after a while."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(patience_s)
        return self._process.returncode is None

    def close(self) -> None:
        """End the server, and so its kernels."""
        with suppress(OSError):
            os.close(self._alive)
        if self.is_running(ENDING_S):  # it still imports, and would see only afterwards that nobody wants it
            self._process.terminate()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def warm_server(environment: dict[str, str]) -> LentServer:
    """Return the server of this process for such variables; the first call starts it and does not wait for it.

    Parameters
    ----------
    environment : dict of str to str
        Variables of the kernel that is wanted. Libraries read some of them while they are imported, so that
        kernels with other variables get another server.

    Raises
    ------
    OSError
        When it cannot be started.
    RunError
        When this process may open too few files for it, or has too little memory.
    """
    require_open_files()
    require_addresses()
    environment = own_environment(environment)
    key = _key(environment)
    if _borrowed and _borrowed[-1].is_running():
        return _borrowed[-1]
    with _starting:
        if key not in _servers or not _servers[key].is_running():
            _servers[key] = WarmServer(environment)
        return _servers[key]


def require_open_files() -> None:
    """Take as many open files as a kernel with its sockets needs, where the system lets us; refuse to start otherwise.

    Raises
    ------
    RunError
        Says how many are allowed here, how many are needed, and how to allow them.
    """
    allowed = _allow("RLIMIT_NOFILE", LEAST_FILES, LEAST_FILES)
    if allowed is not None:
        raise RunError(
            f"a process may have {allowed} open files here, and a run needs {LEAST_FILES}; allow more: "
            f"ulimit -n {LEAST_FILES}, in a new shell where this one refuses."
        )


def require_addresses() -> None:
    """Take as much memory as a kernel needs, where the system lets us; refuse to start otherwise.

    Raises
    ------
    RunError
        Says how much is allowed here, how much is needed, and how to allow it.
    """
    allowed, kilobytes = _allow("RLIMIT_AS", LEAST_ADDRESSES), LEAST_ADDRESSES // 1024
    if allowed is not None:
        raise RunError(
            f"a process may have {allowed // 1024:,} kB of memory here, and a run needs {kilobytes:,} or more; "
            f"allow more: ulimit -v unlimited, in a new shell where this one refuses."
        )


def _allow(limit: str, least: int, wanted: int | None = None) -> int | None:
    """Allow this process what is wanted, or all that it may have, where it has too little; return a bound below it."""
    import resource  # not on every system; who calls this can fork

    number = getattr(resource, limit)
    soft, hard = resource.getrlimit(number)
    if soft == resource.RLIM_INFINITY or soft >= least:
        return None
    if hard == resource.RLIM_INFINITY or hard >= least:
        resource.setrlimit(number, (hard if wanted is None else wanted, hard))
        return None
    return hard


def start_server_early() -> None:
    """Start the server that the next kernel asks for, so that it imports while we do; who needs it says what fails."""
    if can_fork():
        with suppress(OSError):
            warm_server(dict(os.environ))


def borrow_server(address: str) -> None:
    """Fork kernels from the server of another process, which has the same variables, as long as that runs."""
    _borrowed.append(LentServer(address))


def can_fork() -> bool:
    """Tell whether this system lets a kernel be forked."""
    return os.name == "posix" and hasattr(os, "fork") and reduction.HAVE_SEND_HANDLE


_servers: dict[tuple[int, frozenset], WarmServer] = {}
_borrowed: list[LentServer] = []
_starting = threading.Lock()


@atexit.register
def _close_servers() -> None:
    for (owner, _), server in _servers.items():
        if owner == os.getpid():
            server.close()


def _key(environment: dict[str, str]) -> tuple[int, frozenset]:
    read = ((name, value) for name, value in environment.items() if not name.startswith(PASSING))
    return os.getpid(), frozenset(read)


def _pipe(opened: ExitStack) -> tuple[BinaryIO, BinaryIO]:
    read, write = os.pipe()
    return opened.enter_context(os.fdopen(read, "rb", 0)), opened.enter_context(os.fdopen(write, "wb"))


def _read_number(file: BinaryIO, patience_s: float) -> int:
    content = file.read(NUMBER_BYTES) if _is_readable(file.fileno(), patience_s) else b""
    if len(content) < NUMBER_BYTES:
        raise OSError("the fork server did not answer")
    return int.from_bytes(content, sys.byteorder, signed=True)


def _is_readable(file: int, patience_s: float | None) -> bool:
    return bool(select.select([file], [], [], patience_s)[0])
