"""kill -9: what was committed is there, what was not is not, and the log goes on without a gap."""

import asyncio
import sys
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from center.services.ports import NewEvent
from center.store.unit_of_work import SqlWorks
from tests.support.patience import PATIENCE


async def test_a_killed_center_keeps_what_it_committed(
    engine: AsyncEngine, database: str, works: SqlWorks
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.store.committer", database,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
    finally:
        process.kill()
        await process.wait()
    assert said == b"committed one, began another\n"
    async with works() as work:
        event = NewEvent("happened", datetime.now(UTC), "center", {})
        await work.events.append("consultation:next", 0, [event])
        await work.commit()
        streams = [(entry.seq, entry.stream) for entry in await work.events.since(0)]
    assert streams == [(1, "consultation:kept"), (2, "consultation:next")]
