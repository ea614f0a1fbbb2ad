"""Mediations on the sockets: acts in, views out."""

from center.protocol.mediation import (
    KioskMediationAct,
    MediationJoin,
    MediationPush,
    MediationsPush,
)
from center.realtime.registry import KioskLink, StaffLink
from center.services.mediation_views import MediationViews
from center.services.mediations import Mediations

ROW = "mediation"
"""Key under which each client's newest view is remembered."""


async def handle_at_kiosk(
    mediations: Mediations, kiosk_id: str, frame: MediationJoin | KioskMediationAct
) -> None:
    """One request of a kiosk, one service call."""
    match frame:
        case MediationJoin(number=number, code=code):
            await mediations.join(kiosk_id, number, code)
        case KioskMediationAct(mediation_id=mediation_id, act=act):
            await mediations.act_at_kiosk(kiosk_id, mediation_id, act)


async def push_to_kiosks(views: MediationViews, links: tuple[KioskLink, ...], seq: int) -> None:
    """Every kiosk's mediation, to those for whom it is another than they were told."""
    here = await views.at_kiosks()
    for link in links:
        frame = MediationPush(seq=seq, mediation=here.get(link.kiosk_id))
        link.connection.send_view(ROW, frame, frame.model_copy(update={"seq": 0}))


async def push_to_staff(
    views: MediationViews, staff_id: str, links: tuple[StaffLink, ...], seq: int
) -> None:
    """One person's mediations, to all their pages."""
    frame = MediationsPush(seq=seq, mediations=await views.of_staff(staff_id))
    for link in links:
        link.connection.send_view(ROW, frame, frame.model_copy(update={"seq": 0}))
