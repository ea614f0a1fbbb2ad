"""A hundred consultations at once on one center: `python -m tests.bench.load`.

Two cores carry the callers and the center. So that the callers do not wait for themselves each end
sends little, a picture a second and the packets by which Opus says that nobody speaks, and ten
calls share a process. What the center does, signalling and its log, does not depend on that; the
callers' own strain is told. Halls and lawyers have computers of their own: here all callers step
back behind the center (`nice`), those that are alone too, as browsers do in our other figures.

Eight cities of twelve halls, each with a talk of fifteen minutes after the other, bring one new
call in nine seconds. Here one begins every two seconds. All logs stay in `build/load`.
"""

import asyncio
import json
import os
import shutil
import sys

from media.callers.caller import SILENCE_MS, Fare
from media.callers.figures import Figures
from media.callers.load import run
from media.callers.own import OwnCenter, own_center
from media.callers.plan import Plan
from tests.e2e.tour.record import ROOT

PLAN = Plan(
    count=100, seconds=15, ramp=0.5, alone=5, fare=Fare(fps=1, sound_ms=SILENCE_MS), nice=10
)
FOLDER = ROOT / "build" / "load"
GOAL = 2.0
"""No set-up takes longer than this times the median of those that were alone."""


async def measure(plan: Plan = PLAN) -> tuple[Figures, str]:
    """The figures, and what `verify-log` says of the whole log afterwards."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    async with own_center(FOLDER, plan.count) as own:
        figures = await run(own.origin, own.seats, plan, own.pid)
    return figures, await _verified(own)


async def _verified(own: OwnCenter) -> str:
    env = os.environ | {"JIUJIN_DEMO": "true", "JIUJIN_CENTER__DATA": str(own.data)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "center", "verify-log", env=env, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    return told.decode().strip()


def main() -> None:
    figures, log = asyncio.run(measure())
    for what, figure in [*figures.rows(), ("the center's log", log)]:
        print(f"{what:36} {figure}")
    (FOLDER / "figures.json").write_text(json.dumps(figures.json() | {"log": log}, indent=2))
    whole = log.endswith(", 0 faults") and not figures.torn_logs
    kept = whole and not figures.failed and (figures.ratio or GOAL + 1) <= GOAL
    print(f"nothing fails, no hole, slowest ≤ {GOAL:g} × alone: {'kept' if kept else 'MISSED'}")


if __name__ == "__main__":
    main()
