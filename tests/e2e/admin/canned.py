"""A believable day for the admin's pages, valid by the contract, the same at every run."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from center.demo.people import KIOSKS
from center.protocol import frames, rest, staff_wire, views
from center.protocol.words import (
    CameraStatus,
    ConsultationState,
    EndCause,
    KioskStatus,
    Language,
    Matter,
    Outcome,
    Role,
    Urgency,
)

LAWYERS = ("金明淑", "李建国", "王芳")
State = ConsultationState


def now() -> datetime:
    """The fake's clock is the machine's."""
    return datetime.now(UTC)


def ago(seconds: float) -> datetime:
    return now() - timedelta(seconds=seconds)


def session(role: Role) -> rest.Session:
    name = {Role.ADMIN: "管理员", Role.SUPERVISOR: "赵丽", Role.LAWYER: "金明淑"}[role]
    return rest.Session(staff=_staff(role.value, name, role), expires_at=ago(-9000), demo=True)


def _staff(staff_id: str, name: str, role: Role) -> views.StaffView:
    return views.StaffView(
        staff_id=staff_id,
        name=name,
        office="市公共法律服务中心",
        role=role,
        languages=(Language.ZH, Language.KO),
        townships=("公园街道",),
        skills=(Matter.LABOUR, Matter.DEBT),
    )


def accounts() -> tuple[rest.StaffRow, ...]:
    people = (
        ("jin", LAWYERS[0], Role.LAWYER),
        ("li", LAWYERS[1], Role.LAWYER),
        ("wang", LAWYERS[2], Role.LAWYER),
        ("piao", "朴成哲", Role.MEDIATOR),
        ("zhao", "赵丽", Role.SUPERVISOR),
        ("admin", "管理员", Role.ADMIN),
    )
    return tuple(
        rest.StaffRow(
            staff=_staff(username, name, role),
            username=username,
            disabled=username == "wang",
            last_login_at=None if username == "piao" else ago(3600 * (index + 1)),
        )
        for index, (username, name, role) in enumerate(people)
    )


def fleet() -> tuple[views.KioskView, ...]:
    """Twelve kiosks: one offline, one without picture, one with a fast clock, two talking."""
    return tuple(_kiosk(index) for index in range(len(KIOSKS)))


def _kiosk(index: int) -> views.KioskView:
    kiosk, offline = KIOSKS[index], index == 4
    talking = {0: "YJ-20261122-0041", 7: "YJ-20261122-0043"}.get(index)
    health = views.KioskHealth(
        camera=CameraStatus.UNPLUGGED if index == 9 else CameraStatus.OK,
        page_alive=True,
        disk_free_mb=1536 if index == 6 else 48_120 + 733 * index,
        spool_pages=37 if offline else 0,
        cpu_percent=8 + index,
        memory_percent=41,
        uptime_s=312_000 + index * 977,
        version="0.1.0",
    )
    return views.KioskView(
        kiosk_id=kiosk.kiosk_id,
        township=kiosk.township,
        hall=kiosk.hall,
        hall_phone=kiosk.hall_phone,
        languages=kiosk.languages,
        status=KioskStatus.PENDING if index == 11 else KioskStatus.ENROLLED,
        online=not offline and index != 11,
        last_seen_at=None if index == 11 else ago(5400 if offline else 4),
        clock_skew_s=None if index == 11 else 42.3 if index == 2 else 0.4,
        health=None if index == 11 else health,
        consultation_number=talking,
    )


def day(count: int) -> tuple[rest.UsageRow, ...]:
    """`count` consultations, newest first, the last minutes still running."""
    return tuple(_rows(count, Random(7)))


def _rows(count: int, chance: Random) -> Iterator[rest.UsageRow]:
    for index in range(count):
        kiosk = KIOSKS[chance.randrange(11)]
        state = (State.ACTIVE, State.WAITING)[index] if index < 2 else _ending(chance)
        talked = state in {State.CLOSED, State.ACTIVE}
        yield rest.UsageRow(
            consultation_id=f"c-{count - index}",
            number=f"YJ-20261122-{count - index:04}",
            state=state,
            kiosk_id=kiosk.kiosk_id,
            township=kiosk.township,
            hall=kiosk.hall,
            language=chance.choice((Language.ZH, Language.ZH, Language.KO)),
            matter=chance.choice(tuple(Matter)),
            urgency=Urgency.NORMAL,
            requested_at=ago(60 + index * 190),
            lawyer=chance.choice(LAWYERS) if talked else None,
            wait_s=None if state is State.WAITING else chance.choice((6, 9, 12, 48, 200)),
            talk_s=chance.randrange(90, 1900) if state is State.CLOSED else None,
            offers=1 + chance.randrange(2),
            pages=chance.randrange(5),
            outcome=chance.choice(tuple(Outcome)) if state is State.CLOSED else None,
            cause=EndCause.RESIDENT_HUNG_UP if state is State.CLOSED else None,
            rating=chance.choice((5, 5, 5, 4, 4, 3, 1 if index % 3 == 0 else 5, None))
            if state is State.CLOSED
            else None,
        )


def _ending(chance: Random) -> ConsultationState:
    return chance.choice((State.CLOSED,) * 9 + (State.LEFT, State.MESSAGE))


def summary(rows: tuple[rest.UsageRow, ...], scale: int = 1) -> rest.Summary:
    """Figures of these rows; `scale` makes large ones, to see whether they fit."""
    ratings = [row.rating for row in rows if row.rating]
    hours = [row.requested_at.astimezone().hour for row in rows]
    return rest.Summary(
        day=now().astimezone().date(),
        requested=len(rows) * scale,
        connected=sum(row.talk_s is not None for row in rows) * scale,
        abandoned=sum(row.state is State.LEFT for row in rows) * scale,
        waiting_now=2,
        talking_now=2,
        lawyers_on_duty=3,
        answered_within_15_s=sum((row.wait_s or 99) <= 15 for row in rows) * scale,
        mean_wait_s=38.4 * scale,
        mean_talk_s=741.2 * scale,
        mean_rating=sum(ratings) / len(ratings) if ratings else None,
        dissatisfied=sum(score <= 2 for score in ratings) * scale,
        normal_requested=41.5 * scale if rows else None,
        normal_mean_wait_s=52.0 * scale if rows else None,
        by_hour=tuple(hours.count(hour) * scale for hour in range(24)),
    )


def detail(row: rest.UsageRow) -> rest.UsageDetail:
    """One consultation that was declined once, interrupted once, and filed."""
    story: tuple[tuple[float, str, str, dict[str, object]], ...] = (
        (0, "requested", f"kiosk:{row.kiosk_id}", {"language": row.language}),
        (2, "offered", "center", {"staff_id": "li"}),
        (14, "declined", "staff:li", {}),
        (15, "offered", "center", {"staff_id": "jin"}),
        (38, "accepted", "staff:jin", {}),
        (40, "media_reported", f"kiosk:{row.kiosk_id}", {"side": "kiosk", "state": "up"}),
        (41, "media_reported", "staff:jin", {"side": "staff", "state": "up"}),
        (130, "page_added", f"kiosk:{row.kiosk_id}", {"position": 1, "sha256": "0" * 64}),
        (300, "media_reported", "staff:jin", {"side": "staff", "state": "lost"}),
        (334, "media_reported", "staff:jin", {"side": "staff", "state": "up"}),
        (620, "hung_up", f"kiosk:{row.kiosk_id}", {"by": "kiosk"}),
        (629, "rated", f"kiosk:{row.kiosk_id}", {"score": 5}),
        (761, "filed", "staff:jin", {"outcome": "legal_aid"}),
    )
    events = tuple(
        views.EventView(
            seq=900 + index,
            stream=f"consultation:{row.consultation_id}",
            version=index + 1,
            type=kind,
            at=row.requested_at + timedelta(seconds=after),
            actor=actor,
            data=data,
        )
        for index, (after, kind, actor, data) in enumerate(story)
    )
    return rest.UsageDetail(row=row, pages=(), events=events)


def audit() -> tuple[rest.AuditRow, ...]:
    told = (
        ("staff:jin", "read.page.clean", "c-41", "page 2"),
        ("staff:admin", "staff.change", "wang", "disabled"),
        ("anonymous", "session.attempt", "li", ""),
        ("staff:admin", "kiosk.code", "K12", ""),
        ("center", "retention.delete", "", "31 consultations"),
        ("staff:admin", "session.begin", "", ""),
    )
    return tuple(
        rest.AuditRow(
            at=ago(90 + index * 700), actor=actor, action=action, subject=subject, detail=said
        )
        for index, (actor, action, subject, said) in enumerate(told)
    )


def pushes(scale: int = 1) -> tuple[frames.HallPush, staff_wire.QueuePush]:
    """What the socket says after its welcome: two wait, one of them for long."""
    hall = views.HallView(
        lawyers_on_duty=3, lawyers_free=1, waiting=2 * scale, estimate_s=50, next_answer_at=None
    )
    rows = tuple(
        views.WaitingRow(
            consultation_id=f"w-{index}",
            number=f"YJ-20261122-{44 + index:04}",
            state=State.WAITING,
            language=Language.KO,
            matter=Matter.LABOUR,
            urgency=Urgency.NORMAL,
            called_as="不可显示",
            kiosk_id=KIOSKS[index].kiosk_id,
            township=KIOSKS[index].township,
            hall=KIOSKS[index].hall,
            requested_at=ago(waited),
            pages=0,
            offered_to=None,
        )
        for index, waited in enumerate((412, 20))
    )
    return frames.HallPush(seq=2, hall=hall), staff_wire.QueuePush(seq=3, rows=rows, messages=())
