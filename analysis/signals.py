"""The signals that end processes: who hears them, and when."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = ("SIGTERM", "SIGHUP")


def heard_signals() -> list[signal.Signals]:
    """List those that this system has and that nobody has us ignore, as nohup does.

    Examples
    --------
    >>> before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    >>> signal.SIGTERM in heard_signals()
    False
    >>> _ = signal.signal(signal.SIGTERM, before)
    """
    known = [signal.Signals[name] for name in ENDING if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) != signal.SIG_IGN]


def end_once() -> None:
    """Take no further signal that ends processes, nor Ctrl-C: this one is ending, and what it clears away is whole."""
    for number in (signal.SIGINT, *heard_signals()):
        signal.signal(number, signal.SIG_IGN)


def interrupt_once() -> None:
    """Let the first Ctrl-C interrupt as ever, and a second one not the clearing away; nothing where it is ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


@contextmanager
def interrupt_later() -> Iterator[None]:
    """Let Ctrl-C wait while processes are started, and in these until they call :func:`leave_interrupt`.

    A process that is interrupted while it starts says so in a traceback, before any line of ours runs in it.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # which lets Ctrl-C through again where it is started later
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_interrupt() -> None:
    """Leave Ctrl-C to the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _interrupt(_: int, __: FrameType | None) -> None:
    end_once()
    raise KeyboardInterrupt
