"""The technician's self-test through a whole agent: its door, findings and refusals."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from center.protocol.views import IceServer
from center.protocol.words import CameraStatus, EmptyDeskState
from tests.integration.kiosk.page import Hall, Page, open_hall

CODE = "482913"
RELAY = IceServer(urls=("turn:relay.example",), username="u", credential="c")


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_hall(tmp_path) as hall:
        kiosk = hall.settings.kiosk.model_copy(update={"technician_code": SecretStr(CODE)})
        hall.settings = hall.settings.model_copy(update={"kiosk": kiosk})
        hall.center.relays = (RELAY,)
        yield hall


async def enter(page: Page) -> None:
    await page.until(lambda: page.state["link"] == "online")
    await page.touch("open_technician")
    await page.on("technician")
    await page.touch("give_technician_code", code=CODE)
    await page.on("self_test")


async def found(page: Page, run: int, *, camera: bool = True) -> dict[str, Any]:
    """What the agent found in this run, with its camera unless told otherwise."""
    frames: list[dict[str, Any]] = []

    def there() -> bool:
        frames[:] = [f for f in page.frames if f["type"] == "machine.found" and f["run"] == run]
        return any(f["camera"] is not None or not camera for f in frames)

    await page.until(there)
    return frames[-1]


async def test_the_agent_looks_at_what_the_page_cannot_see(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        await enter(page)
        await page.send("page.self_test", run=1)
        machine = await found(page, 1)
        assert machine["camera"] == "ok"
        assert machine["ice_servers"] == [RELAY.model_dump(mode="json")]
        assert machine["disk_free_mb"] > 0
        assert abs(machine["clock_skew_s"]) < 5

        hall.bench.fault = CameraStatus.UNPLUGGED
        await page.until(lambda: page.state["camera"] == "unplugged")
        with monkeypatch.context() as hurry:
            hurry.setattr("kiosk.self_test.CAMERA_S", 0.3)
            await page.send("page.self_test", run=2)
            assert (await found(page, 2))["camera"] == "unplugged"

        hall.bench.fault = None
        await hall.center.stop()
        await page.until(lambda: page.state["link"] != "online")
        await page.send("page.self_test", run=3)
        machine = await found(page, 3)
        assert (machine["camera"], machine["ice_servers"]) == ("ok", None)
        assert machine["clock_skew_s"] is None
        await page.touch("finish")
        await page.on("home")


async def test_nobody_but_a_technician_makes_the_machine_test_itself(hall: Hall) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        await page.touch("start", intent="lawyer")
        await page.on("talk_language")
        await page.send("page.self_test", run=1)
        assert (await page.hears("page.error"))["code"] == "not_now"
        assert not any(f["type"] == "machine.found" for f in page.frames)


async def test_the_empty_desk_is_remembered_when_the_technician_says_so(hall: Hall) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        await enter(page)
        await page.send("page.self_test", run=1)
        assert (await found(page, 1))["empty_desk_since"] is None
        await page.send("page.self_test", run=2, empty_desk=True)
        assert (await found(page, 2))["empty_desk_since"] is not None
        assert hall.bench.bare is not None

        hall.bench.bare, hall.bench.full = None, True
        await page.send("page.self_test", run=3, empty_desk=True)
        assert (await found(page, 3))["camera"] == "ok"
        assert hall.bench.bare is None


async def test_a_camera_that_was_moved_is_told_to_the_center_and_to_the_technician(
    hall: Hall,
) -> None:
    def told() -> EmptyDeskState:
        return hall.center.heartbeats[-1].health.empty_desk

    async with hall.agent() as served, hall.page(served) as page:
        await enter(page)
        hall.bench.state = EmptyDeskState.MOVED
        await hall.center.until(lambda: told() is EmptyDeskState.MOVED)
        await page.send("page.self_test", run=1)
        assert (await found(page, 1))["empty_desk"] == "moved"
        await page.send("page.self_test", run=2, empty_desk=True)
        assert (await found(page, 2))["empty_desk"] == "known"
        await hall.center.until(lambda: told() is EmptyDeskState.KNOWN)


async def test_no_picture_of_the_desk_is_kept_once_the_technician_has_gone(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The camera comes back for the next resident, who lays papers there."""
    monkeypatch.setattr("kiosk.self_test.CAMERA_S", 30)
    async with hall.agent() as served, hall.page(served) as page:
        await enter(page)
        hall.bench.fault = CameraStatus.UNPLUGGED
        await page.until(lambda: page.state["camera"] == "unplugged")
        await page.send("page.self_test", run=1, empty_desk=True)
        await found(page, 1, camera=False)
        await page.touch("finish")
        await page.on("home")
        await page.touch("start", intent="scan")
        await page.touch("consent", agreed=True)
        await page.on("scan")
        hall.bench.fault = None
        assert (await found(page, 1))["camera"] is not None
        assert hall.bench.bare is None
