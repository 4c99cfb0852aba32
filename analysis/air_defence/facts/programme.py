"""Which T-Dome: each part as announced, estimated, requested, budgeted, enacted, contracted, delivered; with money."""

import pandas as pd

from analysis.air_defence.facts.choices import STAGES
from analysis.air_defence.facts.claims import is_confirmed
from analysis.air_defence.facts.prices import to_usd
from analysis.facts import Facts

WHOLE = "t_dome"
PUBLISHED, CONVERTED, ASSUMED = "published", "converted", "converted at an assumed rate"
UNCONFIRMED = "unconfirmed"
"""Where a sum in dollars comes from."""
REST, UNKNOWN = "not itemised", "T-Dome alone"
"""What stands below the parts of a total: what they leave of it, or that no sum of T-Dome is among them."""
COLUMNS = [
    "element", "name", "stage", "date", "fact", "bound", "twd", "usd", "usd_from", "missiles", "nothing", "due",
    "part_of", "confidence", "confirmed", "source_id", "note", "claim_id",
]  # fmt: skip


def rival_bills(facts: Facts) -> pd.DataFrame:
    """List the bills with a ceiling of their own that stood beside that of the government before the act, in order.

    Parameters
    ----------
    facts : Facts
        Tables of ``air_defence/``: ``programme``.

    Returns
    -------
    pandas.DataFrame
        Rows of ``programme`` on the whole with a ceiling and without a stage, before the last act (all, where there is
        none): they became no act, and their words say what they held of T-Dome.

    Examples
    --------
    >>> from analysis.tables import load_facts
    >>> rival_bills(load_facts("air_defence"))["fact"].tolist()[0]
    'TPP counter-bill ceiling, leaves T-Dome out'
    """
    rows = facts.programme
    whole = rows[rows["element"] == WHOLE]
    bills = whole[whole["stage"].isna() & (whole["bound"] == "at_most")]
    acts = whole.loc[whole["stage"] == "enacted", "date"]
    before = bills[bills["date"] < acts.max()] if len(acts) else bills
    return before.sort_values("date", kind="stable", ignore_index=True)


def acts_by_element(facts: Facts) -> pd.DataFrame:
    """List what became of each part of T-Dome, act by act, with its money in both currencies and its missiles.

    Parameters
    ----------
    facts : Facts
        Tables of ``air_defence/``: ``programme, systems, rates``.

    Returns
    -------
    pandas.DataFrame
        One row is an act, in the order of time. Columns: ``element, name, stage`` (one of ``choices.STAGES``), ``date``
        (as precise as known), ``fact, bound, twd, usd`` (money; empty where none is published), ``usd_from``
        (published, converted, converted at an assumed rate, or unconfirmed), ``missiles, nothing`` (the row says that
        its amount is 0), ``due`` (time by which it is to be there), ``part_of`` (claim with the total), ``confidence,
        confirmed, source_id, note, claim_id``.

    Raises
    ------
    DataError
        When the exchange rate of a year is missing.

    Notes
    -----
    Rows of one act are put together by ``same_act``. Dollars that a source gives are kept; others follow from the
    average rate of the year and are no source's words. Only rows whose words name an element and a stage are used.
    """
    programme = facts.programme
    rows = programme[programme["element"].notna() & programme["stage"].notna()]
    heads = rows[rows["same_act"].isna()]
    acts = heads.assign(
        twd=float("nan"), usd=float("nan"), missiles=float("nan"), usd_from=None, nothing=heads["value"] == 0
    )
    acts = acts.assign(confirmed=is_confirmed(acts)).set_index(acts["claim_id"].rename(None))
    columns = {"TWD": "twd", "USD": "usd", "missiles": "missiles"}
    for row in rows.assign(seen=is_confirmed(rows))[rows["unit"].isin(list(columns))].itertuples():
        act = row.claim_id if pd.isna(row.same_act) else row.same_act
        acts.loc[act, columns[row.unit]] = row.value
        acts.loc[act, "confirmed"] &= row.seen
        if row.unit == "USD":
            acts.loc[act, "usd_from"] = PUBLISHED if row.seen else UNCONFIRMED
    for claim in acts.index[acts["usd"].isna() & acts["twd"].notna()]:
        usd, assumed = to_usd(acts.loc[claim, "twd"], "TWD", int(acts.loc[claim, "date"][:4]), facts.rates)
        acts.loc[claim, ["usd", "usd_from"]] = [usd, ASSUMED if assumed else CONVERTED]
    acts["name"] = acts["element"].map(facts.systems.set_index("system_id")["name"])
    return acts.sort_values(["date", "claim_id"], kind="stable", ignore_index=True)[COLUMNS]


def stages_by_element(acts: pd.DataFrame, elements: list[str], systems: pd.DataFrame) -> pd.DataFrame:
    """Say how far each part has come: its latest act at each stage.

    Parameters
    ----------
    acts : pandas.DataFrame
        From :func:`acts_by_element`.
    elements : list of str
        Systems to list, such as those of an architecture; a part without any act is listed too.
    systems : pandas.DataFrame
        Table ``air_defence/systems``.

    Returns
    -------
    pandas.DataFrame
        One row is an element at a stage. Columns: ``element, name, stage, date, bound, twd, usd, usd_from, missiles,
        nothing, due, acts`` (number of acts at that stage; 0 where no row says so, which is no proof that nothing
        happened). A part of a sum for the same element, such as a tranche, is no act of its own.
    """
    names = systems.set_index("system_id")["name"]
    totals = acts["part_of"].map(acts.set_index("claim_id")["element"])
    whole = acts[totals.isna() | (totals != acts["element"])]
    rows = []
    for element in elements:
        for stage in STAGES:
            mine = whole[(whole["element"] == element) & (whole["stage"] == stage)]
            last = mine.iloc[-1] if len(mine) else pd.Series(index=acts.columns, dtype=object)
            values = {
                name: last[name] for name in ("date", "bound", "twd", "usd", "usd_from", "missiles", "nothing", "due")
            }
            rows.append({"element": element, "name": names[element], "stage": stage, **values, "acts": len(mine)})
    table = pd.DataFrame(rows)
    return table.astype(dict.fromkeys(["twd", "usd", "missiles"], float)).assign(nothing=table["nothing"].eq(True))


def add_up(acts: pd.DataFrame) -> pd.DataFrame:
    """Add the published parts of each total up, and compare with the total that was published.

    Parameters
    ----------
    acts : pandas.DataFrame
        From :func:`acts_by_element`.

    Returns
    -------
    pandas.DataFrame
        One row is a part, the largest first within its total, then a row for what is left. Columns: ``total_id,
        total_stage, total_date, total, element, name, fact, bound, twd, share`` (of the total, 0 to 1) and
        ``confidence``; ``element`` is empty in the last row.

    Notes
    -----
    The rest is what the source does not itemise; it is computed and may be negative where parts exceed the total. Where
    a part is a ceiling nothing is itemised, and what it holds of T-Dome nobody says: the last row has no sum.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "claim_id": ["all", "a", "b"], "part_of": [None, "all", "all"], "element": ["t_dome", "x", "y"],
    ...     "name": ["All", "X", "Y"], "fact": ["estimate", "of x", "of y"], "twd": [400.0, 94.0, 291.6],
    ...     "stage": "estimated", "date": "2025-12-14", "confidence": "medium", "bound": None,
    ... })
    >>> add_up(table)[["name", "twd"]].round(1).values.tolist()
    [['Y', 291.6], ['X', 94.0], ['not itemised', 14.4]]
    >>> add_up(table.assign(bound="at_most"))[["name", "twd"]].round(1).values.tolist()[-1]
    ['T-Dome alone', nan]
    """
    rows = []
    for claim, parts in acts.groupby("part_of", sort=False):
        total = acts.set_index("claim_id").loc[claim]
        columns = ["element", "name", "fact", "bound", "twd", "confidence"]
        listed = parts.sort_values("twd", ascending=False, kind="stable")[columns].to_dict("records")
        if parts["bound"].eq("at_most").any():
            fact = "no sum is given, if it is paid for at all"
            last = {"name": UNKNOWN, "fact": fact, "bound": None, "twd": float("nan")}
        else:
            rest = float(total["twd"]) - float(parts["twd"].sum())
            last = {"name": REST, "fact": "what is left of the total", "bound": None, "twd": rest}
        listed.append({"element": None, **last})
        same = {"total_id": claim, "total_stage": total["stage"], "total_date": total["date"], "total": total["twd"]}
        rows += [{**same, **part, "share": part["twd"] / total["twd"]} for part in listed]
    columns = [
        "total_id",
        "total_stage",
        "total_date",
        "total",
        "element",
        "name",
        "fact",
        "bound",
        "twd",
        "share",
        "confidence",
    ]
    return pd.DataFrame(rows, columns=columns)


def rests(sums: pd.DataFrame) -> dict[str, float]:
    """Say of each total that is itemised what its parts leave, in billion NT$, by a name in words.

    Parameters
    ----------
    sums : pandas.DataFrame
        From :func:`add_up`.
    """
    left = sums[sums["element"].isna() & sums["twd"].notna()]
    totals = [
        f"{STAGES[row.total_stage].lower()} {row.total_date[:7]}, {row.total / 1e9:,.0f} billion NT$"
        for row in left.itertuples()
    ]
    return {
        f"{total}: {name}, billion NT$": rest
        for total, name, rest in zip(totals, left["name"], left["twd"] / 1e9, strict=True)
    }


def arrivals(acts: pd.DataFrame, since: str = "") -> pd.DataFrame:
    """List what is to come, and by when, as far as the words of the sources say.

    Parameters
    ----------
    acts : pandas.DataFrame
        From :func:`acts_by_element`.
    since : str
        Earliest date of the acts, such as 2024; all by default.

    Returns
    -------
    pandas.DataFrame
        One row is an act about a part that names missiles or a time, in the order of ``acts``. Columns: ``element,
        name, stage, fact, missiles, nothing, start`` (date of the act), ``due`` (empty where its words give no time)
        and ``claim_id``.
    """
    rows = acts[(acts["element"] != WHOLE) & (acts["missiles"].notna() | acts["due"].notna()) & (acts["date"] >= since)]
    columns = ["element", "name", "stage", "fact", "missiles", "nothing", "date", "due", "claim_id"]
    return rows[columns].rename(columns={"date": "start"}).reset_index(drop=True)


def arrivals_by_year(coming: pd.DataFrame) -> pd.DataFrame:
    """Spread rounds with a time that is named evenly from the year after the act to the year in which they are due.

    Parameters
    ----------
    coming : pandas.DataFrame
        From :func:`arrivals`; rows without missiles are left out.

    Returns
    -------
    pandas.DataFrame
        One row is an act in a year: ``claim_id, element, name, stage, year, missiles``, an assumed even share. Acts
        without a time stand with an empty year.

    Notes
    -----
    No source publishes a schedule: even shares say when rounds could come on average, not when they do.

    Examples
    --------
    >>> coming = pd.DataFrame({"element": ["x"], "name": ["X"], "stage": ["announced"], "missiles": [60.0],
    ...                        "start": ["2024-10-04"], "due": ["2027"], "claim_id": ["x.2024"]})
    >>> arrivals_by_year(coming)[["year", "missiles"]].values.tolist()
    [[2025, 20.0], [2026, 20.0], [2027, 20.0]]
    """
    rows = []
    for row in coming.dropna(subset=["missiles"]).itertuples():
        known = isinstance(row.due, str)
        years = list(range(int(row.start[:4]) + 1, int(row.due[:4]) + 1)) if known else [pd.NA]
        for year in years:
            rows.append((row.claim_id, row.element, row.name, row.stage, year, row.missiles / len(years)))
    table = pd.DataFrame(rows, columns=["claim_id", "element", "name", "stage", "year", "missiles"])
    return table.astype({"year": "Int64", "missiles": float})
