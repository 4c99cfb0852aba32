"""The signals that end processes, besides Ctrl-C."""

import signal

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
