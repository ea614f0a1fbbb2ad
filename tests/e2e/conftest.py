"""One browser for all pages that are looked at by themselves: starting it takes longer than most
of these tests. Tests that share it, and what they use, run in the event loop of the session.

Tests of calls have browsers of their own.
"""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.support.chromium import chromium


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def browser(shared_browser: Browser) -> AsyncIterator[Browser]:
    """Left without a window: each test opens contexts of its own, which share nothing."""
    yield shared_browser
    for context in shared_browser.contexts:
        await context.close()
