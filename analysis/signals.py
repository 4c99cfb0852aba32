"""The signals that end processes, besides Ctrl-C."""

import signal
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


def _interrupt(_: int, __: FrameType | None) -> None:
    end_once()
    raise KeyboardInterrupt
