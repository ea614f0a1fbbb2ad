import { expect, it } from 'vitest'

import { clamp, fitScale, FITTED, rotateRight, zoomAt, zoomStep } from '../src/features/desk/viewport.ts'

const FRAME = { width: 500, height: 700 }
const PAGE = { width: 1000, height: 1400 }

it('steps through zooms and stops at the ends', () => {
  let view = FITTED
  const seen: number[] = []
  for (let step = 0; step < 10; step += 1) seen.push((view = zoomStep(view, 1)).zoom)
  expect(seen).toEqual([1.25, 1.5, 2, 2.5, 3, 4, 6, 8, 8, 8])
  expect(zoomStep(FITTED, -1)).toEqual(FITTED)
})

it('zooms about the pointer', () => {
  const view = zoomAt(FITTED, 2, { x: 100, y: -50 })
  expect(view).toMatchObject({ zoom: 2, x: -100, y: 50 })
  expect(zoomAt(view, 1, { x: 100, y: -50 })).toMatchObject(FITTED)
})

it('turns clockwise, back to where it was after four turns, keeping the middle', () => {
  const view = { zoom: 2, rotation: 0, x: 30, y: 10 }
  expect(rotateRight(view)).toEqual({ zoom: 2, rotation: 90, x: -10, y: 30 })
  expect(rotateRight(rotateRight(rotateRight(rotateRight(view))))).toEqual(view)
})

it('fits the page as it is turned', () => {
  expect(fitScale(FRAME, PAGE, 0)).toBe(0.5)
  expect(fitScale(FRAME, PAGE, 90)).toBeCloseTo(500 / 1400)
})

it('never lets the page leave the frame', () => {
  expect(clamp({ ...FITTED, x: 90, y: -90 }, FRAME, PAGE)).toEqual(FITTED)
  expect(clamp({ zoom: 2, rotation: 0, x: 900, y: -900 }, FRAME, PAGE)).toMatchObject({ x: 250, y: -350 })
})
