"""The picture of a signer who agreed to it: handed on to the center; nothing of it stays here."""

import json
from collections.abc import Callable
from hashlib import sha256

from aiohttp import ClientError, web

from center.protocol.mediation import MediationView
from center.protocol.mediation_acts import PHOTO_LIMIT
from kiosk.bodies import read_body
from kiosk.center import Center, RefusedError


class Photos:
    """`relay` takes the page's picture and answers with its hash, for the act that names it."""

    def __init__(self, center: Center, mediation: Callable[[], MediationView | None]) -> None:
        self._center, self._mediation = center, mediation

    async def relay(self, request: web.Request) -> web.StreamResponse:
        """409 when nobody is asked for a picture, 413 for one that is too large, 502 when the
        center does not take it."""
        if not _asked(self._mediation()):
            raise web.HTTPConflict(text="nobody is asked for a picture")
        data = await read_body(request, PHOTO_LIMIT)
        try:
            await self._center.put_picture(data)
        except (RefusedError, ClientError, TimeoutError) as error:
            raise web.HTTPBadGateway(text="the center does not take it") from error
        name = json.dumps({"sha256": sha256(data).hexdigest()})
        headers = {"Cache-Control": "no-store"}
        return web.Response(text=name, content_type="application/json", headers=headers)


def _asked(view: MediationView | None) -> bool:
    """Whoever is here has signed and not answered yet."""
    agreement = view.agreement if view else None
    if view is None or agreement is None or agreement.sealed_at is not None:
        return False
    signed = view.you in {signature.seat_id for signature in agreement.signatures}
    return signed and view.you not in {photo.seat_id for photo in agreement.photos}
