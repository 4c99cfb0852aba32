"""Run many notebooks at a time on this machine, each in a kernel of its own, and give back notebooks and pages."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

from analysis.reporting import skip_slow_import
from analysis.reporting.batch.tasks import Outcome, Task, perform
from analysis.reporting.kernel.provisioner import say_once
from analysis.reporting.kernel.warm import borrow_server, can_fork, warm_server
from analysis.scratch import remove_abandoned
from analysis.signals import interrupt_later, leave_interrupt

ENDING_S = 3


class LocalExecutor:
    """Some processes, each of which runs one notebook after the other.

    Parameters
    ----------
    jobs : int, optional
        How many runs at a time; by default as many as this process has cores.
    warm : bool
        Fork kernels from one warm server; False starts each afresh.
    """

    def __init__(self, jobs: int | None = None, warm: bool = True) -> None:
        self.jobs = jobs or cores()
        self.warm = warm

    def run(self, tasks: Sequence[Task], on_start: Callable[[Task], None] | None = None) -> Iterator[Outcome]:
        """Run all tasks and yield how each ended, as it ends.

        Parameters
        ----------
        tasks : sequence of Task
            Started in this order.
        on_start : callable, optional
            Called with each task as it is started.

        Notes
        -----
        A process that dies takes only its own run with it, and is replaced. Closing the iterator, or an
        exception in it, ends all processes and their kernels.
        """
        waiting = deque(tasks)
        server = server_address() if self.warm and waiting else None
        workers = [_Worker(server) for _ in range(min(self.jobs, len(waiting)))]
        try:
            for worker in workers:
                worker.start(waiting.popleft(), on_start)
            while busy := {worker.pipe: worker for worker in workers if worker.task}:
                for pipe in wait(list(busy)):
                    worker = busy[pipe]  # type: ignore[index]
                    outcome = worker.finish()
                    if waiting:
                        worker.start(waiting.popleft(), on_start)
                    yield outcome
        finally:
            _end(workers)


class _Worker:
    """A process of ours that runs notebooks, and the pipe to it."""

    task: Task | None = None

    def __init__(self, server: str | None) -> None:
        self._server = server
        self._open()

    def start(self, task: Task, on_start: Callable[[Task], None] | None) -> None:
        if not self.process.is_alive():
            self._open()
        if on_start:
            on_start(task)
        self.task, self._since = task, time.monotonic()
        self.pipe.send(task)

    def finish(self) -> Outcome:
        """Return how the task ended, once there is something to read."""
        task, self.task = self.task, None
        assert task is not None
        try:
            return self.pipe.recv()
        except (EOFError, OSError):
            self.process.join()
            seconds, how = time.monotonic() - self._since, _say_exit(self.process.exitcode)
            return Outcome(task, b"", b"", f"{task.notebook.name} failed: the process that ran it {how}", seconds)

    def close(self, patience_s: float) -> None:
        self.process.join(max(patience_s, 0))
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.pipe.close()

    def _open(self) -> None:
        context = multiprocessing.get_context("spawn")  # inherits no lock and no thread
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, self._server), daemon=True)
        with interrupt_later():
            self.process.start()
        theirs.close()


def _end(workers: Sequence[_Worker]) -> None:
    """End all workers; their kernels end with them."""
    for worker in workers:
        worker.process.terminate()
    end = time.monotonic() + ENDING_S
    for worker in workers:
        worker.close(end - time.monotonic())
    remove_abandoned()


def _work(pipe: Connection, server: str | None) -> None:
    """Run what comes over the pipe; the body of a worker."""
    skip_slow_import()
    leave_interrupt()
    signal.signal(signal.SIGTERM, leave)
    threading.Thread(target=end_with_parent, daemon=True).start()
    if server:
        borrow_server(server)
    try:
        while True:
            pipe.send(perform(pipe.recv(), warm=server is not None))
    except (EOFError, OSError):  # nobody is there any more
        return


def leave(*_: Any) -> None:
    """End this process in order at the signal that ends processes: its kernel goes with it."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.unraisablehook = lambda _: None  # what objects meet as they go with the process is nobody's to read
    raise SystemExit


def end_with_parent() -> None:
    """Wait until the process that started this one is gone, however it ended, and end too."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def server_address() -> str | None:
    """Return where other processes of ours can fork kernels, or None, said once, where that is not to be had."""
    try:
        if not can_fork():
            raise OSError("this system cannot fork them")
        return warm_server(dict(os.environ)).address
    except OSError as error:
        say_once(error)
        return None


def _say_exit(code: int | None) -> str:
    return f"was ended by signal {-code} (out of memory?)" if code and code < 0 else f"ended with exit code {code}"


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
