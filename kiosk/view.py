"""The state the page shows, from everything the agent knows."""

from dataclasses import dataclass
from datetime import datetime

from center.protocol.rest import Enrolled
from center.protocol.views import HallView, RoomView
from center.protocol.words import CameraStatus
from kiosk.capture import CAMERA_NOTICE
from kiosk.clock import KioskClock
from kiosk.journey import Journey, Rules, SlipFacts, Visit, can_go_back
from kiosk.journey.state import CAMERA_SCREENS, SERVICE_SCREENS
from kiosk.messages import KioskState, Notice, PlaceInfo, ScannedPage, Slip
from kiosk.words import LinkState, NoticeCode


@dataclass(frozen=True, slots=True)
class Around:
    """What is outside the journey; `camera_since` is when its status last changed."""

    link: LinkState
    camera: CameraStatus
    camera_since: datetime
    clock_skewed: bool
    hall: HallView | None
    room: RoomView | None
    notices: tuple[tuple[NoticeCode, datetime], ...]


def kiosk_state(
    journey: Journey, around: Around, place: Enrolled, rules: Rules, clock: KioskClock
) -> KioskState:
    """The whole state; every moment in the center's time."""
    now = clock.now()
    visit = journey.visit or Visit("none", "lawyer")
    return KioskState(
        screen=journey.screen,
        language=journey.language,
        talk_language=visit.talk_language or journey.language,
        place=place_info(place),
        now=clock.shown(now),
        link=around.link,
        clock_skewed=around.clock_skewed,
        camera=around.camera,
        hall=around.hall,
        matter=visit.matter,
        pages=_pages(visit),
        consultation=visit.consultation,
        mediation=visit.mediation,
        room=around.room,
        slip=_slip(journey.slip),
        lookup=visit.lookup,
        agreement=visit.agreement,
        notices=_notices(journey, around, clock),
        can_go_back=can_go_back(journey, now, rules),
        idle_warning_until=_shown(journey.idle_warning_until, clock),
        home_at=_shown(journey.home_at, clock),
        wiped=journey.wiped,
    )


def place_info(place: Enrolled) -> PlaceInfo:
    """Where this kiosk stands."""
    return PlaceInfo(
        kiosk_id=place.kiosk_id,
        township=place.township,
        hall=place.hall,
        hall_phone=place.hall_phone,
        languages=place.languages,
    )


def qr_text(slip: SlipFacts) -> str:
    """What the slip's QR code says; the lookup screen and the scanner read it back."""
    return f"JIUJIN:{slip.number}:{slip.slip_code}"


def _pages(visit: Visit) -> tuple[ScannedPage, ...]:
    return tuple(
        ScannedPage(position=page.position, sent=page.sent, verdict=page.verdict)
        for page in visit.pages
    )


def _slip(slip: SlipFacts | None) -> Slip | None:
    if slip is None:
        return None
    return Slip(
        number=slip.number,
        slip_code=slip.slip_code,
        qr_text=qr_text(slip),
        answer_promised_at=slip.answer_promised_at,
    )


def _notices(journey: Journey, around: Around, clock: KioskClock) -> tuple[Notice, ...]:
    told = list(around.notices)
    camera = CAMERA_NOTICE.get(around.camera)
    if camera is not None and journey.screen in CAMERA_SCREENS - SERVICE_SCREENS:
        told = [(camera, around.camera_since), *(n for n in told if n[0] is not camera)]
    return tuple(Notice(code=code, at=clock.shown(at)) for code, at in told)


def _shown(moment: datetime | None, clock: KioskClock) -> datetime | None:
    return None if moment is None else clock.shown(moment)
