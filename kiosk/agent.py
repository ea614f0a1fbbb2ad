"""Puts the agent together and keeps it running: one owner, one link, one desk, one page."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web

from center.protocol.frames import HallPush, Refusal, Request, RoomClosed, RoomPush, RoomSignalled
from center.protocol.kiosk_wire import (
    CenterToKiosk,
    ConsultationPush,
    ConsultationRequest,
    DeskCaptureAsked,
    MessageLeave,
)
from center.protocol.mediation import MediationJoin, MediationPush
from center.protocol.papers import MarksPush, PointerMoved, SheetPush
from center.protocol.views import HallView
from center.protocol.words import CameraStatus
from config.settings import Settings
from kiosk import web as kiosk_web
from kiosk.addresses import AddressWatch
from kiosk.backoff import Backoff
from kiosk.capture import Capture, Scan
from kiosk.clock import KioskClock
from kiosk.code_watch import CodeWatch, ReadCodes
from kiosk.delivery import Center, Delivery
from kiosk.desk import Desk, DeskDevices, Sight
from kiosk.errands import Errands, Tools
from kiosk.health import HealthProbe
from kiosk.identity import Identity
from kiosk.journey import Journey, NotNowError, Rules, events
from kiosk.journey.mediation import hearing
from kiosk.journey.state import OPEN, SCAN_SCREENS, TALKING
from kiosk.line import Line
from kiosk.link import Link
from kiosk.messages import (
    DeskAnswer,
    DeskCaptured,
    DeskFailed,
    DeskOffer,
    KioskState,
    PageLineCheck,
    PageMedia,
    PageQuality,
    PageRefusal,
    PageSignal,
    PageToAgent,
    PageTouch,
    PageWiped,
    RoomSignalIn,
)
from kiosk.messages import DeskTrack as DeskTrackFrame
from kiosk.owner import Owner
from kiosk.page import PageDoor
from kiosk.paper_messages import PageCloseSheet, PageDraw, PagePoint, PageTakeBack
from kiosk.papers import Papers
from kiosk.presence import Presence
from kiosk.spool import RealDisk, Spool
from kiosk.spool.vault import Vault
from kiosk.view import Around, kiosk_state, qr_text
from kiosk.wiper import Wiper
from kiosk.words import LinkState, NoticeCode, Screen
from media.desk import DeskTrack
from media.peer import DeskPeer, OfferRefusedError

log = logging.getLogger(__name__)

MEGABYTE = 2**20
TRACK_PERIOD_S = 0.1


@dataclass(frozen=True, slots=True)
class Devices:
    """The hardware side, given from outside so that tests can pull its plugs."""

    desk: DeskDevices
    scan: Callable[[bytes], Scan]
    codes: ReadCodes = lambda _: ()


def open_spool(settings: Settings, identity: Identity) -> Spool:
    """The spool of this kiosk, under a key that only this device can derive."""
    kiosk = settings.kiosk
    vault = Vault(kiosk.data / "spool", identity.derive("jiujin-spool-v1"), RealDisk())
    return Spool(vault, kiosk.spool_limit_mb * MEGABYTE, kiosk.spool_reserve_mb * MEGABYTE)


class Agent:
    """Wiring between the parts; each part is its own file."""

    def __init__(
        self, settings: Settings, identity: Identity, devices: Devices, http: ClientSession
    ) -> None:
        kiosk, loop = settings.kiosk, asyncio.get_running_loop()
        self._kiosk, self._identity = kiosk, identity
        self.clock = KioskClock()
        self.spool = open_spool(settings, identity)
        self.door = PageDoor(kiosk.page_silence_s)
        self.desk = Desk(devices.desk, loop)
        probe = HealthProbe(
            kiosk.data, lambda: self.desk.status, self.door.alive, self.spool.waiting
        )
        self.link = Link(http, identity, kiosk, self.clock, probe)
        self.line = Line(http, kiosk.center, self.link, probe)
        self.addresses = AddressWatch(self.link.addresses_changed)
        self.center = Center(http, kiosk.center, lambda: self.link.token)
        self.owner = Owner(self.spool, self.clock, Rules(identity.place.languages, kiosk.journey))
        backoff = Backoff(kiosk.backoff_first_s, kiosk.backoff_most_s)
        self.delivery = Delivery(self.spool, self.center, backoff, self._delivered)
        self.presence = Presence(self.link)
        self.papers = Papers(self.link, self.door.send)
        self.wiper = Wiper(self.spool, self.door, self.link, self._wiped)
        self.peer = DeskPeer(lambda: DeskTrack(self.desk.picture, settings.media))
        self.errands = Errands(self._tools(devices))
        self.code_watch = CodeWatch(self.desk, devices.codes, self._code_seen)
        self._hall: HallView | None = None
        self._camera_since = self.clock.now()
        self._shown: KioskState | None = None
        self._sight_at = 0.0
        self._beside: set[asyncio.Task[None]] = set()
        self._listen()

    def _tools(self, devices: Devices) -> Tools:
        return Tools(
            link=self.link,
            spool=self.spool,
            desk=self.desk,
            capture=Capture(
                self.desk, self.spool, devices.scan, lambda: self.clock.shown(self.clock.now())
            ),
            center=self.center,
            wiper=self.wiper,
            happen=self.owner.happen,
            tell=self.owner.tell,
        )

    def _listen(self) -> None:
        self.link.listeners.state = self._link_changed
        self.link.listeners.frame = self._from_center
        self.link.listeners.answer = self._answered
        self.door.listeners.arrived = self._page_arrived
        self.door.listeners.gone = self._page_gone
        self.door.listeners.frame = self._from_page
        self.desk.listeners.status = self._camera_changed
        self.desk.listeners.sight = self._seen
        self.desk.listeners.settled = lambda: self.owner.happen(events.PageSettled())
        self.owner.listeners.moved = self._moved
        self.owner.listeners.refused = self._refused

    def app(self, ui: Path = kiosk_web.UI) -> web.Application:
        """What the kiosk's browser is served."""
        sights = kiosk_web.Sights(
            self._thumb, self._preview, self._slip_text, self._healthz, self.line.relay
        )
        return kiosk_web.create_app(self.door, sights, ui)

    async def run(self) -> None:
        """Until cancelled; a part that dies takes the agent down, and systemd starts it anew."""
        self.desk.start()
        self.delivery.wake()
        self.addresses.open()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.owner.run(self.errands))
                tasks.create_task(self.link.run())
                tasks.create_task(self.delivery.run())
                tasks.create_task(self._watch_page())
                tasks.create_task(self.code_watch.run())
        finally:
            self.addresses.close()
            await self.errands.close()
            await self.peer.close()
            await asyncio.to_thread(self.desk.close)

    async def _watch_page(self) -> None:
        while True:
            await asyncio.sleep(self._kiosk.page_silence_s / 2)
            self.door.cut_if_silent()

    # --- from the journey ---------------------------------------------------------------------

    def _moved(self, before: Journey, after: Journey) -> None:
        visit, was = after.visit, before.visit
        self.desk.follow(after.screen in SCAN_SCREENS)
        self.code_watch.follow(after.screen is Screen.JOIN)
        if was is not None and (visit is None or visit.visit_id != was.visit_id):
            self.desk.forget()
        if visit is not None and was is not None and visit.taken > was.taken:
            self.door.send(DeskCaptured(position=visit.taken))
        if visit is not None and visit.consultation is not None:
            self.delivery.wake()
        self._be_present()
        self._show()

    def _be_present(self) -> None:
        visit = self.owner.journey.visit
        view = visit.consultation if visit else None
        room_id = view.consultation_id if view and view.state in OPEN else hearing(visit)
        self.presence.want(room_id, self.door.session)
        self.papers.follow(room_id)
        if view is None or view.state not in TALKING:
            self.presence.forget_media()

    def _refused(self, refusal: NotNowError) -> None:
        self.door.send(PageRefusal(code=NoticeCode.NOT_NOW, detail=str(refusal)))

    def _wiped(self, visit_id: str) -> None:
        self.owner.happen(events.WipeVerified(visit_id))

    def _show(self) -> None:
        """Push the state when it is another one."""
        state = self._state()
        if self._shown is None or state.model_copy(update={"now": self._shown.now}) != self._shown:
            self._shown = state
            self.door.send(state)

    def _state(self) -> KioskState:
        limit = self._kiosk.clock_skew_s
        around = Around(
            link=self.link.state,
            camera=self.desk.status,
            camera_since=self._camera_since,
            clock_skewed=abs(self.clock.skew.total_seconds()) > limit,
            hall=self._hall,
            room=self.presence.room,
            notices=self.owner.notices,
        )
        journey, rules = self.owner.journey, self.owner.rules
        return kiosk_state(journey, around, self._identity.place, rules, self.clock)

    # --- from the center ----------------------------------------------------------------------

    def _link_changed(self, state: LinkState) -> None:
        log.info("link: %s", state)
        self.owner.happen(events.LinkChanged(state))
        if state is LinkState.ONLINE:
            self.presence.reconnected()
            self.delivery.wake()
        if state is LinkState.REVOKED:
            self._go(self._erase())
        self._show()

    async def _erase(self) -> None:
        await asyncio.to_thread(self.spool.erase)
        await self.wiper.look_again()

    def _from_center(self, frame: CenterToKiosk) -> None:  # noqa: C901 - one arm a frame
        match frame:
            case ConsultationPush():
                self.owner.happen(events.ConsultationChanged(frame.consultation))
            case MediationPush():
                self.owner.happen(events.MediationChanged(frame.mediation))
            case DeskCaptureAsked():
                self.owner.happen(events.CaptureAsked(frame.consultation_id))
            case HallPush():
                self._hall = frame.hall
            case RoomPush():
                self.presence.room = frame.room
            case RoomClosed():
                self.presence.room = None
            case SheetPush() | MarksPush() | PointerMoved():
                self.papers.take(frame)
                return
            case RoomSignalled():
                self.door.send(RoomSignalIn(sender=frame.sender, payload=frame.payload))
                return
        self._show()

    def _answered(self, request: Request, refusal: Refusal | None) -> None:
        if refusal is not None and isinstance(request, ConsultationRequest):
            self.owner.happen(events.RequestRefused(request.client_ref))
        if refusal is not None and isinstance(request, MediationJoin):
            self._join_refused(refusal)
        if refusal is not None and isinstance(request, MessageLeave):
            self._message_refused(request.consultation_id)
        self.papers.answered(request, refusal)
        self.owner.answered(request)
        self._go(self.wiper.look_again())

    def _join_refused(self, refusal: Refusal) -> None:
        if visit := self.owner.journey.visit:
            self.owner.happen(events.JoinRefused(visit.visit_id, refusal.code))

    def _message_refused(self, consultation_id: str) -> None:
        visit = self.owner.journey.visit
        view = visit.consultation if visit else None
        if visit and view and view.consultation_id == consultation_id:
            self.owner.happen(events.MessageRefused(visit.visit_id))

    def _delivered(self, event: events.PageSent | events.PageRefused) -> None:
        self.owner.happen(event)
        self._go(self.wiper.look_again())

    # --- from the page ------------------------------------------------------------------------

    def _page_arrived(self, session: str) -> None:
        log.info("page %s is here", session)
        self.door.send(self._state())
        self.door.send(self.papers.state())
        self.wiper.page_arrived()
        self._be_present()

    def _page_gone(self) -> None:
        log.warning("the page is gone")
        self._be_present()
        self._go(self.peer.close())

    def _from_page(self, frame: PageToAgent) -> None:
        match frame:
            case PageTouch():
                self.owner.happen(events.Touched(frame.touch, uuid.uuid4().hex))
            case PageMedia():
                self.presence.report(frame.state)
            case PageQuality() | PageLineCheck():
                self.line.hear(frame)
            case PageSignal():
                self.presence.signal(frame.to, frame.payload)
            case PageDraw() | PageTakeBack() | PagePoint() | PageCloseSheet():
                self.papers.hear(frame)
            case PageWiped():
                self.wiper.page_answered(frame)
            case DeskOffer():
                self._go(self._answer_desk(frame.sdp))

    async def _answer_desk(self, sdp: str) -> None:
        try:
            self.door.send(DeskAnswer(sdp=await self.peer.answer(sdp)))
        except OfferRefusedError as error:
            log.warning("desk offer refused: %s", error)
            self.door.send(DeskFailed(camera=self.desk.status))

    async def _thumb(self, position: int) -> bytes | None:
        visit = self.owner.journey.visit
        for page in visit.pages if visit else ():
            if page.position == position:
                return await self._picture(page.sha256, "thumb")
        return None

    async def _preview(self, sha256: str) -> bytes | None:
        return await self._picture(sha256, "preview")

    async def _picture(self, sha256: str, kind: str) -> bytes | None:
        visit = self.owner.journey.visit
        if visit is None or sha256 not in {page.sha256 for page in visit.pages}:
            return None
        return await asyncio.to_thread(self.spool.picture, visit.visit_id, sha256, kind)

    def _slip_text(self) -> str | None:
        slip = self.owner.journey.slip
        return None if slip is None else qr_text(slip)

    def _healthz(self) -> dict[str, object]:
        return {"link": self.link.state.value, "camera": self.desk.status.value}

    # --- from the desk ------------------------------------------------------------------------

    def _camera_changed(self, status: CameraStatus) -> None:
        self._camera_since = self.clock.now()
        self._show()

    def _code_seen(self, number: str, code: str) -> None:
        self.owner.happen(events.MediationCodeSeen(number, code))

    def _seen(self, sight: Sight) -> None:
        """What the tracker sees, at most ten times a second; a change of advice at once."""
        now = asyncio.get_running_loop().time()
        if now - self._sight_at < TRACK_PERIOD_S and not sight.capture:
            return
        self._sight_at = now
        frame = DeskTrackFrame(
            coach=sight.coach, progress=sight.progress, quad=sight.quad, camera=self.desk.status
        )
        self.door.send(frame, droppable=True)

    def _go(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
