"""A defence as a page without a kernel computes with it: plain values that its script reads."""

from collections.abc import Sequence
from typing import Any

from analysis.air_defence.exact.defence import Layer
from analysis.air_defence.facts.choices import DOCTRINES


def describe_layers(layers: Sequence[Layer]) -> list[dict[str, Any]]:
    """Say of each layer what the page's own chain asks; the names are those of ``reporting/page/ledger/chain.js``.

    Parameters
    ----------
    layers : list of Layer
        With magazines that are allotted by class.

    Examples
    --------
    >>> [upper] = describe_layers([Layer("upper", {"srbm": 0.7}, {"srbm": 24}, track=0.95)])
    >>> upper["shots"], upper["looks"], upper["classes"]
    (2, False, {'srbm': {'singleShot': 0.7, 'rounds': 24, 'coverage': 1.0}})
    """
    return [
        {
            "name": layer.name,
            "shots": layer.shots,
            "looks": DOCTRINES[layer.doctrine].salvo == 1,
            "local": layer.local,
            "track": layer.track,
            "classes": {
                name: {"singleShot": p, "rounds": layer.rounds_for(name), "coverage": layer.coverage_of(name)}
                for name, p in layer.single_shot.items()
            },
        }
        for layer in layers
    ]
