"""The empty desk as a technician showed it, kept so that papers are told from what shines on it
for as long as the camera looks at it as it did then.

The picture is so small that nobody could read anything on it, even if something had been left
lying there.
"""

import itertools
import logging
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from center.protocol.words import EmptyDeskState
from kiosk.desk_doubt import Doubt
from scanner.detect.mat import SIDE, Mat
from scanner.detect.moved import DeskEdges, DeskSeen

log = logging.getLogger(__name__)

Picture = NDArray[np.uint8]


class BareDesk:
    """Two files in the kiosk's folder: the picture, and a mark that it holds no more."""

    def __init__(self, folder: Path) -> None:
        self._file, self._mark = folder / "bare-desk.png", folder / "bare-desk.moved"
        self._doubt = Doubt(moved=self._mark.exists())
        self._visits = itertools.count(1)

    def keep(self, picture: Picture) -> None:
        """From now on the desk looks like this (h, w, 3; BGR). Raises OSError."""
        small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        fresh = self._file.with_suffix(".new")
        fresh.write_bytes(cv2.imencode(".png", small)[1].tobytes())
        fresh.replace(self._file)
        self._believe(Doubt())

    @property
    def since(self) -> datetime | None:
        """When it was shown, by the machine's clock; None when nobody has."""
        try:
            return datetime.fromtimestamp(self._file.stat().st_mtime, UTC)
        except FileNotFoundError:
            return None

    @property
    def state(self) -> EmptyDeskState:
        """What the office is told."""
        if self.since is None:
            return EmptyDeskState.NOT_SHOWN
        return EmptyDeskState.MOVED if self._doubt.moved else EmptyDeskState.KNOWN

    def mat(self) -> Mat | None:
        """What the scanner is told; None when there is no such picture, or it holds no more."""
        picture = None if self._doubt.moved else self._picture()
        return None if picture is None else Mat.of(picture)

    def edges(self) -> DeskEdges | None:
        """What a look compares with; None when there is no such picture."""
        picture = self._picture()
        return None if picture is None else DeskEdges.of(picture)

    def visit(self) -> int:
        """The number of another visit."""
        return next(self._visits)

    def looked(self, seen: DeskSeen, visit: int) -> None:
        """A look at the desk in this visit."""
        self._believe(self._doubt.after(seen, visit))

    def _believe(self, doubt: Doubt) -> None:
        before, self._doubt = self._doubt, doubt
        if doubt.moved is before.moved:
            return
        log.warning("the document camera %s", "was moved" if doubt.moved else "is where it was")
        try:
            self._mark.touch() if doubt.moved else self._mark.unlink(missing_ok=True)
        except OSError as error:
            log.warning("that is forgotten when the agent ends: %s", error)

    def _picture(self) -> Picture | None:
        picture = cv2.imread(str(self._file)) if self._file.exists() else None
        return None if picture is None else np.asarray(picture, np.uint8)
