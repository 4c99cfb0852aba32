"""How nbval runs our notebooks, in kernels as those of pages, and what it compares of outputs.

All but pictures, charts, ledgers and widgets; some it leaves out itself.
"""

from functools import partial

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbval.plugin import IPyNbFile

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
    """Leave charts and ledgers out of a cell's comparison: its caption and its data are compared all the same."""
    if isinstance(collector, IPyNbFile):
        collector.skip_compare += (CHART_MIME, LEDGER_MIME)
        collector.setup = partial(start_warm, collector.setup)
