"""Parameters are refused in clear words, and each model fits the parameters cell of its notebook."""

import ast
import io
import json
import math
import subprocess
import sys
import tokenize
from typing import Annotated

import pytest
import yaml
from pydantic import Field, create_model

from analysis.errors import ParameterError
from analysis.parameters import (
    MODELS,
    PARAMETERS_MIME,
    EvidenceParameters,
    LayerCoverageParameters,
    Parameters,
    RecognitionMapParameters,
    StartHereParameters,
    TiesWithoutRecognitionParameters,
    allowed_of,
    kind_of,
)
from analysis.parameters.rules import Listed
from analysis.reporting.run.catalogue import find_notebook, list_notebooks

DEFAULT_DAY = find_notebook("recognition/01-recognition-map").defaults["day"]
FOUND = {notebook.name: notebook.path for notebook in list_notebooks()}
VALID = {"entity": "TWN", "day": "1979-12-31", "kind": "relations", "rule": "net", "minimum_confidence": "low"}


class RaidParameters(Parameters):
    notebook = "air_defence/99-raid"
    n_threats: Annotated[int, Field(ge=1, le=500, description="threats in the raid")]
    leak_share: Annotated[float, Field(ge=0, le=1, description="share that leaks, 0 to 1")]
    decoys: Annotated[bool, Field(description="are there decoys")]


def refusal(call, *arguments, **values):
    with pytest.raises(ParameterError) as caught:
        call(*arguments, **values)
    return str(caught.value)


def test_valid_values_are_kept_as_they_are():
    assert RecognitionMapParameters(**VALID).model_dump() == VALID


@pytest.mark.parametrize("values", [{"leak_share": "-0.0"}, {"leak_share": "-0"}, {"leak_share": -0.0}])
def test_zero_is_one_number_with_and_without_a_minus(values):
    taken = RaidParameters.from_text({"n_threats": "7", "decoys": "true"} | values)
    assert math.copysign(1, taken.leak_share) == 1
    assert math.copysign(1, RaidParameters(n_threats=7, decoys=True, leak_share=-0.0).leak_share) == 1


def test_zero_is_one_number_inside_lists_as_well():
    listed = create_model("Listed", __base__=Parameters, delays_s=(Annotated[list[float], Listed()], ...))
    assert str(listed.from_text({"delays_s": "-0.0,-1,0"}).delays_s) == "[0.0, -1.0, 0.0]"
    nested = create_model("Nested", __base__=Parameters, spans=(list[tuple[float, float]], ...))
    assert str(nested(spans=[(-0.0, -2.5)]).spans) == "[(0.0, -2.5)]"


def test_a_run_with_a_minus_before_zero_has_the_name_of_that_without():
    notebook = find_notebook("air_defence/03-value-of-integration")
    names = {notebook.page_name(notebook.check({"spacing_s": value})) for value in ("0", "0.0", "-0.0", "-0", -0.0)}
    assert len(names) == 1


def test_a_sentence_after_a_semicolon_begins_small():
    message = refusal(RecognitionMapParameters, **VALID | {"zzzz": "1"})
    assert message.startswith("zzzz is not a parameter of recognition/01-recognition-map; it has: entity, day, ")


@pytest.mark.parametrize("day", ["1979-13-31", "1979-02-29", "31.12.1979", "19791231", "1979", "1979-12-31T00", ""])
def test_what_is_not_a_day_is_refused_with_an_example(day):
    message = refusal(RecognitionMapParameters, **VALID | {"day": day})
    assert message == f"day = {day!r} is not a day; give YYYY-MM-DD, for example 1979-12-31."


def test_the_first_day_is_allowed_and_the_day_before_is_not():
    assert RecognitionMapParameters(**VALID | {"day": "1945-01-01"}).day == "1945-01-01"
    assert "is before 1945-01-01" in refusal(RecognitionMapParameters, **VALID | {"day": "1944-12-31"})


def test_the_last_day_is_allowed_and_one_that_no_axis_reaches_is_not():
    assert RecognitionMapParameters(**VALID | {"day": "2100-12-31"}).day == "2100-12-31"
    message = refusal(RecognitionMapParameters, **VALID | {"day": "9999-12-31"})
    assert message == "day = '9999-12-31' is after 2100-12-31; give that day or an earlier one."


def test_a_day_after_the_cut_off_is_allowed():
    assert RecognitionMapParameters(**VALID | {"day": "2040-01-01"}).day == "2040-01-01"


def test_an_unknown_name_is_refused_with_the_nearest_one_and_alone():
    values = VALID | {"entty": "TWN"}
    del values["entity"]
    assert refusal(RecognitionMapParameters, **values) == (
        "entty is not a parameter of recognition/01-recognition-map; did you mean entity? "
        "It has: entity, day, kind, rule, minimum_confidence."
    )


def test_an_unknown_choice_is_refused_with_the_nearest_one_and_all_of_them():
    message = refusal(RecognitionMapParameters, **VALID | {"entity": "twn"})
    assert message.startswith("entity = 'twn' is not known; did you mean 'TWN'?")
    assert "XKX" in message


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("Israel", "ISR (Israel)"),
        ("isr", "ISR (Israel)"),
        ("nauro", "NRU (Nauru)"),
        ("IS", "ISR (Israel) or ISL (Iceland)"),
    ],
)
def test_a_wrong_code_is_refused_with_the_nearest_states_and_not_with_all(given, meant):
    message = refusal(TiesWithoutRecognitionParameters, partner=given)
    assert message == (
        f"partner = {given!r} is not known; did you mean {meant}? Give one of 201 codes, such as AFG (Afghanistan)."
    )


def test_a_code_that_resembles_none_is_refused_with_an_example():
    assert refusal(TiesWithoutRecognitionParameters, partner="QQQQ") == (
        "partner = 'QQQQ' is not known; give one of 201 codes, such as AFG (Afghanistan)."
    )


def test_a_choice_that_is_known_and_not_offered_says_why():
    model = MODELS["air_defence/02-leakage-by-doctrine"]
    values = dict.fromkeys(model.model_fields, "")
    with pytest.raises(
        ParameterError, match=r"allotment = 'shared' is not offered here: .*simulated.*; give one of prop"
    ):
        model.from_text(values | {"allotment": "shared"})


def test_every_fault_has_a_line_of_its_own():
    message = refusal(RecognitionMapParameters, **VALID | {"entity": "XYZ", "day": "soon", "rule": "nett"})
    assert [line.split(" ")[0] for line in message.splitlines()] == ["entity", "day", "rule"]


def test_a_missing_value_is_named_with_its_meaning():
    del (values := dict(VALID))["day"]
    assert refusal(RecognitionMapParameters, **values) == (
        "day is missing; recognition/01-recognition-map needs it (day on which the count is taken)."
    )


@pytest.mark.parametrize(
    "given",
    ["israel_2025,usa_guam", " israel_2025 , usa_guam ", '["israel_2025", "usa_guam"]', ["israel_2025", "usa_guam"]],
)
def test_a_list_may_be_python_json_or_text_with_commas(given):
    assert LayerCoverageParameters(architectures=given, minimum_confidence="low").architectures == [
        "israel_2025",
        "usa_guam",
    ]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("israel_2025", "is too short; give 2 or more of israel_2025,"),
        ("", "is too short"),
        ("israel_2025,israel_2025", "names israel_2025 more than once"),
        ("israel_2025,israel_2026", "did you mean 'israel_2025'?"),
        ("[israel_2025", "is not a JSON list"),
        ("[" * 100_000, "is not a JSON list"),
        (["israel_2025", 3], "architectures = 3 is not allowed"),
        (None, "architectures = None is not allowed"),
    ],
)
def test_a_wrong_list_is_refused(given, reason):
    message = refusal(LayerCoverageParameters, architectures=given, minimum_confidence="low")
    assert message.startswith("architectures") and reason in message


def test_text_is_read_as_the_type_of_its_parameter():
    raid = RaidParameters.from_text({"n_threats": "24", "leak_share": "0.5", "decoys": "true"})
    assert (raid.n_threats, raid.leak_share, raid.decoys) == (24, 0.5, True)


@pytest.mark.parametrize("text", ["010", "+08", "-010", "0_10", " 010 ", "00"])
def test_a_number_that_yaml_would_read_in_base_eight_is_refused(text):
    with pytest.raises(ParameterError) as refused:
        RaidParameters.from_text({"n_threats": text, "leak_share": text, "decoys": "true"})
    plain = int(text)
    assert str(refused.value).splitlines() == [
        f"{name} = {text!r} begins with 0, which YAML takes for base eight; write {plain}."
        for name in ("n_threats", "leak_share")
    ]


def test_zero_and_shares_may_begin_with_0():
    raid = RaidParameters.from_text({"n_threats": "1", "leak_share": "0.05", "decoys": "false"})
    assert raid.leak_share == 0.05
    assert RaidParameters.from_text({"n_threats": "1", "leak_share": "0", "decoys": "false"}).leak_share == 0


def test_in_a_notebook_types_must_be_right_already():
    message = refusal(RaidParameters, n_threats="24", leak_share=1, decoys=1)
    assert message.splitlines() == [
        "n_threats = '24' is not allowed; give integer: at least 1, at most 500.",
        "decoys = 1 is not allowed; give flag: true or false.",
    ]


@pytest.mark.parametrize("value", ["-0.1", "1.1", "nan", "inf", "half"])
def test_a_share_outside_0_to_1_is_refused(value):
    given = {"n_threats": "24", "leak_share": value, "decoys": "no"}
    assert refusal(RaidParameters.from_text, given) == (
        f"leak_share = {value!r} is not allowed; give number: at least 0, at most 1."
    )


def test_parameters_cannot_be_changed_afterwards():
    with pytest.raises(ValueError, match="frozen"):
        RecognitionMapParameters(**VALID).entity = "ISR"


def test_the_table_shows_value_what_it_stands_for_and_meaning():
    table = RecognitionMapParameters(**VALID).as_table()
    bundle = table._repr_mimebundle_()
    assert [row.name for row in table] == list(VALID)
    assert bundle[PARAMETERS_MIME][0]["explanation"] == "Republic of China (Taiwan)"
    assert "Republic of China (Taiwan)" in bundle["text/html"]
    assert "day on which the count is taken" in bundle["text/plain"]


def test_importing_the_parameters_needs_no_heavy_library():
    code = "import sys, analysis.parameters; print({'pandas', 'numpy', 'papermill', 'IPython'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_model_has_no_defaults_and_every_parameter_has_a_meaning(name):
    for field in MODELS[name].model_fields.values():
        assert field.is_required()
        assert field.description
        assert kind_of(field) and allowed_of(field)


def test_every_notebook_has_a_model_and_every_model_a_notebook():
    assert set(MODELS) == set(FOUND)


def parameters_cell(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    (cell,) = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    return "".join(cell["source"])


@pytest.mark.parametrize("name", sorted(FOUND))
def test_the_parameters_cell_has_the_names_of_the_model_and_valid_values(name):
    body = ast.parse(parameters_cell(FOUND[name])).body
    assert all(isinstance(node, ast.AnnAssign) for node in body), "write name: type = value"
    defaults = {node.target.id: ast.literal_eval(node.value) for node in body}
    now = {parameter: value for parameter, value in defaults.items() if parameter not in MODELS[name].old_names}
    assert list(now) == list(MODELS[name].model_fields)
    assert MODELS[name](**defaults).model_dump() == now


@pytest.mark.parametrize("name", sorted(FOUND))
def test_papermill_reads_each_name_of_a_file_as_a_name(name):
    for parameter in MODELS[name].model_fields:
        assert yaml.safe_load(f"{parameter}: 1") == {parameter: 1}  # on, off, yes, no, y, n and null are no names


@pytest.mark.parametrize("name", sorted(FOUND))
def test_each_line_of_the_parameters_cell_says_what_it_means(name):
    code = parameters_cell(FOUND[name])
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    commented = {token.start[0] for token in tokens if token.type == tokenize.COMMENT}
    assert {node.end_lineno for node in ast.parse(code).body} <= commented


@pytest.mark.parametrize(
    "name", ["password", "db_passwd", "API_KEY", "apiKey", "access-key", "token", "githubToken", "client_secret"]
)
def test_a_parameter_that_looks_like_a_secret_is_refused_and_its_value_not_told(name):
    given = {"architecture": "usa_guam", "entity": "PSE", name: "hunter2"}
    with pytest.raises(ParameterError, match=f"{name}: looks like a secret") as caught:
        StartHereParameters.from_text(given)
    assert "hunter2" not in str(caught.value)
    with pytest.raises(ParameterError, match="looks like a secret"):
        create_model("Own", __base__=Parameters, **{name: (str, ...)})(**{name: "hunter2"})


@pytest.mark.parametrize("name", ["passes", "secretariat", "tokenised", "keys", "passengers", "author"])
def test_other_names_are_not_taken_for_secrets(name):
    assert create_model("Own", __base__=Parameters, **{name: (str, ...)})(**{name: "x"}).model_dump() == {name: "x"}


@pytest.mark.parametrize(("text", "value"), [("true", True), ("False", False), (" false ", False)])
def test_flags_that_papermill_hands_over_as_text_are_taken(text, value):
    given = {"threats": 10, "level_percent": 95, "minimum_confidence": "low"}
    assert EvidenceParameters(running_totals=text, **given).running_totals is value


def test_an_old_name_is_taken_for_a_version_with_a_notice():
    with pytest.warns(FutureWarning, match="on is the old name of day"):
        assert RecognitionMapParameters(**VALID | {"day": DEFAULT_DAY, "on": "1971-10-25"}).day == "1971-10-25"
    with pytest.warns(FutureWarning), pytest.raises(ParameterError, match="day = 'soon' is not a day"):
        RecognitionMapParameters(**VALID | {"day": DEFAULT_DAY, "on": "soon"})


def test_an_old_name_without_a_value_says_nothing(recwarn):
    assert RecognitionMapParameters(**VALID | {"on": ""}) == RecognitionMapParameters(**VALID)
    assert not recwarn


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("recognition/03-co-recognition", {"left": "ISR", "right": "ISR"}, "right = 'ISR' is the same as left"),
        (
            "air_defence/03-value-of-integration",
            {"decision_stand_alone_s": "10", "decision_networked_s": "20"},
            "decision_networked_s = 20 is longer than decision_stand_alone_s = 10",
        ),
        (
            "air_defence/03-value-of-integration",
            {"spacing_s": "1e-16"},
            "spacing_s = 1e-16 is not allowed; give 0 (all at once) or 0.001 to 600",
        ),
        (
            "air_defence/06-hindcast",
            {"first_day": "2025-01-02", "last_day": "2025-01-01"},
            "last_day = '2025-01-01' is before first_day = '2025-01-02'",
        ),
    ],
)
def test_values_that_do_not_go_together_are_refused_before_anything_runs(name, given, message):
    assert message in refusal(find_notebook(name).check, given)
