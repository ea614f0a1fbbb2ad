"""A whole city on loopback: center, one kiosk agent, as real processes on free ports."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import aiohttp

from config.settings import JanusServer, TurnServer
from tests.support.line_hall import Hall
from tests.support.processes import Process, free_port

PASSWORD = "jiujin-demo"


@dataclass(slots=True)
class City:
    """Addresses, folders and processes of one running demo city."""

    folder: Path
    center: Process
    agent: Process
    center_url: str
    kiosk_url: str
    kiosk_env: dict[str, str]
    hall: Hall | None = None

    @property
    def kiosk_data(self) -> Path:
        return self.folder / "kiosk"

    async def start(self) -> None:
        """Start the center on an empty folder, enrol K01 with a one-time code, start its agent."""
        await self.center.start()
        async with Admin(self.center_url) as admin:
            code = await admin.enrolment_code("K01")
        await self._run("kiosk", "enrol", code)
        await self.agent.start()

    async def stop(self) -> None:
        await self.agent.stop()
        await self.center.stop()

    async def _run(self, *args: str) -> None:
        where = self.hall.prefix if self.hall else ()
        done = await asyncio.create_subprocess_exec(
            *where, sys.executable, "-m", *args, env=dict(os.environ) | self.kiosk_env
        )
        if await done.wait() != 0:
            raise RuntimeError(f"{args} failed")


def build(
    folder: Path,
    turn: TurnServer | None = None,
    hall: Hall | None = None,
    center: Mapping[str, str] = MappingProxyType({}),
    janus: Sequence[JanusServer] = (),
    **kiosk: str,
) -> City:
    """A city whose data lies under `folder`; `center` are further settings of the center and
    `kiosk` of the agent. With `turn` all media goes through that relay, with `janus` each mediation
    through one of these; with `hall` the kiosk is in it, and everything it says goes over the
    hall's line."""
    center_port, kiosk_port = free_port(), free_port()
    center_url = f"http://127.0.0.1:{center_port}"
    kiosk_url = f"http://127.0.0.1:{kiosk_port}"
    center_env = {
        "JIUJIN_DEMO": "true",
        "JIUJIN_CENTER__HOST": "0.0.0.0" if hall else "127.0.0.1",
        "JIUJIN_CENTER__PORT": str(center_port),
        "JIUJIN_CENTER__DATA": str(folder / "center"),
        # A call in two browsers fills two cores; tests/integration/store/test_texts.py reads.
        "JIUJIN_CENTER__READ_PAGES": "false",
    }
    center_env |= {f"JIUJIN_CENTER__{name.upper()}": value for name, value in center.items()}
    center_env |= _relay_only(turn) if turn else {}
    center_env |= _carried(janus) if janus else {}
    kiosk_env = {
        "JIUJIN_DEMO": "true",
        "JIUJIN_KIOSK__CENTER": f"http://{hall.office}:{center_port}" if hall else center_url,
        "JIUJIN_KIOSK__PORT": str(kiosk_port),
        "JIUJIN_KIOSK__DATA": str(folder / "kiosk"),
        "JIUJIN_KIOSK__CAMERA": "simulated",
    } | {f"JIUJIN_KIOSK__{name.upper()}": value for name, value in kiosk.items()}
    return City(
        folder=folder,
        center=Process(
            "center",
            ("center", "serve"),
            center_env,
            folder / "center.log",
            f"{center_url}/healthz",
        ),
        agent=Process(
            "agent", ("kiosk", "run"), kiosk_env, folder / "agent.log", f"{kiosk_url}/healthz", hall
        ),
        center_url=center_url,
        kiosk_url=kiosk_url,
        kiosk_env=kiosk_env,
        hall=hall,
    )


def _relay_only(turn: TurnServer) -> dict[str, str]:
    server = {"urls": turn.urls, "secret": turn.secret.get_secret_value()}
    return {"JIUJIN_MEDIA__TURN": json.dumps([server]), "JIUJIN_MEDIA__RELAY_ONLY": "true"}


def _carried(janus: Sequence[JanusServer]) -> dict[str, str]:
    servers = [{"url": one.url, "secret": one.secret.get_secret_value()} for one in janus]
    return {"JIUJIN_MEDIA__JANUS": json.dumps(servers), "JIUJIN_MEDIA__MESH_PEOPLE": "1"}


class Admin:
    """The admin's view of the center over its HTTP interface."""

    def __init__(self, origin: str, username: str = "admin") -> None:
        self._origin = origin
        self._username = username
        # The session cookie is Secure; browsers count loopback as secure, aiohttp's jar does not.
        self._http = aiohttp.ClientSession(
            headers={"Origin": origin}, cookie_jar=aiohttp.DummyCookieJar()
        )

    async def __aenter__(self) -> "Admin":
        body = {"username": self._username, "password": PASSWORD}
        async with self._http.post(f"{self._origin}/api/session", json=body) as reply:
            reply.raise_for_status()
            self._cookie = reply.headers["Set-Cookie"].partition(";")[0]
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._http.close()

    async def enrolment_code(self, kiosk_id: str) -> str:
        answer = await self.post(f"/api/kiosks/{kiosk_id}/code")
        code: str = answer["code"]
        return code

    async def get(self, path: str) -> Any:
        return await self._json("GET", path)

    async def post(self, path: str, body: object = None) -> Any:
        return await self._json("POST", path, body)

    async def _json(self, method: str, path: str, body: object = None) -> Any:
        async with self._http.request(
            method, f"{self._origin}{path}", json=body, headers={"Cookie": self._cookie}
        ) as reply:
            if reply.status >= 400:
                raise RuntimeError(f"{method} {path}: {reply.status} {await reply.text()}")
            return await reply.json()
