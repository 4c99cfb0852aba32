"""One line of a benchmark: the median of ours, the target, the plain way and the ratio. Never a test."""

import os
import platform
import statistics
import time
from collections.abc import Callable


def head() -> None:
    """Print the machine and the head of the table."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; shared and noisy")
    print(f"{'':<46}{'median ms':>10}{'target ms':>11}{'plain ms':>10}{'ratio':>8}")


def report(
    label: str,
    repeats: int,
    ours: Callable[[], object],
    target: float | None = None,
    plain: Callable[[], object] | None = None,
    scale: float = 1.0,
) -> None:
    """Print one line: the median of ours and, where given, of the plain way, ``scale`` times."""
    median = measure_ms(ours, repeats)
    wanted = "" if target is None else f"{target:,.0f}"
    line = f"{label:<46}{median:>10,.2f}{wanted:>11}"
    if plain is not None:
        other = measure_ms(plain, 5) * scale
        line += f"{other:>10,.1f}{other / median:>7,.0f}x"
    print(line)


def measure_ms(run: Callable[[], object], repeats: int) -> float:
    """Median time of a run in milliseconds, after one that warms up."""
    run()
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1e3
