"""Liveness, the description of this interface, and the sockets."""

from aiohttp import web

from center import __version__, keys
from center.protocol.rest import Health
from center.realtime.connection import Connection
from center.realtime.hub import converse
from center.realtime.kiosk_socket import kiosk_conversation
from center.realtime.staff_socket import staff_conversation
from center.web.auth import session_of
from center.web.endpoint import Nothing
from center.web.openapi import document


async def read_health(request: web.Request, _: Nothing) -> Health:
    """Whether the center lives and its database answers."""
    seq = await request.app[keys.VIEWS].head_seq()
    return Health(status="ok", version=__version__, seq=seq)


async def read_openapi(request: web.Request, _: Nothing) -> web.StreamResponse:
    """This document."""
    return web.json_response(document(tuple(request.app[keys.ENDPOINTS].values())))


async def kiosk_socket(request: web.Request, _: Nothing) -> web.StreamResponse:
    """The socket of a kiosk's agent; it proves its key in the first frames."""
    connection = _connection(request, "kiosk")
    socket = await connection.open()
    await converse(connection, kiosk_conversation(request.app[keys.HUB], connection))
    return socket


async def staff_socket(request: web.Request, _: Nothing) -> web.StreamResponse:
    """The socket of a staff member's page."""
    session = session_of(request)
    connection = _connection(request, "staff")
    socket = await connection.open()
    await converse(connection, staff_conversation(request.app[keys.HUB], connection, session))
    return socket


def _connection(request: web.Request, kind: str) -> Connection:
    return Connection(request, kind, request.app[keys.SETTINGS].center.outbox_frames)
