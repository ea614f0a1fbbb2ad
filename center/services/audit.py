"""Who looked at or changed what: written beside the change, read by the admin."""

from datetime import datetime

from center.protocol.rest import AuditPage, AuditRow
from center.services.cursor import decode_number
from center.services.office import AuditEntry, OfficeWorkFactory
from center.services.ports import Clock


def entry(
    now: datetime, actor: str, action: str, subject: str = "", detail: str = ""
) -> AuditEntry:
    """An audit entry; `actor` is `staff:ID`, `kiosk:ID`, `center` or `anonymous`."""
    return AuditEntry(now, actor, action, subject, detail)


class Audit:
    """The audit log as a use case of its own."""

    def __init__(self, work: OfficeWorkFactory, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def record(self, actor: str, action: str, subject: str = "", detail: str = "") -> None:
        """Note something that was not part of another change."""
        async with self._work() as work:
            await work.audit.add(entry(self._clock.now(), actor, action, subject, detail))
            await work.commit()

    async def page(self, after: str | None, limit: int) -> AuditPage:
        """Entries, newest first; `after` is the `next` of the page before.

        Raises:
            NotFound: `after` was not made by this center.
        """
        before = decode_number(after) if after else None
        async with self._work() as work:
            entries = await work.audit.page(before, limit + 1)
        shown = entries[:limit]
        more = len(entries) > limit
        return AuditPage(
            rows=tuple(_row(entry) for entry in shown), next=str(shown[-1].number) if more else None
        )


def _row(entry: AuditEntry) -> AuditRow:
    return AuditRow(
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        detail=entry.detail,
    )
