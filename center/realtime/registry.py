"""Who is online: at most one socket a kiosk, any number a staff member."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import BaseModel

from center.protocol.words import Role
from center.realtime.connection import CLOSE_REPLACED, Connection


@dataclass(eq=False)
class KioskLink:
    """A kiosk that said hello."""

    kiosk_id: str
    connection: Connection
    room_ids: set[str] = field(default_factory=set)

    @property
    def peer_id(self) -> str:
        """Its name in rooms."""
        return f"kiosk:{self.kiosk_id}"


@dataclass(eq=False)
class StaffLink:
    """One page of a staff member that said hello."""

    staff_id: str
    role: Role
    connection: Connection
    room_ids: set[str] = field(default_factory=set)

    @property
    def peer_id(self) -> str:
        """Its name in rooms, shared by all pages of this person."""
        return f"staff:{self.staff_id}"


class Mailbox:
    """Stands in for the socket of a peer that lives in this process; it is told of rooms only."""

    def __init__(self, hear: Callable[[BaseModel], None]) -> None:
        self._hear = hear
        self.ended = asyncio.Event()

    def send(self, frame: BaseModel) -> None:
        """Hand it over."""
        self._hear(frame)

    def send_view(self, _key: str, frame: BaseModel, _view: BaseModel | None) -> None:
        """Hand it over; repeated views do no harm here."""
        self._hear(frame)

    def send_newest(self, _key: str, frame: BaseModel) -> None:
        """Hand it over."""
        self._hear(frame)

    def close(self, _code: int, _reason: str) -> None:
        """The center goes down, and this peer with it."""
        self.ended.set()


class RecorderLink:
    """The recorder of one recording, a peer of its room."""

    def __init__(self, peer_id: str, hear: Callable[[BaseModel], None]) -> None:
        self.peer_id = peer_id
        self.connection = Mailbox(hear)
        self.room_ids: set[str] = set()


PageLink = KioskLink | StaffLink

WATCHING = frozenset({Role.SUPERVISOR, Role.ADMIN})
"""Who sees the fleet."""

Link = PageLink | RecorderLink


class Registry:
    """The links of this process; iteration is over a snapshot."""

    def __init__(self) -> None:
        self._kiosks: dict[str, KioskLink] = {}
        self._staff: list[StaffLink] = []
        self._recorders: list[RecorderLink] = []

    def add(self, link: Link) -> None:
        """Enter a link; an older socket of the same kiosk is closed in favour of this one."""
        match link:
            case KioskLink():
                if older := self._kiosks.get(link.kiosk_id):
                    older.connection.close(CLOSE_REPLACED, "replaced")
                self._kiosks[link.kiosk_id] = link
            case StaffLink():
                self._staff.append(link)
            case RecorderLink():
                self._recorders.append(link)

    def remove(self, link: Link) -> bool:
        """Forget a link; false when it was not there, or was replaced meanwhile."""
        match link:
            case KioskLink():
                if self._kiosks.get(link.kiosk_id) is not link:
                    return False
                del self._kiosks[link.kiosk_id]
            case StaffLink():
                if link not in self._staff:
                    return False
                self._staff.remove(link)
            case RecorderLink():
                if link not in self._recorders:
                    return False
                self._recorders.remove(link)
        return True

    def kiosk(self, kiosk_id: str) -> KioskLink | None:
        """The kiosk's link, if it is online."""
        return self._kiosks.get(kiosk_id)

    def kiosks(self) -> tuple[KioskLink, ...]:
        """All kiosks online."""
        return tuple(self._kiosks.values())

    def staff(self, staff_id: str | None = None) -> tuple[StaffLink, ...]:
        """All pages of all staff, or of one of them."""
        return tuple(s for s in self._staff if staff_id is None or s.staff_id == staff_id)

    def watchers(self) -> tuple[StaffLink, ...]:
        """All pages of those who see the fleet."""
        return tuple(link for link in self._staff if link.role in WATCHING)

    def pages(self) -> tuple[PageLink, ...]:
        """All who have a screen."""
        return (*self.kiosks(), *self.staff())

    def every(self) -> tuple[Link, ...]:
        """All links."""
        return (*self.pages(), *self._recorders)
