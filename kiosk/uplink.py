"""Connections for a thin line: they hold little back, since what waits to be sent cannot give way
to anything, and do not take a lost packet for a full line, where the kernel lets them."""

import asyncio
import os
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

from aiohttp import AddrInfoType, ClientSession, TCPConnector

UNSENT = 8 * 1024
"""Bytes of one connection that wait to be sent; a thin line takes a tenth of a second for them."""

PIECE = 4 * 1024
"""Bytes of a picture that are written at a time."""

FASTER = 1.25
"""Of what the line takes of a large picture; a little more, because that waits meanwhile."""

FRESH_S = 5.0
"""How long that is believed."""

APART_MOST_S = 0.2
"""From one piece to the next at most: what was delivered across a cut looks like a line of nearly
nothing."""

_DELIVERY = struct.Struct("24xI132xQ")
"""Of Linux' `tcp_info`: packets under way, and what is delivered, bytes a second."""

LOSS_TOLERANT = b"bbr"
"""Needs the kernel's `tcp_bbr`, and to be among `net.ipv4.tcp_allowed_congestion_control`."""

DEAD_S = 10
"""A connection of which nothing has arrived for so long is given up: another one goes on where it
was, and need not wait until the old one, whose pauses grow, tries again."""

IDLE_S = 300.0
"""How long a connection stays open for the next page: to open one takes a thin line a second."""

OpenSocket = Callable[[AddrInfoType], socket.socket]


@dataclass(frozen=True, slots=True)
class Uplink:
    """`http` is for what somebody waits for, and has `pace` for pictures. `freight` is one
    connection, for large pictures; it has `room` as soon as hardly anything waits to be sent."""

    http: ClientSession
    freight: ClientSession
    pace: Callable[[], Awaitable[object]]
    room: Callable[[], Awaitable[object]]


def _socket(info: AddrInfoType) -> socket.socket:
    return socket.socket(*info[:3])


def _connector(open_socket: OpenSocket, most: int = 100) -> TCPConnector:
    # One attempt after the other: the newest socket is the one that is connected.
    return TCPConnector(
        limit=most,
        happy_eyeballs_delay=None,
        keepalive_timeout=IDLE_S,
        socket_factory=open_socket,
    )


@asynccontextmanager
async def uplink(open_socket: OpenSocket = _socket) -> AsyncIterator[Uplink]:
    """For everything the agent says to the center."""
    freight = Freight(open_socket)
    async with AsyncExitStack() as stack:
        express = _connector(lambda info: lean(open_socket(info)))
        http = await stack.enter_async_context(ClientSession(connector=express))
        large = await stack.enter_async_context(ClientSession(connector=freight.connector()))
        yield Uplink(http, large, Pace(freight.rate).turn, freight.room)


def lean(made: socket.socket) -> socket.socket:
    """The same socket, not blocking, set for a thin line."""
    made.setblocking(False)
    with suppress(OSError):
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, LOSS_TOLERANT)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_S * 1000)
    return made


class Freight:
    """One connection at a time, whose socket is at hand.

    Of what is written the kernel takes `UNSENT` and the event loop 64 KiB more, a second of a thin
    line, whatever a writer waits for; so who writes asks the kernel itself.
    """

    def __init__(self, open_socket: OpenSocket = _socket) -> None:
        self._open = open_socket
        self._newest: socket.socket | None = None

    def connector(self) -> TCPConnector:
        """Opens one connection, and another one when that is gone."""
        return _connector(self._made, most=1)

    def rate(self) -> float | None:
        """What the line takes of what is under way, bytes a second; None while nothing is."""
        if self._newest is None or self._newest.fileno() < 0:
            return None
        told = self._newest.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _DELIVERY.size)
        under_way, delivered = _DELIVERY.unpack(told)
        return float(delivered) if under_way else None

    async def room(self) -> None:
        """Until the connection has little left to send, or is no more."""
        if self._newest is None or self._newest.fileno() < 0:
            return
        loop = asyncio.get_running_loop()
        free = asyncio.Event()
        # The transport has the descriptor itself; it may be watched under another number.
        descriptor = os.dup(self._newest.fileno())
        loop.add_writer(descriptor, free.set)
        try:
            await free.wait()
        finally:
            loop.remove_writer(descriptor)
            os.close(descriptor)

    def _made(self, info: AddrInfoType) -> socket.socket:
        self._newest = lean(self._open(info))
        return self._newest


class Pace:
    """Beside a large picture, whose packets fill the line, a small one is written no faster than
    the line takes it. A connection that has just been quiet writes all it has at once, and what
    the line has no place for is lost and comes a second later."""

    def __init__(self, rate: Callable[[], float | None]) -> None:
        """`rate`: bytes a second that the line takes of other things; None while there are none."""
        self._ask = rate
        self._rate, self._asked_at, self._free_at = 0.0, -FRESH_S, 0.0

    async def turn(self) -> None:
        """Until another `PIECE` may be written."""
        now = asyncio.get_running_loop().time()
        if rate := self._ask():
            self._rate, self._asked_at = rate, now
        if now - self._asked_at >= FRESH_S:
            return
        begin = max(now, self._free_at)
        self._free_at = begin + min(APART_MOST_S, PIECE / (self._rate * FASTER))
        await asyncio.sleep(begin - now)
