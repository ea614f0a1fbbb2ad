"""List the cameras that `live` could watch."""

import argparse

from scanner.camera import list_usb_cameras
from scanner.commands import Commands


def add(commands: Commands) -> None:
    commands.add_parser("cameras", help="list USB cameras").set_defaults(run=_run)


def _run(_: argparse.Namespace) -> int:
    for device in list_usb_cameras():
        print(f"usb:{device}")
    print("simulated")
    return 0
