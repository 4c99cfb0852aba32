"""A table with a title of its own: in the notebook, and numbered on its page."""

import pandas as pd
import pytest

from analysis.figures import table
from analysis.reporting.page.clean import read_tables


@pytest.fixture
def shown(monkeypatch):
    outputs = []
    monkeypatch.setattr(table, "display", lambda data, raw: outputs.append(data))
    return outputs


def test_a_title_stands_in_the_table_and_is_escaped(shown):
    table.show_table(pd.DataFrame({"a": [1]}), "What <b>a</b> holds")
    (read,) = read_tables(shown[0]["text/html"])
    assert read.take_title() == "What <b>a</b> holds"
    assert read.take_title() == ""
    assert shown[0]["text/plain"].startswith("What <b>a</b> holds")


def test_every_row_is_shown(shown):
    table.show_table(pd.DataFrame({"a": range(500)}), "Many")
    assert shown[0]["text/html"].count("<tr") == 501
