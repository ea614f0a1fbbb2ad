"""How this machine is, for the heartbeat."""

import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from center.protocol.views import KioskHealth, LineCheck
from center.protocol.words import CameraStatus, EmptyDeskState


class HealthProbe:
    """Reads load and room; devices are asked through the callables."""

    def __init__(
        self,
        data: Path,
        camera: Callable[[], CameraStatus],
        page_alive: Callable[[], bool],
        spool_pages: Callable[[], int],
        empty_desk: Callable[[], EmptyDeskState],
    ) -> None:
        self._data, self._started = data, time.monotonic()
        self._camera, self._page_alive, self._spool_pages = camera, page_alive, spool_pages
        self._empty_desk = empty_desk
        self.line: LineCheck | None = None
        """The page's newest check; set by whoever hears it."""
        psutil.cpu_percent()

    def __call__(self) -> KioskHealth:
        """The machine now; load is the mean since the last call."""
        return KioskHealth(
            camera=self._camera(),
            page_alive=self._page_alive(),
            disk_free_mb=self.disk_free_mb(),
            spool_pages=self._spool_pages(),
            cpu_percent=min(100.0, psutil.cpu_percent()),
            memory_percent=psutil.virtual_memory().percent,
            uptime_s=int(time.monotonic() - self._started),
            version=package_version(),
            empty_desk=self._empty_desk(),
            line=self.line,
        )

    def disk_free_mb(self) -> int:
        """Room on the disk of the spool, MiB."""
        return psutil.disk_usage(str(self._data)).free // 2**20


def package_version() -> str:
    """The version that is installed."""
    try:
        return version("jiujin")
    except PackageNotFoundError:
        return "unknown"
