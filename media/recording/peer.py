"""The recorder's end of one peer's connection: takes everything, sends nothing."""

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceServer,
    RTCIceTransportPolicy,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.exceptions import InvalidAccessError, InvalidStateError
from aiortc.rtp import RtpPacket
from aiortc.sdp import candidate_from_sdp

from media.recording.frames import TrackFrames, Wish
from media.recording.journal import Journal, Kind, Record, ntp_bytes, write_chunks
from media.recording.orders import Candidate
from media.recording.rtp import Codec, Frame
from media.recording.sealed import DiskFullError, SealedWriter
from media.recording.tap import Tap, accepted, allow_vp9

log = logging.getLogger(__name__)

TICK_S = 0.1
SILENT_S = 5.0
REPORT_EVERY_S = 0.4
"""Sender reports kept of a track; libwebrtc sends one a second, a flood keeps to this."""
MAX_WAITING = 32 << 20
"""Bytes that may wait for a slow disk."""
HANGS_S = 8.0
"""How long the disk may take to write what is due."""
MAX_TRACKS = 16
"""Tracks of an offer; and of a connection over its life, changes of codec and source included."""

MAX_SDP = 200_000
_OFFERED = re.compile(r"^m=(audio|video) ", re.MULTILINE)

_REFUSALS = (
    *(IndexError, KeyError, AssertionError, AttributeError),  # aiortc's parser on nonsense
    *(InvalidAccessError, InvalidStateError),
)


@dataclass(frozen=True, slots=True)
class Reach:
    """How peers are reached: relays, and whether nothing goes without one."""

    servers: Sequence[RTCIceServer] = ()
    relay_only: bool = False


DIRECT = Reach()
ALL, RELAY = RTCIceTransportPolicy.ALL, RTCIceTransportPolicy.RELAY

Clock = Callable[[], float]
"""Seconds since the recording began."""


class State(StrEnum):
    """How recording a peer goes; all but the first two and `ENDED` are for the alarm."""

    WAITING = "waiting"
    RECORDING = "recording"
    ENDED = "ended"
    SILENT = "silent"
    """Nothing came for five seconds."""
    LOST = "lost"
    """The connection is gone and nobody said that it should be."""
    DISK_FULL = "disk_full"
    DISK_SLOW = "disk_slow"
    DISK_FAILED = "disk_failed"


SPEAKING = frozenset({State.WAITING, State.RECORDING})
RUNNING = SPEAKING | {State.SILENT}


class PeerRecorder:
    """Keeps one connection of a peer in one journal. `changed` hears every new state."""

    def __init__(
        self, writer: SealedWriter, clock: Clock, changed: Callable[[State], None]
    ) -> None:
        allow_vp9()
        self._writer, self._clock, self._changed = writer, clock, changed
        self._connection: RTCPeerConnection | None = None
        self._sinks: list[_Track] = []
        self._names: dict[str, str] = {}
        self._numbers: dict[tuple[str, Codec, int], int] = {}
        self._ticking: asyncio.Task[None] | None = None
        self._closed, self._turn = asyncio.Event(), asyncio.Lock()
        self._heard = clock()
        self._writing: float | None = None
        self.journal = Journal()
        self.state = self._told = State.WAITING
        self._failed: State | None = None

    async def answer(self, sdp: str, names: Mapping[str, str], reach: Reach = DIRECT) -> str:
        """Answer an offer, or a later one on the same connection, with all candidates inside.
        `names` tells what the tracks show, by `mid`.

        Raises:
            ValueError: the offer cannot be answered.
        """
        offered = _OFFERED.findall(sdp)
        if not 0 < len(offered) <= MAX_TRACKS or len(sdp) > MAX_SDP:
            raise ValueError("the offer has no tracks, or too many, or is too long")
        async with self._turn:
            self._names.update(names)
            connection = self._connection or self._connect(reach)
            _expect(connection, offered)
            return await self._answer(connection, sdp)

    async def add_candidates(self, candidates: Iterable[Candidate]) -> None:
        """Ways to the peer that were found after its offer.

        Names of multicast DNS are left out: the peer's own checks show where it is.

        Raises:
            ValueError: one of them cannot be read.
        """
        async with self._turn:
            for told in candidates:
                if self._connection is None or not told.candidate or ".local " in told.candidate:
                    continue
                try:
                    found = candidate_from_sdp(told.candidate.removeprefix("candidate:"))
                    found.sdpMid, found.sdpMLineIndex = told.sdpMid, told.sdpMLineIndex
                    await self._connection.addIceCandidate(found)
                except _REFUSALS as error:
                    raise ValueError(f"candidate refused: {error!r}") from error

    async def _answer(self, connection: RTCPeerConnection, sdp: str) -> str:
        try:
            await connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
            await connection.setLocalDescription(await connection.createAnswer())
        except _REFUSALS as error:
            raise ValueError(f"offer refused: {error!r}") from error
        return connection.localDescription.sdp

    async def end(self, state: State = State.ENDED) -> None:
        """Hang up, write the rest, close the journal, and only then say so."""
        if self.state not in RUNNING:
            await self._closed.wait()
            return
        self.state = state = self._failed or state
        if self._ticking is not None and self._ticking is not asyncio.current_task():
            await self._ticking  # it may be writing
        if self._connection is not None:
            await self._connection.close()
        await self._last_words()
        self._closed.set()
        self._tell(state)

    def keep(self, name: str, source: int, frame: Frame) -> None:
        """Note a frame of the track called `name`, from its `source`-th source."""
        number = self._number(name, frame.codec, source)
        if number is None or self.state not in RUNNING or self._too_much():
            return
        now = self._clock()
        if self.state is not State.RECORDING:
            self._become(State.RECORDING)
        self._heard = now
        kind = Kind.KEY_FRAME if frame.key else Kind.FRAME
        self.journal.add(Record(kind, number, frame.time, now, frame.data))

    def keep_report(self, number: int, time: int, ntp: int) -> None:
        """Note what a sender report says of track `number`."""
        if self.state in RUNNING and not self._too_much():
            self.journal.add(Record(Kind.REPORT, number, time, self._clock(), ntp_bytes(ntp)))

    def number(self, name: str, source: int) -> int | None:
        """The newest track number of a source; null when nothing of it was kept yet."""
        mine = [n for (of, _, which), n in self._numbers.items() if (of, which) == (name, source)]
        return max(mine, default=None)

    def _connect(self, reach: Reach) -> RTCPeerConnection:
        # No servers must be said: null means a public one. BALANCED leaves a second video on the
        # transport of the first, which bundling then stops.
        connection = RTCPeerConnection(
            RTCConfiguration(
                iceServers=list(reach.servers),
                bundlePolicy=RTCBundlePolicy.MAX_BUNDLE,
                iceTransportPolicy=RELAY if reach.relay_only else ALL,
            )
        )
        connection.on("track", partial(self._on_track, connection))
        connection.on("connectionstatechange", self._on_connection)
        self._connection = connection
        self._ticking = asyncio.get_running_loop().create_task(self._tick())
        return connection

    def _on_track(self, connection: RTCPeerConnection, track: MediaStreamTrack) -> None:
        found = next(t for t in connection.getTransceivers() if t.receiver.track is track)
        mid = str(found.mid)
        sink = _Track(self, self._names.get(mid, mid), track.kind, self._clock)
        sink.tap = Tap(found.receiver, sink)
        self._sinks.append(sink)

    async def _on_connection(self) -> None:
        if self._connection and self._connection.connectionState in {"failed", "closed"}:
            await self.end(State.LOST)

    async def _tick(self) -> None:
        """Time passing: what is given up, asked for again, written, missed."""
        while self.state in RUNNING and self._failed is None:
            await asyncio.sleep(TICK_S)
            try:
                await self._pass_time()
            except Exception:
                log.exception("a recording does not go on; it begins anew")
                self._failed = State.LOST
        if self._failed and self.state in RUNNING:
            await self.end(self._failed)

    async def _pass_time(self) -> None:
        for sink in self._sinks:
            await sink.pass_time()
        if self._clock() - self._heard > SILENT_S and self.state in SPEAKING:
            self._become(State.SILENT)
        await self._flush()

    async def _flush(self) -> None:
        """Write what is due."""
        now = self._clock()
        if not self.journal.due(now):
            return
        self._writing = now
        try:
            await asyncio.to_thread(write_chunks, self._writer, self.journal.take(now))
        except DiskFullError:
            self._failed = State.DISK_FULL
        except OSError:
            log.exception("a recording cannot be written")
            self._failed = State.DISK_FAILED
        finally:
            self._writing = None

    def _too_much(self) -> bool:
        """Whether the disk is hopelessly behind, which is said while it still hangs."""
        hangs = self._writing is not None and self._clock() - self._writing > HANGS_S
        if hangs or self.journal.waiting > MAX_WAITING:
            self._failed = State.DISK_SLOW
            self._tell(State.DISK_SLOW)
        return self._failed is not None

    async def _last_words(self) -> None:
        now = self._clock()
        self.journal.fact(
            now,
            fact="ended",
            cause=self.state,
            lost={sink.name: sink.frames.lost for sink in self._sinks},
            strangers=sum(s.frames.strangers + s.tap.refused for s in self._sinks),
        )
        try:
            await asyncio.to_thread(write_chunks, self._writer, self.journal.take(now))
            await asyncio.to_thread(self._writer.close)
        except Exception:
            log.exception("the end of a recording could not be written; it is kept up to there")
            self._writer.abandon()

    def _number(self, name: str, codec: Codec, source: int) -> int | None:
        which = name, codec, source
        if which not in self._numbers and len(self._numbers) < MAX_TRACKS:
            self._numbers[which] = number = len(self._numbers) + 1
            self.journal.fact(self._clock(), fact="track", number=number, name=name, codec=codec)
        return self._numbers.get(which)

    def _become(self, state: State) -> None:
        self.state = state
        self._tell(state)

    def _tell(self, state: State) -> None:
        if state is not self._told:
            self._told = state
            self._changed(state)


def _expect(connection: RTCPeerConnection, offered: list[str]) -> None:
    """Have a transceiver for each medium of the offer before it is set, in its order: the first
    one's transport is the one they share, and of video only what WebM can hold is accepted."""
    for kind in offered[len(connection.getTransceivers()) :]:
        transceiver = connection.addTransceiver(kind, direction="recvonly")
        if kind == "video":
            transceiver.setCodecPreferences(accepted())


class _Track:
    """The sink of one track."""

    tap: Tap

    def __init__(self, peer: PeerRecorder, name: str, kind: str, clock: Clock) -> None:
        self.name = name
        self._peer, self._clock = peer, clock
        self._reported = float("-inf")
        self.frames = TrackFrames(kind, self._codec)

    def packet(self, packet: RtpPacket) -> None:
        for frame in self.frames.add(packet, self._clock()):
            self._peer.keep(self.name, self.frames.sources, frame)

    def report(self, ssrc: int, time: int, ntp: int) -> None:
        now = self._clock()
        number = self._peer.number(self.name, self.frames.sources)
        too_soon = now - self._reported < REPORT_EVERY_S
        if number is None or not ntp or too_soon or ssrc != self.frames.ssrc:
            return
        self._reported = now
        self._peer.keep_report(number, self.frames.time(time), ntp)

    def wish(self) -> Wish | None:
        return self.frames.wish(self._clock())

    async def pass_time(self) -> None:
        """Give up what is late, ask for what is missing."""
        for frame in self.frames.release(self._clock()):
            self._peer.keep(self.name, self.frames.sources, frame)
        await self.tap.ask()

    def _codec(self, payload_type: int) -> Codec | None:
        return self.tap.codec(payload_type)
