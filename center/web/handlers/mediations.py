"""Mediations: convening one, and those that a person has a seat in."""

from aiohttp import web

from center import keys
from center.protocol.mediation import MediationCreate, MediationList, MediationMade
from center.web.auth import session_of
from center.web.endpoint import Nothing


async def convene(request: web.Request, body: MediationCreate) -> MediationMade:
    """Make a mediation, for now or for a time; its people are invited over the socket."""
    staff_id = session_of(request).staff.staff_id
    return await request.app[keys.MEDIATIONS].convene(staff_id, body)


async def list_mediations(request: web.Request, _: Nothing) -> MediationList:
    """The caller's mediations, past ones too, newest first."""
    staff_id = session_of(request).staff.staff_id
    return await request.app[keys.MEDIATION_VIEWS].history(staff_id)
