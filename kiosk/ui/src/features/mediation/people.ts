import type { KioskState, MediationView, SeatView } from '../../generated/agent'
import type { Translate } from '../../i18n'

/** Whoever is at this kiosk, and the others in the room. */
export function ownSeat({ seats, you }: MediationView): SeatView {
  const seat = seats.find(({ seat_id }) => seat_id === you)
  if (seat === undefined) throw new Error('nobody here has a seat')
  return seat
}

/** Those in the room, the mediator first. */
export function othersIn({ seats, you }: MediationView): SeatView[] {
  const inside = seats.filter(({ seat_id, state }) => state === 'admitted' && seat_id !== you)
  return inside.sort((a, b) => Number(b.role === 'mediator') - Number(a.role === 'mediator'))
}

/** Whether this kiosk's person was let into the open room. */
export function inRoom({ mediation }: KioskState): boolean {
  return mediation?.state === 'open' && ownSeat(mediation).state === 'admitted'
}

/** A name, or what is known of one who is protected. */
export function nameOf({ name, role }: SeatView, t: Translate): string {
  return name || t(`mediation.role.${role}`)
}

/** How loud somebody is: under an interpreter the original is lowered, not gone. */
export function loudness(listens: boolean, role: SeatView['role']): number {
  return listens && role !== 'interpreter' ? 0.2 : 1
}
