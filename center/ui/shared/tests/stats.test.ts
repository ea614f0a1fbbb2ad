import { expect, it } from 'vitest'

import { readStats } from '../src/rtc/stats.ts'

function connection(...entries: object[]): RTCPeerConnection {
  const report = new Map(entries.map((entry, index) => [String(index), entry]))
  return { getStats: () => Promise.resolve(report) } as unknown as RTCPeerConnection
}

const video = (packets: number, lost: number, bytes: number, at: number) => ({
  type: 'inbound-rtp',
  timestamp: at,
  kind: 'video',
  trackIdentifier: 't1',
  framesDecoded: packets,
  frameWidth: 640,
  frameHeight: 360,
  packetsReceived: packets,
  packetsLost: lost,
  bytesReceived: bytes,
})

const sound = {
  type: 'inbound-rtp',
  timestamp: 50,
  kind: 'audio',
  trackIdentifier: 't2',
  jitter: 0.01,
  jitterBufferDelay: 2,
  jitterBufferEmittedCount: 40,
  totalAudioEnergy: 0.5,
  totalSamplesReceived: 960,
  concealedSamples: 50,
  silentConcealedSamples: 20,
}

it('reads tracks, reports of the other side, and the path in use', async () => {
  const stats = await readStats(
    connection(
      video(10, 1, 1000, 50),
      sound,
      { type: 'outbound-rtp', timestamp: 50, bytesSent: 700 },
      { type: 'candidate-pair', timestamp: 50, nominated: false, currentRoundTripTime: 9 },
      { type: 'candidate-pair', id: 'old', timestamp: 50, nominated: true, currentRoundTripTime: 7 },
      { type: 'candidate-pair', id: 'new', timestamp: 50, nominated: true, currentRoundTripTime: 0.02, availableOutgoingBitrate: 900_000 },
      { type: 'transport', timestamp: 50, selectedCandidatePairId: 'new' },
      { type: 'remote-inbound-rtp', timestamp: 50, kind: 'audio', fractionLost: 0.1, roundTripTimeMeasurements: 4 },
      { type: 'media-source', timestamp: 50, kind: 'video' },
      { type: 'media-source', timestamp: 50, kind: 'audio', totalAudioEnergy: 0.3 },
    ),
  )
  expect(stats).toMatchObject({ at: 50, bytesSent: 700, roundTrip: 0.02, available: 900_000, microphoneEnergy: 0.3 })
  expect(stats.remote).toEqual([{ kind: 'audio', fractionLost: 0.1, reports: 4 }])
  expect(stats.inbound).toMatchObject([
    { trackId: 't1', kind: 'video', framesDecoded: 10, width: 640, height: 360, packetsReceived: 10, packetsLost: 1, bytes: 1000, concealed: 0 },
    { trackId: 't2', kind: 'audio', concealed: 30, samples: 960, audioEnergy: 0.5, buffered: 2, emitted: 40, jitter: 0.01 },
  ])
})
