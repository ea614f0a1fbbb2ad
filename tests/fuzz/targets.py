"""What is fuzzed, from which seeds, and what it may do: answer, or raise its typed error."""

import contextlib
import io
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image as Pillow

from scanner.document import PdfPage, build_pdf
from scanner.errors import ImageError
from scanner.image import decode, encode_jpeg, inspect
from scanner.seal import Signer, seal, verify
from tests.integration.scanner.pages import NOON, manifest_of, text_for


@dataclass(frozen=True)
class Target:
    """`run` fails by raising anything."""

    run: Callable[[bytes], None]
    seeds: Callable[[], Sequence[bytes]]


def _decode(data: bytes) -> None:
    with contextlib.suppress(ImageError):
        info = inspect(data)
        assert info.width * info.height <= 64_000_000
        whole = decode(data)
        assert whole.shape == (info.height, info.width, 3)
        assert max(decode(data, 100).shape) <= 100


def _verify(data: bytes) -> None:
    """Only the untouched document may be accepted."""
    kiosk, sealed = _sealed()
    verdict = verify(data, [kiosk.cert_pem])
    assert not verdict.intact or data == sealed


@cache
def _pictures() -> list[bytes]:
    chance = np.random.default_rng(0)
    pixels = chance.integers(0, 255, (24, 40, 3)).astype(np.uint8).repeat(3, 0).repeat(3, 1)
    colour = Pillow.fromarray(pixels)
    deep = Pillow.fromarray((pixels[..., 0].astype(np.uint16) << 8) + 7)
    turned = Pillow.Exif()
    turned[0x0112] = 6
    made = [
        *(_saved(colour, kind) for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF")),
        *(_saved(colour.convert(mode), "JPEG") for mode in ("L", "CMYK")),
        _saved(colour, "JPEG", exif=turned, progressive=True),
        *(_saved(deep, kind) for kind in ("PNG", "TIFF")),
        _saved(colour, "TIFF", compression="tiff_lzw"),
        _saved(colour.convert("P"), "PNG"),
        *(_saved(colour, kind, save_all=True, append_images=[colour]) for kind in ("PNG", "WEBP")),
        bomb(2_000, 1_999),
    ]
    return [*made, b""]


def _saved(picture: Pillow.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of many pixels in few bytes."""
    body = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((1 + width // 8) * height), 9)
    chunks = ((b"IHDR", body), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@cache
def _sealed() -> tuple[Signer, bytes]:
    kiosk, pages = Signer.create("K01", NOON), _pages()
    return kiosk, seal(pages, manifest_of(pages), kiosk)


def _pages() -> list[PdfPage]:
    grey = np.random.default_rng(1).integers(0, 255, (2, 120, 90, 3)).astype(np.uint8)
    jpegs = [encode_jpeg(image, 30) for image in grey]
    return [PdfPage(jpeg, jpeg, NOON, text_for(jpeg, n)) for n, jpeg in enumerate(jpegs, 1)]


def _documents() -> list[bytes]:
    pages = _pages()
    return [_sealed()[1], _sealed()[1], build_pdf(pages, manifest_of(pages))]


TARGETS = {
    "decode": Target(_decode, _pictures),
    "verify": Target(_verify, _documents),
    "largest": Target(_decode, lambda: [bomb(8_000, 8_000)]),
}
