"""What is heard of a call: sound that came, and sound that Chromium made up in its place."""

from collections.abc import Mapping

from playwright.async_api import Page

SOUND = """
async () => {
  const sound = {total: 0, concealed: 0};
  for (const peer of window.__peers) {
    if (peer.connectionState !== 'connected') continue;
    (await peer.getStats()).forEach((s) => {
      if (s.type !== 'inbound-rtp' || s.kind !== 'audio') return;
      sound.total += s.totalSamplesReceived || 0;
      sound.concealed += (s.concealedSamples || 0) - (s.silentConcealedSamples || 0);
    });
  }
  return sound;
}
"""


async def sound_of(page: Page) -> Mapping[str, float]:
    """Samples of sound that were played by now, and those that were made up where one hears it."""
    counters: Mapping[str, float] = await page.evaluate(SOUND)
    return counters


def made_up(before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """The share of the sound between two readings that was made up, 0 to 1."""
    total = after["total"] - before["total"]
    return (after["concealed"] - before["concealed"]) / total if total else 1.0
