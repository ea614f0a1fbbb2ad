"""One transaction with all repositories; what a use case does becomes visible at once or never."""

from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker
from sqlmodel.ext.asyncio.session import AsyncSession

from center.services.ports import Change
from center.store.cipher import Cipher
from center.store.repositories.audit import SqlAudit
from center.store.repositories.calls import SqlConfidences, SqlConsultations, SqlDuties
from center.store.repositories.evidence import SqlDocuments, SqlPages, SqlRetention, SqlTexts
from center.store.repositories.log import SqlEvents
from center.store.repositories.mapping import conflicts
from center.store.repositories.mediations import SqlMediations
from center.store.repositories.papers import SqlPapers
from center.store.repositories.people import (
    SqlAccounts,
    SqlEnrolments,
    SqlKiosks,
    SqlLoginAttempts,
    SqlSessions,
    SqlStaffMembers,
    SqlTerminals,
)
from center.store.repositories.quality import SqlQuality
from center.store.repositories.recordings import SqlReels
from center.store.repositories.usage import SqlUsage


class SqlUnitOfWork:
    """`ports.UnitOfWork` and `office.OfficeWork`; used once, by one task."""

    def __init__(self, session: AsyncSession, cipher: Cipher) -> None:
        self._session = session
        self.events = SqlEvents(session)
        self.consultations = SqlConsultations(session, self.events)
        self.duties = SqlDuties(session, self.events)
        self.confidences = SqlConfidences(session, cipher)
        self.pages = SqlPages(session, cipher)
        self.mediations = SqlMediations(session, self.events, cipher)
        self.papers = SqlPapers(session, cipher)
        self.kiosks = SqlKiosks(session)
        self.staff = SqlStaffMembers(session)
        self.accounts = SqlAccounts(session)
        self.sessions = SqlSessions(session)
        self.login_attempts = SqlLoginAttempts(session)
        self.terminals = SqlTerminals(session)
        self.enrolments = SqlEnrolments(session)
        self.audit = SqlAudit(session)
        self.documents = SqlDocuments(session)
        self.texts = SqlTexts(session, cipher)
        self.usage = SqlUsage(session)
        self.retention = SqlRetention(session)
        self.quality = SqlQuality(session)
        self.reels = SqlReels(session)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def commit(self) -> tuple[Change, ...]:
        """Make everything visible; one `Change` an event, in order of seq.

        Raises:
            VersionConflict: somebody else was first; nothing of this transaction is visible.
        """
        with conflicts("commit"):
            await self._session.commit()
        return self.events.committed()


class SqlWorks:
    """Makes units of work on one engine: `SqlWorks(engine, cipher)` is a `UnitOfWorkFactory`."""

    def __init__(self, engine: AsyncEngine, cipher: Cipher) -> None:
        self._sessions = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
        self._cipher = cipher

    def __call__(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self._sessions(), self._cipher)
