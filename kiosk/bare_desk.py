"""The empty desk as a technician showed it, kept so that papers are told from what shines on it.

The picture is so small that nobody could read anything on it, even if something had been left
lying there.
"""

from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.detect.mat import SIDE, Mat


class BareDesk:
    """One file in the kiosk's folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "bare-desk.png"

    def keep(self, picture: NDArray[np.uint8]) -> None:
        """From now on the desk looks like this (h, w, 3; BGR). Raises OSError."""
        small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        fresh = self._file.with_suffix(".new")
        fresh.write_bytes(cv2.imencode(".png", small)[1].tobytes())
        fresh.replace(self._file)

    @property
    def since(self) -> datetime | None:
        """When it was shown, by the machine's clock; None when nobody has."""
        try:
            return datetime.fromtimestamp(self._file.stat().st_mtime, UTC)
        except FileNotFoundError:
            return None

    def mat(self) -> Mat | None:
        """What the scanner is told; None when there is no such picture, or none any more."""
        picture = cv2.imread(str(self._file)) if self._file.exists() else None
        return None if picture is None else Mat.of(np.asarray(picture, np.uint8))
