"""A recorded talk: real center, real recorder process, talkers in the place of pages."""

import asyncio
import io
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import pytest

from media.callers import clips
from media.callers.tracks import ClipTrack
from tests.integration.center.conftest import (
    Call,
    Center,
    Frame,
    Person,
    Socket,
    accepted,
    settings_for,
)
from tests.integration.center.recorded import Page, Seals, face_tracks, recorder_in, seen
from tests.support.patience import PATIENCE
from tests.support.talker import Talker


def recording_of(frame: Frame) -> Frame:
    view: Frame = (frame["consultation"] or {}).get("recording", {})
    return view


async def until_recording(socket: Socket, state: str) -> Frame:
    """The recording as the consultation shows it, once it is in this state."""
    frame = await socket.shows(
        "consultation.state", lambda f: recording_of(f).get("state") == state
    )
    return recording_of(frame)


@dataclass
class Studio:
    """A talk whose both ends have something to say."""

    call: Call
    kiosk: Page
    staff: Page

    @property
    def faces(self) -> tuple[ClipTrack, ClipTrack]:
        return self.kiosk.talker.tracks[1], self.staff.talker.tracks[1]

    async def agree(self) -> str:
        """Asked by the lawyer, answered yes by the resident; the recording's id."""
        ref = {"consultation_id": self.call.consultation_id}
        await self.call.staff.do("recording.ask", **ref)
        asked = await until_recording(self.call.kiosk, "asked")
        recording_id = str(asked["recording_id"])
        await self.call.kiosk.do("recording.answer", **ref, recording_id=recording_id, agreed=True)
        await until_recording(self.call.staff, "running")
        return recording_id

    async def record(self, recording_id: str, pictures: int = 25) -> None:
        """Until both ends have sent so many pictures to the recorder."""
        await self.kiosk.meet(f"{recording_id}-1")
        await self.staff.meet(f"{recording_id}-1")
        async with asyncio.timeout(PATIENCE):
            for face in self.faces:
                await face.until_sent(pictures)

    async def stop(self, recording_id: str) -> None:
        ref = {"consultation_id": self.call.consultation_id, "recording_id": recording_id}
        await self.call.kiosk.do("recording.stop", **ref)
        await until_recording(self.call.staff, "stopped")


@asynccontextmanager
async def studio(center: Center) -> AsyncIterator[Studio]:
    call = await accepted(center)
    await call.join()
    desk = ClipTrack("video", clips.pictures(), 0.2)
    async with Talker(*face_tracks(), desk) as kiosk, Talker(*face_tracks()) as staff:
        yield Studio(
            call,
            Page(call.kiosk, "k-1", kiosk, call.consultation_id),
            Page(call.staff, "s-1", staff, call.consultation_id),
        )


@pytest.fixture
def seals(monkeypatch: pytest.MonkeyPatch) -> Seals:
    return Seals.watch(monkeypatch)


async def test_a_talk_is_recorded_with_consent_and_played_by_those_who_may(
    center: Center, seals: Seals
) -> None:
    async with studio(center) as at:
        recording_id = await at.agree()
        await at.record(recording_id)
        await at.stop(recording_id)
        await at.call.staff.shows("room.state", lambda f: not recorder_in(f))
    jin = await center.sign_in("jin")
    await seals.until(1)
    (row,) = (await jin.get("/api/recordings"))["rows"]
    detail = await jin.get(f"/api/recordings/{row['reel_id']}")
    face = frozenset({"face.audio", "face.video"})
    kept = {(part["peer"], frozenset(part["streams"])) for part in detail["parts"]}
    desk = frozenset({"desk.video"})
    assert kept == {("kiosk:K01", face), ("kiosk:K01", desk), ("staff:jin", face)}
    types = [moment["type"] for moment in detail["moments"]]
    assert types[-3:] == ["recording_asked", "recording_answered", "recording_stopped"]
    path = f"/api/recordings/{row['reel_id']}/parts/1.webm"
    async with center.http.get(path, headers=jin.headers) as answer:
        assert (answer.status, answer.content_type) == (200, "video/webm")
        whole = await answer.read()
    with av.open(io.BytesIO(whole), "r") as webm:
        assert len(list(webm.decode(video=0))) >= 20
    await _ranges(center, jin, path, whole)
    await _others(center, path, row["reel_id"])
    files = b"".join(
        p.read_bytes() for p in (center.settings.center.data / "recordings").glob("*/*")
    )
    assert b"webm" not in files
    assert b"V_VP8" in whole


async def _ranges(center: Center, jin: Person, path: str, whole: bytes) -> None:
    for asked, status, expected in (
        ("bytes=10-19", 206, whole[10:20]),
        ("bytes=100-", 206, whole[100:]),
        ("bytes=-5", 206, whole[-5:]),
        (f"bytes={len(whole)}-", 416, b""),
        ("bytes=x", 416, b""),
    ):
        async with center.http.get(path, headers=jin.headers | {"Range": asked}) as answer:
            assert (answer.status, await answer.read()) == (status, expected), asked


async def _others(center: Center, path: str, reel_id: str) -> None:
    li, zhao = await center.sign_in("li"), await center.sign_in("zhao")
    assert (await li.get("/api/recordings"))["rows"] == []
    await li.get(path, 403)
    await li.get(f"/api/recordings/{reel_id}", 403)
    assert len((await zhao.get("/api/recordings"))["rows"]) == 1
    await (await center.sign_in("jin")).get("/api/recordings/none", 404)
    audit = await (await center.sign_in("admin")).get("/api/audit")
    read = [row for row in audit["rows"] if row["action"] == "read.recording"]
    assert [row["actor"] for row in read] == ["staff:jin"] * 2
    assert any(row["action"] == "recording.sealed" for row in audit["rows"])


async def test_who_says_no_is_not_recorded(center: Center) -> None:
    async with studio(center) as at:
        ref = {"consultation_id": at.call.consultation_id}
        await at.call.staff.do("recording.ask", **ref)
        asked = await until_recording(at.call.kiosk, "asked")
        question = ref | {"recording_id": asked["recording_id"]}
        await at.call.kiosk.do("recording.answer", **question, agreed=False)
        refused = await until_recording(at.call.staff, "stopped")
        assert refused["cause"] == "refused"
        await at.call.kiosk.do("recording.answer", **question, agreed=True)
        assert not any(recorder_in(f) for f in at.call.staff.seen if f["type"] == "room.state")
    assert not (center.settings.center.data / "recordings").exists()


async def test_only_who_takes_part_asks_answers_and_stops(center: Center) -> None:
    async with studio(center) as at:
        ref = {"consultation_id": at.call.consultation_id}
        li = await (await center.sign_in("li")).connect()
        assert (await li.ask("recording.ask", **ref))["code"] == "forbidden"
        await at.call.staff.do("recording.ask", **ref)
        asked = await until_recording(at.call.kiosk, "asked")
        question = ref | {"recording_id": asked["recording_id"]}
        other = await (await center.device("K02")).connect()
        for socket, code in ((li, "forbidden"), (other, "not_found")):
            for kind, more in (("recording.answer", {"agreed": True}), ("recording.stop", {})):
                assert (await socket.ask(kind, **question, **more))["code"] == code
        assert (await other.ask("recording.ask", **ref))["code"] == "unknown_type"


async def test_a_center_that_does_not_record_says_so(data: Path) -> None:
    async with Center(settings_for(data, recording={"enabled": False})) as center:
        call = await accepted(center)
        refused = await call.staff.ask("recording.ask", consultation_id=call.consultation_id)
        assert refused["code"] == "forbidden"
        shown = await seen(call.staff, "consultation.state", lambda f: bool(f["consultation"]))
        assert shown["consultation"]["may_record"] is False


async def test_a_recorder_that_dies_alarms_and_another_goes_on(
    center: Center, seals: Seals
) -> None:
    async with studio(center) as at:
        recording_id = await at.agree()
        await at.record(recording_id, 75)  # what is older than two seconds is on the disk
        os.kill(recorder_process(), signal.SIGKILL)
        alarm = await at.call.staff.shows(
            "consultation.state", lambda f: recording_of(f).get("fault") == "down"
        )
        assert recording_of(alarm)["state"] == "running"
        for page in (at.kiosk, at.staff):
            page.talker = Talker(*face_tracks())
            await page.meet(f"{recording_id}-2")
        kiosk_was_told = [f for f in at.call.kiosk.seen if f["type"] == "consultation.state"]
        assert all(recording_of(frame).get("fault") is None for frame in kiosk_was_told)
        await at.call.staff.shows(
            "consultation.state", lambda f: recording_of(f).get("fault", "x") is None
        )
        await at.stop(recording_id)
        for page in (at.kiosk, at.staff):
            await page.talker.connection.close()
    await seals.until(2)
    rows = (await (await center.sign_in("jin")).get("/api/recordings"))["rows"]
    assert [row["reel_id"] for row in rows] == [f"{recording_id}-2", f"{recording_id}-1"]


def recorder_process() -> int:
    """The recorder's process id, found as the only child that runs the recorder."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                command = (folder / "cmdline").read_bytes()
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == os.getpid() and command.endswith(b"media\0recorder\0"):
                return int(folder.name)
    raise LookupError("no recorder runs")


async def test_what_runs_when_the_center_stops_is_finished_at_its_start(
    center: Center, seals: Seals
) -> None:
    async with studio(center) as at:
        recording_id = await at.agree()
        await at.record(recording_id, 10)
        await center.stop()
        assert list((center.settings.center.data / "recordings").glob("*/*.journal"))
        await center.start()
        await seals.until(1)
        rows = (await (await center.sign_in("jin")).get("/api/recordings"))["rows"]
        assert [row["reel_id"] for row in rows if row["sealed"]] == [f"{recording_id}-1"]


async def test_nobody_heard_is_an_alarm(center: Center, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("center.realtime.recorder.alarm.PATIENCE_S", 0.2)
    monkeypatch.setattr("center.realtime.recorder.alarm.LOOK_EVERY_S", 0.1)
    async with studio(center) as at:
        await at.agree()
        silent: Any = await at.call.staff.shows(
            "consultation.state", lambda f: recording_of(f).get("fault") == "silent"
        )
        assert silent
