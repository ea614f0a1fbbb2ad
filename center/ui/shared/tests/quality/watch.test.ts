import { expect, it } from 'vitest'

import type { Slot } from '../../src/rtc/local-tracks.ts'
import { meanLuma } from '../../src/rtc/quality/brightness.ts'
import { PRESUMED, type PeerReport } from '../../src/rtc/quality/report.ts'
import type { Batch } from '../../src/rtc/quality/series.ts'
import { type CallQuality, QualityWatch, type QualityWatchOptions, type WatchedLink } from '../../src/rtc/quality/watch.ts'
import { FakeTimers, settle } from '../fakes.ts'

/** A connection whose counters rise by half a second with each reading. */
class FakeLine {
  connectionState = 'connected'
  private at = 0
  private readonly sound = { packetsReceived: 0, totalSamplesReceived: 0, totalAudioEnergy: 0 }
  private readonly picture = { packetsReceived: 0, framesDecoded: 0 }
  flows = { sound: true, picture: true }
  /** What RTCP tells, when it tells. */
  lost: number | null = null

  getStats = () => {
    this.at += 500
    if (this.flows.sound) {
      this.sound.packetsReceived += 25
      this.sound.totalSamplesReceived += 24_000
      this.sound.totalAudioEnergy += 0.1
    }
    if (this.flows.picture) {
      this.picture.packetsReceived += 25
      this.picture.framesDecoded += 12
    }
    const common = { type: 'inbound-rtp', timestamp: this.at }
    const remote = { ...common, type: 'remote-inbound-rtp', kind: 'audio', fractionLost: this.lost, roundTripTimeMeasurements: this.lost === null ? 0 : this.at }
    return Promise.resolve(
      new Map<string, object>([
        ['r', remote],
        ['p', { ...common, type: 'candidate-pair', nominated: true, availableOutgoingBitrate: 1_000_000 }],
        ['a', { ...common, kind: 'audio', trackIdentifier: 'voice', ...this.sound }],
        ['v', { ...common, kind: 'video', trackIdentifier: 'face', ...this.picture }],
      ]),
    )
  }
}

const FACE = { getVideoTracks: () => [{ id: 'face' }] } as unknown as MediaStream
const live = (changed: object = {}) => ({ readyState: 'live', enabled: true, muted: false, ...changed })

function watched(options: Partial<QualityWatchOptions> = {}) {
  const timers = new FakeTimers()
  const seen: { line: FakeLine; heard: boolean; told: PeerReport[]; limits: Set<string>; sound: Set<boolean>; shown: (CallQuality | null)[]; batches: Batch[]; expects: Slot[] | null; tracks: Partial<Record<Slot, object>> } = {
    line: new FakeLine(),
    told: [],
    limits: new Set(),
    sound: new Set(),
    heard: true,
    shown: [],
    batches: [],
    expects: null,
    tracks: { 'face.audio': live(), 'face.video': live() },
  }
  const link: WatchedLink = {
    get connection() {
      return seen.line as unknown as RTCPeerConnection
    },
    sender: (slot) => ({ track: seen.tracks[slot] ?? null }) as unknown as RTCRtpSender,
    get expects() {
      return seen.expects
    },
    limit: (rung) => seen.limits.add(rung),
    sendSound: (twice) => seen.sound.add(twice),
    tell: (report) => {
      if (seen.heard) seen.told.push(report)
      return seen.heard
    },
  }
  const watch = new QualityWatch({
    link: () => link,
    face: () => FACE,
    changed: (quality) => seen.shown.push(quality),
    record: (batch) => seen.batches.push(batch),
    brightness: () => 0.5,
    timers,
    ...options,
  })
  const seconds = async (count: number) => {
    for (let second = 0; second < count; second += 1) {
      for (let half = 0; half < 2; half += 1) {
        timers.advance(500)
        await settle()
      }
    }
  }
  watch.start()
  return { ...seen, seen, watch, seconds, timers }
}

it('says within three seconds that no sound comes, to this side and to the other, and that it is back', async () => {
  const { line, limits, told, shown, seconds } = watched()
  await seconds(5)
  expect(shown.at(-1)).toMatchObject({ level: 'good', remark: 'good' })
  expect(limits).toEqual(new Set(['full']))
  line.flows.sound = false
  await seconds(2)
  expect(told.at(-1)).toMatchObject({ hears: 'nothing' })
  expect(shown.at(-1)?.remark).toBe('you_hear_nothing')
  line.flows.sound = true
  await seconds(1)
  expect(told.map(({ hears }) => hears)).toEqual(['sound', 'nothing', 'sound'])
})

it('has the sound sent twice when the other side reports that it loses some', async () => {
  const { line, sound, seconds } = watched()
  await seconds(5)
  expect([...sound]).toEqual([false])
  line.lost = 0.05
  await seconds(1)
  expect([...sound]).toEqual([false, true])
})

it('says within three seconds that the picture stands', async () => {
  const { line, told, shown, seconds } = watched()
  await seconds(5)
  line.flows.picture = false
  await seconds(3)
  expect([told.at(-1)?.sees, shown.at(-1)?.remark]).toEqual(['frozen', 'picture_frozen'])
})

it('shows what the other side says, and forgets it with the connection', async () => {
  const { watch, seen, shown, told, seconds } = watched()
  await seconds(3)
  watch.heard({ ...PRESUMED, hears: 'nothing' })
  expect(shown.at(-1)?.remark).toBe('they_hear_nothing')
  seen.line = new FakeLine()
  await seconds(3)
  expect(shown.at(-1)?.remark).toBe('good')
  expect(told).toHaveLength(2)
})

it('tells again what did not go out', async () => {
  const { seen, told, seconds } = watched()
  seen.heard = false
  await seconds(3)
  expect(told).toEqual([])
  seen.heard = true
  await seconds(3)
  expect(told).toHaveLength(1)
})

it('keeps what was heard before the first look at a connection', async () => {
  const { watch, shown, seconds } = watched()
  watch.heard({ ...PRESUMED, hears: 'nothing' })
  await seconds(3)
  expect(shown.at(-1)?.remark).toBe('they_hear_nothing')
})

it.each([
  [{ enabled: false }, {}, { sound: 'muted', picture: 'full' }],
  [{ muted: true }, { enabled: false }, { sound: 'silent', picture: 'off' }],
  [{ readyState: 'ended' }, { readyState: 'ended' }, { sound: 'none', picture: 'none' }],
])('tells what it sends', async (sound, picture, report) => {
  const { seen, told, seconds } = watched()
  Object.assign(seen.tracks, { 'face.audio': live(sound), 'face.video': live(picture) })
  await seconds(2)
  expect(told.at(-1)).toMatchObject(report)
})

it('keeps the record in batches of twenty seconds, and hands on the rest at the end', async () => {
  const { watch, batches, shown, seconds, timers } = watched()
  await seconds(31)
  expect(batches.map(({ number, points }) => [number, points.length])).toEqual([[1, 10]])
  watch.stop()
  expect(batches.map(({ number, points }) => [number, points.length])).toEqual([[1, 10], [2, 5]])
  expect(batches[0]?.points[0]).toMatchObject({ loss: 0, level: 'good', frozen_ms: 0 })
  expect(batches[0]?.points[0]?.mos).toBeGreaterThan(4)
  expect(shown.at(-1)).toBeNull()
  expect(timers.waiting).toBe(0)
})

it('does not measure across a time without connection', async () => {
  const { line, batches, watch, seconds } = watched()
  await seconds(5)
  line.connectionState = 'disconnected'
  await seconds(60)
  line.connectionState = 'connected'
  await seconds(5)
  watch.stop()
  expect(batches.flatMap(({ points }) => points)).toHaveLength(4)
})

it('finds how bright a picture is', () => {
  expect(meanLuma(new Uint8ClampedArray([0, 0, 0, 255, 0, 0, 0, 255]))).toBe(0)
  expect(meanLuma(new Uint8ClampedArray([255, 255, 255, 255]))).toBeCloseTo(1)
})

it('misses nothing that the room withholds, in either direction', async () => {
  const { line, seen, shown, told, seconds } = watched({ may: () => false })
  seen.expects = []
  line.flows = { sound: false, picture: false }
  await seconds(5)
  expect(shown.at(-1)).toMatchObject({ level: 'good', remark: 'good' })
  expect(told.at(-1)).toMatchObject({ sound: 'withheld', picture: 'withheld' })
})

it('knows what an engine should bring by what was said to be sent', async () => {
  const { line, seen, shown, seconds } = watched()
  seen.expects = ['face.audio']
  line.flows = { sound: true, picture: false }
  await seconds(5)
  expect(shown.at(-1)?.remark).toBe('good')
  line.flows.sound = false
  await seconds(3)
  expect(shown.at(-1)?.remark).toBe('you_hear_nothing')
})
