"""Published results of models, and what our functions give for the same input; as rooms gain models, they join."""

from collections.abc import Callable
from dataclasses import dataclass

from analysis.air_defence.exact.layers import Layer, layered_leakage, raid_leakers
from analysis.air_defence.models.coordination import coordination_gain
from analysis.air_defence.models.engagement import interceptors_needed, kill_probability
from analysis.air_defence.models.exchange import cost_exchange_ratio
from analysis.air_defence.models.kill_chain import shot_opportunities
from analysis.air_defence.models.salvo import leaker_distribution
from analysis.air_defence.models.saturation import erlang_b


@dataclass(frozen=True)
class PublishedResult:
    """A result that somebody published or derived, its digits, and how we get it.

    Attributes
    ----------
    figure : str
        The case and what is computed.
    published : float
        As printed.
    digits : int
        Digits after the point that were printed; ours is rounded to these before it is compared.
    ours : callable
        Calls our model.
    source_id : str
        Who printed it; "derived" where it was worked out for this check.
    reason : str
        Why ours differs; empty where it does not.
    """

    figure: str
    published: float
    digits: int
    ours: Callable[[], float]
    source_id: str = "derived"
    reason: str = ""


def _needed(threats: int) -> int:
    need = interceptors_needed(threats, single_shot=0.7, target=0.8, track=0.99)
    return need.interceptors or 0


def _leakage(reaction_s: float) -> float:
    shots = shot_opportunities(window_s=90, reaction_s=reaction_s, cycle_s=20)
    return 100 * (1 - kill_probability(0.6, shots))


THREE_LAYERS = tuple(
    Layer(name, {"mrbm": p}, {"mrbm": shots}, shots=shots, track=track)
    for name, p, shots, track in (("upper", 0.6, 1, 0.90), ("middle", 0.7, 2, 0.95), ("lower", 0.8, 2, 0.98))
)


def _leaks(shots: int) -> float:
    """Leakers of ten threats that meet ten rounds, each threat being given so many of them."""
    return raid_leakers([Layer("upper", {"srbm": 0.7}, {"srbm": 10}, shots=shots)], {"srbm": 10}).mean


THREE_LIMITED_LAYERS = tuple(
    Layer(name, {"srbm": p}, {"srbm": rounds}, shots=shots)
    for name, p, shots, rounds in (("first", 0.82, 2, 80), ("second", 0.87, 2, 60), ("third", 0.92, 1, 120))
)

RESULTS = (
    PublishedResult(
        "no leaker among 20 threats tracked with 0.98, whatever the shots (probability)",
        0.668,
        3,
        lambda: leaker_distribution(20, single_shot=1.0, shots=1, track=0.98).probability_zero,
    ),
    PublishedResult("interceptors that stop 4 threats with 0.8 (p .7, track .99)", 12, 0, lambda: _needed(4)),
    PublishedResult("interceptors that stop 20 threats with 0.8 (p .7, track .99)", 120, 0, lambda: _needed(20)),
    PublishedResult(
        "kill probability of four shots of .25 each",
        0.684,
        3,
        lambda: kill_probability(0.25, 4),
    ),
    PublishedResult(
        "leakers saved by coordination: 100 threats, 150 shots, p .7", 15.4, 1, lambda: coordination_gain(100, 150, 0.7)
    ),
    PublishedResult("leakage with 35 s reaction (90 s window, 20 s cycle, p .6), %", 6.4, 1, lambda: _leakage(35)),
    PublishedResult("leakage with 15 s reaction (90 s window, 20 s cycle, p .6), %", 2.56, 2, lambda: _leakage(15)),
    PublishedResult("Erlang B, 10 erlangs on 17 channels (share lost)", 0.0129489, 7, lambda: erlang_b(17, 10)),
    PublishedResult(
        "leakage of three layers that track on their own (p .6, .7, .8; 1, 2, 2 shots; track .90, .95, .98), %",
        0.37,
        2,
        lambda: 100 * layered_leakage(THREE_LAYERS, "mrbm"),
    ),
    PublishedResult(
        "leakage of the same three layers when one track of .95 feeds all, %",
        5.14,
        2,
        lambda: 100 * layered_leakage(THREE_LAYERS, "mrbm", track_scope="threat", track=0.95),
    ),
    PublishedResult("leakers of 10 threats with 10 rounds, one shot each (p .7)", 3.00, 2, lambda: _leaks(1)),
    PublishedResult("leakers of 10 threats with 10 rounds, two shots each (p .7)", 5.45, 2, lambda: _leaks(2)),
    PublishedResult("kill probability of two shots of .82 each", 0.9676, 4, lambda: kill_probability(0.82, 2)),
    PublishedResult("kill probability of two shots of .87 each", 0.9831, 4, lambda: kill_probability(0.87, 2)),
    PublishedResult(
        "cost exchange of one Tamir of 50,000 dollars against a rocket of 800",
        62.5,
        1,
        lambda: cost_exchange_ratio(50_000, 800, single_shot=1.0, shots=1, doctrine="barrage"),
    ),
    PublishedResult(
        "leakers of 250 threats, three layers with few rounds (p .82, .87, .92; shots 2, 2, 1; rounds 80, 60, 120)",
        71.38,
        2,
        lambda: raid_leakers(THREE_LIMITED_LAYERS, {"srbm": 250}).mean,
        "nafo_bot",
        "theirs is simulated",
    ),
    PublishedResult(
        "leakers of the same 250 threats, standard deviation",
        3.27,
        2,
        lambda: raid_leakers(THREE_LIMITED_LAYERS, {"srbm": 250}).variance ** 0.5,
        "nafo_bot",
        "theirs is simulated",
    ),
    PublishedResult(
        "at least one leaker of 300 threats, each with .05 (probability)",
        0.9999997925,  # printed with an eleventh digit, which is cut and not rounded
        10,
        lambda: 1 - leaker_distribution(300, single_shot=0.95, shots=1).probability_zero,
        "nafo_bot",
    ),
    PublishedResult(
        "kill probability of four shots of .5 each, %", 94, 0, lambda: 100 * kill_probability(0.5, 4), "ucs"
    ),
    PublishedResult(
        "kill probability of four shots of .56 each, %",
        97,
        0,
        lambda: 100 * kill_probability(0.56, 4),
        "popular_mechanics_2017",
        "theirs is rounded up: 96.25 exactly",
    ),
)
