"""One medium that Janus recorded, as the records of a journal.

Janus keeps no sender reports. In their place stands, once a second, the frame that came soonest:
nothing arrives before it was sent, so the one with the least delay tells the sender's clock best.
"""

import json
from collections.abc import Iterator

from media.recording.export import RATES
from media.recording.frames import TrackFrames
from media.recording.journal import Kind, Record, ntp_bytes
from media.recording.mjr import Mjr
from media.recording.rtp import Codec, Frame

REPORT_S = 1.0


class MjrTrack:
    """One file of Janus; `name` is what it shows, `begun_us` when the recording began."""

    def __init__(self, name: str, mjr: Mjr, begun_us: int) -> None:
        self.name, self._mjr = name, mjr
        self.now = self._since = (mjr.info.written_us - begun_us) / 1e6
        self._type: int | None = None
        self._frames = TrackFrames("video" if mjr.info.medium == "v" else "audio", self._codec)
        self._rate = RATES[mjr.info.codec]

    @property
    def whole(self) -> bool:
        """Whether no damage was met so far."""
        return self._mjr.whole

    def records(self, numbers: Iterator[int]) -> Iterator[Record]:
        """Everything of it in the order of arrival; each source takes one of `numbers`."""
        source, number, soonest = 0, None, _Soonest(self._rate)
        for frame in self._arrivals():
            if self._frames.sources != source:
                source, number = self._frames.sources, next(numbers, None)
                soonest = _Soonest(self._rate)
                if number is not None:
                    yield self._begins(number)
            if number is not None:
                kind = Kind.KEY_FRAME if frame.key else Kind.FRAME
                yield Record(kind, number, frame.time, self.now, frame.data)
                yield from soonest.add(number, frame, self.now)

    def _arrivals(self) -> Iterator[Frame]:
        for at, packet in self._mjr.packets():
            self.now = self._since + at
            if self._type is None:
                self._type = packet.payload_type
            yield from self._frames.add(packet, self.now)
        yield from self._frames.release(float("inf"))

    def _begins(self, number: int) -> Record:
        fact = {"fact": "track", "number": number, "name": self.name, "codec": self._mjr.info.codec}
        return Record(Kind.FACT, 0, 0, self.now, json.dumps(fact, ensure_ascii=False).encode())

    def _codec(self, payload_type: int) -> Codec | None:
        """A file is of one codec; with another type come repairs that nobody asked for."""
        return self._mjr.info.codec if payload_type == self._type else None


class _Soonest:
    """Says once a second which RTP time it is, by the frame of that second with least delay."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._begin: float | None = None
        self._ahead = float("-inf")

    def add(self, number: int, frame: Frame, now: float) -> Iterator[Record]:
        """Note a frame; the report, when it is time for one."""
        if self._begin is None:
            self._begin = now
        self._ahead = max(self._ahead, frame.time / self._rate - now)
        if now - self._begin < REPORT_S:
            return
        time = round((now + self._ahead) * self._rate)
        yield Record(Kind.REPORT, number, time, now, ntp_bytes(round(now * (1 << 32))))
        self._begin, self._ahead = now, float("-inf")
