"""Migrations and the demo city."""

import sys

from aiohttp import web

from center.app import create_app, open_store
from center.demo.city import DemoOnly
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
    """Fill the database with the demo city, as every start in demo mode does."""
    if not settings.demo:
        print(DemoOnly(), file=sys.stderr)
        return 2
    runner = web.AppRunner(create_app(settings))
    await runner.setup()
    await runner.cleanup()
    return 0
