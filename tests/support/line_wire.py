"""The emulated line itself: a user-space bridge between two network interfaces.

It needs no `tc netem`. Whole Ethernet frames are taken off one interface by a packet socket
and put on the other when their `Way` says so; UDP, TCP and WebSockets all pass through it.
"""

import asyncio
import ctypes
import fcntl
import socket
import struct
from contextlib import suppress

from tests.support.line import PERFECT, Condition, Way

ETH_P_ALL = 0x0003
SOL_PACKET = 263
PACKET_IGNORE_OUTGOING = 23
FRAMES_AT_ONCE = 32
LARGEST_FRAME = 65_536
SIOCETHTOOL = 0x8946
OFFLOADS = (0x17, 0x1F, 0x25, 0x2B)
"""ETHTOOL_STXCSUM, STSO, SGSO and SGRO of linux/ethtool.h."""


class Wire:
    """Carries frames both ways between interface `near` and interface `far`."""

    def __init__(self, near: str, far: str, seed: int = 1) -> None:
        self.out, self.back = Way(seed), Way(seed + 1)
        self._names = near, far
        self._sockets: list[socket.socket] = []

    def open(self) -> None:
        """Begin to carry. Needs the right to open packet sockets (root)."""
        self._sockets = near, far = [_packet_socket(name) for name in self._names]
        loop = asyncio.get_running_loop()
        loop.add_reader(near, self._carry, near, far, self.out)
        loop.add_reader(far, self._carry, far, near, self.back)

    def close(self) -> None:
        """Carry nothing any more."""
        loop = asyncio.get_running_loop()
        for end in self._sockets:
            loop.remove_reader(end)
            end.close()

    def set(self, condition: Condition) -> None:
        """The same for both directions, from now on."""
        self.out.condition = self.back.condition = condition

    def mend(self) -> None:
        """A perfect line again."""
        self.set(PERFECT)

    def _carry(self, end: socket.socket, other: socket.socket, way: Way) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(FRAMES_AT_ONCE):
            try:
                frame = end.recv(LARGEST_FRAME)
            except OSError:  # nothing more for now, or the interface is down
                return
            arrival = way.arrival(len(frame), loop.time())
            if arrival is not None:
                loop.call_at(arrival, _put, other, frame)


def _put(end: socket.socket, frame: bytes) -> None:
    with suppress(OSError):  # an interface that is down or overrun loses the frame, as a cable does
        end.send(frame)


def _packet_socket(interface: str) -> socket.socket:
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    end.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    end.bind((interface, 0))
    end.setblocking(False)
    return end


def no_offloads(interface: str, control: socket.socket) -> None:
    """Let the kernel finish each packet that leaves here: frames of the size of the line, with
    their checksums. `control` is any socket of the interface's namespace."""
    for command in OFFLOADS:
        value = ctypes.create_string_buffer(struct.pack("II", command, 0))
        request = struct.pack("16sP", interface.encode(), ctypes.addressof(value))
        fcntl.ioctl(control, SIOCETHTOOL, request)
