"""The tables of the air-defence room."""

from pandera.pandas import Column

from analysis.air_defence.facts.choices import (
    ARCHITECTURES,
    CAPABILITIES,
    COVERAGE_SCOPES,
    DISTRIBUTIONS,
    FAMILIES,
    FIRES_NOTHING,
    LAYERS,
    LEFT_OUT,
    PREDECESSOR,
    PRICE_BASES,
    PROGRAMME_STATES,
    RAIDS,
    SPEAKERS,
    STAGES,
    THREAT_CLASSES,
    WARS,
)
from analysis.schema.columns import (
    SOURCES,
    Table,
    choice,
    code_list,
    evidence,
    flag,
    identifier,
    integer,
    iso_day,
    moment,
    number,
    table,
    text,
    triple,
)

MECHANISMS = ("hit_to_kill", "blast_frag", "directed_energy", FIRES_NOTHING)
BOUNDS = ("exact", "at_least", "at_most", "demonstrated", "goal")
LIMITS = ("at_least", "at_most")
TARGET_KINDS = ("aircraft", "ballistic", "any", "not_stated")
DENOMINATORS = ("launched", "threatening", "engaged", "not_stated")
RAID_DENOMINATORS = ("launched", "detected", "threatening", "engaged")
COUNTERS = ("defender", "attacker", "press", "auditor", "analyst")
SYSTEM = "air_defence/systems.system_id"
DEFENCE = "air_defence/fielded.defence_id"
MOST_OF_ANY = 10_000_000_000_000
"""Above every amount in any unit; what one unit allows stands in ``analysis/schema/bounds.py``."""
CLAIM = "Stable name of this claim"
FITTED = {
    "single_shot_primary": "Kill probability of one interceptor, rated primary",
    "single_shot_secondary": "Kill probability of one interceptor, rated secondary",
    "single_shot_limited": "Kill probability of one interceptor, rated limited",
    "track_layer": "Chance that a layer tracks a threat",
    "coverage_local_air": "Chance that a local layer covers a threat that flies level",
    "coverage_local_ballistic": "Chance that a local layer covers a ballistic threat",
    "coverage_upper": "Chance that an upper layer covers a threat",
}


def _source(description: str) -> Column:
    return text(description, refers_to="sources.source_id", empty=True)


def _reported(description: str) -> Column:
    """A count as the source has it: what cannot be is left out and counted where reports become nights."""
    return integer(description, empty=True)


def order_of(whole: str) -> Column:
    """Column that says which of the systems of one height fires first."""
    meaning = (
        f"Place among the systems of its height (layer of the system) in this {whole}: 1 fires first, the same in each "
        "row of a system; empty for what fires nothing; the order of rows says nothing"
    )
    return integer(meaning, 1, 100, empty=True)


AIR_DEFENCE: tuple[Table, ...] = (
    table(
        "air_defence/systems",
        "a system: interceptor family, laser, radar or command network",
        "system_id",
        {
            "system_id": identifier("Short name of the system", "[a-z0-9_]+"),
            "name": text("Name in English"),
            "native_name": text("Name in the language of the maker", empty=True),
            "nation_origin": identifier("State of the maker", "[A-Z]{3}"),
            "operators": code_list("Architectures or comparators in which the facts place it", empty=False),
            "layer": choice("Layer by altitude and reach", LAYERS),
            "intercept_mechanism": choice("How it kills", MECHANISMS),
            "launcher_group": text("Systems with the same word share launchers, which count once", empty=True),
            "status": choice("State of the programme", ("in_service", "in_production", "development", "retired")),
            "in_service_year": integer(
                "First year in service; approximate where no source is given", 1950, 2040, empty=True
            ),
            "developer": text("Maker"),
            "note": text("What a reader should know", empty=True),
            "source_ids": code_list("Sources of the row", "sources.source_id", empty=False),
        },
    ),
    table(
        "air_defence/parameters",
        "a name that system_parameters may use",
        "parameter",
        {
            "parameter": identifier("Name of the parameter", "[a-z0-9_]+"),
            "unit": text("The one unit in which it is given"),
            "definition": text("What is meant"),
        },
    ),
    table(
        "air_defence/system_parameters",
        "one published figure of one system by one source",
        "claim_id",
        {
            "claim_id": identifier(CLAIM),
            "system_id": text("System", refers_to=SYSTEM),
            "interceptor": text("Missile, radar or variant that the figure is for", empty=True),
            "parameter": text("What was measured or claimed", refers_to="air_defence/parameters.parameter"),
            **triple("", "Published figure", MOST_OF_ANY),
            "unit": text("Unit, as in the vocabulary"),
            "bound": choice("How the source puts a distance", BOUNDS, empty=True),
            "target_kind": choice("Against what a distance holds", TARGET_KINDS, empty=True),
            "price_year": integer("Year of the price", 1980, 2040, empty=True),
            "price_basis": choice("Kind of price", PRICE_BASES, empty=True),
            "buyer": identifier("State that pays that price, where the row names one", "[A-Z]{3}", empty=True),
            **evidence(),
        },
    ),
    table(
        "air_defence/threats",
        "a threat class",
        "threat_class",
        {
            "threat_class": choice("Short name of the class", THREAT_CLASSES),
            "name": text("Name in words"),
            "definition": text("What belongs to the class"),
            **triple("speed_m_s", "Speed", 8_000, "m/s", least=10),
            "speed_source_id": _source("Source of the speeds"),
            "altitude_km_low": number("Lowest usual flight altitude", 0, 1_000, unit="km", empty=True),
            "altitude_km_high": number("Highest usual flight altitude", 0.2, 2_500, unit="km", empty=True),
            "altitude_source_id": _source("Source of the altitudes"),
            "radar_note": text("How it looks to a radar", empty=True),
            **triple("unit_cost_usd", "Price of one", 500_000_000, "USD", least=100),
            "cost_source_id": _source("Source of the prices"),
            "confidence": choice("How sure the row is as a whole", ("high", "medium", "low")),
            "note": text("Which cells are confirmed and which are not", empty=True),
        },
    ),
    table(
        "air_defence/capability",
        "how far a system is rated against a threat class",
        "claim_id",
        {
            "claim_id": identifier(CLAIM),
            "system_id": text("System", refers_to=SYSTEM),
            "threat_class": choice("Threat class", THREAT_CLASSES),
            "capability": choice("Rating in four steps; the grading is this data set's reading", CAPABILITIES),
            **evidence(),
        },
    ),
    table(
        "air_defence/sensors",
        "a radar",
        "sensor_id",
        {
            "sensor_id": identifier("Short name of the radar", "[a-z0-9_]+"),
            "name": text("Name"),
            "nation_origin": identifier("State of the maker", "[A-Z]{3}"),
            "architecture": code_list("Where the facts place it", empty=False),
            "system_id": text("System that it serves", refers_to=SYSTEM),
            "band": text("Radio band", empty=True),
            "role": code_list("early_warning, surveillance, fire_control", empty=False),
            **triple("detection_range_km", "Detection range; target and mode are seldom stated", 10_000, "km", least=1),
            **evidence(),
        },
    ),
    table(
        "air_defence/architectures",
        "a layered air-defence architecture",
        "architecture_id",
        {
            "architecture_id": choice("Short name", ARCHITECTURES),
            "name": text("Name in words"),
            "as_of": iso_day("The time that the rows describe"),
            "owner": identifier("State that pays for it; empty where several do", "[A-Z]{3}", empty=True),
            "builds_on": choice(
                "Architecture whose systems stay until a row says otherwise, and whose rounds a retained one keeps",
                ARCHITECTURES,
                empty=True,
            ),
            "defence_id": text("The same layers as they stood on a day", refers_to=DEFENCE, empty=True),
            "note": text("What is and is not in it"),
        },
    ),
    table(
        "air_defence/raids",
        "the threats of one class in a notional raid",
        "claim_id",
        {
            "claim_id": identifier("Name of the raid and the class"),
            "raid_id": choice("Short name of the raid", RAIDS),
            "name": text("Name in words"),
            "threat_class": choice("Class of the threats", THREAT_CLASSES),
            "threats": integer("Threats of that class; a round number, not a forecast", 1, 10_000),
            "why": text("What the raid is made to show"),
        },
    ),
    table(
        "air_defence/architecture_layers",
        "a system within an architecture",
        "claim_id",
        {
            "claim_id": identifier(CLAIM),
            "architecture_id": choice("Architecture", ARCHITECTURES),
            "system_id": text("System", refers_to=SYSTEM),
            "order": order_of("architecture"),
            "role": text("Its part in the whole"),
            "state": choice(
                "How far it is, with the numbers of the row: each state of a system is a row of its own, and the "
                "furthest holds what the earlier ones hold",
                PROGRAMME_STATES,
            ),
            "state_source_id": text("Source of the state", refers_to=SOURCES),
            "reserve": choice(
                "What the role takes back from fielded: retired, or another system that came before this one",
                ("retired", PREDECESSOR),
                empty=True,
            ),
            "reserve_from": integer("Year from which that holds, if the row names one", 1950, 2040, empty=True),
            **triple("batteries", "Batteries, systems or fire units", 500, integers=True),
            **triple(
                "interceptor_stock", "Interceptors in that state, with those of earlier states", 20_000, integers=True
            ),
            **evidence(),
        },
    ),
    table(
        "air_defence/engagements",
        "one published count of one engagement; rival counts are rows of the same group",
        "engagement_id",
        {
            "engagement_id": identifier("Name of this count", "[a-z0-9_]+"),
            "event_group": identifier("Engagement or campaign that the count belongs to", "[a-z0-9_]+"),
            "date_start": iso_day("First day"),
            "date_end": iso_day("Last day"),
            "defender": text("Defending state or states"),
            "attack_type": text("What was fired"),
            "threats_launched": integer("Objects launched or detected", 0, 100_000, empty=True),
            "threats_engaged": integer("Objects that the defence fired at", 0, 100_000, empty=True),
            "threats_intercepted": integer("Claimed interceptions", 0, 100_000, empty=True),
            "leaked": integer("Objects that came through", 0, 10_000, empty=True),
            "claimed_rate": number("Share claimed as intercepted; of a range one of it", 0, 1, empty=True),
            "claimed_rate_low": number("Lower end, where a range was claimed", 0, 1, empty=True),
            "claimed_rate_high": number("Upper end, where a range was claimed", 0, 1, empty=True),
            "denominator": choice("What the claimed share is a share of", DENOMINATORS),
            "both_counts_published": flag("Interceptions and their denominator were both published, neither derived"),
            "cumulative": flag("A running total or a period that overlaps other rows, not an event of its own"),
            "interceptors_expended": integer("Interceptors fired", 0, 10_000, empty=True),
            "system_id": text("System whose interceptors these were", refers_to=SYSTEM, empty=True),
            "defence_id": text("Defence that fired them", refers_to=DEFENCE, empty=True),
            "claimed_by": text("Who published the count"),
            "speaker_role": choice("Who speaks, by the row's own words; not_stated where they do not say", SPEAKERS),
            "disputed_by": text("Who says otherwise", empty=True),
            **evidence(),
        },
    ),
    table(
        "air_defence/observed_raids",
        "one class in one raid that happened, or in one day of a campaign, by one count",
        "claim_id",
        {
            "claim_id": identifier("Name of the raid, of the class and, for a rival count, of who counts"),
            "raid_id": identifier("Raid, or day of a campaign; rival counts of it share the name", "[a-z0-9_]+"),
            "name": text("Name in words"),
            "war": choice("War to which it belongs", WARS),
            "begin": iso_day("First day"),
            "end": iso_day("Last day"),
            "salvos": integer(
                "Separate salvos; 1 for one raid, empty where a campaign's are not counted", 1, 200, empty=True
            ),
            "threat_class": choice("Class of the threats, by our reading of the models named", THREAT_CLASSES),
            "launched": integer("Launched, or detected where the denominator says so", 0, 20_000, empty=True),
            "failed": integer(
                "Not shot down and yet no leak by the counting side's words: broke up, was lost (mostly jammed) or "
                "fell where it hurt nobody, such as in the sea; the note says which",
                0,
                20_000,
                empty=True,
            ),
            "left_alone": integer("Let through on purpose because nothing was threatened", 0, 20_000, empty=True),
            "engaged": integer("Fired at", 0, 20_000, empty=True),
            "destroyed": integer("Shot down by anybody", 0, 20_000, empty=True),
            "killed_by_aircraft": integer(
                "Of those shot down, by aircraft; a floor where the note says so", 0, 20_000, empty=True
            ),
            "killed_by_ship": integer(
                "Of those shot down, by ships; a floor where the note says so", 0, 20_000, empty=True
            ),
            "leaked_low": integer("Came through: lowest reading", 0, 20_000, empty=True),
            "leaked_high": integer("Came through: highest reading", 0, 20_000, empty=True),
            "counted_by": choice("Whose count it is", COUNTERS),
            "denominator": choice("What the count is a count of", RAID_DENOMINATORS),
            "censored": flag("Only what was destroyed or engaged was counted: says nothing of a share, never fitted"),
            "defence_id": text(
                "What stood for the defender; empty where layers are not published",
                refers_to=DEFENCE,
                empty=True,
            ),
            **evidence(),
        },
    ),
    table(
        "air_defence/fielded",
        "a system that stood for a defender on a day, by one source",
        "claim_id",
        {
            "claim_id": identifier(CLAIM),
            "defence_id": identifier("Short name of the defence", "[a-z0-9_]+"),
            "name": text("Name in words"),
            "as_of": iso_day("Time that the row describes"),
            "system_id": text("System", refers_to=SYSTEM),
            "order": order_of("defence"),
            **triple("batteries", "Batteries, or ships", 500, integers=True),
            **triple("rounds", "Rounds ready in place; empty: nobody publishes them", 5_000, integers=True),
            "reload": choice("Launchers were loaded again within the campaign", ("yes", "no", "unknown")),
            **evidence(),
        },
    ),
    table(
        "air_defence/ukraine_reports",
        "a weapon model in one report of the Ukrainian Air Force, in the source's own columns and order",
        (),
        {
            "start": moment("Begin of what is reported, in local time; a time is often missing"),
            "end": moment("Its end; the night or day that the report is counted to"),
            "model": text("Weapon model, or several that the report merges", empty=True),
            "launched": _reported("Launched, as the defender counts; decoys among the drones"),
            "destroyed": _reported("Destroyed; with what is lost in it from the report that ends on 2025-07-24"),
            "lost": _reported("Did not reach its goal and was not shot down, mostly jammed; empty before July 2024"),
            "still_airborne": _reported("Still in the air when the report was made"),
            "hit_locations": _reported("Number of places that were hit"),
            "debris_locations": _reported("Number of places where debris fell"),
            "source": text("Address of the report below facebook.com", empty=True),
        },
    ),
    table(
        "air_defence/ukraine_models",
        "a weapon model of ukraine_reports, and the family in which its reports are counted",
        "model",
        {
            "model": identifier("Name in the reports"),
            "family": choice("Family whose nights are counted together; our reading", FAMILIES, empty=True),
            "left_out": choice("Why it has no family", LEFT_OUT, empty=True),
            "threat_class": choice("Nearest threat class", THREAT_CLASSES, empty=True),
            "category_in_source": text("Category in the source's table of models", empty=True),
            "type_in_source": text("Type in the source's table of models", empty=True),
            **evidence(),
        },
    ),
    table(
        "air_defence/programme",
        "a dated fact of policy or money",
        "claim_id",
        {
            "claim_id": identifier(CLAIM),
            "date": iso_day("Date; the end of a year stands for a fiscal or calendar year"),
            "programme": identifier("Programme", "[a-z0-9_]+"),
            "fact": text("What was announced, budgeted, enacted, requested, contracted or delivered"),
            "element": text("Part of T-Dome, or the whole, that the row is about", refers_to=SYSTEM, empty=True),
            "stage": choice("Stage, where the row's own words say it", STAGES, empty=True),
            "value": number("Amount", 0, MOST_OF_ANY, empty=True),
            "unit": text("Unit of the amount", empty=True),
            "bound": choice("Whether the row's words make the amount a floor or a ceiling", LIMITS, empty=True),
            "same_act": text(
                "Row whose act this one gives in another currency, or in missiles",
                refers_to="air_defence/programme.claim_id",
                empty=True,
            ),
            "part_of": text(
                "Row with the total of which this amount is a part",
                refers_to="air_defence/programme.claim_id",
                empty=True,
            ),
            "due": iso_day("Time by which the row's words say that it is to be there", empty=True),
            **evidence(),
        },
    ),
    table(
        "air_defence/rates",
        "an exchange rate or a price index of one year",
        "rate_id",
        {
            "rate_id": identifier("Name: kind, currency and year", r"[a-z]+\.[A-Z]{3}\.\d{4}"),
            "kind": choice("Exchange rate (yearly average) or deflator", ("exchange", "deflator")),
            "currency": identifier("Currency that is converted or deflated", "[A-Z]{3}"),
            "year": integer("Calendar year", 1980, 2040),
            "value": number("Value", 0, 1_000),
            "unit": text("Unit"),
            "assumed": flag("Nobody publishes it, or nobody here has seen it: the note says why this value"),
            "source_id": _source("Source; empty for an assumption"),
            "note": text("How it was found, or why it is assumed", empty=True),
        },
    ),
    table(
        "air_defence/posterior",
        "a draw of the inputs that the models share, fitted to raids that happened; written by `make calibrate`",
        "draw",
        {
            "draw": integer("Number of the draw", 1, 500),
            "coverage_scope": choice("How coverage was read when it was fitted", COVERAGE_SCOPES),
            "weight": number("Weight; those of one scope sum to 1", 0, 1),
            **{name: number(f"{words}; common level of all wars", 0, 1) for name, words in FITTED.items()},
            **{f"{name}_new_war": number(f"{words}; in a new war", 0, 1) for name, words in FITTED.items()},
            **{
                f"raid_correlation_{family}": number(f"Correlation within a raid: {words}", 0, 1)
                for family, words in (("drone", "drones"), ("cruise", "cruise missiles"), ("ballistic", "ballistic"))
            },
            "inputs_sha256": identifier("Digest of what it was fitted to, the same in all rows", "[0-9a-f]{64}"),
        },
    ),
    table(
        "air_defence/assumptions",
        "a value that this project assumes because nobody publishes it",
        "assumption_id",
        {
            "assumption_id": identifier("Short name", "[a-z0-9_]+"),
            "quantity": text("What is assumed"),
            "applies_to": text("System, threat class or figure to which it applies"),
            **triple("", "Assumed value", MOST_OF_ANY),
            "unit": text("Unit"),
            "why": text("Reason for the value and its bounds"),
            "used_by": code_list("Notebooks that use it", empty=False),
            "distribution": identifier(
                "Law with which it is stated, and never fitted then: "
                f"{', '.join(DISTRIBUTIONS)}, beta(a,b); empty: PERT",
                "|".join(DISTRIBUTIONS) + r"|beta\([0-9.]+,[0-9.]+\)",
                empty=True,
            ),
        },
    ),
)
