"""The main job from touch to usage log, driven in two real Chromium windows without a person."""

import asyncio
import time
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.tour import checks, lawyer, resident, technician
from tests.e2e.tour.record import OUT, Record
from tests.support.chromium import Window, chromium, open_context, open_window
from tests.support.city import Admin, City, build

ADVICE = "借条有效。请保留转账记录,下周三上午来中心办理法律援助申请。"


@pytest.mark.e2e
@pytest.mark.call
@pytest.mark.timeout(420)
async def test_tour(tmp_path: Path) -> None:
    record = Record()
    city = build(tmp_path, technician_code=technician.CODE)
    await city.start()
    record.step("center and kiosk K01 are running; K01 enrolled with a one-time code")
    try:
        async with chromium() as hall, chromium() as office:
            kiosk = await open_window(hall, city.kiosk_url, 1080, 1920)
            console = await open_window(office, f"{city.center_url}/console/", 1440, 900)
            async with record.failure(kiosk=kiosk.page, console=console.page):
                await _journey(city, record, kiosk, console)
                await _admin(city, record, console)
            _only_own_hosts(city, kiosk, console)
    finally:
        await city.stop()
    record.step("everything stopped")


async def _journey(city: City, record: Record, kiosk: Window, console: Window) -> None:
    await record.staff(console.page, "console-login")
    await lawyer.sign_in(console.page, "jin")
    await expect(console.page.get_by_test_id("duty-state")).to_be_visible()
    record.step("the lawyer signed in and is not on duty yet")
    await technician.test_machine(kiosk, record)
    record.step("a technician's self-test found the kiosk well")
    await resident.ask_for_lawyer(kiosk, record)
    record.step("the resident touched, chose Korean, the matter, and consented")
    await kiosk.page.get_by_test_id("papers-scan").click()
    await resident.scan(kiosk, 2, record, "scan")
    await kiosk.page.get_by_test_id("scan-done").click()
    record.step("two papers took themselves under the document camera")
    position, estimate = await resident.wait_place(kiosk)
    assert position == 1
    assert estimate.strip()
    await record.kiosk(kiosk.page, "wait")
    record.step(f"waiting: position {position}, estimate “{estimate.strip()}”")
    await record.staff(console.page, "console-waiting")
    await _talk(city, record, kiosk, console)
    await _after(city, record, kiosk, console)


async def _talk(city: City, record: Record, kiosk: Window, console: Window) -> None:
    await lawyer.go_on_duty(console)
    await expect(console.page.get_by_test_id("offer-accept")).to_be_visible()
    await record.staff(console.page, "console-ringing")
    record.step("the console rings")
    await console.page.get_by_test_id("offer-accept").click()
    heard_by_resident, heard_by_lawyer = await asyncio.gather(
        kiosk.until_media(videos=1), console.until_media(videos=2)
    )
    await lawyer.state_is(console, "active")
    await resident.at(kiosk, "call")
    record.step(
        f"both see and hear: resident {heard_by_resident.frames} frames, lawyer "
        f"{heard_by_lawyer.frames} frames of face and desk, sound on both sides"
    )
    await record.kiosk(kiosk.page, "call")
    await _papers_in_the_call(record, kiosk, console)
    await _center_dies(city, record, kiosk, console)
    await _reloads(city, record, kiosk, console)


async def _papers_in_the_call(record: Record, kiosk: Window, console: Window) -> None:
    width, height = await lawyer.see_page(console, 1)
    assert min(width, height) > 600
    await kiosk.page.get_by_test_id("call-desk-open").click()
    await resident.at(kiosk, "call_scan")
    await resident.scan(kiosk, 3, record, "call_scan")
    begin = time.monotonic()
    width, height = await lawyer.see_page(console, 3)
    assert min(width, height) > 600
    record.step(
        f"page 3, {width}×{height}, on the console {time.monotonic() - begin:.2f} s after capture"
    )
    await kiosk.page.get_by_test_id("scan-done").click()
    await resident.at(kiosk, "call")
    await lawyer.zoom_and_rotate(console)
    await lawyer.write_advice(console, ADVICE)
    await record.staff(console.page, "console-call")
    record.step("the lawyer zoomed, turned the page and wrote advice; it is saved")


async def _center_dies(city: City, record: Record, kiosk: Window, console: Window) -> None:
    before = await asyncio.gather(kiosk.received(), console.received())
    await city.center.kill()
    during = await asyncio.gather(
        kiosk.until_frames(before[0].frames + 40), console.until_frames(before[1].frames + 40)
    )
    assert during[0].connected == before[0].connected == 1 or during[0].connected >= 1
    record.step("the center was killed: frames advance by 40 and more on both sides")
    await city.center.start()
    await expect(kiosk.page.get_by_test_id("link-state")).to_have_attribute("data-state", "online")
    await lawyer.state_is(console, "active")
    after = await asyncio.gather(
        kiosk.until_frames(during[0].frames + 20), console.until_frames(during[1].frames + 20)
    )
    assert after[0].audio_energy > before[0].audio_energy
    assert after[1].audio_energy > before[1].audio_energy
    record.step("the center is back: same consultation, sound and picture went on")


async def _reloads(city: City, record: Record, kiosk: Window, console: Window) -> None:
    await city.agent.kill()
    seen = await kiosk.received()
    await kiosk.until_frames(seen.frames + 20)
    await city.agent.start()
    await expect(kiosk.page.get_by_test_id("link-state")).to_have_attribute("data-state", "online")
    await resident.at(kiosk, "call")
    record.step("the agent was killed and came back into the same call")
    await kiosk.page.reload()
    await resident.at(kiosk, "call")
    await asyncio.gather(kiosk.until_media(videos=1), console.until_media(videos=2))
    record.step("the kiosk page was reloaded and is in the call again")
    await console.page.reload()
    await asyncio.gather(kiosk.until_media(videos=1), console.until_media(videos=2))
    await lawyer.state_is(console, "active")
    record.step("the console was reloaded and is in the call again")


async def _after(city: City, record: Record, kiosk: Window, console: Window) -> None:
    originals = await _originals(console)
    await console.page.get_by_test_id("hangup").click()
    await console.page.get_by_test_id("hangup-yes").click()
    await resident.at(kiosk, "rate")
    await record.kiosk(kiosk.page, "rate")
    await console.page.get_by_test_id("outcome-legal_aid").click()
    await _document(city, record, console)
    await record.staff(console.page, "console-wrap-up")
    await console.page.get_by_test_id("file").click()
    await kiosk.page.get_by_test_id("rate-5").click()
    await resident.at(kiosk, "slip")
    number = (await kiosk.page.get_by_test_id("slip-number").inner_text()).strip()
    code = await checks.read_slip(kiosk.page)
    assert code.startswith(f"JIUJIN:{number}:")
    await expect(kiosk.page.get_by_test_id("slip-wiped")).to_be_visible()
    await record.kiosk(kiosk.page, "slip")
    record.step(f"rated; slip {number}, its QR code read back by the scanner")
    await kiosk.page.get_by_test_id("slip-home").click()
    await resident.at(kiosk, "home")
    await checks.assert_browser_forgot(kiosk)
    checks.assert_disk_forgot(city.kiosk_data, (number, code.rpartition(":")[2]))
    checks.assert_memory_forgot(city.agent.pid, originals)
    record.step("nothing of the visit is left in the browser, on the disk or in the agent's memory")
    (OUT / "number.txt").write_text(number)


async def _originals(console: Window) -> tuple[bytes, ...]:
    """The untouched captures, fetched as the lawyer may."""
    href = await console.page.get_by_test_id("document").get_attribute("href")
    assert href
    base = href.rsplit("/", 1)[0]
    found = []
    for position in (1, 2, 3):
        reply = await console.page.request.get(
            f"{_origin(console.page)}{base}/pages/{position}/original"
        )
        assert reply.status == 200
        found.append(await reply.body())
    return tuple(found)


async def _document(city: City, record: Record, console: Window) -> None:
    href = await console.page.get_by_test_id("document").get_attribute("href")
    origin = _origin(console.page)
    pdf = await console.page.request.get(f"{origin}{href}")
    certificate = await console.page.request.get(f"{origin}/api/seal/certificate")
    assert pdf.status == certificate.status == 200
    (OUT / "document.pdf").write_bytes(await pdf.body())
    (OUT / "seal.pem").write_bytes(await certificate.body())
    assert await checks.verify_seal(OUT / "document.pdf", OUT / "seal.pem") == 0
    bad = checks.spoil(OUT / "document.pdf", city.folder / "spoiled.pdf")
    assert await checks.verify_seal(bad, OUT / "seal.pem") != 0
    record.step("the sealed PDF verifies, and does not with one byte changed")


async def _admin(city: City, record: Record, console: Window) -> None:
    number = (OUT / "number.txt").read_text()
    assert console.context.browser is not None
    context = await open_context(console.context.browser, 1440, 900)
    page = await context.new_page()
    await page.goto(f"{city.center_url}/admin/")
    await record.staff(page, "admin-login")
    await lawyer.sign_in(page, "admin")
    for name in ("hall", "fleet", "staff", "audit", "usage"):
        await page.get_by_test_id(f"nav-{name}").click()
        await expect(page.locator(".el-skeleton")).to_have_count(0)
        await record.staff(page, f"admin-{name}")
    await expect(page.get_by_test_id(f"usage-row-{number}")).to_be_visible()
    csv, xlsx = await _download(page, "csv"), await _download(page, "xlsx")
    line = ",".join(checks.csv_row(csv, number))
    assert "公园街道" in line
    assert str(checks.xlsx_row(xlsx, number))
    await _figures(city, number)
    record.step(f"the usage log shows {number} and exports it: {line}")


async def _download(page: Page, kind: str) -> bytes:
    async with page.expect_download() as waiting:
        await page.get_by_test_id(f"usage-export-{kind}").click()
    path = OUT / f"usage.{kind}"
    await (await waiting.value).save_as(path)
    return path.read_bytes()


async def _figures(city: City, number: str) -> None:
    async with Admin(city.center_url) as admin:
        usage = await admin.get(f"/api/usage?number={number}")
        row = usage["rows"][0]
        detail = await admin.get(f"/api/usage/{row['consultation_id']}")
    assert usage["total"] == 1
    assert row["state"] == "closed"
    assert row["outcome"] == "legal_aid"
    assert row["rating"] == 5
    assert row["pages"] == 3
    assert row["wait_s"] >= 0
    assert row["talk_s"] > 0
    assert row["matter"] == "debt"
    assert row["language"] == "ko"
    checks.assert_no_hole(detail["events"])


def _origin(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def _only_own_hosts(city: City, kiosk: Window, console: Window) -> None:
    assert kiosk.origins == {city.kiosk_url.removeprefix("http://")}
    assert console.origins == {city.center_url.removeprefix("http://")}
    assert kiosk.complaints == []
    assert console.complaints == []
