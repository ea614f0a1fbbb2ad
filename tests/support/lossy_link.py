"""A line between two peers in user space, since this kernel has no `tc netem`: loss and delay.

Each side is told the link's address in place of the other's, so nothing passes by it.
"""

import asyncio
import random
import re
from dataclasses import dataclass, field
from functools import partial
from typing import cast

Address = tuple[str, int]
_CANDIDATE = re.compile(r"a=candidate:(\S+) 1 udp (\d+) (\S+) (\d+) typ host.*\r\n")


@dataclass(slots=True)
class Line:
    """How bad it is, which may change at any time; RTP and RTCP get lost, the set-up does not."""

    loss: float = 0.0
    delay_s: float = 0.0
    dice: random.Random = field(default_factory=lambda: random.Random(1))
    lost: list[bytes] = field(default_factory=list)
    passed: list[bytes] = field(default_factory=list)

    def takes(self, data: bytes) -> bool:
        """Whether this datagram arrives."""
        if not 127 < data[0] < 192:
            return True
        if self.dice.random() < self.loss:
            self.lost.append(data)
            return False
        self.passed.append(data)
        return True


class _End(asyncio.DatagramProtocol):
    """One socket of the link: what comes in here goes out of the other."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.other: _End
        self.peer: Address | None = None
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self.peer = addr
        if self._line.takes(data):
            loop = asyncio.get_running_loop()
            loop.call_later(self._line.delay_s, self.other.send, data)

    def send(self, data: bytes) -> None:
        if self.peer and not self.transport.is_closing():
            self.transport.sendto(data, self.peer)


class LossyLink:
    """Between an offering and an answering peer; `there` is the way of the media."""

    def __init__(self, there: Line, back: Line | None = None) -> None:
        self.there, self.back = there, back or Line()
        self._ends: list[_End] = []

    async def open(self) -> None:
        """Bind both sockets."""
        loop = asyncio.get_running_loop()
        for line in (self.there, self.back):
            _, end = await loop.create_datagram_endpoint(
                partial(_End, line), local_addr=("127.0.0.1", 0)
            )
            self._ends.append(end)
        self._ends[0].other, self._ends[1].other = self._ends[1], self._ends[0]

    def close(self) -> None:
        """Let nothing pass any more."""
        for end in self._ends:
            end.transport.close()

    def offer(self, sdp: str) -> str:
        """The offer as the answering side should see it."""
        return self._through(sdp, self._ends[1], self._ends[0])

    def answer(self, sdp: str) -> str:
        """The answer as the offering side should see it."""
        return self._through(sdp, self._ends[0], self._ends[1])

    def _through(self, sdp: str, shown: _End, towards: _End) -> str:
        host, port = shown.transport.get_extra_info("sockname")
        ports = [m for m in _CANDIDATE.finditer(sdp) if m[3] == "127.0.0.1"]
        towards.peer = towards.peer or ("127.0.0.1", int(ports[0][4]))
        first = ports[0][1]
        return _CANDIDATE.sub(
            lambda m: (
                f"a=candidate:{m[1]} 1 udp {m[2]} {host} {port} typ host\r\n"
                if m[1] == first
                else ""
            ),
            sdp,
        )
