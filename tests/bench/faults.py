"""`python -m tests.bench.faults`: every fault of docs/faults.md, provoked in one consultation.

The kiosk is in a network namespace behind an emulated line, the center and the lawyer are not. One
call lives through all faults, and its log is read at the end. The floor comes from the same run: a
fresh call over the same line. What a poor line leaves of a call is measured by tests/bench/thin.py.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, expect

from tests.e2e.tour import checks, lawyer, resident
from tests.faults.faces import first_after, longest_gap_ms, now_ms
from tests.faults.scene import RURAL, Scene, scene
from tests.support.city import Admin

GRACE_S = 600
SETTLE_S = 5.0
NOTES_FIELD = "textarea[data-testid=notes], [data-testid=notes] textarea"
NOTES = "第三次转账没有收据"


@dataclass(frozen=True, slots=True)
class Row:
    """What happened to the call; `must` is the most that `measured` may be."""

    fault: str
    what: str
    measured: float
    must: float
    unit: str = "s"
    floor: float | None = None

    def __str__(self) -> str:
        ratio = f"{self.measured / self.floor:8.2f}" if self.floor else f"{'–':>8}"
        kept = "yes" if self.measured <= self.must else "NO"
        return (
            f"{self.fault:34} {self.what:40} {self.measured:8.2f} {self.unit:2}"
            f" {self.must:7.2f} {ratio} {kept:>5}"
        )


Provoked = Callable[[Scene], Awaitable[list[Row]]]


async def center_killed(it: Scene) -> list[Row]:
    """SIGKILL, and back after 20 s."""
    since = now_ms()
    await it.city.center.kill()
    await asyncio.sleep(20)
    await it.city.center.start()
    await lawyer.state_is(it.console, "active")
    await asyncio.sleep(SETTLE_S)
    gap = max([await longest_gap_ms(page, since) for page in it.pages])
    return [Row("center killed for 20 s", "longest gap in either sound", gap / 1000, 1.0)]


def line_cut(seconds: float) -> Provoked:
    """Nothing passes the hall's line for so long."""

    async def row(it: Scene) -> list[Row]:
        it.cut()
        await asyncio.sleep(seconds)
        took = await it.back(it.mend())
        await lawyer.state_is(it.console, "active")
        await resident.at(it.kiosk, "call")
        what = "both heard after the line is back"
        return [Row(f"line cut for {seconds:g} s", what, took / 1000, 2.0, floor=it.fresh_s)]

    return row


async def address_changed(it: Scene) -> list[Row]:
    """From Wi-Fi to cable."""
    since = now_ms()
    it.hall.change_address()
    gone = [await _silence_ends(page, since) for page in it.pages]
    return [Row("change of address", "both heard again", max(gone), 3.0, floor=it.fresh_s)]


async def kiosk_reloaded(it: Scene) -> list[Row]:
    """F5, as a technician does."""
    since = now_ms()
    await it.kiosk.page.reload()
    took = await it.back(since)
    return [Row("kiosk page reloaded", "in the call again", took / 1000, 3.0, floor=it.fresh_s)]


async def agent_killed(it: Scene) -> list[Row]:
    """SIGKILL, and started again at once as systemd does."""
    since = now_ms()
    await it.city.agent.kill()
    await it.city.agent.start()
    # What comes before is of the agent that was killed, or its last picture once more.
    desk = await first_after(it.console.page, now_ms(), of="desks") - since
    await asyncio.sleep(SETTLE_S)
    gap = max([await longest_gap_ms(page, since) for page in it.pages])
    return [
        Row("agent killed", "longest gap in either sound", gap / 1000, 1.0),
        Row("agent killed", "desk camera back", desk / 1000, 5.0),
    ]


async def lawyer_moves(it: Scene) -> list[Row]:
    """Their browser dies; they sign in at another computer and are offered the call."""
    await it.lose_the_lawyers_browser()
    await it.at_another_computer()
    took = await it.back(await it.go_on_here())
    await expect(it.console.page.locator(NOTES_FIELD)).to_have_value(NOTES)
    what = "in the call after the click"
    return [Row("lawyer at another computer", what, took / 1000, 5.0, floor=it.fresh_s)]


async def _silence_ends(page: Page, since_ms: float) -> float:
    """Seconds from `since_ms` until sound came again after the gap that followed."""
    end = await page.wait_for_function(
        """(since) => {
          const times = window.__sounds.filter((at) => at > since);
          return times.find((at, n) => at - (times[n - 1] ?? since) > 400);
        }""",
        arg=since_ms,
        timeout=60_000,
        polling=50,
    )
    return (float(await end.json_value()) - since_ms) / 1000


FAULTS: dict[str, Provoked] = {
    "center": center_killed,
    "10": line_cut(10),
    "30": line_cut(30),
    "300": line_cut(300),
    "address": address_changed,
    "reload": kiosk_reloaded,
    "agent": agent_killed,
    "lawyer": lawyer_moves,
}


async def measure(names: list[str]) -> None:
    """Provoke these faults one after the other and print what happened."""
    with tempfile.TemporaryDirectory() as folder:
        async with scene(Path(folder), RURAL, center={"queue__grace_s": str(GRACE_S)}) as it:
            await it.call()
            await it.console.page.locator(NOTES_FIELD).fill(NOTES)
            print(f"fresh set-up over the line: {it.fresh_s:.2f} s", flush=True)
            await asyncio.sleep(SETTLE_S)  # while a call begins, everything takes all processors
            for name in names:
                for row in await FAULTS[name](it):
                    print(row, flush=True)
                await asyncio.sleep(SETTLE_S)
            await _log_is_whole(it)


async def _log_is_whole(it: Scene) -> None:
    number = await it.console.page.locator(".number").first.inner_text()
    async with Admin(it.city.center_url) as admin:
        usage = await admin.get(f"/api/usage?number={number.strip()}")
        detail = await admin.get(f"/api/usage/{usage['rows'][0]['consultation_id']}")
    checks.assert_no_hole(detail["events"])
    print(f"one consultation, {len(detail['events'])} events, no hole in its log")


def main() -> None:
    print(f"{'fault':34} {'figure':40} {'measured':>11} {'must':>7} {'ratio':>8} {'kept':>5}")
    asyncio.run(measure(sys.argv[1:] or list(FAULTS)))


if __name__ == "__main__":
    main()
