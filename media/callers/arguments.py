"""The arguments of `python -m media callers`; apart from what they are for, which loads long."""

import argparse
from pathlib import Path

_SEATS = (
    'JSON: {"kiosks": [fresh enrolment codes], "lawyers": [{"username": …, "password": …}], '
    '"supervisor": the same or null; without one no logs are checked}'
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--own", action="store_true", help="start a center for it")
    which.add_argument("--center", metavar="URL", help="try this one; needs --seats")
    parser.add_argument("--seats", type=Path, metavar="FILE", help=_SEATS)
    parser.add_argument("--pid", type=int, help="the center's process, to tell its cost")
    parser.add_argument("--count", type=_count, default=10, help="calls at once (10)")
    parser.add_argument("--seconds", type=_positive, default=30.0, help="talk all together (30)")
    parser.add_argument("--ramp", type=_positive, default=2.0, help="new calls a second (2)")
    parser.add_argument("--fps", type=_positive, default=15.0, help="pictures a second (15)")
    parser.add_argument(
        "--sound-ms",
        type=int,
        choices=(20, 40, 60, 400),
        default=20,
        help="from one packet of sound to the next (20); 400: nobody speaks",
    )
    parser.add_argument(
        "--processes", type=_count, default=0, help="of the callers (one for each ten calls)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError("1 to 1000")
    return number


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < 1e6:
        raise argparse.ArgumentTypeError("more than 0")
    return number
