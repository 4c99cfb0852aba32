"""The threat classes: their published properties, and beside them the systems rated against each."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.air_defence.facts.choices import ARCHITECTURES, THREAT_CLASSES
from analysis.figures import style
from analysis.figures.air_defence.words import CLASS_WORDS, name_system
from analysis.figures.words import write_list

PANELS: dict[str, tuple[str, float, float, dict[float, str]]] = {
    "speed_m_s": ("Speed (m/s)", 30, 10_000, {100: "100", 1000: "1,000", 10_000: "10,000"}),
    "altitude_km": (
        "Altitude of flight (km)",
        0.008,
        2000,
        {0.01: "0.01", 0.1: "0.1", 1: "1", 10: "10", 100: "100", 1000: "1,000"},
    ),
    "unit_cost_usd": ("Price of one (USD)", 100, 3e8, {1e3: "1,000", 1e5: "100,000", 1e7: "10 m"}),
}
SEEN, GUESSED = "#0072b2", "#a3195b"


def plot_properties_by_class(properties: pd.DataFrame) -> Figure:
    """Draw the published speed, altitude and price of each threat class as ranges.

    Parameters
    ----------
    properties : pandas.DataFrame
        From ``coverage.published_properties``.
    """
    figure, panels = plt.subplots(1, len(PANELS), figsize=(style.WIDE[0], 3.7), sharey=True)
    for axes, (name, (label, left, right, ticks)) in zip(panels, PANELS.items(), strict=True):
        for row in properties[properties["property"] == name].itertuples():
            place = list(CLASS_WORDS).index(row.threat_class)
            look = {"color": GUESSED, "linestyle": (0, (2, 1))} if row.guessed else {"color": SEEN}
            axes.plot([max(row.low, left), row.high], [place, place], linewidth=4, solid_capstyle="butt", **look)
            if pd.notna(row.best):
                axes.plot(row.best, place, "o", markersize=5, color=look["color"], markerfacecolor="white")
        axes.set(xscale="log", xlim=(left, right))
        axes.set_xlabel(f"{label}, log scale", fontsize=9)
        axes.set_xticks(list(ticks), labels=list(ticks.values()), fontsize=8.5)
        axes.minorticks_off()
    panels[0].set_yticks(range(len(CLASS_WORDS)), labels=list(CLASS_WORDS.values()), fontsize=9)
    panels[0].set_ylim(len(CLASS_WORDS) - 0.5, -0.5)
    figure.suptitle(
        "The threat classes: published speed, altitude and price", x=0.01, ha="left", weight="bold", fontsize=13
    )
    keys = [
        Line2D([], [], color=SEEN, linewidth=4, label="lowest to highest figure"),
        Line2D([], [], color=GUESSED, linewidth=4, linestyle=(0, (2, 1)), label="some of it seen in no source"),
        Line2D(
            [], [], color=style.INK, marker="o", markerfacecolor="white", linestyle="none", label="value used as best"
        ),
    ]
    figure.legend(handles=keys, loc="outside lower center", ncols=3, fontsize=8.5)
    plt.close(figure)
    return figure


def describe_properties(properties: pd.DataFrame) -> str:
    """Say between which values the classes lie, and which numbers nobody has seen in a source.

    Parameters are those of the same names in ``plot_properties_by_class``.
    """
    text = []
    for name, unit in {"speed_m_s": "m/s", "unit_cost_usd": "USD"}.items():
        rows = properties[properties["property"] == name].dropna(subset=["best"]).sort_values("best")
        ends = [
            f"{row.best:,.0f} {unit} ({CLASS_WORDS[row.threat_class].lower()})"
            for row in rows.iloc[[0, -1]].itertuples()
        ]
        text.append(" to ".join(ends))
    guessed = properties[properties["guessed"]]
    classes = [THREAT_CLASSES[name].lower() for name in guessed["threat_class"].drop_duplicates()]
    return (
        f"Best values run from {text[0]} and from {text[1]}. {len(guessed)} of {len(properties)} ranges hold a number "
        f"seen in no source ({write_list(classes)}). A class is a family of weapons, so a range is no error bar."
    )


def table_of_faced(rated: pd.DataFrame, architectures: list[str]) -> pd.DataFrame:
    """Lay out the systems rated against each class, architecture beside architecture, the best rating first.

    Parameters
    ----------
    rated : pandas.DataFrame
        From ``coverage.rated_by_class``.
    architectures : list of str
        The architectures compared, in their order.
    """
    table = {
        ARCHITECTURES[name]: [
            _say_systems(rated[(rated["architecture_id"] == name) & (rated["threat_class"] == threat)])
            for threat in THREAT_CLASSES
        ]
        for name in architectures
    }
    return pd.DataFrame(table, index=list(THREAT_CLASSES.values())).rename_axis(columns="Threat class")


def _say_systems(rows: pd.DataFrame) -> str:
    words = []
    for grade, group in rows.groupby("capability", sort=False):
        names = [name_system(row.name) + ("" if row.confirmed else "*") for row in group.itertuples()]
        words.append(f"{grade}: {', '.join(names)}")
    return "; ".join(words) or "none rated"
