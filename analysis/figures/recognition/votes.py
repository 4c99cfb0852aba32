"""How states voted on the key texts of the General Assembly."""

from collections.abc import Sequence

import pandas as pd

from analysis.figures.recognition.words import NAMES, name_country
from analysis.figures.words import write_list
from analysis.recognition.facts.choices import RESOLUTIONS, VOTES

NO_VOTE = "no vote on record"


def table_of_votes(votes: pd.DataFrame, totals: pd.DataFrame, countries: Sequence[str]) -> pd.DataFrame:
    """Lay out how some states voted, beside the totals.

    Parameters
    ----------
    votes, totals : pandas.DataFrame
        The tables ``recognition/un_votes`` and ``un_vote_totals``.
    countries : sequence of str
        Codes of states.

    Returns
    -------
    pandas.DataFrame
        Text, About, one column for each state, Yes, No, Abstaining, indexed by Date. One row is one text.

    Examples
    --------
    >>> votes = pd.DataFrame({"resolution": ["A/RES/46/86"], "iso3": ["ISR"], "vote": ["yes"]})
    >>> totals = {"resolution": ["A/RES/46/86"], "date": ["1991-12-16"]}
    >>> totals |= {"total_yes": [111], "total_no": [25], "total_abstain": [13]}
    >>> table_of_votes(votes, pd.DataFrame(totals), ["ISR"]).loc["1991-12-16", ["About", "Israel"]].tolist()
    ['revokes the text of 1975 on Zionism', 'yes']
    """
    answers = votes.set_index(["iso3", "resolution"])["vote"]
    table = {"Date": totals["date"], "Text": totals["resolution"], "About": totals["resolution"].map(RESOLUTIONS)}
    for country in countries:
        keys = [(country, resolution) for resolution in totals["resolution"]]
        table[NAMES[country]] = answers.reindex(keys).fillna(NO_VOTE).to_numpy()
    table |= {"Yes": totals["total_yes"], "No": totals["total_no"], "Abstaining": totals["total_abstain"]}
    return pd.DataFrame(table).set_index("Date").rename_axis(index=None, columns="Date")


def describe_votes(votes: pd.DataFrame, country: str) -> str:
    """Say how often a state voted in which way on the key texts.

    Parameters
    ----------
    votes : pandas.DataFrame
        The table ``recognition/un_votes``.
    country : str
        Code of a state.

    Examples
    --------
    >>> describe_votes(pd.DataFrame({"resolution": ["A/RES/46/86"], "iso3": ["ISR"], "vote": ["yes"]}), "ISR")
    'On the 9 key texts, Israel voted yes 1 time.'
    >>> describe_votes(pd.DataFrame({"iso3": [], "vote": []}), "XKX")
    'On the 9 key texts, no vote of Kosovo is on record.'
    """
    own, name = votes.loc[votes["iso3"] == country, "vote"].tolist(), name_country(country)
    start = f"On the {len(RESOLUTIONS)} key texts, "
    if not own:
        return f"{start}no vote of {name} is on record."
    words = {"yes": "voted yes", "no": "voted no", "abstain": "abstained", "absent": "was absent"}
    counts = {vote: own.count(vote) for vote in VOTES if vote in own}
    times = [f"{words[vote]} {number} time{'s' * (number > 1)}" for vote, number in counts.items()]
    return f"{start}{name} {write_list(times)}."
