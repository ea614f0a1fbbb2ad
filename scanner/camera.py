"""All cameras behind one door."""

from scanner.errors import CameraMissing
from scanner.film import FilmCamera
from scanner.frame import Camera, Frame
from scanner.sane import SaneScanner, list_sane_scanners
from scanner.simulated import SimulatedCamera
from scanner.usb import UsbCamera, find_usb_camera, list_usb_cameras
from scanner.watch import Patience, WatchedCamera

__all__ = [
    "Camera",
    "FilmCamera",
    "Frame",
    "Patience",
    "SaneScanner",
    "SimulatedCamera",
    "UsbCamera",
    "WatchedCamera",
    "list_sane_scanners",
    "list_usb_cameras",
    "open_camera",
    "watch_camera",
]

PLAYED_FPS = 15.0
"""Pace of players and of the simulation when they stand in for a real camera."""
_SHEET_SECONDS = 90.0


def open_camera(source: str) -> Camera:
    """Open one source. Raises CameraMissing.

    usb:DEVICE     such as usb:/dev/video0
    usb:IDENTITY   vendor:product:serial, or the port's path instead of a serial number; `python -m
                   scanner cameras` lists them. It is found again wherever it is plugged in.
    film:PATH      an MJPG AVI file or a folder of pictures
    sane:DEVICE    a flat-bed scanner; every read scans one sheet
    simulated      papers on a mat
    auto           the first USB camera, else the simulation
    """
    kind, _, place = _settled(source).partition(":")
    match kind:
        case "simulated":
            return SimulatedCamera(fps=PLAYED_FPS)
        case "usb" if place:
            return UsbCamera(find_usb_camera(place))
        case "film" if place:
            return FilmCamera(place, fps=PLAYED_FPS)
        case "sane" if place:
            return SaneScanner(place)
    raise CameraMissing(f"no such camera source: {source}")


def watch_camera(source: str) -> WatchedCamera:
    """`open_camera`, kept going: what an agent that must never stop should use.

    What `auto` means is decided here once, so that a camera which is unplugged is waited for and
    never replaced by the simulation.
    """
    chosen = _settled(source)
    return WatchedCamera(lambda: open_camera(chosen), _patience(chosen))


def _settled(source: str) -> str:
    return next(iter(list_usb_cameras()), "simulated") if source == "auto" else source


def _patience(source: str) -> Patience:
    """Only a sensor's pictures differ by noise, and only a flat-bed takes its time."""
    if source.startswith("usb:"):
        return Patience()
    if source.startswith("sane:"):
        return Patience(frozen_frames=None, read_timeout=_SHEET_SECONDS)
    return Patience(frozen_frames=None)
