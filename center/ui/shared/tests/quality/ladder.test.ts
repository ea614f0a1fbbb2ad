import { describe, expect, it } from 'vitest'

import { climb, type Ladder, TOP } from '../../src/rtc/quality/ladder.ts'
import type { Sample } from '../../src/rtc/quality/sample.ts'
import { sample } from './samples.ts'

function after(seconds: number, changed: Partial<Sample>, from: Ladder = TOP): Ladder {
  let ladder = from
  for (let second = 0; second < seconds; second += 1) ladder = climb(ladder, sample(changed))
  return ladder
}
const bad = { sentRating: 30 }
const middling = { sentRating: 60 }
const paused = after(30, bad)

describe('the ladder of the picture', () => {
  it.each([
    ['a good line', 60, {}, 'full'],
    ['a fair line', 60, { sentRating: 75 }, 'full'],
    ['a weak line, for a moment', 3, middling, 'full'],
    ['a weak line', 10, middling, 'small'],
    ['a weak line, however long', 300, middling, 'small'],
    ['a thin line', 10, { available: 200_000 }, 'small'],
    ['a line for sound only', 30, bad, 'paused'],
    ['a line too thin for any picture', 30, { available: 60_000 }, 'paused'],
    ['a line that nobody reports on', 60, { sentRating: null, available: 60_000 }, 'full'],
  ])('gives %s', (_line, seconds, changed, rung) => {
    expect(after(seconds, changed).rung).toBe(rung)
  })

  it('comes back by itself, step by step', () => {
    const seen: string[] = []
    let ladder = paused
    for (let second = 0; second < 60; second += 1) {
      ladder = climb(ladder, sample())
      if (seen.at(-1) !== ladder.rung) seen.push(ladder.rung)
    }
    expect(seen).toEqual(['paused', 'small', 'full'])
  })

  it('gives the estimate time to rise after a pause, and no more than that', () => {
    let tried = paused
    while (tried.rung === 'paused') tried = climb(tried, sample({ available: 60_000 }))
    expect(after(9, { available: 60_000 }, tried).rung).toBe('small')
    expect(after(10, { available: 60_000 }, tried).rung).toBe('paused')
    expect(after(60, {}, after(9, { available: 60_000 }, tried)).rung).toBe('full')
  })

  it('waits twice as long after each try that failed, and not longer than a few minutes', () => {
    let ladder = paused
    const waits: number[] = []
    for (let round = 0; round < 7; round += 1) {
      let waited = 0
      for (; ladder.rung === 'paused'; waited += 1) ladder = climb(ladder, sample())
      waits.push(waited)
      ladder = after(20, bad, ladder)
    }
    for (const [index, wait] of waits.slice(1).entries()) expect(wait).toBeGreaterThanOrEqual(waits[index] ?? 0)
    expect(waits[2]).toBeGreaterThan(35)
    expect(waits.at(-1)).toBeLessThan(200)
  })

  it('forgets failed tries once the line has proven good', () => {
    const tried = { ...paused, upAfter: 160 }
    const proven = after(400, {}, tried)
    expect(proven).toMatchObject({ rung: 'full', upAfter: 10 })
  })

  it('stays where it is while nobody reports, however old the news', () => {
    expect(after(100, { sentRating: null }, paused).rung).toBe('paused')
  })
})
