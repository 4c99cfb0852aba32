"""Inputs that were fitted to raids that happened: checked, and put into a case in place of assumed ranges."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.air_defence.calibration.prior import COMMON, CORRELATIONS
from analysis.air_defence.calibration.raids import family_of, fitted_digest
from analysis.air_defence.exact.defence import CORRELATION
from analysis.air_defence.facts.choices import COVERAGE_SCOPES, IGNORANCE, INPUTS, WAR_LEVELS
from analysis.air_defence.facts.claims import ENDS, distribution_of
from analysis.air_defence.questions.cases import TRACK, Case
from analysis.air_defence.questions.forces import Defence, model_inputs
from analysis.air_defence.questions.uncertainty import BAND
from analysis.errors import DataError, require_choice
from analysis.facts import Facts

TABLE = "air_defence/posterior.csv"
NEW_WAR = "_new_war"
LARGEST_ROWS = 500
WHY = "fitted to raids that happened; low and high hold nine draws of ten"


def require_posterior(posterior: pd.DataFrame) -> pd.DataFrame:
    """Refuse a table that is no posterior: columns, size, probabilities, weights.

    Parameters
    ----------
    posterior : pandas.DataFrame
        ``air_defence/posterior``: one row is a draw under one scope of coverage. Columns: ``coverage_scope, draw,
        weight`` (adding up to 1 in each scope), the inputs that systems share, the same with the ending ``_new_war``,
        ``raid_correlation_...`` by family, and ``inputs_sha256``.

    Returns
    -------
    pandas.DataFrame
        The same.

    Raises
    ------
    DataError
        Naming the column or the scope that is wrong.
    """
    levels = [*COMMON, *(f"{name}{NEW_WAR}" for name in COMMON), *CORRELATIONS]
    for column in ("draw", "coverage_scope", "weight", "inputs_sha256", *levels):
        if column not in posterior:
            raise DataError(f"{TABLE} has no column {column!r}; run make calibrate.")
    for column in levels:
        if not posterior[column].between(0, 1).all():
            row = int(np.argmin(posterior[column].between(0, 1)))
            value = posterior[column].iloc[row]
            raise DataError(f"{TABLE} row {row + 1}: {column} = {value} is not allowed; give 0 to 1.")
    if not 0 < len(posterior) <= LARGEST_ROWS:
        raise DataError(f"{TABLE} has {len(posterior)} rows; 1 to {LARGEST_ROWS} are allowed; run make calibrate.")
    for scope, rows in posterior.groupby("coverage_scope"):
        if (rows["weight"] < 0).any() or abs(rows["weight"].sum() - 1) > 1e-3:
            raise DataError(f"{TABLE}: weights of scope {scope!r} add up to {rows['weight'].sum():.6g}, not to 1.")
    return posterior


def is_of_these_data(posterior: pd.DataFrame, facts: Facts) -> bool:
    """Whether the posterior was fitted to the tables as they stand.

    Parameters
    ----------
    posterior : pandas.DataFrame
        As in :func:`require_posterior`.
    facts : Facts
        Tables that ``calibration.raids.fitted_digest`` names.
    """
    return bool((posterior["inputs_sha256"] == fitted_digest(facts)).all())


def fit_case(case: Case, posterior: pd.DataFrame, level: str = "common") -> Case:
    """Return the case with the fitted inputs of its scope of coverage in place of assumed ranges.

    Parameters
    ----------
    case : Case
        Its defence uses coverage.
    posterior : pandas.DataFrame
        As in :func:`require_posterior`.
    level : {"common", "new_war"}
        The level that all wars share, or that of a war that nobody has seen.

    Returns
    -------
    Case
        Draws are rows of the posterior (``Case.draw``). In its ranges ``best`` is the mean of the draws, ``low`` and
        ``high`` hold nine of ten; layers, the one track and raid correlation stand at the means. Rounds stay, and so
        does what is assumed of one system alone or stated with its law.

    Raises
    ------
    ParameterError
        When the level is not known.
    DataError
        When the table is no posterior, or has no row of the case's scope.
    """
    fitted = _fitted_draws(posterior, case.coverage_scope, level)
    ends = {name: ends_of_draws(fitted[name], fitted["weight"]) for name in (*COMMON, *CORRELATIONS)}
    ranges = case.defence.ranges.copy()
    for name, common in ranges["common"].items():
        if common:
            ranges.loc[name, ["low", "best", "high"]] = [*ends[common].values()]
            ranges.loc[name, ["assumed", "why"]] = [False, WHY]
    best = model_inputs(case.defence, ranges.loc[ranges["common"] != "", ["best"]].astype(float).T)
    layers = [layer.changed(best.iloc[0].to_dict()) for layer in case.defence.layers]
    correlation = {name: ends[f"{CORRELATION}_{family_of(name)}"]["best"] for name in case.correlation}
    defence = replace(case.defence, ranges=ranges, layers=layers)
    track = case.one_track if case.one_track.get("distribution") else ends[TRACK]
    return replace(case, defence=defence, one_track=track, correlation=correlation, fitted=fitted)


def choose_inputs(case: Case, posterior: pd.DataFrame, inputs: str) -> Case:
    """Return the case with fitted inputs, at the level that all wars share, or with assumed ones.

    Parameters
    ----------
    case : Case
        With assumed inputs.
    posterior : pandas.DataFrame
        As in :func:`require_posterior`.
    inputs : {"calibrated", "assumed"}
        Which.

    Raises
    ------
    ParameterError
        When the choice is not known.
    DataError
        As :func:`fit_case`.
    """
    require_choice("inputs", inputs, INPUTS)
    return fit_case(case, posterior) if inputs == "calibrated" else case


def choose_assumptions(
    assumptions: pd.DataFrame, posterior: pd.DataFrame, inputs: str, coverage_scope: str = "layer"
) -> pd.DataFrame:
    """Return the assumptions with fitted inputs, at the level that all wars share, or as they stand.

    Parameters
    ----------
    assumptions : pandas.DataFrame
        ``air_defence/assumptions``.
    posterior : pandas.DataFrame
        As in :func:`require_posterior`.
    inputs : {"calibrated", "assumed"}
        Which.
    coverage_scope : {"layer", "place"}
        Scope of coverage under which inputs were fitted.

    Returns
    -------
    pandas.DataFrame
        The same rows; where one is fitted, ``best`` is the mean of the draws, ``low`` and ``high`` hold nine of ten.

    Raises
    ------
    ParameterError
        When the choice is not known.
    DataError
        As :func:`fit_case`.
    """
    require_choice("inputs", inputs, INPUTS)
    if inputs == "assumed":
        return assumptions
    fitted = _fitted_draws(posterior, coverage_scope, "common")
    table = assumptions.set_index("assumption_id")
    table[[*ENDS]] = table[[*ENDS]].astype(float)
    for name in [one for one in COMMON if not distribution_of(assumptions, one)]:
        table.loc[name, [*ENDS]] = [*ends_of_draws(fitted[name], fitted["weight"]).values()]
    return table.reset_index()


def cases_side_by_side(case: Case, posterior: pd.DataFrame, inputs: str = "calibrated") -> dict[tuple[str, str], Case]:
    """Both scopes of coverage, each with both levels of war, or with both ways not to know where nothing is fitted.

    Parameters
    ----------
    case : Case
        With assumed inputs.
    posterior : pandas.DataFrame
        As in :func:`require_posterior`.
    inputs : {"calibrated", "assumed"}
        Whether inputs are fitted or stay assumed.

    Returns
    -------
    dict of tuple to Case
        By coverage scope, and by ``common`` and ``new_war``, or else ``apart`` and ``together``.
    """
    cases: dict[tuple[str, str], Case] = {}
    for scope in COVERAGE_SCOPES:
        here = replace(case, coverage_scope=scope)
        if inputs == "assumed":
            cases |= {(scope, way): replace(here, ignorance=way) for way in IGNORANCE}
        else:
            cases |= {(scope, level): fit_case(here, posterior, level) for level in WAR_LEVELS}
    return cases


def cases_otherwise(
    case: Case, posterior: pd.DataFrame, inputs: str, defences: Mapping[str, Defence]
) -> dict[str, Case]:
    """Give the case as chosen, with other systems counted, and with inputs from elsewhere.

    Parameters
    ----------
    case : Case
        With assumed inputs.
    posterior : pandas.DataFrame
        As in :func:`require_posterior`.
    inputs : {"calibrated", "assumed"}
        Where inputs of the case as chosen come from.
    defences : dict of Defence
        The same architecture by programme state.

    Returns
    -------
    dict of Case
        ``chosen``; the names of ``defences``, inputs as chosen; ``apart`` and ``together`` with assumed inputs, or
        ``common`` with fitted ones, where these are not what was chosen.
    """
    cases = {"chosen": choose_inputs(case, posterior, inputs)}
    for state, defence in defences.items():
        cases[state] = choose_inputs(replace(case, defence=defence), posterior, inputs)
    if inputs == "assumed":
        cases["common"] = fit_case(case, posterior)
    others = [way for way in IGNORANCE if inputs != "assumed" or way != case.ignorance]
    return cases | {way: replace(case, ignorance=way) for way in others}


def _fitted_draws(posterior: pd.DataFrame, coverage_scope: str, level: str) -> pd.DataFrame:
    """Draws of a checked posterior under a scope of coverage and at a level: a column an assumption, and weights."""
    require_choice("level", level, WAR_LEVELS)
    rows = require_posterior(posterior).sort_values("draw")  # a draw of ours meets the same one of the fit
    rows = rows[rows["coverage_scope"] == coverage_scope]
    if rows.empty:
        raise DataError(f"{TABLE} has no row of coverage_scope {coverage_scope!r}; run make calibrate.")
    ending = NEW_WAR if level == "new_war" else ""
    fitted = pd.DataFrame({name: rows[f"{name}{ending}"] for name in COMMON})
    return fitted.join(rows[[*CORRELATIONS, "weight"]]).reset_index(drop=True)


def ends_of_draws(values: pd.Series, weights: pd.Series) -> dict[str, float]:
    """Mean of weighted draws, and the ends of the band that holds nine of ten; the mean is kept inside."""
    order = np.argsort(values.to_numpy(), kind="stable")
    passed = np.cumsum(weights.to_numpy()[order]) / weights.sum()
    low, high = (
        float(values.iloc[order[np.searchsorted(passed, q - 1e-12)]]) for q in ((1 - BAND) / 2, (1 + BAND) / 2)
    )
    mean = float(np.average(values, weights=weights))
    return {"low": min(low, mean), "best": mean, "high": max(high, mean)}
