"""A case laid over our tables: what it says counts, in the models too, and the rules of the data hold afterwards."""

import signal

import pandas as pd
import pytest
import yaml

from analysis import tables
from analysis.air_defence.facts.rounds import ready_rounds
from analysis.air_defence.questions import cases, forces, posterior
from analysis.case_in_use import use
from analysis.checks import find_faults
from analysis.errors import ParameterError
from analysis.home import PROJECT
from analysis.own_case.example import write_example
from analysis.own_case.file import read_case, using, write_tables
from analysis.own_case.form import Law
from analysis.own_case.laid import Overlay
from analysis.own_case.overlay import _draw_anew

OURS = tables.load_facts("air_defence")
PLANNED, BEFORE = "taiwan_tdome_planned", "taiwan_pre_tdome"


def facts_of(case):
    return OURS.replaced(**{name.rpartition("/")[2]: frame for name, frame in case.frames.items()})


def case_of(case, raid="mixed", inputs="calibrated", architecture=PLANNED, scope="layer", tracks="layer"):
    """The question of page 02 on the tables of a case."""
    facts = facts_of(case) if case else OURS
    with use(case.in_use if case else None):
        met = forces.read_raid(facts.raids, raid)
        defence = forces.build_defence(architecture, facts, met, covers=True)
        assumed = cases.make_case(defence, tracks, facts.assumptions, scope, raids_differ=True)
        return posterior.choose_inputs(assumed, facts.posterior, inputs)


def layer(case, name):
    return next(one for one in case.defence.layers if one.name == name)


@pytest.mark.parametrize("inputs", ["calibrated", "assumed"])
def test_a_stated_kill_probability_wins_over_a_fitted_one(make_case, inputs):
    mine = make_case("assumptions: {single_shot_primary: {low: 0.1, best: 0.2, high: 0.5}, track_layer: 0.75}\n")
    ours, yours = case_of(None, inputs=inputs), case_of(mine, inputs=inputs)
    assert layer(yours, "sky_bow_3").single_shot["srbm"] == 0.2 != layer(ours, "sky_bow_3").single_shot["srbm"]
    assert {one.track for one in yours.defence.layers} == {0.75}
    draws = yours.draw(64, seed=7)
    assert draws["sky_bow_3.srbm.single_shot"].between(0.1, 0.5).all() and (draws["sky_bow_3.track"] == 0.75).all()
    assert yours.ranges.loc["sky_bow_3.track", "why"] == "stated with its law: never fitted"
    fitted = [name for name in ours.ranges.index if name.endswith(".coverage")]
    assert yours.ranges.loc[fitted, ["low", "best", "high"]].equals(ours.ranges.loc[fitted, ["low", "best", "high"]])


def test_one_track_of_a_threat_is_the_stated_one_too(make_case):
    mine = make_case("assumptions: {track_layer: {distribution: uniform, low: 0.5, high: 0.7}}\n")
    yours = case_of(mine, tracks="threat")
    assert yours.scope["track"] == pytest.approx(0.6)
    assert yours.draw(64, seed=7)["track"].between(0.5, 0.7).all()


def test_single_inputs_of_a_system_touch_no_other_system(make_case):
    mine = make_case("systems:\n  sky_bow_3: {kill_probability: {srbm: 0.11}, track: 0.22, coverage: 0.07}\n")
    for scope in ("layer", "place"):
        ours, yours = case_of(None, scope=scope), case_of(mine, scope=scope)
        mine_alone = layer(yours, "sky_bow_3")
        assert (mine_alone.single_shot["srbm"], mine_alone.track) == (0.11, 0.22)
        assert set(mine_alone.coverage.values()) == {0.07}
        assert mine_alone.single_shot["subsonic_cm"] == layer(ours, "sky_bow_3").single_shot["subsonic_cm"]
        assert layer(yours, "patriot_pac3_mse") == layer(ours, "patriot_pac3_mse")
        assert yours.luck().mean > ours.luck().mean
        assert (yours.draw(16, seed=7)["sky_bow_3.coverage"] == 0.07).all()
        assert yours.by_draw(yours.draw(16, seed=7))["mean"].notna().all()


def test_rounds_and_batteries_count_where_they_are_said_to_stand(make_case):
    ours = ready_rounds(PLANNED, OURS).set_index("system_id")
    mine = make_case(f"layers:\n  {PLANNED}: {{sky_bow_3: {{batteries: 14}}, avenger: {{rounds: 77}}}}\n")
    yours = ready_rounds(PLANNED, facts_of(mine)).set_index("system_id")
    assert yours.loc["sky_bow_3", "ready_best"] > ours.loc["sky_bow_3", "ready_best"]
    assert yours.loc["avenger", ["ready_low", "ready_best", "ready_high"]].tolist() == [77, 77, 77]
    assert yours.loc["avenger", "how"] == "assumed of this system alone"
    others = ours.index.difference(["sky_bow_3", "avenger"])
    assert yours.loc[others].equals(ours.loc[others])
    assert ready_rounds(BEFORE, facts_of(mine)).equals(ready_rounds(BEFORE, OURS))
    everywhere = facts_of(make_case("systems: {sky_bow_3: {rounds: {low: 5, best: 6, high: 7}}}\n"))
    for architecture in (PLANNED, BEFORE):
        row = ready_rounds(architecture, everywhere).set_index("system_id").loc["sky_bow_3"]
        assert (row["ready_low"], row["ready_best"], row["ready_high"]) == (5, 6, 7)


def test_a_system_that_is_taken_out_is_gone_even_where_a_plan_builds_on_it(make_case):
    mine = make_case(f"layers: {{{PLANNED}: {{sky_bow_2: {{taken_out: true}}, nasams_taiwan: {{taken_out: true}}}}}}\n")
    assert {"sky_bow_2", "nasams_taiwan"} <= {one.name for one in case_of(None).defence.layers}
    assert not {"sky_bow_2", "nasams_taiwan"} & {one.name for one in case_of(mine).defence.layers}
    assert "sky_bow_2" in {one.name for one in case_of(mine, architecture=BEFORE).defence.layers}
    assert any(change.yours == "taken out" for change in mine.differences)


OWN = """systems:
  wall: {name: A wall, layer: medium, ratings: {srbm: primary, owa_drone: limited}, range_km: 40, ceiling_km: 15,
         kill_probability: {srbm: 0.5}}
architectures:
  plan: {name: A plan, builds_on: taiwan_pre_tdome}
  alone: {name: Alone, as_of: 2030}
layers:
  plan: {wall: {batteries: 2, rounds: 40}}
  alone: {wall: {state: funded, rounds: 12}}
raids:
  rain: {name: Rain, threats: {srbm: 30}, days: 2}
"""


def test_an_architecture_a_system_and_a_raid_of_ones_own_meet(make_case):
    mine = make_case(OWN)
    yours = case_of(mine, "rain", architecture="plan")
    assert yours.defence.raid == {"srbm": 60}
    assert layer(yours, "wall").single_shot == {"srbm": 0.5}
    assert int(yours.defence.ranges.loc["wall.rounds", "best"]) == 40
    alone = case_of(mine, "rain", architecture="alone")
    assert [one.name for one in alone.defence.layers] == ["wall"]
    with pytest.raises(ParameterError, match="architecture = 'plan' is not known"):
        forces.build_defence("plan", facts_of(mine), {"srbm": 1})


def test_a_gun_may_reach_less_than_all_on_record(make_case):
    gun = make_case(OWN.replace("range_km: 40, ceiling_km: 15", "range_km: 0.4, ceiling_km: 0.3"))
    assert [one.name for one in case_of(gun, "rain", architecture="alone").defence.layers] == ["wall"]


def test_what_a_case_lays_is_a_sound_folder_of_tables(make_case, tmp_path):
    """The very rules of ``check-data`` hold on the tables that a run reads."""
    seen = "observed_raids:\n  seen: {name: Seen, war: gaza, begin: 2025-01-02, end: 2025-01-02, counted_by: press, "
    seen += "denominator: launched, counts: {srbm: {launched: 9, destroyed: 5, leaked_low: 4, leaked_high: 4}}}\n"
    taken = "  taiwan_tdome_planned: {nasams_taiwan: {taken_out: true}, sky_bow_3: {batteries: 14}}\n"
    shared = "assumptions: {single_shot_limited: 0.1, raid_correlation_drone: 0.2}\n"
    mine = make_case(OWN.replace("layers:\n", f"layers:\n{taken}") + seen + shared)
    with using(mine, tmp_path):
        assert tables.data_folder() == tmp_path / "data"
        assert find_faults(tmp_path / "data") == []
        assert tables.load_table("air_defence/raids")["raid_id"].eq("rain").sum() == 1
    assert tables.data_folder() == tables.SHIPPED
    assert not tables.load_table("air_defence/raids")["raid_id"].eq("rain").any()


def test_tables_that_a_case_does_not_touch_stay_byte_for_byte(make_case, tmp_path):
    folder = write_tables(make_case("assumptions: {track_layer: 0.9}\n").frames, tmp_path / "data")
    changed = [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.csv")
        if path.read_bytes() != (tables.SHIPPED / path.relative_to(folder)).read_bytes()
    ]
    assert changed == ["air_defence/assumptions.csv"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "assumptions: {track_layer: 1.5}\n",
            r"mine.yaml line 2, assumptions.track_layer: '1.5' \(.*must be 1 or less",
        ),
        (
            "layers: {nato_essi: {arrow_3: {state: funded, batteries: 0}}}\n",
            r"line 2, layers.nato_essi.arrow_3.batteries: .*must not be less than",
        ),
        (
            "assumptions: {ready_rounds_long: {low: 1, best: 2, high: 900}}\n",
            r"must be at most 200 times the lowest, 1",
        ),
        (
            "systems: {sky_bow_3: {kill_probability: {mortar_rocket: 0.5}}}\n",
            r"line 2, systems.sky_bow_3.kill_probability.mortar_rocket: .*give it a rating too",
        ),
        ("systems: {sky_bow_3: {range_km: 50}}\n", r"is published for this system of ours"),
        (
            "systems: {wall: {name: A, layer: medium, ratings: {srbm: primary}, batteries: 2}}\n",
            r"place it under layers",
        ),
        ("layers: {usa_guam: {iron_dome: {taken_out: true}}}\n", r"does not stand in usa_guam"),
        ("architectures: {alone: {name: A}}\n", r"says neither as_of nor builds_on"),
        (
            "observed_raids: {a: {name: A, war: gaza, begin: 2025-01-02, end: 2025-01-01, counted_by: press, "
            "denominator: launched, counts: {srbm: {launched: 2, destroyed: 5}}}}\n",
            r"line 2, observed_raids.a.counts.srbm",
        ),
    ],
)
def test_what_breaks_a_rule_of_the_tables_is_said_at_its_line(make_case, text, message):
    with pytest.raises(ParameterError, match=message):
        make_case(text)


def test_fitted_correlations_take_the_law_of_the_case(make_case):
    overlay = Overlay({"air_defence/posterior": OURS.posterior})
    _draw_anew(overlay, "raid_correlation_drone", Law(distribution="uniform", low=0.2, high=0.4))
    laid = overlay.table("posterior")
    for _, rows in laid.groupby("coverage_scope"):
        mean = (rows["raid_correlation_drone"] * rows["weight"]).sum() / rows["weight"].sum()
        assert mean == pytest.approx(0.3, abs=0.002)
    rest = [name for name in laid if name != "raid_correlation_drone"]
    assert laid[rest].equals(OURS.posterior[rest])


@pytest.mark.parametrize("path", sorted((PROJECT / "cases").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_worked_examples_are_sound_and_differ_from_ours(path):
    assert len(read_case(path).changes())


def test_the_example_is_sound_as_it_stands_and_with_every_block(tmp_path):
    text = write_example(tmp_path / "new.yaml").read_text()
    assert not len(read_case(tmp_path / "new.yaml").changes())
    blocks = text.partition("# Assumptions by their name")[2].splitlines()[1:]
    lines = [line.removeprefix("# ") for line in blocks if line.startswith("#  ") or line.rstrip().endswith(":")]
    lines += [line.removeprefix("# ") for line in blocks if line.startswith("# rule: ")]
    (tmp_path / "all.yaml").write_text("name: All\n" + "\n".join(lines))
    assert set(yaml.safe_load((tmp_path / "all.yaml").read_text())) >= {"assumptions", "systems", "layers", "raids"}
    changes = read_case(tmp_path / "all.yaml").changes()
    assert len(changes) >= 15 and changes["yours"].ne("").all()
    assert isinstance(changes, pd.DataFrame)
    with pytest.raises(ParameterError, match="is there already"):
        write_example(tmp_path / "new.yaml")


@pytest.mark.parametrize("name", ["", ".", "folder/", "not-there/"])
def test_an_example_is_written_into_no_folder(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(ParameterError, match=r"is empty; give one|is a folder; name a file in it"):
        write_example(name)
    assert not (tmp_path / "not-there").exists()


def test_an_example_that_does_not_fit_on_the_disk_leaves_no_part_of_itself(tmp_path):
    resource = pytest.importorskip("resource")
    limits, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(ParameterError, match="cannot be written"):
            write_example(tmp_path / "new.yaml")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert not list(tmp_path.iterdir())
    assert write_example(tmp_path / "new.yaml").stat().st_size > 1000


def test_a_system_keeps_its_place_where_a_state_is_added_and_a_new_one_fires_after_those_of_its_height(make_case):
    mine = make_case(
        f"layers: {{{BEFORE}: {{patriot_pac3_cri: {{state: announced, batteries: 12}}, km_sam_2: {{rounds: 8}}}}}}\n"
    )
    with use(mine.in_use):
        before, after = (
            ready_rounds(BEFORE, facts, "announced")["system_id"].tolist() for facts in (OURS, facts_of(mine))
        )
    assert [name for name in after if name != "km_sam_2"] == before
    assert after.index("km_sam_2") == after.index("patriot_pac3_mse") + 1


def test_a_sensor_that_a_case_places_has_no_order_of_fire(make_case):
    layers = make_case(f"layers: {{{BEFORE}: {{mmr_radar: {{state: fielded}}}}}}\n").frames[
        "air_defence/architecture_layers"
    ]
    assert layers.set_index("claim_id").loc[f"{BEFORE}.mmr_radar.fielded.own_case", ["order"]].isna().all()
