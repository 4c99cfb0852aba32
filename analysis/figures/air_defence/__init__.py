"""For each air-defence question: one plot, and one describing sentence with its numbers."""

from analysis.figures.air_defence.altitudes import describe_altitude, plot_altitude_by_system
from analysis.figures.air_defence.bands import describe_coverage, plot_coverage_by_band
from analysis.figures.air_defence.capability import describe_capability, plot_capability_by_system
from analysis.figures.air_defence.cases import describe_cases, plot_leakers_by_case, table_of_work
from analysis.figures.air_defence.cost import (
    describe_exchange,
    describe_price,
    describe_swing,
    plot_exchange_by_layer,
    plot_price_by_interceptor,
    plot_swing_by_input,
)
from analysis.figures.air_defence.coverage_tables import (
    table_of_coverage,
    table_of_gaps,
    table_of_limits,
    table_of_members,
)
from analysis.figures.air_defence.drivers import (
    describe_drivers,
    plot_leakers_by_input,
    table_of_left_out,
    table_of_outcomes,
    table_of_raid,
    table_of_ranges,
)
from analysis.figures.air_defence.envelopes import describe_envelope, plot_envelope_by_system
from analysis.figures.air_defence.evidence import (
    describe_interval,
    describe_leakers,
    describe_share,
    plot_interval_by_count,
    plot_leakers_by_count,
    plot_share_by_event,
)
from analysis.figures.air_defence.evidence_tables import (
    table_of_apart,
    table_of_claims,
    table_of_evidence,
    table_of_rivals,
)
from analysis.figures.air_defence.faced import describe_properties, plot_properties_by_class, table_of_faced
from analysis.figures.air_defence.failures import (
    describe_break_even,
    describe_gain,
    plot_gain_by_shots,
    table_of_break_even,
)
from analysis.figures.air_defence.integration import (
    describe_coordination,
    describe_late,
    describe_pooling,
    plot_late_by_channels,
    plot_late_by_pooling,
    plot_saved_by_coordination,
    table_of_late,
)
from analysis.figures.air_defence.leakage import (
    describe_leakers_by_doctrine,
    describe_leakers_by_scope,
    plot_leakers_by_doctrine,
    plot_leakers_by_scope,
)
from analysis.figures.air_defence.magazines import (
    describe_leakers_by_size,
    describe_work,
    plot_leakers_by_size,
    plot_work_by_layer,
)
from analysis.figures.air_defence.money import (
    table_of_acts,
    table_of_arrivals,
    table_of_inputs,
    table_of_numbers,
    table_of_outputs,
    table_of_pays,
    table_of_prices,
    table_of_rates,
    table_of_sums,
)
from analysis.figures.air_defence.programme import (
    describe_stages,
    plot_stages_by_element,
)
from analysis.figures.air_defence.staircases import (
    describe_leakage_by_reaction,
    describe_saved_second,
    plot_leakage_by_reaction,
    plot_saved_second_by_system,
    table_of_times,
)
from analysis.figures.air_defence.stocks import (
    describe_second_raid,
    describe_stock,
    plot_second_raid,
    plot_stock_by_system,
)
from analysis.figures.air_defence.windows import describe_windows

__all__ = [
    "describe_altitude",
    "describe_break_even",
    "describe_capability",
    "describe_cases",
    "describe_coordination",
    "describe_coverage",
    "describe_drivers",
    "describe_envelope",
    "describe_exchange",
    "describe_gain",
    "describe_interval",
    "describe_late",
    "describe_leakage_by_reaction",
    "describe_leakers",
    "describe_leakers_by_doctrine",
    "describe_leakers_by_scope",
    "describe_leakers_by_size",
    "describe_pooling",
    "describe_price",
    "describe_properties",
    "describe_saved_second",
    "describe_second_raid",
    "describe_share",
    "describe_stages",
    "describe_stock",
    "describe_swing",
    "describe_windows",
    "describe_work",
    "plot_altitude_by_system",
    "plot_capability_by_system",
    "plot_coverage_by_band",
    "plot_envelope_by_system",
    "plot_exchange_by_layer",
    "plot_gain_by_shots",
    "plot_interval_by_count",
    "plot_late_by_channels",
    "plot_late_by_pooling",
    "plot_leakage_by_reaction",
    "plot_leakers_by_case",
    "plot_leakers_by_count",
    "plot_leakers_by_doctrine",
    "plot_leakers_by_input",
    "plot_leakers_by_scope",
    "plot_leakers_by_size",
    "plot_price_by_interceptor",
    "plot_properties_by_class",
    "plot_saved_by_coordination",
    "plot_saved_second_by_system",
    "plot_second_raid",
    "plot_share_by_event",
    "plot_stages_by_element",
    "plot_stock_by_system",
    "plot_swing_by_input",
    "plot_work_by_layer",
    "table_of_acts",
    "table_of_apart",
    "table_of_arrivals",
    "table_of_break_even",
    "table_of_claims",
    "table_of_coverage",
    "table_of_evidence",
    "table_of_faced",
    "table_of_gaps",
    "table_of_inputs",
    "table_of_late",
    "table_of_left_out",
    "table_of_limits",
    "table_of_members",
    "table_of_numbers",
    "table_of_outcomes",
    "table_of_outputs",
    "table_of_pays",
    "table_of_prices",
    "table_of_raid",
    "table_of_ranges",
    "table_of_rates",
    "table_of_rivals",
    "table_of_sums",
    "table_of_times",
    "table_of_work",
]
