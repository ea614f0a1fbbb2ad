/** A part on the common scale of a recording, seconds. */
export interface Span {
  since_s: number
  until_s: number
}

/** Beyond this two parts are heard apart; players are put right, seconds. */
export const APART_S = 0.08

export function lengthOf(parts: readonly Span[]): number {
  return Math.max(0, ...parts.map(({ until_s }) => until_s))
}

export function covers({ since_s, until_s }: Span, at: number): boolean {
  return at >= since_s && at < until_s
}

/** Where a part's player has to go to be in step, or null when it is. */
export function correction(at: number, present: number): number | null {
  return Math.abs(present - at) > APART_S ? at : null
}
