"""Ties of a state over time: recognition, relations and what is openly withheld, one lane an entity."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.dates import YearLocator
from matplotlib.figure import Figure

from analysis.figures import grammar, style
from analysis.figures.captions import say
from analysis.figures.recognition.words import NAMES, name_country, name_entity, write_date
from analysis.figures.words import CLAIM, cite, cite_within, write_list, write_when
from analysis.recognition.facts.choices import ENTITIES
from analysis.recognition.facts.spells import CLAIMANTS, LEGACY_DAY

FIRST_DAY = pd.Timestamp("1945-01-01")
FRAME_INCHES, LANE_INCHES = 1.5, 0.42
TICK_YEARS = 20  # long names of lanes leave no room for more
EDGE_WIDTH = 0.8  # of a bar, so that a tie of a few days is seen
WITHHELD = "recognition openly withheld"
BARS = [  # words, kind, implied; a later bar lies over an earlier one
    ("recognition", "recognition", False),
    ("recognition", "recognition", True),
    ("relations implied by recognition", "relations", True),
    ("relations", "relations", False),
]
LOOKS: dict[str, tuple[float, float, dict[str, Any]]] = {  # height, share of white, pattern
    "recognition": (0.64, 0.6, {}),
    "relations implied by recognition": (0.26, 0.0, {"hatch": "....", "edgecolor": "white"}),
    "relations": (0.26, 0.0, {}),
    WITHHELD: (0.64, 0.95, {"hatch": "////", "edgecolor": style.WITHHELD_HATCH}),
}
ACTORS = NAMES | {claimant: ENTITIES[claimant] for claimant in CLAIMANTS}
ACTS = {
    ("recognition", "recognised"): "recognised",
    ("recognition", "suspended"): "suspended recognition of",
    ("recognition", "withdrew"): "withdrew recognition of",
    ("recognition", "resumed"): "recognised again",
    ("relations", "established"): "established relations with",
    ("relations", "suspended"): "suspended relations with",
    ("relations", "ended"): "ended relations with",
    ("relations", "resumed"): "resumed relations with",
}


def plot_ties_by_entity(ties: pd.DataFrame, withheld: pd.DataFrame, title: str, until: str) -> Figure:
    """Draw when ties stood: a wide pale bar for recognition, a narrow dark one in it for relations, which imply it.

    ``ties`` are those of ``find_history`` or ``find_mutual_ties``; ``withheld`` has recogniser, entity, day, until_day.
    A lane is an entity, or a recogniser and an entity where there are several recognisers.
    """
    pairs = _list_pairs(ties, withheld)
    if not pairs:
        return grammar.plot_nothing(say("histories.nothing", {}), title)
    last, keys = pd.Timestamp(until), {}
    with grammar.drawing(title, len(pairs), LANE_INCHES, FRAME_INCHES, wide=style.NARROW) as (figure, axes):
        for words, bars in _find_bars(ties, withheld):
            keys[words] = _draw_bars(axes, pairs, words, bars, last)
        several = len({recogniser for recogniser, _ in pairs}) > 1
        grammar.name_rows(axes, [_name_lane(*pair, several) for pair in pairs])
        axes.set(xlim=(FIRST_DAY, last), xlabel="Year")
        axes.xaxis.set_major_locator(YearLocator(TICK_YEARS))
        grammar.put_legend(figure, [*keys.values()], 1 if WITHHELD in keys else 2)
    return figure


def _list_pairs(*frames: pd.DataFrame) -> list[tuple[str, str]]:
    """Recogniser and entity of every lane: recognisers as they come, entities in the order of the choices."""
    pairs: dict[tuple[str, str], None] = {}
    for frame in frames:
        for recogniser in dict.fromkeys(frame["recogniser"]):
            known = set(frame.loc[frame["recogniser"] == recogniser, "entity"])
            pairs |= {(recogniser, entity): None for entity in ENTITIES if entity in known}
    return list(pairs)


def _find_bars(ties: pd.DataFrame, withheld: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The bars of each kind with its words in the legend, in the order in which they are drawn."""
    dated = withheld.dropna(subset=["day"]).rename(columns={"day": "begin", "until_day": "end"})
    bars = [(words, ties[(ties["kind"] == kind) & (ties["implied"] == implied)]) for words, kind, implied in BARS]
    yield from ((words, some) for words, some in [*bars, (WITHHELD, dated)] if len(some))


def _draw_bars(axes: Axes, pairs: list[tuple[str, str]], words: str, bars: pd.DataFrame, last: pd.Timestamp) -> Artist:
    """Draw the bars of one kind, and give their key for the legend."""
    height, pale, pattern = LOOKS[words]
    lanes = [pairs.index(pair) for pair in zip(bars["recogniser"], bars["entity"], strict=True)]
    begin, end = bars["begin"].clip(lower=FIRST_DAY), bars["end"].fillna(last)
    colours = [style.mix(style.ENTITY_COLOURS[entity], "white", pale) for entity in bars["entity"]]
    edges = {"edgecolor": colours, "linewidth": 0 if pattern else EDGE_WIDTH}
    axes.barh(lanes, end - begin, height, begin, color=colours, **(edges | pattern))
    return grammar.key(words, facecolor=style.mix(style.MUTED, "white", pale), **pattern)


def _name_lane(recogniser: str, entity: str, several: bool) -> str:
    return f"{ACTORS[recogniser]}\ntowards {ENTITIES[entity]}" if several else ENTITIES[entity]


def title_ties(partner: str) -> str:
    """Say what a figure of the ties between one partner, Taipei and Beijing shows.

    Examples
    --------
    >>> title_ties("ISR")
    'What Israel, Taipei and Beijing did towards each other'
    """
    return f"What {name_country(partner)}, Taipei and Beijing did towards each other"


def title_history(country: str) -> str:
    """Say what a figure of all ties of one state shows.

    Examples
    --------
    >>> title_history("USA")
    'Ties of the United States with contested entities'
    """
    return f"Ties of {name_country(country)} with contested entities"


def facts_of_ties(ties: pd.DataFrame, withheld: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``histories.ties``: of each pair since when and until when ties stood; whose the older ties were."""
    pairs = []
    for recogniser, entity in _list_pairs(ties, withheld):
        own, refused = (
            frame[(frame["recogniser"] == recogniser) & (frame["entity"] == entity)] for frame in (ties, withheld)
        )
        times = [
            (words, [_write_time(tie) for _, tie in some.iterrows()])
            for words, kind, implied in BARS
            if len(some := own[(own["kind"] == kind) & (own["implied"] == implied)])
            and not (kind == "recognition" and implied)
        ]
        times += [(WITHHELD, [_write_refusal(row)]) for _, row in refused.iterrows()]
        parts = [f"{words} {write_list(some, most=None)}" for words, some in times]
        pairs.append({"actor": _name_actor(recogniser), "entity": entity, "parts": parts})
    held_by = dict.fromkeys(code for codes in ties.get("held_by", []) for code in codes.split(", "))
    tied, lasting = (frame["entity"].nunique() for frame in (ties, ties[ties["end"].isna()]))
    return {
        "pairs": pairs,
        "tied": tied,
        "lasting": lasting,
        "before": [code for code in held_by if code not in set(ties["recogniser"])],
    }


def _name_actor(recogniser: str) -> str:
    return name_entity(recogniser) if recogniser in CLAIMANTS else name_country(recogniser)


def _write_time(tie: pd.Series) -> str:
    begin = write_when(tie["begin"], tie["begin_precision"])
    begin = f"{begin} or before" if tie["left_truncated"] and tie["begin"] == LEGACY_DAY else begin
    if pd.isna(tie["end"]):
        return f"since {begin}"
    return f"from {begin} to {write_when(tie['end'], tie['end_precision'])}"


def _write_refusal(row: pd.Series) -> str:
    if pd.isna(row["day"]):
        return "(day not on record)"
    return f"since {row['since']}" if pd.isna(row["until_day"]) else f"from {row['since']} to {row['until']}"


def table_of_acts(acts: pd.DataFrame, sources: pd.DataFrame | None = None) -> pd.DataFrame:
    """Lay out dated acts of ``recognition/events`` for reading, by Date (as precise as seen).

    Columns: Act (who did what towards whom; the predecessor where that acted), Confidence, Source, Note.
    """
    states = acts["acted_as"].fillna(acts["recogniser"]).map(ACTORS)
    return grammar.head_rows({
        "Date": [write_date(*one) for one in zip(acts["date"], acts["date_precision"], strict=True)],
        "Act": [
            f"{state} {ACTS[kind, act]} {name_entity(entity)}"
            for state, kind, act, entity in zip(states, acts["kind"], acts["act"], acts["entity"], strict=True)
        ],
        "Confidence": acts["confidence"],
        "Source": [cite(sources, source_id) for source_id in acts["source_id"]],
        "Note": [cite_within(sources, note) for note in acts["note"].fillna("")],
        CLAIM: acts["claim_id"],
    })  # fmt: skip
