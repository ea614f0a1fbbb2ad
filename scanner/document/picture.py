"""Picture files as they are: no pixel is decoded, so the bytes inside are the bytes handed in."""

import io

from pikepdf import Dictionary, Name, Object, Pdf
from PIL import Image as Pillow

from scanner.errors import UnsupportedImage
from scanner.image import inspect

_COLOURS = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB}
"""By Pillow's mode. PDF/A-2b with an RGB output intent has no place for CMYK."""


def can_be_drawn(data: bytes) -> bool:
    """A grey or RGB JPEG can be a PDF picture without touching a byte. Raises an ImageError."""
    return inspect(data).format == "JPEG" and _mode(data) in _COLOURS


def add_jpeg(pdf: Pdf, jpeg: bytes) -> Object:
    """An image XObject. Raises UnsupportedImage when it cannot be drawn."""
    if not can_be_drawn(jpeg):
        raise UnsupportedImage("a page is shown as a grey or RGB JPEG")
    with Pillow.open(io.BytesIO(jpeg)) as header:
        width, height = header.size  # as stored: PDF knows no EXIF orientation
    keys = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        ColorSpace=_COLOURS[_mode(jpeg)],
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    return pdf.make_stream(jpeg, keys)


def _mode(jpeg: bytes) -> str:
    with Pillow.open(io.BytesIO(jpeg)) as header:
        return header.mode
