"""Who is who and who is there: names of peers for the other side of a room, people on duty."""

from collections.abc import Iterable
from dataclasses import dataclass

from center.domain.duty import Duty
from center.domain.records import Staff
from center.domain.rooms import Member
from center.protocol.words import PeerRole
from center.services.ports import UnitOfWork, UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class Entry:
    """A peer: the hall of a kiosk or the name of a person, and the township or office it is in. A
    recorder is called "recording"; screens say it in their own words."""

    name: str
    place: str


class Directory:
    """Looks peers up where kiosks and staff are kept."""

    def __init__(self, uow: UnitOfWorkFactory) -> None:
        self._uow = uow

    async def entries(self, members: Iterable[Member]) -> dict[str, Entry]:
        """Who the members are, by peer id.

        Raises:
            NotFound: a peer is no longer known.
        """
        async with self._uow() as uow:
            return {member.peer_id: await entry_of(uow, member) for member in members}


async def on_duty(uow: UnitOfWork) -> tuple[tuple[Staff, Duty], ...]:
    """Everybody on duty who talks with residents, by id."""
    people = {staff.staff_id: staff for staff in await uow.staff.all()}
    return tuple(
        (people[duty.staff_id], duty)
        for duty in await uow.duties.all_on()
        if duty.staff_id in people and people[duty.staff_id].answers
    )


async def entry_of(uow: UnitOfWork, member: Member) -> Entry:
    """Who the member is. Raises NotFound."""
    if member.role is PeerRole.RECORDER:
        return Entry("recording", "")
    if member.role is PeerRole.ENGINE:
        return Entry("engine", "")
    key = member.peer_id.partition(":")[2]
    if member.role is PeerRole.KIOSK:
        kiosk = await uow.kiosks.get(key)
        return Entry(kiosk.hall, kiosk.township)
    staff = await uow.staff.get(key)
    return Entry(staff.name, staff.office)
