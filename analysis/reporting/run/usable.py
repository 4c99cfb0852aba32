"""What can be known of a run before its kernel: what a case adds to its parameters, and whether these can be used."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from analysis.errors import DataError, ParameterError
from analysis.parameters import Parameters
from analysis.reporting.run.catalogue import Notebook

if TYPE_CHECKING:
    from analysis.own_case.file import OwnCase

RULE = "rule"
MET = ("architecture", "raid", "minimum_confidence", "programme_state")
"""Parameters of a notebook in which a defence meets a raid, without which there is nothing to compute."""


def add_rule(given: Mapping[str, Any], notebook: Notebook, case: "OwnCase | None") -> dict[str, Any]:
    """Give the counting rule of a case to a notebook that has one, unless the run names it."""
    wanted = case is not None and case.form.rule and RULE in notebook.model.model_fields
    return ({RULE: case.form.rule} if wanted and case else {}) | dict(given)


def require_usable(parameters: Parameters, case: "OwnCase | None" = None) -> None:
    """Refuse a run whose cells would refuse it: an architecture no system of which engages a class of the raid.

    Raises
    ------
    ParameterError
        As the cell would raise it.
    DataError
        When a table cannot be read.
    """
    if set(MET) <= set(type(parameters).model_fields):
        from analysis.tables import data_folder  # frames, which most notebooks do without

        refusal = _why_not(*(str(getattr(parameters, name)) for name in MET), case, str(data_folder()))
        if refusal:
            raise ParameterError(refusal)


@lru_cache(maxsize=256)
def _why_not(architecture: str, raid: str, confidence: str, state: str, case: "OwnCase | None", _folder: str) -> str:
    from analysis.air_defence.questions import forces  # the models, which most notebooks do without
    from analysis.tables import load_facts

    facts = load_facts("air_defence")
    if case:
        changed = {name.rpartition("/")[2]: frame for name, frame in case.frames.items()}
        facts = facts.replaced(**changed)
    try:
        met = forces.read_raid(facts.raids, raid)
        forces.build_defence(
            architecture, facts, met, minimum_confidence=confidence, programme_state=state, covers=True
        )
    except (ParameterError, DataError) as error:
        return str(error)
    return ""
