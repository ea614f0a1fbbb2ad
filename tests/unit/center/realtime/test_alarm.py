"""Staff are alarmed of whoever should be recorded and is not, and of nobody else."""

import asyncio
from dataclasses import replace

import pytest

from center.domain.recording import Recording
from center.protocol.words import RecorderFault
from center.realtime.recorder import alarm
from center.realtime.recorder.alarm import Alarm
from center.services.recording_ports import Running
from tests.support.patience import PATIENCE

RECORDING = Recording(recording_id="r1")
BOTH = Running("m1", RECORDING, {"kiosk:K01": "张三", "staff:piao": "朴成哲"})
ALONE = Running("m1", RECORDING, {"staff:piao": "朴成哲"})
MUTED = Running("m1", RECORDING, BOTH.who, silent=frozenset({"kiosk:K01"}))


class Told:
    """What staff were told, in order: what stands in the log, and is known from there."""

    watch: Alarm

    def __init__(self) -> None:
        self.faults: list[RecorderFault | None] = []
        self.broken = False

    def of(self, talk: Running) -> Alarm:
        self.talk, self.watch = talk, Alarm(talk, self.report)
        return self.watch

    async def report(self, fault: RecorderFault | None) -> None:
        if self.broken:
            raise OSError("the log cannot be written")
        self.faults.append(fault)
        self.watch.follow(replace(self.talk, recording=replace(RECORDING, fault=fault)))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setattr(alarm, "PATIENCE_S", -1.0)
    return Told()


async def test_who_is_not_heard_is_missed_and_then_is_not(told: Told) -> None:
    watch = told.of(BOTH)
    await watch.look()
    watch.heard("kiosk:K01")
    await watch.look()
    watch.heard("staff:piao")
    await watch.look()
    assert told.faults == [RecorderFault.SILENT, None]


async def test_who_went_away_or_is_to_be_silent_is_not_missed(told: Told) -> None:
    for calm in (ALONE, MUTED):
        watch = told.of(BOTH)
        watch.heard("staff:piao")
        watch.missed("kiosk:K01", RecorderFault.SILENT)
        watch.follow(calm)
        await watch.look()
    assert told.faults == []


async def test_who_is_to_be_heard_again_is_missed_again(told: Told) -> None:
    watch = told.of(MUTED)
    watch.heard("staff:piao")
    await watch.look()
    watch.follow(BOTH)
    await watch.look()
    assert told.faults == [RecorderFault.SILENT]


async def test_a_full_disk_is_told_of_one_who_is_silent_too(told: Told) -> None:
    watch = told.of(MUTED)
    watch.heard("staff:piao")
    watch.missed("kiosk:K01", RecorderFault.DISK_FULL)
    await watch.look()
    assert told.faults == [RecorderFault.DISK_FULL]


async def test_what_could_not_be_told_is_told_at_the_next_look(told: Told) -> None:
    watch = told.of(BOTH)
    told.broken = True
    with pytest.raises(OSError, match="log"):
        await watch.look()
    told.broken = False
    await watch.look()
    assert told.faults == [RecorderFault.SILENT]


async def test_what_is_tried_again_is_an_alarm_again_or_none(told: Told) -> None:
    trying = replace(BOTH, recording=replace(RECORDING, fault=RecorderFault.RETRYING))
    watch = told.of(trying)
    watch.heard("kiosk:K01")
    await watch.look()
    watch.heard("staff:piao")
    await watch.look()
    assert told.faults == [RecorderFault.SILENT, None]


async def test_a_look_that_fails_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarm, "LOOK_EVERY_S", 0.001)
    looks, again = [], asyncio.Event()

    async def look() -> None:
        looks.append(1)
        if len(looks) > 1:
            again.set()
        raise OSError("no disk")

    looking = asyncio.create_task(alarm.keep_looking(look))
    async with asyncio.timeout(PATIENCE):
        await again.wait()
    looking.cancel()
