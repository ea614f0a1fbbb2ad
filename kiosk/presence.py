"""The kiosk page's place in the room of its consultation: joined, absent, what its media do.

The page is there from the request on, so that a lawyer's answer finds it ready.
"""

from center.protocol.frames import MediaReport, RoomAbsent, RoomJoin, RoomSignal
from center.protocol.views import RoomView
from center.protocol.words import MediaState
from kiosk.link import Link


class Presence:
    """Says it again after each reconnect, since the center forgets presence when it restarts."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._wanted: tuple[str, str] | None = None
        self._joined: tuple[str, str] | None = None
        self._media: MediaState | None = None
        self.room: RoomView | None = None

    def want(self, room_id: str | None, page_session: str | None) -> None:
        """Be in this room as this page; null for either means not to be."""
        self._wanted = (room_id, page_session) if room_id and page_session else None
        if room_id is None:
            self.room = None
        self._settle()

    def reconnected(self) -> None:
        """The center knows nothing of our presence now."""
        self._joined = None
        self._settle()
        self._report()

    def report(self, state: MediaState) -> None:
        """What the page sees of its connection."""
        self._media = state
        self._report()

    def forget_media(self) -> None:
        """There is no talk; what was seen of the last one is not said of the next."""
        self._media = None

    def signal(self, to: str, payload: str) -> None:
        """Relay signalling, unread; lost while offline, the page sends it again."""
        if self._wanted is not None:
            room = self._wanted[0]
            self._link.tell(lambda n: RoomSignal(id=n, room_id=room, to=to, payload=payload))

    def _settle(self) -> None:
        if self._joined == self._wanted:
            return
        if self._wanted is not None:
            room, session = self._wanted
            said = self._link.tell(lambda n: RoomJoin(id=n, room_id=room, page_session=session))
        else:
            room = self._joined[0] if self._joined else ""
            said = self._link.tell(lambda n: RoomAbsent(id=n, room_id=room))
        self._joined = self._wanted if said else None

    def _report(self) -> None:
        if self._wanted is not None and self._media is not None:
            room, state = self._wanted[0], self._media
            self._link.tell(lambda n: MediaReport(id=n, consultation_id=room, state=state))
