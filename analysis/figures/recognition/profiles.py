"""Whole profiles of recognition: who recognises the same entities, and where these states are."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.figures import style
from analysis.figures.recognition.co_recognition import SHORT
from analysis.figures.recognition.words import NAMES, write_states

MOST_LETTERS = 44  # of the names of the states with one profile
WIDTH = 1.9  # of the figure, in widths of the squares
THE_FOUR = "the four themselves"
FOUR = ["TWN", "CHN", "ISR", "PSE"]
CHINA = {(True, False): "Taipei", (False, True): "Beijing", (True, True): "both sides", (False, False): "neither side"}
STATES_OF_TWO = {
    (True, True): "both",
    (True, False): "Israel only",
    (False, True): "Palestine only",
    (False, False): "neither",
}
HUES = {
    "Beijing": ["#d55e00", "#f4a96b", "#fbdcc0", "#f5ede6"],
    "Taipei": ["#0072b2", "#62acd6", "#b5d8ec", "#e1ebf2"],
    "both sides": ["#54278f", "#807dba", "#bcbddc", "#e2e1ef"],
    "neither side": ["#4d4d4d", "#878787", "#bababa", "#efe8db"],
}


def plot_profiles_by_cluster(clustered: pd.DataFrame) -> Figure:
    """Draw each profile as a row of squares, one for each entity that is recognised, in the order of clusters.

    Parameters
    ----------
    clustered : pandas.DataFrame
        From :func:`analysis.recognition.profiles.cluster_states`.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. One row is one profile, with the states that have it: their number, and their names where they are few.

    Examples
    --------
    >>> clustered = pd.DataFrame({"name": ["Palau", "Chad"], "profile": ["TWN ISR", "CHN"], "cluster": [1, 2]})
    >>> [label.get_text() for label in plot_profiles_by_cluster(clustered).axes[0].get_yticklabels()]
    ['1', '2']
    """
    profiles = _order_profiles(clustered)
    codes = set(" ".join(profiles["profile"]).split())
    entities = [entity for entity in SHORT if entity in codes]
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 1.5 + 0.24 * len(profiles)))
    for row, profile in enumerate(profiles["profile"]):
        for entity in profile.split():
            corner = (entities.index(entity) - 0.42, row - 0.38)
            axes.add_patch(Rectangle(corner, 0.84, 0.76, color=style.ENTITY_COLOURS[entity], linewidth=0))
    for row, names in enumerate(profiles["name"]):
        axes.text(len(entities) - 0.3, row, _name_states(names), va="center_baseline", fontsize=8.5)
    changes = profiles.index[profiles["cluster"].diff().fillna(0) > 0]
    axes.hlines(changes - 0.5, -0.6, WIDTH * len(entities), color=style.MUTED, linewidth=0.8)
    axes.set_xticks(range(len(entities)), [SHORT[entity] for entity in entities], rotation=35, ha="left")
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(profiles)), profiles["cluster"].astype("str"))
    axes.set(xlim=(-0.6, WIDTH * len(entities)), ylim=(len(profiles) - 0.4, -0.6), ylabel="Cluster")
    axes.grid(visible=False)
    figure.suptitle("Profiles of recognition", x=0.01, ha="left", fontsize=13, fontweight="bold", color=style.INK)
    plt.close(figure)
    return figure


def _name_states(names: list[str]) -> str:
    number = write_states(len(names))
    named = f"{number}: {', '.join(sorted(names))}"
    return named if len(named) <= MOST_LETTERS else number


def describe_profiles(clustered: pd.DataFrame) -> str:
    """Say how many profiles and clusters there are, and which profile most states of each cluster have.

    Parameters
    ----------
    clustered
        As for :func:`plot_profiles_by_cluster`.

    Examples
    --------
    >>> clustered = pd.DataFrame({"name": ["Palau", "Chad"], "profile": ["TWN ISR", ""], "cluster": [1, 2]})
    >>> describe_profiles(clustered)
    '2 states have 2 profiles, in 2 clusters. 1: 1 state, most often Taipei, Israel. 2: 1 state, most often none.'
    """
    parts = []
    for cluster, own in clustered.groupby("cluster"):
        commonest = own["profile"].value_counts().index[0]
        parts.append(f"{cluster}: {write_states(len(own))}, most often {_name_profile(commonest)}.")
    number, clusters = clustered["profile"].nunique(), clustered["cluster"].nunique()
    return f"{len(clustered)} states have {number} profiles, in {clusters} clusters. {' '.join(parts)}"


def table_of_profiles(clustered: pd.DataFrame) -> pd.DataFrame:
    """Name the states that have each profile.

    Parameters
    ----------
    clustered
        As for :func:`plot_profiles_by_cluster`.

    Returns
    -------
    pandas.DataFrame
        Recognises, Number, States, indexed by Cluster. One row is one profile, the commonest of a cluster first.

    Examples
    --------
    >>> clustered = pd.DataFrame({"name": ["Palau", "Chad"], "profile": ["TWN ISR", ""], "cluster": [1, 2]})
    >>> table_of_profiles(clustered)["Recognises"].tolist()
    ['Taipei, Israel', 'none']
    """
    profiles = _order_profiles(clustered)
    table = {
        "Cluster": profiles["cluster"],
        "Recognises": [_name_profile(profile) for profile in profiles["profile"]],
        "Number": profiles["number"],
        "States": [", ".join(sorted(names)) for names in profiles["name"]],
    }
    return pd.DataFrame(table).set_index("Cluster").rename_axis(index=None, columns="Cluster")


def _order_profiles(clustered: pd.DataFrame) -> pd.DataFrame:
    profiles = clustered.groupby(["cluster", "profile"])["name"].agg(list).reset_index()
    profiles = profiles.assign(number=profiles["name"].map(len))
    return profiles.sort_values(["cluster", "number"], ascending=[True, False], kind="stable", ignore_index=True)


def _name_profile(profile: str) -> str:
    return ", ".join(SHORT[entity] for entity in profile.split()) or "none"


def name_profiles(stances: pd.DataFrame) -> pd.DataFrame:
    """Put into words whom each state recognises: of Taipei and Beijing, and of Israel and Palestine.

    Parameters
    ----------
    stances : pandas.DataFrame
        From :func:`analysis.recognition.relations.find_stances`, with TWN, CHN, ISR and PSE.

    Returns
    -------
    pandas.DataFrame
        iso3, name, status (in words). One row is one state, or one of the four entities themselves.

    Examples
    --------
    >>> row = {"iso3": ["PLW"], "name": ["Palau"], "TWN": [True], "CHN": [False], "ISR": [True], "PSE": [False]}
    >>> name_profiles(pd.DataFrame(row)).iloc[0].tolist()
    ['PLW', 'Palau', 'Taipei: Israel only']
    """
    known = stances[~stances["iso3"].isin(FOUR)]
    answers = known[FOUR].astype("bool").itertuples(index=False, name=None)
    words = [
        f"{CHINA[taipei, beijing]}: {STATES_OF_TWO[israel, palestine]}"
        for taipei, beijing, israel, palestine in answers
    ]
    themselves = pd.DataFrame({"iso3": FOUR, "name": [NAMES[entity] for entity in FOUR], "status": THE_FOUR})
    return pd.concat([known[["iso3", "name"]].assign(status=words), themselves], ignore_index=True)


def profile_colours(status: pd.DataFrame) -> dict[str, str]:
    """Return the colour of each profile that some state has, in the order of a legend.

    Parameters
    ----------
    status : pandas.DataFrame
        From :func:`name_profiles`.

    Examples
    --------
    >>> profile_colours(pd.DataFrame({"status": ["Taipei: Israel only"]}))
    {'Taipei: Israel only': '#62acd6'}
    """
    every = {
        f"{side}: {words}": shade
        for side, shades in HUES.items()
        for words, shade in zip(STATES_OF_TWO.values(), shades, strict=True)
    }
    every[THE_FOUR] = style.INK
    found = set(status["status"])
    return {words: colour for words, colour in every.items() if words in found}
