"""Simulated kiosks for the demo: real keys and sockets, heartbeats, and nobody before them."""

import asyncio
import logging
from pathlib import Path

from aiohttp import ClientSession
from pydantic import BaseModel, ConfigDict

from center.protocol.base import Id
from center.protocol.words import CameraStatus, EmptyDeskState
from config.settings import KioskSettings
from kiosk import identity
from kiosk.clock import KioskClock
from kiosk.health import HealthProbe
from kiosk.link import Link

log = logging.getLogger(__name__)


class FleetMember(BaseModel):
    """One kiosk; it needs a code only while it has no identity."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kiosk_id: Id
    code: str | None = None


class Fleet(BaseModel):
    """The file that `python -m kiosk fleet FILE` reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    center: str
    data: Path
    kiosks: tuple[FleetMember, ...]


async def run(fleet: Fleet, settings: KioskSettings) -> None:
    """All kiosks at once, until cancelled; one that cannot enrol is logged and left out."""
    settings = settings.model_copy(update={"center": fleet.center})
    async with ClientSession() as http, asyncio.TaskGroup() as tasks:
        for member in fleet.kiosks:
            tasks.create_task(_live(http, fleet.data / member.kiosk_id, member, settings))


async def _live(
    http: ClientSession, folder: Path, member: FleetMember, settings: KioskSettings
) -> None:
    try:
        who = identity.load(folder)
    except identity.NotEnrolledError:
        try:
            who = await identity.enrol(http, settings.center, member.code or "", folder)
        except identity.EnrolmentRefusedError as error:
            log.error("%s cannot enrol: %s", member.kiosk_id, error)  # noqa: TRY400
            return
    probe = HealthProbe(
        folder,
        lambda: CameraStatus.OK,
        lambda: True,
        lambda: 0,
        lambda: EmptyDeskState.NOT_SHOWN,
    )
    await Link(http, who, settings, KioskClock(), probe).run()
