import { describe, expect, it } from 'vitest'

import { type Grade, type Graded, regrade, UNGRADED } from '../../src/rtc/quality/grade.ts'
import type { Sample } from '../../src/rtc/quality/sample.ts'
import { seeded } from '../fakes.ts'
import { sample } from './samples.ts'

function grades(samples: Sample[], from: Graded = UNGRADED): Grade[] {
  let graded = from
  return samples.map((one) => (graded = regrade(graded, one)).grade)
}
const times = (count: number, changed: Partial<Sample>) => Array.from({ length: count }, () => sample(changed))

describe('the grade of a line', () => {
  it.each([
    ['good', 85, 'good'],
    ['fair', 75, 'fair'],
    ['weak', 60, 'weak'],
  ])('is %s at a lasting rating of %d', (_word, rating, grade) => {
    expect(grades(times(20, { rating })).at(-1)).toBe(grade)
  })

  it('does not heed one bad second, and follows several', () => {
    const seen = grades([...times(10, { rating: 90 }), sample({ rating: 60 }), ...times(3, { rating: 90 })])
    expect(new Set(seen)).toEqual(new Set(['good']))
    expect(grades([...times(10, { rating: 90 }), ...times(8, { rating: 50 })]).at(-1)).toBe('weak')
  })

  it('keeps its word on a line that hovers at a border', () => {
    const random = seeded(7)
    const hovering = Array.from({ length: 200 }, () => sample({ rating: 70 + 4 * (random() - 0.5) }))
    const seen = grades(hovering).slice(20)
    expect(seen.filter((grade, index) => index > 0 && grade !== seen[index - 1]).length).toBeLessThanOrEqual(1)
  })

  it('is broken when nothing comes for two seconds, and at once no more when something does', () => {
    const nothing = { packets: 0, soundPackets: 0, rating: null }
    expect(grades([sample(), ...times(3, nothing), sample()])).toEqual(['good', 'good', 'broken', 'broken', 'good'])
  })
})
