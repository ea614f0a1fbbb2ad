"""What is read on pages: each once, in the background, sealed into the document, gone with its
page."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest

from center.services.evidence import Evidence
from center.services.office import SealPage, SealRequest
from center.services.ports import Change
from center.services.retention import Retention
from center.services.texts import ReaderDownError, Texts
from center.store.blobs import FileBlobs
from center.store.reading import ScannerReader
from center.store.sealing import PdfSealer
from center.store.unit_of_work import SqlWorks
from config.settings import RetentionSettings
from scanner.image import encode_jpeg
from scanner.seal import verify
from scanner.text.made import Script, made_page
from tests.integration.store.clock import StoppedClock
from tests.integration.store.story import kiosk
from tests.integration.store.test_evidence import (
    CLEAN,
    JIN,
    ORIGINAL,
    SMALL,
    CountingSealer,
    blobs,
    clock,
    evidence,
    name_of,
    page_record,
    picture,
    sealer,
    store,
)
from tests.integration.store.test_sealing import NOW, page
from tests.support.patience import PATIENCE

__all__ = ["blobs", "clock", "evidence", "sealer"]


@dataclass
class Reader:
    """Says how long each picture is; `down` as long as it is told."""

    down: bool = False
    asked: list[bytes] = field(default_factory=list)

    async def read(self, clean: bytes) -> str:
        if self.down:
            raise ReaderDownError("its engines do not run")
        self.asked.append(clean)
        return f"{len(clean)} bytes"


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def texts(works: SqlWorks, blobs: FileBlobs, reader: Reader) -> Texts:
    return Texts(works, blobs, reader)


async def _kept(works: SqlWorks) -> dict[str, str]:
    async with works() as work:
        return await work.texts.of("1")


async def test_every_page_is_read_once(
    evidence: Evidence, works: SqlWorks, clock: StoppedClock, texts: Texts, reader: Reader
) -> None:
    await store(evidence, clock)
    await texts.look()
    await store(evidence, clock, picture(91))
    await texts.look()
    assert reader.asked == [CLEAN, CLEAN]
    said = f"{len(CLEAN)} bytes"
    assert await _kept(works) == {name_of(ORIGINAL): said, name_of(picture(91)): said}


async def test_a_page_that_comes_is_read_by_itself(
    evidence: Evidence, works: SqlWorks, clock: StoppedClock, texts: Texts
) -> None:
    read = asyncio.Event()

    async def changes() -> AsyncIterator[Change]:
        await store(evidence, clock)
        yield Change(1, "consultation:1", "page_grew")
        read.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(texts.run(changes()))
    await asyncio.wait_for(read.wait(), PATIENCE)
    running.cancel()
    assert await _kept(works)


async def test_a_page_is_read_when_it_can_be(
    evidence: Evidence, works: SqlWorks, clock: StoppedClock, texts: Texts, reader: Reader
) -> None:
    await evidence.put_blob("K01", name_of(SMALL), SMALL)
    await evidence.register_page("K01", "1", name_of(ORIGINAL), page_record(clock, small=SMALL))
    await texts.look()
    assert (reader.asked, await _kept(works)) == ([], {})
    await evidence.put_blob("K01", name_of(CLEAN), CLEAN)
    await evidence.register_page("K01", "1", name_of(ORIGINAL), page_record(clock, small=SMALL))
    await texts.look()
    assert reader.asked == [CLEAN]


async def test_a_reader_that_is_down_is_asked_again_later(
    evidence: Evidence, works: SqlWorks, clock: StoppedClock, texts: Texts, reader: Reader
) -> None:
    await store(evidence, clock)
    reader.down = True
    await texts.look()
    assert await _kept(works) == {}
    reader.down = False
    await texts.look()
    assert await _kept(works)


async def test_a_page_without_its_picture_is_not_asked_for_again(
    evidence: Evidence, works: SqlWorks, clock: StoppedClock, blobs: FileBlobs, texts: Texts
) -> None:
    await store(evidence, clock)
    await blobs.delete(name_of(CLEAN))
    await texts.look()
    assert await _kept(works) == {}
    async with works() as work:
        assert await work.texts.first_unread() is None


async def test_a_document_is_sealed_anew_with_what_was_read(
    evidence: Evidence, clock: StoppedClock, sealer: CountingSealer, texts: Texts
) -> None:
    await store(evidence, clock)
    await evidence.document(JIN, "1")
    await texts.look()
    for _ in range(2):
        await evidence.document(JIN, "1")
    assert [[p.text for p in one.pages] for one in sealer.sealed] == [
        [None],
        [f"{len(CLEAN)} bytes"],
    ]


async def test_texts_go_with_their_pages(
    evidence: Evidence, works: SqlWorks, clock: StoppedClock, blobs: FileBlobs, texts: Texts
) -> None:
    await store(evidence, clock)
    await texts.look()
    clock.move(31 * 86400)
    await Retention(works, clock, blobs, RetentionSettings(pages_days=30)).run()
    assert await _kept(works) == {}


async def test_a_damaged_picture_has_no_text_and_stops_nothing() -> None:
    assert await ScannerReader().read(CLEAN[: len(CLEAN) // 2]) == ""


async def test_what_the_scanner_reads_can_be_found_in_the_sealed_document(tmp_path: Path) -> None:
    made = made_page(Script.CHINESE, 3)
    top = cv2.resize(made.image[:400], None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA)
    clean = encode_jpeg(np.asarray(top, np.uint8))
    scanner, center = ScannerReader(), PdfSealer(tmp_path, "secret")
    try:
        text = await scanner.read(clean)
    finally:
        await scanner.close()
    first = page(1)
    record = replace(first.page, clean_sha256=name_of(clean))
    part = SealPage(record, first.original, clean, text)
    pdf = await center.seal(SealRequest("YJ-20261123-0001", kiosk(), "延吉市", NOW, (part,)))
    document = pypdfium2.PdfDocument(pdf)
    found = document[0].get_textpage().get_text_bounded()
    assert made.lines[0][:8] in found.replace(" ", "")
    verdict = await asyncio.to_thread(verify, pdf, [(await center.certificate()).encode()])
    assert verdict.manifest is not None
    assert verdict.manifest.pages[0].text_sha256
