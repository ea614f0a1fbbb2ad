"""python -m scanner: scan, verify, live, cameras, bench. Exit 0: fine, 1: refused, 2: cannot."""

import argparse
import sys
from collections.abc import Sequence

from scanner.commands import bench, cameras, live, scan, verify
from scanner.errors import ScannerError

_CANNOT = 2
_STOPPED = 130  # as shells say it of an interrupted command


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (ScannerError, OSError) as error:
        code = error.code if isinstance(error, ScannerError) else "file"
        print(f"{code}: {error}", file=sys.stderr)
        return _CANNOT
    except KeyboardInterrupt:
        return _STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scanner", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (scan, verify, live, cameras, bench):
        command.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
