import type { QualityFigures, QualitySeat } from '@jiujin/shared/generated/center'

/** Share of the time in which a line was weak or worse. */
export function weakShare({ weak, sound_only, broken }: QualityFigures): number {
  return weak + sound_only + broken
}

/** Whose seat it is, without a name: the role, and which of several with this role, from 1. */
export function numbered(seats: readonly QualitySeat[]): Map<string, { role: QualitySeat['role']; number: number | null }> {
  const alike = (role: QualitySeat['role']) => seats.filter((seat) => seat.role === role)
  return new Map(
    seats.map((seat) => {
      const peers = alike(seat.role)
      return [seat.seat_id, { role: seat.role, number: peers.length > 1 ? peers.indexOf(seat) + 1 : null }]
    }),
  )
}
