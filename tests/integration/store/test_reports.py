"""The usage log: figures from events, exact filters, keyset pages, files that spreadsheets open."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from center.domain import events as ev
from center.domain.errors import NotFound
from center.domain.mediation import Mediation
from center.domain.records import Page, Staff
from center.protocol.rest import UsageFilter
from center.protocol.words import (
    ConsultationState,
    Language,
    Matter,
    MediationState,
    Outcome,
    Role,
)
from center.services.export_words import HEADERS, WORDS
from center.services.office import Account
from center.services.reports import Reports
from center.store.unit_of_work import SqlWorks
from tests.integration.store.story import Told, add_kiosks, requested, talk, tell

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # a Monday, two in the afternoon there
BOM = b"\xef\xbb\xbf"


def story(key: str, at: datetime, wait: float = 10, **changes: Any) -> list[Told]:
    moments = [at + timedelta(seconds=s) for s in (wait - 1, wait, wait + 1, wait + 301, 900)]
    rated = (moments[4] + timedelta(seconds=5), ev.Rated(4), "kiosk:K01")
    return [(at, requested(key, **changes), "kiosk:K01"), *talk(moments), rated]


@pytest.fixture
async def reports(works: SqlWorks) -> Reports:
    """Three visits today, one on each of the two Mondays before, one on Sunday."""
    await add_kiosks(works, "K01", "K02")
    async with works() as work:
        jin = Staff("jin", "=金明淑", "", Role.LAWYER)
        await work.accounts.save(Account(jin, "jin", "hash", NOW))
        await work.commit()
    hour, week = timedelta(hours=1), timedelta(weeks=1)
    await tell(works, story("1", NOW - 2 * week - hour, wait=40))
    await tell(works, story("2", NOW - week - hour, wait=20))
    await tell(works, story("3", NOW - timedelta(days=1)))
    await tell(works, story("4", NOW - 4 * hour, wait=10, matter=Matter.DEBT))
    await tell(works, story("5", NOW - 3 * hour, wait=30, language=Language.KO))
    gone = (NOW - 2 * hour + timedelta(seconds=77), ev.Left(), "kiosk:K02")
    arrival = requested("6", "K02")
    await tell(works, [(NOW - 2 * hour, arrival, "kiosk:K02"), gone])
    return Reports(works, ZONE)


async def ids(reports: Reports, **wanted: object) -> list[str]:
    page = await reports.usage(UsageFilter.model_validate(wanted), None, 50)
    assert page.total == len(page.rows)
    return [row.consultation_id for row in page.rows]


async def test_figures_come_from_the_events(reports: Reports) -> None:
    page = await reports.usage(UsageFilter(), None, 2)
    left, talked = page.rows
    assert (left.state, left.wait_s, left.talk_s, left.lawyer) == (
        ConsultationState.LEFT, 77, None, None,
    )  # fmt: skip
    assert (talked.wait_s, talked.talk_s, talked.offers, talked.rating) == (30, 300, 1, 4)
    assert (talked.outcome, talked.lawyer, talked.hall) == (Outcome.ADVICE, "=金明淑", "依兰镇大厅")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["6", "5", "4", "3", "2", "1"]),
        ({"since": date(2026, 11, 23)}, ["6", "5", "4"]),
        ({"since": date(2026, 11, 16), "until": date(2026, 11, 22)}, ["3", "2"]),
        ({"kiosk_id": "K02"}, ["6"]),
        ({"state": "left"}, ["6"]),
        ({"matter": "debt"}, ["4"]),
        ({"language": "ko"}, ["5"]),
        ({"lawyer_id": "jin", "since": date(2026, 11, 23)}, ["5", "4"]),
        ({"outcome": "court"}, []),
        ({"number": "YJ-20261123-0003"}, ["3"]),
        ({"connected": "false"}, ["6"]),
        ({"connected": "true", "since": date(2026, 11, 23)}, ["5", "4"]),
        ({"max_rating": 4, "since": date(2026, 11, 23)}, ["5", "4"]),
        ({"max_rating": 3}, []),
    ],
)
async def test_filters_are_exact(
    reports: Reports, wanted: dict[str, object], found: list[str]
) -> None:
    assert await ids(reports, **wanted) == found


async def test_pages_follow_each_other_while_new_rows_arrive(
    reports: Reports, works: SqlWorks
) -> None:
    seen: list[str] = []
    after: str | None = None
    for new in range(10, 20):
        page = await reports.usage(UsageFilter(), after, 2)
        seen += [row.consultation_id for row in page.rows]
        await tell(works, [(NOW, requested(str(new)), "kiosk:K01")])
        after = page.next
        if after is None:
            break
    assert seen == ["6", "5", "4", "3", "2", "1"]


@pytest.mark.parametrize("cursor", ["x", "é", "AAAA", "MjAyNi0xMS0yMw"])
async def test_a_made_up_cursor_is_not_found(reports: Reports, cursor: str) -> None:
    with pytest.raises(NotFound):
        await reports.usage(UsageFilter(), cursor, 2)


async def test_detail_tells_figures_not_contents(reports: Reports, works: SqlWorks) -> None:
    page = Page("4", 1, "a" * 64, "b" * 64, NOW, NOW, 10, 10, 1.0, codes=("22240119",))
    async with works() as work:
        await work.pages.add(page)
        await work.commit()
    detail = await reports.detail("4")
    assert detail.row.consultation_id == "4"
    assert [event.type for event in detail.events][:3] == ["requested", "offered", "accepted"]
    assert detail.pages[0].codes == ()
    assert "22240119" not in detail.model_dump_json()
    assert "123456" not in detail.model_dump_json()
    with pytest.raises(NotFound):
        await reports.detail("99")


async def test_the_day_against_normal_days(reports: Reports) -> None:
    summary = await reports.summary(NOW)
    assert (summary.day, summary.requested) == (date(2026, 11, 23), 3)
    assert (summary.connected, summary.abandoned, summary.answered_within_15_s) == (2, 1, 1)
    assert (summary.mean_wait_s, summary.mean_talk_s, summary.mean_rating) == (20, 300, 4)
    assert (summary.normal_requested, summary.normal_mean_wait_s) == (1, 30)
    assert [hour for hour, count in enumerate(summary.by_hour) if count] == [10, 11, 12]


async def test_an_empty_center_invents_no_figures(works: SqlWorks) -> None:
    summary = await Reports(works, ZONE).summary(NOW)
    assert (summary.requested, summary.mean_wait_s, summary.normal_requested) == (0, None, None)


async def test_csv_opens_in_a_spreadsheet(reports: Reports) -> None:
    body = await reports.csv(UsageFilter(), Language.ZH)
    assert body.startswith(BOM)
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert rows[0] == list(HEADERS[Language.ZH].values())
    by_name = dict(zip(rows[0], rows[2], strict=True))
    assert (by_name["编号"], by_name["语言"], by_name["等待（秒）"]) == (
        "YJ-20261123-0005", "朝鲜语", "30",
    )  # fmt: skip
    assert by_name["申请时间"] == "2026-11-23 11:00:00"


async def test_a_file_has_the_chosen_columns_in_the_chosen_order(reports: Reports) -> None:
    wanted = UsageFilter(matter=Matter.DEBT)
    body = await reports.csv(wanted, Language.EN, ["wait_s", "requested_at", "state"])
    header, row = csv.reader(io.StringIO(body.decode("utf-8-sig")))
    assert header == ["Wait (s)", "Requested at", "State"]
    assert row == ["10", "2026-11-23 10:00:00", "Closed"]


async def test_no_cell_is_a_formula(reports: Reports) -> None:
    rows = csv.reader(
        io.StringIO((await reports.csv(UsageFilter(), Language.ZH)).decode("utf-8-sig"))
    )
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    sheet = load_workbook(io.BytesIO(await reports.xlsx(UsageFilter(), Language.ZH))).active
    assert sheet is not None
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


async def test_xlsx_holds_numbers_and_words_of_the_asked_language(reports: Reports) -> None:
    book = load_workbook(
        io.BytesIO(await reports.xlsx(UsageFilter(matter=Matter.DEBT), Language.EN))
    )
    sheet = book.active
    assert sheet is not None
    header, row = sheet.iter_rows(values_only=True)
    found = dict(zip(header, row, strict=True))
    assert (found["Matter"], found["Wait (s)"], found["Language"]) == ("Debt", 10, "Chinese")


async def test_mediations_are_listed_in_pages_newest_first(
    works: SqlWorks, reports: Reports
) -> None:
    async with works() as work:
        for day, name in enumerate(["m1", "m2", "m3"]):
            at = NOW + timedelta(days=min(day, 1))  # the last two in one moment
            planned = Mediation(
                name, f"TJ-{day}", 1, MediationState.OPEN, "jin", Matter.DEBT, Language.ZH, None,
                at, at, opened_at=at, ended_at=at + timedelta(minutes=50),
            )  # fmt: skip
            await work.mediations.save(planned, 0)
        await work.commit()
    first = await reports.mediations(None, 2)
    assert [row.mediation_id for row in first.rows] == ["m3", "m2"]
    (last,) = (rest := await reports.mediations(first.next, 2)).rows
    assert (last.mediation_id, rest.next, rest.total) == ("m1", None, 3)
    assert (last.mediator, last.duration_s, last.figures) == ("=金明淑", 3000, None)
    with pytest.raises(NotFound):
        await reports.mediations("made up", 2)


def test_every_word_of_an_export_has_its_text() -> None:
    assert WORDS[Language.ZH].keys() == WORDS[Language.EN].keys()
    assert HEADERS[Language.ZH].keys() == HEADERS[Language.EN].keys()
