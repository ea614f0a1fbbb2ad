"""`python -m tests.bench.relay`: what a relay costs a call, from accept to the first remote frame.

Three cities share one Chromium and take turns: calls that go directly, calls through coturn over
TCP, and over TLS with UDP refused by the relay, as where a hall lets nothing out but port 443.
"""

import asyncio
import statistics
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from config.settings import TurnServer
from tests.bench.system import System, running
from tests.support.certificates import Authority
from tests.support.chromium import chromium
from tests.support.coturn import coturn

ROUNDS = 5
GOAL = 2.0


async def measure() -> dict[str, list[float]]:
    """Milliseconds of each call, by its way."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        authority = Authority(home)
        authority.trust(home)
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(coturn(home / "turn", authority, udp=False))
            browser = await stack.enter_async_context(chromium(home=home))
            ways: dict[str, TurnServer | None] = {
                "direct": None,
                "relay over TCP": server.settings(server.tcp),
                "relay over TLS": server.settings(server.tls),
            }
            cities = {
                way: await stack.enter_async_context(running(browser, home / way, turn))
                for way, turn in ways.items()
            }
            return await _in_turn(cities)


async def _in_turn(cities: dict[str, System]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {way: [] for way in cities}
    for _ in range(ROUNDS):
        for way, system in cities.items():
            times[way].append(await system.call_ms())
            await system.finish()
    return times


def main() -> None:
    medians = {way: statistics.median(ms) for way, ms in asyncio.run(measure()).items()}
    for way, ms in medians.items():
        print(f"{way:16} {ms:7.0f} ms  {ms / medians['direct']:5.2f} (goal {GOAL})")


if __name__ == "__main__":
    main()
