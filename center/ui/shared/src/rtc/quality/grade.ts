import type { Sample } from './sample.ts'

/** How good the line is in one direction, as a word. */
export type Grade = 'good' | 'fair' | 'weak' | 'broken'

/**
 * G.107, Annex B: from R 80 on people are satisfied, below 70 many are not. A line that hovers at a
 * border would change its word each second, so a better word needs a few points more.
 */
const GOOD_FROM = 80
const FAIR_FROM = 70
const MARGIN = 4
/** Time constant of the mean: a single lost packet is no news, four seconds of them are. */
const SMOOTH_S = 4
/** Silence of a line that nothing at all arrives on. */
const BROKEN_AFTER_S = 2

export interface Graded {
  grade: Grade
  /** Smoothed rating; null before the first. */
  rating: number | null
  /** Seconds since the last packet of any kind. */
  quiet: number
}

export const UNGRADED: Graded = { grade: 'good', rating: null, quiet: 0 }

/** The line after another sample of what arrives on it. */
export function regrade(before: Graded, { seconds, packets, rating }: Sample): Graded {
  const quiet = packets > 0 ? 0 : before.quiet + seconds
  const smooth = smoothed(before.rating, rating, seconds)
  if (quiet >= BROKEN_AFTER_S) return { grade: 'broken', rating: smooth, quiet }
  return { grade: smooth === null ? 'good' : gradeOf(smooth, before.grade), rating: smooth, quiet }
}

export function smoothed(before: number | null, now: number | null, seconds: number): number | null {
  if (now === null || before === null) return now ?? before
  return before + (now - before) * (1 - Math.exp(-seconds / SMOOTH_S))
}

function gradeOf(rating: number, before: Grade): Grade {
  const good = before === 'good' ? GOOD_FROM : GOOD_FROM + MARGIN
  const fair = before === 'weak' || before === 'broken' ? FAIR_FROM + MARGIN : FAIR_FROM
  if (rating >= good) return 'good'
  return rating >= fair ? 'fair' : 'weak'
}
