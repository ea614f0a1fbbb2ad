"""A sealed document is accepted as it is and refused, with cause and page, after any change."""

import asyncio
import io
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Pdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from scanner.document import build_pdf
from scanner.document.statement import write_manifest
from scanner.errors import SealBroken
from scanner.seal import Finding, Problem, Signer, seal, verify
from tests.integration.scanner.pages import NOON, made_pages, manifest_of, signed

PAGES = made_pages()
MANIFEST = manifest_of(PAGES)
KIOSK = Signer.create("K01", NOON)
TRUST = [KIOSK.cert_pem]
SEALED = seal(PAGES, MANIFEST, KIOSK)

Change = Callable[[Pdf], None]


def rewritten(change: Change) -> bytes:
    """Changed by somebody with a PDF tool."""
    with Pdf.open(io.BytesIO(SEALED)) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def unsigned(change: Change) -> bytes:
    """Changed before the kiosk's own signature: the manifest alone must notice."""
    with Pdf.open(io.BytesIO(build_pdf(PAGES, MANIFEST))) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out, compress_streams=False)
        return signed(out.getvalue(), MANIFEST, KIOSK)


def swap(pdf: Pdf) -> None:
    first = pdf.pages[0]
    del pdf.pages[0]
    pdf.pages.insert(1, first)


def last_to_front(pdf: Pdf) -> None:
    last = pdf.pages[2]
    del pdf.pages[2]
    pdf.pages.insert(0, last)


def remove(pdf: Pdf) -> None:
    del pdf.pages[1]


def remove_all_but_one(pdf: Pdf) -> None:
    del pdf.pages[2]
    del pdf.pages[0]


def repeat(pdf: Pdf) -> None:
    pdf.pages.append(pdf.pages[0])


def add_foreign(pdf: Pdf) -> None:
    pdf.add_blank_page(page_size=(100, 100))
    pdf.pages.insert(1, pdf.pages[-1])
    del pdf.pages[-1]


def replace_picture(pdf: Pdf) -> None:
    picture = pdf.pages[1].obj.Resources.XObject["/Page"]
    picture.write(PAGES[0].clean_jpeg, filter=pikepdf.Name.DCTDecode)


def invert(pdf: Pdf) -> None:
    pdf.pages[1].obj.Resources.XObject["/Page"].Decode = pikepdf.Array([1, 0, 1, 0, 1, 0])


def write_over(pdf: Pdf) -> None:
    pdf.pages[1].contents_add(b"0 g 10 10 200 200 re f")


def show_the_text(pdf: Pdf) -> None:
    content = pdf.pages[1].obj.Contents
    content.write(content.read_bytes().replace(b"3 Tr", b"0 Tr"))


def draw_elsewhere(pdf: Pdf) -> None:
    pdf.pages[1].obj.Contents = pdf.make_stream(b"q 1.00 0 0 1.00 0 0 cm /Page Do Q\n")


def crop(pdf: Pdf) -> None:
    pdf.pages[1].obj.CropBox = pikepdf.Array([0, 0, 10, 10])


def turn(pdf: Pdf) -> None:
    pdf.pages[1].obj.Rotate = 180


def stamp(pdf: Pdf) -> None:
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Rect=pikepdf.Array([0, 0, 90, 90]))
    pdf.pages[1].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])


def replace_original(pdf: Pdf) -> None:
    original = pdf.pages[1].obj.Resources.XObject["/Original"]
    original.write(PAGES[0].original_jpeg, filter=pikepdf.Name.DCTDecode)


def drop_original(pdf: Pdf) -> None:
    del pdf.pages[1].obj.Resources.XObject["/Original"]


def change_text(pdf: Pdf) -> None:
    content = pdf.pages[1].obj.Contents
    drawn = content.read_bytes()
    shown = drawn[drawn.index(b"<") : drawn.index(b">")]
    content.write(drawn.replace(shown, shown[:-4] + b"0002", 1))


def change_alphabet(pdf: Pdf) -> None:
    """Every page says something else, and no page was touched."""
    alphabet = pdf.pages[0].obj.Resources.Font.Text.ToUnicode
    written = alphabet.read_bytes()
    other = written.replace("议".encode("utf-16-be").hex().upper().encode(), b"0041")
    alphabet.write(zlib.compress(other), filter=pikepdf.Name.FlateDecode)


def drop_manifest(pdf: Pdf) -> None:
    del pdf.docinfo["/Manifest1"]


def move_time(pdf: Pdf) -> None:
    later = NOON.replace(hour=5)
    write_manifest(pdf.docinfo, MANIFEST.model_copy(update={"sealed_at": later}))


REFUSED: list[tuple[Change, list[Finding]]] = [
    (swap, [Finding(Problem.PAGE_MOVED, 2)]),
    (last_to_front, [Finding(Problem.PAGE_MOVED, 3)]),
    (remove, [Finding(Problem.PAGE_MISSING, 2)]),
    (remove_all_but_one, [Finding(Problem.PAGE_MISSING, 1), Finding(Problem.PAGE_MISSING, 3)]),
    (repeat, [Finding(Problem.PAGE_ADDED, 4)]),
    (add_foreign, [Finding(Problem.PAGE_ADDED, 2)]),
    (replace_picture, [Finding(Problem.PAGE_CHANGED, 2)]),
    (invert, [Finding(Problem.PAGE_CHANGED, 2)]),
    (write_over, [Finding(Problem.PAGE_CHANGED, 2)]),
    (show_the_text, [Finding(Problem.PAGE_CHANGED, 2)]),
    (draw_elsewhere, [Finding(Problem.PAGE_CHANGED, 2)]),
    (crop, [Finding(Problem.PAGE_CHANGED, 2)]),
    (turn, [Finding(Problem.PAGE_CHANGED, 2)]),
    (stamp, [Finding(Problem.PAGE_CHANGED, 2)]),
    (replace_original, [Finding(Problem.ORIGINAL_CHANGED, 2)]),
    (drop_original, [Finding(Problem.ORIGINAL_CHANGED, 2)]),
    (change_text, [Finding(Problem.TEXT_CHANGED, 2)]),
    (change_alphabet, [Finding(Problem.TEXT_CHANGED, n) for n in (1, 2, 3)]),
    (drop_manifest, [Finding(Problem.NO_MANIFEST)]),
    (move_time, [Finding(Problem.TIME_MOVED)]),
]


def test_accepted_as_it_is(tmp_path: Path) -> None:
    verdict = verify(SEALED, TRUST)
    assert verdict.findings == ()
    assert verdict.ok
    assert verdict.manifest == MANIFEST
    assert verdict.signer_fingerprint == KIOSK.fingerprint
    assert verdict.stamped_at is None
    (tmp_path / "sealed.pdf").write_bytes(SEALED)
    assert verify(tmp_path / "sealed.pdf", TRUST) == verdict


async def test_a_running_event_loop_changes_nothing() -> None:
    """The signature library runs a loop of its own, and two in one thread do not go."""
    assert asyncio.get_running_loop().is_running()
    assert verify(seal(PAGES, MANIFEST, KIOSK), TRUST).ok
    assert verify(build_pdf(PAGES, MANIFEST), TRUST).problems == (Problem.NOT_SEALED,)


@pytest.mark.parametrize(
    ("change", "findings"), REFUSED, ids=lambda part: getattr(part, "__name__", "")
)
def test_refused_after_a_change(change: Change, findings: list[Finding]) -> None:
    behind_the_seal = verify(rewritten(change), TRUST)
    assert not behind_the_seal.intact
    assert {Problem.ALTERED, Problem.NOT_SEALED} & set(behind_the_seal.problems)
    told = [finding.page for finding in findings if finding.page]
    assert set(told) <= {finding.page for finding in behind_the_seal.findings}
    assert list(verify(unsigned(change), TRUST).findings) == findings


def test_a_control_document_signed_the_same_way_is_accepted() -> None:
    assert verify(unsigned(lambda _: None), TRUST).ok


@pytest.mark.parametrize("which", ["clean_jpeg", "original_jpeg", "text"])
def test_one_byte_of_a_page(which: str) -> None:
    problem = {
        "clean_jpeg": Problem.PAGE_CHANGED,
        "original_jpeg": Problem.ORIGINAL_CHANGED,
        "text": Problem.TEXT_CHANGED,
    }[which]
    for number, page in enumerate(PAGES, 1):
        part = getattr(page, which) if which != "text" else shown_text(number)
        tampered = bytearray(SEALED)
        tampered[SEALED.index(part) + len(part) // 2] ^= 1
        findings = verify(bytes(tampered), TRUST).findings
        assert findings == (Finding(Problem.ALTERED), Finding(problem, number))


def shown_text(number: int) -> bytes:
    """The last string of a page's text, its codes standing in for digits that `^ 1` keeps valid."""
    with Pdf.open(io.BytesIO(SEALED)) as pdf:
        content = pdf.pages[number - 1].obj.Contents.read_raw_bytes()
    return bytes(content[content.index(b"<") - 20 : content.index(b">") + 20])


@settings(max_examples=25, deadline=None)
@given(at=st.integers(0, len(SEALED) - 1), flip=st.integers(1, 255))
def test_one_byte_anywhere(at: int, flip: int) -> None:
    tampered = bytearray(SEALED)
    tampered[at] ^= flip
    assert not verify(bytes(tampered), TRUST).intact


@pytest.mark.parametrize("flip", [0x10, 0x01, 0x20, 0xFF])
def test_one_byte_of_the_room_kept_for_the_signature(flip: int) -> None:
    """It is signed by nobody, in any PDF: so it must be exactly the signature and zeros."""
    room = SEALED.index(b"/Contents <") + len(b"/Contents <")
    for at in (room, room + 999, SEALED.index(b">", room) - 1):
        tampered = bytearray(SEALED)
        tampered[at] ^= flip
        assert not verify(bytes(tampered), TRUST).intact


@settings(max_examples=25, deadline=None)
@given(part=st.floats(0, 0.9999))
def test_cut_short(part: float) -> None:
    assert not verify(SEALED[: int(len(SEALED) * part)], TRUST).intact


@settings(max_examples=80, deadline=None)
@given(data=st.binary(max_size=400), start=st.sampled_from([b"", b"%PDF-1.7\n"]))
def test_noise(data: bytes, start: bytes) -> None:
    assert not verify(start + data, TRUST).intact


def test_another_signer_is_unknown_though_nothing_changed() -> None:
    other = Signer.create("K01", NOON)
    verdict = verify(seal(PAGES, MANIFEST, other), TRUST)
    assert verdict.problems == (Problem.SIGNER_UNKNOWN,)
    assert verdict.intact
    assert not verdict.ok
    assert verdict.signer_fingerprint == other.fingerprint


def test_without_trust_nobody_is_known() -> None:
    assert verify(SEALED, []).problems == (Problem.SIGNER_UNKNOWN,)


def test_one_of_several_trusted_signers() -> None:
    others = [Signer.create(f"K{number:02}", NOON).cert_pem for number in (2, 3)]
    assert verify(SEALED, [*others, KIOSK.cert_pem]).ok


def test_signed_again_by_another_is_refused() -> None:
    twice = signed(SEALED.replace(b"Seal)", b"Sael)"), MANIFEST, Signer.create("X", NOON))
    assert not verify(twice, TRUST).intact


def test_added_to_after_the_signing() -> None:
    with_tail = SEALED + b"\n% something more\n"
    assert Finding(Problem.ADDED_TO) in verify(with_tail, TRUST).findings


def test_an_update_appended_that_turns_a_page() -> None:
    file = io.BytesIO(SEALED)
    writer = IncrementalPdfFileWriter(file)
    page = writer.root["/Pages"]["/Kids"][1].get_object()
    page["/Rotate"] = generic.NumberObject(180)  # type: ignore[no-untyped-call]
    writer.update_container(page)
    writer.write_in_place()  # type: ignore[no-untyped-call]
    findings = verify(file.getvalue(), TRUST).findings
    assert Finding(Problem.ADDED_TO) in findings
    assert Finding(Problem.PAGE_CHANGED, 2) in findings


def test_plain_pdf_is_not_sealed() -> None:
    assert verify(build_pdf(PAGES, MANIFEST), TRUST).problems == (Problem.NOT_SEALED,)


def test_time_moved_in_the_file() -> None:
    tampered = SEALED.replace(b'"sealed_at":"2026-11-21T04', b'"sealed_at":"2026-11-21T05')
    assert tampered != SEALED
    findings = verify(tampered, TRUST).findings
    assert findings == (Finding(Problem.ALTERED), Finding(Problem.TIME_MOVED))


def test_many_pages_keep_their_order() -> None:
    many = [
        replace(PAGES[n % 3], clean_jpeg=PAGES[(n + 1) % 3].clean_jpeg, text=None)
        for n in range(60)
    ]
    assert verify(seal(many, manifest_of(many), KIOSK), TRUST).ok


def test_keys_that_do_not_belong_together() -> None:
    other = Signer.create("K02", NOON)
    with pytest.raises(SealBroken):
        Signer.load(KIOSK.key_pem, other.cert_pem)
    with pytest.raises(SealBroken):
        Signer.load(b"no key", KIOSK.cert_pem)
    assert Signer.load(KIOSK.key_pem, KIOSK.cert_pem).fingerprint == KIOSK.fingerprint
    assert "PRIVATE" not in repr(KIOSK)


def test_unreadable_trust_is_said() -> None:
    with pytest.raises(SealBroken):
        verify(SEALED, [b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
