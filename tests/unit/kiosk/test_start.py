"""What an agent that was killed in a call must not wait for until the desk is back."""

import subprocess
import sys

START = "import sys, kiosk.__main__, kiosk.eyes, kiosk.serving; print(*sys.modules)"
LATER = {"scanner.pipeline", "onnxruntime", "zxingcpp", "segno"}


def test_readers_of_pages_and_the_slip_are_loaded_when_they_are_wanted() -> None:
    start = subprocess.run([sys.executable, "-c", START], capture_output=True, check=True)
    assert LATER.isdisjoint(start.stdout.decode().split())
