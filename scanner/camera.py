"""All cameras behind one door."""

from collections.abc import Callable

from scanner.errors import CameraMissing
from scanner.film import FilmCamera
from scanner.frame import Camera, Frame
from scanner.simulated import SimulatedCamera
from scanner.usb import UsbCamera, list_usb_cameras
from scanner.watch import Patience, WatchedCamera

__all__ = [
    "Camera",
    "FilmCamera",
    "Frame",
    "Patience",
    "SimulatedCamera",
    "UsbCamera",
    "WatchedCamera",
    "list_usb_cameras",
    "open_camera",
    "watch_camera",
]

PLAYED_FPS = 15.0
"""Pace of players and of the simulation when they stand in for a real camera."""


def open_camera(source: str) -> Camera:
    """Open `auto`, `usb:/dev/videoN`, `film:PATH` or `simulated`.

    `auto` is the first USB camera, else the simulation. Raises CameraMissing.
    """
    kind, _, place = source.partition(":")
    match kind:
        case "auto":
            found = list_usb_cameras()
            return UsbCamera(found[0]) if found else SimulatedCamera(fps=PLAYED_FPS)
        case "simulated":
            return SimulatedCamera(fps=PLAYED_FPS)
        case "usb" if place:
            return UsbCamera(place)
        case "film" if place:
            return FilmCamera(place, fps=PLAYED_FPS)
    raise CameraMissing(f"no such camera source: {source}")


def watch_camera(source: str) -> WatchedCamera:
    """`open_camera`, kept going: what an agent that must never stop should use."""
    opener: Callable[[], Camera] = lambda: open_camera(source)  # noqa: E731
    usb = source.startswith("usb:") or (source == "auto" and bool(list_usb_cameras()))
    return WatchedCamera(opener, Patience() if usb else Patience(frozen_frames=None))
