"""One count under every reasonable rule, and which published totals some rule reaches."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.figures import grammar, style
from analysis.figures.captions import say
from analysis.figures.recognition.words import VERBS, name_entity
from analysis.figures.words import CLAIM, cite, write_day, write_list, write_number, write_when
from analysis.recognition.multiverse import CHOICES, UNIVERSES

WORDS = {
    "rule": {
        "net": "ties that stand",
        "gross": "ties that ever stood",
        "undisputed": "disputed withdrawals do not count",
    },
    "members": {"all": "every state", "members": "UN members of the day", "members today": "UN members of today"},
    "minimum_confidence": {"low": "any confidence", "medium": "medium or high", "high": "high only"},
    "implied": {"include": "implied ties count", "exclude": "only ties with an act of their kind"},
    "denied": {"include": "denied or unconfirmed ties count", "exclude": "denied or unconfirmed left out"},
    "dates": {"used": "our dates", "alternative": "the other date where sources disagree"},
}
TOLD = {
    "rule": {"gross": "every state that ever had them counts", "undisputed": "disputed withdrawals do not count"},
    "members": {"members": "members of the United Nations alone count",
                "members today": "the United Nations' members of today alone count"},
    "minimum_confidence": {"medium": "acts of low confidence are left out",
                           "high": "only acts of high confidence count"},
    "implied": {"exclude": "ties without an act of their kind are left out"},
    "denied": {"exclude": "ties that a source denies or could not confirm are left out"},
    "dates": {"alternative": "the other date holds where sources disagree"},
}  # fmt: skip
"""What each choice that is not the usual one does, within a sentence."""
READINGS = {
    "said": "reached by the rule that the source states",
    "other": "reached by another reading of the rules",
    "none": "reached by none",
}
MARKS = {"said": "o", "other": "D", "none": "X"}
EDGE_DAYS = 200  # left free beside the first and the last total


def name_universe(choices: pd.Series | dict[str, str]) -> str:
    """Name a universe by each choice, the usual ones left out but for rule and members.

    Examples
    --------
    >>> usual = {name: words[0] for name, words in UNIVERSES.items()}
    >>> name_universe(usual | {"members": "members", "denied": "exclude"})
    'ties that stand, UN members of the day, denied or unconfirmed left out'
    """
    return ", ".join(
        WORDS[name][choices[name]]
        for name in CHOICES
        if name in ("rule", "members") or choices[name] != UNIVERSES[name][0]
    )


def tell_choices(choices: pd.Series | dict[str, str]) -> list[str]:
    """Say within a sentence what a universe chooses otherwise than usual.

    Examples
    --------
    >>> usual = {name: words[0] for name, words in UNIVERSES.items()}
    >>> tell_choices(usual | {"minimum_confidence": "high"}), tell_choices(usual)
    (['only acts of high confidence count'], [])
    """
    return [TOLD[name][choices[name]] for name in CHOICES if choices[name] != UNIVERSES[name][0]]


def plot_count_by_choice(universes: pd.DataFrame, entity: str, kind: str, on: str) -> Figure:
    """Draw, for each choice, every count that some universe with it gives (``count_universes``).

    A line marks the usual universe, whose choices stand first in their group.
    """
    rows = pd.DataFrame(_spread_choices(universes)).assign(place=lambda found: range(len(found)))
    counts = rows.explode("counts").rename(columns={"counts": "count"}).astype({"count": "int64"})
    title = f"How many states {VERBS[kind]} {name_entity(entity)} on {write_day(on)}: every reading"
    with grammar.drawing(title, len(rows), 0.32) as (figure, axes):
        grammar.draw_ranges(axes, rows, "low", "high", style.GRID, linewidth=3, zorder=1)
        words, colour = "counts by readings of the rules", style.ENTITY_COLOURS[entity]
        grammar.draw_dots(axes, counts, "count", colour, size=34, label=words)
        axes.axvline(universes["count"].iloc[0], color=style.INK, linewidth=1, label="the usual rules")
        grammar.name_rows(axes, list(rows["words"]), 9.5)
        for place in rows.loc[rows["first"], "place"].iloc[1:]:
            axes.axhline(place - 0.5, color=style.GRID, linewidth=0.8)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel("States")
        grammar.move_legend(figure, axes, 2)
    return figure


def _spread_choices(universes: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """One row a choice: its words, whether it is the first of its group, and the counts that go with it."""
    for name, words in WORDS.items():
        for choice in UNIVERSES[name]:
            counts = sorted(set(universes.loc[universes[name].eq(choice), "count"]))
            yield {"words": words[choice], "first": choice == UNIVERSES[name][0], "counts": counts,
                   "low": counts[0], "high": counts[-1]}  # fmt: skip


def plot_published_by_reach(reached: pd.DataFrame, entity: str, kind: str) -> Figure:
    """Draw published totals (``reach_published``) over the range of universes of their days, by who reaches them."""
    title = f"Published totals of states that {VERBS[kind]} {name_entity(entity)}, and the range of readings"
    if reached.empty:
        return grammar.plot_nothing(say("multiverse.nothing", {}), title)
    rows = reached.assign(reading=read_totals(reached))
    with grammar.drawing(title) as (figure, axes):
        axes.vlines(rows["day"], rows["low"], rows["high"], color=style.GRID, linewidth=3, zorder=1)
        look: dict[str, Any] = {"s": 46, "linewidth": 0.8, "zorder": 3, "legend": False, "ax": axes}
        sns.scatterplot(rows, x="day", y="published", hue="reading", palette=_shades(entity), style="reading",
                        markers=MARKS, **look)  # fmt: skip
        edge = pd.Timedelta(days=EDGE_DAYS)
        axes.set(xlim=(rows["day"].min() - edge, rows["day"].max() + edge), ylim=(0, None), xlabel="Year")
        axes.set_ylabel("States")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        keys = grammar.keys_of(READINGS, set(rows["reading"]), marker=MARKS, color=_shades(entity))
        keys.append(grammar.key("range of readings", color=style.GRID, linewidth=3))
        grammar.put_legend(figure, keys, 2)
    return figure


def _shades(entity: str) -> dict[str, str]:
    return {"said": style.ENTITY_COLOURS[entity], "other": style.MUTED, "none": style.INK}


def read_totals(reached: pd.DataFrame) -> pd.Series:
    """Say of each total whether the source's own rule reaches it (``said``), another universe, or none."""
    return pd.Series("none", reached.index).mask(reached["reached"], "other").mask(reached["departures"].eq(0), "said")


def table_of_reached(reached: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out published totals: Published, Readings give (lowest to highest), Reached by, Source, Why not; by Date."""
    named = [name_universe(row) if row["reached"] else "none" for _, row in reached.iterrows()]
    return grammar.head_rows({
        "Date": reached["date"],
        "Published": reached["published"],
        "Readings give": [f"{row.low} to {row.high}" for row in reached.itertuples()],
        "Reached by": named,
        "Source": [cite(sources, source_id) for source_id in reached["source_id"]],
        "Why ours differs by the source's rule": reached["reason"].fillna(""),
        CLAIM: reached["claim_id"],
    })  # fmt: skip


def _write_date(date: str) -> str:
    """Write an ISO date of a total in words, as precisely as it is given.

    Examples
    --------
    >>> _write_date("1969-12-31"), _write_date("2021-09")
    ('31 December 1969', 'September 2021')
    """
    return write_when(pd.Timestamp(date), {10: "day", 7: "month"}.get(len(date), "year"))


def facts_of_counts(universes: pd.DataFrame, entity: str, kind: str, on: str) -> dict[str, Any]:
    """Facts of ``multiverse.counts``: the range of all universes, of those one choice away, and which moves most."""
    return {"entity": entity, "verb": VERBS[kind], "on": on, "number": len(universes),
            "usual": int(universes["count"].iloc[0]), "low": int(universes["count"].min()),
            "high": int(universes["count"].max()), "different": universes["count"].nunique(),
            **find_mover(universes)}  # fmt: skip


def find_mover(universes: pd.DataFrame) -> dict[str, Any]:
    """Find the one choice that moves a count most: ``choice``, ``told`` as a clause, ``by`` how much, to ``count``."""
    usual, one = universes.iloc[0], universes[universes["departures"].eq(1)]
    moved = one.assign(by=(one["count"] - usual["count"]).abs()).sort_values("by", ascending=False, kind="stable")
    most = moved.iloc[0]
    choice = next(name for name in CHOICES if most[name] != usual[name])
    told = TOLD[choice][most[choice]]
    return {"choice": WORDS[choice][most[choice]], "told": told, "by": int(most["by"]), "count": int(most["count"])}


def facts_of_reached(reached: pd.DataFrame, entity: str, kind: str) -> dict[str, Any]:
    """Facts of ``multiverse.reached``: how many totals the source's rule, another universe or none reaches."""
    readings = read_totals(reached)
    lost = reached[readings.eq("none")]
    told = [f"{row.published} for {_write_date(row.date)}" for row in lost.itertuples()]
    often = {name: told.count(name) for name in told}
    names = [f"{write_number(number)} of {name}" if number > 1 else name for name, number in often.items()]
    return {"entity": entity, "verb": VERBS[kind], "totals": len(reached), "said": int(readings.eq("said").sum()),
            "other": int(readings.eq("other").sum()), "lost": write_list(names, most=4)}  # fmt: skip
