import { type AgreementView, type MediationView, ownSeat, type SeatView } from '@jiujin/shared'

export function leads(mediation: MediationView): boolean {
  return ownSeat(mediation).role === 'mediator'
}

/** Whether the mediator may conclude: every party has signed what lies before them. */
export function sealable({ agreement, seats }: MediationView): boolean {
  if (agreement === null || agreement.sealed_at !== null) return false
  const parties = seats.filter(({ role }) => role === 'party')
  return parties.length > 0 && parties.every(({ seat_id }) => signedBy(agreement, seat_id))
}

export function signedBy({ signatures }: AgreementView, seat: string): boolean {
  return signatures.some(({ seat_id }) => seat_id === seat)
}

/** What a signer answered to being photographed; null for who is not asked (any more). */
export function photoOf(agreement: AgreementView | null, { seat_id, name, protection }: SeatView) {
  if (agreement === null || !signedBy(agreement, seat_id)) return null
  const answer = agreement.photos.find((photo) => photo.seat_id === seat_id)
  if (answer !== undefined) return { seat_id, name, photo: answer.taken ? 'taken' : 'refused' } as const
  const asked = agreement.sealed_at === null && protection === 'none'
  return asked ? ({ seat_id, name, photo: 'asked' } as const) : null
}
