"""Run many notebooks on the workers of a dask cluster; notebooks and pages travel as bytes, no disk is shared."""

import os
import platform
import queue
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from analysis.errors import ParameterError, RunError
from analysis.provenance import COMMIT_VARIABLE, name_commit
from analysis.reporting.batch.ledger import ABSENT, DISTRIBUTION, hash_surroundings, versions
from analysis.reporting.batch.tasks import Outcome, Task, perform
from analysis.reporting.run.catalogue import Notebook
from analysis.scratch import scratch
from analysis.tables import data_folder

DATA = "package and data"
PATIENCE_S = 10  # how long a scheduler may be silent, or be without workers
POLL_S = 0.5


@dataclass(frozen=True)
class Order:
    """What travels to a worker.

    Attributes
    ----------
    task : Task
        The run; its notebook's path is that of the caller's machine.
    source : bytes
        The notebook.
    surroundings : str
        Checksum of the caller's package and data.
    provenance : dict of str to str
        Variables that say with which commit and on which day the page is made: those of the caller, not the worker's.
    """

    task: Task
    source: bytes
    surroundings: str
    provenance: dict[str, str]


class ClusterExecutor:
    """Runs notebooks where a dask scheduler sends them.

    Parameters
    ----------
    scheduler : str
        Address, such as ``tcp://host:8786``.
    """

    def __init__(self, scheduler: str) -> None:
        self.scheduler = scheduler

    def run(self, tasks: Sequence[Task], on_start: Callable[[Task], None] | None = None) -> Iterator[Outcome]:
        """Run all tasks and yield how each ended, as it ends.

        Parameters
        ----------
        tasks : sequence of Task
            Started in about this order.
        on_start : callable, optional
            Called with each task as it is handed to the scheduler.

        Raises
        ------
        ParameterError
            When a worker has other versions, another package or other data; says which. Nothing is run then.
        RunError
            When the scheduler does not answer, or is lost, or has no worker.

        Notes
        -----
        A run whose worker ends is given to another worker by dask, a few times. Closing the iterator, or an
        exception in it, cancels what still waits; a run that a worker has begun goes on there to its end.
        """
        with open_cluster(self.scheduler) as client:
            ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
            surroundings, provenance = describe()[DATA], name_provenance()
            futures = {}
            try:
                for number, task in enumerate(tasks):
                    order = Order(task, task.notebook.path.read_bytes(), surroundings, provenance)
                    future = client.submit(perform_order, order, pure=False, priority=-number)
                    futures[future.key] = task
                    future.add_done_callback(ended.put)
                    if on_start:
                        on_start(task)
                while futures:
                    future = _next(ended, client, len(futures))
                    yield _outcome(future, futures.pop(future.key), client, len(futures))
            finally:
                with suppress(Exception):  # a scheduler that is lost cannot be told
                    client.cancel([future for future in list(client.futures)], asynchronous=False)


@contextmanager
def open_cluster(scheduler: str) -> Iterator[Any]:
    """Give a client of a scheduler all of whose workers have the versions, package and data that we have.

    Parameters
    ----------
    scheduler : str
        Address, such as ``tcp://host:8786``.

    Raises
    ------
    RunError
        When the scheduler does not answer or has no worker.
    ParameterError
        When a worker differs; says in what.
    """
    with connect(scheduler) as client:
        with suppress(TimeoutError):
            client.wait_for_workers(1, timeout=PATIENCE_S)
        found = client.run(describe, on_error="return")
        if not found:
            raise RunError(f"{scheduler} has no worker; start one with 'dask worker {scheduler}'.")
        lines = [line for address, theirs in found.items() for line in differences(describe(), theirs, address)]
        if lines:
            raise ParameterError("\n".join([f"The workers of {scheduler} differ; nothing was run.", *lines]))
        yield client


def describe() -> dict[str, str]:
    """Return what decides the bytes of a page: the versions of Python and of each package, our package, our data."""
    return versions() | {DATA: _surroundings()}


def name_provenance() -> dict[str, str]:
    """Return the variables from which a kernel elsewhere takes the commit and the day of its page."""
    return {COMMIT_VARIABLE: name_commit(), "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "")}


def differences(ours: Mapping[str, str], theirs: Any, address: str) -> list[str]:
    """Say in what a worker differs, a line for each.

    Parameters
    ----------
    ours : mapping
        From ``describe``, here.
    theirs : mapping or Exception
        From ``describe``, at the worker; an exception where that failed there.
    address : str
        The worker.

    Examples
    --------
    >>> differences({"pandas": "3.0"}, {"pandas": "3.1"}, "tcp://10.0.0.2:40000")
    ['  tcp://10.0.0.2:40000: pandas is 3.1, here 3.0']
    >>> differences({"package and data": "aa"}, {"package and data": "bb"}, "tcp://10.0.0.2:40000")
    ['  tcp://10.0.0.2:40000: package and data are not the same; install the same commit there']
    """
    if not isinstance(theirs, Mapping):
        return [f"  {address}: {DISTRIBUTION} cannot be used there ({type(theirs).__name__}: {theirs})"]
    lines = []
    for name in ours.keys() | theirs.keys():
        here, there = ours.get(name, ABSENT), theirs.get(name, ABSENT)
        if here != there and name == DATA:
            lines.append(f"  {address}: {DATA} are not the same; install the same commit there")
        elif here != there:
            lines.append(f"  {address}: {name} is {there}, here {here}")
    return sorted(lines)


def perform_order(order: Order) -> Outcome:
    """Run a notebook at a worker, in a folder of its own, on a kernel forked from the worker's warm server."""
    if order.surroundings != _surroundings():  # a worker that came after the others were compared
        reason = "has another package or other data than the batch began with; install the same commit"
        error = f"{order.task.notebook.name} failed: {platform.node()} {reason}"
        return Outcome(order.task, b"", b"", error, 0.0)
    with scratch() as folder:
        path = folder / f"{order.task.notebook.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(order.source)
        notebook = Notebook(path, order.task.notebook.name)
        outcome = perform(replace(order.task, notebook=notebook), environment=order.provenance)
        return replace(outcome, task=order.task)


def _next(ended: "queue.SimpleQueue[Any]", client: Any, left: int) -> Any:
    """Wait for a run to end, and notice when the scheduler or all workers are lost."""
    silent_since = None
    while True:
        with suppress(queue.Empty):
            future = ended.get(timeout=POLL_S)
            if future.status in ("finished", "error"):
                return future
            if future.status == "cancelled":
                raise _lost(client, left, "the scheduler was lost")
            future.add_done_callback(ended.put)  # its worker ended before we had the result; dask runs it again
        reason = _what_is_lost(client)
        silent_since = (silent_since or time.monotonic()) if reason else None
        if silent_since is not None and time.monotonic() - silent_since > PATIENCE_S:
            raise _lost(client, left, reason)


def _what_is_lost(client: Any) -> str:
    if client.status != "running":
        return "the scheduler was lost"
    return "" if client.scheduler_info()["workers"] else "all workers were lost"


def _lost(client: Any, left: int, reason: str) -> RunError:
    address = client.scheduler.address if client.scheduler else "scheduler"
    return RunError(f"{address}: {reason}, {left} runs are not done; start it again and call the same with --resume.")


def _outcome(future: Any, task: Task, client: Any, left: int) -> Outcome:
    try:
        return replace(future.result(), task=task)
    except CancelledError:
        raise _lost(client, left + 1, "the scheduler was lost") from None
    except Exception as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
        return Outcome(task, b"", b"", f"{task.notebook.name} failed: no worker could finish it ({reason})", 0.0)


def _surroundings() -> str:
    return hash_surroundings(data_folder())


def connect(scheduler: str) -> Any:
    """Return a client of a dask scheduler."""
    from distributed import Client  # takes half a second, and most runs do without

    try:
        return Client(scheduler, timeout=PATIENCE_S)
    except TypeError:  # what dask says of tls:// without certificates
        raise RunError(
            f"scheduler = {scheduler!r} wants certificates; docs/cluster.md says which variables of dask name them."
        ) from None
    except (OSError, ValueError) as error:
        raise RunError(
            f"scheduler = {scheduler!r} does not answer ({error}); start one with 'dask scheduler', or leave it out."
        ) from None
