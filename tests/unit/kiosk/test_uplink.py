"""Sockets for a thin line."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from aiohttp import ClientSession, web

from kiosk.uplink import APART_MOST_S, DEAD_S, FASTER, PIECE, UNSENT, Freight, Pace, lean
from tests.support.patience import PATIENCE


def test_little_waits_in_the_kernel_and_no_kernel_is_asked_too_much() -> None:
    with lean(socket.socket()) as made:
        assert made.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT) == UNSENT
        assert made.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == DEAD_S * 1000
        assert not made.getblocking()


@pytest.fixture
async def taking() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """A server that takes nothing of a body before it is told to; where it is."""
    told = asyncio.Event()

    async def take(request: web.Request) -> web.Response:
        await told.wait()
        return web.Response(text=str(len(await request.read())))

    app = web.Application(client_max_size=2**25)
    app.router.add_put("/", take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/", told
    await runner.cleanup()


async def test_there_is_room_when_little_waits_to_be_sent(
    taking: tuple[str, asyncio.Event],
) -> None:
    url, told = taking
    freight, size, sent, full = Freight(), 2**23, 0, asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < size:
            room = asyncio.ensure_future(freight.room())
            for _ in range(5):
                await asyncio.sleep(0)
            if not room.done():
                full.set()
            await room
            sent += UNSENT
            yield bytes(UNSENT)

    async with ClientSession(connector=freight.connector()) as http:
        putting = asyncio.create_task(http.put(url, data=pieces()))
        await asyncio.wait_for(full.wait(), PATIENCE)
        before = sent
        told.set()
        async with await putting as answer:
            assert int(await answer.text()) == size
    assert before < size


@pytest.fixture
async def sleeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What is slept, in seconds; nobody does, and time stands still."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("kiosk.uplink.asyncio.sleep", sleep)
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: 1000.0)
    return slept


async def test_beside_a_large_picture_pieces_are_as_far_apart_as_the_line_takes_them(
    sleeps: list[float],
) -> None:
    rates = [1e5, 1e5, None]  # the last piece of the large one has arrived meanwhile
    pace = Pace(lambda: rates.pop(0))
    for _ in range(3):
        await pace.turn()
    apart = PIECE / (1e5 * FASTER)
    assert sleeps == pytest.approx([0, apart, 2 * apart])


async def test_a_line_that_was_cut_a_moment_ago_holds_up_nothing_for_long(
    sleeps: list[float],
) -> None:
    pace = Pace(lambda: 100.0)
    for _ in range(3):
        await pace.turn()
    assert sleeps == pytest.approx([0, APART_MOST_S, 2 * APART_MOST_S])


async def test_alone_pieces_wait_for_nothing(
    sleeps: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    await Pace(lambda: None).turn()
    monkeypatch.setattr("kiosk.uplink.FRESH_S", 0.0)
    rates = [100.0, None]
    pace = Pace(lambda: rates.pop(0))
    for _ in range(2):
        await pace.turn()
    assert sleeps == []


async def test_a_connection_that_is_gone_holds_nobody_up() -> None:
    freight = Freight()
    await freight.room()
    assert freight.rate() is None
    async with ClientSession(connector=freight.connector()) as http:
        with suppress(OSError):
            await http.get("http://127.0.0.1:1/")
    await asyncio.wait_for(freight.room(), PATIENCE)
