import type { Slot } from './local-tracks.ts'
import type { NegotiationBody } from './negotiation.ts'
import type { PeerReport } from './quality/report.ts'

/**
 * What one page says to another. `sends`: the talk was accepted, and these slots are there to be sent
 * from now on. `watches`: of them only these are wanted; whoever never says it wants all.
 */
export type SignalBody =
  | NegotiationBody
  | { sends: readonly Slot[] }
  | { watches: readonly Slot[] }
  | { quality: PeerReport }
  | { bye: true }

/** The center relays unread, so a broken page may say anything. */
export function makesSense(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false
  return [named(body, 'sends'), named(body, 'watches')].every((slots) => slots === undefined || Array.isArray(slots))
}

function named(body: object, name: string): unknown {
  return (body as Record<string, unknown>)[name]
}
