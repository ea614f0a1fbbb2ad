import { expect, it } from 'vitest'

import { measure } from '../../src/rtc/quality/sample.ts'
import { stats, track } from './samples.ts'

const face = (changed: object) => track({ trackId: 'face', kind: 'video', ...changed })

it('measures what happened between two readings', () => {
  const before = stats(1000, {
    inbound: [track({ packetsReceived: 100, samples: 48_000 }), face({ packetsReceived: 50, bytes: 1000, framesDecoded: 20 })],
    bytesSent: 1000,
    microphoneEnergy: 1,
  })
  const now = stats(3000, {
    inbound: [
      track({ packetsReceived: 195, packetsLost: 5, samples: 144_000, concealed: 4800, audioEnergy: 0.5, jitter: 0.01 }),
      face({ packetsReceived: 145, packetsLost: 5, bytes: 126_000, framesDecoded: 70, freezes: 1, frozen: 0.4 }),
    ],
    bytesSent: 251_000,
    microphoneEnergy: 1,
    roundTrip: 0.05,
    available: 900_000,
  })
  const found = measure(before, now, 'face')
  expect(found).toMatchObject({ seconds: 2, loss: 0.05, received: 500_000, sent: 1_000_000, available: 900_000 })
  expect(found).toMatchObject({ packets: 190, soundPackets: 95, sounded: true, microphoneSounded: false })
  expect(found).toMatchObject({ frames: 50, freezes: 1, frozen: 0.4, jitter: 0.01, roundTrip: 0.05, sentRating: null })
  expect(found.rating).toBeCloseTo(69, 0)
})

it('has no rating of a sound that did not come', () => {
  const still = track({ packetsReceived: 100 })
  expect(measure(stats(0, { inbound: [still] }), stats(1000, { inbound: [still] }), null).rating).toBeNull()
})

it('rates what goes out by fresh reports only', () => {
  const report = (reports: number, fractionLost: number) => stats(1000, { remote: [{ kind: 'audio' as const, fractionLost, reports }] })
  expect(measure(stats(0), report(1, 0), null).sentRating).toBeCloseTo(91.2, 0)
  expect(measure(report(1, 0), report(2, 0.2), null).sentRating).toBeLessThan(50)
  expect(measure(report(2, 0.2), report(2, 0.2), null)).toMatchObject({ sentRating: null, sentSoundLoss: null })
})

it("counts what is lost of one's own sound, whatever becomes of the picture", () => {
  const remote = [{ kind: 'audio' as const, fractionLost: 0.02, reports: 1 }, { kind: 'video' as const, fractionLost: 0.3, reports: 1 }]
  const found = measure(stats(0), stats(1000, { remote }), null)
  expect(found.sentSoundLoss).toBe(0.02)
  expect(found.sentRating).toBeLessThan(50)
})

it('counts a track that came in between from its begin, and a counter that fell as nothing', () => {
  const found = measure(stats(0), stats(1000, { inbound: [track({ packetsReceived: 50 })] }), null)
  expect(found.soundPackets).toBe(50)
  const fallen = measure(stats(0, { inbound: [track({ packetsReceived: 50 })] }), stats(1000, { inbound: [track()] }), null)
  expect(fallen).toMatchObject({ soundPackets: 0, loss: 0 })
})
