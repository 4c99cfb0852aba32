"""Stocks: what a raid spends, what a second one meets, whose output refills them, and how long that takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.air_defence.exact.defence import CORRELATION, Layer
from analysis.air_defence.exact.layers import raid_leakers
from analysis.air_defence.facts.claims import ENDS, assumption, combine_claims
from analysis.air_defence.models.exchange import restock_months
from analysis.air_defence.models.salvo import Leakers
from analysis.air_defence.questions.cases import ONE_TRACK, Case
from analysis.air_defence.questions.forces import Defence, give_rounds
from analysis.air_defence.questions.uncertainty import outcome_bands
from analysis.facts import Facts

OWN, SHARED, PURCHASES = "own", "shared", "us_purchases"
"""Whose output: of a maker for its own state alone, of a maker for all its customers, or what the US buys in a year."""
HOMES = {"taiwan": "TWN", "israel": "ISR", "south_korea_kamd": "KOR", "usa_guam": "USA"}
FIRST, BARE, RELOADED = "first raid", "second raid, nothing reloaded", "second raid, reloaded from stock"


@dataclass(frozen=True)
class Course:
    """What a raid leaves of a defence.

    Attributes
    ----------
    stock : pandas.DataFrame
        From :func:`stock_after_raid`.
    raids : pandas.DataFrame
        From :func:`raid_table`: this raid, and the same again; ``threats`` is their number in each.
    """

    stock: pd.DataFrame
    raids: pd.DataFrame

    def numbers(self) -> dict[str, float]:
        """The key numbers of the course, by their names in words; leakers are means over luck and draws."""
        leakers = {f"{row.raid}: leakers on average": float(row.average) for row in self.raids.itertuples()}
        return {"rounds spent on average": float(self.stock["spent"].sum())} | leakers


def follow_raid(case: Case, n_draws: int, seed: int) -> Course:
    """Work out what a raid spends and leaves, and what the same raid does to what is left.

    Parameters
    ----------
    case : Case
        From ``cases.make_case``, or ``posterior.choose_inputs`` where inputs are fitted.
    n_draws : int
        Draws of what is not known.
    seed : int
        Their seed.

    Returns
    -------
    Course
        See there.
    """
    drawn = raids_by_draw(case, case.draw(n_draws, seed))
    return Course(stock_after_raid(case), raid_table(raids_in_a_row(case), drawn).assign(threats=case.threats))


def yearly_outputs(facts: Facts) -> pd.DataFrame:
    """Published rounds a year, and whose they are.

    Parameters
    ----------
    facts : Facts
        Tables of ``air_defence/``: ``system_parameters, systems``; and ``sources``.

    Returns
    -------
    pandas.DataFrame
        One row is an interceptor's output or purchases. Columns: ``system_id, interceptor, whose`` (``own``: the maker
        works for its own state alone; ``shared``: all customers; ``us_purchases``), ``low, best, high`` (rounds a
        year), ``n_claims, confidence, source_ids, claim_ids``.

    Notes
    -----
    Output is mostly capacity. What one state buys in a year is no output and is never mixed with it.
    """
    claims, makers = facts.system_parameters, facts.systems[["system_id", "operators", "nation_origin"]]
    wanted = claims[claims["parameter"].isin(["annual_production", "annual_us_purchases"])]
    rows = combine_claims(wanted, facts.sources).merge(makers, on="system_id")
    alone = rows["operators"].map(HOMES) == rows["nation_origin"]
    whose = alone.map({True: OWN, False: SHARED}).mask(rows["parameter"] == "annual_us_purchases", PURCHASES)
    columns = ["system_id", "interceptor", "whose", *ENDS, "n_claims", "confidence", "source_ids", "claim_ids"]
    return rows.assign(whose=whose)[columns]


def stock_after_raid(case: Case) -> pd.DataFrame:
    """Rounds of each system before and after a raid, on average; magazines by class are added up.

    Parameters
    ----------
    case : Case
        As for :func:`follow_raid`.

    Returns
    -------
    pandas.DataFrame
        One row is a system with a layer, the highest first. Columns: ``system_id, name, in_place`` (ready where the
        raid comes; all that is ready where the case uses coverage), ``spent`` (on average), ``left`` (in place),
        ``exist`` (rounds that exist anywhere; empty where nobody publishes them), ``behind`` (of these, not on
        launchers), ``reload`` (of ``spent``, what ``behind`` can replace), ``exist_after, confirmed``.

    Notes
    -----
    Best values throughout. A reload is taken to arrive before the second raid and to find its launcher; where the
    rounds that exist are not published there is none. Rounds on launchers elsewhere are not brought up.
    """
    work = case.work().groupby("layer", sort=False)[["magazine", "spent"]].sum()
    rounds = case.defence.rounds.set_index("system_id").loc[work.index]
    table = pd.DataFrame({"name": rounds["name"], "in_place": work["magazine"], "spent": work["spent"]})
    table["left"] = table["in_place"] - table["spent"]
    table["exist"] = rounds["exist_best"]
    table["behind"] = (rounds["exist_best"] - rounds["ready_best"]).clip(lower=0)
    table["reload"] = table["spent"].clip(upper=table["behind"].fillna(0))
    table["exist_after"] = table["exist"] - table["spent"]
    return table.assign(confirmed=rounds["confirmed"]).rename_axis("system_id").reset_index()


def layers_after_raid(defence: Defence, stock: pd.DataFrame, reloaded: bool) -> list[Layer]:
    """Layers that meet a second raid of the same kind.

    Parameters
    ----------
    defence : Defence
        As before the first raid.
    stock : pandas.DataFrame
        From :func:`stock_after_raid`.
    reloaded : bool
        Whether launchers are filled again from rounds behind them.

    Returns
    -------
    list of Layer
        The same layers with the rounds that are left, rounded and allotted anew in proportion to the raid.
    """
    rounds = stock.set_index("system_id")["left"] + stock.set_index("system_id")["reload"] * reloaded
    return [
        replace(layer, magazine=give_rounds(defence, layer.single_shot, round(rounds[layer.name]), layer.shots))
        for layer in defence.layers
    ]


def raids_in_a_row(case: Case) -> dict[str, Leakers]:
    """Leakers of a raid, and of the same raid again without and with a reload.

    Parameters
    ----------
    case : Case
        As for :func:`follow_raid`.

    Returns
    -------
    dict of str to Leakers
        By ``FIRST``, ``BARE`` and ``RELOADED``.

    Notes
    -----
    The second raid meets the stock that the first leaves on average; its own luck is exact, that of the first is not
    carried over. Nothing is lost but rounds: no launcher or radar is destroyed.
    """
    stock, defence = stock_after_raid(case), case.defence
    states = {FIRST: defence.layers}
    states |= {name: layers_after_raid(defence, stock, name == RELOADED) for name in (BARE, RELOADED)}
    return {name: raid_leakers(layers, defence.raid, **case.law) for name, layers in states.items()}


def raids_by_draw(case: Case, draws: pd.DataFrame) -> pd.DataFrame:
    """Repeat :func:`raids_in_a_row` for draws of what is not known.

    Parameters
    ----------
    case : Case
        As for :func:`follow_raid`.
    draws : pandas.DataFrame
        From ``Case.draw``.

    Returns
    -------
    pandas.DataFrame
        One row is a draw of one raid: ``draw, raid``, and ``mean, probability_zero, q05, q50, q95`` of the leakers,
        for ``uncertainty.outcome_bands(..., by=["raid"])``.
    """
    inputs = case.inputs(draws)
    rows = []
    for draw, values in zip(inputs.index, inputs.to_dict("records"), strict=True):
        for raid, leakers in raids_in_a_row(_with_values(case, values)).items():
            quantiles = [leakers.quantile(q) for q in (0.05, 0.5, 0.95)]
            rows.append((draw, raid, leakers.mean, leakers.probability_zero, *quantiles))
    return pd.DataFrame(rows, columns=["draw", "raid", "mean", "probability_zero", "q05", "q50", "q95"])


def _with_values(case: Case, values: Mapping[str, float]) -> Case:
    """Return the case with one draw of its inputs, as from ``Case.inputs``, in place of the best values."""
    track = {"best": values.get(ONE_TRACK, case.one_track["best"])}
    correlation = {name: values.get(f"{CORRELATION}.{name}", own) for name, own in case.correlation.items()}
    layers = [layer.changed(values) for layer in case.defence.layers]
    drawn = replace(case.defence, layers=layers)
    return replace(case, defence=drawn, one_track=track, correlation=correlation)


def months_to_restock(stock: pd.DataFrame, outputs: pd.DataFrame, assumptions: pd.DataFrame) -> pd.DataFrame:
    """Months until the rounds that a raid spends are made again.

    Parameters
    ----------
    stock : pandas.DataFrame
        From :func:`stock_after_raid`.
    outputs : pandas.DataFrame
        From :func:`yearly_outputs`.
    assumptions : pandas.DataFrame
        Table ``air_defence/assumptions``.

    Returns
    -------
    pandas.DataFrame
        One row is a system. Columns: ``system_id, name, spent, whose, output`` (best, rounds a year), ``whole_line``
        (months if the whole published output went to this owner; a floor), ``months_low, months_best, months_high``
        (with an assumed share of the output) and ``share_best``; empty where no output is published.

    Raises
    ------
    DataError
        When an assumption is missing.

    Notes
    -----
    Purchases of the United States are nobody else's output and are not used. Orders take years to reach a line: these
    are months of output, not of waiting.
    """
    lines = outputs[outputs["whose"] != PURCHASES].drop_duplicates("system_id").set_index("system_id")
    rows = []
    for row in stock.itertuples():
        found = {"system_id": row.system_id, "name": row.name, "spent": row.spent}
        if row.system_id in lines.index:
            line = lines.loc[row.system_id]
            share = assumption(assumptions, f"share_of_{line['whose']}_output")
            monthly = {end: line[end] * share[end] / 12 for end in ENDS}
            found |= {"whose": line["whose"], "output": line["best"], "share_best": share["best"]}
            found["whole_line"] = restock_months(row.spent, line["best"] / 12)
            ends = zip(ENDS, reversed(ENDS), strict=True)
            found |= {f"months_{end}": restock_months(row.spent, monthly[away]) for end, away in ends}
        rows.append(found)
    return pd.DataFrame(rows).reindex(columns=_MONTHS)


_MONTHS = [
    "system_id", "name", "spent", "whose", "output", "whole_line", *(f"months_{end}" for end in ENDS), "share_best",
]  # fmt: skip


def raid_table(
    raids: Mapping[str, Leakers], drawn: pd.DataFrame, names: Sequence[str] = (FIRST, BARE, RELOADED)
) -> pd.DataFrame:
    """Put luck and ignorance of the raids in a row side by side.

    Parameters
    ----------
    raids : dict of str to Leakers
        From :func:`raids_in_a_row`.
    drawn : pandas.DataFrame
        From :func:`raids_by_draw`.
    names : list of str
        Which raids, in which order.

    Returns
    -------
    pandas.DataFrame
        One row is a raid: ``raid, mean, q05, q95`` (luck, at the best values), ``low, median, high`` (band of the mean
        over what is not known) and ``average`` (mean over luck and draws).
    """
    bands = outcome_bands(drawn, by=["raid"])
    known = bands[bands["quantity"] == "mean"].set_index("raid").loc[list(names), ["low", "median", "high"]]
    luck = [(raids[name].mean, raids[name].quantile(0.05), raids[name].quantile(0.95)) for name in names]
    table = pd.DataFrame(luck, columns=["mean", "q05", "q95"], index=known.index)
    return table.join(known).assign(average=drawn.groupby("raid")["mean"].mean()).reset_index()
