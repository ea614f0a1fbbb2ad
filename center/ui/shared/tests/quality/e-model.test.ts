import { describe, expect, it } from 'vitest'

import { delayImpairment, lossImpairment, meanOpinion, rating } from '../../src/rtc/quality/e-model.ts'

describe('the E-model', () => {
  // By hand from G.107, section 7.4: x is 0, 1, 2 and 3 at 100, 200, 400 and 800 ms.
  it.each([
    [0, 0],
    [100, 0],
    [150, 0.16],
    [200, 3.02],
    [400, 24.07],
    [800, 40.83],
  ])('takes for a delay of %d ms %d points', (ms, points) => {
    expect(delayImpairment(ms)).toBeCloseTo(points, 1)
  })

  it.each([
    [0, 2.03],
    [0.05, 24.22],
    [0.1595, 48.5],
    [1, 82.2],
  ])('takes for a share of %d missing %d points', (share, points) => {
    expect(lossImpairment(share)).toBeCloseTo(points, 1)
  })

  // G.107, table B.1.
  it.each([
    [-5, 1],
    [0, 1],
    [3, 1],
    [50, 2.58],
    [60, 3.1],
    [70, 3.6],
    [80, 4.03],
    [90, 4.34],
    [100, 4.5],
  ])('gives a rating of %d the opinion %d', (r, mos) => {
    expect(meanOpinion(r)).toBeCloseTo(mos, 1)
  })

  it.each([
    ['a perfect line', 0, 0.02, 0.04, 91.2],
    ['loss that is heard', 0.05, 0.02, 0.04, 69],
    ['a far satellite', 0, 0.6, 0.1, 64.2],
    ['nothing left', 0.6, 1, 0.2, 0],
  ])('rates %s', (_line, missing, roundTrip, buffer, r) => {
    expect(rating({ missing, roundTrip, buffer })).toBeCloseTo(r, 0)
  })
})
