"""Which T-Dome: its parts by stage, with dates and money, how far they add up, and what is to come."""

from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from analysis.air_defence.facts.choices import STAGES
from analysis.air_defence.facts.programme import WHOLE
from analysis.figures import captions, grammar, style
from analysis.figures.air_defence.words import name_system
from analysis.figures.words import CLAIM, cite

BILLION = 1e9
SUM_INCHES = 0.98  # what a sum takes with its words
STAGE_WORDS = STAGES | {"notified": "Notified to\nUS Congress"}
BOUND_SIGNS = {"at_least": "≥ ", "at_most": "≤ "}
BOUND_WORDS = {"at_least": "at least ", "at_most": "up to "}
NO_ACT, NOTHING_YET = "no act", "nothing\ndelivered"
"""Two kinds of cells beside those of the stages: no row says so, and a row says that nothing has come."""
# How a sum in dollars is written, by where it comes from: in a table, and shorter in a cell of the figure.
DOLLARS = {
    "published": "{}",
    "converted": "≈ {}",
    "converted at an assumed rate": "≈ {} (assumed rate)",
    "unconfirmed": "{}: seen in no source",
}
DOLLAR_SIGNS = {"published": "", "converted": "≈ ", "converted at an assumed rate": "≈ ", "unconfirmed": "? "}
PACKAGE = "special defence budget, T-Dome one part of it"
"""What a sum stands for that was asked for, enacted or budgeted: never T-Dome alone."""
WITH_PACKAGES = "T-Dome, or a\nbudget with it"
"""The row of the figure that holds acts of T-Dome and of budgets of which it is a part."""
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def write_month(date: str) -> str:
    """Write a date by month and year, as precise as it is known.

    Examples
    --------
    >>> write_month("2025-12-14"), write_month("2031")
    ('Dec 2025', '2031')
    """
    return f"{MONTHS[int(date[5:7]) - 1]} {date[:4]}" if len(date) > 4 else date


def plot_stages_by_element(stages: pd.DataFrame) -> Figure:
    """Draw how far each part of T-Dome has come: its latest act at each stage (``programme.stages_by_element``)."""
    elements, whole = stages["name"].unique(), set(stages.loc[stages["element"] == WHOLE, "name"])
    kinds = stages["stage"].mask(stages["nothing"], NOTHING_YET).where(stages["acts"] > 0, NO_ACT)
    colours = {NO_ACT: "white", NOTHING_YET: style.EMPTY} | style.STAGE_COLOURS
    cells = stages.assign(kind=kinds, text=[_write_act(row) for row in stages.itertuples()])
    kinds, texts = (
        cells.pivot(index="name", columns="stage", values=value)
        .reindex(index=elements, columns=list(STAGES))
        .rename(index=lambda name: WITH_PACKAGES if name in whole else name_system(name), columns=STAGE_WORDS)
        for value in ("kind", "text")
    )
    size = (style.WIDE[0] + 0.6, 1.3 + 0.66 * len(elements))
    with grammar.drawing("Which T-Dome: the latest act at each stage, by part", figsize=size) as (figure, axes):
        grammar.draw_kinds(axes, kinds, colours, texts, annot_kws={"fontsize": 8.5, "linespacing": 1.1})
        axes.xaxis.tick_top()
        axes.tick_params(labelsize=9.5, length=0)
        style.source_line(figure, captions.say("programme.signs", {}))
    return figure


def plot_sums_of_whole(steps: pd.DataFrame) -> Figure:
    """Draw each sum that was named for the whole of T-Dome or a package with it (``facts_of_stages``: ``steps``)."""
    rows = steps.assign(place=range(len(steps)))
    title = "Which sum is what, in billion NT$"
    with grammar.drawing(title, len(rows), SUM_INCHES, 0.9, wide=style.NARROW) as (figure, axes):
        grammar.draw_bars(axes, rows, "twd", style.STAGE_COLOURS, by="stage", height=0.26)
        names = [f"{row.when}, {STAGES[row.stage].lower()}: {row.bound}{row.twd:,.4g}" for row in rows.itertuples()]
        grammar.write_rows(axes, names, 0, -0.3, 10.5, weight="bold")
        facts = [fill(fact, 62) for fact in rows["fact"]]
        grammar.write_rows(axes, facts, 0, 0.17, 9, color=style.MUTED, va="top")
        axes.set(ylim=(len(rows) - 0.35, -0.6), xlim=(0, 1.02 * rows["twd"].max()), xticks=[], yticks=[])
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
        keys = grammar.keys_of(STAGES, rows["stage"], color=style.STAGE_COLOURS, linewidth=6)
        grammar.put_legend(figure, keys, 3, fontsize=9)
    return figure


def _write_act(row: Any) -> str:
    if not row.acts:
        return "·"
    more = f" +{row.acts - 1}" if row.acts > 1 else ""
    lines = [write_month(row.date) + more]
    if pd.notna(row.twd):
        lines.append(f"{BOUND_SIGNS.get(row.bound, '')}NT${row.twd / BILLION:,.4g} bn")
    if pd.notna(row.usd):
        lines.append(f"{DOLLAR_SIGNS[row.usd_from]}US${row.usd / BILLION:,.3g} bn")
    if pd.notna(row.missiles):
        lines.append(f"{row.missiles:,.0f} missiles")
    if pd.isna(row.twd) and pd.isna(row.usd) and pd.isna(row.missiles):
        lines.append(NOTHING_YET if row.nothing else "no sum")
    return "\n".join(lines)


def table_of_steps(steps: pd.DataFrame) -> pd.DataFrame:
    """Lay out the sums of the whole, in billions of both currencies (``facts_of_stages``: ``steps``)."""
    bounds = steps["bound"].map(lambda bound: bound and f", {bound.strip()}")
    return grammar.head_rows({
        "Sum": steps["stage"].map(STAGES) + ", " + steps["when"] + bounds,
        "NT$ bn": steps["twd"].map("{:,.4g}".format),
        "US$ bn": steps["usd"].map("{:,.3g}".format),
    })  # fmt: skip


def _first_deliveries(acts: pd.DataFrame) -> pd.DataFrame:
    """Pick the first delivery of each part, by element; rows that say that nothing has come are none."""
    came = acts[(acts["stage"] == "delivered") & ~acts["nothing"]]
    return came.sort_values("date", kind="stable").drop_duplicates("element").set_index("element")


def _is_report(acts: pd.DataFrame) -> pd.Series:
    """Whether the day of a contract is that of a report: it is older than what came under it, whatever its day."""
    return (acts["stage"] == "contracted") & (acts["element"].map(_first_deliveries(acts)["date"]) < acts["date"])


def say_begun(elements: pd.Series, acts: pd.DataFrame, sources: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Say of each element when a first delivery is reported, and by whom; empty where none is."""
    rows = _first_deliveries(acts).reindex(elements)
    words = rows["date"].map(lambda day: f"first delivery reported {write_month(day)}", na_action="ignore")
    by = rows["source_id"].map(lambda source: cite(sources, source), na_action="ignore")
    return words.fillna("").tolist(), by.fillna("").tolist()


def table_of_acts(acts: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out what became of each part of T-Dome, act by act, with money (``programme.acts_by_element``).

    A contract whose day is that of a report stands before what came under it.
    """
    came, reported = acts["element"].map(_first_deliveries(acts)["date"]), _is_report(acts)
    acts = acts.assign(reported=reported, place=acts["date"].mask(reported, came), after=~reported)
    acts = acts.assign(part=acts["part_of"].notna())  # below its total
    acts = acts.sort_values(["place", "after", "part"], kind="stable", ignore_index=True)
    totals = acts.set_index("claim_id")["twd"] / BILLION
    of = [f" (part of the NT${totals[one]:,.4g} bn)" if one in totals.index else "" for one in acts["part_of"]]
    dollars = [
        DOLLARS[row.usd_from].format(f"{row.usd / BILLION:,.3g}") if pd.notna(row.usd_from) else ""
        for row in acts.itertuples()
    ]
    is_package = (acts["element"] == WHOLE) & ~acts["stage"].isin(["estimated", "announced"])
    but = acts["usd_from"].eq("unconfirmed").map({True: ", but for the dollars", False: ""})
    return grammar.head_rows({
        "Date": acts["date"] + acts["reported"].map({True: " (of the report)", False: ""}),
        "Part": acts["name"].map(name_system).mask(is_package, PACKAGE),
        "Stage": acts["stage"].mask(acts["nothing"], NOTHING_YET.replace("\n", " ")),
        "What": acts["fact"] + of,
        "NT$ bn": acts["bound"].map(BOUND_SIGNS).fillna("") + _write_if_known(acts["twd"] / BILLION, ",.4g"),
        "US$ bn": dollars,
        "Missiles": _write_if_known(acts["missiles"]),
        "Due": acts["due"].fillna(""),
        "Source": acts["source_id"].map(lambda source_id: cite(sources, source_id))
        + " ("
        + acts["confidence"]
        + but
        + ")",
        CLAIM: acts["claim_id"],
    })  # fmt: skip


def _write_if_known(numbers: pd.Series, form: str = ",.0f") -> pd.Series:
    return numbers.map(lambda number: "" if pd.isna(number) else f"{number:{form}}")


def table_of_sums(sums: pd.DataFrame) -> pd.DataFrame:
    """Lay out how far the published parts add up to each published total (``programme.add_up``)."""
    label = sums["total_stage"].map(STAGES) + " in " + sums["total_date"].map(write_month)
    label += sums["total"].map(lambda total: f", NT${total / BILLION:,.4g} billion published")
    most, known = sums["bound"].map({"at_most": "at most "}).fillna(""), sums["twd"].notna()
    is_package = (sums["element"] == WHOLE) & sums["bound"].notna()
    return grammar.head_rows({
        "Total": label,
        "Part": sums["name"].map(name_system).mask(is_package, PACKAGE),
        "What": sums["fact"],
        "NT$ billion": (most + (sums["twd"] / BILLION).map("{:,.4g}".format)).where(known, "no sum"),
        "Share": (most + sums["share"].map("{:.1%}".format).str.replace("%", " %")).where(known, "not known"),
        "Confidence": sums["confidence"].fillna("computed").where(known, ""),
    })  # fmt: skip


def table_of_arrivals(coming: pd.DataFrame, by_year: pd.DataFrame) -> pd.DataFrame:
    """Lay out what is to come, by when its words say, and rounds by year where they can be spread evenly.

    The frames are those of ``programme.arrivals`` and ``programme.arrivals_by_year``.
    """
    acts = coming["stage"].mask(coming["nothing"], "nothing " + coming["stage"])
    table = pd.DataFrame({
        "Part": coming["name"].map(name_system),
        "Act": acts + ", " + coming["start"].map(write_month),
        "What": coming["fact"],
        "Missiles": _write_if_known(coming["missiles"]),
        "By when": coming["due"].map(lambda due: write_month(due) if isinstance(due, str) else "no date given"),
    })  # fmt: skip
    yearly = by_year.dropna(subset=["year"]).pivot(index="claim_id", columns="year", values="missiles")
    rounds = yearly.reindex(coming["claim_id"]).set_axis(table.index).apply(_write_if_known)
    return grammar.head_rows(table.join(rounds.rename(columns=str)))


def facts_of_stages(stages: pd.DataFrame, acts: pd.DataFrame) -> dict[str, Any]:
    """Facts of ``programme.stages``: the sums of the whole in order, and which parts came how far.

    ``tranches`` are the parts of an act that T-Dome may have something of, ``contracts`` the last one of each part
    (``before_plan`` where it is older than T-Dome's announcement, ``reported`` where its day is that of a report, as
    something had come before, ``begun`` when that was), ``awaited`` names the parts of which a row says that
    nothing has been delivered, and ``claims`` are those behind sums, contracts, deliveries and announcement.

    ``stages`` is that of the figure, ``acts`` that of ``programme.acts_by_element``; sums are in billions.
    """
    whole = acts[(acts["element"] == WHOLE) & acts["part_of"].isna() & acts["twd"].notna()]
    bounds, when = whole["bound"].map(BOUND_WORDS).fillna(""), whole["date"].map(write_month)
    steps = whole.assign(bound=bounds, when=when, twd=whole["twd"] / BILLION, usd=whole["usd"] / BILLION)
    enacted = whole.loc[whole["stage"] == "enacted", "claim_id"]
    parts = acts[acts["part_of"].isin(enacted) & (acts["element"] == WHOLE)]
    signed = acts[(acts["stage"] == "contracted") & acts["element"].isin(stages["element"])]
    signed = signed.drop_duplicates("element", keep="last")
    announced = acts[(acts["stage"] == "announced") & (acts["element"] == WHOLE)].sort_values("date").head(1)
    since = announced["date"].min() if len(announced) else ""
    deliveries = acts[(acts["stage"] == "delivered") & acts["element"].isin(signed["element"])]
    begun = signed["element"].map(_first_deliveries(acts)["date"]).map(write_month, na_action="ignore")
    reported = _is_report(acts)[signed.index]
    signed = signed.assign(when=signed["date"].map(write_month), before_plan=signed["date"] < since, reported=reported)
    signed = signed.assign(begun=begun)
    found = stages[stages["acts"] > 0]
    acted = stages.groupby("name", sort=False)["acts"].sum()
    return {
        "steps": steps,
        "tranches": parts.assign(
            of=parts["part_of"].map(acts.set_index("claim_id")["twd"]) / BILLION,
            twd=parts["twd"] / BILLION,
            second_hand=parts["note"].fillna("").str.startswith("second-hand"),
        ).to_dict("records"),
        "claims": [one for some in (whole, parts, signed, deliveries, announced) for one in some["claim_id"]],
        "contracts": signed.assign(twd=signed["twd"] / BILLION).to_dict("records"),
        "delivered": found.loc[(found["stage"] == "delivered") & ~found["nothing"], "name"].tolist(),
        "awaited": found.loc[(found["stage"] == "delivered") & found["nothing"], "name"].tolist(),
        "silent": acted.index[acted == 0].tolist(),
    }
