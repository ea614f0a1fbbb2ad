"""Staff: accounts, sign-in and sessions."""

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from center.domain.errors import (
    BadCredentials,
    LockedOut,
    NotFound,
    Unauthenticated,
    VersionConflict,
)
from center.domain.records import Staff
from center.protocol.rest import Session, StaffCreate, StaffPatch, StaffRow
from center.services.audit import entry
from center.services.office import Account, OfficeWork, OfficeWorkFactory, SignedIn
from center.services.passwords import Passwords
from center.services.ports import Clock
from center.services.views import staff_view
from config.settings import AuthSettings

TOKEN_BYTES = 32


class StaffIdentity:
    """Who a browser speaks for."""

    def __init__(
        self,
        work: OfficeWorkFactory,
        clock: Clock,
        settings: AuthSettings,
        passwords: Passwords,
        *,
        demo: bool = False,
    ) -> None:
        self._work = work
        self._clock = clock
        self._settings = settings
        self._passwords = passwords
        self._demo = demo

    async def login(self, username: str, password: str) -> tuple[str, Session]:
        """A fresh session token (shown once, kept only as a hash) and whose it is.

        Raises:
            BadCredentials: no such account, a disabled one, or a wrong password; all take as long.
            LockedOut: too many wrong passwords for this name of late.
        """
        now = self._clock.now()
        account = await self._begin_attempt(username, now)
        known = account.password_hash if account else None
        fits = await self._passwords.check(known, password)
        if account is None or account.disabled or not fits:
            raise BadCredentials(username)
        return await self._open_session(account, now)

    async def session(self, token: str) -> Session:
        """Whose session a token is.

        Raises:
            Unauthenticated: unknown, expired, or of an account that was disabled.
        """
        async with self._work() as work:
            signed_in = await work.sessions.get(_digest(token))
            if signed_in is None or signed_in.expires_at <= self._clock.now():
                raise Unauthenticated("no such session")
            account = await work.accounts.get(signed_in.staff_id)
        if account is None or account.disabled or account.staff.role is not signed_in.role:
            raise Unauthenticated("the account no longer allows this session")
        return self._session_view(account, signed_in.expires_at)

    async def logout(self, token: str) -> None:
        """End a session; an unknown one is no error."""
        async with self._work() as work:
            signed_in = await work.sessions.get(_digest(token))
            await work.sessions.delete(_digest(token))
            if signed_in:
                await work.audit.add(
                    entry(self._clock.now(), f"staff:{signed_in.staff_id}", "session.end")
                )
            await work.commit()

    async def create_staff(self, actor: str, body: StaffCreate) -> StaffRow:
        """Make an account; the username is also the staff id.

        Raises:
            VersionConflict: the username is taken.
        """
        password_hash = await self._passwords.hash(body.password.get_secret_value())
        now = self._clock.now()
        account = Account(_staff(body), body.username, password_hash, now)
        async with self._work() as work:
            if await work.accounts.by_username(body.username):
                raise VersionConflict(f"{body.username} is taken")
            await work.accounts.save(account)
            await work.audit.add(entry(now, actor, "staff.create", body.username, body.role))
            await work.commit()
        return _row(account)

    async def list_staff(self) -> tuple[StaffRow, ...]:
        """All accounts, by username."""
        async with self._work() as work:
            return tuple(_row(account) for account in await work.accounts.all())

    async def patch_staff(self, actor: str, staff_id: str, body: StaffPatch) -> StaffRow:
        """Disable or enable an account, or set its password; both end its sessions.

        Raises:
            NotFound: no such account.
        """
        password_hash = body.password and await self._passwords.hash(
            body.password.get_secret_value()
        )
        async with self._work() as work:
            account = await _account(work, staff_id)
            if body.disabled is not None:
                account = replace(account, disabled=body.disabled)
            if password_hash:
                account = replace(account, password_hash=password_hash)
            await work.accounts.save(account)
            await work.sessions.delete_of(staff_id)
            changed = ", ".join(sorted(body.model_dump(exclude_none=True)))
            now = self._clock.now()
            await work.audit.add(entry(now, actor, "staff.change", staff_id, changed))
            await work.commit()
        return _row(account)

    async def _begin_attempt(self, username: str, now: datetime) -> Account | None:
        """Count the attempt before the password is looked at, so that a burst cannot outrun it."""
        async with self._work() as work:
            lock = timedelta(seconds=self._settings.lock_s)
            await work.login_attempts.delete_before(now - lock)
            if await work.login_attempts.note(username, now) > self._settings.attempts:
                # Left without a commit: knocking at a locked door does not lock it for longer.
                raise LockedOut(username)
            await work.audit.add(entry(now, "anonymous", "session.attempt", username))
            account = await work.accounts.by_username(username)
            await work.commit()
        return account

    async def _open_session(self, account: Account, now: datetime) -> tuple[str, Session]:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        expires_at = now + timedelta(hours=self._settings.session_hours)
        staff = account.staff
        async with self._work() as work:
            await work.login_attempts.clear(account.username)
            await work.sessions.delete_expired(now)
            await work.sessions.add(
                SignedIn(_digest(token), staff.staff_id, staff.role, expires_at)
            )
            await work.accounts.save(replace(account, last_login_at=now))
            await work.audit.add(entry(now, f"staff:{staff.staff_id}", "session.begin"))
            await work.commit()
        return token, self._session_view(account, expires_at)

    def _session_view(self, account: Account, expires_at: datetime) -> Session:
        return Session(staff=staff_view(account.staff), expires_at=expires_at, demo=self._demo)


async def _account(work: OfficeWork, staff_id: str) -> Account:
    account = await work.accounts.get(staff_id)
    if account is None:
        raise NotFound(f"staff {staff_id}")
    return account


def _digest(token: str) -> str:
    """Tokens are 256 random bits, so a plain hash is enough to keep them by."""
    return hashlib.sha256(token.encode()).hexdigest()


def _staff(body: StaffCreate) -> Staff:
    return Staff(
        staff_id=body.username,
        name=body.name,
        office=body.office,
        role=body.role,
        languages=body.languages,
        townships=body.townships,
        skills=body.skills,
    )


def _row(account: Account) -> StaffRow:
    return StaffRow(
        staff=staff_view(account.staff),
        username=account.username,
        disabled=account.disabled,
        last_login_at=account.last_login_at,
    )
