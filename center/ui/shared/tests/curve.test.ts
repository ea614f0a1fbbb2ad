import { expect, it } from 'vitest'

import type { QualityMoment } from '../src/generated/center'

import { heightOf, pathOf, spanOf } from '../src/line-record/curve.ts'

const BEGIN = Date.parse('2026-11-22T08:00:00Z')
const at = (second: number, mos: number | null): QualityMoment => ({
  at: new Date(BEGIN + 1000 * second).toISOString(), mos, loss: 0, round_trip_ms: 20, level: 'good',
})

it('spans all curves, and nothing when there are none', () => {
  expect(spanOf([[at(4, 4)], [at(2, 4), at(8, 4)]])).toEqual({ from: BEGIN + 2000, to: BEGIN + 8000 })
  expect(spanOf([[], []])).toBeNull()
})

it('puts the best opinion at the top and the worst at the bottom', () => {
  expect([heightOf(4.5), heightOf(1)]).toEqual([0, 90])
})

it('breaks where no sound came, and where nothing was measured', () => {
  const span = { from: BEGIN, to: BEGIN + 20_000 }
  const curve = [at(0, 4.5), at(2, 1), at(4, null), at(6, 4.5), at(8, 4.5), at(20, 4.5)]
  expect(pathOf(curve, span)).toBe('M0 0L50 90M150 0L200 0M500 0')
})
