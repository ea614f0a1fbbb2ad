"""The spool of this kiosk, as its settings and its device key make it."""

from config.settings import KioskSettings
from kiosk.identity import Identity
from kiosk.spool.disk import RealDisk
from kiosk.spool.spool import Spool
from kiosk.spool.vault import Vault

MEGABYTE = 2**20


def open_spool(kiosk: KioskSettings, identity: Identity) -> Spool:
    """Under a key that only this device can derive."""
    vault = Vault(kiosk.data / "spool", identity.derive("jiujin-spool-v1"), RealDisk())
    return Spool(vault, kiosk.spool_limit_mb * MEGABYTE, kiosk.spool_reserve_mb * MEGABYTE)
