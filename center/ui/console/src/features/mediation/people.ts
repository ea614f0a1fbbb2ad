import type { AgreementView, MediationView, SeatView } from '@jiujin/shared'

export function ownSeat({ seats, you }: MediationView): SeatView {
  const seat = seats.find(({ seat_id }) => seat_id === you)
  if (seat === undefined) throw new Error('this person has no seat')
  return seat
}

export function leads(mediation: MediationView): boolean {
  return ownSeat(mediation).role === 'mediator'
}

/** Those in the room, without the viewer. */
export function othersIn({ seats, you }: MediationView): SeatView[] {
  return seats.filter(({ seat_id, state }) => state === 'admitted' && seat_id !== you)
}

/** How loud somebody is: under an interpreter the original is lowered, not gone. */
export function loudness(listens: boolean, { role }: SeatView): number {
  return listens && role !== 'interpreter' ? 0.2 : 1
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
