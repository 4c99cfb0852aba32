"""What each notebook accepts: one model for each, without defaults, which stand in the notebook alone."""

from typing import Annotated

from pydantic import Field

from analysis.air_defence.choices import ARCHITECTURES, CONFIDENCES
from analysis.parameters.base import FOOTER_MIME, PARAMETERS_MIME, Parameters
from analysis.parameters.rules import CodeOf, Day, OneOf, SeveralOf, allowed_of, kind_of
from analysis.recognition.choices import COUNTRIES, ENTITIES, KINDS, PARTNERS, RULES

MinimumConfidence = Annotated[
    str, OneOf(CONFIDENCES), Field(description="least confidence of the rows used: low takes all of them")
]
Entity = Annotated[str, OneOf(ENTITIES), Field(description="who is recognised")]
Draws = Annotated[int, Field(ge=100, le=100_000, description="shuffles for each comparison with chance")]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1, description="random seed")]
ANSWERING = {"day": "members of the United Nations on that day", "all": "every state of that day"}
ASKED_OF_ALL = {code: words for code, words in ENTITIES.items() if code not in ("ARM", "CYP", "KOR", "PRK")}
"""Entities whose recognition by every state is on record."""


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


class SwitchingParameters(Parameters):
    """Parameters of the switches between Taipei and Beijing: whose ties are followed, and what is close."""

    notebook = "recognition/02-switching"
    entity: Annotated[
        str,
        OneOf({code: ENTITIES[code] for code in ("TWN", "CHN")}),
        Field(description="whose ties are followed to their end"),
    ]
    within_days: Annotated[
        int,
        Field(
            ge=1, le=3660, description="largest time from the end of the one tie to the beginning of the other, days"
        ),
    ]
    window_days: Annotated[
        int, Field(ge=1, le=3660, description="two endings are close when at most so many days lie between them, days")
    ]
    draws: Draws
    seed: Seed


class TiesWithoutRecognitionParameters(Parameters):
    """Parameters of the ties without recognition: with whom."""

    notebook = "recognition/04-ties-without-recognition"
    partner: Annotated[str, CodeOf(PARTNERS), Field(description="partner of Taiwan: a state, or a place with offices")]


class CountryDossierParameters(Parameters):
    """Parameters of the dossier: about which state."""

    notebook = "recognition/05-country-dossier"
    country: Annotated[str, CodeOf(COUNTRIES), Field(description="state that the page is about")]


class CoRecognitionParameters(Parameters):
    """Parameters of the co-recognition: the day, whose answers count, and which pair is compared with chance."""

    notebook = "recognition/03-co-recognition"
    on: Annotated[str, Day(first="1988-11-15"), Field(description="day on which the answers are taken")]
    members: Annotated[str, OneOf(ANSWERING), Field(description="whose answers count")]
    left: Annotated[str, OneOf(ASKED_OF_ALL), Field(description="first entity of the pair compared with chance")]
    right: Annotated[str, OneOf(ASKED_OF_ALL), Field(description="second entity of that pair, another one")]
    clusters: Annotated[int, Field(ge=1, le=30, description="largest number of clusters of profiles")]
    draws: Draws
    seed: Seed


MODELS: dict[str, type[Parameters]] = {
    model.notebook: model
    for model in (
        StartHereParameters,
        HowFarToTrustParameters,
        LayerCoverageParameters,
        RecognitionMapParameters,
        SwitchingParameters,
        CoRecognitionParameters,
        TiesWithoutRecognitionParameters,
        CountryDossierParameters,
    )
}
"""The model of each notebook, by its path below ``notebooks/`` without the suffix."""

__all__ = [
    "FOOTER_MIME",
    "MODELS",
    "PARAMETERS_MIME",
    "CoRecognitionParameters",
    "CountryDossierParameters",
    "HowFarToTrustParameters",
    "LayerCoverageParameters",
    "Parameters",
    "RecognitionMapParameters",
    "StartHereParameters",
    "SwitchingParameters",
    "TiesWithoutRecognitionParameters",
    "allowed_of",
    "kind_of",
]
