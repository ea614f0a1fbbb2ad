"""Print what the resident is told while a paper lies before the camera."""

import argparse

from scanner.camera import watch_camera
from scanner.commands import Commands
from scanner.errors import CameraError
from scanner.live import Tracker


def add(commands: Commands) -> None:
    parser = commands.add_parser("live", help="print what the resident is told")
    parser.add_argument(
        "--camera", default="auto", help="auto, usb:DEVICE, usb:IDENTITY, film:PATH, simulated"
    )
    parser.add_argument("--frames", type=int, default=0, help="stop after so many (0: never)")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    camera, tracker, last = watch_camera(arguments.camera), Tracker(), ""
    try:
        for count, seen in enumerate(camera, 1):
            if isinstance(seen, CameraError):
                line = f"{seen.code}: {seen}"
            else:
                live = tracker.update(seen.preview, seen.at)
                line = f"{live.coach}{' *' if live.capture else ''}"
            if line != last:
                print(line, flush=True)
            last = line
            if count == arguments.frames:
                break
    except KeyboardInterrupt:
        pass
    finally:
        camera.close()
    return 0
