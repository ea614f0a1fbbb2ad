"""A center's process for the durability test: commits, says so, and waits to be killed."""

import asyncio
import sys
from datetime import UTC, datetime

from center.services.ports import NewEvent
from center.store.cipher import Cipher
from center.store.engine import open_engine
from center.store.unit_of_work import SqlWorks


async def main(url: str) -> None:
    works = SqlWorks(open_engine(url), Cipher(b"k" * 32))
    event = NewEvent("happened", datetime.now(UTC), "center", {})
    async with works() as work:
        await work.events.append("consultation:kept", 0, [event])
        await work.commit()
    async with works() as work:
        await work.events.append("consultation:lost", 0, [event])
        print("committed one, began another", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
