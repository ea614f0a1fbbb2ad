export interface BackoffRules {
  baseMs: number
  capMs: number
}

/**
 * Exponential backoff with full jitter: uniform between 0 and min(cap, base · 2^attempt), so that
 * thirteen clients of a restarted center do not come back in step.
 */
export function backoffMs(attempt: number, rules: BackoffRules, random = Math.random): number {
  return random() * Math.min(rules.capMs, rules.baseMs * 2 ** Math.min(attempt, 20))
}
