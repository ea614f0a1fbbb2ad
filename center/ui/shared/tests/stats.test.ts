import { expect, it } from 'vitest'

import { lineQuality, readStats } from '../src/rtc/stats.ts'

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

it('reads tracks, bytes and the round trip of the path in use', async () => {
  const stats = await readStats(
    connection(
      video(10, 1, 1000, 50),
      { type: 'outbound-rtp', timestamp: 50, bytesSent: 700 },
      { type: 'candidate-pair', timestamp: 50, nominated: false, currentRoundTripTime: 9 },
      { type: 'candidate-pair', timestamp: 50, nominated: true, currentRoundTripTime: 0.02 },
    ),
  )
  expect(stats).toMatchObject({ at: 50, bytesSent: 700, roundTrip: 0.02 })
  expect(stats.inbound).toEqual([
    {
      trackId: 't1',
      kind: 'video',
      framesDecoded: 10,
      width: 640,
      height: 360,
      audioLevel: 0,
      packetsReceived: 10,
      packetsLost: 1,
      bytes: 1000,
    },
  ])
})

it('computes loss and bit rates between two readings', async () => {
  const before = await readStats(connection(video(100, 0, 1000, 1000)))
  const now = await readStats(connection(video(190, 10, 126_000, 2000)))
  expect(lineQuality(before, now)).toEqual({ loss: 0.1, received: 1_000_000, sent: 0 })
  expect(lineQuality(now, before)).toMatchObject({ loss: 0 })
})
