"""What nbval compares of outputs: all but pictures, charts, ledgers and widgets; some it leaves out itself."""

from nbval.plugin import IPyNbFile

from analysis.figures.chart_files import CHART_MIME
from analysis.figures.ledger_file import LEDGER_MIME


def pytest_collectstart(collector):
    """Leave charts and ledgers out of a cell's comparison: its caption and its data are compared all the same."""
    if isinstance(collector, IPyNbFile):
        collector.skip_compare += (CHART_MIME, LEDGER_MIME)
