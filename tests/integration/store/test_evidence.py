"""Evidence: in from the owning kiosk, once, whole; out to its lawyer, audited; gone on time."""

import asyncio
import hashlib
import io
import struct
import zlib
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from center.domain.errors import (
    BlobMissing,
    DomainError,
    Forbidden,
    HashMismatch,
    ImageTooLarge,
    ImageTruncated,
    NotAnImage,
    NotFound,
)
from center.domain.records import Confidence
from center.protocol.rest import PageRecord
from center.protocol.views import StaffView
from center.protocol.words import PageStage, Role
from center.services.evidence import Evidence, Vault
from center.services.office import SealRequest
from center.services.retention import Deleted, Retention
from center.services.transactions import Transactions
from center.store.blobs import FileBlobs
from center.store.cipher import Cipher
from center.store.pictures import check_picture, preview
from center.store.unit_of_work import SqlWorks
from config.settings import RetentionSettings
from scanner.image import inspect
from tests.fakes.outside import FakeClock, FakeTimers, RecordingBus
from tests.integration.store.clock import StoppedClock
from tests.integration.store.story import RULES, add_kiosks, requested, talk, tell


def picture(shade: int, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("L", (60, 80), shade).save(out, kind)
    return out.getvalue()


def name_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def member(staff_id: str, role: Role = Role.LAWYER) -> StaffView:
    return StaffView(
        staff_id=staff_id,
        name=staff_id,
        office="",
        role=role,
        languages=(),
        townships=(),
        skills=(),
    )


JIN, LI = member("jin"), member("li")
ORIGINAL, CLEAN, SMALL = picture(90), picture(250), picture(200, "WEBP")


@dataclass
class CountingSealer:
    """A seal that shows what was sealed; the real one has tests of its own."""

    sealed: list[SealRequest] = field(default_factory=list)

    async def seal(self, document: SealRequest) -> bytes:
        self.sealed.append(document)
        return b"%PDF " + ",".join(part.page.sha256 for part in document.pages).encode()

    async def certificate(self) -> str:
        return "PEM"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def blobs(tmp_path: Path) -> FileBlobs:
    return FileBlobs(tmp_path / "evidence", Cipher(b"k" * 32))


@pytest.fixture
def sealer() -> CountingSealer:
    return CountingSealer()


@pytest.fixture
async def evidence(
    works: SqlWorks, clock: StoppedClock, blobs: FileBlobs, sealer: CountingSealer
) -> Evidence:
    """With consultation 1 of kiosk K01, which jin had and filed."""
    await add_kiosks(works, "K01", "K02")
    moments = [clock.now() + timedelta(seconds=s) for s in (5, 9, 10, 300, 400)]
    await tell(works, [(clock.now(), requested("1"), "kiosk:K01"), *talk(moments)])
    transactions = Transactions(works, clock, RecordingBus(), FakeTimers(FakeClock()), RULES)
    return Evidence(
        works, transactions, clock, Vault(blobs, check_picture, preview, sealer), "延吉市"
    )


def page_record(
    clock: StoppedClock, clean: bytes = CLEAN, small: bytes | None = None
) -> PageRecord:
    return PageRecord(
        captured_at=clock.now(), clean_sha256=name_of(clean), width=60, height=80, quad=None,
        sharpness=0.7, codes=("22240119",), preview_sha256=name_of(small) if small else None,
    )  # fmt: skip


async def store(
    evidence: Evidence,
    clock: StoppedClock,
    original: bytes = ORIGINAL,
    small: bytes | None = None,
) -> None:
    for data in (original, CLEAN):
        await evidence.put_blob("K01", name_of(data), data)
    record = page_record(clock, small=small)
    await evidence.register_page("K01", "1", name_of(original), record)


async def test_a_page_arrives_once(
    evidence: Evidence, works: SqlWorks, clock: StoppedClock
) -> None:
    await store(evidence, clock)
    again = await evidence.register_page("K01", "1", name_of(ORIGINAL), page_record(clock))
    async with works() as work:
        events = await work.events.of("consultation:1")
        consultation = await work.consultations.get("1")
    assert [event.type for event in events].count("page_added") == 1
    assert (again.seq, again.page.position) == (events[-1].seq, 1)
    assert consultation.pages == 1


async def test_pages_sent_at_once_get_places_of_their_own(
    evidence: Evidence, clock: StoppedClock, works: SqlWorks
) -> None:
    await asyncio.gather(*(store(evidence, clock, picture(shade)) for shade in range(6)))
    async with works() as work:
        pages = await work.pages.of("1")
    assert [page.position for page in pages] == [1, 2, 3, 4, 5, 6]


async def test_a_page_needs_a_picture_to_be_seen(evidence: Evidence, clock: StoppedClock) -> None:
    await evidence.put_blob("K01", name_of(ORIGINAL), ORIGINAL)
    for small in (None, SMALL):
        record = page_record(clock, small=small)
        with pytest.raises(BlobMissing):
            await evidence.register_page("K01", "1", name_of(ORIGINAL), record)


async def test_a_page_is_seen_with_its_small_picture_and_grows(
    evidence: Evidence, clock: StoppedClock, works: SqlWorks
) -> None:
    record, stages = page_record(clock, small=SMALL), []
    for data in (SMALL, CLEAN, ORIGINAL):
        await evidence.put_blob("K01", name_of(data), data)
        for _ in range(2):
            stored = await evidence.register_page("K01", "1", name_of(ORIGINAL), record)
            stages.append(stored.page.stage)
        assert await evidence.picture(JIN, "1", 1, "preview") == SMALL
    assert stages[::2] == stages[1::2] == list(PageStage)
    async with works() as work:
        told = [(e.type, e.data.get("stage")) for e in await work.events.of("consultation:1")]
        (page,) = await work.pages.of("1")
    assert told[-3:] == [
        ("page_added", "preview"), ("page_grew", "clean"), ("page_grew", "whole"),
    ]  # fmt: skip
    assert page.stage is PageStage.WHOLE


async def test_pictures_on_their_way_are_said_to_be(
    evidence: Evidence, clock: StoppedClock
) -> None:
    await evidence.put_blob("K01", name_of(SMALL), SMALL)
    await evidence.register_page("K01", "1", name_of(ORIGINAL), page_record(clock, small=SMALL))
    for kind in ("clean", "original"):
        with pytest.raises(BlobMissing):
            await evidence.picture(JIN, "1", 1, kind)


async def test_a_document_waits_for_all_originals(
    evidence: Evidence, clock: StoppedClock, sealer: CountingSealer
) -> None:
    await store(evidence, clock)
    other = picture(31)
    await evidence.register_page("K01", "1", name_of(other), page_record(clock))
    with pytest.raises(BlobMissing, match="pages 2"):
        await evidence.document(JIN, "1")
    assert sealer.sealed == []
    await evidence.put_blob("K01", name_of(other), other)
    await evidence.register_page("K01", "1", name_of(other), page_record(clock))
    assert await evidence.document(JIN, "1")


async def test_a_page_is_not_exchanged_for_another(evidence: Evidence, clock: StoppedClock) -> None:
    for data in (SMALL, ORIGINAL, CLEAN):
        await evidence.put_blob("K01", name_of(data), data)
    record = page_record(clock, picture(7), SMALL)
    await evidence.register_page("K01", "1", name_of(ORIGINAL), record)
    again = await evidence.register_page("K01", "1", name_of(ORIGINAL), page_record(clock))
    assert again.page.stage is PageStage.PREVIEW


async def test_the_flattened_picture_is_a_jpeg(evidence: Evidence, clock: StoppedClock) -> None:
    clean = picture(250, "PNG")
    for data in (ORIGINAL, clean):
        await evidence.put_blob("K01", name_of(data), data)
    with pytest.raises(NotAnImage):
        await evidence.register_page("K01", "1", name_of(ORIGINAL), page_record(clock, clean))


async def test_another_kiosk_may_not_add_a_page(evidence: Evidence, clock: StoppedClock) -> None:
    await store(evidence, clock)
    with pytest.raises(NotFound):
        await evidence.register_page("K02", "1", name_of(CLEAN), page_record(clock))


def _png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IEND\xaeB`\x82"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"not a picture", NotAnImage),
        (b"", NotAnImage),
        (picture(9, "GIF"), NotAnImage),
        (picture(9)[:-20], ImageTruncated),
        (picture(9, "PNG")[:-12], ImageTruncated),
        (picture(9, "WEBP")[:-1], NotAnImage),
        (_png_header(30_000, 30_000), ImageTooLarge),
    ],
    ids=["text", "nothing", "gif", "cut jpeg", "cut png", "cut webp", "huge png"],
)
async def test_what_is_no_whole_picture_is_not_kept(
    evidence: Evidence, blobs: FileBlobs, data: bytes, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        await evidence.put_blob("K01", name_of(data), data)
    assert not await blobs.has(name_of(data))


async def test_bytes_under_a_wrong_name_are_refused(evidence: Evidence) -> None:
    with pytest.raises(HashMismatch):
        await evidence.put_blob("K01", name_of(b"other"), ORIGINAL)


async def test_its_lawyer_reads_and_is_audited(
    evidence: Evidence, clock: StoppedClock, works: SqlWorks
) -> None:
    await store(evidence, clock)
    assert await evidence.picture(JIN, "1", 1, "original") == ORIGINAL
    assert await evidence.picture(JIN, "1", 1, "clean") == CLEAN
    small = await evidence.picture(JIN, "1", 1, "preview")
    assert inspect(small).format == "JPEG"
    with pytest.raises(NotFound):
        await evidence.picture(JIN, "1", 2, "clean")
    async with works() as work:
        read = [(e.actor, e.action, e.subject, e.detail) for e in await work.audit.page(None, 3)]
    assert read == [
        ("staff:jin", "read.page.clean", "1", "page 1"),
        ("staff:jin", "read.page.clean", "1", "page 1"),
        ("staff:jin", "read.page.original", "1", "page 1"),
    ]


@pytest.mark.parametrize("staff", [LI, member("zhao", Role.SUPERVISOR), member("x", Role.ADMIN)])
async def test_nobody_else_reads(evidence: Evidence, clock: StoppedClock, staff: StaffView) -> None:
    await store(evidence, clock)
    with pytest.raises(Forbidden):
        await evidence.picture(staff, "1", 1, "clean")
    with pytest.raises(Forbidden):
        await evidence.document(staff, "1")


async def test_the_document_is_sealed_once_until_the_pages_change(
    evidence: Evidence, clock: StoppedClock, sealer: CountingSealer
) -> None:
    with pytest.raises(NotFound):
        await evidence.document(JIN, "1")
    await store(evidence, clock)
    first = await evidence.document(JIN, "1")
    assert await evidence.document(JIN, "1") == first
    assert len(sealer.sealed) == 1
    assert sealer.sealed[0].pages[0].original == ORIGINAL
    await store(evidence, clock, picture(30))
    assert await evidence.document(JIN, "1") != first
    assert [len(request.pages) for request in sealer.sealed] == [1, 2]


async def test_what_is_old_is_deleted_and_the_log_stays(
    evidence: Evidence, clock: StoppedClock, blobs: FileBlobs, works: SqlWorks
) -> None:
    await evidence.put_blob("K01", name_of(SMALL), SMALL)
    await store(evidence, clock, small=SMALL)
    document = await evidence.document(JIN, "1")
    async with works() as work:
        await work.confidences.save(Confidence("1", notes="笔记"))
        await work.commit()
        before = await work.events.last_seq()
    retention = Retention(works, clock, blobs, RetentionSettings(pages_days=30, personal_days=60))

    assert await retention.run() == Deleted()
    clock.move(31 * 86400)
    assert await retention.run() == Deleted(4, 0)
    clock.move(30 * 86400)
    assert await retention.run() == Deleted(0, 1)

    for data in (ORIGINAL, CLEAN, SMALL, document):
        assert not await blobs.has(name_of(data))
    async with works() as work:
        assert await work.pages.of("1") == ()
        assert await work.confidences.get("1") == Confidence("1")
        assert await work.events.last_seq() == before
        actions = [e.action for e in await work.audit.page(None, 2)]
    assert actions == ["retention.delete", "retention.delete"]
