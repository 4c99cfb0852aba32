"""Ties of a state over time: recognition, relations and what is openly withheld, one lane an entity."""

from collections.abc import Iterator
from textwrap import fill
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from analysis.figures import style
from analysis.figures.layout import TITLE_LETTERS
from analysis.figures.recognition.words import NAMES, name_country, name_entity
from analysis.figures.words import write_list, write_when
from analysis.recognition.facts.choices import ENTITIES
from analysis.recognition.facts.spells import CLAIMANTS, LEGACY_DAY

FIRST_DAY = pd.Timestamp("1945-01-01")
FRAME_INCHES, LANE_INCHES = 1.5, 0.42
DOTS = {"hatch": "....", "edgecolor": "white", "linewidth": 0}
WITHHELD = "recognition openly withheld"
BARS = [  # words, kind, implied; a later bar lies over an earlier one
    ("recognition", "recognition", False),
    ("recognition", "recognition", True),
    ("relations implied by recognition", "relations", True),
    ("relations", "relations", False),
]
LOOKS: dict[str, tuple[float, float, dict[str, Any]]] = {  # height, share of white, pattern
    "recognition": (0.64, 0.6, {}),
    "relations implied by recognition": (0.26, 0.0, DOTS),
    "relations": (0.26, 0.0, {}),
    WITHHELD: (0.64, 0.95, {"hatch": "////", "edgecolor": "#8a8f96", "linewidth": 0}),
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

    Parameters
    ----------
    ties : pandas.DataFrame
        From :func:`analysis.recognition.dossiers.find_history` or ``find_mutual_ties``.
    withheld : pandas.DataFrame
        Rows of the table ``recognition/withheld`` of the same states with ``day`` and ``until_day``.
    title : str
        What is shown.
    until : str
        Last day that is drawn.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. Time in years from 1945; one lane is an entity, or a recogniser and an entity where there are
        several recognisers. Without any tie it says that nothing is on record.

    Examples
    --------
    >>> row = {"recogniser": "NIC", "entity": "TWN", "kind": "relations", "implied": False,
    ...        "begin": pd.Timestamp("1990-11-06"), "end": pd.Timestamp("2021-12-10")}
    >>> none = pd.DataFrame(columns=["recogniser", "entity", "day", "until_day"])
    >>> figure = plot_ties_by_entity(pd.DataFrame([row]), none, "Ties of Nicaragua", "2026-11-22")
    >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
    ['Republic of China (Taiwan)']
    """
    pairs = [*dict.fromkeys([*_pairs_of(ties), *_pairs_of(withheld)])]
    if not pairs:
        return plot_nothing(title)
    figure, axes = plt.subplots(figsize=(style.WIDE[0], FRAME_INCHES + LANE_INCHES * len(pairs)))
    last = pd.Timestamp(until)
    keys = {words: _draw_bar(axes, pairs, words, bar, last) for words, bar in _find_bars(ties, withheld)}
    several = len({recogniser for recogniser, _ in pairs}) > 1
    axes.set_yticks(range(len(pairs)), [_name_lane(*pair, several) for pair in pairs], color=style.INK)
    axes.set(xlim=(date2num(FIRST_DAY), date2num(last)), ylim=(len(pairs) - 0.5, -0.5), xlabel="Year")
    axes.xaxis_date()
    axes.grid(visible=False, axis="y")
    put_title(figure, title)
    figure.legend(handles=[*keys.values()], loc="outside lower left", ncols=4)
    plt.close(figure)
    return figure


def put_title(figure: Figure, title: str) -> None:
    """Write a title from the left edge of the figure, where long labels leave the axes too little room for it."""
    look: dict[str, Any] = {"fontsize": plt.rcParams["axes.titlesize"], "fontweight": "bold"}
    figure.suptitle(fill(title, TITLE_LETTERS), x=0.012, ha="left", **look)


def plot_nothing(title: str) -> Figure:
    """Draw an empty frame that says that nothing is on record.

    Parameters
    ----------
    title : str
        What would be shown.

    Examples
    --------
    >>> plot_nothing("Votes").axes[0].texts[0].get_text()
    'Nothing on record'
    """
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 1.0))
    axes.set(xticks=[], yticks=[])
    put_title(figure, title)
    axes.text(0.5, 0.5, "Nothing on record", transform=axes.transAxes, ha="center", va="center", color=style.MUTED)
    plt.close(figure)
    return figure


def _pairs_of(frame: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for recogniser in dict.fromkeys(frame["recogniser"]):
        known = set(frame.loc[frame["recogniser"] == recogniser, "entity"])
        yield from ((recogniser, entity) for entity in ENTITIES if entity in known)


def _find_bars(ties: pd.DataFrame, withheld: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """Each bar with its words in the legend, in the order in which they are drawn."""
    for words, kind, implied in BARS:
        bars = ties[(ties["kind"] == kind) & (ties["implied"] == implied)]
        yield from ((words, bar) for _, bar in bars.iterrows())
    dated = withheld.dropna(subset=["day"]).rename(columns={"day": "begin", "until_day": "end"})
    yield from ((WITHHELD, bar) for _, bar in dated.iterrows())


def _draw_bar(axes: Axes, pairs: list[tuple[str, str]], words: str, bar: pd.Series, last: pd.Timestamp) -> Patch:
    """Draw one bar, and return its key for the legend."""
    lane = pairs.index((bar["recogniser"], bar["entity"]))
    left, right = (date2num(day) for day in (max(bar["begin"], FIRST_DAY), last if pd.isna(bar["end"]) else bar["end"]))
    height, pale, look = LOOKS[words]
    colours = [mix_with_white(colour, pale) for colour in (style.ENTITY_COLOURS[bar["entity"]], style.MUTED)]
    edges: dict[str, Any] = {"edgecolor": colours[0], "linewidth": 0.8}  # so that a tie of a few days is seen
    axes.barh(lane, right - left, height, left=left, facecolor=colours[0], **(edges | look))
    return Patch(facecolor=colours[1], label=words, **({"linewidth": 0} | look))


def mix_with_white(colour: str, share: float) -> str:
    """Make a colour paler by a share of white, 0 to 1."""
    red, green, blue = ((1 - share) * part + share for part in to_rgb(colour))
    return to_hex((red, green, blue))


def _name_lane(recogniser: str, entity: str, several: bool) -> str:
    return f"{ACTORS[recogniser]}\ntowards {ENTITIES[entity]}" if several else ENTITIES[entity]


def _name_actor(recogniser: str) -> str:
    return name_entity(recogniser) if recogniser in CLAIMANTS else name_country(recogniser)


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


def describe_ties(ties: pd.DataFrame, withheld: pd.DataFrame) -> str:
    """Say of each pair since when and until when ties stood.

    Parameters
    ----------
    ties, withheld
        As for :func:`plot_ties_by_entity`.

    Examples
    --------
    >>> row = {"recogniser": "NIC", "entity": "TWN", "kind": "relations", "implied": False, "held_by": "NIC",
    ...        "begin": pd.Timestamp("1990-11-06"), "end": pd.Timestamp("2021-12-10"), "begin_precision": "day",
    ...        "end_precision": "day", "left_truncated": False}
    >>> describe_ties(pd.DataFrame([row]), pd.DataFrame(columns=["recogniser", "entity", "day", "until_day"]))
    'Nicaragua and the Republic of China (Taiwan): relations from 6 November 1990 to 10 December 2021.'
    """
    sentences = []
    for recogniser, entity in dict.fromkeys([*_pairs_of(ties), *_pairs_of(withheld)]):
        own = ties[(ties["recogniser"] == recogniser) & (ties["entity"] == entity)]
        parts = [
            f"{words} {write_list([_write_time(tie) for _, tie in some.iterrows()])}"
            for words, kind, implied in BARS
            if len(some := own[(own["kind"] == kind) & (own["implied"] == implied)])
            and not (kind == "recognition" and implied)
        ]
        refused = withheld[(withheld["recogniser"] == recogniser) & (withheld["entity"] == entity)]
        parts += [f"recognition openly withheld {_write_refusal(row)}" for _, row in refused.iterrows()]
        names = f"{_name_actor(recogniser)} and {name_entity(entity)}"
        sentences.append(f"{names[0].upper()}{names[1:]}: {'; '.join(parts)}.")
    before = [
        code for codes in ties.get("held_by", []) for code in codes.split(", ") if code not in set(ties["recogniser"])
    ]
    if before:
        sentences.append(
            f"Older ties were those of {write_list([name_country(code) for code in dict.fromkeys(before)])}."
        )
    return " ".join(sentences) or "Nothing is on record."


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


def table_of_acts(acts: pd.DataFrame) -> pd.DataFrame:
    """Lay out dated acts for reading.

    Parameters
    ----------
    acts : pandas.DataFrame
        Rows of the table ``recognition/events``.

    Returns
    -------
    pandas.DataFrame
        State (the predecessor where that acted), Act, Towards, Confidence, Source, Note, indexed by Date (as precise as
        known). One row is an act.

    Examples
    --------
    >>> act = {"recogniser": "ISR", "entity": "CHN", "kind": "recognition", "act": "recognised", "note": None,
    ...        "acted_as": None, "date": "1950-01-09", "confidence": "high", "source_id": "C73"}
    >>> table_of_acts(pd.DataFrame([act])).loc["1950-01-09", ["State", "Act"]].tolist()
    ['Israel', 'recognised']
    """
    table = {
        "Date": acts["date"],
        "State": acts["acted_as"].fillna(acts["recogniser"]).map(ACTORS),
        "Act": [ACTS[kind, act] for kind, act in zip(acts["kind"], acts["act"], strict=True)],
        "Towards": acts["entity"].map(ENTITIES),
        "Confidence": acts["confidence"],
        "Source": acts["source_id"],
        "Note": acts["note"].fillna(""),
    }
    return pd.DataFrame(table).set_index("Date").rename_axis(index=None, columns="Date")
