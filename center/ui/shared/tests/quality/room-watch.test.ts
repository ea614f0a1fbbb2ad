import { expect, it } from 'vitest'

import { PRESUMED } from '../../src/rtc/quality/report.ts'
import { NOTHING_KNOWN, ofPerson, RoomWatch, type RoomQuality } from '../../src/rtc/quality/room-watch.ts'
import type { Rung } from '../../src/rtc/quality/ladder.ts'
import type { WatchedLink } from '../../src/rtc/quality/watch.ts'
import { FakeTimers, settle } from '../fakes.ts'

/** Sound and a face flow on it; the far end reports this share of its packets lost. */
class FakeLink implements WatchedLink {
  readonly expects = null
  readonly limits: Rung[] = []
  private at = 0

  constructor(private readonly lost: number) {}

  readonly connection = {
    connectionState: 'connected',
    getStats: () => {
      this.at += 500
      const count = this.at / 20
      const inbound = { type: 'inbound-rtp', timestamp: this.at, packetsReceived: count }
      return Promise.resolve(
        new Map<string, object>([
          ['a', { ...inbound, kind: 'audio', trackIdentifier: 'voice', totalSamplesReceived: 960 * count, totalAudioEnergy: count }],
          ['v', { ...inbound, kind: 'video', trackIdentifier: 'face', framesDecoded: count }],
          ['r', { type: 'remote-inbound-rtp', timestamp: this.at, kind: 'audio', fractionLost: this.lost, roundTripTimeMeasurements: count, ssrc: 1 }],
        ]),
      )
    },
  } as unknown as RTCPeerConnection

  sender = () => ({ track: { readyState: 'live', enabled: true, muted: false } }) as unknown as RTCRtpSender
  limit = (rung: Rung) => void this.limits.push(rung)
  sendSound = () => undefined
  tell = () => true
}

function room(lost: Record<string, number>) {
  const links = new Map(Object.entries(lost).map(([peer, share]) => [peer, new FakeLink(share)]))
  const timers = new FakeTimers()
  const face = { getVideoTracks: () => [{ id: 'face' }] } as unknown as MediaStream
  const known: { quality: RoomQuality; recorded: string[] } = { quality: NOTHING_KNOWN, recorded: [] }
  const watch = new RoomWatch({
    link: (peer) => links.get(peer),
    face: () => face,
    may: () => true,
    changed: (quality) => (known.quality = quality),
    record: (peer) => known.recorded.push(peer),
    brightness: () => 0.5,
    timers,
  })
  for (const peer of links.keys()) watch.up(peer)
  const seconds = async (count: number) => {
    for (let half = 0; half < 2 * count; half += 1) {
      timers.advance(500)
      await settle()
    }
  }
  return { known, links, watch, seconds }
}

it('climbs down on the weak line alone, and says of itself what the worst line says', async () => {
  const { known, links, seconds } = room({ near: 0, far: 0.4 })
  await seconds(10)
  expect(new Set(links.get('near')?.limits)).toEqual(new Set(['full']))
  expect(links.get('far')?.limits.at(-1)).not.toBe('full')
  expect(known.quality.people['near']?.level).toBe('good')
  expect(known.quality.own?.remark).toMatch(/^picture_(small|paused)$/)
})

it('tells of each person on their own tile', async () => {
  const { known, watch, seconds } = room({ near: 0, far: 0 })
  await seconds(3)
  watch.heard('far', { ...PRESUMED, sound: 'silent' })
  const { near, far } = known.quality.people
  expect([near && ofPerson(near), far && ofPerson(far)]).toEqual([null, 'microphone_silent'])
  expect(known.quality.own?.remark).toBe('good')
  watch.heard('far', { ...PRESUMED, hears: 'nothing' })
  expect(known.quality.own?.remark).toBe('they_hear_nothing')
})

it('forgets who is gone, and keeps a record of each line', async () => {
  const { known, watch, seconds } = room({ near: 0, far: 0 })
  await seconds(5)
  watch.gone('far')
  expect(Object.keys(known.quality.people)).toEqual(['near'])
  watch.stop()
  expect(known.quality).toEqual(NOTHING_KNOWN)
  expect(known.recorded).toEqual(['far', 'near'])
})
