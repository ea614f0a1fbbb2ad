"""From the desk's newest frame to a page in the spool."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import cv2

from center.protocol.rest import PageRecord, Quad
from center.protocol.words import CameraStatus
from kiosk.desk import CameraFrame, Desk
from kiosk.journey import events
from kiosk.spool import DiskFullError, PagePictures, Spool, SpooledPage, VisitClosedError
from kiosk.words import NoticeCode

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scan:
    """A page as the scanner hands it over; width and height are of the clean picture."""

    sha256: str
    pictures: PagePictures
    clean_sha256: str
    width: int
    height: int
    quad: Quad | None
    sharpness: float
    verdict: tuple[str, ...]
    codes: tuple[str, ...]


class ScanFailedError(Exception):
    """The picture is no page."""


CAMERA_NOTICE = {
    CameraStatus.MISSING: NoticeCode.CAMERA_MISSING,
    CameraStatus.UNPLUGGED: NoticeCode.CAMERA_UNPLUGGED,
    CameraStatus.DARK: NoticeCode.CAMERA_DARK,
    CameraStatus.STALLED: NoticeCode.CAMERA_STALLED,
}


class Capture:
    """Takes pages; `scan` blocks and raises `ScanFailedError`."""

    def __init__(
        self,
        desk: Desk,
        spool: Spool,
        scan: Callable[[bytes], Scan],
        now: Callable[[], datetime],
    ) -> None:
        self._desk, self._spool, self._scan, self._now = desk, spool, scan, now

    async def take(self, visit_id: str) -> events.PageCaptured | events.CaptureFailed:
        """A page of what lies on the desk from now on, or why there is none."""
        taken = await self._take(visit_id)
        if isinstance(taken, events.PageCaptured):
            self._desk.took()
        else:
            self._desk.rearm()
        return taken

    async def _take(self, visit_id: str) -> events.PageCaptured | events.CaptureFailed:
        frame = await asyncio.to_thread(self._desk.fresh)
        if frame is None:
            code = CAMERA_NOTICE.get(self._desk.status, NoticeCode.CAPTURE_FAILED)
            return events.CaptureFailed(visit_id, code)
        try:
            scan = await asyncio.to_thread(lambda: self._scan(_original(frame)))
            await asyncio.to_thread(self._keep, visit_id, scan, self._now())
        except DiskFullError as error:
            log.warning("no room for a page: %s", error)
            return events.CaptureFailed(visit_id, NoticeCode.DISK_FULL)
        except (ScanFailedError, VisitClosedError, OSError) as error:
            log.warning("no page: %r", error)
            return events.CaptureFailed(visit_id, NoticeCode.CAPTURE_FAILED)
        return events.PageCaptured(visit_id, scan.sha256, scan.verdict)

    def _keep(self, visit_id: str, scan: Scan, at: datetime) -> None:
        record = PageRecord(
            captured_at=at,
            clean_sha256=scan.clean_sha256,
            preview_sha256=sha256(scan.pictures.preview).hexdigest(),
            width=scan.width,
            height=scan.height,
            quad=scan.quad,
            sharpness=scan.sharpness,
            verdict=scan.verdict[:10],
            codes=scan.codes[:20],
        )
        page = SpooledPage(
            visit_id=visit_id,
            sha256=scan.sha256,
            ordinal=self._spool.next_ordinal(visit_id),
            record=record,
        )
        self._spool.put(page, scan.pictures)


def _original(frame: CameraFrame) -> bytes:
    """The camera's own bytes; a camera without any gets the finest JPEG, once."""
    if frame.jpeg is not None:
        return frame.jpeg
    return cv2.imencode(".jpg", frame.image, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
