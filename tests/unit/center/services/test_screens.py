"""A look: one unit of work, each row read once, and of what is committed when it begins."""

from collections import Counter

import pytest

from center.services.screens import Screens
from tests.fakes.city import FakeCity
from tests.fakes.store import FakeConsultations


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each consultation was read."""
    counter, get = Counter[str](), FakeConsultations.get

    async def counted(calls: FakeConsultations, consultation_id: str) -> object:
        counter[consultation_id] += 1
        return await get(calls, consultation_id)

    monkeypatch.setattr(FakeConsultations, "get", counted)
    return counter


def _screens(city: FakeCity) -> Screens:
    return Screens(city.store.unit, city.clock, city.policy)


async def test_what_several_views_show_is_read_once_a_look(
    city: FakeCity, read: Counter[str]
) -> None:
    made = await city.talk("K01", "jin")
    read.clear()
    for looks in (1, 2):
        async with _screens(city).look() as screens:
            room = await screens.rooms.room(made)
            papers = await screens.views.papers(made)
            assert (await screens.rooms.room(made)) == room
        assert room
        assert papers.sheet is None
        assert read[made] == looks


async def test_a_look_shows_what_each_view_would_alone(city: FakeCity) -> None:
    await city.talk("K01", "jin")
    await city.request("K02")
    alone = _screens(city)
    async with alone.look() as screens:
        for kiosk in ("K01", "K02", "K03"):
            assert await screens.views.of_kiosk(kiosk) == await alone.views.of_kiosk(kiosk)
        assert await screens.views.hall() == await alone.views.hall()
        assert await screens.views.queue() == await alone.views.queue()
        assert await screens.views.of_staff("jin") == await alone.views.of_staff("jin")
