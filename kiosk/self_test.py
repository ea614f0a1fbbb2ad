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
from kiosk.desk import RETRY_S, Desk
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
    disk_reserve_mb: int


class SelfTest:
    """`show` hands findings to the page."""

    def __init__(self, machine: Machine, show: Callable[[MachineFound], None]) -> None:
        self._machine, self._show = machine, show

    async def run(self, number: int) -> None:
        """Look once; the page does not wait for the camera to try its line."""
        camera = asyncio.create_task(asyncio.to_thread(self._camera))
        machine = self._machine
        online = machine.link.state is LinkState.ONLINE
        found = MachineFound(
            run=number,
            camera=None,
            ice_servers=await self._relays(),
            disk_free_mb=machine.health.disk_free_mb(),
            disk_reserve_mb=machine.disk_reserve_mb,
            clock_skew_s=machine.clock.skew.total_seconds() if online else None,
        )
        self._show(found)
        self._show(found.model_copy(update={"camera": await camera}))

    async def _relays(self) -> tuple[IceServer, ...] | None:
        try:
            async with asyncio.timeout(RELAYS_S):
                return await self._machine.center.relays()
        except (RefusedError, ClientError, OSError, TimeoutError, ValidationError) as error:
            log.info("no relays: %r", error)
            return None

    def _camera(self) -> CameraStatus:
        """In a thread: only a picture taken now says that the camera works."""
        desk, ends = self._machine.desk, time.monotonic() + CAMERA_S
        while (left := ends - time.monotonic()) > 0:
            if desk.fresh(left) is not None:
                return CameraStatus.OK
            time.sleep(min(left, RETRY_S))  # what it was before says nothing; it is opened anew
        return CameraStatus.STALLED if desk.status is CameraStatus.OK else desk.status
