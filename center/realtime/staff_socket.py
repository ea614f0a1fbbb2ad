"""`/ws/staff`: hello, then requests of a staff member's page."""

from typing import assert_never

from pydantic import TypeAdapter

from center.domain.errors import Forbidden
from center.domain.rooms import staff_peer
from center.protocol.frames import MediaReport, Ping, RoomAbsent, RoomJoin, RoomSignal
from center.protocol.mediation import StaffMediationAct
from center.protocol.papers import (
    MarkPut,
    MarkTakeBack,
    PointerMove,
    SheetClose,
    SheetShow,
)
from center.protocol.quality import QualityReport, RoomQualityReport
from center.protocol.recordings import RecordingAnswer, RecordingAsk, RecordingRetry, RecordingStop
from center.protocol.rest import Session
from center.protocol.staff_wire import (
    ConsultationFile,
    ConsultationTransfer,
    DeskCapture,
    DutySet,
    MessageAnswer,
    NotesSave,
    OfferAccept,
    OfferDecline,
    QueueTake,
    StaffHangUp,
    StaffHello,
    StaffToCenter,
    staff_to_center,
)
from center.protocol.words import PeerRole, Role
from center.realtime.connection import Connection
from center.realtime.handshake import first_frame, is_spoken
from center.realtime.hub import Hub
from center.realtime.papers import handle_papers
from center.realtime.recordings import handle_recording
from center.realtime.registry import StaffLink
from center.realtime.requests import serve
from center.services.lawyer import To

staff_hello: TypeAdapter[StaffHello] = TypeAdapter(StaffHello)

ANSWERING = frozenset({Role.LAWYER, Role.MEDIATOR})
"""Who talks with residents; the others watch."""


async def staff_conversation(hub: Hub, connection: Connection, session: Session) -> None:
    """From hello to the end of the socket."""
    hello = await first_frame(connection, staff_hello, hub.hello_seconds)
    if hello is None or not is_spoken(connection, hello.protocol):
        return
    link = StaffLink(session.staff.staff_id, session.staff.role, connection)
    try:
        await hub.enter(link, hello.last_seq)
        await serve(connection, staff_to_center, lambda frame: handle(hub, link, frame))
    finally:
        hub.leave(link)


async def handle(  # noqa: C901, PLR0912, PLR0915
    hub: Hub, link: StaffLink, frame: StaffToCenter
) -> None:
    """One request, one service call; one arm a frame."""
    if not isinstance(frame, Ping) and link.role not in ANSWERING:
        raise Forbidden(f"{frame.type} is not for a {link.role}")
    calls, staff = hub.services.calls, link.staff_id
    match frame:
        case Ping():
            pass
        case DutySet(state=state):
            await hub.services.duty.set(staff, state)
        case OfferAccept(consultation_id=consultation):
            await calls.accept(staff, consultation)
        case OfferDecline(consultation_id=consultation):
            await calls.decline(staff, consultation)
        case QueueTake(consultation_id=wanted):
            await calls.take(staff, wanted)
        case StaffHangUp(consultation_id=consultation):
            await calls.hang_up_staff(staff, consultation)
        case NotesSave(consultation_id=consultation, notes=notes, advice=advice):
            await calls.save_notes(staff, consultation, notes, advice)
        case ConsultationFile(consultation_id=consultation):
            await calls.file(staff, consultation, frame.notes, frame.advice, frame.outcome)
        case ConsultationTransfer(consultation_id=consultation):
            to = To(frame.to_staff_id, frame.to_skill)
            await calls.transfer(staff, consultation, to, frame.reason)
        case MessageAnswer(consultation_id=consultation, answer=answer):
            await calls.answer(staff, consultation, answer)
        case DeskCapture(consultation_id=consultation):
            await calls.ask_capture(staff, consultation)
        case SheetShow(consultation_id=consultation, sheet=sheet):
            await hub.services.papers.show(staff, consultation, sheet)
        case SheetClose() | MarkPut() | MarkTakeBack() | PointerMove():
            await handle_papers(hub, link, frame)
        case RecordingAsk(consultation_id=consultation):
            await hub.services.recordings.ask(staff, consultation)
        case RecordingRetry(consultation_id=consultation, recording_id=recording):
            await hub.services.recordings.retry(staff, consultation, recording)
        case RecordingAnswer() | RecordingStop():
            await handle_recording(hub, link, frame)
        case MediaReport(consultation_id=consultation, state=state):
            hub.refuse_replaced(link, consultation)
            await calls.media(PeerRole.STAFF, staff, consultation, state)
        case QualityReport(consultation_id=consultation):
            await hub.services.quality.report(PeerRole.STAFF, staff, consultation, frame)
        case RoomQualityReport(mediation_id=mediation):
            await hub.services.quality.report_seat(staff_peer(staff), mediation, frame)
        case StaffMediationAct(mediation_id=mediation, act=act):
            await hub.services.mediations.act(staff, mediation, act)
        case RoomJoin():
            await hub.join(link, frame)
        case RoomAbsent():
            await hub.absent(link, frame)
        case RoomSignal():
            await hub.relay(link, frame)
        case _:
            assert_never(frame)
