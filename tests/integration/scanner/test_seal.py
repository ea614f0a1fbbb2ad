"""A sealed document is accepted as it is and refused after any change."""

import io
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Pdf

from scanner.document import PdfPage, build_pdf
from scanner.errors import SealBroken
from scanner.seal import Problem, Signer, seal, sign, verify
from tests.integration.scanner.pages import NOON, made_pages, manifest_of

PAGES = made_pages()
MANIFEST = manifest_of(PAGES)
KIOSK = Signer.create("K01", NOON)
TRUST = [KIOSK.cert_pem]
SEALED = seal(PAGES, MANIFEST, KIOSK)


def rewritten(change: Callable[[Pdf], None]) -> bytes:
    """Changed by somebody with a PDF tool."""
    with Pdf.open(io.BytesIO(SEALED)) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def unsigned(change: Callable[[Pdf], None]) -> bytes:
    """Changed before the kiosk's own signature: the manifest alone must notice."""
    with Pdf.open(io.BytesIO(build_pdf(PAGES, MANIFEST))) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out, compress_streams=False)
        return sign(out.getvalue(), MANIFEST, KIOSK)


def swap(pdf: Pdf) -> None:
    first = pdf.pages[0]
    del pdf.pages[0]
    pdf.pages.insert(1, first)


def remove(pdf: Pdf) -> None:
    del pdf.pages[1]


def add(pdf: Pdf) -> None:
    pdf.pages.append(pdf.pages[0])


def replace_picture(pdf: Pdf) -> None:
    picture = pdf.pages[0].obj.Resources.XObject["/Page"]
    picture.write(PAGES[1].clean_jpeg, filter=pikepdf.Name.DCTDecode)


def write_over(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"0 g 10 10 200 200 re f")


def draw_twice(pdf: Pdf) -> None:
    pdf.pages[0].obj.Contents = pdf.make_stream(b"q 1 0 0 1 0 0 cm /Page Do Q")


def crop(pdf: Pdf) -> None:
    pdf.pages[0].obj.CropBox = pikepdf.Array([0, 0, 10, 10])


def turn(pdf: Pdf) -> None:
    pdf.pages[0].obj.Rotate = 180


def stamp(pdf: Pdf) -> None:
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Rect=pikepdf.Array([0, 0, 90, 90]))
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])


def replace_original(pdf: Pdf) -> None:
    names = pdf.Root.Names.EmbeddedFiles.Names
    names[1].EF.F.write(PAGES[1].original_jpeg)


def drop_original(pdf: Pdf) -> None:
    names = pdf.Root.Names.EmbeddedFiles.Names
    del names[0]
    del names[0]


def drop_manifest(pdf: Pdf) -> None:
    names = pdf.Root.Names.EmbeddedFiles.Names
    del names[len(names) - 1]
    del names[len(names) - 1]


def test_accepted_as_it_is() -> None:
    verdict = verify(SEALED, TRUST)
    assert verdict.problems == ()
    assert verdict.ok
    assert verdict.manifest == MANIFEST
    assert verdict.signer_fingerprint == KIOSK.fingerprint


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (swap, Problem.PAGE_CHANGED),
        (remove, Problem.PAGE_COUNT),
        (add, Problem.PAGE_COUNT),
        (replace_picture, Problem.PAGE_CHANGED),
        (write_over, Problem.PAGE_CHANGED),
        (draw_twice, Problem.PAGE_CHANGED),
        (crop, Problem.PAGE_CHANGED),
        (turn, Problem.PAGE_CHANGED),
        (stamp, Problem.PAGE_CHANGED),
        (replace_original, Problem.ORIGINAL_CHANGED),
        (drop_original, Problem.ORIGINAL_CHANGED),
        (drop_manifest, Problem.NO_MANIFEST),
    ],
)
def test_refused_after_a_change(change: Callable[[Pdf], None], problem: Problem) -> None:
    behind_the_seal = verify(rewritten(change), TRUST)
    assert not behind_the_seal.ok
    assert not behind_the_seal.intact
    assert {Problem.ALTERED, Problem.NOT_SEALED} & set(behind_the_seal.problems)
    assert verify(unsigned(change), TRUST).problems == (problem,)


def test_a_control_document_signed_the_same_way_is_accepted() -> None:
    assert verify(unsigned(lambda _: None), TRUST).ok


@pytest.mark.parametrize("which", ["clean_jpeg", "original_jpeg"])
def test_one_byte_of_a_page(which: str) -> None:
    for page in PAGES:
        at = SEALED.index(getattr(page, which)) + len(getattr(page, which)) // 2
        tampered = bytearray(SEALED)
        tampered[at] ^= 1
        problems = verify(bytes(tampered), TRUST).problems
        assert Problem.ALTERED in problems
        changed = Problem.PAGE_CHANGED if which == "clean_jpeg" else Problem.ORIGINAL_CHANGED
        assert changed in problems


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, len(SEALED) - 1), flip=st.integers(1, 255))
def test_one_byte_anywhere(at: int, flip: int) -> None:
    tampered = bytearray(SEALED)
    tampered[at] ^= flip
    verdict = verify(bytes(tampered), TRUST)
    contents = SEALED.rfind(b"/Contents <")
    padding = SEALED[contents : SEALED.index(b">", contents)]
    filler = contents + len(padding.rstrip(b"0")) < at < contents + len(padding)
    assert not verdict.ok or filler  # the zeros after the signature itself are not signed


@settings(max_examples=25, deadline=None)
@given(part=st.floats(0, 0.999))
def test_cut_short(part: float) -> None:
    assert not verify(SEALED[: int(len(SEALED) * part)], TRUST).ok


@settings(max_examples=80, deadline=None)
@given(data=st.binary(max_size=400), start=st.sampled_from([b"", b"%PDF-1.7\n"]))
def test_noise(data: bytes, start: bytes) -> None:
    verdict = verify(start + data, TRUST)
    assert not verdict.ok
    assert not verdict.intact


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
    twice = sign(SEALED.replace(b"Seal)", b"Sael)"), MANIFEST, Signer.create("X", NOON))
    assert not verify(twice, TRUST).ok


def test_added_to_after_the_signing() -> None:
    with_tail = SEALED + b"\n% something more\n"
    assert Problem.ADDED_TO in verify(with_tail, TRUST).problems


def test_plain_pdf_is_not_sealed() -> None:
    assert verify(build_pdf(PAGES, MANIFEST), TRUST).problems == (Problem.NOT_SEALED,)


def test_time_moved() -> None:
    moved = MANIFEST.to_json().replace(b"2026-11-21T04", b"2026-11-21T05")
    tampered = SEALED.replace(MANIFEST.to_json(), moved)
    assert tampered != SEALED
    assert Problem.ALTERED in verify(tampered, TRUST).problems


def test_originals_lie_inside_unchanged_and_bytes_repeat() -> None:
    once = build_pdf(PAGES, MANIFEST)
    assert once == build_pdf(PAGES, MANIFEST)
    with Pdf.open(io.BytesIO(SEALED)) as pdf:
        inside = [
            pdf.attachments[f"original-{n:03}.jpg"].get_file().read_bytes() for n in (1, 2, 3)
        ]
        assert inside == [page.original_jpeg for page in PAGES]
        assert len(pdf.pages) == 3
        shown = [page.obj.Resources.XObject["/Page"].read_raw_bytes() for page in pdf.pages]
        assert shown == [page.clean_jpeg for page in PAGES]


def test_many_pages_keep_their_order() -> None:
    many = [
        PdfPage(PAGES[n % 3].original_jpeg, PAGES[(n + 1) % 3].clean_jpeg, NOON) for n in range(60)
    ]
    assert verify(seal(many, manifest_of(many), KIOSK), TRUST).ok


@pytest.mark.parametrize(
    "pages",
    [
        [],
        PAGES[:2],
        [*PAGES, PAGES[0]],
        PAGES[::-1],
        [replace(PAGES[0], clean_jpeg=PAGES[1].clean_jpeg), *PAGES[1:]],
    ],
    ids=["none", "one less", "one more", "other order", "other picture"],
)
def test_a_manifest_about_other_pages_is_not_sealed(pages: list[PdfPage]) -> None:
    with pytest.raises(SealBroken):
        seal(pages, MANIFEST, KIOSK)


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
