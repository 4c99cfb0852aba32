"""How far a batch is: one live line on a terminal, a line for each run elsewhere, and events for programs."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from analysis.errors import printable
from analysis.reporting.batch.ledger import DONE, Record, now
from analysis.reporting.batch.tasks import Task

EVENTS = "events.jsonl"


class Progress:
    """Shows how far a batch is, from its first run to its last.

    Parameters
    ----------
    total : int
        Runs asked for.
    kept : int
        How many of them were finished before.
    folder : pathlib.Path
        Where ``events.jsonl`` is appended to.
    console : rich.console.Console
        Where people read; a live line only where it is a terminal.
    clock : callable
        Seconds that only ever grow.
    """

    def __init__(
        self, total: int, kept: int, folder: Path, console: Console, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.total, self.kept, self.done = total, kept, 0
        self.failures: dict[str, str] = {}
        self.running: set[str] = set()
        self._console, self._clock, self._began = console, clock, clock()
        self._events = folder / EVENTS
        self._live = Live(get_renderable=self._line, console=console, transient=True)

    def __enter__(self) -> Self:
        self._event("batch_started", total=self.total, kept=self.kept)
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()
        name = "batch_interrupted" if kind is not None else "batch_ended"
        self._event(name, done=self.kept + self.done, failed=len(self.failures), total=self.total)

    def started(self, task: Task) -> None:
        """Say that a run has begun."""
        self.running.add(task.page)
        self._event("run_started", page=task.page)

    def ended(self, record: Record) -> None:
        """Say how a run has ended."""
        self.running.discard(record.page)
        self.done += record.state == DONE
        if record.state != DONE:
            self.failures[record.page] = record.error
        shown = {"page": record.page, "seconds": record.seconds, "peak_memory_mb": record.peak_memory_mb}
        self._event(f"run_{record.state}", **shown, error=record.error)
        if not self._console.is_terminal:
            place = f"[{self.kept + self.done + len(self.failures)}/{self.total}]"
            self.say(f"{place} {record.state} {record.page} ({record.seconds:.1f} s)")

    def say(self, text: str) -> None:
        """Print a line above the live one."""
        self._console.print(printable(text), markup=False, highlight=False, soft_wrap=True)

    def say_end(self) -> None:
        """Say what became of the batch: each failure, then how many runs are done."""
        for failure in self.failures.values():
            self.say(failure)
        before = f", {self.kept} of them before" if self.kept else ""
        failed = f"; {len(self.failures)} failed" if self.failures else ""
        self.say(f"{self.kept + self.done} of {self.total} runs done{before}{failed}.")

    def summary(self) -> str:
        """Say done, failed, running, rate and time left in a line.

        Notes
        -----
        The time left takes the runs so far as typical of the rest.
        """
        ended, seconds = self.done + len(self.failures), self._clock() - self._began
        left = self.total - self.kept - ended
        parts = [
            f"{self.kept + self.done} of {self.total} done",
            f"{len(self.failures)} failed",
            f"{len(self.running)} running",
        ]
        if ended and left and seconds > 0:
            remaining = timedelta(seconds=round(left * seconds / ended))
            parts += [f"{60 * ended / seconds:.1f} a minute", f"about {remaining} left"]
        return ", ".join(parts)

    def _line(self) -> Text:
        return Text(self.summary(), no_wrap=True, overflow="ellipsis")

    def _event(self, event: str, **facts: Any) -> None:
        line = json.dumps({"time": now(), "event": event, **facts}, ensure_ascii=False)
        with suppress(OSError), self._events.open("a", encoding="utf-8") as file:  # a full disk stops no batch
            file.write(line + "\n")
