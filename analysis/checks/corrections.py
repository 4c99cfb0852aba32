"""The corrections log: every value that a later reader changed, with the old one and the reason."""

import pandas as pd

from analysis.tables import load_table

# Readings of these fields say how a value is known; the others are values themselves.
ABOUT_KNOWING = r"source_id|confidence|note|row|sample|arithmetic|un_date_basis"
TEXT = """# Corrections

Values that a later reader changed, newest first, made from `second_readings.csv` by `make data-documents`. Changes of
source or confidence alone are not listed; `domes trace TABLE CLAIM` shows them for each claim, and `domes diff OLD NEW`
compares two versions of the whole folder. Found a mistake? `CONTRIBUTING.md` says how to add a row.
"""


def find_corrections(readings: pd.DataFrame) -> pd.DataFrame:
    """Pick the readings that changed a value.

    Parameters
    ----------
    readings : pandas.DataFrame
        Table ``second_readings``.

    Returns
    -------
    pandas.DataFrame
        Rows of ``readings`` whose old and new values differ and were taken over, newest first.
    """
    about = readings["field"].str.contains(ABOUT_KNOWING)
    taken = readings["verdict"].str.contains("upgraded|corrected|refined|completed")
    changed = readings["old"].notna() & readings["new"].notna() & (readings["old"] != readings["new"])
    return readings[~about & taken & changed].sort_values("read_on", ascending=False, kind="stable")


def corrections_log() -> str:
    """Write the corrections of the data folder in use as Markdown.

    Examples
    --------
    >>> corrections_log().startswith("# Corrections")
    True
    """
    found = find_corrections(load_table("second_readings"))
    parts = [TEXT, f"{len(found)} values in {found['table'].nunique()} tables.\n"]
    for table, rows in found.groupby("table", sort=False):
        parts.append(f"## {table}\n\n| claim | field | before | after | read on | source |\n|---|---|---|---|---|---|")
        parts += [
            f"| {row.claim_id} | {row.field} | {_cell(row.old)} | {_cell(row.new)} | {row.read_on} | {row.source_id} |"
            for row in rows.assign(claim_id=rows["claim_id"].fillna(rows["key"])).fillna("").itertuples()
        ]
        parts.append("")
    return "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "/")
