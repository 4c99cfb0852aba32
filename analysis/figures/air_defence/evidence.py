"""Claims about real engagements: the published shares, their intervals, and what they would predict."""

import math
import re
from collections.abc import Iterable, Mapping
from textwrap import fill, shorten
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.air_defence.facts.choices import FAMILIES, SYSTEMS
from analysis.air_defence.questions.evidence import PREDICTIVE, ends_of
from analysis.figures import captions, grammar, style
from analysis.figures.air_defence.words import name_system
from analysis.figures.words import CLAIM, YES, cite, cite_within, raise_first, write_percent

WHO_MARKS = {
    "claimed": "o",
    "counted later": "s",
    "independent estimate": "D",
    "press or unnamed source": "^",
    "claimed by the attacking side": "X",
}
WHO_WORDS = {
    "claimed": "claimed by the defending side or its supplier",
    "counted later": "counted later by the same side",
    "independent estimate": "audit or independent analysis",
    "press or unnamed source": "press or unnamed source",
    "claimed by the attacking side": "claimed by the attacking side, by the press",
}
SIDES = {
    "claimed": "defending side",
    "counted later": "the same side, later",
    "independent estimate": "independent",
    "press or unnamed source": "press or unnamed",
    "claimed by the attacking side": "attacking side",
}
OF_WORDS = {
    "engaged": "of those fired at",
    "launched": "of those launched",
    "threatening": "of those that threatened something",
    "not_stated": "of what, is not stated",
}
OF_IN_SENTENCE = OF_WORDS | {"not_stated": "where it is not stated"}
OF_IN_TABLE = OF_WORDS | {"not_stated": "(of what is not stated)"}
OF_IN_ANSWER = OF_WORDS | {"not_stated": "of what the text does not state"}
COUNTS = {
    "threats_launched": "launched",
    "threats_engaged": "fired at",
    "threats_intercepted": "intercepted",
    "leaked": "through",
    "interceptors_expended": "interceptors fired",
}
PLACES = {"uae": "UAE", "iran_israel": "Iran and Israel", "ukraine_kyiv": "Kyiv", "iron_dome": "Iron Dome"}
DETAIL = re.compile(r"^Iranian |(: | against ).*")  # of an attack, that its place and its marks say already
ASIDE = re.compile(r"(,|;| \().*")  # of a speaker: the date, the office, who followed
ATTACK = ["event_group", "what"]  # one attack of an event is a row
FIFTHS = (0, 0.2, 0.4, 0.6, 0.8, 1)
ROW_INCHES, APART_INCHES = 0.26, 0.94
LEGEND_ROWS = 3  # rows that the legend above the long figure takes
LETTERS_ACROSS = 52  # of a name in the figure of what lies furthest apart
ROUNDED = 0.02
"""How far two shares may lie apart and still be one that was rounded."""
HELD = PREDICTIVE[1] - PREDICTIVE[0]  # share of raids that a predictive range holds


def plot_shares_apart(apart: pd.DataFrame, claims: pd.DataFrame, asked: pd.DataFrame) -> Figure:
    """Draw the shares of the attack that is asked about, then the highest and the lowest about each other one.

    ``apart`` (``claims_apart``) has two shares of one denominator in a row, which a line joins; those of ``asked``
    (``shares_of_attack``) may be shares of unlike things, and nothing joins them. ``claims`` are those of
    ``list_claims``, which give the days of the events.
    """
    if apart.empty and asked.empty:
        return grammar.plot_nothing("No two published shares of one attack and one denominator differ.")
    first, ends = asked.assign(place=0), apart.assign(place=range(bool(len(asked)), len(apart) + bool(len(asked))))
    names = [fill(name, LETTERS_ACROSS) for name in [*name_attacks(first.head(1), claims), *name_attacks(ends, claims)]]
    said = _say_shares(first)
    speakers = [_name_shares(said[::-1], first["claimed_by"][::-1])] if len(first) else []
    speakers += [
        _name_shares(map(write_percent, (row.lowest, row.highest)), (row.lowest_by, row.highest_by))
        for row in ends.itertuples()
    ]
    with grammar.drawing("Published shares of interceptions", len(names), APART_INCHES, 1.0,
                         wide=style.NARROW) as (figure, axes):  # fmt: skip
        grammar.draw_ranges(axes, ends, "lowest", "highest", style.OTHERS, linewidth=3)
        claimed, colours = first.dropna(subset=["share_low"]), style.DENOMINATOR_COLOURS
        grammar.draw_ranges(axes, claimed, "share_low", "share_high", colours, by="denominator", linewidth=5)
        for rows, share in ((first, "share"), (ends, "highest"), (ends, "lowest")):
            grammar.draw_dots(axes, rows, share, style.DENOMINATOR_COLOURS, by="denominator", size=60)
        grammar.write_rows(axes, names, 0, -0.17, weight="bold", va="bottom")
        grammar.write_rows(axes, speakers, 0, 0.22, 9, color=style.MUTED)
        axes.set_yticks([])
        axes.set_ylim(len(names) - 0.4, -0.76)
        _set_shares(axes, "")
        axes.grid(visible=False)  # the shares are written out, and lines would run through the words
        of = pd.concat([first["denominator"], ends["denominator"]])
        keys = grammar.keys_of(OF_WORDS, of, color=style.DENOMINATOR_COLOURS, marker="o")
        grammar.put_legend(figure, keys, 2, fontsize=9)
    return figure


def _name_shares(shares: Iterable[str], speakers: Iterable[str]) -> str:
    """Name shares and who gave each, short enough for a telephone."""
    told = zip(shares, speakers, strict=True)
    return "; ".join(f"{share} {shorten(ASIDE.sub('', speaker), 44, placeholder=' …')}" for share, speaker in told)


def plot_share_by_event(claims: pd.DataFrame) -> Figure:
    """Draw every share that was published, one row an attack, with its speaker and its denominator.

    ``claims`` are those of ``list_claims``; a sentence stands where no share is left.
    """
    shares = claims.dropna(subset=["share"])
    if shares.empty:
        return grammar.plot_nothing(captions.say("evidence.nothing", {}))
    attacks = shares.groupby(ATTACK, sort=False)
    placed = shares.assign(place=attacks.ngroup())
    title = "Published shares of interceptions, by event"
    rows = attacks.ngroups
    shape = dict[str, Any](nrows=2, height_ratios=[LEGEND_ROWS, rows])
    with grammar.drawing(title, rows + LEGEND_ROWS, ROW_INCHES, **shape) as (figure, (above, axes)):
        grammar.put_legend_above(figure, above, _keys(shares), fontsize=9)
        _draw_claims(axes, placed, "share")  # no line joins them: the shares of a row may be of unlike things
        grammar.name_rows(axes, name_attacks(placed.drop_duplicates("place"), claims), 8.5, led=True)
        _set_shares(axes, "Share published as intercepted")
        axes.tick_params(top=True, labeltop=True, length=0)  # long: its foot is off the screen
    return figure


def _draw_claims(axes: Axes, placed: pd.DataFrame, x: str) -> None:
    grammar.draw_dots(axes, placed, x, style.DENOMINATOR_COLOURS, by="denominator", marks=WHO_MARKS, mark_by="who",
                      hollow="running", size=64)  # fmt: skip


def _set_shares(axes: Axes, words: str) -> None:
    axes.set(xlim=(-0.03, 1.03), xlabel=words, xticks=FIFTHS)
    axes.xaxis.set_major_formatter(grammar.PERCENT)


def _keys(rows: pd.DataFrame) -> list[Artist]:
    marks = grammar.keys_of(WHO_WORDS, rows["who"], marker=WHO_MARKS)
    hollow = grammar.key("hollow: running total or overlapping days", marker="o", markerfacecolor="white")
    of = grammar.keys_of(OF_WORDS, rows["denominator"], color=style.DENOMINATOR_COLOURS, linewidth=6)
    return [*marks, hollow, *of]


def plot_interval_by_count(counts: pd.DataFrame, claims: pd.DataFrame) -> Figure:
    """Draw the exact and the Jeffreys interval behind each pair of published counts.

    ``counts`` are those of ``predict_from_counts``; ``claims``, those of ``list_claims``, give the days of the events.
    """
    if counts.empty:
        return grammar.plot_nothing(captions.say("evidence.nothing", {}))
    level = write_percent(counts["level"].iloc[0], 0)
    title = "What chance alone leaves open behind two published counts"
    with grammar.drawing(title, len(counts), ROW_INCHES) as (figure, axes):
        _draw_counts(axes, counts, claims, "share", ("exact_low", "exact_high"), ("jeffreys_low", "jeffreys_high"))
        grammar.write_beside(axes, [f"{row.threats_intercepted:,} of {row.tried:,}" for row in counts.itertuples()])
        _set_shares(axes, "Share intercepted, if both counts are true")
        bars = _bar_keys(f"exact interval, {level}", f"Jeffreys interval, {level}")
        grammar.put_legend(figure, [*_keys(counts), *bars], fontsize=9)
    return figure


def plot_leakers_by_count(counts: pd.DataFrame, claims: pd.DataFrame, threats: int) -> Figure:
    """Draw how many threats of the next, notional raid each pair of counts would let through.

    ``counts`` and ``claims`` as in ``plot_interval_by_count``.
    """
    if counts.empty:
        return grammar.plot_nothing(captions.say("evidence.nothing", {}))
    title = "What each pair of counts would predict for the next raid"
    with grammar.drawing(title, len(counts), ROW_INCHES) as (figure, axes):
        _draw_counts(axes, counts, claims, "leakers", ("leakers_low", "leakers_high"), ("alone_low", "alone_high"))
        axes.set(xlim=(-0.03 * threats, 1.03 * threats), xticks=range(0, threats + 1, math.ceil(threats / 10)))
        axes.set_xlabel(f"Threats that come through, of {threats} in a notional raid")
        held = f"{write_percent(HELD, 0)} of raids"
        bars = _bar_keys(f"{held}, raids differ as nights did", f"{held}, if raids differed by luck alone")
        grammar.put_legend(figure, [*_keys(counts), *bars], fontsize=9)
    return figure


def _draw_counts(axes: Axes, counts: pd.DataFrame, claims: pd.DataFrame, middle: str, thin: tuple[str, str],
                 wide: tuple[str, str]) -> None:  # fmt: skip
    """Draw a row for each pair of counts: a thin line upon a wide, pale one, and the mark of who says it."""
    placed, colours = counts.assign(place=range(len(counts))), style.DENOMINATOR_COLOURS
    grammar.draw_ranges(axes, placed, *wide, colours, by="denominator", linewidth=5, alpha=0.35, zorder=1)
    grammar.draw_ranges(axes, placed, *thin, colours, by="denominator")
    _draw_claims(axes, placed, middle)
    attacks = pd.Series(name_attacks(counts, claims), counts.index)
    rivals = attacks + " (" + counts["claimed_by"].str.replace(ASIDE, "", regex=True) + ")"
    grammar.name_rows(axes, list(attacks.mask(attacks.duplicated(keep=False), rivals)), 8.5, led=True)


def _bar_keys(thin: str, wide: str) -> list[Artist]:
    return [
        grammar.key(thin, color=style.INK, linewidth=1.4),
        grammar.key(wide, color=style.INK, linewidth=5, alpha=0.35),
    ]


def name_attacks(rows: pd.DataFrame, claims: pd.DataFrame) -> list[str]:
    """Name the attack of each row in words (``event_group, what``): where, the days of the whole event, what was fired.

    ``claims`` are those of ``list_claims``, which give the days.
    """
    days = claims.groupby("event_group").agg(first=("date_start", "min"), last=("date_end", "max"))
    return [
        f"{name_event(event, *days.loc[event])}: {DETAIL.sub('', what)}"
        for event, what in zip(rows["event_group"], rows["what"], strict=True)
    ]


def name_event(event_group: str, first_day: str, last_day: str) -> str:
    """Name an event by its place, which its code begins with, and its days.

    Examples
    --------
    >>> name_event("gulf_war_1991", "1991-01-18", "1991-02-28")
    'Gulf war, January to February 1991'
    >>> name_event("uae_2022_01_24", "2022-01-24", "2022-01-24")
    'UAE, 24 January 2022'
    """
    code = re.split(r"_\d", event_group)[0]
    place = PLACES.get(code) or raise_first(code.replace("_", " "))
    start, end = pd.Timestamp(first_day), pd.Timestamp(last_day)
    if start == end:
        return f"{place}, {start:%-d %B %Y}"
    if start.year != end.year:
        return f"{place}, {start:%Y} to {end:%Y}"
    return f"{place}, {start:%B} to {end:%B %Y}" if start.month != end.month else f"{place}, {end:%B %Y}"


def table_of_claims(claims: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out every published count of every event, in the order of ``list_claims``."""
    sure = claims["confidence"].where(claims["confirmed"], "seen in no source")
    cited = claims["source_id"].map(lambda source_id: cite(sources, source_id))
    return grammar.head_rows({
        "Event": name_attacks(claims, claims),
        "Days": claims["date_start"] + " to " + claims["date_end"],
        "Who says it": claims["claimed_by"] + " (" + claims["who"].map(SIDES) + ")",
        "Counts": [_write_counts(row) for row in claims.to_dict("records")],
        "Share": (_write_range(claims) + " " + claims["denominator"].map(OF_IN_TABLE)).fillna(
            _write_shares(claims["share"], claims["denominator"])
        ),
        "Kind of count": _write_kinds(claims),
        "Disputed by": [cite_within(sources, text) for text in claims["disputed_by"].fillna("")],
        "Source": cited + " (" + sure + ")",
        CLAIM: claims["engagement_id"],
    })  # fmt: skip


def _write_counts(row: Mapping[str, Any]) -> str:
    note = row["note"] if isinstance(row["note"], str) else ""
    written = {name: f"{row[name]:,.0f}" for name in COUNTS if pd.notna(row[name])}
    ends = {name: _write_ends(row[name], note) for name in written}
    types = (
        {"interceptors_expended": f"{name_system(SYSTEMS[row['system_id']])} "} if row["system_id"] in SYSTEMS else {}
    )
    return ", ".join(f"{ends[name] or written[name]} {types.get(name, '')}{COUNTS[name]}" for name in written)


def _write_ends(count: float, note: str) -> str:
    """Write the range at whose middle a count stands; empty for a count that somebody made.

    Examples
    --------
    >>> _write_ends(47, "47 is the midpoint of 31 and 63"), _write_ends(550, "47 is the midpoint of 31 and 63")
    ('31 to 63', '')
    """
    low, high = ends_of(count, note)
    return f"{low:,.0f} to {high:,.0f}" if low < high else ""


def _write_shares(shares: pd.Series, of: pd.Series) -> pd.Series:
    """Write a share and of what it is one, empty where there is none."""
    written = shares.map(lambda share: f"{100 * share:.3g} % ", na_action="ignore") + of.map(OF_IN_TABLE)
    return written.fillna("")


def _write_range(claims: pd.DataFrame) -> pd.Series:
    """Write the range of shares that a claim gave; empty where it gave one share, or none."""
    ends = zip(100 * claims["share_low"], 100 * claims["share_high"], strict=True)
    words = [f"{low:.3g} to {high:.3g} %" if pd.notna(low) else None for low, high in ends]
    return pd.Series(words, claims.index, dtype="str")


def _say_shares(claims: pd.DataFrame) -> pd.Series:
    """Say the share of each claim, or the range of shares that it gave."""
    return _write_range(claims).fillna(claims["share"].map(write_percent))


def _write_kinds(claims: pd.DataFrame) -> list[str]:
    """Write whether both counts were published, and whether a count is a running total."""
    words = {"both_counts": "both counts", "running": "running total or overlap"}
    return [", ".join(words[name] for name in words if row[name]) for row in claims[list(words)].to_dict("records")]


def table_of_apart(claims: pd.DataFrame, apart: pd.DataFrame) -> pd.DataFrame:
    """Lay out how far shares of one denominator lie apart, each with who says it and how sure the row is."""
    table: dict[str, Any] = {"Attack": name_attacks(apart, claims)}
    for end in ("highest", "lowest"):
        shares = _write_shares(apart[end], apart["denominator"])
        table[end.capitalize()] = shares + ", " + apart[f"{end}_by"] + " (" + apart[f"{end}_confidence"] + ")"
    table["Apart, percentage points"] = (100 * apart["apart"]).map("{:.1f}".format)
    table["Same days"] = apart["same_days"].map(YES)
    return grammar.head_rows(table)


def table_of_rivals(claims: pd.DataFrame, rivals: pd.DataFrame) -> pd.DataFrame:
    """Lay out the tallies of one event about which sources differ, as ``rival_tallies`` lists them."""
    if rivals.empty:
        return pd.DataFrame({"Tally": ["no two counts of the same days"]}, index=["none"]).rename_axis(columns="Attack")
    return grammar.head_rows({
        "Attack": name_attacks(rivals, claims),
        "Tally": [
            f"{row.tally}, {name_system(SYSTEMS[row.system_id])}" if row.system_id else row.tally
            for row in rivals.itertuples()
        ],
        "Lowest": [_write_tally(row.lowest, row.lowest_by, row.lowest_note) for row in rivals.itertuples()],
        "Highest": [_write_tally(row.highest, row.highest_by, row.highest_note) for row in rivals.itertuples()],
    })  # fmt: skip


def _write_tally(count: float, by: str, note: str) -> str:
    """Write a tally with who says it; where a source gives a range, both of its ends.

    Examples
    --------
    >>> _write_tally(93, "several sources", "midpoint of 36 and 150")
    '36 to 150, middle 93 (several sources)'
    """
    ends = _write_ends(count, note)
    return f"{ends}, middle {count:,.0f} ({by})" if ends else f"{count:,.0f} ({by})"


def table_of_evidence(claims: pd.DataFrame, counts: pd.DataFrame, apart: pd.DataFrame, threats: int) -> pd.DataFrame:
    """Lay out the key numbers: how many counts there are, of what kind, and what the widest pair would predict."""
    numbers = {
        "Published counts": len(claims),
        "Events": claims["event_group"].nunique(),
        "Counts that give a share": int(claims["share"].notna().sum()),
        "Pairs of counts behind an interval": len(counts),
        "of these, of an event of its own": int((~counts["running"]).sum()),
    }
    table = {name: f"{number:,}" for name, number in numbers.items()}
    for attack, widest in zip(name_attacks(apart.head(1), claims), apart.head(1).itertuples(), strict=True):
        table[f"Shares lie furthest apart: {attack}"] = f"{100 * widest.apart:.1f} percentage points"
        for row in counts[counts["event_group"] == widest.event_group].itertuples():
            name = f"Through, of {threats}, by {row.threats_intercepted:,} of {row.tried:,} ({row.claimed_by})"
            table[name] = f"{row.leakers_low} to {row.leakers_high}"
    return pd.Series(table, name="value").to_frame()


def table_of_coverage(coverage: pd.DataFrame) -> pd.DataFrame:
    """Lay out how many nights each interval held, a row a class, as ``measure_coverage`` gives it."""
    return grammar.head_rows({
        "Class": coverage["family"].map(FAMILIES),
        "Nights": coverage["nights"].map("{:,}".format),
        "Held, if raids differed by luck alone": coverage["alone"].map("{:.0%}".format).str.replace("%", " %"),
        "Held, if raids differ as in the past year": coverage["differing"].map("{:.0%}".format).str.replace("%", " %"),
    })  # fmt: skip


def facts_of_shares(claims: pd.DataFrame, apart: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``evidence.shares``: how many shares were published, of what, and where they lie furthest apart."""
    shares = claims.dropna(subset=["share"])
    of = shares["denominator"].value_counts()
    widest = apart.head(1).assign(of=apart["denominator"].head(1).map(OF_IN_ANSWER))
    return {"told": {OF_IN_SENTENCE[name]: number for name, number in of.items()}, "counts": len(claims),
            "events": claims["event_group"].nunique(), "events_with_share": shares["event_group"].nunique(),
            "attacks": len(shares[ATTACK].drop_duplicates()), "widest": next(iter(widest.to_dict("records")), None),
            "attack": "".join(name_attacks(widest, claims))}  # fmt: skip


def facts_of_furthest(claims: pd.DataFrame, apart: pd.DataFrame, asked: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``evidence.furthest``: how many attacks have two shares, which lie furthest apart, and how far the next.

    Frames as in :func:`plot_shares_apart`.
    """
    widest = apart.head(1)
    return {
        "asked": "".join(name_attacks(asked.head(1), claims)),
        "apart": len(apart),
        "widest": next(iter(widest.to_dict("records")), None),
        "attack": "".join(name_attacks(widest, claims)),
        "next": apart["apart"].iloc[1] if len(apart) > 1 else None,
    }


def facts_in_short(
    claims: pd.DataFrame, apart: pd.DataFrame, asked: pd.DataFrame, sources: pd.DataFrame, most: int = 1
) -> dict[str, Any]:
    """Facts of ``evidence.in_short``: those of the figure of shares, and the attacks that divide most.

    Frames as in :func:`table_of_evidence`; ``asked`` are the shares of one attack (``shares_of_attack``), told
    first, ``sources`` the table of that name; ``most`` attacks are named. ``earlier`` is the last running total of high
    confidence that the asked attack has.
    """
    widest = apart.head(most)
    named = widest.assign(name=name_attacks(widest, claims), of=widest["denominator"].map(OF_IN_ANSWER))
    ends = [
        row | {f"{end}_by": ASIDE.sub("", row[f"{end}_by"]) for end in ("highest", "lowest")}
        for row in named.to_dict("records")
    ]
    own = claims["who"].isin(["claimed", "counted later"])
    attacking = claims["event_group"].isin(asked["event_group"]) & (claims["who"] == "claimed by the attacking side")
    of_asked = claims["event_group"].isin(asked["event_group"]) & claims["what"].isin(asked["what"])
    totals = claims[of_asked & claims["running"] & claims["share"].notna() & (claims["confidence"] == "high")]
    return {
        **facts_of_shares(claims, apart),
        "ends": ends,
        "asked_event": "".join(name_attacks(asked.head(1), claims)).partition(": ")[0],
        "asked": _tell_shares(asked, sources),
        "by_attacker": _tell_shares(claims[attacking & claims["share"].notna()], sources),
        "earlier": _tell_shares(totals.sort_values("date_end", kind="stable").tail(1), sources),
        "own": int(own.sum()),
        "first_year": claims["date_start"].min()[:4] if len(claims) else "",
        "last_year": claims["date_end"].max()[:4] if len(claims) else "",
    }


def _tell_shares(shares: pd.DataFrame, sources: pd.DataFrame) -> list[dict[str, Any]]:
    """Say of each share of what it is one, who says so, and in which source."""
    of, by = shares["denominator"].map(OF_IN_ANSWER), shares["claimed_by"].str.replace(ASIDE, "", regex=True)
    through = shares["leaked"] / shares["threats_launched"]
    not_of_launched = (shares["denominator"] == "not_stated") & ((1 - through - shares["share"]).abs() > ROUNDED)
    cited = [cite(sources, one) for one in shares["source_id"]]
    said = _say_shares(shares)
    told = {
        "said": said,
        "who": by.map(put_article),
        "through": through,
        "unexplained": 1 - through - shares["share"],
        "not_of_launched": not_of_launched,
    }
    return shares.assign(of=of, by=by, cited=cited, **told).to_dict("records")


def put_article(by: str) -> str:
    """Put the article before the name of an office, such as a ministry.

    Examples
    --------
    >>> put_article("Israeli ministry"), put_article("JINSA"), put_article("two sources")
    ('the Israeli ministry', 'JINSA', 'two sources')
    """
    last = by.split()[-1]
    return f"the {by}" if last.islower() and not last.endswith("s") else by


def facts_of_intervals(counts: pd.DataFrame, level: float) -> dict[str, Any]:
    """Facts of ``evidence.intervals``: how many pairs there are, and which leave most and least open."""
    order = (counts["exact_high"] - counts["exact_low"]).sort_values().index
    ends = counts.loc[order].to_dict("records")
    return {"pairs": len(counts), "running": int(counts["running"].sum()), "level": level,
            "widest": ends[-1] if ends else None, "narrowest": ends[0] if ends else None}  # fmt: skip


def facts_of_leakers(counts: pd.DataFrame, claims: pd.DataFrame, threats: int) -> dict[str, Any]:
    """Facts of ``evidence.leakers``: what the rival counts of the event that they divide most would predict."""
    groups = counts.groupby(ATTACK, sort=False)["leakers"]
    widest = (groups.max() - groups.min()).sort_values().index[-1:]
    rivals = counts[counts.set_index(ATTACK).index.isin(widest)].sort_values("leakers")
    attack = "".join(name_attacks(rivals.head(1), claims))
    return {"rivals": rivals.to_dict("records"), "attack": attack, "threats": threats, "held": HELD}
