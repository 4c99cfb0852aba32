"""Time the checks and the loading of tables against plain pandas, which checks nothing."""

import pandas as pd
from timing import head, report

from analysis import tables
from analysis.checks import find_faults
from analysis.checks.self_check import self_check

LARGEST = "recognition/un_alignment"


def main() -> None:
    """Print medians in milliseconds, the targets, and what plain pandas takes to read the same file."""
    path = tables.data_folder() / f"{LARGEST}.csv"
    head()
    report("load_table of the largest table", 11, load_anew, target=150, plain=lambda: pd.read_csv(path))
    report("domes check-data, without starting Python", 3, check_anew, target=5_000)
    report("domes self-check, without starting Python", 3, self_check)


def load_anew() -> None:
    """Load the largest table as a fresh process would."""
    tables.forget()
    tables.load_table(LARGEST)


def check_anew() -> None:
    """Check all tables as a fresh process would."""
    tables.forget()
    find_faults()


if __name__ == "__main__":
    main()
