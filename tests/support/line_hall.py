"""A township hall behind a line of its own: a network namespace whose only way out is a `Wire`.

The test's own namespace is the office: it has `office` as an address on the line. The hall's only
address on it is `address`, until it is changed. Processes are put into the hall by `prefix`.
"""

import asyncio
import ctypes
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import randbelow, token_hex

import aiohttp
from aiohttp import AddrInfoType

from tests.support.line_wire import Wire, no_offloads

_libc = ctypes.CDLL(None, use_errno=True)
INSIDE, OFFICE = "02:00:00:00:00:02", "02:00:00:00:00:01"
"""MAC addresses; known beforehand, so that no ARP is needed that a cut could spoil."""


@dataclass(slots=True)
class Hall:
    """A namespace and its line."""

    name: str
    wire: Wire
    network: str
    host: int = 2

    @property
    def prefix(self) -> tuple[str, ...]:
        """Command line that runs what follows it in the hall."""
        return ("nsenter", f"--net=/run/netns/{self.name}")

    @property
    def office(self) -> str:
        """The office's address on the line."""
        return f"{self.network}.1"

    @property
    def address(self) -> str:
        """The hall's own address on the line."""
        return f"{self.network}.{self.host}"

    def executable(self, folder: Path, program: str) -> Path:
        """A script in `folder` that runs `program` in the hall."""
        script = folder / f"{Path(program).name}-{self.name}"
        script.write_text(f'#!/bin/sh\nexec {" ".join(self.prefix)} {program} "$@"\n')
        script.chmod(0o755)
        return script

    def connector(self) -> aiohttp.TCPConnector:
        """For HTTP to what listens on the hall's own loopback."""
        return aiohttp.TCPConnector(socket_factory=self.open_socket)

    def change_address(self) -> None:
        """The address goes away with its route and another comes: from Wi-Fi to cable."""
        ip = f"ip -n {self.name}"
        _run(f"{ip} address del {self.address}/24 dev line")
        self.host += 1
        _run(f"{ip} address add {self.address}/24 dev line")
        _run(f"{ip} route add default via {self.office}")
        _run(f"ip neigh replace {self.address} lladdr {INSIDE} dev office{self._number}")

    @property
    def _number(self) -> str:
        return self.name.removeprefix("hall")

    def open_socket(self, info: AddrInfoType) -> socket.socket:
        """One whose packets go from the hall."""
        with _inside(self.name):
            made = socket.socket(info[0], info[1], info[2])
        made.setblocking(False)
        return made


@asynccontextmanager
async def hall() -> AsyncIterator[Hall]:
    """A hall with a perfect line, until the block ends. Needs root.

    Raises:
        subprocess.CalledProcessError: the kernel or the rights do not allow namespaces.
    """
    number = token_hex(4)
    made = Hall(f"hall{number}", Wire(f"near{number}", f"far{number}"), _network())
    try:
        await asyncio.to_thread(_lay, made, number)
        made.wire.open()
        yield made
    finally:
        made.wire.close()
        _take_away(made.name, number)


def _network() -> str:
    """A private /24, drawn, so that two runs do not share one."""
    return f"10.{20 + randbelow(200)}.{randbelow(250)}"


def _lay(made: Hall, number: str) -> None:
    name, near, far, office = made.name, f"near{number}", f"far{number}", f"office{number}"
    for command in (
        f"ip netns add {name}",
        f"ip link add {near} type veth peer name line address {INSIDE} netns {name}",
        f"ip link add {far} type veth peer name {office} address {OFFICE}",
        f"ip -n {name} link set lo up",
        # Without IPv6 nothing is on the line but what is put there.
        f"ip -n {name} link set line addrgenmode none up",
        f"ip -n {name} address add {made.address}/24 dev line",
        f"ip -n {name} route add default via {made.office}",
        f"ip -n {name} neigh add {made.office} lladdr {OFFICE} dev line",
        # The outer ends carry for others, and must not answer for the office themselves.
        f"ip link set {near} addrgenmode none arp off up",
        f"ip link set {far} addrgenmode none arp off up",
        f"ip link set {office} addrgenmode none up",
        f"ip address add {made.office}/24 dev {office}",
        f"ip neigh add {made.address} lladdr {INSIDE} dev {office}",
    ):
        _run(command)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        no_offloads(office, control)
    with _inside(name), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        no_offloads("line", control)


def _take_away(name: str, number: str) -> None:
    for what in (
        f"link del far{number}",
        f"link del near{number}",
        f"netns del {name}",
    ):
        with suppress(subprocess.CalledProcessError):
            _run(f"ip {what}")


def _run(command: str) -> None:
    subprocess.run(command.split(), check=True, capture_output=True)


@contextmanager
def _inside(name: str) -> Iterator[None]:
    """This thread is in the namespace until the block ends; sockets made in it stay there."""
    with (
        Path("/proc/thread-self/ns/net").open() as home,
        Path(f"/run/netns/{name}").open() as there,
    ):
        _enter(there.fileno())
        try:
            yield
        finally:
            _enter(home.fileno())


def _enter(descriptor: int) -> None:
    if _libc.setns(descriptor, 0x40000000) != 0:  # CLONE_NEWNET
        raise OSError(ctypes.get_errno(), "setns")
