"""What was said in public about changing relations back, with date and source."""

import pandas as pd

from analysis.figures.recognition.words import NAMES


def table_of_statements(exchanges: pd.DataFrame, switches: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out what Taipei and states that left it said to each other after they parted.

    Parameters
    ----------
    exchanges, sources : pandas.DataFrame
        The tables ``recognition/taiwan_exchanges`` and ``sources``.
    switches : pandas.DataFrame
        From :func:`analysis.recognition.facts.spells.find_switches`; the latest of each state counts.

    Returns
    -------
    pandas.DataFrame
        From, To, Who, What, Source, indexed by Date (as precise as known). One row is one statement or visit, in the
        order of time.

    Examples
    --------
    >>> switches = pd.DataFrame({"recogniser": ["HND"], "to_entity": ["CHN"], "begin": pd.to_datetime(["2023-03-26"])})
    >>> row = {"date": "2026-02-07", "from_iso3": "HND", "to_iso3": "TWN", "who": "president", "topic": "a return",
    ...        "source_id": "C52"}
    >>> sources = pd.DataFrame({"source_id": ["C52"], "title": ["On Honduras"], "publisher": ["Taipei Times"]})
    >>> table_of_statements(pd.DataFrame([row]), switches, sources).iloc[0].tolist()
    ['Honduras', 'Taiwan', 'president', 'a return', 'C52: On Honduras (Taipei Times)']
    """
    parted = switches.drop_duplicates("recogniser", keep="last").query("to_entity == 'CHN'").set_index("recogniser")
    since = exchanges["from_iso3"].map(parted["begin"]).fillna(exchanges["to_iso3"].map(parted["begin"]))
    said = exchanges[exchanges["date"] > since.dt.strftime("%Y-%m-%d")].sort_values("date", kind="stable")
    source = sources.set_index("source_id").reindex(said["source_id"]).reset_index()
    table = {
        "Date": said["date"],
        "From": said["from_iso3"].map(NAMES),
        "To": said["to_iso3"].map(NAMES),
        "Who": said["who"],
        "What": said["topic"],
        "Source": (source["source_id"] + ": " + source["title"] + " (" + source["publisher"] + ")").to_numpy(),
    }
    return pd.DataFrame(table).set_index("Date").rename_axis(index=None, columns="Date")
