"""Consultations for the tests, told by events through the real machine."""

from collections.abc import Sequence
from datetime import datetime

from center.domain import events as ev
from center.domain.consultation import Consultation
from center.domain.log import encode
from center.domain.records import Kiosk
from center.domain.rules import Rules
from center.domain.transitions import advance
from center.protocol.words import (
    KioskStatus,
    Language,
    Matter,
    MediaState,
    Outcome,
    PeerRole,
)
from center.services.office import Terminal
from center.services.ports import NewEvent
from center.store.unit_of_work import SqlUnitOfWork, SqlWorks

RULES = Rules()


def kiosk(kiosk_id: str = "K01") -> Kiosk:
    languages = (Language.ZH, Language.KO)
    return Kiosk(kiosk_id, "依兰镇", "依兰镇大厅", "0433-0000107", languages, KioskStatus.ENROLLED)


async def add_kiosks(works: SqlWorks, *kiosk_ids: str) -> None:
    async with works() as work:
        for kiosk_id in kiosk_ids:
            await work.terminals.save(Terminal(kiosk(kiosk_id)))
        await work.commit()


def requested(key: str, kiosk_id: str = "K01", **changes: object) -> ev.Requested:
    known: dict[str, object] = {
        "consultation_id": key,
        "number": f"YJ-20261123-{key:0>4}",
        "slip_code": "123456",
        "kiosk_id": kiosk_id,
        "township": "依兰镇",
        "client_ref": f"ref-{key}",
        "consent_version": "1",
        "language": Language.ZH,
        "matter": Matter.LABOUR,
        "place": 1,
    }
    return ev.Requested(**(known | changes))  # type: ignore[arg-type]


Told = tuple[datetime, ev.Event, str]


async def tell(works: SqlWorks, story: Sequence[Told]) -> Consultation:
    """Commit a consultation's events one by one."""
    told: Consultation | None = None
    for at, event, actor in story:
        async with works() as work:
            told = await record(work, told, at, event, actor)
            await work.commit()
    assert told is not None
    return told


async def record(
    work: SqlUnitOfWork, told: Consultation | None, at: datetime, event: ev.Event, actor: str
) -> Consultation:
    """One event into the log and the row."""
    after = advance(told, event, at, RULES).consultation
    kind, data = encode(event)
    entry = NewEvent(kind, at, actor, data, kiosk_id=after.kiosk_id)
    await work.events.append(f"consultation:{after.id}", after.version - 1, [entry])
    await work.consultations.save(after, after.version - 1)
    return after


def talk(at: Sequence[datetime], lawyer: str = "jin") -> list[Told]:
    """Ring, accept, both up, hang up, file: at the five given moments."""
    ring, accept, up, end, file = at
    return [
        (ring, ev.Offered(lawyer), "center"),
        (accept, ev.Accepted(), f"staff:{lawyer}"),
        (up, ev.MediaReported(PeerRole.KIOSK, MediaState.UP), "kiosk:K01"),
        (up, ev.MediaReported(PeerRole.STAFF, MediaState.UP), f"staff:{lawyer}"),
        (end, ev.HungUp(PeerRole.STAFF), f"staff:{lawyer}"),
        (file, ev.Filed(Outcome.ADVICE), f"staff:{lawyer}"),
    ]
