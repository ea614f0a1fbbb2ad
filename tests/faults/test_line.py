"""The emulated line does what it says, reckoned and with real packets."""

import asyncio
import sys
from collections.abc import AsyncIterator

import pytest

from tests.support.line import CUT, PERFECT, Condition, Way
from tests.support.line_hall import Hall, hall
from tests.support.patience import PATIENCE, until

PACKET = 1000


def test_a_packet_waits_for_those_before_it_and_then_travels() -> None:
    way = Way(1, Condition(rate_bps=80_000, delay_s=0.2))
    assert [way.arrival(PACKET, 5.0) for _ in range(3)] == pytest.approx([5.3, 5.4, 5.5])
    assert way.arrival(PACKET, 9.0) == pytest.approx(9.3)


def test_a_full_queue_drops_and_empties_with_time() -> None:
    way = Way(1, Condition(rate_bps=80_000, queue_bytes=2 * PACKET))
    assert [way.arrival(PACKET, 0.0) is None for _ in range(3)] == [False, False, True]
    assert way.arrival(PACKET, 0.11) is not None
    assert way.traffic.overflowed == 1


def test_losses_are_those_of_the_seed_and_as_many_as_asked_for() -> None:
    def lost(seed: int) -> list[bool]:
        way = Way(seed, Condition(loss=0.05))
        return [way.arrival(PACKET, 0.0) is None for _ in range(4000)]

    assert lost(7) == lost(7) != lost(8)
    assert 0.04 < sum(lost(7)) / 4000 < 0.06


def test_jitter_overtakes_nobody() -> None:
    way = Way(3, Condition(delay_s=0.05, jitter_s=0.1))
    times = [way.arrival(PACKET, n * 0.001) or 0.0 for n in range(500)]
    assert times == sorted(times)
    assert max(t - n * 0.001 for n, t in enumerate(times)) > 0.1


def test_nothing_passes_a_cut_and_all_is_counted() -> None:
    way = Way(1)
    for condition in (PERFECT, CUT, PERFECT):
        way.condition = condition
        way.arrival(PACKET, 0.0)
    assert (way.traffic.passed, way.traffic.passed_bytes, way.traffic.cut_off) == (2, 2000, 1)


@pytest.fixture
async def line() -> AsyncIterator[Hall]:
    async with hall() as made:
        yield made


class _Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.heard: asyncio.Queue[tuple[bytes, tuple[str, int]]] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.heard.put_nowait((data, addr))


SPEAKER = """
import socket, sys
end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for word in sys.stdin:
    end.sendto(word.encode(), (sys.argv[1], int(sys.argv[2])))
"""


async def test_what_a_process_in_the_hall_sends_comes_by_the_line_only(line: Hall) -> None:
    loop = asyncio.get_running_loop()
    transport, ear = await loop.create_datagram_endpoint(_Echo, local_addr=(line.office, 0))
    port = transport.get_extra_info("sockname")[1]
    speaker = await asyncio.create_subprocess_exec(
        *line.prefix, sys.executable, "-c", SPEAKER, line.office, str(port),
        stdin=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert speaker.stdin

    async def say(word: str) -> tuple[float, tuple[bytes, tuple[str, int]]]:
        assert speaker.stdin
        begin = loop.time()
        speaker.stdin.write(f"{word}\n".encode())
        heard = await asyncio.wait_for(ear.heard.get(), PATIENCE)
        return loop.time() - begin, heard

    line.wire.out.condition = CUT
    speaker.stdin.write(b"nobody hears this\n")
    await until(lambda: line.wire.out.traffic.cut_off)
    line.wire.out.condition = Condition(delay_s=0.1)
    took, (word, (address, _)) = await say("hello")
    assert (word, address) == (b"hello\n", line.address)
    assert took >= 0.1
    line.change_address()
    assert (await say("again"))[1][1][0] != address
    speaker.stdin.close()
    await speaker.wait()
    transport.close()
