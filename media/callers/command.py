"""What `python -m media callers` does, once its arguments are known."""

import argparse
import tempfile
from pathlib import Path

from media.callers.caller import Fare
from media.callers.errors import SeatsError
from media.callers.figures import Figures
from media.callers.load import run
from media.callers.own import own_center
from media.callers.plan import Plan
from media.callers.seats import read_seats


async def measure(parsed: argparse.Namespace) -> Figures:
    """Try the center that the arguments name.

    Raises:
        CallersError: it could not be tried.
    """
    plan = Plan(
        count=parsed.count,
        seconds=parsed.seconds,
        ramp=parsed.ramp,
        fare=Fare(parsed.fps, parsed.sound_ms),
        processes=parsed.processes,
    )
    if not parsed.own:
        if parsed.seats is None:
            raise SeatsError("--center needs --seats: whose kiosks and lawyers are to call?")
        return await run(parsed.center, read_seats(parsed.seats), plan, parsed.pid)
    with tempfile.TemporaryDirectory() as folder:
        async with own_center(Path(folder), plan.count) as own:
            return await run(own.origin, own.seats, plan, own.pid)
