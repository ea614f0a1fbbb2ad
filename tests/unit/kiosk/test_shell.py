"""Whether it is the kiosk's page that Chromium shows, as far as Chromium says."""

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest

from kiosk.browser.devtools import DevTools, RefusedError
from kiosk.browser.shell import HungError, Shell

SHELL = Shell("http://127.0.0.1:8642/?x=1", Path(), pulse_s=0.001, patience_s=1.0)


class Tools:
    """Says each of these once, and the last for ever."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)

    async def ask(self, *_: object, **__: object) -> dict[str, Any]:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            raise RefusedError("Target crashed")
        return {"result": {"type": "string", "value": answer}}


async def feel(tools: Tools) -> None:
    await SHELL._feel(cast("DevTools", tools), "session")


@pytest.mark.parametrize("answer", [None, "null", "http://elsewhere"])
async def test_a_page_that_stays_away_is_started_anew(answer: str | None) -> None:
    with pytest.raises(HungError, match="not the kiosk's page"):
        await feel(Tools(SHELL.origin, answer))


async def test_a_page_that_is_there_is_left_alone() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2 * SHELL.patience_s):
            await feel(Tools(None, SHELL.origin))
