"""What the page fetches of the visit that is going on; of no other."""

import asyncio

from kiosk.journey.state import TakenPage
from kiosk.owner import Owner
from kiosk.spool import Spool
from kiosk.view import qr_text


class VisitSights:
    """Pictures are read from the spool when asked for; null for whatever is not of this visit."""

    def __init__(self, owner: Owner, spool: Spool) -> None:
        self._owner, self._spool = owner, spool

    async def thumb(self, position: int) -> bytes | None:
        """The small picture of a page by its place."""
        page = next((page for page in self._pages() if page.position == position), None)
        return None if page is None else await self._picture(page.sha256, "thumb")

    async def preview(self, sha256: str) -> bytes | None:
        """The picture of a page at the size of a screen, by the hash of its original."""
        known = any(page.sha256 == sha256 for page in self._pages())
        return await self._picture(sha256, "preview") if known else None

    def slip_text(self) -> str | None:
        """What the slip's QR code says, while there is a slip."""
        slip = self._owner.journey.slip
        return None if slip is None else qr_text(slip)

    def _pages(self) -> tuple[TakenPage, ...]:
        visit = self._owner.journey.visit
        return visit.pages if visit else ()

    async def _picture(self, sha256: str, kind: str) -> bytes | None:
        visit = self._owner.journey.visit
        if visit is None:
            return None
        return await asyncio.to_thread(self._spool.picture, visit.visit_id, sha256, kind)
