"""For each air-defence question: one plot, and one describing sentence with its numbers."""

from analysis.figures.air_defence.altitudes import describe_altitude, plot_altitude_by_system
from analysis.figures.air_defence.bands import describe_coverage, plot_coverage_by_band
from analysis.figures.air_defence.capability import describe_capability, plot_capability_by_system
from analysis.figures.air_defence.envelopes import describe_envelope, plot_envelope_by_architecture

__all__ = [
    "describe_altitude",
    "describe_capability",
    "describe_coverage",
    "describe_envelope",
    "plot_altitude_by_system",
    "plot_capability_by_system",
    "plot_coverage_by_band",
    "plot_envelope_by_architecture",
]
