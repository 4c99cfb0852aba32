"""Every input of a case laid open: what a page needs to ask the same question again with no kernel."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.air_defence.calibration.raids import family_of
from analysis.air_defence.exact.defence import CORRELATION, LARGEST_RAID, Layer
from analysis.air_defence.facts.choices import DOCTRINES, THREATS
from analysis.air_defence.facts.claims import ENDS
from analysis.air_defence.questions.cases import ONE_TRACK, TRACK, Case
from analysis.air_defence.questions.posterior import ends_of_draws

DIGITS = 6
PARTS = 100_000
"""Chances that are drawn are written as whole numbers of this part of 1."""
LETTERS = 4
"""Letters of a drawn number in base 36."""
ROUNDS, THREAT = "rounds", "threats"
LARGEST_ROUNDS = 20_000
MOST_TIMES = 4
"""How many times the threats of a class may be taken; the work grows with the square."""


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


def open_ledger(
    cases: Mapping[tuple[str, str], Case], own: tuple[str, str], n_draws: int, seed: int, n_dots: int
) -> dict[str, Any]:
    """Lay open all inputs of several cases of one defence, with the draws of what is not known.

    Parameters
    ----------
    cases : dict of tuple to Case
        From ``posterior.cases_side_by_side``: one defence whose magazines are allotted by class, and one raid.
    own : tuple
        The case whose ranges are shown.
    n_draws, seed
        Draws behind means and bands, as in ``leakage.leakers_by_class``.
    n_dots : int
        Draws behind distributions, as in ``leakage.equal_chances``.

    Returns
    -------
    dict
        Plain values: ``classes`` (of the raid, in order), ``raid`` (threats by class), ``level`` (classes that fly
        level), ``allotment``, ``layers`` (from :func:`describe_layers`, of classes the names), ``own`` (place of that
        case), ``sizes`` (numbers of draws), ``names`` (of what is drawn), ``columns`` (a number, or :data:`LETTERS` for
        each draw; chances in :data:`PARTS`), ``cases`` and ``inputs``. A case has ``case, trackScope, coverageScope,
        fixed`` (what is not drawn, by name), ``draws`` and ``dots``: for each of ``names`` its column. An input has
        ``name, kind, best, low, high, most, basis, path`` (where a case file says it), and ``sets``: the names for
        which it stands, where these are others than its own.

    Notes
    -----
    A name is ``layer.class.single_shot``, ``layer.class.coverage``, ``layer.track``, ``layer.rounds``,
    ``raid_correlation.class`` or ``track``.

    Examples
    --------
    >>> from analysis.air_defence.questions.forces import Defence
    >>> ends = dict(low=[0.4, 4], best=[0.5, 4], high=[0.7, 4], whole=[False, True], assumed=True, why="", common="")
    >>> ranges = pd.DataFrame(ends, index=["one.srbm.single_shot", "one.rounds"])
    >>> one = Layer("one", {"srbm": 0.5}, {"srbm": 4}, shots=1)
    >>> case = Case(Defence([one], ranges, pd.DataFrame(), pd.DataFrame(), {"srbm": 4}), "layer", {"best": 1})
    >>> found = open_ledger({("layer", "apart"): case}, ("layer", "apart"), 4, seed=1, n_dots=2)
    >>> [(row["name"], row["best"]) for row in found["inputs"]]
    [('raid.srbm', 4), ('one.srbm.single_shot', 0.5), ('one.rounds', 4)]
    >>> found["names"], [found["columns"][place] for place in found["cases"][0]["dots"]]
    (['one.rounds', 'one.srbm.single_shot'], [4, '110t14k6'])
    """
    chosen, columns, asked = cases[own], _Columns(), []
    names: list[str] = []
    for label, case in cases.items():
        places = {}
        for what, number in (("draws", n_draws), ("dots", n_dots)):
            drawn = _drawn(case, number, seed)
            names = names or list(drawn)
            places[what] = [columns.place(drawn[name], name.endswith(f".{ROUNDS}")) for name in names]
        asked.append({"case": list(label), **_ask(case), **places})
    return {
        "classes": [name for name, threats in chosen.defence.raid.items() if threats],
        "raid": dict(chosen.defence.raid),
        "level": [name for name in chosen.defence.raid if THREATS[name].flies_level],
        "allotment": chosen.defence.allotment,
        "layers": [layer | {"classes": list(layer["classes"])} for layer in describe_layers(chosen.defence.layers)],
        "own": list(cases).index(own),
        "sizes": {"draws": n_draws, "dots": n_dots},
        "cases": asked,
        "names": names,
        "columns": columns.kept,
        "parts": PARTS,
        "inputs": [*_list_raid(chosen), *_list_shared(chosen), *_list_ranges(chosen)],
    }


class _Columns:
    """Columns of draws, each kept once."""

    def __init__(self) -> None:
        self.kept: list[str | int] = []
        self._places: dict[bytes, int] = {}

    def place(self, values: pd.Series, whole: bool) -> int:
        """Keep a column, unless it is there; return its place."""
        numbers = np.rint(values.to_numpy(float) * (1 if whole else PARTS)).astype(np.int64)
        found = self._places.setdefault(bytes([whole]) + numbers.tobytes(), len(self.kept))
        if found == len(self.kept):
            self.kept.append(int(numbers[0]) if np.ptp(numbers) == 0 else "".join(map(_letters, numbers)))
        return found


def _letters(number: int) -> str:
    """Write a whole number in four letters."""
    return np.base_repr(number, 36).lower().zfill(LETTERS)


def _drawn(case: Case, n_draws: int, seed: int) -> pd.DataFrame:
    """Draw a case: every input of the chain that is drawn, and the rounds of every system."""
    drawn = case.draw(n_draws, seed)
    inputs = case.inputs(drawn)
    rounds = [name for name in drawn if name.endswith(f".{ROUNDS}")]
    return drawn[rounds].join(inputs[[name for name in inputs if not name.endswith(".magazine")]])


def _ask(case: Case) -> dict[str, Any]:
    """Say how a case is asked, and what it has where nothing is drawn."""
    fixed = {f"{CORRELATION}.{threat}": value for threat, value in case.correlation.items()}
    fixed[ONE_TRACK] = float(case.one_track["best"])
    return {"trackScope": case.track_scope, "coverageScope": case.coverage_scope, "fixed": fixed}


def _list_raid(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "name": f"raid.{name}",
            "kind": THREAT,
            **dict.fromkeys(ENDS, threats),
            "most": min(MOST_TIMES * max(threats, 10), LARGEST_RAID),
            "basis": "notional",
            "path": ["raids", "", "threats", name],
            "sets": [],
        }
        for name, threats in case.defence.raid.items()
        if threats
    ]


def _list_shared(case: Case) -> list[dict[str, Any]]:
    """List the assumptions that several inputs share, each once."""
    ranges, rows = case.ranges, []
    for common, members in ranges[ranges["common"] != ""].groupby("common", sort=False):
        sets = [name for quantity in members.index for name in _sets(case, quantity)]
        rows.append(_share(str(common), members.iloc[0], ["assumptions", str(common)], sets))
    for family in dict.fromkeys(family_of(name) for name in case.correlation):
        own = [name for name in case.correlation if family_of(name) == family]
        name = f"{CORRELATION}_{family}"
        ends = dict.fromkeys(ENDS, case.correlation[own[0]])
        if case.fitted is not None:
            ends = ends_of_draws(case.fitted[name], case.fitted["weight"])
        row = ends | {"assumed": case.fitted is None}
        rows.append(_share(name, row, ["assumptions", name], [f"{CORRELATION}.{threat}" for threat in own]))
    return rows


def _list_ranges(case: Case) -> list[dict[str, Any]]:
    """List the inputs of single systems, and what a user stated of several in the place of a shared assumption."""
    rows, systems = [], {layer.name for layer in case.defence.layers}
    for name, row in case.ranges.iterrows():
        system, *threat = str(name).split(".")[:-1] or [""]
        kind = str(name).rpartition(".")[2]
        if kind == ROUNDS:
            rows.append(_count(str(name), row, ["systems", system, ROUNDS]))
        elif system in systems:
            keys = ["kill_probability", *threat] if threat else [kind]
            rows.append(_share(str(name), row, ["systems", system, *keys], _sets(case, str(name))))
        elif not row["common"]:
            path = ["assumptions", TRACK if name == ONE_TRACK else f"{kind}_{system}"]
            rows.append(_share(str(name), row, path, _sets(case, str(name))))
    return rows


def _count(name: str, row: Any, path: list[str]) -> dict[str, Any]:
    """Describe an input that is a number of rounds."""
    ends = {end: int(row[end]) for end in ENDS}
    basis = "assumed" if row["assumed"] else "published"
    return {"name": name, "kind": ROUNDS, **ends, "most": LARGEST_ROUNDS, "basis": basis, "path": path}


def _share(name: str, row: Any, path: list[str], sets: list[str]) -> dict[str, Any]:
    """Describe an input that is a chance."""
    ends = {end: round(float(row[end]), DIGITS) for end in ENDS}
    basis = "assumed" if row["assumed"] else "fitted"
    found = {"name": name, "kind": "share", **ends, "most": 1, "basis": basis, "path": path}
    return found if sets == [name] else found | {"sets": sets}


def _sets(case: Case, name: str) -> list[str]:
    """Inputs of the chain for which a row of the case's ranges stands."""
    if name == ONE_TRACK:
        return [ONE_TRACK]
    return list(case.inputs(pd.DataFrame({name: [case.ranges.loc[name, "best"]]})).columns)
