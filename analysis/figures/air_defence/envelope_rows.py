"""Rows of the chart of envelopes: boxes, edges, spreads and labels, each with what a pointer tells."""

from collections.abc import Iterable
from math import log10
from typing import Any

import pandas as pd

from analysis.figures.air_defence.envelopes import ALTITUDE_KM, PUBLISHED, RANGE_KM, find_corner
from analysis.figures.air_defence.words import (
    BOUND_WORDS,
    LAYER_COLOURS,
    LAYER_WORDS,
    TARGET_WORDS,
    name_system,
    write_km,
)

WIDTH, HEIGHT = 470, 400
LINES: dict[str, list[float]] = {
    "fielded in one of them": [1, 0],
    "planned only": [6, 4],
    "lower end assumed": [1.5, 3],
    "a goal": [9, 3, 2, 3],
}
"""What a stroke of an edge means, and its dashes."""
FIELDED, PLANNED, ASSUMED, GOAL = LINES
LABEL_HEIGHT, LETTER_WIDTH, SCALE = 12.5, 5.9, 1.35  # pixels, and how much wider than drawn a page mostly shows it


def write_rows(rows: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Write the rows of the chart's data sets; small boxes come last, so that the pointer finds them.

    Parameters
    ----------
    rows : pandas.DataFrame
        From ``envelopes.list_rows``.

    Returns
    -------
    dict of list
        ``boxes``, ``edges``, ``spreads``, ``open`` (upper ends that are "at least") and ``labels``; every row holds
        the ``code`` of its system, its ``layer`` and ``colour``; boxes and labels also what a pointer tells, and
        boxes their ``place`` above each other, which they keep when a layer comes back.
    """
    ordered = rows.sort_values(["ceiling_km", "range_km"], ascending=False, kind="stable")
    tips = [(row, _write_tip(row)) for row in ordered.itertuples()]
    boxed = [(row, tip) for row, tip in tips if row.status == row.range_status == PUBLISHED]
    labels = {
        row.system_id: _write_label(row, tip)
        for row, tip in reversed(tips)
        if PUBLISHED in (row.status, row.range_status)
    }
    marks = {row.Index: {name: tip[name] for name in ("code", "layer", "colour")} for row, tip in tips}
    return {
        "boxes": [tip | _write_box(row) | {"place": place} for place, (row, tip) in enumerate(boxed)],
        "edges": [marks[row.Index] | edge for row, _ in tips for edge in _write_edges(row)],
        "spreads": [marks[row.Index] | spread for row, _ in boxed for spread in _write_spreads(row)],
        "open": [
            marks[row.Index] | {"x": row.range_km, "y": row.ceiling_high_km * 1.12}
            for row, _ in boxed
            if row.ceiling_open
        ],
        "labels": place_labels(reversed(labels.values())),
    }


def place_labels(labels: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Move labels up or down, in steps of their height, until none stands on another.

    Parameters
    ----------
    labels : iterable of dict
        ``text`` and its right end ``x, y`` in km; the first keep their places.

    Examples
    --------
    >>> first, second = place_labels([{"text": "a", "x": 10, "y": 10}, {"text": "b", "x": 10, "y": 10}])
    >>> first["y"], second["y"] < 10
    (10.0, True)
    """
    across, up = (SCALE * size / (log10(high) - log10(low)) for size, (low, high) in zip(
        (WIDTH, HEIGHT), (RANGE_KM, ALTITUDE_KM), strict=True))  # fmt: skip
    placed: list[tuple[float, float, float]] = []
    moved = []
    for label in labels:
        right, at = across * log10(label["x"]), up * log10(label["y"])
        left = right - LETTER_WIDTH * len(label["text"])
        for step in sorted(range(-12, 13), key=abs):
            y = at + step * LABEL_HEIGHT / 2
            if not any(left < r and lft < right and abs(y - other) < LABEL_HEIGHT for lft, r, other in placed):
                break
        placed.append((left, right, y))
        moved.append(label | {"y": float(f"{10 ** (y / up):.4g}")})
    return moved


def _write_tip(row: Any) -> dict[str, Any]:
    """What a reader sees when pointing at a system, beside its code and layer."""
    height, far = row.status == PUBLISHED, row.range_status == PUBLISHED
    tip = {"code": row.system_id, "name": name_system(row.name), "layer": row.layer, "tier": LAYER_WORDS[row.layer],
           "range": row.range_status, "ceiling": row.status, "floor": "not published",
           "colour": LAYER_COLOURS[row.layer], "state": FIELDED if row.fielded else PLANNED}  # fmt: skip
    if far:
        spread = write_km(row.range_low_km, row.range_km, row.range_high_km)
        tip["range"] = f"{_bound(row.range_bound)}{spread} km, {TARGET_WORDS[row.target_kind]}"
    if height:
        tip["ceiling"] = (
            f"{_bound(row.ceiling_bound)}{write_km(row.ceiling_low_km, row.ceiling_km, row.ceiling_high_km)} km"
        )
        tip["floor"] = f"{write_km(row.floor_low_km, row.floor_km, row.floor_high_km)} km"
        tip["floor"] += ", assumed" if row.floor_assumed else ", published"
    return tip


def _bound(bound: str) -> str:
    return "" if bound == "exact" else f"{BOUND_WORDS[bound]} "


def _write_box(row: Any) -> dict[str, Any]:
    left, bottom = find_corner(row)
    return {"x": left, "x2": row.range_km, "y": bottom, "y2": row.ceiling_km}


def _write_edges(row: Any) -> list[dict[str, Any]]:
    """The four edges of a box, or the one limit that is published."""
    line = FIELDED if row.fielded else PLANNED
    line = GOAL if row.ceiling_bound == "goal" else line
    height, far = row.status == PUBLISHED, row.range_status == PUBLISHED
    if height and far:
        left, bottom = find_corner(row)
        below = ASSUMED if row.floor_assumed else line
        ends = [
            (left, left, bottom, row.ceiling_km, line), (left, row.range_km, row.ceiling_km, row.ceiling_km, line),
            (row.range_km, row.range_km, bottom, row.ceiling_km, line), (left, row.range_km, bottom, bottom, below),
        ]  # fmt: skip
    elif far:
        ends = [(row.range_km, row.range_km, *ALTITUDE_KM, line)]
    else:
        ends = [(*RANGE_KM, row.ceiling_km, row.ceiling_km, line)] if height else []
    return [dict(zip(("x", "x2", "y", "y2", "line"), end, strict=True)) for end in ends]


def _write_spreads(row: Any) -> list[dict[str, Any]]:
    across = {"x": row.range_low_km, "x2": row.range_high_km, "y": row.ceiling_km, "y2": row.ceiling_km}
    up = {"x": row.range_km, "x2": row.range_km, "y": row.ceiling_low_km, "y2": row.ceiling_high_km}
    return [spread for spread in (across, up) if spread["x"] != spread["x2"] or spread["y"] != spread["y2"]]


def _write_label(row: Any, tip: dict[str, Any]) -> dict[str, Any]:
    """The name at the upper right corner of a box, or on the one limit that is published."""
    at = {
        "x": row.range_km if row.range_status == PUBLISHED else RANGE_KM[1],
        "y": row.ceiling_km if row.status == PUBLISHED else ALTITUDE_KM[1] * 0.7,
    }
    return tip | at | {"text": name_system(row.name, 24)}
