"""`python -m tests.fuzz TARGET:FIRST:COUNT ...`: run inputs by number in this process.

Says each number before it runs it, so that whoever started this knows what killed it.
"""

import resource
import signal
import sys
import warnings

from tests.fuzz.mutation import mutated
from tests.fuzz.targets import TARGETS

SECONDS = 20
"""For one input; then the kernel ends the process."""
MEMORY = 2_500_000_000
"""Bytes of address space for everything, libraries and threads included."""


def main(name: str, first: int, count: int) -> None:
    target = TARGETS[name]
    seeds = target.seeds()
    target.run(seeds[0])
    for number in range(first, first + count):
        sys.stdout.write(f"{name} {number}\n")
        sys.stdout.flush()
        signal.alarm(SECONDS)
        target.run(mutated(number, seeds))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    warnings.simplefilter("ignore")
    for run in sys.argv[1:]:
        asked, begin, many = run.split(":")
        main(asked, int(begin), int(many))
