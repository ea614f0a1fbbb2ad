"""The center that kiosks of these tests speak to."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.center import CenterDouble


@pytest.fixture
async def center() -> AsyncIterator[CenterDouble]:
    double = CenterDouble()
    await double.start()
    yield double
    await double.stop()
