"""What media servers keep of reels, in folders that they share with the center.

    REEL.SEAT.PUBLICATION-video-1.mjr       with `.tmp` behind it until the server has closed it

The number is that of the slot. Such files are not encrypted: they are there only until the reel is
made of them.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from center.protocol.words import Track
from center.services.recording_ports import Take

CLOSED_WITHIN_S = 150.0
"""A file that is open for longer was left by a server that died, and is torn: what a center that
died has left goes on for two minutes (config/deploy/janus.jcfg)."""
LOOK_EVERY_S = 0.1

_NAME = re.compile(r"([^.]+)\.([^.]+)\.([^.]+)-(?:audio|video)-([0-2])\.mjr(\.tmp)?")


class Takes:
    """Those of all servers of this center."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def reels(self) -> set[str]:
        """Those that something was kept of."""
        return {found[1] for _, found in self._files("*")}

    async def of(self, reel_id: str) -> tuple[Take, ...]:
        """Everything of a reel that is not recorded any more."""
        loop = asyncio.get_running_loop()
        late = loop.time() + CLOSED_WITHIN_S
        # Looking again is all there is: a server closes its files and tells nobody.
        while any(found[5] for _, found in self._files(reel_id)) and loop.time() < late:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_EVERY_S)
        takes: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for path, found in self._files(reel_id):
            takes[found[2], found[3]][tuple(Track)[int(found[4])]] = str(path)
        return tuple(Take(seat, files) for (seat, _), files in sorted(takes.items()))

    def delete(self, reel_id: str) -> None:
        """Take them off the disk."""
        for path, _ in self._files(reel_id):
            path.unlink(missing_ok=True)

    def _files(self, reel_id: str) -> Iterator[tuple[Path, re.Match[str]]]:
        for folder in self._folders:
            for path in sorted(folder.glob(f"{reel_id}.*")):
                if found := _NAME.fullmatch(path.name):
                    yield path, found
