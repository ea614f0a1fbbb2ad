"""The fleet: setting up, enrolling, revoking."""

from aiohttp import web

from center import keys
from center.protocol.rest import (
    Enrol,
    Enrolled,
    EnrolmentCode,
    KioskCreate,
    KioskList,
)
from center.protocol.views import KioskView
from center.web.auth import actor_of
from center.web.endpoint import Nothing


async def list_kiosks(request: web.Request, _: Nothing) -> KioskList:
    """All kiosks with their health."""
    return KioskList(kiosks=await request.app[keys.FLEET].views())


async def create_kiosk(request: web.Request, body: KioskCreate) -> EnrolmentCode:
    """Set a kiosk up; the answer holds its one-time code."""
    return await request.app[keys.IDENTITY].create_kiosk(actor_of(request), body)


async def issue_code(request: web.Request, _: Nothing) -> EnrolmentCode:
    """A fresh one-time code; the kiosk's present key stays good until the code is used."""
    kiosk_id = request.match_info["kiosk_id"]
    return await request.app[keys.IDENTITY].issue_code(actor_of(request), kiosk_id)


async def revoke_kiosk(request: web.Request, _: Nothing) -> KioskView:
    """Cut a kiosk off at once; its running consultation ends."""
    kiosk_id = request.match_info["kiosk_id"]
    changes = await request.app[keys.IDENTITY].revoke(actor_of(request), kiosk_id)
    await request.app[keys.HUB].publish(changes)
    await request.app[keys.CALLS].end_for_revoked(kiosk_id)
    await request.app[keys.MEDIATIONS].end_for_revoked(kiosk_id)
    return await request.app[keys.FLEET].view(kiosk_id)


async def enrol_kiosk(request: web.Request, body: Enrol) -> Enrolled:
    """Enrol a kiosk with its one-time code and the public key it just made."""
    return await request.app[keys.IDENTITY].enrol(body)
