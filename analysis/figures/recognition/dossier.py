"""One state on one page: who it is, how it is recognised, whom its neighbours recognise, how it voted."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from IPython.display import Markdown, display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.figures import grammar, style
from analysis.figures.captions import say
from analysis.figures.recognition.recognition_map import facts_of_count, find_limits, plot_count_by_rule, show_warnings
from analysis.figures.recognition.words import NAMES, SHORT, count_confidences, count_unseen, name_country
from analysis.figures.table import show_table
from analysis.figures.words import CLAIM, cite, cite_within, write_day, write_percent
from analysis.recognition.dossiers import kind_received
from analysis.recognition.facts.choices import ENTITIES, RESOLUTIONS, VOTES
from analysis.recognition.relations import entities_of

FOUR = ("TWN", "CHN", "ISR", "PSE")
MOST_NAMES = 12  # of states with the same profile, in the sentence
PARTNERS = {"agree_usa": "USA", "agree_chn": "CHN", "agree_isr": "ISR"}
VOTED = {"yes": "voted yes", "no": "voted no", "abstain": "abstained", "absent": "was absent"}
NO_VOTE = "no vote on record"
UNRECORDED_YEARS = 8  # drawn beyond the end of the series


def show_received(
    counts: pd.DataFrame, published: pd.DataFrame, sources: pd.DataFrame, country: str, until: str, seen: pd.Timestamp
) -> None:
    """Show how a state is recognised itself over time, or say that these data do not follow it.

    ``counts`` and ``published`` are from ``count_received`` and ``find_published`` of ``recognition.dossiers``;
    ``seen`` is the last day up to which its ties were watched.
    """
    if country not in ENTITIES:
        display(Markdown(say("dossier.not_followed", {"country": country, "entities": len(ENTITIES)})))
        return
    question: dict[str, Any] = {"entity": country, "kind": kind_received(country), "rule": "net", "on": until}
    show_warnings(find_limits(country, question["kind"], until, seen, counts))
    if counts.empty:
        display(Markdown(say("dossier.no_row", {})))
        return
    figure = plot_count_by_rule(counts, published, until=until, **question)
    caption = say("recognition_map.count", facts_of_count(counts, published, sources, seen=seen, **question))
    style.show(figure, caption, {"counts": counts, "published": published})


def show_rows(table: pd.DataFrame, title: str) -> None:
    """Show a table under its title, or the words that nothing is on record where it has no row."""
    if len(table):
        show_table(table, title)
    else:
        display(Markdown(say("dossier.no_row", {})))


def plot_answers_by_neighbour(stances: pd.DataFrame, compared: pd.DataFrame, country: str, on: str) -> Figure:
    """Draw whom a state and its neighbours recognise: a row a state, the most alike first, a column an entity.

    ``stances`` are from ``relations.find_stances``, ``compared`` from ``dossiers.compare_neighbours``.
    """
    title = f"Whom {name_country(country)} and its neighbours recognise on {write_day(on)}"
    entities, own = entities_of(stances), stances[stances["iso3"] == country]
    if compared.empty or own.empty:
        return grammar.plot_nothing(say("dossier.nothing", {}), title)
    answers = pd.concat([own, compared], ignore_index=True)[entities]
    with grammar.drawing(title, len(answers), 0.34, 2.0) as (figure, axes):
        _draw_answers(axes, answers)
        names = [NAMES[country], *(_name_row(row) for row in compared.itertuples())]
        look: dict[str, Any] = {"fontsize": 9, "rotation": 35, "ha": "right", "rotation_mode": "anchor"}
        grammar.name_cells(axes, [SHORT[entity] for entity in entities], names, **look)
        axes.tick_params(labelcolor=style.INK)
        axes.get_yticklabels()[0].set_fontweight("bold")
        axes.set(xlim=(0, len(entities) + 1.2))
        axes.text(len(entities) + 0.2, 0.5, "alike", va="center", fontsize=9, color=style.MUTED)
        shares = [write_percent(share, 0) for share in compared["similarity"]]
        grammar.write_rows(axes, shares, len(entities) + 0.2, 1.5, 9)
        words = {"recognises": style.MUTED, "no recognition on record": style.EMPTY, "itself": "white"}
        look = {"marker": "s", "markersize": 11, "markeredgecolor": style.GRID}
        grammar.put_legend(figure, [grammar.key(text, color=shade, **look) for text, shade in words.items()])
    return figure


def _draw_answers(axes: Axes, answers: pd.DataFrame) -> None:
    """One square an answer: the entity's colour with a tick, grey, or white for the entity itself."""
    kinds = answers.apply(lambda column: column.map({True: column.name, False: "no"}).fillna("itself"))
    colours = {"itself": "white", "no": style.EMPTY} | style.ENTITY_COLOURS
    ticks = kinds.isin([*answers]).map({True: "✓", False: ""}.__getitem__)
    grammar.draw_kinds(axes, kinds, colours, ticks, 13, linewidths=3)


def _name_row(row: Any) -> str:
    place = "land" if row.basis == "land" else f"sea, {row.distance_km:.0f} km"
    return f"{NAMES[row.iso3]} ({place})"


def plot_agreement_by_partner(alignment: pd.DataFrame, country: str) -> Figure:
    """Draw the share of roll calls on which a state agreed with three others (``iso3, year, agree_...``), year by year.

    Years without votes are gaps; without any it says that nothing is on record.
    """
    alignment = _keep_agreement(alignment)
    title = f"Agreement of {name_country(country)} with three others in the General Assembly"
    own = alignment[alignment["iso3"] == country].sort_values("year")
    measured = {column: own.dropna(subset=[column]) for column in PARTNERS if own[column].notna().any()}
    if not measured:
        return grammar.plot_nothing(say("dossier.nothing", {}), title)
    first, last = int(alignment["year"].min()), int(alignment["year"].max())
    shades = {column: style.AGREEMENT_COLOURS[partner] for column, partner in PARTNERS.items()}
    with grammar.drawing(title, figsize=(style.WIDE[0], 3.6)) as (figure, axes):
        for column, years in measured.items():
            runs = years["year"].astype("int64").diff().ne(1).cumsum()  # a line for each, so that a gap stays one
            look = {"units": runs, "markersize": 3.5, "clip_on": False}
            grammar.draw_lines(axes, years, "year", column, shades[column], **look)
        axes.axvspan(last + 0.5, last + UNRECORDED_YEARS, color=style.EMPTY, linewidth=0)
        limits = {"xlim": (first - 1, last + UNRECORDED_YEARS), "ylim": (0, 1)}
        axes.set(**limits, xlabel="Year", ylabel="Agreement")
        axes.yaxis.set_major_formatter(grammar.PERCENT)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        names = {column: f"with {name_country(partner)}" for column, partner in PARTNERS.items()}
        keys = grammar.keys_of(names, measured, color=shades, linewidth=2)
        grammar.put_legend(figure, [*keys, grammar.key(f"no data after {last}", color=style.EMPTY)], 4)
    return figure


def _keep_agreement(alignment: pd.DataFrame) -> pd.DataFrame:
    """Leave out the years that hold an ideal point alone."""
    return alignment.dropna(subset=[*PARTNERS], how="all")


def table_of_votes(votes: pd.DataFrame, totals: pd.DataFrame, countries: Sequence[str]) -> pd.DataFrame:
    """Lay out how some states voted on the key texts: Text, About, a column a state, Yes, No, Abstaining, by Date.

    ``votes`` and ``totals`` are the tables ``recognition/un_votes`` and ``un_vote_totals``.
    """
    answers = votes.set_index(["iso3", "resolution"])["vote"]
    table = {"Date": totals["date"], "Text": totals["resolution"], "About": totals["resolution"].map(RESOLUTIONS)}
    for country in countries:
        keys = [(country, resolution) for resolution in totals["resolution"]]
        table[NAMES[country]] = answers.reindex(keys).fillna(NO_VOTE).to_numpy()
    table |= {"Yes": totals["total_yes"], "No": totals["total_no"], "Abstaining": totals["total_abstain"]}
    return grammar.head_rows(table)


def table_of_members(members: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out memberships (from ``dossiers.list_members``): Since, Until, Confidence, Source, by Organisation."""
    return grammar.head_rows({
        "Organisation": members["organisation"],
        "Since": members["start"],
        "Until": members["end"].fillna(""),
        "Confidence": members["confidence"],
        "Source": [cite(sources, source_id) for source_id in members["source_id"]],
        CLAIM: members["claim_id"],
    })  # fmt: skip


def table_of_disputes(disputes: pd.DataFrame, country: str, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out the dates and statuses of a state on which sources disagree: Used, Alternative, According to, Why.

    ``disputes`` is the table ``recognition/disputes``; by Towards.
    """
    own = disputes[disputes["recogniser"].eq(country)]
    return grammar.head_rows({
        "Towards": own["entity"].map(ENTITIES),
        "Used": own["date_used"],
        "Alternative": own["date_alternative"],
        "According to": [cite_within(sources, named) for named in own["alternative_source"]],
        "Why": [cite_within(sources, why) for why in own["why"]],
    })  # fmt: skip


def facts_of_introduction(state: pd.Series, ties: pd.DataFrame, members: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``dossier.introduction``: who a state is, and how much is on record about it.

    The three are from ``find_state``, ``find_history`` and ``list_members`` of ``recognition.dossiers``.
    """
    known = {name: None if pd.isna(value) else value for name, value in state.items()}
    return {"state": known, "entities": len(ENTITIES), "tied": ties["entity"].nunique(),
            "standing": ties.loc[ties["end"].isna(), "entity"].nunique(),
            "organisations": int(members["end"].isna().sum())}  # fmt: skip


def facts_of_answer(
    ties: pd.DataFrame, acts: pd.DataFrame, disputes: int, country: str, seen: Mapping[str, pd.Timestamp]
) -> dict[str, Any]:
    """Facts of ``dossier.in_short``: how a state stands towards Taipei, Beijing, Israel and Palestine, and since when.

    ``ties`` and ``acts`` are from ``find_history`` and ``find_acts`` of ``recognition.dossiers``; ``disputes`` is the
    number of dates on which sources disagree, ``seen`` the last days up to which the ties of the four were watched.
    """
    four = [entity for entity in FOUR if entity != country]
    standing, tied = (set(some["entity"]) for some in (ties[ties["end"].isna()], ties))
    groups = {"standing": standing, "once": tied - standing}
    last = acts.sort_values("date", kind="stable").drop_duplicates(["entity", "kind"], keep="last")
    surest = ties[ties["end"].isna()].merge(last.loc[last["confidence"].eq("high"), ["entity", "kind"]])
    named = {name: [entity for entity in ENTITIES if entity in group] for name, group in groups.items()}
    return {"country": country, "stands": [_describe_tie(ties[ties["entity"].eq(entity)], entity) for entity in four],
            "entities": len(ENTITIES), "tied": len(tied), **named, "acts": len(acts),
            "sure": count_confidences(acts), "unseen": count_unseen(acts), "disputes": disputes,
            "firm": surest["entity"].nunique(), "seen": {entity: seen[entity] for entity in four}}  # fmt: skip


def _describe_tie(own: pd.DataFrame, entity: str) -> dict[str, Any]:
    """Say of one entity which tie stands or stood last, and since or until when: relations before recognition."""
    rows = own.assign(rank=own["kind"].eq("relations") & ~own["implied"], stands=own["end"].isna())
    rows = rows.sort_values(["stands", "rank", "begin"], kind="stable")
    related = own[own["kind"].eq("relations") & ~own["implied"]]
    parted = bool(len(related)) and bool(related["end"].notna().all())
    return {"entity": entity, "last": rows.iloc[-1].to_dict() if len(rows) else None,
            "parted": related.loc[related["end"].idxmax()].to_dict() if parted else None}  # fmt: skip


def facts_of_neighbours(compared: pd.DataFrame, alike: pd.DataFrame, country: str) -> dict[str, Any]:
    """Facts of ``dossier.neighbours``: which neighbours answer most and least alike, and who has the same profile.

    ``compared`` and ``alike`` are from ``compare_neighbours`` and ``find_alike`` of ``recognition.dossiers``.
    """
    rows = compared[["iso3", "similarity"]].assign(differing=compared["differing"].str.split())
    ends = rows.iloc[[0, -1]].to_dict("records") if len(rows) else []
    written = rows["similarity"].map(lambda share: write_percent(share, 0))
    top = rows.loc[written.eq("".join(written.head(1)))].to_dict("records")
    return {"country": country, "number": len(rows), "ends": ends, "top": top, "same": sorted(alike["name"]),
            "most_names": MOST_NAMES}  # fmt: skip


def facts_of_agreement(alignment: pd.DataFrame, country: str) -> dict[str, Any]:
    """Facts of ``dossier.agreement``: how often a state agreed with three others, its ideal point; when last known."""
    agreed = _keep_agreement(alignment)
    own, placed = (frame[frame["iso3"] == country] for frame in (agreed, alignment.dropna(subset=["ideal_point"])))
    row, point = (_find_latest(frame) for frame in (own, placed))
    shares = {partner: row[column] for column, partner in PARTNERS.items() if pd.notna(row[column])} if row else {}
    return {"country": country, "last": int(agreed["year"].max()), "row": row, "point": point, "shares": shares}


def _find_latest(own: pd.DataFrame) -> dict[str, Any] | None:
    return own.loc[own["year"].idxmax()].to_dict() if len(own) else None


def facts_of_votes(votes: pd.DataFrame, country: str) -> dict[str, Any]:
    """Facts of ``dossier.votes``: how often a state voted in which way (``iso3, vote``) on the key texts."""
    own = votes.loc[votes["iso3"] == country, "vote"].tolist()
    times = {VOTED[vote]: own.count(vote) for vote in VOTES if vote in own}
    return {"country": country, "texts": len(RESOLUTIONS), "times": times}
