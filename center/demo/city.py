"""Fills a center with the demo city. Again is harmless: what is there stays as it is."""

from datetime import datetime

from center.demo.history import Chronicle
from center.demo.people import DEMO_PASSWORD, KIOSKS, STAFF
from center.protocol.rest import EnrolmentCode
from center.protocol.words import KioskStatus, Role
from center.services.accounts import StaffIdentity
from center.services.office import UsageQuery
from center.services.policy import Policy
from center.services.terminals import KioskIdentity
from center.store.unit_of_work import SqlWorks
from config.settings import Settings

__all__ = ["DEMO_PASSWORD", "KIOSKS", "STAFF", "DemoOnly", "enrolment_codes", "seed"]

ACTOR = "center"


class DemoOnly(RuntimeError):
    """The demo's people and passwords are published; a real center must not have them."""

    def __init__(self) -> None:
        super().__init__("the demo city is for demo mode only (JIUJIN_DEMO=true)")


async def seed(
    settings: Settings,
    works: SqlWorks,
    staff: StaffIdentity,
    kiosks: KioskIdentity,
    now: datetime,
) -> None:
    """Make the halls, the staff and some weeks of finished consultations, where missing.

    Raises:
        DemoOnly: not in demo mode; nothing was written.
    """
    if not settings.demo:
        raise DemoOnly
    async with works() as work:
        usernames = {account.username for account in await work.accounts.all()}
        kiosk_ids = {terminal.kiosk_id for terminal in await work.terminals.all()}
    for member in STAFF:
        if member.username not in usernames:
            await staff.create_staff(ACTOR, member)
    for kiosk in KIOSKS:
        if kiosk.kiosk_id not in kiosk_ids:
            await kiosks.create_kiosk(ACTOR, kiosk)
    await _tell_history(works, Policy.of(settings.center), now)


async def enrolment_codes(works: SqlWorks, kiosks: KioskIdentity) -> tuple[EnrolmentCode, ...]:
    """A fresh code for every kiosk that was never enrolled; earlier codes are void."""
    async with works() as work:
        terminals = await work.terminals.all()
    pending = [t.kiosk_id for t in terminals if t.kiosk.status is KioskStatus.PENDING]
    return tuple([await kiosks.issue_code(ACTOR, kiosk_id) for kiosk_id in pending])


async def _tell_history(works: SqlWorks, policy: Policy, now: datetime) -> None:
    """In one commit: a seed that was cut off is simply run again."""
    lawyers = tuple(member for member in STAFF if member.role in (Role.LAWYER, Role.MEDIATOR))
    async with works() as work:
        if await work.usage.count(UsageQuery()):
            return
        chronicle = Chronicle(policy, KIOSKS, lawyers)
        chronicle.write(now)
        await work.events.import_entries(chronicle.entries)
        for consultation in chronicle.consultations:
            await work.consultations.next_number(policy.day(consultation.requested_at))
            await work.consultations.save(consultation, 0)
        for duty in chronicle.duties.values():
            await work.duties.save(duty, 0)
        await work.commit()
