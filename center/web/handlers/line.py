"""What a page or a kiosk measures its line against before a call."""

import secrets

from aiohttp import web
from pydantic import Field

from center import keys
from center.protocol.base import WireModel
from center.protocol.rest import Empty, LineView
from center.protocol.words import IceTransportPolicy
from center.realtime.ice import ice_servers
from center.web.auth import caller_of
from center.web.binding import read
from center.web.endpoint import Nothing

LINE_LIMIT = 512 * 1024
"""Most bytes of one transfer."""


class LineBytes(WireModel):
    """How much to send."""

    bytes: int = Field(ge=0, le=LINE_LIMIT)


async def read_line(request: web.Request, _: Nothing) -> LineView:
    """The relays to try, with credentials that end soon."""
    media, now = request.app[keys.SETTINGS].media, request.app[keys.CLOCK].now()
    policy = IceTransportPolicy.RELAY if media.relay_only else IceTransportPolicy.ALL
    servers = ice_servers(media, "line", caller_of(request), "", now)
    return LineView(ice_servers=servers, ice_transport_policy=policy)


async def send_line_bytes(_: web.Request, query: LineBytes) -> web.StreamResponse:
    """So many bytes that nothing on the way can compress."""
    headers = {"Cache-Control": "no-store"}
    body = secrets.token_bytes(query.bytes)
    return web.Response(body=body, content_type="application/octet-stream", headers=headers)


async def take_line_bytes(request: web.Request, _: Nothing) -> Empty:
    """Take bytes and forget them."""
    await read(request, LINE_LIMIT)
    return Empty()
