"""A panel as a file: CSV, Stata or Parquet, the same bytes from the same panel."""

import csv
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.schema import Table

STATA_VERSION = 118


def write_frame(frame: pd.DataFrame, definition: Table, path: Path, made: str) -> None:
    """Write a panel in the format of the file's ending.

    Parameters
    ----------
    frame : pandas.DataFrame
        The panel, with the columns of ``definition``.
    definition : Table
        Gives the columns their labels.
    path : pathlib.Path
        Ends with csv, dta or parquet.
    made : str
        Day that the file bears, YYYY-MM-DD, where its format has one.

    Notes
    -----
    Missing values are empty in CSV and text, ``.`` in numbers and days of Stata, null in Parquet.
    """
    {".csv": _write_csv, ".dta": _write_stata, ".parquet": _write_parquet}[path.suffix](frame, definition, path, made)


def _write_csv(frame: pd.DataFrame, _definition: Table, path: Path, _made: str) -> None:
    columns = [_as_text(frame[name]) for name in frame.columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(frame.columns)
        writer.writerows(zip(*columns, strict=True))


def _as_text(column: pd.Series) -> list[str]:
    """Write each value once; few differ."""
    codes, values = pd.factorize(column)
    days = column.dtype.kind == "M"
    words = [str(value)[:10] if days else str(value) for value in values]
    return np.array([*words, ""], dtype="object")[codes].tolist()


def _write_stata(frame: pd.DataFrame, definition: Table, path: Path, made: str) -> None:
    plain = {name: frame[name].fillna("").astype("object") for name in frame.columns if _is_text(frame[name])}
    days = {name: "td" for name in frame.columns if frame[name].dtype.kind == "M"}
    labels = {name: column.description for name, column in definition.frame.columns.items()}
    stamp = datetime.fromisoformat(made)
    frame.assign(**plain).to_stata(
        path, write_index=False, version=STATA_VERSION, time_stamp=stamp, convert_dates=days, variable_labels=labels
    )


def _is_text(column: pd.Series) -> bool:
    return pd.api.types.is_string_dtype(column) or column.dtype == "object"


def _write_parquet(frame: pd.DataFrame, _definition: Table, path: Path, _made: str) -> None:
    from fastparquet import write  # only this format needs it

    write(str(path), frame, compression="SNAPPY")
