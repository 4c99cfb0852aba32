"""Which states have which tie on a day: colours and title of the maps, and the table."""

from textwrap import shorten

import pandas as pd
from matplotlib.colors import to_hex, to_rgb

from analysis.figures import style
from analysis.figures.recognition.words import VERBS, WRITTEN, name_entity, write_states
from analysis.figures.words import write_day
from analysis.recognition.timelines import STATUSES

TITLE_LETTERS = 90


def status_colours(status: pd.DataFrame, entity: str, kind: str) -> dict[str, str]:
    """Return the colour of each status that some state has, in the order of a legend.

    Parameters
    ----------
    status : pandas.DataFrame
        From :func:`analysis.recognition.relations.status_by_state`.
    entity : str
        Code of the entity, whose own colour marks the ties that stand.
    kind : {"recognition", "relations"}
        Which statuses there are.

    Examples
    --------
    >>> list(status_colours(pd.DataFrame({"status": ["no relations on record", "has relations"]}), "TWN", "relations"))
    ['has relations', 'no relations on record']
    """
    colours, found = mix_statuses(entity), set(status["status"])
    return {words: colours[name] for name, words in STATUSES[kind].items() if words in found}


def mix_statuses(entity: str) -> dict[str, str]:
    """Return the colour of each status, by its short name: the entity's own colour and mixtures of it.

    Examples
    --------
    >>> mix_statuses("TWN")["act"]
    '#0072b2'
    """
    own = style.ENTITY_COLOURS[entity]
    return {
        "act": own,
        "implied": _mix(own, "#ffffff", 0.45),
        "disputed": _mix(own, "#3d3d3d", 0.5),
        "past": "#b9aea2",
        "withheld": "#6f655c",
        "none": "#efe8db",
    }


def _mix(colour: str, other: str, share: float) -> str:
    red, green, blue = ((1 - share) * one + share * two for one, two in zip(to_rgb(colour), to_rgb(other), strict=True))
    return to_hex((red, green, blue))


def title_status(entity: str, kind: str, on: str) -> str:
    """Say what a map of statuses shows.

    Examples
    --------
    >>> title_status("TWN", "relations", "1979-12-31")
    'Who had relations with the Republic of China (Taiwan) on 31 December 1979'
    """
    return f"Who {VERBS[kind]} {name_entity(entity)} on {write_day(on)}"


def table_of_recognisers(found: pd.DataFrame, states: pd.DataFrame, sources: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Lay out the states that count on a day for reading.

    Parameters
    ----------
    found : pandas.DataFrame
        From :func:`analysis.recognition.panel.recognisers`.
    states, sources : pandas.DataFrame
        The tables ``recognition/states`` and ``sources``.
    kind : {"recognition", "relations"}
        What was counted.

    Returns
    -------
    pandas.DataFrame
        Since (as precise as known), Precision, Known by, Confidence, Source, indexed by State. One row is a
        state, by name.

    Examples
    --------
    >>> found = pd.DataFrame({"recogniser": ["PLW"], "begin": [pd.Timestamp("1999-12-15")], "precision": ["month"],
    ...                       "source_id": ["C55"], "confidence": ["high"], "implied": [False]})
    >>> states = pd.DataFrame({"iso3": ["PLW"], "name": ["Palau"]})
    >>> sources = pd.DataFrame({"source_id": ["C55"], "title": ["A list"], "year": [2020]})
    >>> table_of_recognisers(found, states, sources, "relations").iloc[0].tolist()
    ['1999-12', 'month', 'act', 'high', 'C55: A list (2020)']
    """
    other = {"recognition": "implied by relations", "relations": "implied by recognition"}[kind]
    source = sources.set_index("source_id").reindex(found["source_id"]).reset_index()
    title = source["title"].map(lambda words: shorten(words, TITLE_LETTERS, placeholder=" ..."))
    year = source["year"].astype("str").radd(" (").add(")").where(source["year"].notna(), "")
    table = pd.DataFrame(
        {
            "State": found["recogniser"].map(states.set_index("iso3")["name"]),
            "Since": [
                day.strftime(WRITTEN[precision])
                for day, precision in zip(found["begin"], found["precision"], strict=True)
            ],
            "Precision": found["precision"],
            "Known by": found["implied"].map({False: "act", True: other}),
            "Confidence": found["confidence"],
            "Source": (source["source_id"] + ": " + title + year).to_numpy(),
        }
    )
    return table.sort_values("State").set_index("State").rename_axis(index=None, columns="State")


def describe_recognisers(found: pd.DataFrame, entity: str, kind: str, rule: str, on: str) -> str:
    """Say how many states count on a day, how many of them by implication only, and how sure their rows are.

    Parameters
    ----------
    found : pandas.DataFrame
        From :func:`analysis.recognition.panel.recognisers`.
    entity, kind, rule, on : str
        The choices with which it was made.

    Examples
    --------
    >>> found = pd.DataFrame({"implied": [False, True], "confidence": ["high", "low"], "precision": ["day", "year"]})
    >>> describe_recognisers(found, "ISR", "relations", "net", "1960-01-01").split(". ")[0]
    '2 states had relations with Israel on 1 January 1960 (rule: net), 1 of them by implication only'
    """
    number, implied = len(found), int(found["implied"].sum())
    sentence = f"{write_states(number)} {VERBS[kind]} {name_entity(entity)} on {write_day(on)} (rule: {rule})"
    sentence += f", {implied} of them by implication only." if implied else "."
    if not number:
        return sentence
    sure = found["confidence"].value_counts()
    days = int(found["precision"].eq("day").sum())
    parts = [f"{sure[level]} {level}" for level in ("high", "medium", "low") if level in sure]
    return f"{sentence} Confidence of the beginnings: {', '.join(parts)}; {days} are known to the day."
