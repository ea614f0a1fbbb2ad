"""What can go wrong between a camera and sealed evidence.

`code` is stable and is what screens translate.
"""

from typing import ClassVar


class ScannerError(Exception):
    """Base of every error this library raises on purpose."""

    code: ClassVar[str] = "scanner_error"


class ImageError(ScannerError):
    """These bytes cannot become a page."""

    code = "image_error"


class NotAnImage(ImageError):
    code = "not_an_image"


class TruncatedImage(ImageError):
    code = "truncated_image"


class ImageTooLarge(ImageError):
    code = "image_too_large"


class UnsupportedImage(ImageError):
    code = "unsupported_image"


class CameraError(ScannerError):
    """The camera gives no usable picture now; it may come back."""

    code = "camera_error"


class CameraMissing(CameraError):
    code = "camera_missing"


class CameraUnplugged(CameraError):
    code = "camera_unplugged"


class CameraDark(CameraError):
    code = "camera_dark"


class CameraStalled(CameraError):
    code = "camera_stalled"


class NoPaper(CameraError):
    """Nothing lies in the feeder."""

    code = "no_paper"


class PaperJammed(CameraError):
    code = "paper_jammed"


class CoverOpen(CameraError):
    code = "cover_open"


class ScannerBusy(CameraError):
    """Somebody else uses the flat-bed or feeder."""

    code = "scanner_busy"


class OptionRefused(CameraError):
    """The scanner has no such resolution, mode or source."""

    code = "option_refused"


class ScannerFailed(CameraError):
    """The scanner gave up and says no more than that."""

    code = "scanner_failed"


class SealBroken(ScannerError):
    """A document cannot be sealed as asked, or its seal does not hold."""

    code = "seal_broken"


class StampUnavailable(ScannerError):
    """The time-stamp server gave no time stamp; sealing without one would work."""

    code = "stamp_unavailable"


class DiskFull(ScannerError):
    """There is no room for the file; nothing of it was left behind."""

    code = "disk_full"
