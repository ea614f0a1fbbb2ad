"""Command line of the kiosk: `python -m kiosk COMMAND`; `--help` tells them."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from pydantic import ValidationError

from config.command_line import begin
from config.settings import Settings
from kiosk import fleet, identity
from kiosk.browser.shell import Shell
from kiosk.journey.diagram import journey_diagram
from kiosk.schema import page_schema


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when all is well, 1 when the kiosk cannot work, 2 for a wrong command."""
    parsed = _parser().parse_args(arguments)
    if parsed.command == "schema":
        json.dump(page_schema(), sys.stdout, indent=2, sort_keys=True)
        print()
        return 0
    if parsed.command == "diagram":
        print(journey_diagram())
        return 0
    settings = begin()
    if settings is None:
        return 2
    return _command(parsed, settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk", description="The kiosk agent.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="serve the kiosk's page and talk to the center")
    enrol = commands.add_parser("enrol", help="become a kiosk of the center")
    enrol.add_argument("code", help="the one-time code that the admin shows")
    many = commands.add_parser("fleet", help="simulate kiosks that only report their health")
    many.add_argument("file", type=Path, help="JSON: center, data, kiosks")
    commands.add_parser("schema", help="print the JSON Schema of the page's frames")
    commands.add_parser("diagram", help="print the journey's state diagram")
    window = commands.add_parser(
        "browser", help="keep the page on the screen in Chromium, whatever happens to it"
    )
    window.add_argument("--chromium", default="chromium", help="the program to start")
    window.add_argument("flags", nargs="*", help="more flags for it, after --")
    commands.add_parser("camera", help="try the document camera and say what it delivers")
    return parser


def _command(parsed: argparse.Namespace, settings: Settings) -> int:
    match parsed.command:
        case "enrol":
            return asyncio.run(_enrol(settings, parsed.code))
        case "fleet":
            return _fleet(settings, parsed.file)
        case "browser":
            return _browser(settings, parsed.chromium, parsed.flags)
        case "camera":
            from kiosk.eyes import describe_camera  # noqa: PLC0415

            lines, works = describe_camera(settings.kiosk.camera)
            print(lines)
            return 0 if works else 1
        case _:
            return _run(settings)


async def _enrol(settings: Settings, code: str) -> int:
    async with ClientSession() as http:
        try:
            who = await identity.enrol(http, settings.kiosk.center, code, settings.kiosk.data)
        except identity.EnrolmentRefusedError as error:
            print(f"not enrolled: {error}", file=sys.stderr)
            return 1
    print(f"enrolled as {who.kiosk_id}: {who.place.township}, {who.place.hall}")
    return 0


def _fleet(settings: Settings, file: Path) -> int:
    try:
        members = fleet.Fleet.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        print(f"{file}: {error}", file=sys.stderr)
        return 1
    return asyncio.run(_until_told(fleet.run(members, settings.kiosk)))


def _browser(settings: Settings, program: str, flags: list[str]) -> int:
    url = f"http://{settings.kiosk.host}:{settings.kiosk.port}/"
    shell = Shell(url, settings.kiosk.data / "browser", program, flags)
    try:
        return asyncio.run(_until_told(shell.run()))
    except FileNotFoundError as error:
        print(f"there is no program {error}; on Debian: apt install chromium", file=sys.stderr)
        return 1


def _run(settings: Settings) -> int:
    try:
        who = identity.load(settings.kiosk.data)
    except identity.NotEnrolledError as error:
        print(f"not enrolled: {error}", file=sys.stderr)
        return 1
    return asyncio.run(_until_told(_serve(settings, who)))


async def _serve(settings: Settings, who: identity.Identity) -> None:
    # OpenCV and aiortc take seconds to load, which the other commands need not wait for.
    from kiosk.eyes import real_devices  # noqa: PLC0415
    from kiosk.memory import keep_pictures_apart  # noqa: PLC0415
    from kiosk.serving import serving  # noqa: PLC0415

    keep_pictures_apart()
    devices = real_devices(settings.kiosk.camera, settings.kiosk.data)
    async with serving(settings, who, devices) as served:
        print(f"kiosk {who.kiosk_id}: {served.origin}", flush=True)
        await served.life


async def _until_told(work: Coroutine[Any, Any, None]) -> int:
    """Until the work ends by itself, or SIGINT or SIGTERM ends it cleanly."""
    task = asyncio.create_task(work)
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
