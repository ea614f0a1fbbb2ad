"""The record of how good a talk's line was, from its pages to the office."""

from typing import Annotated, Literal

from pydantic import Field

from .base import Id, Timestamp, WireModel
from .frames import Request
from .words import Language, MediationState, PeerRole, QualityLevel, SeatRole

BATCH_POINTS = 30
"""Most points of one report: a minute."""

Share = Annotated[float, Field(ge=0, le=1)]
Opinion = Annotated[float, Field(ge=1, le=4.5)]
Milliseconds = Annotated[int, Field(ge=0, le=600_000)]
Kbps = Annotated[int, Field(ge=0, le=10_000_000)]


class QualityPoint(WireModel):
    """Two seconds of a talk as one side received them."""

    mos: Opinion | None = Field(
        description="E-model (ITU-T G.107) of the sound that arrived; null when none did."
    )
    loss: Share = Field(description="Of the packets on the way here.")
    round_trip_ms: Milliseconds | None
    jitter_ms: Milliseconds
    received_kbps: Kbps
    sent_kbps: Kbps
    freezes: int = Field(ge=0, le=1000)
    frozen_ms: Milliseconds
    level: QualityLevel


class QualityRecord(WireModel):
    """Points in a row; `number` rises with each record of a page, so that a repeated one is known.

    `at` is the begin of the first by the sender's clock, which is corrected and not trusted.
    """

    page_session: Id
    number: int = Field(ge=1, lt=2**31)
    at: Timestamp
    points: Annotated[tuple[QualityPoint, ...], Field(min_length=1, max_length=BATCH_POINTS)]


class QualityReport(Request, QualityRecord):
    """How good the line of this consultation was for this side, every twenty seconds."""

    type: Literal["quality.report"] = "quality.report"
    consultation_id: Id


class RoomQualityReport(Request, QualityRecord):
    """The same of one of this page's links in a mediation: to `peer_id`, a person or the engine."""

    type: Literal["mediation.quality"] = "mediation.quality"
    mediation_id: Id
    peer_id: Id


class QualityFigures(WireModel):
    """What the points of a talk come to; shares are of time and add up to 1."""

    seconds: float
    mos: Opinion | None = Field(description="Median.")
    worst_mos: Opinion | None
    loss: Share
    worst_loss: Share
    round_trip_ms: int | None = Field(description="Mean.")
    worst_round_trip_ms: int | None
    freezes: int
    frozen_s: float
    good: Share
    fair: Share
    weak: Share
    sound_only: Share
    broken: Share


class QualityMoment(WireModel):
    """One point of a curve."""

    at: Timestamp
    mos: Opinion | None
    loss: Share
    round_trip_ms: int | None
    level: QualityLevel


class QualitySide(WireModel):
    """How one side received the other. A long talk's curve is thinned to its worst moments."""

    side: PeerRole
    figures: QualityFigures
    curve: tuple[QualityMoment, ...]


class QualityLine(WireModel):
    """How a seat received another one, or (`engine`) the engine that brought all others."""

    towards: Id
    figures: QualityFigures


class QualitySeat(WireModel):
    """How a seat received everybody else. Its figures are of all its lines together; its curve is
    at each time that of the worst line, thinned as a talk's."""

    seat_id: Id
    role: SeatRole
    figures: QualityFigures | None = Field(description="Null of a seat that measured nothing.")
    curve: tuple[QualityMoment, ...]
    lines: tuple[QualityLine, ...]


class MediationQuality(WireModel):
    """How the lines of a mediation were, by seat; names stand elsewhere, for whom they are."""

    seats: tuple[QualitySeat, ...]


class MediationUsage(WireModel):
    """A mediation in the usage log: figures, no title and no names but the mediator's."""

    mediation_id: Id
    number: str
    state: MediationState
    mediator: str
    language: Language
    second_language: Language | None
    scheduled_at: Timestamp
    opened_at: Timestamp | None
    duration_s: int | None = Field(description="Opening to end; null before the end.")
    seats: int
    engine: bool = Field(description="A media server carried it.")
    figures: QualityFigures | None = Field(description="All lines together; null without any.")


class MediationUsagePage(WireModel):
    """A page of mediations, newest first; `next` is null at the end."""

    rows: tuple[MediationUsage, ...]
    next: str | None
    total: int
