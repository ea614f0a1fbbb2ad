import type { UsageRow } from '@jiujin/shared/generated/center'

/** Dissatisfied: ratings of 1 or 2, as the center counts them. */
const DISSATISFIED = 2
/** The service promise: accepted within so many seconds of the request. */
const PROMISE_S = 15
/** A wait after which the center alarms the supervisor, seconds. */
export const LONG_WAIT_S = 300

const ACCEPTED = new Set<UsageRow['state']>(['connecting', 'active', 'interrupted', 'wrap_up', 'closed'])

export type FigureName =
  | 'requested'
  | 'connected'
  | 'prompt'
  | 'mean_wait'
  | 'mean_talk'
  | 'abandoned'
  | 'rating'
  | 'dissatisfied'

interface FigureRule {
  /** Which rows of the day stand behind the figure. */
  behind: (row: UsageRow) => boolean
}

/** The day's figures in reading order; their words stand in the catalogues. */
export const FIGURES: Record<FigureName, FigureRule> = {
  requested: { behind: () => true },
  connected: { behind: (row) => row.talk_s !== null || row.state === 'active' || row.state === 'interrupted' },
  prompt: { behind: (row) => wasAccepted(row) && row.wait_s !== null && row.wait_s <= PROMISE_S },
  mean_wait: { behind: (row) => wasAccepted(row) && row.wait_s !== null },
  mean_talk: { behind: (row) => row.talk_s !== null },
  abandoned: { behind: (row) => row.state === 'left' },
  rating: { behind: (row) => row.rating !== null },
  dissatisfied: { behind: isDissatisfied },
}

export function isDissatisfied(row: UsageRow): boolean {
  return row.rating !== null && row.rating <= DISSATISFIED
}

function wasAccepted(row: UsageRow): boolean {
  return ACCEPTED.has(row.state) && row.lawyer !== null
}

/** How today differs from a normal day; null where the center knows no normal. */
export function against(now: number | null, normal: number | null): number | null {
  return now === null || normal === null || normal === 0 ? null : (now - normal) / normal
}
