import type { QualityMoment } from '../generated/center'

/** Size of the drawing, in its own units. */
export const WIDTH = 500
export const HEIGHT = 90
const WORST = 1
const BEST = 4.5
/** Two points further apart than so many usual steps are not joined: nothing was measured between. */
const GAP_STEPS = 3

/** Begin and end, ms since the epoch. */
export interface Span {
  from: number
  to: number
}

/** Of all curves; null without any point. */
export function spanOf(curves: QualityMoment[][]): Span | null {
  const moments = curves.flat().map(({ at }) => Date.parse(at))
  return moments.length === 0 ? null : { from: Math.min(...moments), to: Math.max(...moments) }
}

/** Where an opinion stands, from the top. */
export function heightOf(mos: number): number {
  return round(HEIGHT * (1 - (mos - WORST) / (BEST - WORST)))
}

/** An SVG path through the opinions; it breaks where no sound came or nothing was measured. */
export function pathOf(curve: QualityMoment[], { from, to }: Span): string {
  const times = curve.map(({ at }) => Date.parse(at))
  const longest = GAP_STEPS * Math.max(1, usualStep(times))
  return curve
    .map(({ mos }, index) => {
      if (mos === null) return ''
      const [time = 0, before = -Infinity] = [times[index], times[index - 1]]
      const joined = (curve[index - 1]?.mos ?? null) !== null && time - before <= longest
      const x = round((WIDTH * (time - from)) / Math.max(1, to - from))
      return `${joined ? 'L' : 'M'}${x} ${heightOf(mos)}`
    })
    .join('')
}

function usualStep(times: number[]): number {
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? time))
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0
}

function round(value: number): number {
  return Math.round(10 * value) / 10
}
