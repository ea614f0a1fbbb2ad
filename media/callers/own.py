"""A center of one's own: a demo city in an empty folder, with as many seats as are needed."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from media.callers.doors import Person, doors
from media.callers.errors import UnreachedError
from media.callers.seats import Login, Seats

START_S, STOP_S = 90.0, 20.0
_PASSWORD = SecretStr("jiujin-demo")
"""What the demo city's people have; it is printed at every start of the demo."""


@dataclass(frozen=True, slots=True)
class OwnCenter:
    """A running center: origin, process, folder of its data, and seats nobody used yet."""

    origin: str
    pid: int
    data: Path
    seats: Seats


@asynccontextmanager
async def own_center(folder: Path, count: int) -> AsyncIterator[OwnCenter]:
    """Start a center whose data and log lie in `folder`, with `count` kiosks and lawyers; it is
    stopped afterwards.

    Raises:
        UnreachedError: it did not start; the message has the end of its log.
    """
    port = _free_port()
    origin, data, told = f"http://127.0.0.1:{port}", folder / "center", folder / "center.log"
    with told.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "center", "serve", stdout=log, stderr=log, env=_env(port, data)
        )
    try:
        if not await _answers(origin, process):
            raise UnreachedError(f"no center: {told.read_text(errors='replace')[-2000:]}")
        yield OwnCenter(origin, process.pid, data, await _seats(origin, count))
    finally:
        await _stop(process)


def _env(port: int, data: Path) -> dict[str, str]:
    """Only what matters to a talk runs: nobody reads pages."""
    return os.environ | {
        "JIUJIN_DEMO": "true",
        "JIUJIN_CENTER__HOST": "127.0.0.1",
        "JIUJIN_CENTER__PORT": str(port),
        "JIUJIN_CENTER__DATA": str(data),
        "JIUJIN_CENTER__READ_PAGES": "false",
    }


async def _answers(origin: str, process: asyncio.subprocess.Process) -> bool:
    """Whether it is there, when it is; polling is all there is before a port is open."""
    deadline = asyncio.get_running_loop().time() + START_S
    async with doors(origin) as way:
        while process.returncode is None and asyncio.get_running_loop().time() < deadline:
            try:
                await way.call("GET", "/healthz", {})
            except UnreachedError:
                await asyncio.sleep(0.1)
            else:
                return True
    return False


async def _seats(origin: str, count: int) -> Seats:
    async with doors(origin) as way:
        admin = await way.sign_in(Login(username="admin", password=_PASSWORD))
        return Seats(
            kiosks=tuple([await _kiosk(admin, n) for n in range(count)]),
            lawyers=tuple([await _lawyer(admin, n) for n in range(count)]),
            supervisor=Login(username="zhao", password=_PASSWORD),
        )


async def _kiosk(admin: Person, number: int) -> SecretStr:
    """A new kiosk's code."""
    body = {
        "kiosk_id": f"C{number:03}",
        "township": "试",
        "hall": f"试{number:03}",
        "hall_phone": "0433-0000000",
        "languages": ["zh"],
    }
    return SecretStr((await admin.post("/api/kiosks", body))["code"])


async def _lawyer(admin: Person, number: int) -> Login:
    """A new lawyer."""
    login = Login(username=f"caller{number:03}", password=_PASSWORD)
    body = {"username": login.username, "password": _PASSWORD.get_secret_value()}
    await admin.post("/api/staff", body | {"name": f"试{number:03}", "role": "lawyer"})
    return login


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_S)
    except TimeoutError:
        process.kill()
        await process.wait()
