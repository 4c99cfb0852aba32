"""Raids that happened beside what fitted layers say of them: one left out, a whole war left out; the fitted inputs."""

import re
from calendar import month_name
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.air_defence.calibration.held_out import score, score_other_days
from analysis.air_defence.calibration.raids import Asked
from analysis.air_defence.facts.choices import WARS
from analysis.figures import grammar, style
from analysis.figures.air_defence.words import CLASS_WORDS, write_ranges
from analysis.figures.words import CLAIM, YES, cite, write_count

LEFT_OUT = {"raid": "Fitted without this raid", "war": "Fitted without its war"}
SCOPES = {"layer": "each layer covers for itself", "place": "one draw for all local layers"}
LAWS = {"assumed": "assumed, without any raid", "common": "common level of all wars", "new_war": "in a new war"}
INPUTS = {
    "single_shot_primary": "Kill by one shot, rated primary",
    "single_shot_secondary": "Kill by one shot, rated secondary",
    "single_shot_limited": "Kill by one shot, rated limited",
    "track_layer": "Track by a layer",
    "coverage_local_air": "Coverage, local layers, level flight",
    "coverage_local_ballistic": "Coverage, local layers, ballistic",
    "coverage_upper": "Coverage, upper layers",
    "raid_correlation_drone": "Correlation in a raid, drones",
    "raid_correlation_cruise": "Correlation in a raid, cruise",
    "raid_correlation_ballistic": "Correlation in a raid, ballistic",
}
AIM_INSIDE, AIM_WARS = 0.85, 0.8
"""Shares of raids, and of wars, that should lie inside the intervals; set before anything was fitted."""
NEARER = 0.97
"""A prediction is called nearer than another one if its CRPS is below this part of the other's."""
OTHERS = {"raid": "from the other raids", "war": "from the other wars"}
MONTH = re.compile(f"\\b({'|'.join(list(month_name)[1:])})\\b")
NARROW_INCHES = 0.205


def plot_leaked_by_left_out(left_out: pd.DataFrame, kind: str = "raid") -> Figure:
    """Draw what was counted as leaked in every raid upon what was predicted, without the raid or without its war.

    ``left_out`` holds the rows of one coverage scope, with war effects; ``kind`` is one of ``LEFT_OUT``.
    """
    rows = left_out[left_out["left_out"] == kind].reset_index(drop=True)
    title = f"Share of each raid counted as leaked, and what was predicted: {LEFT_OUT[kind].lower()}"
    with grammar.drawing(title, len(rows), NARROW_INCHES, wide=style.NARROW) as (figure, axes):
        _draw_raids(axes, rows)
        grammar.name_rows(axes, [_name_narrowly(name) for name in name_raids(rows)], 8, led=True)
        keys = [
            grammar.key("90 %, assumptions alone", color=style.OTHERS, linewidth=5, alpha=0.5),
            grammar.key(f"90 %, {OTHERS[kind]}", color=style.FITTED_COLOUR, linewidth=5),
            grammar.key("counted, inside it", marker="o", color=style.HELD_COLOURS[True]),
            grammar.key("counted, outside it", marker="D", color=style.HELD_COLOURS[False]),
        ]
        grammar.put_legend(figure, keys, ncols=2, fontsize=9)
    return figure


def _name_narrowly(name: str) -> str:
    """Name a row of a narrow figure: months by three letters, classes by their first word.

    Examples
    --------
    >>> _name_narrowly("Iran on the UAE, 28 February 2026: ballistic, medium, 137")
    'Iran on the UAE, 28 Feb 2026: ballistic, 137'
    """
    days, _, threats = name.partition(": ")
    kind, *_, number = threats.split(", ")
    return f"{MONTH.sub(lambda word: word[0][:3], days)}: {kind}, {number}"


def _draw_raids(axes: Axes, rows: pd.DataFrame) -> None:
    numbers = ["q05", "q95", "q05_alone", "q95_alone", "leaked_low", "leaked_high"]
    shares = rows[numbers].div(rows["threats"], axis=0).assign(place=range(len(rows)))
    shares["middle"] = (shares["leaked_low"] + shares["leaked_high"]) / 2
    grammar.draw_ranges(axes, shares, "q05_alone", "q95_alone", style.OTHERS, linewidth=7, alpha=0.5, zorder=1)
    grammar.draw_ranges(axes, shares, "q05", "q95", style.FITTED_COLOUR, linewidth=4.5, zorder=2)
    for inside, mark in ((True, "o"), (False, "D")):
        some = shares[(rows["inside"] == inside).to_numpy()]
        colour = style.HELD_COLOURS[inside]
        grammar.draw_ranges(axes, some, "leaked_low", "leaked_high", colour, linewidth=1.6, zorder=3)
        axes.scatter(some["middle"], some["place"], s=22, marker=mark, color=colour, linewidth=0, zorder=4)
    axes.set(xlim=(-0.03, 1.03), xlabel="Share of the threats", xticks=(0, 0.25, 0.5, 0.75, 1))
    axes.xaxis.set_major_formatter(grammar.PERCENT)


def name_raids(rows: pd.DataFrame) -> list[str]:
    """Name each row: raid, class, and how many threats.

    Examples
    --------
    >>> name_raids(pd.DataFrame({"name": ["A on B, May 2023"], "threat_class": ["mrbm"], "threats": [9]}))
    ['A on B, May 2023: ballistic, medium, 9']
    """
    return [f"{row.name}: {_of_class(row.threat_class)}, {row.threats:,}" for row in rows.itertuples()]


def _of_class(threat_class: str) -> str:
    words = CLASS_WORDS[threat_class]
    return words[:1].lower() + words[1:]


def plot_level_by_law(levels: pd.DataFrame) -> Figure:
    """Draw each shared input as assumed, at the common level and in a new war (``fit.levels_before_and_after``)."""
    inputs = [name for name in INPUTS if name in set(levels["input"])]
    offsets = {("assumed", ""): -0.3, ("common", "layer"): -0.12, ("common", "place"): 0.02}
    offsets |= {("new_war", "layer"): 0.18, ("new_war", "place"): 0.32}
    place = [inputs.index(row.input) + offsets[row.law, row.coverage_scope] for row in levels.itertuples()]
    placed = levels.assign(place=place, hollow=levels["coverage_scope"] == "place")
    title = "Inputs that all models share, before and after the raids"
    with grammar.drawing(title, len(inputs), 0.5) as (figure, axes):
        grammar.draw_ranges(axes, placed, "q05", "q95", style.LEVEL_COLOURS, by="law", linewidth=2.2)
        grammar.draw_dots(axes, placed, "mean", style.LEVEL_COLOURS, by="law", hollow="hollow", size=36)
        grammar.name_rows(axes, [INPUTS[name] for name in inputs])
        axes.set(xlim=(-0.02, 1.02), xlabel="Probability or correlation; bar: 90 %, mark: mean")
        keys = grammar.keys_of(LAWS, LAWS, marker="o", color=style.LEVEL_COLOURS)
        keys.append(grammar.key(f"hollow: {SCOPES['place']}", marker="o", markerfacecolor="white"))
        grammar.put_legend(figure, keys, ncols=2)
    return figure


def facts_of_record(asked: Asked, left_out: pd.DataFrame, digest: str) -> dict[str, Any]:
    """Pick what the text before the raids names: how many are asked, and whether stored results are of these tables."""
    return {
        "rows": len(asked.rows),
        "raids": asked.rows["raid_id"].nunique(),
        "wars": len(asked.wars),
        "others": len(asked.left_out),
        "own": set(left_out["inputs_sha256"]) == {digest},
    }


def table_of_left_out_rows(asked: Asked) -> pd.DataFrame:
    """Show why rows of the record were not asked, one row a reason."""
    rows = asked.left_out.assign(named=name_raids(asked.left_out.assign(threats=0)))
    rows["named"] = rows["named"].str.removesuffix(", 0")
    reasons = rows.groupby("reason", sort=False)["named"].agg(["size", "; ".join]).reset_index()
    reasons = reasons.set_axis(["Why a row is not asked", "Rows", "Which"], axis=1)
    return grammar.head_rows(reasons)


def table_of_raids(left_out: pd.DataFrame, observed_raids: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Show what came through of each raid as reported and as predicted, with nine of ten draws, source and claim.

    Parameters
    ----------
    left_out : pandas.DataFrame
        Rows of ``tables.stored_results("left_out")`` of one scope of coverage, with the effects of wars.
    observed_raids, sources : pandas.DataFrame
        The tables; a raid that ``observed_raids`` has no more shows no source.
    """
    folds = {kind: own.set_index("claim_id") for kind, own in left_out.groupby("left_out", sort=False)}
    rows = folds["raid"]
    behind = observed_raids.set_index("claim_id").reindex(rows.index)
    table = {
        "Raid": name_raids(rows),
        "Came through, as reported": write_ranges(rows, "leaked_low", "leaked_high", form=",.0f"),
    }
    for kind, own in folds.items():
        table[LEFT_OUT[kind]] = _write_draws(own.reindex(rows.index), "mean", "q05", "q95")
    table["From assumptions alone"] = _write_draws(rows, "mean_alone", "q05_alone", "q95_alone")
    table |= {"Confidence": behind["confidence"].fillna("").tolist()}
    table |= {"Source": [cite(sources, one) for one in behind["source_id"]], CLAIM: rows.index.tolist()}
    return grammar.head_rows(table)


def table_of_class_level(predicted: pd.DataFrame, observed_raids: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Show what came through of raids that the layers leave out, and what nights before them said, or why not.

    Parameters
    ----------
    predicted : pandas.DataFrame
        From ``hindcast.predict_raids``.
    observed_raids, sources : pandas.DataFrame
        The tables.
    """
    behind = observed_raids.set_index("claim_id").loc[predicted["claim_id"]].reset_index()
    threats = behind["launched"].fillna(behind["engaged"]).fillna(behind["destroyed"])
    known = behind.fillna({"leaked_low": 0, "leaked_high": 0})
    counted = pd.Series(write_ranges(known, "leaked_low", "leaked_high", form=",.0f"))
    why, numbers = predicted["why"].reset_index(drop=True), ["mean", "q05", "q95"]
    drawn = pd.Series(_write_draws(predicted.fillna(dict.fromkeys(numbers, 0)), *numbers))
    return grammar.head_rows({
        "Raid": name_raids(behind.assign(threats=threats)),
        "Came through, as reported": counted.where(behind["leaked_low"].notna(), "not counted").tolist(),
        "From nights before": drawn.where(why == "", why).tolist(),
        "Inside": predicted["inside"].map(YES).fillna("").tolist(),
        "Confidence": behind["confidence"].tolist(),
        "Source": [cite(sources, one) for one in behind["source_id"]],
        CLAIM: behind["claim_id"].tolist(),
    })  # fmt: skip


def facts_of_class_level(predicted: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``raids.class_level``: how many rows are predicted by class, how many lie inside, and why others not."""
    told = predicted[predicted["why"] == ""]
    return {
        "rows": len(predicted),
        "predicted": len(told),
        "inside": int(told["inside"].astype(bool).sum()),
        "why": predicted.loc[predicted["why"] != "", "why"].value_counts().to_dict(),
    }


def _write_draws(rows: pd.DataFrame, *names: str) -> list[str]:
    drawn = rows[list(names)].itertuples(index=False, name=None)
    return [f"{mean:,.1f} ({write_count(low)} to {write_count(high)})" for mean, low, high in drawn]


def table_of_scores(left_out: pd.DataFrame) -> pd.DataFrame:
    """Show shares inside, width and CRPS beside those of ignorance and of a plain rule, a row a scope and a fold."""
    rows = []
    for (scope, kind, effects), own in left_out.groupby(["coverage_scope", "left_out", "war_effects"], sort=False):
        found = score(own)
        what = LEFT_OUT[kind].removeprefix("Fitted ") + ("" if effects else ", all wars alike")
        plain = score_other_days(own.reset_index(drop=True))
        rows.append({
            "Fitted": f"{what}; {SCOPES[scope]}",
            "Raids inside": found["inside"],
            "Wars inside": found["inside_by_war"],
            "Width": found["width"],
            "Width, assumed": found["width_alone"],
            "CRPS": found["crps"],
            "CRPS, assumed": found["crps_alone"],
            "CRPS, each war once": found["crps_by_war"],
            "the same, assumed": found["crps_by_war_alone"],
            f"CRPS, {len(plain)} rows": plain["crps_fitted"].mean(),
            "the same, other days of the war and class alone": plain["crps"].mean(),
        })  # fmt: skip
    return grammar.head_rows(pd.DataFrame(rows).round(3))


def table_of_wars(left_out: pd.DataFrame) -> pd.DataFrame:
    """Show each war by itself, its raids predicted from one another and from the other wars (rows of one scope)."""
    raid, war = (left_out[left_out["left_out"] == kind].groupby("war", sort=False) for kind in LEFT_OUT)
    table = {
        "Rows": raid.size(),
        "Inside without the raid": raid["inside"].mean(),
        "CRPS": raid["crps"].mean(),
        "CRPS, assumed": raid["crps_alone"].mean(),
        "Inside without the war": war["inside"].mean(),
        "CRPS without the war": war["crps"].mean(),
    }
    order = left_out.loc[left_out["left_out"] == "raid", "war"].unique()
    return pd.DataFrame(table).loc[order].rename(index=WARS).rename_axis(index=None, columns="War").round(3)


def facts_of_left_out(left_out: pd.DataFrame) -> dict[str, Any]:
    """Pick what the caption of the raids names: scores of one scope, aims, and the raids outside their interval."""
    whole = left_out[left_out["war_effects"]]
    scores = {kind: score(whole[whole["left_out"] == kind]).to_dict() for kind in LEFT_OUT}
    outside = whole[(whole["left_out"] == "raid") & (whole["inside"] == 0)]
    raid, war = scores["raid"], scores["war"]
    sharper = raid["crps"] < raid["crps_alone"] and raid["width"] < raid["width_alone"]
    by_war = whole[whole["left_out"] == "war"].groupby("war")[["crps", "crps_alone"]].mean()
    rows = whole[whole["left_out"] == "raid"]
    plain, sizes = score_other_days(rows.reset_index(drop=True)), rows.groupby("war").size()
    met = {"raids": raid["inside"] >= AIM_INSIDE, "sharper": sharper, "wars": war["inside_by_war"] >= AIM_WARS}
    return {
        "raid": raid,
        "war": war,
        "met": met,
        "broke": _briefly(outside),
        "goals": (AIM_INSIDE, AIM_WARS),
        "further_in_all": bool((by_war["crps"] > by_war["crps_alone"]).all()),
        "plain": {"rows": len(plain), **plain[["crps", "crps_fitted"]].mean()},
        "most_rows": int(sizes.max()),
        "singles": int((sizes == 1).sum()),
        "no_nearer": war["crps"] >= NEARER * war["crps_alone"],
        "gain": _gain(whole),
    }


def _gain(whole: pd.DataFrame) -> list[str]:
    """Name the wars whose raids are predicted better than from assumptions: at least a tenth less of CRPS."""
    raids = whole[whole["left_out"] == "raid"].groupby("war", sort=False)[["crps", "crps_alone"]].mean()
    return [WARS[war] for war in raids.index[raids["crps"] < 0.9 * raids["crps_alone"]]]


def _briefly(rows: pd.DataFrame) -> list[Mapping[str, Any]]:
    return [
        {"name": f"{row.name} ({_of_class(row.threat_class)})", "mean": row.mean, "q05": row.q05, "q95": row.q95}
        | {"low": row.leaked_low, "high": row.leaked_high, "threats": row.threats}
        for row in rows.itertuples(index=False)
    ]


def facts_of_levels(levels: pd.DataFrame, fits: pd.DataFrame) -> dict[str, Any]:
    """Pick what the caption of the inputs names: how far they moved, evidence of both scopes, spread over seeds."""
    at = levels[levels["coverage_scope"].isin(["", "layer"])].set_index(["input", "law"])["mean"]
    by_scope = fits.groupby("coverage_scope", sort=False)
    evidence = by_scope["log_evidence"].mean()
    shared = [name for name in INPUTS if name in fits]
    return {
        "kill": at["single_shot_primary"].to_dict(),
        "air": at["coverage_local_air"].to_dict(),
        "evidence": float(evidence["layer"] - evidence["place"]),
        "effective": float(fits["effective_size"].min()),
        "particles": int(fits["particles"].iloc[0]),
        "spread": float((by_scope[shared].max() - by_scope[shared].min()).max(axis=None)),
        "seeds": int(fits["seed"].nunique()),
        "error": float(fits["error_mean"].max()),
        "worst": float(fits["error_largest"].max()),
    }
