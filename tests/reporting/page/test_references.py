"""Every source that a page names has an entry with its address, and nothing on it leads nowhere."""

import base64
import csv
import io
import re
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from analysis.figures.words import names_of_sources
from analysis.reporting.page.beside import Beside, Together
from analysis.reporting.page.page import write_page
from analysis.reporting.page.references import LINKABLE, PAGES, UNLINKED, YEAR, References
from analysis.reporting.page.render import word
from analysis.reporting.run.catalogue import list_notebooks
from analysis.tables import load_table

NOTEBOOKS = [notebook for notebook in list_notebooks() if "explore" not in notebook.name]


@pytest.fixture(scope="module")
def sources():
    table = load_table("sources")
    return table.assign(name=table["source_id"].map(names_of_sources(table))).set_index("name")


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda notebook: notebook.name)
def tree(request, tmp_path_factory):
    """The page of a notebook's stored outputs: all its words and tables, without its pictures and footer."""
    copy = tmp_path_factory.mktemp("stored") / request.param.path.name
    copy.write_bytes(request.param.path.read_bytes())
    return BeautifulSoup(write_page(copy).read_text(encoding="utf-8"), "html.parser")


def test_every_link_within_the_page_leads_somewhere(tree):
    ids = {element["id"] for element in tree.select("[id]")}
    targets = {link["href"][1:] for link in tree.select("a[href^='#']")}
    without_pictures = {target for target in targets if not target.startswith("figure-")}
    assert without_pictures <= ids


def test_every_source_that_is_named_has_a_link_to_its_entry_and_the_entry_one_to_its_address(tree, sources):
    entries = {link["href"][len("#source-") :] for link in tree.select("a[href^='#source-']")}
    by_id = sources.reset_index().set_index("source_id")
    for source_id in entries:
        url = str(by_id.loc[source_id, "url"])
        entry = tree.find(id=f"source-{source_id}")
        assert by_id.loc[source_id, "name"] in entry.get_text()
        assert not url.startswith(LINKABLE) or entry.find("a", href=url), f"{source_id} has no link to {url}"


def test_no_name_of_a_source_stands_without_its_link(tree, sources):
    known = References({name: {"source_id": row.source_id} for name, row in sources.iterrows()})
    for piece in tree.main.find_all(string=YEAR):
        if not piece.find_parent((*UNLINKED, "script", "style")) and not piece.find_parent(id=re.compile("^source-")):
            assert "#source-" not in known.link(str(piece)), f"{piece!r} in {piece.parent} has no link"


def test_every_table_to_take_away_has_the_address_of_each_source_that_it_names(tree, sources):
    known = References({name: {"source_id": row.source_id} for name, row in sources.iterrows()})
    addresses = sources["url"].fillna("")
    for link in tree.select("a[download$='.csv'][href^='data:text/csv']"):
        head, *rows = csv.reader(io.StringIO(text_of(link["href"])))
        for row in rows:
            named = {name for cell in row[: len(head) - (head[-1] == word("cited"))] for _, name in known.find(cell)}
            assert all(addresses[name] in row[-1] for name in named if addresses[name].startswith(LINKABLE)), row


def text_of(address):
    kind, _, content = address.partition(",")
    return base64.b64decode(content).decode() if kind.endswith(";base64") else unquote(content)


def test_every_page_that_a_caption_may_call_by_name_is_there():
    assert set(PAGES.values()) <= {notebook.name for notebook in list_notebooks()}
    made = Together([("air_defence/06-hindcast", "Does the model agree?")])
    linked = References({}, Beside("air_defence/02-leakage-by-doctrine", made)).link("see the page on hindcasts")
    assert linked == 'see <a href="../air_defence/06-hindcast.html">the page on hindcasts</a>'


def test_a_page_that_is_not_made_is_named_without_a_link_and_its_command_is_told_once():
    alone = References({}, Beside("air_defence/02-leakage-by-doctrine"))
    assert alone.link("the page on hindcasts, the page on hindcasts") == "the page on hindcasts, the page on hindcasts"
    assert alone.beside.commands == [("the page on hindcasts", "domes report air_defence/06-hindcast")]
