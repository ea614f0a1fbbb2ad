"""How one peer of one room reaches the others: relays, nearest first, with credentials of its own.

The credentials follow draft-uberti-behave-turn-rest-00: the username carries when they end, the
password proves that the center made it. A relay learns nothing else from the username: the peer in
its room is a keyed digest there, different on each server, so that coturn's quotas count a peer
and its log names nobody.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from center.protocol.views import IceServer
from config.settings import MediaSettings, TurnServer

OPAQUE_BYTES = 12


def ice_servers(
    media: MediaSettings, room_id: str, peer_id: str, place: str, now: datetime
) -> tuple[IceServer, ...]:
    """The relays of one peer in one room; `place` is the township or office it is in."""
    period = _period(media)
    ends = (int(now.timestamp()) // period + 2) * period
    nearest = _nearest_first(media.turn, place)[: media.turn_servers]
    return tuple(_server(turn, f"{room_id}\n{peer_id}", ends) for turn in nearest)


def seconds_to_renewal(media: MediaSettings, now: datetime) -> float:
    """How long `ice_servers` goes on giving the same credentials."""
    period = _period(media)
    return period - now.timestamp() % period


def _period(media: MediaSettings) -> int:
    return media.turn_credential_s // 2


def _nearest_first(servers: Sequence[TurnServer], place: str) -> list[TurnServer]:
    return sorted(servers, key=lambda turn: place not in turn.near)


def _server(turn: TurnServer, who: str, ends: int) -> IceServer:
    secret = turn.secret.get_secret_value().encode()
    opaque = hmac.digest(secret, who.encode(), hashlib.sha256)[:OPAQUE_BYTES].hex()
    username = f"{ends}:{opaque}"
    # coturn knows SHA-1 only; what HMAC needs of it is not broken.
    password = hmac.digest(secret, username.encode(), hashlib.sha1)
    credential = base64.b64encode(password).decode()
    return IceServer(urls=turn.urls, username=username, credential=credential)
