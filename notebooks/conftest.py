"""How nbval runs our notebooks, in kernels as those of pages are, and what it compares of outputs.

All but pictures, charts, ledgers, widgets and what a footing hands to its page; some it leaves out itself.
"""

from functools import partial

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbval.plugin import IPyNbFile

from analysis.checks.headlines import FOOTING_MIME
from analysis.figures.chart_files import CHART_MIME
from analysis.figures.ledger_file import LEDGER_MIME

OURS = "domes-warm"


def start_warm(start):
    """Have the kernel forked from a server that has imported the libraries; other tests of the process want others."""
    factory = KernelProvisionerFactory.instance()
    usual, factory.default_provisioner_name = factory.default_provisioner_name, OURS
    try:
        start()
    finally:
        factory.default_provisioner_name = usual


def pytest_collectstart(collector):
    """Leave charts, ledgers and footings out of a comparison: captions, data and words are compared all the same."""
    if isinstance(collector, IPyNbFile):
        collector.skip_compare += (CHART_MIME, LEDGER_MIME, FOOTING_MIME)
        collector.setup = partial(start_warm, collector.setup)
