import type { Sample } from './sample.ts'
import { smoothed } from './grade.ts'

/** What of the picture goes out: as it comes, a small one, or none so that the sound gets through. */
export type Rung = 'full' | 'small' | 'paused'

/**
 * The rung follows what the other side reports of this side's packets. G.107, Annex B: below R 70
 * many are dissatisfied, so the picture makes room; below R 50 a talk is not worth having, so it
 * goes. Random loss alone does not take it: a small picture costs a voice nothing then.
 */
interface Limit {
  rating: number
  /** Bits per second. */
  available: number
}
const DOWN: Record<Exclude<Rung, 'paused'>, Limit> = {
  full: { rating: 70, available: 250_000 },
  small: { rating: 50, available: 100_000 },
}
const UP_FROM = 80
const DOWN_AFTER_S = 4
/** How long the line must be good before another try, twice as long after each that failed. */
const UP_AFTER_S = 10
const UP_AFTER_MAX_S = 160
/** What a paused picture has left of the estimate says nothing of the line: so long it may take to rise. */
const ESTIMATED_AFTER_S = 6
/** A rung that was reached from below and is left within this time was a failed try. */
const PROVEN_AFTER_S = 30
/** Nobody has reported for so long that nothing is known: the rung stays. */
const STALE_S = 12

export interface Ladder {
  readonly rung: Rung
  /** Smoothed rating of what goes out, and seconds since it was told. */
  readonly rating: number | null
  readonly age: number
  /** Seconds that the line was too bad, or good, for this rung. */
  readonly bad: number
  readonly good: number
  /** Seconds on this rung while it is a try: reached from below, and not yet proven. */
  readonly onTrial: number | null
  readonly upAfter: number
}

export const TOP: Ladder = {
  rung: 'full',
  rating: null,
  age: 0,
  bad: 0,
  good: 0,
  onTrial: null,
  upAfter: UP_AFTER_S,
}

/** The ladder after another sample. */
export function climb(before: Ladder, sample: Sample): Ladder {
  const now = aged(before, sample)
  if (now.bad >= DOWN_AFTER_S && now.rung !== 'paused') return down(now)
  if (now.good >= now.upAfter && now.rung !== 'full') return up(now)
  return now
}

function aged(before: Ladder, { seconds, sentRating, available }: Sample): Ladder {
  const age = before.age + seconds
  const rating = smoothed(before.rating, sentRating, age)
  const told = { ...tried(before, seconds), rating, age: sentRating === null ? age : 0 }
  if (told.age > STALE_S || rating === null) return { ...told, bad: 0, good: 0 }
  const estimated = before.onTrial === null || before.onTrial >= ESTIMATED_AFTER_S
  const bad = isBad(before.rung, rating, estimated ? available : null)
  return {
    ...told,
    bad: bad ? before.bad + seconds : 0,
    good: !bad && rating >= UP_FROM ? before.good + seconds : 0,
  }
}

function tried(before: Ladder, seconds: number): Ladder {
  if (before.onTrial === null) return before
  const onTrial = before.onTrial + seconds
  return onTrial < PROVEN_AFTER_S ? { ...before, onTrial } : { ...before, onTrial: null, upAfter: UP_AFTER_S }
}

function isBad(rung: Rung, rating: number, available: number | null): boolean {
  if (rung === 'paused') return rating < UP_FROM
  return rating < DOWN[rung].rating || (available ?? Infinity) < DOWN[rung].available
}

function down(now: Ladder): Ladder {
  return {
    ...now,
    rung: now.rung === 'full' ? 'small' : 'paused',
    bad: 0,
    good: 0,
    onTrial: null,
    upAfter: now.onTrial !== null ? Math.min(UP_AFTER_MAX_S, 2 * now.upAfter) : now.upAfter,
  }
}

function up(now: Ladder): Ladder {
  return { ...now, rung: now.rung === 'paused' ? 'small' : 'full', bad: 0, good: 0, onTrial: 0 }
}
