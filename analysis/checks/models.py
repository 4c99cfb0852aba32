"""Published results of models, and what our functions give for the same input; as rooms gain models, they join."""

from collections.abc import Callable
from dataclasses import dataclass

from analysis.air_defence.cost import cost_exchange_ratio
from analysis.air_defence.engagement import interceptors_needed, kill_probability
from analysis.air_defence.integration import coordination_gain
from analysis.air_defence.kill_chain import shot_opportunities
from analysis.air_defence.salvo import leaker_distribution
from analysis.air_defence.saturation import erlang_b


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
    """

    figure: str
    published: float
    digits: int
    ours: Callable[[], float]


def _needed(threats: int) -> int:
    need = interceptors_needed(threats, single_shot=0.7, target=0.8, track=0.99)
    return need.interceptors or 0


def _leakage(reaction_s: float) -> float:
    shots = shot_opportunities(window_s=90, reaction_s=reaction_s, cycle_s=20)
    return 100 * (1 - kill_probability(0.6, shots))


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
        "cost exchange of one Tamir of 50,000 dollars against a rocket of 800",
        62.5,
        1,
        lambda: cost_exchange_ratio(50_000, 800, single_shot=1.0, shots=1, doctrine="barrage"),
    ),
)
