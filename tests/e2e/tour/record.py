"""What the tour leaves behind: a log of steps with their times, screenshots, files."""

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import cv2
import numpy as np
from playwright.async_api import Page

ROOT = Path(__file__).parents[3]
OUT = ROOT / "build" / "tour"

# The last one is what the tour goes on in.
KIOSK_LANGUAGES = ("ko", "en", "zh")
STAFF_LANGUAGES = ("en", "zh")


class Record:
    """Prints each step with its time and keeps pictures of each screen.

    With `JIUJIN_SCREENS=FOLDER` every screen is taken in each of its languages, and the pictures in
    that folder are renewed: `kiosk-NAME-LANGUAGE.webp`, `console-NAME-LANGUAGE.webp` and so on.
    """

    def __init__(self) -> None:
        OUT.mkdir(parents=True, exist_ok=True)
        for old in OUT.glob("*.*"):
            old.unlink()
        screens = os.environ.get("JIUJIN_SCREENS")
        self._screens = ROOT / screens if screens else None
        self._begin = self._last = time.monotonic()
        self._lines: list[str] = []

    def step(self, text: str) -> None:
        """Say that something is done, with the time it took."""
        now = time.monotonic()
        line = f"{now - self._begin:7.2f} s  +{now - self._last:6.2f} s  {text}"
        self._last = now
        self._lines.append(line)
        print(line, flush=True)
        (OUT / "tour.log").write_text("\n".join(self._lines) + "\n", encoding="utf-8")

    async def kiosk(self, page: Page, name: str) -> None:
        """Picture of a kiosk screen; in every language when the documentation is renewed."""
        if self._screens is None:
            await self._shoot(page, f"kiosk-{name}-zh")
            return
        for language in KIOSK_LANGUAGES:
            await page.get_by_test_id(f"lang-{language}").click()
            await _until_spoken(page, language)
            await self._shoot(page, f"kiosk-{name}-{language}")

    async def staff(self, page: Page, name: str) -> None:
        """Picture of a console or admin screen; in both languages for the documentation."""
        if self._screens is None:
            await self._shoot(page, f"{name}-zh")
            return
        for language in STAFF_LANGUAGES:
            if not (await page.evaluate("document.documentElement.lang")).startswith(language):
                await page.get_by_test_id("locale").click()
            await _until_spoken(page, language)
            await self._shoot(page, f"{name}-{language}")

    @asynccontextmanager
    async def failure(self, **pages: Page) -> AsyncIterator[None]:
        """When the body fails, leave a picture of what each page showed."""
        try:
            yield
        except BaseException:
            for name, page in pages.items():
                (OUT / f"failed-{name}.png").write_bytes(await page.screenshot())
            raise

    async def _shoot(self, page: Page, name: str) -> None:
        png = await page.screenshot(animations="disabled")
        (OUT / f"{name}.png").write_bytes(png)
        if self._screens is not None:
            self._screens.mkdir(parents=True, exist_ok=True)
            picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
            assert picture is not None
            half = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
            cv2.imwrite(str(self._screens / f"{name}.webp"), half, [cv2.IMWRITE_WEBP_QUALITY, 80])


async def _until_spoken(page: Page, language: str) -> None:
    await page.wait_for_function("l => document.documentElement.lang.startsWith(l)", arg=language)
