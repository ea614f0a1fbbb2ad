"""`python -m media`: processes that the center starts for itself."""

import argparse
import asyncio

from media.recording import process


def main() -> None:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="python -m media", description="Media processes.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("recorder", help="record rooms, as standard input orders")
    commands.add_parser("finish", help="finish the recording that standard input names")
    if parser.parse_args().command == "finish":
        process.finish()
    else:
        asyncio.run(process.run())


if __name__ == "__main__":
    main()
