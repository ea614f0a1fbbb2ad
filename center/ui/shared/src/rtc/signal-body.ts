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
  if (!isRecord(body)) return false
  const { sends, watches, quality } = body
  return [sends, watches].every((slots) => slots === undefined || Array.isArray(slots)) && (quality === undefined || isRecord(quality))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
