import type { AgreementView, ClauseView } from '../../generated/agent'

export type Stage = 'read' | 'objected' | 'sign' | 'photo' | 'signed'

export interface Progress {
  stage: Stage
  /** The clause to be read now, or the first one that was objected to. */
  clause: ClauseView | null
  /** Names that clause of that edition. */
  key: string
}

function markOf(clause: ClauseView, seat: string): boolean | null {
  return clause.marks.find(({ seat_id }) => seat_id === seat)?.agreed ?? null
}

/** Where one party stands with an agreement: reading, waiting for a talk about a clause, signing, asked for a picture. */
export function progress({ edition, clauses, signatures, photos, sealed_at }: AgreementView, seat: string, hidden = false): Progress {
  const at = (stage: Stage, clause: ClauseView | null) => ({ stage, clause, key: `${edition} ${clause?.number ?? ''}` })
  const unread = clauses.find((clause) => markOf(clause, seat) === null)
  if (unread !== undefined) return at('read', unread)
  const objected = clauses.find((clause) => markOf(clause, seat) === false)
  if (objected !== undefined) return at('objected', objected)
  if (!signatures.some(({ seat_id }) => seat_id === seat)) return at('sign', null)
  const answered = photos.some(({ seat_id }) => seat_id === seat)
  return at(answered || hidden || sealed_at !== null ? 'signed' : 'photo', null)
}
