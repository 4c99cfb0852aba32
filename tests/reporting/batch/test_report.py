"""All notebooks at once: one failure does not stop the rest."""

import os
import signal
import subprocess
import sys
import time

import pytest

from analysis.reporting.batch import report
from analysis.reporting.run import catalogue

pytestmark = pytest.mark.notebook
PARAMETERS = ("n: int = 2  # any", ["parameters"])


@pytest.fixture
def notebooks(write_notebook, tmp_path, monkeypatch):
    write_notebook("# Tour", PARAMETERS, "n", name="notebooks/00-tour.ipynb")
    write_notebook("# Good", PARAMETERS, "n", name="notebooks/room/01-good.ipynb")
    write_notebook("# Bad", PARAMETERS, "n / 0", name="notebooks/room/02-bad.ipynb")
    write_notebook("# Kept", PARAMETERS, "n", name="notebooks/room/.ipynb_checkpoints/03-kept.ipynb")
    write_notebook("# Kept", PARAMETERS, "n", name="notebooks/.ipynb_checkpoints/03-kept.ipynb")
    monkeypatch.setattr(catalogue, "NOTEBOOKS", tmp_path / "notebooks")
    return tmp_path


def test_the_rest_is_kept_when_one_fails(notebooks, capsys):
    assert report.report_all(notebooks / "out") is False
    out, err = capsys.readouterr()
    pages = {path.relative_to(notebooks / "out").as_posix() for path in notebooks.glob("out/**/*.html")}
    assert pages == {"index.html", "self-check.html", "00-tour.html", "room/01-good.html"}
    assert out == f"{notebooks / 'out/index.html'}\n"
    assert "room/02-bad failed in cell 3, under 'Bad': ZeroDivisionError" in err
    assert "room/02-bad failed in cell 3" in (notebooks / "out/index.html").read_text()


def test_all_is_well_when_none_fails(notebooks, capsys):
    (notebooks / "notebooks/room/02-bad.ipynb").unlink()
    assert report.report_all(notebooks / "out") is True
    assert capsys.readouterr().err.count(" KB)") == 2


def test_ready_runs_are_made_as_well_and_pages_of_a_room_link_them(notebooks):
    (notebooks / "notebooks/room/02-bad.ipynb").unlink()
    (notebooks / "notebooks" / report.READY).write_text("notebook,n\nroom/01-good,2\nroom/01-good,3\n")
    assert report.report_all(notebooks / "out") is True
    usual, other = sorted(notebooks.glob("out/room/01-good*.html"))
    assert usual.name.startswith("01-good--3-") or other.name.startswith("01-good--3-")
    pages = {page.name: page.read_text() for page in (usual, other)}
    for name, text in pages.items():
        linked = [address for address in pages if f'href="../room/{address}"' in text]
        assert linked == [address for address in pages if address != name]
    assert "Pages that are ready" not in (notebooks / "out/00-tour.html").read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_ends_the_command_ends_its_processes_too(notebooks, write_notebook, number):
    waiting = f"import os, time; open({str(notebooks / 'kernel')!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    write_notebook("# Slow", PARAMETERS, waiting, name="notebooks/00-tour.ipynb")
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from pathlib import Path; from analysis import cli; from analysis.reporting.run import catalogue\n"
        f"if __name__ == '__main__': catalogue.NOTEBOOKS = Path({str(notebooks / 'notebooks')!r}); cli.main()"
    )
    script, temporary = notebooks / "command.py", notebooks / "tmp"
    script.write_text(code)
    temporary.mkdir()
    words = [sys.executable, script, "report", "--all", "-o", notebooks / "out"]
    command = subprocess.Popen(
        words, env=os.environ | {"TMPDIR": str(temporary)}, start_new_session=True, stderr=subprocess.PIPE, text=True
    )
    wait_until((notebooks / "kernel").exists)
    group = os.killpg if number == signal.SIGINT else os.kill  # Ctrl-C is heard by all
    group(command.pid, number)
    _, told = command.communicate(timeout=60)
    wait_until(lambda: not is_there(int((notebooks / "kernel").read_text() or 0)))
    wait_until(lambda: not is_there(-command.pid))
    if number != signal.SIGKILL:
        assert command.returncode == 128 + number
        assert "Traceback" not in told
        assert list(temporary.glob("domes-*")) == []


def is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(holds):
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)
