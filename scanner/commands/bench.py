"""Measure the scanner against its goals."""

import argparse
from pathlib import Path

from scanner.bench import SUITES, measure
from scanner.bench.context import Context
from scanner.bench.rows import table, to_json
from scanner.commands import Commands


def add(commands: Commands) -> None:
    parser = commands.add_parser("bench", help="measure everything against its goal")
    parser.add_argument("--data", type=Path, metavar="DIR", help="holds documents/ and codes/")
    parser.add_argument("--only", action="append", default=[], choices=SUITES)
    parser.add_argument("--scenes", type=int, default=60, help="made-up scenes of each kind")
    parser.add_argument("--json", type=Path, default=Path("build/scanner-bench.json"))
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    suites = measure(Context(arguments.data, arguments.scenes), arguments.only)
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(to_json(suites), encoding="utf-8")
    print(table(suites))
    return 0
