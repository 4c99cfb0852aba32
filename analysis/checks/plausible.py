"""Figures that have the form they should and cannot be: a slip of the keyboard, a column of another unit."""

from collections.abc import Iterator

from analysis.checks.rules import Frames, Rule, fault
from analysis.errors import Fault
from analysis.schema import TABLES

PARAMETERS = "air_defence/system_parameters"
ASSUMPTIONS = "air_defence/assumptions"
PROGRAMME = "air_defence/programme"
STATES = "recognition/states"
WIDEST_RANGE = 200
"""Highest over lowest of one figure; the widest on record, missiles of a battery for want of a source, is 100."""
MICROSTATE_KM2 = 1000
FEWEST_PER_KM2, MOST_PER_KM2 = 0.5, 50_000
"""Inhabitants: Western Sahara has 1, Monaco under 40,000 on an area that the table rounds to 1 km2."""
FEWEST_TWD, MOST_TWD = 20, 45
"""Price of a US dollar in Taiwan since 1980; an amount in both currencies is one act at one rate."""
MOST_OF_UNIT = {
    "probability": 1,
    "share": 1,
    "correlation": 1,
    "percent": 100,
    "percent_gdp": 100,
    "degrees": 90,
    "ratio": 100,
    "logit": 10,
    "km": 5_000,
    "m": 1_000,
    "m/s": 8_000,
    "s": 600,
    "min": 600,
    "kW": 1_000,
    "missiles": 10_000,
    "launchers": 100,
    "targets": 500,
    "engagements": 500,
    "batteries": 100,
    "systems": 1_000,
    "states": 250,
    "groups": 1_000,
    "positions": 1_000,
    "year": 2_040,
}
"""The greatest figure that a unit allows in these tables. The fastest reentry is 8 km/s; ranges end below 5,000 km."""
MOST_USD = {
    "cost_per_shot": 5_000,
    "interceptor_unit_cost": 30_000_000,
    "program_cost_per_missile": 100_000_000,
    "unit_cost": 500_000_000,
    "unit_cost_air_launched": 30_000_000,
    "battery_unit_cost": 5_000_000_000,
    "system_purchase_value": 10_000_000_000,
    "programme_cost": 200_000_000_000,
    "value_at_stake": 100_000_000,
}
"""The greatest price by what is paid for, a little above the dearest on record; a dearer one moves its bound."""


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
                rule = f"must be {most[index]:,.0f} or less; if it is right, raise the bound in checks/plausible.py."
                yield fault(table, figures, index, column, rule)


def find_wide_ranges(frames: Frames) -> Iterator[Fault]:
    """Ranges whose ends are so far apart that one of them is in another unit."""
    for name, frame in frames.items():
        for best in [column for column in TABLES[name].frame.columns if column == "best" or column.endswith("_best")]:
            low, high = (frame[best.removesuffix("best") + end].astype("float64") for end in ("low", "high"))
            for index in frame.index[(low > 0) & (high > WIDEST_RANGE * low)]:
                rule = f"must be at most {WIDEST_RANGE} times the lowest, {low[index]:g}."
                yield fault(name, frame, index, best.removesuffix("best") + "high", rule)


def find_impossible_states(frames: Frames) -> Iterator[Fault]:
    """States whose area does not fit their mark as a microstate, or their inhabitants."""
    states = frames[STATES]
    small = states["area_km2"] < MICROSTATE_KM2
    for index in states.index[states["area_km2"].notna() & (small != states["microstate"])]:
        yield fault(STATES, states, index, "area_km2", "does not fit the column microstate (below 1,000 km2).")
    density = states["population"].astype("float64") / states["area_km2"].clip(lower=0.5)
    for index in states.index[(density < FEWEST_PER_KM2) | (density > MOST_PER_KM2)]:
        rule = f"on {states['area_km2'][index]:g} km2 would be {density[index]:,.2g} inhabitants per km2; check both."
        yield fault(STATES, states, index, "population", rule)


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


RULES = (
    Rule("bounds of units", "no figure is greater than its unit allows", (PARAMETERS, ASSUMPTIONS, PROGRAMME),
         find_figures_out_of_bounds),
    Rule("widths", "the ends of a range are in one unit", (), find_wide_ranges),
    Rule("sizes of states", "areas fit the mark of microstates and the inhabitants", (STATES,), find_impossible_states),
    Rule("amounts", "no part exceeds its total, and one act has one rate", (PROGRAMME,), find_amounts_that_clash),
    Rule("totals", "what is counted since a day says the day and the region", ("recognition/published_counts",),
         find_uncountable_totals),
)  # fmt: skip
