"""Two kiosk pages talk with each other over a blind relay: faces, voices and desks, and an agent
that goes away in the middle of it.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from center.protocol.views import PeerView, RoomView
from center.protocol.words import IceTransportPolicy, MediaState, PeerRole
from center.realtime.ice import ice_servers
from config.settings import MediaSettings, TurnServer
from kiosk.messages import KioskState, PageHello, PageMedia, PageQuality
from kiosk.words import LinkState, Screen
from tests.e2e.screens.agent import FakeAgent, fake_agent
from tests.e2e.screens.states import HOME, TALKING, at
from tests.support.certificates import Authority
from tests.support.chromium import Window, chromium, open_window
from tests.support.coturn import coturn

pytestmark = [pytest.mark.e2e, pytest.mark.call, pytest.mark.timeout(120)]

WAYS = """
async () => {
  const ways = [];
  for (const peer of window.__peers) {
    const stats = await peer.getStats();
    const all = [...stats.values()];
    // The desk's loopback connection sends nothing.
    if (!all.some((s) => s.type === 'outbound-rtp')) continue;
    for (const { selectedCandidatePairId } of all.filter((s) => s.type === 'transport')) {
      const pair = stats.get(selectedCandidatePairId);
      const here = stats.get(pair.localCandidateId), there = stats.get(pair.remoteCandidateId);
      ways.push(`${here.candidateType} by ${here.relayProtocol} to ${there.candidateType}`);
    }
  }
  return ways;
}
"""
"""How the calls of a page reach their other side."""

Side = tuple[FakeAgent, Window]


def calling(
    me: str, other: str, session: str, polite: bool, relay: TurnServer | None = None
) -> KioskState:
    """The call screen of kiosk `me`, whose peer is the page `session` of kiosk `other`; with a
    relay nothing goes directly."""
    peer = PeerView(
        peer_id=f"kiosk:{other}",
        role=PeerRole.STAFF,
        name="",
        page_session=session,
        online=True,
        polite=polite,
    )
    media = MediaSettings(turn=(relay,) if relay else ())
    room = RoomView(
        room_id="c1",
        open=True,
        you=f"kiosk:{me}",
        peers=(peer,),
        ice_servers=ice_servers(media, "c1", f"kiosk:{me}", "", datetime.now(UTC)),
        ice_transport_policy=IceTransportPolicy.RELAY if relay else IceTransportPolicy.ALL,
    )
    place = HOME.place.model_copy(update={"kiosk_id": me})
    return at(Screen.CALL, consultation=TALKING, room=room, place=place)


@asynccontextmanager
async def talking(
    relay: TurnServer | None = None, home: Path | None = None
) -> AsyncIterator[tuple[Side, Side]]:
    """Two pages in one room, both told of each other."""
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(chromium(home=home))
        agents = [await stack.enter_async_context(fake_agent(HOME)) for _ in range(2)]
        windows = [await open_window(browser, agent.url, 1080, 1920) for agent in agents]
        agents[0].other, agents[1].other = agents[1], agents[0]
        sessions = [await agent.until(PageHello) for agent in agents]
        assert isinstance(sessions[0], PageHello)
        assert isinstance(sessions[1], PageHello)
        await agents[0].show(calling("K01", "K02", sessions[1].page_session, True, relay))
        await agents[1].show(calling("K02", "K01", sessions[0].page_session, False, relay))
        yield (agents[0], windows[0]), (agents[1], windows[1])


@pytest.fixture
async def call() -> AsyncIterator[tuple[Side, Side]]:
    async with talking() as sides:
        yield sides


async def test_the_talk_goes_on_when_the_agent_is_started_anew(call: tuple[Side, Side]) -> None:
    (agent, window), _ = call
    before = await window.until_media(videos=2)
    state, heard = agent.state, len(agent.heard)
    agent.state = state.model_copy(update={"room": None, "link": LinkState.CONNECTING})
    await agent.cut()
    assert await agent.until(PageMedia, since=heard) == PageMedia(state=MediaState.UP)
    later = await window.until_frames(before.frames + 30)
    assert later.connected == 1
    await agent.show(state)
    assert (await window.until_frames(later.frames + 30)).connected == 1


SEND_SOUND = """
async (active) => {
  const senders = window.__peers.flatMap((peer) => peer.getSenders());
  const sender = senders.find(({ track }) => track?.kind === 'audio');
  const parameters = sender.getParameters();
  parameters.encodings[0].active = active;
  await sender.setParameters(parameters);
}
"""
"""Whether packets of sound leave a page, behind its back."""


async def test_a_call_crosses_tells_of_one_way_sound_and_leaves_nothing_running(
    call: tuple[Side, Side],
) -> None:
    (agent, here), (_, there) = call
    await faces_voices_and_desks_cross(call)
    await there.page.evaluate(SEND_SOUND, False)
    await line_says(here, "律师的声音没有传过来")
    await line_says(there, "律师现在听不到您")
    await there.page.evaluate(SEND_SOUND, True)
    for window in (here, there):
        await line_says(window, "线路")
    await everything_stops_with_the_talk(agent, here)
    said = await agent.until(PageQuality)
    assert isinstance(said, PageQuality)
    assert said.consultation_id == TALKING.consultation_id
    assert any(point.mos is not None and point.received_kbps > 0 for point in said.record.points)


async def faces_voices_and_desks_cross(call: tuple[Side, Side]) -> None:
    for agent, window in call:
        received = await window.until_media(videos=2)
        assert received.audio_energy > 0
        assert await agent.until(PageMedia) == PageMedia(state=MediaState.UP)
        assert window.complaints == []


async def line_says(window: Window, words: str) -> None:
    await window.page.get_by_test_id("call-line").get_by_text(words).wait_for()


async def everything_stops_with_the_talk(agent: FakeAgent, window: Window) -> None:
    face = await window.page.evaluate_handle(
        "document.querySelector('[data-testid=call-self]').srcObject"
    )
    await agent.show(at(Screen.RATE, consultation=TALKING, room=None))
    await window.page.locator('[data-screen="rate"]').wait_for(state="attached")
    await window.page.wait_for_function(
        """(face) => face.getTracks().every((track) => track.readyState === 'ended')
            && window.__peers.every((peer) => peer.connectionState === 'closed')""",
        arg=face,
    )


async def test_a_call_goes_through_the_relay_where_udp_is_blocked(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.trust(tmp_path)
    async with (
        coturn(tmp_path / "turn", authority, udp=False) as server,
        talking(server.settings(server.tls), tmp_path) as sides,
    ):
        for _, window in sides:
            await window.until_media(videos=1)
            assert await window.page.evaluate(WAYS) == ["relay by tls to relay"]
