"""`python -m kiosk`, as people and the demo call it."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from aiohttp import ClientSession

from kiosk.identity import load
from kiosk.schema import page_schema
from tests.fakes.center import CenterDouble
from tests.support.patience import PATIENCE


async def _kiosk(center: CenterDouble, data: Path, *words: str) -> Process:
    settings = {
        "JIUJIN_KIOSK__CENTER": center.origin,
        "JIUJIN_KIOSK__DATA": str(data),
        "JIUJIN_KIOSK__PORT": "0",
        "JIUJIN_KIOSK__HEARTBEAT_S": "0.2",
        "JIUJIN_KIOSK__CAMERA": "simulated",
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kiosk", *words, env=os.environ | settings, stdout=PIPE, stderr=PIPE
    )


async def _output(process: Process) -> tuple[int | None, str, str]:
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, out.decode(), err.decode()


async def test_enrol_then_run_then_stop(center: CenterDouble, tmp_path: Path) -> None:
    code, _, complaint = await _output(await _kiosk(center, tmp_path, "run"))
    assert (code, "not enrolled" in complaint) == (1, True)
    code, _, complaint = await _output(await _kiosk(center, tmp_path, "enrol", "WRONG-CODE"))
    assert (code, "bad_enrolment_code" in complaint) == (1, True)
    code, said, _ = await _output(await _kiosk(center, tmp_path, "enrol", center.code))
    assert (code, said.startswith("enrolled as K01")) == (0, True)

    agent = await _kiosk(center, tmp_path, "run")
    assert agent.stdout is not None
    line = await asyncio.wait_for(agent.stdout.readline(), PATIENCE)
    origin = line.decode().split()[-1]
    async with ClientSession() as http, http.get(f"{origin}/healthz") as reply:
        assert (await reply.json())["status"] == "ok"
    await center.until(lambda: len(center.heartbeats) > 0)
    agent.send_signal(signal.SIGTERM)
    assert (await _output(agent))[0] == 0


async def test_a_fleet_enrols_and_beats(center: CenterDouble, tmp_path: Path) -> None:
    members = {
        "center": center.origin,
        "data": str(tmp_path / "fleet"),
        "kiosks": [{"kiosk_id": "K02", "code": center.code}, {"kiosk_id": "K03", "code": "NO"}],
    }
    file = tmp_path / "fleet.json"
    file.write_text(json.dumps(members))
    fleet = await _kiosk(center, tmp_path, "fleet", str(file))
    await center.until(lambda: len(center.heartbeats) > 2, seconds=60)
    fleet.send_signal(signal.SIGINT)
    code, _, log = await _output(fleet)
    assert code == 0
    assert "K03 cannot enrol" in log
    assert load(tmp_path / "fleet" / "K02").kiosk_id == "K01"


async def test_a_fleet_file_that_is_none(center: CenterDouble, tmp_path: Path) -> None:
    assert (await _output(await _kiosk(center, tmp_path, "fleet", "none.json")))[0] == 1


async def test_the_schema_is_what_the_code_says(center: CenterDouble, tmp_path: Path) -> None:
    code, said, _ = await _output(await _kiosk(center, tmp_path, "schema"))
    assert code == 0
    assert json.loads(said) == page_schema()
    assert {"PageToAgent", "AgentToPage", "KioskState", "Start"} <= set(json.loads(said)["$defs"])
