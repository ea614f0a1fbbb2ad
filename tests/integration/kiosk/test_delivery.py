"""Pages on their way to the center: small picture first, and none lost when the agent dies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from center.protocol.rest import PageRecord
from center.protocol.words import ErrorCode, PageStage
from kiosk.backoff import Backoff
from kiosk.center import Center
from kiosk.delivery import Delivery
from kiosk.journey import events
from kiosk.spool import PagePictures, RealDisk, Spool, SpooledPage
from kiosk.spool.vault import Vault
from kiosk.uplink import PIECE, uplink
from tests.fakes.center import CenterDouble

PREVIEW, CLEAN, WHOLE = PageStage


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    kept = Spool(Vault(tmp_path, bytes(32), RealDisk()), 10**8, 0)
    kept.open_visit("v1")
    kept.promise("v1", "c1")
    return kept


def lay(spool: Spool, name: str, times: int = PIECE) -> str:
    """A page in the spool; its hash. The original says its name so many times."""
    pictures = PagePictures(
        f"original {name}".encode() * times, f"clean {name}".encode(), f"small {name}".encode(), b""
    )
    record = PageRecord(
        captured_at=datetime(2026, 11, 21, tzinfo=UTC),
        clean_sha256=sha256(pictures.clean).hexdigest(),
        preview_sha256=sha256(pictures.preview).hexdigest(),
        width=10,
        height=10,
        quad=None,
        sharpness=1.0,
    )
    digest, ordinal = sha256(pictures.original).hexdigest(), spool.next_ordinal("v1")
    page = SpooledPage(visit_id="v1", sha256=digest, ordinal=ordinal, record=record)
    spool.put(page, pictures)
    return digest


@asynccontextmanager
async def delivering(spool: Spool, center: CenterDouble) -> AsyncIterator[Delivery]:
    """A delivery at work, which is killed at the end of the block."""
    told: list[events.PageSent | events.PageRefused] = []
    async with uplink() as line:
        express = Center(line.http, center.origin, lambda: "token", line.pace)
        freight = Center(line.freight, center.origin, lambda: "token", line.room)
        delivery = Delivery(spool, express, freight, Backoff(0.01, 0.02), told.append)
        work = asyncio.create_task(delivery.run())
        delivery.wake()
        try:
            yield delivery
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work


async def test_all_small_pictures_go_before_any_large_one(
    spool: Spool, center: CenterDouble
) -> None:
    first, second = lay(spool, "a"), lay(spool, "b")
    async with delivering(spool, center):
        await center.until(lambda: len(center.stages) == 6)
    assert center.stages[:2] == [(first, PREVIEW), (second, PREVIEW)]
    assert {stage for _, stage in center.stages[2:4]} == {CLEAN}
    assert {stage for _, stage in center.stages[4:]} == {WHOLE}


async def test_an_agent_killed_in_between_goes_on_where_it_was(
    spool: Spool, center: CenterDouble
) -> None:
    name = lay(spool, "a")
    center.refuse_blobs.add(name)
    async with delivering(spool, center):
        await center.until(lambda: (name, CLEAN) in center.stages)
    assert spool.waiting() == 1
    center.refuse_blobs.clear()
    center.sent.clear()
    async with delivering(spool, center):
        await center.until(lambda: (name, WHOLE) in center.stages)
    small, clean = (sha256(text).hexdigest() for text in (b"small a", b"clean a"))
    assert center.sent == [small, name]
    assert clean in center.blobs


async def test_a_page_that_was_wiped_off_the_screen_still_goes_small_first(
    spool: Spool, center: CenterDouble
) -> None:
    name = lay(spool, "a")
    assert spool.wipe("v1")
    async with delivering(spool, center):
        await center.until(lambda: (name, WHOLE) in center.stages)
    assert center.stages[0] == (name, PREVIEW)


async def test_a_page_of_an_agent_before_has_no_small_picture(
    spool: Spool, center: CenterDouble
) -> None:
    name = lay(spool, "a")
    (page,) = [page for _, page in spool.due()]
    spool.put(
        page.model_copy(update={"record": page.record.model_copy(update={"preview_sha256": None})}),
        PagePictures(b"o", b"clean a", b"small a", b""),
    )
    async with delivering(spool, center):
        await center.until(lambda: bool(center.stages))
    assert center.stages[0] == (name, CLEAN)


async def test_a_center_that_keeps_nothing_is_asked_again_later(
    spool: Spool, center: CenterDouble
) -> None:
    name = lay(spool, "a")
    center.refuse_http[name] = ErrorCode.BLOB_MISSING
    async with delivering(spool, center):
        await center.until(lambda: len(center.sent) >= 2)
        assert spool.waiting() == 1
        del center.refuse_http[name]
        await center.until(lambda: (name, WHOLE) in center.stages)


async def test_a_large_picture_waits_while_a_small_one_is_under_way(
    spool: Spool, center: CenterDouble
) -> None:
    first = lay(spool, "a")
    center.refuse_blobs.add(first)
    second_small = sha256(b"small b").hexdigest()

    async def slowly(name: str) -> None:
        """Long enough for the original to come by, if it did not wait."""
        if name == second_small:
            center.refuse_blobs.clear()
            with suppress(TimeoutError):
                await center.until(lambda: first in center.blobs, 0.5)

    center.answer_blob = slowly
    async with delivering(spool, center) as delivery:
        await center.until(lambda: first in center.sent)
        second = lay(spool, "b")
        delivery.wake()
        await center.until(lambda: (first, WHOLE) in center.stages)
    assert center.stages.index((second, PREVIEW)) < center.stages.index((first, WHOLE))


async def test_an_original_goes_on_where_a_cut_line_left_it(
    spool: Spool, center: CenterDouble
) -> None:
    name = lay(spool, "a", 64 * PIECE)
    center.flowing.clear()
    async with delivering(spool, center):
        await center.until(lambda: bool(center.begun.get(name)))
        await center.stop()
        arrived = len(center.begun[name])
        center.flowing.set()
        await center.start()
        await center.until(lambda: (name, WHOLE) in center.stages)
    assert center.begins == [0, arrived]
    assert sha256(center.blobs[name]).hexdigest() == name


async def test_the_way_of_large_pictures_opens_while_a_small_one_is_under_way(
    spool: Spool, center: CenterDouble
) -> None:
    name = lay(spool, "a")

    async def slowly(picture: str) -> None:
        if picture == sha256(b"small a").hexdigest():
            await center.until(lambda: bool(center.reached))

    center.answer_blob = slowly
    async with delivering(spool, center):
        await center.until(lambda: (name, WHOLE) in center.stages)
