"""How recognition of two pairs of entities goes together, and each pair against what shuffling gives."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from analysis.figures import style
from analysis.figures.layout import readable_ink
from analysis.figures.recognition.words import SEATS, judge, write_share, write_states
from analysis.recognition.facts.choices import ENTITIES
from analysis.recognition.relations import CoRecognition

SHORT = ENTITIES | SEATS
SHADES = LinearSegmentedColormap.from_list("shades", ["#ffffff", "#08519c"])
Pairs = Mapping[tuple[str, str], CoRecognition]


def plot_answers_by_side(table: pd.DataFrame) -> Figure:
    """Draw how many states give which answer to one pair of entities, by their answer to another pair.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`analysis.recognition.relations.cross_stances`.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. One cell is the number of states; its shade is the share of its row.

    Examples
    --------
    >>> answers = ["both", "TWN only", "CHN only", "neither"]
    >>> table = pd.DataFrame(1, index=answers, columns=["both", "ISR only", "PSE only", "neither"])
    >>> [label.get_text() for label in plot_answers_by_side(table).axes[0].get_yticklabels()]
    ['both (4)', 'Taipei only (4)', 'Beijing only (4)', 'neither (4)']
    """
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 4.2))
    sums = table.sum(axis="columns")
    shares = table.div(sums.where(sums > 0, 1), axis="index").to_numpy()
    axes.imshow(shares, cmap=SHADES, vmin=0, vmax=1, aspect="auto")
    for (row, column), number in np.ndenumerate(table.to_numpy()):
        behind = plt.matplotlib.colors.to_hex(SHADES(shares[row, column]))
        text = f"{number}\n{100 * shares[row, column]:.0f} %" if number else "0"
        axes.text(column, row, text, ha="center", va="center", color=readable_ink(behind))
    axes.set_xticks(range(len(table.columns)), [_name_answer(answer) for answer in table.columns])
    axes.set_yticks(range(len(table)), [f"{_name_answer(answer)} ({sums[answer]})" for answer in table.index])
    axes.set(xlabel=f"Recognises ({_name_pair(table.columns)})", ylabel=f"Recognises ({_name_pair(table.index)})")
    axes.grid(visible=False)
    axes.set_title("States by whom they recognise: number, and share of the row")
    plt.close(figure)
    return figure


def _name_answer(answer: str) -> str:
    code, *rest = answer.split()
    return " ".join([SHORT.get(code, code), *rest])


def _name_pair(answers: pd.Index) -> str:
    return " and ".join(SHORT[answer.split()[0]] for answer in answers[1:3])


def describe_answers(table: pd.DataFrame) -> str:
    """Say how the states with each answer to one pair of entities answer to the other pair.

    Parameters
    ----------
    table
        As for :func:`plot_answers_by_side`.

    Examples
    --------
    >>> rows = {"both": [0, 8, 119, 1], "ISR only": [0, 3, 32, 0], "PSE only": [0, 0, 28, 0], "neither": [0] * 4}
    >>> table = pd.DataFrame(rows, index=["both", "TWN only", "CHN only", "neither"])
    >>> describe_answers(table).split(". ")[0]
    'Of 11 states that recognise Taipei only: Israel and Palestine 8, Israel only 3'
    """
    both = _name_pair(table.columns)
    sentences = []
    for answer, row in table.iterrows():
        if row.sum():
            parts = [
                f"{both if name == 'both' else _name_answer(name)} {number}" for name, number in row.items() if number
            ]
            verb = "recognises" if row.sum() == 1 else "recognise"
            whom = _name_pair(table.index) if answer == "both" else _name_answer(str(answer))
            sentences.append(f"Of {write_states(row.sum())} that {verb} {whom}: {', '.join(parts)}.")
    return " ".join(sentences)


def table_of_answers(stances: pd.DataFrame, entity: str) -> pd.DataFrame:
    """Name the states that recognise an entity, with their answers to all others.

    Parameters
    ----------
    stances : pandas.DataFrame
        From :func:`analysis.recognition.relations.find_stances`.
    entity : str
        Code of the entity.

    Returns
    -------
    pandas.DataFrame
        "yes" or empty, indexed by State; one column is an entity that some of them recognise. One row is one state.

    Examples
    --------
    >>> stances = pd.DataFrame({"name": ["Palau"], "TWN": [True], "PSE": [False], "ISR": [True]})
    >>> table_of_answers(stances, "TWN").iloc[0].tolist()
    ['yes']
    """
    own = stances[stances[entity].fillna(False).astype("bool")].sort_values("name").set_index("name")
    known = [name for name in own.columns if name in ENTITIES and name != entity and own[name].fillna(False).any()]
    answers = own[known].fillna(False).astype("bool").replace({True: "yes", False: ""})
    return answers.rename(columns=SHORT).rename_axis(index=None, columns="State")


def plot_both_by_pair(found: Pairs) -> Figure:
    """Draw how many more or fewer states recognise both of a pair than the shuffle gives.

    Parameters
    ----------
    found : mapping of (str, str) to CoRecognition
        Pair of codes, and its comparison; a pair that excludes each other is left out.

    Returns
    -------
    matplotlib.figure.Figure
        Closed. One row is one pair: zero is the average of the draws, the bar holds their middle 95 %.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> one = SimpleNamespace(table=pd.DataFrame([[8, 3], [149, 33]]), expected=8.2, low=7.0, high=10.0)
    >>> plot_both_by_pair({("TWN", "PSE"): one}).axes[0].get_yticklabels()[0].get_text()
    'Taipei and Palestine: 8'
    """
    shown = {pair: one for pair, one in found.items() if not np.isnan(one.expected)}
    figure, axes = plt.subplots(figsize=(style.WIDE[0], 1.7 + 0.42 * max(len(shown), 1)))
    rows, tests = np.arange(len(shown)), list(shown.values())
    both = [int(one.table.iloc[0, 0]) for one in tests]
    low, high, beyond = (
        [value - one.expected for value, one in zip(values, tests, strict=True)]
        for values in ([one.low for one in tests], [one.high for one in tests], both)
    )
    axes.hlines(rows, low, high, color=style.MUTED, linewidth=8, alpha=0.35, label="middle 95 % of the draws")
    axes.scatter(beyond, rows, 60, marker="D", color=style.INK, label="observed", zorder=3)
    axes.axvline(0, color=style.INK, linewidth=0.8)
    axes.set_yticks(rows, [f"{name_both(pair)}: {number}" for pair, number in zip(shown, both, strict=True)])
    axes.set(
        ylim=(len(shown) - 0.4, -0.6), xlabel="States that recognise both, more or fewer than the draws on average"
    )
    axes.grid(visible=False, axis="y")
    axes.set_title("Do more states recognise both than the shuffle gives?")
    figure.legend(loc="outside lower left", ncols=2)
    plt.close(figure)
    return figure


def name_both(pair: tuple[str, str]) -> str:
    """Name a pair of entities in short.

    Examples
    --------
    >>> name_both(("TWN", "PSE"))
    'Taipei and Palestine'
    """
    return f"{SHORT[pair[0]]} and {SHORT[pair[1]]}"


def describe_both(found: Pairs) -> str:
    """Say for each pair how many states recognise both, how many the draws give, and how unusual that is.

    Parameters
    ----------
    found
        As for :func:`plot_both_by_pair`.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> one = SimpleNamespace(table=pd.DataFrame([[8, 3], [149, 33]]), expected=8.2, low=7.0, high=10.0, p_shuffle=1)
    >>> describe_both({("TWN", "PSE"): one})
    'Taipei and Palestine: 8 states, 8.2 on average over the draws (95 %: 7 to 10), not unusual under this shuffle.'
    """
    sentences = []
    for pair, one in found.items():
        number = write_states(int(one.table.iloc[0, 0]))
        reading = f"{one.expected:.1f} on average over the draws (95 %: {one.low:.0f} to {one.high:.0f})"
        shuffle = f"{reading}, {judge(one.p_shuffle)}" if not np.isnan(one.expected) else "the two exclude each other"
        sentences.append(f"{name_both(pair)}: {number}, {shuffle}.")
    return " ".join(sentences)


def table_of_associations(found: Pairs) -> pd.DataFrame:
    """Lay out the table of two by two of each pair and its measures of association.

    Parameters
    ----------
    found
        As for :func:`plot_both_by_pair`.

    Returns
    -------
    pandas.DataFrame
        Both, First only, Second only, Neither, Odds ratio (with its exact 95 % interval), Phi, Jaccard, Exact p,
        Draws as far, indexed by Pair. One row is one pair.

    Examples
    --------
    >>> table_of_associations({}).empty
    True
    """
    rows = []
    for pair, one in found.items():
        both, first, second, neither = one.table.to_numpy().ravel().tolist()
        measures = (
            _write_odds(one),
            round(one.phi, 2),
            round(one.jaccard, 2),
            "below 0.001" if one.p_exact < 0.001 else f"{one.p_exact:.3f}",
        )
        shuffle = "" if np.isnan(one.p_shuffle) else write_share(one.p_shuffle)
        rows.append((name_both(pair), both, first, second, neither, *measures, shuffle))
    columns = ["Pair", "Both", "First only", "Second only", "Neither", "Odds ratio (95 %)"]
    table = pd.DataFrame(rows, columns=[*columns, "Phi", "Jaccard", "Exact p", "Draws as far"])
    return table.set_index("Pair").rename_axis(index=None, columns="Pair")


def _write_odds(one: CoRecognition) -> str:
    if np.isnan(one.odds_ratio) or np.isnan(one.odds_low):
        return "not defined"
    if np.isinf(one.odds_ratio):
        return f"infinite ({one.odds_low:.2f} or more)"
    return f"{one.odds_ratio:.2f} ({one.odds_low:.2f} to {one.odds_high:.2f})"
