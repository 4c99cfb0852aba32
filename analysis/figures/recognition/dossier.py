"""One state on one page: who it is, to what it belongs, and how it is recognised itself."""

import pandas as pd
from IPython.display import Markdown, display

from analysis.figures import style
from analysis.figures.recognition.counts import describe_count, plot_count_by_rule
from analysis.figures.recognition.words import find_limits, name_country, show_warnings
from analysis.figures.words import write_day
from analysis.recognition.dossiers import kind_received
from analysis.recognition.facts.choices import ENTITIES

NOTHING = "Nothing on record."


def describe_country(state: pd.Series, ties: pd.DataFrame, members: pd.DataFrame) -> str:
    """Say in short who a state is, and how much is on record about it.

    Parameters
    ----------
    state : pandas.Series
        From :func:`analysis.recognition.dossiers.find_state`.
    ties : pandas.DataFrame
        From :func:`analysis.recognition.dossiers.find_history`.
    members : pandas.DataFrame
        From :func:`analysis.recognition.dossiers.list_members`.

    Examples
    --------
    >>> state = {"iso3": "NRU", "un_subregion": "Micronesia", "capital": None, "population": 11875,
    ...          "population_year": "2023", "seat_since": pd.Timestamp("1999-09-14"), "seat_until": pd.NaT}
    >>> none = pd.DataFrame({"entity": [], "end": []})
    >>> describe_country(pd.Series(state), none, none).split(". ")[0]
    'Nauru (Micronesia; 11,875 people, 2023) has held a seat in the United Nations since 14 September 1999'
    """
    name = name_country(state["iso3"])
    facts = [] if pd.isna(state["un_subregion"]) else [state["un_subregion"]]
    facts += [] if pd.isna(state["capital"]) else [f"capital {state['capital']}"]
    facts += [] if pd.isna(state["population"]) else [f"{state['population']:,} people, {state['population_year']}"]
    known = f" ({'; '.join(facts)})" if facts else ""
    sentence = f"{name[0].upper()}{name[1:]}{known} {_write_seat(state)}. "
    entities, standing = ties["entity"].nunique(), ties.loc[ties["end"].isna(), "entity"].nunique()
    if not entities:
        return f"{sentence}No tie of it with any of the {len(ENTITIES)} entities is on record."
    sentence += f"Ties with {entities} of the {len(ENTITIES)} entities are on record, with {standing} of them today"
    current = members[members["end"].isna()]
    return (
        f"{sentence}; it belongs to {len(current)} of the organisations followed." if len(current) else f"{sentence}."
    )


def _write_seat(state: pd.Series) -> str:
    if pd.isna(state["seat_since"]):
        return "holds no seat in the United Nations"
    since = write_day(state["seat_since"])
    if pd.isna(state["seat_until"]):
        return f"has held a seat in the United Nations since {since}"
    return f"held a seat in the United Nations from {since} to {write_day(state['seat_until'])}"


def show_received(counts: pd.DataFrame, published: pd.DataFrame, country: str, until: str) -> None:
    """Show how a state is recognised itself over time, or say that these data do not follow it.

    Parameters
    ----------
    counts, published : pandas.DataFrame
        From ``count_received`` and ``find_published`` of :mod:`analysis.recognition.dossiers`.
    country : str
        Code of a state.
    until : str
        Last day that is drawn.

    Examples
    --------
    >>> show_received(pd.DataFrame(), pd.DataFrame(), "NIC", "2026-11-22")
    <IPython.core.display.Markdown object>
    """
    name = name_country(country)
    if country not in ENTITIES:
        display(Markdown(f"The data do not follow who recognises {name}: it is none of the {len(ENTITIES)} entities."))
        return
    question = {"entity": country, "kind": kind_received(country), "rule": "net", "on": until}
    show_warnings(find_limits(country, question["kind"], until, until, counts))
    if counts.empty:
        display(Markdown(NOTHING))
        return
    figure = plot_count_by_rule(counts, published, until=until, **question)
    drawn = {"counts": counts, "published": published}
    style.show(figure, describe_count(counts, published, **question), drawn)


def table_of_members(members: pd.DataFrame) -> pd.DataFrame:
    """Lay out memberships for reading.

    Parameters
    ----------
    members : pandas.DataFrame
        From :func:`analysis.recognition.dossiers.list_members`.

    Returns
    -------
    pandas.DataFrame
        Since, Until, Confidence, Source, indexed by Organisation. One row is a time in one organisation.

    Examples
    --------
    >>> row = {"organisation": "BRICS", "start": "2024-01-01", "end": None, "confidence": "high", "source_id": "S"}
    >>> table_of_members(pd.DataFrame([row])).loc["BRICS"].tolist()
    ['2024-01-01', '', 'high', 'S']
    """
    names = {"organisation": "Organisation", "start": "Since", "end": "Until", "confidence": "Confidence"}
    table = members[[*names, "source_id"]].fillna({"end": ""}).rename(columns=names | {"source_id": "Source"})
    return table.set_index("Organisation").rename_axis(index=None, columns="Organisation")


def table_of_disputes(disputes: pd.DataFrame, country: str) -> pd.DataFrame:
    """Lay out the dates and statuses of one state on which sources disagree.

    Parameters
    ----------
    disputes : pandas.DataFrame
        The table ``recognition/disputes``.
    country : str
        Code of a state.

    Returns
    -------
    pandas.DataFrame
        Used, Alternative, According to, Why, indexed by Towards. One row is one disagreement.

    Examples
    --------
    >>> row = {"recogniser": "NIC", "entity": "TWN", "date_used": "1990-11-06", "date_alternative": "1990-11-05",
    ...        "alternative_source": "S", "why": "the day of the text"}
    >>> table_of_disputes(pd.DataFrame([row]), "NIC")["Used"].tolist()
    ['1990-11-06']
    """
    own = disputes[disputes["recogniser"].eq(country)]
    names = {"date_used": "Used", "date_alternative": "Alternative", "alternative_source": "According to", "why": "Why"}
    table = own[[*names]].rename(columns=names).assign(Towards=own["entity"].map(ENTITIES))
    return table.set_index("Towards").rename_axis(index=None, columns="Towards")


def rows_or_nothing(table: pd.DataFrame) -> pd.DataFrame | Markdown:
    """Give a table back, or the words that nothing is on record where it has no row.

    Examples
    --------
    >>> rows_or_nothing(pd.DataFrame({"Since": []})).data
    'Nothing on record.'
    """
    return table if len(table) else Markdown(NOTHING)
