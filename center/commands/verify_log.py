"""Checks the event log: no gaps, each version in its place, rows that say what the log says."""

import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from center.app import open_store
from center.domain.consultation import Consultation
from center.domain.log import replay, replay_mediation
from center.domain.rules import Rules
from center.services.policy import rules_of
from center.services.ports import StoredEvent, UnitOfWork, UnitOfWorkFactory
from config.settings import Settings

BATCH = 1000


async def run(settings: Settings) -> int:
    """Print what is wrong; 1 when anything is."""
    async with open_store(settings) as store:
        events, faults = await verify(store.works, rules_of(settings.center.queue))
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{events} events, {len(faults)} faults")
    return 1 if faults else 0


async def verify(works: UnitOfWorkFactory, rules: Rules) -> tuple[int, list[str]]:
    """How many events there are, and a sentence for each fault."""
    async with works() as uow:
        events = await _all(uow)
        faults = [*_gaps(events), *_misplaced(events)]
        for stream, entries in _streams(events).items():
            kind, _, name = stream.partition(":")
            if kind == "consultation":
                faults += await _differences(uow, name, entries, rules)
            elif kind == "mediation":
                faults += await _mediation_differences(uow, name, entries)
    return len(events), faults


async def _all(uow: UnitOfWork) -> list[StoredEvent]:
    events: list[StoredEvent] = []
    while batch := await uow.events.since(events[-1].seq if events else 0, BATCH):
        events += batch
    return events


def _gaps(events: Iterable[StoredEvent]) -> list[str]:
    return [
        f"seq {event.seq} stands where {expected} belongs"
        for expected, event in enumerate(events, start=1)
        if event.seq != expected
    ]


def _streams(events: Iterable[StoredEvent]) -> dict[str, list[StoredEvent]]:
    streams: dict[str, list[StoredEvent]] = defaultdict(list)
    for event in events:
        streams[event.stream].append(event)
    return streams


def _misplaced(events: Iterable[StoredEvent]) -> list[str]:
    return [
        f"{stream} has version {event.version} where {expected} belongs"
        for stream, entries in _streams(events).items()
        for expected, event in enumerate(entries, start=1)
        if event.version != expected
    ]


async def _differences(
    uow: UnitOfWork, name: str, entries: Iterable[StoredEvent], rules: Rules
) -> list[str]:
    told = replay(((e.type, e.data, e.at) for e in entries), rules)
    row = await uow.consultations.get(name)
    if told is None or _comparable(told) == _comparable(row):
        return []
    return [f"consultation {name}: the row differs from its events"]


async def _mediation_differences(
    uow: UnitOfWork, name: str, entries: Iterable[StoredEvent]
) -> list[str]:
    told = replay_mediation((e.type, e.data, e.at) for e in entries)
    row = await uow.mediations.get(name)
    open_seats = tuple(replace(seat, code="") for seat in row.seats)
    if told is None or told == replace(row, seats=open_seats):
        return []
    return [f"mediation {name}: the row differs from its events"]


def _comparable(consultation: Consultation) -> Consultation:
    """Deadlines follow today's rules, and secrets are not in the log."""
    return replace(consultation, deadline=None, slip_code="")
