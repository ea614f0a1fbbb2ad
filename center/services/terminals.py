"""Kiosks: enrolment by a one-time code, proof of the device key, upload tokens, revocation."""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from center.domain.errors import (
    BadEnrolmentCode,
    BadSignature,
    KioskIsRevoked,
    NotFound,
    Unauthenticated,
    VersionConflict,
)
from center.domain.records import Kiosk
from center.protocol.kiosk_wire import KioskHello, challenge_bytes
from center.protocol.rest import Enrol, Enrolled, EnrolmentCode, KioskCreate
from center.protocol.words import KioskStatus
from center.services.audit import entry
from center.services.office import Enrolment, OfficeWork, OfficeWorkFactory, Terminal
from center.services.ports import Change, Clock, NewEvent
from center.services.races import settled
from config.settings import AuthSettings

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits that nobody mistakes for each other on a telephone."""

CODE_GROUPS = 3
GROUP_LENGTH = 4


class KioskIdentity:
    """Which terminal a socket or an upload speaks for."""

    def __init__(
        self, work: OfficeWorkFactory, clock: Clock, settings: AuthSettings, token_key: bytes
    ) -> None:
        self._work = work
        self._clock = clock
        self._settings = settings
        self._token_key = token_key

    async def create_kiosk(self, actor: str, body: KioskCreate) -> EnrolmentCode:
        """Set up a kiosk that waits for its enrolment.

        Raises:
            VersionConflict: the id is taken.
        """
        terminal = Terminal(
            Kiosk(
                body.kiosk_id, body.township, body.hall, body.hall_phone, body.languages,
                KioskStatus.PENDING,
            )
        )  # fmt: skip
        async with self._work() as work:
            if await work.terminals.get(body.kiosk_id):
                raise VersionConflict(f"kiosk {body.kiosk_id} exists")
            await self._record(work, terminal, "created", actor)
            code = await self._issue(work, actor, body.kiosk_id)
            await work.commit()
        return code

    async def issue_code(self, actor: str, kiosk_id: str) -> EnrolmentCode:
        """A fresh one-time code; earlier ones of this kiosk are void.

        Raises:
            NotFound: no such kiosk.
        """
        async with self._work() as work:
            await _terminal(work, kiosk_id)
            await work.enrolments.void(kiosk_id)
            code = await self._issue(work, actor, kiosk_id)
            await work.commit()
        return code

    async def enrol(self, body: Enrol) -> Enrolled:
        """Bind a device key to the kiosk that the code was issued for.

        Again with the same code and key is harmless: the first answer may have been lost.

        Raises:
            BadEnrolmentCode: the code is wrong, used with another key, or too old; or the key is
                not Ed25519.
        """
        _public_key(body.public_key)
        return await settled(lambda: self._enrol(body))

    async def _enrol(self, body: Enrol) -> Enrolled:
        now = self._clock.now()
        async with self._work() as work:
            enrolment = await self._good_code(work, body.code, now)
            terminal = await _terminal(work, enrolment.kiosk_id)
            if not await work.enrolments.use(enrolment.code_hash, now):
                if terminal.public_key != body.public_key or not _enrolled(terminal):
                    raise BadEnrolmentCode("the code was used")
                return _answer(terminal.kiosk)
            kiosk = replace(terminal.kiosk, status=KioskStatus.ENROLLED)
            terminal = replace(terminal, kiosk=kiosk, public_key=body.public_key)
            await self._record(work, terminal, "enrolled", f"kiosk:{kiosk.kiosk_id}")
            await work.commit()
        return _answer(kiosk)

    async def verify_kiosk(self, hello: KioskHello, nonce: str) -> Kiosk:
        """The kiosk that signed this socket's challenge.

        Raises:
            BadSignature: unknown, not enrolled, or the signature is not by its key.
            KioskIsRevoked: it was cut off.
        """
        async with self._work() as work:
            terminal = await work.terminals.get(hello.kiosk_id)
        if terminal is None or terminal.public_key is None:
            raise BadSignature(f"kiosk {hello.kiosk_id} is not enrolled")
        try:
            signed = challenge_bytes(nonce, hello.kiosk_id)
            _public_key(terminal.public_key).verify(_decoded(hello.signature), signed)
        except (InvalidSignature, binascii.Error, ValueError) as error:
            raise BadSignature(f"kiosk {hello.kiosk_id}") from error
        if terminal.kiosk.status is KioskStatus.REVOKED:
            raise KioskIsRevoked(hello.kiosk_id)
        return terminal.kiosk

    async def upload_token(self, kiosk_id: str) -> str:
        """A bearer token for uploads, `KIOSK~EXPIRY~MAC`; bound to the device key of now.

        Raises:
            NotFound: no such kiosk.
            KioskIsRevoked: it was cut off.
        """
        async with self._work() as work:
            terminal = await _terminal(work, kiosk_id)
        if not _enrolled(terminal):
            raise KioskIsRevoked(kiosk_id)
        expires_at = self._clock.now() + timedelta(seconds=self._settings.upload_token_s)
        expiry = str(int(expires_at.timestamp()))
        return f"{kiosk_id}~{expiry}~{self._mac(terminal, expiry)}"

    async def kiosk_of_token(self, token: str) -> str:
        """Which kiosk a bearer token speaks for; a revocation ends it at once.

        Raises:
            Unauthenticated: forged, expired, or of a kiosk that was cut off or enrolled anew.
        """
        kiosk_id, expiry, mac = _parts(token)
        async with self._work() as work:
            terminal = await work.terminals.get(kiosk_id)
        if terminal is None or not hmac.compare_digest(self._mac(terminal, expiry), mac):
            raise Unauthenticated("bad upload token")
        if not _enrolled(terminal) or int(expiry) <= self._clock.now().timestamp():
            raise Unauthenticated("the upload token has ended")
        return kiosk_id

    async def revoke(self, actor: str, kiosk_id: str) -> tuple[Change, ...]:
        """Cut a kiosk off: codes void, tokens dead, challenges refused. Again is harmless.

        Raises:
            NotFound: no such kiosk.
        """
        return await settled(lambda: self._revoke(actor, kiosk_id))

    async def _revoke(self, actor: str, kiosk_id: str) -> tuple[Change, ...]:
        async with self._work() as work:
            terminal = await _terminal(work, kiosk_id)
            if terminal.kiosk.status is KioskStatus.REVOKED:
                return ()
            await work.enrolments.void(kiosk_id)
            kiosk = replace(terminal.kiosk, status=KioskStatus.REVOKED)
            await self._record(work, replace(terminal, kiosk=kiosk), "revoked", actor)
            return await work.commit()

    async def _issue(self, work: OfficeWork, actor: str, kiosk_id: str) -> EnrolmentCode:
        code = "-".join(
            "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH))
            for _ in range(CODE_GROUPS)
        )
        now = self._clock.now()
        expires_at = now + timedelta(seconds=self._settings.enrolment_s)
        await work.enrolments.add(Enrolment(_code_hash(code), kiosk_id, expires_at))
        await work.audit.add(entry(now, actor, "kiosk.code", kiosk_id))
        return EnrolmentCode(kiosk_id=kiosk_id, code=code, expires_at=expires_at)

    async def _good_code(self, work: OfficeWork, code: str, now: datetime) -> Enrolment:
        enrolment = await work.enrolments.get(_code_hash(code))
        if enrolment is None or enrolment.expires_at <= now:
            raise BadEnrolmentCode("unknown or too old")
        return enrolment

    async def _record(self, work: OfficeWork, terminal: Terminal, kind: str, actor: str) -> None:
        """Write the terminal with one event of its stream and one line of the audit log."""
        now, key = self._clock.now(), terminal.kiosk_id
        event = NewEvent(f"kiosk_{kind}", now, actor, {}, kiosk_id=key)
        await work.events.append(f"kiosk:{key}", terminal.version, [event])
        await work.terminals.save(replace(terminal, version=terminal.version + 1))
        await work.audit.add(entry(now, actor, f"kiosk.{kind}", key))

    def _mac(self, terminal: Terminal, expiry: str) -> str:
        text = f"upload\n{terminal.kiosk_id}\n{expiry}\n{terminal.public_key}"
        return hmac.new(self._token_key, text.encode(), hashlib.sha256).hexdigest()


async def _terminal(work: OfficeWork, kiosk_id: str) -> Terminal:
    terminal = await work.terminals.get(kiosk_id)
    if terminal is None:
        raise NotFound(f"kiosk {kiosk_id}")
    return terminal


def _enrolled(terminal: Terminal) -> bool:
    return terminal.kiosk.status is KioskStatus.ENROLLED


def _code_hash(code: str) -> str:
    """Codes are typed by hand: case, spaces and dashes do not matter."""
    plain = code.upper().replace("-", "").replace(" ", "")
    return hashlib.sha256(plain.encode()).hexdigest()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _public_key(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(_decoded(text))
    except (binascii.Error, ValueError) as error:
        raise BadEnrolmentCode("the key is not Ed25519") from error


def _parts(token: str) -> tuple[str, str, str]:
    kiosk_id, _, rest = token.partition("~")
    expiry, _, mac = rest.partition("~")
    if not (kiosk_id.isascii() and expiry.isascii() and expiry.isdigit() and mac.isascii()):
        raise Unauthenticated("not an upload token")
    return kiosk_id, expiry, mac


def _answer(kiosk: Kiosk) -> Enrolled:
    return Enrolled(
        kiosk_id=kiosk.kiosk_id,
        township=kiosk.township,
        hall=kiosk.hall,
        hall_phone=kiosk.hall_phone,
        languages=kiosk.languages,
    )
