"""The tables of the recognition room."""

from pandera.pandas import Column

from analysis.recognition.facts.choices import (
    ACTS,
    CODE_SYSTEMS,
    END_REASONS,
    ENTITIES,
    KINDS,
    PRECISIONS,
    RULES,
    VOTES,
)
from analysis.schema.columns import (
    Table,
    choice,
    code_list,
    evidence,
    flag,
    identifier,
    integer,
    iso_day,
    number,
    table,
    text,
)

STATE = "recognition/states.iso3"
EVENT = "recognition/events.claim_id"
CLAIM = "Stable name of this claim"
MOST_STATES = 220
ALL_ACTS = tuple(dict.fromkeys(act for acts in ACTS.values() for act in acts))
MEASURES = ("current", "ever", "breaks", "resumptions")
COUNTED_STATES = ("all", "un_members", "un_members_today", "africa", "black_africa", "latin_america")
READINGS = ("same", "other", "unread", "no source")
MISSIONS = "0 none, 1 charge d'affaires, 2 minister, 3 ambassador, 9 other"


def _count(description: str, most: int = MOST_STATES, *, empty: bool = False) -> Column:
    return integer(description, 0, most, empty=empty)


RECOGNITION: tuple[Table, ...] = (
    table(
        "recognition/states",
        "a state, former state, government or contested entity",
        "iso3",
        {
            "iso3": identifier("Code: ISO 3166-1 where there is one, else the code explained in the note", "[A-Z]{3}"),
            "name": text("Neutral English name"),
            "status": choice("Standing", ("un_member", "un_observer", "contested", "historic", "associated_state")),
            "un_member": flag("Is, or for former states was, a member of the United Nations"),
            "un_admission_date": iso_day("Day of admission to the United Nations", empty=True),
            "un_date_basis": text("Where the admission date comes from", empty=True),
            "system_start": iso_day("Start in the state system; 1816-01-01 means before the list", empty=True),
            "end_date": iso_day("Last day of existence", empty=True),
            "un_region": choice("UN region", ("Africa", "Americas", "Asia", "Europe", "Oceania")),
            "un_subregion": text("UN subregion"),
            "capital": text("Capital", empty=True),
            "capital_lat": number("Latitude of the capital", -90, 90, unit="degrees"),
            "capital_lon": number("Longitude of the capital", -180, 180, unit="degrees"),
            "area_km2": number("Area", 0, 20_000_000, unit="km2", empty=True),
            "population": integer("Inhabitants", 0, 2_000_000_000, empty=True),
            "population_year": text("Year of the population figure", empty=True),
            "microstate": flag("Area below 1,000 km2, drawn as a point"),
            **evidence("source_ids"),
        },
    ),
    table(
        "recognition/state_codes",
        "a number that a list of states gives to a state, for all of its existence or a part of it",
        "claim_id",
        {
            "claim_id": identifier(CLAIM),
            "iso3": text("State", refers_to=STATE),
            "system": choice("List: Correlates of War, Gleditsch-Ward, Varieties of Democracy", CODE_SYSTEMS),
            "code": integer("Number in that list", 1, 999),
            "begin": iso_day("First day or year with it; empty: since the state exists", empty=True),
            "end": iso_day("Last day or year with it; empty: as long as the state exists", empty=True),
            **evidence("source_ids"),
        },
    ),
    table(
        "recognition/lineage",
        "a succession of states",
        ("predecessor", "successor"),
        {
            "predecessor": text("State that ended", refers_to=STATE),
            "successor": text("State that followed", refers_to=STATE),
            "date": iso_day("Day of the succession"),
            "kind": text("Kind of the succession"),
            "inherits_recognition": choice(
                "Whether the successor carries on the acts of its predecessor", ("yes", "no", "by new acts")
            ),
            **evidence(),
        },
    ),
    table(
        "recognition/entity_periods",
        "a time in which an entity or government existed",
        ("entity", "begin"),
        {
            "entity": choice("Entity", ENTITIES),
            "begin": iso_day("First day"),
            "end": iso_day("Last day; empty: goes on", empty=True),
            "kind": choice("What is recognised", ("state", "government")),
            **evidence(),
        },
    ),
    table(
        "recognition/observed",
        "an entity, and up to which day its ties were watched",
        "entity",
        {
            "entity": choice("Entity", ENTITIES),
            "observed_until": iso_day("Day of the latest page seen that reports on its ties; empty: none", empty=True),
            "last_seen": text("What that page says"),
            **evidence(),
        },
    ),
    table(
        "recognition/searches",
        "a change of ties that was looked for",
        "search_id",
        {
            "search_id": identifier("Stable name of this search"),
            "entity": choice("Entity", ENTITIES),
            "recogniser": text("State; empty: any", refers_to=STATE, empty=True),
            "question": text("What was looked for"),
            "searched_on": iso_day("Day of the search"),
            "result": choice("Whether it was found", ("found", "not found")),
            "latest_seen": text("The latest page seen on it", empty=True),
            "source_id": text("Source of that page", refers_to="sources.source_id", empty=True),
        },
    ),
    table(
        "recognition/blind_codings",
        "an act that was dated a second time, by a coder who did not see our date",
        "claim_id",
        {
            "claim_id": text("The act, drawn at random", refers_to=EVENT),
            "coded": iso_day("Date as the text gives it; empty where no text was read, or it gives none", empty=True),
            "reading": choice("What was read: the source that the act cites, another text, or nothing", READINGS),
            "text": text("The text that was read, by title or address", empty=True),
            "note": text("What the text gives in place of a date", empty=True),
        },
    ),
    table(
        "recognition/events",
        "one dated act of one state towards one entity",
        "claim_id",
        {
            "claim_id": identifier(CLAIM),
            "recogniser": text("State that acts", refers_to=STATE),
            "entity": choice("Entity that is recognised", ENTITIES),
            "kind": choice("Recognition, or diplomatic relations", KINDS),
            "act": choice("What was done", ALL_ACTS),
            "date": iso_day("Date that is counted; what is finer than date_precision is from general knowledge"),
            "date_precision": choice("What was seen of the date; before: the tie stood already", PRECISIONS),
            "date_low": iso_day("Earliest day that the sources allow", empty=False),
            "date_high": iso_day("Latest day that the sources allow", empty=False),
            "end_reason": choice("Why a spell ended", END_REASONS, empty=True),
            "disputed_by": text("Who disputes the act", refers_to=STATE, empty=True),
            "acted_as": text("Predecessor that made the act", refers_to=STATE, empty=True),
            **evidence(),
        },
    ),
    table(
        "recognition/event_exceptions",
        "an event outside the existence of its recogniser or entity that is right all the same",
        ("claim_id", "rule"),
        {
            "claim_id": text("The event", refers_to=EVENT),
            "rule": choice("The rule that it breaks", ("existence", "withheld", "alternation")),
            "reason": text("Why it stands"),
        },
    ),
    table(
        "recognition/withheld",
        "a state that openly withholds recognition",
        "claim_id",
        {
            "claim_id": identifier(CLAIM),
            "recogniser": text("State that withholds", refers_to=STATE),
            "entity": choice("Entity", ENTITIES),
            "since": iso_day("Since when", empty=True),
            "until": iso_day("Until when; empty: still", empty=True),
            **evidence(),
        },
    ),
    table(
        "recognition/memberships",
        "a time in which a state belonged to an organisation",
        "claim_id",
        {
            "claim_id": identifier(CLAIM),
            "iso3": text("State", refers_to=STATE),
            "organisation": text("Organisation; suspensions are organisations of their own"),
            "start": iso_day("Since when"),
            "end": iso_day("Until when; empty: still", empty=True),
            **evidence(),
        },
    ),
    table(
        "recognition/un_votes",
        "a state's vote on one text of the General Assembly",
        "claim_id",
        {
            "claim_id": identifier(CLAIM),
            "resolution": text("Symbol of the text", refers_to="recognition/un_vote_totals.resolution"),
            "date": iso_day("Day of the vote"),
            "iso3": text("State or government that held the seat", refers_to=STATE),
            "vote": choice("Vote", VOTES),
            **evidence(),
        },
    ),
    table(
        "recognition/un_vote_totals",
        "the published total of one vote",
        "resolution",
        {
            "resolution": text("Symbol of the text"),
            "date": iso_day("Day of the vote"),
            "total_yes": _count("Published votes in favour"),
            "total_no": _count("Published votes against"),
            "total_abstain": _count("Published abstentions"),
            "total_absent": _count("Published absences", empty=True),
            "expected_difference": text("Known difference of the rows from the published total", empty=True),
            "source_id": text("Source", refers_to="sources.source_id"),
            "note": text("What a reader should know", empty=True),
        },
    ),
    table(
        "recognition/un_alignment",
        "a state in a calendar year of roll calls of the General Assembly",
        "claim_id",
        {
            "claim_id": identifier(CLAIM),
            "iso3": text("State", refers_to=STATE),
            "year": integer("Calendar year of the roll calls: the end of one session and most of the next", 1946, 2023),
            "ideal_point": number(
                "Ideal point (Bailey, Strezhnev and Voeten, estimate of July 2025)", -5, 5, empty=True
            ),
            "ideal_point_low": number("Its 5 % quantile", -5, 5, empty=True),
            "ideal_point_high": number("Its 95 % quantile", -5, 5, empty=True),
            "n_votes_ideal": _count("Roll calls behind the ideal point", 400, empty=True),
            **{
                f"agree_{who.lower()}": number(f"Agreement with {who}: yes 1, abstain 0.5, no 0", 0, 1, empty=True)
                for who in ("CHN", "ISR", "USA")
            },
            **{
                f"n_{who.lower()}": _count(f"Roll calls in which both it and {who} voted", 400, empty=True)
                for who in ("CHN", "ISR", "USA")
            },
            "source_ids": code_list("Sources of the row", "sources.source_id", empty=False),
        },
    ),
    table(
        "recognition/comparison_rich",
        "a state in a year, as Rich coded its relations with Taiwan",
        ("iso3", "year"),
        {
            "iso3": text("State", refers_to=STATE),
            "year": integer("Year; the source lags it by one, this table does not", 1996, 2013),
            "relations": integer("Diplomatic relations with Taiwan: 1 yes, 0 no", 0, 1),
            "source_id": text("Source", refers_to="sources.source_id"),
        },
    ),
    table(
        "recognition/comparison_missions",
        "a state in a five-year wave with a mission at, or from, an entity, as the Correlates of War coded it",
        ("entity", "iso3", "year"),
        {
            "entity": choice("Entity", ("TWN", "CHN", "ISR")),
            "iso3": text("State", refers_to=STATE),
            "year": integer("Year of the wave, every fifth", 1950, 2000),
            "mission_at_entity": integer(f"Mission of the state at the entity: {MISSIONS}", 0, 9),
            "mission_of_entity": integer(f"Mission of the entity at the state: {MISSIONS}", 0, 9),
            "source_id": text("Source", refers_to="sources.source_id"),
        },
    ),
    table(
        "recognition/comparison_differences",
        "an answer on which a coding of others and ours differ",
        ("comparison", "entity", "iso3", "year"),
        {
            "comparison": choice("The other coding, a table comparison_...", ("rich", "missions")),
            "entity": choice("Entity", ("TWN", "CHN", "ISR")),
            "iso3": text("State", refers_to=STATE),
            "year": integer("Year", 1950, 2013),
            "reason": text("Why they differ; 'not explained' where nobody knows"),
        },
    ),
    table(
        "recognition/published_counts",
        "a total that somebody else published",
        "claim_id",
        {
            "claim_id": identifier(CLAIM),
            "entity": choice("Entity", ENTITIES),
            "kind": choice("What was counted", KINDS),
            "measure": choice("States at the date; ever up to it; breaks or resumptions up to it", MEASURES),
            "since": iso_day("Breaks and resumptions are counted from here", empty=True),
            "date": iso_day("Date for which the total holds"),
            "count": _count("Published total"),
            "scope": text("Which states the source counts, in its words"),
            "states": choice("Which states our own count takes", COUNTED_STATES),
            "rule": choice("Rule of our own count", RULES),
            "expected_difference": integer("Our count minus the published one", -MOST_STATES, MOST_STATES),
            "reason": text(
                "Why they differ, in a clause that a page may quote, then details after a semicolon; 'not explained' "
                "where nobody knows",
                empty=True,
            ),
            "independence": choice(
                "Whether our dates came from the same source", ("yes", "partly", "no", "not_stated")
            ),
            "source_id": text("Source", refers_to="sources.source_id"),
            "note": text("What a reader should know", empty=True),
        },
    ),
    table(
        "recognition/overlaps",
        "a documented time in which a state kept relations with Beijing and Taipei at once",
        "claim_id",
        {
            "claim_id": identifier(CLAIM),
            "recogniser": text("State", refers_to=STATE),
            "begin": iso_day("First day of both"),
            "end": iso_day("First day without both"),
            "type": text("Kind of the overlap"),
        },
    ),
    table(
        "recognition/taiwan_offices",
        "an unofficial office of Taipei abroad, with its counterpart",
        "claim_id",
        {
            "claim_id": identifier(CLAIM),
            "host": text("Host", refers_to=STATE + "|places"),
            "office_kind": text("Title or kind of the office"),
            "city_count": integer("Cities with an office; from general knowledge", 0, 50),
            "opened_year": integer("Year of opening", 1900, 2040, empty=True),
            "status": choice("State of the office", ("open", "closed")),
            "host_office_in_taipei": choice("Office of the host in Taipei", ("yes", "no", "former", "honorary")),
            "host_office_name": text("Its name", empty=True),
            **evidence(),
        },
    ),
    table(
        "recognition/taiwan_exchanges",
        "a visit or meeting between Taipei and a state or body; several rows may be one trip",
        "claim_id",
        {
            "claim_id": identifier(CLAIM),
            "trip_id": identifier("Rows with the same word belong to one trip"),
            "date": iso_day("Date"),
            "date_precision": choice("Precision of the date", ("day", "month", "year")),
            "from_iso3": text("Where the visitor comes from", refers_to=STATE + "|places"),
            "to_iso3": text("Where the visitor goes", refers_to=STATE + "|places"),
            "who": text("Who travelled, by office"),
            "level": choice("Level", ("head_of_state", "minister", "deputy_minister", "legislators", "official")),
            "public": choice(
                "yes: announced; reported: first known from the press, not acknowledged", ("yes", "reported")
            ),
            "topic": text("Subject"),
            "source_id": text("Source", refers_to="sources.source_id"),
            "note": text("What a reader should know", empty=True),
        },
    ),
    table(
        "recognition/places",
        "a territory or body that hosts offices or meetings but is no state",
        "iso3",
        {
            "iso3": identifier("Code used in the tables of offices and exchanges", "[A-Z]{3}"),
            "name": text("Name"),
            "note": text("What the code stands for"),
        },
    ),
    table(
        "recognition/disputes",
        "a date or status on which sources disagree",
        "dispute_id",
        {
            "dispute_id": identifier("Stable name of this dispute"),
            "claim_id": text("The event that is disputed; empty where there is none", refers_to=EVENT, empty=True),
            "recogniser": text("State", refers_to=STATE),
            "entity": choice("Entity", ENTITIES),
            "kind": choice("Recognition or relations", KINDS, empty=True),
            "act": choice("Act that is disputed", ALL_ACTS, empty=True),
            "date_used": text("What the events table uses"),
            "date_alternative": text("What the other source says"),
            "alternative_source": text("The other source, in words or by identifier"),
            "why": text("Why the one is used"),
        },
    ),
)
