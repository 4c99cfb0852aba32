"""The command line as a user meets it: exit codes, clear lines, and nothing heavy before a check."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.cli import _have_day, _have_home
from analysis.reporting.run.files import cannot_write

TOO_LONG = "a" * 300
SMALL = [
    "# How many leak?",
    ("n_threats: int = 24  # threats in the raid\nraid: str = 'mixed'  # name of the raid", ["parameters"]),
    "## The answer",
    "print('raid:', raid, n_threats * 2)",
]


@pytest.fixture
def small(write_notebook):
    return write_notebook(*SMALL)


def test_help_names_every_command(domes):
    answer = domes("--help")
    assert answer.returncode == 0
    assert {"list", "report", "explore"} <= set(answer.stdout.split())


def test_the_help_imports_no_heavy_library():
    code = (
        "import sys; sys.argv = ['domes', 'report', '--help']\n"
        "from analysis.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print({'pandas', 'papermill', 'nbconvert', 'nbformat'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.splitlines()[-1] == "set()"


def test_list_shows_question_meaning_choices_and_default(domes):
    answer = domes("list")
    assert answer.returncode == 0
    lines = [line.strip() for line in answer.stdout.splitlines()]
    assert "recognition/01-recognition-map" in lines
    place = lines.index("day (day): day on which the count is taken")
    assert lines[place + 1].startswith("default ") and "YYYY-MM-DD, 1945-01-01 or later" in lines[place + 1]


def test_a_report_prints_where_the_page_is(domes_alone, small, tmp_path):
    answer = domes_alone("report", small, "-o", "pages")
    assert (answer.returncode, answer.stdout) == (0, "pages/01-small.html\n")
    assert "raid: mixed 48" in (tmp_path / "pages/01-small.html").read_text()


def test_a_given_value_has_its_type_and_a_page_of_its_own(domes, small, tmp_path):
    answer = domes("report", small, "-p", "n_threats=7", "-p", "raid=<i>wide</i>")
    page = tmp_path / answer.stdout.strip()
    assert page.parent == tmp_path / "reports" and page.name.startswith("01-small--7-i-wide-i-")
    assert "raid: &lt;i&gt;wide&lt;/i&gt; 14" in page.read_text()


def test_a_folder_that_was_removed_is_no_place_to_start(tmp_path):
    code = "import os; os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone'); from analysis.cli import main; main()"
    answer = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert answer.returncode == 2
    assert answer.stderr == "the folder in which you are cannot be read (No such file or directory); cd to another.\n"


def test_a_folder_with_an_escape_in_its_name_does_not_command_the_terminal(domes, small):
    answer = domes("report", small, "-o", "red\x1b[31m")
    assert answer.stdout.startswith("red\\x1b[31m/") and "\x1b" not in answer.stdout


def test_values_of_a_file_are_used_and_those_of_the_line_win(domes, small, tmp_path):
    (tmp_path / "raid.yaml").write_text("n_threats: 5\nraid: from file\n")
    answer = domes("report", small, "-f", "raid.yaml", "-p", "n_threats=6")
    assert "raid: from file 12" in (tmp_path / answer.stdout.strip()).read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-p", "day=1979-13-31"], "day = '1979-13-31' is not a day; give YYYY-MM-DD, for example 1979-12-31."),
        (["-p", "entity=twm"], "entity = 'twm' is not known; did you mean 'TWN'?"),
        (["-p", "entty=TWN"], "entty is not a parameter of recognition/01-recognition-map; did you mean entity?"),
        (["-p", "entity"], "-p entity is not a parameter; write -p name=value."),
        (["-f", "missing.yaml"], "missing.yaml: cannot be read (No such file or directory)."),
    ],
)
def test_a_wrong_parameter_ends_in_one_clear_line_before_anything_is_run(domes, tmp_path, words, message):
    answer = domes("report", "recognition/01-recognition-map", *words)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith(message) and answer.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_parameter_is_found_before_papermill_is_even_imported(small):
    code = (
        f"import sys; sys.argv = ['domes', 'report', {str(small)!r}, '-p', 'n_threats=many']\n"
        "from analysis.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: print(end.code)\n"
        "print({'papermill', 'nbclient', 'nbconvert', 'pandas'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.splitlines() == ["2", "set()"]
    assert answer.stderr == "n_threats = 'many' is not allowed; give integer.\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["recognition/01-recognition-mop"], "did you mean recognition/01-recognition-map?"),
        (["no/such.ipynb"], "no/such.ipynb is not a notebook;"),
        (["01"], "01 fits several notebooks:"),
        ([], "Give either a notebook or --all"),
        (["recognition-map", "--all"], "Give either a notebook or --all"),
        (["--all", "-p", "entity=TWN"], "--all runs with the defaults"),
    ],
)
def test_an_unclear_wish_ends_with_exit_code_2(domes, words, message):
    answer = domes("report", *words)
    assert answer.returncode == 2
    assert message in answer.stderr and answer.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [["reprot"], ["report", "--outptu", "x"], ["list", "x"]])
def test_wrong_use_of_the_command_line_ends_with_exit_code_2(domes, words):
    assert domes(*words).returncode == 2


def test_a_failed_run_ends_with_exit_code_1_and_says_where(domes, write_notebook, tmp_path):
    notebook = write_notebook(*SMALL, "## And then", "1 / 0")
    answer = domes("report", notebook, "-p", "n_threats=3")
    begun, first, second, third = answer.stderr.splitlines()
    assert begun == "Running 01-small ..."
    assert answer.returncode == 1
    assert first == "01-small failed in cell 6, under 'And then': ZeroDivisionError: division by zero"
    assert second == "  parameters: n_threats = 3, raid = 'mixed'"
    partial = tmp_path / third.removeprefix("  the notebook up to there: ")
    assert "raid: mixed 6" in partial.read_text()
    assert not list(tmp_path.glob("reports/*.html"))


@pytest.mark.parametrize("place", ["file", "file/deeper", "loop/deeper", "pipe"])
def test_a_folder_that_cannot_be_made_is_refused_before_anything_is_run(domes, small, tmp_path, place):
    (tmp_path / "file").write_text("a file")
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    for words in (("report", small), ("report", "--all"), ("batch", small.with_suffix(".runs.csv"))):
        answer = domes(*words, "-o", place)
        there = tmp_path / place.split("/")[0]
        assert (answer.returncode, answer.stderr) == (2, f"-o {place}: {there} is no folder; name another.\n")


def test_a_file_that_is_no_notebook_is_refused(domes, tmp_path):
    (tmp_path / "broken.ipynb").write_text("{}")
    answer = domes("report", "broken.ipynb")
    assert answer.returncode == 2 and "cannot be read as a notebook" in answer.stderr


def test_a_terminal_of_another_encoding_gets_every_letter_it_knows(domes):
    answer = domes("trace", "recognition/events", "NIC-TWN-relations-ended-2021-12-10", PYTHONIOENCODING="ascii")
    assert answer.returncode == 0 and "\\u2192" in answer.stdout


def test_a_terminal_gets_no_raw_escape(domes, tmp_path):
    answer = domes("report", "\x1b[31mred\u202e.ipynb")
    assert answer.returncode == 2 and "\\x1b[31mred\\u202e" in answer.stderr and "\x1b" not in answer.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("words", [["list"], ["check-data", "--help"]])
def test_a_full_disk_under_the_output_is_said_in_one_line(tmp_path, words):
    with Path("/dev/full").open("w") as full:
        answer = subprocess.run(
            [sys.executable, "-m", "analysis", *words], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert answer.returncode == 1
    assert answer.stderr == "the output cannot be written (No space left on device); send it to another place.\n"


@pytest.mark.parametrize(
    "words",
    [
        ["panel", "-o", TOO_LONG],
        ["check-data", TOO_LONG],
        ["diff", TOO_LONG],
        ["trace", "recognition/events", "x", f"DOMES_DATA={TOO_LONG}"],
        ["report", "recognition/05-country-dossier", "--data", TOO_LONG],
        ["report", "recognition/05-country-dossier", "--case", TOO_LONG],
        ["report", "recognition/05-country-dossier", "-f", TOO_LONG],
        ["report", "recognition/05-country-dossier", "-o", TOO_LONG],
        ["batch", f"{TOO_LONG}.csv"],
    ],
)
def test_a_name_that_no_system_allows_is_refused_in_one_line(domes, words):
    variables = dict(word.split("=") for word in words if "=" in word)
    answer = domes(*(word for word in words if "=" not in word), **variables)
    assert answer.returncode in (1, 2) and TOO_LONG in answer.stderr
    assert [line for line in answer.stderr.splitlines() if not line.startswith("Running ")][1:] == []


def test_a_folder_of_tables_that_is_not_there_is_refused_before_a_kernel_starts(domes, small, tmp_path):
    answer = domes("report", small, "-o", tmp_path / "pages", DOMES_DATA="nowhere")
    assert answer.returncode == 2
    assert answer.stderr == "nowhere: there is no such folder of tables; name one, or unset DOMES_DATA.\n"
    assert not (tmp_path / "pages").exists()


@pytest.mark.parametrize(("day", "said"), [("", ""), ("1e9", "SOURCE_DATE_EPOCH = '1e9' is no number of seconds")])
def test_a_day_that_is_none_is_left_out_before_a_library_reads_it(monkeypatch, capsys, day, said):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", day)
    _have_day()
    assert "SOURCE_DATE_EPOCH" not in os.environ
    assert capsys.readouterr().err.startswith(said)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "981158400")
    _have_day()
    assert os.environ["SOURCE_DATE_EPOCH"] == "981158400"


def test_a_user_without_a_home_is_served(monkeypatch):
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    monkeypatch.delenv("HOME")
    _have_home()
    assert os.environ["HOME"] == os.sep


@pytest.mark.skipif(os.name != "posix", reason="no such limit")
@pytest.mark.parametrize("words", [["report", "00-start-here"], ["report", "--all"], ["batch", "runs.csv"]])
def test_too_few_open_files_are_said_before_anything_is_started(tmp_path, words):
    (tmp_path / "runs.csv").write_text("notebook\n00-start-here\n")
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40)); from analysis.cli import main; main()"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert answer.returncode == 1 and "ulimit -n" in answer.stderr and "Traceback" not in answer.stderr


@pytest.mark.skipif(os.name != "posix", reason="no such limit")
def test_too_little_memory_is_said_before_anything_is_started(tmp_path):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000)); "
    code = f"{limit}from analysis.cli import main; main()"
    answer = subprocess.run(
        [sys.executable, "-c", code, "report", "00-start-here"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1)
    assert answer.stderr.startswith("a process may have 1,464,843 kB of memory here") and "ulimit -v" in answer.stderr


@pytest.mark.skipif(os.name != "posix", reason="no such limit")
def test_a_limit_of_the_size_of_files_is_named(tmp_path):
    error = OSError(errno.EFBIG, "File too large")
    assert str(cannot_write(tmp_path / "a.html", error)).endswith("allow larger files: ulimit -f unlimited.")


def test_a_command_ends_though_python_was_told_to_go_on(tmp_path):
    words = [sys.executable, "-m", "analysis", "trace", "recognition/events", "nobody"]
    answer = subprocess.run(
        words, cwd=tmp_path, env=os.environ | {"PYTHONINSPECT": "1"}, capture_output=True, text=True, check=False,
        input="",
    )  # fmt: skip
    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)


@pytest.mark.notebook
@pytest.mark.skipif(os.name != "posix", reason="no such shell")
def test_a_umask_that_takes_the_rights_of_the_owner_leaves_them(small, tmp_path):
    words = f"umask 0777; {sys.executable} -m analysis report {small} -o pages"
    answer = subprocess.run(["sh", "-c", words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "Running 01-small ...\n")
    assert (tmp_path / "pages/01-small.html").stat().st_mode & 0o777 == 0o600


@pytest.mark.notebook
@pytest.mark.skipif(os.name != "posix", reason="no such shell")
def test_a_report_with_a_closed_output_has_its_warm_kernel(small, tmp_path):
    words = f"{sys.executable} -m analysis report {small} >&-"
    answer = subprocess.run(["sh", "-c", words], cwd=tmp_path, stderr=subprocess.PIPE, text=True, check=False)
    assert answer.returncode == 0 and answer.stderr == "Running 01-small ...\n"


@pytest.mark.parametrize("words", [("-o", ""), ("-f", ""), ("--case", ""), ("--data", ""), ("--data=",)])
def test_an_option_for_a_place_is_not_empty(domes_here, tmp_path, words):
    answer = domes_here("report", "recognition/01-recognition-map", *words)
    option = words[0].removesuffix("=")
    assert answer.returncode == 2 and not list(tmp_path.iterdir())
    assert answer.stderr == f"{option} '' is empty; name a folder or file, or leave {option} out.\n"
