"""A signer's picture on its way through the agent: only when asked, never too large, never kept."""

from dataclasses import dataclass, field
from hashlib import sha256

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from center.protocol.mediation import AgreementView, MediationView, PhotoView, SignatureView
from center.protocol.mediation_acts import PHOTO_LIMIT
from center.protocol.words import ErrorCode
from kiosk.center import RefusedError
from kiosk.photo import Photos
from tests.e2e.screens.hearing import AT, agreement, mediation

PHOTO = b"\xff\xd8 a face"


@dataclass
class Center:
    """Takes pictures, unless it is told to refuse."""

    full: bool = False
    taken: list[bytes] = field(default_factory=list)

    async def put_picture(self, data: bytes) -> None:
        if self.full:
            raise RefusedError(ErrorCode.STORAGE_FULL, "no room")
        self.taken.append(data)


@dataclass
class Kiosk:
    """The agent's door for pictures, with the mediation that is shown."""

    center: Center = field(default_factory=Center)
    view: MediationView | None = None

    async def put(self, data: bytes) -> tuple[int, bytes]:
        app = web.Application()
        photos = Photos(self.center, lambda: self.view)  # type: ignore[arg-type]
        app.router.add_post("/visit/photo", photos.relay)
        async with TestClient(TestServer(app)) as client:
            answer = await client.post("/visit/photo", data=data)
            return answer.status, await answer.read()


@pytest.fixture
def kiosk() -> Kiosk:
    return Kiosk(view=mediation(agreement=agreement(confirmed=True, signed=True)))


async def test_the_picture_goes_on_and_its_name_comes_back(kiosk: Kiosk) -> None:
    status, said = await kiosk.put(PHOTO)
    assert status == 200
    assert sha256(PHOTO).hexdigest().encode() in said
    assert kiosk.center.taken == [PHOTO]


@pytest.mark.parametrize(
    "changed",
    [
        {"signatures": ()},
        {"signatures": (SignatureView(seat_id="li", at=AT),)},
        {"photos": (PhotoView(seat_id="me", taken=False),)},
        {"sealed_at": AT},
    ],
    ids=["not signed", "another signed", "answered", "sealed"],
)
async def test_who_is_not_asked_sends_none(kiosk: Kiosk, changed: dict[str, object]) -> None:
    signed: AgreementView = agreement(confirmed=True, signed=True)
    kiosk.view = mediation(agreement=signed.model_copy(update=changed))
    assert (await kiosk.put(PHOTO))[0] == 409
    kiosk.view = None
    assert (await kiosk.put(PHOTO))[0] == 409
    assert kiosk.center.taken == []


async def test_one_that_is_too_large_or_not_taken_is_refused(kiosk: Kiosk) -> None:
    assert (await kiosk.put(bytes(PHOTO_LIMIT + 1)))[0] == 413
    kiosk.center.full = True
    assert (await kiosk.put(PHOTO))[0] == 502
