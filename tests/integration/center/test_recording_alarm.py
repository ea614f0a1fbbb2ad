"""What should be recorded and is not: staff are told, the log has it, and there is a way on."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from center.app import STORE
from center.realtime.recorder import child, desk
from center.store import shelf
from tests.integration.center.conftest import Center, Person, Socket, settings_for
from tests.integration.center.recorded import recorder_in
from tests.integration.center.test_mediation_recording import studio as hearing_studio
from tests.integration.center.test_recording import Studio, recorder_process, recording_of, studio
from tests.support.patience import PATIENCE

NO_SUCH = ("/nonexistent/recorder",)
SLOW = ("/bin/sh", "-c", "read setting; read order")
"""Takes its setting and never says that it is ready; ends with its input."""


@pytest.fixture(autouse=True)
def _by_hand_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is tried again unless somebody wants it, and nobody is missed on a slow machine."""
    monkeypatch.setattr("center.realtime.recorder.alarm.PATIENCE_S", 600.0)
    monkeypatch.setattr(desk, "AGAIN_MOST_S", 600.0)
    monkeypatch.setattr(desk, "AGAIN_FIRST_S", 600.0)


async def _alarm(at: Studio, fault: str | None) -> None:
    """The lawyer's screen says so; the resident's never does."""
    await at.call.staff.shows(
        "consultation.state", lambda f: recording_of(f).get("fault", "none yet") == fault
    )
    told = [f for f in at.call.kiosk.seen if f["type"] == "consultation.state"]
    assert all(recording_of(frame).get("fault") is None for frame in told)


async def _faults(center: Center, stream: str) -> list[object]:
    """What the log says of the recorder, in order."""
    async with center.app[STORE].works() as work:
        events = await work.events.of(stream)
    return [
        e.data["fault"] and str(e.data["fault"]) for e in events if e.type == "recorder_reported"
    ]


async def _until_there(socket: Socket) -> str:
    """The reel that the room shows a recorder with."""
    room = await socket.shows("room.state", lambda f: bool(recorder_in(f)))
    return str(recorder_in(room)["page_session"])


async def _meet(at: Studio) -> None:
    reel = await _until_there(at.call.staff)
    await at.kiosk.meet(reel)
    await at.staff.meet(reel)


async def test_a_recorder_that_cannot_start_is_an_alarm_and_is_tried_again(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = child.COMMAND
    monkeypatch.setattr(child, "COMMAND", NO_SUCH)
    async with studio(center) as at:
        recording_id = await at.agree()
        await _alarm(at, "down")
        question = {"consultation_id": at.call.consultation_id, "recording_id": recording_id}
        li = await (await center.sign_in("li")).connect()
        assert (await li.ask("recording.retry", **question))["code"] == "forbidden"
        assert (await at.call.kiosk.ask("recording.retry", **question))["code"] == "unknown_type"
        monkeypatch.setattr(child, "COMMAND", command)
        await at.call.staff.do("recording.retry", **question)
        await _alarm(at, "retrying")
        await _meet(at)
        await _alarm(at, None)
    stream = f"consultation:{at.call.consultation_id}"
    assert await _faults(center, stream) == ["down", None]


async def test_a_recorder_that_is_slow_to_start_is_an_alarm_meanwhile(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("center.realtime.recorder.alarm.PATIENCE_S", 0.2)
    monkeypatch.setattr(child, "COMMAND", SLOW)
    async with studio(center) as at:
        await at.agree()
        await _alarm(at, "down")


async def test_a_disk_that_cannot_be_written_is_an_alarm_and_the_talk_goes_on_without(
    center: Center,
) -> None:
    (center.settings.center.data / "recordings").write_text("not a folder")
    async with studio(center) as at:
        recording_id = await at.agree()
        await _alarm(at, "disk_failed")
        await at.stop(recording_id)
        await at.call.staff.shows(
            "consultation.state", lambda f: recording_of(f).get("fault", "x") is None
        )
    assert await _faults(center, f"consultation:{at.call.consultation_id}") == ["disk_failed"]


async def test_a_recorder_that_hangs_is_an_alarm_and_another_takes_its_place(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "PULSE_S", 0.05)
    async with studio(center) as at:
        recording_id = await at.agree()
        await at.record(recording_id, 5)
        hung = recorder_process()
        monkeypatch.setattr(child, "HUNG_S", 0.2)
        os.kill(hung, signal.SIGSTOP)
        await _alarm(at, "down")
        monkeypatch.setattr(child, "HUNG_S", 60.0)
        question = {"consultation_id": at.call.consultation_id, "recording_id": recording_id}
        await at.call.staff.do("recording.retry", **question)
        other = f"{recording_id}-2"
        await at.call.staff.shows(
            "room.state", lambda f: recorder_in(f).get("page_session") == other
        )
        assert recorder_process() != hung


async def test_a_recording_that_cannot_be_finished_is_listed_noted_and_tried_again(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "LATE_S", 0.1)
    command = shelf.COMMAND
    monkeypatch.setattr(shelf, "COMMAND", NO_SUCH)
    async with Center(settings_for(data)) as center:
        async with studio(center) as at:
            recording_id = await at.agree()
            await at.record(recording_id, 5)
            await at.stop(recording_id)
        jin, admin = await center.sign_in("jin"), await center.sign_in("admin")
        await _until_noted(admin, "recording.late")
        (row,) = (await jin.get("/api/recordings"))["rows"]
        assert (row["reel_id"], row["sealed"]) == (f"{recording_id}-1", False)
        await jin.get(f"/api/recordings/{row['reel_id']}", 404)
        monkeypatch.setattr(shelf, "COMMAND", command)
        await _until_noted(admin, "recording.sealed")
        (row,) = (await jin.get("/api/recordings"))["rows"]
        assert row["sealed"]


async def _until_noted(admin: Person, action: str) -> None:
    async def noted() -> bool:
        return action in {row["action"] for row in (await admin.get("/api/audit"))["rows"]}

    async with asyncio.timeout(PATIENCE):
        while not await noted():  # noqa: ASYNC110 - nobody is told of an entry
            await asyncio.sleep(0.05)


async def test_in_a_mediation_the_mediator_is_told_and_has_it_tried_again(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = child.COMMAND
    monkeypatch.setattr(child, "COMMAND", NO_SUCH)
    async with hearing_studio(center) as at:
        recording_id = await at.agree()
        await at.state("running", fault="down")
        again: dict[str, Any] = {"recording_id": recording_id}
        assert (await at.zhang.act("retry_recording", **again))["type"] == "error"
        monkeypatch.setattr(child, "COMMAND", command)
        await at.hearing.act("retry_recording", **again)
        await at.state("running", fault="retrying")
        await at.record(await _until_there(at.hearing.staff))
        await at.state("running", fault=None)
        told = [f["mediation"] for f in at.zhang.socket.seen if f["type"] == "mediation.state"]
        assert all(view["recording"]["fault"] is None for view in told if view)
    stream = f"mediation:{at.hearing.mediation_id}"
    assert await _faults(center, stream) == ["down", None]
