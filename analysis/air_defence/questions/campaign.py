"""The same raid day after day: what is left of the magazines, and how many threats leak, with and without reloads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.air_defence.exact.defence import Layer
from analysis.air_defence.exact.layers import leakers_by_class, raid_leakers, work_by_layer
from analysis.air_defence.facts.choices import SYSTEMS
from analysis.air_defence.models.arguments import require_amount, require_count, require_one
from analysis.air_defence.questions.cases import Case
from analysis.errors import ParameterError, require_choice

LONGEST = 365


@dataclass(frozen=True)
class Campaign:
    """The same raid day after day.

    Attributes
    ----------
    leakers : pandas.DataFrame
        One row is a class, or ``all``, on a day: ``day, threat_class, mean, q05, q95, probability_zero``.
    rounds : pandas.DataFrame
        One row is a system on a day: ``day, system_id, ready`` (in place in the morning), ``spent`` (on average),
        ``reloaded`` (overnight before), ``behind`` (that could still be loaded).
    """

    leakers: pd.DataFrame
    rounds: pd.DataFrame


def run_campaign(
    case: Case, days: int, reload: bool = False, resupply_a_day: Mapping[str, float] | None = None
) -> Campaign:
    """Send the raid of a case every day, at the best value of every input.

    Parameters
    ----------
    case : Case
        Its raid comes every day.
    days : int
        Days, 1 to 365.
    reload : bool
        Whether launchers are filled again overnight from rounds that exist but stand on no launcher.
    resupply_a_day : dict of str to float
        Rounds a day, 0 or more, that reach the store behind the launchers, by system; only with a reload.

    Returns
    -------
    Campaign
        See there.

    Raises
    ------
    ParameterError
        When a number is out of range, a system is not known, or rounds come that nobody loads.

    Notes
    -----
    Each day is solved exactly from the rounds that the days before leave on average; the luck of a day is in its
    distribution, but not carried to the next, which a simulation finds to matter little. Classes keep the rounds that
    were allotted to them before the first day, and a reload fills their gaps alike. Nothing is lost but rounds, threats
    do not learn, and where nobody publishes the rounds that exist there is nothing to reload.

    Examples
    --------
    >>> from analysis.air_defence.exact.defence import Layer
    >>> from analysis.air_defence.questions.forces import Defence
    >>> one = Layer("avenger", {"srbm": 0.5}, {"srbm": 6}, shots=1)
    >>> case = Case(Defence([one], pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), {"srbm": 4}), "layer", {"best": 1})
    >>> days = run_campaign(case, 3).leakers
    >>> days.loc[days["threat_class"] == "srbm", "mean"].tolist()
    [2.0, 3.0, 4.0]
    """
    require_one(days=days)
    last = int(require_count("days", days, LONGEST, smallest=1))
    coming = _resupply(case, reload, resupply_a_day or {})
    full = {name: float(rounds) for layer in case.defence.layers for name, rounds in _magazines(layer).items()}
    behind, left = _behind(case), dict(full)
    reloaded = dict.fromkeys(behind, 0.0)
    leakers, rounds = [], []
    for day in range(1, last + 1):
        layers = [_refilled(layer, left) for layer in case.defence.layers]
        found = leakers_by_class(layers, case.defence.raid, **case.law)
        found["all"] = raid_leakers(layers, case.defence.raid, **case.law)
        for name, of in found.items():
            leakers.append((day, name, of.mean, of.quantile(0.05), of.quantile(0.95), of.probability_zero))
        for layer, spent in _spent(case, layers).items():
            own = [key for key in full if key[0] == layer]
            ready = sum(left[key] for key in own)
            rounds.append((day, layer, ready, sum(spent.values()), reloaded[layer], behind[layer]))
            for key in own:
                left[key] = max(0.0, left[key] - spent[key])
            gap = sum(full[key] - left[key] for key in own)
            behind[layer] += coming.get(layer, 0.0)
            reloaded[layer] = min(gap, behind[layer]) if reload else 0.0
            behind[layer] -= reloaded[layer]
            for key in own:
                left[key] += (full[key] - left[key]) * (reloaded[layer] / gap if gap else 0.0)
    return Campaign(
        pd.DataFrame(leakers, columns=["day", "threat_class", "mean", "q05", "q95", "probability_zero"]),
        pd.DataFrame(rounds, columns=["day", "system_id", "ready", "spent", "reloaded", "behind"]),
    )


def follow_days(case: Case, days: int) -> pd.DataFrame:
    """Send the raid of a case every day, once without any reload and once with launchers filled again overnight.

    Parameters
    ----------
    case, days
        As in :func:`run_campaign`.

    Returns
    -------
    pandas.DataFrame
        Its ``leakers``, with ``reload`` (bool) and ``threats`` (of the class, or of all).
    """
    raid = case.defence.raid
    both = [run_campaign(case, days, reload).leakers.assign(reload=reload) for reload in (False, True)]
    rows = pd.concat(both, ignore_index=True)
    return rows.assign(threats=rows["threat_class"].map(dict(raid) | {"all": sum(raid.values())}))


def _magazines(layer: Layer) -> dict[tuple[str, str], int]:
    """Rounds of a layer by its name and class; the class is empty where all share them."""
    if isinstance(layer.magazine, Mapping):
        return {(layer.name, name): rounds for name, rounds in layer.magazine.items()}
    return {(layer.name, ""): layer.magazine}


def _refilled(layer: Layer, left: Mapping[tuple[str, str], float]) -> Layer:
    """Return the layer with what is left of its magazines, rounded."""
    if layer.is_shared:
        return replace(layer, magazine=round(left[layer.name, ""]))
    return replace(layer, magazine={name: round(left[layer.name, name]) for name in layer.single_shot})


def _spent(case: Case, layers: Sequence[Layer]) -> dict[str, dict[tuple[str, str], float]]:
    """Rounds that each layer spends on average, by magazine."""
    work = work_by_layer(layers, case.defence.raid, **case.scope)
    spent = {layer.name: dict.fromkeys(_magazines(layer), 0.0) for layer in layers}
    for row in work.itertuples():
        own = spent[row.layer]
        own[(row.layer, row.threat_class) if (row.layer, row.threat_class) in own else (row.layer, "")] += row.spent
    return spent


def _resupply(case: Case, reload: bool, given: Mapping[str, float]) -> dict[str, float]:
    """Check the rounds that come each day."""
    if given and not reload:
        raise ParameterError("resupply_a_day is given, but reload = False: nobody loads what comes; set reload = True.")
    names = [layer.name for layer in case.defence.layers]
    for system, number in given.items():
        require_choice("resupply_a_day system", system, names if system in SYSTEMS else list(SYSTEMS))
        require_one(**{f"resupply_a_day[{system}]": number})
        require_amount(f"resupply_a_day[{system}]", number)
    return dict(given)


def _behind(case: Case) -> dict[str, float]:
    """Rounds of each system that exist and stand on no launcher; 0 where nobody publishes what exists."""
    table = case.defence.rounds
    if table.empty:
        return dict.fromkeys((layer.name for layer in case.defence.layers), 0.0)
    table = table.set_index("system_id")
    behind = (table["exist_best"] - table["ready_best"]).clip(lower=0).fillna(0.0)
    return {layer.name: float(behind[layer.name]) for layer in case.defence.layers}
