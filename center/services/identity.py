"""Who speaks: staff by password and session, kiosks by key and token. Everything is audited."""

from center.services.accounts import StaffIdentity
from center.services.office import OfficeWorkFactory
from center.services.passwords import Passwords
from center.services.ports import Clock
from center.services.terminals import KioskIdentity
from config.settings import AuthSettings


class Identity(StaffIdentity, KioskIdentity):
    """Both kinds behind one name; see the two parents."""

    def __init__(
        self,
        work: OfficeWorkFactory,
        clock: Clock,
        settings: AuthSettings,
        token_key: bytes,
        *,
        demo: bool = False,
        passwords: Passwords | None = None,
    ) -> None:
        StaffIdentity.__init__(self, work, clock, settings, passwords or Passwords(), demo=demo)
        KioskIdentity.__init__(self, work, clock, settings, token_key)
