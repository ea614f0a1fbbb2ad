"""The record of lines: who may add to it, what is counted twice, what the office reads, what time
deletes."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from center.domain import events as ev
from center.domain.errors import Forbidden, NotFound
from center.protocol.quality import BATCH_POINTS, QualityRecord
from center.protocol.rest import UsageFilter
from center.protocol.words import Language, PeerRole
from center.services.quality import QualityLog
from center.services.reports import Reports
from center.services.retention import Retention
from center.store.blobs import FileBlobs
from center.store.cipher import Cipher
from center.store.unit_of_work import SqlWorks
from config.settings import RetentionSettings
from tests.integration.store.clock import StoppedClock
from tests.integration.store.story import add_kiosks, requested, talk, tell

ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
KIOSK, STAFF = PeerRole.KIOSK, PeerRole.STAFF


def point(mos: float | None = 4.3, level: str = "good", **changed: Any) -> dict[str, Any]:
    known = {"loss": 0.01, "round_trip_ms": 40, "jitter_ms": 3, "freezes": 0, "frozen_ms": 0}
    return known | {"mos": mos, "level": level, "received_kbps": 9, "sent_kbps": 9} | changed


def record(number: int, *points: dict[str, Any], page: str = "page-1") -> QualityRecord:
    body = {"page_session": page, "number": number, "at": BEGIN, "points": points}
    return QualityRecord.model_validate(body)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(BEGIN + timedelta(seconds=60))


@pytest.fixture
async def quality(works: SqlWorks, clock: StoppedClock) -> QualityLog:
    """One talk from six o'clock to five past, between K01 and jin; one call that nobody took."""
    await add_kiosks(works, "K01")
    moments = [BEGIN + timedelta(seconds=s) for s in (-2, 0, 1, 300, 600)]
    await tell(works, [(moments[0], requested("1"), "kiosk:K01"), *talk(moments)])
    gone = (BEGIN + timedelta(seconds=9), ev.Left(), "kiosk:K01")
    await tell(works, [(BEGIN, requested("2"), "kiosk:K01"), gone])
    return QualityLog(works, clock)


async def test_the_office_reads_what_both_sides_measured(
    works: SqlWorks, quality: QualityLog
) -> None:
    bad = point(2.0, "weak", loss=0.2, freezes=2, frozen_ms=900)
    await quality.report(KIOSK, "K01", "1", record(1, point(), bad))
    await quality.report(STAFF, "jin", "1", record(1, point(4.0), point(None, "broken")))
    detail = await Reports(works, ZONE).detail("1")
    resident, lawyer = detail.quality
    assert (resident.side, resident.figures.mos, resident.figures.worst_mos) == (KIOSK, 2.0, 2.0)
    assert (resident.figures.good, resident.figures.weak, resident.figures.freezes) == (0.5, 0.5, 2)
    assert [moment.at for moment in resident.curve] == [BEGIN, BEGIN + timedelta(seconds=2)]
    assert (lawyer.side, lawyer.figures.broken, lawyer.curve[1].mos) == (STAFF, 0.5, None)
    row = detail.row
    assert (row.mos, row.worst_mos, row.loss_percent) == (4.0, 2.0, 5.8)
    assert (row.round_trip_ms, row.freezes, row.weak_percent) == (40, 2, 50.0)


async def test_a_repeated_record_counts_once_and_each_page_by_itself(
    works: SqlWorks, quality: QualityLog
) -> None:
    for sent in (record(1, point()), record(2, point()), record(1, point()), record(2, point())):
        await quality.report(KIOSK, "K01", "1", sent)
    await quality.report(KIOSK, "K01", "1", record(1, point(), page="reloaded"))
    await quality.report(KIOSK, "K01", "1", record(3, point()))
    (side,) = (await Reports(works, ZONE).detail("1")).quality
    assert (side.figures.seconds, len(side.curve)) == (8.0, 4)


@pytest.mark.parametrize(
    ("side", "who", "consultation", "refusal"),
    [
        (KIOSK, "K02", "1", Forbidden),
        (STAFF, "li", "1", Forbidden),
        (STAFF, "K01", "1", Forbidden),
        (KIOSK, "K01", "none", NotFound),
    ],
)
async def test_only_the_two_of_the_talk_are_heard(
    quality: QualityLog, side: PeerRole, who: str, consultation: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await quality.report(side, who, consultation, record(1, point()))


async def test_without_a_talk_there_is_nothing_to_keep(
    works: SqlWorks, quality: QualityLog, clock: StoppedClock
) -> None:
    await quality.report(KIOSK, "K01", "2", record(1, point()))
    clock.move(301)
    await quality.report(KIOSK, "K01", "1", record(1, point()))
    for key in ("1", "2"):
        assert (await Reports(works, ZONE).detail(key)).quality == ()


async def test_the_export_has_the_figures_and_is_empty_where_nothing_was_measured(
    works: SqlWorks, quality: QualityLog
) -> None:
    await quality.report(KIOSK, "K01", "1", record(1, point()))
    columns = ("number", "mos", "loss_percent", "weak_percent")
    file = await Reports(works, ZONE).csv(UsageFilter(), Language.EN, columns)
    _, unmeasured, measured = csv.reader(io.StringIO(file.decode("utf-8-sig")))
    assert measured == ["YJ-20261123-0001", "4.3", "1.0", "0.0"]
    assert unmeasured == ["YJ-20261123-0002", "", "", ""]


async def test_time_deletes_the_curve_and_leaves_the_figures(
    works: SqlWorks, quality: QualityLog, clock: StoppedClock, tmp_path: Path
) -> None:
    await quality.report(KIOSK, "K01", "1", record(1, point()))
    settings = RetentionSettings()
    blobs = FileBlobs(tmp_path / "blobs", Cipher(b"k" * 32))
    retention = Retention(works, clock, blobs, settings)
    for days, left in ((settings.events_days - 1, 1), (2, 0)):
        clock.move(days * 24 * 3600)
        await retention.run()
        (side,) = (await Reports(works, ZONE).detail("1")).quality
        assert (len(side.curve), side.figures.mos) == (left, 4.3)


@pytest.mark.parametrize(
    "points",
    [
        [],
        [point()] * (BATCH_POINTS + 1),
        [point(mos=5)],
        [point(loss=1.1)],
        [point(loss=float("nan"))],
        [point(round_trip_ms=-1)],
        [point(level="splendid")],
    ],
)
def test_a_record_has_limits(points: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        record(1, *points)
