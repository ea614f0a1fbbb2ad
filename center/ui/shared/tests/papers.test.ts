import { expect, it } from 'vitest'

import { isDrawing, onPage, type PagePoint, thinned } from '../src/papers/geometry.ts'
import { PointerSender } from '../src/papers/pointer-sender.ts'
import { FakeTimers } from './fakes.ts'

const BOX = { left: 100, top: 50, width: 200, height: 400 }

it.each([
  [0, [0.25, 0.1]],
  [90, [0.1, 0.75]],
  [180, [0.75, 0.9]],
  [270, [0.9, 0.25]],
])('names the same place of the page however it is turned (%i°)', (rotation, expected) => {
  const found = onPage(150, 90, BOX, rotation)
  expect(found.map((value) => Number(value.toFixed(6)))).toEqual(expected)
})

it('takes a place beside the page for its edge', () => {
  expect(onPage(0, 9999, BOX, 0)).toEqual([0, 1])
})

it('thins a line to what the wire takes and keeps its ends', () => {
  const line = Array.from({ length: 500 }, (_, n): PagePoint => [n / 499, 0.5])
  const thin = thinned(line)
  expect(thin).toHaveLength(64)
  expect([thin[0], thin.at(-1)]).toEqual([line[0], line.at(-1)])
  expect(thinned(line.slice(0, 3))).toEqual(line.slice(0, 3))
})

it('tells a tap of a shaky hand from a drawing', () => {
  expect(isDrawing([[0.5, 0.5], [0.51, 0.505]])).toBe(false)
  expect(isDrawing([[0.5, 0.5], [0.5, 0.53], [0.5, 0.5]])).toBe(true)
})

it('sends the first place at once and then the newest one each period', () => {
  const timers = new FakeTimers()
  const sent: (PagePoint | null)[] = []
  const sender = new PointerSender((_, at) => sent.push(at), timers)
  for (let n = 1; n <= 4; n += 1) sender.move('p', [n / 10, 0])
  expect(sent).toEqual([[0.1, 0]])
  timers.advance(50)
  expect(sent).toEqual([[0.1, 0], [0.4, 0]])
  sender.move('p', null)
  timers.advance(200)
  expect(sent).toEqual([[0.1, 0], [0.4, 0], null])
  sender.move('p', [0.9, 0])
  expect(sent).toHaveLength(4)
})
