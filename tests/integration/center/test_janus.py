"""The client of Janus beside the real one: what it says when that will not, cannot, or is dead."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from center.realtime.engine import janus as client
from center.realtime.engine.janus import Janus, JanusDownError, JanusRefusedError
from center.realtime.engine.videoroom import Feed, VideoRoom
from tests.support.janus import JanusProcess, janus
from tests.support.patience import PATIENCE


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[JanusProcess]:
    async with janus(tmp_path, 1) as (running,):
        yield running


async def test_without_the_secret_nothing_is_to_be_had(server: JanusProcess) -> None:
    with pytest.raises(JanusRefusedError, match="403"):
        await Janus.connect(server.settings("another one, as long"))


async def test_a_room_refuses_what_makes_no_sense(server: JanusProcess) -> None:
    session = await Janus.connect(server.settings())
    try:
        room = await VideoRoom.create(session, "m1", 2)
        with pytest.raises(JanusRefusedError):
            await room.watcher(Feed(1, ("0",)), lambda _: None)
        publisher = await room.publisher(lambda _: None)
        with pytest.raises(JanusRefusedError):
            await publisher.answer("no description")
        await room.destroy()
        assert not session.lost.is_set()
    finally:
        await session.close()


async def test_a_server_that_falls_silent_is_lost(
    server: JanusProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "KEEP_ALIVE_S", 0.05)
    monkeypatch.setattr(client, "ANSWER_S", 0.5)
    session = await Janus.connect(server.settings())
    try:
        server.freeze()
        async with asyncio.timeout(PATIENCE):
            await session.lost.wait()
        with pytest.raises(JanusDownError):
            await session.attach(lambda _: None)
    finally:
        await session.close()


async def test_where_nobody_listens_there_is_no_session(server: JanusProcess) -> None:
    await server.kill()
    with pytest.raises(JanusDownError):
        await Janus.connect(server.settings())
