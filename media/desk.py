"""The document camera as a video track: always the newest picture, never a queue of old ones."""

import asyncio
from collections.abc import Callable
from fractions import Fraction

from aiortc import VideoStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import VideoFrame

from config.settings import MediaSettings
from media.letterbox import Picture, letterbox

CLOCK_RATE = 90_000


class DeskTrack(VideoStreamTrack):
    """Asks `newest` for a picture (h, w, 3; BGR; null when there is none) at each frame.

    A sender that falls behind loses frames; it never gets late ones. While nobody `need`s any there
    are none, and the connection stays.
    """

    def __init__(self, newest: Callable[[], Picture | None], settings: MediaSettings) -> None:
        super().__init__()
        self._newest = newest
        self._period = 1.0 / settings.desk_fps
        self._size = (settings.desk_width, settings.desk_height)
        self._begin: float | None = None
        self._last = -1.0
        self._needed = asyncio.Event()
        self._needed.set()

    def need(self, *, on: bool) -> None:
        """Whether anybody looks; from the first frame on somebody does."""
        (self._needed.set if on else self._needed.clear)()

    async def recv(self) -> VideoFrame:
        """The next frame, when its time has come.

        Raises:
            MediaStreamError: the track was stopped.
        """
        await self._needed.wait()
        moment = await self._next_moment()
        loop = asyncio.get_running_loop()
        frame = await loop.run_in_executor(None, self._frame)
        frame.pts = round(moment * CLOCK_RATE)
        frame.time_base = Fraction(1, CLOCK_RATE)
        return frame

    async def _next_moment(self) -> float:
        if self.readyState != "live":
            raise MediaStreamError
        now = asyncio.get_running_loop().time()
        if self._begin is None:
            self._begin = now
        elapsed = now - self._begin
        moment = max(self._last + self._period, elapsed)
        if self._last < 0:
            moment = 0.0
        await asyncio.sleep(moment - elapsed)
        self._last = moment
        return moment

    def _frame(self) -> VideoFrame:
        return VideoFrame.from_ndarray(letterbox(self._newest(), *self._size), format="bgr24")
