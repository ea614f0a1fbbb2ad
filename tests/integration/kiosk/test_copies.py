"""A party's copy through a whole agent: by number and code, on the screen, gone with the visit."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from kiosk.serving import Served
from tests.integration.kiosk.page import Hall, open_hall
from tests.unit.kiosk.test_copies import pdf

ASK = {"number": "TJ-20261121-0001", "code": "123456"}


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_hall(tmp_path) as hall:
        hall.center.copies[ASK["number"], ASK["code"]] = pdf(2)
        yield hall


async def status(served: Served, page: int) -> int:
    async with (
        ClientSession() as http,
        http.get(f"{served.origin}/visit/agreement/{page}") as reply,
    ):
        return reply.status


async def test_the_pages_are_there_for_the_visit_that_asked(hall: Hall) -> None:
    async with hall.agent() as served, hall.page(served) as page:
        await page.until(lambda: page.state["link"] == "online")
        await page.touch("start", intent="lookup")
        await page.touch("ask_agreement", ask=ASK)
        await page.until(lambda: page.state["agreement"] is not None)
        copy = page.state["agreement"]
        assert (copy["number"], len(copy["texts"])) == (ASK["number"], 2)
        assert [await status(served, number) for number in (1, 2, 3)] == [200, 200, 404]
        await page.touch("finish")
        await page.until(lambda: page.state["wiped"])
        assert page.state["agreement"] is None
        assert await status(served, 1) == 404


@pytest.mark.parametrize(
    ("ask", "code"),
    [({**ASK, "code": "000000"}, "agreement_not_found"), (ASK, "center_refused")],
    ids=["wrong code", "no document"],
)
async def test_why_there_is_no_copy_is_said(hall: Hall, ask: dict[str, str], code: str) -> None:
    hall.center.copies[ASK["number"], ASK["code"]] = b"no document"
    async with hall.agent() as served, hall.page(served) as page:
        await page.until(lambda: page.state["link"] == "online")
        await page.touch("start", intent="lookup")
        await page.touch("ask_agreement", ask=ask)
        await page.until(lambda: [n["code"] for n in page.state["notices"]] == [code])
        assert page.state["agreement"] is None
