"""What is old is looked through when its time has come, and not before."""

import asyncio
import gc
import weakref

from center.commands.garbage import collected_every
from tests.support.patience import PATIENCE


class Knot:
    """Refers to itself, so only the collector can take it away."""

    def __init__(self) -> None:
        self.itself = self


async def test_old_garbage_goes_when_its_time_has_come() -> None:
    gone = asyncio.Event()
    async with collected_every(0.01):
        knot = Knot()
        gc.collect(1)  # old by now
        weakref.finalize(knot, gone.set)
        del knot
        gc.collect(1)
        assert not gone.is_set()
        await asyncio.wait_for(gone.wait(), PATIENCE)


async def test_meanwhile_only_what_is_young_is_looked_through() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    async with collected_every(3600):
        assert gc.get_threshold()[:2] == before[:2]
        assert gc.get_threshold()[2] > 10_000_000
        assert gc.get_freeze_count() > frozen
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
