"""Time both explorers in JupyterLab: from a press of a key to what is painted, and what goes over the wire for it."""

import runpy
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

TESTS = Path(__file__).resolve().parents[1] / "tests"
MOVES, BURST, BETWEEN_MS = 30, 10, 30
WAITING = "is being worked out"
READY_MS = 120_000
WATCH = """() => {
  window.moves = [];
  const painted = (act) => requestAnimationFrame(() => setTimeout(() => act(performance.now())));
  const view = document.querySelector(".domes-chart").domesView;
  const status = document.querySelector("[role=status]");
  const words = status.closest(".widget-html-content") ?? status;
  const run = view.runAsync.bind(view);
  view.runAsync = async (...given) => {
    const done = await run(...given);
    painted((now) => window.moves.at(-1)?.drawn.push(now));
    return done;
  };
  new MutationObserver(() => {
    const text = words.textContent;
    painted((now) => window.moves.at(-1)?.said.push([now, text]));
  }).observe(words, { childList: true, subtree: true, characterData: true });
  document.addEventListener("keydown", (event) => {
    window.moves.push({ down: event.timeStamp, said: [], drawn: [] });
  }, true);
}"""


def main() -> None:
    """Print median and 95th percentile of 30 moves, of the last of ten quick ones, and messages and bytes of a move."""
    driver, browser = runpy.run_path(str(TESTS / "explore" / "conftest.py")), runpy.run_path(str(TESTS / "conftest.py"))
    program = next(filter(None, map(shutil.which, browser["BROWSERS"])), None)
    if program is None:
        print(f"needs a browser: none of {', '.join(browser['BROWSERS'])} is installed; nothing is timed")
        return
    with tempfile.TemporaryDirectory() as folder, driver["run_lab"](Path(folder)) as lab, sync_playwright() as play:
        opened = play.chromium.launch(executable_path=program, args=browser["BROWSER_OPTIONS"])
        print(f"{'':<46}{'median ms':>10}{'p95 ms':>10}{'target ms':>11}")
        for room in ("air_defence", "recognition"):
            with open_explorer(lab, opened, room) as page:
                time_moves(page, room)
                if room == "air_defence":
                    focus_own_value(page)
                    time_moves(page, f"{room}, own value")
        opened.close()


@contextmanager
def open_explorer(lab, browser, room: str) -> Iterator[Page]:
    """Run the notebook of a room, with the focus on its first slider; ``page.wire`` lists the bytes of each message."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.wire = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: page.wire.append(len(frame))))
    lab.run(page, lab.copy(f"{room}/00-explore"))
    page.locator(".domes-chart[data-ready=yes]").first.wait_for(timeout=READY_MS)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=READY_MS)
    handle = page.locator(".noUi-handle").first
    handle.scroll_into_view_if_needed()
    handle.focus()
    page.wait_for_timeout(2_000)
    page.evaluate(WATCH)
    yield page
    page.close()


def focus_own_value(page: Page) -> None:
    """Open the values of the user's own, and put the focus on a kill probability of the first system."""
    page.get_by_role("button", name="Your own values").click()
    handle = page.locator(".widget-slider", has_text="Kill probability").first.locator(".noUi-handle")
    handle.scroll_into_view_if_needed()
    handle.focus()
    page.wait_for_timeout(1_000)


def time_moves(page: Page, room: str) -> None:
    """Time moves one by one, each when all is quiet, and then the last of several quick ones."""
    page.keyboard.press("Home")
    page.wait_for_timeout(3_000)
    move(page, 3)  # to warm up
    found, wire = [], []
    for _ in range(MOVES):
        page.wire.clear()
        found += move(page, 1)
        wire.append((len(page.wire), sum(page.wire)))
    report(f"{room}: chart", [first(one["drawn"]) - one["down"] for one in found], 100)
    report(f"{room}: sentence", [first(exact(one)) - one["down"] for one in found], 100)
    bands = [[now for now, _ in one["said"] if now not in exact(one)] for one in found]
    if all(bands):
        report(f"{room}: band", [first(band) - one["down"] for band, one in zip(bands, found, strict=True)], 1_000)
    page.keyboard.press("Home")  # some sliders have a hundred steps
    page.wait_for_timeout(3_000)
    bursts = [move(page, BURST) for _ in range(MOVES // 3)]
    late = [max(exact(one)) - burst[-1]["down"] for burst in bursts for one in burst[-1:] if exact(one)]
    report(f"{room}: sentence, last of {BURST} quick moves", late, 100)
    messages, sizes = (statistics.median(column) for column in zip(*wire, strict=True))
    print(f"{room}: {messages:.0f} messages and {sizes / 1024:.1f} kB from the kernel for a move\n")


def move(page: Page, presses: int) -> list[dict]:
    """Press the arrow key so many times, wait until nothing changes any more, and give what happened."""
    page.evaluate("() => { window.moves.length = 0; }")
    for _ in range(presses):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(BETWEEN_MS)
    before, end = None, time.monotonic() + 10
    while time.monotonic() < end:
        page.wait_for_timeout(600)
        now = page.evaluate("() => window.moves")
        if now == before and now[-1]["said"]:
            return now
        before = now
    raise SystemExit("no answer within 10 s")


def exact(one: dict) -> list[float]:
    """When an exact answer was painted: those that still wait for a band, or all where there is none."""
    waits = [now for now, text in one["said"] if WAITING in text]
    return waits or [now for now, _ in one["said"]]


def first(times: list[float]) -> float:
    """The earliest time; not a number where nothing happened."""
    return min(times, default=float("nan"))


def report(label: str, times: list[float], target: float) -> None:
    """Print one line."""
    late = statistics.quantiles(times, n=20)[-1]
    print(f"{label:<46}{statistics.median(times):>10,.0f}{late:>10,.0f}{target:>11,.0f}", flush=True)


if __name__ == "__main__":
    main()
