"""The center's relay credentials at a real coturn: what it lets in, what it refuses, and media."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aioice import stun, turn
from aiortc import (
    AudioStreamTrack,
    MediaStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCIceTransportPolicy,
    RTCPeerConnection,
)

from center.protocol.views import IceServer
from center.realtime.ice import ice_servers
from config.settings import MediaSettings
from tests.support.certificates import Authority
from tests.support.coturn import HOST, Coturn, coturn
from tests.support.patience import PATIENCE

LIFE = 60
USER_QUOTA = 36
"""As the shipped configuration has it."""
UNAUTHORIZED, FORBIDDEN, QUOTA_REACHED = 401, 403, 486


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Whose certificates both ends trust."""
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.pem))
    return authority


@pytest.fixture
async def server(tmp_path: Path, authority: Authority) -> AsyncIterator[Coturn]:
    async with coturn(tmp_path / "one", authority) as running:
        yield running


def credential(
    server: Coturn,
    *urls: str,
    life: int = LIFE,
    peer: str = "kiosk:K01",
    at: datetime | None = None,
) -> IceServer:
    """What the center tells a peer of this server."""
    media = MediaSettings(turn=(server.settings(*urls),), turn_credential_s=life)
    (told,) = ice_servers(media, "c1", peer, "", at or datetime.now(UTC))
    return told


class Relays:
    """Allocations on a server, given back at the end."""

    def __init__(self) -> None:
        self._held: list[Any] = []

    async def allocate(self, server: Coturn, told: IceServer) -> Any:
        """The relay's STUN client; raises stun.TransactionFailed when coturn refuses."""
        transport, _ = await turn.create_turn_endpoint(
            asyncio.DatagramProtocol,
            server_addr=(HOST, server.port),
            username=told.username,
            password=told.credential,
            lifetime=600,
        )
        self._held.append(transport)
        # The only way to the requests that an allocation makes by itself, minutes later.
        return getattr(transport, "_TurnTransport__inner_protocol")  # noqa: B009

    async def refused(self, server: Coturn, told: IceServer) -> int:
        """The code coturn refuses this credential with."""
        with pytest.raises(stun.TransactionFailed) as refusal:
            await self.allocate(server, told)
        return _code(refusal.value)

    async def until_refused(self, server: Coturn, told: IceServer, code: int) -> None:
        """Begin and end relays until coturn refuses one with this code."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    await self.allocate(server, told)
                except stun.TransactionFailed as refusal:
                    # A relay that was given back counts for the quota a moment longer.
                    if _code(refusal) == code:
                        return
                else:
                    self._held.pop().close()

    def close(self) -> None:
        for transport in self._held:
            transport.close()


def _code(refusal: stun.TransactionFailed) -> int:
    code: int = refusal.response.attributes["ERROR-CODE"][0]
    return code


@pytest.fixture
async def relays() -> AsyncIterator[Relays]:
    relays = Relays()
    yield relays
    relays.close()


async def ask(client: Any, method: stun.Method, **attributes: object) -> stun.Message:
    request = stun.Message(message_method=method, message_class=stun.Class.REQUEST)
    request.attributes |= {name.replace("_", "-"): value for name, value in attributes.items()}
    response, _ = await client.request_with_retry(request)
    assert isinstance(response, stun.Message)
    return response


async def test_a_credential_of_long_ago_is_refused(server: Coturn, relays: Relays) -> None:
    ended = datetime.now(UTC) - timedelta(seconds=LIFE + 2)
    assert await relays.refused(server, credential(server, at=ended)) == UNAUTHORIZED


async def test_a_credential_cannot_be_prolonged(server: Coturn, relays: Relays) -> None:
    told = credential(server)
    ends, _, who = (told.username or "").partition(":")
    longer = told.model_copy(update={"username": f"{int(ends) + 3600}:{who}"})
    assert await relays.refused(server, longer) == UNAUTHORIZED


async def test_a_credential_counts_at_its_own_server_only(
    server: Coturn, authority: Authority, tmp_path: Path, relays: Relays
) -> None:
    async with coturn(tmp_path / "two", authority, secret="the secret of another") as other:
        media = MediaSettings(turn=(server.settings(), other.settings()))
        here, there = ice_servers(media, "c1", "kiosk:K01", "", datetime.now(UTC))
        await relays.allocate(server, here)
        await relays.allocate(other, there)
        assert await relays.refused(other, here) == UNAUTHORIZED
        assert await relays.refused(server, there) == UNAUTHORIZED


async def test_what_began_in_time_goes_on_and_nothing_begins_later(
    server: Coturn, relays: Relays
) -> None:
    told = credential(server, life=2)
    client = await relays.allocate(server, told)
    await relays.until_refused(server, told, UNAUTHORIZED)
    assert (await ask(client, stun.Method.REFRESH, LIFETIME=600)).attributes["LIFETIME"] == 600
    await ask(client, stun.Method.CREATE_PERMISSION, XOR_PEER_ADDRESS=(HOST, 5000))


@pytest.mark.parametrize("address", ["10.20.0.9", "127.0.0.2", "169.254.169.254", "192.0.2.1"])
async def test_nothing_else_of_the_network_is_reached_through_a_relay(
    server: Coturn, relays: Relays, address: str
) -> None:
    client = await relays.allocate(server, credential(server))
    with pytest.raises(stun.TransactionFailed) as refusal:
        await ask(client, stun.Method.CREATE_PERMISSION, XOR_PEER_ADDRESS=(address, 5000))
    assert _code(refusal.value) == FORBIDDEN


async def test_the_quota_counts_a_peer_whatever_its_credential(
    server: Coturn, relays: Relays
) -> None:
    begin = datetime.now(UTC)
    renewed = [credential(server, at=begin + timedelta(seconds=s)) for s in (0, LIFE // 2)]
    for count in range(USER_QUOTA):
        await relays.allocate(server, renewed[count % 2])
    assert [await relays.refused(server, told) for told in renewed] == [QUOTA_REACHED] * 2
    await relays.allocate(server, credential(server, peer="staff:jin"))


def relayed(told: IceServer) -> RTCPeerConnection:
    """A peer that reaches others through this relay only."""
    server = RTCIceServer(list(told.urls), told.username, told.credential)
    policy = RTCIceTransportPolicy.RELAY
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[server], iceTransportPolicy=policy))
    peer.addTrack(AudioStreamTrack())
    return peer


async def heard(peer: RTCPeerConnection) -> None:
    """Wait for a frame of sound from the other side."""
    found: asyncio.Future[MediaStreamTrack] = asyncio.get_running_loop().create_future()
    peer.on("track", found.set_result)
    await (await found).recv()


def local_candidates(peer: RTCPeerConnection) -> set[str]:
    gatherer = peer.getSenders()[0].transport.transport.iceGatherer
    return {candidate.type for candidate in gatherer.getLocalCandidates()}


@pytest.mark.parametrize("way", ["udp", "tcp", "tls"])
async def test_sound_crosses_by(server: Coturn, way: str) -> None:
    url = getattr(server, way)
    async with AsyncExitStack() as stack:
        peers = [relayed(credential(server, url, peer=name)) for name in ("kiosk:K01", "staff:jin")]
        for peer in peers:
            stack.push_async_callback(peer.close)
        caller, callee = peers
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as both:
            for peer in peers:
                both.create_task(heard(peer))
            await caller.setLocalDescription(await caller.createOffer())
            await callee.setRemoteDescription(caller.localDescription)
            await callee.setLocalDescription(await callee.createAnswer())
            await caller.setRemoteDescription(callee.localDescription)
        assert [local_candidates(peer) for peer in peers] == [{"relay"}, {"relay"}]
