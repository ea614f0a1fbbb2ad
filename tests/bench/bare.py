"""The floor of a call: two bare pages in one Chromium, signalling by BroadcastChannel."""

from pathlib import Path

from playwright.async_api import BrowserContext

from tests.bench.pages import serve_folder

FIRST_FRAME = """
(() => {
  const Native = window.RTCPeerConnection;
  window.__first = null;
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener('track', (event) => {
        // The desk's loopback connection carries no sound; the call's stream does. Of the call's
        // pictures the first is the face, and only that counts.
        if (event.track.kind !== 'video' || !event.streams[0] || this.face) return;
        this.face = event.track;
        const video = document.createElement('video');
        video.muted = true;
        video.srcObject = new MediaStream([event.track]);
        video.addEventListener('loadeddata', () => {
          const hears = this.getReceivers().some((r) => r.track.kind === 'audio');
          if (hears && window.__first === null) window.__first = Date.now();
        });
        void video.play();
      });
    }
  };
})();
"""

FOLDER = Path(__file__).parent / "bare_pages"


async def set_up_ms(context: BrowserContext) -> float:
    """Milliseconds from "call" to the first remote frame on both sides, camera already open."""
    async with serve_folder(FOLDER) as origin:
        caller, callee = await context.new_page(), await context.new_page()
        for page, role in ((callee, "callee"), (caller, "caller")):
            await page.goto(f"{origin}/bare.html#{role}")
            await page.wait_for_function("() => window.ready === true")
        begin = await caller.evaluate("window.call()")
        ends = [
            await (await page.wait_for_function("() => window.__first")).json_value()
            for page in (caller, callee)
        ]
        await caller.close()
        await callee.close()
    return float(max(ends) - begin)
