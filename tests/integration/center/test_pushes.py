"""Who is told what when something happens to somebody else."""

from collections import Counter

import pytest

from center.protocol.views import ConsultationView
from center.services.views import Views
from tests.integration.center.conftest import REQUEST, Call, Center, Frame


def _is_at(position: int, frame: Frame) -> bool:
    place = frame["consultation"]["place"]
    return place is not None and bool(place["position"] == position)


async def test_a_place_moves_by_what_happens_to_others_and_a_talk_is_not_read_for_it(
    center: Center, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a hundred talks every ring would otherwise wait for a hundred readings."""
    await call.join()
    await call.talk()
    first, second = [await (await center.device(kiosk)).connect() for kiosk in ("K02", "K03")]
    for kiosk in (first, second):
        await kiosk.do("consultation.request", **REQUEST)
    seen = await first.shows("consultation.state")
    await second.shows("consultation.state", lambda frame: _is_at(2, frame))
    read, of_kiosk = Counter[str](), Views.of_kiosk

    async def counted(views: Views, kiosk_id: str) -> ConsultationView | None:
        read[kiosk_id] += 1
        return await of_kiosk(views, kiosk_id)

    monkeypatch.setattr(Views, "of_kiosk", counted)
    leaving = seen["consultation"]["consultation_id"]
    await first.do("consultation.leave", consultation_id=leaving)
    await second.until("consultation.state", lambda frame: _is_at(1, frame))
    assert read["K03"] >= 1
    assert read["K01"] == 0
