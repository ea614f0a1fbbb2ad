"""A short run; `make fuzz` runs as many as JIUJIN_FUZZ says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.mutation import mutated

COUNT = int(os.environ.get("JIUJIN_FUZZ", "0"))
RUNS = (f"decode:0:{COUNT or 200}", f"verify:0:{COUNT // 4 or 30}", "largest:0:0")
ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(max(120, COUNT))
def test_nothing_but_answers_and_typed_errors() -> None:
    """In a process of its own under a limit of memory; nothing may kill it, hang, or lie. Last the
    largest picture that is accepted: 64 megapixels from 8 kB."""
    command = [sys.executable, "-m", "tests.fuzz", *RUNS]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    last = ended.stdout.splitlines()[-1:]
    assert ended.returncode == 0, f"input {last}: {ended.stderr[-3000:]}"
    assert last == [f"verify {COUNT // 4 - 1 if COUNT else 29}"]


def test_an_input_is_the_same_every_time() -> None:
    seeds = [bytes(range(200)), b"other"]
    made = [mutated(number, seeds) for number in range(300)]
    assert made == [mutated(number, seeds) for number in range(300)]
    assert len(set(made)) > 250
