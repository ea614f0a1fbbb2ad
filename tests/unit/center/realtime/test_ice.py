"""Relays of a peer: whose credentials, how long, in which order."""

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from center.protocol.views import IceServer
from center.realtime.ice import ice_servers, seconds_to_renewal
from config.settings import MediaSettings, TurnServer

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def turn(name: str, *near: str) -> TurnServer:
    return TurnServer(urls=(f"turn:{name}",), secret=SecretStr(f"secret of {name:>10}"), near=near)


ONE = MediaSettings(turn=(turn("a.example"),), turn_credential_s=60)


def only(room: str = "c1", peer: str = "kiosk:K01", now: datetime = NOW) -> IceServer:
    (server,) = ice_servers(ONE, room, peer, "", now)
    return server


def order(media: MediaSettings, place: str) -> list[str]:
    return [server.urls[0][5:] for server in ice_servers(media, "c1", "kiosk:K01", place, NOW)]


def test_credentials_follow_the_turn_rest_convention() -> None:
    server = only()
    assert server.username is not None
    secret = ONE.turn[0].secret.get_secret_value().encode()
    digest = hmac.new(secret, server.username.encode(), hashlib.sha1).digest()
    assert server.credential == base64.b64encode(digest).decode()


def test_each_peer_of_each_room_has_its_own_and_nobody_is_named() -> None:
    names = [only(room, peer).username for room in ("c1", "c2") for peer in ("kiosk:K01", "s:j")]
    assert len(set(names)) == 4
    assert all(re.fullmatch(r"\d+:[0-9a-f]{24}", name or "") for name in names)


@given(st.floats(0, 4e9), st.integers(2, 86_400))
def test_a_credential_lasts_at_least_half_its_life_and_never_longer_than_that(
    at: float, life: int
) -> None:
    media = MediaSettings(turn=ONE.turn, turn_credential_s=life)
    moment = datetime.fromtimestamp(at, UTC)
    (server,) = ice_servers(media, "c1", "kiosk:K01", "", moment)
    left = int((server.username or "").partition(":")[0]) - moment.timestamp()
    assert life // 2 <= left <= life


def test_a_credential_stays_until_it_is_renewed_and_is_the_same_peer_to_the_quota_then() -> None:
    moment = NOW + timedelta(seconds=7.5)
    wait = seconds_to_renewal(ONE, moment)
    assert wait == 22.5
    now, before = only(now=moment), only(now=moment + timedelta(seconds=wait - 0.1))
    later = only(now=moment + timedelta(seconds=wait))
    assert now == before != later
    assert (now.username or "").partition(":")[2] == (later.username or "").partition(":")[2]


def test_a_server_near_to_the_place_comes_first_and_the_rest_in_the_order_of_the_settings() -> None:
    media = MediaSettings(turn=(turn("a"), turn("b", "公园街道"), turn("c", "局")))
    assert order(media, "公园街道") == ["b", "a", "c"]
    assert order(media, "局") == ["c", "a", "b"]
    assert order(media, "elsewhere") == ["a", "b", "c"]


def test_a_peer_is_told_of_the_nearest_only() -> None:
    servers = (*(turn(f"far{n}") for n in range(9)), turn("near", "here"))
    assert order(MediaSettings(turn=servers, turn_servers=2), "here") == ["near", "far0"]


def test_relay_only_without_a_relay_is_refused() -> None:
    with pytest.raises(ValidationError, match="relay_only needs a turn server"):
        MediaSettings(relay_only=True)
