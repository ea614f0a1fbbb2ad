import type { InboundTrack, LinkStats } from '../../src/rtc/stats.ts'
import type { Sample } from '../../src/rtc/quality/sample.ts'

/** A second on a perfect line; what a test is about is named. */
export function sample(changed: Partial<Sample> = {}): Sample {
  return {
    seconds: 1,
    rating: 90,
    sentRating: 90,
    sentSoundLoss: 0,
    loss: 0,
    roundTrip: 0.02,
    jitter: 0,
    received: 500_000,
    sent: 500_000,
    available: 2_000_000,
    packets: 100,
    soundPackets: 50,
    sounded: true,
    microphoneSounded: true,
    frames: 25,
    freezes: 0,
    frozen: 0,
    ...changed,
  }
}

export function track(changed: Partial<InboundTrack> = {}): InboundTrack {
  return {
    trackId: 'sound',
    kind: 'audio',
    packetsReceived: 0,
    packetsLost: 0,
    bytes: 0,
    jitter: 0,
    buffered: 0,
    emitted: 0,
    framesDecoded: 0,
    width: 0,
    height: 0,
    freezes: 0,
    frozen: 0,
    audioLevel: 0,
    audioEnergy: 0,
    samples: 0,
    concealed: 0,
    ...changed,
  }
}

export function stats(at: number, changed: Partial<LinkStats> = {}): LinkStats {
  return {
    at,
    inbound: [],
    remote: [],
    bytesSent: 0,
    microphoneEnergy: null,
    roundTrip: null,
    available: null,
    ...changed,
  }
}
