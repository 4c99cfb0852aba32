"""The self-check has a page, with the unexplained differences first."""

from analysis.checks.self_check import self_check
from analysis.reporting.page.checked import write_self_check
from analysis.reporting.page.index import write_index


def test_the_page_holds_every_figure_and_begins_with_the_unexplained(tmp_path):
    page = write_self_check(tmp_path).read_text()
    assert page.count('<th scope="row">') == len(self_check())
    assert page.index("not explained") < page.index("ours still holds")
    assert "<script" not in page


def test_the_index_links_the_page_where_it_is(tmp_path):
    assert "self-check.html" not in write_index(tmp_path).read_text()
    write_self_check(tmp_path)
    assert '<a href="self-check.html">' in write_index(tmp_path).read_text()
