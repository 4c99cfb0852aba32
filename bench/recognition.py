"""Time the recognition room against plain pandas: who on a day, the panel, the shuffles, one co-recognition."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from timing import head, report

from analysis.provenance import cut_off
from analysis.recognition.facts.choices import PANEL_FORMATS
from analysis.recognition.facts.spells import build_spells
from analysis.recognition.panel import build_panel, recognisers
from analysis.recognition.profiles import project_entities
from analysis.recognition.relations import co_recognition, draw_both, find_stances, find_strata
from analysis.release.panel import build_release, write_release
from analysis.release.request import read_request
from analysis.tables import load_facts, load_table

DAY = "2023-11-15"
YEARS = range(1945, 2027)
DRAWS = 10_000
PLAIN_DRAWS = 100  # the plain shuffle is timed on so many and scaled up


def main() -> None:
    """Print medians in milliseconds, the target, and the ratio to plain pandas where there is one."""
    names = ("events", "lineage", "states", "memberships")
    events, lineage, states, memberships = (load_table(f"recognition/{name}") for name in names)
    spells = build_spells(events, lineage)
    stances = find_stances(spells, DAY, states)
    strata = find_strata(stances, DAY, memberships)
    answers = stances[["TWN", "PSE"]].fillna(False).to_numpy(dtype="bool")
    labels = strata.to_numpy()
    rng = np.random.default_rng(0)
    head()
    report("spells from events", 11, lambda: build_spells(events, lineage))
    report(
        "recognisers on a day",
        201,
        lambda: recognisers(spells, "PSE", DAY),
        target=1,
        plain=lambda: find_recognisers_plainly(events, "PSE", DAY),
    )
    report(
        "panel of states and years, 1945 to 2026",
        11,
        lambda: build_panel(spells, YEARS),
        target=50,
        plain=lambda: build_panel_plainly(spells),
    )
    request, facts = read_request(cut_off()), load_facts("recognition")
    report("full grid with zeros, all entities", 5, lambda: build_release(request, facts), target=2_000)
    for format in PANEL_FORMATS:
        report(f"the same, written as {format}", 3, partial(write_panel, format), target=2_000)
    report(
        "10,000 fixed-margin draws of two entities",
        51,
        lambda: draw_both(answers, labels, DRAWS, rng),
        target=2_000,
        plain=lambda: shuffle_plainly(stances, strata),
        scale=DRAWS / PLAIN_DRAWS,
    )
    report(
        "10,000 fixed-margin draws of all entities",
        5,
        lambda: project_entities(stances, strata, DRAWS),
        target=2_000,
    )
    report(
        "one co-recognition, tests and draws included",
        21,
        lambda: co_recognition(spells, DAY, "TWN", "PSE", states, memberships=memberships),
    )


def write_panel(format: str) -> None:
    """Write the whole panel into a folder that goes away again."""
    with TemporaryDirectory() as folder:
        write_release(read_request(cut_off(), format=format), Path(folder) / "panel")


def find_recognisers_plainly(events: pd.DataFrame, entity: str, day: str) -> pd.DataFrame:
    """The last act of each recogniser up to a day, by group; implied recognition and precision left out."""
    own = events[events["entity"].eq(entity) & events["kind"].eq("recognition") & (events["date"] <= day)]
    last = own.sort_values("date").groupby("recogniser").tail(1)
    return last[last["act"].isin(["recognised", "resumed"])]


def build_panel_plainly(spells: pd.DataFrame) -> pd.DataFrame:
    """For each year the ties that stand on its last day, by group."""
    parts = []
    for year in YEARS:
        day = pd.Timestamp(year, 12, 31)
        standing = spells[(spells["begin"] <= day) & ~(spells["end"] <= day)]
        found = standing.groupby(["entity", "kind", "recogniser"], as_index=False)["implied"].min()
        parts.append(found.assign(year=year))
    return pd.concat(parts, ignore_index=True)


def shuffle_plainly(stances: pd.DataFrame, strata: pd.Series) -> list[int]:
    """Shuffle one column within groups, by group, and count both."""
    left, right = stances["TWN"].fillna(False), stances["PSE"].fillna(False)
    shuffled = (right.groupby(strata).sample(frac=1).to_numpy() for _ in range(PLAIN_DRAWS))
    order = strata.sort_values(kind="stable").index
    return [int((left[order].to_numpy() & values).sum()) for values in shuffled]


if __name__ == "__main__":
    main()
