"""One call lives through a cut line, a change of address and a lawyer who changes computers.

`python -m tests.bench.faults` provokes more of it and measures; the tour kills center and agent.
"""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.tour import lawyer, resident
from tests.faults.faces import now_ms
from tests.faults.scene import RURAL, Scene, scene

pytestmark = [pytest.mark.e2e, pytest.mark.call, pytest.mark.timeout(180)]


async def test_a_call_is_never_dropped(tmp_path: Path) -> None:
    async with scene(tmp_path, RURAL) as it:
        await it.call()
        await _line_is_cut(it)
        await _address_changes(it)
        await _lawyer_changes_computers(it)


async def _line_is_cut(it: Scene) -> None:
    it.cut()
    await lawyer.state_is(it.console, "interrupted")
    await expect(it.kiosk.page.get_by_test_id("call-line")).to_have_attribute("data-line", "lost")
    await it.back(it.mend(), seconds=20)
    await lawyer.state_is(it.console, "active")
    await resident.at(it.kiosk, "call")


async def _address_changes(it: Scene) -> None:
    before = it.hall.wire.out.traffic.passed
    it.hall.change_address()
    await it.back(now_ms() + 1000, seconds=20)
    assert it.hall.wire.out.traffic.passed > before


async def _lawyer_changes_computers(it: Scene) -> None:
    left = it.console
    await it.at_another_computer()
    await it.back(await it.go_on_here(), seconds=20)
    await expect(left.page.get_by_test_id("call-elsewhere")).to_be_visible()
    await lawyer.state_is(it.console, "active")
