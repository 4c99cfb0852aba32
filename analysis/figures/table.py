"""A table of a notebook with a title of its own, which its page numbers."""

from html import escape

import pandas as pd
from IPython.display import display


def show_table(frame: pd.DataFrame, title: str) -> None:
    """Show a table, whole, under a title that says what it holds.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table, as a ``table_of_`` function lays it out.
    title : str
        What the table shows; not what the heading above it says already.
    """
    markup = frame.to_html(notebook=True).replace("<thead>", f"<caption>{escape(title)}</caption>\n  <thead>", 1)
    display({"text/html": markup, "text/plain": f"{title}\n{frame}"}, raw=True)
