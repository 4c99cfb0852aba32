"""Four counts of a day, the totals that others published beside them, and what changed in the last years."""

from collections.abc import Mapping
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from analysis.facts import Facts
from analysis.figures import grammar, style
from analysis.figures.captions import say
from analysis.figures.recognition.multiverse import MARKS, READINGS, name_universe, read_totals, tell_choices
from analysis.figures.recognition.words import (
    DID,
    NAMES,
    SEATS,
    VERBS,
    count_confidences,
    count_unseen,
    name_country,
    name_entity,
)
from analysis.figures.words import CLAIM, cite, write_day, write_list, write_when
from analysis.recognition.facts.choices import ENTITIES
from analysis.recognition.facts.states import day_of
from analysis.recognition.multiverse import UNIVERSES
from analysis.recognition.today import FOUR

SHORT = ENTITIES | SEATS
ASKED = {"relations": "relations with {}", "recognition": "recognise {}"}
SIGNS = {"began": "o", "ended": "X"}
SIGN_WORDS = {"began": "began or resumed", "ended": "ended"}
COUNTED = {"all": "every state", "un_members": "UN members", "un_members_today": "UN members of today"}
"""Whom a published total counts, and ours beside it."""
MONTH = pd.Timedelta(days=31)
"""A last look longer before the day is said beside the count."""
WITNESSES = ("news", "official", "academic", "think_tank")  # kinds of sources whose total bears ours out
DATED = {4: "year", 7: "month", 10: "day"}  # how precise a date is, by its length
AXIS_DAYS = 25  # left free beside the first and the last change
RIVAL_INCHES, RIVAL_LETTERS = 0.5, 26  # what a published total takes, and the letters of a line of its name
RING = 150  # size of a ring that stays in sight around the dot of a number near its own


def plot_counts_by_entity(counts: pd.DataFrame, on: str) -> Figure:
    """Draw the four counts of ``today.count_today``: every state, members alone, and whoever did at any time."""
    rows = counts.assign(place=range(len(counts)))
    late = (day_of(on) - counts["seen"]).gt(MONTH).any()
    title = f"States that have relations, or recognise, {'as last seen by' if late else 'on'} {write_day(on)}"
    with grammar.drawing(title, len(rows), 0.5, 1.5, wide=style.NARROW) as (figure, axes):
        grammar.draw_ranges(axes, rows, "net_low", "net_high", style.GRID, linewidth=6, zorder=1)
        grammar.draw_dots(axes, rows, "ever", style.MUTED, marker="|", size=130, linewidth=1.6)
        grammar.draw_dots(axes, rows, "members", style.ENTITY_COLOURS, by="entity", hollow=True, size=RING)
        grammar.draw_dots(axes, rows, "count", style.ENTITY_COLOURS, by="entity", size=45)
        grammar.name_rows(axes, name_counts(rows), 9.5)
        grammar.write_beside(
            axes, [f"{row['count']} ({row['members']} UN members)" for row in rows.to_dict("records")], 10
        )
        axes.set(xlim=(0, None), xlabel="States")
        keys = [grammar.key("every state", marker="o"), grammar.key("UN members", marker="o", markerfacecolor="white")]
        keys += [grammar.key("ever, up to that day", marker="|", color=style.MUTED, markersize=11),
                 grammar.key("every reading, of ties that stand", color=style.GRID, linewidth=6)]  # fmt: skip
        grammar.put_legend(figure, keys, 2)
    return figure


def plot_rivals(rivals: pd.DataFrame, sources: pd.DataFrame, entity: str) -> Figure:
    """Draw the totals that others published of one entity (``today.find_rivals``), and ours by the same rule."""
    own = rivals[rivals["entity"].eq(entity)]
    title = f"Published totals of states that recognise {name_entity(entity)}"
    if own.empty:
        return grammar.plot_nothing(say("multiverse.nothing", {}), title)
    rows = own.assign(place=range(len(own)), reading=read_totals(own))
    shades = {"said": style.ENTITY_COLOURS[entity], "other": style.MUTED, "none": style.INK}
    with grammar.drawing(title, len(rows), RIVAL_INCHES, 2.2, wide=style.NARROW) as (figure, axes):
        grammar.draw_ranges(axes, rows, "low", "high", style.GRID, linewidth=6, zorder=1)
        grammar.draw_dots(axes, rows, "ours", style.INK, marker="|", size=130, linewidth=1.6)
        grammar.draw_dots(axes, rows, "published", shades, by="reading", marks=MARKS, mark_by="reading", size=70)
        names = [f"{fill(cite(sources, row.source_id), RIVAL_LETTERS)}\n{row.date}" for row in rows.itertuples()]
        grammar.name_rows(axes, names, 8.5)
        grammar.write_beside(axes, [str(number) for number in rows["published"]], 10)
        axes.set_xlabel("States")
        axes.margins(x=0.06)
        keys = grammar.keys_of(READINGS, set(rows["reading"]), marker=MARKS, color=shades)
        keys += [grammar.key("ours, by the source's rule", marker="|", markersize=11),
                 grammar.key("every reading of the rules, of that day", color=style.GRID, linewidth=6)]  # fmt: skip
        grammar.put_legend(figure, keys, 1)
    return figure


def plot_changes(changes: pd.DataFrame, on: str, years: int) -> Figure:
    """Draw each change of ``today.find_changes`` on its day, a row a change."""
    title = f"What changed in the {years} years up to {write_day(on)}"
    if changes.empty:
        return grammar.plot_nothing(say("today.no_change", {}), title)
    rows = changes.assign(place=range(len(changes)))
    with grammar.drawing(title, len(rows), 0.27) as (figure, axes):
        look: dict[str, Any] = {"marks": SIGNS, "mark_by": "change", "size": 60}
        grammar.draw_dots(axes, rows, "day", style.ENTITY_COLOURS, by="entity", **look)
        grammar.name_rows(axes, [_name_change(row) for row in rows.to_dict("records")], 9.5)
        last, edge = pd.Timestamp(on), pd.Timedelta(days=AXIS_DAYS)
        axes.set(xlim=(last - pd.DateOffset(years=years) - edge, last + edge), xlabel="Day")
        keys = grammar.keys_of(SHORT, set(rows["entity"]), marker="o", color=style.ENTITY_COLOURS)
        signs = set(rows["change"])
        keys += grammar.keys_of(SIGN_WORDS, signs if len(signs) > 1 else (), marker=SIGNS, color=style.MUTED)
        grammar.put_legend(figure, keys, 6)
    return figure


def _name_change(row: Mapping[str, Any]) -> str:
    return f"{NAMES[row['recogniser']]} {DID[row['kind'], row['change']]} {SHORT[row['entity']]}"


def name_counts(counts: pd.DataFrame) -> list[str]:
    """Name each of the counts of ``today.count_today``, such as "relations with Taipei"."""
    return [ASKED[row.kind].format(SHORT[row.entity]) for row in counts.itertuples()]


def table_of_changes(changes: pd.DataFrame, events: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out changes for reading: Change, Confidence, Source, Claim, by Date (as precise as known)."""
    acts = events.set_index("claim_id").reindex(changes["claim_id"])
    table = {
        "Date": [write_when(*one) for one in zip(changes["day"], changes["precision"], strict=True)],
        "Change": [_name_change(row) for row in changes.to_dict("records")],
        "Confidence": acts["confidence"].tolist(),
        "Source": [cite(sources, source_id) for source_id in acts["source_id"]],
        CLAIM: changes["claim_id"].tolist(),
    }
    return pd.DataFrame(table).set_index("Date").rename_axis(index=None, columns="Date")


def table_of_rivals(rivals: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out published totals: Of, Counted, Published, Ours (by the source's rule), Same, Why not, Source; by Date.

    Those of Palestine that differ come first, as the answer speaks of them; then the others, the latest of each first.
    """
    told = rivals["entity"].eq("PSE") & rivals["published"].ne(rivals["ours"])
    rivals = rivals.assign(own=pd.Categorical(rivals["entity"], [entity for entity, _ in FOUR]))
    others = rivals[~told].sort_values(["own", "day"], ascending=[True, False], kind="stable")
    rivals = pd.concat([rivals[told].sort_values("published", kind="stable"), others])
    same = [name_universe(row) if row["reached"] else "none" for _, row in rivals.iterrows()]
    table = {
        "Date": rivals["date"],
        "Of": name_counts(rivals),
        "Counted": rivals["states"].map(COUNTED),
        "Published": rivals["published"],
        "Ours": rivals["ours"],
        "A rule of ours that gives the published number": same,
        "Why ours differs": rivals["reason"].fillna(""),
        "Source": [cite(sources, source_id) for source_id in rivals["source_id"]],
        CLAIM: rivals["claim_id"],
    }
    return pd.DataFrame(table).set_index("Date").rename_axis(index=None, columns="Date")


def facts_of_answer(
    counts: pd.DataFrame, rivals: pd.DataFrame, changes: pd.DataFrame, latest: pd.DataFrame, acts: pd.DataFrame,
    tables: Facts, on: str, years: int,
) -> dict[str, Any]:  # fmt: skip
    """Facts of ``today.in_short``: the four counts, who left Taipei last, rival totals of Palestine, what changed.

    The first three are drawn on the page; ``latest`` are all changes up to the day, ``acts`` those behind the counts;
    of ``tables`` it asks for events, sources and the days of last looks (``observed``).
    """
    sources, left = tables.sources, latest[latest["entity"].eq("TWN") & latest["change"].eq("ended")].tail(1)
    left = left.merge(tables.events[["claim_id", "source_id"]], "left", on="claim_id")
    left = left.assign(cited=[cite(sources, one) if isinstance(one, str) else "" for one in left["source_id"]])
    facts = facts_of_counts(counts, on) | facts_of_rivals(rivals, sources, "PSE") | facts_of_changes(changes, on, years)
    looked = tables.observed.set_index("entity")["source_id"]
    for row in facts["four"].values():
        row["same"] = _find_same(row, rivals, sources)
        alone = row["entity"] == facts["of"] and not row["same"]  # without a witness, who saw it last is one
        row["seen_by"] = cite(sources, looked[row["entity"]]) if alone and row["entity"] in looked else ""
    others = [row for alike in facts["told"] for row in alike if row["states"] != "all"]
    then = min(others, key=lambda row: row["day"], default={"when": "", "ours": facts["four"]["PSE"]["members"]})
    facts |= {"since_then": then["when"], "more_since": facts["four"]["PSE"]["members"] - then["ours"]}
    mover = max(facts["four"].values(), key=lambda row: abs(row["moved_to"] - row["count"]))
    told = {"place": mover["place"], "count": mover["moved_to"], "by": abs(mover["moved_to"] - mover["count"]),
            "told": write_list(tell_choices(_read_choices(mover["moved"])))}  # fmt: skip
    return facts | {"left": left.iloc[-1].to_dict() if len(left) else None, "acts": len(acts), "mover": told,
                    "sure": count_confidences(acts), "unseen": count_unseen(acts)}  # fmt: skip


def _find_same(row: Mapping[str, Any], rivals: pd.DataFrame, sources: pd.DataFrame) -> dict[str, Any] | None:
    """Find the latest total of the press or an authority that is the count of today: of every state, else of members.

    A dataset may be one that our own acts rest on.
    """
    known = sources["source_id"][sources["kind"].isin(WITNESSES)]
    own = rivals[rivals["entity"].eq(row["entity"]) & rivals["source_id"].isin(known)].sort_values("day", kind="stable")
    for states, number in (("all", row["count"]), ("un_members", row["members"])):
        same = own[own["states"].eq(states) & own["published"].eq(number) & own["ours"].eq(number)]
        if len(same):
            return {"published": number, "states": states, "source": cite(sources, same["source_id"].iloc[-1])}
    return None


def facts_of_counts(counts: pd.DataFrame, on: str) -> dict[str, Any]:
    """Facts of ``today.counts``: each of the four with its counts."""
    rows = {
        row["entity"]: row
        | {"verb": VERBS[row["kind"]], "place": SHORT[row["entity"]], "is_old": day_of(on) - row["seen"] > MONTH}
        | {name: [name_country(code) for code in row[name].split(";") if code] for name in ("others", "states")}
        | {"lowest_when": tell_choices(_read_choices(row["net_lowest"]))}
        for row in counts.to_dict("records")
    }
    return {"four": rows, "on": on}


def _read_choices(told: str) -> dict[str, str]:
    """Read what a rule chooses otherwise than usual, as ``today.count_today`` writes it."""
    usual = {name: choices[0] for name, choices in UNIVERSES.items()}
    return usual | dict(choice.split("=") for choice in told.split(";") if choice)


def facts_of_rivals(rivals: pd.DataFrame, sources: pd.DataFrame, entity: str) -> dict[str, Any]:
    """Facts of ``today.rivals``: how far the totals of one entity lie apart, and each that ours differs from."""
    own = rivals[rivals["entity"].eq(entity)]
    differing = [
        {"published": row["published"], "ours": row["ours"], "source": cite(sources, row["source_id"]),
         "states": row["states"], "day": row["day"], "when": write_when(row["day"], DATED[len(row["date"])]),
         "rule": name_universe(row) if row["reached"] else None, "why": row["reason"].split(";")[0]}
        for row in own[own["published"].ne(own["ours"])].sort_values("published", kind="stable").to_dict("records")
    ]  # fmt: skip
    reasons: dict[str, list[dict[str, Any]]] = {}
    for row in differing:
        reasons.setdefault(row["why"], []).append(row)
    lower = [alike for alike in reasons.values() if alike[0]["published"] < alike[0]["ours"]]
    higher = [alike for alike in reasons.values() if alike[0]["published"] > alike[0]["ours"]]
    told = lower[:1] + higher[:1]
    return {"of": entity, "totals": len(own), "since": own["date"].str[:4].min(),
            "until": own["date"].str[:4].max(), "fewest": own["published"].min(), "most": own["published"].max(),
            "others": [abs(row["published"] - row["ours"]) for alike in lower[1:] + higher[1:] for row in alike],
            "members_alone": int(own["states"].ne("all").sum()),
            "differing": differing, "told": told}  # fmt: skip


def facts_of_changes(changes: pd.DataFrame, on: str, years: int) -> dict[str, Any]:
    """Facts of ``today.changes``: how many states began or ended which tie, and who."""
    groups = [
        {"entity": entity, "did": DID[kind, change], "states": [name_country(code) for code in own["recogniser"]]}
        for (entity, kind, change), own in changes.groupby(["entity", "kind", "change"], sort=False)
    ]
    return {"groups": sorted(groups, key=lambda group: -len(group["states"])),
            "on": on, "years": years}  # fmt: skip
