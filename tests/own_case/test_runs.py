"""A case in a run, in a batch and on the command line: its page says whose it is, and exit codes are 0 or 2."""

import csv
import io
import re
import threading

import pytest

from analysis import tables
from analysis.air_defence.questions.forces import build_defence, read_raid
from analysis.case_in_use import case_in_use, use, variables_in_use
from analysis.errors import ParameterError
from analysis.own_case.file import using
from analysis.parameters import MODELS
from analysis.reporting.batch.ledger import run_key
from analysis.reporting.batch.plan import read_plan
from analysis.reporting.page.index import write_index
from analysis.reporting.run.catalogue import find_notebook
from analysis.reporting.run.given import add_rule

CASE = "name: Lower track\nnote: A question.\nassumptions: {track_layer: 0.5}\nraids: {rain: {name: Rain, threats: {srbm: 9}}}\n"
ASKS = [
    "# What stands there?",
    ("architecture: str = 'usa_guam'  # whose layers\nentity: str = 'TWN'  # who", ["parameters"]),
    "from analysis import provenance, tables\n"
    "from analysis.parameters import StartHereParameters\n"
    "facts = tables.load_facts('air_defence')\n"
    "print('track', facts.assumptions.set_index('assumption_id').loc['track_layer', 'best'])",
    "provenance.footer(StartHereParameters(architecture=architecture, entity=entity), tables=facts.used)",
]


@pytest.fixture
def case_file(tmp_path):
    (tmp_path / "mine.yaml").write_text(CASE)
    return tmp_path / "mine.yaml"


@pytest.mark.notebook
def test_a_page_from_a_case_says_so_in_banner_footer_and_citation(domes, case_file, write_notebook, tmp_path):
    notebook = write_notebook(*ASKS)
    assert domes("report", notebook, "-o", "pages").returncode == 0
    answer = domes("report", notebook, "--case", "mine.yaml", "-o", "pages")
    assert answer.returncode == 0, answer.stderr
    pages = tmp_path / "pages"
    assert (tmp_path / answer.stdout.strip()).name.startswith("01-small--Lower-track-")
    ours, hers = (pages / "01-small.html").read_text(), (tmp_path / answer.stdout.strip()).read_text()
    assert "track 0.95" in ours and "case of the user" not in ours.lower()
    assert "track 0.5" in hers
    told = re.search(r'class="warning".*?</div>', hers, re.DOTALL)[0]
    assert "From a case of the user" in told and "Lower track" in told and "A question." in told
    cited = re.search(r'id="cite".*?</p>', hers, re.DOTALL)[0]
    assert re.search(r"Lower track \(case file [0-9a-f]{12}\)", cited)
    footer = re.search(r"<footer>.*?</footer>", hers, re.DOTALL)[0]
    assert "Case of the user" in footer and "air_defence/assumptions" in footer
    index = (pages / "index.html").read_text()
    assert "case of the user: Lower track" in index and "case of the user: ours alone" in index


def test_an_unsound_case_ends_a_report_and_a_batch_with_2_before_any_kernel(domes, tmp_path):
    (tmp_path / "bad.yaml").write_text("name: Bad\nassumptions: {track_layre: 0.5}\nrule: nett\n")
    (tmp_path / "runs.csv").write_text("notebook,case\nair_defence/02-leakage-by-doctrine,bad.yaml\n")
    for words in (["report", "leakage-by", "--case", "bad.yaml"], ["case", "check", "bad.yaml"], ["batch", "runs.csv"]):
        answer = domes(*words)
        assert answer.returncode == 2 and answer.stdout == ""
        assert "bad.yaml line 2, assumptions.track_layre" in answer.stderr
        assert "bad.yaml line 3, rule: 'nett'" in answer.stderr
    assert not (tmp_path / "reports").exists()


def test_all_notebooks_take_no_case(domes, case_file):
    answer = domes("report", "--all", "--case", case_file)
    assert answer.returncode == 2 and "--case" in answer.stderr


def test_case_new_check_and_show(domes, case_file, tmp_path):
    assert domes("case", "new", "a.yaml").stdout == "a.yaml\n"
    assert domes("case", "new", "a.yaml").returncode == 2
    assert "sound, 0 differences" in domes("case", "check", "a.yaml").stdout
    assert domes("case", "check", "missing.yaml").returncode == 2
    assert domes("case", "check", ".").returncode == 2
    answer = domes("case", "show", "mine.yaml", "--csv")
    rows = list(csv.DictReader(io.StringIO(answer.stdout)))
    assert list(rows[0]) == ["item", "ours", "yours", "unit"]
    assert ("0.5", "probability") in {(row["yours"], row["unit"]) for row in rows}
    assert "2 differences from ours" in domes("case", "show", "mine.yaml").stdout


def test_a_runs_file_names_cases_from_where_it_lies(case_file, tmp_path):
    (tmp_path / "deep").mkdir()
    runs = tmp_path / "deep" / "runs.csv"
    name = "air_defence/02-leakage-by-doctrine"
    runs.write_text(f"notebook,case,raid\n{name},,\n{name},../mine.yaml,\n{name},../mine.yaml,rain\n")
    ours, hers, rain = read_plan(runs)
    assert ours.case is None and ours.page == name
    assert hers.page.startswith(f"{name}--Lower-track-") and hers.parameters == ours.parameters
    assert rain.parameters.raid == "rain" and rain.page != hers.page
    keys = [run_key(run.notebook, run.parameters, "s", run.checksum) for run in (ours, hers, rain)]
    assert len(set(keys)) == 3
    case_file.write_text(CASE.replace("0.5", "0.6"))
    changed = read_plan(runs)[1]
    assert run_key(changed.notebook, changed.parameters, "s", changed.checksum) != keys[1]
    runs.write_text(f"notebook,raid\n{name},rain\n")
    with pytest.raises(ParameterError, match="raid = 'rain' is not known"):
        read_plan(runs)


def test_an_empty_text_of_a_design_is_ours_alone(case_file, tmp_path):
    runs = tmp_path / "runs.yaml"
    runs.write_text('notebook: air_defence/02-leakage-by-doctrine\ngrid: {case: ["", mine.yaml]}\n')
    ours, hers = read_plan(runs)
    assert ours.case is None and ours.page == "air_defence/02-leakage-by-doctrine"
    assert hers.case.form.name == "Lower track"


def test_a_design_takes_cases_and_two_rows_with_one_case_are_one_run(case_file, tmp_path):
    runs = tmp_path / "runs.yaml"
    design = "notebook: air_defence/02-leakage-by-doctrine\nfixed: {case: mine.yaml}\ngrid: {raid_percent: [50, 100]}\n"
    runs.write_text(design)
    assert [run.case.form.name for run in read_plan(runs)] == ["Lower track"] * 2
    (tmp_path / "runs.csv").write_text("notebook,case\n02-leakage,mine.yaml\n02-leakage,mine.yaml\n")
    with pytest.raises(ParameterError, match="asks for the same run as row 2"):
        read_plan(tmp_path / "runs.csv")


def test_pages_of_one_template_are_told_apart_by_case(case_file, tmp_path):
    (tmp_path / "other.yaml").write_text("name: Other\nassumptions: {track_layer: 0.7}\n")
    (tmp_path / "runs.csv").write_text("notebook,case\n02-leakage,mine.yaml\n02-leakage,other.yaml\n")
    pages = [run.page for run in read_plan(tmp_path / "runs.csv", "{raid}-{hash}")]
    assert len(set(pages)) == 2


def test_the_rule_of_a_case_is_for_notebooks_that_have_one_and_a_run_wins(make_case):
    case = make_case("rule: gross\n")
    ties, layers = find_notebook("01-recognition-map"), find_notebook("02-leakage")
    assert add_rule({}, ties, case) == {"rule": "gross"}
    assert add_rule({"rule": "net"}, ties, case) == {"rule": "net"}
    assert add_rule({}, layers, case) == {} == add_rule({}, ties, None)


def test_an_architecture_of_ones_own_has_a_layer_only_where_it_meets_the_raid(make_case):
    alone = "architectures: {alone: {name: Alone, as_of: 2030}}\nlayers: {alone: {arrow_3: {rounds: 9}}}\n"
    case = make_case(alone)
    facts = tables.load_facts("air_defence")
    facts = facts.replaced(**{name.rpartition("/")[2]: frame for name, frame in case.frames.items()})
    with use(case.in_use):
        met = {
            raid: build_defence("alone", facts, read_raid(facts.raids, raid)) for raid in ("drone_wave", "upper_tier")
        }
    assert met["drone_wave"].layers == []
    assert [layer.name for layer in met["upper_tier"].layers] == ["arrow_3"]


def test_values_that_cannot_be_used_together_are_refused_with_the_values():
    faults = {
        "recognition/03-co-recognition": ({"left": "TWN", "right": "TWN"}, "right = 'TWN' is the same as left"),
        "air_defence/06-hindcast": ({"first_day": "2025-06-01", "last_day": "2025-05-31"}, "is before first_day"),
        "air_defence/03-value-of-integration": (
            {"decision_stand_alone_s": "3", "decision_networked_s": "4"},
            "decision_networked_s = 4 is longer than decision_stand_alone_s = 3",
        ),
    }
    for name, (given, message) in faults.items():
        with pytest.raises(ParameterError, match=message):
            find_notebook(name).check(given)
        assert name in MODELS


def test_cases_of_several_threads_do_not_meet(make_case, tmp_path):
    """A worker of a cluster makes several pages at a time."""
    seen, both = {}, threading.Barrier(3)

    def run(name, case):
        with using(case, tmp_path / name):
            both.wait()
            seen[name] = (
                case_in_use() and case_in_use().name,
                tables.data_folder(),
                variables_in_use().get("DOMES_DATA"),
            )
            both.wait()

    cases = {"one": make_case("rule: net\n"), "two": make_case("assumptions: {track_layer: 1}\n"), "none": None}
    threads = [threading.Thread(target=run, args=item) for item in cases.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in ("one", "two"):
        assert seen[name] == ("Mine", tmp_path / name / "data", str(tmp_path / name / "data"))
    assert seen["none"] == (None, tables.SHIPPED, None)


def test_an_index_without_cases_says_nothing_of_them(tmp_path):
    assert "case of the user" not in write_index(tmp_path).read_text()


def test_a_variable_that_domes_did_not_write_is_said(monkeypatch):
    monkeypatch.setenv("DOMES_CASE", "cases/five-days.yaml")
    with pytest.raises(ParameterError, match="is not what domes tells a kernel; unset it"):
        case_in_use()
