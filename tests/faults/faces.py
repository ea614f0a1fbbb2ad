"""When each frame of the other side's face arrived, seen from within a page."""

import time

from playwright.async_api import Page

WATCH_FACES = """
(() => {
  const Native = window.RTCPeerConnection;
  const faces = (window.__faces = []);
  const follow = async (track, peer) => {
    const frames = new MediaStreamTrackProcessor({track: track.clone()}).readable.getReader();
    for (;;) {
      const {done, value} = await frames.read();
      if (done) return;
      value.close();
      // The desk's loopback connection carries no sound; only the call does.
      if (peer.getReceivers().some((r) => r.track.kind === 'audio')) faces.push(Date.now());
    }
  };
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener('track', ({track, streams}) => {
        // Of the call's pictures the first is the face.
        if (track.kind !== 'video' || !streams[0] || this.face) return;
        this.face = track;
        void follow(track, this);
      });
    }
  };
})();
"""
"""`window.__faces`: milliseconds since the epoch."""

SOUND = """
async () => {
  const sums = {total: 0, concealed: 0, silent: 0, events: 0, packets: 0, lost: 0};
  for (const peer of window.__peers) {
    if (peer.connectionState === 'closed') continue;
    (await peer.getStats()).forEach((s) => {
      if (s.type !== 'inbound-rtp' || s.kind !== 'audio') return;
      sums.total += s.totalSamplesReceived || 0;
      sums.concealed += s.concealedSamples || 0;
      sums.silent += s.silentConcealedSamples || 0;
      sums.events += s.concealmentEvents || 0;
      sums.packets += s.packetsReceived || 0;
      sums.lost += s.packetsLost || 0;
    });
  }
  return sums;
}
"""


def now_ms() -> float:
    """The clock of the pages on this machine."""
    return time.time() * 1000


async def first_after(page: Page, since_ms: float, seconds: float = 60.0) -> float:
    """When the first frame after `since_ms` arrived; waits for it.

    Raises:
        playwright TimeoutError: none came.
    """
    found = await page.wait_for_function(
        "(since) => window.__faces?.find((at) => at > since)",
        arg=since_ms,
        timeout=seconds * 1000,
        polling=20,
    )
    return float(await found.json_value())


async def longest_gap_ms(page: Page, since_ms: float) -> float:
    """The longest time without a frame from `since_ms` until now."""
    gap = await page.evaluate(
        """(since) => {
          const times = [since, ...window.__faces.filter((at) => at > since), Date.now()];
          return Math.max(...times.slice(1).map((at, n) => at - times[n]));
        }""",
        since_ms,
    )
    return float(gap)
