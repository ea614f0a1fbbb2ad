"""One decision, one commit, then its effects: the way every use case takes.

    load → decide (center.domain) → append events and write rows → commit
         → set timers → publish changes → ring whoever can be rung now

Who owns a consultation is settled in the database: both the log and the rows refuse a version that
somebody else already wrote. The loser loads again and decides again, which is ordinary and silent.
Nothing is published and no timer set for what was not committed.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

from center.domain import duty as duties
from center.domain import events as ev
from center.domain import log as event_log
from center.domain import queue
from center.domain.consultation import QUEUED, Consultation
from center.domain.duty import Duty, DutyEvent
from center.domain.errors import IllegalTransition, VersionConflict
from center.domain.matching import OnCall, match
from center.domain.rules import Rules
from center.domain.transitions import advance
from center.protocol.words import ConsultationState, DutyState
from center.services.directory import on_duty
from center.services.ports import (
    Bus,
    Change,
    Clock,
    NewEvent,
    Timers,
    UnitOfWork,
    UnitOfWorkFactory,
)
from center.services.races import ATTEMPTS, settled

log = logging.getLogger(__name__)

T = TypeVar("T")

CENTER = "center"
"""The actor of what nobody asked for: rings and expiries."""

IN_QUEUE_VIEW = QUEUED | {ConsultationState.MESSAGE}


class Ledger:
    """An open transaction in which events are recorded; `now` is its one moment."""

    def __init__(self, uow: UnitOfWork, now: datetime, rules: Rules) -> None:
        self.uow, self.now, self.rules = uow, now, rules
        self.touched: dict[str, Consultation] = {}
        self.announced: list[Change] = []
        self.may_match = False

    async def record(
        self, current: Consultation | None, event: ev.Event, actor: str
    ) -> Consultation:
        """The consultation after the event, written with its effects on duties.

        Raises:
            IllegalTransition: the event does not belong here.
            VersionConflict: somebody else was first (possibly only at the commit).
        """
        step = advance(current, event, self.now, self.rules)
        after = step.consultation
        if after is current:
            return after
        entry = self._entry(current, after, event, actor)
        await self._append(f"consultation:{after.id}", after.version, entry)
        await self.uow.consultations.save(after, after.version - 1)
        for effect in step.effects:
            await self.tell(effect.staff_id, effect.event, actor)
        self.touched[after.id] = after
        waits = after.state is ConsultationState.WAITING
        self.may_match |= waits and not isinstance(event, ev.PageAdded | ev.PageGrew)
        return after

    async def tell(self, staff_id: str, event: DutyEvent, actor: str) -> Duty:
        """The duty after the event, written. Raises as `record`."""
        before = await self.uow.duties.get(staff_id) or Duty.off(staff_id, self.now)
        after = duties.advance(before, event, self.now, self.rules)
        kind, data = event_log.encode(event)
        entry = NewEvent(kind, self.now, actor, data, staff_ids=frozenset({staff_id}), hall=True)
        await self._append(f"duty:{staff_id}", after.version, entry)
        await self.uow.duties.save(after, before.version)
        self.may_match |= after.state is DutyState.AVAILABLE
        return after

    async def announce(self, kind: str, consultation: Consultation, *, kiosk: bool) -> None:
        """Tell the lawyer, and the kiosk if asked, of something that is no event of the log."""
        self.announced.append(
            Change(
                seq=await self.uow.events.last_seq(),
                stream=f"consultation:{consultation.id}",
                kind=kind,
                kiosk_id=consultation.kiosk_id if kiosk else None,
                staff_ids=_staff(consultation),
            )
        )

    def _entry(
        self, before: Consultation | None, after: Consultation, event: ev.Event, actor: str
    ) -> NewEvent:
        kind, data = event_log.encode(event)
        states = {after.state} | ({before.state} if before else set())
        return NewEvent(
            kind,
            self.now,
            actor,
            data,
            kiosk_id=after.kiosk_id,
            staff_ids=_staff(before) | _staff(after),
            hall=bool(states & IN_QUEUE_VIEW),
        )

    async def _append(self, stream: str, version: int, entry: NewEvent) -> None:
        await self.uow.events.append(stream, version - 1, (entry,))


class Transactions:
    """Carries decisions out. One instance a process; it holds no state that decides anything."""

    def __init__(
        self, uow: UnitOfWorkFactory, clock: Clock, bus: Bus, timers: Timers, rules: Rules
    ) -> None:
        self._uow, self._clock, self._bus, self._timers = uow, clock, bus, timers
        self._rules = rules
        self._running: set[asyncio.Task[Any]] = set()
        self._ringing = asyncio.Lock()

    async def run(self, work: Callable[[Ledger], Awaitable[T]]) -> T:
        """Do `work` in one commit, again if a race is lost, then carry out its effects.

        A caller that is cancelled (its socket closed) does not stop what it began: otherwise a
        commit could go without its timers and rings.

        Raises:
            DomainError: what `work` raised; nothing was changed.
            VersionConflict: too many races were lost; nothing was changed.
        """
        return await self._to_the_end(self._run(work))

    async def dispatch(self) -> None:
        """Ring the best free person for everybody who can be rung for."""
        try:
            await self._to_the_end(self._ring())
        except VersionConflict:
            log.warning("dispatch lost %d races; the winners' own dispatch follows", ATTEMPTS)

    async def rearm(self) -> None:
        """After a start: set every timer the rows speak of, and ring whoever waits."""
        async with self._uow() as uow:
            consultations = await uow.consultations.open_all()
        for consultation in consultations:
            self._timers.arm(consultation.id, consultation.deadline)
        await self.dispatch()

    async def read(self, work: Callable[[Ledger], Awaitable[T]]) -> T:
        """What `work` finds; nothing is committed."""
        async with self._uow() as uow:
            return await work(Ledger(uow, self._clock.now(), self._rules))

    async def settled(self) -> None:
        """Wait until nothing is under way; for an orderly shutdown."""
        while self._running:
            await asyncio.wait(self._running)

    async def _to_the_end(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _run(self, work: Callable[[Ledger], Awaitable[T]]) -> T:
        result, may_match = await self._attempts(work)
        if may_match:
            await self._dispatch_after_commit()
        return result

    async def _dispatch_after_commit(self) -> None:
        try:
            await self._ring()
        except Exception:
            # The asker's own request is committed and must not be refused for this.
            log.exception("dispatch failed; the next one will ring")

    async def _ring(self) -> None:
        """One after the other: two at once would read the same people free, and one would lose."""
        async with self._ringing:
            await self._attempts(_ring_all)

    async def _attempts(self, work: Callable[[Ledger], Awaitable[T]]) -> tuple[T, bool]:
        return await settled(lambda: self._once(work))

    async def _once(self, work: Callable[[Ledger], Awaitable[T]]) -> tuple[T, bool]:
        async with self._uow() as uow:
            ledger = Ledger(uow, self._clock.now(), self._rules)
            result = await work(ledger)
            changes = await uow.commit()
        for consultation in ledger.touched.values():
            self._timers.arm(consultation.id, consultation.deadline)
        for change in (*changes, *ledger.announced):
            await self._bus.publish(change)
        return result, ledger.may_match


async def _ring_all(ledger: Ledger) -> None:
    in_order = queue.in_order(await ledger.uow.consultations.queued())
    if not queue.waiting(in_order):
        return
    on_call = [OnCall(staff, duty) for staff, duty in await on_duty(ledger.uow)]
    for consultation, staff in match(in_order, on_call):
        try:
            await ledger.record(consultation, ev.Offered(staff.staff_id), CENTER)
        except IllegalTransition as error:
            # Another dispatch has rung for one of the two since they were read.
            raise VersionConflict(str(error)) from error


def _staff(consultation: Consultation | None) -> frozenset[str]:
    if consultation is None or consultation.staff_id is None:
        return frozenset()
    return frozenset({consultation.staff_id})
