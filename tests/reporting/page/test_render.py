"""A chart as data of a page, and the scripts that a page with charts may run."""

import json

from analysis.reporting.page.render import hash_of, scripts, write_chart


def test_what_stands_in_a_chart_cannot_end_its_element():
    written = write_chart({"spec": json.dumps({"title": "</script><script>alert(1)</script>\u2028"}), "controls": []})
    assert "<" not in written and "\u2028" not in written
    assert json.loads(written)["spec"]["title"].startswith("</script>")


def test_options_for_the_program_that_draws_are_dropped():
    spec = {"mark": "bar", "usermeta": {"margin": 40, "embedOptions": {"ast": False, "loader": {"baseURL": "x"}}}}
    assert json.loads(write_chart({"spec": json.dumps(spec)}))["spec"] == {"mark": "bar", "usermeta": {"margin": 40}}


def test_the_scripts_are_the_same_each_time_and_cannot_end_their_elements():
    first = [hash_of(script) for script in scripts()]
    scripts.cache_clear()
    assert [hash_of(script) for script in scripts()] == first
    assert all("</script" not in script.lower() and "<!--" not in script for script in scripts())
