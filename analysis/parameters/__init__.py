"""What each notebook accepts: one model for each, without defaults, which stand in the notebook alone."""

from typing import Annotated

from pydantic import Field

from analysis.air_defence.facts.choices import (
    ALLOTMENTS,
    ARCHITECTURES,
    CONFIDENCES,
    COVERAGE_SCOPES,
    DEFINITIONS,
    DOCTRINES,
    IGNORANCE,
    INPUTS,
    PROGRAMME_STATES,
    RAIDS,
    SYSTEMS,
    THREAT_CLASSES,
    TRACK_SCOPES,
)
from analysis.errors import ParameterError
from analysis.parameters.base import FOOTER_MIME, PARAMETERS_MIME, Parameters
from analysis.parameters.rules import CodeOf, Day, OneOf, SeveralOf, allowed_of, kind_of
from analysis.recognition.facts.choices import (
    ALIGNED_BY,
    COUNTRIES,
    ENTITIES,
    IMPLIED,
    KINDS,
    PART_YEARS,
    PARTLY_RECORDED,
    PARTNERS,
    RULES,
)

SHORTEST_SPACING_S = 0.001
"""Arrivals that are closer are all at once; 1 divided by much less leaves the range of numbers."""

MinimumConfidence = Annotated[
    str, OneOf(CONFIDENCES), Field(description="least confidence of the rows used: low takes all of them")
]
Entity = Annotated[str, OneOf(ENTITIES), Field(description="who is recognised")]
ProgrammeState = Annotated[
    str,
    OneOf(PROGRAMME_STATES),
    Field(description="how far a system must have come to count: fielded, funded too, or announced too"),
]
Inputs = Annotated[
    str,
    OneOf(INPUTS),
    Field(description="where inputs that all systems share come from: raids that happened, or assumed"),
]
CoverageScope = Annotated[
    str, OneOf(COVERAGE_SCOPES), Field(description="what covers a threat: each layer for itself, or one defended place")
]
RaidsDiffer = Annotated[bool, Field(description="does the share of a class that leaks differ from raid to raid")]
Ignorance = Annotated[
    str, OneOf(IGNORANCE), Field(description="how assumed kill probabilities are drawn: apart, or by a common cause")
]
NOT_OFFERED = {
    "shared": "a magazine that classes share is not solved but simulated, raid by raid and draw by draw, which takes "
    "too long for a page (Python does it: docs/in-your-own-project.md)"
}
Allotment = Annotated[
    str,
    OneOf(tuple(name for name in ALLOTMENTS if name not in NOT_OFFERED), NOT_OFFERED),
    Field(description="who gets the rounds of a magazine: classes in proportion, or ballistic"),
]
Draws = Annotated[int, Field(ge=100, le=100_000, description="shuffles for each comparison with chance")]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1, description="random seed")]
ANSWERING = {"day": "members of the United Nations on that day", "all": "every state of that day"}
ASKED_OF_ALL = {code: words for code, words in ENTITIES.items() if code not in PARTLY_RECORDED}
"""Entities whose recognition by every state is on record."""
ON_IS_DAY = {"on": "day"}
"""YAML reads the name ``on`` as true, so that papermill alone cannot take it from a file."""


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


class AirDefenceExploreParameters(Parameters):
    """Parameters of the exploration of a defence: the case that is open at first, and what stands beside it."""

    notebook = "air_defence/00-explore"
    architecture: Annotated[str, OneOf(ARCHITECTURES), Field(description="architecture of the first case")]
    beside: Annotated[str, OneOf(ARCHITECTURES), Field(description="architecture of the case beside it")]
    systems_off: Annotated[
        list[str], SeveralOf(SYSTEMS, at_least=0), Field(description="systems of the first case that are switched off")
    ]
    raid: Annotated[str, OneOf(RAIDS), Field(description="notional raid whose mix of classes is taken")]
    raid_percent: Annotated[int, Field(ge=10, le=500, description="size of the raid against the named one, %")]
    doctrine: Annotated[str, OneOf(tuple(DOCTRINES)), Field(description="shot doctrine of every layer")]
    shots: Annotated[int, Field(ge=1, le=4, description="interceptors for a threat at each layer, at most")]
    track_scope: Annotated[str, OneOf(TRACK_SCOPES), Field(description="what fails together: scope of one track")]
    inputs: Inputs
    programme_state: ProgrammeState
    coverage_scope: CoverageScope
    raid_correlation: RaidsDiffer
    allotment: Allotment
    sensor_to_shooter_s: Annotated[int, Field(ge=0, le=180, description="time from detection to the first shot, s")]


class LayerCoverageParameters(Parameters):
    """Parameters of the layer coverage: which architectures stand side by side."""

    notebook = "air_defence/01-layer-coverage"
    architectures: Annotated[
        list[str],
        SeveralOf(ARCHITECTURES, at_least=2),
        Field(description="air-defence architectures to compare"),
    ]
    minimum_confidence: MinimumConfidence


class BriefTDomeParameters(Parameters):
    """Parameters of the brief on T-Dome: which raid, and how far a system must have come to count in it."""

    notebook = "air_defence/00-brief-t-dome"
    raid: Annotated[str, OneOf(RAIDS), Field(description="notional raid")]
    programme_state: ProgrammeState
    inputs: Inputs
    draws: Annotated[int, Field(ge=16, le=1024, description="draws of what is not known; best a power of two")]
    seed: Seed


class LeakageByDoctrineParameters(Parameters):
    """Parameters of the leakage: which defence, which notional raid, how it is fired at, and what fails together."""

    notebook = "air_defence/02-leakage-by-doctrine"
    architecture: Annotated[str, OneOf(ARCHITECTURES), Field(description="architecture whose structure is shown")]
    raid: Annotated[str, OneOf(RAIDS), Field(description="notional raid")]
    raid_percent: Annotated[int, Field(ge=10, le=300, description="size of the raid against the named one, %")]
    doctrine: Annotated[str, OneOf(tuple(DOCTRINES)), Field(description="shot doctrine of every layer")]
    shots: Annotated[int, Field(ge=1, le=4, description="interceptors for a threat at each layer, at most")]
    track_scope: Annotated[str, OneOf(TRACK_SCOPES), Field(description="what fails together: scope of one track")]
    inputs: Inputs
    programme_state: ProgrammeState
    coverage_scope: CoverageScope
    raid_correlation: RaidsDiffer
    allotment: Allotment
    ignorance: Ignorance
    minimum_confidence: MinimumConfidence
    draws: Annotated[int, Field(ge=16, le=1024, description="draws of what is not known; best a power of two")]
    seed: Seed


class CostAndStocksParameters(Parameters):
    """Parameters of costs and stocks: whose layers, which raid, and which pair of layer and threat is taken apart."""

    notebook = "air_defence/04-cost-and-stocks"
    architecture: Annotated[str, OneOf(ARCHITECTURES), Field(description="architecture whose layers are priced")]
    inputs: Inputs
    programme_state: ProgrammeState
    coverage_scope: CoverageScope
    raid_correlation: RaidsDiffer
    allotment: Allotment
    ignorance: Ignorance
    raid: Annotated[str, OneOf(RAIDS), Field(description="notional raid that empties the magazines")]
    days: Annotated[int, Field(ge=1, le=60, description="days on which the same raid comes")]
    doctrine: Annotated[str, OneOf(tuple(DOCTRINES)), Field(description="shot doctrine of every layer")]
    shots: Annotated[int, Field(ge=1, le=4, description="interceptors for a threat at each layer, at most")]
    system: Annotated[str, CodeOf(SYSTEMS), Field(description="system whose exchange with one class is taken apart")]
    threat_class: Annotated[str, OneOf(THREAT_CLASSES), Field(description="that class")]
    price_year: Annotated[int, Field(ge=2002, le=2026, description="year whose US dollars are used")]
    minimum_confidence: MinimumConfidence
    draws: Annotated[int, Field(ge=16, le=1024, description="draws of what is not known")]
    seed: Seed


class ValueOfIntegrationParameters(Parameters):
    """Parameters of the value of integration: which layers, which raid, and how fast batteries decide."""

    notebook = "air_defence/03-value-of-integration"
    architectures: Annotated[
        list[str], SeveralOf(ARCHITECTURES, at_least=1), Field(description="air-defence architectures to compare")
    ]
    inputs: Inputs
    programme_state: ProgrammeState
    coverage_scope: CoverageScope
    threat_classes: Annotated[
        list[str], SeveralOf(THREAT_CLASSES, at_least=1), Field(description="classes of threat, each met on its own")
    ]
    n_threats: Annotated[int, Field(ge=1, le=500, description="threats of one class in the notional raid")]
    shots: Annotated[int, Field(ge=0, le=5000, description="shots in all, in the worked case of coordination")]
    single_shot: Annotated[
        float, Field(gt=0, lt=1, description="single-shot kill probability in the worked case of coordination, assumed")
    ]
    decision_stand_alone_s: Annotated[
        float,
        Field(ge=0, le=600, description="seconds from own detection to the order, a battery by itself, assumed"),
    ]
    decision_networked_s: Annotated[
        float,
        Field(
            ge=0,
            le=600,
            description="seconds from own detection to the order, in a network, not longer than by itself, assumed",
        ),
    ]
    cycle_s: Annotated[
        float,
        Field(ge=1, le=300, description="seconds from one launch to the next, for which a channel is held, assumed"),
    ]
    spacing_s: Annotated[float, Field(ge=0, le=600, description="mean seconds between arrivals; 0 is all at once")]
    seed: Seed

    def require_together(self) -> None:
        """Refuse a network that decides later than a battery by itself, and arrivals that are almost at once."""
        if 0 < self.spacing_s < SHORTEST_SPACING_S:
            raise ParameterError(
                f"spacing_s = {self.spacing_s:g} is not allowed; give 0 (all at once) or {SHORTEST_SPACING_S:g} to 600."
            )
        if self.decision_networked_s > self.decision_stand_alone_s:
            raise ParameterError(
                f"decision_networked_s = {self.decision_networked_s:g} is longer than decision_stand_alone_s = "
                f"{self.decision_stand_alone_s:g}; give a network at most the time of a battery by itself."
            )


class EvidenceParameters(Parameters):
    """Parameters of the evidence: which published counts, and what is asked of them."""

    notebook = "air_defence/05-evidence"
    threats: Annotated[int, Field(ge=1, le=500, description="threats in the next raid, which is notional")]
    level_percent: Annotated[int, Field(ge=50, le=99, description="level of the intervals, %")]
    running_totals: Annotated[
        bool, Field(description="are running totals used, and periods that overlap others, where they are the latest")
    ]
    minimum_confidence: MinimumConfidence


class HindcastParameters(Parameters):
    """Parameters of the hindcast: which nights are tested, what counts as stopped, and how they are scored."""

    notebook = "air_defence/06-hindcast"
    first_day: Annotated[str, Day(first="2022-09-28"), Field(description="first night tested; the past is before it")]
    last_day: Annotated[str, Day(first="2022-09-28"), Field(description="last night tested, included")]
    definition: Annotated[str, OneOf(DEFINITIONS), Field(description="what counts as stopped in a report")]
    interval_percent: Annotated[int, Field(ge=50, le=99, description="level of the interval that is drawn, %")]
    least_launched: Annotated[int, Field(ge=1, le=100, description="smallest night tested, threats of one class")]
    draws: Annotated[int, Field(ge=1, le=10_000, description="random places of each outcome within its prediction")]
    seed: Seed

    def require_together(self) -> None:
        """Refuse days in the wrong order."""
        if self.last_day < self.first_day:
            raise ParameterError(f"last_day = {self.last_day!r} is before first_day = {self.first_day!r}; swap them.")


class RecognitionMapParameters(Parameters):
    """Parameters of the recognition map: whom, when, and what counts."""

    notebook = "recognition/01-recognition-map"
    old_names = ON_IS_DAY
    entity: Entity
    day: Annotated[str, Day(first="1945-01-01"), Field(description="day on which the count is taken")]
    kind: Annotated[str, OneOf(KINDS), Field(description="what counts: recognition, or diplomatic relations")]
    rule: Annotated[str, OneOf(RULES), Field(description="which acts count")]
    minimum_confidence: MinimumConfidence


class RecognitionBriefParameters(Parameters):
    """Parameters of the brief on recognition: the day, and how far back it looks."""

    notebook = "recognition/00-brief-who-recognises-whom"
    day: Annotated[str, Day(first="1988-11-15"), Field(description="day on which the four are counted")]
    years: Annotated[int, Field(ge=1, le=30, description="years before that day of which changes and totals are shown")]


class RecognitionExploreParameters(RecognitionMapParameters):
    """Parameters of the explorer of recognition: the choices that it begins with, those of the map."""

    notebook = "recognition/00-explore"


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
    old_names = ON_IS_DAY
    day: Annotated[str, Day(first="1988-11-15"), Field(description="day on which the answers are taken")]
    members: Annotated[str, OneOf(ANSWERING), Field(description="whose answers count")]
    left: Annotated[str, OneOf(ASKED_OF_ALL), Field(description="first entity of the pair compared with chance")]
    right: Annotated[str, OneOf(ASKED_OF_ALL), Field(description="second entity of that pair, another one")]
    clusters: Annotated[int, Field(ge=1, le=30, description="largest number of clusters of profiles")]
    draws: Draws
    seed: Seed

    def require_together(self) -> None:
        """Refuse one entity as both sides of the pair."""
        if self.left == self.right:
            raise ParameterError(f"right = {self.right!r} is the same as left; choose two entities.")


class RecognitionPanelParameters(Parameters):
    """Parameters of the panel: which ties count in which years, whose are drawn, and the year of the replication."""

    notebook = "recognition/06-panel"
    entity: Annotated[str, OneOf(ASKED_OF_ALL), Field(description="whose ties are drawn by year")]
    kind: Annotated[str, OneOf(KINDS), Field(description="what is drawn: recognition, or diplomatic relations")]
    first_year: Annotated[int, Field(ge=1949, le=2008, description="first year of the panel")]
    last_year: Annotated[int, Field(ge=2019, le=2026, description="last year of the panel")]
    rule: Annotated[str, OneOf(RULES), Field(description="which acts count")]
    part_year: Annotated[str, OneOf(PART_YEARS), Field(description="when a tie of a part of a year counts for it")]
    implied: Annotated[str, OneOf(IMPLIED), Field(description="do ties count that follow from the other kind alone")]
    minimum_confidence: MinimumConfidence
    year: Annotated[int, Field(ge=2008, le=2019, description="year of the replication")]
    measure: Annotated[str, OneOf(ALIGNED_BY), Field(description="measure of alignment in the replication")]


MODELS: dict[str, type[Parameters]] = {
    model.notebook: model
    for model in (
        StartHereParameters,
        HowFarToTrustParameters,
        AirDefenceExploreParameters,
        BriefTDomeParameters,
        LayerCoverageParameters,
        LeakageByDoctrineParameters,
        ValueOfIntegrationParameters,
        CostAndStocksParameters,
        EvidenceParameters,
        HindcastParameters,
        RecognitionBriefParameters,
        RecognitionExploreParameters,
        RecognitionMapParameters,
        SwitchingParameters,
        CoRecognitionParameters,
        TiesWithoutRecognitionParameters,
        CountryDossierParameters,
        RecognitionPanelParameters,
    )
}
"""The model of each notebook, by its path below ``notebooks/`` without the suffix."""

__all__ = [
    "FOOTER_MIME",
    "MODELS",
    "PARAMETERS_MIME",
    "AirDefenceExploreParameters",
    "BriefTDomeParameters",
    "CoRecognitionParameters",
    "CostAndStocksParameters",
    "CountryDossierParameters",
    "EvidenceParameters",
    "HindcastParameters",
    "HowFarToTrustParameters",
    "LayerCoverageParameters",
    "LeakageByDoctrineParameters",
    "Parameters",
    "RecognitionBriefParameters",
    "RecognitionExploreParameters",
    "RecognitionMapParameters",
    "RecognitionPanelParameters",
    "StartHereParameters",
    "SwitchingParameters",
    "TiesWithoutRecognitionParameters",
    "ValueOfIntegrationParameters",
    "allowed_of",
    "kind_of",
]
