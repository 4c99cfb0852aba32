"""Every published figure that our tables and models must reproduce, with ours beside it."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields

import pandas as pd

from analysis.air_defence.calibration.held_out import score
from analysis.checks.codings import CODINGS, SOURCES, compare_codings, find_disagreements
from analysis.checks.counts import our_count
from analysis.checks.models import RESULTS
from analysis.checks.rules import Frames
from analysis.recognition.agreement import compare_with_blind, krippendorff_alpha, measure_agreement
from analysis.recognition.facts.choices import ENTITIES
from analysis.schema import TABLES
from analysis.tables import load_table, stored_results

UNEXPLAINED = "not explained"
SCOPE_WORDS = {"layer": "Coverage by layer", "place": "Coverage by place"}


@dataclass(frozen=True)
class Reproduction:
    """One published figure and ours.

    Attributes
    ----------
    room : str
        Room of the figure.
    figure : str
        What was published.
    published, ours : float
        Both values.
    reason : str
        Why they differ; empty where they do not.
    source_id : str
        Source of the published one.
    """

    room: str
    figure: str
    published: float
    ours: float
    reason: str
    source_id: str


def self_check() -> pd.DataFrame:
    """Compare every published figure, and every coding of others, with ours.

    Returns
    -------
    pandas.DataFrame
        One row is a published figure: ``room, figure, published, ours, reason, source_id, difference`` (ours
        minus published). The unexplained differences come first, then the explained ones, then what agrees.

    Examples
    --------
    >>> bool((self_check()["difference"] == 0).any())
    True
    """
    frames = Frames({name: load_table(name) for name in TABLES})
    rows = [*_model_results(), *_published_counts(frames), *_vote_totals(frames), *_codings(frames)]
    table = pd.DataFrame([astuple(row) for row in rows], columns=[field.name for field in fields(Reproduction)])
    table["difference"] = table["ours"] - table["published"]
    rank = (~is_unexplained(table)).astype(int) + (table["difference"] == 0)
    return table.assign(rank=rank).sort_values("rank", kind="stable", ignore_index=True).drop(columns="rank")


def is_unexplained(table: pd.DataFrame) -> pd.Series:
    """Tell for each row of :func:`self_check` whether it differs and nobody knows why."""
    return (table["difference"] != 0) & ~table["reason"].map(_is_explained)


def _model_results() -> Iterator[Reproduction]:
    for result in RESULTS:
        ours = round(float(result.ours()), result.digits)
        yield Reproduction("air_defence", result.figure, result.published, ours, result.reason, result.source_id)


def _published_counts(frames: Frames) -> Iterator[Reproduction]:
    counts = frames["recognition/published_counts"]
    for row, ours in zip(counts.fillna({"reason": ""}).itertuples(), our_count(frames), strict=True):
        what = {"current": "", "ever": " ever", "breaks": " breaks", "resumptions": " resumptions"}[row.measure]
        figure = f"{ENTITIES[row.entity]}: {row.kind}{what} on {row.date}, {row.scope}"
        yield Reproduction("recognition", figure, float(row.count), float(ours), row.reason, row.source_id)


def _vote_totals(frames: Frames) -> Iterator[Reproduction]:
    sums = frames["recognition/un_votes"].groupby(["resolution", "vote"]).size()
    for row in frames["recognition/un_vote_totals"].itertuples():
        for vote in ("yes", "no", "abstain", "absent"):
            published = getattr(row, f"total_{vote}")
            if pd.isna(published):
                continue
            ours = float(sums.get((row.resolution, vote), 0))
            reason = "" if ours == published else str(row.note)
            yield Reproduction(
                "recognition", f"{row.resolution}: {vote}", float(published), ours, reason, row.source_id
            )


def _codings(frames: Frames) -> Iterator[Reproduction]:
    """Answers of other codings, and how many of them are ours too; the reason gives kappa where it is defined."""
    compared = compare_codings(frames)
    open_ones = find_disagreements(frames, compared)
    open_ones = open_ones[~open_ones["reason"].fillna("").map(_is_explained)]
    for (comparison, entity), own in compared.groupby(["comparison", "entity"], sort=False):
        found = measure_agreement(own)
        left = int((open_ones["comparison"].eq(comparison) & open_ones["entity"].eq(entity)).sum())
        parts = [f"Cohen's kappa {found.kappa:.3f}"] if found.kappa == found.kappa else []
        reason = "; ".join([*parts, f"each is listed in recognition/comparison_differences, {left} not explained"])
        figure = f"{CODINGS[comparison]} {ENTITIES[entity]}"
        yield Reproduction(
            "recognition", figure, float(found.compared), float(found.agreed), reason, SOURCES[comparison]
        )


def print_table(table: pd.DataFrame) -> None:
    """Print the comparison for a terminal, with a summary; a width of 160 columns shows it whole."""
    differs = table["difference"] != 0
    unexplained = is_unexplained(table)
    counts = f"{(~differs).sum()} agree, {differs.sum()} differ (~), {unexplained.sum()} of these unexplained (!)"
    print(f"{len(table)} figures: {counts}.")
    for row in table.itertuples():
        mark = " " if row.difference == 0 else "~" if _is_explained(row.reason) else "!"
        print(f"{mark} {row.figure}: published {row.published:g}, ours {row.ours:g} ({row.source_id})", end="")
        print(f"; {row.difference:+g}: {row.reason}" if row.difference else "")


def print_disagreements() -> None:
    """Print every answer on which a coding of others and ours differ, with its reason; the unexplained ones first."""
    found = find_disagreements(Frames({name: load_table(name) for name in TABLES}))
    known = found["reason"].fillna("").map(_is_explained)
    print(f"\n{blind_line()}")
    print(f"\n{len(found)} answers of other codings differ from ours, {(~known).sum()} of them unexplained (!).")
    for row in found.assign(known=known).sort_values("known", kind="stable").itertuples():
        mark, theirs, ours = "~" if row.known else "!", *("yes" if one else "no" for one in (row.theirs, row.ours))
        print(f"{mark} {row.comparison}: {row.iso3} and {row.entity}, {row.year}", end="")
        print(f": theirs {theirs}, ours {ours}; {row.reason}")


def hindcast_lines() -> list[str]:
    """Say how the fitted inputs did on raids that were left out, from what `make calibrate` stored; a line a scope.

    Examples
    --------
    >>> hindcast_lines()[0].split(",")[0]
    'Coverage by layer'
    """
    lines = []
    stored = stored_results("left_out").query("war_effects")
    for scope, rows in stored.groupby("coverage_scope", sort=False):
        said = [f"{SCOPE_WORDS[scope]}, {len(rows[rows['left_out'] == 'raid'])} counts of raids"]
        for left_out, some in rows.groupby("left_out", sort=False):
            found = score(some)
            said.append(
                f"with the {left_out} left out {found['inside']:.0%} inside nine of ten draws, "
                f"CRPS {found['crps']:.3f} ({found['crps_alone']:.3f} by the assumptions alone)"
            )
        lines.append("; ".join(said) + ".")
    return lines


def print_hindcast() -> None:
    """Print :func:`hindcast_lines`."""
    print("\nHeld against raids that happened, each count predicted without what is left out:")
    print(*hindcast_lines(), sep="\n")


def blind_line() -> str:
    """Say how often a second reading of our acts, without our dates, gives the same date.

    Examples
    --------
    >>> blind_line().startswith("280 acts were drawn at random")
    True
    """
    blind = load_table("recognition/blind_codings")
    both = compare_with_blind(load_table("recognition/events"), blind)
    days = both[["theirs_day", "ours_day"]]
    alphas = krippendorff_alpha(both[["theirs", "ours"]]), krippendorff_alpha(days, "interval")
    read = blind["reading"].isin(["same", "other"])
    same, ours = blind["reading"].eq("same").sum(), both["theirs"] == both["ours"]
    return (
        f"{len(blind)} acts were drawn at random and dated again by coders who saw state, entity, act and source, but "
        f"not our date: {read.sum()} could be read, {same} of them in the source that the act cites. Of {len(both)} "
        f"that got a date, {ours.sum()} have ours and {both['fits'].sum()} fit what our date leaves open; "
        f"Krippendorff's alpha is {alphas[0]:.3f} for the same date and {alphas[1]:.3f} by distance in days. "
        "What differs stands in recognition/disputes."
    )


def _is_explained(reason: str) -> bool:
    return bool(reason) and not reason.startswith(UNEXPLAINED)
