"""What nbval compares of outputs: all but pictures, charts, ledgers, widgets and what a footing hands to its page."""

from nbval.plugin import IPyNbFile

from analysis.checks.headlines import FOOTING_MIME
from analysis.figures.chart_files import CHART_MIME
from analysis.figures.ledger_file import LEDGER_MIME


def pytest_collectstart(collector):
    """Leave charts, ledgers and footings out of a comparison: captions, data and words are compared all the same."""
    if isinstance(collector, IPyNbFile):
        collector.skip_compare += (CHART_MIME, LEDGER_MIME, FOOTING_MIME)
