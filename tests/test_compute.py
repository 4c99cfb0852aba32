"""A sweep gives the same numbers however it is cut, in one process, in several, and through dask."""

import numpy as np
import pandas as pd
import pytest

from analysis import compute
from analysis.air_defence.layers import Layer, raid_leakers
from analysis.errors import ParameterError, RunError


@pytest.fixture
def question():
    """Two defences, one with a shared magazine that binds, two raids, and draws for each defence."""
    allotted = [Layer("upper", {"srbm": 0.5, "mrbm": 0.5}, {"srbm": 9, "mrbm": 4})]
    shared = [Layer("lower", {"srbm": 0.5, "mrbm": 0.5}, 9, doctrine="shoot-look-shoot")]
    rng = np.random.default_rng(0)
    index = [f"draw {i}" for i in range(80)]
    draws = {
        "allotted": pd.DataFrame({"upper.srbm.single_shot": rng.random(80)}, index),
        "shared": pd.DataFrame({"lower.magazine": rng.integers(5, 12, 80)}, index),
    }
    raids = {"small": {"srbm": 3, "mrbm": 2}, "large": {"srbm": 12, "mrbm": 6}}
    return {"defences": {"allotted": allotted, "shared": shared}, "raids": raids, "draws": draws, "n_simulations": 50}


@pytest.fixture
def whole(question):
    """Return the sweep in one process and one chunk."""
    return compute.sweep(**question)


def test_a_sweep_has_a_row_for_each_defence_raid_and_draw(whole, question):
    assert len(whole) == 2 * 2 * 80
    assert not whole.duplicated(["defence", "raid", "draw"]).any()
    p = question["draws"]["allotted"]["upper.srbm.single_shot"].iloc[3]
    layers = [Layer("upper", {"srbm": p, "mrbm": 0.5}, {"srbm": 9, "mrbm": 4})]
    row = whole.query("defence == 'allotted' and raid == 'large' and draw == 'draw 3'")
    assert row["mean"].item() == pytest.approx(raid_leakers(layers, {"srbm": 12, "mrbm": 6}).mean, abs=1e-12)


@pytest.mark.parametrize("chunk", [1, 33, 80])
def test_the_chunk_does_not_change_a_sweep(whole, question, chunk):
    pd.testing.assert_frame_equal(compute.sweep(**question, chunk=chunk), whole, check_exact=True)


def test_processes_do_not_change_a_sweep(whole, question):
    pd.testing.assert_frame_equal(compute.sweep(**question, workers=2, chunk=32), whole, check_exact=True)


def test_a_dask_scheduler_does_not_change_a_sweep(whole, question):
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster:
        found = compute.sweep(**question, scheduler=cluster.scheduler_address, chunk=32)
    pd.testing.assert_frame_equal(found, whole, check_exact=True)


def test_a_scheduler_that_does_not_answer_is_named(question, monkeypatch):
    monkeypatch.setattr(compute, "PATIENCE_S", 0.2)
    with pytest.raises(RunError, match=r"scheduler = 'tcp://127.0.0.1:9' does not answer"):
        compute.sweep(**question, scheduler="tcp://127.0.0.1:9")


def test_an_error_in_a_worker_reaches_the_user(question):
    question["draws"]["allotted"] = pd.DataFrame({"upper.srbm.single_shot": [0.5, 1.5]})
    with pytest.raises(ParameterError, match=r"draws.upper.srbm.single_shot\[1\] = 1.5 is not allowed"):
        compute.sweep(**question)


def test_a_defence_without_draws_is_refused(question):
    del question["draws"]["shared"]
    with pytest.raises(ParameterError, match="draws has no entry for 'shared'; it has allotted"):
        compute.sweep(**question)


def test_one_frame_of_draws_serves_all_defences():
    layers = [Layer("upper", {"srbm": 0.5}, {"srbm": 9}, shots=1)]
    draws = pd.DataFrame({"upper.srbm.single_shot": [0.25]})
    found = compute.sweep({"one": layers, "two": layers}, {"raid": {"srbm": 4}}, draws)
    assert found["mean"].tolist() == pytest.approx([3.0, 3.0])


def test_no_draws_give_no_rows():
    layers = [Layer("upper", {"srbm": 0.5}, {"srbm": 9})]
    found = compute.sweep({"one": layers}, {"raid": {"srbm": 4}}, pd.DataFrame({"upper.track": []}))
    assert found.empty
    assert "mean" in found


@pytest.mark.parametrize("changes", [{"workers": 0}, {"chunk": 0}, {"workers": 1.5}])
def test_workers_and_chunks_out_of_range_are_refused(question, changes):
    with pytest.raises(ParameterError, match="is not allowed; give a whole number from 1"):
        compute.sweep(**question, **changes)
