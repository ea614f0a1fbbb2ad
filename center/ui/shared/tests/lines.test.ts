import { expect, it } from 'vitest'

import type { QualityFigures, QualitySeat } from '../src/generated/center'
import { ENGINE, linesOf } from '../src/line-record/lines.ts'

const figures = (mos: number | null): QualityFigures => ({
  seconds: 60, mos, worst_mos: mos, loss: 0, worst_loss: 0, round_trip_ms: 40, worst_round_trip_ms: 90,
  freezes: 0, frozen_s: 0, good: 1, fair: 0, weak: 0, sound_only: 0, broken: 0,
})

function seat(seat_id: string, lines: [string, number | null][]): QualitySeat {
  return {
    seat_id, role: 'party', curve: [], figures: lines.length > 0 ? figures(4) : null,
    lines: lines.map(([towards, mos]) => ({ towards, figures: figures(mos) })),
  }
}

it('names whom each seat received worst, where it received several', () => {
  const seats = [seat('a', [['b', 4.1], ['c', 2.3], ['d', null]]), seat('b', [[ENGINE, 4.2]]), seat('c', [['a', 3], ['d', null]])]
  const lines = linesOf(seats, (id) => id.toUpperCase())
  expect(lines.map(({ label, weakest }) => [label, weakest])).toEqual([['A', { label: 'C', mos: 2.3 }], ['B', null], ['C', null]])
})

it('has no line of a seat that measured nothing', () => {
  expect(linesOf([seat('a', [])], (id) => id)).toEqual([])
})
