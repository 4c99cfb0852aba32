"""Run notebooks with checked parameters and turn them into pages; only the command line imports this."""

import sys


def skip_slow_import() -> None:
    """Keep ``rfc3987_syntax`` from being imported; it takes 0.9 s, and only checks of formats we do not use.

    Called first thing in processes that are ours alone: the command line and its workers.
    """
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
