"""What the page measures of its line, on its way through the agent."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from center.protocol.quality import QualityReport
from kiosk.line import LINE_LIMIT
from tests.integration.kiosk.page import Hall, open_hall

CHECK = {
    "camera": "ok", "microphone": "nothing", "loudspeaker": "present", "round_trip_ms": 30,
    "loss": None, "down_kbps": 900, "up_kbps": 400, "relays": 0, "relays_reached": 0,
}  # fmt: skip
POINT = {
    "mos": 4.2, "loss": 0.0, "round_trip_ms": 20, "jitter_ms": 1, "received_kbps": 500,
    "sent_kbps": 500, "freezes": 0, "frozen_ms": 0, "level": "good",
}  # fmt: skip
RECORD = {"page_session": "p1", "number": 1, "at": "2026-11-22T08:00:00Z", "points": [POINT]}


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_hall(tmp_path) as hall:
        yield hall


async def test_findings_reach_the_center_and_bytes_are_handed_on_with_a_limit(hall: Hall) -> None:
    center = hall.center
    async with hall.agent() as served, hall.page(served) as page, ClientSession() as http:
        await page.on("home")
        await page.send("page.line_check", check=CHECK)
        await center.until(lambda: any(beat.health.line for beat in center.heartbeats))
        line = center.heartbeats[-1].health.line
        assert line is not None
        assert line.model_dump(mode="json") == CHECK
        await page.send("page.quality", consultation_id="c1", record=RECORD)
        await center.until(lambda: len(center.said(QualityReport)) == 1)
        (report,) = center.said(QualityReport)
        assert isinstance(report, QualityReport)
        assert (report.consultation_id, report.points[0].mos) == ("c1", 4.2)

        url = f"{served.origin}/line/data"
        async with http.post(url, data=bytes(LINE_LIMIT + 1)) as reply:
            assert reply.status == 413
        await center.stop()
        async with http.get(url, params={"bytes": "10"}) as reply:
            assert reply.status == 502
