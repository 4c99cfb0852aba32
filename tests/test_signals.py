"""What ends a process: the first signal does, and further ones do not hurt the clearing away."""

import os
import signal
import subprocess
import sys

import pytest

from analysis.signals import interrupt_later

ENDING = """
import atexit, os, signal, sys
from analysis import cli
from analysis.signals import heard_signals
signal.signal(signal.SIGINT, signal.default_int_handler)
numbers = [signal.SIGINT, *heard_signals()]

def again():
    for number in numbers:
        os.kill(os.getpid(), number)
    print("cleared")

atexit.register(again)
cli.app = lambda: os.kill(os.getpid(), {number})
cli.main()
"""


@pytest.mark.skipif(os.name != "posix", reason="no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_second_signal_does_not_hurt_the_end(number):
    code = ENDING.format(number=int(number))
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert answer.stdout == "cleared\n"
    assert "atexit" not in answer.stderr


@pytest.fixture
def heard():
    """Ctrl-C interrupts, even where the tests themselves were started so that it is passed over."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="no mask of signals")
def test_ctrl_c_waits_while_a_process_is_started_and_in_it_until_it_leaves_it_to_the_caller(heard):
    told = (
        "import os, signal; from analysis.signals import leave_interrupt\n"
        "os.kill(os.getpid(), signal.SIGINT); print('waits', end=' ')\n"
        "leave_interrupt(); os.kill(os.getpid(), signal.SIGINT); print('is left')"
    )
    with pytest.raises(KeyboardInterrupt), interrupt_later():
        os.kill(os.getpid(), signal.SIGINT)
        child = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True)
        assert (child.stdout, child.stderr) == ("waits is left\n", "")
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
