"""Carries out what the journey wants done; each errand is short or goes on by itself."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError
from pydantic import ValidationError

from center.protocol.frames import Request
from center.protocol.kiosk_wire import ConsultationRequest
from center.protocol.mediation import KioskMediationAct, MediationJoin
from center.protocol.recordings import RecordingAnswer, RecordingStop
from config.chores import Chores
from kiosk.capture import Capture
from kiosk.center import Center, RefusedError
from kiosk.copies import Copies, UnreadableCopyError, pages_of
from kiosk.desk import Desk
from kiosk.journey import effects as do
from kiosk.journey import events
from kiosk.link import Link
from kiosk.messages import AgreementCopy
from kiosk.outbox import OwedRequest, request_of
from kiosk.spool import DiskFullError, Spool
from kiosk.wiper import Wiper
from kiosk.words import NoticeCode

log = logging.getLogger(__name__)

_NO_ANSWER = (
    RefusedError,
    ClientError,
    OSError,
    TimeoutError,
    ValidationError,
    UnreadableCopyError,
)
CONSENT_VERSION = "2026-11-22"
"""The wording of the consent screen that the resident agreed to."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What errands are done with; `tell` shows a notice, `happen` brings an event back."""

    link: Link
    spool: Spool
    desk: Desk
    capture: Capture
    center: Center
    copies: Copies
    wiper: Wiper
    happen: Callable[[events.Event], None]
    tell: Callable[[NoticeCode], None]


class Errands:
    """One errand at a time, in the journey's order; captures and look-ups run beside."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._chores = Chores("an errand")
        self._doers: Mapping[type, Callable[[Any], Coroutine[Any, Any, None]]] = {
            do.RequestConsultation: self._request,
            do.Leave: self._owed,
            do.WithdrawRequest: self._withdraw,
            do.HangUp: self._owed,
            do.AnswerRecording: self._answer_recording,
            do.StopRecording: self._stop_recording,
            do.SendRating: self._owed,
            do.LeaveMessage: self._owed,
            do.AskLookup: self._lookup,
            do.AskAgreement: self._agreement,
            do.JoinMediation: self._join,
            do.ActInMediation: self._act,
            do.StartCamera: self._start_camera,
            do.StopCamera: self._stop_camera,
            do.CapturePage: self._capture,
            do.DropPage: self._drop,
            do.Wipe: self._wipe,
            do.Tell: self._tell,
        }

    async def run(self, effect: do.Effect) -> None:
        """Do it, or begin it."""
        await self._doers[type(effect)](effect)

    def ask(self, request: OwedRequest) -> None:
        """Ask the center what the outbox keeps, until it did it or never will."""
        self._tools.link.ask(lambda n: request.model_copy(update={"id": n}), insist=True)

    async def give_up(self, request: OwedRequest) -> None:
        """Nobody is to hear this any more."""
        log.warning("%s was never answered and is given up", request.type)
        self._tools.link.forget(request)
        await self._tools.wiper.look_again()

    async def close(self) -> None:
        """Give up what still runs."""
        await self._chores.end()

    # --- the center ---------------------------------------------------------------------------

    async def _request(self, wish: do.RequestConsultation) -> None:
        self._tools.link.ask(
            lambda number: ConsultationRequest(
                id=number,
                client_ref=wish.visit_id,
                language=wish.language,
                matter=wish.matter,
                called_as=wish.called_as,
                consent_version=CONSENT_VERSION,
            )
        )

    async def _owed(self, wish: do.Effect) -> None:
        request = request_of(wish)
        if request is not None:
            self.ask(request)

    async def _answer_recording(self, wish: do.AnswerRecording) -> None:
        self._tools.link.ask(
            lambda number: RecordingAnswer(
                id=number,
                consultation_id=wish.consultation_id,
                recording_id=wish.recording_id,
                agreed=wish.agreed,
            )
        )

    async def _stop_recording(self, wish: do.StopRecording) -> None:
        self._tools.link.ask(
            lambda number: RecordingStop(
                id=number,
                consultation_id=wish.consultation_id,
                recording_id=wish.recording_id,
            )
        )

    async def _withdraw(self, wish: do.WithdrawRequest) -> None:
        def is_it(request: Request) -> bool:
            return isinstance(request, ConsultationRequest) and request.client_ref == wish.visit_id

        if self._tools.link.withdraw(is_it):
            self._tools.happen(events.RequestWithdrawn())

    async def _lookup(self, wish: do.AskLookup) -> None:
        self._chores.begin(self._look_up(wish))

    async def _look_up(self, wish: do.AskLookup) -> None:
        try:
            found = await self._tools.center.lookup(wish.ask)
        except _NO_ANSWER as error:
            log.info("no look-up: %s", error)
            self._tools.tell(NoticeCode.CENTER_REFUSED)
            return
        self._tools.happen(events.LookupAnswered(wish.visit_id, found))

    async def _agreement(self, wish: do.AskAgreement) -> None:
        self._chores.begin(self._fetch_copy(wish))

    async def _fetch_copy(self, wish: do.AskAgreement) -> None:
        copy = None
        try:
            pdf = await self._tools.center.agreement(wish.ask)
            pages = await asyncio.to_thread(pages_of, pdf) if pdf else ()
        except _NO_ANSWER as error:
            log.info("no copy: %r", error)
            self._tools.tell(NoticeCode.CENTER_REFUSED)
            return
        if pages:
            self._tools.copies.keep(wish.visit_id, pages)
            texts = tuple(page.text for page in pages)
            copy = AgreementCopy(number=wish.ask.number, texts=texts)
        self._tools.happen(events.AgreementAnswered(wish.visit_id, copy))

    async def _join(self, wish: do.JoinMediation) -> None:
        self._tools.link.ask(lambda n: MediationJoin(id=n, number=wish.number, code=wish.code))

    async def _act(self, wish: do.ActInMediation) -> None:
        act = KioskMediationAct(id=1, mediation_id=wish.mediation_id, act=wish.act)
        self._tools.link.forget(act)  # said before another act, it does not stand for this one
        self._tools.link.ask(lambda n: act.model_copy(update={"id": n}))

    # --- the desk -----------------------------------------------------------------------------

    async def _start_camera(self, _: do.StartCamera) -> None:
        self._tools.desk.light(on=True)

    async def _stop_camera(self, _: do.StopCamera) -> None:
        self._tools.desk.light(on=False)

    async def _capture(self, wish: do.CapturePage) -> None:
        """The folder is opened here, in the journey's order, so never after the wipe."""
        try:
            await asyncio.to_thread(self._tools.spool.open_visit, wish.visit_id)
        except (DiskFullError, OSError) as error:
            log.warning("no room for a visit: %s", error)
            failed = events.CaptureFailed(wish.visit_id, NoticeCode.DISK_FULL)
            self._tools.happen(failed)
            return
        self._chores.begin(self._take(wish.visit_id))

    async def _take(self, visit_id: str) -> None:
        self._tools.happen(await self._tools.capture.take(visit_id))

    async def _drop(self, wish: do.DropPage) -> None:
        await asyncio.to_thread(self._tools.spool.drop, wish.visit_id, wish.sha256)
        self._tools.desk.rearm()

    # --- the rest -----------------------------------------------------------------------------

    async def _wipe(self, wish: do.Wipe) -> None:
        await self._tools.wiper.begin(wish.visit_id)

    async def _tell(self, wish: do.Tell) -> None:
        self._tools.tell(wish.code)
