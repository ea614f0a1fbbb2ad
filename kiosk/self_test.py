"""What only the agent can look at for a technician: document camera, disk, clock, relays.

The page looks at the rest with the same code as before a call, and its findings go to the center
with the heartbeats, as always.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import ClientError
from pydantic import ValidationError

from center.protocol.views import IceServer
from center.protocol.words import CameraStatus
from kiosk.center import Center, RefusedError
from kiosk.clock import KioskClock
from kiosk.desk import RETRY_S, CameraFrame, Desk
from kiosk.devices import EmptyDesk
from kiosk.health import HealthProbe
from kiosk.link import Link
from kiosk.self_test_messages import MachineFound
from kiosk.words import LinkState

log = logging.getLogger(__name__)

RELAYS_S = 1.5
"""The center names its relays within this time, or it counts as gone."""
CAMERA_S = 4.0
"""How long a picture is waited for; the camera was switched on when the code was asked for."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What is looked at; `disk_reserve_mb` is the room that the spool leaves alone."""

    desk: Desk
    center: Center
    health: HealthProbe
    link: Link
    clock: KioskClock
    empty_desk: EmptyDesk
    disk_reserve_mb: int


class SelfTest:
    """`show` hands findings to the page; `goes_on` says that the technician is still there."""

    def __init__(
        self, machine: Machine, show: Callable[[MachineFound], None], goes_on: Callable[[], bool]
    ) -> None:
        self._machine, self._show, self._goes_on = machine, show, goes_on

    async def run(self, number: int, *, empty_desk: bool = False) -> None:
        """Look once; the page does not wait for the camera to try its line. `empty_desk`: nothing
        lies there, and so it is to be remembered."""
        camera = asyncio.create_task(self._camera(empty_desk=empty_desk))
        machine = self._machine
        online = machine.link.state is LinkState.ONLINE
        found = MachineFound(
            run=number,
            camera=None,
            ice_servers=await self._relays(),
            empty_desk=machine.empty_desk.state,
            empty_desk_since=machine.empty_desk.since,
            disk_free_mb=machine.health.disk_free_mb(),
            disk_reserve_mb=machine.disk_reserve_mb,
            clock_skew_s=machine.clock.skew.total_seconds() if online else None,
        )
        self._show(found)
        seen, desk = await camera, machine.empty_desk
        now = {"camera": seen, "empty_desk": desk.state, "empty_desk_since": desk.since}
        self._show(found.model_copy(update=now))

    async def _relays(self) -> tuple[IceServer, ...] | None:
        try:
            async with asyncio.timeout(RELAYS_S):
                return await self._machine.center.relays()
        except (RefusedError, ClientError, OSError, TimeoutError, ValidationError) as error:
            log.info("no relays: %r", error)
            return None

    async def _camera(self, *, empty_desk: bool) -> CameraStatus:
        """Only a picture taken now says that the camera works."""
        desk = self._machine.desk
        frame = await asyncio.to_thread(self._frame)
        if frame is None:
            return CameraStatus.STALLED if desk.status is CameraStatus.OK else desk.status
        # Meanwhile the technician may have gone, and a resident have come with papers.
        if empty_desk and self._goes_on():
            try:
                await asyncio.to_thread(self._machine.empty_desk.keep, frame.preview)
            except OSError as error:
                log.warning("the empty desk is not remembered: %s", error)
        return CameraStatus.OK

    def _frame(self) -> CameraFrame | None:
        """In a thread."""
        desk, ends = self._machine.desk, time.monotonic() + CAMERA_S
        while (left := ends - time.monotonic()) > 0:
            if (frame := desk.fresh(left)) is not None:
                return frame
            time.sleep(min(left, RETRY_S))  # what it was before says nothing; it is opened anew
        return None
