"""The recording of a room: a peer of its own in the call, with a journal for each who agreed."""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from media.recording.manifest import Consent
from media.recording.orders import Candidate
from media.recording.peer import DIRECT, RUNNING, Clock, PeerRecorder, Reach, State
from media.recording.sealed import SealedWriter


class NotAgreedError(PermissionError):
    """Nobody is recorded who has not agreed."""


def _since_now() -> Clock:
    begin = time.monotonic()
    return lambda: time.monotonic() - begin


class Recording:
    """One recording; its files lie in `folder`, which must not exist.

    `changed` is called with a peer and its new state; `media.recording.peer.State` says which of
    them are for the alarm.

    Raises:
        FileExistsError: there is a recording of this name.
    """

    def __init__(
        self,
        folder: Path,
        key: bytes,
        room: str,
        changed: Callable[[str, State], None],
    ) -> None:
        folder.mkdir(parents=True, mode=0o700)
        self._folder, self._key, self._room = folder, key, room
        self._changed = changed
        self._started_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._clock = _since_now()
        self._peers: dict[str, PeerRecorder] = {}
        self._count = 0

    async def answer(
        self,
        consent: Consent,
        sdp: str,
        names: Mapping[str, str] | None = None,
        reach: Reach = DIRECT,
    ) -> str:
        """Take a peer's offer. A later offer of the same peer belongs to the same connection while
        that runs, which goes on when it is refused; `hang_up` comes before a new connection.

        Raises:
            NotAgreedError: the consent says nothing.
            ValueError: the offer cannot be answered.
            DiskFullError: there is no room to begin.
        """
        if not consent.at:
            raise NotAgreedError(consent.peer)
        peer = self._peers.get(consent.peer)
        fresh = peer is None or peer.state not in RUNNING
        if peer is None or fresh:
            peer = self._peers[consent.peer] = self._begin(consent)
        try:
            return await peer.answer(sdp, names or {}, reach)
        except ValueError:
            if fresh:
                await peer.end()
            raise

    async def add_candidates(self, peer: str, candidates: Iterable[Candidate]) -> None:
        """Ways to a peer found after its offer; of one that is not recorded (any more) nothing.

        Raises:
            ValueError: one of them cannot be read.
        """
        recorder = self._peers.get(peer)
        if recorder is not None and recorder.state in RUNNING:
            await recorder.add_candidates(candidates)

    async def hang_up(self, peer: str) -> None:
        """This peer is not recorded any more: it left, or comes again."""
        recorder = self._peers.get(peer)
        if recorder is not None:
            await recorder.end()

    async def stop(self) -> None:
        """Nobody is recorded any more; `finish` may follow."""
        for peer in list(self._peers):
            await self.hang_up(peer)

    def _begin(self, consent: Consent) -> PeerRecorder:
        self._count += 1
        name = f"{self._count:03}.journal"
        writer = SealedWriter(self._folder / name, self._key, f"{self._folder.name}/{name}")
        recorder = PeerRecorder(
            writer, self._clock, lambda state: self._changed(consent.peer, state)
        )
        recorder.journal.fact(
            self._clock(),
            fact="begun",
            room=self._room,
            started_at=self._started_at,
            consent=consent.model_dump(),
        )
        return recorder
