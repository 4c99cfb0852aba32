"""What a case file may hold: everything wrong is said at once, at its line, and nothing in it can do anything."""

import os
import time

import pytest

from analysis.errors import ParameterError
from analysis.own_case.file import check_case, read_case
from analysis.own_case.form import Law, read_form
from analysis.own_case.tree import MOST_BYTES, MOST_LEVELS, MOST_VALUES, read_tree

RAID = "raids: {my_raid: {name: A, threats: {owa_drone: V}}}"
KNOWN = ["single_shot_primary", "track_layer"]


def faults_of(text, known=KNOWN):
    content = text if isinstance(text, bytes) else text.encode()
    form, faults = read_form(read_tree(content), known)
    assert (form is None) == bool(faults)
    return [str(fault) for fault in faults]


def test_all_that_is_wrong_is_said_at_once_with_line_key_value_and_what_is_allowed():
    text = """name: Mine
nite: of mine
assumptions:
  single_shot_primry: 0.4
  track_layer: {low: 0.9, best: 0.8, high: 1}
systems:
  sky_bow_33: {}
  thaad: {kill_probability: {srbm: 1.4, srbmm: 0.2}}
raids:
  big: {name: Big, threats: {srbm: 0}}
rule: nett
"""
    found = faults_of(text)
    assert [line.split(":")[0] for line in found] == [
        "line 2, nite",
        "line 4, assumptions.single_shot_primry",
        "line 5, assumptions.track_layer",
        "line 7, systems.sky_bow_33",
        "line 8, systems.thaad.kill_probability.srbm",
        "line 8, systems.thaad.kill_probability.srbmm",
        "line 10, raids.big.threats.srbm",
        "line 11, rule",
    ]
    assert "did you mean note? There are name, note, assumptions" in found[0]
    assert "did you mean single_shot_primary?" in found[1]
    assert "has 0.9, 0.8, 1; give low <= best <= high" in found[2]
    assert "did you mean sky_bow_3? One of your own needs name, layer, ratings" in found[3]
    assert "'1.4' reaches 1.4; give at most 1" in found[4]
    assert "'0' is not allowed; give at least 1" in found[6]
    assert "'nett' is not known; did you mean 'net'?" in found[7]


def test_what_breaks_the_form_hides_no_number_that_breaks_a_rule_of_the_tables():
    text = "name: A\nassumptions:\n  track_layer: 1.5\n  single_shot_primary: {low: 0.6, best: 0.4, high: 0.2}\n"
    with pytest.raises(ParameterError) as caught:
        check_case(text.encode(), "mine.yaml")
    once, form = str(caught.value).splitlines()
    assert once.startswith("mine.yaml line 3, assumptions.track_layer: '1.5' (track_layer) must be 1 or less")
    assert form.startswith("mine.yaml line 4, assumptions.single_shot_primary: has 0.6, 0.4, 0.2; give low")


def test_a_system_that_breaks_the_form_is_not_missing_where_it_is_named():
    text = "name: A\nsystems: {wall: {name: W}}\nlayers: {taiwan_tdome_planned: {wall: {batteries: 2}}}\n"
    with pytest.raises(ParameterError) as caught:
        check_case(text.encode(), "mine.yaml")
    assert all("systems.wall" in line for line in str(caught.value).splitlines())


HOSTILE = {
    "an alias": ("name: &a Mine\nnote: *a\n", "names a block &a; leave the name out"),
    "a bomb of aliases": ("a: &a [x, x]\nb: &b [*a, *a]\n", "repeats the block *a; write it out"),
    "a tag that builds": ("name: !!python/object/apply:os.system [id]\n", "has the tag 'tag:yaml.org,2002:python/"),
    "a tag of its own": ("name: !include /etc/passwd\n", "has the tag '!include'"),
    "a merge": ("name: Mine\n<<: {rule: net}\n", "<<: is no key here"),
    "a key twice": ("name: Mine\nname: Yours\n", "is given twice; the first time in line 1"),
    "a nested key twice": ("name: M\nassumptions:\n  track_layer: 1\n  track_layer: 0\n", "is given twice"),
    "two documents": ("name: Mine\n---\nname: Yours\n", "begins another document"),
    "a directive": ("%YAML 1.1\n---\nname: Mine\n", "gives a directive"),
    "too deep": (f"name: {'[' * 5_000}", f"is nested deeper than {MOST_LEVELS} levels"),
    "too deep in mappings": ("".join(f"{'  ' * n}a:\n" for n in range(300)), f"deeper than {MOST_LEVELS} levels"),
    "too large": ("#" * (MOST_BYTES + 1), "has 1,000,001 bytes; a case file has at most 1,000,000"),
    "too many values": ("".join(f"k{n}: 1\n" for n in range(90_000)), f"is more than {MOST_VALUES:,} values"),
    "no UTF-8": (b"name: \xff\xfe", "is not UTF-8"),
    "a NUL": (b"name: a\x00b", "is no YAML"),
    "a command to the terminal": (b"name: a\x1b[31m", "is no YAML"),
    "a turned direction": ("name: Iron\u202eDome", "U+202E"),
    "markup": ("name: <script>alert(1)</script>", "is not plain text"),
    "markup in a note": ("name: M\nnote: 'a <img src=x onerror=alert(1)>'", "is not plain text"),
    "a formula of a spreadsheet": ("name: '=HYPERLINK(1)'", "is not plain text"),
    "a formula of TeX": ("name: 'a $\\\\frac$'", "is not plain text"),
    "several lines": ('name: "a\\nb"', "is not plain text"),
    "a path as a name": ("name: M\nraids: {../../etc: {name: A, threats: {srbm: 1}}}", "is no name of the form"),
    "a list as a key": ("? [a]\n: 1\n", "has a key that is a block"),
    "a list": ("- 1\n", "must hold lines such as"),
    "a scalar": ("name", "must hold lines such as"),
    "nothing": ("", "name: is missing"),
    "infinity": ("name: M\nassumptions: {track_layer: .inf}", "is no number"),
    "infinity in words": ("name: M\nassumptions: {track_layer: Infinity}", "is no finite number"),
    "not a number": ("name: M\nassumptions: {track_layer: {low: nan, best: 1, high: 1}}", "is no finite number"),
    "a huge number": ("name: M\nassumptions: {track_layer: 1e999}", "is no finite number"),
    "a huge number below the limit of floats": ("name: M\nassumptions: {track_layer: 1e300}", "give at most"),
    "a huge whole number": (
        f"name: M\nraids: {{a: {{name: A, threats: {{srbm: {'9' * 9_000}}}}}}}",
        "is no whole number",
    ),
    "a negative count": ("name: M\nraids: {a: {name: A, threats: {srbm: -4}}}", "give at least 1"),
    "a long name": (f"name: {'a' * 200_000}", "is too long; give at most 100 letters"),
    "a block that is cut short": ("name: [Mine", "is no YAML"),
    "a tab as indentation": ("name: M\nraids:\n\ta: 1\n", "has a tab where YAML wants spaces"),
}


@pytest.mark.parametrize(("text", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_ends_in_a_clear_line_and_soon(text, message):
    begin = time.process_time()
    found = faults_of(text)
    assert any(message in line for line in found), found
    assert time.process_time() - begin < 10
    assert all(line.isprintable() for line in found if "'" not in line)


def test_one_number_and_every_law_become_low_best_and_high():
    assert Law.model_validate("0.4").ends == (0.4, 0.4, 0.4)
    assert Law.model_validate({"low": "0.1", "best": "0.2", "high": "0.4"}).law == ""
    uniform = Law.model_validate({"distribution": "uniform", "low": "0.2", "high": "0.4"})
    assert (uniform.ends, uniform.text) == (pytest.approx((0.2, 0.3, 0.4)), "uniform")
    beta = Law.model_validate({"distribution": "beta", "a": "3", "b": "7"})
    assert beta.ends[1] == 0.3 and beta.text == "beta(3,7)"
    assert beta.ends[0] == pytest.approx(0.0977, abs=1e-4)  # nine of ten draws lie between the ends


@pytest.mark.parametrize(
    ("law", "message"),
    [
        ("{distribution: uniform, best: 0.2}", "lacks low and high; a uniform law has low, high"),
        ("{distribution: beta, a: 3, b: 7, low: 0.1}", "has low, which a beta law has not"),
        ("{distribution: beta, a: 0, b: 7}", "is not allowed; give more than 0"),
        ("{distribution: gauss, low: 0, best: 0, high: 1}", "choose one of uniform, triangular, pert, beta"),
        ("{low: 0.1}", "lacks best and high; a pert law has low, best, high"),
        ("[1, 2]", "is no block"),
    ],
)
def test_a_law_that_is_none_is_refused(law, message):
    assert message in faults_of(f"name: M\nassumptions:\n  track_layer: {law}\n")[0]


def test_names_that_nobody_knows_are_refused_with_the_nearest():
    text = """name: M
architectures:
  israel_2025: {name: A, as_of: 2030}
  mine: {name: B, builds_on: taiwan}
layers:
  taiwan_tdome_plan: {thaad: {batteries: 2}}
  mine: {thad: {batteries: 2}}
"""
    found = "\n".join(faults_of(text))
    assert "line 3, architectures.israel_2025: is ours; change what it has under layers" in found
    assert "line 4, architectures.mine.builds_on: 'taiwan' is no architecture of ours" in found
    assert "did you mean taiwan_tdome_planned?" in found
    assert "line 7, layers.mine.thad: is no system; did you mean thaad?" in found


def test_what_is_there_but_no_file_is_not_said_to_be_missing(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path, tmp_path / "pipe.yaml"):
        with pytest.raises(ParameterError, match=r"^\S+: is a folder or a device; give a plain file"):
            read_case(path)
    with pytest.raises(ParameterError, match=r"^\S+: there is no such file; `domes case new FILE` writes one\.$"):
        read_case(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("number", ["017", "1_000", "\uff11\uff12", "0x10", "0o17", "1,000"])
@pytest.mark.parametrize("place", ["layers: {taiwan_tdome_planned: {sky_bow_3: {batteries: V}}}", RAID])
def test_a_number_that_others_read_as_another_is_refused(number, place):
    with pytest.raises(ParameterError, match="is no plain number"):
        check_case(f"name: A\n{place.replace('V', repr(number))}".encode(), "case.yaml")


def test_a_zero_has_no_sign_and_a_block_is_no_whole_number():
    text = "name: A\nassumptions: {single_shot_primary: -0}"
    assert check_case(text.encode(), "case.yaml").changes()["yours"].tolist() == ["0"]
    with pytest.raises(ParameterError, match="is a block; give one whole number"):
        check_case(f"name: A\n{RAID.replace('V', '{low: 1}')}".encode(), "case.yaml")
    with pytest.raises(ParameterError, match=r"batteries\.low: '-3' is not allowed; give at least 0"):
        check_case(b"name: A\nlayers: {taiwan_tdome_planned: {sky_bow_3: {batteries: -3}}}", "case.yaml")
