"""Migrations and the demo city."""

import sys

from center.app import open_store
from center.demo.city import seed as seed_city
from center.services.clock import SystemClock
from center.store import schema
from center.store.engine import open_engine
from config.settings import Settings


async def migrate(settings: Settings, action: str) -> int:
    """`upgrade` the configured database; `check` that migrations make what the models say."""
    if action == "upgrade":
        async with open_store(settings):
            print("the database is up to date")
        return 0
    engine = open_engine("sqlite+aiosqlite://")
    try:
        await schema.upgrade(engine)
        differences = await schema.check(engine)
    finally:
        await engine.dispose()
    for difference in differences:
        print(difference, file=sys.stderr)
    return 1 if differences else 0


async def seed(settings: Settings) -> int:
    """Fill an empty database with the demo city; refused outside demo mode."""
    if not settings.demo:
        print("the demo city has known passwords: set JIUJIN_DEMO=true", file=sys.stderr)
        return 2
    async with open_store(settings) as store:
        await seed_city(store.works, SystemClock())
    return 0
