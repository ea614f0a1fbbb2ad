"""What many get: written once for all of them, sent to those who have not seen it."""

from collections import Counter

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from pydantic import model_serializer

from center.protocol.base import WireModel
from center.realtime.connection import Bulletin, Connection

written = Counter[int]()


class View(WireModel):
    """What is told; `seq` is not part of it."""

    free: int


class Push(WireModel):
    """Counts how often it is written."""

    seq: int
    view: View

    @model_serializer
    def _write(self) -> dict[str, int]:
        written[self.seq] += 1
        return {"seq": self.seq, "free": self.view.free}


def _bulletin(seq: int, free: int) -> Bulletin:
    view = View(free=free)
    return Bulletin(Push(seq=seq, view=view), view)


async def test_a_bulletin_is_written_once_and_sent_to_whom_it_is_news(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[str] = []

    async def send(_socket: web.WebSocketResponse, text: str) -> None:
        sent.append(text)

    async def close(_socket: web.WebSocketResponse, **_how: object) -> None:
        sent.append("closed")

    monkeypatch.setattr(web.WebSocketResponse, "send_str", send)
    monkeypatch.setattr(web.WebSocketResponse, "close", close)
    one, other = (Connection(make_mocked_request("GET", "/"), "kiosk", 8) for _ in range(2))
    first, same, news = _bulletin(1, 3), _bulletin(2, 3), _bulletin(3, 2)
    for bulletin in (first, same, news):
        one.post("hall", bulletin)
    other.post("hall", same)
    for connection in (one, other):
        connection.close(1001, "done")
        connection.post("hall", first)
        await connection.write()
    told = ['{"seq":1,"free":3}', '{"seq":3,"free":2}', "closed", '{"seq":2,"free":3}', "closed"]
    assert sent == told
    assert written == {1: 1, 2: 1, 3: 1}
