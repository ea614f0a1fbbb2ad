"""The demo: a center, kiosk K01 and the rest of the fleet as child processes of this one.

Children write to `var/demo/log/NAME.log`. Each leads its own process group, so that Ctrl-C in the
terminal reaches only this process, which then stops them in order.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import webbrowser
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from center.demo.people import DEMO_PASSWORD, KIOSKS, STAFF
from center.protocol.rest import EnrolmentCode
from config.settings import Settings

START_SECONDS = 90.0
STOP_SECONDS = 5.0
FIRST_KIOSK = "K01"


class DemoFailed(Exception):
    """The demo cannot go on; the message says why."""


@dataclass
class Child:
    """A process of the demo."""

    name: str
    process: asyncio.subprocess.Process


@dataclass
class Demo:
    """The running demo."""

    root: Path
    center: str
    kiosk: str
    environment: Mapping[str, str]
    children: list[Child] = field(default_factory=list)

    async def start(self, name: str, *command: str) -> Child:
        """Start `python -m COMMAND…` with its output in the demo's log folder."""
        logs = self.root / "log"
        logs.mkdir(parents=True, exist_ok=True)
        with (logs / f"{name}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *command,
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **self.environment}, start_new_session=True,
            )  # fmt: skip
        child = Child(name, process)
        self.children.append(child)
        return child

    async def run(self, name: str, *command: str) -> None:
        """Run a child to its end.

        Raises:
            DemoFailed: it ended with an error.
        """
        child = await self.start(name, *command)
        code = await child.process.wait()
        self.children.remove(child)
        if code:
            raise DemoFailed(f"{name} ended with {code}; see {self.root / 'log' / name}.log")

    async def stop(self) -> None:
        """Stop all children, youngest first; kill those that do not go."""
        for child in reversed(self.children):
            with contextlib.suppress(ProcessLookupError):
                child.process.send_signal(signal.SIGTERM)
        for child in reversed(self.children):
            try:
                await asyncio.wait_for(child.process.wait(), STOP_SECONDS)
            except TimeoutError:
                child.process.kill()
                await child.process.wait()

    async def first_death(self) -> Child:
        """Wait until any child ends."""
        waits = {asyncio.create_task(c.process.wait()): c for c in self.children}
        done, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        return waits[done.pop()]


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or another one when it is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((host, port))
                return int(probe.getsockname()[1])
    raise DemoFailed(f"no free port on {host}")


def prepare(settings: Settings, root: Path) -> Demo:
    """Choose ports and the environment of the children."""
    center, kiosk = settings.center, settings.kiosk
    center_port = _port("center", center.host, center.port)
    kiosk_port = _port("kiosk", kiosk.host, kiosk.port)
    center_url, kiosk_url = (
        f"http://{center.host}:{center_port}",
        f"http://{kiosk.host}:{kiosk_port}",
    )
    environment = {
        "JIUJIN_DEMO": "true",
        "JIUJIN_CENTER__PORT": str(center_port),
        "JIUJIN_CENTER__DATA": str(root / "center"),
        "JIUJIN_KIOSK__CENTER": center_url,
        "JIUJIN_KIOSK__PORT": str(kiosk_port),
        "JIUJIN_KIOSK__DATA": str(root / "kiosk"),
    }
    return Demo(root, center_url, kiosk_url, environment)


def _port(name: str, host: str, wanted: int) -> int:
    port = free_port(host, wanted)
    if wanted and port != wanted:
        print(f"Port {wanted} for the {name} is taken; using {port}.")
    return port


async def run(settings: Settings, root: Path, *, open_browser: bool) -> int:
    """Run the demo until Ctrl-C; the exit code."""
    demo = prepare(settings, root)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        if not await _or_stopped(_start_all(demo), stop):
            return 0
        _introduce(demo)
        if open_browser:
            webbrowser.open(demo.kiosk)
        return await _watch(demo, stop)
    except DemoFailed as failure:
        print(f"The demo stopped: {failure}", file=sys.stderr)
        return 1
    finally:
        print("Stopping …")
        await demo.stop()


async def _or_stopped(work: Coroutine[Any, Any, None], stop: asyncio.Event) -> bool:
    task, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not task.done():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return False
    await task
    return True


async def _watch(demo: Demo, stop: asyncio.Event) -> int:
    death = asyncio.create_task(demo.first_death())
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({death, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not death.done():
        death.cancel()
        await asyncio.gather(death, return_exceptions=True)
        return 0
    child = death.result()
    log = demo.root / "log" / f"{child.name}.log"
    raise DemoFailed(f"{child.name} ended with {child.process.returncode}; see {log}")


async def _start_all(demo: Demo) -> None:
    await _ready(demo, await demo.start("center", "center", "serve"), demo.center)
    codes = await _enrolment_codes(demo)
    if own := [code for code in codes if code.kiosk_id == FIRST_KIOSK]:
        await demo.run("kiosk-enrol", "kiosk", "enrol", own[0].code)
    await _ready(demo, await demo.start("kiosk", "kiosk", "run"), demo.kiosk)
    fleet = _fleet_file(demo, codes)
    await demo.start("fleet", "kiosk", "fleet", str(fleet))


async def _ready(demo: Demo, child: Child, origin: str) -> None:
    """Wait until the child answers /healthz."""
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    async with aiohttp.ClientSession() as http:
        while child.process.returncode is None:
            with contextlib.suppress(aiohttp.ClientError):
                async with http.get(f"{origin}/healthz") as answer:
                    if answer.status == 200:
                        return
            if asyncio.get_running_loop().time() > deadline:
                break
            await asyncio.sleep(0.1)
    raise DemoFailed(f"{child.name} did not start; see {demo.root / 'log' / child.name}.log")


async def _enrolment_codes(demo: Demo) -> Sequence[EnrolmentCode]:
    """A fresh code for each kiosk that has no key on this disk yet."""
    headers = {"Origin": demo.center}
    jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=demo.center)
    async with aiohttp.ClientSession(demo.center, headers=headers, cookie_jar=jar) as http:
        login = {"username": "admin", "password": DEMO_PASSWORD}
        async with http.post("/api/session", json=login) as answer:
            if answer.status != 200:
                raise DemoFailed(f"admin cannot sign in: {await answer.text()}")
        codes = []
        for kiosk in KIOSKS:
            if not _enrolled(demo, kiosk.kiosk_id):
                async with http.post(f"/api/kiosks/{kiosk.kiosk_id}/code") as answer:
                    codes.append(EnrolmentCode.model_validate_json(await answer.text()))
        return codes


def _enrolled(demo: Demo, kiosk_id: str) -> bool:
    if kiosk_id == FIRST_KIOSK:
        return (demo.root / "kiosk" / "place.json").is_file()
    return (demo.root / "fleet" / kiosk_id / "place.json").is_file()


def _fleet_file(demo: Demo, codes: Sequence[EnrolmentCode]) -> Path:
    path = demo.root / "fleet.json"
    fresh = {code.kiosk_id: code.code for code in codes}
    content = {
        "center": demo.center,
        "data": str(demo.root / "fleet"),
        "kiosks": [
            {"kiosk_id": kiosk.kiosk_id, "code": fresh.get(kiosk.kiosk_id)}
            for kiosk in KIOSKS
            if kiosk.kiosk_id != FIRST_KIOSK
        ],
    }
    path.write_text(json.dumps(content, indent=1))
    return path


def _introduce(demo: Demo) -> None:
    people = "\n".join(f"    {s.username:<8} {s.name}  {s.role}" for s in STAFF)
    print(f"""
Jiujin 就近 is running.

  Resident kiosk   {demo.kiosk}/
  Lawyer console   {demo.center}/console/
  Admin            {demo.center}/admin/

  Everybody's password is {DEMO_PASSWORD} (demo only):
{people}

What to do next
  1. Open the console, sign in as jin and go on duty (available).
  2. Open the kiosk in a second window, touch "Talk to a lawyer" and follow the screens.
  3. Accept the call in the console. Afterwards sign in to Admin as admin and look at Usage.

Logs: {demo.root / "log"}   Data: {demo.root} (delete it for a fresh city)
Ctrl-C stops everything.
""", flush=True)  # fmt: skip
