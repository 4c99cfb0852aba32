"""Leakers of a raid by doctrine, scope of common failure and size: luck at the best values, and what is not known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pandas as pd

from analysis.air_defence.exact.layers import work_by_layer
from analysis.air_defence.facts.choices import DOCTRINES, TRACK_SCOPES
from analysis.air_defence.models.engagement import discriminate
from analysis.air_defence.models.salvo import Leakers
from analysis.air_defence.questions.cases import ONE_TRACK, Case, fire_differently, resize
from analysis.air_defence.questions.cost import swing_by_input
from analysis.air_defence.questions.uncertainty import BAND, outcome_bands, sensitivity, split_variance

ONE_SHOT = "barrage"  # with one shot the doctrines agree
SIZES = (25, 50, 100, 150, 200, 300, 400)
"""Sizes of a raid against the named one, %."""
DOTS = 20
"""Numbers of equal chance that a dot plot shows: each stands for one raid in twenty."""
DECOYS_EACH, DECOYS_CALLED_REAL = 4, (0.0, 0.1, 0.5, 1.0)
"""Decoys for each threat, and shares of them that are taken for real; notional."""
POSITIONS = (25, 50, 75, 100, 125, 150, 175, 200)
"""Sizes at which every doctrine is solved, %; the work grows with the square of the size."""


@dataclass(frozen=True)
class Outcomes:
    """Leakers of several cases, luck kept apart from what is not known.

    Attributes
    ----------
    luck : pandas.DataFrame
        One row is a number of leakers in a case, at the best value of every input: ``case, leakers, chance,
        at_least`` (chance of so many or more).
    summary : pandas.DataFrame
        One row is a case. At the best values: ``mean, q05, q95, probability_zero``. Over draws of the inputs:
        ``mean_low, mean_median, mean_high``, the same of ``q95`` and of ``zero`` (low and high are 5 and 95 % of the
        draws), ``variance_luck, variance_ignorance``. Before them ``case, threats``.
    """

    luck: pd.DataFrame
    summary: pd.DataFrame

    def at(self, percent: int) -> "Outcomes":
        """Take one size out of the outcomes of :func:`leakers_by_doctrine_and_size`."""
        frames = (frame[frame["percent"] == percent] for frame in (self.luck, self.summary))
        return Outcomes(
            *(rows.drop(columns=["percent", "own"], errors="ignore").reset_index(drop=True) for rows in frames)
        )


def compare(cases: Mapping[Any, Case], n_draws: int, seed: int) -> Outcomes:
    """Leakers of several cases, at the best values and over draws of what is not known.

    Parameters
    ----------
    cases : dict of Case
        Cases by their label.
    n_draws : int
        Draws, best a power of two.
    seed : int
        Seed of the draws; cases with the same inputs share them, so their differences are steadier than their levels.

    Returns
    -------
    Outcomes
        See there.

    Examples
    --------
    >>> from analysis.air_defence.exact.defence import Layer
    >>> from analysis.air_defence.questions.forces import Defence
    >>> ends = dict(low=[0.5, 4], best=[0.5, 4], high=[0.5, 4], whole=[False, True])
    >>> ranges = pd.DataFrame(ends, index=["one.srbm.single_shot", "one.rounds"])
    >>> one = Layer("one", {"srbm": 0.5}, {"srbm": 4}, shots=1)
    >>> defence = Defence([one], ranges, pd.DataFrame(), pd.DataFrame(), {"srbm": 4})
    >>> case = Case(defence, "layer", {"low": 1, "best": 1, "high": 1})
    >>> compare({"as it is": case}, 4, seed=1).summary[["case", "mean", "mean_low", "mean_high"]].values.tolist()
    [['as it is', 2.0, 2.0, 2.0]]
    """
    luck, summary = [], []
    for label, case in cases.items():
        leakers = case.luck()
        table = pd.DataFrame({"case": label, "leakers": range(leakers.pmf.size), "chance": leakers.pmf})
        luck.append(table.assign(at_least=leakers.pmf[::-1].cumsum()[::-1].clip(max=1.0)))
        results = case.by_draw(case.draw(n_draws, seed))
        summary.append({"case": label, "threats": case.threats} | _at_best(leakers) | _over_draws(results))
    return Outcomes(pd.concat(luck, ignore_index=True), pd.DataFrame(summary))


def leakers_by_class(cases: Mapping[Any, Case], n_draws: int, seed: int) -> pd.DataFrame:
    """Leakers of each class in several cases, on average over draws of what is not known.

    Parameters
    ----------
    cases : dict of Case
        Cases by their label, such as from ``posterior.cases_side_by_side``.
    n_draws, seed
        As in :func:`compare`.

    Returns
    -------
    pandas.DataFrame
        One row is a class of the raid, or ``all``, in a case: ``case, threat_class, threats, mean`` (over luck and
        draws), ``low, high`` (5 and 95 % of the draws' means), ``q05, q95`` (within which nine of ten raids end by luck
        alone, on average over the draws).

    Examples
    --------
    >>> from analysis.air_defence.exact.defence import Layer
    >>> from analysis.air_defence.questions.forces import Defence
    >>> ends = dict(low=[0.5, 4], best=[0.5, 4], high=[0.5, 4], whole=[False, True])
    >>> ranges = pd.DataFrame(ends, index=["one.srbm.single_shot", "one.rounds"])
    >>> one = Layer("one", {"srbm": 0.5}, {"srbm": 4}, shots=1)
    >>> case = Case(Defence([one], ranges, pd.DataFrame(), pd.DataFrame(), {"srbm": 4}), "layer", {"best": 1})
    >>> leakers_by_class({"as it is": case}, 4, seed=1)[["threat_class", "threats", "mean"]].values.tolist()
    [['srbm', 4, 2.0], ['all', 4, 2.0]]
    """
    rows = []
    for label, case in cases.items():
        found = case.by_class_and_draw(case.draw(n_draws, seed))
        for name, drawn in found.groupby("threat_class", sort=False):
            threats = case.defence.raid.get(str(name), case.threats)
            low, high = (float(drawn["mean"].quantile(q)) for q in ((1 - BAND) / 2, (1 + BAND) / 2))
            luck = {q: float(drawn[q].mean()) for q in ("q05", "q95")}
            numbers = {"mean": float(drawn["mean"].mean()), "low": low, "high": high, **luck}
            rows.append({"case": label, "threat_class": name, "threats": threats, **numbers})
    return pd.DataFrame(rows)


def equal_chances(cases: Mapping[Any, Case], n_draws: int, seed: int, dots: int = DOTS) -> pd.DataFrame:
    """Leakers of each class in several cases as numbers of equal chance: luck and what is not known together.

    Parameters
    ----------
    cases : dict of Case
        Cases by their label, such as from ``posterior.cases_side_by_side``.
    n_draws, seed
        As in :func:`compare`.
    dots : int
        Numbers for each class, 1 or more.

    Returns
    -------
    pandas.DataFrame
        One row is a number of leakers of a class of the raid, or of ``all``, in a case: ``case, threat_class, threats,
        dot`` (1 to ``dots``) and ``leakers``. Each stands for an equal part of all raids and draws.

    References
    ----------
    Quantile dot plots: Kay, Kola, Hullman and Munson, When (ish) is my bus?, CHI 2016.

    Examples
    --------
    >>> from analysis.air_defence.exact.defence import Layer
    >>> from analysis.air_defence.questions.forces import Defence
    >>> ends = dict(low=[0.5, 4], best=[0.5, 4], high=[0.5, 4], whole=[False, True])
    >>> ranges = pd.DataFrame(ends, index=["one.srbm.single_shot", "one.rounds"])
    >>> one = Layer("one", {"srbm": 0.5}, {"srbm": 4}, shots=1)
    >>> case = Case(Defence([one], ranges, pd.DataFrame(), pd.DataFrame(), {"srbm": 4}), "layer", {"best": 1})
    >>> equal_chances({"as it is": case}, 4, seed=1, dots=4).query("threat_class == 'srbm'")["leakers"].tolist()
    [1, 2, 2, 3]
    """
    rows = []
    for label, case in cases.items():
        for name, leakers in case.over_draws(case.draw(n_draws, seed)).items():
            threats = case.defence.raid.get(name, case.threats)
            rows += [(label, name, threats, dot + 1, leakers.quantile((dot + 0.5) / dots)) for dot in range(dots)]
    return pd.DataFrame(rows, columns=["case", "threat_class", "threats", "dot", "leakers"])


def shots_at_decoys(
    case: Case, decoys_each: Sequence[int], called_real: float, decoy_called_real: float
) -> pd.DataFrame:
    """Interceptors that each layer would want where every real threat comes with decoys, beside those it has.

    Parameters
    ----------
    case : Case
        Layers at the best values; each is asked as if it met the whole raid.
    decoys_each : sequence of int
        Decoys for each real threat, 0 or more.
    called_real, decoy_called_real : float
        Chance that a real threat, and that a decoy, is called real, 0 to 1.

    Returns
    -------
    pandas.DataFrame
        One row is a class at a layer with some decoys: ``system_id, threat_class, decoys_each, wanted`` (interceptors,
        on average), ``rounds`` (of the class, or shared), ``leakers`` (of that layer alone if it had them all).

    Raises
    ------
    ParameterError
        When a number is out of range.

    Notes
    -----
    As in ``engagement.discriminate``: calls are independent, and every object that is called real gets all shots.
    """
    rows = []
    for layer, number in product(case.defence.layers, decoys_each):
        for name, p in layer.single_shot.items():
            threats = case.defence.raid[name]
            found = discriminate(threats, threats * number, layer.shots, p, called_real, decoy_called_real)
            shots = float(found.expected_shots)
            rows.append((layer.name, name, number, shots, layer.rounds_for(name), float(found.expected_leakers)))
    return pd.DataFrame(rows, columns=["system_id", "threat_class", "decoys_each", "wanted", "rounds", "leakers"])


def shots_by_discrimination(case: Case) -> pd.DataFrame:
    """Interceptors wanted where each threat comes with :data:`DECOYS_EACH` decoys, by how many are taken for real.

    Parameters
    ----------
    case : Case
        As in :func:`shots_at_decoys`.

    Returns
    -------
    pandas.DataFrame
        As :func:`shots_at_decoys`, and ``decoy_called_real`` (one of :data:`DECOYS_CALLED_REAL`); no threat is taken
        for a decoy.
    """
    found = [
        shots_at_decoys(case, [DECOYS_EACH], 1.0, share).assign(decoy_called_real=share) for share in DECOYS_CALLED_REAL
    ]
    return pd.concat(found, ignore_index=True)


def leakers_by_doctrine(case: Case, shots: int, n_draws: int, seed: int) -> Outcomes:
    """Leakers when every layer fires one shot, a barrage, or looks between shots.

    Parameters
    ----------
    case : Case
        Its own doctrine and shots are replaced.
    shots : int
        Interceptors for a threat at each layer, at most; 2 where 1 is given, since with one shot the doctrines agree.
    n_draws, seed
        As in :func:`compare`.

    Returns
    -------
    Outcomes
        Of the cases "One shot", "Barrage of n" and "Shoot-look-shoot, up to n".
    """
    ways = _ways_to_fire(shots)
    return compare({label: fire_differently(case, *way) for label, way in ways.items()}, n_draws, seed)


def _ways_to_fire(shots: int) -> dict[str, tuple[str, int]]:
    """Doctrine and shots by label; with one shot the doctrines agree, so there are two at least."""
    n = max(2, shots)
    return {"One shot": (ONE_SHOT, 1)} | {way.words.format(shots=n): (name, n) for name, way in DOCTRINES.items()}


def leakers_by_doctrine_and_size(
    case: Case, shots: int, n_draws: int, seed: int, percents: Sequence[int] = POSITIONS
) -> Outcomes:
    """Leakers by doctrine at each of several sizes of the raid.

    Parameters
    ----------
    case : Case
        The case at 100 %; its own doctrine and shots say which of the results is its own.
    shots, n_draws, seed
        As in :func:`leakers_by_doctrine`.
    percents : sequence of int
        Sizes, % of the case's raid.

    Returns
    -------
    Outcomes
        Both frames gain ``percent``; the summary also ``own``: is it the case as it was given.

    Examples
    --------
    >>> from analysis.air_defence.exact.defence import Layer
    >>> from analysis.air_defence.questions.forces import Defence
    >>> ends = dict(low=[0.5, 4], best=[0.5, 4], high=[0.5, 4], whole=[False, True])
    >>> ranges = pd.DataFrame(ends, index=["one.srbm.single_shot", "one.rounds"])
    >>> one = Layer("one", {"srbm": 0.5}, {"srbm": 4}, shots=2)
    >>> case = Case(Defence([one], ranges, pd.DataFrame(), pd.DataFrame(), {"srbm": 2}), "layer", {"best": 1})
    >>> found = leakers_by_doctrine_and_size(case, 2, 4, seed=1, percents=[100, 200]).summary
    >>> found[["case", "percent", "mean", "own"]].head(3).values.tolist()
    [['One shot', 100, 1.0, False], ['Barrage of 2', 100, 0.5, True], ['Shoot-look-shoot, up to 2', 100, 0.5, False]]
    """
    ways = _ways_to_fire(shots)
    given = {(layer.doctrine if layer.shots > 1 else ONE_SHOT, layer.shots) for layer in case.defence.layers}
    luck, summary = [], []
    for percent in percents:
        at_size = leakers_by_doctrine(resize(case, percent), shots, n_draws, seed)
        own = [{ways[label]} == given and percent == 100 for label in at_size.summary["case"]]
        luck.append(at_size.luck.assign(percent=percent))
        summary.append(at_size.summary.assign(percent=percent, own=own))
    return Outcomes(pd.concat(luck, ignore_index=True), pd.concat(summary, ignore_index=True))


def leakers_by_scope(case: Case, n_draws: int, seed: int) -> Outcomes:
    """Leakers by what fails together; the labels are those of ``choices.TRACK_SCOPES``.

    Parameters are those of :func:`compare`, for one case.
    """
    return compare({scope: replace(case, track_scope=scope) for scope in TRACK_SCOPES}, n_draws, seed)


def leakers_by_size(
    case: Case, n_draws: int, seed: int, percents: Sequence[int] = SIZES
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Leakers against the size of the raid, and where magazines run dry.

    Parameters
    ----------
    case : Case
        The case at 100 %.
    n_draws, seed
        As in :func:`compare`.
    percents : sequence of int
        Sizes, % of the case's raid. Of those that make the same small raid the nearest to 100 % stands for all.

    Returns
    -------
    summary : pandas.DataFrame
        One row is a size: as ``Outcomes.summary``, ``case`` being the percent.
    dry : pandas.DataFrame
        One row is a system at a size: ``case, threats, system_id, rounds, spent`` (on average), ``short`` (the largest
        chance over its classes that rounds are missing).
    """
    resized = {percent: resize(case, percent) for percent in percents}
    outwards = sorted(percents, key=lambda percent: abs(percent - 100), reverse=True)
    nearest = {resized[percent].threats: percent for percent in outwards}
    cases = {percent: sized for percent, sized in resized.items() if percent in nearest.values()}
    dry = [layer_totals(sized.work()).assign(case=percent, threats=sized.threats) for percent, sized in cases.items()]
    columns = ["case", "threats", "system_id", "rounds", "spent", "short"]
    return compare(cases, n_draws, seed).summary, pd.concat(dry, ignore_index=True)[columns]


def layer_totals(work: pd.DataFrame) -> pd.DataFrame:
    """Sum the work of each layer over its classes; of the chances of running dry it keeps the largest.

    Parameters
    ----------
    work : pandas.DataFrame
        From ``layers.work_by_layer``, magazines allotted by class.

    Returns
    -------
    pandas.DataFrame
        One row is a layer: ``system_id, arriving, killed, rounds, spent, short, short_class``.
    """
    groups = work.groupby("layer", sort=False)
    totals = groups.agg(arriving=("arriving", "sum"), killed=("killed", "sum"), rounds=("magazine", "sum"))
    totals = totals.join(groups.agg(spent=("spent", "sum"), short=("short", "max")))
    worst = work.loc[groups["short"].idxmax()].set_index("layer")["threat_class"]
    return totals.assign(short_class=worst).rename_axis("system_id").reset_index()


def work_over_draws(case: Case, n_draws: int, seed: int) -> pd.DataFrame:
    """What each layer does, at the best values and over draws of what is not known.

    Parameters
    ----------
    case : Case
        The case.
    n_draws, seed
        As in :func:`compare`.

    Returns
    -------
    pandas.DataFrame
        One row is a layer: as :func:`layer_totals`, and ``killed_low, killed_high, spent_low, spent_high`` (5 and 95 %
        of the draws) and ``runs_dry``, the share of draws in which rounds are more likely missing than not.
    """
    inputs = case.inputs(case.draw(n_draws, seed))
    drawn = []
    for values in inputs.to_dict("records"):
        scope = case.scope | ({"track": values[ONE_TRACK]} if ONE_TRACK in values else {})
        layers = [layer.changed(values) for layer in case.defence.layers]
        drawn.append(layer_totals(work_by_layer(layers, case.defence.raid, **scope)))
    groups = pd.concat(drawn).groupby("system_id", sort=False)
    bands = {
        f"{name}_{end}": groups[name].quantile(q)
        for name in ("killed", "spent")
        for end, q in (("low", (1 - BAND) / 2), ("high", (1 + BAND) / 2))
    }
    dry = groups["short"].agg(lambda chances: float((chances > 0.5).mean()))
    return layer_totals(case.work()).join(pd.DataFrame(bands).assign(runs_dry=dry), on="system_id")


def _at_best(leakers: Leakers) -> dict[str, float]:
    """Summarise luck at the best values."""
    ends = {"q05": float(leakers.quantile(0.05)), "q95": float(leakers.quantile(0.95))}
    return {"mean": leakers.mean, **ends, "probability_zero": leakers.probability_zero}


def _over_draws(results: pd.DataFrame) -> dict[str, float]:
    """Summarise what is not known: bands over draws, and the two parts of the variance."""
    bands = outcome_bands(results).set_index("quantity")
    shown = {"mean": "mean", "q95": "q95", "zero": "probability_zero"}
    ends = ("low", "median", "high")
    said = {f"{short}_{end}": float(bands.loc[name, end]) for short, name in shown.items() for end in ends}
    parts = split_variance(results)
    return said | {f"variance_{part}": float(parts[part]) for part in ("luck", "ignorance")}


def kind_of_input(name: str) -> str:
    """Return the kind of an input: single_shot, rounds or track.

    Examples
    --------
    >>> kind_of_input("sky_bow_3.srbm.single_shot"), kind_of_input("track")
    ('single_shot', 'track')
    """
    return name.split(".")[-1]


def swing_of_leakers(case: Case) -> pd.DataFrame:
    """How far the mean number of leakers moves when one input, or all of a kind, goes from low to high.

    Parameters
    ----------
    case : cases.Case
        The case.

    Returns
    -------
    pandas.DataFrame
        One row is an input or one of ``TOGETHER``, the one that moves the mean most first: ``input, at_low, at_high,
        at_best, swing`` (threats).

    Notes
    -----
    The others stay at their best values. Rows of ``TOGETHER`` bound what inputs that are drawn independently hide: one
    wrong belief about interceptors would lower all kill probabilities at once.
    """
    ranges = case.ranges
    kinds = ranges.index.map(kind_of_input)
    members = {name: [name] for name in ranges.index}
    members |= {f"all {kind}": list(ranges.index[kinds == kind]) for kind in dict.fromkeys(kinds)}
    places = pd.DataFrame({"low": -1, "best": 0, "high": 1}, index=pd.Index(members, name="input"))

    def mean_at(positions: pd.DataFrame) -> pd.Series:
        rows = []
        for _, position in positions.iterrows():
            row = ranges["best"].copy()
            for name in position.index[position != 0]:
                row[members[name]] = ranges.loc[members[name], "low" if position[name] < 0 else "high"]
            rows.append(row)
        return case.by_draw(pd.DataFrame(rows).reset_index(drop=True))["mean"]

    return swing_by_input(mean_at, places)


def shares_of_variance(case: Case, n_draws: int, seed: int) -> pd.DataFrame:
    """Sobol indices of the mean number of leakers: how much of what is not known each input answers for.

    Parameters
    ----------
    case : cases.Case
        The case.
    n_draws : int
        Base points, 2 or more; the largest power of two that is no larger is taken.
    seed : int
        Seed of the points.

    Returns
    -------
    pandas.DataFrame
        As from ``uncertainty.sensitivity``.

    Notes
    -----
    Luck is averaged out. Inputs are independent here; see :func:`swing_of_leakers` for those of a kind together.
    """
    return sensitivity(lambda draws: case.by_draw(draws)["mean"], case.ranges, 1 << (n_draws.bit_length() - 1), seed)
