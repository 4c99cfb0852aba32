"""The footer names what the numbers rest on, and says the same in every run."""

import hashlib
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
import yaml

from analysis import provenance
from analysis.errors import DataError, ParameterError
from analysis.parameters import FOOTER_MIME, RecognitionMapParameters
from analysis.tables import data_folder, load_table

PARAMS = RecognitionMapParameters(
    entity="PSE", day="2025-09-30", kind="recognition", rule="net", minimum_confidence="low"
)
TABLES = ["recognition/events", "recognition/states"]


def test_each_table_has_the_checksum_of_its_file():
    expected = hashlib.sha256((data_folder() / "recognition/events.csv").read_bytes()).hexdigest()
    footer = provenance.footer(PARAMS, TABLES)
    assert list(footer.tables) == TABLES
    assert expected.startswith(footer.tables["recognition/events"])
    assert len(footer.tables["recognition/events"]) == 12


def test_a_source_cited_by_two_tables_counts_once():
    events = set(load_table("recognition/events")["source_id"].dropna())
    states = set(load_table("recognition/states")["source_ids"].dropna().str.split(";").explode())
    assert provenance.footer(PARAMS, TABLES).sources == len(events | states)
    assert provenance.footer(PARAMS, TABLES + TABLES).sources == len(events | states)


def test_the_cut_off_is_that_of_the_data_package():
    package = json.loads((data_folder() / "datapackage.json").read_text())
    assert provenance.cut_off() == package["cut_off"]


def test_pages_of_different_subjects_have_different_days():
    of_palestine = provenance.footer(PARAMS, [*TABLES, "recognition/observed"])
    of_taipei = provenance.footer(PARAMS.model_copy(update={"entity": "TWN"}), [*TABLES, "recognition/observed"])
    of_raids = provenance.footer(PARAMS, ["air_defence/observed_raids", "air_defence/systems"])
    seen = load_table("recognition/observed").set_index("entity")["observed_until"].astype("str")
    assert [of_palestine.up_to, of_taipei.up_to] == [seen["PSE"], seen["TWN"]]
    assert of_raids.up_to >= load_table("air_defence/observed_raids")["end"].astype("str").max()
    assert f"data up to {of_taipei.up_to}" in of_taipei.citation and of_taipei.up_to in of_taipei.lines()["Data up to"]


def test_what_is_planned_or_later_than_the_compiling_is_no_look():
    programme = (
        load_table("air_defence/programme").tail(3).assign(date=["2025-02", "2026", "2033-12-31"], due="2026-01")
    )
    unread = load_table("sources").iloc[:0]
    assert provenance.last_look({"air_defence/programme": programme}, unread, "2026-11-22") == "2025-02-28"
    capability = {"air_defence/capability": load_table("air_defence/capability")}
    assert provenance.last_look(capability, unread, "2026-11-22") == "2026-11-22"


def test_a_page_is_not_older_than_the_newest_source_that_its_rows_cite():
    tables = {name: load_table(f"air_defence/{name}").head(1) for name in ("architectures", "capability")}
    frames = {f"air_defence/{name}": frame for name, frame in tables.items()}
    cited = tables["capability"]["source_id"].iloc[0]
    sources = pd.DataFrame(
        {"source_id": [cited, "uncited"], "year": [2026, 2026], "url": ["", "https://a.b/2026/07/01/"]}
    )
    assert provenance.last_look(frames, sources, "2026-11-22") == "2025-12-31"
    dated = sources.assign(url="https://a.b/2026/03/04/some-news")
    assert provenance.last_look(frames, dated, "2026-11-22") == "2026-03-04"
    assert provenance.last_look(frames, dated.assign(year=2025), "2026-11-22") == "2025-12-31"


@pytest.mark.parametrize("url", ["https://a.b/20261399", "https://a.b/news_id=1020260304", "https://a.b/2026-0304"])
def test_digits_of_an_address_that_are_no_day_date_no_source(url):
    assert provenance.day_of_source("somebody_2026", 2026, url) == ""


@pytest.mark.parametrize("content", ["", "{}", '{"cut_off": "soon"}', '{"cut_off": null}', "[]"])
def test_a_data_folder_without_a_cut_off_day_is_refused(monkeypatch, tmp_path, content):
    (tmp_path / "datapackage.json").write_text(content)
    (tmp_path / "sources.csv").touch()
    monkeypatch.setenv("DOMES_DATA", str(tmp_path))
    with pytest.raises(DataError, match="gives no cut_off day"):
        provenance.cut_off()


def test_a_table_that_is_not_there_is_refused():
    with pytest.raises(ParameterError, match="did you mean 'recognition/events'"):
        provenance.footer(PARAMS, ["recognition/event"])


def test_the_day_of_the_page_comes_from_source_date_epoch(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(2001, 2, 3, 23, 59, tzinfo=UTC).timestamp())))
    footer = provenance.footer(PARAMS, TABLES)
    assert footer.made == "2001-02-03"
    assert f"({provenance.cut_off()[:4]})" in footer.citation, "a page is no older than its data"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(2031, 2, 3, tzinfo=UTC).timestamp())))
    assert "(2031)" in provenance.footer(PARAMS, TABLES).citation


def test_otherwise_the_day_is_that_of_the_commit(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    answer = subprocess.run(
        ["git", "-C", str(provenance.PROJECT), "log", "-1", "--format=%cs %h"],
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        pytest.skip("not in a git checkout")
    day, commit = answer.stdout.split()
    footer = provenance.footer(PARAMS, TABLES)
    assert footer.made == day
    assert footer.commit.removesuffix("-dirty").startswith(commit[:7])


def test_a_repository_around_an_installed_copy_is_not_ours(monkeypatch, tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "copy").mkdir()
    monkeypatch.setattr(provenance, "PROJECT", tmp_path / "copy")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    footer = provenance.footer(PARAMS, TABLES)
    assert (footer.commit, footer.made) == (provenance.NO_COMMIT, "")
    assert provenance.NO_COMMIT not in footer.citation
    assert f"({provenance.cut_off()[:4]})" in footer.citation


def test_two_footers_of_one_state_are_equal_and_hold_no_clock():
    first, second = (provenance.footer(PARAMS, TABLES) for _ in range(2))
    assert first == second
    assert repr(first) == repr(second)


def test_the_footer_shows_itself_as_text_markup_and_data():
    footer = provenance.footer(PARAMS, TABLES)
    bundle = footer._repr_mimebundle_()
    assert bundle[FOOTER_MIME]["parameters"] == PARAMS.model_dump()
    assert bundle[FOOTER_MIME]["lines"] == [line for line in footer.lines().items() if line[1] != footer.citation]
    for form in ("text/html", "text/plain"):
        assert footer.cut_off in bundle[form]
        assert "entity = PSE" in bundle[form]
        assert footer.tables["recognition/states"] in bundle[form]
    assert "Domes &amp; Ties" in bundle["text/html"]


def test_the_citation_names_the_same_authors_and_title_as_citation_cff():
    path = Path(provenance.PROJECT) / "CITATION.cff"
    citation = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [author["name"] for author in citation["authors"]] == [provenance.AUTHORS]
    assert citation["title"] == provenance.TITLE


def test_settings_of_git_and_variables_of_a_hook_change_nothing(monkeypatch, tmp_path):
    plain = provenance.name_commit()
    if not plain:
        pytest.skip("not in a git checkout")
    (tmp_path / "gitconfig").write_text("[log]\n\tshowSignature = true\n[core]\n\tabbrev = 30\n")
    variables = {"GIT_CONFIG_GLOBAL": tmp_path / "gitconfig", "GIT_DIR": tmp_path, "GIT_WORK_TREE": tmp_path}
    for name, value in variables.items():
        monkeypatch.setenv(name, str(value))
    assert provenance.name_commit() == plain
    commit, day = plain.split()
    assert len(commit.removesuffix("-dirty")) == provenance.COMMIT_DIGITS and len(day) == len("2001-02-03")


def test_a_kernel_elsewhere_is_told_the_commit(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv(provenance.COMMIT_VARIABLE, "0123456789ab 2001-02-03")
    footer = provenance.footer(PARAMS, TABLES)
    assert (footer.commit, footer.made) == ("0123456789ab", "2001-02-03")
    monkeypatch.setenv(provenance.COMMIT_VARIABLE, "")
    assert provenance.footer(PARAMS, TABLES).commit == provenance.NO_COMMIT


@pytest.mark.parametrize("day", ["", "soon", "9" * 30])
def test_a_source_date_epoch_that_is_no_moment_is_passed_over(monkeypatch, day):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", day)
    monkeypatch.setenv(provenance.COMMIT_VARIABLE, "0123456789ab 2001-02-03")
    assert provenance.footer(PARAMS, TABLES).made == "2001-02-03"
