"""`make bench`: the first figures, as a table and as JSON in `build/bench.json`."""

import asyncio
import json
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.async_api import BrowserContext

from scanner.pipeline import scan
from scanner.simulated import SimulatedCamera
from tests.bench.bare import FIRST_FRAME, set_up_ms
from tests.bench.recording import compare
from tests.bench.system import System, running
from tests.e2e.tour.record import ROOT
from tests.support.chromium import chromium

ROUNDS = 9
CPU_SECONDS = 40.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing beside its floor; `goal` is the ratio to stay under."""

    what: str
    measured: float
    floor: float
    unit: str
    goal: float | None

    @property
    def ratio(self) -> float:
        return self.measured / self.floor if self.floor else float("inf")


def _scan_ms() -> float:
    camera = SimulatedCamera()
    frame = next(f for f in (camera.read() for _ in range(200)) if camera.truth is not None)
    assert frame.jpeg is not None
    begin = time.perf_counter()
    scan(frame.jpeg)
    return (time.perf_counter() - begin) * 1000


@dataclass(frozen=True, slots=True)
class Calls:
    """Set-up times and page times in milliseconds, CPU seconds of the center during a call."""

    system: list[float]
    bare: list[float]
    pages: list[float]
    cpu: float


async def _calls(system: System, bare: BrowserContext) -> Calls:
    """Bare pages and the system take turns, so that both meet the same load of the machine."""
    floor, calls, pages, cpu = [], [], [], 0.0
    for round_ in range(ROUNDS):
        floor.append(await set_up_ms(bare))
        calls.append(await system.call_ms())
        if round_ == 0:
            cpu = await system.cpu_seconds(CPU_SECONDS)
            await system.kiosk.get_by_test_id("call-desk-open").click()
            pages = [await system.page_ms(position) for position in (1, 2, 3)]
            await system.kiosk.get_by_test_id("scan-done").click()
        await system.finish()
    return Calls(calls, floor, pages, cpu)


async def measure() -> list[Figure]:
    """Run everything in one Chromium and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        async with chromium() as browser:
            bare = await browser.new_context()
            await bare.add_init_script(FIRST_FRAME)
            async with running(browser, Path(folder)) as system:
                idle = await system.cpu_seconds(CPU_SECONDS)
                calls = await _calls(system, bare)
    recording = await compare()
    minute = 60 / CPU_SECONDS
    return [
        Figure(
            "accept to first remote frame",
            statistics.median(calls.system),
            statistics.median(calls.bare),
            "ms",
            1.25,
        ),
        Figure(
            "shutter to page on the console", statistics.median(calls.pages), _scan_ms(), "ms", None
        ),
        Figure(
            "center CPU a call-minute (floor: idle)", calls.cpu * minute, idle * minute, "s", 1.0
        ),
        *(Figure(what, ours, stock, "s", 0.05) for what, ours, stock in recording),
    ]


def main() -> None:
    figures = asyncio.run(measure())
    out = ROOT / "build" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps([asdict(f) | {"ratio": f.ratio} for f in figures], indent=2))
    print(f"{'figure':44} {'measured':>12} {'floor':>12} {'ratio':>7} {'goal':>6}")
    for f in figures:
        goal = f"{f.goal:.2f}" if f.goal else "–"
        print(
            f"{f.what:44} {f.measured:9.1f} {f.unit:2} {f.floor:9.1f} {f.unit:2} "
            f"{f.ratio:7.2f} {goal:>6}"
        )
    print(f"written to {out.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
