"""Views that the fake center shows: believable, and valid by the contract."""

from datetime import UTC, datetime, timedelta

import cv2
import numpy as np

from center.protocol import frames, recordings, rest, staff_wire, views
from center.protocol.base import WireModel
from center.protocol.words import (
    ConsultationState,
    DutyState,
    EndCause,
    Language,
    Matter,
    PeerRole,
    Role,
    Urgency,
)

CONSULTATION = "c-7"
STAFF_PEER = "staff:jin"
KIOSK_PEER = "kiosk:K01"

# matter, language, urgency, name, township, hall, seconds waited, pages
WAITING = (
    (Matter.LABOUR, Language.KO, Urgency.NORMAL, "최 할머니", "依兰镇", "便民服务中心", 431, 3),
    (Matter.FAMILY, Language.ZH, Urgency.URGENT, "王女士", "公园街道", "公共法律服务站", 247, 0),
    (Matter.DEBT, Language.ZH, Urgency.NORMAL, "老李", "小营镇", "司法所", 198, 2),
    (Matter.PROPERTY, Language.KO, Urgency.NORMAL, None, "三道湾镇", "便民服务中心", 121, 6),
    (Matter.TRAFFIC, Language.ZH, Urgency.NORMAL, "张师傅", "河南街道", "信访局大厅", 75, 1),
    (Matter.CONSUMER, Language.EN, Urgency.NORMAL, "Mr Brown", "新兴街道", "政务大厅", 52, 0),
    (Matter.NEIGHBOURS, Language.ZH, Urgency.NORMAL, None, "朝阳川镇", "司法所", 31, 0),
    (Matter.OTHER, Language.ZH, Urgency.NORMAL, "赵阿姨", "北山街道", "便民服务中心", 8, 0),
)


def now() -> datetime:
    """The fake's clock is the machine's."""
    return datetime.now(UTC)


def ago(seconds: float) -> datetime:
    return now() - timedelta(seconds=seconds)


def session(role: Role) -> rest.Session:
    staff = views.StaffView(
        staff_id="jin", name="金明淑", office="阳光律师事务所", role=role,
        languages=(Language.ZH, Language.KO), townships=(), skills=(),
    )  # fmt: skip
    return rest.Session(staff=staff, expires_at=now() + timedelta(hours=8), demo=True)


def duty(state: DutyState, missed: int = 0) -> staff_wire.DutyPush:
    view = views.DutyView(staff_id="jin", state=state, missed=missed, since=ago(1860))
    return staff_wire.DutyPush(seq=2, duty=view)


def hall(waiting: int) -> frames.HallPush:
    estimate = 65 * waiting if waiting else None
    return frames.HallPush(
        seq=2,
        hall=views.HallView(
            lawyers_on_duty=2,
            lawyers_free=1,
            waiting=waiting,
            estimate_s=estimate,
            next_answer_at=None,
        ),
    )


def queue(count: int, *, ringing: bool = False) -> staff_wire.QueuePush:
    rows = tuple(_row(index, ringing and index == 0) for index in range(count))
    messages = (_message(),) if count else ()
    return staff_wire.QueuePush(seq=3, rows=rows, messages=messages)


def _row(index: int, ringing: bool) -> views.WaitingRow:
    matter, language, urgency, name, township, place, waited, pages = WAITING[index]
    return views.WaitingRow(
        consultation_id=f"c-{7 + index}", number=f"YJ-20261122-{7 + index:04}",
        state=ConsultationState.OFFERED if ringing else ConsultationState.WAITING,
        language=language, matter=matter, urgency=urgency, called_as=name,
        kiosk_id=f"K{index + 1:02}", township=township, hall=place, requested_at=ago(waited),
        pages=pages, offered_to="jin" if ringing else None, handed_on=index == 0,
        wanted_staff_id="jin" if index == 0 else None,
    )  # fmt: skip


def _message() -> views.MessageView:
    return views.MessageView(
        consultation_id="c-90", number="YJ-20261121-0031", language=Language.ZH,
        matter=Matter.LABOUR, called_as="孙师傅", phone="139 0000 0000",
        text="老板去年欠我三个月工资,有欠条。想问去哪里告,要不要花钱。", township="小营镇",
        hall="司法所", left_at=ago(50_000), promised_at=now() + timedelta(hours=2),
        pages=(page(1), page(2)),
    )  # fmt: skip


def colleagues() -> rest.ColleagueList:
    """Three on duty: free with the language, free without it, and in a call."""
    both, one = (Language.ZH, Language.KO), (Language.ZH,)
    rows = (
        ("piao", "朴成哲", "人民调解中心", Role.MEDIATOR, both, (), DutyState.AVAILABLE),
        ("wang", "王芳", "阳光律师事务所", Role.LAWYER, one, (Matter.LABOUR,), DutyState.AVAILABLE),
        ("li", "李建国", "延边众诚律师事务所", Role.LAWYER, one, (Matter.FAMILY, Matter.LABOUR),
         DutyState.BUSY),
    )  # fmt: skip
    return rest.ColleagueList(
        colleagues=tuple(
            views.ColleagueView(
                staff_id=staff_id, name=name, office=office, role=role, languages=languages,
                townships=(), skills=skills, state=state, since=ago(600),
            )
            for staff_id, name, office, role, languages, skills, state in rows
        )
    )  # fmt: skip


def offer(seconds: float | None) -> staff_wire.OfferPush:
    if seconds is None:
        return staff_wire.OfferPush(seq=4, offer=None)
    deadline = now() + timedelta(seconds=seconds)
    ring = views.OfferView(consultation_id=CONSULTATION, deadline=deadline)
    return staff_wire.OfferPush(seq=4, offer=ring)


def page(position: int) -> views.PageView:
    return views.PageView(
        position=position, sha256=f"{position:064x}", captured_at=ago(300 - position * 40),
        received_at=ago(299 - position * 40), width=1240, height=1754,
        verdict=("glare",) if position == 2 else (),
        codes=("YJ-2026-0045",) if position == 1 else (),
    )  # fmt: skip


def consultation(
    state: ConsultationState,
    pages: int,
    deadline_s: float | None = None,
    cause: EndCause | None = None,
) -> staff_wire.StaffConsultationPush:
    over = state in {ConsultationState.WRAP_UP, ConsultationState.CLOSED}
    view = views.StaffConsultationView(
        consultation_id=CONSULTATION, number="YJ-20261122-0007", state=state, language=Language.KO,
        matter=Matter.LABOUR, urgency=Urgency.NORMAL, called_as="최 할머니", kiosk_id="K01",
        township="依兰镇", hall="便民服务中心", hall_phone="0433-251 0000", requested_at=ago(431),
        accepted_at=ago(201),
        talk_started_at=None if state is ConsultationState.CONNECTING else ago(200),
        talk_ended_at=ago(4) if over else None,
        deadline=None if deadline_s is None else now() + timedelta(seconds=deadline_s),
        pages=tuple(page(position) for position in range(1, pages + 1)),
        advice="", notes="", notes_saved_at=None, outcome=None, cause=cause, rating=None,
    )  # fmt: skip
    return staff_wire.StaffConsultationPush(seq=5, consultation=view)


def no_consultation() -> staff_wire.StaffConsultationPush:
    return staff_wire.StaffConsultationPush(seq=6, consultation=None)


def room(kiosk_session: str) -> frames.RoomPush:
    kiosk = views.PeerView(
        peer_id=KIOSK_PEER, role=PeerRole.KIOSK, name="K01", page_session=kiosk_session,
        online=True, polite=False,
    )  # fmt: skip
    view = views.RoomView(
        room_id=CONSULTATION, open=True, you=STAFF_PEER, peers=(kiosk,), ice_servers=()
    )
    return frames.RoomPush(seq=5, room=view)


def quiet_hall() -> dict[str, WireModel]:
    """Nobody waits and nobody is on duty."""
    pushes = (hall(0), duty(DutyState.OFF), queue(0), offer(None), no_consultation())
    return {push.type: push for push in pushes}


def recorded() -> recordings.RecordingList:
    """One that is being saved, and one that is."""
    rows = (("r-2", 40, None), ("r-1", 90_000, ago(88_200)))
    return recordings.RecordingList(
        rows=tuple(
            recordings.RecordingRow(
                reel_id=reel, recording_id=reel[:-2], room_id=CONSULTATION,
                number="YJ-20261122-0007", title="依兰镇 · 便民服务中心", started_at=ago(began),
                ended_at=ended, sealed=ended is not None, size=0,
            )
            for reel, began, ended in rows
        )
    )  # fmt: skip


def drawn_page(position: int) -> bytes:
    """A made-up page as JPEG: lines of grey words, and its number."""
    paper = np.full((1754, 1240, 3), 244, np.uint8)
    for line in range(40):
        right = 1100 - (line * 97 + position * 31) % 420
        cv2.rectangle(paper, (140, 260 + line * 34), (right, 272 + line * 34), (96, 96, 96), -1)
    cv2.putText(paper, str(position), (560, 180), cv2.FONT_HERSHEY_SIMPLEX, 4, (60, 60, 60), 8)
    return cv2.imencode(".jpg", paper)[1].tobytes()
