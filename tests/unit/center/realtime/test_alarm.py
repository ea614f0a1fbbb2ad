"""Staff are alarmed of whoever should be recorded and is not, and of nobody else."""

import pytest

from center.domain.recording import Recording
from center.protocol.words import RecorderFault
from center.realtime.recorder import alarm
from center.realtime.recorder.alarm import Alarm
from center.services.recording_ports import Running

RECORDING = Recording(recording_id="r1")
BOTH = Running("m1", RECORDING, {"kiosk:K01": "张三", "staff:piao": "朴成哲"})
ALONE = Running("m1", RECORDING, {"staff:piao": "朴成哲"})
MUTED = Running("m1", RECORDING, BOTH.who, silent=frozenset({"kiosk:K01"}))


class Told:
    """What staff were told, in order."""

    def __init__(self) -> None:
        self.faults: list[RecorderFault | None] = []

    async def report(self, fault: RecorderFault | None) -> None:
        self.faults.append(fault)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setattr(alarm, "PATIENCE_S", -1.0)
    return Told()


async def test_who_is_not_heard_is_missed_and_then_is_not(told: Told) -> None:
    watch = Alarm(BOTH, told.report)
    await watch.look()
    watch.heard("kiosk:K01")
    await watch.look()
    watch.heard("staff:piao")
    await watch.look()
    assert told.faults == [RecorderFault.SILENT, None]


async def test_who_went_away_or_is_to_be_silent_is_not_missed(told: Told) -> None:
    for calm in (ALONE, MUTED):
        watch = Alarm(BOTH, told.report)
        watch.heard("staff:piao")
        watch.missed("kiosk:K01", RecorderFault.SILENT)
        watch.follow(calm)
        await watch.look()
    assert told.faults == []


async def test_who_is_to_be_heard_again_is_missed_again(told: Told) -> None:
    watch = Alarm(MUTED, told.report)
    watch.heard("staff:piao")
    await watch.look()
    watch.follow(BOTH)
    await watch.look()
    assert told.faults == [RecorderFault.SILENT]


async def test_a_full_disk_is_told_of_one_who_is_silent_too(told: Told) -> None:
    watch = Alarm(MUTED, told.report)
    watch.heard("staff:piao")
    watch.missed("kiosk:K01", RecorderFault.DISK_FULL)
    await watch.look()
    assert told.faults == [RecorderFault.DISK_FULL]
