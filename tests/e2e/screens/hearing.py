"""A mediation as a kiosk is shown it: waiting, in the room, in private, before a clause."""

from datetime import UTC, datetime
from typing import Any

from center.protocol.mediation import (
    AgreementView,
    ClauseView,
    MarkView,
    MediationView,
    PhotoView,
    SeatView,
    SignatureView,
)
from center.protocol.recording_view import MediationRecordingView
from center.protocol.words import (
    Language,
    Matter,
    MediationState,
    Protection,
    RecordingState,
    SeatRole,
    SeatState,
)

AT = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


def seat(seat_id: str, role: SeatRole, name: str, **more: Any) -> SeatView:
    """Somebody in the room."""
    known: dict[str, Any] = {
        "seat_id": seat_id,
        "role": role,
        "name": name,
        "place": "朝阳川镇公共法律服务站",
        "language": Language.ZH,
        "state": SeatState.ADMITTED,
        "peer_id": f"kiosk:{seat_id}",
        "staff_id": None,
        "protection": Protection.NONE,
        "muted": False,
        "speech_asked": False,
        "hand": None,
        "has_floor": False,
        "apart": False,
        "listens": False,
        "code": None,
    }
    return SeatView(**known | more)


ME = seat("me", SeatRole.PARTY, "欧阳春花", hand=1)
MEDIATOR = seat("mediator", SeatRole.MEDIATOR, "朴成哲")
OTHER = seat("li", SeatRole.PARTY, "", protection=Protection.SEEN_BY_MEDIATOR, muted=True)
INTERPRETER = seat("jin", SeatRole.INTERPRETER, "金明淑")
FOUR = (MEDIATOR, ME, OTHER, INTERPRETER)
LONG = ClauseView(
    number=1,
    first="李四分十二期归还欧阳春花借款,每月最后一天前付壹千元整,逾期一天加付应付款的万分之三。"
    * 12,
    second="리사는 빌린 돈을 열두번에 나누어 매달 마지막날전으로 천원씩 갚으며 늦으면 더 문다. "
    * 12,
    marks=(),
)
"""Longer than any screen."""
CLAUSE = ClauseView(
    number=1,
    first="李四于 2026 年 12 月 31 日前,一次还给欧阳春花借款人民币壹万元整,费用各自承担。",
    second="리사는 2026년 12월 31일까지 구양춘화에게 만원을 한번에 갚고 비용은 각자 부담한다.",
    marks=(),
)


def mediation(*seats: SeatView, **more: Any) -> MediationView:
    """As `ME` sees it."""
    known: dict[str, Any] = {
        "mediation_id": "m1",
        "number": "TJ-20261121-0001",
        "title": "欧阳春花与李四借款纠纷",
        "matter": Matter.DEBT,
        "language": Language.ZH,
        "second_language": Language.KO,
        "state": MediationState.OPEN,
        "scheduled_at": AT,
        "opened_at": AT,
        "ended_at": None,
        "locked": False,
        "you": "me",
        "side": None,
        "seats": seats or FOUR,
        "agreement": None,
        "draft": (),
    }
    return MediationView(**known | more)


def agreement(
    *, confirmed: bool = False, signed: bool = False, photographed: bool = False
) -> AgreementView:
    """One clause, before or after it was confirmed and signed."""
    marks = (MarkView(seat_id="me", agreed=True, at=AT),) if confirmed else ()
    clause = CLAUSE.model_copy(update={"marks": marks})
    signatures = (SignatureView(seat_id="me", at=AT),) if signed else ()
    photos = (PhotoView(seat_id="me", taken=True),) if photographed else ()
    return _of(clause, signatures).model_copy(update={"photos": photos})


def _of(
    clause: ClauseView, signatures: tuple[SignatureView, ...] = (), edition: int = 1
) -> AgreementView:
    return AgreementView(
        edition=edition, clauses=(clause,), signatures=signatures, sealed_at=None, sha256=None
    )


_OBJECTED = LONG.model_copy(update={"marks": (MarkView(seat_id="me", agreed=False, at=AT),)})
_WAITS = ME.model_copy(update={"state": SeatState.WAITING, "peer_id": None, "hand": None})
_APART = tuple(s.model_copy(update={"apart": s.seat_id in ("me", "mediator")}) for s in FOUR)

_ASKED = MediationRecordingView(state=RecordingState.ASKED, recording_id="r1")
_RUNNING = _ASKED.model_copy(update={"state": RecordingState.RUNNING, "agreed": True, "since": AT})

HEARINGS: dict[str, MediationView] = {
    "mediation_waiting": mediation(MEDIATOR, _WAITS),
    "mediation": mediation(),
    "mediation_private": mediation(*_APART, side="me"),
    "mediation_asked": mediation(recording=_ASKED),
    "mediation_recorded": mediation(recording=_RUNNING),
    "mediation_paused": mediation(
        *_APART, side="me", recording=_RUNNING.model_copy(update={"paused": True})
    ),
    "mediation_clause": mediation(agreement=agreement()),
    "mediation_long": mediation(agreement=_of(LONG, edition=2)),
    "mediation_objected": mediation(agreement=_of(_OBJECTED, edition=3)),
    "mediation_sign": mediation(agreement=agreement(confirmed=True)),
    "mediation_photo": mediation(agreement=agreement(confirmed=True, signed=True)),
    "mediation_signed": mediation(
        agreement=agreement(confirmed=True, signed=True, photographed=True)
    ),
}
