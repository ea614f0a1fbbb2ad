"""`python -m media`: processes that the center starts for itself, and a try of many calls."""

import argparse
import asyncio
import json
import sys

from media.callers.arguments import add_arguments
from media.recording import process


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m media", description="Media processes.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("recorder", help="record rooms, as standard input orders")
    commands.add_parser("finish", help="finish the recording that standard input names")
    commands.add_parser("convert", help="keep what Janus recorded, as standard input names it")
    add_arguments(commands.add_parser("callers", help="try a center with many calls at once"))
    parsed = parser.parse_args(arguments)
    match parsed.command:
        case "recorder":
            asyncio.run(process.run())
        case "finish":
            process.finish()
        case "convert":
            return process.convert()
        case _:
            return _callers(parsed)
    return 0


def _callers(parsed: argparse.Namespace) -> int:
    """1 when a call failed, 2 when the center could not be tried."""
    # These load what no other process of ours needs.
    from media.callers.command import measure  # noqa: PLC0415
    from media.callers.errors import CallersError  # noqa: PLC0415

    try:
        figures = asyncio.run(measure(parsed))
    except CallersError as error:
        print(error, file=sys.stderr)
        return 2
    for what, figure in figures.rows():
        print(f"{what:32} {figure}")
    if parsed.json:
        parsed.json.write_text(json.dumps(figures.json(), indent=2))
    return 1 if figures.failed else 0


if __name__ == "__main__":
    sys.exit(main())
