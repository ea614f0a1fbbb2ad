"""Who speaks: passwords, sessions, lock-out; codes, device keys, tokens, revocation."""

import asyncio
import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from center.domain.errors import (
    BadCredentials,
    BadEnrolmentCode,
    BadSignature,
    DomainError,
    KioskIsRevoked,
    LockedOut,
    NotFound,
    Unauthenticated,
    VersionConflict,
)
from center.protocol.kiosk_wire import KioskHello, challenge_bytes
from center.protocol.rest import Enrol, EnrolmentCode, KioskCreate, StaffCreate, StaffPatch
from center.protocol.words import Language, Role
from center.services.fleet import Fleet
from center.services.identity import Identity
from center.services.passwords import Passwords
from center.store.unit_of_work import SqlWorks
from config.settings import AuthSettings
from tests.integration.store.clock import StoppedClock

SETTINGS = AuthSettings()
PASSWORD = "correct horse"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def identity(works: SqlWorks, clock: StoppedClock) -> Identity:
    quick = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    return Identity(works, clock, SETTINGS, b"k" * 32, passwords=quick)


@pytest.fixture
async def jin(identity: Identity) -> Identity:
    """An identity service that knows the lawyer jin."""
    body = StaffCreate(
        username="jin", password=SecretStr(PASSWORD), name="金明淑", role=Role.LAWYER
    )
    await identity.create_staff("staff:admin", body)
    return identity


class Device:
    """A kiosk's side of the protocol."""

    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()

    @property
    def public_key(self) -> str:
        return _text(self.key.public_key().public_bytes_raw())

    def hello(self, clock: StoppedClock, nonce: str, kiosk_id: str = "K01") -> KioskHello:
        return KioskHello(
            protocol=1,
            kiosk_id=kiosk_id,
            signature=_text(self.key.sign(challenge_bytes(nonce, kiosk_id))),
            last_seq=0,
            kiosk_time=clock.now(),
        )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


async def _new_kiosk(identity: Identity, kiosk_id: str = "K01") -> EnrolmentCode:
    return await identity.create_kiosk(
        "staff:admin",
        KioskCreate(
            kiosk_id=kiosk_id,
            township="公园街道",
            hall="公园街道公共法律服务工作站",
            hall_phone="0433-0000101",
            languages=(Language.ZH, Language.KO),
        ),
    )


@pytest.fixture
async def device(identity: Identity) -> Device:
    """K01, enrolled."""
    device = Device()
    code = await _new_kiosk(identity)
    await identity.enrol(Enrol(code=code.code, public_key=device.public_key))
    return device


async def test_a_session_lasts_until_its_time(jin: Identity, clock: StoppedClock) -> None:
    token, session = await jin.login("jin", PASSWORD)
    assert (await jin.session(token)) == session
    assert session.staff.name == "金明淑"
    assert session.expires_at == clock.now() + timedelta(hours=SETTINGS.session_hours)
    clock.move(SETTINGS.session_hours * 3600)
    with pytest.raises(Unauthenticated):
        await jin.session(token)


async def test_signing_out_ends_the_session(jin: Identity) -> None:
    token, _ = await jin.login("jin", PASSWORD)
    await jin.logout(token)
    await jin.logout(token)
    with pytest.raises(Unauthenticated):
        await jin.session(token)


@pytest.mark.parametrize(("name", "password"), [("jin", "wrong"), ("nobody", PASSWORD)])
async def test_a_wrong_name_and_a_wrong_password_look_alike(
    jin: Identity, name: str, password: str
) -> None:
    with pytest.raises(BadCredentials):
        await jin.login(name, password)


@pytest.mark.parametrize("name", ["jin", "nobody"])
async def test_too_many_wrong_passwords_lock_known_and_unknown_names(
    jin: Identity, clock: StoppedClock, name: str
) -> None:
    for _ in range(SETTINGS.attempts):
        with pytest.raises(BadCredentials):
            await jin.login(name, "wrong")
    with pytest.raises(LockedOut):
        await jin.login(name, PASSWORD)
    clock.move(SETTINGS.lock_s)
    if name == "jin":
        await jin.login(name, PASSWORD)
    else:
        with pytest.raises(BadCredentials):
            await jin.login(name, PASSWORD)


async def test_a_burst_of_guesses_is_counted_one_by_one(jin: Identity) -> None:
    guesses = [jin.login("jin", f"guess {n}") for n in range(12)]
    refusals = await asyncio.gather(*guesses, return_exceptions=True)
    looked_at = sum(isinstance(refusal, BadCredentials) for refusal in refusals)
    assert all(isinstance(refusal, DomainError) for refusal in refusals)
    assert looked_at == SETTINGS.attempts
    with pytest.raises(LockedOut):
        await jin.login("jin", PASSWORD)


async def test_a_right_password_forgives_the_wrong_ones(jin: Identity) -> None:
    for _ in range(3):
        for _ in range(SETTINGS.attempts - 1):
            with pytest.raises(BadCredentials):
                await jin.login("jin", "wrong")
        await jin.login("jin", PASSWORD)


async def test_a_disabled_account_is_out_at_once(jin: Identity) -> None:
    token, _ = await jin.login("jin", PASSWORD)
    row = await jin.patch_staff("staff:admin", "jin", StaffPatch(disabled=True))
    assert row.disabled
    with pytest.raises(Unauthenticated):
        await jin.session(token)
    with pytest.raises(BadCredentials):
        await jin.login("jin", PASSWORD)


async def test_a_new_password_ends_old_sessions(jin: Identity) -> None:
    token, _ = await jin.login("jin", PASSWORD)
    await jin.patch_staff("staff:admin", "jin", StaffPatch(password=SecretStr("another one")))
    with pytest.raises(Unauthenticated):
        await jin.session(token)
    await jin.login("jin", "another one")


async def test_a_username_is_given_once(jin: Identity) -> None:
    body = StaffCreate(username="jin", password=SecretStr("x" * 9), name="他人", role=Role.ADMIN)
    with pytest.raises(VersionConflict):
        await jin.create_staff("staff:admin", body)
    assert [row.username for row in await jin.list_staff()] == ["jin"]


async def test_neither_token_nor_password_nor_code_is_in_the_database(
    jin: Identity, engine: AsyncEngine
) -> None:
    token, _ = await jin.login("jin", PASSWORD)
    code = await _new_kiosk(jin)
    secrets = {token, PASSWORD, code.code, code.code.replace("-", "")}
    async with engine.connect() as connection:
        for table in ("staff", "sessions", "enrolments", "audit", "login_attempts", "events"):
            for row in await connection.execute(text(f"SELECT * FROM {table}")):
                assert not any(secret in str(row) for secret in secrets)


async def test_a_kiosk_proves_its_key(
    identity: Identity, device: Device, clock: StoppedClock
) -> None:
    kiosk = await identity.verify_kiosk(device.hello(clock, "nonce"), "nonce")
    assert kiosk.kiosk_id == "K01"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda clock, device: (device.hello(clock, "nonce"), "another nonce"),
        lambda clock, device: (Device().hello(clock, "nonce"), "nonce"),
        lambda clock, device: (device.hello(clock, "nonce", "K99"), "nonce"),
        lambda clock, device: (
            device.hello(clock, "nonce").model_copy(update={"signature": "not base64 é"}),
            "nonce",
        ),
    ],
    ids=["another nonce", "another key", "unknown kiosk", "garbage"],
)
async def test_a_kiosk_that_cannot_prove_its_key_is_refused(
    identity: Identity,
    device: Device,
    clock: StoppedClock,
    spoil: Callable[[StoppedClock, Device], tuple[KioskHello, str]],
) -> None:
    hello, nonce = spoil(clock, device)
    with pytest.raises(BadSignature):
        await identity.verify_kiosk(hello, nonce)


async def test_a_code_enrols_one_device(identity: Identity) -> None:
    code = await _new_kiosk(identity)
    first, second = Device(), Device()
    typed = code.code.lower().replace("-", " ")
    enrolled = await identity.enrol(Enrol(code=typed, public_key=first.public_key))
    assert (enrolled.kiosk_id, enrolled.languages) == ("K01", (Language.ZH, Language.KO))
    again = await identity.enrol(Enrol(code=code.code, public_key=first.public_key))
    assert again == enrolled
    with pytest.raises(BadEnrolmentCode):
        await identity.enrol(Enrol(code=code.code, public_key=second.public_key))


async def test_of_two_devices_at_once_one_gets_the_code(identity: Identity) -> None:
    code = await _new_kiosk(identity)
    bodies = [Enrol(code=code.code, public_key=Device().public_key) for _ in range(4)]
    outcomes = await asyncio.gather(*map(identity.enrol, bodies), return_exceptions=True)
    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, BadEnrolmentCode) for outcome in outcomes) == 3


async def test_codes_end_by_time_and_by_a_newer_one(
    identity: Identity, clock: StoppedClock
) -> None:
    old = await _new_kiosk(identity)
    new = await identity.issue_code("staff:admin", "K01")
    with pytest.raises(BadEnrolmentCode):
        await identity.enrol(Enrol(code=old.code, public_key=Device().public_key))
    clock.move(SETTINGS.enrolment_s)
    with pytest.raises(BadEnrolmentCode):
        await identity.enrol(Enrol(code=new.code, public_key=Device().public_key))


async def test_a_bad_key_leaves_the_code_good(identity: Identity) -> None:
    code = await _new_kiosk(identity)
    with pytest.raises(BadEnrolmentCode):
        await identity.enrol(Enrol(code=code.code, public_key="short"))
    await identity.enrol(Enrol(code=code.code, public_key=Device().public_key))


async def test_an_upload_token_lasts_until_its_time(
    identity: Identity, device: Device, clock: StoppedClock
) -> None:
    token = await identity.upload_token("K01")
    assert await identity.kiosk_of_token(token) == "K01"
    clock.move(SETTINGS.upload_token_s + 1)
    with pytest.raises(Unauthenticated):
        await identity.kiosk_of_token(token)


@pytest.mark.parametrize(
    "token", ["", "K01", "K01~9999999999~", "K01~x~y", "~~", "K9~1~ab", "é~1~a"]
)
async def test_a_made_up_token_is_refused(identity: Identity, device: Device, token: str) -> None:
    with pytest.raises(Unauthenticated):
        await identity.kiosk_of_token(token)


async def test_a_token_cannot_be_lengthened(identity: Identity, device: Device) -> None:
    kiosk_id, expiry, mac = (await identity.upload_token("K01")).split("~")
    with pytest.raises(Unauthenticated):
        await identity.kiosk_of_token(f"{kiosk_id}~{int(expiry) + 1000}~{mac}")


async def test_a_kiosk_that_comes_and_goes_does_not_stand_in_the_way_of_its_revocation(
    identity: Identity, device: Device, works: SqlWorks, clock: StoppedClock
) -> None:
    fleet = Fleet(works, works, clock)
    await asyncio.gather(
        *(fleet.online("K01", clock.now()) for _ in range(3)),
        identity.revoke("staff:admin", "K01"),
        *(fleet.offline("K01") for _ in range(3)),
    )
    with pytest.raises(KioskIsRevoked):
        await identity.verify_kiosk(device.hello(clock, "nonce"), "nonce")


async def test_a_revoked_kiosk_is_cut_off_at_once(
    identity: Identity, device: Device, clock: StoppedClock
) -> None:
    token = await identity.upload_token("K01")
    code = await identity.issue_code("staff:admin", "K01")
    (change,) = await identity.revoke("staff:admin", "K01")
    assert (change.stream, change.kind, change.kiosk_id) == ("kiosk:K01", "kiosk_revoked", "K01")
    assert await identity.revoke("staff:admin", "K01") == ()
    with pytest.raises(Unauthenticated):
        await identity.kiosk_of_token(token)
    with pytest.raises(KioskIsRevoked):
        await identity.upload_token("K01")
    with pytest.raises(KioskIsRevoked):
        await identity.verify_kiosk(device.hello(clock, "nonce"), "nonce")
    with pytest.raises(BadEnrolmentCode):
        await identity.enrol(Enrol(code=code.code, public_key=Device().public_key))


async def test_tokens_of_the_old_key_stay_dead_after_a_new_enrolment(
    identity: Identity, device: Device
) -> None:
    token = await identity.upload_token("K01")
    await identity.revoke("staff:admin", "K01")
    code = await identity.issue_code("staff:admin", "K01")
    await identity.enrol(Enrol(code=code.code, public_key=Device().public_key))
    with pytest.raises(Unauthenticated):
        await identity.kiosk_of_token(token)
    assert await identity.kiosk_of_token(await identity.upload_token("K01")) == "K01"


async def test_a_kiosks_life_is_in_the_log_and_the_audit(
    identity: Identity, device: Device, works: SqlWorks
) -> None:
    await identity.revoke("staff:admin", "K01")
    async with works() as work:
        kinds = [(entry.type, entry.actor) for entry in await work.events.of("kiosk:K01")]
        actions = [entry.action for entry in await work.audit.page(None, 10)]
    assert kinds == [
        ("kiosk_created", "staff:admin"),
        ("kiosk_enrolled", "kiosk:K01"),
        ("kiosk_revoked", "staff:admin"),
    ]
    assert actions == ["kiosk.revoked", "kiosk.enrolled", "kiosk.code", "kiosk.created"]


@pytest.mark.parametrize("act", ["issue_code", "revoke"])
async def test_an_unknown_kiosk_is_not_found(identity: Identity, act: str) -> None:
    with pytest.raises(NotFound):
        await getattr(identity, act)("staff:admin", "K99")
