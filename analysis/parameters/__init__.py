"""What each notebook accepts: one model for each, without defaults, which stand in the notebook alone."""

from typing import Annotated

from pydantic import Field

from analysis.air_defence.choices import ARCHITECTURES, CONFIDENCES
from analysis.parameters.base import FOOTER_MIME, PARAMETERS_MIME, Parameters
from analysis.parameters.rules import Day, OneOf, SeveralOf, allowed_of, kind_of
from analysis.recognition.choices import ENTITIES, KINDS, RULES

MinimumConfidence = Annotated[
    str, OneOf(CONFIDENCES), Field(description="least confidence of the rows used: low takes all of them")
]
Entity = Annotated[str, OneOf(ENTITIES), Field(description="who is recognised")]


class StartHereParameters(Parameters):
    """Parameters of the tour."""

    notebook = "00-start-here"
    architecture: Annotated[
        str, OneOf(ARCHITECTURES), Field(description="air-defence architecture whose layers are shown")
    ]
    entity: Entity


class HowFarToTrustParameters(Parameters):
    """Parameters of the notebook on confidence and disagreement."""

    notebook = "02-how-far-to-trust"
    disagreements: Annotated[int, Field(ge=1, le=100, description="how many of the widest disagreements are listed")]


class LayerCoverageParameters(Parameters):
    """Parameters of the layer coverage: which architectures stand side by side."""

    notebook = "air_defence/01-layer-coverage"
    architectures: Annotated[
        list[str],
        SeveralOf(ARCHITECTURES, at_least=2),
        Field(description="air-defence architectures to compare"),
    ]
    minimum_confidence: MinimumConfidence


class RecognitionMapParameters(Parameters):
    """Parameters of the recognition map: whom, when, and what counts."""

    notebook = "recognition/01-recognition-map"
    entity: Entity
    on: Annotated[str, Day(first="1945-01-01"), Field(description="day on which the count is taken")]
    kind: Annotated[str, OneOf(KINDS), Field(description="what counts: recognition, or diplomatic relations")]
    rule: Annotated[str, OneOf(RULES), Field(description="which acts count")]
    minimum_confidence: MinimumConfidence


MODELS: dict[str, type[Parameters]] = {
    model.notebook: model
    for model in (StartHereParameters, HowFarToTrustParameters, LayerCoverageParameters, RecognitionMapParameters)
}
"""The model of each notebook, by its path below ``notebooks/`` without the suffix."""

__all__ = [
    "FOOTER_MIME",
    "MODELS",
    "PARAMETERS_MIME",
    "HowFarToTrustParameters",
    "LayerCoverageParameters",
    "Parameters",
    "RecognitionMapParameters",
    "StartHereParameters",
    "allowed_of",
    "kind_of",
]
