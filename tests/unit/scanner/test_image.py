"""Whatever arrives as a picture is decoded right or refused with the right word."""

import contextlib
import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from scanner.errors import (
    ImageError,
    ImageTooLarge,
    NotAnImage,
    TruncatedImage,
    UnsupportedImage,
)
from scanner.geometry import scaled_to
from scanner.image import MAX_BYTES, ImageInfo, decode, encode_jpeg, encode_webp, inspect
from scanner.text.made import Script, made_page


def picture(
    kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **save: object
) -> bytes:
    gradient = np.linspace(0, 255, size[0] * size[1], dtype=np.uint8).reshape(size[1], size[0])
    out = io.BytesIO()
    Pillow.fromarray(gradient).convert(mode).save(out, kind, **save)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds no pixels at all."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    header = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    data = b"IDAT"
    return b"\x89PNG\r\n\x1a\n" + header + struct.pack(">I", 0) + data + b"\0\0\0\0"


def animation(kind: str) -> bytes:
    frames = [Pillow.new("RGB", (16, 16), shade) for shade in ("red", "blue", "white")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


REFUSED = {
    "nothing": (b"", NotAnImage),
    "text": (b"Dear lawyer, this is not a picture.", NotAnImage),
    "a JPEG's first bytes only": (b"\xff\xd8\xff\xe0", NotAnImage),
    "pixel bomb": (png_header(30_000, 30_000), ImageTooLarge),
    "just over 64 MP": (png_header(8_001, 8_000), ImageTooLarge),
    "over 40 MB": (bytes(MAX_BYTES + 1), ImageTooLarge),
    "GIF": (picture("GIF"), UnsupportedImage),
    "animated GIF": (animation("GIF"), UnsupportedImage),
    "animated WebP": (animation("WEBP"), UnsupportedImage),
    "animated PNG": (animation("PNG"), UnsupportedImage),
    "two-page TIFF": (animation("TIFF"), UnsupportedImage),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_from_the_header(name: str) -> None:
    data, error = REFUSED[name]
    with pytest.raises(error):
        inspect(data)
    with pytest.raises(error):
        decode(data)


def test_a_bomb_is_refused_before_any_pixel_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("decoding began")

    monkeypatch.setattr("scanner.image.cv2.imdecode", fail)
    monkeypatch.setattr(Pillow.Image, "load", fail)
    with pytest.raises(ImageTooLarge):
        decode(png_header(30_000, 30_000))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP"])
def test_accepted(kind: str) -> None:
    data = picture(kind)
    assert inspect(data) == ImageInfo(kind, 64, 48)
    assert decode(data).shape == (48, 64, 3)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP"])
@settings(max_examples=25, deadline=None)
@given(part=st.floats(0.0, 0.95))
def test_a_cut_file_is_never_half_a_page(kind: str, part: float) -> None:
    whole = picture(kind, (640, 480))
    with pytest.raises((NotAnImage, TruncatedImage)):
        decode(whole[: int(len(whole) * part)])


def test_the_end_marker_of_a_thumbnail_does_not_count() -> None:
    thumbnail = picture("JPEG", (16, 16))
    segment = b"\xff\xe1" + struct.pack(">H", 2 + len(thumbnail)) + thumbnail
    whole = picture("JPEG", (640, 480))
    carrying = whole[:2] + segment + whole[2:]
    assert decode(carrying).shape == (480, 640, 3)
    with pytest.raises(TruncatedImage):
        decode(carrying[: len(carrying) - 2000])


@settings(max_examples=150, deadline=None)
@given(
    data=st.binary(max_size=300),
    start=st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"BM"]),
)
def test_noise_is_refused_with_a_typed_error(start: bytes, data: bytes) -> None:
    with pytest.raises(ImageError):
        decode(start + data)


@settings(max_examples=60, deadline=None)
@given(at=st.integers(2, 3000), value=st.integers(0, 255))
def test_a_damaged_jpeg_decodes_or_is_refused(at: int, value: int) -> None:
    data = bytearray(picture("JPEG", (160, 120)))
    data[at % len(data)] = value
    with contextlib.suppress(ImageError):
        assert decode(bytes(data)).ndim == 3


def test_a_second_page_that_cannot_be_counted_is_refused() -> None:
    """Found by fuzzing: the first directory of the TIFF is whole, the one it points to is not."""
    whole = bytearray(picture("TIFF"))
    (directory,) = struct.unpack_from("<I", whole, 4)
    (entries,) = struct.unpack_from("<H", whole, directory)
    struct.pack_into("<I", whole, directory + 2 + 12 * entries, len(whole))
    with pytest.raises(NotAnImage):
        inspect(bytes(whole) + struct.pack("<HHHII", 1, 0x0103, 3, 1, 1) + bytes(4))


def test_orientation_is_undone_and_told() -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    data = picture("JPEG", (64, 48), exif=exif)
    assert inspect(data) == ImageInfo("JPEG", 48, 64)
    assert decode(data).shape == (64, 48, 3)
    assert decode(data, max_side=16).shape == (16, 12, 3)


@pytest.mark.parametrize(
    ("limit", "shape"), [(None, (600, 800)), (400, (300, 400)), (150, (112, 150))]
)
def test_reduced(limit: int | None, shape: tuple[int, int]) -> None:
    got = decode(picture("JPEG", (800, 600)), limit).shape[:2]
    assert got == pytest.approx(shape, abs=1)


def test_sixteen_bits_and_cmyk_keep_their_tones() -> None:
    ramp = np.linspace(0, 65535, 256 * 16).astype(np.uint16).reshape(16, 256)
    out = io.BytesIO()
    Pillow.fromarray(ramp).save(out, "PNG")
    grey = decode(out.getvalue())[..., 0]
    assert grey.min() == 0
    assert grey.max() == 255
    assert abs(int(np.median(grey)) - 127) < 3
    paper = Pillow.new("CMYK", (32, 32), (0, 0, 0, 0))
    out = io.BytesIO()
    paper.save(out, "JPEG")
    assert decode(out.getvalue()).min() > 250


def test_encoding_is_the_same_every_time() -> None:
    image = decode(picture("PNG"))
    assert encode_jpeg(image) == encode_jpeg(image)
    assert inspect(encode_jpeg(image)) == ImageInfo("JPEG", 64, 48)


def test_small_print_is_sharper_as_webp_and_a_quarter_smaller() -> None:
    page = scaled_to(made_page(Script.MIXED, seed=5, points=9).image, 1600)[0][:500]
    small, jpeg = encode_webp(page), encode_jpeg(page, 70)
    assert small == encode_webp(page)
    assert len(small) < 0.75 * len(jpeg)
    assert cv2.PSNR(page, decode(small)) > cv2.PSNR(page, decode(jpeg)) + 1
