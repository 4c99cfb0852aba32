"""Several tests at once: the share of false discoveries among what is called unusual."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from scipy.stats import false_discovery_control

from analysis.errors import ParameterError

Name = TypeVar("Name", bound=Hashable)


def false_discovery_q(chances: Mapping[Name, float]) -> dict[Name, float]:
    """Adjust the p of several tests by Benjamini and Hochberg.

    Parameters
    ----------
    chances : mapping of a name to float
        p of each test, 0 to 1; NaN where nothing could be tested, which counts as no test.

    Returns
    -------
    dict of a name to float
        q of each test: if all tests with at most this q are called unusual, on average at most this share of them is
        so by chance. NaN where p is.

    Raises
    ------
    ParameterError
        For a p outside 0 to 1.

    Notes
    -----
    Holds for independent tests and for those that depend on each other positively; pairs that share an entity may not.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate.

    Examples
    --------
    >>> false_discovery_q({"one": 0.01, "two": 0.04, "three": 0.5, "held": float("nan")})
    {'one': 0.03, 'two': 0.06, 'three': 0.5, 'held': nan}
    """
    for name, chance in chances.items():
        if not (np.isnan(chance) or 0 <= chance <= 1):
            raise ParameterError(f"chances: p = {chance} of {name} must be between 0 and 1, or NaN.")
    tested = {name: chance for name, chance in chances.items() if not np.isnan(chance)}
    adjusted = false_discovery_control(list(tested.values())).tolist() if tested else []
    found = dict(zip(tested, adjusted, strict=True))
    return {name: float(found.get(name, np.nan)) for name in chances}


def adjust_pairs(found: Mapping[Name, Any]) -> dict[Name, Any]:
    """Give each of several pairs its q, the share of false discoveries among them.

    Parameters
    ----------
    found : mapping of a pair to CoRecognition
        From :func:`analysis.recognition.relations.co_recognition`, with ``p_shuffle`` and ``p_exact``. A pair that
        cannot move under the shuffle (NaN) counts as no test of it.

    Returns
    -------
    dict of a pair to CoRecognition
        The same with ``q_shuffle`` and ``q_exact``.

    Examples
    --------
    >>> from analysis.tables import load_table
    >>> from analysis.recognition.facts.spells import build_spells
    >>> from analysis.recognition.relations import co_recognition
    >>> spells = build_spells(load_table("recognition/events"), load_table("recognition/lineage"))
    >>> states, pairs = load_table("recognition/states"), [("TWN", "PSE"), ("ISR", "PSE")]
    >>> found = {pair: co_recognition(spells, "2024-12-31", *pair, states, draws=99) for pair in pairs}
    >>> all(one.q_shuffle >= one.p_shuffle for one in adjust_pairs(found).values())
    True
    """
    shuffled = false_discovery_q({pair: one.p_shuffle for pair, one in found.items()})
    exact = false_discovery_q({pair: one.p_exact for pair, one in found.items()})
    return {pair: replace(one, q_shuffle=shuffled[pair], q_exact=exact[pair]) for pair, one in found.items()}
