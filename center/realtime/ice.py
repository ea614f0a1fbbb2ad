"""ICE servers with time-limited TURN credentials (draft-uberti-behave-turn-rest-00)."""

import base64
import hashlib
import hmac
from datetime import datetime

from center.protocol.views import IceServer
from config.settings import MediaSettings, TurnServer


def ice_servers(media: MediaSettings, user: str, now: datetime) -> tuple[IceServer, ...]:
    """The relays for one peer; credentials end `media.turn_credential_s` seconds after `now`."""
    username = f"{int(now.timestamp()) + media.turn_credential_s}:{user}"
    return tuple(_server(turn, username) for turn in media.turn)


def _server(turn: TurnServer, username: str) -> IceServer:
    digest = hmac.new(turn.secret.get_secret_value().encode(), username.encode(), hashlib.sha1)
    credential = base64.b64encode(digest.digest()).decode()
    return IceServer(urls=turn.urls, username=username, credential=credential)
