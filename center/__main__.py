"""`python -m center`: the center's command line."""

import argparse
import asyncio
import sys
from pathlib import Path

from center.commands import database, demo, diagrams, serve, verify_log
from center.domain.diagram import consultation_diagram, duty_diagram
from center.web.openapi import document, text_of
from center.web.routes import ENDPOINTS
from config.command_line import begin
from config.settings import PlaceholderSecret, Settings, describe


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the process's exit code."""
    parsed = _parser().parse_args(arguments)
    settings = begin()
    if settings is None:
        return 2
    try:
        code: int = _run(parsed, settings)
    except PlaceholderSecret as error:
        print(error, file=sys.stderr)
        return 2
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m center", description="The mediation center.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("serve", help="run the center")
    of_demo = commands.add_parser("demo", help="run a center, kiosk K01 and a simulated fleet")
    of_demo.add_argument("--open", action="store_true", help="open the kiosk in a browser")
    of_demo.add_argument("--data", type=Path, default=Path("var/demo"), help="folder of the demo")
    commands.add_parser("seed", help="fill an empty database with the demo city")
    commands.add_parser("settings", help="every setting: name, type, value, meaning")
    commands.add_parser("openapi", help="print the OpenAPI document")
    of_diagrams = commands.add_parser("diagrams", help="redraw the state diagrams in a document")
    of_diagrams.add_argument("file", type=Path)
    of_diagrams.add_argument("--journey", type=Path, help="the kiosk's diagram, to be put in too")
    of_database = commands.add_parser("db", help="migrate the database, or check that it fits")
    of_database.add_argument("action", choices=("upgrade", "check"))
    commands.add_parser("verify-log", help="check the event log against what screens read")
    return parser


def _run(parsed: argparse.Namespace, settings: Settings) -> int:  # noqa: PLR0911 - one line a command
    match parsed.command:
        case "serve":
            return serve.run(settings)
        case "demo":
            return asyncio.run(demo.run(settings, parsed.data.resolve(), open_browser=parsed.open))
        case "seed":
            return asyncio.run(database.seed(settings))
        case "settings":
            print(_table(describe(settings)))
            return 0
        case "openapi":
            print(text_of(document(ENDPOINTS)))
            return 0
        case "diagrams":
            machines = {"consultation": consultation_diagram(), "duty": duty_diagram()}
            journey = {"journey": parsed.journey.read_text()} if parsed.journey else {}
            diagrams.rewrite(parsed.file, machines | journey)
            return 0
        case "db":
            return asyncio.run(database.migrate(settings, parsed.action))
        case _:
            return asyncio.run(verify_log.run(settings))


def _table(rows: list[tuple[str, str, str, str]]) -> str:
    """Aligned columns; the meaning comes last and is as long as it is."""
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = (
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


if __name__ == "__main__":
    sys.exit(main())
