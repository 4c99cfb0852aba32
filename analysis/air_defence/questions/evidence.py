"""What was claimed, counted later or estimated by others about real engagements, and what the counts would predict."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.air_defence.calibration.law import Law, fit_law
from analysis.air_defence.calibration.nights import Nights
from analysis.air_defence.calibration.rolling import LEAST_PAST
from analysis.air_defence.facts.choices import PREDICTED_FAMILIES
from analysis.air_defence.facts.claims import is_confirmed, keep_confidence
from analysis.air_defence.models.intervals import kill_interval, predicted_leakers
from analysis.air_defence.models.salvo import Leakers
from analysis.errors import DataError

CLAIMED, LATER, OUTSIDE, RELAYED = "claimed", "counted later", "independent estimate", "press or unnamed source"
OTHER_SIDE = "claimed by the attacking side"
WHO = {
    "defender": CLAIMED,
    "supplier": CLAIMED,
    "defender_later": LATER,
    "independent": OUTSIDE,
    "press": RELAYED,
    "not_stated": RELAYED,
    "attacker": OTHER_SIDE,
}
"""For each of ``choices.SPEAKERS``, the group in which its counts are shown."""
QUALIFIER = r"(?:, (?:full|whole|first|one|mid|other|interceptions|ground|Iranian-side)| to day ).*$"
MIDPOINT = re.compile(r"midpoint of ([\d,]+) and ([\d,]+)")  # in a note: the ends of a range that stands at its middle
TALLIES = {
    "threats_launched": "launched",
    "threats_engaged": "fired at",
    "threats_intercepted": "intercepted",
    "leaked": "came through",
    "interceptors_expended": "interceptors fired",
}
PREDICTIVE = (0.05, 0.95)
LIKE_FAMILY = {
    "srbm": "ballistic|Scud|Iskander|Kinzhal",
    "subsonic_cm": "cruise|missile|Kh-|Onyx|Zircon",
    "owa_drone": "",
}
"""Whose correlation within a raid an attack takes, by its words: the first that fits, so that a mixed attack takes the
largest; rockets, which nobody has counted raid by raid, are assumed to be like drones."""
YEAR_DAYS = 365
ASKED = "iran_israel_2025_06", "ballistic missiles"
"""The attack, with its weapon, of which most is asked: its shares are set side by side."""
DAYS = ["date_start", "date_end"]
KEPT = [
    "engagement_id", "event_group", "date_start", "date_end", "what", "who", "claimed_by", "disputed_by", "denominator",
    "threats_launched", "threats_engaged", "threats_intercepted", "leaked", "interceptors_expended", "claimed_rate",
    "both_counts", "tried", "share", "share_low", "share_high", "running", "superseded",
    "confirmed", "confidence", "source_id", "note",
    "system_id",
]  # fmt: skip


def list_claims(engagements: pd.DataFrame, minimum_confidence: str = "low") -> pd.DataFrame:
    """List every published count with who says it, of what it is a share, and whether it stands for an event.

    Parameters
    ----------
    engagements : pandas.DataFrame
        Table ``air_defence/engagements``.
    minimum_confidence : {"low", "medium", "high"}
        Least confidence of the rows used.

    Returns
    -------
    pandas.DataFrame
        One row is a published count, events by their first day. Columns of the table, and ``what`` (the attack without
        words such as "full campaign"), ``who`` (claimed, counted later, independent estimate, press or unnamed source,
        claimed by the attacking side), ``both_counts`` (interceptions and their denominator both published), ``tried``
        (that denominator, else empty), ``share`` (0 to 1: of the two counts, else as claimed, else empty),
        ``share_low`` and ``share_high`` (where a range was claimed), ``running`` (a running total or an overlapping
        period), ``superseded`` (a longer period of the same attack is listed) and
        ``confirmed``.

    Raises
    ------
    DataError
        When a row calls both counts published and lacks one of them.

    Notes
    -----
    Who says it is the table's ``speaker_role``; suppliers stand with the defending side, sources that are not named
    with the press. The same side "counted later" where the row is a revision, or the count of an event of which it
    gave a running total before. Two of the analysts (RUSI, Financial Times) work from the defender's own data.

    Where the text gives no denominator and both counts stand, that of the launched threats is taken.
    """
    repeats = engagements["attack_type"].str.startswith("same")
    first = engagements[~repeats].sort_values("engagement_id").groupby("event_group")["attack_type"].first()
    what = engagements["attack_type"].where(~repeats, engagements["event_group"].map(first))
    claims = keep_confidence(engagements.assign(what=what), minimum_confidence).rename(
        columns={"both_counts_published": "both_counts", "cumulative": "running"}
    )
    claims = claims.assign(what=claims["what"].str.replace(QUALIFIER, "", regex=True), confirmed=is_confirmed(claims))
    tried = claims["threats_engaged"].where(claims["denominator"] == "engaged", claims["threats_launched"])
    lacking = claims["both_counts"] & (tried.isna() | claims["threats_intercepted"].isna())
    if lacking.any():
        raise DataError(
            f"air_defence/engagements.csv: {claims.loc[lacking, 'engagement_id'].iloc[0]} says that both counts are "
            "published, but one is empty; fill it or set both_counts_published to false."
        )
    tried = tried.where(claims["both_counts"])
    counted = (claims["threats_intercepted"] / tried).astype("float64")
    share = counted.fillna(claims["claimed_rate"])
    low, high = (claims[f"claimed_rate_{end}"].astype("float64").where(counted.isna()) for end in ("low", "high"))
    claims = claims.assign(
        tried=tried,
        share=share,
        share_low=low,
        share_high=high,
        who=claims["speaker_role"].map(WHO),
        superseded=_superseded(claims),
    )
    first_day = claims.groupby("event_group")["date_start"].transform("min")
    order = claims.assign(first_day=first_day).sort_values(
        ["first_day", "event_group", "what", "date_end"], kind="stable"
    )
    return order[KEPT].reset_index(drop=True)


def _superseded(claims: pd.DataFrame) -> pd.Series:
    rows = claims[["engagement_id", "event_group", "what", "date_start", "date_end", "both_counts"]]
    pairs = rows.merge(rows[rows["both_counts"]], on=["event_group", "what"], suffixes=("", "_other"))
    inside = (pairs["date_start_other"] <= pairs["date_start"]) & (pairs["date_end"] <= pairs["date_end_other"])
    shorter = (pairs["date_start_other"] < pairs["date_start"]) | (pairs["date_end"] < pairs["date_end_other"])
    return claims["engagement_id"].isin(pairs.loc[inside & shorter, "engagement_id"])


def measure_correlations(nights: Nights) -> dict[str, float]:
    """Measure how much the nights of a class differ beyond luck: intra-class correlation within a night, by family.

    Parameters
    ----------
    nights : Nights
        From ``calibration.nights.count_nights``.

    Returns
    -------
    dict of str to float
        Family to correlation, 0 to 1, over the whole record; drift over months is in it.
    """
    return {family: _fit_alike(nights.of(family)).correlation for family in PREDICTED_FAMILIES}


def _fit_alike(nights: pd.DataFrame, start: Law | None = None) -> Law:
    launched, killed = nights["launched"].to_numpy(), nights["killed"].to_numpy()
    return fit_law(killed, launched, np.ones(len(nights)), sized=False, start=start)


def measure_coverage(nights: Nights, least_launched: int = 5) -> pd.DataFrame:
    """Measure how many nights the predictive interval held, taking all threats as alone and taking raids as different.

    Parameters
    ----------
    nights : Nights
        From ``calibration.nights.count_nights``.
    least_launched : int
        Smallest night that is predicted.

    Returns
    -------
    pandas.DataFrame
        One row is a family: ``family, nights, alone, differing`` (shares of nights inside the interval from 5 to 95 %,
        0 to 1), each night predicted from the nights before it: from all of them pooled, and from those of the past
        year with the correlation fitted to them.
    """
    rows = []
    for family in PREDICTED_FAMILIES:
        own = nights.of(family)
        picked = np.flatnonzero((own["launched"] >= least_launched) & (own.index >= LEAST_PAST))
        held = np.array([*_hold(own, picked)]).reshape(-1, 2)
        rows.append((family, len(held), *(held.mean(axis=0) if len(held) else (np.nan, np.nan))))
    return pd.DataFrame(rows, columns=["family", "nights", "alone", "differing"])


def _hold(nights: pd.DataFrame, picked: np.ndarray) -> Iterator[tuple[bool, bool]]:
    """Say of each night whether the one and the other interval held it."""
    law, year = None, pd.Timedelta(days=YEAR_DAYS)
    for position in picked:
        night, past = nights.iloc[position], nights.iloc[:position]
        recent = past[past["night"] >= night["night"] - year]
        recent = recent if len(recent) else past
        law = _fit_alike(recent, law)
        leaked = night["launched"] - night["killed"]
        alone = _expect(past, night["launched"])
        differing = _expect(recent, night["launched"], raid_correlation=law.correlation, raids=len(recent))
        yield (alone.quantile(PREDICTIVE[0]) <= leaked <= alone.quantile(PREDICTIVE[1]),
               differing.quantile(PREDICTIVE[0]) <= leaked <= differing.quantile(PREDICTIVE[1]))  # fmt: skip


def _expect(past: pd.DataFrame, launched: int, **how: Any) -> Leakers:
    return predicted_leakers(int(past["killed"].sum()), int(past["launched"].sum()), int(launched), **how)


def predict_from_counts(
    claims: pd.DataFrame,
    threats: int,
    level: float = 0.95,
    running: bool = True,
    correlations: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Give each pair of published counts its intervals, and what it would predict for the next raid.

    Parameters
    ----------
    claims : pandas.DataFrame
        From :func:`list_claims`.
    threats : int
        Threats in the next, notional raid, 1 to 100,000.
    level : float
        Level of the intervals, 1e-9 to 1 - 1e-9.
    running : bool
        Use the last running total where an event has nothing else.
    correlations : mapping of str to float, optional
        From :func:`measure_correlations`; without it raids differ by luck alone.

    Returns
    -------
    pandas.DataFrame
        One row is a pair of counts, both published, that no longer period of the same attack contains. Columns of
        ``claims``, and ``exact_low, exact_high, jeffreys_low, jeffreys_high`` (shares, 0 to 1), ``level``
        (of these intervals), ``family`` (whose correlation is taken), ``raid_correlation`` (0 to 1), ``leakers``
        (mean), ``leakers_low, leakers_high`` (5 and 95 % quantiles) and ``alone_low, alone_high``, the same quantiles
        if raids differed by luck alone.

    Notes
    -----
    Every interval takes the two counts as true and says nothing of a claim's bias. A count of several days is taken as
    one raid a day, since nobody publishes how many there were. The prediction takes the next raid to be like the last
    ones, as far as these were alike.

    Examples
    --------
    >>> claims = pd.DataFrame({
    ...     "engagement_id": ["a"], "both_counts": [True], "superseded": [False], "running": [False],
    ...     "what": ["drones"], "threats_intercepted": [9], "tried": [18], "share": [0.5],
    ...     "date_start": ["2025-01-01"], "date_end": ["2025-01-01"],
    ... })
    >>> ends = ["exact_low", "exact_high", "alone_low", "alone_high", "leakers_low", "leakers_high"]
    >>> row = predict_from_counts(claims, threats=10, correlations={"owa_drone": 0.3}).iloc[0]
    >>> [float(round(row[name], 2)) for name in ends]
    [0.26, 0.74, 2.0, 8.0, 0.0, 10.0]
    """
    rows = claims[claims["both_counts"] & ~claims["superseded"] & (running | ~claims["running"])]
    won, tried = (rows[name].to_numpy(dtype="int64") for name in ("threats_intercepted", "tried"))
    ends = {}
    for method in ("exact", "jeffreys"):
        ends[f"{method}_low"], ends[f"{method}_high"] = kill_interval(won, tried, level, method)
    family = rows["what"].map(_like_family)
    common = family.map(correlations or {}).astype("float64").fillna(0.0)
    days = [(pd.Timestamp(end) - pd.Timestamp(start)).days + 1 for start, end in rows[DAYS].itertuples(index=False)]
    alone = [predicted_leakers(int(one), int(many), threats) for one, many in zip(won, tried, strict=True)]
    next_raid = [
        predicted_leakers(int(one), int(many), threats, raid_correlation=alike, raids=number)
        for one, many, alike, number in zip(won, tried, common, days, strict=True)
    ]
    quantiles = {
        f"{name}_{end}": [one.quantile(q) for one in raids]
        for name, raids in (("leakers", next_raid), ("alone", alone))
        for end, q in zip(("low", "high"), PREDICTIVE, strict=True)
    }
    found = rows.assign(**ends, leakers=[one.mean for one in next_raid], level=level, **quantiles)
    return found.assign(family=family, raid_correlation=common).reset_index(drop=True)


def _like_family(what: str) -> str:
    return next(family for family, words in LIKE_FAMILY.items() if re.search(words, what))


def claims_apart(claims: pd.DataFrame) -> pd.DataFrame:
    """Say how far the shares of one denominator that were published about one attack lie apart.

    Parameters
    ----------
    claims : pandas.DataFrame
        From :func:`list_claims`.

    Returns
    -------
    pandas.DataFrame
        One row is an attack of an event and a denominator with two different shares or more, the widest first. Columns:
        ``event_group, what, denominator, date_start, date_end, highest, highest_by, highest_confidence, lowest,
        lowest_by, lowest_confidence, apart, same_days``; ``apart`` is the distance, 0 to 1; ``same_days``: both cover
        the same days.

    Notes
    -----
    A share of launched and one of engaged threats are not the same quantity and cannot contradict each other, so they
    are never set against each other; nor is a share whose denominator is not stated, not even against another such one.
    A share of engagements with a grade of evidence, such as that of an audit, is no share of interceptions.
    """
    shares = claims.dropna(subset=["share"])
    shares = shares[shares["denominator"] != "not_stated"].sort_values("share", kind="stable")
    ends = []
    for (event, what, denominator), group in shares.groupby(["event_group", "what", "denominator"], sort=False):
        low, high = group.iloc[0], group.iloc[-1]
        if low["share"] < high["share"]:
            ends.append(
                {
                    "event_group": event,
                    "what": what,
                    "denominator": denominator,
                    "date_start": group["date_start"].min(),
                    "date_end": group["date_end"].max(),
                    **_end(high, "highest"),
                    **_end(low, "lowest"),
                    "apart": high["share"] - low["share"],
                    "same_days": bool((high[DAYS] == low[DAYS]).all()),
                }
            )
    columns = ["event_group", "what", "denominator", "date_start", "date_end"]
    columns += [f"{end}{part}" for end in ("highest", "lowest") for part in ("", "_by", "_confidence")]
    columns += ["apart", "same_days"]
    return pd.DataFrame(ends, columns=columns).sort_values("apart", ascending=False, kind="stable", ignore_index=True)


def _end(claim: pd.Series, name: str) -> dict[str, object]:
    return {name: claim["share"], f"{name}_by": claim["claimed_by"], f"{name}_confidence": claim["confidence"]}


def shares_of_attack(claims: pd.DataFrame, event_group: str, what: str) -> pd.DataFrame:
    """List the shares published about one attack as a whole, and what each count says of those that were met.

    Parameters
    ----------
    claims : pandas.DataFrame
        From :func:`list_claims`.
    event_group, what : str
        The attack, such as :data:`ASKED`.

    Returns
    -------
    pandas.DataFrame
        Columns of ``claims``, highest share first, and ``met`` (intercepted or came through), ``share_of_met`` (0 to 1)
        and ``neither`` (launched, but neither intercepted nor come through); empty where a count is missing.

    Notes
    -----
    Running totals are left out, and claims of the attacking side, which speak of a part of the attack.

    Examples
    --------
    >>> claims = pd.DataFrame({
    ...     "event_group": ["a"], "what": ["missiles"], "share": [0.5], "running": [False], "who": ["claimed"],
    ...     "threats_launched": [20], "threats_intercepted": [10], "leaked": [2],
    ... })
    >>> shares_of_attack(claims, "a", "missiles")[["met", "share_of_met", "neither"]].round(2).iloc[0].tolist()
    [12.0, 0.83, 8.0]
    """
    own = claims[(claims["event_group"] == event_group) & (claims["what"] == what) & claims["share"].notna()]
    own = own[~own["running"] & (own["who"] != OTHER_SIDE)].sort_values("share", ascending=False, kind="stable")
    met = own["threats_intercepted"] + own["leaked"]
    return own.assign(
        met=met, share_of_met=own["threats_intercepted"] / met, neither=own["threats_launched"] - met
    ).reset_index(drop=True)


def ends_of(count: float, note: str) -> tuple[float, float]:
    """Give the range at whose middle a count stands, as its note says; the count itself where somebody made it.

    Examples
    --------
    >>> ends_of(47, "47 is the midpoint of 31 and 63"), ends_of(550, "47 is the midpoint of 31 and 63")
    ((31.0, 63.0), (550, 550))
    """
    found = MIDPOINT.search(note)
    low, high = (float(end.replace(",", "")) for end in found.groups()) if found else (count, count)
    return (low, high) if (low + high) / 2 == count else (count, count)


def rival_tallies(claims: pd.DataFrame) -> pd.DataFrame:
    """List the tallies of one whole event about which sources differ: launched, engaged, came through, and so on.

    Parameters
    ----------
    claims : pandas.DataFrame
        From :func:`list_claims`.

    Returns
    -------
    pandas.DataFrame
        One row is a tally of an event: ``event_group, what, date_start, date_end, tally, lowest, lowest_by,
        lowest_note, highest, highest_by, highest_note, system_id`` (whose it is; empty where no one system is named).
        A range, of which a count is the middle, is as low and as high as its ends. Counts of unlike systems are no
        rivals. Running totals are left out: they differ because they end on other days.
    """
    whole = claims[~claims["running"]].fillna({"system_id": "", "note": ""})
    keys = ["event_group", "what", "claimed_by", "date_start", "date_end", "system_id", "note"]
    long = whole.melt(id_vars=keys, value_vars=list(TALLIES), var_name="tally").dropna(subset=["value"])
    found = []
    for (event, what, start, end, tally, system), group in long.groupby(
        ["event_group", "what", "date_start", "date_end", "tally", "system_id"], sort=False
    ):
        ends = [ends_of(value, note) for value, note in zip(group["value"], group["note"], strict=True)]
        ranges = group.assign(least=[low for low, _ in ends], most=[high for _, high in ends])
        low = ranges.sort_values(["least", "value"], kind="stable").iloc[0]
        high = ranges.sort_values(["most", "value"], kind="stable").iloc[-1]
        if low["value"] != high["value"]:
            found.append(
                [
                    event,
                    what,
                    start,
                    end,
                    TALLIES[tally],
                    low["value"],
                    low["claimed_by"],
                    low["note"],
                    high["value"],
                    high["claimed_by"],
                    high["note"],
                    system,
                ]
            )
    columns = ["event_group", "what", "date_start", "date_end", "tally", "lowest", "lowest_by", "lowest_note"]
    columns += ["highest", "highest_by", "highest_note", "system_id"]
    return pd.DataFrame(found, columns=columns)
