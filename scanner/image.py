"""Bytes to pixels and back, refusing from the header whatever would hurt.

Pillow reads the header (it parses every container we accept and stops before the pixels); OpenCV
decodes JPEG because it decodes at 1/2, 1/4, 1/8 for previews and refuses (since 5.0) a cut file.
"""

import io
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps

from scanner.errors import ImageError, ImageTooLarge, NotAnImage, TruncatedImage, UnsupportedImage
from scanner.types import Image

MAX_BYTES = 40_000_000
MAX_PIXELS = 64_000_000
_ACCEPTED = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
_KNOWN = (*_ACCEPTED, "GIF")
_EXIF_ORIENTATION = 0x0112
_QUARTER_TURNS = (5, 6, 7, 8)
_REDUCED = (
    (8, cv2.IMREAD_REDUCED_COLOR_8),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
)


@dataclass(frozen=True)
class ImageInfo:
    """What the header says; `width` and `height` are as seen, after the EXIF orientation."""

    format: str
    width: int
    height: int


def inspect(data: bytes) -> ImageInfo:
    """Read the header only.

    Raises NotAnImage, ImageTooLarge (over 40 MB or 64 MP), UnsupportedImage (GIF, animation).
    """
    if len(data) > MAX_BYTES:
        raise ImageTooLarge(f"{len(data)} bytes, at most {MAX_BYTES}")
    with _header(data) as header:
        return _accept(header)


def decode(data: bytes, max_side: int | None = None) -> Image:
    """Decode to BGR, upright by EXIF; with `max_side` no side is longer, and JPEG decodes reduced.

    Raises what `inspect` raises, TruncatedImage when the end of the file is missing, ImageTooLarge
    when there is not memory enough.
    """
    info = inspect(data)
    try:
        jpeg = info.format == "JPEG"
        image = _decode_jpeg(data, info, max_side) if jpeg else _decode_other(data)
        return _fit(image, max_side)
    except (MemoryError, cv2.error) as error:
        raise ImageTooLarge(f"no memory for {info.width}x{info.height} pixels") from error


def encode_jpeg(img: Image, quality: int = 88) -> bytes:
    """JPEG bytes of a BGR picture, the same for the same pixels."""
    ok, buffer = cv2.imencode(".jpg", img, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not ok:
        raise UnsupportedImage(f"cannot encode shape {img.shape}")
    return buffer.tobytes()


def encode_webp(img: Image, quality: int = 60) -> bytes:
    """WebP bytes of a BGR picture: of print a third fewer than a JPEG that reads as well, for ten
    times its work."""
    with io.BytesIO() as file:
        Pillow.fromarray(cv2.cvtColor(img, cv2.COLOR_BGR2RGB)).save(
            file, "WEBP", quality=quality, method=2
        )
        return file.getvalue()


def _header(data: bytes) -> Pillow.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about size and broken EXIF: both judged by us
            return Pillow.open(io.BytesIO(data), formats=_KNOWN)
    except Pillow.DecompressionBombError as error:
        raise ImageTooLarge(str(error)) from error
    except Exception as error:  # Pillow's parsers leak whatever their container breaks with
        raise NotAnImage("no picture format we know") from error


def _accept(header: Pillow.Image) -> ImageInfo:
    name = "JPEG" if header.format == "MPO" else str(header.format)
    width, height = header.size
    if width * height > MAX_PIXELS:
        raise ImageTooLarge(f"{width}x{height}, at most {MAX_PIXELS} pixels")
    if width == 0 or height == 0:
        raise NotAnImage("a picture without pixels")
    if name not in _ACCEPTED or (name != "JPEG" and _frames(header) > 1):
        raise UnsupportedImage(f"{name} with motion or of a kind we do not take")
    if _orientation(header) in _QUARTER_TURNS:
        width, height = height, width
    return ImageInfo(name, width, height)


def _frames(header: Pillow.Image) -> int:
    """Counting reads more of the file than opening did."""
    try:
        return int(getattr(header, "n_frames", 1))
    except Exception as error:  # Pillow's parsers leak whatever their container breaks with
        raise NotAnImage(f"a broken {header.format}") from error


def _orientation(header: Pillow.Image) -> int:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow tells what is broken in it
            return int(header.getexif().get(_EXIF_ORIENTATION, 1))
    except Exception:  # noqa: BLE001  # a broken EXIF block says nothing; the picture itself may be fine
        return 1


def _decode_jpeg(data: bytes, info: ImageInfo, max_side: int | None) -> Image:
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), _flag(info, max_side))
    if pixels is None:
        raise TruncatedImage("the JPEG ends too early")
    return np.asarray(pixels, np.uint8)


def _flag(info: ImageInfo, max_side: int | None) -> int:
    longest = max(info.width, info.height)
    for factor, flag in _REDUCED:
        if max_side is not None and longest // factor >= max_side:
            return int(flag)
    return int(cv2.IMREAD_COLOR)


def _decode_other(data: bytes) -> Image:
    try:
        with _header(data) as picture:
            upright = ImageOps.exif_transpose(picture)
            rgb = np.asarray(_eight_bit(upright).convert("RGB"), np.uint8)
    except (ImageError, MemoryError, cv2.error):
        raise
    except Exception as error:  # every decoder has its own way to say that data is missing
        raise TruncatedImage(str(error)) from error
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), np.uint8)


def _eight_bit(picture: Pillow.Image) -> Pillow.Image:
    """Sixteen-bit grey scaled, because Pillow's own conversion clips it to white."""
    if not picture.mode.startswith("I"):
        return picture
    return Pillow.fromarray((np.asarray(picture, np.uint32) >> 8).clip(0, 255).astype(np.uint8))


def _fit(image: Image, max_side: int | None) -> Image:
    longest = max(image.shape[:2])
    if max_side is None or longest <= max_side:
        return image
    scale = max_side / longest
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
