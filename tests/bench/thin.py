"""`python -m tests.bench.thin`: what a poor line leaves of a call, beside a bare one on that line.

First our call alone on it, then, with the lawyer's page gone, a connection of two bare pages that
sends the same: sound, face and papers one way, sound and face the other. Sound is counted where it
is heard, papers where they are seen, each time for as long as the desk's papers take to come round:
one that moves costs many times one at rest. The better line comes first, for the ladder remembers a
worse one for a while.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

from scanner.camera import PLAYED_FPS
from scanner.simulated import default_script
from tests.bench.faults import GRACE_S, Row
from tests.faults.scene import RURAL, Scene, scene
from tests.faults.sound import made_up, sound_of
from tests.support.line import Condition

POOR = Condition(rate_bps=400e3, queue_bytes=25_000, delay_s=0.15, loss=0.05)
THIN = Condition(rate_bps=600e3, queue_bytes=37_500, delay_s=0.04, loss=0.01)
SETTLE_S, SECONDS = 10.0, len(default_script(7)) / PLAYED_FPS

TAKE = """() => {
  const tracks = window.__peers.flatMap((peer) => peer.getSenders())
    .map(({track}) => track).filter((track) => track?.readyState === 'live');
  const last = (fits) => tracks.findLast(fits).clone();
  window.__sent = [
    last(({kind}) => kind === 'audio'),
    last(({kind, contentHint}) => kind === 'video' && contentHint !== 'detail'),
    last(({contentHint}) => contentHint === 'detail'),
  ];
  window.__sent[2].contentHint = 'detail';
}"""
BARE = """async (offer) => {
  const peer = (window.__bare = new RTCPeerConnection({bundlePolicy: 'max-bundle'}));
  const sound = new Audio();
  peer.ontrack = ({track}) => {
    const stream = new MediaStream([track]);
    if (track.kind === 'audio') { sound.srcObject = stream; void sound.play(); return; }
    const video = document.body.appendChild(document.createElement('video'));
    Object.assign(video, {srcObject: stream, muted: true});
    void video.play();
  };
  if (offer) await peer.setRemoteDescription(offer);
  const video = {width: {ideal: 1280}, height: {ideal: 720}, frameRate: {ideal: 25}};
  const own = offer && await navigator.mediaDevices.getUserMedia({audio: true, video});
  for (const track of own?.getTracks() ?? window.__sent)
    peer.addTrack(track, new MediaStream([track]));
  await peer.setLocalDescription();
  while (peer.iceGatheringState !== 'complete')
    await new Promise((done) => peer.onicegatheringstatechange = done);
  return peer.localDescription.toJSON();
}"""
PAPERS = """async () => {
  const pictures = [];
  for (const peer of window.__peers) {
    if (peer.connectionState !== 'connected') continue;
    (await peer.getStats()).forEach((s) => {
      if (s.type === 'inbound-rtp' && s.kind === 'video') pictures.push(
        {width: s.frameWidth ?? 0, frames: s.framesDecoded ?? 0});
    });
  }
  return pictures.reduce((a, b) => a.width > b.width ? a : b, {width: 0, frames: 0});
}"""
"""Of the widest picture that comes in: its width in pixels, and its frames so far."""


@dataclass(frozen=True, slots=True)
class Left:
    """What the line left: sound made up, %; papers, frames; their width, pixels."""

    made_up: float
    frames: int
    width: int


async def _papers(page: Page) -> Mapping[str, int]:
    found: Mapping[str, int] = await page.evaluate(PAPERS)
    return found


async def _left(it: Scene, line: Condition) -> Left:
    page = it.console.page
    it.hall.wire.set(line)
    await asyncio.sleep(SETTLE_S)
    sound, papers = await sound_of(page), await _papers(page)
    await asyncio.sleep(SECONDS)
    after = await _papers(page)
    share = 100 * made_up(sound, await sound_of(page))
    it.mend()
    return Left(share, after["frames"] - papers["frames"], after["width"])


async def _bare_instead(it: Scene) -> None:
    """The lawyer's page is an empty one from now on; the kiosk's sends it what it sent before."""
    kiosk, office = it.kiosk.page, it.console.page
    await kiosk.evaluate(TAKE)
    await office.goto(f"{it.city.center_url}/healthz")
    offer = await kiosk.evaluate(BARE)
    answer = await office.evaluate(BARE, offer)
    await kiosk.evaluate("(answer) => window.__bare.setRemoteDescription(answer)", answer)
    await it.console.until_media(videos=2)


async def measure(folder: Path) -> list[Row]:
    """Both lines, ours and bare."""
    async with scene(folder, RURAL, center={"queue__grace_s": str(GRACE_S)}) as it:
        await it.call()
        await it.console.until_media(videos=2)
        ours = [await _left(it, line) for line in (THIN, POOR)]
        await _bare_instead(it)
        bare = [await _left(it, line) for line in (THIN, POOR)]
    print(*zip(("ours, bare",) * 2, ours, bare, strict=True), sep="\n")
    (thin, poor), (floor, worst) = ours, bare
    most = max(1.0, 1.1 * worst.made_up)
    for_one = floor.frames / max(1, thin.frames)
    return [
        Row(
            "5 % loss, 150 ms, 400 kbit/s", "sound made up", poor.made_up, most, "%", worst.made_up
        ),
        Row("1 % loss, 600 kbit/s", "papers: bare pictures for one", for_one, 1 / 0.9, "×"),
    ]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(*asyncio.run(measure(Path(folder))), sep="\n")


if __name__ == "__main__":
    main()
