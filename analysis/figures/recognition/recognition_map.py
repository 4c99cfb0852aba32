"""Who has a tie with an entity on a day, how many had it over time, in which waves, with whom, and who says so."""

from html import escape
from typing import Any

import pandas as pd
import seaborn as sns
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.figures import grammar, style
from analysis.figures.captions import say
from analysis.figures.recognition.multiverse import find_mover, tell_choices
from analysis.figures.recognition.words import (
    DID,
    VERBS,
    WRITTEN,
    count_confidences,
    count_unseen,
    name_country,
    name_entity,
)
from analysis.figures.words import CLAIM, cite, cite_in_full, write_day
from analysis.recognition.facts.choices import KINDS, PARTLY_RECORDED, RULES, WHERE_DATED
from analysis.recognition.facts.spells import LEGACY_DAY
from analysis.recognition.timelines import STATUSES

FIRST_DAY = pd.Timestamp("1945-01-01")
FIRST_DAYS = {"TWN": LEGACY_DAY}  # ties that are older have no real beginning
LEAST_ALIKE = 3  # published totals that differ for one reason before it is said
FEWEST = 5  # states, at the top of the axis
LEAST_YEARS = 10  # on the axis of years
COUNTED = {
    "net": "states with it that day",
    "gross": "every state that ever had it up to that day",
    "undisputed": "withdrawals that the other side disputes left out",
}
"""What each rule counts, within a sentence."""
LINES: dict[str, Any] = {"net": "-", "undisputed": (0, (5, 2)), "gross": (0, (1, 1.5))}
SCOPES = {"all": ("o", "all states"), "un_members": ("s", "UN members"), "ever": ("D", "ever up to that day")}
SCOPE_NAMES = {"all": "all", "un_members": "UN members", "un_members_today": "UN members of today"}
OTHERWISE = {"recognition": "implied by relations", "relations": "implied by recognition"}
NO_DAY = "not on record"


def find_limits(entity: str, kind: str, on: str, seen: pd.Timestamp, counts: pd.DataFrame) -> list[str]:
    """List what a reader must know before trusting a count on a day; empty when there is nothing.

    ``seen`` is the last day up to which ties with the entity were watched (``states.observed_until``), ``counts`` are
    empty where no act is on record.
    """
    other = next(name for name in KINDS if name != kind)
    facts = {"entity": entity, "kind": kind, "other": other, "on": on, "seen": seen}
    holds = {
        "later_than_seen": pd.Timestamp(on) > seen,
        "never_seen": pd.isna(seen),
        "no_act": counts.empty,
        "only_departures": entity in PARTLY_RECORDED,
    }
    return [say(f"recognition_map.{limit}", facts) for limit in holds if holds[limit]]


def last_seen(on: str | pd.Timestamp, seen: pd.Timestamp | None) -> pd.Timestamp | None:
    """Give the day up to which ties were watched where a count is of a later day, else nothing."""
    return seen if seen is not None and pd.Timestamp(on) > seen else None


def show_warnings(sentences: list[str]) -> None:
    """Show warnings in a notebook and on its page, one paragraph each; nothing when there is none."""
    if sentences:
        paragraphs = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
        bundle = {"text/html": f'<div class="warning">{paragraphs}</div>', "text/plain": "\n".join(sentences)}
        display(bundle, raw=True)


def title_status(entity: str, kind: str, on: str) -> str:
    """Say what a map of statuses shows.

    Examples
    --------
    >>> title_status("TWN", "relations", "1979-12-31")
    'Who had relations with the Republic of China (Taiwan) on 31 December 1979'
    """
    return f"Who {VERBS[kind]} {name_entity(entity)} on {write_day(on)}"


def note_refusals(status: pd.DataFrame, withheld: pd.DataFrame | None = None, entity: str = "") -> str:
    """Say where on a map refusals are marked, and that a state without a mark may refuse as well; else nothing.

    ``status`` is from ``relations.status_by_state``; the one refusal of ``entity`` in ``withheld`` that no map marks is
    named.
    """
    refusing = status.loc[status["status"].eq(STATUSES["recognition"]["withheld"]), "iso3"]
    if len(refusing):
        return say("recognition_map.refusals", {"refusing": [name_country(code) for code in refusing]})
    lone = [] if withheld is None else withheld.loc[withheld["entity"].eq(entity), "recogniser"]
    standing = status.loc[status["iso3"].isin(lone) & status["status"].eq(STATUSES["recognition"]["none"]), "iso3"]
    return say("recognition_map.lone_refusal", {"refusing": [*map(name_country, standing)]}) if len(standing) else ""


def mix_statuses(entity: str) -> dict[str, str]:
    """Give each status, by its short name, its colour: the entity's own, a shade of it, or one for all entities."""
    own = style.ENTITY_COLOURS[entity]
    shades = {"act": own, "implied": style.mix(own, "white", 0.45), "disputed": style.mix(own, style.SHADE, 0.5)}
    return shades | style.STATUS_COLOURS


def status_colours(status: pd.DataFrame, entity: str, kind: str) -> dict[str, str]:
    """Give each ``status`` that some state has its colour, in the order of a legend."""
    colours, found = mix_statuses(entity), set(status["status"])
    return {words: colours[name] for name, words in STATUSES[kind].items() if words in found}


def plot_count_by_rule(
    counts: pd.DataFrame, published: pd.DataFrame, entity: str, kind: str, rule: str, on: str, until: str,
    bounds: pd.DataFrame | None = None, seen: pd.Timestamp | None = None, wide: float = style.WIDE[0],
) -> Figure:  # fmt: skip
    """Draw the number of states over time under each rule (``rule, day, count``), and totals of others as points.

    The rule ``UN members`` is the chosen one for members of the United Nations only. ``published`` gives ``day, count,
    states`` (all, un_members and the like) and ``measure`` (current or ever). A line marks the day ``on``. Time runs
    from 1945, or from the first change where that is later; for Taipei from 1 October 1949. A band shows ``bounds``,
    the fewest and most states of the chosen rule (``day, low, high``); the time after ``seen``, the last day up to
    which the ties were watched, is shaded. ``wide`` is the width in inches.
    """
    last, day = max(pd.Timestamp(until), pd.Timestamp(on)), pd.Timestamp(on)
    first = max(FIRST_DAYS.get(entity, FIRST_DAY), counts["day"].min()) if len(counts) else FIRST_DAY
    first = min(first, day)
    with grammar.drawing(f"How many states {VERBS[kind]} {name_entity(entity)}", wide=wide) as (figure, axes):
        _draw_counts(axes, counts, entity, rule, last)
        if seen is not None and seen < last:
            words = f"not watched after {write_day(seen)}"
            axes.axvspan(seen, last, color=style.GRID, linewidth=0, zorder=0, label=words)
        if bounds is not None:
            _draw_bounds(axes, bounds, style.ENTITY_COLOURS[entity], first, last)
        _draw_published(axes, published[published["day"] >= first])
        axes.axvline(day, color=style.INK, linewidth=1, label=write_day(on))
        axes.set(xlim=(first, last + (last - first) * 0.02), xlabel="Year", ylabel="States")
        axes.set_ylim(0, max(axes.get_ylim()[1], FEWEST))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        grammar.move_legend(figure, axes, 1 if wide < style.WIDE[0] else 2)
    return figure


def _draw_counts(axes: Axes, counts: pd.DataFrame, entity: str, rule: str, last: pd.Timestamp) -> None:
    """One line a rule; a rule that never differs from the chosen one has none."""
    lines = dict(list(counts[counts["day"] <= last].groupby("rule", sort=False)[["day", "count"]]))
    own = style.ENTITY_COLOURS[entity]
    for name, steps in lines.items():
        look: dict[str, Any] = {"label": f"{name}: {RULES.get(name, '')}", "linewidth": 1.2}
        colour = style.MUTED
        if name == rule:
            colour, look = own, look | {"linewidth": 2.4, "zorder": 3}
        elif name not in RULES:
            colour, look = own, look | {"label": f"{rule}, UN members only"}
        elif rule in lines and steps.to_numpy().tolist() == lines[rule].to_numpy().tolist():
            continue
        else:
            look["linestyle"] = LINES[name]
        grammar.draw_steps(axes, grammar.hold(steps, day=last), "day", "count", colour, sort=False, **look)


def _draw_bounds(axes: Axes, bounds: pd.DataFrame, colour: str, first: pd.Timestamp, last: pd.Timestamp) -> None:
    shown = grammar.hold(bounds[bounds["day"] <= last], day=last)
    shown = pd.concat([shown[shown["day"] <= first].tail(1).assign(day=first), shown[shown["day"] > first]])
    look: dict[str, Any] = {"step": "post", "color": colour, "alpha": 0.4, "linewidth": 0}
    axes.fill_between(shown["day"], shown["low"], shown["high"], label="what the bounds of all dates allow", **look)


def _draw_published(axes: Axes, published: pd.DataFrame) -> None:
    scopes = published["states"].replace("un_members_today", "un_members").mask(published["measure"].eq("ever"), "ever")
    look: dict[str, Any] = {"color": "white", "edgecolor": style.INK, "linewidth": 1, "zorder": 4, "clip_on": False}
    for scope, (marker, words) in SCOPES.items():
        if len(own := published[scopes == scope]):
            label = f"published total, {words}"
            with grammar.by_seaborn(axes) as drawn:
                sns.scatterplot(own, x="day", y="count", s=26, marker=marker, label=label, **drawn, **look)


def plot_changes_by_region(changes: pd.DataFrame, entity: str, kind: str, until: str) -> Figure:
    """Draw the ties that began in each year above a line and those that ended below it (``un_region, began, ended``).

    Years before 1945 are left out.
    """
    shown = changes[changes["year"] >= FIRST_DAY.year]
    last = pd.Timestamp(until).year
    first = min(int(shown["year"].min()) if len(shown) else last, last - LEAST_YEARS)
    title = f"States that {VERBS[kind]} {name_entity(entity)}: beginnings and ends by year"
    with grammar.drawing(title) as (figure, axes):
        for heights in (shown["began"], -shown["ended"]):
            some = shown.assign(states=heights)[heights != 0]  # most years have none, and each bar takes its time
            if len(some):
                sns.histplot(some, x="year", weights="states", hue="un_region", multiple="stack", discrete=True,
                             hue_order=[*style.REGION_COLOURS][::-1], palette=style.REGION_COLOURS, shrink=0.85,
                             alpha=1, linewidth=0, legend=False, ax=axes)  # fmt: skip
        axes.axhline(0, color=style.INK, linewidth=1)
        axes.set(xlim=(first - 1, last + 1), xlabel="Year", ylabel="States: began above, ended below")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_formatter(grammar.COUNT)
        keys = [grammar.key(region, color=colour) for region, colour in style.REGION_COLOURS.items()]
        grammar.put_legend(figure, keys, 5)
    return figure


def plot_share_by_organisation(shares: pd.DataFrame, entity: str, kind: str, on: str) -> Figure:
    """Draw the ``share`` of each organisation's ``members`` that have the tie (``with_tie``), the largest on top.

    Organisations without such a member are counted beneath and have no bar, unless that are all.
    """
    some = shares[shares["with_tie"].gt(0)]
    rows = some if len(some) else shares
    rows = rows.assign(place=range(len(rows)))
    without = f" ({len(shares) - len(rows)} more organisations have none)" if len(rows) < len(shares) else ""
    title = f"Members that {VERBS[kind]} {name_entity(entity)}, {write_day(on)}"
    with grammar.drawing(title, len(rows), 0.3, 1.6) as (figure, axes):
        grammar.draw_parts(axes, rows, "share", style.ENTITY_COLOURS[entity])
        names = [f"{row.organisation} ({row.with_tie} of {row.members})" for row in rows.itertuples()]
        grammar.name_rows(axes, names, 10)
        axes.set(xlim=(0, 1), xlabel=f"Share of members{without}")
    return figure


def table_of_recognisers(found: pd.DataFrame, states: pd.DataFrame, sources: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Lay out the states that count on a day: Since (as precise as known), Precision, Known by, Confidence, Source.

    ``found`` is from ``panel.recognisers``; ``kind`` is what was counted. Relations that only follow from recognition
    have no day of their own. By State, in the order of names.
    """
    undated = found["implied"] & (WHERE_DATED[kind] == "exclude")
    days = zip(found["begin"], found["precision"].mask(undated, "none"), strict=True)
    table = grammar.head_rows({
        "State": found["recogniser"].map(states.set_index("iso3")["name"]),
        "Since": [NO_DAY if precision == "none" else day.strftime(WRITTEN[precision]) for day, precision in days],
        "Precision": found["precision"].mask(undated, ""),
        "Known by": found["implied"].map({False: "act", True: OTHERWISE[kind]}),
        "Confidence": found["confidence"],
        "Source": cite_in_full(sources, found["source_id"]),
        CLAIM: found["claim_id"],
    })  # fmt: skip
    return table.sort_index()


def table_of_differences(published: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out the published totals that differ from our count, and why: Published, Ours, Counted, Rule, Why, Source.

    ``published`` are rows of ``recognition/published_counts`` with ``day``. By Date, in the order of time.
    """
    differing = published[published["expected_difference"] != 0].sort_values("day", kind="stable")
    return grammar.head_rows({
        "Date": differing["date"],
        "Published": differing["count"],
        "Ours": differing["count"] + differing["expected_difference"],
        "Counted": differing["states"].map(SCOPE_NAMES),
        "Rule": differing["rule"],
        "Why": differing["reason"],
        "Source": [cite(sources, source_id) for source_id in differing["source_id"]],
        CLAIM: differing["claim_id"],
    })  # fmt: skip


def facts_of_opening(found: pd.DataFrame, acts: pd.DataFrame, universes: pd.DataFrame, **asked: Any) -> dict[str, Any]:
    """Facts of ``recognition_map.opened``: as :func:`facts_of_recognisers`, how sure ``acts`` are, what moves it."""
    return facts_of_recognisers(found, **asked) | {"unseen": count_unseen(acts), "mover": find_mover(universes)}


def facts_of_recognisers(
    found: pd.DataFrame, entity: str, kind: str, rule: str, on: str, seen: pd.Timestamp | None = None
) -> dict[str, Any]:
    """Facts of ``recognition_map.recognisers``: how many count, by implication, and how sure their rows are.

    ``seen`` is the last day up to which the ties were watched, here and below.
    """
    return {"number": len(found), "implied": int(found["implied"].sum()), "sure": count_confidences(found),
            "days": int(found["precision"].eq("day").sum()), "entity": entity, "verb": VERBS[kind], "rule": rule,
            "rules": COUNTED, "on": on, "seen": last_seen(on, seen)}  # fmt: skip


def facts_of_answer(
    found: pd.DataFrame, seated: pd.DataFrame, universes: pd.DataFrame, changes: pd.DataFrame, acts: pd.DataFrame,
    **question: Any,
) -> dict[str, Any]:  # fmt: skip
    """Facts of ``recognition_map.in_short``: the count, the latest change before the day, and what other rules count.

    ``found`` and ``seated`` are from ``panel.recognisers``, all states and members of the United Nations, ``acts``
    those with which the ties of ``found`` began;
    ``universes`` from ``multiverse.count_universes``, ``changes`` from ``today.find_changes``; ``question`` as for
    :func:`facts_of_recognisers`.
    """
    latest = changes.iloc[-1].to_dict() if len(changes) else None
    if latest:
        did = DID[question["kind"], latest["change"]]
        latest |= {"state": name_country(latest["recogniser"]), "did": f"{did} it"}
    ends = [universes.loc[place] for place in (universes["count"].idxmin(), universes["count"].idxmax())]
    told = [{"count": int(end["count"]), "choices": tell_choices(end)} for end in ends]
    spread = {"range": told if universes["count"].nunique() > 1 else None, "latest": latest,
              "seated": len(seated), "unseen": count_unseen(acts), "mover": find_mover(universes)}  # fmt: skip
    return facts_of_recognisers(found, **question) | spread


def facts_of_count(
    counts: pd.DataFrame, published: pd.DataFrame, sources: pd.DataFrame, entity: str, kind: str, rule: str, on: str,
    seen: pd.Timestamp | None = None, bounds: pd.DataFrame | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Facts of ``recognition_map.count``: the count on a day, the highest, and how far published totals are from it.

    ``expected_difference`` of ``published`` is our count, by the rule of the row, less the published one; ``bounds``
    are the fewest and most states that the sources allow (``day, low, high``).
    """
    steps = counts[(counts["rule"] == rule) & (counts["day"] <= pd.Timestamp(on))]
    number = int(steps["count"].iloc[-1]) if len(steps) else 0
    highest = steps.loc[steps["count"].idxmax()].to_dict() if len(steps) else {"count": 0}
    published = published.sort_values("day", kind="stable")  # of two that are as far, the earlier one is named
    difference = published["expected_difference"].astype("int64")
    furthest = published.loc[difference.abs().idxmax()].to_dict() if difference.any() else {}
    if furthest:
        furthest["ours"] = furthest["count"] + int(furthest["expected_difference"])
        furthest["source"] = cite(sources, furthest["source_id"])
    reasons = published.loc[difference.ne(0), "reason"].dropna().str.split("[;,]").str[0].value_counts()
    shared = len(reasons) and reasons.iloc[0] >= LEAST_ALIKE
    return {"number": number, "entity": entity, "verb": VERBS[kind], "rule": rule, "rules": COUNTED, "on": on,
            "seen": last_seen(on, seen), "widest": _find_widest(bounds, entity, on) if bounds is not None else None,
            "highest": highest if highest["count"] > number else None, "totals": len(published),
            "same": int((difference == 0).sum()), "furthest": furthest,
            "shared": {"number": int(reasons.iloc[0]), "reason": reasons.index[0]} if shared else None}  # fmt: skip


def _find_widest(bounds: pd.DataFrame, entity: str, on: str) -> dict[str, Any] | None:
    """The day, drawn and not after ``on``, on which the bounds lie furthest apart; nothing where they never do."""
    begins = FIRST_DAYS.get(entity, FIRST_DAY)
    drawn = bounds[(bounds["day"] >= begins) & (bounds["day"] <= pd.Timestamp(on))]
    width = drawn["high"] - drawn["low"]
    return drawn.loc[width.idxmax()].to_dict() if width.any() else None


def facts_of_changes(changes: pd.DataFrame, entity: str, kind: str) -> dict[str, Any]:
    """Facts of ``recognition_map.changes``: the years in which most ties began and ended, and where."""
    shown = changes[changes["year"] >= FIRST_DAY.year]
    peaks = {column: _find_peak(shown, column) for column in ("began", "ended")}
    return {"entity": entity, "verb": VERBS[kind], "first_year": FIRST_DAY.year, "years": len(shown), **peaks}


def _find_peak(changes: pd.DataFrame, column: str) -> dict[str, Any] | None:
    totals = changes.groupby("year")[column].sum()
    if not totals.any():
        return None
    years = [str(year) for year in totals.index[totals.eq(totals.max())]]
    there = changes[changes["year"].eq(totals.idxmax())].set_index("un_region")[column]
    return {"years": years, "number": totals.max(), "all": totals.sum(), "most": there.max(), "region": there.idxmax()}


def facts_of_shares(shares: pd.DataFrame, entity: str, kind: str, on: str) -> dict[str, Any]:
    """Facts of ``recognition_map.shares``: where all members and where the fewest have the tie.

    Where some have none it is where the most have it. ``shares`` stand in falling order.
    """
    without = int(shares["with_tie"].eq(0).sum())
    every = list(shares.loc[shares["share"].eq(1), "organisation"])
    named = shares.iloc[0 if without else -1].to_dict() if len(shares) else None
    return {"number": len(shares), "entity": entity, "verb": VERBS[kind], "on": on, "without": without, "every": every,
            "some": bool(shares["with_tie"].any()), "named": named}  # fmt: skip
