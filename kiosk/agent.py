"""Puts the agent together and keeps it running: one owner, one link, one desk, one page."""

import asyncio
import logging
import uuid
from pathlib import Path

from aiohttp import web

from center.protocol.frames import HallPush, Refusal, Request, RoomClosed, RoomPush, RoomSignalled
from center.protocol.kiosk_wire import (
    CenterToKiosk,
    ConsultationPush,
    DeskCaptureAsked,
)
from center.protocol.mediation import MediationPush, MediationView
from center.protocol.papers import MarksPush, PointerMoved, SheetPush
from config.chores import Chores
from config.settings import KioskSettings, Settings
from kiosk import web as kiosk_web
from kiosk.addresses import AddressWatch
from kiosk.backoff import Backoff
from kiosk.capture import Capture
from kiosk.center import Center
from kiosk.clock import KioskClock
from kiosk.code_watch import CodeWatch
from kiosk.copies import Copies
from kiosk.delivery import Delivery
from kiosk.desk import Desk
from kiosk.devices import Devices
from kiosk.errands import Errands, Tools
from kiosk.health import HealthProbe
from kiosk.identity import Identity
from kiosk.journey import Journey, NotNowError, Rules, events
from kiosk.journey.mediation import hearing
from kiosk.journey.state import OPEN, SCAN_SCREENS, TALKING
from kiosk.line import Line
from kiosk.link import Link
from kiosk.live_desk import LiveDesk
from kiosk.messages import (
    DeskCaptured,
    DeskNeeded,
    DeskOffer,
    PageLineCheck,
    PageMedia,
    PageQuality,
    PageRefusal,
    PageRoomQuality,
    PageSignal,
    PageToAgent,
    PageTouch,
    PageWiped,
    RoomSignalIn,
)
from kiosk.owner import Owner
from kiosk.page import PageDoor
from kiosk.paper_messages import PageCloseSheet, PageDraw, PagePoint, PageTakeBack
from kiosk.papers import Papers
from kiosk.photo import Photos
from kiosk.presence import Presence
from kiosk.refusals import refused
from kiosk.self_test import Machine, SelfTest
from kiosk.self_test_messages import PageSelfTest
from kiosk.showing import Showing, Shown
from kiosk.sights import VisitSights
from kiosk.spool.opening import open_spool
from kiosk.uplink import Uplink
from kiosk.wiper import Wiper
from kiosk.words import LinkState, NoticeCode, Screen

log = logging.getLogger(__name__)


def _rules(identity: Identity, kiosk: KioskSettings) -> Rules:
    code = kiosk.technician_code
    secret = code.get_secret_value() if code else None
    return Rules(identity.place.languages, kiosk.journey, secret)


class Agent:
    """Wiring between the parts; each part is its own file."""

    def __init__(
        self, settings: Settings, identity: Identity, devices: Devices, uplink: Uplink
    ) -> None:
        kiosk, loop = settings.kiosk, asyncio.get_running_loop()
        http = uplink.http
        self._page_silence_s = kiosk.page_silence_s
        self.clock = KioskClock()
        self.spool = open_spool(kiosk, identity)
        self.door = PageDoor(kiosk.page_silence_s)
        self.desk = Desk(devices.desk, loop)
        probe = HealthProbe(
            kiosk.data,
            lambda: self.desk.status,
            self.door.alive,
            self.spool.waiting,
            lambda: devices.empty_desk.state,
        )
        self.link = Link(http, identity, kiosk, self.clock, probe)
        self.line = Line(http, kiosk.center, self.link, probe)
        self.addresses = AddressWatch(self.link.addresses_changed)
        self.center = Center(http, kiosk.center, lambda: self.link.token, uplink.pace)
        self.photos = Photos(self.center, self._mediation)
        self.owner = Owner(self.spool, self.clock, _rules(identity, kiosk))
        backoff = Backoff(kiosk.backoff_first_s, kiosk.backoff_most_s)
        freight = Center(uplink.freight, kiosk.center, lambda: self.link.token, uplink.room)
        self.delivery = Delivery(self.spool, self.center, freight, backoff, self._delivered)
        self.presence = Presence(self.link)
        self.papers = Papers(self.link, self.door.send)
        self.wiper = Wiper(self.spool, self.door, self.link, self._wiped)
        self.live_desk = LiveDesk(self.desk, self.door, settings.media)
        self.copies = Copies()
        self.errands = Errands(self._tools(devices))
        self.code_watch = CodeWatch(self.desk, devices.codes, self._code_seen)
        self.sights = VisitSights(self.owner, self.spool)
        shown = Shown(
            place=identity.place,
            clock=self.clock,
            clock_skew_s=kiosk.clock_skew_s,
            owner=self.owner,
            link=self.link,
            desk=self.desk,
            presence=self.presence,
        )
        self.showing = Showing(shown, self.door.send)
        machine = Machine(
            self.desk,
            self.center,
            probe,
            self.link,
            self.clock,
            devices.empty_desk,
            kiosk.spool_reserve_mb,
        )
        self.self_test = SelfTest(machine, self.door.send, self._is_tested)
        self._chores = Chores("what the agent began")
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
            copies=self.copies,
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
        self.desk.listeners.status = self.showing.camera_changed
        self.desk.listeners.sight = self.live_desk.seen
        self.desk.listeners.settled = lambda: self.owner.happen(events.PageSettled())
        self.owner.listeners.moved = self._moved
        self.owner.listeners.refused = self._refused

    def app(self, ui: Path = kiosk_web.UI) -> web.Application:
        """What the kiosk's browser is served."""
        shown = self.sights
        sights = kiosk_web.Sights(
            shown.thumb,
            shown.preview,
            self.copies.picture,
            shown.slip_text,
            self._healthz,
            self.line.relay,
            self.photos.relay,
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
            await self._chores.end()
            await self.live_desk.close()
            await asyncio.to_thread(self.desk.close)

    async def _watch_page(self) -> None:
        while True:
            await asyncio.sleep(self._page_silence_s / 2)
            self.door.cut_if_silent()

    # --- from the journey ---------------------------------------------------------------------

    def _moved(self, before: Journey, after: Journey) -> None:
        visit, was = after.visit, before.visit
        self.desk.follow(after.screen in SCAN_SCREENS)
        self.copies.only(visit.visit_id if visit else None)
        self.code_watch.follow(after.screen is Screen.JOIN)
        if after.screen is not Screen.MEDIATION:
            self.live_desk.need(on=True)
        if was is not None and (visit is None or visit.visit_id != was.visit_id):
            self.desk.forget()
        if visit is not None and was is not None and visit.taken > was.taken:
            self.door.send(DeskCaptured(position=visit.taken))
        if visit is not None and visit.consultation is not None:
            self.delivery.wake()
        self._be_present()
        self.showing.refresh()

    def _mediation(self) -> MediationView | None:
        visit = self.owner.journey.visit
        return visit.mediation if visit else None

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

    # --- from the center ----------------------------------------------------------------------

    def _link_changed(self, state: LinkState) -> None:
        log.info("link: %s", state)
        self.owner.happen(events.LinkChanged(state))
        if state is LinkState.ONLINE:
            self.presence.reconnected()
            self.delivery.wake()
        if state is LinkState.REVOKED:
            self._chores.begin(self._erase())
        self.showing.refresh()

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
                self.showing.hall(frame.hall)
                return
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
        self.showing.refresh()

    def _answered(self, request: Request, refusal: Refusal | None) -> None:
        if refusal and (event := refused(request, refusal, self.owner.journey.visit)):
            self.owner.happen(event)
        self.papers.answered(request, refusal)
        self.owner.answered(request)
        self._chores.begin(self.wiper.look_again())

    def _delivered(self, event: events.PageSent | events.PageRefused) -> None:
        self.owner.happen(event)
        self._chores.begin(self.wiper.look_again())

    # --- from the page ------------------------------------------------------------------------

    def _page_arrived(self, session: str) -> None:
        log.info("page %s is here", session)
        self.door.send(self.showing.state())
        self.door.send(self.papers.state())
        self.wiper.page_arrived()
        self._be_present()

    def _page_gone(self) -> None:
        log.warning("the page is gone")
        self._be_present()
        self._chores.begin(self.live_desk.close())

    def _from_page(self, frame: PageToAgent) -> None:  # noqa: C901 - one arm a frame
        match frame:
            case PageTouch():
                self.owner.happen(events.Touched(frame.touch, uuid.uuid4().hex))
            case PageMedia():
                self.presence.report(frame.state)
            case PageQuality() | PageRoomQuality() | PageLineCheck():
                self.line.hear(frame)
            case PageSignal():
                self.presence.signal(frame.to, frame.payload)
            case PageDraw() | PageTakeBack() | PagePoint() | PageCloseSheet():
                self.papers.hear(frame)
            case PageWiped():
                self.wiper.page_answered(frame)
            case PageSelfTest():
                self._test_machine(frame)
            case DeskOffer():
                self._chores.begin(self.live_desk.answer(frame.sdp))
            case DeskNeeded():
                self.live_desk.need(on=frame.needed)

    def _test_machine(self, frame: PageSelfTest) -> None:
        if self._is_tested():
            self._chores.begin(self.self_test.run(frame.run, empty_desk=frame.empty_desk))
        else:
            self._refused(NotNowError(self.owner.journey.screen, "self_test"))

    def _is_tested(self) -> bool:
        return self.owner.journey.screen is Screen.SELF_TEST

    def _healthz(self) -> dict[str, object]:
        return {"link": self.link.state.value, "camera": self.desk.status.value}

    def _code_seen(self, number: str, code: str) -> None:
        self.owner.happen(events.MediationCodeSeen(number, code))
