"""The panel: how sure its ties are year by year, how far codings of others agree, one replication."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures import grammar, style
from analysis.figures.recognition.words import NAMES, SHORT, count_confidences, count_unseen, name_entity
from analysis.figures.words import YES, write_percent
from analysis.recognition.agreement import Agreement
from analysis.recognition.alignment import OUTCOMES
from analysis.recognition.facts.choices import ENTITIES, KINDS

RESTS = {
    "high": "by act, high confidence",
    "medium": "by act, medium",
    "low": "by act, low",
    "implied": "implied by the other kind alone",
}
CODERS = {"rich": "Rich, 1996 to 2013", "missions": "Correlates of War missions, 1950 to 2000"}
PARTNERS = {"palestine": "Palestine", "israel": "Israel"}
Compared = Mapping[tuple[str, str], Agreement]


def plot_ties_by_sureness(years: pd.DataFrame, entity: str, kind: str) -> Figure:
    """Draw how many states have a tie in each year, by what it rests on, beneath the number of states.

    ``years`` is that of ``ties_by_sureness``.
    """
    if years.empty:
        return grammar.plot_nothing("These ties are not on record for every state, so that no year can be drawn.")
    words = {"recognition": "recognise", "relations": "have relations with"}[kind]
    title = f"States that {words} {name_entity(entity)}, by what that rests on"
    with grammar.drawing(title, wide=style.NARROW) as (figure, axes):
        colours = [style.REST_COLOURS[name] for name in RESTS]
        axes.stackplot(years["year"], [years[name] for name in RESTS], colors=colours, linewidth=0)
        grammar.draw_lines(axes, years, "year", "states", style.INK, marker="", linewidth=1.6)
        axes.set(xlabel="Year", ylabel="States", xlim=(years["year"].min(), years["year"].max()), ylim=(0, None))
        used = [name for name in RESTS if years[name].any()]
        keys = grammar.keys_of(RESTS, used, color=style.REST_COLOURS)
        grammar.put_legend(figure, [*keys, grammar.key("states in the panel", linewidth=1.6, color=style.INK)], 2)
    return figure


def facts_of_ties_by_sureness(years: pd.DataFrame, entity: str, kind: str) -> dict[str, Any]:
    """Pick the numbers of the first and the last year, and of the year with most ties."""
    ties = years[list(RESTS)].sum(axis="columns") if len(years) else pd.Series(dtype="int64")
    if not ties.sum():
        return {"entity": entity, "kind": kind, "most": 0}
    last, best = years.iloc[-1], years.loc[ties.idxmax()]
    return {
        "entity": entity,
        "kind": kind,
        "most": int(ties.max()),
        "most_year": int(best["year"]),
        "last_year": int(last["year"]),
        "last": int(ties.iloc[-1]),
        "states": int(last["states"]),
        "members": int(last["members"]),
        "high": last["high"] / max(ties.iloc[-1], 1),
        "implied": int(last["implied"]),
    }


def table_of_entities(summary: pd.DataFrame) -> pd.DataFrame:
    """Write the summary of ``summarise_entities`` as words."""
    shares = {name: [write_percent(share) if pd.notna(share) else "" for share in summary[name]]
              for name in ("implied", "high", "by_day")}  # fmt: skip
    return pd.DataFrame({
        "entity": summary["entity"].map(ENTITIES),
        "kind": summary["kind"],
        "from": summary["first_year"],
        "rows": summary["rows"],
        "ties": summary["ties"],
        "implied": shares["implied"],
        "by act of high confidence": shares["high"],
        "first day known": shares["by_day"],
    }).set_index("entity")  # fmt: skip


def table_of_rows(panel: pd.DataFrame, entity: str, kind: str) -> pd.DataFrame:
    """Show the rows of the last year in which a state has the tie, with the columns that a reader looks at first."""
    own = panel[panel["entity"].eq(entity) & panel["year"].eq(panel["year"].max()) & panel[kind].eq(1)]
    names = ["state_name", "cow_code", "year", kind, f"{kind}_implied", "representation", f"{kind}_begin_low",
             f"{kind}_begin_high", f"{kind}_confidence", f"{kind}_claim_ids"]  # fmt: skip
    shown = own[names].head(6)
    days = {name: shown[name].dt.strftime("%Y-%m-%d") for name in names if name.endswith(("_low", "_high"))}
    return shown.assign(**days).set_index(own["iso3"].head(6))


def plot_agreement_by_coding(found: Compared) -> Figure:
    """Draw which share of the answers of each other coding ours repeat.

    ``found`` gives the agreement for each coding and entity.
    """
    shares = [one.share for one in found.values()]
    rows = pd.DataFrame({"share": shares, "place": range(len(shares))})
    with grammar.drawing("Answers of other codings that ours repeat", len(rows), 0.42) as (figure, axes):
        grammar.draw_dots(axes, rows, "share", style.INK, size=60)
        grammar.name_rows(axes, [f"{CODERS[coding]}: {SHORT[entity]}" for coding, entity in found], 10)
        grammar.write_beside(axes, [f"{one.agreed:,} of {one.compared:,}" for one in found.values()])
        axes.set(xlim=(0.9, 1.005), xlabel="Share of the answers")
        axes.xaxis.set_major_formatter(grammar.PERCENT)
    return figure


def facts_of_agreement(found: Compared) -> dict[str, Any]:
    """Pick what the caption says of each coding."""
    rich = found["rich", "TWN"]
    missions = [one for (coding, _), one in found.items() if coding == "missions"]
    return {
        "share": rich.share,
        "kappa": rich.kappa,
        "kappa_low": rich.kappa_low,
        "kappa_high": rich.kappa_high,
        "differing": rich.compared - rich.agreed,
        "missions": sum(one.compared for one in missions),
        "repeated": sum(one.agreed for one in missions),
    }


def table_of_disagreements(listed: pd.DataFrame) -> pd.DataFrame:
    """Show every disagreement with its reason; ``listed`` is that of ``find_disagreements``."""
    words = {"theirs": listed["theirs"].map(YES), "ours": listed["ours"].map(YES)}
    ordered = listed.assign(comparison=listed["comparison"].map(CODERS), **words)
    ordered = ordered.sort_values(["comparison", "entity", "iso3", "year"])
    named = ordered.assign(entity=ordered["entity"].map(SHORT), iso3=ordered["iso3"].map(NAMES))
    return named.rename(columns={"iso3": "state"}).set_index(["comparison", "entity", "state", "year"])


def plot_coefficients_by_outcome(found: pd.DataFrame) -> Figure:
    """Draw how membership goes with each outcome: log odds, with 95 % intervals.

    ``found`` is that of ``compare_religion``.
    """
    rows = found.assign(place=range(len(found)))
    title = "Members of the Organisation of Islamic Cooperation against others, at equal alignment"
    with grammar.drawing(title, len(rows), 0.5) as (figure, axes):
        grammar.draw_ranges(axes, rows, "low", "high", style.MUTED, linewidth=3)
        grammar.draw_dots(axes, rows, "coefficient", style.INK, size=60)
        axes.axvline(0, color=style.INK, linewidth=0.8)
        grammar.name_rows(axes, [OUTCOMES[outcome] for outcome in found["outcome"]], 10)
        grammar.write_beside(axes, [f"{row.coefficient:+.2f}" for row in found.itertuples()])
        axes.set_xlabel("Coefficient of membership (log odds); right of 0: members more often")
    return figure


def facts_of_coefficients(found: pd.DataFrame, year: int) -> dict[str, Any]:
    """Pick each coefficient with its interval."""
    values = found.set_index("outcome")
    return {"year": year, "values": {OUTCOMES[name]: row.to_dict() for name, row in values.iterrows()}}


def table_of_coefficients(found: pd.DataFrame) -> pd.DataFrame:
    """Write coefficients, intervals and the number of states."""
    return pd.DataFrame({
        "outcome": found["outcome"].map(OUTCOMES),
        "coefficient": found["coefficient"].round(2),
        "low": found["low"].round(2),
        "high": found["high"].round(2),
        "p": found["p"].round(4),
        "states": found["states"],
    }).set_index("outcome")  # fmt: skip


def name_coefficients(found: pd.DataFrame) -> dict[str, float]:
    """Name each coefficient of a replication as a key number, in words."""
    words = found["outcome"].map(OUTCOMES)
    names = [f"log-odds that a state {outcome}, member of the OIC against others" for outcome in words]
    return dict(zip(names, found["coefficient"].round(2), strict=True))


def facts_of_panel(
    panel: pd.DataFrame, found: Compared, religion: pd.DataFrame, drawn: Mapping[str, Any], year: int,
    seen: Mapping[str, pd.Timestamp], acts: pd.DataFrame,
) -> dict[str, Any]:  # fmt: skip
    """Facts of ``panel.in_short``: how large the panel is, what it rests on, how far others agree, one replication.

    ``drawn`` are the facts of :func:`facts_of_ties_by_sureness`, ``year`` is that of the replication, ``seen`` are the
    last days up to which the ties of entities were watched, ``acts`` those that the panel is built from.
    """
    ones = panel[panel["recognition"].eq(1)]
    values = religion.set_index("outcome")
    return {
        **drawn,
        "year": year,
        "seen": dict(seen),
        "acts": len(acts),
        "sure": count_confidences(acts),
        "unseen": count_unseen(acts),
        "weak": (ones["recognition_confidence"] != "high").mean(),
        "by_implication": ones["recognition_implied"].mean(),
        "rows": len(panel),
        "states": panel["iso3"].nunique(),
        "entities": panel["entity"].nunique(),
        "first_year": int(panel["year"].min()),
        "last_year": int(panel["year"].max()),
        "ones": {kind: int(panel[kind].sum()) for kind in KINDS},
        **facts_of_agreement(found),
        "more": [PARTNERS[one] for one in values.index[values["low"] > 0] if one in PARTNERS],
        "less": [PARTNERS[one] for one in values.index[values["high"] < 0] if one in PARTNERS],
    }
