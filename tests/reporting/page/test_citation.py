"""A page is cited in words, for reference managers, and in the words of schema.org."""

import json

import pytest
import rdflib
from rdflib import RDF, Graph

from analysis.reporting.page.citation import Citation

MADE_FROM = {
    "tables": {"recognition/states": "sha256 of states", "recognition/events": "sha256 of events"},
    "cut_off": "2026-11-28",
    "up_to": "2026-05-21",
    "versions": {"domes-and-ties": "0.1.0"},
    "commit": "abc1234",
    "made": "2026-11-29",
    "own": [],
}
WORDS = "https://schema.org/"


def faults_of(linked_data):
    """Every type and property that schema.org does not have; its words are read from rdflib, not from the network."""
    told = json.loads(linked_data)
    assert told.pop("@context") == "https://schema.org"
    graph = Graph().parse(data=json.dumps(told | {"@context": {"@vocab": WORDS}}), format="json-ld")
    words = {term for _, predicate, kind in graph for term in ((kind,) if predicate == RDF.type else (predicate,))}
    return graph, sorted(str(word) for word in words if word.removeprefix(WORDS) not in rdflib.SDO)


@pytest.fixture
def citation():
    return Citation("Who recognises whom?", "12 states <b>do</b> & </script>.", "recognition/01", "twn", MADE_FROM)


def test_the_page_says_what_it_is_in_words_that_schema_org_has(citation):
    graph, faults = faults_of(citation.linked_data)
    assert not faults
    (report,) = graph.subjects(RDF.type, rdflib.SDO.Report)
    assert str(graph.value(report, rdflib.SDO.abstract)) == citation.short
    assert str(graph.value(report, rdflib.SDO.dateModified)) == "2026-11-29"
    assert str(graph.value(report, rdflib.SDO.temporalCoverage)) == "../2026-05-21"
    assert "data up to 2026-05-21" in citation.text and "data up to 2026-05-21" in citation.bibtex
    tables = set(graph.objects(report, rdflib.SDO.isBasedOn))
    assert {str(graph.value(table, rdflib.SDO.name)) for table in tables} == set(MADE_FROM["tables"])
    assert all(graph.value(table, rdflib.SDO.license) for table in tables)


def test_a_word_that_schema_org_lacks_is_found(citation):
    wrong = str(citation.linked_data).replace('"headline"', '"headlin"').replace('"Dataset"', '"Datenset"')
    assert faults_of(wrong)[1] == [f"{WORDS}Datenset", f"{WORDS}headlin"]


def test_the_data_of_a_page_cannot_end_their_element(citation):
    assert "</script" not in citation.linked_data


def test_both_entries_hold_the_title_and_whose_tables_they_are(citation):
    changed = Citation("A & B", "", "x", "x", MADE_FROM, ["size of the raid: 200"])
    assert "Changed from the defaults: size of the raid: 200." in changed.text and "200" in changed.bibtex
    own = Citation("A & B", "", "x", "x", MADE_FROM | {"own": ["recognition/events"]})
    assert "title = {{A \\& B}}" in own.bibtex
    for entry in (own.bibtex, own.ris):
        assert "recognition/events" in entry
        assert "recognition/events" not in citation.bibtex
