"""When sound and pictures of the other side arrived, seen from within a page."""

import time

from playwright.async_api import Page

WATCH_FACES = """
(() => {
  const Native = window.RTCPeerConnection;
  window.__faces = [];
  window.__sounds = [];
  const count = (receiver, heard) => setInterval(async () => {
    for (const { type, packetsReceived } of (await receiver.getStats()).values()) {
      if (type !== 'inbound-rtp' || packetsReceived === heard) continue;
      heard = packetsReceived;
      window.__sounds.push(Date.now());
    }
  }, 50);
  window.__desks = [];
  const follow = async (track, peer, times) => {
    const frames = new MediaStreamTrackProcessor({track: track.clone()}).readable.getReader();
    for (;;) {
      const {done, value} = await frames.read();
      if (done) return;
      value.close();
      // The desk's loopback connection carries no sound; only the call does.
      if (peer.getReceivers().some((r) => r.track.kind === 'audio')) times.push(Date.now());
    }
  };
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener('track', ({track, streams, receiver}) => {
        if (track.kind === 'audio') count(receiver, 0);
        // Of the call's pictures the first is the face.
        if (track.kind !== 'video' || !streams[0]) return;
        void follow(track, this, this.face ? window.__desks : window.__faces);
        this.face ??= track;
      });
    }
  };
})();
"""
"""`window.__faces`, `__desks` and `__sounds` (to 50 ms): milliseconds since the epoch."""


def now_ms() -> float:
    """The clock of the pages on this machine."""
    return time.time() * 1000


async def first_after(
    page: Page, since_ms: float, seconds: float = 60.0, of: str = "faces"
) -> float:
    """When the first one after `since_ms` arrived, of `faces`, `desks` or `sounds`; waits for it.

    Raises:
        playwright TimeoutError: none came.
    """
    found = await page.wait_for_function(
        f"(since) => window.__{of}?.find((at) => at > since)",
        arg=since_ms,
        timeout=seconds * 1000,
        polling=50,
    )
    return float(await found.json_value())


async def longest_gap_ms(page: Page, since_ms: float) -> float:
    """The longest time without sound from `since_ms` until now."""
    gap = await page.evaluate(
        """(since) => {
          const times = [since, ...window.__sounds.filter((at) => at > since), Date.now()];
          return Math.max(...times.slice(1).map((at, n) => at - times[n]));
        }""",
        since_ms,
    )
    return float(gap)
