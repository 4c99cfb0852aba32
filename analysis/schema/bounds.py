"""What a figure can be at most by its unit, its kind of price and what stands beside it."""

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
LEAST_OF_PARAMETER = {
    "max_range": 0.5,
    "max_altitude": 0.5,
    "radar_detection_range": 1,
    "interceptor_speed": 100,
    "cost_per_shot": 0.1,
    "interceptor_unit_cost": 1_000,
    "program_cost_per_missile": 10_000,
    "battery_unit_cost": 1_000_000,
    "system_purchase_value": 1_000_000,
    "programme_cost": 10_000_000,
}
"""The least published figure by parameter, well below the least on record; thousands of dollars, or km/s, lie below."""
LEAST_AMOUNT = {"USD": 10_000_000, "EUR": 10_000_000, "TWD": 300_000_000}
"""The least sum of a programme; the least on record is 30 million dollars, and one in thousands lies below."""
