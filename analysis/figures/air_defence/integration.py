"""What a network is worth beside stand-alone batteries: seconds saved, evenly spread shots, one pool of channels."""

from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.air_defence.facts.choices import ARCHITECTURES, THREAT_CLASSES
from analysis.figures import captions, grammar, style
from analysis.figures.air_defence.rows import PAIR, ROW_INCHES, draw_panels, label_rows, order_rows, place_in_rows
from analysis.figures.air_defence.words import CLASS_WORDS, name_system

MARKS = {"apart": "o", "network": "D"}
STATES = {"apart": "stand-alone battery", "network": "battery in a network"}
GAINING = {"gaining": "pairs: a shot more, decided faster", "freed": "pairs that wait: no wait in one pool"}
"""Columns of ``networks.key_numbers``, and what they lack: rows that wait apart and not in one pool."""
GAINS = {"coordination": "evenly spread shots", "time": "a faster decision", "channels": "one pool of channels"}
SHORTEST_S, LONGEST_S = 0.8, 3000.0  # of the axis of windows, unless one lasts longer
PLACES = (0.5, 0.3, 0.7, 0.15, 0.85)  # where on a step its number of shots may stand
STEEPEST = 4  # staircases that are drawn from the side
TINY = 0.0005  # a smaller gain of leakage is none
LEAST_GAIN = 0.005  # a smaller break-even failure is that of no gain
LEAST_LATE = 0.5  # threats; a layer that misses fewer is not drawn
UNENGAGED_PERCENT = 1  # of the raid: with so few the channels are enough
NUMBERS = {
    "rows": "Pairs of a system and a class",
    "saved": "Leakers saved by spread shots",
    "gaining": "Pairs with a shot more",
    "late apart": "Pairs that wait, apart",
    "late pooled": "Pairs that wait, pooled",
}
"""Columns of the table of key numbers, by their names in ``networks.key_numbers``."""


def plot_gaining_by_architecture(numbers: pd.DataFrame) -> Figure:
    """Draw of each architecture how many pairs of a system and a class gain by a network (``networks.key_numbers``).

    The worked case, which comes first, is left out.
    """
    own, step = numbers.iloc[1:], len(GAINING) + 2.3
    freed = own["late apart"] - own["late pooled"]
    counts = {"gaining": (own["gaining"], own["rows"]), "freed": (freed, own["late apart"])}
    rows = pd.concat([
        pd.DataFrame({"some": some, "of": of, "words": GAINING[name], "place": step * np.arange(len(own)) + line})
        for line, (name, (some, of)) in enumerate(counts.items(), start=1)
    ]).astype({"some": "int64", "of": "int64"}).sort_values("place")  # fmt: skip
    widest, size = rows["of"].max(), (style.NARROW, 0.8 + 0.28 * step * len(own))
    with grammar.drawing("Who gains by a network", figsize=size) as (figure, axes):
        grammar.draw_bars(axes, rows, "of", style.EMPTY, height=0.8)
        grammar.draw_bars(axes, rows, "some", style.NETWORK_COLOURS["network"], height=0.8)
        look: dict[str, Any] = {"color": style.INK, "va": "center"}
        for row in rows.itertuples():
            axes.text(1.04 * widest, row.place, f"{row.some} of {row.of} {row.words}", fontsize=9.5, **look)
        for place, (name, saved) in enumerate(own["saved"].items()):
            said = f"at most {saved:.1f} leakers fewer by shots spread evenly"
            axes.text(0, step * place, name, fontsize=10, weight="bold", **look)
            axes.text(0, step * place + len(GAINING) + 1, said, fontsize=9.5, **look)
        axes.set(ylim=(step * len(own) - 0.8, -0.6), xlim=(0, 2.6 * widest), xticks=[], yticks=[])
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
    return figure


def plot_leakage_by_reaction(staircase: pd.DataFrame, times: pd.DataFrame) -> Figure:
    """Draw each system's window, and beside it its staircase of shots from above, coloured by the leakage.

    ``staircase`` is that of ``leakage_staircase``, ``times`` that of ``value_of_time``: a row a system and a class.
    """
    rows = order_rows(times)
    shape: dict[str, Any] = {"ncols": 2, "sharey": True, "width_ratios": [1, 2]}
    with grammar.drawing("", len(rows), ROW_INCHES, 2.3, **shape) as (figure, (left, right)):
        label_rows(left, rows)
        _draw_windows(left, place_in_rows(times, rows))
        left.set_title("Time within reach", fontsize=11)
        _draw_stairs(right, place_in_rows(staircase, rows), place_in_rows(times, rows))
        right.set_title("Shots that it leaves room for", fontsize=11)
        scale = mpl.cm.ScalarMappable(mpl.colors.Normalize(0, 100), style.LEAKAGE_MAP)
        bar = figure.colorbar(scale, ax=right, orientation="horizontal", shrink=0.6, aspect=40, pad=0.01)
        bar.set_label("Leakage of one threat through this layer, %", fontsize=9)
        bar.ax.tick_params(labelsize=8.5)
        grammar.put_legend(figure, [*_window_keys(times), *_state_keys(STATES)], 4, fontsize=8.5)
    return figure


def _draw_windows(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw the seconds within reach with their spread, and those of sight before, on a logarithmic axis from 1."""
    ends = [f"window_{end}_s" for end in ("low", "best", "high")]
    shown = rows.assign(**rows[ends].clip(lower=1), form=rows["at_least"].map({True: "floor", False: "value"}))
    seen = rows[rows["lead_best_s"] >= 1].assign(form=rows["sight_assumed"].map({True: "assumed", False: "known"}))
    axes.set(
        xscale="log", xlim=(SHORTEST_S, max(LONGEST_S, 1.3 * rows[["window_high_s", "lead_best_s"]].max(axis=None)))
    )
    grammar.draw_ranges(axes, shown, ends[0], ends[2], style.WINDOW_COLOUR, linewidth=1.8)
    grammar.draw_dots(axes, seen, "lead_best_s", style.MUTED, marks={"assumed": "x", "known": "|"}, mark_by="form",
                      size=36, linewidth=1.5)  # fmt: skip
    grammar.draw_dots(axes, shown, ends[1], style.WINDOW_COLOUR, marks={"floor": ">", "value": "o"}, mark_by="form",
                      hollow="far_assumed", size=46, zorder=4)  # fmt: skip
    axes.set_xlabel("Seconds within reach (log from 1)")
    axes.set_xticks([1, 10, 100, 1000])
    axes.xaxis.set_major_formatter(grammar.COUNT)
    axes.minorticks_off()


def _draw_stairs(axes: Axes, steps: pd.DataFrame, times: pd.DataFrame) -> None:
    """Draw a bar for each step with its number of shots, and on them both sensor-to-shooter times."""
    longest = float(steps["to_s"].max())
    shades = {leakage: mpl.colormaps[style.LEAKAGE_MAP](leakage) for leakage in steps["leakage"].unique()}
    look: dict[str, Any] = {"edgecolor": "white", "linewidth": 0.8, "zorder": 1}
    bars = steps.assign(width=steps["to_s"] - steps["from_s"])
    grammar.draw_bars(axes, bars, "width", shades, by="leakage", height=0.84, **look)
    taken = times.set_index("place")[["reaction_before_s", "reaction_after_s"]]
    for step in bars.itertuples():
        _write_shots(axes, step, longest, taken.loc[step.place].to_numpy(), shades[step.leakage])
    grammar.draw_dots(axes, _two_states(times), "reaction_s", style.NETWORK_COLOURS, by="state", marks=MARKS,
                      mark_by="state", size=46, linewidth=1, edgecolor="white", zorder=4)  # fmt: skip
    axes.set(xlim=(0, longest), xlabel="Sensor-to-shooter time: seconds from own detection to launch")
    axes.grid(visible=False)


def _write_shots(axes: Axes, step: Any, longest: float, taken: np.ndarray, shade: Any) -> None:
    """Write the number of shots where it is farthest from the marks, if the step leaves it room at all."""
    spots = [step.from_s + share * step.width for share in PLACES]
    spot = max(spots, key=lambda at: min(longest / 30, *abs(taken - at)))
    if step.width >= longest / 50 and min(abs(taken - spot)) > longest / 75:
        ink = style.readable_ink(mpl.colors.to_hex(shade))
        axes.text(spot, step.place + 0.02, str(step.shots), ha="center", va="center", fontsize=7.5, color=ink, zorder=2)


def _two_states(times: pd.DataFrame) -> pd.DataFrame:
    """Stand-alone batteries first, then those in a network, each with ``reaction_s`` and ``leakage``."""
    names = {"apart": "before", "network": "after"}
    return pd.concat([
        times.assign(state=state, reaction_s=times[f"reaction_{when}_s"], leakage=times[f"leakage_{when}"])
        for state, when in names.items()
    ])  # fmt: skip


def _window_keys(times: pd.DataFrame) -> list[Artist]:
    """Make entries for the marks of a window that are drawn."""
    dot: dict[str, Any] = {"color": style.WINDOW_COLOUR, "linestyle": "-", "markersize": 5.5}
    tick: dict[str, Any] = {"color": style.MUTED, "markersize": 6, "markeredgewidth": 1.5}
    seen = times["lead_best_s"] >= 1
    keys = {
        grammar.key("within reach, with spread", marker="o", **dot): True,
        grammar.key("at least", marker=">", **dot): times["at_least"].any(),
        grammar.key("reach assumed", marker="o", markerfacecolor="white", **dot): times["far_assumed"].any(),
        grammar.key("seen before that (no mark: not before)", marker="|", **tick): True,
        grammar.key("the same, radar assumed", marker="x", **tick): (seen & times["sight_assumed"]).any(),
    }
    return [entry for entry, drawn in keys.items() if drawn]


def _state_keys(words: dict[str, str]) -> list[Artist]:
    return grammar.keys_of(words, words, marker=MARKS, color=style.NETWORK_COLOURS)


def plot_saved_second_by_system(staircase: pd.DataFrame, times: pd.DataFrame) -> Figure:
    """Draw leakage as steps for the systems at which the faster decision saves most, with both times marked.

    Frames as in ``plot_leakage_by_reaction``; steps are flat where a saved second is worth nothing.
    """
    chosen = times.sort_values("gain", ascending=False, kind="stable").head(STEEPEST)
    shape: dict[str, Any] = {"ncols": STEEPEST, "sharex": True, "sharey": True}
    title = "The staircase at its steepest: leakage by seconds"
    with grammar.small_multiples(title, chosen.index, 3.5, 0, STEEPEST, **shape) as (figure, panels):
        for index, axes in panels.items():
            row = chosen.loc[[index]]
            steps = staircase.merge(row[PAIR], on=PAIR)
            closed = grammar.hold(steps, from_s=steps["to_s"].max())
            grammar.draw_steps(axes, closed, "from_s", "leakage", style.INK, linewidth=2)
            sns.scatterplot(_two_states(row), x="reaction_s", y="leakage", hue="state", style="state", markers=MARKS,
                            palette=style.NETWORK_COLOURS, s=81, zorder=4, legend=False, ax=axes)  # fmt: skip
            name, threat_class = row.iloc[0][["name", "threat_class"]]
            axes.set_title(f"{name_system(name, 24)}\n{CLASS_WORDS[threat_class]}", fontsize=9.5)
            axes.tick_params(labelsize=9)
            axes.set_xlabel("Sensor to shooter, s", fontsize=9.5)
        figure.axes[0].set(ylabel="Leakage of one threat", ylim=(-0.04, 1.04))
        figure.axes[0].yaxis.set_major_formatter(grammar.PERCENT)
        grammar.put_legend(figure, _state_keys(STATES), fontsize=8.5)
    return figure


def plot_gain_by_shots(gains: pd.DataFrame, failures: pd.DataFrame, case: pd.Series) -> Figure:
    """Draw the gain of spread shots against shots for each threat, and the failure at which that of a case is gone.

    ``gains`` have ``shots_per_threat, single_shot, saved_percent``, ``failures`` have ``failure, leakage_networked,
    leakage_apart``; ``case`` is that of ``worked_case``.
    """
    with grammar.drawing("", ncols=2, figsize=(style.WIDE[0], 4.0)) as (figure, (left, right)):
        kills = gains.assign(kill=gains["single_shot"].map("{:.2g}".format)).sort_values("single_shot", kind="stable")
        shades = style.shade(kills["kill"].unique())
        sns.lineplot(kills, x="shots_per_threat", y="saved_percent", hue="kill", palette=shades, estimator=None,
                     linewidth=2, ax=left)  # fmt: skip
        here = case["shots"] / case["threats"], 100 * case["saved"] / case["threats"]
        _point_out(left, here, f"{case['saved']:.1f} saved", style.NETWORK_COLOURS["apart"], (7, 6))
        left.set(xlabel="Shots for each threat", ylabel="Leakers saved, % of the raid", xlim=(0, None), ylim=(0, None))
        left.legend(title="Single-shot kill probability", title_fontsize=9, fontsize=9)
        left.set_title("Gain of spreading shots evenly", fontsize=11)
        words = {
            "leakage_networked": ("network", "network that can fail"),
            "leakage_apart": ("apart", "batteries apart"),
        }
        for column, (state, label) in words.items():
            sns.lineplot(failures, x="failure", y=column, color=style.NETWORK_COLOURS[state], linewidth=2, label=label,
                         ax=right)  # fmt: skip
        gone = case["break_even"], case["leakage_apart"]
        _point_out(right, gone, f"gain gone at {100 * case['break_even']:.0f} %", style.INK, (10, -14))
        right.set(xlabel="Chance that the whole network fails", ylabel="Leakage", xlim=(0, 1), ylim=(0, 1.02))
        right.xaxis.set_major_formatter(grammar.PERCENT)
        right.yaxis.set_major_formatter(grammar.PERCENT)
        right.legend(fontsize=9, loc="upper left")
        right.set_title("A network also shares its failures", fontsize=11)
    return figure


def _point_out(axes: Axes, spot: tuple[float, float], words: str, colour: str, away: tuple[int, int]) -> None:
    axes.scatter(*spot, s=64, color=colour, edgecolor="white", zorder=4)
    pale = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}
    grammar.write_near(axes, words, spot, away, fontsize=9, bbox=pale)


def plot_saved_by_coordination(coordination: pd.DataFrame, times: pd.DataFrame, n_threats: int) -> Figure:
    """Draw for each layer the leakers that evenly spread shots save, with the spread over its inputs.

    ``coordination`` is that of ``coordination_by_layer``; ``times``, that of ``value_of_time``, gives the rows.
    """
    rows = order_rows(times.merge(coordination[PAIR].drop_duplicates(), on=PAIR))
    guessed = coordination["rounds_assumed"] | coordination["batteries_assumed"]
    placed = place_in_rows(coordination.assign(guessed=guessed, line=guessed.map({True: ":", False: "-"})), rows)
    most = float(placed["saved_high"].max()) if len(placed) else 1.0
    title, colour = "Leakers saved by spreading a layer's shots evenly", style.NETWORK_COLOURS["network"]
    with draw_panels(title, rows, list(placed["architecture_id"].unique())) as (figure, panels):
        for architecture, axes in panels.items():
            own = placed[placed["architecture_id"] == architecture]
            grammar.draw_ranges(axes, own, "saved_low", "saved_high", colour, linewidth=1.6, linestyles=own["line"])
            grammar.draw_dots(axes, own, "saved", colour, hollow="guessed", size=40)
            axes.set_xlabel(f"Saved, of {n_threats:,}", fontsize=9)
            axes.set_xlim(-0.02 * most, 1.05 * most)
        solid: dict[str, Any] = {"color": colour, "marker": "o", "markersize": 5.5}
        keys = [
            grammar.key("best values, and spread over rounds and kill probabilities", linestyle="-", **solid),
            grammar.key("the same, batteries or rounds assumed", linestyle=":", markerfacecolor="white", **solid),
        ]
        grammar.put_legend(figure, keys, 2, fontsize=8.5)
    return figure


def plot_late_by_channels(late: pd.DataFrame, n_threats: int) -> Figure:
    """Draw the threats not engaged in time against the channels, for some times within which a channel must be free.

    ``late`` is that of ``late_by_channels``; solid for the finite raid, dashed for one without end.
    """
    shades = style.shade(sorted(late["time_s"].unique()))
    lines: dict[str, Any] = {"x": "channels", "hue": "time_s", "palette": shades, "estimator": None, "legend": False}
    title = "A finite raid needs fewer channels than a raid without end"
    with grammar.drawing(title, figsize=(style.WIDE[0], 4.5)) as (figure, axes):
        sns.lineplot(late, y="late", linewidth=2.2, ax=axes, **lines)
        sns.lineplot(late, y="late_long_run", linewidth=1.2, linestyle="--", ax=axes, **lines)
        axes.set(xlabel="Simultaneous engagements", ylabel=f"Not engaged, of {n_threats:,} threats")
        axes.set(xlim=(0, None), ylim=(0, None))
        keys = [grammar.key(f"{s:g} s to find a channel", color=shade, linewidth=2.2) for s, shade in shades.items()]
        endless = grammar.key("raid without end (formula)", color=style.MUTED, linewidth=1.2, linestyle="--")
        grammar.put_legend(figure, [*keys, endless])
    return figure


def plot_late_by_pooling(saturation: pd.DataFrame, times: pd.DataFrame, n_threats: int) -> Figure:
    """Draw for each layer the threats that find no free channel in time, batteries apart and in one pool.

    ``saturation`` is that of ``saturation_by_layer``. A layer has a row where it misses half a threat or more in any
    architecture; where none does, a sentence says so.
    """
    apart, pooled, colours = "late_apart", "late_networked", style.NETWORK_COLOURS
    short = saturation[saturation[[apart, pooled]].max(axis=1) >= LEAST_LATE]
    if short.empty:
        return grammar.plot_nothing(captions.say("integration.nothing_late", {}))
    shown = short[PAIR].drop_duplicates()
    rows = order_rows(times.merge(shown, on=PAIR))
    assumed = saturation["channels_assumed"] | saturation["batteries_assumed"]
    placed = place_in_rows(saturation.assign(line=assumed.map({True: ":", False: "-"})).merge(shown, on=PAIR), rows)
    title = "Threats of a finite raid that find no free channel in time"
    with draw_panels(title, rows, list(saturation["architecture_id"].unique())) as (figure, panels):
        for architecture, axes in panels.items():
            own = placed[placed["architecture_id"] == architecture]
            grammar.draw_ranges(axes, own, pooled, apart, style.MUTED, linewidth=1.8, linestyles=own["line"])
            grammar.draw_dots(axes, own, apart, colours["apart"], hollow=True, size=48)
            grammar.draw_dots(axes, own, pooled, colours["network"], marker=MARKS["network"], size=26, zorder=4)
            axes.set_xlim(-0.03 * n_threats, 1.03 * n_threats)
            axes.set_xlabel(f"Not engaged, of {n_threats:,}", fontsize=9)
        keys = _state_keys({"apart": "batteries apart", "network": "one network"})
        keys[0].set(markerfacecolor="white")
        keys += [grammar.key("dotted: batteries or channels assumed", color=style.MUTED, linewidth=1.5, linestyle=":")]
        grammar.put_legend(figure, keys, fontsize=8.5)
    return figure


def table_of_times(times: pd.DataFrame) -> pd.DataFrame:
    """Put the value of time into words and rounded numbers; a row a system and a class, by the name of the system."""
    rows = times.assign(
        system=times["name"].map(name_system),
        against=times["threat_class"].map(CLASS_WORDS),
        reaction=[f"{row.reaction_best:.0f}{', assumed' * row.reaction_assumed}" for row in times.itertuples()],
        shots=[f"{row.shots_before} to {row.shots_after}" for row in times.itertuples()],
        gain=[
            f"{100 * row.gain:.1f} ({100 * row.gain_low:.1f} to {100 * row.gain_high:.1f})"
            for row in times.itertuples()
        ],
        second=(100 * times["gain_per_s"]).map("{:.2f}".format),
        step=["none" if np.isinf(step) else f"{step:.1f}" for step in times["next_step_s"]],
        window=times["window_best_s"].round().astype(int),
        lead=times["lead_best_s"].round().astype(int),
    )
    words = {
        "system": "system",
        "against": "against",
        "window": "reach, s",
        "lead": "seen, s",
        "reaction": "own reaction, s",
        "shots": "shots, alone to network",
        "gain": "leakage saved, points",
        "second": "a second",
        "step": "next step, s",
        "why": "limits",
    }
    return grammar.head_rows(rows[list(words)].rename(columns=words))


def table_of_late(late: pd.DataFrame) -> pd.DataFrame:
    """Name the columns of ``late_by_channels`` in words, rounded."""
    words = {
        "channels": "channels",
        "time_s": "seconds to find one",
        "late": "not engaged, simulated",
        "standard_error": "standard error",
        "late_long_run": "not engaged, raid without end",
    }
    return grammar.head_rows(late.round(1).rename(columns=words))


def table_of_break_even(break_even: pd.DataFrame, times: pd.DataFrame) -> pd.DataFrame:
    """Tabulate the chance of a common failure, in per cent, at which each gain of a layer is gone.

    One row is a system and a class, in the order of ``times``; one column is an architecture. A cell gives the gains in
    the order of ``GAINS``, a dash where one does not apply; it is empty where the architecture lacks the system.
    """
    cells = break_even.pivot(index=["architecture_id", *PAIR], columns="gain", values="break_even")[list(GAINS)]
    texts = cells.map(lambda value: "–" if pd.isna(value) else f"{100 * value:.0f}").agg(" · ".join, axis=1)
    table = texts.unstack("architecture_id").reindex(pd.MultiIndex.from_frame(times[PAIR]))
    table = table[list(break_even["architecture_id"].drop_duplicates())].fillna("").rename(columns=ARCHITECTURES)
    table.insert(0, "against", times["threat_class"].map(CLASS_WORDS).to_numpy())
    return table.set_axis(times["name"].map(name_system).tolist()).rename_axis(columns="system")


def table_of_numbers(numbers: pd.DataFrame) -> pd.DataFrame:
    """Lay out the key numbers (``networks.key_numbers``), one row the worked case or an architecture."""
    return numbers.rename(columns=NUMBERS)


def facts_of_windows(windows: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``integration.windows``: the shortest and longest of each class, what is assumed, what stays unseen."""
    spans = []
    for threat_class, group in windows.groupby("threat_class", sort=False):
        ordered = group.sort_values("window_best_s", kind="stable").to_dict("records")
        median = group["window_best_s"].median()
        spans.append({"threat_class": threat_class, "least": ordered[0], "most": ordered[-1], "median_s": median})
    hidden = windows[windows["hidden_s"] >= 1].sort_values("hidden_s", ascending=False)
    assumed = windows.loc[windows["far_assumed"], "name"].drop_duplicates().map(name_system)
    return {"spans": spans, "hidden": hidden.to_dict("records"), "assumed": list(assumed), "rows": len(windows),
            "classes": THREAT_CLASSES}  # fmt: skip


def facts_of_leakage(times: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``integration.leakage``: where the faster decision saves leakage, and where it saves nothing."""
    gaining = times[times["gain"] > TINY].sort_values("gain", ascending=False)
    faster = times["reaction_before_s"] - times["reaction_after_s"]
    return {"rows": len(times), "gaining": gaining.to_dict("records"), "idle": len(times) - len(gaining),
            "covered": int((times["lead_best_s"] >= times["reaction_before_s"]).sum()), "named": STEEPEST,
            "faster_s": faster.iloc[0] if len(times) else 0, "tiny_points": 100 * TINY,
            "classes": THREAT_CLASSES}  # fmt: skip


def facts_of_saved_second(times: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``integration.saved_second``: what a second is worth on average, and how far the next step is."""
    best = times.sort_values("gain", ascending=False, kind="stable").head(STEEPEST)
    steps = times.loc[np.isfinite(times["next_step_s"]), "next_step_s"]
    return {"best": best[best["gain"] > 0].to_dict("records"), "steps_s": steps, "rows": len(times)}


def facts_of_gain(case: pd.Series) -> dict[str, Any]:
    """Facts of ``integration.gain``: what coordination saves in the worked case, and at which failure it is gone."""
    return {"case": case}


def facts_of_coordination(coordination: pd.DataFrame, times: pd.DataFrame, inputs: str) -> dict[str, Any]:
    """Facts of ``integration.coordination``: for each architecture where evenly spread shots save most.

    ``inputs`` says whether kill probabilities are fitted (calibrated) or assumed.
    """
    names = times.drop_duplicates("system_id").set_index("system_id")["name"]
    parts = []
    for architecture, group in coordination.groupby("architecture_id", sort=False):
        best = group.loc[group["saved"].idxmax()].to_dict()
        parts.append({"architecture": ARCHITECTURES[str(architecture)], "best": best, "least": group["saved"].min(),
                      "name": names[best["system_id"]]})  # fmt: skip
    undrawn = times[~times.set_index(PAIR).index.isin(coordination.set_index(PAIR).index)]
    named = list(dict.fromkeys(undrawn["name"].map(name_system)))
    return {"parts": parts, "fitted": inputs == "calibrated", "undrawn": len(undrawn), "undrawn_names": named}


def facts_in_short(
    times: pd.DataFrame,
    coordination: pd.DataFrame,
    saturation: pd.DataFrame,
    case: pd.Series,
    inputs: str,
    of_these_data: bool = True,
) -> dict[str, Any]:
    """Facts of ``integration.in_short``: what a network saves in time, shots and channels, and when that is gone.

    The frames are those of :func:`facts_of_leakage`, :func:`facts_of_coordination` and :func:`facts_of_pooling`;
    ``case`` is that of ``networks.worked_case``; ``of_these_data`` tells whether what inputs are fitted to still stands
    so in the tables.
    """
    shared = facts_of_coordination(coordination, times, inputs)
    pooled = facts_of_pooling(saturation, times)["parts"]
    return facts_of_leakage(times) | {"case": case, "shared": shared["parts"], "pooled": pooled,
                                      "fitted": shared["fitted"], "of_these_data": of_these_data}  # fmt: skip


def facts_of_late(late: pd.DataFrame, n_threats: int) -> dict[str, Any]:
    """Facts of ``integration.late``: how many channels keep the raid from saturating the layer."""
    parts = []
    for time_s, group in late.groupby("time_s"):
        enough = group.loc[group["late"] <= n_threats * UNENGAGED_PERCENT / 100, "channels"]
        least = enough.min() if len(enough) else None
        parts.append({"time_s": time_s, "enough": least, "most": group["channels"].max()})
    return {"parts": parts, "unengaged": UNENGAGED_PERCENT / 100}


def facts_of_pooling(saturation: pd.DataFrame, times: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``integration.pooling``: how many layers are saturated apart, and which stay so in one pool."""
    names = times.drop_duplicates("system_id").set_index("system_id")["name"].map(name_system)
    parts = []
    for architecture, group in saturation.groupby("architecture_id", sort=False):
        still = group.loc[group["late_networked"] >= 1, "system_id"].drop_duplicates().map(names)
        parts.append({"architecture": ARCHITECTURES[str(architecture)], "rows": len(group), "still": list(still),
                      "still_rows": int((group["late_networked"] >= 1).sum()),
                      "late": int((group["late_apart"] >= 1).sum())})  # fmt: skip
    return {"parts": parts, "worst": saturation["standard_error"].max()}


def facts_of_break_even(break_even: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``integration.break_even``: for each architecture the rows that gain, and the failure that ends it."""
    parts = []
    for architecture, group in break_even.groupby("architecture_id", sort=False):
        gains = []
        for gain, rows in group.groupby("gain", sort=False)["break_even"]:
            some = rows[rows >= LEAST_GAIN]
            gains.append({"words": GAINS[str(gain)], "some": len(some), "rows": len(rows), "median": some.median()})
        parts.append({"architecture": ARCHITECTURES[str(architecture)], "gains": gains})
    return {"parts": parts}
