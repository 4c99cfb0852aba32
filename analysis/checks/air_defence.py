"""The rules of the air-defence tables."""

from collections.abc import Iterator

import pandas as pd

from analysis.air_defence.calibration.nights import find_impossible
from analysis.air_defence.facts.choices import ARCHITECTURES as ARCHITECTURE_NAMES
from analysis.air_defence.facts.choices import FIRES_NOTHING, PROGRAMME_STATES, RAIDS, SYSTEMS, THREAT_CLASSES
from analysis.checks.rules import Frames, Rule, fault
from analysis.errors import Fault
from analysis.schema.bounds import FEWEST_TWD, LEAST_AMOUNT, LEAST_OF_PARAMETER, MOST_OF_UNIT, MOST_TWD, MOST_USD

PARAMETERS = "air_defence/system_parameters"
ENGAGEMENTS = "air_defence/engagements"
ASSUMPTIONS = "air_defence/assumptions"
PROGRAMME = "air_defence/programme"
RATES = "air_defence/rates"
OBSERVED = "air_defence/observed_raids"
FIELDED = "air_defence/fielded"
LAYERS = "air_defence/architecture_layers"
ARCHITECTURES = "air_defence/architectures"
REPORTS = "air_defence/ukraine_reports"
MODELS = "air_defence/ukraine_models"
CHOICES = "analysis/air_defence/facts/choices.py"
NAMED = {
    ("air_defence/systems", "system_id"): SYSTEMS,
    (ARCHITECTURES, "architecture_id"): ARCHITECTURE_NAMES,
    ("air_defence/threats", "threat_class"): THREAT_CLASSES,
    ("air_defence/raids", "raid_id"): RAIDS,
}
"""Tables of what pages are asked for by code, with the names that pages show."""


def find_foreign_units(frames: Frames) -> Iterator[Fault]:
    """Figures that are not in the one unit of their parameter."""
    figures = frames[PARAMETERS]
    units = frames["air_defence/parameters"].set_index("parameter")["unit"]
    expected = figures["parameter"].map(units)
    for index in figures.index[expected.notna() & (figures["unit"] != expected)]:
        rule = f"must be {expected[index]}, the unit of {figures['parameter'][index]}."
        yield fault(PARAMETERS, figures, index, "unit", rule)


def find_unread_figures(frames: Frames) -> Iterator[Fault]:
    """Distances without the kind of claim and target, and prices without the kind of price; or the reverse."""
    figures = frames[PARAMETERS]
    for column, unit in (("bound", "km"), ("target_kind", "km"), ("price_basis", "USD")):
        needed = figures["unit"].eq(unit)
        for index in figures.index[needed & figures[column].isna()]:
            yield fault(PARAMETERS, figures, index, column, "must be given for this parameter.")
        for index in figures.index[~needed & figures[column].notna()]:
            yield fault(PARAMETERS, figures, index, column, "must be empty for this parameter.")
    paid = figures["price_basis"].isin(["domestic", "export", "package"])
    for index in figures.index[~paid & figures["buyer"].notna()]:
        yield fault(PARAMETERS, figures, index, "buyer", "must be empty where nobody pays: no price, or a guess.")


def find_unrated_classes(frames: Frames) -> Iterator[Fault]:
    """Systems that are rated against some threat classes and not against all."""
    ratings = frames["air_defence/capability"]
    for _, group in ratings.groupby("system_id"):
        missing = [name for name in THREAT_CLASSES if name not in set(group["threat_class"])]
        if missing:
            rule = f"must be rated against every threat class; lacks {', '.join(missing)}."
            yield fault("air_defence/capability", ratings, group.index[0], "system_id", rule)


def find_impossible_engagements(frames: Frames) -> Iterator[Fault]:
    """Counts of one engagement that contradict each other, or periods that run backwards."""
    counts = frames[ENGAGEMENTS]
    limits = [
        ("threats_engaged", "threats_launched"),
        ("threats_intercepted", "threats_engaged"),
        ("threats_intercepted", "threats_launched"),
        ("leaked", "threats_launched"),
    ]
    for small, large in limits:
        for index in counts.index[(counts[small] > counts[large]).fillna(False)]:
            yield fault(ENGAGEMENTS, counts, index, small, f"must not exceed {large} = {counts[large][index]}.")
    for index in counts.index[counts["date_end"] < counts["date_start"]]:
        yield fault(ENGAGEMENTS, counts, index, "date_end", f"is before date_start {counts['date_start'][index]}.")
    low, rate, high = (counts[f"claimed_rate{end}"].astype("float64") for end in ("_low", "", "_high"))
    for index in counts.index[low.notna() | high.notna()]:
        if not low[index] <= rate[index] <= high[index]:
            yield fault(ENGAGEMENTS, counts, index, "claimed_rate", "must lie between claimed_rate_low and _high.")
    earlier = set(counts.loc[counts["speaker_role"] == "defender", "event_group"])
    later = counts["speaker_role"] == "defender_later"
    for index in counts.index[later & (counts["cumulative"] | ~counts["event_group"].isin(earlier))]:
        rule = "must be a whole event of which the same side gave an earlier count; else choose defender."
        yield fault(ENGAGEMENTS, counts, index, "speaker_role", rule)


def find_unshown_names(frames: Frames) -> Iterator[Fault]:
    """Systems and the like under a name that no page shows, or that no page can be asked for."""
    for (table, column), names in NAMED.items():
        frame = frames[table]
        for index, code, name in zip(frame.index, frame[column], frame["name"], strict=True):
            if code not in names:
                rule = f"is not known to pages; add it in a case (docs/your-own-case.md), or to the names in {CHOICES}."
                yield fault(table, frame, index, column, rule)
            elif name != str(names[code]):
                rule = f"must be {str(names[code])!r}, as pages name it; correct the names in {CHOICES} as well."
                yield fault(table, frame, index, "name", rule)


def find_uneven_launcher_groups(frames: Frames) -> Iterator[Fault]:
    """Launcher groups with one member: a group says that launchers are shared."""
    systems = frames["air_defence/systems"]
    sizes = systems["launcher_group"].map(systems["launcher_group"].value_counts())
    for index in systems.index[pd.to_numeric(sizes) == 1]:
        yield fault("air_defence/systems", systems, index, "launcher_group", "must be shared by two systems or more.")


def find_unfounded_rates(frames: Frames) -> Iterator[Fault]:
    """Rates with neither a source nor a stated assumption, with both, or named after another row."""
    rates = frames[RATES]
    for index, row in rates.iterrows():
        if row["assumed"] == pd.notna(row["source_id"]):
            yield fault(RATES, rates, index, "source_id", "must be given, or else the row be marked as assumed.")
        if row["assumed"] and pd.isna(row["note"]):
            yield fault(RATES, rates, index, "note", "must say why this value is assumed.")
        name = f"{row['kind']}.{row['currency']}.{row['year']}"
        if row["rate_id"] != name:
            yield fault(RATES, rates, index, "rate_id", f"must be {name}.")


def find_loose_parts(frames: Frames) -> Iterator[Fault]:
    """Rows of a purchase that point to a total in another currency, or whose stage is not that of the same act."""
    rows = frames[PROGRAMME]
    facts = rows.set_index("claim_id")
    units = rows["part_of"].map(facts["unit"])
    for index in rows.index[units.notna() & (rows["unit"] != units)]:
        yield fault(PROGRAMME, rows, index, "part_of", f"is a total in {units[index]}.")
    acts = facts[["element", "stage"]].reindex(rows["same_act"]).fillna("").set_axis(rows.index)
    told = rows[["element", "stage"]].fillna("")
    for index in rows.index[rows["same_act"].isin(facts.index) & (told != acts).any(axis="columns")]:
        yield fault(PROGRAMME, rows, index, "same_act", "must have the same element and stage.")


def find_impossible_raids(frames: Frames) -> Iterator[Fault]:
    """Raids whose parts exceed the whole, that hold two counts of a class, or no share though they are not censored."""
    raids = frames[OBSERVED]
    engaged = raids["denominator"] == "engaged"
    whole = raids["launched"].mask(engaged, raids["engaged"])
    stopped = raids["destroyed"].fillna(0)
    spared = raids[["failed", "left_alone"]].fillna(0).sum(axis=1).mask(engaged, 0)
    helped = raids[["killed_by_aircraft", "killed_by_ship"]].fillna(0).sum(axis=1)
    known = raids[["destroyed", "leaked_low"]].notna().any(axis=1)
    broken = {
        ("leaked_low", "and what was destroyed, failed or left alone must not exceed the whole."): (
            stopped + spared + raids["leaked_low"].fillna(0) > whole
        ),
        ("leaked_high", "must be leaked_low or more, and with what was destroyed not exceed the whole."): (
            (raids["leaked_high"] < raids["leaked_low"]) | (stopped + raids["leaked_high"] > whole)
        ),
        ("killed_by_aircraft", "and killed_by_ship must not exceed what was destroyed."): (
            helped > raids["destroyed"].fillna(whole)
        ),
        ("engaged", "must not exceed launched."): raids["engaged"] > raids["launched"],
        ("end", "is before begin."): raids["end"] < raids["begin"],
        ("threat_class", "is counted twice in this raid: a rival count belongs to engagements."): (
            raids.duplicated(["raid_id", "threat_class"])
        ),
        ("censored", "must be true: there is no whole, or no part of it that was stopped or came through."): (
            ~raids["censored"] & (whole.isna() | ~known)
        ),
    }
    for (column, rule), rows in broken.items():
        for index in raids.index[rows.fillna(False)]:
            yield fault(OBSERVED, raids, index, column, rule)


def find_spent_stocks(frames: Frames) -> Iterator[Fault]:
    """Stocks that are smaller than what was fired out of them, or that are not given though firing is on record."""
    counts, architectures = frames[ENGAGEMENTS], frames[ARCHITECTURES]
    fired = counts.dropna(subset=["interceptors_expended", "system_id", "defence_id"])
    most = fired.groupby(["defence_id", "system_id"])["interceptors_expended"].max()
    defences = architectures.set_index("architecture_id")["defence_id"]
    for table, kind in ((FIELDED, "rounds"), (LAYERS, "interceptor_stock")):
        stocks = frames[table]
        ends = [f"{kind}_{end}" for end in ("low", "best", "high")]
        defence = stocks["defence_id"] if table == FIELDED else stocks["architecture_id"].map(defences)
        need = pd.Series([most.get(key) for key in zip(defence, stocks["system_id"], strict=True)], stocks.index)
        largest = stocks[ends].astype(float).max(axis=1)
        for index in stocks.index[need.notna() & ~(largest >= need.astype(float))]:
            rule = f"must be {need[index]:.0f} or more at one end: so many were fired (engagements)."
            yield fault(table, stocks, index, ends[-1], rule)


def find_disordered_states(frames: Frames) -> Iterator[Fault]:
    """Systems with two rows of one state, or with less in a later state than in an earlier one."""
    layers = frames[LAYERS]
    key = ["architecture_id", "system_id"]
    for index in layers.index[layers.duplicated([*key, "state"])]:
        yield fault(LAYERS, layers, index, "state", "stands twice for this system of this architecture.")
    order = layers["state"].map(list(PROGRAMME_STATES).index).sort_values(kind="stable").index
    for column in ("batteries_best", "interceptor_stock_best"):
        numbers = layers.loc[order, column].astype(float)
        before = numbers.groupby([layers.loc[order, name] for name in key]).shift()
        for index in numbers.index[numbers < before]:
            rule = f"must not be less than {before[index]:.0f}, which the system has in an earlier state."
            yield fault(LAYERS, layers, index, column, rule)


def find_disordered_layers(frames: Frames) -> Iterator[Fault]:
    """Systems that fire and have no place of their own among those of their height, or fire nothing and have one."""
    systems = frames["air_defence/systems"].drop_duplicates("system_id").set_index("system_id")
    for table, whole in ((LAYERS, "architecture_id"), (FIELDED, "defence_id")):
        rows = frames[table]
        fires = rows["system_id"].map(systems["intercept_mechanism"]).ne(FIRES_NOTHING)
        for index in rows.index[fires & rows["order"].isna()]:
            yield fault(table, rows, index, "order", "must be given: 1 for the system that fires first at its height.")
        for index in rows.index[~fires & rows["order"].notna()]:
            yield fault(table, rows, index, "order", "must be empty: the system fires nothing.")
        known = rows["system_id"].isin(systems.index)  # of another nobody knows the height
        placed = rows.assign(layer=rows["system_id"].map(systems["layer"]))[fires & rows["order"].notna() & known]
        first = placed.groupby([whole, "system_id"])["order"].transform("first")
        for index in placed.index[placed["order"] != first]:
            rule = f"must be {first[index]} as in the other rows of {placed['system_id'][index]} here."
            yield fault(table, rows, index, "order", rule)
        holder = placed.groupby([whole, "layer", "order"])["system_id"].transform("first")
        for index in placed.index[placed["system_id"] != holder]:
            rule = f"is the place of {holder[index]}, which is of the same height here; number them apart."
            yield fault(table, rows, index, "order", rule)


def find_unknown_reach(frames: Frames) -> Iterator[Fault]:
    """Systems of architectures whose range or ceiling is not published, nor assumed for systems of their height."""
    systems, figures = frames["air_defence/systems"], frames[PARAMETERS]
    placed = systems["system_id"].isin(frames[LAYERS]["system_id"])
    armed = systems[placed & ~systems["intercept_mechanism"].isin([FIRES_NOTHING, "directed_energy"])]
    assumed = set(frames[ASSUMPTIONS]["assumption_id"])
    for limit, parameter in (("range", "max_range"), ("ceiling", "max_altitude")):
        known = armed["system_id"].isin(figures.loc[figures["parameter"] == parameter, "system_id"])
        for index, system in armed[~known].iterrows():
            guess = f"{limit}_{system['layer']}_unpublished"
            if guess not in assumed:
                rule = f"has no {parameter} in system_parameters; add one, or the row {guess} to assumptions."
                yield fault("air_defence/systems", systems, index, "system_id", rule)


def find_impossible_reports(frames: Frames) -> Iterator[Fault]:
    """Reports of more destroyed than launched."""
    for index, rule in find_impossible(frames[REPORTS]):
        yield fault(REPORTS, frames[REPORTS], index, "destroyed", rule)


def find_reversed_reports(frames: Frames) -> Iterator[Fault]:
    """Reports that end before they begin; an end without a time is the whole day, a time written otherwise is none."""
    reports = frames[REPORTS]
    start, end = (pd.to_datetime(reports[name], format="mixed", errors="coerce") for name in ("start", "end"))
    whole_day = ~reports["end"].astype(str).str.contains(":")
    for index in reports.index[start > end + pd.to_timedelta(whole_day * 86_399, unit="s")]:
        yield fault(REPORTS, reports, index, "end", f"must not lie before the start {reports['start'][index]}.")


def find_unplaced_models(frames: Frames) -> Iterator[Fault]:
    """Weapon models with a family and a reason to have none, with neither, or with a family and no threat class."""
    models = frames[MODELS]
    for index in models.index[models["family"].notna() == models["left_out"].notna()]:
        yield fault(MODELS, models, index, "family", "must be given, or else the reason why the model is left out.")
    for index in models.index[models["family"].notna() & models["threat_class"].isna()]:
        yield fault(MODELS, models, index, "threat_class", "must be given where there is a family.")


def find_figures_out_of_bounds(frames: Frames) -> Iterator[Fault]:
    """Figures that are greater than their unit, or their kind of price, allows."""
    for table, kind, columns in (
        (PARAMETERS, "parameter", ("low", "best", "high")),
        (ASSUMPTIONS, "assumption_id", ("low", "best", "high")),
        (PROGRAMME, None, ("value",)),
    ):
        figures = frames[table]
        most = figures["unit"].map(MOST_OF_UNIT)
        most = most.fillna(figures[kind].map(MOST_USD)) if kind else most
        for column in columns:
            for index in figures.index[figures[column] > most]:
                rule = f"must be {most[index]:,.0f} or less, the bound of its unit (schema/bounds.py)."
                yield fault(table, figures, index, column, rule)


def find_figures_too_small(frames: Frames) -> Iterator[Fault]:
    """Published figures and sums of programmes far below all on record, as one in thousands would be."""
    for table, kind, bounds, columns in (
        (PARAMETERS, "parameter", LEAST_OF_PARAMETER, ("low", "best", "high")),
        (PROGRAMME, "unit", LEAST_AMOUNT, ("value",)),
    ):
        figures = frames[table]
        least = figures[kind].map(bounds)
        for column in columns:
            for index in figures.index[figures[column] < least]:
                rule = f"must be {least[index]:,.12g} or more for this {kind}; check its size (schema/bounds.py)."
                yield fault(table, figures, index, column, rule)


def find_impossible_rates(frames: Frames) -> Iterator[Fault]:
    """Prices of a US dollar that never were, as the inverse of a rate would be."""
    rates = frames[RATES]
    dollar = rates["value"].where((rates["kind"] == "exchange") & (rates["currency"] == "TWD"))
    for index in rates.index[(dollar < FEWEST_TWD) | (dollar > MOST_TWD)]:
        rule = f"must be {FEWEST_TWD} to {MOST_TWD} TWD per USD; give what one US dollar costs (schema/bounds.py)."
        yield fault(RATES, rates, index, "value", rule)


def find_amounts_that_clash(frames: Frames) -> Iterator[Fault]:
    """Parts above their total, and one act in two currencies at a rate that never was."""
    facts = frames[PROGRAMME]
    by_claim = facts.drop_duplicates("claim_id").set_index("claim_id")[["value", "unit"]]
    total, act = (by_claim.reindex(facts[name]).set_axis(facts.index) for name in ("part_of", "same_act"))
    for index in facts.index[facts["value"] > total["value"]]:
        yield fault(
            PROGRAMME, facts, index, "value", f"must not exceed its total {total['value'][index]:.12g} (part_of)."
        )
    for ours, theirs in ((facts, act), (act, facts)):
        rate = (ours["value"] / theirs["value"]).where((ours["unit"] == "TWD") & (theirs["unit"] == "USD"))
        for index in facts.index[(rate < FEWEST_TWD) | (rate > MOST_TWD)]:
            rule = f"is {rate[index]:.3g} TWD to the USD of the row {facts['same_act'][index]} (same_act)."
            yield fault(PROGRAMME, facts, index, "value", rule)


RULES = (
    Rule(
        "units",
        "a figure is in the unit of its parameter",
        (PARAMETERS, "air_defence/parameters"),
        find_foreign_units,
    ),
    Rule(
        "readings",
        "distances say their bound and target, prices their basis",
        (PARAMETERS,),
        find_unread_figures,
    ),
    Rule(
        "ratings",
        "a rated system is rated against every class",
        ("air_defence/capability",),
        find_unrated_classes,
    ),
    Rule("names", "pages name every system as its table does", tuple(table for table, _ in NAMED), find_unshown_names),
    Rule("engagements", "counts of an engagement fit together", (ENGAGEMENTS,), find_impossible_engagements),
    Rule("raids", "the parts of a raid fit the whole, each class counted once", (OBSERVED,), find_impossible_raids),
    Rule(
        "stocks",
        "no stock is smaller than what was fired",
        (ENGAGEMENTS, FIELDED, LAYERS, ARCHITECTURES),
        find_spent_stocks,
    ),
    Rule("states", "a system has one row a state, and no less in a later one", (LAYERS,), find_disordered_states),
    Rule(
        "order of fire",
        "systems of one height fire one after the other",
        (LAYERS, FIELDED, "air_defence/systems"),
        find_disordered_layers,
    ),
    Rule(
        "reach",
        "a system of an architecture has a range and a ceiling, published or assumed by height",
        (LAYERS, "air_defence/systems", PARAMETERS, ASSUMPTIONS),
        find_unknown_reach,
    ),
    Rule("launchers", "launcher groups have members", ("air_defence/systems",), find_uneven_launcher_groups),
    Rule("rates", "a rate has a source or is a stated assumption", (RATES,), find_unfounded_rates),
    Rule("rates of exchange", "a rate is the price of a US dollar", (RATES,), find_impossible_rates),
    Rule("reports", "no report counts more destroyed than launched", (REPORTS,), find_impossible_reports),
    Rule("periods of reports", "no report ends before it begins", (REPORTS,), find_reversed_reports),
    Rule("models", "a weapon model has a family or a reason to have none", (MODELS,), find_unplaced_models),
    Rule("parts", "parts of a purchase fit their total", (PROGRAMME,), find_loose_parts),
    Rule(
        "bounds of units",
        "no figure is greater than its unit allows",
        (PARAMETERS, ASSUMPTIONS, PROGRAMME),
        find_figures_out_of_bounds,
    ),
    Rule(
        "least figures",
        "no figure is far below all on record",
        (PARAMETERS, PROGRAMME),
        find_figures_too_small,
    ),
    Rule("amounts", "no part exceeds its total, and one act has one rate", (PROGRAMME,), find_amounts_that_clash),
)
