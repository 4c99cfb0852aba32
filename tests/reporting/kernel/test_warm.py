"""A warm kernel is forked, fresh and its own; whatever ends it early ends its run alone, with a clear word."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.metadata import EntryPoint
from pathlib import Path
from textwrap import dedent

import nbformat
import pytest
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbclient import NotebookClient

from analysis.errors import RunError
from analysis.reporting.kernel import provisioner, warm
from analysis.reporting.kernel.surroundings import own_environment
from analysis.reporting.page.page import write_page
from analysis.reporting.run.catalogue import Notebook
from analysis.reporting.run.run import Limits, run_notebook

pytestmark = pytest.mark.notebook
PARAMETERS = ("n_threats: int = 24  # threats in the raid", ["parameters"])


@pytest.fixture
def run(write_notebook, tmp_path):
    def call(*sources, name="01-small.ipynb", folder="out", **options):
        path = write_notebook("# How many leak?", PARAMETERS, "## The answer", *sources, name=name)
        return run_notebook(Notebook(path, path.stem), {}, tmp_path / folder, **options)

    return call


@pytest.fixture
def printed(run):
    def call(*sources, **options):
        cells = nbformat.read(run(*sources, **options).executed, as_version=4).cells
        outputs = (output for cell in cells if cell.cell_type == "code" for output in cell.outputs)
        return "".join(output.text for output in outputs if output.output_type == "stream").split()

    return call


def has_ended(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until(happened, within_s=300):
    end = time.monotonic() + within_s
    while not happened() and time.monotonic() < end:
        time.sleep(0.05)
    return happened()


def test_a_server_that_still_imports_is_not_waited_for():
    server = warm.WarmServer(own_environment(os.environ))
    server.close()
    assert server._process.returncode == -signal.SIGTERM


def test_kernels_are_forked_from_one_server_and_lead_their_own_groups(printed):
    code = "import os; print(os.getppid(), os.environ['JPY_PARENT_PID'], os.getpid(), os.getpgrp())"
    (server, told, first, group), (again, _, second, _) = printed(code), printed(code)
    assert server == told == again
    assert first == group != second
    assert server != str(os.getpid())


def test_libraries_are_there_and_our_own_modules_are_not(printed):
    code = "import sys; print('pandas' in sys.modules, [m for m in sys.modules if m.split('.')[0] == 'analysis'])"
    assert " ".join(printed(code)) == (
        "True ['analysis', 'analysis.reporting', 'analysis.reporting.kernel', 'analysis.reporting.kernel.forked', "
        "'analysis.reporting.kernel.app']"
    )


def test_the_server_has_one_thread_and_no_drawing_backend():
    code = (
        f"import os, sys\nfor name in {warm.PRELOADED}: __import__(name)\n"
        "print(len(os.listdir('/proc/self/task')), 'matplotlib_inline.backend_inline' in sys.modules)"
    )
    environment = own_environment(os.environ)
    answer = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["1", "False"]


def test_garbage_is_collected_though_the_server_does_not(printed):
    assert printed("import gc; print(gc.isenabled(), gc.get_freeze_count() > 100_000)") == ["True", "True"]


def test_a_library_that_the_server_does_without_can_be_imported(printed):
    assert printed("import rfc3987_syntax; print(rfc3987_syntax.__name__)") == ["rfc3987_syntax"]


def test_variables_of_one_run_are_not_seen_by_the_next(printed):
    leave = "left = 1; import builtins, pandas; builtins.left = pandas.left = 1; import os; os.environ['LEFT'] = '1'"
    printed(leave)
    look = "import builtins, pandas, os\nprint('left' in globals(), hasattr(builtins, 'left'), hasattr(pandas, 'left'), 'LEFT' in os.environ)"
    assert printed(look) == ["False"] * 4


def test_chance_differs_from_run_to_run(printed):
    code = "import random, numpy; print(random.random(), numpy.random.random())"
    first, second = printed(code), printed(code)
    assert first[0] != second[0] and first[1] != second[1]


def test_the_working_folder_is_the_notebooks(printed, tmp_path):
    assert printed("import os; print(os.getcwd())") == [str(tmp_path)]


def test_an_edit_of_a_module_is_seen_by_the_next_run(printed, tmp_path):
    for value in ("1", "22"):  # another length, so that the compiled file is seen to be old
        (tmp_path / "beside.py").write_text(f"value = {value}")
        assert printed("import beside; print(beside.value)") == [value]


def test_variables_of_the_caller_reach_the_kernel_even_those_read_by_imports(printed, monkeypatch):
    monkeypatch.setenv("ANY_OPTION", "first")
    assert printed("import os; print(os.environ['ANY_OPTION'])") == ["first"]
    monkeypatch.setenv("OTHER_OPTION", "second")
    assert printed("import os; print(os.environ['OTHER_OPTION'])") == ["second"]
    for name in ("ANY_OPTION", "OTHER_OPTION"):
        monkeypatch.delenv(name)
    assert printed("import os; print('ANY_OPTION' in os.environ)") == ["False"]


def test_what_low_levels_write_is_kept(printed, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # ipykernel leaves the low levels alone where it is set
    code = """
        import os, sys, time
        read = []  # by a thread of ipykernel; what it reads when the cell has ended may be lost
        for stream in (sys.stdout, sys.stderr):
            stream.write = lambda words, write=stream.write: (write(words), read.append(words))
        _ = os.write(1, b"out "), os.write(2, b"err ")
        while len(read) < 2:
            time.sleep(0.01)
    """
    assert set(printed(dedent(code), limits=Limits(cell_timeout_s=300))) == {"out", "err"}


def test_figures_are_drawn_and_forked_and_other_kernels_give_the_same_page(run):
    code = "import matplotlib.pyplot as plt, numpy as np\nplt.plot(np.linalg.svd(np.arange(36.0).reshape(6, 6))[0]);"
    pages = [write_page(run(code, warm=one, folder=f"out{one}{n}").executed) for one in (True, False) for n in (1, 2)]
    first, *others = [page.read_bytes() for page in pages]
    assert b"<img" in first
    assert all(other == first for other in others)


def test_a_wide_frame_is_shown_whole_as_in_any_notebook(printed):
    wide = "import pandas as pd; print(pd.DataFrame({f'column {n}': ['a long word'] for n in range(12)}).to_string)"
    assert "..." not in printed(wide) and printed(wide) == printed(wide, warm=False)


def test_the_largest_memory_of_a_kernel_is_known(run):
    assert run("x = bytearray(200_000_000)", warm=True).peak_memory_mb > 200
    assert run("x = bytearray(200_000_000)", warm=False).peak_memory_mb > 200


@pytest.mark.parametrize("warm", [True, False])
def test_a_cell_that_wants_too_much_memory_fails_alone(run, warm):
    with pytest.raises(RunError, match="failed in cell 5, under 'The answer': MemoryError"):
        run("print('so far')", "x = bytearray(2_000_000_000)", limits=Limits(memory_mb=1_000), warm=warm)


@pytest.mark.parametrize("code", ["import time; time.sleep(60)", "while True: pass", "while True: print('flood')"])
def test_a_cell_that_hangs_is_ended(run, code, tmp_path):
    with pytest.raises(RunError, match="failed in cell 5, under 'The answer': the cell took longer than 5 s"):
        run("import os; open('pid', 'w').write(str(os.getpid()))", code, limits=Limits(cell_timeout_s=5))
    assert has_ended((tmp_path / "pid").read_text())


def test_a_run_that_takes_too_long_is_ended_though_each_cell_is_quick(run):
    run("'the server of kernels is there'")
    with pytest.raises(RunError, match=r"failed in cell \d+, under 'The answer': the run took longer than 5 s"):
        run(*["import time; time.sleep(1)"] * 6, limits=Limits(cell_timeout_s=300, run_timeout_s=5))


def test_a_kernel_killed_in_mid_run_is_a_failed_run(run, tmp_path):
    kill = "import os, subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', f'import os, time; time.sleep(0.5); os.kill({os.getpid()}, 9)'])\ntime.sleep(60)"
    with pytest.raises(RunError, match="failed in cell 5, under 'The answer': Kernel died") as caught:
        run("print('so far')", kill)
    assert "so far" in Path(str(caught.value).rpartition(": ")[2]).read_text()


def test_a_kernel_outlives_neither_its_server_nor_its_caller(write_notebook, tmp_path):
    path = write_notebook(
        PARAMETERS,
        "import os; open('pids', 'w').write(f'{os.getpid()} {os.getppid()}')",
        "import time; time.sleep(600)",
    )
    code = f"from pathlib import Path; from analysis.reporting.run.run import *; run_notebook(Notebook(Path({str(path)!r}), 'n'), {{}}, Path('.'))"
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path) as caller:
        assert wait_until(lambda: (tmp_path / "pids").exists() and (tmp_path / "pids").read_text())
        kernel, server = (tmp_path / "pids").read_text().split()
        caller.kill()
    assert wait_until(lambda: has_ended(kernel) and has_ended(server))


def test_a_server_that_was_killed_is_replaced(printed):
    (server,) = printed("import os; print(os.getppid())")
    os.kill(int(server), signal.SIGKILL)
    (other,) = printed("import os; print(os.getppid())")
    assert other not in (server, str(os.getpid()), "1")


def test_where_forking_fails_kernels_start_afresh_and_it_is_said_once(printed, monkeypatch, capsys):
    monkeypatch.setattr(warm, "can_fork", lambda: False)
    monkeypatch.setattr(provisioner, "_said", set())
    assert printed("import os; print(os.getppid())") == printed("import os; print(os.getppid())") == [str(os.getpid())]
    said = capsys.readouterr().err
    assert said == "No warm kernels (this system cannot fork them): each run starts its own, which takes longer.\n"


def test_a_kernel_that_finds_no_place_to_write_says_so_in_a_line(tmp_path, capfd):
    (tmp_path / "file").write_text("")
    environment = own_environment(os.environ)
    kernel = warm.ForkedKernel(["-f", str(tmp_path / "file" / "connection.json")], environment, str(tmp_path))
    with pytest.raises(OSError, match=r"a forked kernel did not come up: .*file: File exists"):
        warm.warm_server(environment).fork(kernel)
    assert "Traceback" not in capfd.readouterr().err


def test_no_socket_folder_stays(run, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    with pytest.raises(RunError):
        run("import os; os.kill(os.getpid(), 9)")
    run("1")
    assert [path.name for path in (tmp_path / "t").iterdir() if not (path / "server").exists()] == []


def test_a_kernelspec_can_name_the_provisioner_for_any_program(write_notebook, tmp_path, monkeypatch):
    entry = EntryPoint(
        "domes-warm", "analysis.reporting.kernel.provisioner:WarmProvisioner", KernelProvisionerFactory.GROUP_NAME
    )
    monkeypatch.setitem(KernelProvisionerFactory.instance().provisioners, "domes-warm", entry)
    specification = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "warm",
        "language": "python",
        "metadata": {"kernel_provisioner": {"provisioner_name": "domes-warm"}},
    }
    (tmp_path / "jupyter/kernels/warm").mkdir(parents=True)
    (tmp_path / "jupyter/kernels/warm/kernel.json").write_text(json.dumps(specification))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    notebook = nbformat.read(
        write_notebook("import os; print(os.getppid(), os.environ['JPY_PARENT_PID'])"), as_version=4
    )
    NotebookClient(notebook, kernel_name="warm").execute()
    parent, told = notebook.cells[0].outputs[0].text.split()
    assert parent == told != str(os.getpid())


@pytest.mark.parametrize("warm", [True, False])
def test_a_kernel_is_heard_where_paths_are_too_long_for_sockets(printed, monkeypatch, warm):
    monkeypatch.setattr("analysis.scratch.LONGEST_SOCKET", 5)
    assert printed("print('heard')", warm=warm) == ["heard"]
