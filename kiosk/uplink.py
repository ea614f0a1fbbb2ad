"""Connections that hold little back: what waits in the kernel cannot give way to anything."""

import socket

from aiohttp import AddrInfoType, TCPConnector

UNSENT = 16 * 1024
"""Bytes of one connection that wait to be sent; a thin line takes a fifth of a second for them."""


def connector() -> TCPConnector:
    """For everything the agent says to the center."""
    return TCPConnector(socket_factory=_socket)


def lean(made: socket.socket) -> socket.socket:
    """The same socket, not blocking, with little unsent."""
    made.setblocking(False)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
    return made


def _socket(info: AddrInfoType) -> socket.socket:
    return lean(socket.socket(*info[:3]))
