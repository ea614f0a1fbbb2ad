"""What the page is shown: the whole state, pushed when it is another one."""

from collections.abc import Callable
from dataclasses import dataclass

from center.protocol.rest import Enrolled
from center.protocol.views import HallView
from kiosk.clock import KioskClock
from kiosk.desk import Desk
from kiosk.link import Link
from kiosk.messages import KioskState
from kiosk.owner import Owner
from kiosk.presence import Presence
from kiosk.view import Around, kiosk_state


@dataclass(frozen=True, slots=True)
class Shown:
    """Where the state comes from; `clock_skew_s` is the difference that is spoken of."""

    place: Enrolled
    clock: KioskClock
    clock_skew_s: float
    owner: Owner
    link: Link
    desk: Desk
    presence: Presence


class Showing:
    """Puts the state together; `send` hands it to the page."""

    def __init__(self, of: Shown, send: Callable[[KioskState], None]) -> None:
        self._of, self._send = of, send
        self._hall: HallView | None = None
        self._camera_since = of.clock.now()
        self._last: KioskState | None = None

    def refresh(self) -> None:
        """Push the state when it is another one."""
        state = self.state()
        if self._last is None or state.model_copy(update={"now": self._last.now}) != self._last:
            self._last = state
            self._send(state)

    def hall(self, hall: HallView) -> None:
        """How busy the lawyers are."""
        self._hall = hall
        self.refresh()

    def camera_changed(self, _: object) -> None:
        """The document camera is in another state from now on."""
        self._camera_since = self._of.clock.now()
        self.refresh()

    def state(self) -> KioskState:
        """Everything the page shows now."""
        of = self._of
        around = Around(
            link=of.link.state,
            camera=of.desk.status,
            camera_since=self._camera_since,
            clock_skewed=abs(of.clock.skew.total_seconds()) > of.clock_skew_s,
            hall=self._hall,
            room=of.presence.room,
            notices=of.owner.notices,
        )
        return kiosk_state(of.owner.journey, around, of.place, of.owner.rules, of.clock)
