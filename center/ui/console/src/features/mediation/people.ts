import { type AgreementView, type MediationView, ownSeat } from '@jiujin/shared'

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
