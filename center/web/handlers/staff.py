"""Accounts and the audit log."""

from contextlib import suppress

from aiohttp import web
from pydantic import Field

from center import keys
from center.domain.errors import Forbidden
from center.protocol.base import WireModel
from center.protocol.rest import (
    AuditPage,
    ColleagueList,
    StaffCreate,
    StaffList,
    StaffPatch,
    StaffRow,
)
from center.protocol.words import DutyState
from center.web.auth import actor_of, session_of
from center.web.endpoint import Nothing


class AuditQuery(WireModel):
    """A page of the audit log, newest first."""

    after: str | None = Field(default=None, max_length=64)
    limit: int = Field(default=100, ge=1, le=500)


async def list_colleagues(request: web.Request, _: Nothing) -> ColleagueList:
    """Who is on duty beside the asker, to hand a resident on to."""
    return await request.app[keys.VIEWS].colleagues(session_of(request).staff.staff_id)


async def list_staff(request: web.Request, _: Nothing) -> StaffList:
    """All accounts."""
    return StaffList(staff=await request.app[keys.IDENTITY].list_staff())


async def create_staff(request: web.Request, body: StaffCreate) -> StaffRow:
    """Make an account."""
    return await request.app[keys.IDENTITY].create_staff(actor_of(request), body)


async def change_staff(request: web.Request, body: StaffPatch) -> StaffRow:
    """Disable or enable an account, or set its password. Its sessions end; disabled, its duty."""
    staff_id = request.match_info["staff_id"]
    row = await request.app[keys.IDENTITY].patch_staff(actor_of(request), staff_id, body)
    hub = request.app[keys.HUB]
    if body.disabled:
        # Whoever takes no calls was never on duty.
        with suppress(Forbidden):
            await hub.services.duty.set(staff_id, DutyState.OFF)
    hub.sign_out(staff_id)
    return row


async def read_audit(request: web.Request, query: AuditQuery) -> AuditPage:
    """Who looked at or changed what, newest first."""
    return await request.app[keys.AUDIT].page(query.after, query.limit)
