"""Connections for a thin line: they hold little back, since what waits in the kernel cannot give
way to anything, and do not take a lost packet for a full line, where the kernel lets them."""

import socket
from contextlib import suppress

from aiohttp import AddrInfoType, TCPConnector

UNSENT = 16 * 1024
"""Bytes of one connection that wait to be sent; a thin line takes a fifth of a second for them."""

LOSS_TOLERANT = b"bbr"
"""Needs the kernel's `tcp_bbr`, and to be among `net.ipv4.tcp_allowed_congestion_control`."""


def connector() -> TCPConnector:
    """For everything the agent says to the center."""
    return TCPConnector(socket_factory=_socket)


def lean(made: socket.socket) -> socket.socket:
    """The same socket, not blocking, set for a thin line."""
    made.setblocking(False)
    with suppress(OSError):
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, LOSS_TOLERANT)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
    return made


def _socket(info: AddrInfoType) -> socket.socket:
    return lean(socket.socket(*info[:3]))
