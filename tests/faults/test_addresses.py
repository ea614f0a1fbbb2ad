"""A kiosk whose address goes away does not wait for TCP to notice."""

import asyncio
import subprocess
from collections.abc import AsyncIterator

import pytest

from kiosk.addresses import AddressWatch, is_ours
from tests.support.patience import PATIENCE

ADDRESS = "127.77.3.9"


def _address(action: str) -> None:
    command = f"ip address {action} {ADDRESS}/32 dev lo"
    subprocess.run(command.split(), check=True, capture_output=True)


@pytest.fixture
async def changes() -> AsyncIterator[asyncio.Semaphore]:
    told = asyncio.Semaphore(0)
    watch = AddressWatch(told.release)
    watch.open()
    try:
        yield told
    finally:
        watch.close()


async def test_the_kernel_tells_of_addresses_that_come_and_go(changes: asyncio.Semaphore) -> None:
    for action, ours in (("add", True), ("del", False)):
        _address(action)
        await asyncio.wait_for(changes.acquire(), PATIENCE)
        assert is_ours(ADDRESS) is ours
