"""Who is who and who is there: names of peers for the other side of a room, people on duty."""

from collections.abc import Iterable

from center.domain.duty import Duty
from center.domain.records import Staff
from center.domain.rooms import Member
from center.protocol.words import PeerRole
from center.services.ports import UnitOfWork, UnitOfWorkFactory


class Directory:
    """Looks names up where kiosks and staff are kept."""

    def __init__(self, uow: UnitOfWorkFactory) -> None:
        self._uow = uow

    async def names(self, members: Iterable[Member]) -> dict[str, str]:
        """The hall of a kiosk, the name of a person, by peer id.

        Raises:
            NotFound: a peer is no longer known.
        """
        async with self._uow() as uow:
            return {member.peer_id: await _name(uow, member) for member in members}


async def on_duty(uow: UnitOfWork) -> tuple[tuple[Staff, Duty], ...]:
    """Everybody on duty who talks with residents, by id."""
    people = {staff.staff_id: staff for staff in await uow.staff.all()}
    return tuple(
        (people[duty.staff_id], duty)
        for duty in await uow.duties.all_on()
        if duty.staff_id in people and people[duty.staff_id].answers
    )


async def _name(uow: UnitOfWork, member: Member) -> str:
    key = member.peer_id.partition(":")[2]
    if member.role is PeerRole.KIOSK:
        return (await uow.kiosks.get(key)).hall
    return (await uow.staff.get(key)).name
