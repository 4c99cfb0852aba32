"""What there is between Taiwan and one partner, in short, and the offices on both sides."""

import pandas as pd

from analysis.figures.recognition.words import name_country
from analysis.figures.words import write_when
from analysis.recognition.facts.spells import CLAIMANTS

SIDES = {
    "yes": "has one in Taipei",
    "no": "has none in Taipei",
    "former": "no longer has one in Taipei",
    "honorary": "has an honorary consulate in Taipei",
}
WITH = {
    ("TWN",): "maintains diplomatic relations with the Republic of China (Taiwan)",
    ("CHN",): "has relations with the People's Republic of China and none with the Republic of China (Taiwan)",
    CLAIMANTS: "has relations on record with both the Republic of China (Taiwan) and the People's Republic of China",
    (): "has no relations on record with either the Republic of China (Taiwan) or the People's Republic of China",
}


def describe_partner(
    ties: pd.DataFrame, offices: pd.DataFrame, trips: pd.DataFrame, agreements: pd.DataFrame, partner: str
) -> str:
    """Say in short what there is between Taiwan and one partner.

    Parameters
    ----------
    ties : pandas.DataFrame
        From :func:`analysis.recognition.dossiers.find_mutual_ties`.
    offices, trips, agreements : pandas.DataFrame
        From ``find_offices``, ``group_trips`` and ``find_agreements`` of :mod:`analysis.recognition.facts.exchanges`.
    partner : str
        Code of a state or place.

    Examples
    --------
    >>> ties = pd.DataFrame({"recogniser": ["ISR"], "entity": ["CHN"], "kind": ["relations"], "end": [pd.NaT]})
    >>> none = pd.DataFrame({"status": [], "host_office_in_taipei": [], "agreements": []})
    >>> trips = pd.DataFrame({"acknowledged": [True, True]})
    >>> describe_partner(ties, none, trips, none, "ISR").split(". ", 1)[1]
    'No open office is on record. 2 acknowledged exchanges are on record.'
    """
    standing = ties.loc[(ties["recogniser"] == partner) & (ties["kind"] == "relations") & ties["end"].isna(), "entity"]
    name = name_country(partner)
    held = tuple(entity for entity in CLAIMANTS if entity in set(standing))
    sentences = [f"{name[0].upper()}{name[1:]} {WITH[held]}.", _write_sides(offices), _write_number(trips)]
    if len(agreements):
        last = agreements.iloc[-1]
        day = write_when(last["day"], last["date_precision"])
        sentences.append(f"{last['agreements']} agreements were in force by the latest published count ({day}).")
    return " ".join(sentences)


def _write_sides(offices: pd.DataFrame) -> str:
    opened = offices[offices["status"] == "open"]
    if opened.empty:
        return "No open office is on record."
    sides = "on both sides" if (opened["host_office_in_taipei"] == "yes").any() else "on one side"
    return f"Unofficial offices stand {sides}."


def _write_number(trips: pd.DataFrame) -> str:
    known, reported = trips[trips["acknowledged"]], trips[~trips["acknowledged"]]
    are = "exchange is" if len(known) == 1 else "exchanges are"
    sentence = f"{len(known) or 'No'} acknowledged {are} on record"
    if len(reported):
        last = reported.iloc[-1]
        were = "was" if len(reported) == 1 else "were"
        named = f"{last['who'].split('; ')[0]}, {write_when(last['day'], last['date_precision'])}"
        sentence += f"; {len(reported)} more {were} reported and unacknowledged at the time (the latest: {named})"
    return f"{sentence}."


def describe_offices(offices: pd.DataFrame, partner: str) -> str:
    """Say which offices stand in for embassies on both sides.

    Parameters
    ----------
    offices : pandas.DataFrame
        From :func:`analysis.recognition.facts.exchanges.find_offices`.
    partner : str
        Code of a state or place; ``TWN`` stands for all hosts.

    Examples
    --------
    >>> describe_offices(pd.DataFrame(columns=["host"]), "NRU")
    'No unofficial office of Taiwan in Nauru is on record.'
    """
    if partner == "TWN":
        opened = int((offices["status"] == "open").sum())
        return f"Unofficial offices of Taiwan abroad on record: {opened} hosts where one is open, of {len(offices)}."
    if offices.empty:
        return f"No unofficial office of Taiwan in {name_country(partner)} is on record."
    office = offices.iloc[0]
    since = "" if pd.isna(office["opened_year"]) else f", opened in {office['opened_year']}"
    name = name_country(partner)
    counterpart = SIDES[office["host_office_in_taipei"]]
    title = "" if pd.isna(office["host_office_name"]) else f": {office['host_office_name']}"
    state = "has" if office["status"] == "open" else "no longer has"
    sentence = f"Taiwan {state} an unofficial office in {name} ({office['office_kind']}{since})"
    return f"{sentence}; {name} {counterpart}{title} (source {office['source_id']}, confidence {office['confidence']})."
