"""For each recognition question: one plot, and one describing sentence with its numbers."""

from analysis.figures.recognition.counts import describe_count, plot_count_by_rule, table_of_differences
from analysis.figures.recognition.status import (
    describe_recognisers,
    status_colours,
    table_of_recognisers,
    title_status,
)
from analysis.figures.recognition.words import find_limits, show_warnings

__all__ = [
    "describe_count",
    "describe_recognisers",
    "find_limits",
    "plot_count_by_rule",
    "show_warnings",
    "status_colours",
    "table_of_differences",
    "table_of_recognisers",
    "title_status",
]
