"""Names of peers, as the other side of a room shows them."""

from collections.abc import Iterable

from center.protocol.words import PeerRole
from center.services.ports import UnitOfWork, UnitOfWorkFactory


def role_of(peer_id: str) -> PeerRole:
    """What kind of endpoint a peer id such as `kiosk:K01` or `staff:jin` names."""
    return PeerRole(peer_id.partition(":")[0])


class Directory:
    """Looks names up where kiosks and staff are kept."""

    def __init__(self, uow: UnitOfWorkFactory) -> None:
        self._uow = uow

    async def names(self, peer_ids: Iterable[str]) -> dict[str, str]:
        """The hall of a kiosk, the name of a person, by peer id.

        Raises:
            NotFound: a peer is no longer known.
        """
        async with self._uow() as uow:
            return {peer_id: await _name(uow, peer_id) for peer_id in peer_ids}


async def _name(uow: UnitOfWork, peer_id: str) -> str:
    key = peer_id.partition(":")[2]
    if role_of(peer_id) is PeerRole.KIOSK:
        return (await uow.kiosks.get(key)).hall
    return (await uow.staff.get(key)).name
