"""Values of the user's own in the explorer: the same numbers as from a case file, shown beside ours, saved and loaded."""

import pytest

from analysis.case_in_use import use
from analysis.errors import ParameterError
from analysis.explore import air_defence, cases, defence
from analysis.explore.own_values import OWN_RAID, OwnValues, list_saved
from analysis.own_case.file import check_case, read_case, using
from analysis.parameters import AirDefenceExploreParameters
from analysis.reporting.batch.plan import read_plan
from analysis.tables import load_facts

START = {
    "architecture": "taiwan_tdome_planned",
    "beside": "taiwan_pre_tdome",
    "systems_off": [],
    "raid": "mixed",
    "raid_percent": 100,
    "doctrine": "shoot-look-shoot",
    "shots": 2,
    "track_scope": "layer",
    "inputs": "calibrated",
    "programme_state": "funded",
    "coverage_scope": "layer",
    "raid_correlation": True,
    "allotment": "proportional",
    "sensor_to_shooter_s": 20,
}
PLANNED = START["architecture"]
MOVES = {
    "sky_bow_3.srbm.single_shot": 0.15,
    "sky_bow_3.subsonic_cm.single_shot": 0.2,
    "patriot_pac3_mse.track": 0.5,
    "patriot_pac3_mse.coverage": 0.1,
    "sky_bow_3.rounds": 60,
}


def choose(**changed):
    return AirDefenceExploreParameters(**START | changed)


@pytest.fixture(scope="module")
def tables():
    return load_facts("air_defence")


@pytest.fixture
def explorer(tables, tmp_path):
    return air_defence.Explorer(tables, choose(), tmp_path / "pinned")


def move(explorer, system, words, value):
    """Move the slider of a system as a user does."""
    panel = explorer.own_panel
    panel.system.value = system
    slider = next(one for one in panel.inputs.children if one.description.startswith(words))
    slider.value = value


@pytest.mark.parametrize("inputs", ["calibrated", "assumed"])
@pytest.mark.parametrize("scope", ["layer", "place"])
def test_moved_inputs_give_the_numbers_of_the_case_file_that_they_make(tables, tmp_path, inputs, scope):
    own, choices = OwnValues(tables), choose(inputs=inputs, coverage_scope=scope)
    for name, value in MOVES.items():
        own.move(PLANNED, name, value)
    own.raid = {"srbm": 30, "owa_drone": 12, "mrbm": 0}
    with use(own.in_use):
        live = defence.build(choices.model_copy(update={"raid": OWN_RAID}), defence.Ready(tables), own)
    file = own.save("All moved", "A test.", tmp_path)
    case = read_case(file)
    assert len(case.differences) >= len(MOVES) + 1
    with using(case, tmp_path / "laid"):
        filed = defence.build(
            choose(inputs=inputs, coverage_scope=scope, raid=OWN_RAID), defence.Ready(load_facts("air_defence"))
        )
    one, other = defence.solve(live), defence.solve(filed)
    assert one.raid == other.raid == {"srbm": 30, "owa_drone": 12}
    assert one.by_class == pytest.approx(other.by_class, abs=1e-12)
    assert abs(one.leakers.pmf - other.leakers.pmf).max() < 1e-12
    live_band, filed_band = ([*defence.draw_bands(one, 32, 7)][-1]["mean"] for one in (live, filed))
    assert live_band.to_numpy() == pytest.approx(filed_band.to_numpy(), abs=1e-12)


def test_nothing_moved_is_ours(tables):
    ready, own = defence.Ready(tables), OwnValues(tables)
    one, other = (defence.solve(defence.build(choose(), ready, given)) for given in (None, own))
    assert (one.leakers.pmf == other.leakers.pmf).all() and not own.differs and own.in_use is None
    own.move(PLANNED, "sky_bow_3.track", 0.5)
    own.back(PLANNED, "sky_bow_3")
    assert not own.differs


@pytest.mark.usefixtures("without_a_loop")
def test_the_whole_screen_follows_a_move(explorer):
    first = explorer.panels[0]
    before, beside = first.chart.above, explorer.panels[1].chart.above
    mean = first.result.leakers.mean
    move(explorer, "sky_bow_3", "Kill probability, ballistic, short", 0.02)
    assert first.result.leakers.mean > mean
    assert first.chart.above != before and explorer.panels[1].chart.above == beside
    table = explorer.own_panel.table.value
    assert (
        "kill probability, Sky Bow III (Tien Kung III) against short-range ballistic missile" in table
        and "<td>0.02</td>" in table
    )
    explorer.own_panel.back.click()
    assert first.result.leakers.mean == mean and "all values are ours" in explorer.own_panel.table.value


def test_a_raid_of_ones_own_takes_the_place_of_the_named_one_and_gives_it_back(explorer):
    first, panel = explorer.panels[0], explorer.own_panel
    panel.use_raid.value = True
    assert first.choices.raid == OWN_RAID and first.result.raid == {
        "owa_drone": 40,
        "subsonic_cm": 16,
        "srbm": 20,
        "mrbm": 8,
    }
    panel.raid["srbm"].value = 90
    panel.raid["owa_drone"].value = 0
    assert first.result.raid == {"subsonic_cm": 16, "srbm": 90, "mrbm": 8}
    assert "raid of my own of 114" in first.chart.above.lower()
    for slider in panel.raid.values():
        slider.value = 0
    assert not first.result.raid and "choose another" in first.chart.above
    panel.use_raid.value = False
    assert first.choices.raid == "mixed" and first.result.raid["srbm"] == 20


def test_a_layer_that_is_added_stands_in_the_first_case_alone(explorer):
    first, panel = explorer.panels[0], explorer.own_panel
    mean = first.result.leakers.mean
    panel.layer.value, panel.layer_rounds.value = "iron_dome", 400
    panel.add.click()
    assert "iron_dome" in first.members and first.result.leakers.mean < mean
    assert "iron_dome" not in explorer.panels[1].members
    assert panel.system.value == "iron_dome" and "Iron Dome" in panel.table.value
    move(explorer, "iron_dome", "Ready rounds", 0)
    assert first.result.leakers.mean == pytest.approx(mean, abs=0.02)


def test_a_case_is_saved_loaded_and_pinned_as_a_run(explorer, tables, tmp_path):
    panel = explorer.own_panel
    move(explorer, "sky_bow_3", "Track", 0.4)
    panel.use_raid.value = True
    panel.name.value, panel.note.value = "Half the track", "A question."
    explorer.pinboard.pin.click()
    saved = tmp_path / "cases" / "half-the-track.yaml"
    assert list_saved(tmp_path / "cases") == [saved]
    runs = tmp_path / "pinned" / "air_defence-00-explore.runs.csv"
    assert runs.read_text().splitlines()[0].startswith("notebook,case,architecture")
    (run,) = read_plan(runs)
    assert run.case.form.name == "Half the track" and run.parameters.raid == OWN_RAID
    mean = explorer.panels[0].result.leakers.mean
    again = air_defence.Explorer(tables, choose(shots=1), tmp_path / "pinned")
    assert again.pinboard.cases.options[1][0].startswith("half-the-track: taiwan_tdome_planned")
    again.pinboard.cases.value = again.pinboard.cases.options[1][1]
    assert again.panels[0].result.leakers.mean == pytest.approx(mean, abs=1e-12)
    assert again.own_panel.name.value == "Half the track"
    move(again, "sky_bow_3", "Track", 0.9)
    assert again.panels[0].result.leakers.mean < mean


def test_pinned_cases_of_ours_and_of_ones_own_share_a_file(explorer, tmp_path):
    explorer.pinboard.pin.click()
    move(explorer, "sky_bow_3", "Track", 0.4)
    explorer.own_panel.name.value = "Other"
    explorer.pinboard.pin.click()
    found = cases.load_pinned("air_defence/00-explore", tmp_path / "pinned")
    assert [own and own.name for _, own in found] == [None, "other.yaml"]
    assert [run.case is None for run in read_plan(cases.file_of("air_defence/00-explore", tmp_path / "pinned"))] == [
        True,
        False,
    ]


def test_what_is_wrong_is_said_beside_the_buttons_and_changes_nothing(explorer, tmp_path):
    panel = explorer.own_panel
    move(explorer, "sky_bow_3", "Track", 0.4)
    panel.name.value = "<b>no</b>"
    panel.save.click()
    assert "is not plain text" in panel.message.value and "<b>no" not in panel.message.value
    assert list_saved(tmp_path / "cases") == []
    (tmp_path / "cases").mkdir(exist_ok=True)
    (tmp_path / "cases" / "bad.yaml").write_text("name: Bad\nassumptions: {nothing: 1}\n")
    panel.list_files()
    mean = explorer.panels[0].result.leakers.mean
    panel.load.value = panel.load.options[1][1]
    assert "is no assumption of ours" in panel.message.value and explorer.panels[0].result.leakers.mean == mean


def test_a_loaded_architecture_of_ones_own_can_be_chosen(explorer, tmp_path):
    (tmp_path / "cases").mkdir()
    text = "name: Plan\narchitectures: {plan: {name: A plan, builds_on: taiwan_pre_tdome}}\nlayers: {plan: {iron_dome: {rounds: 90}}}\n"
    (tmp_path / "cases" / "plan.yaml").write_text(text)
    explorer.own_panel.list_files()
    explorer.own_panel.load.value = explorer.own_panel.load.options[1][1]
    first = explorer.panels[0]
    first.controls["architecture"].value = "plan"
    assert "iron_dome" in first.members and first.name == "A plan" and first.chart.above.strip().find("A plan") >= 0
    with pytest.raises(ParameterError, match="not known"):
        choose(architecture="plan")
    assert check_case(text.encode(), "x").in_use.names["architectures"] == {"plan": "A plan"}
