"""Mediations: convening one, and those that a person has a seat in."""

from aiohttp import web

from center import keys
from center.protocol.mediation import (
    AgreementAsk,
    AgreementSealed,
    MediationCreate,
    MediationList,
    MediationMade,
)
from center.protocol.quality import MediationQuality
from center.web.auth import kiosk_of, session_of
from center.web.endpoint import OFFICE, Caller, Nothing


async def convene(request: web.Request, body: MediationCreate) -> MediationMade:
    """Make a mediation, for now or for a time; its people are invited over the socket."""
    staff_id = session_of(request).staff.staff_id
    return await request.app[keys.MEDIATIONS].convene(staff_id, body)


async def list_mediations(request: web.Request, _: Nothing) -> MediationList:
    """The caller's mediations, past ones too, newest first."""
    staff_id = session_of(request).staff.staff_id
    return await request.app[keys.MEDIATION_VIEWS].history(staff_id)


async def seal(request: web.Request, _: Nothing) -> AgreementSealed:
    """Conclude the agreement: every party has signed it, the center seals it."""
    staff_id = session_of(request).staff.staff_id
    return await request.app[keys.AGREEMENTS].seal(staff_id, request.match_info["mediation_id"])


async def read_quality(request: web.Request, _: Nothing) -> MediationQuality:
    """How good the lines of each seat were, for whoever of the center has one, and the office."""
    staff, mediation_id = session_of(request).staff, request.match_info["mediation_id"]
    staff_id = None if Caller(staff.role.value) in OFFICE else staff.staff_id
    return await request.app[keys.QUALITY].of_mediation(mediation_id, staff_id)


async def read_agreement(request: web.Request, _: Nothing) -> web.StreamResponse:
    """The sealed agreement, for whoever of the center has a seat; the reading is audited."""
    staff_id, mediation_id = session_of(request).staff.staff_id, request.match_info["mediation_id"]
    return _pdf(await request.app[keys.AGREEMENTS].document(staff_id, mediation_id), mediation_id)


async def read_copy(request: web.Request, body: AgreementAsk) -> web.StreamResponse:
    """A party's copy of the agreement, for what stands on their slip; the reading is audited."""
    return _pdf(await request.app[keys.AGREEMENTS].copy(kiosk_of(request), body), body.number)


def _pdf(data: bytes, name: str) -> web.Response:
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="{name}.pdf"',
    }
    return web.Response(body=data, content_type="application/pdf", headers=headers)
