"""The rules of the recognition tables."""

import re
from collections.abc import Iterator

import pandas as pd

from analysis.checks.codings import DIFFERENCES, KEY, find_disagreements
from analysis.checks.counts import our_count
from analysis.checks.dates import first_day_of, last_day_of
from analysis.checks.rules import Frames, Rule, fault
from analysis.errors import Fault
from analysis.figures.recognition.words import NAMES
from analysis.recognition.facts import spells as spell_rules
from analysis.recognition.facts.choices import ACTS, ENDS, VOTES
from analysis.recognition.facts.states import FAR_AHEAD, LONG_AGO, days_of, find_lineage_faults, spans_of_states
from analysis.schema.bounds import FEWEST_PER_KM2, MICROSTATE_KM2, MOST_PER_KM2
from analysis.tables import FIRST_ROW

EVENTS = "recognition/events"
STATE_TABLE = "recognition/states"
EXCEPTIONS = "recognition/event_exceptions"
CHOICES = "analysis/recognition/facts/choices.py"
OBSERVED = "recognition/observed"
NEIGHBOURS = "geography/neighbours"
SEEN = {EVENTS: ("date_low",), "recognition/withheld": ("since", "until"), "recognition/published_counts": ("date",)}
"""Days on which something was reported of an entity, which nobody can have seen before."""
LENGTHS = {"day": 10, "month": 7, "year": 4, "before": 10}
WIDEST_MONTH_DAYS = 30
VOTE_DIFFERENCE = re.compile(rf"\b({'|'.join(VOTES)}) ([+-]?\d{{1,4}})\b")


def find_wrong_acts(frames: Frames) -> Iterator[Fault]:
    """Acts that do not belong to their kind, precisions that do not fit, reasons without an end."""
    events = frames[EVENTS]
    fits = [act in ACTS[kind] for act, kind in zip(events["act"], events["kind"], strict=True)]
    for index in events.index[~pd.Series(fits, index=events.index)]:
        words = ", ".join(ACTS[events["kind"][index]])
        yield fault(EVENTS, events, index, "act", f"must be one of {words} for {events['kind'][index]}.")
    ends = events["act"].isin(ENDS)
    for index in events.index[ends != events["end_reason"].notna()]:
        yield fault(
            EVENTS,
            events,
            index,
            "end_reason",
            "must be given for an act that ends a spell, and for no other.",
        )
    for table, needed in ((EVENTS, "ge"), ("recognition/taiwan_exchanges", "eq")):
        frame = frames[table]
        fits = getattr(frame["date"].str.len(), needed)(frame["date_precision"].map(LENGTHS))
        for index in frame.index[~fits]:
            yield fault(table, frame, index, "date", f"does not fit the precision {frame['date_precision'][index]!r}.")


def find_wrong_bounds(frames: Frames) -> Iterator[Fault]:
    """Bounds of acts that do not hold the date, or are wider than its precision allows.

    Bounds are days. Those of precision ``day`` are the date itself, those of ``month`` lie at most 30 days apart,
    those of ``before`` end on the date; those of ``year`` may be wider, where a source gives a longer time.
    """
    events = frames[EVENTS]
    for column in ("date_low", "date_high"):
        for index in events.index[events[column].str.len() != LENGTHS["day"]]:
            yield fault(EVENTS, events, index, column, "must be a day, YYYY-MM-DD.")
    low, high, day = (days_of(events[name]) for name in ("date_low", "date_high", "date"))
    for column, wrong in (("date_low", low > day), ("date_high", high < day)):
        for index in events.index[wrong]:
            yield fault(EVENTS, events, index, column, f"does not hold the date {events['date'][index]}.")
    width, precision = (high - low).dt.days, events["date_precision"]
    too_wide = (precision.eq("day") & width.gt(0)) | (precision.eq("month") & width.gt(WIDEST_MONTH_DAYS))
    too_wide |= precision.eq("before") & high.ne(day)
    for index in events.index[too_wide]:
        rule = f"does not fit the precision {precision[index]!r} with date_low {events['date_low'][index]}."
        yield fault(EVENTS, events, index, "date_high", rule)


def find_unseen_days(frames: Frames) -> Iterator[Fault]:
    """What lies after the day up to which its entity was seen: a wrong year, or a page that is not entered yet."""
    observed = frames[OBSERVED].set_index("entity")["observed_until"].dropna()
    for table, columns in SEEN.items():
        frame = frames[table]
        limits = last_day_of(frame["entity"].map(observed).astype("str"))
        for column in columns:
            for index in frame.index[first_day_of(frame[column]) > limits]:
                until = observed[frame["entity"][index]]
                rule = (
                    f"is after {until}, up to which {frame['entity'][index]} was seen; correct it, or {OBSERVED}.csv."
                )
                yield fault(table, frame, index, column, rule)


def find_broken_sequences(frames: Frames) -> Iterator[Fault]:
    """Acts that cannot follow the one before, unless an exception says why."""
    events = frames[EVENTS]
    excepted = _excepted(frames, "alternation")
    for index, message in spell_rules.find_alternation_faults(events):
        if events["claim_id"][index] not in excepted:
            yield fault(EVENTS, events, index, "act", f"cannot follow the act before: {message}.")


def _excepted(frames: Frames, rule: str) -> set[str]:
    exceptions = frames[EXCEPTIONS]
    return set(exceptions["claim_id"][exceptions["rule"] == rule])


def find_events_outside_existence(frames: Frames) -> Iterator[Fault]:
    """Acts before their recogniser or entity existed or after it ended, unless an exception says why.

    A United Nations seat counts as existing; ``acted_as`` names a predecessor that made the act; the day after
    an end is allowed, for the acts that wind it up.
    """
    events = frames[EVENTS]
    periods = _periods(frames)
    latest = last_day_of(events["date"])
    day = days_of(events["date"])
    excepted = _excepted(frames, "existence")
    itself = events["acted_as"].isna()
    for column, rows in (("recogniser", events[itself]), ("acted_as", events[~itself]), ("entity", events)):
        mend = "name a predecessor (acted_as)" if column == "recogniser" else "correct the row"
        own = zip(rows.index, rows[column], latest[rows.index], day[rows.index], strict=True)
        for index, code, last, first in own:
            known = periods.get(code)
            if known is None or any(begin <= last and first <= end for begin, end in known):
                continue
            if events["claim_id"][index] not in excepted:
                rule = f"did not exist on {events['date'][index]}; {mend}, or enter an exception in {EXCEPTIONS}.csv."
                yield fault(EVENTS, events, index, column, rule)


def _periods(frames: Frames) -> dict[str, list[tuple[pd.Timestamp, pd.Timestamp]]]:
    states = frames["recognition/states"]
    begins = pd.concat([first_day_of(states[name]) for name in ("system_start", "un_admission_date")], axis=1).min(
        axis=1
    )
    ends = last_day_of(states["end_date"])
    own = frames["recognition/entity_periods"]
    codes = [*states["iso3"], *own["entity"]]
    starts = [*begins.where(begins.notna(), LONG_AGO), *first_day_of(own["begin"])]
    stops = [*ends, *last_day_of(own["end"])]
    periods: dict[str, list] = {}
    for code, start, stop in zip(codes, starts, stops, strict=True):
        grace = FAR_AHEAD if pd.isna(stop) else stop + pd.Timedelta(days=1)
        periods.setdefault(code, []).append((start, grace))
    for code in set(own["entity"]):
        own_periods = own[own["entity"] == code]
        periods[code] = periods[code][-len(own_periods) :]
    return periods


def find_contradicted_withholding(frames: Frames) -> Iterator[Fault]:
    """States that recognise on a day on which they openly withhold recognition, as far as dates are certain."""
    withheld = frames["recognition/withheld"]
    excepted = _excepted(frames, "withheld")
    pairs = withheld[spell_rules.PAIR].assign(
        row=withheld.index, since=last_day_of(withheld["since"]), until=first_day_of(withheld["until"])
    )
    own = pairs.merge(frames.spells[frames.spells["kind"] == "recognition"], on=spell_rules.PAIR)
    own = own[~(own["end"] <= own["since"]) & ~(own["begin"] >= own["until"])]
    for index, claim in zip(own["row"], own["begin_claim_id"], strict=True):
        if claim not in excepted:
            rule = f"contradicts the event {claim}; correct one, or enter an exception and a dispute."
            yield fault("recognition/withheld", withheld, index, "recogniser", rule)


def find_broken_lineage(frames: Frames) -> Iterator[Fault]:
    """Successions that contradict each other: circles, two heirs of one state, two states that one continues."""
    lineage = frames["recognition/lineage"]
    for index, column, sentence in find_lineage_faults(lineage):
        yield fault("recognition/lineage", lineage, index, column, f"{sentence}.")


def find_undocumented_overlaps(frames: Frames) -> Iterator[Fault]:
    """Relations with Beijing and Taipei at once that are not documented, and documented ones that are not there."""
    documented = frames["recognition/overlaps"]
    events, spells = frames[EVENTS], frames.spells
    found = spell_rules.find_overlaps(spells)
    ours = {(row.recogniser, _day(row.begin), _day(row.end)) for row in found.itertuples()}
    theirs = {(row.recogniser, row.begin, row.end): row.Index for row in documented.itertuples()}
    for missing in sorted(set(theirs) - ours):
        rule = "is not in the events: relations with both sides do not overlap on these days."
        yield fault("recognition/overlaps", documented, theirs[missing], "begin", rule)
    for state, begin, end in sorted(ours - set(theirs)):
        *others, last = _acts_that_stood(events, spells, state, begin)
        beside = " and ".join(f"row {index + FIRST_ROW}" for index in others)
        span = f"from {begin} to {end}" if end else f"from {begin} on, without an end"
        mend = "document them in recognition/overlaps.csv" if end else "give one of them an end"
        rule = f"has relations with both CHN and TWN {span} (begun here and in {beside}); correct one, or {mend}."
        yield fault(EVENTS, events, last, "recogniser", rule)


def _day(moment: pd.Timestamp) -> str:
    """Write a day as tables do, empty where there is none."""
    return "" if pd.isna(moment) else f"{moment:%Y-%m-%d}"


def _acts_that_stood(events: pd.DataFrame, spells: pd.DataFrame, state: str, day: str) -> list[int]:
    """Index the acts that began relations of a state with Beijing and Taipei that stood on a day, the latest last."""
    own = spells[spells["recogniser"].eq(state) & spells["kind"].eq("relations")]
    own = own[own["entity"].isin(spell_rules.CLAIMANTS) & own["begin"].le(day) & ~own["end"].le(day)]
    claims = own.sort_values("begin", kind="stable")["begin_claim_id"]
    return [int(events.index[events["claim_id"] == claim][0]) for claim in claims]


def find_wrong_vote_totals(frames: Frames) -> Iterator[Fault]:
    """Votes that do not add up to the published total, beyond the difference that is known."""
    totals = frames["recognition/un_vote_totals"]
    votes = frames["recognition/un_votes"]
    sums = votes.groupby(["resolution", "vote"]).size().unstack(fill_value=0).reindex(columns=list(VOTES), fill_value=0)
    for index, row in totals.iterrows():
        known = "" if pd.isna(row["expected_difference"]) else str(row["expected_difference"])
        expected = dict(VOTE_DIFFERENCE.findall(known))
        if VOTE_DIFFERENCE.sub("", known).strip(" ;"):
            rule = "must read such as 'yes 1; absent -2'."
            yield fault("recognition/un_vote_totals", totals, index, "expected_difference", rule)
        for vote in VOTES:
            published = row[f"total_{vote}"]
            if pd.isna(published) or row["resolution"] not in sums.index:
                continue
            difference = int(sums.loc[row["resolution"], vote]) - int(published)
            if difference != int(expected.get(vote, 0)):
                rule = f"differs from the rows by {difference:+d}, expected {int(expected.get(vote, 0)):+d}."
                yield fault("recognition/un_vote_totals", totals, index, f"total_{vote}", rule)


def find_wrong_published_counts(frames: Frames) -> Iterator[Fault]:
    """Published totals whose distance from our count is not the one that is expected, or is not explained."""
    published = frames["recognition/published_counts"]
    ours = our_count(frames)
    for index, row in published.iterrows():
        difference = int(ours[index]) - int(row["count"])
        if difference != row["expected_difference"]:
            rule = f"is wrong: our count is {ours[index]}, so the difference is {difference:+d}."
            yield fault("recognition/published_counts", published, index, "expected_difference", rule)
        if (difference != 0) != isinstance(row["reason"], str):
            rule = "must be given where the counts differ ('not explained' is one), and only there."
            yield fault("recognition/published_counts", published, index, "reason", rule)


def find_backward_periods(frames: Frames) -> Iterator[Fault]:
    """Periods that end before they begin."""
    for table, begin, end in (
        ("recognition/memberships", "start", "end"),
        ("recognition/withheld", "since", "until"),
        ("recognition/entity_periods", "begin", "end"),
        ("recognition/overlaps", "begin", "end"),
        ("recognition/states", "system_start", "end_date"),
        ("recognition/state_codes", "begin", "end"),
    ):
        frame = frames[table]
        for index in frame.index[last_day_of(frame[end]) < first_day_of(frame[begin])]:
            yield fault(table, frame, index, end, f"is before {begin} = {frame[begin][index]}.")


def find_clashing_codes(frames: Frames) -> Iterator[Fault]:
    """Numbers that two states have at once, or two that one list gives to a state; succession may share a day."""
    codes, states = frames["recognition/state_codes"], frames["recognition/states"]
    spans = spans_of_states(states, frames["recognition/lineage"]).set_index(states["iso3"])
    own = spans.reindex(codes["iso3"]).fillna({"since": LONG_AGO, "until": FAR_AHEAD}).reset_index(drop=True)
    since = first_day_of(codes["begin"]).fillna(LONG_AGO)
    until = (last_day_of(codes["end"]) + pd.Timedelta(days=1)).fillna(FAR_AHEAD)
    held = codes.assign(since=pd.concat([since, own["since"]], axis=1).max(axis=1),
                        until=pd.concat([until, own["until"]], axis=1).min(axis=1))  # fmt: skip
    held = held[held["since"] < held["until"]].sort_values("since", kind="stable")
    for keys in (["system", "code"], ["system", "iso3"]):
        before = held.groupby(keys)[["until", "claim_id"]].shift()
        for index in held.index[held["since"] + pd.Timedelta(days=1) < before["until"]]:
            rule = f"holds on days on which {before['claim_id'][index]} holds; give one of them an end."
            yield fault("recognition/state_codes", codes, index, "code", rule)


def find_unlisted_disagreements(frames: Frames) -> Iterator[Fault]:
    """Answers on which others differ from us and that are not listed with a reason, and listed ones that do not."""
    listed, found = frames[DIFFERENCES], find_disagreements(frames)
    for row in found[found["reason"].isna()].itertuples():
        table = f"recognition/comparison_{row.comparison}"
        theirs = frames[table]
        same = theirs["iso3"].eq(row.iso3) & theirs["year"].eq(row.year)
        same &= theirs["entity"].eq(row.entity) if "entity" in theirs else True
        yield fault(table, theirs, theirs.index[same][0], "iso3", f"differs from ours; add it to {DIFFERENCES}.csv.")
    differing = pd.MultiIndex.from_frame(found[KEY])
    for index in listed.index[~pd.MultiIndex.from_frame(listed[KEY]).isin(differing)]:
        yield fault(DIFFERENCES, listed, index, "iso3", "does not differ from ours any more; take the row out.")


def find_impossible_states(frames: Frames) -> Iterator[Fault]:
    """States whose area does not fit their mark as a microstate, or their inhabitants."""
    states = frames[STATE_TABLE]
    small = states["area_km2"] < MICROSTATE_KM2
    for index in states.index[states["area_km2"].notna() & (small != states["microstate"])]:
        yield fault(STATE_TABLE, states, index, "area_km2", "does not fit the column microstate (below 1,000 km2).")
    density = states["population"].astype("float64") / states["area_km2"].clip(lower=0.5)
    for index in states.index[(density < FEWEST_PER_KM2) | (density > MOST_PER_KM2)]:
        rule = f"on {states['area_km2'][index]:g} km2 would be {density[index]:,.2g} inhabitants per km2; check both."
        yield fault(STATE_TABLE, states, index, "population", rule)


def find_impossible_distances(frames: Frames) -> Iterator[Fault]:
    """Neighbours across land that are apart, across the sea that touch, or in one direction unlike in the other."""
    pairs = frames[NEIGHBOURS]
    sea = pairs["basis"] == "sea"
    for index in pairs.index[sea != (pairs["distance_km"] >= 1)]:
        rule = "must be 1 or more across the sea." if sea[index] else "must be 0 for a land border."
        yield fault(NEIGHBOURS, pairs, index, "distance_km", rule)
    back = pairs.rename(columns={"iso3": "neighbour", "neighbour": "iso3"})
    known = set(back[["iso3", "neighbour", "basis", "distance_km"]].itertuples(index=False, name=None))
    for index, *pair in pairs[["iso3", "neighbour", "basis", "distance_km"]].itertuples(name=None):
        if tuple(pair) not in known:
            rule = "must stand in the other direction as well, with the same basis and distance."
            yield fault(NEIGHBOURS, pairs, index, "neighbour", rule)


def find_unshown_states(frames: Frames) -> Iterator[Fault]:
    """States under a name that no page shows, or that no page can be asked for."""
    states = frames[STATE_TABLE]
    for index, code, name in zip(states.index, states["iso3"], states["name"], strict=True):
        if code not in NAMES:
            rule = f"is no state that a page can be asked for; add it to COUNTRIES in {CHOICES}."
            yield fault(STATE_TABLE, states, index, "iso3", rule)
        elif not name.startswith(NAMES[code]):
            rule = f"must begin with {NAMES[code]!r}, as pages name it; correct COUNTRIES in {CHOICES} as well."
            yield fault(STATE_TABLE, states, index, "name", rule)


def find_uncountable_totals(frames: Frames) -> Iterator[Fault]:
    """Published totals of breaks or resumptions without a region or a time since when, or the reverse."""
    table = "recognition/published_counts"
    published = frames[table]
    acts = published["measure"].isin(["breaks", "resumptions"])
    regions = published["states"].isin(["africa", "black_africa", "latin_america"])
    for index in published.index[acts != published["since"].notna()]:
        yield fault(table, published, index, "since", "must be given for breaks and resumptions, and for no other.")
    for index in published.index[acts & ~regions]:
        yield fault(table, published, index, "states", "must be a region for breaks and resumptions.")
    for index in published.index[acts & (published["since"] > published["date"])]:
        yield fault(table, published, index, "since", f"is after date = {published['date'][index]}.")


STATES = ("recognition/states", "recognition/entity_periods")
RULES = (
    Rule(
        "acts",
        "acts fit their kind, precision and end",
        (EVENTS, "recognition/taiwan_exchanges"),
        find_wrong_acts,
    ),
    Rule("bounds", "earliest and latest days hold the date and fit its precision", (EVENTS,), find_wrong_bounds),
    Rule("last seen", "nothing is later than its entity was seen", (*SEEN, OBSERVED), find_unseen_days),
    Rule("alternation", "beginnings and ends alternate", (EVENTS, EXCEPTIONS), find_broken_sequences),
    Rule(
        "existence",
        "who acts and is recognised exists",
        (EVENTS, EXCEPTIONS, *STATES),
        find_events_outside_existence,
    ),
    Rule(
        "lineage",
        "successions form no circle, and each state has one heir",
        ("recognition/lineage",),
        find_broken_lineage,
    ),
    Rule(
        "withheld",
        "nobody recognises and withholds at once",
        (EVENTS, EXCEPTIONS, "recognition/withheld"),
        find_contradicted_withholding,
    ),
    Rule(
        "overlaps",
        "dual relations are documented",
        (EVENTS, "recognition/overlaps"),
        find_undocumented_overlaps,
    ),
    Rule(
        "votes",
        "votes add up to the published total",
        ("recognition/un_votes", "recognition/un_vote_totals"),
        find_wrong_vote_totals,
    ),
    Rule(
        "published counts",
        "our count is as far from the published one as expected",
        (EVENTS, "recognition/published_counts", *STATES),
        find_wrong_published_counts,
        computed_from=(EVENTS, *STATES),
    ),
    Rule(
        "state codes",
        "a number names one state on a day, and a state has one number of a list",
        ("recognition/state_codes", "recognition/states", "recognition/lineage"),
        find_clashing_codes,
    ),
    Rule(
        "periods",
        "periods run forwards",
        ("recognition/memberships", "recognition/withheld", "recognition/state_codes", *STATES),
        find_backward_periods,
    ),
    Rule(
        "codings of others",
        "every disagreement with another coding is listed with its reason",
        (EVENTS, "recognition/lineage", "recognition/comparison_rich", "recognition/comparison_missions", DIFFERENCES),
        find_unlisted_disagreements,
        computed_from=(EVENTS, "recognition/lineage"),
    ),
    Rule(
        "sizes of states",
        "areas fit the mark of microstates and the inhabitants",
        ("recognition/states",),
        find_impossible_states,
    ),
    Rule(
        "neighbours", "a pair has one basis and distance in both directions", (NEIGHBOURS,), find_impossible_distances
    ),
    Rule("names of states", "pages name every state as its table does", (STATE_TABLE,), find_unshown_states),
    Rule(
        "totals",
        "what is counted since a day says the day and the region",
        ("recognition/published_counts",),
        find_uncountable_totals,
    ),
)
