"""The same raid day after day: hand-worked days, a simulation that carries luck, and limits that always hold."""

import numpy as np
import pandas as pd
import pytest

from analysis.air_defence.exact.defence import Layer
from analysis.air_defence.questions.campaign import run_campaign
from analysis.air_defence.questions.cases import Case
from analysis.air_defence.questions.forces import Defence
from analysis.errors import ParameterError


def make_case(layers, raid, behind=0):
    rounds = pd.DataFrame({"system_id": [one.name for one in layers]})
    rounds["ready_best"], rounds["exist_best"] = 10.0, 10.0 + behind
    defence = Defence(layers, pd.DataFrame(), rounds, pd.DataFrame(), raid)
    return Case(defence, "layer", {"low": 1.0, "best": 1.0, "high": 1.0})


def totals(campaign):
    return campaign.leakers.query("threat_class == 'all'")["mean"].to_numpy()


def simulate(rng, layers, threats, days, n):
    """Leakers of one class on each day, every raid with the rounds that it really has left."""
    left, leaked = [np.full(n, layer.magazine["srbm"]) for layer in layers], []
    for _ in range(days):
        alive = np.full(n, threats)
        for i, layer in enumerate(layers):
            tracked, p = rng.binomial(alive, layer.track), layer.single_shot["srbm"]
            served = np.minimum(tracked, left[i] // 2)
            odd = (tracked > served) & (left[i] % 2 == 1)
            left[i] = left[i] - 2 * served - odd
            alive = alive - rng.binomial(served, 1 - (1 - p) ** 2) - (odd & (rng.random(n) < p))
        leaked.append(alive.mean())
    return np.array(leaked)


def test_rounds_are_spent_day_by_day_until_everything_leaks():
    case = make_case([Layer("avenger", {"srbm": 0.5}, {"srbm": 10}, shots=1)], {"srbm": 4})
    campaign = run_campaign(case, 4)
    assert totals(campaign).tolist() == [2.0, 2.0, 3.0, 4.0]
    assert campaign.rounds["ready"].tolist() == [10, 6, 2, 0]
    assert campaign.rounds["spent"].tolist() == pytest.approx([4, 4, 2, 0])


def test_a_reload_lasts_as_long_as_rounds_exist_and_a_resupply_longer():
    case = make_case([Layer("avenger", {"srbm": 0.5}, {"srbm": 4}, shots=1)], {"srbm": 4}, behind=6)
    reloaded = run_campaign(case, 4, reload=True)
    assert totals(reloaded).tolist() == [2.0, 2.0, 3.0, 4.0]
    assert reloaded.rounds["reloaded"].tolist() == pytest.approx([0, 4, 2, 0])
    supplied = run_campaign(case, 30, reload=True, resupply_a_day={"avenger": 2})
    assert totals(supplied)[:2].tolist() == [2.0, 2.0]
    assert totals(supplied)[-1] == pytest.approx(3.0)


def test_the_mean_of_what_is_left_does_for_the_luck_that_is_not_carried():
    layers = [
        Layer(name, {"srbm": p}, {"srbm": n}, track=0.9)
        for name, p, n in (("nasams_intl", 0.5, 70), ("avenger", 0.6, 45))
    ]
    found = totals(run_campaign(make_case(layers, {"srbm": 20}), 6))
    simulated = simulate(np.random.default_rng(3), layers, 20, 6, 20_000)
    assert abs(found - simulated).max() < 0.35
    assert abs(found[0] - simulated[0]) < 0.05


def test_classes_keep_their_rounds_and_a_shared_magazine_is_shared():
    allotted = make_case(
        [Layer("avenger", {"srbm": 0.5, "mrbm": 0.5}, {"srbm": 8, "mrbm": 4}, shots=1)], {"srbm": 4, "mrbm": 4}
    )
    assert run_campaign(allotted, 2).rounds["ready"].tolist() == [12, 4]
    by_class = run_campaign(allotted, 2).leakers.query("day == 2").set_index("threat_class")["mean"]
    assert by_class.to_dict() == {"srbm": 2.0, "mrbm": 4.0, "all": 6.0}
    shared = make_case([Layer("avenger", {"srbm": 0.5, "mrbm": 0.5}, 12, shots=1)], {"srbm": 4, "mrbm": 4})
    assert run_campaign(shared, 3).rounds["ready"].tolist() == pytest.approx([12, 4, 0])


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        ({"days": 0}, "days = 0 is not allowed; give a whole number from 1 to 365"),
        ({"days": 2, "resupply_a_day": {"avenger": 1}}, "reload = False: nobody loads what comes"),
        ({"days": 2, "reload": True, "resupply_a_day": {"avengers": 1}}, "did you mean 'avenger'"),
        (
            {"days": 2, "reload": True, "resupply_a_day": {"avenger": -1}},
            r"resupply_a_day\[avenger\] = -1 is not allowed",
        ),
    ],
)
def test_what_is_not_allowed_is_refused(ask, message):
    with pytest.raises(ParameterError, match=message):
        run_campaign(make_case([Layer("avenger", {"srbm": 0.5}, {"srbm": 4})], {"srbm": 4}), **ask)
