"""How often a state voted in the General Assembly as the United States, China and Israel did."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from analysis.figures import style
from analysis.figures.recognition.histories import plot_nothing, put_title
from analysis.figures.recognition.words import name_country
from analysis.figures.words import write_list

PARTNERS = {"agree_usa": ("USA", style.INK), "agree_chn": ("CHN", style.ENTITY_COLOURS["CHN"])}
PARTNERS["agree_isr"] = ("ISR", style.ENTITY_COLOURS["ISR"])


def plot_agreement_by_partner(alignment: pd.DataFrame, country: str) -> Figure:
    """Draw the share of roll calls on which a state agreed with three others, year by year.

    Parameters
    ----------
    alignment : pandas.DataFrame
        The table ``recognition/un_alignment``.
    country : str
        Code of a state.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. Years without votes are gaps; without any it says that nothing is on record.

    Examples
    --------
    >>> row = {"iso3": "NIC", "year": 2019, "agree_usa": 0.2, "agree_chn": 0.8, "agree_isr": 0.2}
    >>> plot_agreement_by_partner(pd.DataFrame([row]), "NIC").axes[0].get_ylabel()
    'Agreement'
    """
    title = f"Agreement of {name_country(country)} with three others in the General Assembly"
    own = alignment[alignment["iso3"] == country].set_index("year")
    measured = {column: own[column].dropna() for column in PARTNERS}
    if not any(map(len, measured.values())):
        return plot_nothing(title)
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 3.6))
    first, last = int(alignment["year"].min()), int(alignment["year"].max())
    for column, values in measured.items():
        partner, colour = PARTNERS[column]
        if len(values):
            steps = values.reindex(range(int(values.index.min()), int(values.index.max()) + 1))
            label = f"with {name_country(partner)}"
            axes.plot(
                steps.index, steps, color=colour, linewidth=2, marker="o", markersize=2.5, label=label, clip_on=False
            )
    axes.axvspan(last + 0.5, last + 8, color=style.EMPTY, linewidth=0, label=f"no data after {last}")
    axes.set(xlim=(first - 1, last + 8), ylim=(0, 1), xlabel="Year", ylabel="Agreement")
    put_title(figure, title)
    axes.yaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    figure.legend(loc="outside lower left", ncols=4)
    plt.close(figure)
    return figure


def describe_agreement(alignment: pd.DataFrame, country: str) -> str:
    """Say how often a state agreed with three others in the last year on record, and its ideal point.

    Parameters
    ----------
    alignment, country
        As for :func:`plot_agreement_by_partner`.

    Examples
    --------
    >>> row = {"iso3": "NIC", "year": 2019, "agree_usa": 0.2, "agree_chn": None, "agree_isr": 0.25, "ideal_point": -0.9}
    >>> describe_agreement(pd.DataFrame([row]), "NIC").split("; ")[0]
    'In 2019 Nicaragua agreed with the United States on 20 % and Israel on 25 % of the roll calls'
    """
    own = alignment[alignment["iso3"] == country].dropna(subset=[*PARTNERS], how="all")
    name, last = name_country(country), int(alignment["year"].max())
    if own.empty:
        return f"No roll call of {name} is on record. The series ends in {last}."
    row = own.loc[own["year"].idxmax()]
    known = {partner: row[column] for column, (partner, _) in PARTNERS.items() if not pd.isna(row[column])}
    shares = [f"{name_country(partner)} on {share:.0%}".replace("%", " %") for partner, share in known.items()]
    listed = write_list(shares)
    sentence = f"In {row['year']} {name} agreed with {listed} of the roll calls; an abstention counts as half."
    if not pd.isna(row["ideal_point"]):
        sentence += f" Its ideal point was {row['ideal_point']:.2f}; a higher one is nearer to the United States."
    return f"{sentence} The series ends in {last}; nothing is carried forward."
