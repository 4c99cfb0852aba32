"""The folder with the panel: complete or not there, the same bytes, valid, and the counts of its file."""

import hashlib
import json
import subprocess
import sys

import pandas as pd
import pytest
from frictionless import Package

from analysis.errors import DataError, ParameterError
from analysis.recognition.dyad_years import COLUMNS, build_dyad_years
from analysis.recognition.facts.choices import PANEL_FORMATS
from analysis.release import folder, panel
from analysis.release.panel import write_release
from analysis.release.request import list_warnings, read_request
from analysis.schema.panel import LABEL_LETTERS, describe_panel
from analysis.tables import load_facts

FILES = {"codebook.md", "datapackage.json", "CITATION.bib", "LICENSE", "CHANGELOG.md"}
LAST = "2026-11-22"


def ask(**options):
    return read_request(LAST, **options)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    place = tmp_path_factory.mktemp("whole") / "panel"
    write_release(ask(), place)
    return place


def test_the_counts_come_out_of_the_written_file(whole):
    found = pd.read_csv(whole / "panel.csv", low_memory=False)
    taipei = found[found["entity"].eq("TWN")].groupby("year")["relations"].sum()
    assert taipei[1979] == 22 and taipei.iloc[-1] == 12
    palestine = found.query("entity == 'PSE' and year == 2025 and recognition == 1")
    assert palestine["un_member"].sum() == 157
    germany = found[found["iso3"].eq("DEU") & found["entity"].eq("TWN")].set_index("year")["cow_code"]
    assert germany[1989] == 260 and germany[1990] == 255


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    place = tmp_path_factory.mktemp("few") / "panel"
    write_release(ask(years="1989-1991"), place)
    return place


def test_the_folder_is_complete_and_a_valid_package(few):
    assert {path.name for path in few.iterdir()} == FILES | {"panel.csv"}
    report = Package(few / "datapackage.json").validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:5]


def test_the_package_notices_a_value_that_is_not_allowed(few, tmp_path):
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "datapackage.json").write_bytes((few / "datapackage.json").read_bytes())
    lines = (few / "panel.csv").read_text().splitlines(keepends=True)
    lines[5] = lines[5].replace(",TWN,", ",TWM,")
    (damaged / "panel.csv").write_text("".join(lines))
    assert not Package(damaged / "datapackage.json").validate().valid


def test_the_description_names_version_id_licence_and_what_the_file_is(whole):
    said = json.loads((whole / "datapackage.json").read_text())
    assert said["version"].endswith("+2026.11.22") and said["licenses"][0]["name"] == "CC-BY-4.0"
    assert said["resources"][0]["hash"] == "sha256:" + hashlib.sha256((whole / "panel.csv").read_bytes()).hexdigest()
    assert said["id"] in (whole / "CITATION.bib").read_text() and said["id"] in (whole / "codebook.md").read_text()
    assert set(said["files"]) | {"datapackage.json"} == {path.name for path in whole.iterdir()}


@pytest.mark.parametrize("format", PANEL_FORMATS)
@pytest.mark.parametrize("unit", ["dyad-year", "country-year"])
def test_the_same_choices_give_the_same_bytes_and_each_format_the_same_values(tmp_path, format, unit):
    request = ask(entities="TWN,XKX", years="2007-2009", format=format, unit=unit)
    written = [write_release(request, tmp_path / name) for name in ("one", "two")]
    assert written[0] == written[1]
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name
    read = {"csv": pd.read_csv, "dta": pd.read_stata, "parquet": read_parquet}[format]
    found, expected = read(tmp_path / "one" / f"panel.{format}"), panel.build_release(request)
    assert list(found.columns) == list(expected.columns)
    tie = "recognition" if unit == "dyad-year" else "recognition_XKX"
    assert found[tie].fillna(-1).tolist() == expected[tie].fillna(-1).tolist()
    begins = [pd.to_datetime(frame[tie.replace("recognition", "recognition_begin")]) for frame in (found, expected)]
    assert begins[0].dropna().tolist() == begins[1].dropna().tolist()


def read_parquet(path):
    from fastparquet import ParquetFile

    return ParquetFile(path).to_pandas()


def test_an_earlier_panel_is_replaced_whole(tmp_path):
    place = tmp_path / "panel"
    write_release(ask(entities="TWN", years="1979", format="dta"), place)
    write_release(ask(entities="CHN", years="1980"), place)
    assert {path.name for path in place.iterdir()} == FILES | {"panel.csv"}
    assert pd.read_csv(place / "panel.csv")["entity"].unique().tolist() == ["CHN"]
    assert [path.name for path in tmp_path.iterdir()] == ["panel"]


def test_a_folder_with_anything_else_is_refused_and_untouched(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(ParameterError, match=r"holds thesis.docx, which is no earlier panel"):
        write_release(ask(entities="TWN", years="1979"), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_file_added_to_an_earlier_panel_is_not_lost(tmp_path):
    place = tmp_path / "panel"
    write_release(ask(entities="TWN", years="1979"), place)
    (place / "notes.txt").write_text("mine")
    with pytest.raises(ParameterError, match=r"holds notes.txt"):
        write_release(ask(entities="TWN", years="1980"), place)


def test_what_fails_leaves_the_earlier_panel_and_nothing_half(tmp_path, monkeypatch):
    place = tmp_path / "panel"
    write_release(ask(entities="TWN", years="1979"), place)
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    monkeypatch.setattr(panel, "COPIES", {"LICENSE": "NO-SUCH-LICENCE"})
    with pytest.raises(DataError, match="NO-SUCH-LICENCE: is missing"):
        write_release(ask(entities="CHN", years="1980"), place)
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["panel"]


def test_when_the_new_folder_cannot_be_put_the_old_one_comes_back(tmp_path, monkeypatch):
    place = tmp_path / "panel"
    write_release(ask(entities="TWN", years="1979"), place)
    real, calls = folder.Path.replace, []

    def fail_second(self, target):
        calls.append(target)
        if len(calls) == 2:
            raise OSError("disk is gone")
        return real(self, target)

    monkeypatch.setattr(folder.Path, "replace", fail_second)
    with pytest.raises(ParameterError, match=r"cannot be written \(disk is gone\); make room"):
        write_release(ask(entities="CHN", years="1980"), place)
    monkeypatch.undo()
    assert pd.read_csv(place / "panel.csv")["entity"].unique().tolist() == ["TWN"]


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path):
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        "import sys; sys.dont_write_bytecode = True\n"
        "sys.argv = ['domes', 'panel', '--entities', 'TWN', '--years', '1979']\n"
        "from analysis.cli import main; main()"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert answer.returncode == 2
    assert answer.stderr == "-o panel: cannot be written (File too large); make room, or name another folder.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "panel").write_text("a file")
    with pytest.raises(ParameterError, match="is no folder"):
        write_release(ask(entities="TWN", years="1979"), tmp_path / "panel")
    with pytest.raises(ParameterError, match="cannot be written"):
        write_release(ask(entities="TWN", years="1979"), tmp_path / "panel" / "inside")


@pytest.mark.parametrize(("options", "words"), [
    ({"unit": "dyadyear"}, "did you mean 'dyad-year'"), ({"format": "xlsx"}, "choose one of csv, dta, parquet"),
    ({"entities": "TWN;CHN"}, "entities = 'TWN;CHN'"), ({"entities": "TWN,"}, "entities = ''"),
    ({"years": "1990-1980"}, "must be in order"), ({"years": "2000-2030"}, "the last 2026"),
    ({"years": "49-2025"}, "is no range"), ({"rule": "nett"}, "did you mean 'net'"),
])  # fmt: skip
def test_a_wrong_option_is_refused_with_what_is_allowed(options, words):
    with pytest.raises(ParameterError, match=words):
        ask(**options)


def test_by_default_the_panel_ends_with_the_last_year_seen_whole():
    assert (ask().first_year, ask().last_year) == (1949, 2025)
    assert list_warnings(ask(), LAST) == []
    assert "2026 is not over" in list_warnings(ask(years="2020-2026"), LAST)[0]
    assert "KOR" in list_warnings(ask(entities="KOR"), LAST)[0]


@pytest.mark.parametrize("years", ["١٩٧٩-١٩٨٠", "１９７９"])
def test_years_are_written_in_ascii_as_days_are(years):
    with pytest.raises(ParameterError, match="is no range; write 1949-"):
        ask(years=years)


def test_years_without_any_of_the_entities_are_refused(tmp_path):
    with pytest.raises(ParameterError, match="none of XKX existed then"):
        write_release(ask(entities="XKX", years="1950-1960"), tmp_path / "panel")
    assert not (tmp_path / "panel").exists()


def test_every_column_has_a_meaning_that_fits_a_label_of_stata():
    assert list(describe_panel("dyad-year", ["TWN"]).frame.columns) == COLUMNS
    wide = describe_panel("country-year", ["TWN", "PMR"]).frame.columns
    assert all(0 < len(column.description) <= LABEL_LETTERS for column in wide.values())
    assert all(len(name) <= 32 for name in wide)


def test_the_panel_keeps_its_own_description():
    panel = build_dyad_years(load_facts("recognition"), [1971, 2008])
    columns = describe_panel("dyad-year", ["TWN"]).frame.columns
    for name, column in columns.items():
        allowed = column.metadata.get("allowed")
        assert column.nullable or panel[name].notna().all(), name
        assert not allowed or set(panel[name].dropna()) <= set(allowed), name
