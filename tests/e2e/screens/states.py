"""One believable state for every screen of the kiosk, and the hard cases of some."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from center.protocol.recording_view import RecordingView
from center.protocol.rest import Lookup
from center.protocol.views import ConsultationView, HallView, LawyerView, PlaceView
from center.protocol.words import (
    CameraStatus,
    ConsultationState,
    Language,
    Matter,
    RecordingState,
    StopCause,
)
from kiosk.messages import AgreementCopy, KioskState, Notice, PlaceInfo, ScannedPage, Slip
from kiosk.words import LinkState, NoticeCode, Screen
from tests.e2e.screens.hearing import HEARINGS

NOW = datetime(2026, 11, 21, 6, 3, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
NUMBER = "YJ-20261121-12345"

HOME = KioskState(
    screen=Screen.HOME,
    language=Language.ZH,
    talk_language=Language.ZH,
    place=PlaceInfo(
        kiosk_id="K01",
        township="公园街道",
        hall="公园街道公共法律服务站",
        hall_phone="0433-2512348",
        languages=(Language.ZH, Language.KO, Language.EN),
    ),
    now=NOW,
    link=LinkState.ONLINE,
    clock_skewed=False,
    camera=CameraStatus.OK,
    hall=HallView(
        lawyers_on_duty=2,
        lawyers_free=1,
        waiting=0,
        estimate_s=60,
        next_answer_at=None,
        closes_at=NOW.replace(hour=9, minute=0),
    ),
    matter=None,
    pages=(),
    consultation=None,
    room=None,
    slip=None,
    lookup=None,
    notices=(),
    can_go_back=False,
    idle_warning_until=None,
    home_at=None,
    wiped=False,
)
CLOSED_HALL = HallView(
    lawyers_on_duty=0, lawyers_free=0, waiting=0, estimate_s=None, next_answer_at=TOMORROW
)
MONDAY = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
SHUT_HALL = CLOSED_HALL.model_copy(update={"open": False, "opens_at": MONDAY})
BUSY_HALL = HallView(
    lawyers_on_duty=2, lawyers_free=0, waiting=12, estimate_s=1500, next_answer_at=None
)
PAGES = (
    ScannedPage(position=1, sent=True, verdict=()),
    ScannedPage(position=2, sent=False, verdict=("blurred",)),
    ScannedPage(position=3, sent=False, verdict=("cut_off", "glare")),
)
VISIT = HOME.model_copy(update={"matter": Matter.DEBT, "can_go_back": True})
WAITING = ConsultationView(
    consultation_id="c1",
    number=NUMBER,
    state=ConsultationState.WAITING,
    language=Language.ZH,
    matter=Matter.DEBT,
    requested_at=NOW,
    place=PlaceView(position=3, estimate_s=240),
    lawyer=None,
    deadline=None,
    talk_started_at=None,
    pages=(),
    cause=None,
    rating=None,
    slip_code="048213",
    answer_promised_at=None,
)
TALKING = WAITING.model_copy(
    update={
        "state": ConsultationState.ACTIVE,
        "place": None,
        "lawyer": LawyerView(
            staff_id="jin", name="金明淑", office="延边众诚律师事务所", languages=(Language.KO,)
        ),
        "talk_started_at": NOW,
    }
)


def at(screen: Screen, base: KioskState = VISIT, **more: object) -> KioskState:
    """`base` on another screen, with these fields changed."""
    return base.model_copy(update={"screen": screen, **more})


def _recorded(in_call: dict[str, Any]) -> dict[str, KioskState]:
    """While the talk is recorded, and when that has ended."""
    runs = RecordingView(state=RecordingState.RUNNING, recording_id="r1", agreed=True, since=NOW)
    over = RecordingView(state=RecordingState.STOPPED, recording_id="r1", cause=StopCause.STOPPED)
    views = {"call_recorded": runs, "call_recorded_no_more": over}
    talks = {name: TALKING.model_copy(update={"recording": view}) for name, view in views.items()}
    return {
        name: at(Screen.CALL, **in_call | {"consultation": talk}) for name, talk in talks.items()
    }


def screens() -> Mapping[str, KioskState]:
    """Name of each picture → state."""
    in_queue: dict[str, Any] = {"consultation": WAITING, "can_go_back": False}
    in_call: dict[str, Any] = {"consultation": TALKING, "can_go_back": False}
    far = WAITING.model_copy(
        update={"place": PlaceView(position=12, estimate_s=None, moved_back="urgent")}
    )
    cut = TALKING.model_copy(
        update={"state": ConsultationState.INTERRUPTED, "deadline": NOW + timedelta(seconds=115)}
    )
    after_hours = WAITING.model_copy(update={"after_hours": True})
    missing = Notice(code=NoticeCode.AGREEMENT_NOT_FOUND, at=NOW)
    wrong_code = Notice(code=NoticeCode.TECHNICIAN_CODE, at=NOW)
    unplugged = Notice(code=NoticeCode.CAMERA_UNPLUGGED, at=NOW)
    answered = Lookup(
        number=NUMBER,
        state=ConsultationState.CLOSED,
        requested_at=NOW - timedelta(days=3),
        answer_promised_at=None,
        answer="借条上写明了还款日期,过期三年内可以起诉。请保留转账记录。",
    )
    copy = AgreementCopy(number="TJ-20261121-0001", texts=("第一条", "제2조"))
    slip = Slip(number=NUMBER, slip_code="048213", qr_text="", answer_promised_at=TOMORROW)
    return {
        "home": HOME,
        "home_closed": at(Screen.HOME, HOME, hall=CLOSED_HALL),
        "home_shut": at(Screen.HOME, HOME, hall=SHUT_HALL),
        "home_busy": at(Screen.HOME, HOME, hall=BUSY_HALL, notices=(unplugged,)),
        "home_offline": at(Screen.HOME, HOME, link=LinkState.OFFLINE, hall=None, clock_skewed=True),
        "talk_language": at(Screen.TALK_LANGUAGE),
        "matter": at(Screen.MATTER),
        "name": at(Screen.NAME),
        "consent": at(Screen.CONSENT),
        "papers": at(Screen.PAPERS),
        "papers_some": at(Screen.PAPERS, pages=PAGES),
        "scan_empty": at(Screen.SCAN),
        "scan": at(Screen.SCAN, pages=PAGES),
        "scan_broken": at(Screen.SCAN, camera=CameraStatus.MISSING),
        "wait": at(Screen.WAIT, **in_queue),
        "wait_far": at(Screen.WAIT, consultation=far, can_go_back=False),
        "wait_closed": at(Screen.WAIT, hall=CLOSED_HALL, **in_queue),
        "call": at(Screen.CALL, **in_call),
        "call_papers": at(Screen.CALL, pages=PAGES, **in_call),
        "call_scan": at(Screen.CALL_SCAN, pages=PAGES, consultation=TALKING),
        "interrupted": at(Screen.INTERRUPTED, consultation=cut, can_go_back=False),
        "message": at(Screen.MESSAGE, consultation=WAITING, hall=CLOSED_HALL),
        "message_shut": at(Screen.MESSAGE, consultation=after_hours, hall=SHUT_HALL),
        "rate": at(Screen.RATE, consultation=TALKING, can_go_back=False),
        "slip": at(Screen.SLIP, HOME, slip=slip, wiped=True, home_at=NOW + timedelta(seconds=18)),
        "lookup": at(Screen.LOOKUP, HOME, can_go_back=True),
        "lookup_missing": at(Screen.LOOKUP, HOME, can_go_back=True, notices=(missing,)),
        "lookup_found": at(Screen.LOOKUP, HOME, can_go_back=True, lookup=answered),
        "lookup_copy": at(Screen.LOOKUP, HOME, can_go_back=True, agreement=copy),
        "join": at(Screen.JOIN, HOME, can_go_back=True),
        **{name: at(Screen.MEDIATION, HOME, mediation=view) for name, view in HEARINGS.items()},
        "idle": at(Screen.MATTER, idle_warning_until=NOW + timedelta(seconds=20)),
        "technician": at(Screen.TECHNICIAN, HOME, notices=(wrong_code,)),
        "self_test": at(Screen.SELF_TEST, HOME, clock_skewed=True),
        "out_of_service": at(Screen.OUT_OF_SERVICE, HOME, link=LinkState.REVOKED),
        **_recorded(in_call),
    }
