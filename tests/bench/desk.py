"""`python -m tests.bench.desk`: what of the document camera arrives at the other end of a call.

The whole way: picture, aiortc over loopback, the kiosk page, forwarded into a call, received by
another page, drawn to a canvas and read. The floor is the same reader on the picture itself.
"""

import asyncio
import base64
import itertools
import random
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from difflib import SequenceMatcher

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from kiosk.messages import PageHello
from media.letterbox import Picture
from scanner.text.reading import read_text
from tests.e2e.screens.agent import fake_agent
from tests.e2e.screens.states import HOME
from tests.e2e.test_kiosk_call import calling
from tests.support.chromium import Window, chromium, open_window

PIXELS = 13
"""Height of the print, in pixels of the live picture."""

SECONDS = 12.0
SETTLE_S = 8.0
NOISE = 1.5
"""Standard deviation of a document camera's sensor noise at office light, grey levels."""

PICTURES = 6
"""Noisy pictures that take turns: making them anew would take the processor from the call."""

_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
_WORDS = (
    "甲方应当在本协议签订之日起三十日内向乙方支付拖欠的工资",
    "借款人逾期未还的应按照年利率百分之六支付利息直至清偿",
    "双方因房屋租赁合同发生纠纷可以申请人民调解委员会调解",
    "劳动者有权要求用人单位支付未签订书面劳动合同的双倍工资",
)

GRAB = """
async () => {
  for (const peer of window.__peers) {
    for (const { track } of peer.getReceivers()) {
      if (track.kind !== 'video' || peer.connectionState !== 'connected') continue;
      if (!peer.getReceivers().some((other) => other.track.kind === 'audio')) continue;
      const video = document.createElement('video');
      video.muted = true;
      video.srcObject = new MediaStream([track]);
      await video.play();
      if (video.videoWidth !== 1920) continue;
      const canvas = document.createElement('canvas');
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      canvas.getContext('2d').drawImage(video, 0, 0);
      return canvas.toDataURL('image/png').split(',')[1];
    }
  }
  return null;
}
"""
SENT = """
async () => {
  let most = { bytes: 0, frames: 0 };
  for (const peer of window.__peers) {
    if (peer.connectionState !== 'connected') continue;
    (await peer.getStats()).forEach((s) => {
      if (s.type !== 'outbound-rtp' || s.kind !== 'video' || s.frameWidth !== 1920) return;
      most = { bytes: s.bytesSent + s.headerBytesSent, frames: s.framesEncoded };
    });
  }
  return most;
}
"""
"""The forwarded desk, told from the face by its size."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Of the forwarded desk on the line."""

    kbit_s: float
    frames_s: float


def printed() -> tuple[Picture, str]:
    """A white page of 1920 × 1080 pixels with small print, BGR, and what it says."""
    page = Image.new("RGB", (1920, 1080), (250, 249, 246))
    draw, font = ImageDraw.Draw(page), ImageFont.truetype(_FONT, PIXELS)
    choose = random.Random(13)
    lines = ["".join(choose.sample(_WORDS, 3)) for _ in range(10)]
    for row, line in enumerate(lines):
        draw.text((300, 90 + row * 92), line, (28, 26, 30), font)
    return np.asarray(page, np.uint8)[:, :, ::-1].copy(), "".join(lines)


def share(picture: Picture, text: str) -> float:
    """Share of the characters of `text` that are read in `picture`, in their order."""
    lines = read_text(picture, seconds=300).lines
    read = "".join(line.text for line in sorted(lines, key=lambda line: line.quad[0][1]))
    blocks = SequenceMatcher(None, text, read, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(text)


def noisy(page: Picture) -> Callable[[], Picture]:
    """A camera that looks at the page, each picture with noise of its own."""
    rng = np.random.default_rng(1)

    pictures = [
        np.clip(page + rng.normal(0, NOISE, page.shape).round(), 0, 255).astype(np.uint8)
        for _ in range(PICTURES)
    ]
    seen = itertools.cycle(pictures)
    return lambda: next(seen)


def moving(page: Picture) -> Callable[[], Picture]:
    """A hand pushes the page about."""

    def look() -> Picture:
        swing = np.sin(time.monotonic() * 2.0)
        shift = np.array([[1, 0, 90 * swing], [0, 1, 40 * swing]], np.float32)
        pushed = cv2.warpAffine(page, shift, (1920, 1080), borderValue=(86, 108, 128))
        return np.asarray(pushed, np.uint8)

    return look


async def rate(window: Window, seconds: float = SECONDS) -> Rate:
    """What the desk takes of the line over the next `seconds`."""
    before, begin = await window.page.evaluate(SENT), time.monotonic()
    await asyncio.sleep(seconds)
    after, took = await window.page.evaluate(SENT), time.monotonic() - begin
    bits, frames = (after["bytes"] - before["bytes"]) * 8, after["frames"] - before["frames"]
    if bits < 0:
        raise RuntimeError("the call was connected anew while it was measured")
    return Rate(bits / took / 1000, frames / took)


async def received(window: Window) -> Picture:
    """The desk as the other page shows it now, at its full size. Raises RuntimeError."""
    data: str | None = await window.page.evaluate(GRAB)
    if data is None:
        raise RuntimeError("no desk of 1920 pixels arrived")
    picture = cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(picture, np.uint8)


async def measure() -> None:
    page, text = printed()
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(chromium())
        agents = [await stack.enter_async_context(fake_agent(HOME)) for _ in range(2)]
        agents[0].look = lambda: page
        agents[0].other, agents[1].other = agents[1], agents[0]
        windows = [await open_window(browser, agent.url, 1080, 1920) for agent in agents]
        sessions = [await agent.until(PageHello) for agent in agents]
        for me, other in ((0, 1), (1, 0)):
            hello = sessions[other]
            assert isinstance(hello, PageHello)
            state = calling(f"K0{me + 1}", f"K0{other + 1}", hello.page_session, me == 0)
            await agents[me].show(state)
        await windows[1].until_media(videos=2)
        await asyncio.sleep(SETTLE_S)
        still = await rate(windows[0])
        picture = await received(windows[1])
        agents[0].look = noisy(page)
        noise = await rate(windows[0])
        agents[0].look = moving(page)
        moved = await rate(windows[0])
    floor, arrived = share(page, text), share(picture, text)
    print(f"{PIXELS}-pixel print, {len(text)} characters")
    print(f"  read in the picture itself   {floor:7.2%}")
    print(f"  read in what arrived         {arrived:7.2%}  ({arrived / floor:.2%} of the floor)")
    print(
        f"  nothing moves                {still.kbit_s:7.0f} kbit/s  {still.frames_s:.1f} frames/s"
    )
    print(
        f"  nothing moves, sensor noise  {noise.kbit_s:7.0f} kbit/s  {noise.frames_s:.1f} frames/s"
    )
    print(
        f"  the page is pushed about     {moved.kbit_s:7.0f} kbit/s  {moved.frames_s:.1f} frames/s"
    )


if __name__ == "__main__":
    asyncio.run(measure())
