import { describe, expect, it } from 'vitest'

import { insure, ONCE, type Redundancy } from '../../src/rtc/quality/redundancy.ts'
import type { Rung } from '../../src/rtc/quality/ladder.ts'
import type { Sample } from '../../src/rtc/quality/sample.ts'
import { sample } from './samples.ts'

function after(seconds: number, changed: Partial<Sample>, from: Redundancy = ONCE, rung: Rung = 'full'): Redundancy {
  let redundancy = from
  for (let second = 0; second < seconds; second += 1) redundancy = insure(redundancy, sample(changed), rung)
  return redundancy
}
const lossy = { sentSoundLoss: 0.05 }
const twice = after(10, lossy)

describe('sound goes out twice', () => {
  it.each([
    ['a good line', {}, false],
    ['a line that loses a packet now and then', { sentSoundLoss: 0.01 }, false],
    ['a lossy line', lossy, true],
    ['a lossy line that has no room', { ...lossy, available: 140_000 }, false],
    ['a lossy line that nobody knows the room of', { ...lossy, available: null }, false],
    ['a line that nobody reports on', { sentSoundLoss: null }, false],
  ])('or not, on %s', (_line, changed, expected) => {
    expect(after(10, changed).twice).toBe(expected)
  })

  it('until the line has been good for a while', () => {
    expect(after(15, {}, twice).twice).toBe(true)
    expect(after(60, {}, twice).twice).toBe(false)
  })

  it('as long as there are losses now and then', () => {
    const middling = after(300, { sentSoundLoss: 0.012 }, twice)
    expect([middling.twice, after(15, {}, middling).twice]).toEqual([true, true])
  })

  it('until there is no room for it any more, and then not before there is plenty', () => {
    expect(after(1, { ...lossy, available: 120_000 }, twice).twice).toBe(true)
    const thin = after(1, { ...lossy, available: 100_000 }, twice)
    expect(thin.twice).toBe(false)
    expect(after(1, { ...lossy, available: 140_000 }, thin).twice).toBe(false)
  })

  it('while the picture makes room, whatever the estimate falls to, unless sound alone is too much', () => {
    const alone = { sentSoundLoss: 0.1, available: 50_000 }
    expect(after(60, alone, twice, 'paused').twice).toBe(true)
    const thin = after(1, { ...lossy, available: 90_000 }, twice)
    expect(after(60, alone, thin, 'paused').twice).toBe(false)
    const crowded = after(10, { ...alone, sentSoundLoss: 0.4 }, twice, 'paused')
    expect([crowded.twice, after(60, alone, crowded, 'paused').twice]).toEqual([false, false])
  })

  it('while nobody says that it got better', () => {
    expect(after(100, { sentSoundLoss: null }, twice).twice).toBe(true)
  })
})
