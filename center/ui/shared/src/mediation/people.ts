import type { MediationView, SeatView } from '../generated/center'

/** The seat of whoever looks. */
export function ownSeat({ seats, you }: Pick<MediationView, 'seats' | 'you'>): SeatView {
  const seat = seats.find(({ seat_id }) => seat_id === you)
  if (seat === undefined) throw new Error('whoever looks has no seat')
  return seat
}

/** Those in the room, the mediator first, without the viewer. */
export function othersIn({ seats, you }: Pick<MediationView, 'seats' | 'you'>): SeatView[] {
  const inside = seats.filter(({ seat_id, state }) => state === 'admitted' && seat_id !== you)
  return inside.sort((a, b) => Number(b.role === 'mediator') - Number(a.role === 'mediator'))
}

/** How loud somebody is: under an interpreter the original is lowered, not gone. */
export function loudness(listens: boolean, role: SeatView['role']): number {
  return listens && role !== 'interpreter' ? 0.2 : 1
}
