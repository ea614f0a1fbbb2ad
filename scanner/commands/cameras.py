"""List the cameras that `live` could watch, and the scanners that `scan --from` takes."""

import argparse

from scanner.camera import list_sane_scanners, list_usb_cameras
from scanner.commands import Commands


def add(commands: Commands) -> None:
    commands.add_parser("cameras", help="list cameras and scanners").set_defaults(run=_run)


def _run(_: argparse.Namespace) -> int:
    for identity, device in list_usb_cameras().items():
        print(f"{identity} ({device})")
    for scanner in list_sane_scanners():
        print(f"sane:{scanner}")
    print("simulated")
    return 0
