"""A call of two bare pages, for what Chromium alone makes of a line."""

from collections.abc import Mapping

from playwright.async_api import Page

BARE = """
window.bare = async (offer) => {
  const peer = (window.__bare = new RTCPeerConnection({bundlePolicy: 'max-bundle'}));
  const media = await navigator.mediaDevices.getUserMedia(
    {audio: true, video: {width: 1280, height: 720, frameRate: 15}});
  const audible = new Audio();
  peer.ontrack = ({track, streams}) => { if (track.kind === 'audio') {
    audible.srcObject = streams[0]; void audible.play(); } };
  if (offer) await peer.setRemoteDescription(offer);
  for (const track of media.getTracks()) peer.addTrack(track, media);
  await peer.setLocalDescription();
  while (peer.iceGatheringState !== 'complete')
    await new Promise((done) => peer.onicegatheringstatechange = done);
  return peer.localDescription.toJSON();
};
"""
"""`bare()` gives an offer, `bare(offer)` the answer to one, candidates inside."""

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


async def connect_bare(caller: Page, callee: Page) -> None:
    """Both pages need a secure origin and `WATCH_PEERS`."""
    for page in (caller, callee):
        await page.evaluate(BARE)
    offer = await caller.evaluate("bare()")
    answer = await callee.evaluate("(offer) => bare(offer)", offer)
    await caller.evaluate("(answer) => window.__bare.setRemoteDescription(answer)", answer)


async def sound_of(page: Page) -> Mapping[str, float]:
    """Samples of sound that were played by now, and those that were made up where one hears it."""
    counters: Mapping[str, float] = await page.evaluate(SOUND)
    return counters


def made_up(before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """The share of the sound between two readings that was made up, 0 to 1."""
    total = after["total"] - before["total"]
    return (after["concealed"] - before["concealed"]) / total if total else 1.0
