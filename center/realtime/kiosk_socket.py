"""`/ws/kiosk`: challenge, hello, then requests of a kiosk's agent."""

import asyncio
import secrets
from typing import assert_never

from pydantic import TypeAdapter

from center.domain.errors import DomainError
from center.domain.rooms import kiosk_peer
from center.protocol.base import PROTOCOL_VERSION
from center.protocol.frames import MediaReport, RoomAbsent, RoomJoin, RoomSignal
from center.protocol.kiosk_wire import (
    Challenge,
    ConsultationHangUp,
    ConsultationLeave,
    ConsultationRate,
    ConsultationRequest,
    Heartbeat,
    KioskHello,
    KioskToCenter,
    MessageLeave,
    TokenPush,
    kiosk_to_center,
)
from center.protocol.mediation import KioskMediationAct, MediationJoin
from center.protocol.papers import MarkPut, MarkTakeBack, PointerMove, SheetClose
from center.protocol.quality import QualityReport, RoomQualityReport
from center.protocol.recordings import RecordingAnswer, RecordingStop
from center.protocol.words import PeerRole
from center.realtime.connection import CLOSE_HELLO, Connection
from center.realtime.finish import to_the_end
from center.realtime.handshake import first_frame, is_spoken
from center.realtime.hub import Hub
from center.realtime.mediations import handle_at_kiosk
from center.realtime.papers import handle_papers
from center.realtime.recordings import handle_recording
from center.realtime.registry import KioskLink
from center.realtime.requests import serve

kiosk_hello: TypeAdapter[KioskHello] = TypeAdapter(KioskHello)


async def kiosk_conversation(hub: Hub, connection: Connection) -> None:
    """From challenge to the end of the socket."""
    link = await _identify(hub, connection)
    if link is None:
        return
    renewal = asyncio.create_task(_renew_token(hub, link))
    try:
        await serve(connection, kiosk_to_center, lambda frame: handle(hub, link, frame))
    finally:
        renewal.cancel()
        if hub.leave(link):
            await hub.publish(await hub.services.fleet.offline(link.kiosk_id))


async def _identify(hub: Hub, connection: Connection) -> KioskLink | None:
    nonce = secrets.token_urlsafe(32)
    connection.send(Challenge(protocol=PROTOCOL_VERSION, nonce=nonce))
    hello = await first_frame(connection, kiosk_hello, hub.hello_seconds)
    if hello is None or not is_spoken(connection, hello.protocol):
        return None
    try:
        await hub.services.identity.verify_kiosk(hello, nonce)
    except DomainError as error:
        connection.refuse(None, error.code, error.detail)
        connection.close(CLOSE_HELLO, error.code.value)
        return None
    link = KioskLink(hello.kiosk_id, connection)
    await hub.publish(await hub.services.fleet.online(hello.kiosk_id, hello.kiosk_time))
    await hub.enter(link, hello.last_seq)
    return link


async def _renew_token(hub: Hub, link: KioskLink) -> None:
    """A kiosk always holds a token that is good for at least half of its life."""
    while True:
        await asyncio.sleep(hub.settings.center.auth.upload_token_s / 2)
        token = await to_the_end(hub.services.identity.upload_token(link.kiosk_id))
        link.connection.send(TokenPush(upload_token=token))


async def handle(  # noqa: C901, PLR0912
    hub: Hub, link: KioskLink, frame: KioskToCenter
) -> None:
    """One request, one service call; one arm a frame."""
    calls, kiosk = hub.services.calls, link.kiosk_id
    match frame:
        case Heartbeat():
            seen = await hub.services.fleet.heartbeat(kiosk, frame, hub.clock.now())
            await hub.publish(seen)
            hub.pushes.fleet_changed(kiosk)
        case ConsultationRequest():
            await calls.request(kiosk, frame)
        case ConsultationLeave(consultation_id=consultation):
            await calls.leave(kiosk, consultation)
        case ConsultationHangUp(consultation_id=consultation):
            await calls.hang_up_kiosk(kiosk, consultation)
        case ConsultationRate(consultation_id=consultation, score=score):
            await calls.rate(kiosk, consultation, score)
        case MessageLeave(consultation_id=consultation, text=text, phone=phone):
            await calls.leave_message(kiosk, consultation, text, phone)
        case SheetClose() | MarkPut() | MarkTakeBack() | PointerMove():
            await handle_papers(hub, link, frame)
        case RecordingAnswer() | RecordingStop():
            await handle_recording(hub, link, frame)
        case MediaReport(consultation_id=consultation, state=state):
            await calls.media(PeerRole.KIOSK, kiosk, consultation, state)
        case QualityReport(consultation_id=consultation):
            await hub.services.quality.report(PeerRole.KIOSK, kiosk, consultation, frame)
        case RoomQualityReport(mediation_id=mediation):
            await hub.services.quality.report_seat(kiosk_peer(kiosk), mediation, frame)
        case MediationJoin() | KioskMediationAct():
            await handle_at_kiosk(hub.services.mediations, kiosk, frame)
        case RoomJoin():
            await hub.join(link, frame)
        case RoomAbsent():
            await hub.absent(link, frame)
        case RoomSignal():
            await hub.relay(link, frame)
        case _:
            assert_never(frame)
