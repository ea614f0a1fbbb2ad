"""What the center accepts as a page's picture, decided before any pixel is decoded; and a smaller
one for a thin line."""

from center.domain.errors import ImageTooLarge, ImageTruncated, NotAnImage

ACCEPTED = {"JPEG": b"\xff\xd9", "PNG": b"IEND", "WEBP": b""}
"""Formats, and the mark that their end bears; a WebP without its end is not even opened."""

TAIL = 4096
"""Bytes at the end in which the mark must stand; some cameras pad."""


PREVIEW_SIDE = 1600
"""Longer side of a preview, pixels: a page of A4 can be read in it."""

PREVIEW_QUALITY = 60


def preview(data: bytes) -> bytes:
    """A picture that was accepted, as a small JPEG."""
    from scanner.image import decode, encode_jpeg  # noqa: PLC0415 - OpenCV takes long to load

    return encode_jpeg(decode(data, PREVIEW_SIDE), PREVIEW_QUALITY)


def check_picture(data: bytes) -> None:
    """Whether the bytes are a whole JPEG, PNG or WebP of bearable size.

    Raises:
        NotAnImage: another format, or none.
        ImageTooLarge: its header announces more pixels than the scanner takes.
        ImageTruncated: its end is missing.
    """
    from scanner import errors  # noqa: PLC0415 - OpenCV behind it takes long to load
    from scanner.image import inspect  # noqa: PLC0415

    try:
        info = inspect(data)
    except errors.ImageTooLarge as error:
        raise ImageTooLarge(str(error)) from error
    except errors.TruncatedImage as error:
        raise ImageTruncated(str(error)) from error
    except errors.ImageError as error:
        raise NotAnImage(str(error)) from error
    if info.format not in ACCEPTED:
        raise NotAnImage(f"{info.format} is neither JPEG, PNG nor WebP")
    if ACCEPTED[info.format] not in data[-TAIL:]:
        raise ImageTruncated(f"the {info.format} has no end")
