"""The recorder's end of the pages' channel: once, in order, and told from older links."""

import asyncio
import json
from typing import Any

import pytest

from center.realtime import channel
from center.realtime.channel import Channel, Envelope, opened
from tests.support.patience import PATIENCE

BODY = {"sends": ["face.audio"]}


class Line:
    """What the recorder said and heard."""

    def __init__(self, link: int = 1) -> None:
        self.said: list[dict[str, Any]] = []
        self.heard: list[dict[str, Any]] = []
        self.news = asyncio.Event()
        self.channel = Channel(("room", "reel", link), self._send, self.heard.append)

    def _send(self, payload: str) -> None:
        self.said.append(json.loads(payload))
        self.news.set()

    def hear(self, n: int, body: dict[str, Any] | None = None, **changed: Any) -> None:
        self.channel.take(envelope(n, body, **changed))


def envelope(n: int, body: dict[str, Any] | None = None, **changed: Any) -> Envelope:
    ends = {"room": "room", "session": "page", "to_session": "reel", "link": 4, "to_link": 0}
    return Envelope.model_validate(ends | {"n": n, "ack": 0, "body": body} | changed)


async def test_bodies_come_once_and_in_order_and_are_acknowledged() -> None:
    line = Line()
    for n in (2, 1, 2, 3):
        line.hear(n, {"n": n})
    assert line.heard == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert (line.said[-1]["ack"], line.said[-1]["to_link"], line.said[-1]["n"]) == (3, 4, 0)


@pytest.mark.parametrize(
    "changed", [{"room": "other"}, {"to_session": "reel-0"}, {"to_link": 7}, {"link": 3}]
)
async def test_what_is_for_another_link_is_not_heard(changed: dict[str, Any]) -> None:
    line = Line()
    line.hear(1, {"n": 1})
    line.hear(2, {"n": 2}, **changed)
    assert line.heard == [{"n": 1}]


async def test_a_later_link_or_another_page_is_new() -> None:
    line = Line()
    assert not line.channel.is_new(envelope(1))
    line.hear(1, BODY)
    assert [line.channel.is_new(envelope(1, link=n)) for n in (3, 4, 5)] == [False, False, True]
    assert line.channel.is_new(envelope(1, session="reloaded"))


async def test_what_is_not_acknowledged_is_said_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "RESEND_FIRST_S", 0.01)
    line = Line()
    line.channel.address("page")
    line.channel.post(BODY)
    assert line.said[0]["body"] == BODY
    line.news.clear()
    async with asyncio.timeout(PATIENCE):
        await line.news.wait()
    assert line.said[1] == line.said[0]
    line.hear(0, ack=1)
    assert line.channel._timer is None
    line.channel.close()


@pytest.mark.parametrize("payload", ["", "{}", "[]", '{"room": 1}', "nonsense"])
def test_what_is_no_envelope_is_none(payload: str) -> None:
    assert opened(payload) is None
